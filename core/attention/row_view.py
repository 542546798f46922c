"""What one query sees, by distance."""

from __future__ import annotations

from zoetrope.core.attention.lab_row import RowSeen
from zoetrope.core.figure import Axis, Cell, Panel
from zoetrope.core.items import Curve, Item


def row_panel(row: RowSeen | None, n: int, cell: Cell) -> Panel:
    """Return how many keys lie within each distance of the query, back and ahead."""
    items: list[Item] = []
    title = "The keys of a query"
    if row is not None:
        keys = row.keys
        title = (
            f"Query {row.q:,} sees no key" if not keys
            else f"Query {row.q:,} sees {keys:,} key{'s' if keys > 1 else ''} of {n:,}"
        )  # fmt: skip
        q, within = row.q, row.within
        full = within.clip(max=q + 1) + (within - 1).clip(max=n - 1 - q)
        items.append(
            Curve(key="full", label="full attention", x=within, y=full, role="guide", dash="dash",
                  width=1.0, label_at=0.75)
        )  # fmt: skip
        seen = row.back + row.ahead
        if row.ahead[-1] and row.back[-1]:
            items.append(_curve("ahead", "ahead", within, row.ahead, "data2", 0.7))
            items.append(_curve("back", "back", within, row.back, "data1", 0.9))
        else:
            label = "back" if row.back[-1] else "ahead"
            items.append(_curve(label, label, within, seen, "data1", 0.9))
    return Panel(
        name="row",
        title=title,
        cell=cell,
        items=tuple(items),
        x=Axis("Within so many tokens", log=True, range=(1.0, float(n))),
        y=Axis("Keys seen", log=True, range=(0.8, 1.3 * n)),
        summary=f"{title}. How many of them lie within each distance, beside full attention.",
    )


def _curve(key: str, label: str, x: object, y: object, role: object, at: float) -> Curve:
    return Curve(key=key, label=label, x=x, y=y, role=role, width=2.2, label_at=at)  # type: ignore[arg-type]
