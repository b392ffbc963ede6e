"""The public names: what is loaded late is what the type checkers are told of."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import symcnn as sc

PACKAGE = Path(sc.__file__).parent


def told(path):
    """The names that type checkers find in a package, by the module that they are in."""
    found = {}
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level == 1 and node.module:
            found |= {alias.name: node.module for alias in node.names if alias.asname == alias.name}
    return found


@pytest.mark.parametrize("package", ["layers", "networks"])
def test_type_checkers_are_told_what_is_loaded(package):
    assert told(PACKAGE / package / "__init__.py") == getattr(sc, package).MODULE_OF


def test_the_package_hands_on_all_layers_and_networks():
    named = told(PACKAGE / "__init__.py")
    assert {name for name, module in named.items() if module == "networks"} == {*sc.networks.MODULE_OF} - {"Network"}
    assert set(sc.layers.MODULE_OF) <= set(dir(sc))
    for name in dir(sc):
        assert getattr(sc, name) is not None


def test_a_name_that_is_none():
    with pytest.raises(AttributeError, match="module 'symcnn' has no attribute 'Convolution'"):
        sc.Convolution  # noqa: B018
    with pytest.raises(AttributeError, match=r"module 'symcnn.layers' has no attribute 'Convolution'"):
        sc.layers.Convolution  # noqa: B018


def test_a_formula_loads_what_it_needs_and_no_more():
    program = "import sys, symcnn as sc; sc.Conv2d().params; print(*sorted(m for m in sys.modules if 'symcnn' in m))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert "symcnn.layers.conv" in loaded
    assert {"symcnn.layers.attention", "symcnn.zoo", "symcnn.plots", "numpy"}.isdisjoint(loaded)


def test_everything_can_be_imported_at_once():
    program = "from symcnn import *; print(Conv2d, Repeat, zoo, ratio)"
    subprocess.run([sys.executable, "-W", "error", "-c", program], check=True, capture_output=True)
