"""The panels of profiles: keys of every query, queries of every key, pairs by distance."""

from __future__ import annotations

import math

import numpy as np

from zoetrope.core.attention.lab_profile import ByDistance, Counted
from zoetrope.core.attention.lab_words import count_words
from zoetrope.core.figure import Axis, Cell, Panel
from zoetrope.core.items import Band, Curve, Item, Rule

LEAST_DRAWN = 0.7  # of counts on a logarithmic axis, where 0 has no place


def counts_panel(kind: str, found: Counted | None, token: int, n: int, cell: Cell) -> Panel:
    """Return how many keys every query sees, or (kind "key") how many queries see every key."""
    query = kind == "query"
    what, of = ("keys", "a query") if query else ("queries", "a key")
    items: list[Item] = [
        Rule(key="asked", axis="x", value=float(token), role="accent", width=1.0, layer=2,
             dash="solid" if query else "dot")
    ]  # fmt: skip
    title = f"The {what} of {of}"
    if found is not None:
        low, high = float(found.least.min()), float(found.most.max())
        title = f"A {'query sees' if query else 'key is seen by'} {count_words(low)} to "
        title += f"{count_words(high)} {what}, the median {count_words(found.median)}"
        if low == high:
            title = f"Every {'query sees' if query else 'key is seen by'} {count_words(low)} {what}"
        floor = LEAST_DRAWN if _wide(found) else 0.0
        least, most, mean = (
            np.maximum(part, floor) for part in (found.least, found.most, found.mean)
        )
        if (most > least).any():
            items.append(
                Band(key="extremes", label="", x=found.at, low=least, high=most, role="data1",
                     opacity=0.25)
            )  # fmt: skip
        items.append(
            Curve(key="mean", label="", x=found.at, y=mean, role="data1", width=2.0, layer=1)
        )
    return Panel(
        name="row", title=title, cell=cell, items=tuple(items),
        x=Axis("Query" if query else "Key", range=(0.0, float(n))),
        y=Axis(f"{what.capitalize()} seen" if query else "Queries that see it",
               log=_wide(found), range=_room(found)),
        summary=f"{title}. The line is the mean of neighbouring tokens, the band their extremes.",
    )  # fmt: skip


def _wide(found: Counted | None) -> bool:
    """Say whether a few tokens have so much that only a logarithm shows the others."""
    return found is not None and float(found.most.max()) > 20 * max(found.median, 1.0)


def _room(found: Counted | None) -> tuple[float, float]:
    if found is None or not found.most.any():
        return 0.0, 1.0
    high = float(found.most.max())
    return (LEAST_DRAWN, 2.0 * high) if _wide(found) else (0.0, 1.08 * high)


def distances_panel(found: ByDistance | None, n: int, cell: Cell) -> Panel:
    """Return the share of pairs that is kept at each distance."""
    items: list[Item] = []
    title, low = "Pairs by distance", 1.0
    if found is not None:
        back, ahead = 100 * np.nan_to_num(found.back), 100 * np.nan_to_num(found.ahead)
        kept = back + ahead > 0
        if kept.any():
            both = np.concatenate((back, ahead))
            low = 10.0 ** math.floor(math.log10(both[both > 0].min()) - 0.3)
        x = np.repeat(np.maximum(found.edges, 0.7), 2)[1:-1]
        for key, share, role in (("back", back, "data1"), ("ahead", ahead, "data2")):
            if share.any():
                y = np.repeat(np.where(share > 0, share, low / 10), 2)  # none: below the panel
                items.append(
                    Curve(key=key, label=key, x=x, y=y, role=role, label_at=0.3,  # type: ignore[arg-type]
                          width=2.2 if key == "back" else 1.4)
                )  # fmt: skip
        far = int(found.edges[1:][kept][-1]) - 1 if kept.any() else 0
        title = f"Pairs are kept up to {far:,} tokens apart" if kept.any() else "No pair is kept"
        title += "" if found.exact else ", in a sample"
    return Panel(
        name="row", title=title, cell=cell, items=tuple(items),
        x=Axis("Tokens apart", log=True, range=(0.7, float(n))),
        y=Axis("Pairs kept", "%", log=True, range=(low, 150.0)),
        summary=f"{title}. The share of all pairs at each distance that the pattern keeps.",
    )  # fmt: skip
