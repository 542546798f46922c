"""What the i-ResNet lab learns from."""

from __future__ import annotations

from dataclasses import dataclass

from zoetrope.core.iresnet.lab_choices import FLOORS, FLOW_PAGES, OWN, SETS
from zoetrope.core.parameters import (
    Parameters,
    choice,
    data_file,
    decimal,
    encoding,
    names,
    number,
    separator,
    switch,
    table,
    whole,
)

CELLS = 24  # along a side of the painting ground
GROUND = (-4.0, 4.0, -4.0, 4.0)
MOST_DRAWN = 5000  # points


@dataclass(frozen=True)
class DataParameters(Parameters):
    """The points, and how many of them are held out."""

    source: str = choice(
        "checkerboard", "Data", {**SETS, **OWN}, notes=FLOORS, group="Data",
        pages=FLOW_PAGES,
        help="A classic set whose density is known exactly, so that the distance from it is "
        "measured and not guessed; or your own painting, points or file. The list has each set's "
        "entropy without jitter: no density has a lower NLL on it.",
    )  # fmt: skip
    data_file: str = data_file(
        "File", group="Data",
        pages=FLOW_PAGES,
        help="A table with two columns of numbers. Choosing one makes it the data.",
        written=("encoding", "separator", "decimal"),
    )  # fmt: skip
    encoding: str = encoding(group="Data", pages=FLOW_PAGES)
    separator: str = separator(group="Data", pages=FLOW_PAGES)
    decimal: str = decimal(group="Data", pages=FLOW_PAGES)
    columns: tuple[str, ...] = names(
        "Columns", most=2, group="Data", folded=True,
        pages=FLOW_PAGES,
        help="Two columns of your file. None: its first two of numbers.",
    )  # fmt: skip
    n: int = whole(
        50_000, "Number of points", 100, 200_000, symbol="N", log=True, step=0.1, group="Data",
        folded=True,
        pages=FLOW_PAGES,
        help="How many points are drawn from the set; a fifth is held out. With few the network "
        "learns them by heart: watch the held-out curve.",
    )  # fmt: skip
    points: tuple[tuple[float, ...], ...] = table(
        "Points", ("x", "y"), most_rows=20_000, group="Data", folded=True,
        pages=FLOW_PAGES,
        help="Points of your own: paste two columns of a spreadsheet here, or draw them with the "
        "mouse on the page Train. At least 20.",
    )  # fmt: skip
    erase: bool = switch(
        False, "Erase", group="Data", live=True, folded=True, pages=("train",),
        help="The brush takes points out instead of scattering them.",
    )  # fmt: skip
    brush_radius: float = number(
        0.3, "Brush radius", 0.02, 4.0, log=True, step=0.1, group="Data", live=True, folded=True,
        pages=("train",), help="Of the brush that you draw with. The wheel changes it too.",
    )  # fmt: skip
    brush_rate: float = number(
        200.0, "Points per second", 5.0, 2000.0, log=True, step=0.1, unit="1/s", group="Data",
        live=True, folded=True, pages=("train",),
        help="How many points fall in a second while you hold the button.",
    )  # fmt: skip
    cells: tuple[tuple[float, ...], ...] = table(
        "Painted cells", ("row", "column"), low=0.0, high=CELLS - 1.0, most_rows=CELLS * CELLS,
        noun="cell", group="Data", hidden=True,
        pages=FLOW_PAGES,
        help="Cells of the painting ground where the data lie, evenly.",
    )  # fmt: skip
    jitter: float = number(
        0.0, "Jitter", 0.0, 2.0, step=0.01, group="Data", folded=True,
        pages=FLOW_PAGES,
        help="Standard deviation of Gaussian noise that is added to the points. A set's true "
        "density is blurred with it, where that has a closed form (not the pinwheel's and the "
        "cosine's). Points on a curve, rounded or repeated ones have no density without it.",
    )  # fmt: skip
    held_out: float = number(
        0.2, "Held out", 0.0, 0.9, step=0.05, group="Data", folded=True,
        pages=FLOW_PAGES,
        help="Share of the points that training never sees, on which it is validated.",
    )  # fmt: skip
    seed: int = whole(
        0, "Seed", 0, 2**31 - 1, seed=True, group="Data", folded=True,
        help="Of the data, the first weights and the batches. The same seed gives the same bits.",
    )  # fmt: skip
