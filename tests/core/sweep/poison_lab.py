"""A lab for sweeps: its cells add numbers, fail, kill their worker, or take their time.

Each run of a cell leaves a line in a file, so that tests can count them. Workers find the lab as
they would a stranger's: an installed package offers it (see `conftest.py`).
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from zoetrope.core.device import Context
from zoetrope.core.figure import Figure, Panel
from zoetrope.core.items import Curve
from zoetrope.core.lab import Frame, Lab, Readout
from zoetrope.core.parameters import ParameterError, Parameters, choice, number, switch, whole


@dataclass(frozen=True)
class PoisonParameters(Parameters):
    width: float = number(1.0, "Width", 0.0, 100.0, unit="m")
    height: float = number(1.0, "Height", 0.0, 100.0, unit="m")
    count: int = whole(3, "Count", 0, 1000)
    shape: str = choice("round", "Shape", {"round": "Round", "square": "Square", "flat": "Flat"})
    dark: bool = switch(False, "Dark")
    seconds: float = number(0.0, "Seconds", 0.0, 60.0)
    raises: float = number(-1.0, "Raises at this width", -1.0, 100.0)
    kills: float = number(-1.0, "Kills its process at this width and height 1", -1.0, 100.0)
    seed: int = whole(5, "Seed", 0, 2**31 - 1, seed=True)

    def check(self) -> None:
        if self.width == 99.0 and self.height == 99.0:
            raise ParameterError("height", "Width and height cannot both be 99.")


class PoisonLab(Lab[PoisonParameters]):
    id = "poison"
    title = "Poison"
    question = "Which cells fail?"
    parameters = PoisonParameters

    def run(
        self, parameters: PoisonParameters, context: Context
    ) -> Generator[Frame, PoisonParameters, None]:
        p = parameters
        journal = os.environ.get("POISON_JOURNAL")
        if journal:
            with Path(journal).open("a") as file:
                file.write(f"{p.width:g} {p.height:g} {p.seed}\n")
        if p.width == p.kills and p.height == 1.0:
            os.kill(os.getpid(), signal.SIGKILL)
        if p.width == p.raises:
            raise ValueError(f"Width {p.width:g} is poison.")
        began = time.perf_counter()
        figure = Figure(panels=(Panel(name="line", items=(Curve(key="y", x=[0, 1], y=[0, 1]),)),))
        while (passed := time.perf_counter() - began) < p.seconds:
            time.sleep(min(0.01, p.seconds))
            yield Frame(figure=figure, progress=min(passed / p.seconds, 0.99), final=False)
        readouts = (
            Readout("total", "Total", p.width + p.height + p.seed),
            Readout("area", "Area", p.width * p.height, "m²"),
            Readout("odd", "Odd", "undefined" if p.count % 2 else float(p.count)),
            Readout("word", "Word", p.shape),
        )
        while True:
            yield Frame(figure=figure, readouts=readouts)


LAB = PoisonLab()
