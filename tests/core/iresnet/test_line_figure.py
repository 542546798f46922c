"""The figure on the line: equal fits, but only one of the two networks keeps its paths apart."""

import pytest
import torch

from zoetrope.core import iresnet
from zoetrope.core.iresnet.line_figure import LineTraining, path_of, places_at, starts_at
from zoetrope.core.stepping import finish


@pytest.fixture(scope="module")
def nets():
    return {
        constrained: finish(iresnet.line_figure_steps(constrained, 10, 32, steps=500))
        for constrained in (True, False)
    }


def test_the_flow_keeps_its_paths_apart_and_the_plain_net_does_not(nets):
    flow, plain = nets[True], nets[False]
    assert not bool(flow.folded.any())
    assert flow.least_slope > 0
    assert float(flow.bound.max()) <= 0.9 + 1e-12
    assert bool(plain.folded.any())
    assert plain.least_slope < 0
    assert float(plain.bound.max()) > 1


def test_both_learn_the_cube_and_the_identity(nets):
    for net in nets.values():
        assert net.cubic_error < 0.05  # of a target whose variance is 9
        assert net.identity_error < 0.05


def test_slopes_are_those_of_the_paths(nets):
    flow = nets[True]
    step = float(flow.start[1] - flow.start[0])
    rise = (flow.paths[:, 2:] - flow.paths[:, :-2]) / (2 * step)
    assert torch.allclose(flow.slopes[:, 1:-1], rise, rtol=0.02, atol=0.02)


@pytest.mark.parametrize(
    "given", [{"n_blocks": 0}, {"n_blocks": 5}, {"n_blocks": 258}, {"steps": -1}, {"points": 1}]
)
def test_bad_numbers_are_named(given):
    with pytest.raises(iresnet.IResNetError) as caught:
        finish(iresnet.line_figure_steps(True, **{"steps": 1, **given}))
    assert [caught.value.parameter] == list(given)


def test_equal_seeds_give_equal_bits():
    first, second = (finish(iresnet.line_figure_steps(True, 4, 8, steps=20)) for _ in range(2))
    assert torch.equal(first.paths, second.paths)


def bent(*layers):
    """A network whose starts -2, -1, 0, 1, 2 are at these places after each layer."""
    paths = torch.tensor([[-2.0, -1.0, 0.0, 1.0, 2.0], *layers], dtype=torch.float64)
    count = len(layers)
    return iresnet.LineNet(
        0, paths[0], paths, torch.ones_like(paths), torch.zeros(count), 1.0, torch.zeros(count),
        0.0, 0.0,
    )  # fmt: skip


def test_a_start_is_followed_between_those_that_are_known():
    net = bent([0.0, 1.0, 2.0, 3.0, 4.0], [0.0, 1.0, 0.0, 1.0, 0.0])
    assert path_of(net, 0.5).tolist() == [0.5, 2.5, 0.5]
    assert path_of(net, 2.0).tolist() == [2.0, 4.0, 0.0]
    assert path_of(net, -2.0).tolist() == [-2.0, 0.0, 0.0]


def test_between_layers_points_are_on_their_straight_way():
    net = bent([0.0, 1.0, 2.0, 3.0, 4.0], [0.0, 1.0, 0.0, 1.0, 0.0])
    assert places_at(net, 0.5).tolist() == [-1.0, 0.0, 1.0, 2.0, 3.0]
    assert places_at(net, 2.0).tolist() == net.paths[2].tolist()


def test_all_starts_that_are_at_one_place_are_found():
    net = bent([0.0, 1.0, 2.0, 3.0, 4.0], [0.0, 1.0, 0.0, 1.0, 0.0])
    assert starts_at(net, 1.0, 2.5).tolist() == [0.5]
    assert starts_at(net, 2.0, 0.25).tolist() == [-1.75, -0.25, 0.25, 1.75]
    assert starts_at(net, 2.0, 3.0).tolist() == []


def test_where_paths_cross_more_starts_meet_than_where_they_do_not(nets):
    for constrained, net in nets.items():
        most = max(
            len(starts_at(net, layer, float(place)))
            for layer in range(1, len(net.paths))
            for place in net.paths[layer, 3::40]
        )
        assert (most == 1) is constrained


def test_a_training_that_is_looked_at_on_the_way_comes_to_the_same_bits():
    looked_at = LineTraining(True, 4, 8, steps=20)
    while looked_at.done < looked_at.steps:
        looked_at.step()
        assert looked_at.measured(11).steps == looked_at.done
    through = finish(iresnet.line_figure_steps(True, 4, 8, steps=20))
    assert torch.equal(looked_at.measured().paths, through.paths)
