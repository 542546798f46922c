"""The map over widths while its permutations are counted."""

import math

import numpy as np
import torch
from torch import Tensor

from zoetrope.core.hsic.map_engine import MapEngine
from zoetrope.core.hsic.moments import LEAST_N, PermutationMoments, SideMoments, permutation_moments
from zoetrope.core.hsic.results import SMALLEST_P, Floats, WidthGrid

PREPARED = 0.1  # share of the progress bar that preparation gets when permutations follow
TIE = 1e-12


class MapCount:
    """The map so far: what is known of every cell, and the permutations counted against it."""

    def __init__(
        self,
        engine: MapEngine,
        widths_x: Floats,
        widths_y: Floats,
        notes: tuple[str, ...] = (),
        *,
        n_perm: int = 0,
        exact: bool = False,
        seed: int = 0,
        block_length: int = 1,
    ) -> None:
        self.engine = engine
        self.widths = (widths_x, widths_y)
        self.n_perm, self.notes = n_perm, notes
        self.seed, self.block_length = seed, block_length
        self.identity = 0 if exact else 1  # enumeration comes upon the data's own order itself
        self.statistic = engine.observed()
        unknown = np.full(tuple(self.statistic.shape), math.nan)
        self.values = {"hsic_u": unknown, "cka_b": unknown, "cka_u": unknown}
        self.moments: PermutationMoments | None = None
        self.log_p: Tensor | None = None
        self.done = 0
        self.progress = 0.05

    @property
    def n(self) -> int:
        """The number of rows."""
        return self.engine.n

    def set_moments(self, x: SideMoments, y: SideMoments) -> None:
        """Fill in what the two sides' sums tell."""
        n = self.n
        a, b = x.facing(1), y.facing(0)
        unbiased = self.statistic - a.trace * b.trace / (n - 1)
        unbiased = unbiased - n / (n - 2) * self.engine.diagonal_products()
        self.norm = (a.norm_squared * b.norm_squared).sqrt()
        norm_u = (a.unbiased_norm_squared * b.unbiased_norm_squared).sqrt()
        self.values = {
            "hsic_u": (unbiased / (n * (n - 3))).numpy(),
            "cka_b": _ratio(self.statistic, self.norm),
            "cka_u": _ratio(unbiased, norm_u),
        }
        self.progress = PREPARED if self.n_perm else 1.0
        if n < LEAST_N:
            self.notes += (f"The exact-moment p needs {LEAST_N} rows and there are {n}.",)
        else:
            self.moments = permutation_moments(a, b, self.engine.accuracy)
            self.log_p = self.moments.log_p(self.statistic)

    def begin(self) -> None:
        """Get ready to count, once the moments are known."""
        ranked, tie = self.engine.ranked(), max(self.engine.accuracy, TIE * max(1.0, self.n / 50))
        self.threshold = ranked - tie * self.norm
        self.exceeding = torch.zeros_like(self.statistic)
        self.smallest = self._smallest(ranked)
        self.smaller = 0

    def _smallest(self, statistic: Tensor) -> float:
        """log of the smallest exact-moment p of a map of T."""
        if self.moments is None:
            return math.nan
        return float(self.moments.log_p(statistic).min())

    def add(self, permuted: Tensor) -> None:
        """Count one permuted map."""
        self.exceeding += permuted >= self.threshold
        if self.moments is not None:
            tie = max(1e-9, self.engine.accuracy) * (1 + abs(self.smallest))
            self.smaller += self._smallest(permuted) <= self.smallest + tie
        self.done += 1
        self.progress = PREPARED + (1 - PREPARED) * self.done / self.n_perm

    def result(self) -> WidthGrid:
        """The map as it stands."""
        log_p = None if self.log_p is None else self.log_p.numpy()
        best = None
        if log_p is not None:
            place = np.unravel_index(int(np.argmin(log_p)), log_p.shape)
            best = (int(place[0]), int(place[1]))
        counted, own = self.done > 0, self.identity
        return WidthGrid(
            widths_x=self.widths[0],
            widths_y=self.widths[1],
            hsic=self.statistic.numpy() / self.n**2,
            **self.values,
            p_moment=None if log_p is None else np.maximum(np.exp(log_p), SMALLEST_P),
            log10_p_moment=None if log_p is None else log_p / math.log(10),
            p_value=(own + self.exceeding.numpy()) / (own + self.done) if counted else None,
            p_global=(own + self.smaller) / (own + self.done)
            if counted and self.moments is not None
            else None,
            best=best,
            n=self.n,
            n_perm=self.done,
            seed=self.seed,
            block_length=self.block_length,
            engine=self.engine.name,
            error_bound=self.engine.error,
            progress=self.progress,
            notes=self.notes,
        )


def _ratio(value: Tensor, norm: Tensor) -> Floats:
    """value/norm, NaN where the norm is 0."""
    found: Floats = torch.where(norm > 0, value / norm, math.nan).numpy()
    return found
