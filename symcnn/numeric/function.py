"""Formulas as exact functions: ``evaluate`` for a value, ``as_function`` for a callable."""

from __future__ import annotations

import inspect
import keyword
import re
from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from typing import Any, TypeAlias

from sympy import Expr, Rational, Symbol

from ..errors import ConditionError, MissingValueError, SizeError, UnknownNameError, nearest
from ..sizes import exact_number, free_symbols, require_all, resolve
from .checks import as_conditions
from .forms import Forms, Number
from .graph import Graph
from .guard import Guard
from .inputs import Inputs, is_array, is_foreign
from .source import Writer, compiled
from .special import needed_numbers, specialised
from .vectors import Vectorised

Nested: TypeAlias = "Expr | tuple[Nested, ...]"
TAKES = "a formula is a SymPy expression, or a sequence of them"
MANY = 256
"""From how many points it pays to compile a formula again with some numbers put in."""

LONG = 200
"""From which length a formula is cut short in a repr."""


class _Documentation:
    """A docstring of the class's own, and one for each function that shows its formula."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __get__(self, instance: CompiledFunction | None, owner: type) -> str:
        return self._text if instance is None else instance._described()


class CompiledFunction:
    """An exact function of sizes, made by ``as_function``.

    Called with numbers, by position, by name or in one mapping by symbol or name, it gives an int, or a
    Fraction where the value is not whole; with arrays of integers an array. Values are checked against their symbols'
    assumptions and against ``where``.

    >>> from symcnn import FloorDiv, dims
    >>> from symcnn.numeric import as_function
    >>> H, W = dims("H W")
    >>> f = as_function(FloorDiv(H * W, 2), where=[H >= 4])
    >>> f
    as_function(⌊(H*W)/2⌋, args=(H, W), where=(H >= 4,))
    >>> f(7, W=3), f({H: 7, W: 3}), f.valid(3, 3)
    (10, 10, False)
    >>> f(3, 3)
    Traceback (most recent call last):
    ...
    symcnn.errors.ConditionError: H = 3 breaks the condition H >= 4
    """

    def __init__(
        self, exprs: Nested, args: tuple[Symbol, ...], where: tuple[Any, ...], names: tuple[str, ...] | None
    ) -> None:
        self.exprs = exprs
        self.args = args
        self.where = where
        self.names = names
        self._symbols = [symbol.name for symbol in args]
        forms = Forms(args)
        self._polys = [forms.whole(forms.ratio(leaf)) for leaf in _leaves(exprs)]
        self._guard = Guard(args, where, forms)
        self._atoms = forms.atoms
        self._quantities = Vectorised(forms.atoms, self._polys, self._symbols)
        self._make = _named(names)._make if names else tuple
        self._fast = self._compiled()
        self.__signature__ = _signature(self._symbols)

    def __call__(self, /, *args: Any, **named: Any) -> Any:
        try:
            return self._fast(*args, **named)
        except (TypeError, ZeroDivisionError):
            pass  # The reason is worked out, and said, below.
        return self._slow(*self._bound(args, named))

    def valid(self, /, *args: Any, **named: Any) -> Any:
        """Whether values are allowed and meet ``where``: a bool, or an array of them."""
        return self._guard.mask(self._bound(args, named))

    @property
    def source(self) -> str:
        """The Python source that a call with numbers runs."""
        return self._fast.__doc__ or ""

    def __repr__(self) -> str:
        where = f", where=({', '.join(map(str, self.where))},)" if self.where else ""
        names = f", names={self.names}" if self.names else ""
        args = ", ".join(self._symbols) + ("," if len(self.args) == 1 else "")
        return f"as_function({_cut(str(self.exprs))}, args=({args}){where}{names})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CompiledFunction) and self._parts() == other._parts()

    def __hash__(self) -> int:
        return hash(self._parts())

    def __reduce__(self) -> tuple[Any, ...]:
        return CompiledFunction, self._parts()

    def _parts(self) -> tuple[Any, ...]:
        return self.exprs, self.args, self.where, self.names

    def _described(self) -> str:
        rules = [f"{r.name}: {r.kind}{f', {r.parity_name}' if r.parity is not None else ''}" for r in self._guard.rules]
        where = [f"where {check.text}" for check in self._guard.checks]
        return "\n".join([f"{_cut(str(self.exprs))}, exactly.", "", *rules, *where])

    def _compiled(self) -> Callable[..., Any]:
        """The function for exact numbers: whatever else comes in goes to ``_slow``."""
        graph = Graph(self._atoms)
        leaves = [graph.poly(poly) for poly in self._polys]
        tests = [graph.test(("compare", check.operator, check.poly)) for check in self._guard.checks]
        integers = [rule.integer for rule in self._guard.rules]
        writer = Writer(graph, fractions=not all(integers))
        writer.expect([*leaves, *tests])
        args = [f"a{i}" for i in range(len(self.args))]
        otherwise = f"return slow({', '.join(args)})"
        allowed = [rule.source(arg) for rule, arg in zip(self._guard.rules, args, strict=True)]
        types = ["is int" if integer else "in numbers" for integer in integers]
        exact = [f"type({arg}) {kind}" for arg, kind in zip(args, types, strict=True)]
        for texts in (exact, [text for text in allowed if text]):
            if texts:
                writer.line(f"if not ({' and '.join(texts)}): {otherwise}")
        for test in tests:
            writer.line(f"if not {writer.value(test)}: {otherwise}")
        values = [writer.exact(leaf) for leaf in leaves]
        writer.line(f"return {self._built(values)}")
        return compiled(writer.lines, self._symbols, slow=self._slow, make=self._make)

    def _built(self, values: Sequence[str]) -> str:
        """The source of the result from the source of its leaves."""
        if isinstance(self.exprs, Expr):
            return values[0]
        text = _as_text(_filled(self.exprs, iter(values)))
        return f"make({text})" if self.names else text

    def _result(self, values: Sequence[Any]) -> Any:
        if isinstance(self.exprs, Expr):
            return values[0]
        return self._make(_filled(self.exprs, iter(values)))

    def _bound(self, args: tuple[Any, ...], named: Mapping[str, Any]) -> list[Any]:
        """The values in the order of the arguments."""
        if len(args) > len(self.args):
            takes = f"at most {len(self.args)} values ({', '.join(self._symbols)})" if self.args else "no values"
            raise SizeError(f"the function takes {takes}, got {len(args)}")
        alias = dict(zip(_parameter_names(self._symbols), self._symbols, strict=True))
        listed = {alias.get(name, name): value for name, value in named.items()}
        mapped = len(args) == 1 and isinstance(args[0], Mapping)
        values = resolve(self.args, args[0] if mapped else dict(zip(self.args, args, strict=False)), listed)
        require_all(self.args, values)
        return [values[symbol] for symbol in self.args]

    def _slow(self, *values: Any) -> Any:
        """The result for any values, checked one by one."""
        if len(values) == 1 and isinstance(values[0], Mapping):
            values = tuple(self._bound(values, {}))
        if any(is_foreign(value) for value in values):
            return self._result(self._quantities.foreign(values))
        if any(is_array(value) for value in values):
            return self._result(self._on_arrays(self._guard.arrays(values)))
        numbers = self._guard.numbers(values)
        try:
            return self._result(self._quantities.point(*numbers))
        except ZeroDivisionError:
            listed = ", ".join(f"{name} = {value}" for name, value in zip(self._symbols, numbers, strict=True))
            raise ConditionError(f"the formula divides by zero at {listed}") from None

    def _on_arrays(self, given: Inputs) -> list[Any]:
        return (self._simplified(given) if given.size >= MANY else None) or self._quantities(given)

    def _simplified(self, given: Inputs) -> list[Any] | None:
        """The result in int64 after some numbers are put in, where that helps."""
        scaled, scales = given.scaled()
        fractions = any(type(value) is Fraction for value in given.values)
        loops = any(atom[0] == "loop" for atom in self._atoms)
        if not (scales or fractions or loops):
            return None
        numbers = {s: v for s, v in zip(self.args, given.values, strict=True) if not hasattr(v, "ndim")}
        fixed = needed_numbers(_leaves(self.exprs), numbers)
        # An argument that was put in may have any value now.
        others = [1 if s in fixed else v for s, v in zip(self.args, scaled.values, strict=True)]
        divisors = tuple((self.args[i], scale) for i, scale in scales.items())
        return _specialised(self, tuple(fixed.items()), divisors).in_int64(replace(scaled, values=others))


@lru_cache(maxsize=64)
def _specialised(
    function: CompiledFunction, fixed: tuple[tuple[Symbol, Number], ...], scales: tuple[tuple[Symbol, int], ...]
) -> Vectorised:
    return specialised(_leaves(function.exprs), function.args, dict(fixed), dict(scales))


# A class's docstring is one text for all its instances; a function's own shows its formula, when asked.
CompiledFunction.__doc__ = _Documentation(CompiledFunction.__doc__ or "")  # type: ignore[assignment]


def as_function(
    exprs: Any,
    args: Sequence[Symbol | str] | None = None,
    *,
    where: Any = (),
    names: Sequence[str] | None = None,
) -> CompiledFunction:
    """An exact function of the symbols in one expression, or in a sequence of them.

    It takes ints of any size and integer arrays of any integer dtype, by position (``args`` says in
    which order; by name if it does not) and by name. Array results are int64, or Python integers in
    an object array where int64 cannot hold one of them. A sequence gives a tuple, a sequence within
    it a tuple, and with ``names`` the result is a namedtuple.

    Values are checked: by their symbols' assumptions, and by the conditions and relations in
    ``where``. ``.valid(...)`` tells where they pass. Arrays of libraries other than NumPy that take
    its functions (Dask's, say) stay lazy, and are computed with those libraries' own arithmetic,
    unchecked.

    Raises:
        SizeError: something else than exact expressions and conditions.
        UnknownNameError: a name in ``args`` that no symbol has.
        MissingValueError: symbols that ``args`` leaves out.

    >>> from symcnn import FloorDiv, dims
    >>> from symcnn.numeric import as_function
    >>> H, w = dims("H w")
    >>> f = as_function([9 * w**2 * H**2, (w, FloorDiv(H, 2))], names=["macs", "output"])
    >>> f(H=224, w=10**9)
    Quantities(macs=451584000000000000000000, output=(1000000000, 112))
    >>> import numpy as np
    >>> f(np.array([7, 8]), 1).macs
    array([441, 576])
    """
    nested = _nested(exprs)
    kept = as_conditions(where)
    symbols = free_symbols([*_leaves(nested), *kept])
    return CompiledFunction(nested, _order(args, symbols), kept, _field_names(names, nested))


def evaluate(exprs: Any, values: Mapping[Any, Any] | None = None, /, *, where: Any = (), **named: Any) -> Any:
    """The exact value of an expression, or of each in a sequence, at values given by symbol or by name.

    An int, or a Fraction where the value is not whole; with arrays, an array. A formula is compiled
    the first time and remembered. For many calls ``as_function`` is faster still.

    Raises:
        MissingValueError: a symbol without a value.
        UnknownNameError: a name that no symbol has.
        SizeError: a value that its symbol does not allow.
        ConditionError: values that break a condition of ``where``.

    >>> from symcnn import dims
    >>> from symcnn.numeric import evaluate
    >>> H, w = dims("H w")
    >>> evaluate(w * H**2, {w: 64}, H=224)
    3211264
    >>> evaluate([w / 2, w * H], w=3, H=4)
    (Fraction(3, 2), 12)
    """
    kept = as_conditions(where)
    # Conditions that differ in their reason alone are equal, but their messages are not.
    function = _remembered(_nested(exprs), kept, tuple(getattr(condition, "reason", "") for condition in kept))
    resolved = resolve(function.args, values, named)
    require_all(function.args, resolved)
    return function(*(resolved[symbol] for symbol in function.args))


@lru_cache(maxsize=512)
def _remembered(exprs: Nested, where: tuple[Any, ...], reasons: tuple[str, ...]) -> CompiledFunction:
    return as_function(exprs, where=where)


def _nested(exprs: Any) -> Nested:
    """What was given as expressions and tuples."""
    if isinstance(exprs, Expr):
        return exprs
    if isinstance(exprs, Iterable) and not isinstance(exprs, (str, bytes, Mapping)):
        return tuple(_nested(expr) for expr in exprs)
    number = exact_number(exprs)
    if number is None:
        raise SizeError(f"{TAKES}; got {exprs!r}")
    return Rational(number)


def _leaves(exprs: Nested) -> list[Expr]:
    return [exprs] if isinstance(exprs, Expr) else [leaf for expr in exprs for leaf in _leaves(expr)]


def _filled(exprs: Nested, values: Iterator[Any]) -> Any:
    """The values in the place of the expressions."""
    return next(values) if isinstance(exprs, Expr) else tuple([_filled(expr, values) for expr in exprs])


def _as_text(nested: Any) -> str:
    if isinstance(nested, str):
        return nested
    return f"({''.join(f'{_as_text(part)}, ' for part in nested)})"


def _order(args: Sequence[Symbol | str] | None, symbols: list[Symbol]) -> tuple[Symbol, ...]:
    """The arguments: those asked for, in the order asked for."""
    if args is None:
        return tuple(symbols)
    listed = args.replace(",", " ").split() if isinstance(args, str) else [args] if isinstance(args, Symbol) else args
    by_name = {symbol.name: symbol for symbol in symbols}
    for arg in listed:
        if isinstance(arg, str) and arg not in by_name:
            raise UnknownNameError(f"no size is named {arg!r} here{nearest(arg, by_name)}")
        if not isinstance(arg, (str, Symbol)):
            raise SizeError(f"args lists symbols or names, got {arg!r}")
    ordered = tuple(by_name[arg] if isinstance(arg, str) else arg for arg in listed)
    for symbol in ordered:
        if by_name.get(symbol.name, symbol) != symbol:
            raise SizeError(f"the symbol {symbol} in args is not the formula's own; give it by name")
        if ordered.count(symbol) > 1:
            raise SizeError(f"{symbol} is listed twice in args")
    missing = [symbol.name for symbol in symbols if symbol not in ordered]
    if missing:
        raise MissingValueError(f"args leaves out {', '.join(missing)}")
    return ordered


def _field_names(names: Sequence[str] | None, exprs: Nested) -> tuple[str, ...] | None:
    if names is None:
        return None
    listed = tuple(names.replace(",", " ").split() if isinstance(names, str) else names)
    if isinstance(exprs, Expr) or len(listed) != len(exprs):
        what = "a single formula" if isinstance(exprs, Expr) else f"{len(exprs)} formulas"
        raise SizeError(f"names has one name for each formula of a sequence; got {len(listed)} for {what}")
    _named(listed)
    return listed


@lru_cache(maxsize=256)
def _named(names: tuple[str, ...]) -> Any:
    """The namedtuple of these fields. It pickles by its fields: no module has it as an attribute."""
    for name in names:
        if not name.isidentifier() or keyword.iskeyword(name) or name.startswith("_"):
            raise SizeError(f"names must be names for fields, got {name!r}")
        if names.count(name) > 1:
            raise SizeError(f"names must differ, got {name!r} twice")
    base = namedtuple("Quantities", names)  # type: ignore[misc]
    reduce = {"__slots__": (), "__reduce__": lambda self: (_quantities, (names, tuple(self)))}
    return type("Quantities", (base,), reduce)


def _quantities(names: tuple[str, ...], values: tuple[Any, ...]) -> Any:
    return _named(names)._make(values)


def _signature(names: Sequence[str]) -> inspect.Signature:
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    return inspect.Signature([inspect.Parameter(name, kind) for name in _parameter_names(names)])


def _parameter_names(names: Sequence[str]) -> list[str]:
    """Names as parameters: ``lambda`` as ``lambda_``, ``x_{1}`` as ``x__1_``; taken besides the names."""
    parameters: list[str] = []
    for name in names:
        parameter = name if name.isidentifier() else "_" + re.sub(r"\W", "_", name)
        while keyword.iskeyword(parameter) or parameter in parameters or (parameter != name and parameter in names):
            parameter += "_"
        parameters.append(parameter)
    return parameters


def _cut(text: str) -> str:
    return text if len(text) <= LONG else f"{text[: LONG - 3]}..."
