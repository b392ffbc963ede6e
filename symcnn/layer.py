"""Layers: a layer is a function from an input shape to a profile.

To add one, subclass ``Layer`` as a frozen dataclass: declare the settings as fields with the
functions of ``settings``, and write ``apply(x)``, which states the output shape, the weights, the operations and
the windows as a ``Profile``. Counting, substitution, the general form, reports and the laws of
``symcnn.testing`` follow from that.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self

from sympy import Expr, Symbol

from .errors import ShapeError, SizeError, SymcnnError, UnknownNameError, nearest
from .profile import Profile
from .settings import LEFT_OUT, InputSetting, Setting, code
from .shape import Shape, Shapes, as_shape
from .sizes import (
    Conditions,
    Size,
    as_value,
    canonical,
    check_conditions,
    free_symbols,
    resolve,
    same,
    size_conditions,
    textbook_symbol,
)
from .window import PerAxis, ReceptiveField

if TYPE_CHECKING:
    from .memory import Memory
    from .numeric import CompiledFunction
    from .report import Table
    from .report.diagram import Diagram
    from .report.worked import Steps

AXIS_SYMBOLS = {0: "", 1: "L", 2: "HW", 3: "DHW"}
AXIS_WORDS = {0: (), 1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}


@cache
def settings_of(cls: type[Layer]) -> dict[str, Setting]:
    """The settings that a kind of layer declares, by field name."""
    return {f.name: f.metadata["setting"] for f in fields(cls) if "setting" in f.metadata}


@cache
def _positional(cls: type[Layer]) -> tuple[str, ...]:
    return tuple(f.name for f in fields(cls) if not f.kw_only)


@cache
def _compared(cls: type[Layer]) -> tuple[str, ...]:
    return tuple(f.name for f in fields(cls) if f.compare)


@dataclass(frozen=True, eq=False, repr=False)
class Layer(ABC):
    """A layer: frozen, equal by value, with a ``repr`` that makes it again.

    ``input`` is the shape that the layer's own quantities (``params``, ``output``, ...) are for;
    left out, it is the textbook's ``(C_in, H, W)``. ``on(shape)`` asks about any other.
    """

    input: Shape | None = field(default=None, kw_only=True)

    ranks: ClassVar[tuple[int, ...]] = ()
    """How many axes after the channels the input may have, the usual first; empty for any."""

    takes_several: ClassVar[bool] = False
    """Whether an input may be several shapes by name."""

    def __new__(cls, *args: Any, **settings: Any) -> Self:
        cls.check_call(args, settings)
        return super().__new__(cls)

    @classmethod
    def check_call(cls, args: tuple[Any, ...], settings: Mapping[str, Any]) -> None:
        """Say what a layer takes where Python's own message would not help, as in ``Conv2d(3, 16, 3)``."""
        positional = _positional(cls)
        if len(args) > len(positional):
            takes = f"({', '.join(positional)}) by position" if positional else "its settings by name"
            given = f"{len(args)} value{'s' if len(args) > 1 else ''}: ({', '.join(map(repr, args))})"
            raise SizeError(f"{cls.__name__} takes {takes}, got {given}{cls._from_pytorch(args)}")
        twice = [name for name in positional[: len(args)] if name in settings]
        if twice:
            given = ", ".join([*map(repr, args), *(f"{name}={value!r}" for name, value in settings.items())])
            rest = positional[len(args) - 1 :]  # What PyTorch's call leaves to names, its input's channels in front.
            copied = twice == [rest[0]] and all(name in settings for name in rest)
            hint = cls._from_pytorch((*args, *(settings[name] for name in rest))) if copied else ""
            raise SizeError(f"{cls.__name__} takes {twice[0]} once, got ({given}){hint}")
        listed = sorted(fields(cls), key=lambda f: (f.name == "input", f.kw_only))
        known = [f.name for f in listed if f.init]
        for name in settings:
            if name not in known:
                raise UnknownNameError(f"{cls.__name__} has no setting {name!r}{nearest(name, known)}")

    @classmethod
    def _from_pytorch(cls, args: tuple[Any, ...]) -> str:
        """How a call that was copied from PyTorch, with the input's channels in front, is written here."""
        settings, positional = settings_of(cls), _positional(cls)
        told = [n for n, s in settings.items() if isinstance(s, InputSetting) and n not in positional]
        named = [name for name in settings if name not in positional and name not in told]
        more = args[1 + len(positional) :]
        if not told or len(more) > len(named):
            return ""
        here = [*map(repr, args[1 : 1 + len(positional)])]
        here += [f"{n}={value!r}" for n, value in zip(named, more, strict=False)]
        call, written = ", ".join(map(repr, args)), ", ".join([*here, f"{told[0]}={args[0]!r}"])
        return f"; PyTorch's {cls.__name__}({call}) is {cls.__name__}({written})"

    # Written here once: a dataclass would write both again for every layer, at every start.
    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self._values() == other._values()

    def __hash__(self) -> int:
        return hash((type(self), *self._values()))

    def _values(self) -> tuple[Any, ...]:
        return tuple([getattr(self, name) for name in _compared(type(self))])

    def __getstate__(self) -> dict[str, Any]:
        """The fields alone are copied and pickled; what was computed from them is computed again."""
        return {f.name: getattr(self, f.name) for f in fields(self)}

    def __post_init__(self) -> None:
        try:
            for name, setting in settings_of(type(self)).items():
                value = getattr(self, name)
                if value is not LEFT_OUT:
                    object.__setattr__(self, name, setting.admit(value, name, self.rank))
            if self.input is not None:
                object.__setattr__(self, "input", self.as_input(self.input))
            self.check()
        except SymcnnError as error:
            error.inside(type(self).__name__)
            raise

    def as_input(self, shape: Any) -> Any:
        """An input in the form that the layer takes: one shape."""
        return as_shape(shape)

    @property
    def rank(self) -> int:
        """How many axes a kernel of this layer has."""
        return self.ranks[0] if self.ranks else 0

    @property
    def takes_any(self) -> bool:
        """Whether the layer takes an input with any number of axes."""
        return not self.ranks

    def check(self) -> None:  # noqa: B027 - most layers have nothing to add
        """Refuse settings that are certainly wrong together."""

    # A function from a shape to a profile.

    @abstractmethod
    def apply(self, x: Shape) -> Profile:
        """What the layer does to a shape: its output, weights, operations and windows."""

    def on(self, shape: Any) -> Profile:
        """What the layer does to an input of this shape, ``(channels, *axes)`` without a batch axis.

        Raises:
            ShapeError: an input that the layer cannot take.
            SizeError: an entry that is no size.

        >>> import symcnn as sc
        >>> sc.Conv2d(64, 7, stride=2, padding=3).on((3, 224, 224)).output
        Shape(64, 112, 112)
        """
        x = self.as_input(shape)
        layer = self.opened()
        free_symbols([x, *layer.size_symbols()])  # Refuses two symbols of one name, which would differ silently.
        profile = layer.measure(x)
        conditions = tuple(condition for size in x for condition in size_conditions(size))
        return profile.made_by(layer, conditions) if conditions else profile

    def measure(self, x: Shape) -> Profile:
        """``apply``, with the checks that all layers share; errors say which layer they come from."""
        try:
            self._check_rank(x)
            profile = self.apply(x)
            return profile.made_by(self, self._told_conditions(x) + self._size_conditions())
        except SymcnnError as error:
            error.inside(repr(self))
            raise

    def _check_rank(self, x: Shape) -> None:
        if isinstance(x, Shapes) and not self.takes_several:
            raise ShapeError(f"takes one input, got several: {x}")
        if self.ranks and len(x.axes) not in self.ranks:
            shapes = [f"({', '.join(('channels', *AXIS_WORDS[rank]))})" for rank in self.ranks]
            raise ShapeError(f"takes an input of shape {' or '.join(shapes)}, got {x}")

    def told(self, x: Shape) -> Size:
        """The size of the input that a setting told by the input is about: its channels."""
        return x.channels

    def _told_conditions(self, x: Shape) -> Conditions:
        conditions: Conditions = ()
        for name, setting in settings_of(type(self)).items():
            value = getattr(self, name)
            if isinstance(setting, InputSetting) and value is not LEFT_OUT:
                conditions += same(
                    value,
                    self.told(x),
                    lambda name=name, value=value: f"{name} is {value}, but the input {x} has {self.told(x)}",  # type: ignore[misc]
                    f"{name} is what the input has",
                )
        return conditions

    def _size_conditions(self) -> Conditions:
        conditions: Conditions = ()
        for name, setting in settings_of(type(self)).items():
            for size in setting.sizes(getattr(self, name)):
                conditions += size_conditions(size, setting.minimum) if size.args else ()
        return conditions

    # Its settings.

    def size_symbols(self) -> set[Symbol]:
        """The symbols in its settings; in those of a network's layers too."""
        found = (size for name in settings_of(type(self)) for size in self.sizes_of(name))
        return {symbol for size in found for symbol in size.free_symbols}

    def sizes_of(self, name: str) -> tuple[Size, ...]:
        """The sizes in one of its settings."""
        return tuple(settings_of(type(self))[name].sizes(getattr(self, name)))

    def opened(self) -> Self:
        """The layer with textbook symbols for the sizes that were left out."""
        return self.in_symbols(lambda layer, name: getattr(layer, name) is LEFT_OUT)

    def general(self) -> Self:
        """The layer in its general form: every size a textbook symbol, those that have defaults too.

        >>> import symcnn as sc
        >>> sc.Conv2d().general().params
        C_out*(C_in*k_h*k_w/g + 1)
        >>> sc.MaxPool2d().general().output
        Shape(C, ⌊(H - d_h*k_h + d_h + 2*p_h - 1)/s_h⌋ + 1, ⌊(W - d_w*k_w + d_w + 2*p_w - 1)/s_w⌋ + 1)
        """
        return self.in_symbols(lambda layer, name: True).with_input(None)

    def textbook(self, x: Shape) -> tuple[Profile, dict[Symbol, Expr]]:
        """The textbook's profile, and the value that each of its symbols has on this input.

        Settings that have their defaults, such as a stride of 1, stay out of the formulas.
        """
        opened = self.opened()
        symbolic = opened.in_symbols(lambda layer, name: name in layer._given()).with_input(None)
        return symbolic.on(symbolic.textbook_input(len(x.axes))), opened.values_in(symbolic, x)

    def in_symbols(self, chosen: Callable[[Layer, str], bool], suffix: str = "") -> Self:
        """The layer with textbook symbols for the chosen settings, ``suffix`` behind their names."""
        changed = {}
        for name, setting in settings_of(type(self)).items():
            value = getattr(self, name)
            general = setting.general(value, self.rank, suffix) if chosen(self, name) else value
            if general is not value:
                changed[name] = general
        return replace(self, **changed) if changed else self

    def values_in(self, symbolic: Layer, x: Shape) -> dict[Symbol, Expr]:
        """The value that each symbol of a more general form of this layer has here, on this input."""
        textbook = symbolic.textbook_input(len(x.axes))
        pairs = [*zip(textbook, x, strict=True), *self.paired_sizes(symbolic)]
        return {symbol: value for symbol, value in pairs if symbol.is_Symbol}

    def paired_sizes(self, symbolic: Layer) -> Iterator[tuple[Size, Size]]:
        """The sizes in the settings of a more general form of this layer, each with its value here."""
        for name, setting in settings_of(type(self)).items():
            general, value = getattr(symbolic, name), getattr(self, name)
            if value is not LEFT_OUT:
                value = getattr(self, setting.follows) if value is None and setting.follows else value
                yield from zip(setting.sizes(general), setting.sizes(value), strict=False)

    def with_input(self, shape: Shape | None) -> Self:
        """The same layer for another input."""
        return self if shape == self.input else replace(self, input=shape)

    def textbook_input(self, axes: int | None = None) -> Shape:
        """The textbook's input of this layer: ``(C_in, H, W)``."""
        usual = self.ranks or (2,)
        names = AXIS_SYMBOLS[axes if axes is not None and (axes in self.ranks or not self.ranks) else usual[0]]
        return Shape.of((self._told_symbol(), *(textbook_symbol(name) for name in names)))

    def _told_symbol(self) -> Size:
        for name, setting in settings_of(type(self)).items():
            if isinstance(setting, InputSetting):
                value: Size = getattr(self, name)
                return textbook_symbol(setting.symbol) if value is LEFT_OUT else value
        return textbook_symbol("C")

    # Substitution.

    def at(self, values: Mapping[Any, Any] | None = None, /, **named: Any) -> Self:
        """The same layer with sizes put in, some or all; by symbol or by name.

        Raises:
            UnknownNameError: a name that no symbol of the layer has.
            SizeError: a value that is not a size.
            ConditionError: values that break a condition of the layer.

        >>> import symcnn as sc
        >>> w = sc.dims("w")
        >>> sc.Conv2d(2 * w, 3).at(w=16)
        Conv2d(32, 3)
        """
        opened = self.opened()
        profile = opened.profile
        given = resolve(opened.symbols, values, named)
        sizes = {symbol: as_value(symbol, value) for symbol, value in given.items()}
        check_conditions(profile.conditions, sizes)
        put_in = opened.substituted(sizes)
        shape = profile.input.substituted(sizes)
        return put_in if shape == profile.input else put_in.with_input(shape)

    def substituted(self, values: Mapping[Symbol, Expr]) -> Self:
        """The layer with values put in for symbols in its settings."""

        def change(size: Expr) -> Expr:
            return canonical(size.xreplace(values))

        changed = {
            name: setting.rebuilt(getattr(self, name), change)
            for name, setting in settings_of(type(self)).items()
            if getattr(self, name) is not LEFT_OUT
        }
        return replace(self, **changed) if changed else self

    def map(self, change: Callable[[Layer], Layer]) -> Layer:
        """The layer, or the network with every layer in it, changed by a function.

        >>> import dataclasses, symcnn as sc
        >>> k = sc.dims("k")
        >>> net = sc.Sequential(sc.Conv2d(16, 3), sc.ReLU())
        >>> net.map(lambda l: dataclasses.replace(l, kernel_size=k) if isinstance(l, sc.Conv2d) else l)
        Sequential(Conv2d(16, k), ReLU())
        """
        changed = change(self)
        if not isinstance(changed, Layer):
            raise SizeError(f"map takes a function from a layer to a layer; for {self!r} it gave {changed!r}")
        return changed

    # What a user asks for.

    @cached_property
    def profile(self) -> Profile:
        """What the layer does to its ``input``."""
        return self.on(self.textbook_input() if self.input is None else self.input)

    @property
    def params(self) -> Expr:
        """Trainable weights; see ``Profile.params``."""
        return self.profile.params

    @property
    def buffers(self) -> Expr:
        """Numbers stored and not trained; see ``Profile.buffers``."""
        return self.profile.buffers

    @property
    def macs(self) -> Expr:
        """Multiply-accumulates on one input; see ``Profile.macs``."""
        return self.profile.macs

    @property
    def flops(self) -> Expr:
        """Two for each multiply-accumulate; see ``Profile.flops``."""
        return self.profile.flops

    @property
    def training_macs(self) -> Expr:
        """Multiply-accumulates of the forward and the backward pass; see ``Profile.training_macs``."""
        return self.profile.training_macs

    @property
    def activations(self) -> Expr:
        """Elements of the outputs of all convolutions; see ``Profile.activations``."""
        return self.profile.activations

    @property
    def tensor_elements(self) -> Expr:
        """Elements of all the tensors that are made; see ``Profile.tensor_elements``."""
        return self.profile.tensor_elements

    @property
    def operations(self) -> dict[str, Expr]:
        """How often each kind of operation is done; see ``Profile.operations``."""
        return self.profile.operations

    @property
    def output(self) -> Shape:
        """The output's shape, without a batch axis."""
        return self.profile.output

    @property
    def weights(self) -> dict[str, Shape]:
        """The shape of every trainable weight; see ``Profile.weights``."""
        return self.profile.weights

    @property
    def tensors(self) -> dict[str, Shape]:
        """The shape of every tensor made; see ``Profile.tensors``."""
        return self.profile.tensors

    @property
    def receptive_field(self) -> ReceptiveField:
        """How many input positions an output position depends on; see ``Profile.receptive_field``."""
        return self.profile.receptive_field

    @property
    def total_stride(self) -> PerAxis:
        """How many input positions two neighbouring outputs are apart; see ``Profile.total_stride``."""
        return self.profile.total_stride

    @property
    def offset(self) -> PerAxis:
        """Where the centre of the first output's window lies; see ``Profile.offset``."""
        return self.profile.offset

    @property
    def conditions(self) -> Conditions:
        """What must hold of the sizes; see ``Profile.conditions``."""
        return self.profile.conditions

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """Every symbol in its settings and its input, by name."""
        # A setting may have dropped out of all formulas, as the dilation of a 1×1 kernel does.
        return tuple(free_symbols([*self.profile.symbols, *self.opened().size_symbols()]))

    def function(self, *quantities: str) -> CompiledFunction:
        """One exact, fast function for some quantities, which checks values and conditions.

        Its arguments are the layer's symbols, by name; its result is one value, or a named tuple.

        Raises:
            UnknownNameError: there is no such quantity.

        >>> import symcnn as sc
        >>> w, H, W = sc.dims("w H W")
        >>> f = sc.Sequential(sc.Conv2d(w, 3), input=(3, H, W)).function("params", "macs")
        >>> f(w=32, H=224, W=224)
        Quantities(params=896, macs=42581376)
        """
        from .numeric import as_function

        names = quantities or ("params",)
        exprs = [self.profile.quantity(name) for name in names]
        where = self.profile.training_conditions if "training_macs" in names else self.conditions
        if len(exprs) == 1:
            return as_function(exprs[0], self.symbols, where=where)
        return as_function(exprs, self.symbols, where=where, names=names)

    def memory(
        self,
        *,
        batch: Any = None,
        optimizer: Any = "sgd",
        weight_bytes: Any = 4,
        activation_bytes: Any = 4,
        gradient_bytes: Any = None,
        optimizer_bytes: Any = 4,
    ) -> Memory:
        """Memory in bytes: weights, gradients, optimiser slots, and activations in training and inference.

        Training is counted when the forward pass has ended, with what PyTorch's autograd then keeps:
        tensors that several layers need are one, a maximum's places take 8 bytes, a mask's elements one,
        and means and deviations 4. Inference is counted layer by layer in their order: what a layer takes and
        gives is there at once, with what waits for later layers; what works in place, or is a view,
        takes nothing more. What kernels need for themselves is not counted. The table says under which
        conditions the formulas hold. Padding by two different symbols is taken to be uneven, and a
        kernel that is a symbol to be odd where ``"same"`` pads it.

        Args:
            batch: how many inputs are done at once; left out, the symbol ``N``.
            optimizer: ``"sgd"``, ``"momentum"``, ``"adam"`` or ``"adamw"``, or how many numbers it keeps
                for each weight.
            weight_bytes: the bytes of a weight and of a buffer: 4 in single precision, 2 in half, 1 for
                8-bit integers, ``Rational(1, 2)`` for 4-bit; a symbol too.
            activation_bytes: the bytes of an element of an activation.
            gradient_bytes: the bytes of a weight's gradient; as many as the weight's, left out.
            optimizer_bytes: the bytes of each number that the optimiser keeps.

        Raises:
            SizeError: a batch or bytes that are no such number, a batch that is a size of the network.
            UnknownNameError: another optimiser.
            ShapeError: where a repeated layer of symbolic depth may need most somewhere in the middle.

        >>> import symcnn as sc
        >>> H, W = sc.dims("H W")
        >>> net = sc.Sequential(sc.Conv2d(16, 3, padding=1), sc.ReLU(inplace=True), input=(3, H, W))
        >>> net.memory(optimizer="adam").training, net.memory().inference
        (76*H*N*W + 7168, 76*H*N*W + 1792)
        >>> net.at(H=224, W=224).memory(batch=32, weight_bytes=1, activation_bytes=1).inference
        30507456
        """
        from .memory import memory

        return memory(
            self.profile,
            batch=batch,
            optimizer=optimizer,
            weight_bytes=weight_bytes,
            activation_bytes=activation_bytes,
            gradient_bytes=gradient_bytes,
            optimizer_bytes=optimizer_bytes,
        )

    def summary(self, values: Mapping[Any, Any] | None = None, /, **named: Any) -> Table:
        """A table with a row for each layer; with values, formulas and numbers side by side.

        Raises:
            UnknownNameError: a name that no symbol of the layer has.
            ConditionError: values that break a condition.

        >>> import symcnn as sc
        >>> sc.Sequential(sc.Conv2d(16, 3), sc.ReLU(), input=(3, 8, 8)).summary()
           layer          output      parameters    MACs    share
        ─  ─────────────  ──────────  ──────────  ──────  ───────
        0  Conv2d(16, 3)  16 × 6 × 6         448  15,552  100.0 %
        1  ReLU()         16 × 6 × 6           0       0    0.0 %
        ─  ─────────────  ──────────  ──────────  ──────  ───────
           total                             448  15,552  100.0 %
        <BLANKLINE>
        input: 3 × 8 × 8
        """
        from .report import summarise

        return summarise(self.profile, self.at(values, **named).profile if values or named else None)

    def diagram(self, values: Mapping[Any, Any] | None = None, /, *, depth: int | None = None, **named: Any) -> Diagram:
        """A picture of the layers, with shapes on the arrows; what is repeated stands there once, ``× n``.

        It shows itself in a notebook, is written as SVG, HTML or Mermaid text, and saved by ``save``.

        Args:
            values: values for symbols, by symbol or by name; left out, shapes are formulas.
            depth: so many levels of networks within networks are opened; left out, as many as leave 40 boxes.

        Raises:
            SizeError: a depth that is no number of levels.
            UnknownNameError: a name that no symbol of the layer has.

        >>> import symcnn as sc
        >>> net = sc.Sequential(sc.Conv2d(16, 3), sc.ReLU(), sc.Flatten(), sc.Linear(10), input=(3, 8, 8))
        >>> print(net.diagram())
        flowchart TD
          in0(["input"])
          n0["0–1<br/>Conv2d(16, 3)<br/>ReLU()"]
          n1["2<br/>Flatten()"]
          n2["3<br/>Linear(10)"]
          in0 -->|"3 × 8 × 8"| n0
          n0 -->|"16 × 6 × 6"| n1
          n1 -->|"576"| n2
        """
        from .report.diagram import drawn

        return drawn((self.at(values, **named) if values or named else self).profile, depth)

    def explain(self, what: Any = "params", values: Mapping[Any, Any] | None = None, /, **named: Any) -> Steps:
        """Where a count comes from: the formula, the numbers put in, and every step to the result.

        Args:
            what: ``"params"``, ``"buffers"``, ``"macs"``, ``"flops"``, ``"activations"``,
                ``"tensor_elements"``, ``"output"`` or ``"receptive_field"``.
            values: values for symbols, by symbol or by name.

        Raises:
            UnknownNameError: no such quantity, or one without steps, or a name that no symbol of the layer has.

        >>> import symcnn as sc
        >>> sc.Conv2d(32, 3, in_channels=3).explain()
        parameters = (k_w · k_h · C_in + 1) · C_out
                   = (3 · 3 · 3 + 1) · 32
                   = 28 · 32
                   = 896
        """
        from .report.worked import explained

        if isinstance(what, Mapping):
            what, values = "params", what
        return explained(self.at(values, **named).profile, what)

    # How it shows itself.

    def _given(self) -> dict[str, str]:
        """The settings that differ from their defaults, as Python code."""
        shown = {
            name: setting.shown(getattr(self, name))
            for name, setting in settings_of(type(self)).items()
            if getattr(self, name) is not LEFT_OUT
        }
        return {n: text for n, text in shown.items() if text != repr(settings_of(type(self))[n].default)}

    def __repr__(self) -> str:
        given = self._given()
        words: list[str] = []
        for name in _positional(type(self)):
            if name not in given:
                break
            words.append(given.pop(name))
        words += [f"{name}={text}" for name, text in given.items()]
        if self.input is not None:
            words.append(f"input={input_code(self.input)}")
        return f"{type(self).__name__}({', '.join(words)})"

    def _repr_html_(self) -> str:
        return self.summary().to_html()


def input_code(shape: Shape) -> str:
    """An input shape as Python code."""
    if isinstance(shape, Shapes):
        return f"{{{', '.join(f'{name!r}: {input_code(one)}' for name, one in shape.by_name.items())}}}"
    return f"({', '.join(map(code, shape))}{',' if len(shape) == 1 else ''})"
