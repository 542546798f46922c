"""The papers' estimators on a linear map whose log-determinant is known, and on a flow."""

import math

import pytest
import torch

from zoetrope.core import iresnet
from zoetrope.core.iresnet.objectives import Objective, exact
from zoetrope.core.iresnet.series import (
    estimate_variance,
    quadratic_series,
    roulette_counts,
    roulette_variance,
    roulette_weights,
    series_matrices,
    trace_series,
    truncation_bound,
)

MATRIX = torch.tensor([[0.5, 0.2], [-0.1, 0.4]], dtype=torch.float64)
EXACT = 0.7514160886839212  # log det(I + MATRIX) = log 2.12
LIPSCHITZ = float(torch.linalg.matrix_norm(MATRIX, ord=2))
ROWS = MATRIX.reshape(4, 1)
DRAWS = 200_000


def test_the_exact_objective_is_the_log_determinant_with_its_gradient():
    value, gradient = exact(ROWS[None])
    assert float(value) == pytest.approx(math.log(2.12), abs=1e-14) == EXACT
    inverse = torch.linalg.inv(MATRIX + torch.eye(2, dtype=torch.float64))
    assert torch.allclose(gradient.view(2, 2), inverse.t(), atol=1e-14)


def test_partial_sums_against_matrix_powers():
    sums = trace_series(ROWS, 40)[:, 0]
    total = 0.0
    for n in range(1, 41):
        total += (-1) ** (n + 1) / n * float(torch.linalg.matrix_power(MATRIX, n).trace())
        assert float(sums[n - 1]) == pytest.approx(total, abs=1e-13)
        assert abs(total - EXACT) <= truncation_bound(LIPSCHITZ, n) + 1e-15


@pytest.mark.parametrize(
    ("lipschitz", "terms"), [(0.5, 8), (0.7, 16), (0.9, 54), (0.97, 188), (0.99, 569)]
)
def test_terms_for_a_thousandth_of_a_nat(lipschitz, terms):
    assert truncation_bound(lipschitz, terms) <= 1e-3 < truncation_bound(lipschitz, terms - 1)


def test_the_tails_two_forms_agree_and_nothing_bounds_at_one():
    for terms in (1, 2, 5, 9, 10, 11):
        tail = math.fsum(0.9**k / k for k in range(terms + 1, 2000))
        assert truncation_bound(0.9, terms) == pytest.approx(2 * tail, rel=1e-12)
    assert truncation_bound(1.0, 5) == math.inf
    assert truncation_bound(0.0, 5) == 0


@pytest.mark.parametrize("noise", ["gaussian", "rademacher"])
def test_random_vectors_have_the_stated_mean_and_spread(noise):
    generator = torch.Generator().manual_seed(0)
    v = torch.randn(2, DRAWS, generator=generator, dtype=torch.float64)
    v = v.sign() if noise == "rademacher" else v
    rows = ROWS.expand(4, DRAWS)
    estimates = quadratic_series(rows, v, torch.ones(12))
    mean = float(trace_series(ROWS, 12)[-1])
    variance = float(estimate_variance(series_matrices(ROWS, torch.ones(12))[-1], noise))
    std = math.sqrt(variance)
    assert abs(float(estimates.mean()) - mean) < 4 * std / math.sqrt(DRAWS)
    assert float(estimates.std()) == pytest.approx(std, rel=0.02)


def test_the_roulette_is_unbiased_with_the_stated_spread():
    generator = torch.Generator().manual_seed(1)
    counts = roulette_counts(DRAWS, 2, 0.5, generator)
    assert int(counts.min()) == 3
    assert float((counts == 3).double().mean()) == pytest.approx(0.5, abs=0.01)
    assert float((counts == 5).double().mean()) == pytest.approx(0.125, abs=0.01)
    v = torch.randn(DRAWS, 2, 1, generator=generator, dtype=torch.float64)
    weights = roulette_weights(counts, 2, 0.5)
    estimates = quadratic_series(ROWS.expand(DRAWS, 4, 1), v, weights)
    std = math.sqrt(float(roulette_variance(ROWS, 2, 0.5)))
    assert abs(float(estimates.mean()) - EXACT) < 5 * std / math.sqrt(DRAWS)
    assert float(estimates.std()) == pytest.approx(std, rel=0.02)


def test_roulette_weights_are_reciprocal_survival_chances():
    weights = roulette_weights(torch.tensor([3, 6]), 2, 0.25)
    # P(N >= k) is 1 for the two sure terms and the first drawn, then shrinks by 3/4 each.
    survival = [1, 1, 1, 0.75, 0.75**2, 0.75**3]
    assert torch.allclose(weights[1], 1 / torch.tensor(survival, dtype=torch.float64))
    assert weights[0].tolist()[3:] == [0, 0, 0]


def test_a_flows_report_agrees_with_its_jacobians(flow):
    points = iresnet.make("checkerboard", 60, 3)
    report = flow.estimators(points, 30)
    jacobians = flow.block_jacobians(points)
    eye = torch.eye(2, dtype=torch.float64)
    assert torch.allclose(report.exact, torch.logdet(jacobians + eye).sum(0), atol=1e-12)
    assert bool((report.max_error <= report.bound).all())
    assert bool((report.bound.diff() < 0).all())
    power, series = jacobians, 0.0
    matrices = []
    for k in range(1, 31):
        series = series + (-1) ** (k + 1) / k * power
        matrices.append(series)
        power = power @ jacobians
    traces = torch.stack(matrices).diagonal(dim1=-2, dim2=-1).sum(-1).sum(1)
    assert torch.allclose(report.series, traces, atol=1e-12)
    assert torch.allclose(report.bias, (traces - report.exact).mean(1), atol=1e-12)
    symmetric = (series + series.mT) / 2
    gaussian = (2 * (symmetric**2).sum((-1, -2))).sum(0).sqrt()
    signs = ((series[..., 0, 1] + series[..., 1, 0]) ** 2).sum(0).sqrt()
    assert torch.allclose(report.gaussian_std[-1], gaussian, atol=1e-12)
    assert torch.allclose(report.rademacher_std[-1], signs, atol=1e-12)
    assert bool((report.rademacher_std <= report.gaussian_std + 1e-12).all())


@pytest.mark.parametrize("estimator", ["trace", "hutchinson", "rademacher", "roulette"])
def test_an_objectives_gradient_is_that_of_its_value(estimator):
    """By differences, with the same random numbers."""
    generator = torch.Generator()
    objective = Objective(estimator, terms=7)
    jacobians = 0.3 * torch.randn(3, 4, 5, generator=generator.manual_seed(1)).double()

    def value(j):
        return objective.log_det(generator.manual_seed(4))(j)

    _, gradient = value(jacobians)
    direction = torch.randn(3, 4, 5, generator=generator.manual_seed(2)).double()
    h = 1e-6
    rise = (value(jacobians + h * direction)[0] - value(jacobians - h * direction)[0]) / (2 * h)
    assert float((gradient * direction).sum()) == pytest.approx(float(rise), rel=1e-7)


@pytest.mark.parametrize("estimator", ["hutchinson", "rademacher", "roulette"])
def test_random_objectives_have_the_exact_mean(estimator):
    generator = torch.Generator().manual_seed(0)
    jacobians = ROWS.expand(400, 4, 100).contiguous()
    total, gradient = Objective(estimator, terms=30).log_det(generator)(jacobians)
    assert float(total) / 40_000 == pytest.approx(EXACT, abs=0.03)
    inverse = torch.linalg.inv(MATRIX + torch.eye(2, dtype=torch.float64))
    assert torch.allclose(gradient.mean((0, 2)).view(2, 2), inverse.t(), atol=0.05)


def test_training_on_one_term_reports_less_than_the_entropy():
    points = iresnet.make("8gaussians", 20_000, 0)
    config = iresnet.IResNetConfig(n_blocks=6, hidden=32)
    settings = iresnet.Settings(steps=250, batch=256)
    trainer = iresnet.Trainer(points, config, settings, Objective("trace", terms=1))
    *_, metrics = iresnet.train_steps(trainer)
    assert metrics.loss < iresnet.entropy("8gaussians") - 0.5
    assert metrics.validation > iresnet.entropy("8gaussians") + 0.05


@pytest.mark.parametrize(
    ("field", "value"),
    [("estimator", "guess"), ("terms", 0), ("terms", 101), ("n_exact", -1), ("stop", 1.0)],
)
def test_bad_objectives_are_named(field, value):
    with pytest.raises(iresnet.IResNetError) as caught:
        Objective(**{field: value})
    assert caught.value.parameter == field
