"""What the attention lab offers to do: zoom, save, tune, and copy out."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator

from zoetrope.core.attention.cost_model import cost
from zoetrope.core.attention.lab_choices import CONTROLS, PATTERNS
from zoetrope.core.attention.lab_parameters import AttentionParameters
from zoetrope.core.attention.lab_saved import saved_with
from zoetrope.core.attention.lab_study import Study
from zoetrope.core.attention.lab_words import bytes_words, count_words, share_words
from zoetrope.core.attention.scores import alibi_code, soft_cap_code
from zoetrope.core.lab import Action
from zoetrope.core.long_work import Job

SOFT_CAP = 50.0
MOST_COPIED = 1 << 14  # numbers in the tables of a copied file
WHOLE = Action(
    "whole", "Show all", "Show the whole pattern.",
    change={"row_low": 0.0, "row_high": 1.0, "column_low": 0.0, "column_high": 1.0},
)  # fmt: skip
CLOSE = 64  # tokens on each side of the pair that is zoomed in on


def actions(study: Study, parameters: AttentionParameters) -> tuple[Action, ...]:
    """Return what can be done now."""
    whole = parameters.view == (0.0, 1.0, 0.0, 1.0)
    found = [_zoom_in(study, parameters) if whole else WHOLE]
    if parameters.pattern in ("strided", "sparse"):
        best = max(1, round(math.sqrt(study.n / 2)))
        found.append(
            Action("least_work", f"Least work: stride {best:,}",
                   "√(n/2), with which a query of this pattern sees the fewest keys on average.",
                   enabled=parameters.stride != best, change={"stride": best})
        )  # fmt: skip
    return (*found, save(parameters), *copies(study, parameters, ("flex",)))


def _zoom_in(study: Study, parameters: AttentionParameters) -> Action:
    n = study.n
    side = min(CLOSE, n / 2)
    change: dict[str, float] = {}
    for name, token in (("row", parameters.query), ("column", parameters.key)):
        middle = min(max(min(token, n - 1) + 0.5, side), n - side)
        change |= {f"{name}_low": (middle - side) / n, f"{name}_high": (middle + side) / n}
    return Action("zoom_in", "Zoom in on the pair", "Show single tokens round query and key.",
                  change=change)  # fmt: skip


def save(parameters: AttentionParameters) -> Action:
    """Return the keeping of this pattern under the next free letter."""
    kept = saved_with(parameters)
    if kept is None:
        return Action("save", "Save", "Eight patterns are saved, or this is a combination itself: "
                      "empty “Saved patterns” or choose another.", enabled=False)  # fmt: skip
    letter, text = kept
    return Action("save", f"Save as {letter}", "Keep this pattern, to compare with and to combine.",
                  change={"saved": text})  # fmt: skip


def copies(
    study: Study, parameters: AttentionParameters, wanted: Collection[str]
) -> tuple[Action, ...]:
    """Return what can be copied out, of "flex", "json" and "latex"."""
    found = []
    if "flex" in wanted:
        text = _flex(study, parameters).result or ""
        found.append(
            Action("flex", "Copy FlexAttention code",
                   "A Python file with the mask_mod, the block mask and a check of itself.",
                   enabled=bool(text), copy=text)
        )  # fmt: skip
    if "json" in wanted:
        text = _json(study).result or ""
        found.append(
            Action("json", "Copy as JSON", "The pattern, as from_json reads it.",
                   enabled=bool(text), copy=text)
        )  # fmt: skip
    if "latex" in wanted:
        text = latex_row(study, parameters)
        found.append(
            Action("latex", "Copy LaTeX row", "Name, n, pairs, shares, products and bytes.",
                   enabled=bool(text), copy=text)
        )  # fmt: skip
    return tuple(found)


def texts(study: Study, parameters: AttentionParameters) -> dict[str, str]:
    """Return the FlexAttention module, by the ending of its file."""
    text = _flex(study, parameters).result
    return {"py": text} if text else {}


def _flex(study: Study, parameters: AttentionParameters) -> Job[str]:
    score, heads = parameters.score, parameters.heads

    def steps() -> Iterator[str]:
        pattern = study.counted()
        if pattern is not None and _short(study):
            yield pattern.to_flex(score=_score_code(score, heads))

    return study.jobs.get("flex", (study.count().result is None, score, heads), steps)


def _score_code(score: str, heads: int) -> str:
    if score == "alibi":
        return alibi_code(heads)
    return soft_cap_code(SOFT_CAP) if score == "soft_cap" else ""


def _json(study: Study) -> Job[str]:
    def steps() -> Iterator[str]:
        if _short(study):
            yield study.pattern.to_json()

    return study.jobs.get("json", None, steps)


def copy_jobs(study: Study, parameters: AttentionParameters) -> Iterator[Job[str]]:
    """Yield what makes the texts to copy."""
    yield _flex(study, parameters)
    yield _json(study)


def _short(study: Study) -> bool:
    return sum(len(table) for table in study.pattern.rule.tables.values()) <= MOST_COPIED


def latex_row(study: Study, parameters: AttentionParameters) -> str:
    """Return "Strided & 1024 & 66560 & 6.3 \\% ..." or nothing while the count is not known."""
    pattern = study.counted()
    if pattern is None:
        return ""
    layer = cost(pattern, parameters.d_head, parameters.heads, parameters.batch, parameters.dtype)
    numbers = ", ".join(
        f"{control.replace('_', ' ')} {getattr(parameters, control)}"
        for control in dict.fromkeys(CONTROLS[parameters.pattern].values())
        if isinstance(getattr(parameters, control), int)
    )
    cells = [
        f"{PATTERNS[parameters.pattern]} ({numbers})" if numbers else PATTERNS[parameters.pattern],
        f"{study.n}",
        f"{layer.nnz}",
        _percent(layer.share_of_full),
        _percent(layer.share_of_causal),
        count_words(layer.matmul_flops)
        if layer.matmul_flops < 10_000
        else _scientific(layer.matmul_flops),
        bytes_words(layer.stream_bytes),
    ]
    return " & ".join(cells) + r" \\"


def _percent(share: float) -> str:
    words = share_words(share)
    return rf"{_scientific(100 * share)} \%" if "×" in words else words.replace("%", r"\%")


def _scientific(value: float) -> str:
    mantissa, power = f"{value:.2e}".split("e")
    return rf"${mantissa}\times10^{{{int(power)}}}$"
