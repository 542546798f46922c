"""The page of many columns: each against each, with p-values corrected for looking at all."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from zoetrope.core.edits import Edit
from zoetrope.core.figure import Axis, Cell, Figure, Panel
from zoetrope.core.hsic.category_axis import codes, spread_out
from zoetrope.core.hsic.dependence_page import options
from zoetrope.core.hsic.lab_columns import (
    FEW_COLUMNS,
    FEW_ROWS,
    MOST_ROWS,
    dhsic_defined,
    rows_compared,
)
from zoetrope.core.hsic.lab_data import companions
from zoetrope.core.hsic.lab_kernels import WIDTHLESS
from zoetrope.core.hsic.lab_page import Page
from zoetrope.core.hsic.lab_readouts import notices, p_readout
from zoetrope.core.hsic.lab_words import LEVEL, p_number, p_words, short
from zoetrope.core.items import HeatMap, Item, Label, Scatter
from zoetrope.core.lab import Action, Frame, Notice, Readout

if TYPE_CHECKING:
    from zoetrope.core.hsic import ColumnMatrix, TestResult
    from zoetrope.core.long_work import Job

WRITTEN = 5  # columns up to which p stands in every cell
NAMED = 9  # columns up to which names stand below them
LONGEST_NAME = 12  # letters
LETTERS_A_LINE = 30  # as wide as the matrix in the smallest window
LINE = 0.045  # of the matrix' height
WORDS = {"holm": "Holm", "bh": "Benjamini–Hochberg", "none": "no correction"}


class ColumnsPage(Page):
    """A matrix of columns, and the pair that is pointed at."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        data = self.study.data
        self.derived = not data.options and data.columns == ("x", "y")
        found = self.study.once("columns", self._compared)
        self.columns, self.table, self.complete, self.gone = found

    def _compared(self) -> tuple[tuple[str, ...], Any, int, int]:
        """The columns, their rows that are compared, and how many rows are complete and are not."""
        table, columns = self.study.data.table, self.study.data.columns
        if self.derived:
            table, columns = companions(*table.T)
        complete = int(np.isfinite(table).all(axis=1).sum()) if table.size else 0
        rows = rows_compared(table, self.study.seed)
        gone = len(table) - complete if table.size else 0
        return columns, np.ascontiguousarray(table[rows]), complete, gone

    @property
    def _enough(self) -> bool:
        return len(self.table) >= 6 and len(self.columns) >= 2

    @property
    def _kernel(self) -> Any:
        """The kernel of every column: that of x and y where they share one for numbers."""
        kernel = self.study.kernels[0]
        alike = kernel == self.study.kernels[1] and kernel.columns == "joint"
        usable = kernel.name != "precomputed" and not self._of_text
        return kernel if alike and usable else "gaussian"

    @property
    def _of_text(self) -> bool:
        """Whether x or y is text, which takes the delta kernel; here all columns are numbers."""
        chosen = {name for names in self.study.data.chosen for name in names}
        return bool(chosen & self.study.data.text)

    @property
    def _categories(self) -> bool:
        """Whether the columns are compared as categories."""
        return getattr(self._kernel, "name", "") == "delta"

    @property
    def _rule(self) -> str | None:
        widthless = getattr(self._kernel, "name", "gaussian") in WIDTHLESS
        return None if widthless else self.parameters.width_rule

    def jobs(self) -> Iterator[Job[Any]]:
        """Yield the matrix, then the joint test."""
        if self._enough:
            yield self._matrix()
            if self._jointly:
                yield self._joint()

    def _matrix(self) -> Job[ColumnMatrix]:
        kernel = self._kernel

        def steps() -> Iterator[ColumnMatrix]:
            from zoetrope.core.hsic import hsic_matrix_steps

            return hsic_matrix_steps(
                self.table, width=self._rule, kernel=kernel, correction="none",
                seed=self.study.seed, **self.study.where,
            )  # fmt: skip

        return self.study.jobs.get("matrix", None, steps)

    def _corrected(self) -> ColumnMatrix | None:
        """The matrix so far under the correction that is chosen now."""
        matrix, correction = self._matrix().result, self.parameters.correction
        if matrix is None:
            return None
        from zoetrope.core.hsic.column_matrix import corrected_map

        p_corrected = corrected_map(matrix.p_value, correction)
        return replace(matrix, correction=correction, p_corrected=p_corrected)

    @property
    def _joint_defined(self) -> bool:
        return dhsic_defined(self.table, getattr(self._kernel, "name", "gaussian"))

    @property
    def _jointly(self) -> bool:
        """Whether all columns are tested together: when asked, and at once where it is quick."""
        quick = self.table.shape[1] <= FEW_COLUMNS and len(self.table) <= FEW_ROWS
        return self._enough and self._joint_defined and (self.parameters.joint or quick)

    def _joint(self) -> Job[TestResult]:
        kernel, count = self._kernel, self.parameters.permutations

        def steps() -> Iterator[TestResult | None]:
            from zoetrope.core.hsic import dhsic_steps

            return dhsic_steps(
                list(self.table.T), n_perm=count, seed=self.study.seed, kernels=kernel,
                widths=self._rule, block_length=self.study.block_length,
                **self.study.where,
            )  # fmt: skip

        return self.study.jobs.get("joint", count, steps)

    def frame(self, final: bool) -> Frame:
        """Return the picture of what is known."""
        study = self.study
        matrix = self._corrected() if self._enough else None
        joint = self._joint().result if self._jointly else None
        i, j = self._pair()
        share = 0.0 if matrix is None else 0.8 * matrix.progress
        return Frame(
            figure=Figure(
                panels=(self._map(matrix, (i, j), joint), self._points((i, j), matrix)),
                widths=(1.25, 1.0),
            ),
            readouts=(*_joint_readouts(joint), *self._pair_readouts(matrix, i, j)),
            notices=(*notices(study, self.parameters), *self._said(joint)),
            actions=self._actions(i, j),
            tables=self._tables(matrix),
            options=options(study),
            progress=self.progress(final, share),
            final=final,
        )

    def _pair(self) -> tuple[int, int]:
        """The columns last pointed at, the pair on the first page before that."""
        i, j, count = self.parameters.column, self.parameters.row, len(self.columns)
        return (0, min(1, max(count - 1, 0))) if i == j or max(i, j) >= count else (i, j)

    def _map(
        self, matrix: ColumnMatrix | None, pair: tuple[int, int], joint: TestResult | None
    ) -> Panel:
        count = len(self.columns)
        items: list[Item] = []
        title = "Columns against each other"
        if matrix is not None:
            z = matrix.cka.copy()
            np.fill_diagonal(z, np.nan)
            meaning = "in the cells p" if count <= WRITTEN else "dots: p ≤ .05"
            items.append(
                HeatMap(key="cka", label=f"CKA; {meaning}", z=z, extent=(0, count, 0, count),
                        levels=(0.0, max(0.05, float(np.nanmax(z, initial=0.0)))), layer=-1)
            )  # fmt: skip
            items += self._cells(matrix)
            diagonal = np.arange(count) + 0.5
            items.append(
                Scatter(key="diagonal", x=diagonal, y=diagonal, role="guide", size=3.0,
                        opacity=0.5, layer=0)
            )  # fmt: skip
            found = int((matrix.p_corrected[np.triu_indices(count, 1)] <= LEVEL).sum())
            pairs = count * (count - 1) // 2
            title = f"{found} of {pairs} pairs depend (p ≤ .05, {WORDS[matrix.correction]})"
            if not found and joint is not None and joint.p_value <= LEVEL:
                title = f"No pair depends, all {count} jointly do: {p_words(joint.p_value)}"
        names = [n if len(n) <= LONGEST_NAME else f"{n[: LONGEST_NAME - 1]}…" for n in self.columns]
        # Side by side they would touch: as many lines as the longest name is cells wide.
        lines = max(1, math.ceil(count * max(map(len, names), default=0) / LETTERS_A_LINE))
        items += _names(names, lines)
        i, j = pair
        items.append(
            Scatter(key="pair", x=[i + 0.5], y=[j + 0.88], role="accent", size=6.0, layer=3)
        )
        return Panel(
            name="columns",
            title=title,
            items=tuple(items),
            x=Axis(visible=False, range=(-0.45 * count, count)),
            y=Axis(visible=False, range=(-(lines + 1) * LINE * count, count)),
            grid=False,
            pick_x=Edit("column", offset=-0.5),
            pick_y=Edit("row", offset=-0.5),
            summary=title + ".",
        )

    def _cells(self, matrix: ColumnMatrix) -> list[Item]:
        """p in every cell, or a mark where it is small."""
        p = matrix.p_corrected
        count = len(p)
        if count <= WRITTEN:
            words = p_words if count < FEW_COLUMNS else in_a_cell
            return [
                Label(key=f"p {i} {j}", label=words(float(p[i, j])), x=i + 0.5, y=j + 0.5,
                      anchor="center", role="text", size=10.0)
                for i in range(count) for j in range(count)
                if i != j and np.isfinite(p[i, j])
            ]  # fmt: skip
        i, j = np.nonzero(p <= LEVEL)
        return [Scatter(key="found", x=i + 0.5, y=j + 0.5, role="accent", size=4.0)]

    def _points(self, pair: tuple[int, int], matrix: ColumnMatrix | None) -> Panel:
        i, j = pair
        title = "Click a cell to see its points"
        items: list[Item] = []
        if len(self.columns) > max(i, j):
            title = f"{self.columns[i]} and {self.columns[j]}"
            if matrix is not None and np.isfinite(matrix.p_corrected[i, j]):
                title += f": {p_words(float(matrix.p_corrected[i, j]))}"
                if matrix.correction != "none":
                    title += f" ({WORDS[matrix.correction]})"
            x, y = (
                spread_out(column, side) if self._categories and codes(column) else column
                for side, column in enumerate((self.table[:, i], self.table[:, j]))
            )
            items.append(Scatter(key="points", x=x, y=y, role="data1", size=4.5, opacity=0.7))
        names = [self.columns[k] if k < len(self.columns) else "" for k in pair]
        if self._categories:
            names = [f"{name}, points spread out" for name in names]
        return Panel(
            name="points", title=title, cell=Cell(0, 1), items=tuple(items), x=Axis(names[0]),
            y=Axis(names[1]), summary=title + ".",
        )  # fmt: skip

    def _pair_readouts(self, matrix: ColumnMatrix | None, i: int, j: int) -> tuple[Readout, ...]:
        if matrix is None or not np.isfinite(matrix.p_value[i, j]):
            return ()
        cka = float(matrix.cka[i, j])
        return (
            p_readout("p_pair", "p of the pair, corrected", float(matrix.p_corrected[i, j]), None,
                      f"By {WORDS[matrix.correction]} over all pairs, from the exact moments."),
            p_readout("p_alone", "p of the pair alone", float(matrix.p_value[i, j]), None, ""),
            Readout("hsic_pair", "HSIC of the pair", float(matrix.hsic[i, j])),
            Readout("cka_pair", "CKA of the pair", "undefined" if np.isnan(cka) else cka),
        )  # fmt: skip

    def _said(self, joint: TestResult | None) -> list[Notice]:
        found = []
        if not self._enough:
            found.append(
                Notice("A matrix needs 2 columns of numbers and 6 complete rows; choose a file "
                       "with more, or two coins and their XOR.", "warning")
            )  # fmt: skip
        elif self.derived:
            found.append(
                Notice("x + y (each over its spread) and a shuffled y stand beside x and y, so "
                       "that there is something to compare. Open a file to compare its columns.",
                       "info", "source")
            )  # fmt: skip
        data = self.study.data
        numbers = len(data.options) - len(data.text)
        if not self.parameters.table_columns and numbers > len(self.columns):
            found.append(
                Notice(f"The first {len(self.columns)} of {numbers} columns of numbers are "
                       "compared; “Columns” picks others.", "warning", "table_columns")
            )  # fmt: skip
        if len(self.table) < self.complete:
            found.append(Notice(f"{MOST_ROWS} of {self.complete} rows are compared, "
                                f"drawn with seed {self.study.seed}.", "warning"))  # fmt: skip
        if self.gone:
            found.append(
                Notice(f"{self.gone} rows miss a value in one of these columns and are left out.",
                       "warning")
            )  # fmt: skip
        if self._kernel == "gaussian" and self.study.names != ("gaussian", "gaussian"):
            why = ("Text takes the delta kernel" if self._of_text
                   else "x and y do not share a kernel of single columns")  # fmt: skip
            found.append(Notice(f"{why}; here all columns have Gaussian ones.", "info",
                                "kernel_x"))  # fmt: skip
        if self.parameters.joint and not self._joint_defined:
            found.append(Notice("The joint test needs 3 columns or more, twice as many rows and "
                                "kernels with k(x, x) = 1.", "warning", "joint"))  # fmt: skip
        return found

    def _actions(self, i: int, j: int) -> tuple[Action, ...]:
        found = []
        if self._enough and self._joint_defined and not self._jointly:
            found.append(
                Action("joint", "Test all columns jointly",
                       "dHSIC: pairs that are all independent may still hang together as a whole.",
                       change={"joint": True})
            )  # fmt: skip
        if self.study.data.options and len(self.columns) >= 2:
            words = f"Open {self.columns[i]} and {self.columns[j]}"
            found.append(
                Action("open", words, "Shows this pair on the first page.",
                       change={"columns_x": (self.columns[i],), "columns_y": (self.columns[j],),
                               "page": "dependence"})
            )  # fmt: skip
        return tuple(found)

    def _tables(self, matrix: ColumnMatrix | None) -> dict[str, Any]:
        if matrix is None:
            return {}
        upper = np.triu_indices(len(self.columns), 1)
        names = np.array(self.columns)
        return {
            "column 1": names[upper[0]], "column 2": names[upper[1]],
            "hsic": matrix.hsic[upper], "cka": matrix.cka[upper],
            "p": matrix.p_value[upper], "p corrected": matrix.p_corrected[upper],
        }  # fmt: skip


def _names(names: list[str], lines: int) -> list[Item]:
    """Names beside the rows, and below the columns in so many lines by turns."""
    count, items = len(names), list[Item]()
    for k, words in enumerate(names):
        items.append(Label(key=f"row {k}", label=words, x=-0.02 * count, y=k + 0.5,
                           anchor="right", size=8.0))  # fmt: skip
        if count <= NAMED:
            y = -count * (0.02 + LINE * (k % lines))
            items.append(Label(key=f"column {k}", label=words, x=k + 0.5, y=y,
                               anchor="top", size=8.0))  # fmt: skip
    return items


def in_a_cell(p: float) -> str:
    """p in as little room as a cell has; all its digits stand below the picture."""
    return "<.001" if p < 0.00095 else p_number(p)


def _joint_readouts(joint: TestResult | None) -> tuple[Readout, ...]:
    if joint is None:
        return ()
    return (
        Readout("dhsic", "dHSIC of all columns", joint.statistic,
                help="0 if and only if all columns are jointly independent, which pairs cannot "
                f"show. {short(joint.statistic)} here."),
        p_readout("p_dhsic", "p, all columns jointly", joint.p_value, None,
                  f"{joint.n_perm} shuffles of every column on its own; it cannot fall below "
                  f"1/(1 + {joint.n_perm})."),
    )  # fmt: skip
