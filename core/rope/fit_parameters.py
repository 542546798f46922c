"""The parameters of the fit page."""

from dataclasses import dataclass

from zoetrope.core.parameters import (
    choice,
    data_file,
    decimal,
    encoding,
    number,
    separator,
    switch,
    table,
    whole,
)

PAGES = ("fit",)
MOST_POINTS = 5000
PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff")


@dataclass(frozen=True)
class FitParameters:
    """Where the points come from, and what is known of the rope beside them."""

    points_from: str = choice(
        "example", "Points from",
        {"example": "This rope, measured", "table": "Marked or pasted", "file": "A file"},
        group="Points", pages=PAGES,
        help="Points along a rope: an example from the rope set here, with errors; points marked "
        "on the picture or pasted; or two columns of a file.",
    )  # fmt: skip
    points: tuple[tuple[float, ...], ...] = table(
        "Points", ("x", "y"), most_rows=MOST_POINTS, low=-1e7, high=1e7, group="Points",
        pages=PAGES,
        help="Places along the rope in any unit, in any order. Double-click the picture to add "
        "one, drag one to move it.",
    )  # fmt: skip
    points_file: str = data_file(
        "File of points", group="Points", folded=True, pages=PAGES,
        help="Two columns of numbers, x and y. Choosing one makes them the points.",
        written=("encoding", "separator", "decimal"),
    )  # fmt: skip
    encoding: str = encoding(group="Points", pages=PAGES)
    separator: str = separator(group="Points", pages=PAGES)
    decimal: str = decimal(group="Points", pages=PAGES)
    photograph: str = data_file(
        "Photograph", endings=PICTURES, group="Points", folded=True, pages=PAGES,
        help="A picture of a rope to mark points on. It is shown in shades of grey; its pixels "
        "are the unit, counted from its lower left corner.",
    )  # fmt: skip
    ends_marked: bool = switch(
        False, "First and last are the ends", group="Points", pages=PAGES,
        help="Take the first and the last point as the rope's ends, held exactly. Three more "
        "points are then enough.",
    )  # fmt: skip
    leave_out: bool = switch(
        True, "Leave outliers out", group="Points", pages=PAGES,
        help="Do not let points count that lie further than four standard deviations away.",
    )  # fmt: skip
    measured: int = whole(
        40, "Points measured", 8, 400, group="Example", folded=True, pages=PAGES,
        help="How many points the example has.",
    )  # fmt: skip
    error: float = number(
        1.0, "Error of each", 0.0, 20.0, unit="% of the span", step=0.1, slider=(0.0, 5.0),
        group="Example", folded=True, pages=PAGES,
        help="Standard deviation of the example's points, in both directions.",
    )  # fmt: skip
    tilt: float = number(
        12.0, "Tilt", -180.0, 180.0, unit="°", step=1.0, group="Example", folded=True,
        pages=PAGES, help="How far the example's axis is turned.",
    )  # fmt: skip
    error_seed: int = whole(
        1, "Errors' seed", 0, 2**31 - 1, seed=True, group="Example", folded=True, pages=PAGES,
        help="Which random errors the example has.",
    )  # fmt: skip
