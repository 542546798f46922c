"""What is shown where nothing can be trained yet: points without a density, an empty painting."""

from __future__ import annotations

import numpy as np

from zoetrope.core.figure import Axis, Cell, Figure, Panel
from zoetrope.core.iresnet.errors import IResNetError
from zoetrope.core.iresnet.lab_actions import jitter_action
from zoetrope.core.iresnet.lab_choices import BRUSH_ROWS
from zoetrope.core.iresnet.lab_data import DRAWN_OR_GIVEN, MOST_SHOWN
from zoetrope.core.iresnet.lab_parameters import IResNetParameters
from zoetrope.core.items import Array, Scatter
from zoetrope.core.lab import Frame, Notice
from zoetrope.core.parameters import written

_JITTER = 0.02  # of the spread along the line


def offered_instead(error: IResNetError, parameters: IResNetParameters) -> Frame | None:
    """Return a frame that says what is wrong and offers the way out; None if there is nothing to
    show.
    """
    if parameters.source == "painted" and not parameters.cells:
        return _empty_ground(error)
    if parameters.source == "sprayed" and error.code in ("too_few", "degenerate"):
        return _few_points(error, _points(parameters))
    if error.code == "degenerate" and not parameters.jitter:
        return _on_a_line(error, _points(parameters))
    return None


def _points(p: IResNetParameters) -> Array:
    """The points as they are, at most 2000."""
    if p.source in DRAWN_OR_GIVEN:
        return np.array(p.points[:MOST_SHOWN]).reshape(-1, 2)
    if p.source == "file":
        from zoetrope.core.iresnet.own_points import read_columns

        values, _, _ = read_columns(p.data_file, p.columns or None, written(p, "data_file"))
        return values[np.isfinite(values).all(1)][:MOST_SHOWN]
    from zoetrope.core.iresnet.datasets import make

    return make(p.source, MOST_SHOWN, p.seed).double().numpy()


def _empty_ground(error: IResNetError) -> Frame:
    from zoetrope.core.iresnet.train_view import painting_panel

    return Frame(
        figure=Figure(panels=(painting_panel(np.empty((0, 2)), Cell(0, 0)),)),
        notices=(Notice(str(error), "info"),),
    )


def _few_points(error: IResNetError, points: Array) -> Frame:
    from zoetrope.core.iresnet.train_view import drawing_panel

    return Frame(
        figure=Figure(panels=(drawing_panel(points, Cell(0, 0)),)),
        notices=(Notice(str(error), "info"),),
        unfolded=BRUSH_ROWS,
    )


def _on_a_line(error: IResNetError, points: Array) -> Frame:
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
