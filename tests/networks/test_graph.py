"""Networks that do not nest."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

import symcnn as sc
from symcnn import Graph, Shape, dims
from symcnn.errors import SymcnnError

C, H, W, w = dims("C H W w")
CONV = sc.Conv2d(w, 3, padding=1)
NODES = {"sum": ("add", "a", "b"), "a": (CONV, "input"), "b": (sc.Conv2d(w, 1), "a")}


def test_nodes_stand_in_any_order() -> None:
    graph = Graph(NODES)
    assert graph.on((3, H, W)).params == w**2 + 29 * w
    assert [name for name, *_ in graph.on((3, H, W)).parts] == ["a", "b", "sum"]


def test_nodes_are_given_as_rows_too() -> None:
    rows = [("sum", "add", "a", "b"), ("a", CONV, "input"), ("b", sc.Conv2d(w, 1), "a")]
    assert Graph(rows) == Graph(NODES) == Graph({name: (node, rest) for name, node, *rest in rows})


def test_several_inputs_and_outputs() -> None:
    graph = Graph(
        {"a": (CONV, "left"), "b": (CONV, "right"), "sum": ("add", "a", "b"), "head": (sc.Flatten(), "sum")},
        inputs=("left", "right"),
        outputs=("sum", "head"),
        input={"left": (3, H, W), "right": (1, H, W)},
    )
    assert graph.output["sum"] == Shape(w, H, W)
    assert graph.output["head"] == Shape(w * H * W)
    assert graph.params == 38 * w
    assert graph.at(w=2, H=4, W=5).params == 76
    assert graph.at(w=2, H=4, W=5).output["head"] == Shape(40)
    assert "left: 3 × H × W, right: 1 × H × W" in graph.summary().to_text()
    assert pickle.loads(pickle.dumps(graph)).output == graph.output


def test_the_outputs_are_what_no_other_takes() -> None:
    graph = Graph({"a": (CONV, "input"), "b": (sc.ReLU(), "a"), "c": (sc.Tanh(), "a")})
    assert graph.outputs == ("b", "c")


def test_a_join_along_another_axis() -> None:
    graph = Graph({"a": (sc.Identity(), "input"), "b": (sc.Join("concat", 2), "input", "a")})
    assert graph.on((3, H, W)).output == Shape(3, H, 2 * W)
    assert repr(graph) == "Graph({'a': (Identity(), 'input'), 'b': (Join('concat', 2), 'input', 'a')})"


def test_a_graph_is_a_layer() -> None:
    net = sc.Sequential(sc.Conv2d(4, 1), ("block", Graph(NODES)), sc.Flatten())
    assert net["block.b"] == sc.Conv2d(w, 1)
    assert list(net.on((3, 5, 5)).weights)[2] == "block.a.weight"
    assert net.on((3, 64, 64)).windows[0].whole


def test_there_is_no_receptive_field_through_several_inputs() -> None:
    two = Graph({"l": (CONV, "input"), "r": (CONV, "input")})
    net = sc.Sequential(two, Graph({"s": ("add", "l", "r")}, inputs=("l", "r")))
    assert net.on((3, 8, 8)).output == (w, 8, 8)
    with pytest.raises(SymcnnError):
        _ = net.on((3, 8, 8)).receptive_field


def test_the_receptive_field_is_that_of_one_input() -> None:
    two = Graph({"sum": ("add", "left", "right")}, inputs=("left", "right"))
    with pytest.raises(SymcnnError, match="a receptive field is that of one input, and there are several"):
        two.on({"left": (3, H, W), "right": (3, H, W)}).receptive_field  # noqa: B018


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (
            lambda: Graph({"a": ("add", "input", "b"), "b": (CONV, "a")}),
            "Graph: there is a cycle among the nodes a, b",
        ),
        (
            lambda: Graph({"a": (CONV, "inptu")}),
            "Graph: node 'a' takes 'inptu', which is no node and no input; did you mean 'input'? Known: input, a",
        ),
        (
            lambda: Graph([("a", CONV, "input"), ("a", CONV, "input")]),
            "Graph's names are different strings without a dot, got 'a'",
        ),
        (lambda: Graph({"input": (CONV, "input")}), "Graph's names are different strings without a dot, got 'input'"),
        (lambda: Graph({"a": CONV}), "node 'a' has no input"),
        (lambda: Graph({"a": (CONV, "x")}, inputs=("x", "y")), "Graph: input 'y' is used by nothing"),
        (
            lambda: Graph({"a": (CONV, "input"), "b": (CONV, "input")}, outputs="a"),
            "Graph: node 'b' is used by nothing",
        ),
        (lambda: Graph({"a": (CONV, "input")}, outputs=("c",)), "Graph: output 'c' is no node; known: input, a"),
        (
            lambda: Graph({"a": (CONV, "input")}, outputs=("a", "a")),
            "outputs are different strings without a dot, got 'a'",
        ),
        (lambda: Graph(3), "Graph takes a mapping from names to nodes, got 3"),
        (lambda: Graph({"a": (CONV, 1)}), "node 'a' takes inputs by their names, got 1"),
        (lambda: Graph({"a": (CONV, "input")}, outputs=3), "outputs are different strings without a dot, got 3"),
        (
            lambda: sc.Sequential(Graph({"s": ("add", "l", "r")}, inputs=("l", "r"))).on((3, H, W)),
            "layer 0, Graph({'s': ('add', 'l', 'r')}, inputs=('l', 'r')): "
            "a graph of the inputs l, r cannot take Shape(3, H, W)",
        ),
        (
            lambda: sc.Sequential(
                Graph({"a": (CONV, "input"), "b": (CONV, "input")}), Graph({"s": ("add", "l", "r")}, inputs=("l", "r"))
            ).on((3, 8, 8)),
            "layer 1, Graph({'s': ('add', 'l', 'r')}, inputs=('l', 'r')): "
            "a graph of the inputs l, r cannot take {'a': Shape(w, 8, 8), 'b': Shape(w, 8, 8)}",
        ),
        (lambda: Graph({"a": (CONV, "b"), "b": (CONV, "a")}), "Graph: there is a cycle among the nodes a, b"),
        (lambda: Graph({}), "Graph: Graph takes at least one node, got none"),
        (lambda: Graph({"a": (CONV, "input")}, inputs=()), "Graph takes at least one input, got none"),
        (
            lambda: Graph({"a": (CONV, "input", "input")}),
            "node 'a' is a layer, which takes one input, got 2: input, input",
        ),
        (
            lambda: Graph({"a": ("subtract", "input")}),
            "node 'a' must be a layer or 'add', 'multiply', 'concat' or 'resize', got 'subtract'",
        ),
        (
            lambda: Graph({"a": (sc.Conv2d(4, 1), "input"), "s": ("add", "a", "input")}).on((3, H, W)),
            "layer s, Graph({'a': (Conv2d(4, 1), 'input'), 's': ('add', 'a', 'input')}): "
            "a with Shape(4, H, W) and input with Shape(3, H, W) cannot be added",
        ),
        (
            lambda: Graph({"s": ("add", "l", "r")}, inputs=("l", "r")).on((3, H, W)),
            "a graph of several inputs takes a shape for each, {'l': (...), 'r': (...)}, got (3, H, W)",
        ),
        (
            lambda: sc.Sequential(Graph({"a": (CONV, "input"), "b": (CONV, "input")}), sc.ReLU()).on((3, H, W)),
            "layer 1, ReLU(): takes one input, got several: {'a': Shape(w, H, W), 'b': Shape(w, H, W)}",
        ),
    ],
)
def test_the_whole_message(build: Any, message: str) -> None:
    with pytest.raises(SymcnnError) as raised:
        build()
    assert str(raised.value) == message
