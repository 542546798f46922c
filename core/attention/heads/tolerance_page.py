"""The tolerance page: which pattern would each head tolerate, and what the model makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from zoetrope.core.attention.heads.budgets import BOUNDS, candidates, pairs_of
from zoetrope.core.attention.heads.heads_choices import FAMILIES, in_a_sentence
from zoetrope.core.attention.heads.heads_study import Tolerances
from zoetrope.core.attention.heads.model_page import ModelPage
from zoetrope.core.attention.heads.restricted_head import Tolerance
from zoetrope.core.attention.heads.tolerance_view import (
    change_words,
    effect_panel,
    queries_panel,
    table_panel,
)
from zoetrope.core.attention.heads.whole_model import EmbeddingEffect, LossEffect
from zoetrope.core.attention.lab_words import share_words
from zoetrope.core.attention.runs import Floats, Ints
from zoetrope.core.figure import Cell, Figure, Panel
from zoetrope.core.lab import Action, Frame, Notice, OwnFile, Readout
from zoetrope.core.long_work import Job

MUCH = 0.25  # of the output: more, and a head is said not to tolerate it
LISTED = 3  # next tokens that are read out; all are in a file
ROOM = 1.1  # times the budget that counts as within it


class TolerancePage(ModelPage):
    """Patterns against heads."""

    def parts(self) -> Iterator[Job[Any]]:
        """Yield the patterns, what each head makes of them, and then the whole model."""
        yield self.heads.at_budget()
        yield self.heads.tolerances()
        if self.heads.runs:
            yield self.heads.effect()

    @property
    def presentable(self) -> bool:
        """Whether the table is there."""
        heads = self.heads
        return (
            super().presentable
            and heads.at_budget().result is not None
            and heads.tolerances().result is not None
        )

    def picture(self) -> Frame:
        """Return the table and what it means."""
        heads, parameters = self.heads, self.parameters
        found = heads.tolerances().result
        assert found is not None
        values = {name: self._values(found, name) for name in ("error", "mass", "efficiency")}
        ranked = values["error"] if heads.found.v is not None else 1 - values["mass"]
        best = self._best(found, ranked)
        losses = ranked[best, np.arange(ranked.shape[1])]
        by_loss = parameters.heads_order == "tolerance"
        order = np.argsort(losses, kind="stable") if by_loss else np.arange(len(losses))
        shown = parameters.shown
        number, total = self._number(found), heads.found.layers * heads.found.heads
        chosen = self._chosen(found)[number]
        few = int((losses < MUCH).sum())
        title = (
            f"{few} of {len(losses)} heads lose less than a quarter of their output with their "
            "best pattern, ▲"
        )
        if len(losses) < total:
            title = f"{len(losses)} of {total} heads are measured"
        return Frame(
            figure=Figure(
                panels=(
                    table_panel(values[shown], self._row_names(found), heads.found.heads, order,
                                number, best, shown, title, Cell(0, 0, column_span=2)),
                    queries_panel(chosen, heads.token, heads.found.tokens.words, Cell(1, 0)),
                    self._effect(Cell(1, 1)),
                ),
                heights=(1.9, 1.0),
            ),
            readouts=tuple(self._readouts(found, best)),
            notices=(*self.notices(), *self._more_notices(found)),
            actions=(
                Action("open_head", "Open this head", "Its weights, and where each word looks.",
                       change={"page": "head"}),
                Action("take_best", "Take its best pattern",
                       "Restrict to the pattern with which this head loses least.",
                       change={"family": found.names[int(best[number])]}),
            ),
            tables=self._tables(found),
            files=self._files(),
        )  # fmt: skip

    def _number(self, found: Tolerances) -> int:
        """Return the chosen head, or the last that is measured."""
        return min(self.heads.number, len(found.of[found.names[0]]) - 1)

    def _chosen(self, found: Tolerances) -> tuple[Tolerance, ...]:
        """Return what the restriction leaves of each head; ParameterError where it cannot be."""
        heads = self.heads
        if heads.family() not in found.of:
            heads.check_family()
        return found.of[heads.family()]

    def _values(self, found: Tolerances, measure: str) -> Floats:
        """Return one measure of all patterns and heads, float64 [patterns, heads]."""
        return np.array(
            [[getattr(one, measure) for one in found.of[name]] for name in found.names], dtype=float
        )

    def _density(self, found: Tolerances, name: str) -> float:
        """Return the share of the pairs that heads may use which a pattern takes on average."""
        capture = self.heads.found
        pairs = np.mean([one.pairs for one in found.of[name]])
        return float(pairs / pairs_of(capture.n, capture.causal))

    def _best(self, found: Tolerances, losses: Floats) -> Ints:
        """Return each head's best pattern within the budget, bounds aside, int64 [heads]."""
        capture = self.heads.found
        most = ROOM * self.parameters.budget * pairs_of(capture.n, capture.causal)
        pairs = np.array([[one.pairs for one in found.of[name]] for name in found.names])
        bound = np.array([name in BOUNDS for name in found.names])[:, None]
        # over the budget only where nothing is within, and then the smallest
        ranked = np.where(bound, np.inf, np.where(pairs > most, 1e9 + pairs, losses))
        best: Ints = np.argmin(ranked, axis=0)
        return best

    def _title(self, name: str) -> str:
        known = {**candidates(self.heads.found.causal), **BOUNDS}
        return known[name].title if name in known else FAMILIES[name]

    def _row_names(self, found: Tolerances) -> list[str]:
        return [
            f"{self._title(name)}, {share_words(self._density(found, name))}"
            for name in found.names
        ]

    def _best_words(self, found: Tolerances, best: Ints) -> str:
        """Name the chosen head's best pattern, with the pairs that it takes of this head."""
        capture, number = self.heads.found, self._number(found)
        name = found.names[int(best[number])]
        share = found.of[name][number].pairs / pairs_of(capture.n, capture.causal)
        return f"{self._title(name)}, {share_words(share)}"

    def _effect(self, cell: Cell) -> Panel:
        if not self.heads.runs:
            return effect_panel(None, "Saved arrays hold no model to run", cell)
        return effect_panel(self.heads.effect().result, "Running the model …", cell)

    def _readouts(self, found: Tolerances, best: Ints) -> Iterator[Readout]:
        heads = self.heads
        chosen = self._chosen(found)
        one = chosen[self._number(found)]
        yield self.head_readout()
        yield Readout(
            "mass",
            "Mass kept",
            one.mass,
            help="Of this head’s weights with the pattern chosen, the mean over queries.",
        )
        yield Readout(
            "mean_mass",
            "Mass kept, all heads",
            float(np.mean([each.mass for each in chosen])),
            help="The mean over all heads of the model, each with the pattern chosen.",
        )
        if heads.found.v is not None:
            yield Readout(
                "error",
                "Error of the output",
                one.error,
                help="‖sparse − dense‖ / ‖dense‖ of this head’s output.",
            )
        yield Readout(
            "divergence",
            "Divergence",
            one.divergence,
            "nats",
            help="KL(sparse ‖ dense), the mean of −ln(mass kept) over queries.",
        )
        yield Readout(
            "efficiency",
            "Efficiency",
            one.efficiency,
            help="(mass − chance) / (oracle − chance), both with as many keys of each query.",
        )
        yield Readout(
            "best",
            "Best for this head",
            self._best_words(found, best),
            help="The least error among patterns that take at most 1.1 times the budget.",
        )
        effect = heads.effect().result if heads.runs else None
        if isinstance(effect, LossEffect):
            yield Readout(
                "loss_change",
                "Change of the loss",
                effect.change,
                "nats",
                help="Next-token loss with the heads restricted less that without, the "
                "mean over windows of the text.",
            )
            yield Readout(
                "loss_spread",
                "Spread over windows",
                effect.spread,
                "nats",
                help="The standard deviation of that change from window to window.",
            )
            yield Readout(
                "next",
                "Next token",
                "; ".join(map(change_words, effect.table[:LISTED])),
                help="The likeliest tokens after the first window, before and after.",
            )
        elif isinstance(effect, EmbeddingEffect):
            yield Readout(
                "cosine",
                "Cosine of the embedding",
                effect.cosine,
                help="Of the mean of the last layer’s vectors with what it was.",
            )

    def _more_notices(self, found: Tolerances) -> Iterator[Notice]:
        over = [
            name for name in found.names
            if self._density(found, name) > ROOM * self.parameters.budget
        ]  # fmt: skip
        if over:
            names = ", ".join(in_a_sentence(name) for name in over)
            yield Notice(f"Over the budget on most heads, and not ranked there: {names}.")
        effect = self.heads.effect().result if self.heads.runs else None
        if isinstance(effect, LossEffect) and effect.spread > abs(effect.change):
            yield Notice(
                "The change of the loss is smaller than its spread from window to window: no "
                "difference is shown."
            )

    def _files(self) -> dict[str, OwnFile]:
        """Return the losses of all windows and the next tokens, where a model was run."""
        effect = self.heads.effect().result if self.heads.runs else None
        if not isinstance(effect, LossEffect):
            return {}
        table = {
            "loss_before": effect.before.numpy(), "loss_after": effect.after.numpy(),
            "next_token": np.array([line.word for line in effect.table]),
            "probability_before": np.array([line.before for line in effect.table]),
            "probability_after": np.array([line.after for line in effect.table]),
        }  # fmt: skip
        return {"effect.npz": OwnFile("Effect on the model", table)}

    def _tables(self, found: Tolerances) -> dict[str, Any]:
        heads, columns = self.heads.found.heads, len(next(iter(found.of.values())))
        rows = len(found.names)
        number = np.tile(np.arange(columns), rows)
        measured = {
            name: self._values(found, name).reshape(-1)
            for name in ("pairs", "mass", "error", "divergence", "efficiency")
        }
        return {
            "pattern": np.repeat(np.array(found.names), columns),
            "layer": number // heads, "head": number % heads, **measured,
        }  # fmt: skip
