"""A hundred thousand configurations of EfficientNet as a CSV, and their Pareto front.

    python examples/sweep.py sweep.csv front.csv

Every row is exact: parameters and multiply-accumulates of EfficientNet with its width multiplied by ``alpha``,
its depth by ``beta``, on a square image of size ``H``, widths and depths rounded as the paper rounds them.
"""

import csv
import sys

import numpy as np
from sympy import Rational

import symcnn as sc

alpha, beta = sc.ratio("alpha beta")
H, W, K = sc.dims("H W K")
SPACE = {
    alpha: [Rational(hundredth, 100) for hundredth in range(50, 200, 3)],
    beta: [Rational(hundredth, 100) for hundredth in range(50, 250, 5)],
    H: range(128, 628, 10),
}


def sweep(net):
    """The columns of all configurations: compiled functions take whole arrays."""
    axes = [np.array(values, dtype=object if s in (alpha, beta) else int) for s, values in SPACE.items()]
    grid = dict(zip((s.name for s in SPACE), (axis.ravel() for axis in np.meshgrid(*axes, indexing="ij")), strict=True))
    counted = net.function("params", "macs")(**grid, W=grid["H"], K=1000)
    return {**grid, "params": counted.params, "macs": counted.macs}


def write(path, columns):
    """A CSV with a line for each configuration; multipliers are exact decimals."""
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        plain = [[float(v) if name in ("alpha", "beta") else v for v in c.tolist()] for name, c in columns.items()]
        writer.writerows(zip(*plain, strict=True))


def main():
    everything, front = (sys.argv + ["sweep.csv", "front.csv"][len(sys.argv) - 1 :])[1:3]
    net = sc.zoo.efficientnet()
    columns = sweep(net)
    write(everything, columns)
    print(f"{everything}: {len(columns['macs']):,} configurations")

    # Which are the largest networks for their work? More parameters at no more multiply-accumulates.
    best = sc.search(
        SPACE,
        at={W: H, K: 1000},
        pareto={"params": (net.params, "max"), "macs": (net.macs, "min")},
        where=net.conditions,
    )
    with open(front, "w", encoding="utf-8") as file:
        file.write(best.to_csv())
    print(f"{front}: {len(best):,} of them have more parameters than all that need no more multiply-accumulates")
    for record in best[:: max(1, len(best) // 5)]:
        print(f"  {record['params']:>11,} parameters, {record['macs']:>14,} multiply-accumulates")


if __name__ == "__main__":
    main()
