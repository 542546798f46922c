"""The rope's numbers as text for other programs: copied, not written to a file."""

from functools import partial

import numpy as np

from zoetrope.core.lab import Action
from zoetrope.core.rope.blade import BladeCoordinates, blade_csv, polyline_dxf
from zoetrope.core.rope.outline import distance_from_axis
from zoetrope.core.rope.solution import RopeSolution

STATIONS = 65  # every eighth sample of the usual 513
MOST_ROWS = 12  # of a printed table


def table_actions(rope: RopeSolution) -> tuple[Action, ...]:
    """Offer the rope as a blade's stations, and as a table for print."""
    return (
        Action("blade_csv", "Copy as blade",
               "Copies a station a line: z (m) along the axis, r (m), slope (°) and s (m), as "
               "codes for vertical-axis turbines read a blade.",
               copy=partial(_blade, rope)),
        Action("latex", "Copy as LaTeX",
               "Copies a table of the rope's curve and tension for a paper.",
               copy=partial(latex_table, rope)),
    )  # fmt: skip


def drawing_action(rope: RopeSolution) -> Action:
    """Offer the rope as a drawing."""
    return Action(
        "dxf", "Copy as DXF",
        "Copies the rope as a drawing of one polyline in space, in metres: save it as a file whose "
        "name ends in .dxf.",
        copy=partial(_drawing, rope),
    )  # fmt: skip


def _blade(rope: RopeSolution) -> str:
    return blade_csv(stations(rope), "Spinning rope")


def _drawing(rope: RopeSolution) -> str:
    step = _step(rope)
    return polyline_dxf(rope.x[::step], rope.y[::step], rope.z[::step])


def _step(rope: RopeSolution) -> int:
    """From one station to the next, in samples."""
    return max(1, (len(rope.s) - 1) // (STATIONS - 1))


def stations(rope: RopeSolution) -> BladeCoordinates:
    """Return the blade at `STATIONS` of the rope's samples, from the left or lower end."""
    step = _step(rope)
    return BladeCoordinates(
        rope.x[::step],
        distance_from_axis(rope)[::step],
        np.degrees(rope.angle[::step]),
        rope.s[::step],
    )


def latex_table(rope: RopeSolution) -> str:
    """Return a LaTeX table of the rope at about a dozen places, with what it is above it."""
    rows = np.linspace(0, len(rope.s) - 1, MOST_ROWS + 1).astype(int)
    space = bool(rope.z.any())
    names = [r"$s$ (m)", r"$x$ (m)", r"$y$ (m)", *([r"$z$ (m)"] if space else []), r"$T$ (N)"]
    columns = [rope.s, rope.x, rope.y, *([rope.z] if space else []), rope.tension]
    body = [
        " & ".join(f"{column[row]:.5g}" for column in columns) + r" \\" for row in rows.tolist()
    ]
    speed = rope.omega * 30 / np.pi
    head = [
        f"% {rope.length:.6g} m of rope of {1000 * rope.density:.6g} g/m over a span of "
        f"{rope.span:.6g} m at {speed:.6g} turns a minute",
        rf"\begin{{tabular}}{{{'r' * len(names)}}}",
        r"\hline",
        " & ".join(names) + r" \\",
        r"\hline",
    ]
    return "\n".join([*head, *body, r"\hline", r"\end{tabular}", ""])
