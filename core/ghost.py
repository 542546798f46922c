"""Pinned pictures that stay as ghosts under the live one: paler, thinner, behind, and named.

A ghost is laid into each panel whose axes mean the same in both pictures. Curves, points, bands,
bars and arrows keep their colour roles, so that each is known for what it is; of a rectangle that
moved the outline stays. A heat map cannot
lie under another: its ghost is the outline of its cells above a level, exact along their edges,
where that is short enough to be read. Where it is not (noise, a sample's Gram matrix) the live map
shows what has changed since: now minus pinned.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np

from zoetrope.core.cell_outline import outline
from zoetrope.core.figure import Axis, Figure, Panel
from zoetrope.core.items import (
    Array,
    Arrows,
    Band,
    Bars,
    Curve,
    Dash,
    HeatMap,
    Item,
    Rectangle,
    Region,
    Rule,
    Scatter,
    Segments,
    finite_range,
)
from zoetrope.core.untouched import untouched

FADED = 0.45  # of the opacity that it had
THINNER = 0.8  # of its width
DASHES: tuple[Dash, ...] = ("solid", "dash", "dot")  # of the solid lines of each ghost in turn
MOST_GHOSTS = len(DASHES)
SHARES = (0.25, 0.5, 0.75)  # of the range of a map, at which it is outlined
WORD_PLACES = 50  # at most, along the line that carries a ghost's words
LONGEST_OUTLINE = 6.0  # in units of the map's rows + columns, so that it can still be read
Fades = Curve | Segments | Band | Scatter | Bars | Arrows
Guides = Rule | Region | Rectangle


@dataclass(frozen=True, slots=True)
class GhostPanel:
    """What is laid into a panel: `marks` that need no look at the live picture, `guides` that are
    of use only where they differ from it, and the `maps` whose outlines cannot be read.
    """

    panel: Panel
    marks: tuple[Item, ...]
    guides: tuple[Guides, ...]
    maps: Mapping[str, HeatMap]
    _placed: dict[int, tuple[Item, ...]] = field(default_factory=dict, compare=False)

    def marks_at(self, layer: int) -> tuple[Item, ...]:
        """Return the marks on a layer, the same objects each time: they are not drawn again."""
        if layer not in self._placed:
            self._placed[layer] = tuple(replace(item, layer=layer) for item in self.marks)
        return self._placed[layer]


@dataclass(frozen=True, slots=True)
class Ghost:
    """A pinned picture, prepared once for all the live ones that it will lie under.

    `number` tells it from others: its keys and dashes.
    """

    panels: Mapping[str, GhostPanel]
    number: int

    @classmethod
    def of(cls, figure: Figure, number: int = 0) -> Self:
        """Return the ghost of a figure, as that of a number."""
        return cls({panel.name: _ghost_panel(panel, number) for panel in figure.panels}, number)


def with_ghosts(figure: Figure, ghosts: Sequence[tuple[Ghost, str]]) -> Figure:
    """Return a live figure with ghosts under it, each with the words that stand at it.

    Panels whose axes mean something else in a ghost stay without it.
    """
    panels = []
    for live in figure.panels:
        panel, fresh = live, {id(item) for item in live.items}
        for ghost, words in ghosts:
            pinned = ghost.panels.get(live.name)
            if pinned is not None and _same_axes(live, pinned.panel):
                panel = _laid(panel, pinned, words, ghost.number, fresh)
        panels.append(panel)
    return replace(figure, panels=tuple(panels))


def _same_axes(first: Panel, second: Panel) -> bool:
    """Say whether a place means the same in both panels."""
    alike = first.x.meaning == second.x.meaning and first.y.meaning == second.y.meaning
    return alike and first.equal == second.equal


# -- preparing ---------------------------------------------------------------------------------


def _ghost_panel(panel: Panel, number: int) -> GhostPanel:
    marks: list[Item] = []
    guides: list[Guides] = []
    maps: dict[str, HeatMap] = {}
    for item in panel.drawn():
        if isinstance(item, HeatMap):
            lines = _outlined(item, panel, number)
            if lines is None:
                maps[item.key] = item
            elif lines.x0.size:
                marks.append(lines)
        elif isinstance(item, Fades):
            marks.append(_faded(item, number))
        elif isinstance(item, Guides) and not _is_view(item):
            guides.append(untouched(item, label=""))
    return GhostPanel(panel, tuple(marks), tuple(guides), maps)


def _is_view(item: Item) -> bool:
    """Say whether a rectangle is what another panel shows: the live one's is enough."""
    return isinstance(item, Rectangle) and (item.view_x is not None or item.view_y is not None)


def _key(item: Item, number: int) -> str:
    return _prefix(number) + item.key


def _prefix(number: int) -> str:
    return f"pinned {number} "


def _faded(item: Fades, number: int) -> Item:
    changes: dict[str, Any] = {
        "key": _key(item, number),
        "label": "",
        "opacity": FADED * item.opacity,
        "bar": False,
    }
    if isinstance(item, (Curve, Segments, Arrows)):
        changes["width"] = THINNER * item.width
    if isinstance(item, (Curve, Segments)) and item.dash == "solid":
        changes["dash"] = DASHES[number % MOST_GHOSTS]
    return untouched(item, **changes)


def _outlined(item: HeatMap, panel: Panel, number: int) -> Segments | None:
    """Return the outlines of a map; None where they would be too many to be read."""
    ends = [
        outline(item, level, log_x=panel.x.log, log_y=panel.y.log) for level in _levels_of(item)
    ]
    x0, y0, x1, y1 = (np.concatenate(parts) for parts in zip(*ends, strict=True))
    if x0.size > LONGEST_OUTLINE * sum(item.z.shape):
        return None
    return Segments(
        key=_key(item, number), x0=x0, y0=y0, x1=x1, y1=y1,
        role="accent", width=1.2, dash=DASHES[number % MOST_GHOSTS], layer=item.layer,
    )  # fmt: skip


def _levels_of(item: HeatMap) -> tuple[float, ...]:
    """Return the levels at which a map is outlined: one where it has but two values."""
    finite = item.z[np.isfinite(item.z)]
    if finite.size == 0:
        return (0.0,)
    low, high = float(finite.min()), float(finite.max())
    if np.isin(finite, (low, high)).all():
        # Where all that is not NaN is one value, the outline is that of what is there.
        return ((low + high) / 2 if low < high else low - 1.0,)
    low, high = item.levels or (low, high)
    return tuple(low + share * (high - low) for share in SHARES)


# -- laying under ------------------------------------------------------------------------------


def _laid(
    panel: Panel, ghost: GhostPanel, words: str, number: int, fresh: Collection[int]
) -> Panel:
    """Return a panel with a ghost in it: behind all that is live, but over its heat maps.

    `fresh` are the identities of the live items that no ghost before has changed: a map shows the
    change since one pin only.
    """
    live = [_changed_since(item, ghost) if id(item) in fresh else item for item in panel.drawn()]
    changed = [new for old, new in zip(panel.drawn(), live, strict=True) if new is not old]
    known = {item.key: item for item in live}
    guides = [
        replace(guide, key=_key(guide, number), **_paler(guide))
        for guide in ghost.guides
        if _place(guide) != _place(known.get(guide.key))
    ]
    told = f"now minus {words}" if changed else words
    moving = [*guides, *_words_at([*ghost.marks, *guides, *changed], known, told, number)]
    if not moving:
        return panel
    over = 1 + max((i for i, item in enumerate(live) if isinstance(item, HeatMap)), default=-1)
    layer = live[over - 1].layer if over else min((item.layer for item in live), default=0)
    behind = [replace(i, layer=layer) for i in moving if not isinstance(i, Rectangle)]
    top = live[-1].layer if live else 0  # a live rectangle would hide a smaller one
    above = [replace(item, layer=top) for item in moving if isinstance(item, Rectangle)]
    return replace(
        panel,
        items=(*live[:over], *ghost.marks_at(layer), *behind, *live[over:], *above),
        x=_wide_enough(panel.x, ghost.panel.x, held=panel.view_x is not None),
        y=_wide_enough(panel.y, ghost.panel.y, held=panel.view_y is not None),
        summary=f"{panel.summary} Paler behind it, {words}.".strip(),
    )


def _changed_since(item: Item, ghost: GhostPanel) -> Item:
    """Return a live item; a heat map whose ghost cannot be outlined as now minus pinned."""
    before = ghost.maps.get(item.key)
    if before is None or not isinstance(item, HeatMap) or item.edits is not None:
        return item
    if item.z.shape != before.z.shape or item.extent != before.extent:
        return item
    with np.errstate(invalid="ignore"):  # infinity minus infinity is not known
        change = item.z - before.z
    finite = np.abs(change[np.isfinite(change)])
    reach = float(finite.max()) if finite.size and finite.max() > 0 else 1.0
    label = f"{item.label}, now minus pinned" if item.label else "now minus pinned"
    return replace(item, z=change, levels=(-reach, reach), colours="diverging", label=label)


def _place(guide: Item | None) -> object:
    if isinstance(guide, Rule):
        return guide.axis, guide.value
    if isinstance(guide, Region):
        return guide.axis, guide.low, guide.high
    if isinstance(guide, Rectangle):
        return guide.x, guide.y
    return None


def _paler(guide: Guides) -> dict[str, Any]:
    if isinstance(guide, Rule):
        return {"dash": "dot", "width": THINNER * guide.width}
    if isinstance(guide, Rectangle):  # its outline alone
        return {"role": "text", "opacity": 0.0, "width": THINNER * guide.width}
    return {"opacity": FADED * guide.opacity}


def _words_at(
    marks: Sequence[Item], known: Mapping[str, Item], words: str, number: int
) -> list[Item]:
    """Return what carries the words: a line that is not drawn, along the mark that is most worth
    naming, so that they are as grey as a guide whatever colour that has.
    """
    named = min(marks, key=_worth, default=None)
    if named is None:
        return []
    x, y = _points(named)
    stride = max(1, len(x) // WORD_PLACES)
    x, y = x[::stride], y[::stride]
    live = known.get(named.key.removeprefix(_prefix(number)))
    carrier = Curve(
        key=_prefix(number).strip(), label=words, x=x, y=y, role="guide", opacity=0.0,
        label_at=_farthest(x, y, *(_points(live) if live is not None else (x, y))),
    )  # fmt: skip
    return [carrier]


def _worth(item: Item) -> tuple[bool, bool, float]:
    """Rank a mark by how well words at it tell what is pinned: a bold line of data comes first."""
    aside = getattr(item, "role", "guide") in ("guide", "text", "warn")
    return aside, not isinstance(item, Curve), -float(getattr(item, "width", 0.0))


def _points(item: Item) -> tuple[Array, Array]:
    """Return points that words about an item may stand at: a line's own, or above the others."""
    x, y = item.bounds()
    if isinstance(item, (Curve, Band)):
        return x, y
    finite = np.isfinite(y)
    if not finite.any():
        return np.empty(0), np.empty(0)
    ends = finite_range(x)
    return np.array(ends), np.full(2, y[finite].max())


def _farthest(x: Array, y: Array, live_x: Array, live_y: Array) -> float:
    """Return where along a line, as a share, it is farthest from its live version; else its end."""
    if len(x) < 2 or len(live_x) < len(x):
        return 1.0
    near = np.linspace(0, len(live_x) - 1, len(x)).astype(int)
    apart = np.zeros(len(x))
    for mine, other in ((x, live_x[near]), (y, live_y[near])):
        low, high = finite_range(np.concatenate([mine, other]))
        apart += np.nan_to_num((mine - other) / (high - low)) ** 2
    return float(apart.argmax() / (len(x) - 1)) if apart.max() > 0 else 1.0


def _wide_enough(axis: Axis, pinned: Axis, *, held: bool) -> Axis:
    """Return an axis whose declared range has room for the ghost's, unless a person holds it."""
    if held or axis.range is None or pinned.range is None:
        return axis
    first, last = axis.range
    low, high = min(*axis.range, *pinned.range), max(*axis.range, *pinned.range)
    return replace(axis, range=(low, high) if first <= last else (high, low))
