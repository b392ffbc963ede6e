"""The look of tables and steps in HTML, in light and in dark notebooks: no colour of its own.

Notebooks align cells right and shade every other row by rules of their own, which takes an
``!important`` to undo.
"""

from __future__ import annotations

STYLE = """
.symcnn { overflow-x: auto; color: inherit; }
.symcnn table { border-collapse: collapse; border: 0; margin: 0.5em 0; color: inherit; background: none; }
.symcnn table tr, .symcnn table tr:hover { background: none !important; }
.symcnn table th, .symcnn table td { padding: 0.25em 0.7em; border: 0; color: inherit;
  text-align: left !important; vertical-align: baseline; white-space: nowrap; }
.symcnn table th { border-bottom: 1px solid currentColor; font-weight: 600; }
.symcnn table td { border-bottom: 1px solid rgba(127, 127, 127, 0.25); }
.symcnn table .number { text-align: right !important; font-variant-numeric: tabular-nums; }
.symcnn table tfoot td { border-top: 1px solid currentColor; border-bottom: 0; font-weight: 600; }
.symcnn table.steps td { padding: 0.15em 0.3em; border: 0; vertical-align: middle; }
.symcnn table code { padding: 0; white-space: nowrap; color: inherit; background: none; }
.symcnn table tfoot code { font: inherit; }
.symcnn p { margin: 0.3em 0; }
.symcnn p code { color: inherit; background: none; }
.symcnn math { font-size: 1.05em;
  font-family: "Latin Modern Math", "STIX Two Math", "Cambria Math", "DejaVu Math TeX Gyre", math; }
""".strip()


def framed(inside: str) -> str:
    """A piece of a page with its style."""
    return f'<div class="symcnn">\n<style>\n{STYLE}\n</style>\n{inside}\n</div>'
