"""The first page at work: the instant p, a quick map, the shuffles, then the honest map."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from zoetrope.core.hsic.dependence_view import dependence_page, witness_grids
from zoetrope.core.hsic.lab_page import Page
from zoetrope.core.hsic.lab_readouts import notices, readouts, tables
from zoetrope.core.lab import Action, Frame

if TYPE_CHECKING:
    from zoetrope.core.hsic.at_widths import AtWidths
    from zoetrope.core.hsic.lab_jobs import Job
    from zoetrope.core.hsic.results import TestResult, WidthGrid

LEAST_FOR_MAP = 4


class DependencePage(Page):
    """Scatter, map over widths, and the null."""

    dragged: AtWidths | None = None  # what is known of points on the move

    def jobs(self) -> Iterator[Job[Any]]:
        """Yield the widths' own numbers, then what takes longer."""
        yield self._at()
        if self._mapped:
            yield self.study.coarse()
        if self.parameters.witness:
            yield self._witness()
        yield self._null()
        if self.parameters.gamma_curve and self._gamma_defined:
            yield self._gamma()
        if self._mapped:
            yield self._map()

    @property
    def presentable(self) -> bool:
        """Whether there is a map, if only a quick one."""
        return self._at().result is not None and (self.grid is not None or not self._mapped)

    @property
    def _mapped(self) -> bool:
        """Whether there is a map to draw: some kernel has a width, or p is wanted at least."""
        return self.study.n >= LEAST_FOR_MAP and not any(b.constant for b in self.study.blocks)

    def _at(self) -> Job[AtWidths]:
        return self.study.at(self.parameters.factors)

    def _null(self) -> Job[TestResult]:
        return self.study.null(self.parameters.factors, self.parameters.permutations)

    def _map(self) -> Job[WidthGrid]:
        return self.study.map(self.parameters.map_permutations)

    def _witness(self) -> Job[Any]:
        factors = self.parameters.factors

        def steps() -> Iterator[Any]:
            from zoetrope.core.hsic import witness

            width_x, width_y = self.study.widths(factors)
            grid_x, grid_y = witness_grids(self.study)
            if not self.study.data.single:
                return
            yield witness(
                self.study.data.x, self.study.data.y, grid_x, grid_y,
                width_x=width_x, width_y=width_y,
                kernel_x=self.study.kernels[0], kernel_y=self.study.kernels[1],
            )  # fmt: skip

        return self.study.jobs.get("witness", factors, steps)

    @property
    def _gamma_defined(self) -> bool:
        return self.study.n >= 6 and all(b.kernel.unit_diagonal for b in self.study.blocks)

    def _gamma(self) -> Job[TestResult]:
        factors = self.parameters.factors

        def steps() -> Iterator[TestResult]:
            from zoetrope.core.hsic import gamma_test

            width_x, width_y = self.study.widths(factors)
            yield gamma_test(
                self.study.data.x, self.study.data.y, width_x=width_x, width_y=width_y,
                kernel_x=self.study.kernels[0], kernel_y=self.study.kernels[1],
            )  # fmt: skip

        return self.study.jobs.get("gamma", factors, steps)

    def frame(self, final: bool) -> Frame:
        """Return the picture of what is known."""
        study, parameters = self.study, self.parameters
        at = self.dragged or self._at().result
        null = self._null().result
        grid = self.grid
        witness = self._witness().result if parameters.witness else None
        gamma = None
        if parameters.gamma_curve and self._gamma_defined:
            gamma = self._gamma().result
        share = grid.progress if grid is not None and grid.n_perm else 0.02
        numbers = readouts(study, at, null if at is None or not at.dragging else None, grid)
        return Frame(
            figure=dependence_page(study, parameters, at, grid, null, witness, gamma),
            readouts=(*numbers, *gamma_readouts(gamma)),
            notices=notices(study, parameters),
            actions=self._actions(grid),
            tables=tables(study, null, grid) if final else {},
            options=options(study),
            progress=self.progress(final, share),
            final=final,
        )

    @property
    def grid(self) -> WidthGrid | None:
        """The best map so far."""
        if not self._mapped:
            return None
        grid = self._map().result
        if grid is None or grid.log10_p_moment is None:
            quick = self.study.coarse().result
            grid = (
                quick
                if quick is not None and quick.log10_p_moment is not None
                else self.study.before
            )
        return grid

    def _actions(self, grid: WidthGrid | None) -> tuple[Action, ...]:
        change = {}
        if grid is not None and grid.best is not None:
            from zoetrope.core.hsic.map_view import in_units

            x, y = in_units(grid, self.study)
            i, j = grid.best
            for name, value in (("width_x", float(x[i])), ("width_y", float(y[j]))):
                if value == value:
                    change[name] = min(max(value, 1e-3), 1e3)
        most = 999
        more = {
            "permutations": min(most, 2 * self.parameters.permutations + 1),
            "map_permutations": min(most, 2 * self.parameters.map_permutations + 1),
        }
        return (
            Action("best", "Go to the best widths", "Sets both widths to the map's smallest p.",
                   bool(change), {**change, "linked_widths": False}),
            Action("medians", "Back to the medians", "Sets both widths to 1 ×.",
                   change={"width_x": 1.0, "width_y": 1.0}),
            Action("more", "More shuffles", "Twice as many, up to 999, for p to be more exact.",
                   self.parameters.map_permutations < most, more),
        )  # fmt: skip


def gamma_readouts(gamma: TestResult | None) -> tuple[Any, ...]:
    """Return Gretton's approximate p, where it was asked for."""
    if gamma is None:
        return ()
    from zoetrope.core.hsic.lab_readouts import p_readout

    text = "Gretton's approximation, for comparison only: it can be off by many powers of ten."
    return (p_readout("p_gamma", "p, gamma law", gamma.p_value, gamma.log10_p, text),)


def options(study: Any) -> dict[str, tuple[str, ...]]:
    """Return the names that a file offers."""
    if not study.data.options:
        return {}
    names = study.data.options
    numbers = tuple(name for name in names if name not in study.data.text)
    return {"columns_x": names, "columns_y": names, "table_columns": numbers}
