"""The fit page: points from an example, by hand or a file, and the rope that lies nearest."""

from __future__ import annotations

import math
import time
from collections.abc import Generator
from dataclasses import replace

import numpy as np

from zoetrope.core.columns import TableError
from zoetrope.core.device import Context
from zoetrope.core.items import Array
from zoetrope.core.lab import Frame, Notice, Readout, follow
from zoetrope.core.parameters import written
from zoetrope.core.rope.curve_fit import CurveFit, fit_steps, fit_warnings
from zoetrope.core.rope.errors import RopeError
from zoetrope.core.rope.fit_parameters import MOST_POINTS
from zoetrope.core.rope.fit_view import Measured, fit_figure
from zoetrope.core.rope.lab_parameters import RopeParameters
from zoetrope.core.rope.page_scripts import fit_script
from zoetrope.core.rope.photograph import read_photograph
from zoetrope.core.rope.plain_rope import plain_rope, sizes
from zoetrope.core.rope.solution import RopeSolution
from zoetrope.core.rope.troposkein import solve
from zoetrope.core.rope.world_rope import PATIENCE
from zoetrope.core.stepping import Steps
from zoetrope.core.table import DataTable, read_table, table_rows


def begin(parameters: RopeParameters, context: Context) -> Generator[Frame, RopeParameters, None]:
    """Fit a rope to the points, in steps."""
    return follow(parameters, _Fit(plain_rope(parameters), parameters).frame)


def script(parameters: RopeParameters) -> str:
    """Return a script that fits the same points."""
    return fit_script(parameters)


class _Fit:
    """A fit that goes on some steps with each frame until it is done."""

    def __init__(self, rope: RopeSolution, parameters: RopeParameters) -> None:
        self._measured = measured_points(rope, parameters)
        self._true_span = rope.span
        self._followed = sizes(rope, parameters.given)
        self._fit: CurveFit | None = None
        self._refused: RopeError | None = None
        self._share = 0.0
        self._steps: Steps[CurveFit] | None = (
            _between_ends(self._measured, parameters.leave_out)
            if parameters.ends_marked
            else fit_steps(self._measured.x, self._measured.y, robust=parameters.leave_out)
        )

    def frame(self, parameters: RopeParameters) -> Frame:
        """Return the points, with the fit when it is done."""
        began = time.perf_counter()
        while self._steps is not None and time.perf_counter() - began < PATIENCE:
            self._step()
        measured, fit = self._measured, self._fit
        return Frame(
            figure=fit_figure(measured, fit),
            readouts=fit_readouts(measured, fit, self._true_span) if fit else (),
            notices=self._notices(parameters),
            linked=self._followed,
            tables=fit_tables(measured, fit),
            progress=None if self._steps is None else self._share,
            final=self._steps is None,
        )

    def _step(self) -> None:
        if self._steps is None:
            return
        try:
            self._share = next(self._steps)
        except StopIteration as done:
            self._fit, self._steps = done.value, None
        except RopeError as error:
            self._refused, self._steps = error, None

    def _notices(self, parameters: RopeParameters) -> tuple[Notice, ...]:
        notices = []
        if parameters.photograph:
            notices.append(
                Notice(
                    "The photograph is shown in shades of grey. Double-click along the rope to "
                    "mark points, drag one to move it."
                )
            )
        elif parameters.points_from == "example":
            notices.append(
                Notice(
                    "An example: places along the rope of this lab, in one lobe and with both ends "
                    "on the axis, with random errors. Drag a point, or mark your own."
                )
            )
        if self._refused is not None:
            notices.append(Notice(str(self._refused), "warning", "points"))
        if self._fit is not None:
            notices += [Notice(words, "warning") for words in self._fit.warnings]
        return tuple(notices)


def _file_of_points(parameters: RopeParameters) -> DataTable:
    return read_table(parameters.points_file, written(parameters, "points_file"))


def measured_points(rope: RopeSolution, parameters: RopeParameters) -> Measured:
    """Return the points to fit; raises `TableError` for a file that cannot be read."""
    photograph = read_photograph(parameters.photograph) if parameters.photograph else None
    if parameters.points_from == "example" and photograph is None:
        return _example(rope, parameters)
    unit = "px" if photograph else ""
    rows = parameters.points
    if parameters.points_from == "file":
        if not parameters.points_file:
            raise TableError("Choose a file of points, or mark them.", "points_file")
        try:
            rows, _ = table_rows(_file_of_points(parameters), ("x", "y"))
        except TableError as error:
            raise TableError(str(error), "points_file") from None
        if len(rows) > MOST_POINTS:
            raise TableError(
                f"The file has {len(rows)} points; at most {MOST_POINTS} are fitted.", "points_file"
            )
    x, y = np.array(rows, dtype=np.float64).reshape(-1, 2).T
    return Measured(x, y, unit, photograph)


def _example(rope: RopeSolution, parameters: RopeParameters) -> Measured:
    """Points of the one-lobed rope with both ends on the axis, with errors."""
    ratio = rope.length / rope.span
    curve = solve(
        None, rope.span, slack=max(ratio - 1, 1e-6), n_points=parameters.measured, sampling="arc"
    )
    tilt = math.radians(parameters.tilt)
    rng = np.random.default_rng(parameters.error_seed)
    errors = parameters.error / 100 * rope.span * rng.standard_normal((2, parameters.measured))
    x = math.cos(tilt) * curve.x - math.sin(tilt) * curve.y + errors[0]
    y = math.sin(tilt) * curve.x + math.cos(tilt) * curve.y + errors[1]
    return Measured(x, y, "m", truth=(rope.span, 1 + curve.slack))


def _between_ends(measured: Measured, robust: bool) -> Steps[CurveFit]:
    """Fit the points between the first and the last, which are the ends and lie on the rope."""
    x, y = measured.x, measured.y
    if len(x) < 2:
        raise RopeError(
            "undetermined", "Mark the two ends of the rope, and 3 points between them.", "x"
        )
    ends = (float(x[0]), float(y[0])), (float(x[-1]), float(y[-1]))
    fit = yield from fit_steps(x[1:-1], y[1:-1], ends=ends, robust=robust)
    outlier = np.pad(fit.outlier, 1)
    warnings = fit_warnings(fit.slack, fit.errors, ~outlier)  # by the numbers of all points
    return replace(fit, residual=np.pad(fit.residual, 1), outlier=outlier, warnings=warnings)


def fit_readouts(measured: Measured, fit: CurveFit, true_span: float) -> tuple[Readout, ...]:
    """Return the rope's numbers with their standard errors."""
    unit, errors = measured.unit, fit.errors
    return (
        Readout("fit_ratio", "Length ÷ span", fit.length_ratio, symbol="L/d",
                help="It decides the shape.", error=errors["length_ratio"]),
        Readout("fit_ratio_error", "Its standard error", errors["length_ratio"],
                help="About two in three such errors hold the truth between them."),
        Readout("fit_span", "Span", fit.span, unit, "d", error=errors["span"]),
        Readout("fit_tilt", "Tilt", fit.tilt_deg, "°",
                help="Of the axis, from its left end as seen with the bulge above.",
                error=errors["tilt_deg"]),
        Readout("fit_length", "Length", fit.length, unit, "L", fit.length / fit.span, "d",
                error=errors["length"]),
        Readout("fit_sag", "Sag", fit.sag, unit, "h", fit.sag / fit.span, "d",
                error=errors["sag"]),
        Readout("fit_x0", "One end: x", fit.x0, unit, "x_0", error=errors["x0"]),
        Readout("fit_y0", "One end: y", fit.y0, unit, "y_0", error=errors["y0"]),
        Readout("fit_scale", "Scale", fit.span / true_span, f"{unit or 'units'}/m",
                help=f"If the span is the {true_span:g} m that is set on the left."),
        Readout("fit_scatter", "Scatter", fit.scatter, unit, r"\sigma", fit.scatter / fit.span,
                "d", "Standard deviation of the points about the rope, along its normal."),
        Readout("fit_points", "Points believed", int((~fit.outlier).sum())),
    )  # fmt: skip


def fit_tables(measured: Measured, fit: CurveFit | None) -> dict[str, Array]:
    """Return the points with their distances, the fitted curve, and the covariance by rows."""
    tables = {"x": measured.x, "y": measured.y}
    if fit is None:
        return tables
    x, y = fit.curve(257)
    names = ("x0", "y0", "span", "tilt (rad)", "log slack")
    return {
        **tables,
        "distance": fit.residual,
        "left out": fit.outlier.astype(np.float64),
        "rope x": x,
        "rope y": y,
        **{f"covariance with {name}": fit.covariance[i] for i, name in enumerate(names)},
    }
