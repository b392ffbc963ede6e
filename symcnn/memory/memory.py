"""Memory in bytes, in training and in inference, as closed formulas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sympy import Add, Expr, Integer, Mul

from ..errors import SizeError, SymcnnError, UnknownNameError, nearest
from ..form import collected
from ..profile import Profile
from ..report import Column, Note, Table, Tables
from ..report.tables import Kind
from ..sizes import as_rational, as_size, dims, free_symbols, whole_number
from .peak import peak
from .stored import Kept, kept

OPTIMIZERS = {"sgd": 0, "momentum": 1, "adam": 2, "adamw": 2}
"""How many numbers an optimiser keeps for each weight: none, a velocity, a mean and a square."""

INDEX_BYTES, MASK_BYTES, STATISTIC_BYTES = 8, 1, 4
"""Of one place of a maximum, of one element of a mask, and of a mean or a deviation in single precision."""


RULES = {
    "training": "when the forward pass has ended; gradients of activations and what kernels need are not in it",
    "inference": "one layer after another, in place where a layer says so; a tensor is there until nothing needs it",
}
"""What a total is the total of."""


@dataclass(frozen=True, repr=False)
class Memory(Tables):
    """Bytes, by what they are for: plain SymPy expressions. It shows itself as a table.

    Args:
        weights: trainable weights.
        buffers: what is stored and not trained.
        gradients: one for each weight.
        optimizer: what the optimiser keeps for each weight.
        stored: what the forward pass leaves for the backward pass, or why there can be none: a head
            that training alone runs may not take the input.
        peak_activations: the tensors that are there at once at the most, in inference.
        notes: what the table says below itself.
    """

    weights: Expr
    buffers: Expr
    gradients: Expr
    optimizer: Expr
    stored: Expr | SymcnnError
    peak_activations: Expr
    notes: tuple[Note, ...] = ()

    @property
    def activations(self) -> Expr:
        """What the forward pass leaves for the backward pass.

        Raises:
            SymcnnError: a head that training alone runs cannot take the input.
        """
        if isinstance(self.stored, SymcnnError):
            raise self.stored
        return self.stored

    @property
    def training(self) -> Expr:
        """All that is there when the forward pass of a training step has ended; see ``activations``."""
        return Add(self.weights, self.buffers, self.gradients, self.optimizer, self.activations)

    @property
    def inference(self) -> Expr:
        """Weights, buffers and the tensors at once."""
        return Add(self.weights, self.buffers, self.peak_activations)

    def table(self) -> Table:
        """A row for each part, a column for training and one for inference."""
        refused = self.stored if isinstance(self.stored, SymcnnError) else None
        stored = None if refused else self.activations
        rows = (
            ("weights", self.weights, self.weights),
            ("buffers", self.buffers, self.buffers),
            ("gradients", self.gradients, None),
            ("optimiser slots", self.optimizer, None),
            ("stored activations", stored, None),
            ("activations at once", None, self.peak_activations),
        )
        sums = None if refused else self.training, self.inference
        kind: Kind = "number" if all(total is None or total.is_Integer for total in sums) else "formula"
        names = ("training", "inference")
        columns = (Column("part", "bytes"), *(Column(name, name, kind) for name in names))
        said = (f"{mebibytes(int(total))}, " if total is not None and total.is_Integer else "" for total in sums)
        notes = [Note(name, f"{total}{RULES[name]}") for name, total in zip(names, said, strict=True)]
        if refused:
            notes[0] = Note("training", f"none: {refused}")
        return Table(columns, rows, ("total", *sums), (*notes, *self.notes))

    @property
    def tables(self) -> tuple[Table, ...]:
        """The one table."""
        return (self.table(),)

    def to_json(self) -> str:
        """The table as JSON."""
        return self.table().to_json()

    def to_csv(self) -> str:
        """The table as comma-separated values."""
        return self.table().to_csv()

    def to_records(self) -> list[dict[str, Any]]:
        """A dictionary for each part."""
        return self.table().to_records()


def memory(
    profile: Profile,
    *,
    batch: Any,
    optimizer: Any,
    weight_bytes: Any,
    activation_bytes: Any,
    gradient_bytes: Any,
    optimizer_bytes: Any,
) -> Memory:
    """The memory of a profile; see ``Layer.memory``."""
    inputs = dims("N") if batch is None else as_size(batch, "batch")
    _apart(inputs, profile)
    each = as_rational(weight_bytes, "weight_bytes")
    gradient = each if gradient_bytes is None else as_rational(gradient_bytes, "gradient_bytes")
    slot, element = as_rational(optimizer_bytes, "optimizer_bytes"), as_rational(activation_bytes, "activation_bytes")
    slots = Integer(slots_of(optimizer))
    stored: Expr | SymcnnError
    try:
        stored, conditions = _stored(kept(profile), inputs, element), profile.training_conditions
    except SymcnnError as error:
        stored, conditions = error, profile.conditions
    return Memory(
        weights=_bytes(each, profile.params),
        buffers=_bytes(each, profile.buffers),
        gradients=_bytes(gradient, profile.params),
        optimizer=_bytes(slots * slot, profile.params),
        stored=stored,
        peak_activations=Mul(inputs, element, peak(profile)),
        notes=(
            Note("input", profile.input),
            Note("inputs in a batch", inputs),
            *([Note("conditions", conditions)] if conditions else []),
        ),
    )


def slots_of(optimizer: Any) -> int:
    """How many numbers an optimiser keeps for each weight, from its name or from their number.

    Raises:
        UnknownNameError: another name.
        SizeError: neither a name nor a number.
    """
    if isinstance(optimizer, str):
        if optimizer not in OPTIMIZERS:
            raise UnknownNameError(f"no optimizer is named {optimizer!r}{nearest(optimizer, OPTIMIZERS)}")
        return OPTIMIZERS[optimizer]
    slots = whole_number(optimizer)
    if slots is None or slots < 0:
        raise SizeError(f"optimizer must be a name or how many numbers it keeps for each weight, got {optimizer!r}")
    return slots


def _apart(batch: Expr, profile: Profile) -> None:
    """Refuse a batch that is a size of the network too: ``N*N`` would be taken for the one times the other."""
    taken = {symbol.name for symbol in profile.symbols}
    for symbol in free_symbols([batch]):
        if symbol.name in taken:
            raise SizeError(f"batch {batch} is also a size of the network; give it as batch=, such as batch=dims('B')")


def _bytes(each: Expr, count: Expr) -> Expr:
    return collected({(each, count): 1})


def _stored(left: Kept, inputs: Expr, element: Expr) -> Expr:
    """What is kept, in bytes; what a batch has once does not grow with it."""
    return collected(
        {
            (inputs, element, left.activations): 1,
            (inputs, Integer(INDEX_BYTES), left.indices): 1,
            (inputs, Integer(MASK_BYTES), left.masks): 1,
            (inputs, Integer(STATISTIC_BYTES), left.statistics): 1,
            (Integer(STATISTIC_BYTES), left.batch_statistics): 1,
        }
    )


def mebibytes(amount: int) -> str:
    """Bytes as people say them: 2²⁰ are a MiB.

    >>> mebibytes(102_228_128), mebibytes(1500), mebibytes(3 * 2**30)
    ('97.49 MiB', '1.46 KiB', '3.00 GiB')
    """
    for unit, power in (("GiB", 30), ("MiB", 20), ("KiB", 10)):
        if amount >= 2**power:
            return f"{amount / 2**power:,.2f} {unit}"
    return f"{amount} bytes"
