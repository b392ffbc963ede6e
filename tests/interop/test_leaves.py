"""The layers that only imported networks have obey the laws; a framework is not needed for them."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Integer

import symcnn as sc
from symcnn.interop.reading.leaves import Constant, Operation, Reduction, Stored, Traced
from symcnn.interop.reading.meetings import Attention, Product
from symcnn.networks.join import Branch

H, W = sc.dims("H W")

LEAVES: list[Any] = [
    Operation("exp"),
    Operation("expand", output_sizes=(8, H, W), taken=(3, H, W), view=True),
    Operation("aten.strange", known=False),
    Reduction("mean", (1, 2)),
    Reduction("sum", (0,), keepdim=True),
    Constant(output_sizes=(1, H)),
    Traced(taken=(3, H, W), where=((2, "|", H), (W, ">=", 4))),
    Stored(sc.Conv2d(8, 3), weights_stored=(("g", (8,)),), buffers_stored=(("m", (2, 3)),), products=(("p", (5, H)),)),
]


@pytest.mark.parametrize("layer", LEAVES, ids=repr)
def test_values_go_in_and_the_code_makes_it_again(layer: sc.Layer) -> None:
    names = {cls.__name__: cls for cls in (Constant, Operation, Reduction, Stored, Traced)}
    names |= {"Conv2d": sc.Conv2d, "H": H, "W": W}
    assert eval(repr(layer), names) == layer
    there = layer.with_input(sc.Shape(3, H, W)).at(H=8, W=6)
    formulas = layer.on((3, H, W))
    values = {H: Integer(8), W: Integer(6)}
    assert (there.params, there.macs) == (formulas.params.subs(values), formulas.macs.subs(values))
    assert there.output == formulas.output.substituted(values)


def test_what_is_compared_is_no_size() -> None:
    assert Traced(taken=(3, H, W), where=((H - W, ">=", -4),)).on((3, H, W)).conditions[0].left == H - W
    assert len(Traced(taken=(3, H, W), where=((H - W, ">=", -4),)).on((3, H, W)).conditions) == 1


def test_other_inputs_than_sizes_are_stated_for_are_refused() -> None:
    layer = Operation("expand", output_sizes=(8, H, W), taken=(3, H, W), view=True)
    with pytest.raises(sc.SymcnnError) as caught:
        layer.on((4, H, W))
    assert caught.value.message == "expand states its sizes for an input of Shape(3, H, W), got Shape(4, H, W)"


@pytest.mark.parametrize("meeting", [Product(), Attention()])
def test_what_does_not_fit_does_not_meet(meeting: Any) -> None:
    branches = [Branch("q", sc.Shape(2, 9, 4)), Branch("k", sc.Shape(2, 5, 3)), Branch("v", sc.Shape(2, 5, 4))]
    with pytest.raises(sc.SymcnnError, match=r"^q with Shape\(2, 9, 4\) and k with Shape\(2, 5, 3\).* do not fit$"):
        meeting.of(branches[: 2 if meeting == Product() else 3])


def test_a_lower_bound_says_so() -> None:
    net = sc.Sequential(sc.Conv2d(8, 3), Operation("aten.strange", known=False), input=(3, 8, 8))
    assert net.profile.uncounted == {"1": "aten.strange"}
    assert str(net.summary()).endswith("lower bounds: nothing is counted of aten.strange (1)")
    assert "params>=224" in repr(net.profile)
