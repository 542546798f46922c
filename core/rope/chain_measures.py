"""What can be read off a moving chain: how far it is from the rope's curve, and its energies."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from zoetrope.core.rope.chain import Chain, ChainState, turn
from zoetrope.core.rope.elliptic import FloatArray
from zoetrope.core.rope.errors import RopeError
from zoetrope.core.rope.solution import RopeSolution
from zoetrope.core.rope.steady import solve_steps
from zoetrope.core.stepping import Steps, finish


@dataclass(frozen=True, slots=True)
class ChainMeasures:
    """A chain at one moment, in SI units.

    `distance` is the greatest distance of a joint from its place on the rope of `target_rope`, with
    ends on the axis turned about it to where the chain is; `distance_ratio` is that over the rope's
    sag, or its greatest distance from the axis where it bulges across. `turned_deg` is the angle of
    that turn. `bulge` is the greatest distance from the axis, `curl` the greatest from the plane of
    that turn, `inertia` that about the axis. Energies and the angular momentum about the axis are
    half a step old: `kinetic_energy` and `angular_momentum` in the frame at rest,
    `potential_energy` of gravity, 0 at end 0 or on the axis, and `turning_energy` E - Ωℓ, which is
    least for the steady rope and constant without damping, drag or change of speed. `length_error`
    is the greatest of a link, relative.
    """

    time: float
    distance: float
    distance_ratio: float
    turned_deg: float
    bulge: float
    curl: float
    inertia: float
    kinetic_energy: float
    potential_energy: float
    turning_energy: float
    angular_momentum: float
    length_error: float


def measure_chain(state: ChainState) -> ChainMeasures:
    """Everything that `ChainMeasures` tells about `state`."""
    chain, position = state.chain, state.position
    mass = chain.density * chain.segment
    rope = target_rope(chain)
    _, y, z = position
    # the turn with the least squares left
    lag = math.atan2(float(rope.y @ z - rope.z @ y), float(rope.y @ y + rope.z @ z))
    on_axis = chain.radius0 == 0 and chain.radius1 == 0
    target = np.stack([rope.x, rope.y, rope.z])
    away = position - (turn(lag) @ target if on_axis else target)
    distance = math.sqrt(float(np.max(np.sum(away * away, axis=0))))
    radius = np.sqrt(y * y + z * z)
    links = np.sqrt(np.sum(np.diff(position) ** 2, axis=0))

    step, time = chain.step, state.time
    behind = chain.angle_at(time - step) - chain.angle_at(time)
    before = turn(behind) @ state.previous
    velocity = (position - before) / step
    kinetic = mass * float(np.sum(velocity * velocity)) / 2
    momentum = mass * float(np.sum(before[1] * velocity[2] - before[2] * velocity[1]))
    potential = (
        _potential(state.position, chain, time) + _potential(state.previous, chain, time - step)
    ) / 2
    speed = (chain.angle_at(time) - chain.angle_at(time - step)) / step
    return ChainMeasures(
        time=time,
        distance=distance,
        distance_ratio=distance / rope.radius_max,
        turned_deg=math.degrees(lag),
        bulge=float(radius.max()),
        curl=float(np.abs(math.cos(lag) * z - math.sin(lag) * y).max()),
        inertia=chain_inertia(position, mass),
        kinetic_energy=kinetic,
        potential_energy=potential,
        turning_energy=kinetic + potential - speed * momentum,
        angular_momentum=momentum,
        length_error=float(np.abs(links / chain.segment - 1).max()),
    )


def chain_inertia(position: FloatArray, mass: float) -> float:
    """Σ m r² of joints [3, n + 1] of `mass`, half a mass at each end, in kg m²."""
    squares = position[1] ** 2 + position[2] ** 2
    return mass * float(squares[1:-1].sum() + (squares[0] + squares[-1]) / 2)


def target_rope(chain: Chain) -> RopeSolution:
    """The steady rope that the chain is compared with, sampled where the joints should be.

    In the chain's gravity along the axis and air, where a rope turns steadily in them; else without
    them, and always without gravity across the axis, in which nothing is steady.
    """
    return finish(target_steps(chain))


def target_steps(chain: Chain) -> Steps[RopeSolution]:
    """`target_rope` in steps of a few milliseconds: yields the share done."""
    known = _known(chain)
    if not known:
        known.append((yield from _target(chain)))
    return known[0]


@lru_cache(maxsize=8)
def _known(chain: Chain) -> list[RopeSolution]:
    """Where the one rope of a chain is kept once it is solved."""
    return []


def _target(chain: Chain) -> Steps[RopeSolution]:
    along = chain.gravity if chain.gravity_direction == "along" else 0.0
    if along > 0 or chain.drag_number > 0:
        try:
            return (yield from _steady(chain, along, chain.drag_number))
        except RopeError:  # collapsed or stalled
            pass
    return (yield from _steady(chain, 0.0, 0.0))


def _steady(chain: Chain, gravity: float, drag_number: float) -> Steps[RopeSolution]:
    return solve_steps(
        chain.length,
        chain.span,
        omega=chain.omega,
        density=chain.density,
        radius0=chain.radius0,
        radius1=chain.radius1,
        gravity=gravity,
        drag_number=drag_number,
        n_points=chain.segments + 1,
        sampling="arc",
    )


def _potential(position: FloatArray, chain: Chain, time: float) -> float:
    """Gravity's energy of the joints at `time`."""
    if chain.gravity == 0:
        return 0.0
    mass = chain.density * chain.segment
    if chain.gravity_direction == "along":
        height = position[0]
    else:
        height = (turn(chain.angle_at(time)) @ position)[1]
    return mass * chain.gravity * float(height[1:-1].sum() + (height[0] + height[-1]) / 2)
