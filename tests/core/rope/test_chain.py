"""The moving chain, against the closed form, an independent integration and its invariants."""

import math

import numpy as np
import pytest
from scipy.integrate import simpson, solve_ivp

from zoetrope.core.rope import RopeError, solve
from zoetrope.core.rope.chain import Chain, ChainState, advance, in_space, turn
from zoetrope.core.rope.chain_measures import measure_chain, target_rope
from zoetrope.core.rope.chain_starts import start_chain
from zoetrope.core.rope.steady_solution import SteadySolution
from zoetrope.core.rope.tridiagonal import solve_tridiagonal

TURN = 2 * math.pi  # seconds of a turn at 1 rad/s


def unit_chain(length=1.5, segments=32, **more):
    return Chain(length, 1.0, omega=1.0, density=1.0, segments=segments, **more)


def with_step(chain, step):
    chain.__dict__["step"] = step  # the place of its cached property
    return chain


@pytest.mark.parametrize(("length", "at_32"), [(1.5, 7.7e-4), (3.0, 2.1e-3)])
def test_it_converges_to_the_troposkein_with_an_error_that_falls_as_one_over_n_squared(
    length, at_32
):
    error = {}
    for segments in (32, 64):
        state = advance(start_chain(unit_chain(length, segments), "v_shape"), 2 * TURN)
        early = measure_chain(state)
        assert early.distance_ratio < 0.01
        late = measure_chain(advance(state, 6 * TURN))
        error[segments] = late.distance_ratio
        assert late.length_error < 1e-12
        assert late.curl < 1e-7
    assert error[32] == pytest.approx(at_32, rel=0.02)
    assert error[32] / error[64] == pytest.approx(4, abs=0.5)


def test_the_steady_rope_has_the_largest_inertia_and_the_least_turning_energy():
    chain = unit_chain(segments=48)
    state = start_chain(chain, "zigzag")
    measures = [measure_chain(state)]
    for _ in range(5):
        state = advance(state, TURN)
        measures.append(measure_chain(state))
    assert measures[-1].inertia == pytest.approx(target_rope(chain).inertia, rel=1e-3)
    assert max(m.inertia for m in measures) <= measures[-1].inertia * (1 + 1e-9)
    energies = [m.turning_energy for m in measures[1:]]
    assert energies == sorted(energies, reverse=True)
    assert energies[-1] == pytest.approx(-target_rope(chain).inertia / 2, rel=2e-3)


def test_without_damping_energy_does_not_drift_and_angular_momentum_is_kept():
    state = start_chain(unit_chain(segments=48, damping=0.0), "v_shape")
    turning, kinetic, momentum = [], [], []
    for _ in range(120):
        state = advance(state, 0.5)
        measures = measure_chain(state)
        turning.append(measures.turning_energy)
        kinetic.append(measures.kinetic_energy)
        momentum.append(measures.angular_momentum)
    scale = np.mean(kinetic)
    assert np.ptp(momentum) < 1e-12 * abs(momentum[0])
    assert np.ptp(turning) < 2e-3 * scale
    assert abs(np.mean(turning[:30]) - np.mean(turning[-30:])) < 2e-3 * scale


def reference(chain, state, until):
    """The same chain by its tensions as functions of place and speed, in the frame at rest."""
    count, mass = chain.segments, chain.density * chain.segment
    down = np.array([0.0, -chain.gravity, 0.0])

    def rate(time, packed):
        joints, speeds = packed.reshape(2, 3, count + 1)
        spin = chain.speed_at(time)
        wind = speeds - spin * np.stack([0 * joints[0], -joints[2], joints[1]])
        free = down[:, None] - chain.rate * wind
        free[:, [0, -1]] = 0.0
        links, rates = np.diff(joints), np.diff(speeds)
        # d²/dt² of each squared length is 0: 2 links·(acceleration difference) + 2 |rates|² = 0
        matrix = np.zeros((count, count))
        for j in range(count):
            matrix[j, j] = -links[:, j] @ links[:, j] * ((j > 0) + (j < count - 1))
            if j > 0:
                matrix[j, j - 1] = links[:, j] @ links[:, j - 1]
            if j < count - 1:
                matrix[j, j + 1] = links[:, j] @ links[:, j + 1]
        right = -np.sum(links * np.diff(free), axis=0) - np.sum(rates * rates, axis=0)
        pull = np.linalg.solve(matrix / mass, right) * links
        free[:, 1:-1] += np.diff(pull) / mass
        return np.concatenate([speeds.ravel(), free.ravel()])

    after = advance(state, chain.step)
    before = turn(chain.angle_at(-chain.step)) @ state.previous
    speed = (in_space(after) - before) / (2 * chain.step)
    start = np.concatenate([state.position.ravel(), speed.ravel()])
    found = solve_ivp(rate, (0.0, until), start, method="DOP853", rtol=1e-10, atol=1e-12)
    return found.y[:, -1].reshape(2, 3, count + 1)[0]


def test_motion_agrees_with_an_independent_integration_in_the_frame_at_rest():
    """Spin-up, damping and gravity across the axis; the difference falls as the step squared."""
    errors = []
    for step in (0.02, 0.01):
        chain = unit_chain(
            segments=6, damping=0.3, gravity=0.2, gravity_direction="across", spin_up=1.5
        )
        state = start_chain(with_step(chain, step), "zigzag")
        expected = reference(chain, state, 3.0)
        errors.append(np.abs(in_space(advance(state, 3.0)) - expected).max())
    assert errors[1] < 2e-4
    assert errors[0] / errors[1] == pytest.approx(4, abs=0.8)


def test_undamped_motion_in_space_does_not_depend_on_the_frame_it_is_computed_in():
    quick = with_step(unit_chain(damping=0.0), 0.01)
    slow = with_step(Chain(1.5, 1.0, omega=0.3, density=1.0, segments=32, damping=0.0), 0.01)
    state = start_chain(quick, "v_shape")
    before = turn(-slow.angle_at(-0.01)) @ turn(quick.angle_at(-0.01)) @ state.previous
    other = ChainState(slow, 0, state.position, before, state.tension)
    ours, theirs = in_space(advance(state, 2.0)), in_space(advance(other, 2.0))
    assert np.abs(ours - theirs).max() < 1e-10


def test_undamped_motion_runs_backwards_to_where_it_began():
    chain = unit_chain(damping=0.0)
    mirror = np.diag([1.0, 1.0, -1.0])  # time turned round turns the frame the other way too
    start = start_chain(chain, "v_shape")
    there = advance(start, 100 * chain.step)
    back = ChainState(chain, 0, mirror @ there.previous, mirror @ there.position, there.tension)
    again = advance(back, 99 * chain.step)
    assert np.abs(mirror @ again.position - start.position).max() < 1e-9


def test_size_density_and_speed_scale_out():
    small = start_chain(unit_chain(), "v_shape")
    chain = Chain(15.0, 10.0, omega=7.0, density=0.05, segments=32)
    large = start_chain(chain, "v_shape")
    assert chain.step == pytest.approx(small.chain.step / 7)
    small, large = advance(small, 3.0), advance(large, 3.0 / 7)
    assert small.steps == large.steps
    assert np.abs(large.position / 10 - small.position).max() < 1e-11
    assert large.tension / (0.05 * 70**2) == pytest.approx(small.tension, rel=1e-8)


def test_mode_two_leaves_its_saddle_and_becomes_mode_one():
    state = start_chain(unit_chain(2.0, 32), "mode_2", noise=1e-4, seed=3)
    assert measure_chain(state).inertia == pytest.approx(0.1346, rel=5e-3)
    measures = measure_chain(advance(state, 14 * TURN))
    assert measures.inertia == pytest.approx(0.5386, rel=5e-3)
    assert measures.distance_ratio < 5e-3


@pytest.mark.parametrize("damping", [0.4, 3.0])
def test_damping_does_not_move_the_steady_shape(damping):
    state = advance(start_chain(unit_chain(damping=damping), "steady"), 12 * TURN)
    assert measure_chain(state).distance_ratio == pytest.approx(7.716e-4, rel=2e-3)


def test_gravity_along_the_axis_and_drag_give_the_shapes_of_the_boundary_value_problem():
    hanging = unit_chain(segments=64, gravity=0.1)
    state = advance(start_chain(hanging, "steady"), 4 * TURN)
    assert measure_chain(state).bulge == pytest.approx(0.508, abs=6e-4)
    middles = []
    for segments in (24, 48):
        in_air = unit_chain(segments=segments, radius0=0.1, radius1=0.1, drag_number=0.4)
        state = advance(start_chain(in_air, "steady"), 12 * TURN)
        _, y, z = state.position[:, segments // 2]
        middles.append((math.hypot(y, z), math.degrees(math.atan2(z, y))))
    radius, lag = (4 * np.array(middles[1]) - middles[0]) / 3  # without the error in 1/N²
    assert radius == pytest.approx(0.572773, abs=1e-5)
    assert lag == pytest.approx(-49.331, abs=2e-3)


@pytest.mark.parametrize(
    "world",
    [
        {"gravity": 0.1},
        {"drag_number": 0.4, "radius0": 0.1, "radius1": 0.1},
        {"gravity": 0.3, "drag_number": 0.2, "radius0": 0.1, "radius1": 0.2},
    ],
)
def test_in_gravity_and_air_it_settles_where_the_boundary_value_problem_says(world):
    ratios = []
    for segments in (24, 48):
        state = start_chain(unit_chain(segments=segments, **world), "steady")
        assert isinstance(target_rope(state.chain), SteadySolution)
        ratios.append(measure_chain(advance(state, 12 * TURN)).distance_ratio)
    assert ratios[0] < 5e-3
    assert ratios[0] / ratios[1] == pytest.approx(4, abs=0.3)


def test_a_rope_whose_rod_stops_comes_to_hang_in_a_catenary():
    chain = unit_chain(
        segments=48, gravity=1.0, gravity_direction="across", stop=1.0, spin_down=1.0
    )
    state = advance(start_chain(chain, "steady"), 40.0)
    assert chain.speed_at(state.time) == 0.0
    hanging = in_space(start_chain(chain, "hanging"))
    assert np.abs(in_space(state) - hanging).max() < 2e-3
    assert measure_chain(state).kinetic_energy < 1e-6


def test_the_rods_angle_is_the_integral_of_its_speed():
    chain = unit_chain(spin_up=2.0, stop=5.0, spin_down=1.0)
    times = np.linspace(0.0, 8.0, 4001)
    speeds = [chain.speed_at(t) for t in times]
    turned = simpson(speeds, x=times)
    assert chain.angle_at(8.0) == pytest.approx(turned, abs=1e-6)
    assert chain.speed_at(0.0) == chain.speed_at(7.0) == 0.0
    assert chain.speed_at(3.0) == 1.0


@pytest.mark.parametrize("segments", [8, 97, 256])
@pytest.mark.parametrize("shape", ["v_shape", "zigzag", "hanging"])
def test_every_start_has_equal_links_between_the_ends(segments, shape):
    chain = Chain(2.0, 1.0, segments=segments, radius0=0.2, radius1=-0.1)
    state = start_chain(chain, shape, noise=1e-4, seed=5)
    links = np.linalg.norm(np.diff(state.position), axis=0)
    assert np.abs(links / chain.segment - 1).max() < 1e-11
    assert state.position[:, 0].tolist() == [0.0, 0.2, 0.0]
    assert state.position[:, -1].tolist() == [1.0, -0.1, 0.0]
    assert np.array_equal(state.position, start_chain(chain, shape, noise=1e-4, seed=5).position)


def test_any_drawn_shape_can_be_let_go():
    drawn = np.array([[0.0, 0.3, 0.8, 1.0], [0.0, 0.5, -0.2, 0.0]])
    state = advance(start_chain(unit_chain(), drawn), 6 * TURN)
    assert measure_chain(state).distance_ratio < 2e-3


@pytest.mark.parametrize(
    ("length", "segments", "gravity"), [(1.5, 96, 0.0), (3.0, 256, 0.0), (1.5, 48, 9.8)]
)
def test_no_step_tears_a_chain_that_cracks_like_a_whip(length, segments, gravity):
    chain = unit_chain(length, segments, damping=0.05, gravity=gravity)
    state = advance(start_chain(chain, "zigzag"), 3.0)
    measures = measure_chain(state)
    assert measures.length_error < 1e-11
    assert measures.bulge < length / 2


@pytest.mark.parametrize(
    ("change", "code", "parameter"),
    [
        ({"segments": 3}, "bad_value", "segments"),
        ({"segments": 5000}, "bad_value", "segments"),
        ({"damping": -1.0}, "bad_value", "damping"),
        ({"gravity": math.nan}, "bad_value", "gravity"),
        ({"gravity_direction": "up"}, "bad_value", "gravity_direction"),
        ({"spin_up": -1.0}, "bad_value", "spin_up"),
        ({"omega": 0.0}, "undetermined", "omega"),
        ({"length": 1.0}, "taut", "length"),
        ({"length": 0.9}, "too_short", "length"),
    ],
)
def test_a_chain_that_cannot_be_is_refused(change, code, parameter):
    with pytest.raises(RopeError) as caught:
        Chain(**({"length": 1.5, "span": 1.0} | change))
    assert (caught.value.code, caught.value.parameter) == (code, parameter)


@pytest.mark.parametrize(
    "shape", ["bow", np.zeros((4, 5)), np.zeros((2, 5)), np.full((2, 5), np.nan)]
)
def test_a_start_that_cannot_be_is_refused(shape):
    with pytest.raises(RopeError, match="shape"):
        start_chain(unit_chain(), shape)


def test_tridiagonal_equations_are_solved():
    rng = np.random.default_rng(2)
    below, above, middle = rng.normal(size=40), rng.normal(size=40), 4 + rng.random(41)
    right = rng.normal(size=41)
    matrix = np.diag(middle) + np.diag(below, -1) + np.diag(above, 1)
    expected = np.linalg.solve(matrix, right)
    assert solve_tridiagonal(below, middle, above, right) == pytest.approx(expected, rel=1e-12)


def test_the_steady_shape_of_the_chain_does_not_depend_on_the_step():
    shapes = []
    for step in (0.02, 0.005):
        chain = with_step(unit_chain(segments=16), step)
        state = advance(start_chain(chain, "steady"), 8 * TURN)
        shapes.append(state.position)
    assert np.abs(shapes[0] - shapes[1]).max() < 1e-7
    assert solve(1.5, 1.0, n_points=17, sampling="arc").y[8] == pytest.approx(
        shapes[0][1, 8], rel=5e-3
    )
