"""A lab for tests: a sine with a playhead, fast and without torch."""

from __future__ import annotations

import os
import time
from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from zoetrope.core.device import Context
from zoetrope.core.figure import Axis, Cell, Figure, Panel
from zoetrope.core.items import Curve, HeatMap
from zoetrope.core.lab import Frame, Lab, Readout
from zoetrope.core.parameters import Parameters, choice, number, playhead, switch, text, whole


@dataclass(frozen=True)
class SineParameters(Parameters):
    frequency: float = number(2.0, "Frequency", 0.1, 50.0, unit="Hz", log=True)
    count: int = whole(50, "Points", 2, 1000)
    map: bool = switch(False, "Map")
    words: str = text("plain", "Words")
    mood: str = choice("calm", "Mood", {"calm": "Calm", "dies": "Dies", "slow": "Slow"})
    phase: float = playhead(0.0, "Phase", 0.0, 360.0, unit="°")


class SineLab(Lab[SineParameters]):
    id = "sine"
    title = "Sine"
    question = "What does a sine look like?"
    parameters = SineParameters

    def playhead_rate(self, parameters: SineParameters) -> float:
        return 120.0

    def run(
        self, parameters: SineParameters, context: Context
    ) -> Generator[Frame, SineParameters, None]:
        while True:
            if parameters.mood == "dies":
                os._exit(7)
            if parameters.mood == "slow":
                time.sleep(0.1)
            parameters = yield picture(parameters)


def picture(parameters: SineParameters) -> Frame:
    x = np.linspace(0, 1, parameters.count)
    y = np.sin(2 * np.pi * parameters.frequency * x + np.radians(parameters.phase))
    wave = Panel(
        name="wave",
        title="A sine repeats",
        items=(Curve(key="y", x=x, y=y, label="sine"),),
        x=Axis("Time", "s"),
        y=Axis("Height"),
        summary="One sine.",
    )
    square = Panel(
        name="map",
        items=(HeatMap(key="z", z=np.outer(y[:20], y[:20]), extent=(0, 1, 0, 1), label="Product"),),
        cell=Cell(0, 1),
    )
    return Frame(
        figure=Figure(panels=(wave, square) if parameters.map else (wave,), widths=(2, 1)),
        readouts=(Readout("top", "Highest", np.float64(y.max()), "m"),),
        tables={"time (s)": x, "height": y, "short": np.arange(3)},
    )


LAB = SineLab()


def find_labs() -> dict[str, SineLab]:
    return {"sine": LAB}
