"""What is shown where nothing can be trained yet: points without a density, an empty painting."""

from __future__ import annotations

import numpy as np

from zoetrope.core.figure import Axis, Cell, Figure, Panel, Scatter
from zoetrope.core.iresnet.errors import IResNetError
from zoetrope.core.iresnet.lab_actions import jitter_action
from zoetrope.core.iresnet.lab_parameters import IResNetParameters
from zoetrope.core.lab import Frame, Notice

_JITTER = 0.02  # of the spread along the line


def offered_instead(error: IResNetError, parameters: IResNetParameters) -> Frame | None:
    """Return a frame that says what is wrong and offers the way out; None if there is nothing to
    show.
    """
    if parameters.source == "painted" and not parameters.cells:
        return _empty_ground(error)
    if parameters.source == "points" and error.code == "degenerate":
        return _on_a_line(error, np.array(parameters.points))
    return None


def _empty_ground(error: IResNetError) -> Frame:
    from zoetrope.core.iresnet.train_view import painting_panel

    return Frame(
        figure=Figure(panels=(painting_panel(np.empty((0, 2)), Cell(0, 0)),)),
        notices=(Notice(str(error), "info"),),
    )


def _on_a_line(error: IResNetError, points: np.ndarray) -> Frame:
    spread = float(np.hypot(*points.std(0)))
    width = _JITTER * (spread or 1.0)
    panel = Panel(
        name="beside",
        title="Points on a line have no density",
        items=(Scatter(key="points", x=points[:, 0], y=points[:, 1], role="data1"),),
        x=Axis("x"),
        y=Axis("y"),
        summary=str(error),
    )
    return Frame(
        figure=Figure(panels=(panel,)),
        notices=(Notice(str(error), "error", error.parameter),),
        actions=(jitter_action(width),),
    )
