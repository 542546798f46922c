"""The way back: it begins at the latent points, ends at the data, and its iterates are errors'."""

import numpy as np
import pytest
import torch

from tests.core.iresnet.conftest import short_training
from zoetrope.core import iresnet
from zoetrope.core.iresnet.way_home import block_errors_steps, iterations_steps, way_home_steps
from zoetrope.core.stepping import finish


@pytest.fixture(scope="module")
def model():
    return short_training(lip=0.9)


@pytest.fixture(scope="module")
def points():
    return iresnet.make("checkerboard", 40, 5).double()


def test_it_begins_at_the_latent_points_and_ends_where_they_came_from(model, points):
    latent = model.forward(points)[0]
    way = finish(way_home_steps(model, latent, "newton", 50))
    assert np.array_equal(way.places[0], latent.numpy())
    torch.testing.assert_close(way.points, points, atol=1e-9, rtol=0)
    began = model.layers(points)[0]
    torch.testing.assert_close(torch.from_numpy(way.places[-1]), began, atol=1e-9, rtol=0)
    assert way.block.tolist() == sorted(way.block.tolist(), reverse=True)
    assert set(way.block.tolist()) == set(range(model.config.n_blocks + 1))


def test_between_two_places_it_is_on_the_straight_line(model, points):
    latent = model.forward(points)[0]
    way = finish(way_home_steps(model, latent, "picard", 30))
    last = len(way.places) - 1
    now, block, index = way.at(2.25 / last)
    np.testing.assert_allclose(now, 0.75 * way.places[2] + 0.25 * way.places[3])
    assert (block, index) == (model.config.n_blocks, 2)
    assert np.array_equal(way.at(1.0)[0], way.places[-1])
    assert np.array_equal(way.at(0.0)[0], way.places[0])


def test_errors_are_those_of_the_blocks_own_answer(model, points):
    latent, block = model.forward(points)[0], 3
    found = finish(block_errors_steps(model, latent, block, 25))
    trace = model.inverse(latent, "picard", tol=1e-14, max_iter=25, trace=True)[1].trace
    exact = model.inverse(latent, "newton", tol=1e-14, trace=True)[1].trace[-1, block - 1]
    # Picard's later blocks end at his own answers, so the same to their last digits only.
    expected = torch.linalg.vector_norm(trace[:, block - 1] - exact, dim=-1).amax(1)
    np.testing.assert_allclose(found.errors["picard"][:10], expected[:10].numpy(), atol=1e-3)
    bound = float(model.bounds[block - 1])
    for name, errors in found.errors.items():
        assert (errors <= found.residuals[name] / (1 - bound) + 1e-14).all(), name
    first = found.residuals["picard"][0]
    n = np.arange(26)
    assert (found.errors["picard"] <= bound**n / (1 - bound) * first + 1e-14).all()
    assert found.errors["newton"][8] < 1e-13
    assert found.exact


def test_iterations_are_counted_to_a_residual(model, points):
    latent = model.forward(points)[0]
    needed = finish(iterations_steps(model, latent, 60, 1e-10))
    report = model.inverse(latent, "newton", tol=1e-10 / (1 - 0.9), max_iter=60)[1]
    assert np.nanmax(needed["newton"]) == pytest.approx(int(report.iterations.max()), abs=1)
    assert (needed["newton"] < needed["anderson"]).all()
    assert (needed["anderson"] < needed["picard"]).all()
    few = finish(iterations_steps(model, latent, 3, 1e-10))
    assert np.isnan(few["picard"]).all()


def test_without_blocks_the_way_is_one_step():
    model = iresnet.Model(iresnet.IResNetConfig(n_blocks=0))
    way = finish(way_home_steps(model, torch.eye(2, dtype=torch.float64), "newton", 5))
    assert way.places.shape == (2, 2, 2)
    assert way.at(0.5)[0] == pytest.approx(np.eye(2))
