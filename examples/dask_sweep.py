"""A sweep that is too large for one machine, over Dask: a recipe.

    pip install 'symcnn[dask]'
    python examples/dask_sweep.py

A compiled formula is plain arithmetic on whatever arrays it is given, so Dask's arrays stay lazy, and are computed
block by block on as many workers as there are: threads here, a cluster with ``dask.distributed.Client(...)``. What is
done with the results, here the most multiply-accumulates within a budget of parameters, is one small number a block.

Two things to know. Lazy arrays are not checked against the network's conditions, so the ranges must meet them.
And they are computed in their own 64 bits: ``largest_value`` looks first whether the largest corner of the space fits.
"""

import dask.array as da
import numpy as np

import symcnn as sc

w, H, W, K = sc.dims("w H W K")
WIDTHS, SIZES, CLASSES = (8, 2048), (64, 1024), (10, 1010)
BUDGET = 25_000_000


def largest_value(formula):
    """The formula at the largest corner, exactly; all of it grows with every size."""
    return sc.evaluate(formula, {w: WIDTHS[1], H: SIZES[1], W: SIZES[1], K: CLASSES[1]})


def main():
    net = sc.zoo.get_model("resnet50")
    assert largest_value(net.macs) < 2**63, "beyond 64 bits; symcnn.search computes such values exactly"

    widths = da.arange(*WIDTHS, 8, chunks=64)[:, None, None]
    sizes = da.arange(*SIZES, 8, chunks=64)[None, :, None]
    classes = da.arange(*CLASSES, 100, chunks=10)[None, None, :]
    function = net.function("params", "macs")
    counted = function(w=widths, H=sizes, W=sizes, K=classes)
    within = da.where(counted.params <= BUDGET, counted.macs, -1)
    print(f"{within.size:,} configurations in {within.npartitions} blocks")

    best = int(within.max().compute())
    place = np.unravel_index(int(within.argmax().compute()), within.shape)
    width, size, count = WIDTHS[0] + 8 * place[0], SIZES[0] + 8 * place[1], CLASSES[0] + 100 * place[2]
    assert function(w=width, H=size, W=size, K=count).macs == best
    print(f"most multiply-accumulates within {BUDGET:,} parameters: {best:,}")
    print(f"w = {width}, H = W = {size}, K = {count}: {function(w=width, H=size, W=size, K=count).params:,} parameters")


if __name__ == "__main__":
    main()
