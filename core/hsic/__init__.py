"""HSIC: how strongly two variables depend on each other, as their kernels' widths see it.

Importing this package loads no torch; the first use of a name that computes does.
"""

from typing import TYPE_CHECKING

from zoetrope.core.hsic.errors import HsicError
from zoetrope.core.lazy_names import lazy_names

if TYPE_CHECKING:
    from zoetrope.core.hsic.column_matrix import ColumnMatrix, hsic_matrix, hsic_matrix_steps
    from zoetrope.core.hsic.comparison import compare, compare_steps
    from zoetrope.core.hsic.dependence_spectrum import Spectrum, spectrum
    from zoetrope.core.hsic.dragging import DraggedSample
    from zoetrope.core.hsic.estimators import cka, hsic, nocco
    from zoetrope.core.hsic.flow import flow_steps
    from zoetrope.core.hsic.gradients import Gradient, gradient
    from zoetrope.core.hsic.gram_matrix import gram
    from zoetrope.core.hsic.joint_independence import dhsic, dhsic_steps, dhsic_test
    from zoetrope.core.hsic.kernels import Kernel
    from zoetrope.core.hsic.null_formulas import (
        gamma_steps,
        gamma_test,
        moment_steps,
        moment_test,
    )
    from zoetrope.core.hsic.permutation_sample import permutation_steps, permutation_test
    from zoetrope.core.hsic.power_study import noise_sweep_steps, power_steps
    from zoetrope.core.hsic.results import TestResult, WidthGrid
    from zoetrope.core.hsic.rotation import rotation_steps
    from zoetrope.core.hsic.selection import Selection, select_widths
    from zoetrope.core.hsic.serial import SerialDependence, serial_dependence
    from zoetrope.core.hsic.singular_pairs import SingularFunctions, singular_functions
    from zoetrope.core.hsic.spectral_law import spectral_steps, spectral_test
    from zoetrope.core.hsic.width_map import width_grid, width_grid_steps
    from zoetrope.core.hsic.widths import convert_width, median_width
    from zoetrope.core.hsic.witness_function import witness

_HOMES = {
    "column_matrix": ("ColumnMatrix", "hsic_matrix", "hsic_matrix_steps"),
    "comparison": ("compare", "compare_steps"),
    "dependence_spectrum": ("Spectrum", "spectrum"),
    "dragging": ("DraggedSample",),
    "estimators": ("cka", "hsic", "nocco"),
    "flow": ("flow_steps",),
    "gradients": ("Gradient", "gradient"),
    "gram_matrix": ("gram",),
    "joint_independence": ("dhsic", "dhsic_steps", "dhsic_test"),
    "kernels": ("Kernel",),
    "null_formulas": ("gamma_steps", "gamma_test", "moment_steps", "moment_test"),
    "permutation_sample": ("permutation_steps", "permutation_test"),
    "power_study": ("noise_sweep_steps", "power_steps"),
    "results": ("TestResult", "WidthGrid"),
    "rotation": ("rotation_steps",),
    "selection": ("Selection", "select_widths"),
    "serial": ("SerialDependence", "serial_dependence"),
    "singular_pairs": ("SingularFunctions", "singular_functions"),
    "spectral_law": ("spectral_steps", "spectral_test"),
    "width_map": ("width_grid", "width_grid_steps"),
    "widths": ("convert_width", "median_width"),
    "witness_function": ("witness",),
}

__all__ = [
    "ColumnMatrix",
    "DraggedSample",
    "Gradient",
    "HsicError",
    "Kernel",
    "Selection",
    "SerialDependence",
    "SingularFunctions",
    "Spectrum",
    "TestResult",
    "WidthGrid",
    "cka",
    "compare",
    "compare_steps",
    "convert_width",
    "dhsic",
    "dhsic_steps",
    "dhsic_test",
    "flow_steps",
    "gamma_steps",
    "gamma_test",
    "gradient",
    "gram",
    "hsic",
    "hsic_matrix",
    "hsic_matrix_steps",
    "median_width",
    "moment_steps",
    "moment_test",
    "nocco",
    "noise_sweep_steps",
    "permutation_steps",
    "permutation_test",
    "power_steps",
    "rotation_steps",
    "select_widths",
    "serial_dependence",
    "singular_functions",
    "spectral_steps",
    "spectral_test",
    "spectrum",
    "width_grid",
    "width_grid_steps",
    "witness",
]

__getattr__, __dir__ = lazy_names(__name__, _HOMES, __all__)
