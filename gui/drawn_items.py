"""Which graphics draw which kind of item."""

from __future__ import annotations

from typing import Any

from zoetrope.core.items import (
    Arrows,
    Band,
    Bars,
    Curve,
    HeatMap,
    Item,
    Label,
    Rectangle,
    Region,
    Rule,
    Scatter,
    Segments,
)
from zoetrope.gui.drawn import Drawn
from zoetrope.gui.drawn_areas import DrawnBand, DrawnBars, DrawnHeatMap, DrawnRectangle, DrawnRegion
from zoetrope.gui.drawn_lines import DrawnArrows, DrawnCurve, DrawnRule, DrawnSegments
from zoetrope.gui.drawn_points import DrawnLabel, DrawnScatter
from zoetrope.gui.geometry import Geometry, Look


class DrawnNothing(Drawn[Item]):
    """An item that this renderer does not draw in the panel itself (a handle is a widget)."""

    def _build(self) -> None:
        pass

    def refresh(self, geometry: Geometry, look: Look) -> None:
        """Draw nothing."""


_DRAWN: dict[type[Item], type[Drawn[Any]]] = {
    Curve: DrawnCurve,
    Segments: DrawnSegments,
    Band: DrawnBand,
    Bars: DrawnBars,
    Rectangle: DrawnRectangle,
    Region: DrawnRegion,
    Rule: DrawnRule,
    Arrows: DrawnArrows,
    Scatter: DrawnScatter,
    HeatMap: DrawnHeatMap,
    Label: DrawnLabel,
}


def draw(view_box: Any, item: Item) -> Drawn[Any]:
    """Return the graphics of an item, on the panel but not drawn yet."""
    return _DRAWN.get(type(item), DrawnNothing)(view_box, item)
