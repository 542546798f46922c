"""The motion page's picture: the chain beside the steady curve, in space, and how it gets there."""

from __future__ import annotations

import math

import numpy as np

from zoetrope.core.edits import Edit, Orbit
from zoetrope.core.figure import Axis, Cell, Figure, Panel
from zoetrope.core.items import Array, Curve, Item, Label, Rule, Scatter
from zoetrope.core.rope.chain import Chain, in_space, turn
from zoetrope.core.rope.chain_measures import target_rope
from zoetrope.core.rope.chain_run import PER_TURN, ChainRun
from zoetrope.core.rope.lab_parameters import RopeParameters
from zoetrope.core.rope.motion_parameters import TURNS
from zoetrope.core.rope.solution import RopeSolution
from zoetrope.core.scene3d import DEPTH_LEVELS, Camera, depth_cued

GHOSTS = 9  # earlier chains in the turning frame, an eighth of a turn apart
GHOST_STEP = PER_TURN // 8
TRAIL = 9  # earlier chains in space, a thirtieth of a turn apart
TRAIL_STEP = PER_TURN // 30
CLOSE = 0.01
ROUND = np.linspace(0.0, 2 * math.pi, 61)


def motion_figure(run: ChainRun, parameters: RopeParameters) -> Figure:
    """Return the picture at the playhead's time, or the newest there is."""
    now = run.at(parameters.turns)
    return Figure(
        panels=(
            _profile(run, now, Cell(0, 0)),
            _scene(run, now, parameters, Cell(0, 1)),
            _distance(run, now, Cell(1, 0)),
            _shares(run, now, Cell(1, 1)),
        ),
        widths=(1.15, 1.0),
        heights=(1.35, 1.0),
    )


def _flat(run: ChainRun, index: int) -> tuple[Array, Array]:
    """The chain in the plane it is closest to."""
    x, y, _ = turn(-run.plane[index]) @ run.states[index].position
    return x, y


def _in_plane(rope: RopeSolution) -> Array:
    """The steady rope in the plane of its centre."""
    angle = math.atan2(float(rope.z.sum()), float(rope.y.sum()))
    return math.cos(angle) * rope.y + math.sin(angle) * rope.z


def _profile(run: ChainRun, now: int, cell: Cell) -> Panel:
    chain = run.states[0].chain
    rope = target_rope(chain)
    items: list[Item] = [
        Curve(key="axis", x=[0.0, chain.span], y=[0.0, 0.0], role="guide", dash="dash", width=1.0,
              layer=-2),
        Curve(key="steady", label="steady curve", x=rope.x, y=_in_plane(rope), role="data2",
              width=4.0, opacity=0.55, label_at=0.72),
    ]  # fmt: skip
    x, y = _flat(run, 0)
    items.append(
        Curve(key="start", label="start", x=x, y=y, role="guide", width=1.2, dash="dot",
              label_at=0.27, layer=-1)
    )  # fmt: skip
    for ghost in range(GHOSTS, 0, -1):
        x, y = _flat(run, max(now - ghost * GHOST_STEP, 0))
        items.append(
            Curve(key=f"ghost{ghost}", x=x, y=y, role="data1", width=1.0, layer=-1,
                  opacity=0.08 + 0.3 * (1 - ghost / GHOSTS))
        )  # fmt: skip
    x, y = _flat(run, now)
    items.append(Curve(key="chain", x=x, y=y, role="data1", width=2.2, layer=1))
    drawn = np.concatenate([_in_plane(rope), y, _flat(run, 0)[1], [0.0]])
    low, high, room = float(drawn.min()), float(drawn.max()), 0.1 * float(np.ptp(drawn))
    measures = run.measures[now]
    return Panel(
        name="frame",
        title=_headline(run, now),
        cell=cell,
        items=tuple(items),
        x=Axis("Along the axis", "m"),
        y=Axis("In the chain's plane", "m", range=(low - room, high + room)),
        equal=True,
        summary=f"The chain of {chain.segments} links after {now / PER_TURN:.3g} turns, "
        f"{100 * measures.distance_ratio:.3g} % of the sag from the steady curve.",
    )  # fmt: skip


def _headline(run: ChainRun, now: int) -> str:
    ratio = 100 * run.measures[now].distance_ratio
    return f"After {now / PER_TURN:.2f} turns: {ratio:.3g} % of the sag off"


def _scene(run: ChainRun, now: int, parameters: RopeParameters, cell: Cell) -> Panel:
    """The chain in space, where the rod turns."""
    chain = run.states[0].chain
    farthest = target_rope(chain).radius_max
    reach = math.hypot(chain.span / 2, farthest)
    camera = Camera(
        parameters.azimuth, parameters.elevation, 4 * reach if parameters.perspective else math.inf
    )
    half = 0.58 * chain.span
    axis = np.array([[-half, 0.0, 0.0], [half, 0.0, 0.0]])
    ring = farthest * np.stack([0 * ROUND, np.cos(ROUND), np.sin(ROUND)], axis=-1)
    items: list[Item] = [
        *depth_cued("ring", ring, camera, radius=reach, role="guide", width=0.8, faintest=0.15,
                    opacity=0.7),
        *depth_cued("axis", axis, camera, radius=reach, role="text", width=1.2, faintest=0.8,
                    layer=DEPTH_LEVELS, levels=1),
    ]  # fmt: skip
    for ghost in range(TRAIL, 0, -1):
        share = ghost / TRAIL
        index = max(now - ghost * TRAIL_STEP, 0)
        items += depth_cued(
            f"ghost{ghost}", _seen(run, index), camera, radius=reach, role="data1", width=1.4,
            opacity=0.5 * (1 - share) ** 1.2 + 0.03, layer=DEPTH_LEVELS + 1, levels=1,
        )  # fmt: skip
    items += depth_cued(
        "chain", _seen(run, now), camera, radius=reach, role="data1", width=2.6, faintest=1.0,
        layer=2 * DEPTH_LEVELS,
    )  # fmt: skip
    window = 1.02 * reach
    speed = chain.speed_at(run.states[now].time) * 30 / math.pi
    items.append(
        Label(key="speed", label=f"the rod turns at {speed:.4g} rpm", x=0.0, y=-1.2 * window,
              role="guide", anchor="bottom")
    )  # fmt: skip
    return Panel(
        name="space",
        title="Seen from outside",
        cell=cell,
        items=tuple(items),
        x=Axis(visible=False, range=(-window, window)),
        y=Axis(visible=False, range=(-1.22 * window, window)),
        equal=True,
        grid=False,
        orbit=Orbit(Edit("azimuth"), Edit("elevation")),
        summary="The turning chain in space with where it was in the last third of a turn, "
        "and the circle that the steady rope's farthest point runs round.",
    )


def _seen(run: ChainRun, index: int) -> Array:
    """The joints [N + 1, 3] about the middle of the axis, up where the rope's y is at angle 0."""
    x, y, z = in_space(run.states[index])
    return np.stack([x - run.states[index].chain.span / 2, z, y], axis=-1)


def _distance(run: ChainRun, now: int, cell: Cell) -> Panel:
    chain = run.states[0].chain
    percent = 100 * run.column("distance_ratio")
    settled = run.settled(CLOSE)
    if settled is None:
        title = f"At last {percent[-1]:.2g} % of the sag away"
    elif settled == 0:
        title = "Within 1 % of the sag from the start"
    else:
        title = f"Within 1 % of the sag after {settled:.2g} turns"
    floor = 100 / chain.segments**2
    return Panel(
        name="distance",
        title=title,
        cell=cell,
        items=(
            Rule(key="close", label="1 %", axis="y", value=100 * CLOSE),
            Curve(key="distance", x=run.turns(), y=np.maximum(percent, 1e-12), role="data1",
                  width=1.6),
            *_mark(run, now, float(percent[now])),
        ),
        x=_time_axis(),
        y=Axis("Distance", "% of the sag", log=True,
               range=(10 ** math.floor(math.log10(floor * 0.7)), 300.0)),
        pick_x=Edit("turns"),
        crosshair="turns",
        summary=f"The greatest distance of a joint from its place on the steady curve falls to "
        f"{percent[-1]:.3g} % of the sag.",
    )  # fmt: skip


def _shares(run: ChainRun, now: int, cell: Cell) -> Panel:
    chain = run.states[0].chain
    rope = target_rope(chain)
    inertia = run.column("inertia") / rope.inertia
    energy = run.column("kinetic_energy") / rope.kinetic_energy
    top = max(1.2, 1.05 * float(energy.max()), 1.05 * float(inertia.max()))
    return Panel(
        name="shares",
        title=_shares_title(chain),
        cell=cell,
        items=(
            Rule(key="one", label="steady", axis="y", value=1.0),
            Curve(key="energy", label="kinetic energy", x=run.turns(), y=energy, role="data4",
                  width=1.4, label_at=0.35),
            Curve(key="inertia", label="inertia", x=run.turns(), y=inertia, role="data3",
                  width=2.0, label_at=0.75),
            *_mark(run, now, float(inertia[now])),
        ),
        x=_time_axis(),
        y=Axis("Share of steady", range=(0.0, top)),
        pick_x=Edit("turns"),
        crosshair="turns",
        summary=f"The moment of inertia reaches {inertia[-1]:.4g} of the steady rope's, the "
        f"kinetic energy {energy[-1]:.4g}.",
    )  # fmt: skip


def _shares_title(chain: Chain) -> str:
    if chain.radius0 or chain.radius1 or chain.drag_number:
        return "Inertia and energy"
    return "The steady curve has the most inertia"


def _mark(run: ChainRun, now: int, value: float) -> tuple[Item, ...]:
    """Where the playhead is."""
    place = now / PER_TURN
    return (
        Rule(key="now", axis="x", value=place, role="text", dash="dot"),
        Scatter(key="place", x=[place], y=[value], role="text", size=6.0, layer=2),
    )


def _time_axis() -> Axis:
    return Axis("Time", "turns at full speed", range=(0.0, TURNS))
