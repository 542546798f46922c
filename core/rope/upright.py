"""A panel turned so that the axis of the rope, along x until then, stands upright."""

from dataclasses import replace

from zoetrope.core.figure import Panel
from zoetrope.core.items import (
    Anchor,
    Array,
    Arrows,
    Band,
    Curve,
    Handle,
    Item,
    Label,
    Rule,
    Scatter,
)

ANCHORS: dict[Anchor, Anchor] = {
    "left": "bottom", "right": "top", "top": "right", "bottom": "left", "center": "center",
}  # fmt: skip


def upright(panel: Panel) -> Panel:
    """Return the panel with x and y exchanged; bands, which have no upright form, are left out."""
    return replace(
        panel,
        items=tuple(_turned(item) for item in panel.items if not isinstance(item, Band)),
        x=panel.y,
        y=panel.x,
        pick_x=panel.pick_y,
        pick_y=panel.pick_x,
    )


def _turned(item: Item) -> Item:
    match item:
        case Curve() | Scatter():
            x: Array = item.y
            return replace(item, x=x, y=item.x)
        case Arrows():
            return replace(item, x=item.y, y=item.x, dx=item.dy, dy=item.dx)
        case Label():
            return replace(item, x=item.y, y=item.x, anchor=ANCHORS[item.anchor])
        case Handle():
            return replace(item, x=item.y, y=item.x, x_edit=item.y_edit, y_edit=item.x_edit)
        case Rule():
            return replace(item, axis="y" if item.axis == "x" else "x")
    raise TypeError(f"no upright form of {type(item).__name__}")
