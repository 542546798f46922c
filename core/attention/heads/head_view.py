"""One head: its weights, and the text as one of its tokens sees it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from zoetrope.core.attention.heads.heads_study import HeadPicture, TokenRow
from zoetrope.core.attention.heads.pooled_weights import FAINTEST, faded
from zoetrope.core.attention.heads.tokens import Tokens
from zoetrope.core.attention.lab_reach import SHARES, Influence, Reach
from zoetrope.core.attention.lab_words import share_words
from zoetrope.core.attention.reach_view import spread_panel
from zoetrope.core.attention.receptive_field import band
from zoetrope.core.attention.runs import Floats, Ints
from zoetrope.core.edits import Edit
from zoetrope.core.figure import Axis, Cell, Panel
from zoetrope.core.items import HeatMap, Item, Label, Rectangle, Rule, Scatter

COLUMNS = 6  # words in a line of the text, unless it is wider
MOST_WORDS = 84  # shown at once
LONGEST = 9  # characters of a word that is shown
LISTED = 5
LEAST_LOST = -3.0  # log10 of the lost weights that are drawn
BRANCH_WORDS = {
    "compressed": "Means of {block} keys",
    "selected": "Selected blocks",
    "sliding": "The last keys",
}


def weights_panel(picture: HeadPicture | None, n: int, token: int, title: str, cell: Cell) -> Panel:
    """Return queries against keys: kept weights in colour, lost ones in red."""
    items: list[Item] = []
    if picture is not None:
        kept, lost = (np.nan_to_num(one.z, nan=-math.inf) for one in (picture.kept, picture.lost))
        more = kept >= lost
        extent = (0.0, float(n), 0.0, float(n))
        items = [
            HeatMap(key="kept", label="log₁₀ of the weight; red is lost",
                    z=np.where(more, picture.kept.z, np.nan),
                    extent=extent, levels=(FAINTEST, 0.0), colours="viridis"),
            HeatMap(key="lost", z=_reds(np.where(more, np.nan, picture.lost.z)), extent=extent,
                    levels=(-1.0, 1.0), colours="diverging", bar=False),
        ]  # fmt: skip
    return _square("weights", items, n, token, title, cell)


def branch_panel(
    name: str, picture: HeadPicture | None, n: int, block: int, token: int, cell: Cell
) -> Panel:
    """Return the weights on the keys that one of NSA's branches sees, and the share they hold."""
    title, items = BRANCH_WORDS[name].format(block=block), []
    if picture is not None:
        part = picture.branches[name]
        title += f" hold {share_words(part.mass)} of the mass"
        items = [
            HeatMap(key="kept", label="log₁₀ of the weight", z=part.z, bar=name == "sliding",
                    extent=(0.0, float(n), 0.0, float(n)), levels=(FAINTEST, 0.0),
                    colours="viridis")
        ]  # fmt: skip
    return _square(name, items, n, token, title, cell)


def _square(name: str, items: Sequence[Item], n: int, token: int, title: str, cell: Cell) -> Panel:
    """Return queries against keys with the chosen query."""
    chosen = Rule(key="token", axis="y", value=token + 0.5, role="accent", width=1.2)
    return Panel(
        name=name, title=title, cell=cell, items=(*items, chosen), grid=False,
        x=Axis("Key", range=(0.0, float(n))), y=Axis("Query", range=(float(n), 0.0)),
        pick_y=Edit("token", offset=-0.5),
        summary=f"{title}. A click chooses the query.",
    )  # fmt: skip


def distance_panel(
    shares: Floats | None, reach: Reach | None, influence: Influence | None, token: int,
    tokens: Tokens, alpha: float, cell: Cell,
) -> Panel:  # fmt: skip
    """Return how far what a query's last vector is made of lies, beside the pattern's reach.

    `shares` [layers + 1, n] are measured, `influence` is what equal weights inside the pattern
    would give.
    """
    panel = spread_panel(alpha, reach, influence, token, len(tokens), cell)
    title = f"How far what reaches “{short(tokens.words[token])}” comes from"
    items = panel.items
    if shares is not None:
        far = np.array([[band(row, token, share) for share in SHARES] for row in shares])
        layers = np.arange(len(far), dtype=float)
        items += tuple(
            Scatter(key=f"measured {share:g}", x=layers, y=distances, role="accent", size=6.0,
                    layer=4,
                    words=tuple(f"{100 * share:g} % from within {int(one):,} tokens"
                                for one in distances))
            for share, distances in zip(SHARES, far.T, strict=True)
        )  # fmt: skip
        word = short(tokens.words[token])
        title = f"99 % of “{word}” is from within {far[-1, -1]:,} tokens"
        if reach is not None:
            reached = max(token - int(reach.first[-1]), int(reach.last[-1]) - token)
            title += f", the reach is {reached:,}"
    return replace(
        panel, name="rollout", title=title, items=items, x=Axis("Layers; dots are measured"),
        summary=f"{title}. Dots are measured: the distance within which 50, 90 and 99 % of the "
        "rollout lie. Bands are the same for equal weights inside the pattern, the line its reach.",
    )  # fmt: skip


def _reds(lost: Floats) -> Floats:
    """Return the red half of the diverging colours: the heavier the redder, faint ones nothing."""
    return np.where(lost >= LEAST_LOST, 0.4 + 0.6 * (lost - LEAST_LOST) / -LEAST_LOST, np.nan)


def shown_around(n: int, token: int, columns: int) -> Ints:
    """Return the tokens of the lines of text that hold the query, int64 [at most 84]."""
    size = MOST_WORDS // columns * columns
    first = max(0, min(token - size // 2, n - size) // columns * columns)
    return np.arange(first, min(n, first + size))


def words_panel(
    row: TokenRow | None, tokens: Tokens, token: int, cell: Cell, columns: int = COLUMNS
) -> Panel:
    """Return the text, each word in the colour of the weight that the query gives it."""
    shown = shown_around(len(tokens), token, columns)
    first = int(shown[0])
    lines = max(1, math.ceil(len(shown) / columns))
    x, y = (shown - first) % columns + 0.5, (shown - first) // columns + 0.5
    items: list[Item] = []
    title = f"Where “{short(tokens.words[token])}” looks"
    if row is not None:
        z = np.full((lines, columns), np.nan)
        z[(shown - first) // columns, (shown - first) % columns] = faded(row.weights[shown])
        items.append(
            HeatMap(key="look", label="log₁₀ of the weight", z=z, extent=(0, columns, 0, lines),
                    levels=(FAINTEST, 0.0), colours="viridis", bar=False)
        )  # fmt: skip
        best = int(row.weights.argmax())
        title += f": most at “{short(tokens.words[best])}”, {share_words(float(row.weights[best]))}"
    items += [
        Label(key=f"word {i}", label=short(tokens.words[i]), x=float(at), y=float(line),
              anchor="center", size=7.5, layer=2, own=True)
        for i, at, line in zip(shown.tolist(), x, y, strict=True)
    ]  # fmt: skip
    words = () if row is None else tuple(_words(tokens, row, int(i)) for i in shown)
    items.append(
        Scatter(key="words", x=x, y=y, size=18.0, opacity=0.0, layer=3, words=words,
                pick=Edit("token", offset=float(first)))
    )  # fmt: skip
    place = token - first
    left, top = place % columns, place // columns
    items.append(
        Rectangle(key="query", x=(left, left + 1), y=(top, top + 1), role="accent", width=2.0,
                  opacity=0.0, layer=4)
    )  # fmt: skip
    return Panel(
        name="words", title=title, cell=cell, items=tuple(items), grid=False,
        x=Axis(range=(0.0, float(columns)), visible=False),
        y=Axis(range=(float(lines), 0.0), visible=False),
        summary=f"{title}. Tokens {first:,} to {int(shown[-1]):,} of the text, line by line.",
    )  # fmt: skip


def _words(tokens: Tokens, row: TokenRow, i: int) -> str:
    state = "kept" if row.kept[i] else "lost"
    return f"{i:,}: “{tokens.words[i]}” {share_words(float(row.weights[i]))}, {state}"


def short(word: str) -> str:
    """Return a word, cut where it is long."""
    return word if len(word) <= LONGEST else f"{word[: LONGEST - 1]}…"


def heaviest_words(row: TokenRow, tokens: Tokens) -> str:
    """List the keys of most weight, each with its share and whether it is kept."""
    order = np.argsort(-row.weights, kind="stable")[:LISTED]
    return "; ".join(
        f"“{short(tokens.words[i])}” {share_words(float(row.weights[i]))}"
        f"{'' if row.kept[i] else ' (lost)'}"
        for i in order.tolist()
        if row.weights[i] > 0
    )
