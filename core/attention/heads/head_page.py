"""The page of one head: where each word looks, what a pattern cuts, and what gets through."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from zoetrope.core.attention.heads.head_view import (
    heaviest_words,
    short,
    weights_panel,
    words_panel,
)
from zoetrope.core.attention.heads.heads_choices import FAMILIES
from zoetrope.core.attention.heads.model_page import ModelPage
from zoetrope.core.attention.lab_reach import SHARES, Influence
from zoetrope.core.attention.lab_words import share_words
from zoetrope.core.attention.reach_view import field_panel
from zoetrope.core.attention.receptive_field import band
from zoetrope.core.attention.runs import Floats
from zoetrope.core.figure import Cell, Figure, Panel
from zoetrope.core.lab import Action, Frame, Readout
from zoetrope.core.long_work import Job


class HeadPage(ModelPage):
    """One head."""

    def parts(self) -> Iterator[Job[Any]]:
        """Yield the row, the weights, and the rollout with the reach it stays within."""
        yield self.heads.at_budget()
        yield self.heads.row()
        yield self.heads.picture()
        yield self.heads.rollout()
        yield self.heads.reach()

    def picture(self) -> Frame:
        """Return the picture of what is known."""
        heads = self.heads
        capture, token = heads.found, heads.token
        begun = heads.at_budget().result is not None
        row = heads.row().result if begun else None
        picture = heads.picture().result if begun else None
        layer, index = heads.place
        kept = "" if row is None else f": {share_words(float(row.weights[row.kept].sum()))} kept"
        name = FAMILIES[heads.family()].lower()
        share = f"{share_words(picture.mass)} of its mass" if picture else "…"
        title = f"Layer {layer}, head {index}: “{name}” keeps {share}"
        return Frame(
            figure=Figure(
                panels=(
                    weights_panel(picture, capture.n, token, title, Cell(0, 0, row_span=2)),
                    words_panel(row, capture.tokens, token, Cell(0, 1)),
                    self._rollout(Cell(1, 1)),
                ),
                widths=(1.15, 1.0),
                heights=(1.35, 1.0),
            ),
            readouts=tuple(self._readouts(kept)),
            notices=tuple(self.notices()),
            actions=(
                Action("previous", "Previous head", "The head before.",
                       enabled=heads.number > 0, change={"head_number": max(0, heads.number - 1)}),
                Action("next", "Next head", "The head after.",
                       enabled=heads.number + 1 < capture.layers * capture.heads,
                       change={"head_number": heads.number + 1}),
            ),
            tables={} if row is None else {
                "key": np.arange(capture.n), "weight": row.weights,
                "kept": row.kept.astype(np.int64),
            },
        )  # fmt: skip

    def _rollout(self, cell: Cell) -> Panel:
        heads = self.heads
        n, token = heads.found.n, heads.token
        shares = heads.rollout().result
        influence = None if shares is None else influence_of_rollout(shares, token)
        reach = heads.reach().result if heads.at_budget().result is not None else None
        panel = field_panel(token, n, (0, n), reach, influence, cell)
        word = short(heads.found.tokens.words[token])
        title = f"What gets through to “{word}”, within the pattern’s reach"
        return replace(
            panel,
            name="rollout",
            title=title,
            summary=f"{title}: attention multiplied through the layers; the line is all that the "
            "pattern could let through.",
        )

    def _readouts(self, kept: str) -> Iterator[Readout]:
        heads = self.heads
        capture, token = heads.found, heads.token
        yield self.head_readout()
        word = short(capture.tokens.words[token])
        yield Readout(
            "token",
            "Query",
            f"{token:,}, “{word}”{kept}",
            help="Its number and word, and how much of its weights the pattern keeps.",
        )
        row = heads.row().result if heads.at_budget().result is not None else None
        if row is not None:
            yield Readout(
                "looks",
                "Looks at",
                heaviest_words(row, capture.tokens),
                help="The five heaviest keys; “lost” are those the pattern hides.",
            )
        shares = heads.rollout().result
        if shares is not None:
            yield Readout(
                "within",
                "90 % from within",
                band(shares[-1], token, 0.9),
                "tokens",
                help="Rollout: A' = αI + (1 − α) mean of heads, multiplied through the "
                "layers. α is the residual share.",
            )


def influence_of_rollout(shares: Floats, token: int) -> Influence:
    """Return measured shares, [layers + 1, n], as the reach page draws those of a mask."""
    bands = np.array([[band(row, token, share) for share in SHARES] for row in shares], dtype=float)
    return Influence(bands.T, shares, np.arange(shares.shape[1] + 1.0))
