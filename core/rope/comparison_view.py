"""The compare page: the curves a spinning rope is mistaken for, and how far off each of them is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from zoetrope.core.figure import Axis, Cell, Figure, Panel
from zoetrope.core.items import Array, Curve, Dash, Item, Label, Role, Rule, Scatter
from zoetrope.core.lab import Notice, Readout
from zoetrope.core.rope.comparison import Comparison, Overlay, compare
from zoetrope.core.rope.solution import RopeSolution

if TYPE_CHECKING:
    from zoetrope.core.rope.lab_parameters import RopeParameters

STYLES: dict[str, tuple[str, Role, Dash]] = {
    "catenary": ("catenary", "data2", "solid"),
    "parabola": ("parabola", "data3", "solid"),
    "sine": ("sine", "data4", "solid"),
    "circular_arc": ("circular arc", "data5", "dash"),
    "half_ellipse": ("half-ellipse", "data6", "dash"),
    "sas_minimax": ("straight-arc-straight", "data7", "dot"),
    "sas_same_length": ("same length and sag", "data2", "dot"),
    "sas_same_angle": ("same end angle", "data3", "dot"),
}
SHORT = {"sas_minimax": "straight-arc"}  # beside a dot, where little room is
FAR = 4.0  # times the usual deviation: such a curve may leave the panel of differences
GROUPS = {
    "all": ("catenary", "parabola", "sine", "circular_arc", "half_ellipse", "sas_minimax"),
    "close": ("catenary", "parabola", "sine", "sas_minimax"),
    "blades": ("sas_same_length", "sas_minimax", "sas_same_angle"),
}


def comparison_of(rope: RopeSolution) -> Comparison:
    """Compare the rope of this length and span with both ends on the axis, in mode 1."""
    slack = rope.slack
    if rope.radius0 != rope.radius1:
        slack = rope.length / rope.span - 1
    return compare(None, rope.span, slack=slack, omega=rope.omega, density=rope.density)


def shown(comparison: Comparison, parameters: RopeParameters) -> tuple[Overlay, ...]:
    """Return the chosen overlays that exist for this rope."""
    chosen = (comparison[name] for name in GROUPS[parameters.overlays])
    return tuple(overlay for overlay in chosen if not overlay.reason)


def comparison_page(comparison: Comparison, parameters: RopeParameters) -> Figure:
    """Return the rope under its look-alikes, the differences, and their ranking."""
    overlays = shown(comparison, parameters)
    return Figure(
        panels=(
            _profiles(comparison.rope, overlays, parameters),
            _differences(comparison.rope, overlays),
            _ranking(comparison.rope, overlays),
        ),
        widths=(1.25, 1.0),
        heights=(1.35, 1.0),
    )


def is_other_rope(parameters: RopeParameters) -> bool:
    """Whether the rope compared is not the one described: that has more lobes, or ends off axis."""
    return parameters.mode > 1 or parameters.radius0 != 0 or parameters.radius1 != 0


def _profiles(
    rope: RopeSolution, overlays: tuple[Overlay, ...], parameters: RopeParameters
) -> Panel:
    magnification = parameters.magnification
    roomy = rope.sag > 0.3 * rope.span  # under the curves, else below the axis
    items: list[Item] = [
        Curve(key="rope", x=rope.x, y=rope.y, role="data1", width=3.0),
        Label(key="rope words", label="spinning rope", x=rope.span / 2,
              y=0.5 * rope.sag if roomy else -0.04 * rope.span, role="data1",
              anchor="center" if roomy else "top"),
    ]  # fmt: skip
    for overlay in overlays:
        _, role, dash = STYLES[overlay.name]
        x, y = _magnified(rope, overlay, magnification)
        items.append(
            Curve(key=overlay.name, x=x, y=y, role=role, dash=dash, width=1.4, layer=1)
        )  # fmt: skip
    title = "All of one length over one span"
    if is_other_rope(parameters):
        title = "One lobe, both ends on the axis, all of one length"
    if magnification > 1:
        title += f", distances from the rope ×{magnification:.3g}"
    return Panel(
        name="profiles",
        title=title,
        cell=Cell(0, 0, row_span=2),
        items=tuple(items),
        x=Axis("Along the axis", "m"),
        y=Axis("Distance from the axis", "m"),
        equal=True,
        summary="The rope and " + ", ".join(STYLES[o.name][0] for o in overlays) + ".",
    )


def _magnified(rope: RopeSolution, overlay: Overlay, magnification: float) -> tuple[Array, Array]:
    """The overlay, moved away from the rope along the rope's normal by the magnification."""
    if magnification == 1:
        return overlay.x, overlay.y
    shift = magnification * overlay.deviation
    return rope.x - shift * np.sin(rope.angle), rope.y + shift * np.cos(rope.angle)


def _differences(rope: RopeSolution, overlays: tuple[Overlay, ...]) -> Panel:
    along = rope.s / rope.s[-1]
    items: list[Item] = [Rule(key="rope", axis="y", value=0.0, role="data1", dash="solid")]
    reach = _reach(overlays)
    for row, overlay in enumerate(overlays):
        name, role, dash = STYLES[overlay.name]
        percent = 100 * overlay.deviation / rope.sag
        size = np.where(np.abs(percent) < reach, np.abs(percent), 0.0)
        place = int(np.argmax(size)) / (len(along) - 1)
        # every curve is its own mirror image: names in turn on the left and on the right
        place = min(place, 1 - place) if row % 2 == 0 else max(place, 1 - place)
        items.append(
            Curve(key=overlay.name, label=name if size.max() > 0.15 * reach else "", x=along,
                  y=percent, role=role, dash=dash, width=1.8, label_at=place)
        )  # fmt: skip
    return Panel(
        name="differences",
        title="None of them is the rope",
        cell=Cell(0, 1),
        items=tuple(items),
        x=Axis("Share of the rope's length"),
        y=Axis("Outside the rope", "% of the sag", range=(-reach, reach)),
        summary="Normal distance of each curve from the rope, along the rope.",
    )


def _reach(overlays: tuple[Overlay, ...]) -> float:
    """Per cent of the sag that the differences are drawn to, of curves that are not far off all."""
    sizes = np.array([overlay.max_deviation_percent for overlay in overlays] or [1.0])
    return 1.2 * float(sizes[sizes <= FAR * np.median(sizes)].max())


def _ranking(rope: RopeSolution, overlays: tuple[Overlay, ...]) -> Panel:
    ranked = sorted(overlays, key=lambda overlay: overlay.max_deviation_percent, reverse=True)
    worst = max((o.max_deviation_percent for o in overlays), default=1.0)
    best = min((o.max_deviation_percent for o in overlays), default=1.0)
    low, high = best / 1.25, worst * 14
    items: list[Item] = []
    for row, overlay in enumerate(ranked):
        name, role, _ = STYLES[overlay.name]
        percent = overlay.max_deviation_percent
        to_the_right = math.log(percent / low) < 0.5 * math.log(high / low)
        words = f"{SHORT.get(overlay.name, name)} {percent:.3g}"
        words = f"   {words}" if to_the_right else f"{words}   "
        items += [
            Scatter(key=overlay.name, x=[percent], y=[row], role=role, size=9.0),
            Label(key=f"{overlay.name} words", label=words, x=percent, y=row, role=role,
                  anchor="left" if to_the_right else "right"),
        ]  # fmt: skip
    closest = STYLES[ranked[-1].name][0] if ranked else ""
    return Panel(
        name="ranking",
        title=f"At {rope.length / rope.span:.4g} spans closest: the {closest}",
        cell=Cell(1, 1),
        items=tuple(items),
        x=Axis("Largest deviation", "% of the sag", log=True, range=(low, high)),
        y=Axis(visible=False, range=(-0.7, len(ranked) - 0.3)),
        grid=False,
        summary="; ".join(
            f"{STYLES[o.name][0]} {o.max_deviation_percent:.3g} %" for o in reversed(ranked)
        )
        + ".",
    )


def comparison_readouts(comparison: Comparison, parameters: RopeParameters) -> tuple[Readout, ...]:
    """Return each overlay's deviation, with its errors of sag and inertia in the help."""
    return tuple(
        Readout(
            f"{overlay.name}_deviation",
            STYLES[overlay.name][0].capitalize(),
            overlay.max_deviation_percent,
            "%",
            help=f"{overlay.title}: largest distance from the rope, in % of the sag. Its sag is "
            f"{overlay.sag_error_percent:+.3g} % off; its moment of inertia is "
            f"{overlay.inertia_deficit_percent:.3g} % smaller.".replace("-", "−"),
        )
        for overlay in shown(comparison, parameters)
    )


def comparison_notices(
    rope: RopeSolution, comparison: Comparison, parameters: RopeParameters
) -> tuple[Notice, ...]:
    """Say what is compared when the rope is not one on the axis, and what does not exist."""
    notices = []
    if is_other_rope(parameters):
        notices.append(
            Notice(
                "Compared is the one-lobed rope of this length and span with both ends on the axis."
            )
        )
    missing = [comparison[name] for name in GROUPS[parameters.overlays]]
    notices += [Notice(overlay.reason) for overlay in missing if overlay.reason]
    notices += [Notice(overlay.note) for overlay in shown(comparison, parameters) if overlay.note]
    return tuple(notices)


def comparison_tables(comparison: Comparison, parameters: RopeParameters) -> dict[str, Array]:
    """Return each overlay's curve and its deviation from the rope, in metres."""
    tables: dict[str, Array] = {}
    for overlay in shown(comparison, parameters):
        tables[f"{overlay.name} x (m)"] = overlay.x
        tables[f"{overlay.name} y (m)"] = overlay.y
        tables[f"{overlay.name} deviation (m)"] = overlay.deviation
    return tables
