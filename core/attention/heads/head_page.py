"""The page of one head: where each word looks, what a pattern cuts, and what gets through."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from zoetrope.core.attention.heads.budgets import block_size
from zoetrope.core.attention.heads.head_view import (
    branch_panel,
    distance_panel,
    heaviest_words,
    short,
    weights_panel,
    words_panel,
)
from zoetrope.core.attention.heads.heads_choices import in_a_sentence
from zoetrope.core.attention.heads.heads_study import BRANCHES, HeadPicture, TokenRow
from zoetrope.core.attention.heads.model_page import ModelPage
from zoetrope.core.attention.lab_words import share_words
from zoetrope.core.attention.receptive_field import band
from zoetrope.core.figure import Cell, Figure, Panel
from zoetrope.core.lab import Action, Frame, Readout
from zoetrope.core.long_work import Job

NSA_COLUMNS = 8  # words in a line of the text below the branches


class HeadPage(ModelPage):
    """One head."""

    def parts(self) -> Iterator[Job[Any]]:
        """Yield the row, the weights, and the rollout with the reach it stays within."""
        yield self.heads.at_budget()
        yield self.heads.row()
        yield self.heads.picture()
        yield self.heads.rollout()
        yield self.heads.reach()
        yield self.heads.influence()

    def picture(self) -> Frame:
        """Return the picture of what is known."""
        heads = self.heads
        capture = heads.found
        begun = heads.at_budget().result is not None
        row = heads.row().result if begun else None
        picture = heads.picture().result if begun else None
        kept = "" if row is None else f": {share_words(float(row.weights[row.kept].sum()))} kept"
        return Frame(
            figure=self._figure(picture, row),
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

    def _figure(self, picture: HeadPicture | None, row: TokenRow | None) -> Figure:
        """Return the weights, or those of NSA's branches apart, the text, and what reaches it."""
        heads = self.heads
        n, token, tokens = heads.found.n, heads.token, heads.found.tokens
        if heads.family() == "nsa":
            block = block_size(n)
            return Figure(
                panels=(
                    *(branch_panel(name, picture, n, block, token, Cell(0, column))
                      for column, name in enumerate(BRANCHES)),
                    words_panel(row, tokens, token, Cell(1, 0, column_span=2), NSA_COLUMNS),
                    self._distances(Cell(1, 2)),
                ),
                widths=(1.0, 1.0, 1.15),
                heights=(1.1, 1.0),
            )  # fmt: skip
        layer, index = heads.place
        share = f"{share_words(picture.kept.mass)} of its mass" if picture else "…"
        title = f"Layer {layer}, head {index}: “{in_a_sentence(heads.family())}” keeps {share}"
        return Figure(
            panels=(
                weights_panel(picture, n, token, title, Cell(0, 0, row_span=2)),
                words_panel(row, tokens, token, Cell(0, 1)),
                self._distances(Cell(1, 1)),
            ),
            widths=(1.15, 1.0),
            heights=(1.35, 1.0),
        )

    def _distances(self, cell: Cell) -> Panel:
        heads = self.heads
        begun = heads.at_budget().result is not None
        reach = heads.reach().result if begun else None
        influence = heads.influence().result if begun else None
        return distance_panel(
            heads.rollout().result, reach, influence, heads.token, heads.found.tokens,
            self.parameters.alpha, cell,
        )  # fmt: skip

    def _readouts(self, kept: str) -> Iterator[Readout]:
        heads = self.heads
        capture, token = heads.found, heads.token
        yield self.head_readout()
        picture = heads.picture().result if heads.at_budget().result is not None else None
        if picture is not None and picture.branches:
            yield Readout(
                "branches",
                "NSA sees one by one",
                f"{share_words(picture.kept.mass)} of the mass",
                help="The selected blocks and the last keys together. Of older blocks it also sees "
                "one mean each; the model learns how to weigh the three, so no error is given.",
            )
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
