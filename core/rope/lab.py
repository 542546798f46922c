"""The rope lab: its parameters, what it solves, and the frames it yields."""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from zoetrope.core.device import Context
from zoetrope.core.figure import Figure
from zoetrope.core.lab import Action, Animate, Frame, Lab, Notice, Preset, Readout
from zoetrope.core.parameters import Parameters, choice, number, pages, playhead, switch, whole
from zoetrope.core.rope.errors import RopeError

if TYPE_CHECKING:
    from zoetrope.core.rope import RopeSolution
    from zoetrope.core.rope.universal import UniversalCurves

SIZE = ("length", "sag", "end_angle", "axial_force", "slack")
UNIT_OF = {"length": "m", "sag": "m", "end_angle": "°", "axial_force": "N", "slack": ""}


@dataclass(frozen=True)
class RopeParameters(Parameters):
    """A rope between two ends on a spinning axis. Exactly one of the five sizes is given."""

    length: float | None = number(
        2.6, "Length", 0.02, 1000.0, unit="m", symbol="L", step=0.01, log=True, linked="size",
        slider=(0.1, 20.0), group="Rope",
        help="How long the rope is. It must be longer than the distance between its ends.",
    )  # fmt: skip
    sag: float | None = number(
        None, "Sag", 1e-6, 500.0, unit="m", symbol="h", step=0.01, log=True, linked="size",
        slider=(0.01, 10.0), group="Rope",
        help="How far the rope stands out from the axis at most. Drag the apex to set it.",
    )  # fmt: skip
    end_angle: float | None = number(
        None, "End angle", 0.001, 89.9999, unit="°", symbol=r"\theta", step=0.5, linked="size",
        slider=(1.0, 89.5), group="Rope",
        help="Between the rope and the axis where it is held, at the left end.",
    )  # fmt: skip
    axial_force: float | None = number(
        None, "End force", 1e-9, 1e9, unit="N", symbol="H", step=0.02, log=True, linked="size",
        slider=(0.01, 1000.0), group="Rope",
        help="The part of the pull on each end that points along the axis. It is the same at "
        "every point of the rope.",
    )  # fmt: skip
    slack: float | None = number(
        None, "Slack", 1e-12, 1e6, symbol="L/d - 1", step=0.05, log=True, linked="size",
        slider=(1e-4, 20.0), group="Rope", folded=True,
        help="Length over the straight distance between the ends, minus 1. The shape depends on "
        "this alone.",
    )  # fmt: skip
    span: float = number(
        0.9, "Span", 0.02, 100.0, unit="m", symbol="d", step=0.01, log=True,
        slider=(0.05, 10.0), group="Rope",
        help="The distance between the ends along the axis. Drag the right end to set it.",
    )  # fmt: skip
    speed: float = number(
        120.0, "Speed", 0.0, 1e5, unit="rpm", symbol=r"\omega", step=5.0, slider=(1.0, 1200.0),
        group="Spin", help="Turns a minute. Without gravity it changes the forces, not the shape.",
    )  # fmt: skip
    density: float = number(
        50.0, "Density", 1e-3, 1e5, unit="g/m", symbol=r"\rho", step=0.05, log=True,
        slider=(1.0, 1000.0), group="Spin",
        help="Mass of a metre of rope. Without gravity it changes the forces, not the shape.",
    )  # fmt: skip
    mode: int = whole(
        1, "Mode", 1, 6, symbol="n", group="Ends and mode", folded=True,
        help="How many lobes the rope has. All but the first are unstable: a real rope leaves "
        "them.",
    )  # fmt: skip
    radius0: float = number(
        0.0, "Left radius", -20.0, 50.0, unit="m", symbol="r_0", step=0.01, slider=(-2.0, 5.0),
        group="Ends and mode", folded=True,
        help="How far from the axis the left end is held. Drag the left end up or down to set it.",
    )  # fmt: skip
    radius1: float = number(
        0.0, "Right radius", -20.0, 50.0, unit="m", symbol="r_1", step=0.01, slider=(-2.0, 5.0),
        group="Ends and mode", folded=True,
        help="How far from the axis the right end is held.",
    )  # fmt: skip
    trail: str = choice(
        "trail", "Spinning view",
        {"trail": "Ghost trail", "strobe": "Strobe", "plain": "Rope only"},
        group="View", live=True, folded=True, pages=("shape",),
        help="What is drawn behind the rope: its last quarter turn, or twelve frozen positions.",
    )  # fmt: skip
    perspective: bool = switch(
        True, "Perspective", group="View", live=True, folded=True, pages=("shape",),
        help="Draw near things larger in the spinning view.",
    )  # fmt: skip
    overlays: str = choice(
        "close", "Compare with",
        {"close": "The close ones", "all": "All six", "blades": "Blades of straight and arc"},
        group="View", live=True, pages=("compare",),
        help="Curves of the rope's length over its span. Blades are made of two straight parts and "
        "an arc, in three fits: same length and sag, least deviation, same end angle.",
    )  # fmt: skip
    magnification: float = number(
        1.0, "Magnify differences", 1.0, 50.0, unit="×", step=1.0, group="View", live=True,
        pages=("compare",),
        help="Draw the other curves this many times farther from the rope than they are.",
    )  # fmt: skip
    family: int = whole(
        24, "Ropes in the family", 2, 500, group="View", live=True, pages=("families",),
        help="How many ropes are drawn between the two slacks that the shaded strip spans.",
    )  # fmt: skip
    family_low: float = number(
        0.01, "Family from slack", 1e-4, 1e3, step=0.05, log=True, group="View", live=True,
        folded=True, pages=("families",), help="Slack of the shortest rope of the family.",
    )  # fmt: skip
    family_high: float = number(
        4.0, "Family to slack", 1e-4, 1e3, step=0.05, log=True, group="View", live=True,
        folded=True, pages=("families",), help="Slack of the longest rope of the family.",
    )  # fmt: skip
    universal: str = choice(
        "angle", "Lower plot",
        {"angle": "End angle", "forces": "Forces", "inertia": "Moment of inertia"},
        group="View", live=True, pages=("families",),
        help="What is drawn over the slack below the sag.",
    )  # fmt: skip
    probe: float = number(
        0.5, "Probe", 0.0, 1.0, step=0.01, group="View", live=True, folded=True,
        help="Where along the rope its local values are read: 0 at the left end, 1 at the right. "
        "Click the rope to set it.",
    )  # fmt: skip
    phase: float = playhead(
        60.0, "Phase", 0.0, 360.0, unit="°", symbol=r"\psi", step=5.0, hidden=True,
        pages=("shape",), help="How far the rope has turned.",
    )  # fmt: skip
    azimuth: float = number(
        -28.0, "Camera azimuth", -180.0, 180.0, unit="°", live=True, hidden=True,
        help="The spinning view's camera, about the vertical.",
    )  # fmt: skip
    elevation: float = number(
        18.0, "Camera elevation", -90.0, 90.0, unit="°", live=True, hidden=True,
        help="The spinning view's camera, above the horizon.",
    )  # fmt: skip
    page: str = pages(
        "shape",
        {"shape": "Shape", "forces": "Forces", "compare": "Compare", "families": "Families"},
    )

    @property
    def omega(self) -> float:
        """Angular speed in rad/s."""
        return self.speed * math.pi / 30

    @property
    def given(self) -> str:
        """The name of the size that is given; the other four follow from it."""
        return next(name for name in SIZE if getattr(self, name) is not None)


def rope_of(parameters: RopeParameters) -> RopeSolution:
    """Solve the rope that the parameters describe.

    Raises RopeError whose `parameter` is a name of `RopeParameters`.
    """
    from zoetrope.core.rope import inverse, solve

    fixed: dict[str, Any] = {
        "omega": parameters.omega,
        "density": parameters.density / 1000,
        "mode": parameters.mode,
        "radius0": parameters.radius0,
        "radius1": parameters.radius1,
    }
    try:
        if parameters.length is not None:
            return solve(parameters.length, parameters.span, **fixed)

        return inverse(
            parameters.span, **{parameters.given: getattr(parameters, parameters.given)}, **fixed
        )
    except RopeError as error:
        if error.parameter == "omega":
            error.parameter = "speed"
        raise


class RopeLab(Lab[RopeParameters]):
    """Which curve does a rope take that is held at two points of an axis and spun about it?"""

    id = "rope"
    title = "Spinning rope"
    question = "which curve does a rope take when it is held at two ends and spun?"
    parameters = RopeParameters
    order = 1
    presets = (
        Preset("playground", "Playground rope",
               "Two children turn 4.5 m of rope: it clears the head of a third.",
               {"length": 4.5, "span": 3.0, "speed": 90.0, "density": 120.0}),
        Preset("skipping", "Speed rope",
               "A competitor's thin wire: its tip passes at 34 m/s, and pulls at each hand like "
               "almost a kilogram.",
               {"length": 2.6, "span": 0.9, "speed": 280.0, "density": 12.0}),
        Preset("taut", "Nearly taut",
               "One per cent of slack stands out by 6 % of the span: a sine, nearly.",
               {"slack": 0.01, "span": 1.0}),
        Preset("sixty", "Sixty degrees",
               "Held at 60° a rope stands out by about half its span.",
               {"end_angle": 60.0, "span": 1.0}),
        Preset("darrieus", "Darrieus turbine",
               "A blade as tall as its rotor is wide: spinning stretches it and never bends it.",
               {"sag": 5.0, "span": 10.0, "speed": 100.0, "density": 4000.0}),
        Preset("globe", "Globe of light",
               "A strip of lights 215 mm high that stands out 195 mm: the display is no sphere.",
               {"sag": 0.195, "span": 0.215, "speed": 900.0, "density": 20.0}),
        Preset("hairpin", "Hairpin",
               "Twenty spans of rope: two nearly straight legs, and all the bend at the apex.",
               {"length": 20.0, "span": 1.0}),
        Preset("cranks", "Two cranks",
               "Hands that circle at 0.2 m: the rope leaves them steeply and never meets the axis.",
               {"length": 2.2, "radius0": 0.2, "radius1": 0.2}),
        Preset("opposite", "Opposite cranks",
               "One hand up, one down: with little slack the rope crosses the axis as an S.",
               {"slack": 0.02, "radius0": 0.3, "radius1": -0.3}),
        Preset("third", "Third mode",
               "Three lobes balance, but not for long: a real rope falls into one.",
               {"length": 1.5, "span": 1.0, "mode": 3}),
    )  # fmt: skip

    def run(
        self, parameters: RopeParameters, context: Context
    ) -> Generator[Frame, RopeParameters, None]:
        """Solve once, then redraw as the view, the phase and the page change."""
        try:
            rope = rope_of(parameters)
        except RopeError as error:
            if error.code != "taut":
                raise
            yield from self._taut(parameters, error)
            return
        curves: UniversalCurves | None = None
        while True:
            if parameters.page == "families" and curves is None:
                from zoetrope.core.rope.universal import universal_curves

                parameters = yield self._frame(rope, parameters, None, context, final=False)
                curves = universal_curves(parameters.mode, context.device)
            parameters = yield self._frame(rope, parameters, curves, context)

    def _frame(
        self,
        rope: RopeSolution,
        parameters: RopeParameters,
        curves: UniversalCurves | None,
        context: Context,
        *,
        final: bool = True,
    ) -> Frame:
        from zoetrope.core.rope import views
        from zoetrope.core.rope.readouts import readouts, tables

        frame = Frame(
            figure=Figure(panels=()),
            readouts=readouts(rope, parameters.probe),
            notices=_notices(rope, parameters),
            actions=_actions(parameters),
            linked=_sizes(rope, parameters.given),
            tables=tables(rope),
            final=final,
        )
        if parameters.page == "compare":
            return _compared(frame, rope, parameters)
        return replace(frame, figure=views.figure(rope, parameters, curves, context))

    def _taut(
        self, parameters: RopeParameters, error: RopeError
    ) -> Generator[Frame, RopeParameters, None]:
        from zoetrope.core.rope import views

        while True:
            slope = math.atan2(parameters.radius1 - parameters.radius0, parameters.span)
            parameters = yield Frame(
                figure=views.taut(parameters),
                readouts=(
                    Readout(
                        "axial_force",
                        "Axial end force",
                        math.inf,
                        "N",
                        "H",
                        help="A straight rope would have to be pulled without bound.",
                    ),
                ),
                linked={
                    "sag": max(parameters.radius0, parameters.radius1),
                    "end_angle": math.degrees(slope),
                    "slack": 0.0,
                },
                notices=(Notice(str(error), "warning", error.parameter),),
                actions=_actions(parameters),
            )

    def playhead_rate(self, parameters: RopeParameters) -> float:
        """Degrees in a second: six times the turns a minute."""
        return 6 * parameters.speed

    def python(self, parameters: RopeParameters) -> str:
        """Return a script that solves the same rope and prints its numbers."""
        call = "solve" if parameters.length is not None else "inverse"
        size = f"{parameters.given}={getattr(parameters, parameters.given)!r}"
        return f"""\
from math import pi

from zoetrope.core.rope import {call}

rope = {call}(
    {size},
    span={parameters.span!r},  # m
    omega={parameters.speed!r} * pi / 30,  # rad/s
    density={parameters.density!r} / 1000,  # kg/m
    mode={parameters.mode!r},
    radius0={parameters.radius0!r},
    radius1={parameters.radius1!r},
)
print("length", rope.length)
print("sag", rope.sag)
print("end angle", rope.end_angle_deg[0])
print("axial force", rope.axial_force)
print("end tension", rope.end_tension[0])
print("inertia", rope.inertia)
"""


def _compared(frame: Frame, rope: RopeSolution, parameters: RopeParameters) -> Frame:
    """The frame of the compare page, which has numbers and notices of its own."""
    from zoetrope.core.rope import comparison_view as view

    comparison = view.comparison_of(rope)
    return replace(
        frame,
        figure=view.comparison_page(comparison, parameters),
        readouts=(*view.comparison_readouts(comparison, parameters), *frame.readouts),
        notices=(*view.comparison_notices(rope, comparison, parameters), *frame.notices),
        tables={**frame.tables, **view.comparison_tables(comparison, parameters)},
    )


def _sizes(rope: RopeSolution, given: str) -> dict[str, float]:
    """The sizes that follow from the given one."""
    values = {
        "length": rope.length,
        "sag": rope.sag,
        "end_angle": rope.end_angle_deg[0],
        "axial_force": rope.axial_force,
        "slack": rope.slack,
    }
    return {name: value for name, value in values.items() if name != given}


MODEL = {
    "shape": "Drag the apex or an end. Here is no gravity and no air: speed and density change the "
    "forces, never the curve.",
    "forces": "All forces grow with the density and with the squares of speed and size. Click a "
    "curve to read its values there.",
    "families": "True for all ropes with both ends on the axis. Click a curve to set the slack; "
    "drag the rings to choose the family.",
}


def _notices(rope: RopeSolution, parameters: RopeParameters) -> tuple[Notice, ...]:
    notices = [Notice(MODEL[parameters.page])] if parameters.page in MODEL else []
    notices += [
        Notice(text, "warning", "mode" if text.startswith("Mode") else None)
        for text in rope.diagnostics.warnings
    ]
    return tuple(notices)


def _actions(parameters: RopeParameters) -> tuple[Action, ...]:
    return (
        Action(
            "speed",
            "What changes with the speed?",
            "Sweeps the speed: the curve stands still while every force grows with its square.",
            animate=Animate("speed", max(parameters.speed, 30.0), 600.0, seconds=3.0),
        ),
    )


LAB = RopeLab()
