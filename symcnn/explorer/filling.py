"""A page put together: the template, its style and script, and what is shown as markup and as data."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from html import escape
from importlib.resources import files
from typing import Any

from sympy import Expr, Mul, S, Symbol

from ..analysis import elasticity
from ..errors import SizeError
from ..report.formulas import latex, mathml, mathml_inside, plain, python
from ..report.formulas.order import in_order
from ..report.tables.html import HtmlWriter
from ..sizes import Condition
from .knobs import Knob
from .numbers import Numbers
from .subject import LayerRow, Quantity, Subject

SCRIPTS = ("numbers.js", "plot.js", "show.js", "page.js")
PLACE = re.compile(r"\{\{(\w+)\}\}")


def filled(subject: Subject, knobs: Sequence[Knob], title: str, along: Sequence[Symbol] = ()) -> str:
    """The page as one HTML document; its plot starts along one of some symbols, where they are given."""
    numbers = Numbers(subject.symbols)
    told = _data(subject, knobs, numbers)
    told["along"] = [i for i, symbol in enumerate(subject.symbols) if symbol in (along or subject.symbols)]
    script = '(() => {\n"use strict";\n' + "\n".join(map(_template, SCRIPTS)) + "})();"
    return _put_in(
        _template("page.html"),
        {
            "policy": _policy(f"\n{script}\n"),
            "title": escape(title),
            "style": _template("page.css").rstrip(),
            "note": f"<p>Totals are lower bounds: {escape(subject.note)}.</p>" if subject.note else "",
            "knobs": "\n".join(_knob(i, knob) for i, knob in enumerate(knobs)),
            "options": "".join(f"<option>{escape(one.label)}</option>" for one in subject.quantities),
            "symbols": "".join(f"<option>{escape(knob.name)}</option>" for knob in knobs),
            "formulas": "\n".join(_formula(i, one) for i, one in enumerate(subject.quantities)),
            "conditions": _conditions(subject.where),
            "layers": LAYERS if subject.layers else "",
            "data": _json(told),
            "script": script,
        },
    )


LAYERS = """<section aria-labelledby="layers-title">
<h2 id="layers-title">Layers</h2>
<p class="buttons"><span><input type="checkbox" id="all-layers"> <label for="all-layers">show layers that count \
nothing</label> <span id="left-out" class="quiet"></span></span></p>
<p id="layers-note" class="quiet"></p>
<div class="scrolls" role="region" aria-labelledby="layers-title" tabindex="0">
<table id="layers" aria-labelledby="layers-title">
<thead><tr><th scope="col">name</th><th scope="col" class="number" id="layers-of"></th><th scope="col">share</th>\
<th scope="col" class="number">output</th><th scope="col">layer</th></tr></thead>
<tbody></tbody>
</table>
</div>
</section>"""


def _template(name: str) -> str:
    return files(__package__).joinpath("template", name).read_text(encoding="utf-8")


def _put_in(template: str, parts: Mapping[str, str]) -> str:
    """The template with its parts, in one pass: nothing that stands in a part is taken for a place."""
    return PLACE.sub(lambda place: parts[place[1]], template)


def _policy(script: str) -> str:
    """What the browser lets the page do: run its own script and style, and ask for nothing."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    rules = ("default-src 'none'", f"script-src 'sha256-{digest}'", "style-src 'unsafe-inline'")
    return "; ".join((*rules, "base-uri 'none'", "form-action 'none'"))


def _json(told: Any) -> str:
    """Data inside a script element, which no text in it may end."""
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


# What is shown as markup.


def _knob(place: int, knob: Knob) -> str:
    label = f'<label for="knob-{place}">{mathml(knob.symbol)}</label>'
    if not isinstance(knob.values, range):
        options = "".join(f"<option>{plain_number(value)}</option>" for value in knob.values)
        return f'<div class="knob">{label}<select id="knob-{place}">{options}</select></div>'
    field = (
        f'<input type="text" id="knob-{place}" inputmode="numeric" autocomplete="off" spellcheck="false" '
        f'aria-describedby="wrong-{place}">'
    )
    slider = (
        f'<input type="range" id="slider-{place}" min="0" max="{len(knob.values) - 1}" '
        f'aria-label="{escape(knob.name)}, slider">'
    )
    return f'<div class="knob">{label}{field}{slider}<p class="wrong" id="wrong-{place}"></p></div>'


def plain_number(value: Any) -> str:
    """A value in a choice."""
    return f"{value:,}" if isinstance(value, int) else str(value)


def _formula(place: int, quantity: Quantity) -> str:
    return f'<div data-place="{place}" hidden>{_terms(quantity.expr)}</div>'


def _terms(expr: Expr) -> str:
    """A sum term by term, since browsers break a line between formulas but not inside of one."""
    sums = [factor for factor in Mul.make_args(expr) if factor.is_Add]
    if len(sums) != 1:
        return mathml(expr)
    first, *others = in_order(sums[0])
    terms = " ".join([mathml(first), *map(_signed, others)])
    if expr == sums[0]:
        return terms
    before = f'{mathml_inside(expr / sums[0])}<mo>·</mo><mo stretchy="false">(</mo>'
    return f'<math><mrow>{before}</mrow></math>{terms}<math><mo stretchy="false">)</mo></math>'


def _signed(term: Expr) -> str:
    sign, size = ("−", -term) if term.could_extract_minus_sign() else ("+", term)
    spaced = f'<mo form="infix" lspace="0.1em" rspace="0.25em">{sign}</mo>'
    return f"<math><mrow>{spaced}{mathml_inside(size)}</mrow></math>"


def _conditions(where: Sequence[Any]) -> str:
    if not where:
        return ""
    items = "\n".join(
        f'<li data-place="{i}"><span class="status"></span> {_relation(one)}{_reason(one)}</li>'
        for i, one in enumerate(where)
    )
    title = '<h2 id="conditions-title">Conditions</h2>'
    return f'<section aria-labelledby="conditions-title">\n{title}\n<ul id="conditions">\n{items}\n</ul>\n</section>'


def _relation(condition: Any) -> str:
    return HtmlWriter().value(condition) if isinstance(condition, Condition) else mathml(condition)


def _reason(condition: Any) -> str:
    reason = getattr(condition, "reason", "")
    return f' <span class="quiet">{escape(reason)}</span>' if reason else ""


# What is told to the script.


def _data(subject: Subject, knobs: Sequence[Knob], numbers: Numbers) -> dict[str, Any]:
    quantities = [_quantity(one, subject.symbols, numbers) for one in subject.quantities]
    conditions = [
        {
            "root": root,
            "text": plain(one.relation) if isinstance(one, Condition) and one.operator != "|" else _text(one),
            "reason": getattr(one, "reason", ""),
            "symbols": [i for i, symbol in enumerate(subject.symbols) if symbol in one.free_symbols],
        }
        for one, root in zip(subject.where, numbers.tests(subject.where), strict=True)
    ]
    labels = list(dict.fromkeys(row.label for row in subject.layers))
    layers = [_layer(row, labels, subject, numbers) for row in subject.layers]
    told = {"knobs": [knob.data() for knob in knobs], "quantities": quantities, "conditions": conditions}
    return {**told, "labels": labels, "layers": layers, "note": subject.note, "nodes": numbers.nodes()}


def _text(condition: Any) -> str:
    return str(condition) if isinstance(condition, Condition) else plain(condition)


def _quantity(quantity: Quantity, symbols: Sequence[Symbol], numbers: Numbers) -> dict[str, Any]:
    (root,) = numbers.roots([quantity.expr])
    exponents = [_exponent(quantity.expr, symbol, numbers) for symbol in symbols]
    texts = {"latex": latex(quantity.expr), "python": python(quantity.expr)}
    told = {"key": quantity.key, "label": quantity.label, "letters": quantity.letters}
    return {**told, **texts, "root": root, "exponents": exponents}


def _exponent(expr: Expr, symbol: Symbol, numbers: Numbers) -> int | None:
    """The node of the local exponent; None where there is no derivative, and the page takes a difference."""
    if symbol not in expr.free_symbols:
        return numbers.roots([S.Zero])[0]
    try:
        return numbers.roots([elasticity(expr, symbol)])[0]
    except SizeError:
        return None


def _layer(row: LayerRow, labels: Sequence[str], subject: Subject, numbers: Numbers) -> dict[str, Any]:
    outputs = [[_size(size, subject.symbols, numbers) for size in shape] for shape in row.outputs]
    counts = [numbers.roots([row.counts[one.key]])[0] if one.key in row.counts else None for one in subject.quantities]
    return {"path": row.path, "label": labels.index(row.label), "outputs": outputs, "counts": counts}


def _size(size: Expr, symbols: Sequence[Symbol], numbers: Numbers) -> int | str:
    """The node of a size; of one that differs from repetition to repetition its formula."""
    return numbers.roots([size])[0] if size.free_symbols <= set(symbols) else plain(size, times="·")
