"""The seed article against its code of 2019: two defects, each as what it changes.

The article (kexue.fm/archives/6853) defines sparse attention of rate r by |d| < r or r | d. Its
`SparseSelfAttention` (bojone/attention, 2019) takes the local keys with the dilation of the atrous
ones, i + r m with |m| < r: a part of the atrous keys, which are then counted twice, while the near
ones are missing. And a condition that is always true subtracts 1e10 from every score where nothing
is masked, which in float32 leaves all scores equal.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from zoetrope.core.attention.lab_page import Page
from zoetrope.core.attention.lab_parameters import AttentionParameters
from zoetrope.core.attention.named import pattern
from zoetrope.core.attention.patterns import Pattern
from zoetrope.core.attention.runs import Floats
from zoetrope.core.attention.typed import expr
from zoetrope.core.figure import Axis, Cell, Figure, Panel
from zoetrope.core.items import Bars, HeatMap, Label, Rule
from zoetrope.core.lab import Frame, Notice, Readout
from zoetrope.core.long_work import Job

MOST_TOKENS = 96
SCORES = 8
HUGE = np.float32(1e10)


@dataclass(frozen=True)
class Exhibit:
    """Both patterns: as the article says, as coded, and the pairs that the code counts twice."""

    article: Pattern
    coded: Pattern
    doubled: Pattern


def exhibit(n: int, rate: int, causal: bool) -> Exhibit:
    """Return the article's pattern of rate r, and what its code of 2019 computes."""
    rule = "d % r == 0 and abs(d) < r * r" + (" and d >= 0" if causal else "")
    return Exhibit(
        pattern("sparse", n, rate=rate, causal=causal),
        pattern("atrous", n, rate=rate, causal=causal),
        expr(rule, n, r=rate),
    )


def weights(seed: int) -> tuple[Floats, Floats]:
    """Return one row's attention of 8 random scores, and the same after the code's subtraction."""
    scores = np.random.default_rng(seed).normal(0.0, 1.5, SCORES).astype(np.float32)
    return _softmax(scores), _softmax(scores - HUGE)


def _softmax(scores: Any) -> Floats:
    shifted = np.exp((scores - scores.max()).astype(np.float64))
    found: Floats = shifted / shifted.sum()
    return found


def shown_size(parameters: AttentionParameters) -> tuple[int, int]:
    """Return the tokens and the rate that can be seen."""
    n = min(parameters.n, MOST_TOKENS)
    return n, min(parameters.stride, max(1, n // 2))


class SeedPage(Page):
    """The exhibit: which keys are missing or doubled, and the weights that come out equal."""

    def jobs(self) -> Iterator[Job[Any]]:
        """Yield nothing: all is small."""
        yield from ()

    def frame(self) -> Frame:
        """Return the picture."""
        parameters = self.parameters
        n, rate = shown_size(parameters)
        found = exhibit(n, rate, parameters.causal)
        article, coded, doubled = (
            one.dense() for one in (found.article, found.coded, found.doubled)
        )
        missing = article & ~coded
        said = [
            Notice("The article’s sparse attention keeps |d| < r and every r-th key. Its code of "
                   "2019 keeps the r-th keys alone, and the near ones of those twice.")
        ]  # fmt: skip
        if (n, rate) != (parameters.n, parameters.stride):
            said.append(Notice(f"Drawn with {n} tokens and rate {rate}."))
        right, wrong = weights(parameters.seed)
        return Frame(
            figure=Figure(
                panels=(
                    self._matrix(article, coded, doubled, missing),
                    self._weights(right, wrong),
                ),
                widths=(1.3, 1.0),
            ),
            readouts=(
                Readout("article", "Pairs in the article", int(article.sum())),
                Readout("coded", "Pairs as coded", int(coded.sum())),
                Readout("missing", "Missing", int(missing.sum())),
                Readout("doubled", "Counted twice", int(doubled.sum())),
                Readout("equal", "Distinct weights", len(np.unique(wrong)),
                        help="Among 8 of the example row, as coded; as defined, all differ."),
            ),
            notices=tuple(said),
            tables={"weight_article": right, "weight_coded": wrong},
        )  # fmt: skip

    def _matrix(self, article: Any, coded: Any, doubled: Any, missing: Any) -> Panel:
        n = len(article)
        extent = (0.0, float(n), 0.0, float(n))
        signed = np.where(missing, 0.8, np.where(doubled, -0.8, np.nan))
        same = np.where(article & coded & ~doubled, 0.5, np.nan)
        title = (
            f"Red: {int(missing.sum()):,} pairs missing; blue: {int(doubled.sum()):,} counted twice"
        )
        return Panel(
            name="difference", title=title, cell=Cell(0, 0), grid=False, square=True,
            items=(
                HeatMap(key="same", z=same, extent=extent, levels=(0.0, 1.0), colours="grey",
                        bar=False),
                HeatMap(key="signed", z=signed, extent=extent, levels=(-1.0, 1.0),
                        colours="diverging", bar=False, layer=1),
            ),
            x=Axis("Key", range=(0.0, float(n))), y=Axis("Query", range=(float(n), 0.0)),
            summary=f"{title}, of {int(article.sum())} pairs that the article defines.",
        )  # fmt: skip

    def _weights(self, right: Floats, wrong: Floats) -> Panel:
        at = np.arange(SCORES, dtype=float)
        top = 1.1 * float(right.max())
        title = "As coded (line) all weights are 1/8; as defined (bars) they differ"
        return Panel(
            name="weights", title=title, cell=Cell(0, 1), grid=False,
            items=(
                Bars(key="article", x=at, height=right, width=0.7, role="data1"),
                Rule(key="coded", axis="y", value=float(wrong[0]), role="data2", dash="solid",
                     width=2.4),
                Label(key="coded word", label="1/8", x=SCORES - 0.4,
                      y=float(wrong[0]) + 0.02 * top, role="data2", anchor="left"),
            ),
            x=Axis("Key", range=(-0.6, SCORES + 0.6)),
            y=Axis("Weight in the example row", range=(0.0, top)),
            summary=f"{title}: subtracting 1e10 from scores in float32 leaves nothing of them.",
        )  # fmt: skip
