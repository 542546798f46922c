"""The savings meter: each way in a process of its own, with a guard, and what the page says."""

import math
from typing import Any

import pytest

from zoetrope.core.attention import pattern
from zoetrope.core.attention.final import final
from zoetrope.core.attention.heads import savings_meter
from zoetrope.core.attention.heads.savings_meter import METHODS, Timing, measure_steps, refusal
from zoetrope.core.attention.heads.savings_page import SavingsPage, _theory
from zoetrope.core.attention.lab_parameters import AttentionParameters
from zoetrope.core.attention.lab_study import Study
from zoetrope.core.parameters import ParameterError

TEXTS = tuple(pattern("sliding", n, window=16).to_json() for n in (64, 300))


@pytest.mark.parametrize("method", ["naive", "sparse"])
def test_a_way_is_measured_in_a_process_of_its_own(method: str) -> None:
    found = final(measure_steps(method, TEXTS, 8, causal=True))
    assert [one.n for one in found] == [64, 300]
    assert all(0 < one.seconds < 5 for one in found)
    assert all(math.isnan(one.peak) or 0 <= one.peak < 1e9 for one in found)


def test_it_can_be_left_at_once() -> None:
    steps = measure_steps("kernel", TEXTS, 8, causal=True)
    assert next(steps) is None
    steps.close()


def test_what_would_not_fit_is_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(savings_meter, "_free", lambda: 32e6)
    assert refusal("naive", 1000) == ""
    assert refusal("naive", 1001) == "memory for 1,000 tokens at most"
    assert refusal("sparse", 1 << 20) == refusal("kernel", 1 << 20) == ""
    monkeypatch.setattr(savings_meter, "_free", lambda: 1e12)
    assert "beyond 8,192" in refusal("masked", 8193)


def finished(page: SavingsPage) -> SavingsPage:
    """The page with all its work done."""
    while not page.advance():
        pass
    return page


def page_of(monkeypatch: pytest.MonkeyPatch, **values: Any) -> SavingsPage:
    """The page with a meter that gives known numbers."""

    def meter(method: str, texts: Any, width: int, causal: bool) -> Any:
        assert causal
        slow = {"naive": 9.0, "kernel": 4.0, "masked": 14.8, "sparse": 0.5}[method]
        lengths = [1024, 2048, 4096]
        assert len(texts) == 3
        yield None
        yield tuple(Timing(n, slow * n / 4096, 1e6 * slow) for n in lengths)

    monkeypatch.setattr("zoetrope.core.attention.heads.savings_page.measure_steps", meter)
    parameters = AttentionParameters().change(
        page="savings", pattern="sliding", n=4096, d_head=61, **values
    )
    return finished(SavingsPage(Study(parameters), parameters))


def test_the_page_says_what_was_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = page_of(monkeypatch, window=200, measure_savings=True).frame()
    assert frame.figure.panel("time").title == (
        "At n = 4,096 sparse attention is 8 times as fast as the dense kernel"
    )
    shown = {one.key: one.value for one in frame.readouts}
    assert shown["saved"] == "8 times"
    assert shown["mask_costs"] == "3.7 times"
    theory = next(one for one in frame.figure.panel("time").items if one.key == "theory")
    pairs = pattern("sliding", 4096, window=200).nnz()
    assert theory.y[-1] == pytest.approx(4000 * pairs / (4096 * 4097 / 2))
    assert set(frame.tables["method"]) == set(METHODS)


def test_nothing_is_run_before_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = page_of(monkeypatch, window=201).frame()
    assert frame.figure.panel("time").title == "Nothing is measured yet"
    assert frame.actions[0].change == {"measure_savings": True}
    assert not frame.tables


def test_theory_counts_pairs_of_either_kernel() -> None:
    page = AttentionParameters().change(page="savings", pattern="local", n=2048, window=10)
    made = finished(SavingsPage(Study(page), page))
    lengths = made._lengths().result
    assert lengths is not None
    assert not lengths.causal
    (first, *_) = _theory(lengths, (Timing(1024, 2.0, 0.0),))
    assert first == (1024, pytest.approx(2.0 * lengths.pairs[0] / 1024**2))


def test_a_pattern_of_one_length_that_is_too_long_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(SavingsPage, "_at", lambda page, n: None)  # as a file of 20,000 tokens
    page = AttentionParameters().change(page="savings")
    with pytest.raises(ParameterError, match="measured up to 16,384"):
        finished(SavingsPage(Study(page), page))
