"""Budgets in, a configuration out: the widest residual network under limits, with its certificate.

    python examples/design_under_budget.py --params 2e6 --macs 3e8 --memory 2e9

The network is a formula in its width, its depth and the image's size. ``largest`` finds the widest one for a
given depth and image, ``search`` chooses among all three. What comes out is built in PyTorch, where that is
installed, and counted there.
"""

import argparse
import importlib.util

import sympy as sp

import symcnn as sc

w, n, H, W, N = sc.dims("w n H W N")
CLASSES = 100


def block(channels):
    """Two 3×3 convolutions beside a shortcut."""
    body = [sc.Conv2d(channels, 3, padding=1, bias=False), sc.BatchNorm2d(), sc.ReLU()]
    return sc.Sequential(sc.Residual(sc.Sequential(*body, *body[:2])), sc.ReLU())


def down(channels):
    """Half the map, twice the channels."""
    return sc.Sequential(sc.Conv2d(channels, 3, stride=2, padding=1, bias=False), sc.BatchNorm2d(), sc.ReLU())


def network():
    """Three stages of ``n`` blocks, ``w``, ``2w`` and ``4w`` channels wide, on an image of any size."""
    stem = [sc.Conv2d(w, 3, padding=1, bias=False), sc.BatchNorm2d(), sc.ReLU()]
    stages = [sc.Repeat(block(w), n), down(2 * w), sc.Repeat(block(2 * w), n), down(4 * w), sc.Repeat(block(4 * w), n)]
    return sc.Sequential(*stem, *stages, sc.AdaptiveAvgPool2d(1), sc.Flatten(), sc.Linear(CLASSES), input=(3, H, W))


def counted_in_pytorch(width, depth, size):
    """Parameters and multiply-accumulates of the same network in plain PyTorch; nothing is computed."""
    import torch
    from torch import nn
    from torch.utils.flop_counter import FlopCounterMode

    class Block(nn.Module):
        def __init__(self, channels):
            super().__init__()
            half = [nn.Conv2d(channels, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels)]
            other = [nn.Conv2d(channels, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels)]
            self.body = nn.Sequential(*half, nn.ReLU(), *other)

        def forward(self, x):
            return torch.relu(x + self.body(x))

    def reduced(before, after, stride):
        conv = nn.Conv2d(before, after, 3, stride=stride, padding=1, bias=False)
        return [conv, nn.BatchNorm2d(after), nn.ReLU()]

    with torch.device("meta"):
        layers = reduced(3, width, 1)
        for channels in (width, 2 * width, 4 * width):
            layers += [] if channels == width else reduced(channels // 2, channels, 2)
            layers += [Block(channels) for _ in range(depth)]
        net = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4 * width, CLASSES)).eval()
        with FlopCounterMode(display=False) as counter:
            net(torch.empty(1, 3, size, size))
    return sum(p.numel() for p in net.parameters()), counter.get_total_flops() // 2


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--params", type=float, default=2e6, help="parameters at most")
    parser.add_argument("--macs", type=float, default=3e8, help="multiply-accumulates at most, for one image")
    parser.add_argument("--memory", type=float, default=2e9, help="bytes in training at most, for 32 images")
    given = parser.parse_args()

    net = network()
    memory = net.memory(batch=32, optimizer="adam").training
    print("parameters:", net.params)
    print("multiply-accumulates:", net.macs, end="\n\n")

    limits = {
        "params": (net.params, "<=", given.params),
        "macs": (net.macs, "<=", given.macs),
        "memory": (memory, "<=", given.memory),
    }
    print("The widest one with three blocks in each stage, on images of 32×32:\n")
    best = sc.largest(w, limits, at={n: 3, H: 32, W: 32}, step=8, where=net.conditions)
    print(best, end="\n\n")

    print("The one with most multiply-accumulates of all widths, depths and image sizes:\n")
    space = {w: range(8, 129, 8), n: range(1, 13), H: range(32, 97, 16)}
    found = sc.search(space, limits, at={W: H}, maximize={"macs": net.macs}, where=net.conditions, top=5)
    print(found)
    if not found:
        return
    chosen = found.at()
    print("\nOne more of what it has, per cent:")
    for x in (w, n, H):
        share = sc.evaluate(sc.elasticity(net.macs.subs(W, H), x), {s: v for s, v in chosen.items() if s != W})
        print(f"  1 % more {x} costs {float(share):.2f} % more multiply-accumulates")

    width, depth, size = (int(chosen[s]) for s in (w, n, H))
    formula = tuple(int(sp.Integer(found[0][name])) for name in ("params", "macs"))
    if importlib.util.find_spec("torch") is None:
        print("\nPyTorch is not installed, so nothing is compared with it.")
        return
    counted = counted_in_pytorch(width, depth, size)
    assert counted == formula, (counted, formula)
    print(f"\nPyTorch counts the same: {counted[0]:,} parameters, {counted[1]:,} multiply-accumulates.")


if __name__ == "__main__":
    main()
