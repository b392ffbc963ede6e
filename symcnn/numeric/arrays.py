"""Formulas over NumPy arrays: exact, in blocks that stay in the processor's cache.

A plan is made once per kind of call. Its tape lists elementary steps on whole arrays. Steps on
arrays smaller than the result (``H[None, :]`` beside ``w[:, None]``) are done first and once; the
others run block by block, each into a small buffer or into the result itself.

Before anything runs, the bounds of every step are worked out in Python integers. Where a step may
leave int64, or does something that a tape has no step for, ``CannotRun`` says so and the caller
computes point by point with Python integers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING, Any, TypeAlias

from .graph import Graph
from .source import Writer, compiled

if TYPE_CHECKING:
    import numpy as np

    Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]

Bounds: TypeAlias = tuple[int, int]
Index: TypeAlias = tuple[slice, ...]

LIMIT = 2**63 - 1
BLOCK = 16_384
"""How many points a block has: the handful of buffers that a formula needs stay in the L2 cache."""


class CannotRun(Exception):  # noqa: N818
    """A formula, or values, for which whole-array steps in int64 are not exact."""


@dataclass
class Tape:
    """Elementary steps on numbered values: first the arrays, then scalars and steps' results.

    ``masks`` has for each value the axes that it extends along, as bits; 0 is a scalar.
    """

    graph: Graph
    masks: list[int] = field(default_factory=list)
    arrays: dict[int, int] = field(default_factory=dict)
    scalars: dict[int, int] = field(default_factory=dict)
    steps: list[tuple[str, int, int, int]] = field(default_factory=list)
    _done: dict[tuple[str, int, int], int] = field(default_factory=dict)
    _lowered: dict[int, int] = field(default_factory=dict)

    def array(self, arg: int, mask: int) -> None:
        """Enter an argument that is an array."""
        self.arrays[arg] = self._value(mask)

    def lower(self, node: int) -> int:
        """The number of a node's value, after the steps that compute it."""
        for part in self._below(node):  # Operands first: a deep formula would nest calls too deeply.
            self._lowered_once(part)
        return self._lowered_once(node)

    def _below(self, root: int) -> list[int]:
        found: set[int] = set()
        stack = [root]
        while stack:
            node = stack.pop()
            if self.graph.depends[node] and node not in found and node not in self._lowered:
                found.add(node)
                stack.extend(self.graph.operands(node))
        return sorted(node for node in found if not self._is_negated(node))

    def _lowered_once(self, node: int) -> int:
        if node not in self._lowered:
            self._lowered[node] = self._lower(node)
        return self._lowered[node]

    def _lower(self, node: int) -> int:
        kind, *parts = self.graph.nodes[node]
        if not self.graph.depends[node]:
            self.scalars[node] = self._value(0)
            return self.scalars[node]
        if kind == "arg":
            return self.arrays[parts[0]]
        if kind == "add":
            return self._add(parts)
        if kind == "mul":
            return self._multiply(parts)
        if kind == "pow":
            return self._power(self._lowered_once(parts[0]), parts[1])
        if kind in ("min", "max"):
            first, *rest = (self._lowered_once(part) for part in parts)
            for value in rest:
                first = self._step(kind, first, value)
            return first
        if kind == "abs":
            value = self._lowered_once(parts[0])
            return self._step("abs", value, value)
        if kind not in ("floordiv", "mod", "ratio", "power"):
            raise CannotRun(kind)
        n, d = (self._lowered_once(part) for part in parts)
        if kind == "ratio":
            remainder = self._step("mod", n, d)
            self._step("none", remainder, remainder)
            kind = "floordiv"
        return self._step(kind, n, d)

    def _value(self, mask: int) -> int:
        self.masks.append(mask)
        return len(self.masks) - 1

    def _step(self, kind: str, a: int, b: int) -> int:
        if kind in ("add", "multiply", "min", "max") and b < a:
            a, b = b, a
        key = (kind, a, b)
        if key not in self._done:
            self._done[key] = self._value(self.masks[a] | self.masks[b])
            self.steps.append((kind, a, b, self._done[key]))
        return self._done[key]

    def _parted(self, operands: Sequence[int]) -> tuple[list[int], list[int]]:
        """The operands that are scalars and those that are arrays."""
        depends = self.graph.depends
        return [op for op in operands if not depends[op]], [op for op in operands if depends[op]]

    def _smallest_first(self, kind: str, values: Sequence[int], scalar: int | None) -> int:
        """Join values that lie along the same axes, then the scalar, then values along more axes."""
        by_mask: dict[int, list[int]] = {}
        for value in sorted(values, key=lambda v: self.masks[v].bit_count()):
            by_mask.setdefault(self.masks[value], []).append(value)
        joined = scalar
        for first, *rest in by_mask.values():
            for value in rest:
                first = self._step(kind, first, value)
            joined = first if joined is None else self._step(kind, first, joined)
        assert joined is not None  # there is an array among the values, or this were a scalar
        return joined

    def _multiply(self, factors: Sequence[int]) -> int:
        scalars, arrays = self._parted(factors)
        scalar = self._lowered_once(self.graph.multiply(scalars)) if scalars else None
        return self._smallest_first("multiply", [self._lowered_once(factor) for factor in arrays], scalar)

    def _add(self, terms: Sequence[int]) -> int:
        scalars, arrays = self._parted(terms)
        scalar = self._lowered_once(self.graph.add(scalars)) if scalars else None
        positive = [term for term in arrays if not self._is_negated(term)]
        if not positive:
            return self._smallest_first("add", [self._lowered_once(term) for term in arrays], scalar)
        total = self._smallest_first("add", [self._lowered_once(term) for term in positive], scalar)
        for term in arrays:
            if self._is_negated(term):
                total = self._step("subtract", total, self._lowered_once(self.graph.multiply((self._minus(), term))))
        return total

    def _minus(self) -> int:
        return self.graph.constant(-1)

    def _is_negated(self, node: int) -> bool:
        parts = self.graph.nodes[node]
        return bool(parts[0] == "mul" and parts[1] == self._minus())

    def _power(self, value: int, exponent: int) -> int:
        if exponent == 1:
            return value
        half = self._power(value, exponent // 2)
        square = self._step("multiply", half, half)
        return self._step("multiply", square, value) if exponent % 2 else square


def step_bounds(kind: str, a: Bounds, b: Bounds) -> Bounds:
    """The bounds of a step's result from those of its operands.

    Raises:
        CannotRun: a division by what may be 0, a power with what may be a negative exponent.
    """
    if kind == "add":
        return a[0] + b[0], a[1] + b[1]
    if kind == "subtract":
        return a[0] - b[1], a[1] - b[0]
    if kind == "multiply":
        corners = [x * y for x in a for y in b]
        return min(corners), max(corners)
    if kind in ("min", "max"):
        least = min if kind == "min" else max
        return least(a[0], b[0]), least(a[1], b[1])
    if kind == "abs":
        return max(0, a[0], -a[1]), max(-a[0], a[1])
    if kind == "power":
        return _power_bounds(a, b)
    if kind == "none":
        return a
    if b[0] <= 0 <= b[1]:
        raise CannotRun("a division by what may be 0")
    if kind == "mod":
        return min(0, b[0] + 1), max(0, b[1] - 1)
    corners = [x // y for x in a for y in b]
    return min(corners), max(corners)


def _power_bounds(base: Bounds, exponent: Bounds) -> Bounds:
    if base[0] < 1 or exponent[0] < 0 or (base[1] > 1 and exponent[1] > 63):
        raise CannotRun("a power that may not fit")
    return base[0] ** exponent[0], base[1] ** exponent[1]


def _is_power_of_two(bounds: Bounds) -> bool:
    low, high = bounds
    return low == high > 0 and low & (low - 1) == 0


class Plan:
    """What to do for one kind of call: which arguments are arrays, and along which axes."""

    def __init__(self, graph: Graph, roots: Sequence[int], masks: dict[int, int], names: Sequence[str]) -> None:
        self._tape = Tape(graph)
        for arg, mask in masks.items():
            self._tape.array(arg, mask)
        self._full = 0
        for mask in masks.values():
            self._full |= mask
        self._roots = [self._tape.lower(root) for root in roots]
        self._scalars = _scalar_function(graph, list(self._tape.scalars), names)

    def __call__(self, values: Sequence[Any], bounds: dict[int, Bounds], shape: tuple[int, ...]) -> list[Array]:
        """The roots, in int64; ``bounds`` are the smallest and the largest value of each array.

        Raises:
            CannotRun: where int64 might not hold every step.
        """
        cells, limits = self._inputs(values, bounds)
        self._bound_steps(limits)
        return _Run(self._tape, self._full, self._roots, cells, limits, shape).results()

    def bounds(self, values: Sequence[Any], bounds: dict[int, Bounds]) -> list[Bounds]:
        """The bounds of the roots."""
        _, limits = self._inputs(values, bounds)
        self._bound_steps(limits)
        return [limits[root] for root in self._roots]

    def _inputs(self, values: Sequence[Any], bounds: dict[int, Bounds]) -> tuple[list[Any], list[Bounds]]:
        cells: list[Any] = [None] * len(self._tape.masks)
        limits: list[Bounds] = [(0, 0)] * len(self._tape.masks)
        for arg, value in self._tape.arrays.items():
            cells[value], limits[value] = values[arg], bounds[arg]
        # The graph's scalars read no arrays, so it does not matter what these are.
        scalars = self._scalars(*values)
        for value, scalar in zip(self._tape.scalars.values(), scalars, strict=True):
            if type(scalar) is not int or abs(scalar) > LIMIT:
                raise CannotRun("a scalar that is not an int64")
            cells[value], limits[value] = scalar, (scalar, scalar)
        return cells, limits

    def _bound_steps(self, limits: list[Bounds]) -> None:
        for kind, a, b, out in self._tape.steps:
            low, high = limits[out] = step_bounds(kind, limits[a], limits[b])
            if low < -LIMIT or high > LIMIT:
                raise CannotRun("a step that may leave int64")


class _Run:
    """One run of a tape: cells are scalars, arrays, and buffers, by the number of the value."""

    def __init__(
        self,
        tape: Tape,
        full: int,
        roots: Sequence[int],
        cells: list[Any],
        limits: list[Bounds],
        shape: tuple[int, ...],
    ) -> None:
        import numpy as np

        self._np = np
        self._tape, self._full, self._roots, self._cells, self._shape = tape, full, roots, cells, shape
        self._limits = limits
        for value in tape.scalars.values():
            cells[value] = np.int64(cells[value])

    def results(self) -> list[Array]:
        """The roots, each in the full shape."""
        np = self._np
        blocked = []
        for step in self._tape.steps:
            if self._tape.masks[step[3]] == self._full:
                blocked.append(step)
            else:
                self._cells[step[3]] = self._routine(step)
        outputs = {root: np.empty(self._shape, np.int64) for root in self._roots if self._is_blocked(root, blocked)}
        if blocked:
            self._run_blocks(blocked, outputs)
        return [
            outputs[root] if root in outputs else np.array(np.broadcast_to(self._cells[root], self._shape))
            for root in self._roots
        ]

    def _is_blocked(self, root: int, blocked: list[tuple[str, int, int, int]]) -> bool:
        return any(out == root for _, _, _, out in blocked)

    def _operation(self, step: tuple[str, int, int, int]) -> tuple[Callable[..., Any] | None, Any]:
        """NumPy's routine for a step, and its second operand where that is another one than the step's."""
        kind, _, b, _ = step
        np = self._np
        by_power_of_two = kind in ("floordiv", "mod") and _is_power_of_two(self._limits[b])
        if by_power_of_two and kind == "floordiv":
            return np.right_shift, np.int64(self._limits[b][0].bit_length() - 1)
        if by_power_of_two:
            return np.bitwise_and, np.int64(self._limits[b][0] - 1)
        routines: dict[str, Callable[..., Any]] = {
            "add": np.add, "subtract": np.subtract, "multiply": np.multiply, "min": np.minimum,
            "max": np.maximum, "floordiv": np.floor_divide, "mod": np.remainder, "power": np.power,
        }  # fmt: skip
        return routines.get(kind), None

    def _routine(self, step: tuple[str, int, int, int]) -> Any:
        kind, a, b, _ = step
        routine, other = self._operation(step)
        if routine is None:
            return self._np.abs(self._cells[a]) if kind == "abs" else self._none(self._cells[a])
        return routine(self._cells[a], self._cells[b] if other is None else other)

    def _none(self, remainder: Any) -> None:
        if self._np.any(remainder):
            raise CannotRun("a division that is not whole")

    def _run_blocks(self, steps: list[tuple[str, int, int, int]], outputs: dict[int, Array]) -> None:
        np = self._np
        slots, count = _slots(steps, set(outputs))
        buffers = np.empty((count, min(BLOCK, _size(self._shape))), np.int64)
        cells = list(self._cells)
        inputs = {v: cells[v] for step in steps for v in step[1:3] if getattr(cells[v], "ndim", 0)}
        program = [(*step, *self._operation(step)) for step in steps]
        shape: tuple[int, ...] | None = None
        for index in _blocks(self._shape, BLOCK):
            for value, array in inputs.items():
                cells[value] = array[_within(index, array.shape)]
            for value, array in outputs.items():
                cells[value] = array[index]
            block = tuple(len(range(*s.indices(n))) for s, n in zip(index, self._shape, strict=True))
            if block != shape:
                shape = block
                views = [buffer[: _size(block)].reshape(block) for buffer in buffers]
                for value, slot in slots.items():
                    cells[value] = views[slot]
            for kind, a, b, out, routine, other in program:
                if routine is not None:
                    routine(cells[a], cells[b] if other is None else other, out=cells[out])
                elif kind == "abs":
                    np.abs(cells[a], out=cells[out])
                else:
                    self._none(cells[a])


def _slots(steps: list[tuple[str, int, int, int]], outputs: set[int]) -> tuple[dict[int, int], int]:
    """A buffer for each step's result, used again once its value is read for the last time."""
    last = {value: i for i, (_, a, b, _) in enumerate(steps) for value in (a, b)}
    slots: dict[int, int] = {}
    free: list[int] = []
    count = 0
    for i, (_, a, b, out) in enumerate(steps):
        free += [slots[v] for v in {a, b} if v in slots and last[v] == i]
        if out in outputs:
            continue
        if not free:
            free.append(count)
            count += 1
        slots[out] = free.pop()
    return slots, count


def _blocks(shape: tuple[int, ...], size: int) -> Iterator[Index]:
    """Blocks of at most about ``size`` points: whole trailing axes, a stretch of the one before."""
    axis, inner = len(shape), 1
    while axis and inner * shape[axis - 1] <= size:
        axis -= 1
        inner *= shape[axis]
    whole = tuple(slice(0, n) for n in shape[axis:])
    if axis == 0:
        yield whole
        return
    rows = max(1, size // inner)
    for outer in product(*(range(n) for n in shape[: axis - 1])):
        for start in range(0, shape[axis - 1], rows):
            yield (
                *(slice(i, i + 1) for i in outer),
                slice(start, min(start + rows, shape[axis - 1])),
                *whole,
            )


def _within(index: Index, shape: tuple[int, ...]) -> Index:
    return tuple(slice(None) if n == 1 else part for part, n in zip(index, shape, strict=True))


def _size(shape: Sequence[int]) -> int:
    size = 1
    for n in shape:
        size *= n
    return size


def _scalar_function(graph: Graph, nodes: Sequence[int], names: Sequence[str]) -> Callable[..., Any]:
    writer = Writer(graph)
    writer.expect(nodes)
    values = [writer.value(node) for node in nodes]
    writer.line(f"return ({', '.join(values)}{',' if values else ''})")
    return compiled(writer.lines, names)
