"""Draw how AlexNet and VGG-16 grow: parameters with width, multiply-accumulates with input size.

Every curve is a closed formula of the whole network, evaluated exactly at each point.

    python examples/growth.py growth.svg
"""

import sys

import matplotlib.pyplot as plt

import symcnn as sc

w, K, H, W = sc.dims("w K H W")


def draw():
    """The figure with its two pictures."""
    networks = {"AlexNet": sc.zoo.get_model("alexnet"), "VGG-16": sc.zoo.get_model("vgg16")}
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.8), layout="constrained")
    sc.plots.curves(
        {name: net.params for name, net in networks.items()},
        over={w: range(8, 257, 8)},
        at={K: 1000},
        log=True,
        quantity="params",
        ax=left,
    )
    sc.plots.curves(
        {name: net.macs for name, net in networks.items()},
        over={H: range(64, 513, 32)},
        at={K: 1000, w: 64, W: H},
        log=True,
        quantity="macs",
        ax=right,
    )
    return figure


if __name__ == "__main__":
    path = sys.argv[1] if len(sys.argv) > 1 else "growth.svg"
    figure = draw()
    print(sc.plots.save(figure.axes[0], path))
    plt.close(figure)
