"""The skipping page: gravity across the axis, where nothing is steady, by two labelled models."""

import math
from collections.abc import Generator

from zoetrope.core.device import Context
from zoetrope.core.items import Array
from zoetrope.core.lab import Action, Frame, Notice, Readout
from zoetrope.core.rope.errors import RopeError
from zoetrope.core.rope.lab_parameters import RopeParameters
from zoetrope.core.rope.plain_rope import sizes
from zoetrope.core.rope.plain_script import plain_script
from zoetrope.core.rope.skipping_data import BOTTOM, TOP, Skipping, skipping_of, solved_ahead
from zoetrope.core.rope.skipping_view import RPM, clearances, skipping_figure
from zoetrope.core.rope.world_rope import waited

MODEL = (
    "Two models, neither the real motion. Shape: a snapshot with gravity frozen in the turning "
    "frame. Turning: the rotor-pendulum, rigid under its weight. Left out: air, stretch, the "
    "ground, hands that give. Motion runs it freely."
)


def begin(parameters: RopeParameters, context: Context) -> Generator[Frame, RopeParameters, None]:
    """Solve what holds for the whole turn, then freeze the rope where the playhead is."""
    if parameters.gravity == 0:
        raise RopeError(
            "bad_value", "Without gravity it turns evenly: set a gravity above 0.", "gravity"
        )
    skipping = skipping_of(parameters)
    _, parameters = yield from waited(solved_ahead(skipping), parameters)
    while True:
        parameters = yield Frame(
            figure=skipping_figure(skipping, parameters),
            readouts=_readouts(skipping, parameters),
            notices=_notices(skipping, parameters),
            linked=sizes(skipping.plain, parameters.given),
            actions=_actions(skipping),
            tables=_tables(skipping, parameters),
        )


def _needed(skipping: Skipping) -> float:
    """Turns a minute that go over the top with something to spare."""
    return float(f"{1.2 * skipping.least * RPM:.3g}")


def _actions(skipping: Skipping) -> tuple[Action, ...]:
    if not skipping.too_slow:
        return ()
    speed = _needed(skipping)
    return (
        Action("faster", f"Turn at {speed:.4g} rpm", "Fast enough to go over the top.",
               change={"speed": speed}),
    )  # fmt: skip


def _notices(skipping: Skipping, parameters: RopeParameters) -> tuple[Notice, ...]:
    notices = [Notice(MODEL)]
    if skipping.too_slow:
        notices.append(
            Notice(
                f"Too slow to skip: at the bottom it must turn faster than "
                f"{skipping.least * RPM:.4g} rpm, or it does not go over the top.",
                "warning",
                "speed",
            )
        )
    elif skipping.at(TOP) is None:
        notices.append(
            Notice("At the top gravity is too strong for a snapshot.", "warning", "gravity")
        )
    under, over = clearances(skipping, parameters)
    if under < 0:
        notices.append(
            Notice(f"The rope would sweep {-under:.3g} m below the ground, which is left out.",
                   "warning", "hand_height")
        )  # fmt: skip
    if over < 0:
        notices.append(
            Notice(f"The rope hits the head: it passes {-over:.3g} m too low.", "warning",
                   "hand_height")
        )  # fmt: skip
    if parameters.mode > 1:
        notices.append(Notice("Shown in one lobe.", "warning", "mode"))
    return tuple(notices)


def _readouts(skipping: Skipping, parameters: RopeParameters) -> tuple[Readout, ...]:
    under, over = clearances(skipping, parameters)
    plain, rotor = skipping.plain, skipping.rotor
    d = plain.span
    turn = skipping.turn(parameters.phase)
    shown = [
        Readout("turn", "Past the bottom", turn, "°", r"\psi"),
        Readout("least_speed", "Least speed at the bottom", skipping.least * RPM, "rpm",
                help="2√(ρgS₁/I) of the rigid rotor: slower, it does not go over the top."),
    ]  # fmt: skip
    if not math.isnan(under):
        shown.append(
            Readout("under", "Under the feet", under, "m", help="Between ground and rope at the "
                    "bottom of the turn; what is jumped over is the rope's own thickness.")
        )  # fmt: skip
    if not math.isnan(over):
        shown.append(Readout("over", "Over the head", over, "m",
                             help="Between crown and rope at the top of the turn."))  # fmt: skip
    if rotor is not None:
        shown += [
            Readout("omega_bottom", "Speed at the bottom", rotor.omega_bottom * RPM, "rpm"),
            Readout("omega_top", "Speed at the top", rotor.omega_top * RPM, "rpm"),
            Readout("imbalance", "Imbalance", rotor.imbalance, symbol="e",
                    help="ρgS₁/(ω²I): to first order ψ = ωt + e sin ωt."),
            Readout("mean_height", "Mean height of the middle", rotor.mean_height, "m",
                    ratio=rotor.mean_height / d, ratio_unit="d",
                    help=f"Above the axis: it lingers at the top. To first order ½he, "
                    f"{rotor.mean_height_first_order:.4g} m."),
            Readout("period", "Time of a turn", rotor.period, "s"),
        ]  # fmt: skip
    now = skipping.at(turn)
    if now is not None:
        spread = now.diagnostics.invariant_spread
        shown += [
            Readout("snapshot_sag", "Sag now", now.sag, "m", "h", now.sag / d, "d"),
            Readout("invariant_spread", "Self-check: tension", spread, good=spread <= 1e-7,
                    help="How much T + ½ρω²y² + the frozen weight varies along the snapshot."),
        ]  # fmt: skip
    return tuple(shown)


def _tables(skipping: Skipping, parameters: RopeParameters) -> dict[str, Array]:
    tables: dict[str, Array] = {}
    for name, turn in (("bottom", BOTTOM), ("top", TOP)):
        rope = skipping.at(turn)
        if rope is not None:
            tables |= {f"{name} x (m)": rope.x, f"{name} y (m)": rope.y,
                       f"{name} tension (N)": rope.tension}  # fmt: skip
    if skipping.rotor is not None:
        rotor = skipping.rotor
        tables |= {"time (s)": rotor.time, "turn (deg)": rotor.turn_deg,
                   "speed (rad/s)": rotor.omega}  # fmt: skip
    return tables


def script(parameters: RopeParameters) -> str:
    """Return a script that computes the speeds, and the rope at the bottom."""
    one = parameters.change(mode=1)
    return (
        plain_script(one)
        + f"""
from zoetrope.core.rope import RopeError, least_skipping_speed, rotor_pendulum, snapshot

gravity = {parameters.gravity!r}  # m/s²
hands = {{"radius0": rope.radius0, "radius1": rope.radius1}}
least = least_skipping_speed(rope.length, rope.span, gravity=gravity, **hands)
print("least speed", least * 30 / pi)
try:
    rotor = rotor_pendulum(rope.length, rope.span, gravity=gravity, omega=rope.omega, **hands)
    print("speed at the bottom", rotor.omega_bottom * 30 / pi)
    print("speed at the top", rotor.omega_top * 30 / pi)
    bottom = snapshot(
        rope.length, rope.span, turn=0.0, gravity=gravity, omega=rope.omega,
        density=rope.density, **hands,
    )
    print("sag at the bottom", bottom.sag)
except RopeError as error:
    print(error)
"""
    )
