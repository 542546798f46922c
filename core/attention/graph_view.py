"""Attention as a graph: queries and keys of a stretch of tokens, and a path through layers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from zoetrope.core.attention.patterns import Pattern
from zoetrope.core.attention.runs import Ints
from zoetrope.core.edits import Edit
from zoetrope.core.figure import Axis, Cell, Panel
from zoetrope.core.items import Item, Label, Scatter, Segments

MOST_EDGES = 5000
FAINTER = 1000  # lines beyond which each is drawn fainter
MOST_DOTS = 64  # tokens that have room for a dot
FAN = 160  # keys drawn of one token of the path


def two_rows(pattern: Pattern, q: int, k: int, seen: tuple[int, int], cell: Cell) -> Panel:
    """Return queries above, keys below, and a line for every pair between them."""
    first, last = seen
    tokens = np.arange(first, last)
    rows, columns = np.nonzero(pattern.mask(tokens[:, None], tokens[None, :]))
    total = len(rows)
    mine, others = np.flatnonzero(rows + first == q), np.flatnonzero(rows + first != q)
    most = max(MOST_EDGES - len(mine), 0)
    if len(others) > most:  # the query's own are all drawn
        others = others[np.linspace(0, len(others) - 1, most).astype(np.int64)]
    faint = 0.4 * min(1.0, math.sqrt(FAINTER / max(len(others), 1)))
    items: list[Item] = [
        _edges("edges", rows[others] + first, columns[others] + first, "guide", 0.7, faint),
        _edges("mine", rows[mine] + first, columns[mine] + first, "data1", 1.8, 0.95),
        _nodes("queries", tokens, 1.0, "query"),
        _nodes("keys", tokens, 0.0, "key"),
        Label(key="queries word", label="queries", x=first - 0.8, y=1.0, anchor="right", size=9.0),
        Label(key="keys word", label="keys", x=first - 0.8, y=0.0, anchor="right", size=9.0),
    ]
    for key, at, y, anchor in (("q", q, 1.0, "bottom"), ("k", k, 0.0, "top")):
        if first <= at < last:
            items += [
                Scatter(key=key, x=[at], y=[y], role="accent", size=9.0, layer=2),
                Label(key=f"{key} word", label=f"{at:,}", x=float(at), y=y + (0.06 if y else -0.06),
                      role="accent", anchor=anchor, layer=2),  # type: ignore[arg-type]
            ]  # fmt: skip
    about = f", {MOST_EDGES:,} of {total:,} pairs drawn" if total > MOST_EDGES else ""
    title = f"Tokens {first:,} to {last - 1:,}: query {q:,} sees {len(mine):,} of these keys"
    wide = last - first
    return Panel(
        name="pairs", title=title, cell=cell, items=tuple(items), grid=False,
        x=Axis("Token" + about, range=(first - 0.12 * wide, last - 1 + 0.05 * wide)),
        y=Axis("", visible=False, range=(-0.2, 1.2)),
        summary=f"{title}. A line joins each query above to each key below that it may attend to.",
    )  # fmt: skip


def _nodes(key: str, tokens: Ints, y: float, parameter: str) -> Scatter:
    return Scatter(
        key=key, x=tokens.astype(float), y=np.full(len(tokens), y), role="text", layer=1,
        size=4.0 if len(tokens) <= MOST_DOTS else 1.5,
        pick=Edit(parameter, offset=float(tokens[0])), words=tuple(f"{t:,}" for t in tokens),
    )  # fmt: skip


def _edges(
    key: str, rows: Ints, columns: Ints, role: Any, width: float, opacity: float
) -> Segments:
    return Segments(
        key=key, x0=rows, y0=np.ones(len(rows)), x1=columns, y1=np.zeros(len(rows)), role=role,
        width=width, opacity=opacity,
    )  # fmt: skip


def layers_panel(
    schedule: Sequence[Pattern],
    q: int,
    k: int,
    layers: int,
    chain: Sequence[int] | None,
    cell: Cell,
) -> Panel:
    """Return a shortest chain q ... k, a layer a line, and what each of its tokens sees.

    `chain` is None while it is sought, and [] where none is short enough.
    """
    items: list[Item] = []
    if chain is None:
        title = f"From query {q:,} to key {k:,}"
    elif not chain:
        title = f"No chain of {layers} layers leads from query {q:,} to key {k:,}"
    elif len(chain) == 1:
        title = f"Query {q:,} is the key itself: no layer is needed"
    else:
        many = len(chain) - 1
        title = f"Query {q:,} reaches key {k:,} in {many} layer{'s' if many > 1 else ''}"
    shown = list(chain) if chain else [q]
    seen = [*shown, k]
    for step, token in enumerate(shown[: -1 if len(shown) > 1 else None]):
        keys = _some_keys(schedule[(layers - 1 - step) % len(schedule)], token)
        seen += [int(keys.min()), int(keys.max())] if len(keys) else []
        items.append(
            Segments(key=f"fan {step}", x0=np.full(len(keys), token), y0=np.full(len(keys), step),
                     x1=keys, y1=np.full(len(keys), step + 1), role="guide", width=0.6, opacity=0.5)
        )  # fmt: skip
    if len(shown) > 1:
        x, y = np.array(shown), np.arange(len(shown))
        items.append(
            Segments(key="path", x0=x[:-1], y0=y[:-1], x1=x[1:], y1=y[1:], role="accent", width=2.6,
                     layer=1)
        )  # fmt: skip
    items.append(
        Scatter(key="chain", x=np.array(shown, dtype=float), y=np.arange(float(len(shown))),
                role="accent", size=9.0, layer=2)
    )  # fmt: skip
    first, wide = min(seen), max(max(seen) - min(seen), 8)
    depth = max(len(shown) - 1, 1)
    if len(shown) <= 12:
        above = 0.05 * (depth + 1)  # where there is no room at the right
        right = [token > first + 0.9 * wide for token in shown]
        items += [
            Label(key=f"token {step}", label=f"{token:,}", role="accent", layer=2,
                  x=token + (0.0 if right[step] else 0.022 * wide),
                  y=step - (above if right[step] else 0.0),
                  anchor="bottom" if right[step] else "left")
            for step, token in enumerate(shown)
        ]  # fmt: skip
        items += [
            Label(key=f"layer {step}", label=f"{step} below" if step else "output", role="guide",
                  x=first - 0.02 * wide, y=float(step), anchor="right", size=8.5)
            for step in range(len(shown))
        ]  # fmt: skip
    if not chain:
        items.append(
            Scatter(key="goal", x=[k], y=[1.0], role="guide", size=9.0, marker="cross", layer=2)
        )
    return Panel(
        name="layers", title=title, cell=cell, items=tuple(items), grid=False,
        x=Axis("Token", range=(first - 0.13 * wide, first + 1.08 * wide)),
        y=Axis("", visible=False, range=(depth + 0.15 * (depth + 1), -0.22 * (depth + 1))),
        pick_x=Edit("key"),
        summary=f"{title}. Thin lines are what each token of the chain sees.",
    )  # fmt: skip


def _some_keys(pattern: Pattern, token: int) -> Ints:
    """Return keys of a token, at most `FAN` of them, evenly chosen."""
    keys = [
        np.arange(start, stop, step) if (stop - start) // step < 4 * FAN
        else np.linspace(start, stop - 1, FAN).astype(np.int64) // step * step + start % step
        for start, stop, step in pattern.row(token)[: 8 * FAN]
    ]  # fmt: skip
    found: Ints = np.concatenate(keys) if keys else np.empty(0, dtype=np.int64)
    if len(found) > FAN:
        found = found[np.linspace(0, len(found) - 1, FAN).astype(np.int64)]
    return found
