"""The page of the Gram matrices: what HSIC multiplies and adds up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from zoetrope.core.edits import Edit
from zoetrope.core.figure import Axis, Cell, Figure, Panel
from zoetrope.core.hsic.dependence_page import options
from zoetrope.core.hsic.lab_page import Page
from zoetrope.core.hsic.lab_readouts import notices, readouts, tables
from zoetrope.core.hsic.lab_words import short
from zoetrope.core.hsic.row_order import distances_of, order_steps
from zoetrope.core.items import ColourMap, HeatMap, Item, Rule, Scatter, Segments
from zoetrope.core.lab import Frame, Notice, Readout

if TYPE_CHECKING:
    from zoetrope.core.hsic.at_widths import AtWidths, Side
    from zoetrope.core.hsic.lab_parameters import HsicParameters
    from zoetrope.core.hsic.lab_study import Study
    from zoetrope.core.long_work import Job

MOST_ROWS = 1000  # whose matrices are drawn
LARGEST = 256  # cells a side that are drawn; more rows are averaged in blocks


class MatricesPage(Page):
    """K, L, both centred, and their product."""

    def jobs(self) -> Iterator[Job[Any]]:
        """Yield HSIC, whose matrices stay at hand, then what is drawn of them."""
        yield self._at()
        yield self._order()
        yield self._drawn()

    def __init__(self, study: Study, parameters: HsicParameters) -> None:
        super().__init__(study, parameters)
        self.whole = study
        self.study = study.some(MOST_ROWS, parameters)  # the rows whose matrices are drawn

    def _at(self) -> Job[AtWidths]:
        return self.study.at(self.parameters.factors)

    def _order(self) -> Job[Any]:
        """The rows in the order in which they are drawn."""
        factors, order = self.parameters.factors, self.parameters.row_order

        def steps() -> Iterator[Any]:
            study = self.study
            if order == "data":
                yield np.arange(study.n)
                return
            columns = study.data.plane
            if order != "alike":
                yield np.argsort(columns[order == "y"], kind="stable")
                return
            total = np.zeros((study.n, study.n))
            for index, width in enumerate(study.given(factors)):
                side = study.one.side(index, width)
                if side is None:
                    return
                away = distances_of(side.centred.cpu())
                total += away / (away.mean() or 1.0)
                yield None
            yield (yield from order_steps(total, columns[0]))

        return self.study.jobs.get("order", (factors if order == "alike" else None, order), steps)

    def _drawn(self) -> Job[dict[str, Any]]:
        factors, order = self.parameters.factors, self.parameters.row_order

        def steps() -> Iterator[dict[str, Any] | None]:
            rows = self._order().result
            found: dict[str, Any] = {"order": rows}
            given = self.study.given(factors)
            sides = [self.study.one.side(i, width) for i, width in enumerate(given)]
            if rows is None or sides[0] is None or sides[1] is None:
                return
            for name, side in zip(("K", "L"), sides, strict=True):
                assert side is not None
                found[name] = block_means(_kernel(side)[rows][:, rows])
                yield None
                centred = side.centred.cpu().numpy()[rows][:, rows]
                found[f"{name}c"] = block_means(centred)
                yield None
            product = (sides[0].centred * sides[1].centred).cpu().numpy()
            found["product"] = block_means(product[rows][:, rows])
            found["whole"] = product
            yield found

        return self.study.jobs.get("matrices", (factors, order), steps)

    def frame(self, final: bool) -> Frame:
        """Return the picture of what is known."""
        study, parameters = self.study, self.parameters
        drawn, at = self._drawn().result, self._at().result
        said = list(notices(self.whole, parameters))
        if study is not self.whole:
            said.append(
                Notice(f"{study.n} of {self.whole.n} rows are drawn here, chosen with seed "
                       f"{study.seed}; all numbers are theirs.", "warning")
            )  # fmt: skip
        if study.n > LARGEST:
            said.append(
                Notice(f"{study.n} rows are drawn as blocks of "
                       f"{-(-study.n // LARGEST)} by {-(-study.n // LARGEST)}, averaged.")
            )  # fmt: skip
        pair = self._pair()
        return Frame(
            figure=self._figure(drawn, at, pair),
            readouts=(*self._pair_readouts(drawn, pair), *readouts(study, parameters, at)),
            notices=tuple(said),
            tables=tables(study, None, None),
            options=options(study),
            progress=self.progress(final, 0.5),
            final=final,
        )

    def _pair(self) -> tuple[int, int]:
        """The places under the mouse, in the drawn order."""
        last = self.study.n - 1
        return min(self.parameters.row, last), min(self.parameters.column, last)

    def _pair_readouts(
        self, drawn: dict[str, Any] | None, pair: tuple[int, int]
    ) -> tuple[Readout, ...]:
        if drawn is None:
            return ()
        i, j = (int(drawn["order"][place]) for place in pair)
        found = [Readout("pair", "Rows under the mouse", f"{i + 1} and {j + 1}")]
        for index, symbol in enumerate("kl"):
            side = self.study.one.side(index, self.study.given(self.parameters.factors)[index])
            if side is not None:
                value = float(_kernel(side, i, j))
                found.append(Readout(f"{symbol}_pair", f"{symbol} of the two", value))
        found.append(
            Readout("product_pair", "Centred product", float(drawn["whole"][i, j]),
                    help="What this pair of rows adds to n² HSIC.")
        )  # fmt: skip
        return tuple(found)

    def _figure(
        self, drawn: dict[str, Any] | None, at: AtWidths | None, pair: tuple[int, int]
    ) -> Figure:
        names = self.study.data.name_x, self.study.data.name_y
        total = "HSIC" if at is None else f"HSIC = {short(at.hsic)}"
        titles = {
            "K": f"K: rows alike in {names[0]}",
            "Kc": "K centred",
            "L": f"L: rows alike in {names[1]}",
            "Lc": "L centred",
            "product": f"Kc ∘ Lc: its mean is {total}",
        }
        cells = {"K": Cell(0, 0), "Kc": Cell(0, 1), "L": Cell(1, 0), "Lc": Cell(1, 1),
                 "product": Cell(1, 2)}  # fmt: skip
        panels = [
            self._matrix(name, titles[name], cell, drawn, pair) for name, cell in cells.items()
        ]
        return Figure(panels=(*panels, self._points(pair, Cell(0, 2))), widths=(1.0, 1.0, 1.1))

    def _matrix(
        self, name: str, title: str, cell: Cell, drawn: dict[str, Any] | None, pair: tuple[int, int]
    ) -> Panel:
        n = self.study.n
        items: list[Item] = []
        if drawn is not None:
            z = drawn[name]
            top = float(np.abs(z).max()) or 1.0
            positive = name in ("K", "L") and float(z.min()) >= 0
            colours: ColourMap = "viridis" if positive else "diverging"
            items.append(
                HeatMap(key=name, z=z, extent=(0.5, n + 0.5, 0.5, n + 0.5),
                        levels=(0.0, top) if positive else (-top, top), colours=colours,
                        bar=name == "product")
            )  # fmt: skip
            items += [
                Rule(key="row", axis="y", value=pair[0] + 1, role="accent", dash="dot"),
                Rule(key="column", axis="x", value=pair[1] + 1, role="accent", dash="dot"),
            ]
        words = {"x": "by x", "y": "by y", "data": "as in the data", "alike": "by likeness"}[
            self.parameters.row_order
        ]
        return Panel(
            name=name,
            title=title,
            cell=cell,
            items=tuple(items),
            x=Axis(f"Row, {words}" if cell.row == 1 else "", range=(0.5, n + 0.5)),
            y=Axis(f"Row, {words}" if cell.column == 0 else "", range=(0.5, n + 0.5)),
            grid=False,
            hover_x=Edit("column", offset=-1.0),
            hover_y=Edit("row", offset=-1.0),
            pick_x=Edit("column", offset=-1.0),
            pick_y=Edit("row", offset=-1.0),
            summary=f"{title}, {n} by {n}.",
        )

    def _points(self, pair: tuple[int, int], cell: Cell) -> Panel:
        data = self.study.data
        order = self._order().result
        x, y = data.plane
        if order is None:
            order = np.arange(data.n)
        i, j = order[list(pair)]
        return Panel(
            name="points",
            title=f"Rows {i + 1} and {j + 1}",
            cell=cell,
            items=(
                Scatter(key="points", x=x, y=y, role="data1", size=3.5, opacity=0.6),
                Segments(key="link", x0=[x[i]], y0=[y[i]], x1=[x[j]], y1=[y[j]], role="accent"),
                Scatter(key="pair", x=x[[i, j]], y=y[[i, j]], role="accent", size=9.0, layer=1),
            ),
            x=Axis(data.labels[0]),
            y=Axis(data.labels[1]),
            grid=False,
            summary=f"The points, with rows {i + 1} and {j + 1} marked.",
        )


def _kernel(side: Side, i: int | None = None, j: int | None = None) -> Any:
    """k itself, or what stands for it where k(x, x) is not 1: k less half its diagonal values."""
    gram = side.gram
    if i is not None and j is not None:
        value = gram.matrix[i, j] if not gram.ridge else gram.matrix[i, j] + (i == j)
        return float(value) + (1.0 if side.block.kernel.unit_diagonal and not gram.ridge else 0.0)
    matrix = gram.matrix.cpu().numpy()
    if gram.ridge:
        return matrix + np.eye(len(matrix))
    return matrix + 1.0 if side.block.kernel.unit_diagonal else matrix


def block_means(matrix: Any) -> Any:
    """A matrix of at most `LARGEST` rows, each cell the mean of a block of equal size."""
    n = len(matrix)
    if n <= LARGEST:
        return np.array(matrix)
    edges = np.linspace(0, n, LARGEST // 2 * 2 + 1).astype(int)[:-1]
    sums = np.add.reduceat(np.add.reduceat(matrix, edges, 0), edges, 1)
    sizes = np.diff(np.append(edges, n))
    return sums / np.outer(sizes, sizes)
