"""The first page at work: the instant p, a quick map, the shuffles, then the honest map."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from zoetrope.core.hsic import lab_tests as tests
from zoetrope.core.hsic.dependence_view import MOST_POINTS, dependence_page, witness_grids
from zoetrope.core.hsic.lab_page import Page
from zoetrope.core.hsic.lab_readouts import notices, p_readout, readouts, tables
from zoetrope.core.lab import Action, Animate, Frame, Notice, Readout

if TYPE_CHECKING:
    from zoetrope.core.hsic.at_widths import AtWidths
    from zoetrope.core.hsic.results import TestResult, WidthGrid
    from zoetrope.core.long_work import Job

LEAST_FOR_MAP = 4
LEAST_FOR_MOMENTS = 6
MOST_SHUFFLES = 999
AT_WIDTHS = ("moment", "permutation", "gamma", "spectral")


class DependencePage(Page):
    """Scatter, map over widths, and the null."""

    dragged: AtWidths | None = None  # what is known of points on the move

    def jobs(self) -> Iterator[Job[Any]]:
        """Yield the widths' own numbers, then what takes longer."""
        yield self._at()
        if self._mapped:
            yield self.study.coarse()
        if self._witnessed:
            yield self._witness()
        yield from self._formulas().values()
        if self._mapped and self.study.one.many and not _has_p(self._map().result):
            yield self._map()  # its shuffles come last: those at one width take as long
        yield self._null()
        if self._mapped:
            yield self._map()

    @property
    def presentable(self) -> bool:
        """Whether there is a map, if only a quick one."""
        return self._at().result is not None and (self.grid is not None or not self._mapped)

    @property
    def _mapped(self) -> bool:
        """Whether there is a map to draw: some kernel has a width, or p is wanted at least."""
        return self.study.n >= LEAST_FOR_MAP and not self.study.constant

    @property
    def _witnessed(self) -> bool:
        """Whether the plane is coloured: not where a point of it is no pair of values."""
        drawable = self.study.data.drawable and self.study.n <= MOST_POINTS
        return self.parameters.witness and drawable

    def _formulas(self) -> dict[str, Job[Any]]:
        """What other laws say, where they are asked for."""
        p, study, factors = self.parameters, self.study, self.parameters.factors
        found: dict[str, Job[Any]] = {}
        if tests.laws_defined(study):
            if p.gamma_curve or p.test == "gamma":
                found["gamma"] = tests.gamma(study, factors)
            if p.spectral_curve or p.test == "spectral":
                found["spectral"] = tests.spectral(study, factors)
        if p.test == "split" and tests.split_defined(study):
            found["split"] = tests.split(study)
        return found

    def _at(self) -> Job[AtWidths]:
        return self.study.at(self.parameters.factors)

    def _null(self) -> Job[TestResult]:
        return self.study.null(self.parameters.factors, self.parameters.permutations)

    def _map(self) -> Job[WidthGrid]:
        return self.study.map(self.parameters.map_permutations)

    def _witness(self) -> Job[Any]:
        factors, study = self.parameters.factors, self.study

        def steps() -> Iterator[Any]:
            from zoetrope.core.hsic import witness

            grid_x, grid_y = witness_grids(study)
            yield witness(study.data.x, study.data.y, grid_x, grid_y, **study.pair_options(factors))

        return study.jobs.get("witness", factors, steps)

    def frame(self, final: bool) -> Frame:
        """Return the picture of what is known."""
        study, parameters = self.study, self.parameters
        at = self.dragged or self._at().result
        null = None if at is not None and at.dragging else self._null().result
        grid = self.grid
        witness = self._witness().result if self._witnessed else None
        others = {name: job.result for name, job in self._formulas().items()}
        known = {name: result for name, result in others.items() if result is not None}
        return Frame(
            figure=dependence_page(study, parameters, at, grid, null, witness, known),
            readouts=(*readouts(study, parameters, at, null, grid), *other_readouts(known)),
            notices=(*notices(study, parameters), *self._said(at, grid, known)),
            actions=self._actions(grid),
            tables=tables(study, null, grid) if final else {},
            options=options(study),
            progress=self.progress(final, self._share(null, grid)),
            final=final,
        )

    def _share(self, null: TestResult | None, grid: WidthGrid | None) -> float:
        """How much of the shuffling is done, at these widths and of the map."""
        here = 0.0 if null is None else min(null.n_perm / self.parameters.permutations, 1.0)
        if not self._mapped:
            return here
        weight = 0.5 if self.study.one.many else 0.1  # one of many rows costs as much as a map
        counted = grid.progress if grid is not None and grid.n_perm else 0.0
        return weight * here + (1 - weight) * counted

    def _said(
        self, at: AtWidths | None, grid: WidthGrid | None, known: dict[str, Any]
    ) -> list[Notice]:
        study, parameters, found = self.study, self.parameters, []
        if at is not None and at.discrete and not (study.few or study.constant):
            found.append(
                Notice("At these widths hardly any rows look alike: HSIC takes few values under "
                       "shuffling and the exact-moment p is rough. Trust the permutations; the p "
                       "of the whole map holds too.", "warning", "width_x")
            )  # fmt: skip
        if study.n > MOST_POINTS:
            found.append(
                Notice(f"{study.n} points are drawn as a density. They cannot be dragged.")
            )
        if study.n < LEAST_FOR_MOMENTS and parameters.test == "honest":
            found.append(Notice("The honest p needs 6 rows.", "warning", "test"))
        if parameters.test in ("gamma", "spectral") and not tests.laws_defined(study):
            found.append(
                Notice("This law is defined for 6 to 2000 rows and kernels with k(x, x) = 1.",
                       "warning", "test")
            )  # fmt: skip
        if parameters.test == "split" and not tests.split_defined(study):
            found.append(
                Notice("Widths by power need 12 to 2000 rows and kernels with one width each.",
                       "warning", "test")
            )  # fmt: skip
        if self._searched(grid):
            severe = parameters.test in AT_WIDTHS
            found.append(
                Notice("You stand on the map’s best widths: p at widths found by searching is too "
                       "small. The p of the whole map holds.", "warning" if severe else "info")
            )  # fmt: skip
        return found

    def _searched(self, grid: WidthGrid | None) -> bool:
        """Whether the widths stand on the map's smallest p, away from the medians."""
        place = self._best(grid)
        if place is None or all(abs(math.log(f)) < 1e-6 for f in self.parameters.factors):
            return False
        here = dict(zip(("width_x", "width_y"), self.parameters.factors, strict=True))
        return all(abs(math.log(here[name] / value)) < 0.1 for name, value in place.items())

    def _best(self, grid: WidthGrid | None) -> dict[str, float] | None:
        """The widths of the map's smallest p, those that there are."""
        if grid is None or grid.best is None:
            return None
        from zoetrope.core.hsic.map_view import in_units

        (x, y), (i, j) = in_units(grid, self.study), grid.best
        found = {"width_x": float(x[i]), "width_y": float(y[j])}
        return {k: min(max(v, 1e-3), 1e3) for k, v in found.items() if not math.isnan(v)}

    @property
    def grid(self) -> WidthGrid | None:
        """The best map so far."""
        if not self._mapped:
            return None
        grid = self._map().result
        if not _has_p(grid):
            quick = self.study.coarse().result
            grid = quick if _has_p(quick) else self.study.before
        return grid

    def _actions(self, grid: WidthGrid | None) -> tuple[Action, ...]:
        best, study = self._best(grid) or {}, self.study
        p = self.parameters
        counts = {"permutations": p.permutations, "map_permutations": p.map_permutations}
        more = {
            name: min(MOST_SHUFFLES, 2 * count + 1)
            for name, count in counts.items()
            if count < MOST_SHUFFLES
        }
        found = [
            Action("sweep", "Sweep the width of x", "From wide to narrow: watch the null and p.",
                   not math.isnan(study.units[0]),
                   animate=Animate("width_x", 20.0, 0.02, seconds=8.0)),
            Action("best", "Go to the best widths", "Sets both widths to the map's smallest p.",
                   bool(best), {**best, "linked_widths": False}),
            Action("medians", "Back to the medians", "Sets both widths to 1 ×.",
                   change={"width_x": 1.0, "width_y": 1.0}),
        ]  # fmt: skip
        chosen = tests.split(study).result if "split" in self._formulas() else None
        if chosen is not None:
            x, y = chosen.factors
            found.append(
                Action("split", "Go to the widths by power",
                       "Sets both widths to those that one half of the rows chose.",
                       change={"width_x": x, "width_y": y, "linked_widths": False})
            )  # fmt: skip
        if study.in_time and study.block_length == 1:
            assert study.serial is not None
            length = min(study.serial.block_length, study.n)
            found.insert(
                0,
                Action("blocks", f"Shuffle in blocks of {length} rows",
                       "Keeps neighbours together, for series.", change={"block_length": length}),
            )  # fmt: skip
        if more:
            found.append(
                Action("more", "More shuffles", "Twice as many, up to 999, for p to be more exact.",
                       change=more)
            )  # fmt: skip
        return tuple(found)


def _has_p(grid: WidthGrid | None) -> bool:
    return grid is not None and grid.log10_p_moment is not None


def other_readouts(known: dict[str, Any]) -> tuple[Readout, ...]:
    """Return what the other laws say, where they were asked for."""
    found: list[Readout] = []
    if (gamma := known.get("gamma")) is not None:
        text = "Gretton's approximation, for comparison only: it can be off by many powers of ten."
        found.append(p_readout("p_gamma", "p, gamma law", gamma.p_value, gamma.log10_p, text))
    if (law := known.get("spectral")) is not None:
        text = f"{law.n_perm} draws with seed {law.seed} of the law in the limit of many rows."
        found.append(p_readout("p_spectral", "p, spectral law", law.p_value, law.log10_p, text))
    if (half := known.get("split")) is not None:
        found += [
            p_readout("p_split", "p, other half", half.p_value, half.log10_p,
                      f"Exact moments of {half.rows} rows, at the widths that the other rows chose "
                      "by power (J = HSIC/σ). Valid, but it uses half of the data."),
            Readout("split_x", "Width of x by power", half.factors[0], "×"),
            Readout("split_y", "Width of y by power", half.factors[1], "×"),
        ]  # fmt: skip
    return tuple(found)


def options(study: Any) -> dict[str, tuple[str, ...]]:
    """Return the names that a file offers."""
    if not study.data.options:
        return {}
    names = study.data.options
    numbers = tuple(name for name in names if name not in study.data.text)
    return {"columns_x": names, "columns_y": names, "table_columns": numbers}
