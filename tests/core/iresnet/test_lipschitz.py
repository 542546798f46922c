"""Bounds against singular values and against what points show; activations against autograd."""

import math

import pytest
import torch
from torch.nn import functional

from zoetrope.core import iresnet
from zoetrope.core.iresnet import lipschitz_bounds
from zoetrope.core.iresnet.activations import derivatives, slope_range
from zoetrope.core.iresnet.model import gaussian

GRID = torch.linspace(-12, 12, 48_001, dtype=torch.float64)


def weights(features_per_neuron=1):
    generator = torch.Generator().manual_seed(2)
    inner = torch.randn(5, 12, 2, generator=generator, dtype=torch.float64)
    inner *= torch.logspace(-1, 1, 12, dtype=torch.float64)[:, None]
    outer = torch.randn(5, 2, 12 * features_per_neuron, generator=generator, dtype=torch.float64)
    return inner, outer


def test_layer_norms_are_the_largest_singular_values():
    inner, outer = weights()
    first, second = lipschitz_bounds.layer_norms(inner, outer)
    assert torch.allclose(first, torch.linalg.svdvals(inner)[:, 0], rtol=1e-12)
    assert torch.allclose(second, torch.linalg.svdvals(outer)[:, 0], rtol=1e-12)
    matrices = gaussian(40, 0).view(20, 2, 2)
    norms = torch.linalg.matrix_norm(matrices, ord=2)
    assert torch.allclose(lipschitz_bounds.matrix_norm(matrices), norms, rtol=1e-12)


@pytest.mark.parametrize("bound", [lipschitz_bounds.balanced, lipschitz_bounds.spectral])
def test_no_slopes_exceed_a_bound(bound):
    inner, outer = weights()
    limit = bound(inner, outer)
    generator = torch.Generator().manual_seed(0)
    worst = torch.zeros(5, dtype=torch.float64)
    for i in range(2000):
        slopes = 2 * torch.rand(12, generator=generator, dtype=torch.float64) - 1
        slopes = slopes.sign() if i % 2 else slopes
        worst = torch.maximum(worst, torch.linalg.matrix_norm(outer * slopes @ inner, ord=2))
    assert bool((worst <= limit).all())
    assert bool((worst > limit / 4).all())  # and the bound says something


def test_the_balanced_bound_does_not_change_when_neurons_are_rescaled():
    inner, outer = weights()
    scale = torch.logspace(-2, 2, 12, dtype=torch.float64)
    before = lipschitz_bounds.balanced(inner, outer)
    after = lipschitz_bounds.balanced(inner * scale[:, None], outer / scale)
    assert torch.allclose(before, after, rtol=1e-9)
    assert bool((lipschitz_bounds.spectral(inner * scale[:, None], outer / scale) > after).all())


def test_mirrored_features_share_a_neurons_slope():
    inner, outer = weights(2)
    limit = lipschitz_bounds.balanced(inner, outer)
    generator = torch.Generator().manual_seed(0)
    for _ in range(1000):
        angle = 2 * math.pi * torch.rand(12, generator=generator, dtype=torch.float64)
        slopes = torch.cat([angle.cos(), angle.sin()])  # a pair's slopes lie on the unit circle
        matrix = outer * slopes @ torch.cat([inner, inner], 1)
        assert bool((torch.linalg.matrix_norm(matrix, ord=2) <= limit).all())


@pytest.mark.parametrize("bound", ["balanced", "spectral", "per_layer"])
def test_normalising_only_shrinks_what_exceeds_the_bound(bound):
    inner, outer = weights()
    outer[:2] /= 1e4
    first, second = lipschitz_bounds.normalised(inner, outer, bound, 0.9)
    limit = lipschitz_bounds.block_bounds(first, second)
    assert bool((limit <= 0.9 + 1e-9).all())
    if bound != "per_layer":
        assert torch.equal(first, inner)
        assert torch.equal(second[:2], outer[:2])
        assert float(getattr(lipschitz_bounds, bound)(first, second)[2:].min()) > 0.9 - 1e-9


@pytest.mark.parametrize("bound", ["balanced", "spectral", "per_layer"])
def test_dead_neurons_and_blocks_have_finite_gradients(bound):
    inner, outer = (torch.zeros(2, *shape, requires_grad=True) for shape in ((8, 2), (2, 8)))
    first, second = lipschitz_bounds.normalised(inner, outer, bound, 0.9)
    (first.sum() + second.sum()).backward()
    assert bool(torch.isfinite(inner.grad).all())
    assert bool(torch.isfinite(outer.grad).all())


def test_the_line_bound_is_reached_at_the_worst_slopes():
    generator = torch.Generator().manual_seed(1)
    inner, outer = torch.randn(2, 3, 8, generator=generator, dtype=torch.float64)
    for slopes in ((0.0, 1.0), (-1.0, 1.0), (-0.1, 1.0)):
        corners = torch.cartesian_prod(*[torch.tensor(slopes, dtype=torch.float64)] * 8)
        worst = ((inner * outer) @ corners.t()).abs().amax(1)
        assert torch.allclose(lipschitz_bounds.one_dimensional(inner, outer, slopes), worst)


@pytest.mark.parametrize("activation", iresnet.ACTIVATIONS)
def test_derivatives_against_autograd_and_slopes_within_their_range(activation):
    x = GRID[::480].clone().requires_grad_()  # 0 is among them: a kink of two activations
    x = x[x != 0].detach().requires_grad_()
    value, slope, curvature = derivatives(activation, x)
    (first,) = torch.autograd.grad(value.sum(), x, create_graph=True)
    assert torch.allclose(slope, first, atol=1e-12)
    second = torch.autograd.grad(slope.sum(), x)[0] if slope.requires_grad else torch.zeros(1)
    assert torch.allclose(curvature, second.to(curvature), atol=1e-12)
    low, high = slope_range(activation)
    slopes = derivatives(activation, GRID)[1]
    assert low - 1e-6 <= float(slopes.min())
    assert float(slopes.max()) <= high + 1e-6
    assert float(slopes.max() - slopes.min()) > 0.99 * (high - low)
    assert high <= 1
    assert low >= -1


def test_swish_is_steeper_than_the_article_says():
    slopes = derivatives("swish", GRID)[1]
    assert float(slopes.max()) == pytest.approx(1.09984, abs=1e-5)
    assert float(GRID[slopes.argmax()]) == pytest.approx(2.3994, abs=1e-3)
    assert torch.allclose(derivatives("swish", GRID)[0], functional.silu(GRID))
    assert slope_range("swish")[1] == pytest.approx(float(slopes.max()), abs=1e-6)


def test_clipswish_pairs_stay_within_the_unit_circle():
    slopes = derivatives("clipswish", GRID)[1]
    pair = torch.hypot(slopes, slopes.flip(0))
    assert 0.99 < float(pair.max()) <= 1


def test_the_bound_holds_after_every_step_at_a_high_rate():
    points = iresnet.make("rings", 5000, 0)
    config = iresnet.IResNetConfig(n_blocks=4, hidden=16, lip=0.8)
    settings = iresnet.Settings(steps=200, batch=128, lr=2e-2, val_fraction=0)
    trainer = iresnet.Trainer(points, config, settings)
    worst = 0.0
    for _ in iresnet.train_steps(trainer):
        worst = max(worst, float(trainer.model().bounds.max()))
    assert 0.79 < worst <= 0.8 + 1e-6
    model = trainer.model()
    a, b = 3 * gaussian(4000, 1), 3 * gaussian(4000, 2)
    flow = model.flow
    from zoetrope.core.iresnet.block_maps import residual

    for k, limit in enumerate(model.bounds.tolist()):
        rise = (residual(flow, k, a.t()) - residual(flow, k, b.t())).norm(dim=0)
        assert bool((rise <= limit * (a - b).norm(dim=1)).all())
    assert model.folds((-8, 8, -8, 8), 400).share == 0


def test_the_report_lies_between_truth_and_bound(flow):
    report = flow.lipschitz()
    assert bool((report.empirical <= report.bound + 1e-12).all())
    assert bool((report.bound <= report.sigma1 * report.sigma2 + 1e-12).all())
    assert bool((report.empirical > 0).all())
    norms = torch.linalg.svdvals(flow.flow.inner)[:, 0]
    assert torch.allclose(report.sigma1, norms, rtol=1e-9)


def test_the_determinants_bounds_follow_from_the_lipschitz_bound(flow):
    jacobians = flow.block_jacobians(2 * gaussian(2000, 0))
    eye = torch.eye(2, dtype=torch.float64)
    logs = torch.linalg.slogdet(jacobians + eye)[1]
    for block, limit in zip(logs, flow.bounds.tolist(), strict=True):
        assert float(block.min()) >= 2 * math.log1p(-limit)
        assert float(block.max()) <= 2 * math.log1p(limit)


def test_norms_at_points_are_those_of_the_jacobians(flow):
    points = torch.tensor([[0.3, -1.2], [2.0, 0.7], [-3.1, 1.9]])
    found = flow.lipschitz(points)
    exact = torch.linalg.matrix_norm(flow.block_jacobians(points), ord=2)
    assert torch.allclose(found.norms, exact, rtol=1e-10, atol=1e-12)
    assert torch.equal(found.empirical, found.norms.amax(1))
