"""How the name of a symbol is typeset: its letter, and its subscripts."""

from __future__ import annotations

import re
from typing import NamedTuple

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π",
    "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ",
    "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip
"""The Greek letters that LaTeX has a command for."""

LETTER_AND_NUMBER = re.compile(r"([^\W\d_])(\d+)")


class Name(NamedTuple):
    """A symbol's letter (or word), and the words of its subscript."""

    base: str
    below: tuple[str, ...]


def split(name: str) -> Name:
    """The letter and the subscripts of a name.

    >>> split("C_out_features_0")
    Name(base='C', below=('out', 'features', '0'))
    >>> split("w1"), split("chat")
    (Name(base='w', below=('1',)), Name(base='chat', below=()))
    """
    base, _, below = name.partition("_")
    if not base:
        return Name(name, ())
    numbered = LETTER_AND_NUMBER.fullmatch(base)
    words = tuple(word for word in below.split("_") if word)
    return Name(numbered[1], (numbered[2], *words)) if numbered else Name(base, words)
