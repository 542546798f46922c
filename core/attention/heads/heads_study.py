"""What the lab knows of a model's heads on one text: worked out once, in steps."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import torch
from torch.nn import functional

from zoetrope.core.attention.heads.arrays import read_arrays
from zoetrope.core.attention.heads.budgets import BOUNDS, AtBudget, at_budget_steps, candidates
from zoetrope.core.attention.heads.captured import Capture, Head, capture_steps
from zoetrope.core.attention.heads.concentration import HeadStats, head_stats_steps
from zoetrope.core.attention.heads.content import RowMask
from zoetrope.core.attention.heads.errors import HeadsError
from zoetrope.core.attention.heads.excerpt import ALICE
from zoetrope.core.attention.heads.layer_product import rollout_steps
from zoetrope.core.attention.heads.model import Model
from zoetrope.core.attention.heads.models import load
from zoetrope.core.attention.heads.restricted_head import Tolerance, tolerance_steps
from zoetrope.core.attention.heads.whole_model import (
    EmbeddingEffect,
    LossEffect,
    effect_steps,
)
from zoetrope.core.attention.lab_build import build
from zoetrope.core.attention.lab_reach import Reach, reach_of
from zoetrope.core.attention.runs import Bools, Floats
from zoetrope.core.long_work import FINISHED, Job, Jobs
from zoetrope.core.parameters import ParameterError

if TYPE_CHECKING:
    from zoetrope.core.attention.lab_parameters import AttentionParameters

R = TypeVar("R")
PIXELS = 64  # a side of one head's picture
MOST_PIXELS = 1000  # a side of all
MOST_SIDE = 512  # of one head alone
GAP = 2
FAINTEST = -4.0  # log10 of the weight that has the last colour
CONTROLS = {"model_folder": "model_file", "candidate": "family"}  # by what the errors name


@dataclass(frozen=True, slots=True, eq=False)
class HeadPicture:
    """log10 of one head's weights, the heaviest in each pixel: where it is `kept` or `lost`, NaN
    elsewhere, float64 [pixels, pixels]. `mass` is the share of the weights that is kept.
    """

    kept: Floats
    lost: Floats
    mass: float


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


class HeadsStudy:
    """A model, a text, and what was found out about its heads. Errors name the control."""

    def __init__(self, jobs: Jobs, parameters: AttentionParameters) -> None:
        self._jobs = jobs
        self.parameters = parameters

    @property
    def text(self) -> str:
        """The text that is read."""
        return self.parameters.text.strip() or ALICE

    @property
    def runs(self) -> bool:
        """Whether there is a model to run, and not saved arrays alone."""
        return self.parameters.model != "arrays"

    def model(self) -> Model:
        """Return the chosen model. HeadsError says what is wrong with it."""
        if self.parameters.model != "folder":
            return load(self.parameters.model)
        if not self.parameters.model_file:
            raise HeadsError("model_folder", "Choose the model.safetensors of a model’s folder.")
        return load(str(Path(self.parameters.model_file).parent))

    def _source(self) -> tuple[str, str, float]:
        """Return what the capture depends on."""
        parameters = self.parameters
        path = {"folder": parameters.model_file, "arrays": parameters.arrays_file}.get(
            parameters.model, ""
        )
        try:
            changed = Path(path).stat().st_mtime if path else 0.0
        except OSError:
            changed = 0.0
        return f"{parameters.model} {path}", self.text if self.runs else "", changed

    def capture(self) -> Job[Capture]:
        """What all heads do with the text."""
        key = ("capture", *self._source())
        return self._job("capture", key, lambda: FINISHED.steps(key, self._capture, _bytes))

    def _capture(self) -> Iterator[Capture | None]:
        if self.runs:
            model = self.model()
            yield None
            yield from capture_steps(model, self.text)
        elif not self.parameters.arrays_file:
            raise HeadsError("arrays_file", "Choose a file with attention weights, or q, k and v.")
        else:
            yield read_arrays(Path(self.parameters.arrays_file))

    def heads(self) -> list[Head]:
        """Return all heads, layer after layer; the capture must be there."""
        capture = self.found
        return [
            capture.head(layer, index)
            for layer in range(capture.layers)
            for index in range(capture.heads)
        ]

    @property
    def found(self) -> Capture:
        """The capture, once it is there."""
        found = self.capture().result
        assert found is not None
        return found

    @property
    def number(self) -> int:
        """The chosen head's number; beyond the last is the last."""
        capture = self.found
        return min(self.parameters.head_number, capture.layers * capture.heads - 1)

    @property
    def place(self) -> tuple[int, int]:
        """The chosen head's layer, and its number there."""
        return divmod(self.number, self.found.heads)

    @property
    def token(self) -> int:
        """The chosen query; beyond the last is the last."""
        return min(self.parameters.token, self.found.n - 1)

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
            for number, head in enumerate(self.heads()):
                layer, index = divmod(number, heads)
                weights = torch.cat([head.weights(rows) for rows in head.row_slices()])
                small = functional.adaptive_max_pool2d(weights[None], side)[0]
                top, left = layer * cell + GAP // 2, index * cell + GAP // 2
                z[top : top + side, left : left + side] = faded(small.double().numpy())
                if index == heads - 1:
                    yield z.copy()
                else:
                    yield None

        return self._job("mosaic", self._source(), steps)

    def at_budget(self) -> Job[AtBudget]:
        """All patterns at the budget."""
        capture, share = self.found, self.parameters.budget
        own = self._own_key()

        def steps() -> Iterator[AtBudget | None]:
            for found in at_budget_steps(capture.n, capture.causal, share):
                if found is None or own is None:
                    yield found
                else:
                    made = build(self.parameters.change(n=capture.n))[0]
                    if made.n != capture.n:
                        raise ParameterError(
                            "family", f"The Pattern page’s pattern has {made.n:,} tokens of its "
                            f"own and the text {capture.n:,}; choose another.",
                        )  # fmt: skip
                    yield replace(found, patterns={**found.patterns, "own": made})

        return self._job("budget", (capture.n, capture.causal, share, own), steps)

    def _own_key(self) -> str | None:
        return "own" if self.parameters.family == "own" else None

    def family(self) -> str:
        """Return the family that heads are restricted to, of those there are for them."""
        wanted = self.parameters.family
        known = {"own", *candidates(self.found.causal), *BOUNDS}
        return wanted if wanted in known else "window"

    def picture(self) -> Job[HeadPicture]:
        """The chosen head's weights, parted into those its restriction keeps and loses."""
        budget, family, number = self.at_budget(), self.family(), self.number

        def steps() -> Iterator[HeadPicture | None]:
            assert budget.result is not None
            head = self.heads()[number]
            mask = budget.result.mask(head, family)
            yield None
            side = min(head.n, MOST_SIDE)
            kept, lost = torch.zeros((2, head.n, head.n))
            for rows in head.row_slices():
                weights, seen = head.weights(rows), mask(rows)
                kept[rows], lost[rows] = weights * seen, weights * ~seen
                yield None
            parts = [functional.adaptive_max_pool2d(one[None], side)[0] for one in (kept, lost)]
            more = parts[0] >= parts[1]
            z = [
                np.where(shown.numpy(), faded(one.double().numpy()), np.nan)
                for one, shown in zip(parts, (more, ~more), strict=True)
            ]
            yield HeadPicture(z[0], z[1], float(kept.double().sum() / head.n))

        key = (self._source(), self.parameters.budget, family, number)
        return self._job("picture", key, steps)

    def row(self) -> Job[TokenRow]:
        """Where the token looks, and which of that the restriction keeps."""
        budget, family, number, token = self.at_budget(), self.family(), self.number, self.token

        def steps() -> Iterator[TokenRow | None]:
            assert budget.result is not None
            head, rows = self.heads()[number], slice(token, token + 1)
            mask = budget.result.mask(head, family)
            yield TokenRow(head.weights(rows)[0].double().numpy(), mask(rows)[0].numpy())

        key = (self._source(), self.parameters.budget, family, number, token)
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
        return self._job("tolerances", key, steps)

    def effect(self) -> Job[LossEffect | EmbeddingEffect]:
        """What the restriction does to the whole model."""
        budget, family, scope = self.at_budget(), self.family(), self.parameters.scope
        place = self.place

        def restriction(layer: int, index: int, head: Head) -> RowMask | None:
            inside = {"all": True, "layer": layer == place[0], "head": (layer, index) == place}
            assert budget.result is not None
            return budget.result.mask(head, family) if inside[scope] else None

        def steps() -> Iterator[LossEffect | EmbeddingEffect | None]:
            yield from effect_steps(self.model(), self.text, restriction)

        which = {"all": None, "layer": place[0], "head": place}[scope]
        key = (self._source(), self.parameters.budget, family, scope, which)
        return self._job("effect", key, steps)

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

    def _job(self, name: str, key: Hashable, steps: Callable[[], Iterator[R | None]]) -> Job[R]:
        def refusing() -> Iterator[R | None]:
            try:
                yield from steps()
            except HeadsError as error:
                raise as_parameter_error(error) from None

        return self._jobs.get(f"heads {name}", key, refusing)


def as_parameter_error(error: HeadsError) -> ParameterError:
    """Return the error at the control that it concerns."""
    return ParameterError(CONTROLS.get(error.field, error.field), error.message)


def _bytes(found: Capture) -> int:
    parts = (found.q, found.k, found.v, found.saved)
    return sum(one.numel() * 4 for one in parts if one is not None)


def faded(weights: Floats) -> Floats:
    """Return log10 of weights, at least `FAINTEST`; NaN where there is none at all."""
    with np.errstate(divide="ignore"):
        found = np.log10(weights)
    return np.where(np.isfinite(found), np.maximum(found, FAINTEST), np.nan)
