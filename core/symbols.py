"""Symbols of formulas as plain text."""

from __future__ import annotations

import re
import unicodedata

_GREEK = {
    "varphi": "φ", "varepsilon": "ε", "vartheta": "ϑ", "ell": "ℓ", "infty": "∞", "cdot": "·",
    "lambda": "λ", "Lambda": "Λ",
}  # fmt: skip
_LOW = dict(zip("0123456789aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))


def plain_symbol(tex: str) -> str:
    r"""Return a short TeX symbol as plain text: r"\omega" as "ω", "r_0" as "r₀"."""
    text = re.sub(r"\\([A-Za-z]+) ?", _sign, tex)
    text = re.sub(
        r"_\{?([0-9a-z]+)\}?",
        lambda found: "".join(_LOW.get(letter, letter) for letter in found[1]),
        text,
    )
    return text.replace("{", "").replace("}", "").replace("$", "")


def _sign(found: re.Match[str]) -> str:
    name = found[1]
    case = "CAPITAL" if name[0].isupper() else "SMALL"
    try:
        return _GREEK.get(name) or unicodedata.lookup(f"GREEK {case} LETTER {name.upper()}")
    except KeyError:
        return name
