"""The tour of HSIC: from what correlation misses to what a kernel width lets in."""

from zoetrope.core.lab import Animate
from zoetrope.core.tours import Tour, TourStep

TOURS = (
    Tour(
        "widths",
        "What correlation cannot see",
        "A relation that correlation misses, the width that finds it, and the price of looking.",
        (
            TourStep(
                "A circle has no correlation",
                "Each point of a noisy circle nearly gives its other coordinate away. Pearson’s r "
                "is −0.055, as chance alone would have it (p = .55); HSIC over all widths says "
                "p = .001.",
                {"source": "circle", "noise": 0.15, "page": "compare"},
            ),
            TourStep(
                "The usual width can be blind",
                "A wave in noise. The dot in the map is the pair of median widths that programs "
                "use, and it lies in a dark place: at these widths 764 of 999 shuffles look as "
                "dependent as the data.",
                {"source": "sine", "noise": 0.3, "page": "dependence"},
            ),
            TourStep(
                "Turn the width of x",
                "From 1 to 0.15 times the median: the dot walks into the bright part of the map. "
                "In the end none of the 999 shuffles comes near the data, drawn in the panel with "
                "the shuffles.",
                animate=Animate("width_x", 1.0, 0.15, seconds=5.0, back=False),
            ),
            TourStep(
                "Looking everywhere has a price",
                "These pairs are independent. Still the best of 225 widths shows p = .007, for "
                "somewhere chance looks like something. The honest p, which counts all the looks, "
                "is .13.",
                {"source": "uniform_normal", "width_x": 1.0},
            ),
            TourStep(
                "A width is a window",
                "The wave again: the bright spot is where x and y depend, at 11.8 radians a unit "
                "of x. As the width narrows from 1 to 0.1 medians, the window opens from 1.7 to 17 "
                "and lets the spot in.",
                {"source": "sine", "page": "why"},
                Animate("width_x", 1.0, 0.1, seconds=5.0, back=False),
            ),
            TourStep(
                "Two sources come apart",
                "A square that was mixed and whitened is turned from 0° to 22°, where HSIC is "
                "least: its sides, two independent sources, stand along the axes. That is "
                "independent component analysis.",
                {"source": "square", "noise": 0.02, "n": 200, "page": "flow", "width_x": 1.0},
                Animate("angle", 0.0, 22.0, seconds=5.0, back=False),
            ),
        ),
    ),
)
