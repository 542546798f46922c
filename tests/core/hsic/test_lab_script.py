"""The script that the HSIC lab copies: it runs, and prints what the lab shows, on every page."""

import contextlib
import io
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from zoetrope.core.device import Context
from zoetrope.core.hsic import binned_engine, lab_one_width, lab_script
from zoetrope.core.hsic.lab import LAB
from zoetrope.core.hsic.lab_parameters import HsicParameters
from zoetrope.core.lab import Frame, final_frame

ROOT = Path(__file__).resolve().parents[3]
SAID = {"engine", "error_bound", "engine_here", "error_here", "data", "autocorrelation", "pair",
        "block"}  # fmt: skip
FEW: dict[str, Any] = {"n": 40, "map_permutations": 19, "permutations": 19}
STATES: dict[str, dict[str, Any]] = {
    "widths": {"width_x": 0.1, "width_rule": "scott", "convention": "bandwidth"},
    "anscombe": {"source": "anscombe II", "kernel_y": "laplace"},
    "six points": {"source": "drawn", "points": tuple((float(i), i * i / 3) for i in range(6))},
    "no widths": {"source": "linear", "kernel_x": "distance", "exponent": 0.7,
                  "kernel_y": "polynomial", "degree": 3},
    "shapes": {"kernel_x": "rq", "alpha": 0.4, "kernel_y": "imq", "linked_widths": True,
               "width_x": 0.3},
    "outliers": {"source": "copula", "outliers": 0.1, "rounding": 0.5, "noise": 0.1},
    "gamma": {"test": "gamma", "spectral_curve": True, "convention": "gamma"},
    "split": {"test": "split", "n": 60},
    "few rows of the map": {"n": 130, "map_rows": 100, "kernel_x": "delta"},
    "rows cut": {"n": 80, "most_rows": 60, "kernel_x": "delta", "convention": "variance"},
    "many rows": {"n": 310, "width_x": 0.4, "noise": 0.6, "map_rows": 300},
    "series": {"source": "series"},
    "blocks": {"source": "series", "block_length": 7},
    "shifts of many rows, other kernels": {"source": "series", "n": 310, "block_length": 2000,
                                           "kernel_x": "laplace", "kernel_y": "distance",
                                           "map_rows": 300},
    "columns in blocks": {"page": "columns", "source": "xor", "block_length": 3,
                          "kernel_x": "delta", "kernel_y": "delta"},
    "constant": {"source": "drawn", "points": tuple((float(i), 2.0) for i in range(12))},
    "why": {"page": "why", "family": "bumps"},
    "best pairs": {"page": "why", "family": "singular", "kernel_x": "laplace"},
    "matrices": {"page": "matrices", "row": 7, "column": 12, "row_order": "alike"},
    "matrices by y": {"page": "matrices", "row": 3, "row_order": "y", "kernel_x": "linear"},
    "compare": {"page": "compare"},
    "noise": {"page": "compare", "comparison": "noise"},
    "power": {"page": "compare", "comparison": "power", "power_sets": 10,
              "n": 12},
    "columns": {"page": "columns", "column": 1, "row": 0},
    "coins": {"page": "columns", "source": "xor", "kernel_x": "delta", "kernel_y": "delta"},
    "flow": {"page": "flow", "flow_step": 20.0, "uphill": True, "moves": "both"},
}  # fmt: skip


def printed(parameters: HsicParameters) -> dict[str, str]:
    """What the script prints, by name."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(LAB.python(parameters), "script", "exec"), {"__name__": "script"})
    return dict(line.split(" ", 1) for line in out.getvalue().splitlines())


def assert_same(frame: Frame, found: dict[str, str]) -> None:
    """Every number that the lab shows is printed, to rounding."""
    shown = {r.key: r.value for r in frame.readouts if r.key not in SAID}
    assert shown
    assert set(shown) <= set(found), set(shown) - set(found)
    for key, value in shown.items():
        if isinstance(value, str):
            tiny = "×10⁻" in value and found[key] == "5e-324"  # below the smallest double
            none = value == "undefined" and math.isnan(float(found[key]))
            assert found[key] == value or tiny or none, (key, value, found[key])
        else:
            assert float(found[key]) == pytest.approx(value, rel=1e-8, abs=1e-13), key


@pytest.fixture(autouse=True)
def _many_rows_from(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond 300 rows the engines for many take over, which else do so beyond 1000; on coarse bins,
    as the lab and the script are compared with each other only.
    """
    monkeypatch.setattr(lab_one_width, "WHOLE_UP_TO", 300)
    monkeypatch.setattr(lab_script, "WHOLE_UP_TO", 300)
    monkeypatch.setattr(binned_engine, "FINE_BINS", 257)
    monkeypatch.setattr(binned_engine, "ROUNDED_BINS", 129)


@pytest.mark.parametrize("state", STATES)
def test_the_copied_script_gives_the_same_numbers(state: str) -> None:
    parameters = HsicParameters().change(**{**FEW, **STATES[state]})
    assert_same(final_frame(LAB, parameters, Context()), printed(parameters))


@pytest.mark.parametrize("page", ["dependence", "matrices", "columns", "why", "flow", "compare"])
def test_a_file_of_ones_own_gives_the_same_numbers(page: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    path = tmp_path / "own.csv"
    rows = [f"{a:.3f},{a * a + b:.3f},{c:.3f},{'uv'[i % 2]}" for i, (a, b, c) in
            enumerate(rng.normal(size=(50, 3)))]  # fmt: skip
    path.write_text("\n".join(["a,b,c,kind", ",1,2,u", *rows]), encoding="utf-8")
    values = {**FEW, "data_file": str(path), "columns_x": ("a", "c"), "columns_y": ("b",),
              "page": page, "joined": "product", "joint": True}  # fmt: skip
    parameters = HsicParameters().change(**values)
    assert_same(final_frame(LAB, parameters, Context()), printed(parameters))


def test_a_gram_matrix_of_ones_own_gives_the_same_numbers(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(2, 30))
    path = tmp_path / "gram.npz"
    np.savez(path, K=np.exp(-((x[:, None] - x) ** 2)), y=x + y)
    parameters = HsicParameters().change(
        **{**FEW, "data_file": str(path), "kernel_x": "precomputed", "columns_y": ("y",)}
    )
    assert_same(final_frame(LAB, parameters, Context()), printed(parameters))


def test_it_runs_in_a_process_of_its_own() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LAB.python(HsicParameters().change(**FEW))],
        cwd=ROOT, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "p_global 0.05" in done.stdout
