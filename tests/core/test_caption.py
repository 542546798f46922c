"""Captions are made of what a lab declares and shows; checked against captions made by hand."""

from dataclasses import dataclass
from typing import Any

import pytest

import zoetrope
from zoetrope.core.caption import caption
from zoetrope.core.export_options import CAPTIONS
from zoetrope.core.figure import Cell, Figure, Panel
from zoetrope.core.lab import Frame, Lab
from zoetrope.core.latex_text import latex_text
from zoetrope.core.parameters import (
    Parameters,
    choice,
    data_file,
    number,
    pages,
    playhead,
    switch,
    table,
    text,
    whole,
)

LEFT = Panel(name="left", title="It falls", cell=Cell(0, 0))
BELOW = Panel(name="below", title="Does it rise?", cell=Cell(1, 0))
RIGHT = Panel(name="right", cell=Cell(0, 1))
FRAME = Frame(figure=Figure(panels=(LEFT, BELOW, RIGHT)))


@dataclass(frozen=True)
class StoneParameters(Parameters):
    speed: float | None = number(-2.0, "Speed", -9, 9, unit="m/s", symbol="v_0", linked="start")
    energy: float | None = number(None, "Energy", 0, 9, unit="J", linked="start")
    tilt: float = number(30.0, "Tilt", 0, 90, unit="°", symbol=r"\theta")
    law: str = choice("square", "CD of the air", {"square": "Square", "line": "Straight"})
    drag: bool = switch(True, "Drag", pages=("air",))
    camera: float = number(5.0, "Camera", 0, 9, hidden=True)
    digits: float = number(6.0, "Digits", 0, 9, folded=True)
    file: str = data_file("File")
    note: str = text("", "Note")
    spin: float = number(0.0, "Spin-up", -9, 9, folded=True)
    stones: tuple[tuple[float, ...], ...] = table("Stones", ("x", "y"), noun="stone")
    time: float = playhead(0.0, "Time", 0, 1, unit="s", hidden=True)
    page: str = pages("path", {"path": "Path", "air": "Air"})


class StoneLab(Lab[StoneParameters]):
    id = "stone"
    title = "A thrown stone"
    question = "Where does it land?"
    parameters = StoneParameters

    def run(self, parameters: Any, context: Any) -> Any:
        yield FRAME


LAB, P = StoneLab(), StoneParameters()
MADE_WITH = f"Made with Zoetrope {zoetrope.__version__}."
VALUES = "speed v₀ = −2 m/s, tilt θ = 30°, CD of the air: Square"


def test_panels_come_in_the_order_of_reading_with_letters() -> None:
    told = caption(LAB, P, FRAME).plain()
    assert told == (
        f"A thrown stone. (a) It falls. (b) Right. (c) Does it rise? Parameters: {VALUES}. "
        f"{MADE_WITH}"
    )


def test_letters_can_be_left_out_and_so_can_panels() -> None:
    assert "(" not in caption(LAB, P, FRAME, letters=False).plain()
    two = caption(LAB, P, FRAME, panels=["below", "right"]).plain()
    assert two.startswith("A thrown stone. (a) Right. (b) Does it rise? Parameters")
    assert (
        caption(LAB, P, FRAME, panels=["left"]).plain().startswith("A thrown stone. It falls. Par")
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"page": "air"}, f"{VALUES}, drag: yes"),
        ({"energy": 3.0}, "energy = 3 J, tilt θ = 30°, CD of the air: Square"),
        ({"camera": 6.0}, f"{VALUES}, camera = 6"),
        ({"digits": 2.0}, f"{VALUES}, digits = 2"),
        ({"spin": -1.5}, f"{VALUES}, spin-up = −1.5"),
        ({"time": 0.25}, f"{VALUES}, time = 0.25 s"),
        ({"law": "line"}, "speed v₀ = −2 m/s, tilt θ = 30°, CD of the air: Straight"),
        ({"file": "/home/someone/stones.csv"}, f"{VALUES}, file: stones.csv"),
        ({"note": "a\x02b\nc\uffff"}, f"{VALUES}, note: a b c "),
        ({"note": "n" * 900}, f"{VALUES}, note: {'n' * 79}…"),
        ({"stones": ((1.0, 2.0), (3.0, 4.0))}, f"{VALUES}, stones: 2 stones"),
    ],
)
def test_parameters_that_matter_or_were_changed_are_told(changes: Any, said: str) -> None:
    assert (
        caption(LAB, P.change(**changes), FRAME)
        .plain()
        .endswith(f"Parameters: {said}. {MADE_WITH}")
    )


def test_markdown_has_symbols_as_mathematics_and_its_own_signs_escaped() -> None:
    told = caption(LAB, P.change(note="a*b_c"), FRAME, panels=["left", "right"]).markdown()
    assert told.startswith("**A thrown stone.** **(a)** It falls. **(b)** Right. Parameters: ")
    assert r"speed $v_0$ = −2 m/s, tilt $\theta$ = 30°, CD of the air: Square" in told
    assert r"note: a\*b\_c" in told
    assert told.endswith(MADE_WITH)


def test_latex_has_commands_for_what_latex_cannot_read() -> None:
    told = caption(LAB, P.change(note="50 % of ρω² & Ω_1 ≥ −2 „x“"), FRAME).latex()
    assert told.startswith(r"\caption{\textbf{A thrown stone.} \textbf{(a)} It falls. ")
    assert r"speed $v_0 = -2$\,m/s, tilt $\theta = 30^{\circ}$, CD of the air: Square" in told
    assert r"note: 50 \% of $\rho\omega^{2}$ \& $\Omega$\_1 $\geq$ $-$2" in told
    assert told.endswith("}")
    assert told.count("{") == told.count("}")
    assert told.count("$") % 2 == 0


def test_greek_and_raised_letters_become_commands() -> None:
    assert latex_text("λΛεΑφΦ") == r"$\lambda\Lambda\varepsilon\mathrm{A}\varphi\Phi$"
    assert latex_text("x₀² ~ {a}\\") == r"x$_{0}^{2}$ \textasciitilde{} \{a\}\textbackslash{}"
    assert latex_text("plain, 中文 stays") == "plain, 中文 stays"
    assert latex_text("log₁₀ p, 10⁻²³") == r"log$_{10}$ p, 10$^{-23}$"


def test_the_seed_of_what_is_random_is_told_and_others_are_not() -> None:
    @dataclass(frozen=True)
    class Random(Parameters):
        seed: int = whole(3, "Seed", 0, 9, seed=True, folded=True)

    class RandomLab(StoneLab):
        parameters = Random

    told = caption(RandomLab(), Random(), FRAME).plain()
    assert "Parameters: seed = 3." in told
    still = Frame(figure=FRAME.figure, idle={"seed": "Nothing is random here."})
    assert "seed" not in caption(RandomLab(), Random(), still).plain()


def test_what_has_no_effect_is_not_told() -> None:
    """Points that a file does not have would be a false sample size in a paper."""
    idle = Frame(figure=FRAME.figure, idle={"speed": "Without effect: nothing is thrown."})
    assert "speed" in caption(LAB, P, FRAME).plain()
    told = caption(LAB, P, idle).plain()
    assert "speed" not in told
    assert "tilt" in told


def test_forms_are_written_by_their_endings() -> None:
    told = caption(LAB, P, FRAME)
    forms = [told.written(ending) for ending in CAPTIONS]
    assert forms == [told.plain(), told.markdown(), told.latex()]
