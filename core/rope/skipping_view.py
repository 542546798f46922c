"""The skipping page's picture: the rope over the ground, its speed, and where it lingers."""

from __future__ import annotations

import math

import numpy as np

from zoetrope.core.edits import Edit
from zoetrope.core.figure import Axis, Cell, Figure, Panel
from zoetrope.core.items import Band, Curve, Handle, Item, Label, Rule, Scatter
from zoetrope.core.rope.lab_parameters import RopeParameters
from zoetrope.core.rope.skipping_data import BOTTOM, TOP, Skipping

RPM = 30 / math.pi
FLASHES = 24  # positions in a turn, equal times apart
HEAD = np.linspace(0.0, 2 * math.pi, 33)


def skipping_figure(skipping: Skipping, parameters: RopeParameters) -> Figure:
    """Return the picture at the playhead's time."""
    return Figure(
        panels=(
            _front(skipping, parameters, Cell(0, 0, row_span=2)),
            _speed(skipping, parameters, Cell(0, 1)),
            _lingering(skipping, parameters, Cell(1, 1)),
        ),
        widths=(1.3, 1.0),
        heights=(1.0, 1.1),
    )


def clearances(skipping: Skipping, parameters: RopeParameters) -> tuple[float, float]:
    """Metres under the feet (negative: the rope would hit the ground) and over the head."""
    bottom, top = skipping.at(BOTTOM), skipping.at(TOP)
    under = parameters.hand_height - bottom.sag if bottom is not None else math.nan
    over = parameters.hand_height + top.sag - parameters.skipper if top is not None else math.nan
    return under, over


def _front(skipping: Skipping, parameters: RopeParameters, cell: Cell) -> Panel:
    hands, span = parameters.hand_height, skipping.plain.span
    turn = skipping.turn(parameters.phase)
    items: list[Item] = [*_ground(skipping, parameters), *_skipper(parameters, span)]
    for key, at in (("bottom", BOTTOM), ("top", TOP)):
        rope = skipping.at(at)
        if rope is not None:
            side = -1.0 if at == BOTTOM else 1.0
            items += [
                Curve(key=key, x=rope.x, y=hands + side * rope.y, role="data1", width=1.2,
                      dash="dot"),
                Label(key=f"{key} words", label=f"at the {key}", x=span / 2,
                      y=hands + side * (1.04 * rope.sag), role="data1",
                      anchor="top" if at == BOTTOM else "bottom"),
            ]  # fmt: skip
    now = skipping.at(turn)
    if now is not None:
        height = hands - now.y * math.cos(math.radians(turn))
        items.append(Curve(key="rope", x=now.x, y=height, role="data1", width=3.2, layer=1))
    items.append(
        Handle(key="hands", label="Drag up or down: height of the hands", x=span, y=hands,
               x_edit=Edit("span"), y_edit=Edit("hand_height"))
    )  # fmt: skip
    return Panel(
        name="front",
        title="Frozen snapshot: too slow to leave the bottom"
        if skipping.too_slow
        else f"Frozen snapshot, {turn:.0f}° past the bottom",
        cell=cell,
        items=tuple(items),
        x=Axis("Along the axis", "m"),
        y=Axis("Height", "m"),
        equal=True,
        summary=_passing(*clearances(skipping, parameters)),
    )


def _passing(under: float, over: float) -> str:
    """Where the rope passes, in words; nan where gravity leaves no rope to pass."""
    words = []
    for place, metres, what in (("bottom", under, "ground"), ("top", over, "head")):
        side = "below" if metres < 0 else "above"
        at = f"it is {abs(metres):.3g} m {side} the {what}"
        words.append(f"At the {place} {'there is no rope' if math.isnan(metres) else at}.")
    return " ".join(words)


def _ground(skipping: Skipping, parameters: RopeParameters) -> list[Item]:
    span = skipping.plain.span
    reach = 0.25 * span
    return [
        Band(key="ground", x=[-reach, span + reach], low=[-0.06 * span] * 2, high=[0.0, 0.0],
             role="guide", opacity=0.35, layer=-2),
        Curve(key="axis", x=[0.0, span], y=[parameters.hand_height] * 2, role="guide",
              dash="dash", width=1.0, layer=-1),
        Label(key="ground words", label="ground", x=span + reach / 2, y=-0.06 * span,
              role="guide", anchor="top"),
    ]  # fmt: skip


def _skipper(parameters: RopeParameters, span: float) -> list[Item]:
    """One who stands under the middle."""
    tall, x = parameters.skipper, span / 2
    head = 0.075 * tall
    body = np.array(
        [
            [-0.07, 0.0], [0.0, 0.47], [0.07, 0.0], [math.nan, math.nan], [0.0, 0.47],
            [0.0, 0.85], [math.nan, math.nan], [-0.12, 0.52], [0.0, 0.8], [0.12, 0.52],
        ]
    ) * tall  # fmt: skip
    return [
        Curve(key="body", x=x + body[:, 0], y=body[:, 1], role="guide", width=1.6, layer=-1),
        Curve(key="head", x=x + head * np.cos(HEAD), y=tall - head + head * np.sin(HEAD),
              role="guide", width=1.6, layer=-1),
    ]  # fmt: skip


def _speed(skipping: Skipping, parameters: RopeParameters, cell: Cell) -> Panel:
    rotor, mean = skipping.rotor, skipping.plain.omega * RPM
    items: list[Item] = [Rule(key="mean", label=f"mean {mean:.4g}", axis="y", value=mean)]
    title = "Too slow to go over the top"
    needed = skipping.least * RPM
    top = 1.3 * max(mean, needed)
    if rotor is None:
        items.append(Rule(key="needed", label=f"needed at the bottom {needed:.4g}", axis="y",
                          value=needed, role="warn"))  # fmt: skip
    if rotor is not None:
        rpm = rotor.omega * RPM
        now = float(np.interp(parameters.phase / 360 * rotor.period, rotor.time, rpm))
        items += [
            Curve(key="speed", x=rotor.time / rotor.period, y=rpm, role="data4", width=2.2),
            Rule(key="now", axis="x", value=parameters.phase / 360, role="text", dash="dot"),
            Scatter(key="place", x=[parameters.phase / 360], y=[now], role="text", size=6.0,
                    layer=2),
        ]  # fmt: skip
        top = 1.1 * float(rpm.max())
        ratio = rotor.omega_bottom / rotor.omega_top
        title = f"{ratio:.3g} × faster at the bottom"
    return Panel(
        name="speed",
        title=title,
        cell=cell,
        items=tuple(items),
        x=Axis("Time", "turns", range=(0.0, 1.0)),
        y=Axis("Rotor's speed", "rpm", range=(0.0, top)),
        pick_x=Edit("phase", scale=360.0),
        summary=title + ".",
    )


def _lingering(skipping: Skipping, parameters: RopeParameters, cell: Cell) -> Panel:
    """The farthest point, seen along the axis at equal times."""
    sag, hands = skipping.plain.sag, parameters.hand_height
    ring = np.linspace(0, 2 * math.pi, 121)
    times = np.arange(FLASHES) * 360.0 / FLASHES
    turns = np.radians(skipping.turns(times))
    now = math.radians(skipping.turn(parameters.phase))
    items: list[Item] = [
        Curve(key="circle", x=sag * np.sin(ring), y=hands - sag * np.cos(ring), role="guide",
              width=0.8, dash="dot"),
        Scatter(key="hand", x=[0.0], y=[hands], role="text", size=5.0),
        Scatter(key="flashes", x=sag * np.sin(turns), y=hands - sag * np.cos(turns), role="data1",
                size=5.0, opacity=0.6),
        Label(key="words", label="equal times apart", x=0.0, y=hands + 1.4 * sag, role="guide",
              anchor="top"),
        Curve(key="arm", x=[0.0, sag * math.sin(now)], y=[hands, hands - sag * math.cos(now)],
              role="data1", width=2.4),
    ]  # fmt: skip
    title = "It lingers at the top"
    rotor = skipping.rotor
    if rotor is not None:
        mean = hands + rotor.mean_height
        items.append(Rule(key="mean", label="mean height", axis="y", value=mean, role="data4"))
    else:
        title = "It swings below the hands"
    return Panel(
        name="lingering",
        title=title,
        cell=cell,
        items=tuple(items),
        x=Axis("Across", "m"),
        y=Axis("Height", "m"),
        equal=True,
        summary="The farthest point of the rope at equal times, as seen along the axis.",
    )
