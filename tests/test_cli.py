"""The command line: what it prints, what it writes, and how it says no."""

import io
import json
import os
import subprocess
import sys

import pytest

import symcnn as sc
from symcnn.cli import explore, main


@pytest.fixture
def run(capsys):
    """Run a command in this process: its exit code, what it printed, and its complaint."""

    def command(line):
        try:
            code = main(line.split())
        except SystemExit as stopped:
            code = stopped.code
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return command


@pytest.fixture
def model(tmp_path, monkeypatch):
    """A file with a network, a function that makes one, and things that are neither."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text(
        "import symcnn as sc\n"
        "w, H, W = sc.dims('w H W')\n"
        "net = sc.Sequential(sc.Conv2d(w, 3, stride=7), input=(3, H, W))\n"
        "def make():\n    return net\n"
        "def broken():\n    raise RuntimeError('no data')\n"
        "number = 3\n"
    )
    (tmp_path / "bad.py").write_text("import nothing_of_this_name\n")
    (tmp_path / "points.csv").write_text("width,value,label\n64,138357544,paper\n32,70000000,ours\n")
    (tmp_path / "bad.csv").write_text("64\n")
    return tmp_path


def test_layer_shows_formula_number_and_steps(run):
    code, out, _ = run("layer Conv2d out_channels=32 kernel_size=3 in_channels=3 --of params")
    assert (code, out) == (
        0,
        "Conv2d(32, 3, in_channels=3)\n"
        "\n"
        "parameters = (k_w · k_h · C_in + 1) · C_out\n"
        "           = (3 · 3 · 3 + 1) · 32\n"
        "           = 28 · 32\n"
        "           = 896\n",
    )


def test_a_layer_without_settings_is_its_formula(run):
    assert run("layer Conv2d --of params")[1].endswith("parameters = (k_w · k_h · C_in + 1) · C_out\n")
    assert "height   = H - k_h + 1" in run("layer Conv2d")[1]


def test_a_layer_on_an_input(run):
    code, out, _ = run("layer Conv2d out_channels=64 kernel_size=7 stride=2 padding=3 --input 3,224,224 --of output")
    assert code == 0
    assert "height   = ⌊(H + 2 · p_h - k_h)/s_h⌋ + 1\n         = ⌊(224 + 2 · 3 - 7)/2⌋ + 1\n" in out
    assert out.endswith("         = 112\n")


def test_a_layer_with_symbols_and_values(run):
    assert run("layer Conv2d out_channels=2*w kernel_size=3 in_channels=w --set w=8 --of params")[1].endswith(
        "= 1168\n"
    )


def test_show_has_formulas_and_published_numbers(run):
    code, out, _ = run("show vgg16")
    assert code == 0
    assert "parameters: 4097·K + 3591·w² + 1,605,725·w + 16,785,408 = 138,357,544" in out
    assert max(map(len, out.splitlines())) <= 80
    assert "138,357,544" not in run("show vgg16 --symbolic")[1]
    assert "3591·w² + 1,605,725·w" in run("show vgg16 --symbolic")[1]


def test_show_takes_several_models_and_values(run):
    code, out, _ = run("show lenet5 alexnet --set K=100")
    assert code == 0
    assert out.startswith("lenet5\n")
    assert "\nalexnet\n" in out
    assert "57,413,540" in out  # 61,100,840 less 4097 for each of 900 classes.


@pytest.mark.parametrize("style", ["markdown", "latex", "html", "json", "csv"])
@pytest.mark.parametrize("line", ["show lenet5", "explain lenet5", "eval lenet5", "layer ReLU", "list"])
def test_every_command_has_every_format(run, line, style):
    code, out, err = run(f"{line} --format {style}")
    assert (code, err) == (0, "")
    if style == "json" and "layer" not in line:
        json.loads(out)


def test_explain(run):
    code, out, _ = run("explain lenet5")
    assert code == 0
    assert out.endswith("total = 156 + 2416 + 48,120 + 10,164 + 850\n      = 61,706\n")
    assert "macs" not in out
    assert run("explain lenet5 --of macs")[0] == 0


def test_eval_prints_numbers(run):
    assert json.loads(run("eval vgg16 --of params macs output --format json")[1])["rows"] == [
        {"params": 138357544, "macs": 15470264320, "output": [1000]}
    ]
    assert "138,357,544" in run("eval vgg16")[1]


def test_eval_tabulates_ranges_and_lists(run):
    code, out, _ = run("eval vgg16 --of params output --set w=32:64:32 K=10,100 --format csv")
    assert code == 0
    net = sc.zoo.get_model("vgg16")
    rows = [(w, K, sc.evaluate(net.params, w=w, K=K), K) for w in (32, 64) for K in (10, 100)]
    assert out == "w,K,params,output\n" + "".join(f"{w},{K},{p},{o}\n" for w, K, p, o in rows)


def test_eval_takes_a_size_that_is_another(run):
    code, out, _ = run("eval vgg16 --of macs --set W=H H=32,64 --format csv")
    net = sc.zoo.get_model("vgg16")
    assert (code, out) == (0, "H,macs\n" + "".join(f"{h},{net.at(w=64, K=1000, H=h, W=h).macs}\n" for h in (32, 64)))


def test_models_from_files_and_modules(run, model):
    for name in ("mine.py:net", "mine.py:make", "mine:net"):
        assert run(f"eval {name} --set w=2 H=9 W=9 --of params output --format csv")[:2] == (
            0,
            "params,output\n56,2 x 1 x 1\n",
        )


@pytest.mark.parametrize("name", ["figure.svg", "figure.png", "figure.pdf"])
@pytest.mark.parametrize("kind", ["", "curves "])
def test_plot_writes_a_figure(run, tmp_path, monkeypatch, kind, name):
    monkeypatch.chdir(tmp_path)
    line = f"plot {kind}vgg16 --over w=8:64:8 --vary K=10,1000 --log --out {name}"
    assert run(line) == (0, f"{name}\n", "")
    assert (tmp_path / name).stat().st_size > 1000


@pytest.mark.parametrize(
    "line",
    [
        "plot vgg16 alexnet --over w=8:64:8 --log",
        "plot vgg16 alexnet --of params macs --over w=8:64:8 --set K=10",
        "plot curves vgg16 --over w=8:64:8 --budget 5e7 1e8 --points points.csv",
        "plot contours vgg16 --over w=8:32 H=96:128 --set W=H --budget 1e9",
        "plot shares vgg16 --over w=8:64:8 --by stage --of macs",
        "plot layers lenet5",
        "plot sensitivity lenet5 --of params",
        "plot sensitivity lenet5 --tornado",
    ],
)
def test_every_kind_of_picture(run, model, line):
    assert run(f"{line} --out a.svg") == (0, "a.svg\n", "")
    assert "svg" in (model / "a.svg").read_text()[:200]


# Growth and budgets.


def test_drivers(run):
    code, out, _ = run("drivers lenet5 --of params --format csv")
    assert code == 0
    assert out.splitlines()[1].startswith("params,C1,,6,linear,426,0.0414")
    assert "what changes" in run("drivers lenet5")[1]


def test_largest(run):
    code, out, err = run("largest w vgg16 --limit params=5e7 macs=2e9 --step 8 --set K=10")
    assert (code, err) == (0, "")
    assert "\nlargest w: 16\n" in out
    assert json.loads(run("largest w vgg16 --limit params=5e7 --format json")[1])["value"] == 17
    assert "\nlargest w: 8\n" in run("largest w vgg16 --limit macs<=2e9 params<=4e7 --step 8")[1]


def test_what_is_not_to_be_had_has_exit_code_1(run):
    code, out, err = run("largest w vgg16 --limit params=5")
    assert (code, err) == (1, "")
    assert "largest w: none" in out
    code, out, _ = run("search vgg16 --over w=8:64:8 --limit params=5")
    assert code == 1
    assert "none is within the limits" in out


def test_search(run):
    code, out, _ = run(
        "search vgg16 --over w=8:64:8 H=32:96:32 --limit params=5e7 --maximize macs --set W=H --format csv"
    )
    assert (code, out.splitlines()[:2]) == (0, ["w,H,params,macs", "16,96,47493304,225722368"])
    front = run("search vgg16 --over w=8:64:8 K=10,100 --pareto params=min macs=max --format csv")[1].splitlines()
    assert front[0] == "w,K,params,macs"
    assert len(front) > 8


def test_compare(run):
    code, out, _ = run("compare resnet50 vgg16 --format csv")
    assert (code, out) == (0, "model,params,macs\nresnet50,25557032,4089184256\nvgg16,138357544,15470264320\n")
    over = run("compare resnet50 vgg16 --of params --over w")[1]
    assert "751" in over
    assert "resnet50 params" in over
    tied = run("compare resnet50 vgg16 --of macs --set W=H")[1]
    assert "15,470,264,320" in tied


def test_a_search_in_a_pipe_tells_nothing_of_its_progress(run):
    assert run("search vgg16 --over w=8:64:8 --maximize macs")[2] == ""


def test_a_search_on_a_terminal_tells_how_far_it_is(monkeypatch):
    told = io.StringIO()
    told.isatty = lambda: True
    monkeypatch.setattr("sys.stderr", told)
    tell = explore.progress()
    tell(1000, 2000)
    tell(2000, 2000)
    assert told.getvalue() == "\r1,000 of 2,000 configurations\r2,000 of 2,000 configurations\r\033[K"


def test_sizes_that_nothing_depends_on_need_no_value(run, tmp_path, monkeypatch):
    (tmp_path / "mine.py").write_text(
        "import symcnn as sc\n"
        "n, w, H, W = sc.dims('n w H W')\n"
        "net = sc.Sequential(sc.Repeat(sc.Conv2d(w, 3, padding=1), n), input=(3, H, W))\n"
    )
    monkeypatch.chdir(tmp_path)
    line = "eval mine.py:net --of params receptive_field --set n=1,2 w=4 --format csv"
    assert run(line) == (0, "n,params,receptive_field\n1,112,3 x 3\n2,260,5 x 5\n", "")
    assert run("plot mine.py:net --of params --over n=1:8 --set w=4 H=8 W=8 --out a.svg") == (0, "a.svg\n", "")
    assert run("eval mine.py:net --of macs --set n=1 w=4")[0] == 2


def test_list(run):
    assert run("list")[1].split() == sc.zoo.list_models()
    assert "Conv3d" in run("list layers")[1].split()
    assert run("list quantities")[1].split() == [
        "params",
        "buffers",
        "macs",
        "flops",
        "training_macs",
        "activations",
        "tensor_elements",
        "output",
        "receptive_field",
    ]


def test_out_writes_a_file(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run("explain lenet5 --out steps.txt") == (0, "", "")
    assert (tmp_path / "steps.txt").read_text().endswith("= 61,706\n")


@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        ("show vgg_16", 2, "no model is named 'vgg_16'; did you mean 'vgg16'? Known: " + ", ".join(sc.zoo.list_models())),
        ("layer Conv9d", 2, None),
        ("eval vgg16 --of prams", 2, "no quantity is named 'prams'; did you mean 'params'? "
         "Known: params, buffers, macs, flops, training_macs, activations, tensor_elements, output, receptive_field"),
        ("eval vgg16 --set Q=3", 2, "no size is named 'Q' here; known: H, K, W, w"),
        ("eval vgg16 --symbolic --set w=3", 2, "a value is missing for H, K, W"),
        ("eval vgg16 --set w", 2, "a value is given as name=value, got 'w'"),
        ("eval vgg16 --set w=1 w=2", 2, "w is given twice"),
        ("eval vgg16 --set w=x", 2, "values are a number 64, a list 10,100 or a range first:last:step, got 'x'"),
        ("eval vgg16 --set w=0", 2, "w must be a positive integer, got 0"),
        ("eval vgg16 --set w=1:2000 K=1:2000", 2, "a table has at most 1,000,000 rows, got 4,000,000"),
        ("show vgg16 --set w=__import__('os').getcwd()", 2, "a formula has numbers, names, + - * / // **, "
         "floor, ceil and brackets; \"__import__('os').getcwd()\" is none of these"),
        ("show vgg16 --set H=31", 1, "H = 31 breaks the condition H >= 32 "
         "(layer features.30, MaxPool2d(2): kernel_size is at most the padded input)"),
        ("eval vgg16 --set H=31", 1, "H = 31 breaks the condition H >= 32 "
         "(layer features.30, MaxPool2d(2): kernel_size is at most the padded input)"),
        ("layer Conv2d out_channels=8 kernel_size=9 --input 3,5,5", 1,
         "Conv2d(8, 9): kernel_size 9 is larger than the padded input 5"),
        ("show missing.py:net", 2, "there is no file missing.py"),
        ("show no_such_module:net", 2, "importing no_such_module failed: "
         "ModuleNotFoundError: No module named 'no_such_module'"),
        ("show bad.py:net", 2, "importing bad.py failed: "
         "ModuleNotFoundError: No module named 'nothing_of_this_name'"),
        ("show mine.py:nett", 2, "mine.py has no 'nett'; did you mean 'net'? Known: net, make, broken"),
        ("show mine.py:number", 2, "mine.py:number is no layer or network, got int"),
        ("show mine.py:broken", 2, "calling mine.py:broken failed: RuntimeError: no data"),
        ("plot vgg16 --over w=8:64:8", 2, "a picture needs a file to go to: --out figure.svg, .png or .pdf"),
        ("plot bars vgg16 --over w=8:64:8 --out x.svg", 2, "no kind of plot is named 'bars'; did you mean 'shares'? "
         "Known: curves, contours, shares, layers, sensitivity"),
        ("plot vgg16 --of output --over w=8:64:8 --out x.svg", 2, "no total is named 'output'; known: params, buffers, "
         "macs, flops, training_macs, activations, tensor_elements"),
        ("plot vgg16 --out x.svg", 2, "curves takes --over w=8:512:8, got none"),
        ("plot contours vgg16 --over w=8:64 --out x.svg", 2, "contours takes --over w=8:128 H=96:320, got w=8:64"),
        ("plot contours vgg16 --over w=8:64 H=32:64 --of params macs --out x.svg", 2,
         "contours draws one total, got params macs"),
        ("plot layers vgg16 alexnet --out x.svg", 2, "layers draws one model, got 2: vgg16, alexnet"),
        ("plot vgg16 --over w=8:64:8 --out x.gif", 2, "a picture's file name ends in .png, .svg or .pdf, got 'x.gif'"),
        ("plot vgg16 --over w=8:64:8 --points none.csv --out x.svg", 2, "cannot read none.csv: No such file or directory"),
        ("plot vgg16 --over w=8:64:8 --points bad.csv --out x.svg", 2,
         "a point of bad.csv is size,value,label, got '64'"),
        ("plot vgg16 --over w=8:64:8 --budget x --out x.svg", 2,
         "values are a number 64, a list 10,100 or a range first:last:step, got 'x'"),
        ("plot vgg16 --over w=8:64:8 --out nowhere/x.svg", 2, "cannot write nowhere/x.svg: No such file or directory"),
        ("largest q vgg16 --limit params=5e7", 2, "no size is named 'q' here; known: H, K, W, w"),
        ("largest w vgg16 --limit params", 2, "a limit is written params=5e6, or 'macs>=1e8', got 'params'"),
        ("largest w vgg16 --limit prams=5e7", 2, "no total is named 'prams'; did you mean 'params'? Known: params, "
         "buffers, macs, flops, training_macs, activations, tensor_elements"),
        ("largest w vgg16 --limit params=-5", 2, "a budget is not negative, got 4097*K + 3591*w**2 + 1605725*w + "
         "16785408 <= -5"),
        ("largest w vgg16 --limit params=5e7 --step x", 2, "step must be a number, got x"),
        ("largest w vgg16 --limit params=5e7 --set H=31", 1, "H = 31 breaks the condition H >= 32 "
         "(layer features.30, MaxPool2d(2): kernel_size is at most the padded input)"),
        ("search vgg16 --over w=8:64 --maximize prams", 2, "no total is named 'prams'; did you mean 'params'? Known: "
         "params, buffers, macs, flops, training_macs, activations, tensor_elements"),
        ("search vgg16 --over w=8:64", 2, "search takes a limit, or something to aim at: maximize, minimize or pareto"),
        ("search vgg16 --over v=8:64 --maximize params", 2, "no size is named 'v' here; known: H, K, W, w"),
        ("search vgg16 --over w=8:64 --pareto params=min macs=most", 2,
         "pareto takes min or max for a formula, got 'most'; known: min, max"),
        ("drivers vgg16 --set v=3", 2, "no size is named 'v' here; known: H, K, W, w"),
        ("drivers mine.py:net", 2, "a value is missing for H, W, w; give it in at"),
        ("drivers vgg16 --of receptive_field", 2, "no total is named 'receptive_field'; known: params, buffers, macs, "
         "flops, activations, tensor_elements"),
        ("compare vgg16 alexnett", 2, "no model is named 'alexnett'; did you mean 'alexnet'? Known: "
         + ", ".join(sc.zoo.list_models())),
        ("compare vgg16 densenet121 --over g", 2, "no size is named 'g' here; known: H, K, W, w"),
        ("explain lenet5 --out nowhere/steps.txt", 2, "cannot write nowhere/steps.txt: No such file or directory"),
    ],
)  # fmt: skip
def test_how_it_says_no(run, model, line, code, message):
    found, out, err = run(line)
    assert (found, out) == (code, "")
    if message is None:
        assert err.startswith("symcnn: no layer is named 'Conv9d'; did you mean 'Conv")
    else:
        assert err == f"symcnn: {message}\n"


def test_usage_errors_have_the_same_code(run):
    assert run("show")[0] == run("unknown")[0] == run("show vgg16 --format xml")[0] == 2


def test_as_a_process():
    done = subprocess.run(
        [sys.executable, "-m", "symcnn", "list"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ},
    )
    assert done.stdout.split() == sc.zoo.list_models()


def test_a_reader_that_has_had_enough():
    command = f"{sys.executable} -m symcnn show vgg16 | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("vgg16\n", "")
