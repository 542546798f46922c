"""The tour of the i-ResNet: to the Gaussian, home again, and what happens without the bound."""

from zoetrope.core.lab import Animate
from zoetrope.core.tours import Tour, TourStep

TOURS = (
    Tour(
        "home",
        "There and back",
        "A network that learns a density, can be undone exactly, and folds without its bound.",
        (
            TourStep(
                "Two moons, learned",
                "Eight residual blocks x + g(x), each g with a Lipschitz constant of at most 0.97, "
                "have learned this density in 200 steps. It is 0.03 nats from the true one.",
                {"source": "moons", "n_blocks": 8, "step": 200.0},
            ),
            TourStep(
                "It cannot cut",
                "On a logarithmic scale the two moons hang together, by a density that no training "
                "takes away: a continuous map with a continuous inverse bends and stretches the "
                "plane, and can never tear it.",
                {"density": "log"},
            ),
            TourStep(
                "Layer by layer",
                "The points move from the data at depth 0 to a Gaussian cloud at depth 1. The grid "
                "bends with them and nowhere folds over itself.",
                {"page": "transport", "density": "plain"},
                Animate("layer", 0.0, 1.0, seconds=6.0, back=False),
            ),
            TourStep(
                "The way home",
                "Back again, block by block. There is no formula for it: Newton’s method finds the "
                "way in 4 or 5 iterations a block, and all points are home to 10⁻¹¹.",
                {"page": "inverse", "block": 2},
                Animate("home", 0.0, 1.0, seconds=6.0, back=False),
            ),
            TourStep(
                "How much of the bound is used",
                "Every block is held below 0.97. What is found over the data is less: the blocks "
                "stretch by 0.62 at most. Click on a bar to see where in the plane its block does.",
                {"page": "lipschitz"},
            ),
            TourStep(
                "Without the bound",
                "A plain network, trained alike, folds. About half of the plane is mirrored, the "
                "dots are points that go to one place, and its “density” adds up to far more "
                "than 1.",
                {"page": "collapse"},
            ),
        ),
    ),
)
