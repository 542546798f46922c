"""Every tour: its steps are legal, each changes the picture, and what they say is so."""

from functools import cache
from typing import Any

import pytest

from zoetrope.core.damped.lab import LAB as DAMPED
from zoetrope.core.device import Context
from zoetrope.core.lab import Animate, Frame, Lab, final_frame
from zoetrope.core.parameters import ParameterError
from zoetrope.core.registry import fault, registry
from zoetrope.core.tours import Tour, TourStep

LABS = [lab for lab in registry().values() if lab.tours]  # the small lab of the tests among them
TOURS = [(lab, tour) for lab in LABS for tour in lab.tours]
NAMES = [f"{lab.id}-{tour.key}" for lab, tour in TOURS]


class Shown:
    """Draws one state of a lab after another as the engine does: what is live goes into the job."""

    def __init__(self, lab: Lab[Any]) -> None:
        self.lab = lab
        self.job: Any = None
        self.parameters: Any = None

    def draw(self, parameters: Any) -> Frame:
        if self.job is not None and parameters.differs_only_live(self.parameters):
            frame = self.job.send(parameters)
        else:
            self.close()
            self.job = self.lab.run(parameters, Context("cpu"))
            frame = next(self.job)
        self.parameters = parameters
        while not frame.final:
            frame = self.job.send(parameters)
        assert isinstance(frame, Frame)
        return frame

    def close(self) -> None:
        if self.job is not None:
            self.job.close()


@cache
def frames_of(lab_id: str, key: str) -> list[tuple[Frame, Frame]]:
    """Return what each step of a tour begins and ends with."""
    lab = registry()[lab_id]
    tour = next(tour for tour in lab.tours if tour.key == key)
    shown = Shown(lab)
    frames = []
    for step, (begin, end) in zip(tour.steps, tour.states(lab.parameters), strict=True):
        first = shown.draw(begin)
        frames.append((first, shown.draw(end) if step.animate is not None else first))
    shown.close()
    return frames


def drawn(lab: Lab[Any], parameters: Any) -> Frame:
    return final_frame(lab, parameters, Context("cpu"))


def readouts(frame: Frame) -> dict[str, Any]:
    return {readout.label: readout.value for readout in frame.readouts}


def at_steps(lab_id: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the readouts at the beginnings and at the ends of a lab's first tour."""
    frames = frames_of(lab_id, registry()[lab_id].tours[0].key)
    return [readouts(begin) for begin, _ in frames], [readouts(end) for _, end in frames]


def states_of(lab_id: str) -> list[tuple[Any, Any]]:
    lab = registry()[lab_id]
    return list(lab.tours[0].states(lab.parameters))


def test_there_are_tours_of_the_first_labs() -> None:
    assert {"rope", "hsic", "attention"} <= {lab.id for lab in LABS}


@pytest.mark.parametrize(("lab", "tour"), TOURS, ids=NAMES)
def test_every_step_says_something_and_shows_something_else(lab: Lab[Any], tour: Tour) -> None:
    assert 3 <= len(tour.steps) <= 8
    assert tour.help.endswith(".")
    before = drawn(lab, lab.parameters()).figure
    for step, (begin, end) in zip(tour.steps, frames_of(lab.id, tour.key), strict=True):
        assert len(step.title) <= 44
        assert not step.title.endswith(".")
        assert 60 <= len(step.text) <= 260
        assert step.text.endswith(".")
        assert end.figure.panels
        assert end.figure != (before if step.animate is None else begin.figure), step.title
        before = end.figure


@pytest.mark.parametrize(("lab", "tour"), TOURS, ids=NAMES)
def test_every_step_can_be_taken_back(lab: Lab[Any], tour: Tour) -> None:
    """It changes something."""
    before = lab.parameters()
    for step, (begin, end) in zip(tour.steps, tour.states(lab.parameters), strict=True):
        moved = {n for p in (begin, end) for n, v in p.plain().items() if v != getattr(before, n)}
        assert moved, step.title
        before = end


def test_a_step_begins_where_the_one_before_ended() -> None:
    tour = Tour(
        "x", "X", "X.",
        (
            TourStep("Loud", "", {"amplitude": 2.0}),
            TourStep("Slower", "", animate=Animate("period", 1.0, 3.0, back=False)),
            TourStep("There and back", "", animate=Animate("decay", 0.1, 0.9)),
            TourStep("More", "", animate=Animate("points", 100, 200.4, back=False)),
        ),
    )  # fmt: skip
    states = list(tour.states(DAMPED.parameters))
    assert [(a.amplitude, a.period) for a, _ in states] == [(2, None), (2, 1), (2, 3), (2, 3)]
    assert [(b.period, b.decay) for _, b in states] == [(None, 0.4), (3, 0.4), (3, 0.1), (3, 0.1)]
    assert (states[3][0].points, states[3][1].points) == (100, 200)


def test_a_lab_whose_tour_is_not_legal_is_left_out() -> None:
    class Wrong(type(DAMPED)):  # type: ignore[misc]
        tours = (Tour("far", "Far", "Far.", (TourStep("Far", "", {"amplitude": 99.0}),)),)

    assert "tour 'far'" in str(fault(Wrong()))
    with pytest.raises(ParameterError):
        list(Wrong.tours[0].states(DAMPED.parameters))


# -- what the steps say ------------------------------------------------------------------------


def test_the_rope_s_numbers() -> None:
    lab, states, (began, at) = registry()["rope"], states_of("rope"), at_steps("rope")
    assert at[0]["Sag"] == pytest.approx(0.516, abs=5e-4)
    assert states[1][1].span == 1.0
    assert began[1]["Sag"] == pytest.approx(0.06, abs=5e-3)
    assert at[1]["Sag"] == pytest.approx(0.81, abs=5e-3)
    pull = "Tension at the left end"
    assert (began[2][pull], at[2][pull]) == pytest.approx((0.51, 51.0), rel=5e-3)
    assert at[2]["Sag"] == began[2]["Sag"]
    assert at[3]["Parabola"] == pytest.approx(0.75, abs=5e-3)
    assert at[3]["Catenary"] == pytest.approx(3.0, abs=0.05)
    ranking = frames_of("rope", "curve")[3][1].figure.panel("ranking")
    assert ranking.x.title == "Largest deviation (% of the sag)"
    others = ("Parabola", "Catenary", "Sine", "Straight-arc-straight")
    assert at[3]["Parabola"] == min(at[3][name] for name in others)
    slower = readouts(drawn(lab, states[4][1].change(speed=26.0)))
    assert slower["Opens above"] == pytest.approx(27.2, abs=0.05)


def test_the_rope_s_chain_settles_within_a_turn() -> None:
    begin, _ = frames_of("rope", "curve")[-1]
    assert "13.5 % of the sag off" in begin.figure.panel("frame").title
    within = begin.figure.panel("distance").title
    assert within.startswith("Within 1 % of the sag after 0.9")
    assert states_of("rope")[-1][0].segments == 96


def test_hsic_s_numbers() -> None:
    frames, (_, at) = frames_of("hsic", "widths"), at_steps("hsic")
    assert at[0]["Pearson r"] == pytest.approx(-0.055, abs=5e-4)
    assert at[0]["p, Pearson r"] == pytest.approx(0.55, abs=5e-3)
    assert at[0]["p, HSIC, whole map"] == 0.001
    wave, narrow, nothing = (frames[i][1].figure for i in (1, 2, 3))
    assert wave.panel("null").title.startswith("At your widths 764 of 999 shuffles")
    assert narrow.panel("null").title.startswith("At your widths 0 of 999 shuffles")
    assert nothing.panel("map").title == "Best of 225 widths: p = .007, honest: .13"
    assert at[4]["Peak frequency of x"] == pytest.approx(11.8, abs=0.05)
    begin, end = frames[4]
    assert "below about 1.73 and" in begin.figure.panel("spectrum").summary
    assert "below about 17.3 and" in end.figure.panel("spectrum").summary
    assert at[5]["Least dependent at"] == 22.0 == states_of("hsic")[5][1].angle


def test_attention_s_numbers() -> None:
    lab, states, (began, at) = (
        registry()["attention"],
        states_of("attention"),
        at_steps("attention"),
    )
    share = "Of full attention"
    assert at[0]["Pairs"] == 1024 * 1024
    assert began[1][share] == "1.6 %"
    assert at[1][share] == "21.9 %"
    pairs = {
        stride: readouts(drawn(lab, states[2][0].change(stride=stride)))["Pairs"]
        for stride in (8, 16, 23, 32, 64, 128)
    }
    assert min(pairs, key=pairs.__getitem__) == 23
    assert pairs[23] / 1024**2 == pytest.approx(0.043, abs=5e-4)
    assert (at[3]["200 → 37"], at[3]["Layers needed"]) == ("not seen", 2)
    assert at[3]["Shortest chain"] == "200 → 40 → 37"
    assert at[4]["Keys of a query"] == pytest.approx(1535, abs=0.5)
    assert at[4][share] == "0.15 %"
    assert at[5][share] == "2.3 %"
    assert at[5]["Cache at most"] == 4031
    waste = frames_of("attention", "patterns")[5][1].figure.panel("waste").title
    assert waste.startswith("Blocks of 128 compute 22")


def test_the_i_resnet_s_numbers() -> None:
    trained, _, _, home, bars, collapse = at_steps("iresnet")[1]
    assert states_of("iresnet")[0][1].lip == 0.97
    assert trained["Above the entropy"] == pytest.approx(0.03, abs=0.005)
    assert home["Largest error, whole way"] < 1e-11
    assert home["Most iterations in a block"] in (4, 5)
    assert bars["Greatest ‖J‖ found"] == pytest.approx(0.62, abs=0.02)
    assert collapse["i-ResNet mirrored"] == 0.0
    assert collapse["Plain mirrored"] == pytest.approx(50.0, abs=10.0)  # per cent
    assert collapse["Plain meet"] > 1
    assert collapse["Plain ∫ p"] > 10
