"""Pictures of a rope that lies on its axis: taut, or hanging as a doubled plumb line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoetrope.core.edits import Edit
from zoetrope.core.figure import Axis, Figure, Panel
from zoetrope.core.items import Curve, Handle, Label, Scatter
from zoetrope.core.rope.upright import upright

if TYPE_CHECKING:
    from zoetrope.core.rope.lab_parameters import RopeParameters
    from zoetrope.core.rope.lift_off import PlumbLine

LEGS_APART = 0.012  # of the span: two lines that can be told apart


def straight(parameters: RopeParameters, title: str, words: str = "") -> Figure:
    """Return the picture of a rope that is the straight line between its ends."""
    left, right, span = parameters.radius0, parameters.radius1, parameters.span
    label = (
        Label(key="words", label=words, x=span / 2, y=(left + right) / 2 + 0.06 * span,
              role="guide", anchor="bottom"),
    )  # fmt: skip
    panel = Panel(
        name="profile",
        title=title,
        items=(
            Curve(key="rope", x=[0.0, span], y=[left, right], role="data1", width=2.4),
            *(label if words else ()),
            Handle(key="right end", label="Drag sideways: span", x=span, y=right,
                   x_edit=Edit("span"), y_edit=Edit("radius1")),
            Handle(key="apex", label="Drag up: sag", x=span / 2, y=(left + right) / 2,
                   y_edit=Edit("sag")),
        ),
        x=Axis("Along the axis", "m"),
        y=Axis("Distance from the axis", "m"),
        equal=True,
        summary="A straight line between the two ends.",
    )  # fmt: skip
    return Figure(panels=(panel,))


def collapsed(line: PlumbLine, span: float, needed: str) -> Figure:
    """Return the picture of a doubled plumb line; `needed` says what opens it."""
    apart, fold = LEGS_APART * span, -line.depth
    size = span + max(line.depth, 0.0)
    panel = Panel(
        name="profile",
        title="Too slow: it hangs as a doubled plumb line",
        items=(
            Curve(key="axis", x=[min(fold, 0.0), span], y=[0.0, 0.0], role="guide", dash="dash",
                  width=1.0, layer=-1),
            Curve(key="rope", x=[span, fold, fold, 0.0], y=[0.0, 0.0, apart, apart], role="data1",
                  width=2.6),
            Scatter(key="hands", x=[0.0, span], y=[apart, 0.0], role="text", size=7.0, layer=1),
            Label(key="top", label=f"upper hand holds {line.tension_top:.3g} N", x=span,
                  y=0.06 * size, role="text", anchor="bottom"),
            Label(key="bottom", label=f"lower hand holds {line.tension_bottom:.3g} N", x=0.0,
                  y=0.06 * size, role="text", anchor="bottom"),
            Label(key="fold", label=f"fold, {line.depth:.3g} m below the lower hand", x=fold,
                  y=0.06 * size, role="guide", anchor="bottom"),
            Label(key="needed", label=needed, x=span / 2, y=0.06 * size, role="accent",
                  anchor="bottom"),
            Handle(key="right end", label="Drag up or down: span", x=span, y=0.0,
                   x_edit=Edit("span")),
        ),
        x=Axis("Height", "m"),
        y=Axis("Distance from the axis", "m", range=(-0.4 * size, 0.9 * size)),
        equal=True,
        summary=f"The rope hangs straight down, its fold {line.depth:.3g} m below the lower hand. "
        f"{needed}.",
    )  # fmt: skip
    return Figure(panels=(upright(panel),))
