"""Running backwards: three solvers, their bounds, and what the report says about the error."""

import time

import pytest
import torch

from tests.core.iresnet.conftest import short_training
from zoetrope.core import iresnet
from zoetrope.core.iresnet.block_looks import ExactLook, RoundedLook
from zoetrope.core.iresnet.block_maps import residual_and_jacobian
from zoetrope.core.iresnet.inversion import errors_of, steps_of
from zoetrope.core.iresnet.model import gaussian


@pytest.fixture(scope="module")
def points():
    return iresnet.make("checkerboard", 500, 8).double()


def test_newton_is_exact_in_few_iterations(flow, points):
    x, report = flow.inverse(flow.forward(points)[0])
    assert float((x - points).abs().max()) < 1e-10
    assert int(report.iterations.max()) <= 12
    assert bool(report.converged.all())


@pytest.mark.parametrize("method", iresnet.METHODS)
def test_every_solver_arrives(flow, points, method):
    x, report = flow.inverse(flow.forward(points)[0], method, max_iter=400)
    errors = torch.linalg.vector_norm(x - points, dim=1)
    assert float(errors.max()) < 1e-8
    assert bool(report.converged.all())
    assert bool((errors <= report.bound + 1e-12).all())  # rounding is no part of the bound
    assert report.trace is None


def test_the_bound_holds_when_a_solver_is_stopped_early(flow, points):
    for method in iresnet.METHODS:
        x, report = flow.inverse(flow.forward(points)[0], method, max_iter=3)
        errors = torch.linalg.vector_norm(x - points, dim=1)
        assert bool((errors <= report.bound + 1e-12).all())
        assert not bool(report.converged.all())
        assert int(report.iterations.max()) == 3


def test_picard_stays_below_both_of_its_bounds(flow, points):
    z = flow.forward(points)[0]
    trace = flow.inverse(z[:60], "picard", max_iter=40, tol=1e-14, trace=True)[1].trace
    # Each block's exact answer to the same question: the solution that Newton finds from its y.
    for k, lipschitz in enumerate(flow.bounds.tolist()):
        y = trace[0, k]
        path = trace[:, k]
        exact = solved(flow, k, y)
        errors = errors_of(path[:, None], exact[None])[:, 0]
        steps = steps_of(path[:, None])[:, 0]
        for n in range(1, len(path)):
            priori = torch.tensor(
                [iresnet.a_priori_bound(lipschitz, s, n) for s in steps[0].tolist()]
            )
            assert bool((errors[n] <= priori + 1e-12).all())
            posteriori = lipschitz / (1 - lipschitz) * steps[n - 1]
            assert bool((errors[n] <= posteriori + 1e-12).all())


def solved(flow, k, y):
    """x with x + g_k(x) = y by Picard to the end: slow and certain."""
    from zoetrope.core.iresnet.block_maps import residual

    x = y.t().contiguous()
    for _ in range(6000):
        x_next = y.t() - residual(flow.flow, k, x)
        if float((x_next - x).abs().max()) < 1e-15:
            break
        x = x_next
    return x.t()


def test_the_trace_begins_at_y_and_ends_at_the_answer(steep_flow, points):
    z = steep_flow.forward(points[:20])[0]
    x, report = steep_flow.inverse(z, "newton", trace=True)
    trace, flow = report.trace, steep_flow.flow
    assert trace.shape == (int(report.iterations.max()) + 1, 6, 20, 2)
    assert torch.allclose(trace[0, 5], (z - flow.shift[6]) / flow.scale[6], atol=1e-12)
    before = (trace[-1, 0] - flow.shift[0]) / flow.scale[0]
    assert torch.allclose(before * flow.std + flow.mean, x, atol=1e-12)
    # A block's answer is the y of the block before, through the affine layer between.
    assert torch.allclose(trace[0, 2], (trace[-1, 3] - flow.shift[3]) / flow.scale[3], atol=1e-12)


@pytest.mark.parametrize("lip", [0.5, 0.9, 0.99])
def test_newton_takes_under_a_third_of_picards_time_at_every_bound(lip):
    flow = short_training(steps=80, lip=lip, n_blocks=4, hidden=64)  # blocks as wide as usual
    points = iresnet.make("checkerboard", 2000, 8).double()
    z = flow.forward(points)[0]
    seconds = dict.fromkeys(("newton", "picard"), float("inf"))
    for method in [*seconds] * 5:
        began = time.process_time()
        x, report = flow.inverse(z, method, max_iter=2000)
        seconds[method] = min(seconds[method], time.process_time() - began)
        assert bool(report.converged.all())
        assert method == "picard" or float((x - points).abs().max()) < 1e-10
    assert seconds["newton"] < seconds["picard"] / 3


@pytest.mark.parametrize("activation", iresnet.ACTIVATIONS)
@pytest.mark.parametrize("kind", [RoundedLook, ExactLook])
def test_looks_are_right_to_the_rounding_they_state(activation, kind):
    config = iresnet.IResNetConfig(n_blocks=1, hidden=32, activation=activation, w1_scale=1.0)
    flow = iresnet.Model(config).flow
    first, second = gaussian(100, 3).t().contiguous().split(50, 1)
    look, moved = kind(flow, 0, 50), first[0] > 0
    error = (look.value(first) - residual_and_jacobian(flow, 0, first)[0]).abs()
    assert float(error.max()) < look.rounding
    now = torch.where(moved, second, first)
    true, slopes = residual_and_jacobian(flow, 0, now)
    error = (look.value_again(moved, now[:, moved]) - true[:, moved]).abs()
    assert float(error.max()) < look.rounding
    assert torch.allclose(look.jacobian(), slopes, atol=1e-6)  # of all points, moved or not


def test_prior_to_data_and_back(flow):
    z = gaussian(300, 2)
    x, report = flow.inverse(z)
    assert bool(report.converged.all())
    assert torch.allclose(flow.forward(x)[0], z, atol=1e-9)


def test_a_folding_net_is_reported_and_never_raises(plain_net):
    _, report = plain_net.inverse(gaussian(200, 0), "picard", max_iter=60)
    assert not bool(report.converged.all())
    assert bool(torch.isinf(report.bound).all())


def test_pieces_of_many_points_join(steep_flow):
    z = gaussian(5000, 1)
    x, report = steep_flow.inverse(z)
    assert x.shape == (5000, 2)
    assert report.bound.shape == report.iterations.shape == (5000,)
    assert torch.allclose(x[4500:], steep_flow.inverse(z[4500:])[0], atol=1e-10)


@pytest.mark.parametrize(
    ("lipschitz", "count"), [(0.5, 21), (0.7, 43), (0.9, 153), (0.97, 569), (0.99, 1833)]
)
def test_picards_iterations_are_those_of_the_geometric_bound(lipschitz, count):
    assert iresnet.picard_iterations(lipschitz, 1e-6) == count
    assert iresnet.a_priori_bound(lipschitz, 1.0, count) <= 1e-6
    assert iresnet.a_priori_bound(lipschitz, 1.0, count - 1) > 1e-6


@pytest.mark.parametrize(
    ("lipschitz", "first_step", "count"), [(0.0, 1.0, 1), (0.0, 1e-9, 0), (0.5, 0.0, 0)]
)
def test_picard_has_little_to_do_where_nothing_moves(lipschitz, first_step, count):
    assert iresnet.picard_iterations(lipschitz, 1e-6, first_step) == count
    assert iresnet.a_priori_bound(lipschitz, first_step, count) <= 1e-6


@pytest.mark.parametrize(
    ("arguments", "field"),
    [({"method": "secant"}, "method"), ({"tol": 0}, "tol"), ({"max_iter": 0}, "max_iter")],
)
def test_bad_arguments_are_named(steep_flow, arguments, field):
    with pytest.raises(iresnet.IResNetError) as caught:
        steep_flow.inverse(gaussian(2, 0), **arguments)
    assert caught.value.parameter == field
