"""Networks that the tests of analysis share: plain ones with strides that roundings show at."""

import symcnn as sc

H, W, w, K, k, n = sc.dims("H W w K k n")


def stack(stride=1, kernel=3, padding=1, depth=3):
    """Convolutions with one width, each with a stride."""
    layers = [sc.Conv2d(w, kernel, stride=stride, padding=padding) for _ in range(depth)]
    return sc.Sequential(*layers, input=(3, H, W))


def tutorial():
    """The tutorial's example, connected: two convolutions with pooling, and a dense layer."""
    return sc.Sequential(
        sc.Conv2d(w, 3, padding=1),
        sc.BatchNorm2d(),
        sc.MaxPool2d(2),
        sc.Conv2d(2 * w, 3, padding=1),
        sc.BatchNorm2d(),
        sc.MaxPool2d(2),
        sc.Flatten(),
        sc.Linear(K),
        input=(3, H, W),
    )


STRIDED = {
    "3, 3": stack(3, 3, 1, 2),
    "6": stack(6, 5, 2, 1),
    "7 and pooling by 3": sc.Sequential(
        sc.Conv2d(w, 7, stride=7), sc.MaxPool2d(3, ceil_mode=True), sc.Conv2d(2 * w, 4, padding="same"), input=(3, H, W)
    ),
    "2, unevenly padded": sc.Sequential(
        sc.Conv2d(w, (3, 5), stride=(2, 3), padding=((0, 1), (2, 1))), sc.AvgPool2d(2, 3), input=(4, H, W)
    ),
}
"""Networks whose sizes are roundings of the image's."""
