"""A figure in small: its first panel alone, without words and without what can be touched."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from zoetrope.core.figure import Axis, Cell, Figure, Handle, Item, Label, Panel

# What a thumbnail leaves out of an item: what is read, and what is done to it.
_TOUCHED: dict[str, Any] = {
    "label": "",
    "bar": False,
    "edits": None,
    "pick": None,
    "hover": None,
    "words": (),
    "view": None,
    "view_x": None,
    "view_y": None,
}


def thumbnail(figure: Figure) -> Figure:
    """Return the first panel of a figure, which answers its question, for a small picture of it.

    A figure without panels stays one.
    """
    if not figure.panels:
        return figure
    panel = figure.panels[0]
    small = Panel(
        name=panel.name,
        items=tuple(_untouched(item) for item in panel.items if _is_drawn(item)),
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


def _untouched(item: Item) -> Item:
    known = {field.name for field in fields(item)}
    return replace(item, **{name: value for name, value in _TOUCHED.items() if name in known})


def _bare(axis: Axis) -> Axis:
    return Axis(log=axis.log, range=axis.range, visible=False)
