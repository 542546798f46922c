"""What the sweeps that ship say of themselves, held to cells of theirs."""

from typing import Any

import pytest
from scipy.stats import binom

from zoetrope.core.registry import registry
from zoetrope.core.sweep.cells import measure_cell
from zoetrope.core.sweep.definition import Definition
from zoetrope.core.sweep.progress import Where
from zoetrope.core.sweep.tasks import task_of
from zoetrope.core.sweep.worked import definition_of, worked_sweep


def shipped(lab_id: str, key: str) -> Definition:
    lab = registry()[lab_id]
    return definition_of(lab, worked_sweep(lab, key))


def cell(sweep: Definition, **changes: Any) -> dict[str, Any]:
    """The readouts of a cell with these values, as a worker measures it."""
    found = measure_cell(task_of(sweep, Where(device="cpu")), sweep.lab, sweep.base, changes)
    assert not found.error
    return dict(found.values)


def test_power_of_sines_of_one_to_eight_waves() -> None:
    """At the medians one wave always shows, and eight as often as chance; the more waves, the
    narrower the kernel that finds them.
    """
    sweep = shipped("hsic", "power")
    assert sweep.seeds == 50
    assert dict(zip(("width_x", "waves"), (v.values for v in sweep.varied), strict=True))[
        "waves"
    ] == (1, 2, 4, 8)

    def found(waves: int, width: float) -> int:
        """In how many of the data sets p is at most .05."""
        cells = (cell(sweep, waves=waves, width_x=width, seed=1 + r) for r in range(sweep.seeds))
        return sum(one["p_value"] <= 0.05 for one in cells)

    assert found(1, 1.0) == 50
    most_by_chance = binom.ppf(0.999, sweep.seeds, 0.05)
    assert found(8, 1.0) <= most_by_chance
    assert found(8, 0.3) <= most_by_chance < found(4, 1.0) < 25
    assert found(4, 0.3) == found(8, 0.1) == 50


def test_networks_that_are_held_tighter_learn_less_and_all_are_undone() -> None:
    """After a sixteenth of the steps of the sweep, which takes minutes."""
    sweep = shipped("iresnet", "lipschitz")
    assert (sweep.base.plain()["step"], sweep.base.plain()["source"]) == (400.0, "checkerboard")
    assert sweep.varied[0].values[0] == 0.3
    assert sweep.varied[0].values[-1] == 0.97
    tight, loose = (cell(sweep, lip=lip, step=25.0) for lip in (0.3, 0.97))
    assert tight["kl"] > 1.2 * loose["kl"]
    assert tight["nll"] > loose["nll"]
    assert max(tight["inverse_error"], loose["inverse_error"]) < 1e-10


def test_mass_kept_by_five_patterns() -> None:
    """The heaviest keys keep most, and strided is flat while its smallest pattern is too large."""
    sweep = shipped("attention", "mass")
    budgets, families = (varied.values for varied in sweep.varied)
    assert families == ("window", "first", "strided", "random", "oracle")

    def kept(family: str, budget: float) -> float:
        share = cell(sweep, family=family, budget=budget)["mean_mass"]
        assert isinstance(share, float)
        return share

    strided = kept("strided", budgets[0])
    assert kept("strided", budgets[1]) == pytest.approx(strided)
    assert strided < kept("oracle", budgets[0]) < 1
