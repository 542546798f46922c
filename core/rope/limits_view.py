"""The limits page's picture: the rope over its speed, and the drag over its lag."""

from __future__ import annotations

import math

import numpy as np

from zoetrope.core.edits import Edit
from zoetrope.core.figure import Axis, Cell, Figure, Panel
from zoetrope.core.items import Curve, Item, Label, Region, Rule, Scatter
from zoetrope.core.rope.limits_data import Limits, lag_of


def limits_figure(limits: Limits) -> Figure:
    """Return what is known so far."""
    drag = _lever if limits.on_axis else _drag
    return Figure(
        panels=(
            _radius(limits, Cell(0, 0)),
            _tension(limits, Cell(1, 0)),
            drag(limits, Cell(0, 1, row_span=2)),
        ),
        widths=(1.0, 1.0),
        heights=(1.4, 1.0),
    )


def _speed_axis(limits: Limits) -> Axis:
    near = limits.limit < 1.3 * limits.top  # so that its rule is seen
    return Axis("Speed", "rpm", range=(0.0, 1.02 * (limits.limit if near else limits.top)))


def _radius(limits: Limits, cell: Cell) -> Panel:
    p = limits.parameters
    items: list[Item] = [
        Curve(key="radius", x=limits.rpm, y=limits.radius, role="data1", width=2.6),
        *_edges(limits),
    ]
    here = limits.here
    speed = p.speed
    reached = here.radius_max if here is not None else 0.0
    if speed <= 1.02 * limits.top:
        items.append(Scatter(key="here", x=[speed], y=[reached], role="accent", size=9.0, layer=2))
    known = [r for r in limits.radius if not math.isnan(r)]
    top = max([*known, reached, 0.05 * p.span])
    return Panel(
        name="radius",
        title=_title(limits),
        cell=cell,
        items=tuple(items),
        x=_speed_axis(limits),
        y=Axis("Farthest from the axis", "m", range=(-0.04 * top, 1.1 * top)),
        pick_x=Edit("speed"),
        summary=f"{_title(limits)}. At {speed:.4g} rpm the rope stands {reached:.3g} m out.",
    )


def _title(limits: Limits) -> str:
    p = limits.parameters
    if limits.onset and p.stretches and limits.length < p.span:
        return f"Below {limits.onset:.4g} rpm it stays straight"
    if limits.onset:
        return f"Below {limits.onset:.4g} rpm it hangs, above it opens"
    if p.stretches and limits.limit < 2 * limits.top:
        return f"At {limits.limit:.4g} rpm stretch has no bound"
    if p.upright_gravity or p.stretches:
        return "Speed draws it out"
    return (
        "In air, too, the speed changes no curve"
        if p.drag
        else "In space the speed changes no curve"
    )


def _edges(limits: Limits) -> list[Item]:
    """Where the rope leaves the axis, and where it gives way."""
    items: list[Item] = []
    if limits.onset:
        straight = limits.parameters.stretches and limits.length < limits.parameters.span
        items += [
            Region(key="lying", axis="x", low=0.0, high=limits.onset, role="warn", opacity=0.1),
            Rule(key="onset", axis="x", value=limits.onset, role="warn",
                 label=f"{'whirls' if straight else 'lifts off'} at {limits.onset:.4g}"),
        ]  # fmt: skip
    if limits.limit < 1.3 * limits.top:
        items.append(
            Rule(key="limit", axis="x", value=limits.limit, role="warn",
                 label=f"no bound at {limits.limit:.4g}")
        )  # fmt: skip
    return items


def _tension(limits: Limits, cell: Cell) -> Panel:
    items: list[Item] = [
        Curve(key="tension", x=limits.rpm, y=limits.tension, role="data2", width=2.2)
    ]
    here = limits.here
    strongest = max(here.end_tension) if here is not None else math.nan
    if here is not None:
        items.append(
            Scatter(key="here", x=[limits.parameters.speed], y=[strongest], role="accent",
                    size=9.0, layer=2)
        )  # fmt: skip
    known = [t for t in limits.tension if not math.isnan(t)]
    top = max([*known, 1e-9])
    return Panel(
        name="tension",
        title="The faster, the harder it pulls",
        cell=cell,
        items=tuple(items),
        x=_speed_axis(limits),
        y=Axis("Stronger hand's pull", "N", range=(0.0, 1.08 * top)),
        pick_x=Edit("speed"),
        link_x="radius",
        summary=f"The stronger hand pulls with {strongest:.3g} newtons at this speed.",
    )


def _air_edit(limits: Limits) -> Edit | None:
    """Set the air by a drag number."""
    p = limits.parameters
    if not p.drag_coefficient:
        return None
    return Edit("air", scale=2 * p.density / (p.drag_coefficient * p.diameter * p.span))


def _drag(limits: Limits, cell: Cell) -> Panel:
    branch, number = limits.branch, limits.parameters.drag_number
    items: list[Item] = []
    title, summary = "What air can it be turned against?", "The branch is being computed."
    top = number
    if branch is not None:
        most = branch.stall
        rising = branch.lag_deg <= most.lag_deg
        first, rest = np.flatnonzero(rising), np.flatnonzero(~rising)
        # on the way to the stall nothing joins the last rope and it
        turn = [most] if len(rest) or limits.followed else []
        lag = np.concatenate([branch.lag_deg[first], [one.lag_deg for one in turn],
                              branch.lag_deg[rest]])  # fmt: skip
        drag = np.concatenate([branch.drag_number[first], [one.drag_number for one in turn],
                               branch.drag_number[rest]])  # fmt: skip
        fold = len(first) + len(turn)
        items += [
            Curve(key="turned", label="", x=lag[:fold], y=drag[:fold], role="data1", width=2.8),
            Curve(key="beyond", x=lag[fold - 1 :],
                  y=drag[fold - 1 :], role="data1", width=1.4, dash="dash"),
            Scatter(key="fold", x=[most.lag_deg], y=[most.drag_number], role="warn", size=8.0,
                    marker="diamond", layer=2),
            Label(key="fold words", label=f"stalls: trails by {most.lag_deg:.0f}°",
                  x=most.lag_deg, y=1.03 * most.drag_number, role="warn", anchor="bottom"),
        ]  # fmt: skip
        if limits.followed:
            items.append(
                Label(key="beyond words", label="not reached by more air", x=float(lag[-1]) - 8,
                      y=0.06 * most.drag_number, role="data1", anchor="right")
            )  # fmt: skip
        title = f"Beyond a drag number of {most.drag_number:.3g} it stalls"
        summary = f"The drag number rises to {most.drag_number:.4g} at a lag of "
        summary += f"{most.lag_deg:.1f} degrees, and falls again."
        top = max(top if top < 3 * most.drag_number else 0.0, most.drag_number)
    elif limits.refused is not None:
        items.append(Label(key="refused", label="There is no such rope to load with air.", x=90.0,
                           y=0.5, role="guide", anchor="center"))  # fmt: skip
        summary = str(limits.refused)
    if number and number <= 1.1 * top:
        items.append(Rule(key="air", label=f"this air: {number:.3g}", axis="y", value=number))
        if limits.here is not None and lag_of(limits.here):
            items.append(
                Scatter(key="here", x=[lag_of(limits.here)], y=[number], role="accent", size=9.0,
                        layer=2)
            )  # fmt: skip
    return Panel(
        name="drag",
        title=title,
        cell=cell,
        items=tuple(items),
        x=Axis("Lag behind the hands", "°", range=(0.0, 180.0)),
        y=Axis("Drag number", range=(0.0, 1.15 * top or 1.0)),
        pick_y=_air_edit(limits),
        summary=summary,
    )


def _lever(limits: Limits, cell: Cell) -> Panel:
    """With both hands on the axis: the drag they could turn it against further out."""
    d = limits.parameters.span
    radius = np.linspace(0.0, 0.15 * d, 31)
    number = limits.parameters.drag_number
    items: list[Item] = []
    if limits.least > 0:
        items.append(Curve(key="law", x=radius, y=radius / limits.least, role="data1", width=2.6))
        top = 0.15 * d / limits.least
    else:
        top = 1.0
        items.append(Label(key="words", label="not known for this rope", x=0.075 * d, y=0.5,
                           role="guide", anchor="center"))  # fmt: skip
    if limits.least > 0 and 0 < number <= top:
        items += [
            Rule(key="air", label=f"this air: {number:.3g}", axis="y", value=number),
            Scatter(key="needed", x=[number * limits.least], y=[number], role="accent", size=9.0,
                    layer=2),
        ]  # fmt: skip
    return Panel(
        name="drag",
        title="Air needs a lever: hands off the axis",
        cell=cell,
        items=tuple(items),
        x=Axis("Radius of both hands", "m", range=(0.0, 0.15 * d)),
        y=Axis("Most drag number", range=(0.0, 1.05 * top)),
        pick_y=_air_edit(limits),
        summary="The most drag that hands near the axis turn this rope against grows as their "
        "radius.",
    )
