"""The comparison of coefficients as text for a paper or a spreadsheet."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence

from zoetrope.core.hsic.coefficients import Coefficient

NAMES = {
    "pearson": ("Pearson r", r"Pearson $r$"),
    "spearman": ("Spearman ρ", r"Spearman $\rho$"),
    "kendall": ("Kendall τ", r"Kendall $\tau$"),
    "dcor": ("Distance correlation", "Distance correlation"),
    "dcor_u": ("Distance corr.², unbiased", r"Distance correlation$^2$, unbiased"),
    "xi_xy": ("Chatterjee ξ, y from x", r"Chatterjee $\xi$, $y$ from $x$"),
    "xi_yx": ("Chatterjee ξ, x from y", r"Chatterjee $\xi$, $x$ from $y$"),
    "cka": ("CKA at your widths", r"CKA at $(\sigma_x, \sigma_y)$"),
    "mi_ksg": ("Mutual information, nats", r"Mutual information (KSG), nats"),
    "hsic": ("HSIC at your widths", r"HSIC at $(\sigma_x, \sigma_y)$"),
    "map": ("HSIC, whole map", "HSIC, all widths (honest)"),
}
METHODS = {
    "Student's t": "Student's $t$",
    "moment": "exact moments",
    "none": "",
}
_ESCAPED = {c: f"\\{c}" for c in "&%$#_{}"} | {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


def latex_table(found: Mapping[str, Coefficient], said: Sequence[str] = ()) -> str:
    r"""A `booktabs` table (\usepackage{booktabs}); each of `said` stands above it in a comment."""
    lines = [f"% {' '.join(line.split())}" for line in said]
    lines += [
        r"\begin{tabular}{lrrl}",
        r"\toprule",
        r"Measure & Value & $p$ & $p$ from \\",
        r"\midrule",
    ]
    for name, (_, words) in NAMES.items():
        if name in found:
            one = found[name]
            value = "" if name == "map" else _latex_number(one.value)
            p = "" if one.p_value is None else _latex_number(one.p_value)
            method = METHODS.get(one.method, escaped(one.method))
            lines.append(rf"{words} & {value} & {p} & {method} \\")
    return "\n".join([*lines, r"\bottomrule", r"\end{tabular}"]) + "\n"


def csv_table(found: Mapping[str, Coefficient], said: Sequence[str] = ()) -> str:
    """The same as comma-separated values with all digits; what is undefined is empty."""
    out = io.StringIO()
    out.writelines(f"# {' '.join(line.split())}\n" for line in said)
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["measure", "value", "p", "p from"])
    for name, (words, _) in NAMES.items():
        if name in found:
            one = found[name]
            rows.writerow([words, _digits(one.value), _digits(one.p_value), one.method])
    return out.getvalue()


def escaped(text: str) -> str:
    """Text as LaTeX prints it."""
    return "".join(_ESCAPED.get(character, character) for character in text)


def _digits(value: float | None) -> str:
    return "" if value is None or math.isnan(value) else repr(float(value))


def _latex_number(value: float) -> str:
    r"""Three significant digits in math mode: $0.152$, $-0.0732$, $2.38 \times 10^{-25}$."""
    if math.isnan(value):
        return "undefined"
    text = f"{value:.3g}"
    if "e" not in text:
        return f"${text}$"
    mantissa, power = text.split("e")
    return rf"${mantissa} \times 10^{{{int(power)}}}$"
