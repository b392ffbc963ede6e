"""What students type, as the formulas of ``symcnn.parsing``: ``3×3·C_in``, ``k²``, ``2p``, ``⌊H/2⌋``, ``8,256``.

Nothing is run: the text is put into the whitelist's notation, and the whitelist reads it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from sympy import Expr, Pow, Symbol

from ..errors import SizeError, UnknownNameError
from ..parsing import parse_expression

LONGEST = 200
"""Characters in an answer."""

TALLEST = 24
"""How high all powers of an answer may be, taken together: with more, numbers would fill the memory."""

SIGNS = str.maketrans(
    {
        "·": "*", "×": "*", "⋅": "*", "∙": "*", "∗": "*", "•": "*", "−": "-", "–": "-", "÷": "/", "∕": "/",
        "²": "**2 ", "³": "**3 ", "⁴": "**4 ", "^": "**", "⌊": " floor(", "⌋": ")", "⌈": " ceil(", "⌉": ")",
        "[": "(", "]": ")", "{": "(", "}": ")", "\u00a0": " ", "\u202f": " ",
    }
)  # fmt: skip
THOUSANDS = re.compile(r"[+-]?\d{1,3}([,' \u00a0\u202f]\d{3})+(\.0*)?")
CROSS = re.compile(r"(?<=[\w)])\s+[xX]\s+(?=[\w(])|(?<=[\d)])[xX](?=[\d(])")
LEFT_SIDE = re.compile(r"^\s*[A-Za-z_ ]*=(?!=)")
TOKEN = re.compile(r"\s*(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+|[^\W\d]\w*|\*\*|//|[-+*/()])")
ROUNDED = ("floor", "ceil")

WORDS = {
    other: word
    for word, others in {
        "k": "kernel kernelsize kh kw kd kl",
        "s": "stride sh sw sd sl",
        "p": "padding ph pw pd pl",
        "d": "dilation dh dw",
        "g": "group groups",
        "a": "outputpadding",
        "h": "w l height width length",
        "hout": "ho oh wo ow wout lout outputheight outputwidth",
        "c": "channels",
        "cin": "inchannels",
        "cout": "outchannels filters",
        "fin": "infeatures",
        "fout": "outfeatures",
    }.items()
    for other in others.split()
}
"""Other words for sizes, without case and underscores; in an exercise kernels and maps are as high as wide."""


def read(text: str, symbols: tuple[Symbol, ...]) -> Expr:
    """An answer as an expression in the sizes of an exercise.

    Raises:
        SizeError: no number and no formula, or one that is too long or has too high powers.
        UnknownNameError: a name that the exercise does not have.

    >>> from symcnn import dims
    >>> sizes = dims("k C_in C_out")
    >>> read("(k² Cin + 1) × C_out", sizes), read("8,256", ()), read("3x3x3x32 + 32", ())
    (C_out*(C_in*k**2 + 1), 8256, 896)
    """
    if len(text) > LONGEST:
        raise SizeError(f"an answer has at most {LONGEST} characters, got {len(text):,}")
    if THOUSANDS.fullmatch(text.strip()):
        text = re.sub(r"[,'\s]", "", text)
    return _expression(translated(text), symbols)


@lru_cache(maxsize=4096)
def _expression(text: str, symbols: tuple[Symbol, ...]) -> Expr:
    try:
        found = parse_expression(text, _named(symbols))
    except UnknownNameError:
        raise
    except (SizeError, ZeroDivisionError) as error:
        raise SizeError(f"an answer is a number or a formula; {error}") from None
    if _height(found) > TALLEST:
        raise SizeError(f"the powers in an answer go up to {TALLEST}, all together, got {text.strip()!r}")
    return found


def translated(text: str) -> str:
    """The whitelist's notation: signs, crosses, and the products that are not written out.

    >>> translated("2p + k²(C_in+1)"), translated("3 x 3"), translated("params = ⌊H/2⌋")
    ('2 * p + k ** 2 * ( C_in + 1 )', '3 * 3', 'floor ( H / 2 )')
    """
    plain = CROSS.sub("*", LEFT_SIDE.sub("", text)).translate(SIGNS)
    tokens, place = [], 0
    while match := TOKEN.match(plain, place):
        tokens.append(match[1])
        place = match.end()
    if plain[place:].strip():
        return plain  # Something that no formula has: the whitelist will say what.
    return " ".join(_multiplied(tokens))


def _multiplied(tokens: list[str]) -> list[str]:
    """The tokens with a sign between factors that stand side by side."""
    written: list[str] = []
    for token in tokens:
        before = written[-1] if written else ""
        ends = before and (before[-1].isalnum() or before[-1] in "_).") and before not in ROUNDED
        numbers = before and before[0].isdigit() and token[0].isdigit()
        if ends and not numbers and (token == "(" or token[0].isalnum() or token[0] in "_."):
            written.append("*")
        written.append(token)
    return written


class _Named(dict[str, Expr]):
    """Sizes by name, with the other words that students have for them."""

    def __contains__(self, name: object) -> bool:
        return self._known(str(name)) is not None

    def __getitem__(self, name: str) -> Expr:
        return super().__getitem__(self._known(name) or name)

    def _known(self, name: str) -> str | None:
        if super().__contains__(name):
            return name
        word = _bare(name)
        return next((known for known in self if _bare(known) in (word, WORDS.get(word))), None)


def _bare(name: str) -> str:
    return name.replace("_", "").lower()


def _named(symbols: tuple[Symbol, ...]) -> Mapping[str, Expr]:
    return _Named({symbol.name: symbol for symbol in symbols})


def _height(expr: Expr) -> int:
    """How large a power of the sizes a formula can be at most."""
    if isinstance(expr, Pow):
        power = expr.exp
        return _height(expr.base) * abs(int(power)) if power.is_Integer else TALLEST + 1
    heights = [_height(part) for part in expr.args]
    if not heights:
        return int(expr.is_Symbol)
    return sum(heights) if expr.is_Mul else max(heights)
