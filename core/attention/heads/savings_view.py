"""Measured time and memory over length, with the line that theory draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from zoetrope.core.attention.heads.savings_meter import METHODS, Timing
from zoetrope.core.attention.lab_words import bytes_words
from zoetrope.core.figure import Axis, Cell, Panel
from zoetrope.core.items import Curve, Item, Label, Role, Scatter

ROLES: Mapping[str, Role] = {
    "naive": "data4", "kernel": "data1", "masked": "data3", "sparse": "data2",
}  # fmt: skip
RANGES = (900.0, 20_000.0), (0.1, 1e4)  # where nothing is measured yet
START = Label(key="start", label="not measured yet", x=4200.0, y=30.0,
              anchor="center", size=10.0, role="guide")  # fmt: skip
LEAST_BYTES = 1e4  # below this the resident set says nothing


def time_panel(
    found: Mapping[str, Sequence[Timing]], theory: Sequence[tuple[int, float]], title: str,
    cell: Cell,
) -> Panel:  # fmt: skip
    """Return milliseconds over length; dashed, the dense kernel's time for as many pairs."""
    items = _curves(found, "seconds", 1e3) or [START]
    if theory:
        n, seconds = np.array(theory).T
        items.append(
            Curve(key="theory", label="its pairs alone", x=n, y=1e3 * seconds, role="guide",
                  dash="dash", width=1.4)
        )  # fmt: skip
    return Panel(
        name="time", title=title, cell=cell, items=tuple(items),
        x=Axis("Tokens", log=True, range=RANGES[0] if items == [START] else None),
        y=Axis("Time", "ms", log=True, range=RANGES[1] if items == [START] else None),
        summary=f"{title}. Dashed: the time that the dense kernel would need for as many pairs.",
    )  # fmt: skip


def memory_panel(found: Mapping[str, Sequence[Timing]], cell: Cell) -> Panel:
    """Return peak megabytes above the inputs over length."""
    items = _curves(found, "peak", 1e-6) or [START]
    masked = [one for one in found.get("masked", ()) if one.peak > LEAST_BYTES]
    title = "Peak memory"
    if masked:
        last = masked[-1]
        title = f"A mask alone takes {bytes_words(last.peak)} at n = {last.n:,}"
    return Panel(
        name="memory", title=title, cell=cell, items=tuple(items),
        x=Axis("Tokens", log=True, range=RANGES[0] if items == [START] else None),
        y=Axis("Memory above the inputs", "MB", log=True,
               range=RANGES[1] if items == [START] else None),
        summary=f"{title}: what each way holds at most while it computes.",
    )  # fmt: skip


def _curves(found: Mapping[str, Sequence[Timing]], name: str, scale: float) -> list[Item]:
    items: list[Item] = []
    least = LEAST_BYTES if name == "peak" else 0.0
    for method, timings in found.items():
        kept = [(one.n, getattr(one, name)) for one in timings if getattr(one, name) > least]
        if not kept:
            continue
        n, values = np.array(kept, dtype=np.float64).T
        items += [
            Curve(key=method, label=METHODS[method], x=n, y=scale * values, role=ROLES[method],
                  width=2.0),
            Scatter(key=f"{method} points", x=n, y=scale * values, role=ROLES[method], size=5.0),
        ]  # fmt: skip
    return items
