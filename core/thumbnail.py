"""A figure in small: its first panel alone, without words and without what can be touched."""

from __future__ import annotations

from zoetrope.core.figure import Axis, Cell, Figure, Panel
from zoetrope.core.items import Handle, Item, Label
from zoetrope.core.untouched import untouched


def thumbnail(figure: Figure) -> Figure:
    """Return the first panel of a figure, which answers its question, for a small picture of it.

    A figure without panels stays one.
    """
    if not figure.panels:
        return figure
    panel = figure.panels[0]
    small = Panel(
        name=panel.name,
        items=tuple(untouched(i, label="", bar=False) for i in panel.items if _is_drawn(i)),
        x=_bare(panel.x),
        y=_bare(panel.y),
        cell=Cell(),
        equal=panel.equal,
        square=panel.square,
        grid=False,
        summary=panel.summary or panel.title,
    )
    return Figure(panels=(small,))


def _is_drawn(item: Item) -> bool:
    return not isinstance(item, (Handle, Label))


def _bare(axis: Axis) -> Axis:
    return Axis(log=axis.log, range=axis.range, visible=False)
