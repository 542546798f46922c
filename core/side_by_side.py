"""Small multiples: pictures of 2 to 4 parameter sets in one figure, on the same axes and colours.

Each set has a letter and a heading; a panel of it stands in line with the same panel of the others.
What all share is said once: the names of curves in the first picture, axis titles at the outer
edge, and the bar of a colour map beside the last.
"""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import dataclass, replace

from zoetrope.core.common_scales import Limits, common_levels, common_limits, with_levels
from zoetrope.core.edits import Edit
from zoetrope.core.figure import Axis, Cell, Figure, Panel
from zoetrope.core.items import Handle, Item, Label
from zoetrope.core.lab import Frame
from zoetrope.core.untouched import untouched

FEWEST_SETS, MOST_SETS = 2, 4
CHOSEN = "chosen set"  # what a click on a picture sets: the number of its set, from 0
NOTHING_SHARED = "These pictures have no panel in common, so they cannot stand side by side."


class ComparisonError(ValueError):
    """Parameter sets that cannot be compared. The text is one sentence."""


def letters(count: int) -> str:
    """Return the letters of so many sets."""
    return string.ascii_lowercase[:count]


def shared_panels(figures: Sequence[Figure]) -> list[str]:
    """Return the names of the panels that all figures have, as the first one orders them."""
    others = [{panel.name for panel in figure.panels} for figure in figures[1:]]
    return [p.name for p in figures[0].panels if all(p.name in names for names in others)]


def side_by_side(
    figures: Sequence[Figure], headings: Sequence[str], panels: Sequence[str] = ()
) -> Figure:
    """Return one figure of the named panels of several; of the first panel that all have, if none.

    A click on a picture sets `CHOSEN` to its number. Raises `ComparisonError` where the panels are
    not there in all.
    """
    shared = shared_panels(figures)
    if not shared:
        raise ComparisonError(NOTHING_SHARED)
    for name in panels:
        if name not in shared:
            raise ComparisonError(
                f"There is no panel {name!r} in all of these pictures; they share "
                f"{', '.join(shared)}."
            )
    chosen = [name for name in shared if name in panels] or shared[:1]
    bare = [Figure(panels=tuple(_alone(figure.panel(n)) for n in chosen)) for figure in figures]
    limits, levels = common_limits(bare), common_levels(bare)
    leveled = [with_levels(figure, levels) for figure in bare]
    grid = _Grid(len(chosen), len(figures))
    placed = [
        _placed(
            [figure.panel(name) for figure in leveled], number, row, grid, limits[name], headings
        )
        for row, name in enumerate(chosen)
        for number in range(len(figures))
    ]
    return Figure(panels=tuple(placed), even=True)


def frames_side_by_side(
    frames: Sequence[Frame], headings: Sequence[str], panels: Sequence[str] = ()
) -> Frame:
    """Return one frame of several: `side_by_side`, and the numbers of each set by its letter."""
    figure = side_by_side([frame.figure for frame in frames], headings, panels)
    named = list(zip(letters(len(frames)), frames, strict=True))
    return Frame(
        figure=figure,
        readouts=tuple(
            replace(readout, key=f"{readout.key} {letter}", label=f"{readout.label} ({letter})")
            for letter, frame in named
            for readout in frame.readouts
        ),
        notices=tuple(
            replace(notice, text=f"({letter}) {notice.text}", parameter=None)
            for letter, frame in named
            for notice in frame.notices
        ),
        tables={
            f"{name} ({letter})": column
            for letter, frame in named
            for name, column in frame.tables.items()
        },
        final=all(frame.final for frame in frames),
    )


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where the panels of each set stand: in a column, and four sets of one panel in a square."""

    rows: int
    sets: int

    @property
    def square(self) -> bool:
        return self.rows == 1 and self.sets == 4

    def cell(self, row: int, number: int) -> Cell:
        return Cell(*divmod(number, 2)) if self.square else Cell(row, number)

    def leftmost(self, number: int) -> bool:
        return number % 2 == 0 if self.square else number == 0

    def rightmost(self, number: int) -> bool:
        return number % 2 == 1 if self.square else number == self.sets - 1

    def lowest_of_its_panel(self, number: int) -> bool:
        return number >= 2 if self.square else True


def _alone(panel: Panel) -> Panel:
    """Return a panel that leans on no other, and that nothing can be done to."""
    items = (untouched(item) for item in panel.items if not isinstance(item, Handle))
    return Panel(
        name=panel.name, title=panel.title, items=tuple(items), x=panel.x, y=panel.y,
        equal=panel.equal, square=panel.square, grid=panel.grid, summary=panel.summary,
    )  # fmt: skip


def _placed(
    versions: Sequence[Panel],
    number: int,
    row: int,
    grid: _Grid,
    limits: Limits,
    headings: Sequence[str],
) -> Panel:
    """Return the panel of one set, in its place among the `versions` that the sets have of it."""
    panel, leader = versions[number], versions[0]
    letter = letters(grid.sets)[number]
    x_meant, y_meant = panel.x.meaning == leader.x.meaning, panel.y.meaning == leader.y.meaning
    followed = _name(leader, letters(grid.sets)[0]) if number else ""
    at_left, below = grid.leftmost(number), grid.lowest_of_its_panel(number)
    return replace(
        panel,
        name=_name(panel, letter),
        title=headings[number] if row == 0 else "",
        letter=letter if row == 0 else "",
        cell=grid.cell(row, number),
        items=tuple(_shared_words(item, versions, number, grid) for item in panel.items),
        x=_axis(panel.x, limits[:2] if x_meant else None, titled=below or not x_meant),
        y=_axis(panel.y, limits[2:] if y_meant else None, titled=at_left or not y_meant),
        link_x=followed if x_meant else "",
        link_y=followed if y_meant else "",
        crosshair=panel.name if x_meant and y_meant else "",
        pick_x=Edit(CHOSEN, scale=0.0, offset=float(number)),
        summary=f"{headings[number]}. {panel.summary or panel.title}",
    )


def _name(panel: Panel, letter: str) -> str:
    return f"{panel.name} {letter}"


def _axis(axis: Axis, common: tuple[float, float] | None, *, titled: bool) -> Axis:
    """Return an axis on the common range, if it means the same in all; titled at the edge only."""
    words = axis if titled else replace(axis, label="", unit="")
    return words if common is None else replace(words, range=common)


def _shared_words(item: Item, versions: Sequence[Panel], number: int, grid: _Grid) -> Item:
    """Return an item without words that stand elsewhere already: of a set before, or at a bar."""
    if getattr(item, "bar", False):
        return item if grid.rightmost(number) else untouched(item, bar=False)
    if number and item.label and any(_named_alike(item, other) for other in versions[0].items):
        return replace(item, label="")
    return item


def _named_alike(item: Item, other: Item) -> bool:
    """Say whether another picture's item names the same thing alike; a label is its own words."""
    alike = type(item) is type(other) and item.key == other.key and item.label == other.label
    return alike and not isinstance(item, Label)
