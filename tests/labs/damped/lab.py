"""A small lab with one of everything: the proof that a new lab needs nothing in gui/."""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from zoetrope.core.edits import Edit, TableEdit
from zoetrope.core.figure import Axis, Cell, Figure, Panel
from zoetrope.core.items import Curve, Handle, Rule, Scatter
from zoetrope.core.lab import Action, Animate, Context, Frame, Lab, Notice, Preset, Readout
from zoetrope.core.parameters import (
    ParameterError,
    Parameters,
    choice,
    data_file,
    decimal,
    encoding,
    names,
    number,
    pages,
    playhead,
    separator,
    switch,
    table,
    text,
    whole,
    written,
)
from zoetrope.core.table import TableError, read_table
from zoetrope.core.tours import Tour, TourStep

MEASURED = TableEdit("measured", also=(("source", "drawn"),))
SHORTEST = 1e-3  # seconds that are drawn; over far less a speed is lost in rounding


@dataclass(frozen=True)
class DampedParameters(Parameters):
    amplitude: float = number(
        1.0, "Amplitude", 0.0, 10.0, unit="m", slider=(0.0, 2.0), step=0.05, symbol="A",
        group="Oscillation", help="How far the oscillator is pulled out before it is let go.",
    )  # fmt: skip
    frequency: float | None = number(
        1.5, "Frequency", 0.1, 50.0, unit="Hz", log=True, linked="pace", symbol="f",
        group="Oscillation", help="Full swings in a second.",
    )  # fmt: skip
    period: float | None = number(
        None, "Period", 0.02, 10.0, unit="s", log=True, linked="pace", symbol="T",
        group="Oscillation", help="How long a full swing takes.",
    )  # fmt: skip
    decay: float = number(
        0.4, "Decay rate", 1e-3, 100.0, unit="1/s", log=True, symbol="γ",
        group="Oscillation", help="The amplitude falls to 37 % in the inverse of this time.",
    )  # fmt: skip
    phase: float = number(
        0.0, "Phase at the start", -180.0, 180.0, unit="°", group="Oscillation", folded=True,
    )  # fmt: skip
    start: float = number(0.0, "From", 0.0, 60.0, unit="s", group="Window", folded=True)
    stop: float = number(6.0, "To", 0.0, 60.0, unit="s", group="Window")
    shape: str = choice(
        "cosine", "Wave", {"cosine": "Cosine", "square": "Square", "saw": "Saw"}, group="Picture"
    )
    envelope: bool = switch(True, "Show the envelope", group="Picture", pages=("signal",))
    noise: float = number(
        0.0, "Noise", 0.0, 1.0, unit="m", group="Measurement", folded=True,
    )  # fmt: skip
    seed: int = whole(7, "Seed", 0, 2**31 - 1, seed=True, group="Measurement", folded=True)
    points: int = whole(
        400, "Samples", 16, 100_000, log=True, slider=(16, 4096), group="Measurement", folded=True
    )
    palette: str = choice(
        "data1", "Colour", {f"data{i}": f"Colour {i}" for i in range(1, 6)},
        group="Picture", folded=True,
    )  # fmt: skip
    source: str = choice(
        "samples", "Points from", {"samples": "The swing", "drawn": "Drawn", "file": "A file"},
        group="Measurement", folded=True, pages=("state",),
    )  # fmt: skip
    measured: tuple[tuple[float, ...], ...] = table(
        "Measured points", ("displacement", "speed"), most_rows=2000, low=-1e4, high=1e4,
        group="Measurement", folded=True, pages=("state",),
        help="Displacements and speeds; drag them, or draw more, on the picture.",
    )  # fmt: skip
    file: str = data_file(
        "File", group="Measurement", folded=True, pages=("state",),
        written=("encoding", "separator", "decimal"),
    )  # fmt: skip
    encoding: str = encoding(group="Measurement", pages=("state",))
    separator: str = separator(group="Measurement", pages=("state",))
    decimal: str = decimal(group="Measurement", pages=("state",))
    columns: tuple[str, ...] = names(
        "Columns", most=2, group="Measurement", folded=True, pages=("state",),
    )  # fmt: skip
    probe: float = number(-1.0, "Under the mouse", -1.0, 60.0, live=True, hidden=True)
    note: str = text("", "Note", longest=60, group="Picture", folded=True)
    page: str = pages("signal", {"signal": "Signal", "state": "State space"})
    azimuth: float = number(30.0, "Azimuth", -180.0, 180.0, live=True, hidden=True)
    time: float = playhead(0.0, "Time", 0.0, 10.0, unit="s")

    def change(self, **values: Any) -> Self:
        if values.get("file") and "source" not in values:
            values = {**values, "source": "file"}
        return super().change(**values)

    def check(self) -> None:
        if self.stop - self.start < SHORTEST:
            least = f"{self.start + SHORTEST:g} s"
            raise ParameterError("stop", f"To must lie after From: at {least} or later.")


def measured(p: DampedParameters) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """Return the points of the state page, and the columns that a file offers."""
    if p.source == "drawn":
        points = np.array(p.measured, dtype=float).reshape(-1, 2)
        return points[:, 0], points[:, 1], ()
    if p.source == "file" and p.file:
        try:
            found = read_table(p.file, written(p, "file"))
            offered = found.names("number")
            x, y = [found.columns[n].values for n in p.columns or offered[:2]]
        except (KeyError, ValueError) as error:
            sentence = str(error) if isinstance(error, TableError) else "Choose two columns of it."
            raise TableError(sentence, "file") from None
        return x, y, offered
    time = np.linspace(p.start, p.stop, 12)
    fine = np.linspace(p.start, p.stop, p.points)
    x = displacement(p, fine)
    return np.interp(time, fine, x), np.interp(time, fine, np.gradient(x, fine)), ()


class DampedLab(Lab[DampedParameters]):
    id = "damped"
    title = "Damped oscillation"
    question = "How does a swing die away?"
    parameters = DampedParameters
    order = 900
    presets = (
        Preset("slow", "Slow and long", "A pendulum in air.", {"frequency": 0.4, "decay": 0.05}),
        Preset("fast", "A struck string", "Many swings, gone soon.",
               {"period": 0.05, "decay": 8.0, "stop": 0.6}),
        Preset("state", "Spiral into rest", "The same in state space, with points drawn by hand.",
               {"page": "state", "source": "drawn", "columns": ("displacement", "speed"),
                "measured": ((0.8, 2.0), (-0.4, 3.5), (0.1, -2.25))}),
    )  # fmt: skip
    tours = (
        Tour(
            "dying", "How a swing dies", "What the decay rate does, and what it leaves alone.",
            (
                TourStep("Twice as far", "The swing begins twice as far out. It comes back just as "
                         "often, and fades at the same rate.", {"amplitude": 2.0}),
                TourStep("Faster and faster", "The decay rate grows from 0.05 to 5 a second: the "
                         "dashed envelope closes, and the swing with it.",
                         animate=Animate("decay", 0.05, 5.0, 0.2, back=False)),
                TourStep("A spiral", "The same swing in the plane of displacement and speed: it "
                         "turns once around rest in every swing.",
                         {"page": "state", "decay": 0.4}),
                TourStep("And as time goes by", "The signal again, while its time passes: the line "
                         "says what is the case now.",
                         {"page": "signal"}, Animate("time", 0.0, 6.0, 0.2, back=False)),
            ),
        ),
    )  # fmt: skip

    def playhead_rate(self, parameters: DampedParameters) -> float:
        return 1.0

    def python(self, parameters: DampedParameters) -> str:
        return f"print({parameters!r})"

    def run(
        self, parameters: DampedParameters, context: Context
    ) -> Generator[Frame, DampedParameters, None]:
        while True:
            parameters = yield picture(parameters)


def displacement(p: DampedParameters, time: np.ndarray) -> np.ndarray:
    frequency = p.frequency if p.frequency is not None else 1.0 / (p.period or 1.0)
    turn = frequency * time + p.phase / 360.0
    if p.shape == "cosine":
        wave = np.cos(2 * np.pi * turn)
    elif p.shape == "square":
        wave = np.sign(np.cos(2 * np.pi * turn))
    else:
        wave = 2 * (turn % 1.0) - 1
    noise = np.random.default_rng(p.seed).normal(0, p.noise, time.shape) if p.noise else 0.0
    return p.amplitude * np.exp(-p.decay * time) * wave + noise


def picture(p: DampedParameters) -> Frame:
    frequency = p.frequency if p.frequency is not None else 1.0 / (p.period or 1.0)
    time = np.linspace(p.start, p.stop, p.points)
    x = displacement(p, time)
    fade = p.amplitude * np.exp(-p.decay * time)
    items = [Curve(key="x", label="displacement", x=time, y=x, role=p.palette)]
    if p.envelope:
        items += [
            Curve(key="up", x=time, y=fade, role="guide", dash="dash"),
            Curve(key="down", x=time, y=-fade, role="guide", dash="dash"),
        ]
    items.append(Rule(key="now", axis="x", value=p.time, label="now"))
    if p.probe >= p.start:
        items.append(Rule(key="probe", axis="x", value=p.probe, dash="dot"))
    offered: tuple[str, ...] = ()
    items.append(
        Handle(
            key="amplitude", x=p.start, y=p.amplitude, label="Pull to change the amplitude",
            y_edit=Edit("amplitude"),
        )
    )  # fmt: skip
    if p.page == "state":
        speed = np.gradient(x, time)
        seen_x, seen_y, offered = measured(p)
        points = Scatter(
            key="measured", x=seen_x, y=seen_y, label="measured", size=7.0,
            values=np.arange(len(seen_x)), bar=True, edits=MEASURED,
        )  # fmt: skip
        panels = (
            Panel(name="state", title="Every swing turns once around rest",
                  items=(Curve(key="orbit", x=x, y=speed), points), brush=MEASURED,
                  x=Axis("Displacement", "m"), y=Axis("Speed", "m/s"),
                  summary="A spiral into rest."),
        )  # fmt: skip
    else:
        panels = (
            Panel(name="signal", title="The swing keeps its pace and loses its width",
                  items=tuple(items), x=Axis("Time", "s"), y=Axis("Displacement", "m"),
                  hover_x=Edit("probe"), crosshair="time",
                  summary="A damped oscillation with its envelope."),
            Panel(name="energy", title="Energy halves in equal times", cell=Cell(row=1),
                  hover_x=Edit("probe"), crosshair="time",
                  items=(Curve(key="e", x=time, y=np.maximum(fade, 1e-12) ** 2 / 2),),
                  x=Axis("Time", "s"), y=Axis("Energy per mass", "J/kg", log=True),
                  summary="A straight line on a logarithmic axis."),
        )  # fmt: skip
    quality = math.pi * frequency / p.decay
    notices = []
    if quality < 0.5:
        notices.append(Notice("This is overdamped: it would not swing.", "warning", "decay"))
    if p.points < 20 * frequency * (p.stop - p.start):
        notices.append(Notice("Fewer than 20 samples a swing are drawn.", "info"))
    return Frame(
        figure=Figure(panels=panels, heights=(2, 1) if len(panels) == 2 else ()),
        readouts=(
            Readout("x", "Displacement now", float(displacement(p, np.array([p.time]))[0]), "m",
                    "x", ratio=float(displacement(p, np.array([p.time]))[0]) / (p.amplitude or 1),
                    ratio_unit="A"),
            Readout("omega", "Angular frequency", 2 * math.pi * frequency, "rad/s", "ω"),
            Readout("halves", "Half-life", math.log(2) / p.decay, "s", "t½", ratio=math.log(2),
                    ratio_unit="1/γ", help="After this time the amplitude is halved."),
            Readout("swings", "Swings drawn", int((p.stop - p.start) * frequency)),
            Readout("loss", "Energy lost a second", 1 - math.exp(-2 * p.decay) if p.decay < 20
                    else 1.0),
            Readout("tiny", "Amplitude at the end", float(fade[-1]), "m"),
            Readout("quality", "Quality factor", quality, symbol="Q",
                    help="Swings in which the energy falls to 1/535."),
            Readout("check", "Energy balance", 3.1e-16 * frequency, good=True,
                    help="Lost and left energy together, against the first."),
        ),
        notices=tuple(notices),
        actions=(
            Action("strike", "Strike again", "Back to time 0", change={"time": 0.0}),
            Action("swell", "Sweep the decay", "Let it die faster and faster",
                   animate=Animate("decay", 0.05, 5.0, 2.0)),
        ),
        linked={"period": 1 / frequency} if p.period is None else {"frequency": frequency},
        tables={"time": time, "displacement": x},
        options={"columns": offered, "note": ("pendulum", "string", "spring")},
    )  # fmt: skip


LAB = DampedLab()
