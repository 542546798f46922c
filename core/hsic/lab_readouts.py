"""The numbers beside the HSIC lab's pictures, its sentences, and the columns of its exports."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from zoetrope.core.hsic.lab_choices import CONVENTIONS
from zoetrope.core.hsic.lab_data import LabData
from zoetrope.core.hsic.lab_parameters import HsicParameters
from zoetrope.core.hsic.lab_words import p_number
from zoetrope.core.lab import Notice, Readout

if TYPE_CHECKING:
    from zoetrope.core.hsic.at_widths import AtWidths
    from zoetrope.core.hsic.lab_study import Study
    from zoetrope.core.hsic.results import TestResult, WidthGrid

UNDEFINED = "undefined"


def number(value: float | None) -> float | str:
    """A number, or the word for one that is not defined."""
    return UNDEFINED if value is None or math.isnan(value) else value


def p_readout(key: str, label: str, p: float, log10_p: float | None, help: str) -> Readout:
    """A p-value; below the smallest double its power of ten, never 0."""
    value: float | str = p
    if log10_p is not None and log10_p < -300:
        value = p_number(p, log10_p)
    return Readout(key, label, value, symbol="p", help=help)


def readouts(
    study: Study,
    parameters: HsicParameters,
    at: AtWidths | None,
    null: TestResult | None = None,
    grid: WidthGrid | None = None,
) -> tuple[Readout, ...]:
    """Return what is known at the widths that are set, then what holds for the map."""
    found: list[Readout] = []
    if grid is not None and grid.p_global is not None:
        found.append(
            p_readout(
                "p_global", "p, whole map", grid.p_global, None,
                "Valid after looking at every width of the map: the smallest p against the "
                f"smallest p of each shuffled map. {_floor(study, grid)}",
            )
        )  # fmt: skip
    if null is not None:
        exact = null.method == "exact"
        floor = f"Of all {null.n_perm} orders." if exact else (
            f"{null.n_perm} {shuffled(study)} with seed {null.seed}; it cannot fall below "
            f"1/(1 + {null.n_perm})."
        )  # fmt: skip
        found.append(
            p_readout("p_permutation", "p, all orders" if exact else "p, permutations",
                      null.p_value, null.log10_p, f"At your widths. {floor}")
        )  # fmt: skip
    found += _alike(study)
    if at is not None:
        found += at_widths(study, parameters, at)
    if grid is not None:
        found += _of_map(study, grid)
    found += [
        Readout("n", "Pairs", study.n, symbol="n"),
        Readout("data", "Data", study.data.key[:12],
                help="A fingerprint of the numbers of both variables: equal data, equal letters."),
    ]  # fmt: skip
    return tuple(found)


def _alike(study: Study) -> list[Readout]:
    """How alike neighbouring rows are, where that makes shuffling single rows misleading."""
    serial = study.serial
    if serial is None or not serial.notable:
        return []
    return [
        Readout("autocorrelation", "Autocorrelation", min(serial.lag_one_x, serial.lag_one_y),
                good=study.block_length > 1,
                help=f"Of neighbouring rows: {serial.lag_one_x:.2f} of x, {serial.lag_one_y:.2f} "
                f"of y. The {study.n} rows tell as much as {serial.effective_n:.0f} independent "
                "ones. Shuffling every row makes p too small; keep neighbours together.")
    ]  # fmt: skip


def shuffled(study: Study) -> str:
    """What a shuffle moves."""
    if study.block_length == 1:
        return "shuffles"
    if study.block_length >= study.n:
        return "shifts of one series along the other"
    return f"shuffles of blocks of {study.block_length} rows"


def _of_map(study: Study, grid: WidthGrid) -> list[Readout]:
    found = []
    if grid.best is not None and grid.p_moment is not None and grid.log10_p_moment is not None:
        i, j = grid.best
        found.append(
            p_readout(
                "p_best", "Smallest p of the map", float(grid.p_moment[i, j]),
                float(grid.log10_p_moment[i, j]),
                f"The least of {grid.hsic.size}, by exact moments. Not a p-value to report: for "
                "independent data too it is often below .05.",
            )
        )  # fmt: skip
        for axis, index, widths, unit in (
            ("x", i, grid.widths_x, study.units[0]),
            ("y", j, grid.widths_y, study.units[1]),
        ):
            if not math.isnan(unit):
                found.append(
                    Readout(f"best_width_{axis}", f"Its width of {axis}", float(widths[index]),
                            symbol=rf"\sigma_{axis}", ratio=float(widths[index]) / unit,
                            ratio_unit="×")
                )  # fmt: skip
    found.append(
        Readout("engine", "Map computed by", grid.engine,
                help=f"{len(grid.widths_x)} by {len(grid.widths_y)} widths.")
    )  # fmt: skip
    found.append(
        Readout("error_bound", "Error of the map, at most", grid.error_bound,
                help="Of every HSIC of the map, relative to √(HSIC(x,x) HSIC(y,y)) there.")
    )  # fmt: skip
    return found


def _floor(study: Study, grid: WidthGrid) -> str:
    if study.exact:
        return f"Of all {grid.n_perm} orders."
    return (
        f"{grid.n_perm} {shuffled(study)} with seed {grid.seed}; it cannot fall below "
        f"1/(1 + {grid.n_perm})."
    )


def at_widths(study: Study, parameters: HsicParameters, at: AtWidths) -> list[Readout]:
    """Return what is known at the widths that are set, which takes no map and no shuffles."""
    found = []
    if at.p_value is not None and study.block_length == 1:
        found.append(
            p_readout("p_value", "p, exact moments", at.p_value, at.log10_p,
                      "At your widths, at once: a Pearson III law with the exact mean, variance "
                      "and skewness of HSIC over all orders of the pairs.")
        )  # fmt: skip
    found.append(
        Readout("hsic", "HSIC", number(at.hsic), help="Biased, tr(KHLH)/n²; never negative.")
    )
    found.append(
        Readout("cka", "CKA", number(at.cka_b),
                help="HSIC over √(HSIC(x,x) HSIC(y,y)). It tends to 1 for any data as the widths "
                "shrink.")
    )  # fmt: skip
    if at.dragging:
        return found
    found += [
        Readout("hsic_u", "HSIC, unbiased", number(at.hsic_u),
                help="Right on average, so it falls below 0 about half of the time when x and y "
                "are independent. It is shown as it is."),
        Readout("cka_u", "CKA, unbiased", number(at.cka_u), help="From unbiased HSIC."),
        Readout("n_hsic", "n · HSIC", number(study.n * at.hsic),
                help="The test statistic of Gretton's code and of dHSIC."),
    ]  # fmt: skip
    if at.nocco is not None:
        found.append(
            Readout("nocco", "NOCCO", at.nocco,
                    help="tr(RₓR_y), R = Kc (Kc + εnI)⁻¹ with ε = 10⁻⁵. Often called normalised "
                    "HSIC, or nHSIC; it is not CKA.")
        )  # fmt: skip
    found += _widths(study, parameters, at)
    engine, bound = study.one.engine
    if not math.isnan(bound):
        found += [
            Readout("engine_here", "Computed by", engine, help="HSIC at your widths, all rows."),
            Readout("error_here", "Error of HSIC, at most", bound),
        ]
    return found


def _widths(study: Study, parameters: HsicParameters, at: AtWidths) -> list[Readout]:
    """Both widths in the convention that is chosen, and what 1 × is."""
    from zoetrope.core.hsic.widths import convert_width

    found = []
    for axis, width, unit in (
        ("x", at.width_x, study.units[0]), ("y", at.width_y, study.units[1]),
    ):  # fmt: skip
        if width is None:
            continue
        found += [
            Readout(f"width_{axis}", f"Width of {axis}", width, symbol=rf"\sigma_{axis}",
                    ratio=width / unit, ratio_unit="×",
                    help="In units of the data: exp(−d²/2σ²) for the Gaussian kernel. “Widths "
                    "written as” shows it as other programs write it."),
            Readout(f"unit_{axis}", f"1 × for {axis}", unit,
                    help="What widths are multiples of, by the width rule."),
        ]  # fmt: skip
        if parameters.convention != "sigma":
            words = CONVENTIONS[parameters.convention]
            found.append(
                Readout(f"converted_{axis}", f"{words.split()[0]} of {axis}",
                        convert_width(width, "sigma", parameters.convention),
                        help=f"The same width as {words}.")
            )  # fmt: skip
    return found


def notices(study: Study, parameters: HsicParameters) -> tuple[Notice, ...]:
    """Say what was simplified, left out or doubtful."""
    data: LabData = study.data
    found = [*data.notices, *study.said]
    found += [Notice(text, "warning", parameter) for text, parameter in study.notes]
    if parameters.data_file and parameters.source != "file":
        found.append(Notice("Your file is not shown: choose “Your file” as the data.", "info",
                            "source"))  # fmt: skip
    rows = study.map_rows
    if rows is not None and parameters.page == "dependence":
        found.append(
            Notice(f"The map and its p use {len(rows)} of the {study.n} rows, drawn with seed "
                   f"{study.seed}: here they compare every pair of rows at every width. “Rows of "
                   "the map” says how many.", "warning", "map_rows")
        )  # fmt: skip
    if data.n < 6:
        found.append(Notice("The exact moments need 6 rows; p comes from all orders of the pairs."))
    elif study.few and not study.constant:
        found.append(
            Notice("A variable has fewer than 6 distinct values: HSIC then takes few values under "
                   "shuffling and the exact-moment p is rough. Trust the permutations.", "warning")
        )  # fmt: skip
    for axis, block in (("x", study.blocks[0]), ("y", study.blocks[1])):
        if block.constant:
            found.append(
                Notice(f"All values of {axis} are equal: HSIC is 0, CKA is undefined and p is 1.",
                       "warning")
            )  # fmt: skip
    if study.in_time and study.block_length == 1:
        found.append(
            Notice("Neighbouring rows are alike. If they came in this order, as a time series, p "
                   "is too small: keep neighbours together. If they were only sorted, all is well.",
                   "warning", "block_length")
        )  # fmt: skip
    return tuple(found)


def tables(study: Study, null: TestResult | None, grid: WidthGrid | None) -> dict[str, Any]:
    """Return the pairs, the shuffled HSIC, and the map with one row a cell."""
    found: dict[str, Any] = {}
    for name, block in (("x", study.data.x), ("y", study.data.y)):
        for c, column in enumerate(block.T):
            found[name if block.shape[1] == 1 else f"{name}{c + 1}"] = column.copy()
    if null is not None:
        found["hsic under permutation"] = null.null
    if grid is None:
        return found
    shape = grid.hsic.shape
    found["map width x"] = np.broadcast_to(grid.widths_x[:, None], shape).ravel()
    found["map width y"] = np.broadcast_to(grid.widths_y, shape).ravel()
    for name, values in (
        ("hsic", grid.hsic), ("hsic_u", grid.hsic_u), ("cka_b", grid.cka_b),
        ("cka_u", grid.cka_u), ("log10_p_moment", grid.log10_p_moment),
        ("p_permutation", grid.p_value),
    ):  # fmt: skip
        if values is not None:
            found[f"map {name}"] = np.asarray(values).ravel()
    return found
