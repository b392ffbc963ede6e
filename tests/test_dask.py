"""Past one machine: compiled functions take Dask's arrays, stay lazy, and go to other processes."""

import pickle
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest

import symcnn as sc

H, W, K, w = sc.dims("H W K w")
net = sc.zoo.get_model("resnet50")
MACS = net.function("params", "macs")


def most(widths):
    """The most multiply-accumulates of some widths, as a worker computes it."""
    return int(MACS(w=widths, H=224, W=224, K=1000).macs.max())


def test_functions_go_to_other_processes():
    copy = pickle.loads(pickle.dumps(MACS))
    assert copy == MACS
    assert copy(w=64, H=224, W=224, K=1000) == (25_557_032, 4_089_184_256)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        parts = [np.arange(1, 40), np.arange(40, 65)]
        assert max(pool.map(most, parts)) == net.at(net.defaults).macs


def test_dask_arrays_stay_lazy_and_are_exact():
    dask = pytest.importorskip("dask.array")
    widths, sizes = dask.arange(1, 101, chunks=25)[:, None], dask.arange(33, 133, chunks=50)[None, :]
    found = MACS(w=widths, H=sizes, W=sizes, K=1000).macs
    assert (type(found), found.shape, found.numblocks) == (dask.Array, (100, 100), (4, 2))
    plain = MACS(
        w=np.arange(1, 101)[:, None], H=np.arange(33, 133)[None, :], W=np.arange(33, 133)[None, :], K=1000
    ).macs
    np.testing.assert_array_equal(found.compute(), plain)


def test_dask_arrays_go_through_strides_and_rounded_widths():
    dask = pytest.importorskip("dask.array")
    strided = sc.Sequential(
        sc.Conv2d(w, 5, stride=3), sc.MaxPool2d(3, 2, ceil_mode=True), sc.Conv2d(sc.make_divisible(w, 8), 3, stride=7),
        input=(3, H, W),
    )  # fmt: skip
    sizes = np.arange(80, 200)
    lazy = strided.function("macs")(w=20, H=dask.from_array(sizes, chunks=40), W=97)
    np.testing.assert_array_equal(lazy.compute(), strided.function("macs")(w=20, H=sizes, W=97))
