"""The entropies of the toy distributions, which no flow can beat; without torch, for the form."""

import math

# Nats, by quadrature of the densities of `toy_densities` (the test of `datasets` does it again).
ENTROPIES = {
    "8gaussians": 2.83188,
    "moons": 2.39388,
    "circles": 3.26814,
    "rings": 2.62318,
    "2spirals": 2.64545,
    "swissroll": 2.66965,
    "checkerboard": math.log(32),
    "pinwheel": 2.31779,
}
