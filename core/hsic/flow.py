"""Points moving uphill or downhill on HSIC: dependence made, or dissolved, before one's eyes."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Unpack

import numpy as np

from zoetrope.core.hsic import arguments
from zoetrope.core.hsic.gradients import gradient
from zoetrope.core.hsic.pairing import PairOptions, pair
from zoetrope.core.hsic.results import Floats

MOVES = ("both", "x", "y")


@dataclass(frozen=True, slots=True, eq=False)
class FlowFrame:
    """The points x [n, p], y [n, q] after `step` steps, and their HSIC_b."""

    step: int
    x: Floats
    y: Floats
    hsic: float


def flow_steps(
    x: Any,
    y: Any,
    *,
    n_steps: int = 100,
    stride: float = 0.05,
    uphill: bool = True,
    moves: str = "both",
    **options: Unpack[PairOptions],
) -> Iterator[FlowFrame]:
    """Follow the gradient of HSIC_b, each side measured in its own spread; yields every step.

    The widths are fixed at the start. In a step the fastest point moves `stride` standard
    deviations of its side; a step that would take HSIC the wrong way is halved until it does not,
    and the flow ends where no step of 1e-6 standard deviations helps.
    """
    arguments.choice(moves, "moves", MOVES)
    arguments.whole(n_steps, "n_steps", 0)
    arguments.positive(stride, "stride")
    bx, by = pair(x, y, **options)
    places = [side.values.double().cpu().numpy() + side.origin for side in (bx, by)]
    settings: dict[str, Any] = {
        "width_x": bx.width,
        "width_y": by.width,
        "kernel_x": bx.kernel,
        "kernel_y": by.kernel,
        **bx.where,
    }
    spread = [float(np.sqrt(place.var(axis=0).mean())) or 1.0 for place in places]
    slope = gradient(*places, **settings)
    yield FlowFrame(0, places[0].copy(), places[1].copy(), slope.value)
    sign = 1.0 if uphill else -1.0
    for step in range(1, n_steps + 1):
        ways = [sign * g * s for g, s in zip((slope.x, slope.y), spread, strict=True)]
        for i, name in enumerate(("x", "y")):
            if moves not in ("both", name):
                ways[i][:] = 0
        fastest = max(float(np.linalg.norm(way, axis=1).max()) for way in ways)
        if fastest == 0 or not math.isfinite(fastest):
            return
        length = stride
        while True:
            moved = [
                place + length / fastest * s * way
                for place, s, way in zip(places, spread, ways, strict=True)
            ]
            after = gradient(*moved, **settings)
            if sign * (after.value - slope.value) > 0:
                break
            length /= 2
            if length < 1e-6:
                return
        places, slope = moved, after
        yield FlowFrame(step, places[0].copy(), places[1].copy(), slope.value)
