"""What a person can turn in the HSIC lab."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from zoetrope.core.parameters import (
    Parameters,
    choice,
    data_file,
    names,
    number,
    pages,
    playhead,
    switch,
    table,
    whole,
)

# The labels of `datasets.RELATIONS`, which cannot be imported before torch is.
RELATIONS = {
    "sine": "y = sin(kπx)",
    "linear": "y = x",
    "quadratic": "y = x²",
    "cubic": "y = x³",
    "exponential": "y = exp(2x)",
    "w": "W shape",
    "step": "Step",
    "circle": "Circle",
    "ellipse": "Ellipse",
    "square": "Turned square",
    "diamond": "Diamond",
    "checkerboard": "Checkerboard",
    "spiral": "Spiral",
    "parabolas": "Two parabolas",
    "fan": "Spread grows with x",
    "copula": "Gaussian copula",
    "clusters": "Four clusters, independent",
    "uniform_normal": "Independent: uniform, normal",
    "exponential_t3": "Independent: exponential, t₃",
    "discrete": "Independent: discrete",
}
ANSCOMBE = {f"anscombe {which}": f"Anscombe {which}" for which in ("I", "II", "III", "IV")}
OWN = {"xor": "Two coins and their XOR", "file": "Your file", "drawn": "Your points"}
KERNELS = {
    "gaussian": "Gaussian",
    "laplace": "Laplace",
    "matern32": "Matérn 3/2",
    "matern52": "Matérn 5/2",
    "rq": "Rational quadratic",
    "imq": "Inverse multiquadric",
    "distance": "Distance (dCov)",
    "linear": "Linear",
    "delta": "Delta (categories)",
}
RULES = {
    "median": "Median distance",
    "positive": "Median, ties left out",
    "gretton": "Median ÷ √2 (Gretton)",
    "std": "Standard deviation",
    "scott": "Scott",
    "silverman": "Silverman",
}
LAYERS = {
    "p_moment": "−log₁₀ p, exact moments",
    "p_permutation": "−log₁₀ p, permutations",
    "hsic": "HSIC, biased",
    "hsic_u": "HSIC, unbiased",
    "cka_u": "CKA, unbiased",
    "cka_b": "CKA, biased",
}
PAGES = {
    "dependence": "Dependence",
    "why": "Why kernels?",
    "matrices": "Matrices",
    "compare": "Compare",
    "columns": "Columns",
    "flow": "Flow",
}
MOST_ROWS = 1000
ON_MAP = ("dependence",)


@dataclass(frozen=True)
class HsicParameters(Parameters):
    """Two variables, a kernel for each, and how wide the kernels are."""

    source: str = choice(
        "sine", "Data", {**RELATIONS, **ANSCOMBE, **OWN}, group="Data",
        help="A relation to draw pairs from, Anscombe's quartet, or your own columns or points.",
    )  # fmt: skip
    data_file: str = data_file(
        "File", group="Data",
        help="A table with a column for each variable. Choosing one makes it the data.",
    )  # fmt: skip
    n: int = whole(
        200, "Points", 10, MOST_ROWS, symbol="n", log=True, step=0.1, group="Data",
        help="How many pairs are drawn from the relation.",
    )  # fmt: skip
    noise: float = number(
        0.5, "Noise", 0.0, 2.0, step=0.05, group="Data",
        help="Standard deviation of what is added to the relation.",
    )  # fmt: skip
    columns_x: tuple[str, ...] = names(
        "Columns of x", most=8, group="Data", folded=True,
        help="Of your file. None: its first column of numbers. Several make one variable.",
    )  # fmt: skip
    columns_y: tuple[str, ...] = names(
        "Columns of y", most=8, group="Data", folded=True,
        help="Of your file. None: its second column of numbers. Several make one variable.",
    )  # fmt: skip
    standardise: bool = switch(
        True, "Standardise blocks", group="Data", folded=True,
        help="Scale every column of a variable of several columns to unit variance, so that each "
        "counts alike. A single column is never rescaled: its width already is in its own units.",
    )  # fmt: skip
    most_rows: int = whole(
        1000, "Rows at most", 50, MOST_ROWS, group="Data", folded=True, log=True, step=0.1,
        help="Of a longer file this many rows are drawn at random from the seed, which is said.",
    )  # fmt: skip
    waves: float = number(
        4.0, "Waves", 0.5, 20.0, symbol="k", step=0.5, group="Data", folded=True,
        help="Of y = sin(kπx): the larger, the narrower the kernel of x must be.",
    )  # fmt: skip
    correlation: float = number(
        0.5, "Correlation", -1.0, 1.0, symbol=r"\rho", step=0.05, group="Data", folded=True,
        help="Of the Gaussian copula.",
    )  # fmt: skip
    outliers: float = number(
        0.0, "Outliers", 0.0, 0.5, step=0.01, group="Data", folded=True,
        help="The share of points thrown anywhere within ten times the spread.",
    )  # fmt: skip
    rounding: float = number(
        0.0, "Round to", 0.0, 2.0, step=0.1, group="Data", folded=True,
        help="Round x and y to multiples of this, so that ties arise; 0 for none.",
    )  # fmt: skip
    seed: int = whole(
        1, "Seed", 0, 2**31 - 1, seed=True, group="Data", folded=True,
        help="Of the data drawn and of the permutations. The same seed gives the same p.",
    )  # fmt: skip
    width_x: float = number(
        1.0, "Width of x", 1e-3, 1e3, unit="×", symbol=r"\sigma_x", log=True, step=0.1,
        slider=(0.02, 20.0), group="Kernels", live=True,
        help="In multiples of the median distance of x (or what the rule below says). Click or "
        "drag in the map to set both widths.",
    )  # fmt: skip
    width_y: float = number(
        1.0, "Width of y", 1e-3, 1e3, unit="×", symbol=r"\sigma_y", log=True, step=0.1,
        slider=(0.02, 20.0), group="Kernels", live=True,
        help="In multiples of the median distance of y (or what the rule below says).",
    )  # fmt: skip
    linked_widths: bool = switch(
        False, "Link the widths", group="Kernels", live=True, folded=True,
        help="The width of y follows that of x, in multiples of their medians.",
    )  # fmt: skip
    kernel_x: str = choice(
        "gaussian", "Kernel of x", KERNELS, group="Kernels", folded=True,
        help="Delta is for categories. Distance makes 4 HSIC the squared distance covariance.",
    )  # fmt: skip
    kernel_y: str = choice(
        "gaussian", "Kernel of y", KERNELS, group="Kernels", folded=True,
        help="Linear kernels on both sides see covariance only.",
    )  # fmt: skip
    width_rule: str = choice(
        "median", "Widths in units of", RULES, group="Kernels", folded=True,
        help="What a width of 1 × stands for.",
    )  # fmt: skip
    layer: str = choice(
        "p_moment", "Map shows", LAYERS, group="Map", live=True, pages=ON_MAP,
        help="Exact moments give p at once. Permutations take a while and cannot fall below "
        "1/(1 + B).",
    )  # fmt: skip
    witness: bool = switch(
        True, "Witness", group="Map", live=True, folded=True, pages=ON_MAP,
        help="Colour the plane where pairs are more (red) or less (blue) frequent than "
        "independence would have them, as the kernels see it.",
    )  # fmt: skip
    map_permutations: int = whole(
        199, "Permutations of the map", 19, 999, symbol="B", log=True, step=0.1, group="Map",
        folded=True, pages=ON_MAP,
        help="For the one p-value that holds for the whole map.",
    )  # fmt: skip
    permutations: int = whole(
        999, "Permutations", 19, 1999, symbol="B", log=True, step=0.1, group="Map", folded=True,
        pages=ON_MAP, help="For p at your widths. With 8 points or fewer all are gone through.",
    )  # fmt: skip
    gamma_curve: bool = switch(
        False, "Gamma approximation", group="Map", live=True, folded=True, pages=ON_MAP,
        help="Draw Gretton's gamma law over the shuffles. Its p can be off by many powers of ten.",
    )  # fmt: skip
    family: str = choice(
        "fourier", "Functions f and g",
        {"fourier": "Cosines and sines", "monomials": "Powers", "bumps": "Bumps",
         "singular": "The best pairs"},
        group="Why kernels?", live=True, pages=("why",),
        help="Independence means C[f, g] = 0 for all f and g: which family to try.",
    )  # fmt: skip
    row_order: str = choice(
        "x", "Rows in order of", {"x": "x", "y": "y", "data": "The data"},
        group="Matrices", live=True, pages=("matrices",),
        help="The same order for all matrices.",
    )  # fmt: skip
    row: int = whole(50, "Row", 0, MOST_ROWS - 1, live=True, hidden=True, help="Under the mouse.")
    column: int = whole(
        0, "Column", 0, MOST_ROWS - 1, live=True, hidden=True, help="Under the mouse."
    )
    comparison: str = choice(
        "coefficients", "Compare",
        {"coefficients": "Coefficients", "noise": "Over the noise", "power": "Power over widths"},
        group="Compare", live=True, pages=("compare",),
        help="All coefficients of these data; how they fade with noise; how often each width finds "
        "the relation.",
    )  # fmt: skip
    power_sets: int = whole(
        40, "Data sets", 10, 100, group="Compare", folded=True, pages=("compare",), log=True,
        step=0.1, help="How many data sets the power study draws.",
    )  # fmt: skip
    table_columns: tuple[str, ...] = names(
        "Columns", most=24, group="Columns", pages=("columns",),
        help="Which columns of your file are compared with each other. None: all of numbers.",
    )  # fmt: skip
    correction: str = choice(
        "holm", "Correction", {"holm": "Holm", "bh": "Benjamini–Hochberg", "none": "None"},
        group="Columns", live=True, pages=("columns",),
        help="For looking at many pairs. Holm bounds the chance of any false finding, "
        "Benjamini–Hochberg the share of false ones.",
    )  # fmt: skip
    uphill: bool = switch(
        False, "Towards dependence", group="Flow", pages=("flow",),
        help="Follow the gradient of HSIC uphill (more dependent) or downhill (less).",
    )  # fmt: skip
    moves: str = choice(
        "y", "What moves", {"both": "x and y", "x": "x", "y": "y"}, group="Flow",
        pages=("flow",), help="Which coordinate of the points follows the gradient.",
    )  # fmt: skip
    angle: float = number(
        30.0, "Rotation", 0.0, 90.0, unit="°", step=1.0, group="Flow", live=True,
        pages=("flow",), help="Turns the whitened cloud: HSIC is least where the sources part.",
    )  # fmt: skip
    flow_step: float = playhead(
        0.0, "Step", 0.0, 60.0, step=1.0, hidden=True, pages=("flow",),
        help="How many steps the points have gone along the gradient.",
    )  # fmt: skip
    points: tuple[tuple[float, ...], ...] = table(
        "Points", ("x", "y"), most_rows=MOST_ROWS, live=True, hidden=True,
        help="Drag points of the scatter, double-click to add, draw round some to move or "
        "delete them.",
    )  # fmt: skip
    page: str = pages("dependence", PAGES)

    def change(self, **values: Any) -> Self:
        """Return a copy with some values changed; choosing a file makes it the data."""
        if values.get("data_file") and "source" not in values:
            values = {**values, "source": "file"}
        return super().change(**values)

    @property
    def factors(self) -> tuple[float, float]:
        """Both widths in multiples of their rule's, linked or not."""
        return self.width_x, self.width_x if self.linked_widths else self.width_y
