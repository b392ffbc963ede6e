"""``drivers``: every symbol of a network and every size of its layers, and what it does to the totals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from sympy import Add, Expr, Integer, Symbol

from ...errors import MissingValueError, SizeError, SymcnnError
from ...layer import Layer
from ...profile import ADDED_UP, Leaf, Row
from ...shape import Shape
from ...sizes import as_value, exact_number, resolve, unknown_size
from ..asked import Values, settled
from ..compiled import exactly, test_of, with_numbers
from .driven import Driver, Drivers
from .effect import effect_of, stepped
from .factors import Factor, factors_of, first_possible

TRIED = 4096
"""How many values after the present one are tried where conditions leave some out."""


def drivers(net: Layer, at: Values | None = None, *, of: str | Sequence[str] = ("params", "macs")) -> Drivers:
    """What drives a network's totals: a row for every symbol, and for every size of its layers.

    A size of a layer is varied in all layers of its kind that have the same one, ``Conv2d.kernel_size`` in
    every 3×3 convolution, or, where they cannot all change at once, in one of them, whose path is told. A
    larger filter has as much more padding as keeps the output's size. ``Conv2d × n`` puts each layer there
    ``n`` times, the further ones keeping the size. Each row tells

    * the law: how the total grows in the end, ``none``, ``linear``, ``quadratic``, ..., or that it falls;
    * one more: the exact difference at the next value that is possible;
    * the derivative, and the elasticity: how many per cent more for 1 % more. Where divisions had to be
      relaxed for them, the row says so;
    * +10 %: the relative change for 10 % more.

    Args:
        net: a layer or a network.
        at: values for its symbols; those left out have their published values, where there are some. A
            value may depend on other symbols: ``{W: H}`` for square images.
        of: the totals, of those that are added up over layers.

    Raises:
        MissingValueError: a symbol without a value.
        UnknownNameError: a name that no symbol has, or no such total.
        ConditionError: values that break a condition.
        SizeError: what is no layer.

    >>> import symcnn as sc
    >>> H, W, w, K = sc.dims("H W w K")
    >>> net = sc.Sequential(sc.Conv2d(w, 3, padding=1), sc.MaxPool2d(2), sc.Flatten(), sc.Linear(K), input=(3, H, W))
    >>> for row in sc.drivers(net, {H: 8, W: 8, w: 16, K: 64})[:10]:
    ...     print(row.factor, row.value, row.effects["params"].law, row.effects["params"].increment)
    H 8 linear 0
    K 64 linear 257
    W 8 linear 0
    w 16 linear 1052
    Conv2d.out_channels 16 linear 1052
    Conv2d.kernel_size 3 quadratic 768
    Conv2d.stride 1 falls -12288
    Conv2d.padding 1 quadratic 9216
    Conv2d.dilation 1 falls -7168
    Conv2d × n 1 linear 2320
    """
    if not isinstance(net, Layer):
        raise SizeError(f"drivers takes a layer or a network, got {net!r}; formulas have elasticity")
    names = (of,) if isinstance(of, str) else tuple(of) if isinstance(of, Iterable) else ()
    if not names:
        raise SizeError(f"of takes totals, such as ('params', 'macs'), got {of!r}")
    return _Drivers(net, at, names).found()


class _Drivers:
    """A network with its values put in, and what its sizes do to its totals."""

    def __init__(self, net: Layer, at: Values | None, of: tuple[str, ...]) -> None:
        self._of = of
        published = getattr(net, "defaults", {})
        given = {**published, **resolve(net.symbols, at, {})}
        values = {symbol: as_value(symbol, value) for symbol, value in given.items()}
        ties = settled(net.symbols, {symbol: value for symbol, value in values.items() if value.free_symbols})
        self._net = net.at(ties) if ties else net
        missing = [symbol.name for symbol in self._net.symbols if not _is_number(values.get(symbol))]
        if missing:
            raise MissingValueError(f"a value is missing for {', '.join(missing)}; give it in at")
        self._values = {symbol: values[symbol] for symbol in self._net.symbols}
        self._fixed = self._net.at(self._values)

    def found(self) -> Drivers:
        """A row for each symbol, and then for each size of a layer."""
        rows = [self._symbol(symbol) for symbol in self._net.symbols]
        held = []
        for factor in factors_of(self._fixed):
            row = self._size(factor)
            if row is None:
                held.append(factor.name)
            else:
                rows.append(row)
        totals = {name: exactly(self._fixed.profile.total_of(name), {}) for name in self._of}
        return Drivers(tuple(rows), totals, tuple(held), self._values)

    # Symbols.

    def _symbol(self, symbol: Symbol) -> Driver:
        value = self._values[symbol]
        after = self._next(symbol)
        pairs = tuple((s, v) for s, v in self._values.items() if s != symbol)
        effects = {}
        for name in self._of:
            formula = with_numbers(self._net.profile.total_of(name), pairs)
            now, then = (None if at is None else exactly(formula, {symbol: at}) for at in (value, after))
            effects[name] = effect_of(formula, symbol, value, None if then is None else then - now)
        grown = {name: self._depending(symbol, name) for name in self._of}
        output = self._net.output
        then = None if after is None else output.substituted({**self._values, symbol: after})
        return Driver(str(symbol), value, after, "", effects, grown, (self._fixed.output, then))

    def _next(self, symbol: Symbol) -> Expr | None:
        """The next value that the conditions allow; a multiplier has none."""
        if not symbol.is_integer:
            return None
        test = test_of(self._net.conditions, (symbol,))
        step = 2 if symbol.is_odd else 1
        value = int(self._values[symbol])
        for after in range(value + step, value + step * TRIED, step):
            if test.valid(*(after if s == symbol else exact_number(self._values[s]) for s in test.args)):
                return Integer(after)
        return None

    def _depending(self, symbol: Symbol, name: str) -> tuple[str, ...]:
        leaves = self._net.profile.leaves()
        return tuple(leaf.path for leaf in leaves if symbol in leaf.quantity(name).free_symbols)

    # Sizes of layers.

    def _size(self, factor: Factor) -> Driver | None:
        """The row of a size of some layers; ``None`` where none of them can have another."""
        possible = first_possible(self._fixed, factor)
        if possible is None:
            return None
        chosen, after, varied = possible
        formulas = self._formulas(chosen)
        effects = {}
        for name in self._of:
            now, then = (exactly(net.profile.total_of(name), {}) for net in (self._fixed, varied))
            formula = formulas.get(name)
            known = formula is not None and now != then
            effects[name] = effect_of(formula, formulas[""], factor.value, then - now) if known else stepped(now, then)
        grown = {name: _changed(self._fixed, varied, name) for name in self._of}
        return Driver(
            chosen.name, factor.value, after, chosen.where, effects, grown, _outputs(self._fixed, varied, chosen)
        )

    def _formulas(self, factor: Factor) -> dict[str, Expr]:
        """The totals as formulas of the size, which is under the empty name; none where it cannot be a symbol."""
        if not factor.symbolic:
            return {}
        size = _size_symbol(factor.odd)
        try:
            profile = factor.varied(self._fixed, size).profile
        except SymcnnError:
            return {}
        if any(condition.operator == "==" and size in condition.free_symbols for condition in profile.conditions):
            return {}
        return {"": size, **{name: profile.total_of(name) for name in self._of}}


@cache
def _size_symbol(odd: bool) -> Symbol:
    """What stands for a size that is varied: always the same, so that what SymPy found out of it is known."""
    return unknown_size("size", odd=odd)


def _is_number(value: Expr | None) -> bool:
    return value is not None and not value.free_symbols


def _changed(before: Layer, after: Layer, name: str) -> tuple[str, ...]:
    """The layers whose part in a total is another; those of a repeated layer are under its path."""
    now, then = ({leaf.path: leaf for leaf in net.profile.leaves()} for net in (before, after))
    changed = {p: leaf for p, leaf in now.items() if p not in then or _rows(leaf, name) != _rows(then[p], name)}
    return tuple(path for path, leaf in changed.items() if leaf.quantity(name) != _part(then, path, name))


def _rows(leaf: Leaf, name: str) -> list[Row]:
    return list(leaf.rows(ADDED_UP[name]))


def _part(leaves: dict[str, Leaf], path: str, name: str) -> Expr:
    """The part of a layer, or of all that a layer was made into, in a total."""
    return Add(*(leaf.quantity(name) for p, leaf in leaves.items() if p == path or p.startswith(f"{path}.")))


def _outputs(before: Layer, after: Layer, factor: Factor) -> tuple[Shape, Shape | None]:
    """The output of the first layer that has the size, before and after."""
    path = factor.places[0].path
    found = []
    for net in (before, after):
        leaves = [leaf for leaf in net.profile.leaves() if leaf.path == path or leaf.path.startswith(f"{path}.")]
        found.append(leaves[-1].profile.output if path and leaves else net.output)
    return found[0], found[1]
