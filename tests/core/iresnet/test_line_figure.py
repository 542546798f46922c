"""The figure on the line: equal fits, but only one of the two networks keeps its paths apart."""

import pytest
import torch

from zoetrope.core import iresnet
from zoetrope.core.iresnet.stepping import finish


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
