"""Every tour: its steps are legal, each changes the picture, and what they say is so."""

from collections.abc import Iterator
from typing import Any

import pytest

from zoetrope.core.damped.lab import LAB as DAMPED
from zoetrope.core.device import Context
from zoetrope.core.lab import Animate, Frame, Lab, final_frame
from zoetrope.core.parameters import ParameterError
from zoetrope.core.registry import fault, registry
from zoetrope.core.tours import Tour, TourStep
from zoetrope.gui.history import is_passing

LABS = [lab for lab in registry().values() if lab.tours]  # the small lab of the tests among them
TOURS = [(lab, tour) for lab in LABS for tour in lab.tours]
NAMES = [f"{lab.id}-{tour.key}" for lab, tour in TOURS]


def drawn(lab: Lab[Any], parameters: Any) -> Frame:
    return final_frame(lab, parameters, Context("cpu"))


def readouts(frame: Frame) -> dict[str, Any]:
    return {readout.label: readout.value for readout in frame.readouts}


def ends_of(lab_id: str) -> Iterator[tuple[Any, Any]]:
    lab = registry()[lab_id]
    return lab.tours[0].states(lab.parameters)


def test_there_are_tours_of_the_first_labs() -> None:
    assert {"rope", "hsic", "attention"} <= {lab.id for lab in LABS}


@pytest.mark.parametrize(("lab", "tour"), TOURS, ids=NAMES)
def test_every_step_says_something_and_shows_something_else(lab: Lab[Any], tour: Tour) -> None:
    assert 3 <= len(tour.steps) <= 8
    assert tour.help.endswith(".")
    before = drawn(lab, lab.parameters()).figure
    for step, (begin, end) in zip(tour.steps, tour.states(lab.parameters), strict=True):
        assert len(step.title) <= 44
        assert not step.title.endswith(".")
        assert 60 <= len(step.text) <= 260
        assert step.text.endswith(".")
        if step.animate is not None:
            before = drawn(lab, begin).figure
        figure = drawn(lab, end).figure
        assert figure.panels
        assert figure != before, step.title
        before = figure


@pytest.mark.parametrize(("lab", "tour"), TOURS, ids=NAMES)
def test_every_step_can_be_taken_back(lab: Lab[Any], tour: Tour) -> None:
    """It changes something; and an animated one more than the page, a playhead or a camera, which
    alone are no step of undo.
    """
    declared = lab.parameters.declarations()
    before = lab.parameters()
    for step, (begin, end) in zip(tour.steps, tour.states(lab.parameters), strict=True):
        moved = {n for p in (begin, end) for n, v in p.plain().items() if v != getattr(before, n)}
        assert moved, step.title
        lasting = [n for n in moved if not is_passing(declared[n])]
        assert lasting or step.animate is None, step.title
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
    lab = registry()["rope"]
    states = list(ends_of("rope"))
    at = [readouts(drawn(lab, end)) for _, end in states]
    began = [readouts(drawn(lab, begin)) for begin, _ in states]
    assert at[0]["Sag"] == pytest.approx(0.516, abs=5e-4)
    assert states[1][1].span == 1.0
    assert began[1]["Sag"] == pytest.approx(0.06, abs=5e-3)
    assert at[1]["Sag"] == pytest.approx(0.81, abs=5e-3)
    pull = "Tension at the left end"
    assert (began[2][pull], at[2][pull]) == pytest.approx((0.51, 51.0), rel=5e-3)
    assert at[2]["Sag"] == began[2]["Sag"]
    assert at[3]["Parabola"] == pytest.approx(0.75, abs=5e-3)
    assert at[3]["Catenary"] == pytest.approx(3.0, abs=0.05)
    assert at[3]["Parabola"] == min(
        at[3][name] for name in ("Parabola", "Catenary", "Sine", "Straight-arc-straight")
    )
    slower = readouts(drawn(lab, states[4][1].change(speed=26.0)))
    assert slower["Opens above"] == pytest.approx(27.2, abs=0.05)


def test_the_rope_s_chain_settles_within_a_turn() -> None:
    lab = registry()["rope"]
    *_, (begin, _) = ends_of("rope")
    frame = drawn(lab, begin)
    assert "13.5 % of the sag off" in frame.figure.panel("frame").title
    within = frame.figure.panel("distance").title
    assert within.startswith("Within 1 % of the sag after 0.9")
    assert begin.segments == 96


def test_hsic_s_numbers() -> None:
    lab = registry()["hsic"]
    states = list(ends_of("hsic"))
    circle = readouts(drawn(lab, states[0][1]))
    assert circle["Pearson r"] == pytest.approx(-0.055, abs=5e-4)
    assert circle["p, Pearson r"] == pytest.approx(0.55, abs=5e-3)
    assert circle["p, HSIC, whole map"] == 0.001
    wave, narrow, nothing = (drawn(lab, states[i][1]).figure for i in (1, 2, 3))
    assert wave.panel("null").title.startswith("At your widths 764 of 999 shuffles")
    assert narrow.panel("null").title.startswith("At your widths 0 of 999 shuffles")
    assert nothing.panel("map").title == "Best of 225 widths: p = .007, honest: .13"
    begin, end = (drawn(lab, p) for p in states[4])
    assert readouts(end)["Peak frequency of x"] == pytest.approx(11.8, abs=0.05)
    assert "below about 1.73 and" in begin.figure.panel("spectrum").summary
    assert "below about 17.3 and" in end.figure.panel("spectrum").summary
    assert readouts(drawn(lab, states[5][1]))["Least dependent at"] == 22.0 == states[5][1].angle


def test_attention_s_numbers() -> None:
    lab = registry()["attention"]
    states = list(ends_of("attention"))
    at = [readouts(drawn(lab, end)) for _, end in states]
    share = "Of full attention"
    assert at[0]["Pairs"] == 1024 * 1024
    assert readouts(drawn(lab, states[1][0]))[share] == "1.6 %"
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
    waste = drawn(lab, states[5][1]).figure.panel("waste").title
    assert waste.startswith("Blocks of 128 compute 22")


def test_the_i_resnet_s_numbers() -> None:
    lab = registry()["iresnet"]
    states = list(ends_of("iresnet"))
    trained, _, _, home, bars, collapse = (readouts(drawn(lab, end)) for _, end in states)
    assert states[0][1].lip == 0.97
    assert trained["Above the entropy"] == pytest.approx(0.03, abs=0.005)
    assert home["Largest error, whole way"] < 1e-11
    assert home["Most iterations in a block"] in (4, 5)
    assert bars["Greatest ‖J‖ found"] == pytest.approx(0.62, abs=0.02)
    assert collapse["i-ResNet mirrored"] == 0.0
    assert collapse["Plain mirrored"] == pytest.approx(50.0, abs=10.0)  # per cent
    assert collapse["Plain meet"] > 1
    assert collapse["Plain ∫ p"] > 10
