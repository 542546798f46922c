"""What the lab knows of a model's heads on one text: worked out once, in steps."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from zoetrope.core.attention.heads.budgets import (
    BOUNDS,
    AtBudget,
    at_budget_steps,
    candidates,
    nsa_branches,
)
from zoetrope.core.attention.heads.captured import Head
from zoetrope.core.attention.heads.concentration import HeadStats, head_stats_steps
from zoetrope.core.attention.heads.content import RowMask
from zoetrope.core.attention.heads.errors import HeadsError
from zoetrope.core.attention.heads.heads_source import (
    HeadsSource,
    as_parameter_error,
    last_written,
)
from zoetrope.core.attention.heads.layer_product import rollout_steps
from zoetrope.core.attention.heads.pooled_weights import Part, parts_steps
from zoetrope.core.attention.heads.restricted_head import Tolerance, tolerance_steps
from zoetrope.core.attention.heads.whole_model import (
    EmbeddingEffect,
    LossEffect,
    effect_steps,
)
from zoetrope.core.attention.lab_build import build
from zoetrope.core.attention.lab_files import configuration_of
from zoetrope.core.attention.lab_reach import Influence, Reach, influence_of, reach_of
from zoetrope.core.attention.runs import Bools, Floats
from zoetrope.core.long_work import FINISHED, Job
from zoetrope.core.parameters import ParameterError

PIXELS = 64  # a side of one head's picture
MOST_PIXELS = 1000  # a side of all
MOST_SIDE = 512  # of one head alone
GAP = 2
BRANCHES = ("compressed", "selected", "sliding")  # of NSA


@dataclass(frozen=True, slots=True, eq=False)
class HeadPicture:
    """One head's weights: in each pixel the heaviest, `kept` or `lost` by its restriction.

    `branches`: what each of NSA's three sees, where heads are restricted to it.
    """

    kept: Part
    lost: Part
    branches: dict[str, Part]


@dataclass(frozen=True, slots=True, eq=False)
class TokenRow:
    """One query's weights, float64 [n], and whether each is kept, bool [n]."""

    weights: Floats
    kept: Bools


@dataclass(frozen=True, slots=True, eq=False)
class Tolerances:
    """What is left of each head under each pattern: names of patterns, [heads done] each."""

    names: tuple[str, ...]
    of: dict[str, tuple[Tolerance, ...]]


class HeadsStudy(HeadsSource):
    """What was found out about the heads of a model. Errors name the control."""

    def measured(self) -> Job[tuple[HeadStats, ...]]:
        """The measures of all heads, in the order of their numbers."""
        specials = self.parameters.specials

        def steps() -> Iterator[tuple[HeadStats, ...] | None]:
            capture = self.found
            queries = None
            if not specials:
                queries = [i for i, special in enumerate(capture.tokens.special) if not special]
            stats = []
            for head in self.heads():
                for one in head_stats_steps(head, queries):
                    if one is None:
                        yield None
                    else:
                        stats.append(one)
            yield tuple(stats)

        return self._job("measured", (self._source(), specials), steps)

    def mosaic(self) -> Job[Floats]:
        """Small pictures of all heads, log10 of the heaviest weight a pixel, NaN between them."""

        def steps() -> Iterator[Floats | None]:
            capture = self.found
            layers, heads, n = capture.layers, capture.heads, capture.n
            side = min(PIXELS, n, (MOST_PIXELS - GAP * max(layers, heads)) // max(layers, heads))
            cell = side + GAP
            z = np.full((layers * cell, heads * cell), np.nan)
            for head in self.heads():
                layer, index = head.place
                top, left = layer * cell + GAP // 2, index * cell + GAP // 2
                for found in parts_steps(head, {"all": head.allowed}, side):
                    if found is None:
                        yield None
                    else:
                        z[top : top + side, left : left + side] = found["all"].z
                if index == heads - 1:
                    yield z.copy()

        return self._job("mosaic", self._source(), steps)

    def at_budget(self) -> Job[AtBudget]:
        """All patterns at the budget, and the person's own where heads are restricted to that."""
        capture, share = self.found, self.parameters.budget

        def steps() -> Iterator[AtBudget | None]:
            for found in at_budget_steps(capture.n, capture.causal, share):
                yield found if found is None else self._with_own(found)

        return self._job("budget", (capture.n, capture.causal, share, self._own_key()), steps)

    def _with_own(self, found: AtBudget) -> AtBudget:
        """Add the Pattern page's pattern, or the file of MInference."""
        family, n = self.family(), self.found.n
        if family == "minference":
            return replace(
                found, configuration=configuration_of(self.parameters.configuration_file)
            )
        if family != "own":
            return found
        made = build(self.parameters.change(n=n))[0]
        if made.n != n:
            raise ParameterError(
                "family", f"The Pattern page’s pattern has {made.n:,} tokens of its own and the "
                f"text {n:,}; choose another.",
            )  # fmt: skip
        return replace(found, patterns={**found.patterns, "own": made})

    def _own_key(self) -> Hashable:
        """Return what a person's own restriction depends on, beside the pattern."""
        family, path = self.family(), self.parameters.configuration_file
        if family == "minference":
            return family, path, last_written(path)
        return family if family == "own" else None

    def family(self) -> str:
        """Return the family that heads are restricted to, of those there are for them."""
        wanted = self.parameters.family
        known = {"own", *candidates(self.found.causal), *BOUNDS}
        if self.found.causal:
            known.add("minference")
        return wanted if wanted in known else "window"

    def check_family(self) -> None:
        """Raise ParameterError where heads of this kind or length cannot be so restricted."""
        budget = self.at_budget().result
        assert budget is not None
        try:
            budget.mask(self.heads()[0], self.family())
        except HeadsError as error:
            raise as_parameter_error(error) from None

    def picture(self) -> Job[HeadPicture]:
        """The chosen head's weights, parted into those its restriction keeps and loses."""
        budget, family, number = self.at_budget(), self.family(), self.number

        def steps() -> Iterator[HeadPicture | None]:
            assert budget.result is not None
            head = self.heads()[number]
            mask = budget.result.mask(head, family)
            masks: dict[str, RowMask] = {
                "kept": mask, "lost": lambda rows: head.allowed(rows) & ~mask(rows)
            }  # fmt: skip
            if family == "nsa":
                branches = nsa_branches(head, self.parameters.budget)
                masks |= {name: getattr(branches, name) for name in BRANCHES}
            yield None
            for found in parts_steps(head, masks, MOST_SIDE):
                if found is None:
                    yield None
                else:
                    yield HeadPicture(found.pop("kept"), found.pop("lost"), found)

        key = (self._source(), self.parameters.budget, self._own_key(), family, number)
        return self._job("picture", key, steps)

    def row(self) -> Job[TokenRow]:
        """Where the token looks, and which of that the restriction keeps."""
        budget, family, number, token = self.at_budget(), self.family(), self.number, self.token

        def steps() -> Iterator[TokenRow | None]:
            assert budget.result is not None
            head, rows = self.heads()[number], slice(token, token + 1)
            mask = budget.result.mask(head, family)
            yield TokenRow(head.weights(rows)[0].double().numpy(), mask(rows)[0].numpy())

        key = (self._source(), self.parameters.budget, self._own_key(), family, number, token)
        return self._job("row", key, steps)

    def reach(self) -> Job[Reach]:
        """What the restriction lets the token see through all layers; nothing where it depends on
        the text.
        """
        budget, family, token = self.at_budget(), self.family(), self.token

        def steps() -> Iterator[Reach | None]:
            assert budget.result is not None
            made = budget.result.patterns.get(family)
            if made is not None:
                yield from reach_of([made], token, self.found.layers)

        key = (self._source(), self.parameters.budget, family, token)
        return self._job("reach", key, steps)

    def influence(self) -> Job[Influence]:
        """What the token would see of all others if its keys weighed alike; nothing where the
        restriction depends on the text.
        """
        budget, family, token = self.at_budget(), self.family(), self.token
        alpha, n = self.parameters.alpha, self.found.n

        def steps() -> Iterator[Influence | None]:
            assert budget.result is not None
            made = budget.result.patterns.get(family)
            if made is not None:
                yield from influence_of([made], token, self.found.layers, alpha, (0, n))

        key = (self._source(), self.parameters.budget, family, token, alpha)
        return self._job("influence", key, steps)

    def tolerances(self) -> Job[Tolerances]:
        """What every pattern leaves of every head."""
        budget = self.at_budget()

        def steps() -> Iterator[Tolerances | None]:
            assert budget.result is not None
            rows: dict[str, list[Tolerance]] = {}
            for head in self.heads():
                masks: dict[str, RowMask] = {}
                for made in budget.result.masks_steps(head):
                    masks = made or {}
                    yield None
                for found in tolerance_steps(head, masks):
                    if found is None:
                        yield None
                        continue
                    for name, one in found.items():
                        rows.setdefault(name, []).append(one)
                    yield Tolerances(
                        tuple(rows), {name: tuple(all_) for name, all_ in rows.items()}
                    )

        key = (self._source(), self.parameters.budget, self._own_key())
        if self.family() == "own":
            return self._job("tolerances", key, steps)
        kept = ("tolerances", key)  # for all pages and tabs
        return self._job("tolerances", key, lambda: FINISHED.steps(kept, steps, _tensors))

    def effect(self) -> Job[LossEffect | EmbeddingEffect]:
        """What the restriction does to the whole model."""
        budget, family, scope = self.at_budget(), self.family(), self.parameters.scope
        place = self.place

        def restriction(head: Head) -> RowMask | None:
            inside = {
                "all": True, "layer": head.place[0] == place[0], "head": head.place == place
            }  # fmt: skip
            assert budget.result is not None
            return budget.result.mask(head, family) if inside[scope] else None

        def steps() -> Iterator[LossEffect | EmbeddingEffect | None]:
            yield from effect_steps(self.model(), self.text, restriction)

        which = {"all": None, "layer": place[0], "head": place}[scope]
        key = (self._source(), self.parameters.budget, self._own_key(), family, scope, which)
        if family == "own":
            return self._job("effect", key, steps)
        kept = ("effect", key)
        return self._job("effect", key, lambda: FINISHED.steps(kept, steps, lambda _: 1024))

    def rollout(self) -> Job[Floats]:
        """Where the token's last vector comes from, after 0, 1, ... layers: [layers + 1, n]."""
        token, alpha = self.token, self.parameters.alpha

        def steps() -> Iterator[Floats | None]:
            shares = [np.eye(1, self.found.n, token)[0]]
            for found in rollout_steps(self.found, token, alpha):
                if found is not None:
                    shares.append(found)
                    yield np.array(shares)
                else:
                    yield None

        return self._job("rollout", (self._source(), token, alpha), steps)


def _tensors(found: Tolerances) -> int:
    """Return how many bytes the tolerances take."""
    return sum(
        one.kept.nbytes + one.row_error.nbytes for heads in found.of.values() for one in heads
    )
