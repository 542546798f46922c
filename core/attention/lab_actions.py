"""What the attention lab offers to do with a pattern: zoom in, tune and copy."""

from __future__ import annotations

from zoetrope.core.attention.lab_exports import copies
from zoetrope.core.attention.lab_form import least_work
from zoetrope.core.attention.lab_parameters import AttentionParameters
from zoetrope.core.attention.lab_study import Study
from zoetrope.core.lab import Action

WHOLE = Action(
    "whole", "Show all", "Show the whole pattern.",
    change={"row_low": 0.0, "row_high": 1.0, "column_low": 0.0, "column_high": 1.0},
)  # fmt: skip
CLOSE = 64  # tokens on each side of the pair that is zoomed in on


def actions(study: Study, parameters: AttentionParameters, save: Action) -> tuple[Action, ...]:
    """Return what can be done now, `save` among it."""
    whole = parameters.view == (0.0, 1.0, 0.0, 1.0)
    found = [_zoom_in(study, parameters) if whole else WHOLE]
    if parameters.pattern in ("strided", "sparse"):
        best = least_work(study.n)
        found.append(
            Action("least_work", f"Least work: stride {best:,}",
                   "√(n/2), with which a query of this pattern sees the fewest keys on average.",
                   enabled=parameters.stride != best, change={"stride": best})
        )  # fmt: skip
    return (*found, save, *copies(study, parameters, ("flex",)))


def _zoom_in(study: Study, parameters: AttentionParameters) -> Action:
    n = study.n
    side = min(CLOSE, n / 2)
    change: dict[str, float] = {}
    for name, token in (("row", parameters.query), ("column", parameters.key)):
        middle = min(max(min(token, n - 1) + 0.5, side), n - side)
        change |= {f"{name}_low": (middle - side) / n, f"{name}_high": (middle + side) / n}
    return Action("zoom_in", "Zoom in on the pair", "Show single tokens round query and key.",
                  change=change)  # fmt: skip
