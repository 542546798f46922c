"""Every column of a table against every other: HSIC, CKA, p, and p corrected for looking at all."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, islice
from typing import Any, Unpack

import numpy as np
import torch

from zoetrope.core.hsic import arguments
from zoetrope.core.hsic.block_moments import block_moments_steps, thin_factors_steps
from zoetrope.core.hsic.errors import HsicError
from zoetrope.core.hsic.estimators import biased_steps
from zoetrope.core.hsic.gram_matrix import Block, block
from zoetrope.core.hsic.kernels import Kernel, as_kernel
from zoetrope.core.hsic.moments import LEAST_N, SideMoments, permutation_moments
from zoetrope.core.hsic.permutations import draw
from zoetrope.core.hsic.permuted_statistic import choose_statistic_steps
from zoetrope.core.hsic.results import SMALLEST_P, Floats
from zoetrope.core.hsic.stepping import Steps
from zoetrope.core.hsic.where import Where

SLICE_SECONDS = 0.025
CORRECTIONS = ("holm", "bh", "none")


@dataclass(frozen=True, slots=True, eq=False)
class ColumnMatrix:
    """Symmetric maps [p, p] over the columns, NaN where not computed (yet).

    `hsic` is HSIC_b, `cka` its normalised form (1 on the diagonal), `p_value` that of each pair
    alone, `p_corrected` by `correction` over all pairs: "holm" bounds the chance of any false
    finding, "bh" the share of false findings, "none" leaves them.
    """

    hsic: Floats
    cka: Floats
    p_value: Floats
    p_corrected: Floats
    correction: str
    method: str
    n: int
    n_perm: int
    seed: int
    widths: tuple[Any, ...]
    progress: float
    notes: tuple[str, ...] = ()


def hsic_matrix(
    table: Any,
    *,
    n_perm: int = 0,
    seed: int = 0,
    width: Any = "median",
    kernel: str | Kernel = "gaussian",
    correction: str = "holm",
    **where: Unpack[Where],
) -> ColumnMatrix:
    """All pairs of columns of `table` [n, p], p >= 2, n >= 6.

    Without permutations p comes from the exact moments; with `n_perm` every pair sees the same
    permutations, drawn from `seed`.
    """
    *_, matrix = hsic_matrix_steps(
        table,
        n_perm=n_perm,
        seed=seed,
        width=width,
        kernel=kernel,
        correction=correction,
        **where,
    )
    return matrix


def hsic_matrix_steps(
    table: Any,
    *,
    n_perm: int = 0,
    seed: int = 0,
    width: Any = "median",
    kernel: str | Kernel = "gaussian",
    correction: str = "holm",
    **where: Unpack[Where],
) -> Iterator[ColumnMatrix]:
    """As `hsic_matrix`, yielding the matrix so far about every 25 ms."""
    arguments.whole(n_perm, "n_perm", 0)
    arguments.whole(seed, "seed", 0)
    arguments.choice(correction, "correction", CORRECTIONS)
    values = arguments.rows(table, "table", categorical=as_kernel(kernel, "kernel").categorical)
    if values.shape[1] < 2:
        raise HsicError("too_few", "A matrix of columns needs at least 2 columns.", "table")
    arguments.at_least(len(values), LEAST_N, "A matrix of columns")
    filling = _Filling(values.shape[1], len(values), n_perm, seed, correction)
    for column in values.T:
        rows = block(column, width, kernel, f"column {len(filling.blocks)}", **where)
        for _ in filling.add_column_steps(rows):
            yield filling.result(0.3 * (len(filling.blocks) - 1) / values.shape[1])
        yield filling.result(0.3 * len(filling.blocks) / values.shape[1])
    pairs = list(combinations(range(values.shape[1]), 2))
    began = time.perf_counter()
    for done, (i, j) in enumerate(pairs):
        for _ in filling.fill_steps(i, j):
            if time.perf_counter() - began > SLICE_SECONDS:
                yield filling.result(0.3 + 0.7 * done / len(pairs))
                began = time.perf_counter()
    yield filling.result(1.0)


class _Filling:
    """The matrices while they fill."""

    def __init__(self, columns: int, n: int, n_perm: int, seed: int, correction: str) -> None:
        self.n, self.n_perm, self.seed, self.correction = n, n_perm, seed, correction
        self.blocks: list[Block] = []
        self.sums: list[SideMoments] = []
        self.hsic = np.full((columns, columns), np.nan)
        self.cka = np.full((columns, columns), np.nan)
        self.p_value = np.full((columns, columns), np.nan)

    def add_column_steps(self, rows: Block) -> Steps[None]:
        """Take in a column; the diagonal is known at once."""
        i = len(self.blocks)
        self.blocks.append(rows)
        thin = yield from thin_factors_steps(rows)
        sums = yield from block_moments_steps(rows, thin)
        self.sums.append(sums)
        self.hsic[i, i] = float(self.sums[-1].norm_squared) / self.n**2
        if self.hsic[i, i] > 0:
            self.cka[i, i] = 1.0

    def fill_steps(self, i: int, j: int) -> Steps[None]:
        """One pair."""
        value = yield from biased_steps(self.blocks[i], self.blocks[j])
        self.hsic[i, j] = self.hsic[j, i] = value
        norm = (self.hsic[i, i] * self.hsic[j, j]) ** 0.5
        self.cka[i, j] = self.cka[j, i] = value / norm if norm > 0 else np.nan
        if self.n_perm:
            p = yield from self._permutation_p_steps(i, j)
        else:
            moments = permutation_moments(self.sums[i], self.sums[j])
            statistic = torch.tensor([value * self.n**2], dtype=torch.float64)
            p = max(float(moments.log_p(statistic).exp()), SMALLEST_P)
        self.p_value[i, j] = self.p_value[j, i] = p

    def _permutation_p_steps(self, i: int, j: int) -> Steps[float]:
        statistic = yield from choose_statistic_steps(self.blocks[i], self.blocks[j])
        orders = islice(draw(self.n, self.seed), self.n_perm)
        threshold = statistic.observed - statistic.tolerance
        exceeding = 0
        while batch := list(islice(orders, statistic.batch)):
            values = yield from statistic.of(torch.stack(batch))
            exceeding += int((values >= threshold).sum())
            yield
        return (1 + exceeding) / (1 + self.n_perm)

    def result(self, progress: float) -> ColumnMatrix:
        """The matrices as they stand."""
        return ColumnMatrix(
            hsic=self.hsic.copy(),
            cka=self.cka.copy(),
            p_value=self.p_value.copy(),
            p_corrected=corrected_map(self.p_value, self.correction),
            correction=self.correction,
            method="permutation" if self.n_perm else "moment",
            n=self.n,
            n_perm=self.n_perm,
            seed=self.seed,
            widths=tuple(rows.width for rows in self.blocks),
            progress=progress,
            notes=tuple(dict.fromkeys(note for rows in self.blocks for note in rows.notes)),
        )


def corrected_map(p_value: Floats, correction: str) -> Floats:
    """A symmetric map of p-values [p, p] corrected over all its pairs; NaN where there is none."""
    found = np.full_like(p_value, np.nan)
    upper = np.triu_indices(len(p_value), 1)
    known = np.isfinite(p_value[upper])
    chosen = (upper[0][known], upper[1][known])
    adjusted = correct(p_value[chosen], correction)
    found[chosen] = adjusted
    found.T[chosen] = adjusted
    return found


def correct(p_values: Floats, correction: str) -> Floats:
    """p-values [m] corrected for their number: Holm 1979 or Benjamini & Hochberg 1995."""
    arguments.choice(correction, "correction", CORRECTIONS)
    m = len(p_values)
    if correction == "none" or m == 0:
        return p_values.copy()
    order = np.argsort(p_values)
    adjusted = np.empty(m)
    if correction == "holm":
        stepped = np.maximum.accumulate(p_values[order] * (m - np.arange(m)))
    else:
        scaled = p_values[order] * m / np.arange(1, m + 1)
        stepped = np.minimum.accumulate(scaled[::-1])[::-1]
    adjusted[order] = np.minimum(stepped, 1.0)
    return adjusted
