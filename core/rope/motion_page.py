"""The motion page: a chain let go, its run computed in slices and played at the playhead's time."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator

from zoetrope.core.device import Context
from zoetrope.core.items import Array
from zoetrope.core.lab import Frame, Notice, Readout, follow
from zoetrope.core.rope.chain import Chain, in_space
from zoetrope.core.rope.chain_measures import target_rope, target_steps
from zoetrope.core.rope.chain_run import PER_TURN, ChainRun, run_chain
from zoetrope.core.rope.chain_starts import start_chain
from zoetrope.core.rope.lab_parameters import RopeParameters
from zoetrope.core.rope.motion_parameters import TURNS
from zoetrope.core.rope.motion_view import motion_figure
from zoetrope.core.rope.page_scripts import motion_script
from zoetrope.core.rope.plain_rope import plain_rope, sizes
from zoetrope.core.rope.plain_script import plain_script
from zoetrope.core.rope.solution import RopeSolution
from zoetrope.core.rope.steady_solution import SteadySolution
from zoetrope.core.rope.world_rope import waited

MOST_STEPS = 150_000
KEPT = 1e-9  # what a link's length may be off by, relative


def begin(parameters: RopeParameters, context: Context) -> Generator[Frame, RopeParameters, None]:
    """Let a chain of the rope's length go, then look at its run at the playhead's time."""
    rope = plain_rope(parameters)
    chain, followed = chain_of(rope, parameters), sizes(rope, parameters.given)
    _, parameters = yield from waited(target_steps(chain), parameters)
    yield from follow(parameters, _Motion(chain, followed, parameters).frame)


def script(parameters: RopeParameters) -> str:
    """Return a script that lets the same chain go until the playhead's time."""
    return plain_script(parameters) + motion_script(parameters)


class _Motion:
    """A run that goes on a slice with each frame until it is whole, and is then looked at."""

    def __init__(
        self, chain: Chain, followed: dict[str, float], parameters: RopeParameters
    ) -> None:
        self._followed = followed
        per_turn = 2 * math.pi / (chain.omega * chain.step)
        self.turns = min(TURNS, MOST_STEPS / per_turn)
        start = start_chain(
            chain, parameters.start, noise=parameters.jolt, seed=parameters.jolt_seed
        )
        self._slices: Iterator[ChainRun] = run_chain(start, self.turns)
        self._run = next(self._slices)
        self._whole = False

    def frame(self, parameters: RopeParameters) -> Frame:
        """Return the frame at the playhead's time, after a slice more of the run if any is left."""
        run = self._run
        if not self._whole:
            self._whole = next(self._slices, None) is None
        share = (len(run.states) - 1) / max(1.0, self.turns * PER_TURN)
        return Frame(
            figure=motion_figure(run, parameters),
            readouts=motion_readouts(run, parameters),
            notices=self._notices(run),
            linked=self._followed,
            tables=motion_tables(run, parameters),
            progress=None if self._whole else min(share, 1.0),
            final=self._whole,
        )

    def _notices(self, run: ChainRun) -> tuple[Notice, ...]:
        chain = run.states[0].chain
        notices = [
            Notice(
                f"A chain of {chain.segments} rigid links in steps of {1000 * chain.step:.3g} ms: "
                f"no bending stiffness, no stretch. {_compared_with(chain)}"
            )
        ]
        if self.turns < TURNS:
            notices.append(
                Notice(
                    f"The links move so much faster than the rod turns that the run ends after "
                    f"{self.turns:.2g} turns.",
                    "warning",
                    "speed",
                )
            )
        return tuple(notices)


def _compared_with(chain: Chain) -> str:
    """Which curve the chain is compared with."""
    across = chain.gravity > 0 and chain.gravity_direction == "across"
    solved = isinstance(target_rope(chain), SteadySolution)
    if across:
        also = " in the same air" if solved else ""
        return (
            "Gravity across the axis turns against the rope, so that nothing is steady: the steady "
            f"curve is the one{also} without it."
        )
    if solved:
        return "The steady curve is solved apart from it, in the same gravity and air."
    if chain.gravity > 0 or chain.drag_number > 0:
        return (
            "No rope turns steadily in this gravity and air: the steady curve is the one without."
        )
    return "The steady curve is the closed form, in one lobe."


def chain_of(rope: RopeSolution, parameters: RopeParameters) -> Chain:
    """Return the chain of the length, ends and speed of `rope`, in the world set."""
    turn = 2 * math.pi / rope.omega
    return Chain(
        rope.length,
        rope.span,
        omega=rope.omega,
        density=rope.density,
        segments=parameters.segments,
        radius0=rope.radius0,
        radius1=rope.radius1,
        damping=parameters.damping * rope.omega,
        gravity=parameters.gravity if parameters.axis != "none" else 0.0,
        gravity_direction="across" if parameters.axis == "across" else "along",
        drag_number=parameters.drag_number,
        spin_up=parameters.spin_up * turn,
        stop=parameters.stop_after * turn if parameters.stop_after < TURNS else math.inf,
        spin_down=turn,
    )


def motion_readouts(run: ChainRun, parameters: RopeParameters) -> tuple[Readout, ...]:
    """Return the chain's numbers at the playhead's time."""
    now = run.at(parameters.turns)
    chain, measures = run.states[0].chain, run.measures[now]
    rope = target_rope(chain)
    d, energy = chain.span, chain.density * chain.omega**2 * chain.span**3
    momentum = energy / chain.omega
    return (
        Readout("motion_time", "Time", measures.time, "s", "t", now / PER_TURN, "turns",
                help="Since the chain was let go."),
        Readout("motion_distance", "Distance from the curve", measures.distance, "m",
                ratio=measures.distance_ratio, ratio_unit="h",
                help="The greatest of any joint from its place on the steady curve, the curve "
                "turned about the axis to where the chain is."),
        Readout("motion_bulge", "Farthest from the axis", measures.bulge, "m", "r",
                measures.bulge / d, "d", f"The steady rope's sag is {rope.sag:.6g} m."),
        Readout("motion_curl", "Out of its plane", measures.curl, "m", ratio=measures.curl / d,
                ratio_unit="d", help="The greatest distance from the plane of that turn."),
        Readout("motion_inertia", "Moment of inertia", measures.inertia, "kg·m²", "I",
                measures.inertia / rope.inertia, "of the steady rope's"),
        Readout("motion_kinetic", "Kinetic energy", measures.kinetic_energy, "J", "E",
                measures.kinetic_energy / energy, "ρω²d³", "Seen from outside."),
        Readout("motion_turning", "Turning-frame energy", measures.turning_energy, "J",
                r"E - \omega\ell", measures.turning_energy / energy, "ρω²d³",
                "Damping can only lower it, and the steady curve is where it is least. Without "
                "damping it stays the same."),
        Readout("motion_momentum", "Angular momentum", measures.angular_momentum, "kg·m²/s",
                r"\ell", measures.angular_momentum / momentum, "ρωd³", "About the axis."),
        Readout("motion_length", "Self-check: length", measures.length_error,
                good=measures.length_error <= KEPT,
                help="How far the worst link is from its length, relative to it: 0 if exact."),
    )  # fmt: skip


def motion_tables(run: ChainRun, parameters: RopeParameters) -> dict[str, Array]:
    """Return the run's columns, and the joints at the playhead's time as seen from outside."""
    x, y, z = in_space(run.states[run.at(parameters.turns)])
    return {
        "time (s)": run.column("time"),
        "distance (m)": run.column("distance"),
        "inertia (kg m²)": run.column("inertia"),
        "kinetic energy (J)": run.column("kinetic_energy"),
        "turning energy (J)": run.column("turning_energy"),
        "angular momentum (kg m²/s)": run.column("angular_momentum"),
        "length error": run.column("length_error"),
        "joint x (m)": x,
        "joint y (m)": y,
        "joint z (m)": z,
    }
