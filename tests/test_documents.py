"""What the documents claim is run: the README, the example scripts and the notebooks."""

import doctest
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import pytest
from nbclient import NotebookClient

import symcnn as sc

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "examples").glob("*.ipynb"))
SCRIPTS = sorted((ROOT / "examples").glob("*.py"))
NEEDED = {"dask_sweep.py": ("dask.array",), "lift_your_model.ipynb": ("torch",)}
"""What an example needs that the tests do without."""
DRAWN = {"scaling_study.ipynb": ("scaling.svg",)}
"""The figures that a notebook saves and that are kept."""


TORCH = doctest.register_optionflag("TORCH")
"""Marks an example of the README's that needs PyTorch."""


def test_the_readmes_examples():
    """All of them; where PyTorch is not installed, those that do not need it."""
    text = (ROOT / "README.md").read_text()
    examples = doctest.DocTestParser().get_doctest(text, {}, "README.md", "README.md", 0)
    if find_spec("torch") is None:
        examples.examples = [one for one in examples.examples if not one.options.get(TORCH)]
    found = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(examples)
    plt.close("all")
    assert found.attempted > 20
    assert found.failed == 0


def test_the_readmes_table():
    """Each row of the first table is an expression and its value."""
    from symcnn.testing import public_names

    rows = re.findall(r"^\| `(.+?)` \| `(.+?)` \|$", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert len(rows) >= 6
    names = public_names() | {name: sc.dims(name) for name in "kCHWn"}
    for expression, value in rows:
        assert str(eval(expression, dict(names))) == value


FAMILY = re.compile(r"^\| `(\w+)` \| `(.+?)` \| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \| (\d+) \|$", re.MULTILINE)


def last_map(net):
    """A network up to its last map, before that is averaged or laid flat."""
    parts = (net[:end] for end in range(len(net), 0, -1))
    return next(
        part
        for part in parts
        if part.profile.output.axes not in ((), (1, 1)) and all(window.regular for window in part.profile.windows)
    )


def test_the_readmes_table_of_networks():
    rows = FAMILY.findall((ROOT / "README.md").read_text())
    assert len(rows) == 10
    for name, formula, *numbers in rows:
        net = sc.zoo.get_model(name)
        published = net.at(net.defaults)
        memory = published.memory(batch=32, optimizer="adam").training // 2**20
        found = (published.params, published.macs, memory, last_map(published).receptive_field[0])
        assert (str(net.params), *map(int, found)) == (formula, *(int(number.replace(",", "")) for number in numbers))


def test_the_readme_has_two_commands():
    commands = re.findall(r"^python3 -m venv .*$", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert len(commands) == 2


def test_every_link_of_the_readme_leads_somewhere():
    links = re.findall(r"\]\(([^)#]+)\)", (ROOT / "README.md").read_text())
    assert [link for link in links if "://" not in link and not (ROOT / link).exists()] == []


def test_there_are_examples():
    assert {path.name for path in NOTEBOOKS} == {
        "counting_parameters.ipynb",
        "design_under_a_budget.ipynb",
        "families.ipynb",
        "growth_and_calculus.ipynb",
        "lift_your_model.ipynb",
        "receptive_fields.ipynb",
        "scaling_study.ipynb",
    }
    assert {path.name for path in SCRIPTS} == {
        "growth.py",
        "new_layer.py",
        "design_under_budget.py",
        "sweep.py",
        "dask_sweep.py",
    }


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_run(path, tmp_path):
    for library in NEEDED.get(path.name, ()):
        pytest.importorskip(library)
    done = subprocess.run([sys.executable, "-W", "error", str(path)], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


def words_of(picture):
    """The texts of a picture; how their glyphs are drawn differs between releases."""
    return re.findall(r"<!-- (.+?) -->", picture.read_text())


def test_the_readmes_figure_is_what_its_script_draws(tmp_path):
    subprocess.run([sys.executable, str(ROOT / "examples" / "growth.py"), "new.svg"], cwd=tmp_path, check=True)
    assert words_of(tmp_path / "new.svg") == words_of(ROOT / "examples/figures/growth.svg")


def text_of(output):
    """An output without what differs between runs and machines: pictures, and HTML made of the same."""
    if output["output_type"] == "stream":
        return output["text"]
    plain = output["data"].get("text/plain", "")
    return "figure" if plain.startswith("<Figure") else plain


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
@pytest.mark.filterwarnings("ignore")  # Of the Jupyter machinery, not of ours.
def test_notebooks_give_the_outputs_they_were_committed_with(path, tmp_path, monkeypatch):
    for library in NEEDED.get(path.name, ()):
        pytest.importorskip(library)
    monkeypatch.delenv("MPLBACKEND", raising=False)  # A kernel that inherits it shows no figure.
    committed = nbformat.read(path, as_version=4)
    again = nbformat.read(path, as_version=4)
    NotebookClient(again, timeout=300, coalesce_streams=True, resources={"metadata": {"path": str(tmp_path)}}).execute()
    for old, new in zip(committed.cells, again.cells, strict=True):
        if old.cell_type == "code":
            assert [text_of(o) for o in new.outputs] == [text_of(o) for o in old.outputs], old.source
            assert old.execution_count is not None
    for name in DRAWN.get(path.name, ()):
        assert words_of(tmp_path / name) == words_of(ROOT / "examples" / "figures" / name)
