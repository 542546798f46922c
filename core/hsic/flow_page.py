"""The page where points move along the gradient of HSIC, and where a rotation parts sources."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from zoetrope.core.edits import Edit
from zoetrope.core.figure import Axis, Cell, Figure, Panel
from zoetrope.core.hsic.dependence_page import options
from zoetrope.core.hsic.errors import HsicError
from zoetrope.core.hsic.lab_page import Page
from zoetrope.core.hsic.lab_readouts import notices, readouts, tables
from zoetrope.core.hsic.lab_words import short
from zoetrope.core.items import Arrows, Curve, Handle, Item, Label, Rule, Scatter
from zoetrope.core.lab import Frame, Notice, Readout

if TYPE_CHECKING:
    from zoetrope.core.hsic.at_widths import AtWidths
    from zoetrope.core.hsic.flow import FlowFrame
    from zoetrope.core.hsic.rotation import RotationCurve
    from zoetrope.core.long_work import Job

STEPS = 60
ANGLES = 46
MOST_ROWS = 300


class FlowPage(Page):
    """The flow of the points and the rotation of the whitened cloud."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        moving = self.study.some(MOST_ROWS, self.parameters).data
        self.x, self.y = moving.x, moving.y

    def jobs(self) -> Iterator[Job[Any]]:
        """Yield HSIC, the flow, and the rotation."""
        yield self._at()
        if self._flows:
            yield self._flow()
        yield self._rotation()

    def _at(self) -> Job[AtWidths]:
        return self.study.at(self.parameters.factors)

    @property
    def _flows(self) -> bool:
        """Whether the kernels have a slope and there is something to move."""
        constant = any(block.constant for block in self.study.blocks)
        flat = {"delta", "precomputed"} & set(self.study.names)
        return not flat and self.study.data.drawable and not constant

    def _flow(self) -> Job[list[FlowFrame]]:
        p, factors = self.parameters, self.parameters.factors

        def steps() -> Iterator[list[FlowFrame]]:
            from zoetrope.core.hsic import flow_steps

            frames: list[FlowFrame] = []
            for frame in flow_steps(
                self.x, self.y, n_steps=STEPS, uphill=p.uphill, moves=p.moves,
                **self.study.pair_options(factors),
            ):  # fmt: skip
                frames = [*frames, frame]
                yield frames

        return self.study.jobs.get("flow", factors, steps)

    @property
    def _turns(self) -> bool:
        """Whether x and y are two numbers of which sums make sense."""
        data = self.study.data
        return data.drawable and not data.text & {data.name_x, data.name_y}

    def _rotation(self) -> Job[RotationCurve]:
        factor = math.sqrt(math.prod(self.parameters.factors))

        def steps() -> Iterator[RotationCurve]:
            from zoetrope.core.hsic import rotation_steps

            if not self._turns:
                return
            table = np.column_stack([self.x[:, 0], self.y[:, 0]])
            try:
                yield from rotation_steps(
                    table, count=ANGLES, factor=min(factor, 1.0), **self.study.where
                )
            except HsicError:  # the two columns lie on one line, or one does not vary
                return

        return self.study.jobs.get("rotation", factor, steps)

    def frame(self, final: bool) -> Frame:
        """Return the picture of what is known."""
        study, parameters = self.study, self.parameters
        flow = (self._flow().result or []) if self._flows else []
        curve = self._rotation().result
        shown = flow[min(round(parameters.flow_step), len(flow) - 1)] if flow else None
        columns = tables(study, None, None)
        if flow and final:
            columns["flow step"] = np.array([frame.step for frame in flow], float)
            columns["flow hsic"] = np.array([frame.hsic for frame in flow])
        if curve is not None and final:
            columns["angle (°)"] = np.degrees(curve.angles)
            columns["hsic of the angle"] = curve.hsic
        return Frame(
            figure=Figure(
                panels=(
                    self._points(flow, shown),
                    self._descent(flow, shown),
                    self._turned(curve),
                    self._angles(curve),
                ),
                widths=(1.0, 1.15),
            ),
            readouts=(
                *_readouts(shown, curve),
                *readouts(study, parameters, self._at().result),
            ),
            notices=(*notices(study, parameters), *self._said(curve, final)),
            tables=columns,
            options=options(study),
            progress=self.progress(final, len(flow) / STEPS),
            final=final,
        )

    def _said(self, curve: RotationCurve | None, final: bool) -> list[Notice]:
        found = []
        if self.study.n > MOST_ROWS:
            found.append(Notice(f"{MOST_ROWS} of {self.study.n} rows move, drawn with seed "
                                f"{self.study.seed}."))  # fmt: skip
        if not self._flows:
            found.append(Notice("Nothing flows here: this needs single columns that vary and "
                                "kernels with a slope.", "warning"))  # fmt: skip
        if not self._turns:
            found.append(Notice("Nothing is turned here: this needs two columns of numbers.",
                                "warning"))  # fmt: skip
        elif final and curve is None:
            found.append(Notice("The two columns lie on one line, so there is nothing to part by "
                                "rotating.", "warning"))  # fmt: skip
        if self._turns and math.prod(self.parameters.factors) > 1:
            found.append(Notice("The rotation uses widths of 1 × at most: wider kernels see "
                                "covariance alone, which whitening has removed."))  # fmt: skip
        return found

    def _points(self, flow: list[FlowFrame], shown: FlowFrame | None) -> Panel:
        items: list[Item] = []
        title = "Points on the gradient of HSIC"
        names = (self.study.data.name_x, self.study.data.name_y)
        ranges: list[tuple[float, float] | None] = [None, None]
        if shown is not None:
            place = flow.index(shown)
            after = flow[min(place + 1, len(flow) - 1)]
            x, y = shown.x[:, 0], shown.y[:, 0]
            items = [
                Scatter(key="start", x=flow[0].x[:, 0], y=flow[0].y[:, 0], role="guide", size=3.0,
                        opacity=0.35),
                Arrows(key="gradient", x=x, y=y, dx=3 * (after.x[:, 0] - x),
                       dy=3 * (after.y[:, 0] - y), role="accent", width=0.8, opacity=0.7),
                Scatter(key="points", x=x, y=y, role="data1", size=4.5),
            ]  # fmt: skip
            way = "towards dependence" if self.parameters.uphill else "towards independence"
            title = f"{shown.step} steps {way}: HSIC {short(shown.hsic)}"
            ends = [np.concatenate([f.x[:, 0] for f in (flow[0], flow[-1])]),
                    np.concatenate([f.y[:, 0] for f in (flow[0], flow[-1])])]  # fmt: skip
            ranges = [_range(values) for values in ends]
        return Panel(
            name="flow", title=title, items=tuple(items), x=Axis(names[0], range=ranges[0]),
            y=Axis(names[1], range=ranges[1]), grid=False, summary=title + ".",
        )  # fmt: skip

    def _descent(self, flow: list[FlowFrame], shown: FlowFrame | None) -> Panel:
        items: list[Item] = []
        at = self._at().result
        if flow:
            items.append(
                Curve(key="hsic", x=[f.step for f in flow], y=[f.hsic for f in flow], role="data1",
                      width=2.0)
            )  # fmt: skip
        if at is not None and at.mean > 0:
            items.append(Rule(key="chance", label="mean of the shuffles", axis="y", value=at.mean))
        if shown is not None:
            items.append(
                Scatter(key="here", x=[shown.step], y=[shown.hsic], role="accent", size=8.0,
                        layer=2)
            )  # fmt: skip
        top = max((f.hsic for f in flow), default=0.0)
        top = top if at is None else max(top, at.mean)
        return Panel(
            name="descent",
            title="HSIC on the way",
            cell=Cell(0, 1),
            items=tuple(items),
            x=Axis("Step", range=(0.0, float(STEPS))),
            y=Axis("HSIC", range=(0.0, 1.25 * top) if top > 0 else None),  # room for the words
            pick_x=Edit("flow_step"),
            summary="HSIC after each step along its gradient.",
        )

    def _turned(self, curve: RotationCurve | None) -> Panel:
        items: list[Item] = []
        if curve is not None:
            from zoetrope.core.hsic.rotation import turn

            cloud = curve.white @ turn(-math.radians(self.parameters.angle)).T
            items.append(Scatter(key="points", x=cloud[:, 0], y=cloud[:, 1], role="data3",
                                 size=4.0))  # fmt: skip
        else:
            items.append(Label(key="words", label="Nothing to rotate", x=0.0, y=0.0,
                               anchor="center", role="guide"))  # fmt: skip
        title = f"Whitened, then turned by {self.parameters.angle:.0f}°"
        return Panel(
            name="turned", title=title, cell=Cell(1, 0), items=tuple(items), equal=True,
            x=Axis("First component"), y=Axis("Second component"), grid=False,
            summary=title + ".",
        )  # fmt: skip

    def _angles(self, curve: RotationCurve | None) -> Panel:
        angle = self.parameters.angle
        items: list[Item] = [Rule(key="here", axis="x", value=angle, role="accent", dash="solid")]
        title = "HSIC over the angle of rotation"
        if curve is not None and np.isfinite(curve.hsic).any():
            best = math.degrees(curve.best)
            degrees = np.degrees(curve.angles)
            items.append(Curve(key="hsic", x=degrees, y=curve.hsic, role="data3", width=2.0))
            lowest = float(np.nanmin(curve.hsic))
            items.append(Scatter(key="best", x=[best], y=[lowest], role="warn", marker="diamond",
                                 size=9.0))  # fmt: skip
            items.append(Handle(key="angle", label="Drag: the angle", x=angle, y=lowest,
                                x_edit=Edit("angle")))  # fmt: skip
            title = f"Least dependent at {best:.0f}°: that is independent component analysis"
        return Panel(
            name="angles",
            title=title,
            cell=Cell(1, 1),
            items=tuple(items),
            x=Axis("Angle", "°", range=(0.0, 90.0)),
            y=Axis("HSIC"),
            pick_x=Edit("angle"),
            summary=title + ".",
        )


def _range(values: Any) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    room = 0.08 * (high - low) or 1.0
    return low - room, high + room


def _readouts(shown: FlowFrame | None, curve: RotationCurve | None) -> tuple[Readout, ...]:
    found = []
    if shown is not None:
        found.append(Readout("flow_hsic", "HSIC after the steps", shown.hsic))
    if curve is not None:
        found.append(
            Readout("best_angle", "Least dependent at", math.degrees(curve.best), "°",
                    help=f"Among {ANGLES} angles from 0° to 90°.")
        )  # fmt: skip
    return tuple(found)
