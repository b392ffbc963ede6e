"""How long networks take to build with all their totals, and how long the package takes to start.

``pytest tests/benchmarks --benchmark-enable`` measures; no time is asserted. Compare rows of one
run: the chain of 4,000 with that of 1,000, a depth of a million with one of ten and with ten layers unrolled,
``import symcnn`` with ``import sympy``.
"""

import subprocess
import sys

import pytest

import symcnn as sc

w, H, W = sc.dims("w H W")


def totals(net):
    return net.params, net.buffers, net.macs, net.flops, net.output, net.conditions


def chain(length, padding):
    """Convolutions in a row; without padding the map shrinks, so that no two layers are alike."""
    layers = [sc.Conv2d(w, 3, padding=padding) for _ in range(length)]
    return totals(sc.Sequential(*layers, input=(w, H, W)))


@pytest.mark.parametrize("length", [1000, 4000])
@pytest.mark.parametrize("padding", [1, 0], ids=["keeps", "shrinks"])
@pytest.mark.benchmark(group="chain")
def test_chain(benchmark, length, padding):
    found = benchmark.pedantic(chain, (length, padding), rounds=3)
    assert found[0] == length * (9 * w**2 + w)


LARGE = ["resnet50", "densenet201", "inception_v3", "mobilenet_v3_large", "efficientnet_b7", "efficientnet_v2_l"]


@pytest.mark.parametrize("name", ["lenet5", "alexnet", "vgg16", "vgg19_bn", *LARGE])
@pytest.mark.benchmark(group="zoo")
def test_zoo(benchmark, name):
    found = benchmark(lambda: totals(sc.zoo.get_model(name)))
    assert found[0].free_symbols


@pytest.mark.benchmark(group="zoo")
def test_the_whole_zoo(benchmark):
    found = benchmark.pedantic(lambda: [totals(sc.zoo.get_model(name)) for name in sc.zoo.list_models()], rounds=3)
    assert len(found) == len(sc.zoo.list_models())


@pytest.mark.parametrize("name", LARGE)
@pytest.mark.benchmark(group="memory")
def test_memory(benchmark, name):
    found = benchmark(lambda: sc.zoo.get_model(name).memory(optimizer="adam"))
    assert found.training.free_symbols


n = sc.dims("n")
BLOCK = sc.Residual(sc.Sequential(sc.Conv2d(w, 3, padding=1), sc.BatchNorm2d(), sc.ReLU(), sc.Conv2d(w, 3, padding=1)))
DENSE = sc.Parallel(sc.Identity(), sc.Sequential(sc.BatchNorm2d(), sc.Conv2d(12, 3, padding=1)), join="concat")
DEPTHS = {
    "a symbol": lambda body: sc.Repeat(body, n),
    "10": lambda body: sc.Repeat(body, 10),
    "1,000,000": lambda body: sc.Repeat(body, 10**6),
    "10 unrolled": lambda body: sc.Sequential(*[body] * 10),
}


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("body", [BLOCK, DENSE], ids=["stays", "grows"])
@pytest.mark.benchmark(group="depth")
def test_depth(benchmark, body, depth):
    found = benchmark(lambda: totals(DEPTHS[depth](body).on((w, H, W))))
    assert found[0].free_symbols


@pytest.mark.parametrize(
    "arguments",
    [("-c", "import sympy"), ("-c", "import symcnn"), ("-m", "symcnn", "show", "vgg16")],
    ids=["import sympy", "import symcnn", "symcnn show vgg16"],
)
@pytest.mark.benchmark(group="start")
def test_start(benchmark, arguments):
    done = benchmark.pedantic(
        lambda: subprocess.run([sys.executable, *arguments], capture_output=True, check=True),
        rounds=5,
        warmup_rounds=1,
    )
    assert done.returncode == 0
