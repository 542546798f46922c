r"""Words as LaTeX has them, for pdfLaTeX too: "50 % of ρω² ≥ −2" as "50 \% of $\rho$..."."""

from __future__ import annotations

import re
import unicodedata

SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#",
    "%": r"\%", "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
    "−": "$-$", "±": r"$\pm$", "×": r"$\times$", "·": r"$\cdot$", "°": r"$^{\circ}$",
    "≤": r"$\leq$", "≥": r"$\geq$", "≈": r"$\approx$", "≠": r"$\neq$", "∞": r"$\infty$",
    "√": r"$\surd$", "→": r"$\to$", "←": r"$\leftarrow$", "ℓ": r"$\ell$", "∈": r"$\in$",
    "‖": r"$\Vert$", "∂": r"$\partial$", "∑": r"$\sum$", "∫": r"$\int$", "∝": r"$\propto$",
    "…": r"\dots{}", "–": "--", "—": "---", "“": "``", "”": "''", "‘": "`", "’": "'",
    "\N{NO-BREAK SPACE}": "~", "\N{THIN SPACE}": r"\,", "\N{NARROW NO-BREAK SPACE}": r"\,",
}  # fmt: skip

_INDICES = re.compile(r"([_^])\{[^{}]*\}(?:\1\{[^{}]*\})+")
_BRACES = re.compile("[_^{}]")
# Commands of small Greek letters that are not their names in Unicode.
OF_SIGNS = {"LAMDA": "lambda", "EPSILON": "varepsilon", "PHI": "varphi"}


def latex_text(words: str) -> str:
    """Return words for the text of a LaTeX document; letters it knows no command for stay."""
    text = "".join(SPECIAL.get(letter) or _letter(letter) for letter in words).replace("$$", "")
    # Several digits below or above a line are one index: two in a row are an error of LaTeX.
    return _INDICES.sub(lambda run: f"{run[1]}{{{_BRACES.sub('', run[0])}}}", text)


def _letter(letter: str) -> str:
    if letter.isascii():
        return letter
    name = unicodedata.name(letter, "")
    kind, _, sign = name.partition(" LETTER ")
    if kind in ("GREEK SMALL", "GREEK CAPITAL") and sign.isalpha():
        return f"${_greek(sign, capital=kind.endswith('CAPITAL'))}$"
    raised = unicodedata.normalize("NFKC", letter)
    if name.startswith(("SUPERSCRIPT ", "SUBSCRIPT ", "LATIN SUBSCRIPT ")) and len(raised) == 1:
        place = "^" if name.startswith("SUPERSCRIPT") else "_"
        return f"${place}{{{'-' if raised == '−' else raised}}}$"
    return letter


def _greek(sign: str, *, capital: bool) -> str:
    """Return the command of a Greek letter; capitals that look Latin have none."""
    sign = OF_SIGNS.get(sign, sign.lower())
    if capital and sign.removeprefix("var") not in (
        "gamma", "delta", "theta", "lambda", "xi", "pi", "sigma", "upsilon", "phi", "psi", "omega",
    ):  # fmt: skip
        return rf"\mathrm{{{sign[0].upper()}}}"
    return f"\\{sign.removeprefix('var').capitalize() if capital else sign}"
