"""The short form of the storm, and that a failure in one is found, counted and made minimal."""

import pytest

from tests.soak.minimal import failure, minimal, storm
from zoetrope.core.registry import registry

LABS = [lab for lab in registry() if lab != "damped"]


@pytest.mark.parametrize("lab", LABS)
def test_a_short_storm_breaks_nothing(lab: str) -> None:
    """How long the event loop was held is judged by the long form: here other tests run beside."""
    found = storm(lab, 120, 3)
    assert found["errors"] == []
    assert found["lost"] == []
    assert found["restored"]
    assert found["done"] == 120


def test_a_failure_is_made_minimal(monkeypatch: pytest.MonkeyPatch) -> None:
    def falls_over(lab: str, count: int, seed: int, deeds: list[int] | None = None) -> dict:  # type: ignore[type-arg]
        fails = {7, 90} <= set(deeds or range(100))
        errors = [[90, "Traceback\nValueError: fell over"]] if fails else []
        return {"lab": lab, "seed": seed, "errors": errors}

    monkeypatch.setattr("tests.soak.minimal.storm", falls_over)
    found = falls_over("rope", 100, 0)
    assert failure(found) == "ValueError: fell over"
    assert minimal(found) == [7, 90]
