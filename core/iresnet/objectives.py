"""What training takes for the log-determinant: the exact one, or an estimate from a paper.

An objective maps all Jacobians of a batch, J [K, 4, B] as rows J00, J01, J10, J11, to the sum of
log det(I + J) over blocks and points and to that sum's gradient by J, [K, 4, B].
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from zoetrope.core.iresnet.config import chosen, whole
from zoetrope.core.iresnet.errors import IResNetError
from zoetrope.core.iresnet.series import (
    quadratic_series,
    roulette_counts,
    roulette_weights,
    trace_series,
)

LogDet = Callable[[Tensor], tuple[Tensor, Tensor]]
ESTIMATORS = ("exact", "trace", "hutchinson", "rademacher", "roulette")
MOST_TERMS = 100


@dataclass(frozen=True, slots=True)
class Objective:
    """How training gets the log-determinant.

    estimator: "exact"; "trace", the power series cut after `terms`; "hutchinson" and
        "rademacher", that series with one random vector in place of the trace, Gaussian or of
        signs; "roulette", the unbiased series with a random number of terms.
    terms: of the cut series, 1 to 100.
    n_exact: terms that the roulette always takes, 0 to 100.
    stop: chance that the roulette stops after each further term, between 0 and 1.

    Raises IResNetError naming the field.
    """

    estimator: str = "exact"
    terms: int = 10
    n_exact: int = 2
    stop: float = 0.5

    def __post_init__(self) -> None:
        """Check every field."""
        chosen("estimator", self.estimator, ESTIMATORS)
        whole("terms", self.terms, 1, MOST_TERMS)
        whole("n_exact", self.n_exact, 0, MOST_TERMS)
        if not 0 < self.stop < 1:
            raise IResNetError(
                "bad_value", f"stop is {self.stop!r}; give a number between 0 and 1.", "stop"
            )

    @property
    def random(self) -> bool:
        """Whether the objective draws random numbers at every step."""
        return self.estimator not in ("exact", "trace")

    def log_det(self, generator: torch.Generator | None = None) -> LogDet:
        """Return the objective; `generator` (CPU) drives the random ones."""
        if self.estimator == "exact":
            return exact
        if self.estimator == "trace":
            return lambda j: _differentiated(j, lambda leaf: trace_series(leaf, self.terms)[-1])
        assert generator is not None
        source = generator
        return lambda j: _differentiated(j, lambda leaf: self._sampled(leaf, source))

    def _sampled(self, jacobians: Tensor, generator: torch.Generator) -> Tensor:
        k, _, batch = jacobians.shape
        signs = self.estimator == "rademacher"
        noise = torch.empty(k, 2, batch)
        if signs:
            noise.bernoulli_(generator=generator).mul_(2).sub_(1)
        else:
            noise.normal_(generator=generator)
        noise = noise.to(jacobians)
        if self.estimator != "roulette":
            weights = torch.ones(k, self.terms).to(jacobians)
        else:
            counts = roulette_counts(k, self.n_exact, self.stop, generator)
            weights = roulette_weights(counts, self.n_exact, self.stop).to(jacobians)
        return quadratic_series(jacobians, noise, weights)


def exact(jacobians: Tensor) -> tuple[Tensor, Tensor]:
    """log |det(I + J)|: its gradient is the matrix of cofactors over the determinant."""
    j00, j01, j10, j11 = jacobians.unbind(1)
    a, d = 1 + j00, 1 + j11
    determinants = torch.addcmul(a * d, j01, j10, value=-1)
    cofactors = torch.stack([d, -j10, -j01, a], 1)
    return determinants.abs().log().sum(), cofactors.div_(determinants.unsqueeze(1))


def _differentiated(jacobians: Tensor, value: Callable[[Tensor], Tensor]) -> tuple[Tensor, Tensor]:
    with torch.enable_grad():
        leaf = jacobians.detach().clone().requires_grad_()
        total = value(leaf).sum()
        (gradient,) = torch.autograd.grad(total, leaf)
    return total.detach(), gradient
