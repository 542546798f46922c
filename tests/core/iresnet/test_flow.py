"""Both directions of a flow against autograd and against plain formulas written down anew."""

import dataclasses
import math

import pytest
import torch
from torch.nn import functional

from zoetrope.core import iresnet
from zoetrope.core.iresnet.model import Model, gaussian
from zoetrope.core.iresnet.plane_measures import grid_points, mass_within
from zoetrope.core.iresnet.weights import initial

BOX = (-8, 8, -8, 8)

PLAIN = {
    "sin": torch.sin,
    "tanh": torch.tanh,
    "ctanh": lambda a: 2 * torch.tanh(a) - a,
    "lipswish": lambda a: functional.silu(a) / 1.1,
    "clipswish": lambda a: functional.silu(a) / 1.1 / 1.004,
    "softplus": lambda a: -functional.logsigmoid(-a),
    "elu": functional.elu,
    "relu": functional.relu,
}


def rough_model(**config):
    """A flow with weights as large as training makes them, and standardised data."""
    given = iresnet.IResNetConfig(**{"n_blocks": 5, "hidden": 16, "w1_scale": 2.0, **config})
    generator = torch.Generator().manual_seed(7)
    flat = initial(given)
    flat += 0.3 * torch.randn(flat.shape, generator=generator)
    return Model(given, flat, torch.tensor([0.4, -0.1]), torch.tensor([1.5, 0.7]))


def plainly(model, x):
    """The flow at one point [2], in the formulas of the paper."""
    flow, phi = model.flow, PLAIN[model.config.activation]
    x = (x - flow.mean) / flow.std
    x = x * flow.scale[0] + flow.shift[0]
    for k in range(flow.count):
        x = x + flow.outer[k] @ phi(flow.inner[k] @ x + flow.inner_bias[k]) + flow.outer_bias[k]
        x = x * flow.scale[k + 1] + flow.shift[k + 1]
    return x


@pytest.mark.parametrize("bound", iresnet.BOUNDS)
@pytest.mark.parametrize("activation", iresnet.ACTIVATIONS)
def test_log_det_and_jacobian_against_autograd(activation, bound):
    model = rough_model(activation=activation, bound=bound)
    points = 2 * gaussian(6, 1)
    latent, log_det = model.forward(points)
    jacobians = model.jacobian(points)
    for i, point in enumerate(points):
        exact = torch.autograd.functional.jacobian(lambda x: plainly(model, x), point)
        assert torch.allclose(latent[i], plainly(model, point), rtol=1e-12, atol=1e-12)
        assert torch.allclose(jacobians[i], exact, rtol=1e-10, atol=1e-10)
        assert abs(log_det[i] - torch.linalg.slogdet(exact)[1]) < 1e-10


def test_log_prob_is_the_change_of_variables(steep_flow):
    points = iresnet.make("checkerboard", 50, 9)
    latent, log_det = steep_flow.forward(points)
    normal = torch.distributions.MultivariateNormal(torch.zeros(2).double(), torch.eye(2).double())
    assert torch.allclose(steep_flow.log_prob(points), normal.log_prob(latent) + log_det)


def test_the_density_integrates_to_one(flow):
    assert flow.valid_density
    assert flow.integral(BOX, 250) == pytest.approx(1, abs=0.002)


def test_no_blocks_is_a_gaussian_fit():
    points = iresnet.make("moons", 2000, 0)
    model = iresnet.train(
        points, iresnet.IResNetConfig(n_blocks=0), 200, val_fraction=0, device="cpu"
    )
    mean, std = points.double().mean(0), points.double().std(0)
    fit = torch.distributions.Independent(torch.distributions.Normal(mean, std), 1)
    assert torch.allclose(model.log_prob(points), fit.log_prob(points.double()), atol=0.1)
    x, report = model.inverse(gaussian(5, 0))
    assert torch.allclose(model.forward(x)[0], gaussian(5, 0), atol=1e-12)
    assert bool(report.converged.all())


def test_layers_go_from_the_data_to_the_latent_points(steep_flow):
    points = iresnet.make("checkerboard", 20, 2)
    way = steep_flow.layers(points, substeps=3)
    assert way.shape == (3 * 6 + 1, 20, 2)
    flow = steep_flow.flow
    assert torch.allclose(way[0], (points.double() - flow.mean) / flow.std, atol=1e-12)
    assert torch.allclose(way[-1], steep_flow.forward(points)[0], atol=1e-12)
    for position in (0, 1 / 3, 1, 4 + 2 / 3, 6):
        there = steep_flow.at_layer(points, position)
        assert torch.allclose(there, way[round(3 * position)], atol=1e-12)


def test_the_homotopy_is_invertible_at_every_moment(steep_flow):
    """Nowhere on the way does the map fold: det(I + tau J) > 0, by differences of close points."""
    points, h = gaussian(400, 3), 1e-6
    for position in torch.linspace(0, 6, 25).tolist():
        here, right, up = (
            steep_flow.at_layer(points + torch.tensor(shift, dtype=torch.float64), position)
            for shift in ((0, 0), (h, 0), (0, h))
        )
        a, b = (right - here) / h, (up - here) / h
        assert bool((a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0] > 0).all())


def test_samples_are_those_of_the_density(steep_flow):
    points = steep_flow.sample(4000, 1)
    assert torch.equal(points, steep_flow.sample(4000, 1))
    # The mean log-density of samples is minus the entropy, which the grid gives as well.
    grid = steep_flow.density_grid(BOX, 250)
    entropy = -float((grid.exp() * grid).sum()) * (16 / 250) ** 2
    logs = steep_flow.log_prob(points)
    assert abs(float(logs.mean()) + entropy) < 4 * float(logs.std()) / math.sqrt(4000) + 0.005


def test_the_density_grid_lies_as_stated(steep_flow):
    grid = steep_flow.density_grid((-1, 3, 0, 2), 4)
    point = [-1 + 4 * (2 + 0.5) / 4, 0 + 2 * (1 + 0.5) / 4]  # column 2, row 1
    assert float(grid[1, 2]) == pytest.approx(float(steep_flow.log_prob(point)), abs=1e-12)


def test_a_plain_net_folds_and_is_no_density(plain_net):
    assert not plain_net.valid_density
    assert plain_net.integral(BOX, 250) > 1.5
    folds = plain_net.folds(BOX, 100)
    assert 0.05 < folds.share < 0.95
    points = torch.tensor([[-2.0, 1.0], [0.5, 0.5], [3.0, -2.0]])
    signs = torch.linalg.det(plain_net.jacobian(points)).sign()
    near = plain_net.folds((0.49, 0.51, 0.49, 0.51), 1)
    assert float(near.signs[0, 0]) == float(signs[1])


def test_a_folding_net_has_several_preimages_and_a_flow_one(plain_net, steep_flow):
    target = plain_net.forward([[0.3, 0.2]])[0][0]
    found = plain_net.preimages(target)
    assert len(found) > 1
    assert torch.allclose(plain_net.forward(found)[0], target.expand_as(found), atol=1e-8)
    target = steep_flow.forward([[0.3, 0.2]])[0][0]
    found = steep_flow.preimages(target, starts=8)
    assert torch.allclose(found, torch.tensor([[0.3, 0.2]], dtype=torch.float64), atol=1e-8)


def test_a_flow_never_folds(flow):
    assert flow.folds(BOX, 200).share == 0


@pytest.mark.parametrize("count", [4, 9])
def test_blocks_appended_change_nothing_and_dropped_ones_are_the_last(steep_flow, count):
    points = iresnet.make("checkerboard", 30, 4)
    other = steep_flow.resized(count)
    assert other.config == dataclasses.replace(steep_flow.config, n_blocks=count)
    if count > 6:
        assert torch.allclose(other.log_prob(points), steep_flow.log_prob(points), atol=1e-6)
    else:
        assert torch.allclose(other.layers(points)[-1], steep_flow.layers(points)[4], atol=1e-12)


def test_points_of_other_shapes_are_refused(steep_flow):
    with pytest.raises(iresnet.IResNetError) as caught:
        steep_flow.log_prob(torch.zeros(4, 3))
    assert caught.value.code == "bad_shape"
    for extent in ((1, -1, 0, 1), (0, 1), "wide", (0, math.nan, 0, 1)):
        with pytest.raises(iresnet.IResNetError, match="extent"):
            steep_flow.density_grid(extent, 10)
    with pytest.raises(iresnet.IResNetError, match="rows of two numbers"):
        steep_flow.log_prob("points")


def test_mass_grows_with_the_square_as_a_gaussians_does():
    extent = (-3.0, 5.0, -4.0, 4.0)  # about (1, 0)
    points = grid_points(extent, 200)
    log_density = -((points[:, 0] - 1) ** 2 + points[:, 1] ** 2) / 2 - math.log(2 * math.pi)
    share, mass = mass_within(log_density.view(200, 200), extent)
    assert share[-1] == 1
    assert share[49] == 0.5
    for i in (24, 49, 99):  # P(|x| < r)^2
        exact = math.erf(4 * float(share[i]) / math.sqrt(2)) ** 2
        assert float(mass[i]) == pytest.approx(exact, abs=2e-4)
