"""The toy sets: their densities integrate to one, and their samples have the stated entropies."""

import math

import numpy as np
import pytest
import torch

from zoetrope.core import iresnet

CLASSIC = [name for name in iresnet.names() if iresnet.entropy(name) is not None]
SIDES = {"8gaussians": 5.5, "pinwheel": 6}  # half of the square, or 5


def quadrature(name):
    """The integral of p and of -p log p by the midpoint rule in polar or square cells."""
    if name in ("circles", "rings"):
        r = (np.arange(6000) + 0.5) / 1000
        points = np.stack([r, 0 * r], 1)
        logs = iresnet.log_density(name, points).numpy()
        weights = 2 * np.pi * r / 1000
    else:
        half, n = SIDES.get(name, 5), {"2spirals": 200, "pinwheel": 240}.get(name, 250)
        middles = ((np.arange(n) + 0.5) / n * 2 - 1) * half
        points = np.stack(np.meshgrid(middles, middles), -1).reshape(-1, 2)
        logs = iresnet.log_density(name, points).numpy()
        weights = (2 * half / n) ** 2
    density = np.exp(logs)
    return (weights * density).sum(), -(weights * density * np.maximum(logs, -1e5)).sum()


@pytest.mark.parametrize("name", CLASSIC)
def test_the_density_integrates_to_one_and_gives_the_entropy(name):
    mass, entropy = quadrature(name)
    assert mass == pytest.approx(1, abs=1e-5)
    assert entropy == pytest.approx(iresnet.entropy(name), abs=1e-4)


@pytest.mark.parametrize("name", CLASSIC)
def test_samples_follow_the_density(name):
    n = 10_000
    logs = iresnet.log_density(name, iresnet.make(name, n, 5))
    assert bool(torch.isfinite(logs).all())
    error = float(logs.std()) / math.sqrt(n)
    assert abs(-float(logs.mean()) - iresnet.entropy(name)) < 4 * error + 1e-6


@pytest.mark.parametrize("name", iresnet.names())
def test_counts_are_exact_and_seeds_repeat(name):
    points = iresnet.make(name, 511, 3)
    assert points.shape == (511, 2)
    assert points.dtype == torch.float32
    assert torch.equal(points, iresnet.make(name, 511, 3))
    assert not torch.equal(points, iresnet.make(name, 511, 4))


def test_no_global_generator_is_touched():
    np.random.seed(0)  # noqa: NPY002
    torch.manual_seed(0)
    before = np.random.get_state()[1].copy(), torch.get_rng_state()  # noqa: NPY002
    for name in iresnet.names():
        iresnet.make(name, 10, 0)
    assert np.array_equal(np.random.get_state()[1], before[0])  # noqa: NPY002
    assert torch.equal(torch.get_rng_state(), before[1])


def test_sets_on_a_curve_have_no_density():
    for name in ("line", "cos"):
        assert iresnet.entropy(name) is None
        assert iresnet.log_density(name, [[0.0, 0.0]]) is None
    line = iresnet.make("line", 50, 0)
    assert torch.equal(line[:, 0], line[:, 1])


@pytest.mark.parametrize("name", [n for n in iresnet.names() if n not in ("pinwheel", "cos")])
@pytest.mark.parametrize("noise", [0.15, 0.6])
def test_the_density_with_noise_is_the_mean_gaussian_about_points_without(name, noise):
    centres = iresnet.make(name, 100_000, 6).double()
    places = iresnet.make(name, 6, 7, noise).double()
    gaussians = torch.cdist(places, centres).div(noise).square().div(-2).exp()
    gaussians /= 2 * math.pi * noise**2
    error = gaussians.std(1) / math.sqrt(centres.shape[0])
    found = iresnet.log_density(name, places, noise).exp()
    assert bool(((found - gaussians.mean(1)).abs() < 4.5 * error).all())
    assert bool((error < 0.1 * found).all())  # so that it could have failed


def test_noise_is_added_to_the_same_points_and_may_hide_the_density():
    sharp, blurred = iresnet.make("moons", 4000, 1), iresnet.make("moons", 4000, 1, 0.3)
    assert (blurred - sharp).std().item() == pytest.approx(0.3, rel=0.05)
    assert [n for n in iresnet.names() if not iresnet.has_log_density(n, 0.1)] == [
        "pinwheel",
        "cos",
    ]
    assert iresnet.log_density("pinwheel", [[0.0, 1.0]], 0.1) is None
    for noise in (-0.1, math.inf, "much"):
        with pytest.raises(iresnet.IResNetError) as caught:
            iresnet.make("moons", 10, 0, noise)
        assert caught.value.parameter == "noise"


@pytest.mark.parametrize("name", [n for n in CLASSIC if n != "checkerboard"])
def test_far_away_the_log_density_stays_finite(name):
    assert -1e6 < float(iresnet.log_density(name, [[15.0, -9.0]])) < -100


def test_the_spirals_tail_meets_its_middle():
    # Across the switch from the error function to its asymptotic form the values go on smoothly.
    x = torch.linspace(8.0, 4.0, 4001, dtype=torch.float64)
    logs = iresnet.log_density("2spirals", torch.stack([x, torch.zeros_like(x)], 1))
    jumps = logs.diff().diff().abs()
    assert float(jumps.max()) < 0.01


@pytest.mark.parametrize("points", [torch.zeros(4, 3), torch.zeros(4), "points"])
def test_points_of_other_shapes_have_no_density(points):
    with pytest.raises(iresnet.IResNetError, match="rows of two numbers"):
        iresnet.log_density("moons", points)


@pytest.mark.parametrize(
    ("arguments", "field"),
    [(("spiral", 10, 0), "name"), (("moons", 0, 0), "n"), (("moons", 10, -1), "seed")],
)
def test_bad_arguments_are_named(arguments, field):
    with pytest.raises(iresnet.IResNetError) as caught:
        iresnet.make(*arguments)
    assert caught.value.parameter == field
