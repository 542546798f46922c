"""What can be chosen in the i-ResNet lab, and the words for it."""

from zoetrope.core.iresnet.entropies import ENTROPIES

# The names of `toy_samples.SAMPLERS`, which cannot be imported before torch is.
SETS = {
    "checkerboard": "Checkerboard",
    "8gaussians": "Eight Gaussians",
    "moons": "Two moons",
    "circles": "Two circles",
    "rings": "Four rings",
    "2spirals": "Two spirals",
    "swissroll": "Swiss roll",
    "pinwheel": "Pinwheel",
    "line": "A line (no density)",
    "cos": "A cosine (no density)",
}
FLOORS = {name: f"entropy {nats:.3f} nats" for name, nats in ENTROPIES.items()}
BRUSH_ROWS = ("source", "erase", "brush_radius", "brush_rate")  # that matter while one draws
SINGULAR = ("line", "cos")
OWN = {
    "sprayed": "Drawn by you",
    "painted": "Painted by you",
    "points": "Your points",
    "file": "Your file",
}
ACTIVATIONS = {
    "sin": "Sine",
    "tanh": "tanh",
    "ctanh": "2 tanh(a) − a",
    "lipswish": "LipSwish",
    "clipswish": "CLipSwish",
    "softplus": "Softplus",
    "elu": "ELU",
    "relu": "ReLU (no second derivative)",
}
BOUNDS = {
    "balanced": "Balanced, per block",
    "spectral": "Product of norms",
    "per_layer": "Norm of each layer",
    "none": "None: a plain ResNet",
}
ESTIMATORS = {
    "exact": "Exact",
    "trace": "Cut series",
    "hutchinson": "Hutchinson, Gaussian",
    "rademacher": "Hutchinson, signs",
    "roulette": "Russian roulette",
}
SCHEDULES = {"cosine": "Cosine", "constant": "Constant"}
COLOURINGS = {"angle": "Angle in the data", "density": "Density"}
SCALES = {"plain": "Linear", "log": "Logarithmic"}
COMPARED = {"data": "Data", "truth": "True density", "difference": "Learned less true"}
METHODS = {"newton": "Newton", "picard": "Picard", "anderson": "Anderson"}
PAGES = {
    "train": "Train",
    "transport": "Transport",
    "inverse": "Inverse",
    "collapse": "Collapse",
    "estimators": "Estimators",
    "lipschitz": "Lipschitz",
    "line": "On a line",
}
FLOW_PAGES = tuple(page for page in PAGES if page != "line")  # the line has networks of its own
TRAINED_ON = ("train", "collapse", "estimators", "lipschitz")  # pages whose playhead is `step`
