"""i-ResNet: a density learnt on the plane by a network that runs backwards, exactly.

Importing this package loads no torch; the first use of a name that computes does.
"""

from typing import TYPE_CHECKING

from zoetrope.core.iresnet.errors import IResNetError
from zoetrope.core.lazy_names import lazy_names

if TYPE_CHECKING:
    from zoetrope.core.iresnet.activations import derivatives, slope_range
    from zoetrope.core.iresnet.config import ACTIVATIONS, BOUNDS, IResNetConfig
    from zoetrope.core.iresnet.datasets import (
        entropy,
        has_log_density,
        log_density,
        log_density_steps,
        make,
        names,
    )
    from zoetrope.core.iresnet.estimates import Estimates
    from zoetrope.core.iresnet.gap_to_truth import Divergence, divergence, divergence_steps
    from zoetrope.core.iresnet.inverse_solvers import METHODS, a_priori_bound, picard_iterations
    from zoetrope.core.iresnet.inversion import Report, errors_of
    from zoetrope.core.iresnet.line_figure import LineNet, line_figure_steps
    from zoetrope.core.iresnet.model import Lipschitz, Model
    from zoetrope.core.iresnet.objectives import ESTIMATORS, Objective
    from zoetrope.core.iresnet.own_points import OwnPoints, from_csv, from_points, with_jitter
    from zoetrope.core.iresnet.plane_measures import Folds
    from zoetrope.core.iresnet.series import truncation_bound
    from zoetrope.core.iresnet.training import Trainer, train, train_steps
    from zoetrope.core.iresnet.training_settings import Metrics, Settings

_HOMES = {
    "activations": (
        "derivatives",
        "slope_range",
    ),
    "config": (
        "ACTIVATIONS",
        "BOUNDS",
        "IResNetConfig",
    ),
    "datasets": (
        "entropy",
        "has_log_density",
        "log_density",
        "log_density_steps",
        "make",
        "names",
    ),
    "gap_to_truth": (
        "Divergence",
        "divergence",
        "divergence_steps",
    ),
    "estimates": ("Estimates",),
    "inverse_solvers": (
        "METHODS",
        "a_priori_bound",
        "picard_iterations",
    ),
    "inversion": (
        "Report",
        "errors_of",
    ),
    "line_figure": (
        "LineNet",
        "line_figure_steps",
    ),
    "model": (
        "Lipschitz",
        "Model",
    ),
    "objectives": (
        "ESTIMATORS",
        "Objective",
    ),
    "own_points": (
        "OwnPoints",
        "from_csv",
        "from_points",
        "with_jitter",
    ),
    "plane_measures": ("Folds",),
    "series": ("truncation_bound",),
    "training_settings": ("Metrics", "Settings"),
    "training": (
        "Trainer",
        "train",
        "train_steps",
    ),
}

__all__ = [
    "ACTIVATIONS",
    "BOUNDS",
    "ESTIMATORS",
    "METHODS",
    "Divergence",
    "Estimates",
    "Folds",
    "IResNetConfig",
    "IResNetError",
    "LineNet",
    "Lipschitz",
    "Metrics",
    "Model",
    "Objective",
    "OwnPoints",
    "Report",
    "Settings",
    "Trainer",
    "a_priori_bound",
    "derivatives",
    "divergence",
    "divergence_steps",
    "entropy",
    "errors_of",
    "from_csv",
    "from_points",
    "has_log_density",
    "line_figure_steps",
    "log_density",
    "log_density_steps",
    "make",
    "names",
    "picard_iterations",
    "slope_range",
    "train",
    "train_steps",
    "truncation_bound",
    "with_jitter",
]

__getattr__, __dir__ = lazy_names(__name__, _HOMES, __all__)
