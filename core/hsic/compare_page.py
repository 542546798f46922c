"""The compare page at work: all coefficients, the noise sweep, and the power study."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from zoetrope.core.figure import Axis, Figure, Panel
from zoetrope.core.hsic import compare_view as view
from zoetrope.core.hsic.comparison_text import csv_table, latex_table
from zoetrope.core.hsic.dependence_page import LEAST_FOR_MAP, options
from zoetrope.core.hsic.lab_choices import RELATIONS
from zoetrope.core.hsic.lab_data import relation_title
from zoetrope.core.hsic.lab_page import Page
from zoetrope.core.hsic.lab_readouts import UNDEFINED, notices, readouts, tables
from zoetrope.core.hsic.lab_words import LEVEL, p_words
from zoetrope.core.items import Label
from zoetrope.core.lab import Action, Frame, Notice, Readout
from zoetrope.core.long_work import FINISHED

if TYPE_CHECKING:
    from zoetrope.core.hsic.at_widths import AtWidths
    from zoetrope.core.hsic.lab_study import Study
    from zoetrope.core.hsic.power_study import NoiseSweep, PowerMap
    from zoetrope.core.hsic.results import WidthGrid
    from zoetrope.core.long_work import Job

LEVELS = np.linspace(0.0, 2.0, 21)
MOST_SWEPT = 300  # rows of each step of the sweep
MOST_POWER = 100  # rows of each data set of the power study
MOST_COMPARED = 2000  # rows: most measures compare every pair
PERMUTED_UP_TO = 300  # rows up to which mutual information is permuted
OF_CODES = ("hsic", "cka", "map")


class ComparePage(Page):
    """One of three comparisons."""

    @property
    def _possible(self) -> bool:
        """Whether there is a relation to draw again."""
        return self.parameters.source in RELATIONS

    def jobs(self) -> Iterator[Job[Any]]:
        """Yield what the chosen comparison needs."""
        yield self._at()
        if self.parameters.comparison == "coefficients":
            yield self._coefficients()
            if self.study.n >= LEAST_FOR_MAP and not self.study.constant:
                yield self._map()
        elif self._possible and self.parameters.comparison == "noise":
            yield self._sweep()
        elif self._possible:
            yield self._power()

    def _at(self) -> Job[AtWidths]:
        return self.study.at(self.parameters.factors)

    def _map(self) -> Job[WidthGrid]:
        return self.study.map(self.parameters.map_permutations)

    @property
    def _part(self) -> Study:
        """The rows that are compared."""
        return self.study.some(MOST_COMPARED, self.parameters)

    def _coefficients(self) -> Job[dict[str, Any]]:
        study, factors = self._part, self.parameters.factors

        def steps() -> Iterator[dict[str, Any]]:
            from zoetrope.core.hsic import compare_steps

            return compare_steps(
                study.data.x, study.data.y, n_perm=99 if study.n <= PERMUTED_UP_TO else 0,
                seed=study.seed, **study.pair_options(factors),
            )  # fmt: skip

        return study.jobs.get("compare", factors, steps)

    @property
    def _shape(self) -> float | None:
        p = self.parameters
        return {"sine": p.waves, "copula": p.correlation}.get(p.source)

    def _sweep(self) -> Job[NoiseSweep]:
        p = self.parameters
        key = (
            "sweep",
            self.study.device,
            p.source,
            self._shape,
            min(p.n, MOST_SWEPT),
            p.seed,
        )  # whatever the noise

        def steps() -> Iterator[NoiseSweep]:
            from zoetrope.core.hsic import noise_sweep_steps

            return noise_sweep_steps(
                p.source, LEVELS.tolist(), min(p.n, MOST_SWEPT), parameter=self._shape, seed=p.seed,
                **self.study.where,
            )  # fmt: skip

        return self.study.jobs.get(
            "sweep",
            key,
            lambda: FINISHED.steps(key, steps, lambda found: 16 * len(LEVELS) * len(found.value)),
        )

    def _power(self) -> Job[PowerMap]:
        p = self.parameters
        key = (
            "power", self.study.device, p.source, self._shape, p.noise, min(p.n, MOST_POWER),
            p.power_sets, p.seed,
        )  # fmt: skip

        def steps() -> Iterator[PowerMap | None]:
            from zoetrope.core.hsic import power_steps

            return power_steps(
                p.source, min(p.n, MOST_POWER), noise=p.noise, parameter=self._shape,
                n_sets=p.power_sets, seed=p.seed, **self.study.where,
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
        studied: tuple[Readout, ...] = ()
        if parameters.comparison == "coefficients":
            found = self._shown(said)
            columns |= _table(found)
            figure = view.coefficients_page(found) if found else _words("Comparing …")
        elif not self._possible:
            figure = _words("This draws new data of a relation: choose one as the data")
        elif parameters.comparison == "noise":
            sweep = self._sweep().result
            share = 0.0 if sweep is None else sweep.done / len(LEVELS)
            figure = view.noise_page(sweep, LEVELS, parameters)
            studied = _seen_up_to(sweep)
            self._said_rows(said, MOST_SWEPT, "The sweep")
            columns |= _swept(sweep)
        else:
            power = self._power().result
            share = 0.0 if power is None else power.done / power.n_sets
            figure = view.power_page(power, parameters, relation_title(parameters))
            self._said_rows(said, MOST_POWER, "The power study")
            if power is not None:
                columns["power"] = power.rate.ravel()
                studied = _power_readouts(power)
        return Frame(
            figure=figure,
            readouts=(*_readouts(found), *studied, *readouts(study, parameters, self._at().result)),
            notices=tuple(said),
            actions=self._actions(found),
            tables=columns,
            options=options(study),
            progress=self.progress(final, share),
            final=final,
        )

    def _actions(self, found: dict[str, Any]) -> tuple[Action, ...]:
        if not found:
            return ()
        said = self._said_of_data()
        return (
            Action("latex", "Copy the table as LaTeX", "A booktabs table of all measures with p.",
                   copy=latex_table(found, said)),
            Action("csv", "Copy the table as CSV", "All measures with p, with all digits.",
                   copy=csv_table(found, said)),
        )  # fmt: skip

    def _said_of_data(self) -> list[str]:
        """What the numbers were computed from."""
        study = self._part
        widths = [
            f"{name} kernel of {axis}" + ("" if width is None else f", width {width:.6g}")
            for axis, width, name in zip(
                "xy", study.widths(self.parameters.factors), study.names, strict=True
            )
        ]  # fmt: skip
        return [
            f"{study.n} pairs of {study.data.title}, fingerprint {study.data.key[:12]}",
            f"{'; '.join(widths)}; seed {study.seed}",
        ]

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
        if self._part is not self.study:
            said.append(Notice(f"{MOST_COMPARED} of {self.study.n} rows are compared, drawn with "
                               f"seed {self.study.seed}.", "warning"))  # fmt: skip
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
                readouts.append(Readout(f"compare_{name}_p", f"p, {words}", one.p_value))
    return tuple(readouts)


def _table(found: dict[str, Any]) -> dict[str, Any]:
    """The comparison as columns of an export."""
    rows = [name for name in view.NAMES if name in found]
    unknown = float("nan")
    return {
        "measure": np.array([view.NAMES[name] for name in rows]),
        "value": np.array([found[name].value for name in rows]),
        "p": np.array([unknown if (p := found[name].p_value) is None else p for name in rows]),
        "p from": np.array([found[name].method for name in rows]),
    }


def _seen_up_to(sweep: NoiseSweep | None) -> tuple[Readout, ...]:
    """How much noise each measure sees through."""
    if sweep is None or sweep.done < len(LEVELS):
        return ()
    found = []
    for name, p in sweep.p_value.items():
        words = "HSIC, medians" if name == "hsic" else view.NAMES.get(name, name)
        seen = LEVELS[p <= LEVEL]
        limit = float(seen.max()) if len(seen) else "never"
        found.append(
            Readout(f"noise_{name}", f"Limit of {words}", limit,
                    help="The most noise at which p is at most .05.")
        )  # fmt: skip
    return tuple(found)


def _power_readouts(power: PowerMap) -> tuple[Readout, ...]:
    """How often each way of testing finds the relation."""
    if power.done < power.n_sets:
        return ()
    return tuple(
        Readout(f"power_{name}", words, float(getattr(power, name)),
                help=f"Share of {power.n_sets} data sets found at the level .05.")
        for name, words, _ in view.WAYS
    )  # fmt: skip


def _swept(sweep: NoiseSweep | None) -> dict[str, Any]:
    if sweep is None:
        return {}
    found = {"noise": sweep.noise}
    for name in sweep.value:
        found[name] = sweep.value[name]
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
