"""The tour of the rope: from what alone sets its shape to what brings it there."""

from zoetrope.core.lab import Animate
from zoetrope.core.tours import Tour, TourStep

TOURS = (
    Tour(
        "curve",
        "Which curve is it?",
        "What sets the shape of a spinning rope, what does not, and why no textbook curve fits.",
        (
            TourStep(
                "A rope on a spinning rod",
                "A rod turns and takes the rope with it, without gravity or air. The curve in the "
                "large plot is exact; beside it the rope turns. It stands out 0.516 m: that is its "
                "sag, below the picture.",
                {"length": 1.5, "span": 1.0},
                Animate("phase", 0.0, 360.0, seconds=4.0, back=False),
            ),
            TourStep(
                "Slack alone sets the shape",
                "Slack is the length over the span, minus 1. It grows from 1 % to 100 % here, and "
                "the sag from 6 % of the span to 81 %. Neither speed nor mass is asked.",
                animate=Animate("slack", 0.01, 1.0, seconds=5.0, back=False),
            ),
            TourStep(
                "Speed changes only the forces",
                "From 60 to 600 turns a minute every pull grows a hundredfold: the tension at the "
                "left end from 0.51 N to 51 N. Watch the arrows and the numbers; the curve stays "
                "where it is.",
                {"page": "forces", "slack": 0.5},
                Animate("speed", 60.0, 600.0, seconds=5.0, back=False),
            ),
            TourStep(
                "No parabola, no catenary",
                "Other curves of the same length over the same span, their distances from the rope "
                "drawn ten times as large. Here the parabola comes closest, within 0.75 % of the "
                "sag; the catenary of a hanging chain is 3 % off.",
                {"page": "compare", "length": 1.6, "speed": 120.0, "magnification": 10.0},
            ),
            TourStep(
                "Now with gravity",
                "The axis stands upright and slows down from 120 to 30 turns a minute: gravity "
                "draws the belly down. Below 27 turns a minute this rope would not open at all and "
                "hang as a doubled plumb line.",
                {"page": "shape", "axis": "vertical", "length": 2.6, "span": 0.9},
                Animate("speed", 120.0, 30.0, seconds=6.0, back=False),
            ),
            TourStep(
                "Nobody tells a rope its equation",
                "A chain of 96 links is let go in two straight halves, 13.5 % of the sag off. In "
                "less than one turn it is within 1 % of the pale curve, which was solved without "
                "it.",
                {
                    "page": "motion",
                    "axis": "none",
                    "length": 1.5,
                    "span": 1.0,
                    "speed": 120.0,
                    "start": "v_shape",
                    "damping": 1.0,
                },
                Animate("turns", 0.0, 2.0, seconds=6.0, back=False),
            ),
        ),
    ),
)
