"""Where a symbol stands in a LaTeX formula, so that it can be set off from the rest."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|.", re.DOTALL)
_WORDS = {r"\mathrm", r"\text", r"\operatorname", r"\mathbf", r"\mathcal"}


def mark_symbol(latex: str, symbol: str, colour: str) -> str:
    r"""Return the formula with every occurrence of a symbol coloured ("#rrggbb").

    `symbol` is LaTeX too, such as `\rho` or `\sigma_x`. It is not looked for in words
    (`\mathrm{...}`) and subscripts, and another subscript makes another symbol: `T_e` holds no `T`.
    A d before a letter is a differential. The formula is as large as before.
    """
    tokens: list[str] = _TOKEN.findall(latex)
    wanted: list[str] = _TOKEN.findall(symbol.strip())
    if not wanted:
        return latex
    parts: list[str] = []
    at = 0
    while at < len(tokens):
        if tokens[at] in _WORDS or tokens[at] == "_":
            end = _after_argument(tokens, at + 1)
            parts += tokens[at:end]
            at = end
        elif tokens[at : at + len(wanted)] == wanted and _ends(tokens, at, wanted):
            parts.append(f"{{\\color{{{colour}}}{symbol.strip()}}}")
            at += len(wanted)
        else:
            parts.append(tokens[at])
            at += 1
    return "".join(parts)


def _after_argument(tokens: list[str], at: int) -> int:
    """Return where the argument that begins at `at`, a token or a group in braces, is over."""
    if at < len(tokens) and tokens[at] in _WORDS:
        at += 1
    depth = 0
    while at < len(tokens):
        depth += {"{": 1, "}": -1}.get(tokens[at], 0)
        at += 1
        if depth <= 0:
            break
    return at


def _ends(tokens: list[str], at: int, wanted: list[str]) -> bool:
    """Say whether the symbol is over where its tokens are."""
    after = tokens[at + len(wanted)] if at + len(wanted) < len(tokens) else ""
    differential = wanted == ["d"] and (after.isalpha() or after == r"\theta")
    return after != "_" and not differential
