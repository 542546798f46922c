"""Axes and colours that several figures have in common: they can then be compared by eye."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from zoetrope.core.figure import Figure, Panel, panel_limits
from zoetrope.core.items import HeatMap, Item, Scatter

Limits = tuple[float, float, float, float]
Levels = Mapping[tuple[str, str], tuple[float, float]]


def common_limits(figures: Sequence[Figure]) -> dict[str, Limits]:
    """Return for each panel ranges that hold it in all the figures, so that axes stand still."""
    seen: dict[str, list[Limits]] = {}
    for figure in figures:
        for panel in figure.panels:
            seen.setdefault(panel.name, []).append(panel_limits(panel))
    common: dict[str, Limits] = {}
    for name, limits in seen.items():
        x0, x1, y0, y1 = np.transpose(limits)
        # A declared range may run backwards; what runs forwards is widened to hold all.
        x = (x0.min(), x1.max()) if x0[0] <= x1[0] else (x0.max(), x1.min())
        y = (y0.min(), y1.max()) if y0[0] <= y1[0] else (y0.max(), y1.min())
        common[name] = (float(x[0]), float(x[1]), float(y[0]), float(y[1]))
    return common


def common_levels(figures: Sequence[Figure]) -> Levels:
    """Return for each coloured item, by panel and key, levels that hold it in all the figures."""
    common: dict[tuple[str, str], tuple[float, float]] = {}
    for figure in figures:
        for panel in figure.panels:
            for item in panel.items:
                if isinstance(item, (HeatMap, Scatter)) and item.levels is not None:
                    place = panel.name, item.key
                    low, high = common.get(place, item.levels)
                    common[place] = min(low, item.levels[0]), max(high, item.levels[1])
    return common


def with_levels(figure: Figure, levels: Levels) -> Figure:
    """Return the figure with its coloured items on given levels, so that colours stand still."""

    def leveled(panel: Panel, item: Item) -> Item:
        known = levels.get((panel.name, item.key))
        if known is None or not isinstance(item, (HeatMap, Scatter)):
            return item
        return replace(item, levels=known)

    panels = (replace(p, items=tuple(leveled(p, item) for item in p.items)) for p in figure.panels)
    return replace(figure, panels=tuple(panels)) if levels else figure
