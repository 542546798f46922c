"""The compare page at work: all coefficients, the noise sweep, and the power study."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from zoetrope.core.figure import Axis, Figure, Label, Panel
from zoetrope.core.hsic import compare_view as view
from zoetrope.core.hsic.dependence_page import LEAST_FOR_MAP, options
from zoetrope.core.hsic.lab_data import relation_title
from zoetrope.core.hsic.lab_jobs import FINISHED
from zoetrope.core.hsic.lab_page import Page
from zoetrope.core.hsic.lab_parameters import RELATIONS
from zoetrope.core.hsic.lab_readouts import UNDEFINED, notices, readouts, tables
from zoetrope.core.hsic.lab_words import p_words
from zoetrope.core.lab import Frame, Notice, Readout

if TYPE_CHECKING:
    from zoetrope.core.hsic.at_widths import AtWidths
    from zoetrope.core.hsic.lab_jobs import Job
    from zoetrope.core.hsic.power_study import NoiseSweep, PowerMap
    from zoetrope.core.hsic.results import WidthGrid

LEVELS = np.linspace(0.0, 2.0, 21)
MOST_SWEPT = 300  # rows of each step of the sweep
MOST_POWER = 100  # rows of each data set of the power study
PERMUTED_UP_TO = 300  # rows up to which mutual information is permuted
OF_CODES = ("hsic", "cka", "map")


class ComparePage(Page):
    """One of three comparisons."""

    @property
    def _possible(self) -> bool:
        """Whether there is a relation to draw again, and enough rows."""
        return self.parameters.source in RELATIONS

    def jobs(self) -> Iterator[Job[Any]]:
        """Yield what the chosen comparison needs."""
        yield self._at()
        if self.parameters.comparison == "coefficients":
            yield self._coefficients()
            if self.study.n >= LEAST_FOR_MAP and not any(b.constant for b in self.study.blocks):
                yield self._map()
        elif self._possible and self.parameters.comparison == "noise":
            yield self._sweep()
        elif self._possible:
            yield self._power()

    def _at(self) -> Job[AtWidths]:
        return self.study.at(self.parameters.factors)

    def _map(self) -> Job[WidthGrid]:
        return self.study.map(self.parameters.map_permutations)

    def _coefficients(self) -> Job[dict[str, Any]]:
        study, factors = self.study, self.parameters.factors

        def steps() -> Iterator[dict[str, Any]]:
            from zoetrope.core.hsic import compare_steps

            width_x, width_y = study.widths(factors)
            return compare_steps(
                study.data.x, study.data.y, n_perm=99 if study.n <= PERMUTED_UP_TO else 0,
                seed=study.seed, width_x=width_x, width_y=width_y,
                kernel_x=study.kernels[0], kernel_y=study.kernels[1],
            )  # fmt: skip

        return study.jobs.get("compare", factors, steps)

    @property
    def _shape(self) -> float | None:
        p = self.parameters
        return {"sine": p.waves, "copula": p.correlation}.get(p.source)

    def _sweep(self) -> Job[NoiseSweep]:
        p = self.parameters

        def steps() -> Iterator[NoiseSweep]:
            from zoetrope.core.hsic import noise_sweep_steps

            return noise_sweep_steps(
                p.source, LEVELS.tolist(), min(p.n, MOST_SWEPT), parameter=self._shape, seed=p.seed
            )

        return self.study.jobs.get("sweep", None, steps)

    def _power(self) -> Job[PowerMap]:
        p = self.parameters
        key = ("power", p.source, self._shape, p.noise, min(p.n, MOST_POWER), p.power_sets, p.seed)

        def steps() -> Iterator[PowerMap | None]:
            from zoetrope.core.hsic import power_steps

            return power_steps(
                p.source, min(p.n, MOST_POWER), noise=p.noise, parameter=self._shape,
                n_sets=p.power_sets, seed=p.seed,
            )  # fmt: skip

        return self.study.jobs.get(
            "power", key, lambda: FINISHED.steps(key, steps, lambda found: 8 * found.rate.size)
        )

    def frame(self, final: bool) -> Frame:
        """Return the picture of what is known."""
        study, parameters = self.study, self.parameters
        found: dict[str, Any] = {}
        said = list(notices(study, parameters))
        columns = tables(study, None, None)
        share = 0.5
        if parameters.comparison == "coefficients":
            found = self._shown(said)
            figure = view.coefficients_page(found) if found else _words("Comparing …")
        elif not self._possible:
            figure = _words("This draws new data of a relation: choose one as the data")
        elif parameters.comparison == "noise":
            sweep = self._sweep().result
            share = 0.0 if sweep is None else sweep.done / len(LEVELS)
            figure = view.noise_page(sweep, LEVELS, parameters)
            self._said_rows(said, MOST_SWEPT, "The sweep")
            columns |= _swept(sweep)
        else:
            power = self._power().result
            share = 0.0 if power is None else power.done / power.n_sets
            figure = view.power_page(power, parameters, relation_title(parameters))
            self._said_rows(said, MOST_POWER, "The power study")
            if power is not None:
                columns["power"] = power.rate.ravel()
        return Frame(
            figure=figure,
            readouts=(*_readouts(found), *readouts(study, self._at().result, None, None)),
            notices=tuple(said),
            tables=columns,
            options=options(study),
            progress=self.progress(final, share),
            final=final,
        )

    def _shown(self, said: list[Notice]) -> dict[str, Any]:
        found = dict(self._coefficients().result or {})
        used = set(self.study.data.chosen[0] + self.study.data.chosen[1])
        if used & self.study.data.text:
            said.append(Notice("Of categories only HSIC and CKA are defined here."))
            found = {name: value for name, value in found.items() if name in OF_CODES}
        if (grid := self._map().result) is not None and grid.p_global is not None:
            from zoetrope.core.hsic.coefficients import Coefficient

            words = f"{grid.n_perm} shuffles of the map"
            found["map"] = Coefficient(float("nan"), grid.p_global, words)
        if "mi_ksg" in found and self.study.n > PERMUTED_UP_TO:
            said.append(
                Notice(f"Mutual information has no p beyond {PERMUTED_UP_TO} rows: it has no law "
                       "under independence, and shuffling it that often takes long.")
            )  # fmt: skip
        return found

    def _said_rows(self, said: list[Notice], most: int, what: str) -> None:
        if self.parameters.n > most:
            said.append(Notice(f"{what} draws {most} points at a time, not {self.parameters.n}."))
        if (self.parameters.outliers, self.parameters.rounding) != (0.0, 0.0):
            said.append(Notice(f"{what} leaves out outliers and rounding."))


def _readouts(found: dict[str, Any]) -> tuple[Readout, ...]:
    readouts = []
    for name, words in view.NAMES.items():
        if name in found:
            one = found[name]
            p = "" if one.p_value is None else f"{p_words(one.p_value)} ({one.method})."
            value = UNDEFINED if one.value != one.value else one.value
            if name != "map":
                readouts.append(Readout(f"compare_{name}", words, value, help=p))
            if one.p_value is not None:
                readouts.append(Readout(f"compare_{name}_p", f"p of {words}", one.p_value))
    return tuple(readouts)


def _swept(sweep: NoiseSweep | None) -> dict[str, Any]:
    if sweep is None:
        return {}
    found = {"noise": sweep.noise}
    for name in sweep.value:
        found[f"{name}"] = sweep.value[name]
        found[f"{name} p"] = sweep.p_value[name]
    return found


def _words(words: str) -> Figure:
    return Figure(
        panels=(
            Panel(
                name="words",
                title=words,
                items=(Label(key="words", label=words, x=0.5, y=0.5, anchor="center"),),
                x=Axis(visible=False, range=(0.0, 1.0)),
                y=Axis(visible=False, range=(0.0, 1.0)),
                grid=False,
                summary=words,
            ),
        )
    )
