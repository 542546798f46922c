"""What a person can turn in the HSIC lab."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from zoetrope.core.hsic.lab_choices import (
    ANSCOMBE,
    COMPARISONS,
    CONVENTIONS,
    CORRECTIONS,
    DATASAURUS,
    FAMILIES,
    JOINED,
    KERNELS,
    LAYERS,
    ORDERS,
    OWN,
    PAGES,
    RELATIONS,
    RULES,
    SERIES,
    TABLES,
    TESTS,
)
from zoetrope.core.parameters import (
    Parameters,
    choice,
    data_file,
    decimal,
    encoding,
    names,
    number,
    pages,
    playhead,
    separator,
    switch,
    table,
    whole,
)

MOST_POINTS = 5000  # drawn from a relation
MOST_ROWS = 2000  # of which every pair is compared
MOST_DRAWN = 5000  # rows of a table of points
ON_MAP = ("dependence",)


@dataclass(frozen=True)
class HsicParameters(Parameters):
    """Two variables, a kernel for each, and how wide the kernels are."""

    source: str = choice(
        "sine", "Data", {**RELATIONS, **ANSCOMBE, **TABLES, **SERIES, **OWN}, group="Data",
        help="A relation to draw pairs from, Anscombe's quartet, a table of another package if it "
        "is installed, or your own columns or points.",
    )  # fmt: skip
    data_file: str = data_file(
        "File", group="Data",
        help="A table with a column for each variable. Choosing one makes it the data.",
        written=("encoding", "separator", "decimal"),
    )  # fmt: skip
    encoding: str = encoding(group="Data")
    separator: str = separator(group="Data")
    decimal: str = decimal(group="Data")
    n: int = whole(
        120, "Number of points", 10, MOST_POINTS, symbol="n", log=True, step=0.1, group="Data",
        help="How many pairs are drawn from the relation. At most 5000, of which a power study and "
        "a noise sweep still come while you wait; a file of your own may have a million rows.",
    )  # fmt: skip
    noise: float = number(
        0.3, "Noise", 0.0, 2.0, step=0.05, group="Data",
        help="Standard deviation of what is added to the relation.",
    )  # fmt: skip
    columns_x: tuple[str, ...] = names(
        "Columns of x", most=64, group="Data", folded=True,
        help="Of your file. None: its first column of numbers. Several make one variable.",
    )  # fmt: skip
    columns_y: tuple[str, ...] = names(
        "Columns of y", most=64, group="Data", folded=True,
        help="Of your file. None: its second column of numbers. Several make one variable.",
    )  # fmt: skip
    points: tuple[tuple[float, ...], ...] = table(
        "Points", ("x", "y"), most_rows=MOST_DRAWN, live=True, group="Data", folded=True,
        help="Points of your own. Paste two columns of a spreadsheet here; or drag points of the "
        "picture, double-click to add, draw round some to move or delete them.",
    )  # fmt: skip
    standardise: bool = switch(
        True, "Standardise blocks", group="Data", folded=True,
        help="Scale every column of a variable of several columns to unit variance, so that each "
        "counts alike. A single column is never rescaled: its width already is in its own units.",
    )  # fmt: skip
    most_rows: int = whole(
        1000, "Rows at most", 50, MOST_ROWS, group="Data", folded=True, log=True, step=0.1,
        help="Where every pair of rows must be compared, this many of more rows are drawn at "
        "random from the seed, which is said. Kernels of the distance of single columns do not "
        "need to and take all rows.",
    )  # fmt: skip
    waves: float = number(
        4.0, "Waves", 0.5, 20.0, symbol="k", step=0.5, group="Data", folded=True,
        help="Of y = sin(kπx): the larger, the narrower the kernel of x must be.",
    )  # fmt: skip
    correlation: float = number(
        0.5, "Correlation", -1.0, 1.0, symbol=r"\rho", step=0.05, group="Data", folded=True,
        help="Of the Gaussian copula.",
    )  # fmt: skip
    datasaurus: str = choice(
        "dino", "Of the Datasaurus dozen", DATASAURUS, group="Data", folded=True,
        help="Thirteen pictures with equal means, variances and correlation.",
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
        help="Delta is for categories. Distance makes 4 HSIC the squared distance covariance. Your "
        "own Gram matrix: a square table in the file, of which you choose the first column.",
    )  # fmt: skip
    kernel_y: str = choice(
        "gaussian", "Kernel of y", KERNELS, group="Kernels", folded=True,
        help="Linear kernels on both sides see covariance only.",
    )  # fmt: skip
    width_rule: str = choice(
        "median", "Widths in units of", RULES, group="Kernels", folded=True,
        help="What a width of 1 × stands for.",
    )  # fmt: skip
    convention: str = choice(
        "sigma", "Widths written as", CONVENTIONS, group="Kernels", live=True, folded=True,
        help="Other programs write the same Gaussian kernel with another number; below the picture "
        "your widths stand in this convention.",
    )  # fmt: skip
    alpha: float = number(
        1.0, "Tail of the rational quadratic", 0.05, 50.0, symbol=r"\alpha", log=True, step=0.1,
        group="Kernels", folded=True,
        help="k = (1 + d²/2ασ²)^−α: the smaller, the heavier the tail; large α is Gaussian.",
    )  # fmt: skip
    degree: int = whole(
        2, "Degree of the polynomial", 1, 6, group="Kernels", folded=True,
        help="k = (offset + ⟨x, x′⟩)^degree sees moments up to this one only.",
    )  # fmt: skip
    offset: float = number(
        1.0, "Offset of the polynomial", 0.0, 10.0, step=0.1, group="Kernels", folded=True,
        help="0 leaves out the lower moments.",
    )  # fmt: skip
    exponent: float = number(
        1.0, "Exponent of the distance", 0.05, 1.95, step=0.05, group="Kernels", folded=True,
        help="Of |x − x′| in the distance kernel; 1 is distance covariance.",
    )  # fmt: skip
    joined: str = choice(
        "joint", "Several columns", JOINED, group="Kernels", folded=True,
        help="How the columns of one variable enter: by the distance of whole rows, or by a kernel "
        "of each column.",
    )  # fmt: skip
    test: str = choice(
        "honest", "Test", TESTS, group="Test", live=True, pages=ON_MAP,
        help="Which p stands over the points. That of the whole map holds after looking at all "
        "widths; those at your widths hold if you chose them before looking.",
    )  # fmt: skip
    layer: str = choice(
        "p_moment", "Map shows", LAYERS, group="Test", live=True, pages=ON_MAP,
        help="Exact moments give p at once. Permutations take a while and cannot fall below "
        "1/(1 + B).",
    )  # fmt: skip
    map_permutations: int = whole(
        999, "Permutations of the map", 19, 999, symbol="B", log=True, step=0.1, group="Test",
        folded=True, pages=("dependence", "compare"),
        help="For the one p-value that holds for the whole map.",
    )  # fmt: skip
    permutations: int = whole(
        999, "Permutations", 19, 1999, symbol="B", log=True, step=0.1, group="Test", folded=True,
        pages=("dependence", "columns"),
        help="For p at your widths. With 8 points or fewer all are gone through.",
    )  # fmt: skip
    block_length: int = whole(
        1, "Rows kept together", 1, MOST_POINTS, group="Test", folded=True, log=True, step=0.1,
        pages=("dependence", "columns", "compare"),
        help="For series, whose neighbouring rows are alike: so many neighbours are shuffled as "
        "one block. 1 shuffles every row; as many as there are rows shifts one series along the "
        "other.",
    )  # fmt: skip
    map_rows: int = whole(
        500, "Rows of the map", 100, 1000, group="Test", folded=True, log=True, step=0.1,
        pages=("dependence", "compare"),
        help="The most rows of which the map compares every pair at every width; of more, this "
        "many are drawn and it is said. Kernels of the distance of single columns take all rows.",
    )  # fmt: skip
    witness: bool = switch(
        True, "Witness", group="Test", live=True, folded=True, pages=ON_MAP,
        help="Colour the plane where pairs are more (red) or less (blue) frequent than "
        "independence would have them, as the kernels see it.",
    )  # fmt: skip
    gamma_curve: bool = switch(
        False, "Gamma law", group="Test", live=True, folded=True, pages=ON_MAP,
        help="Draw Gretton's gamma law over the shuffles. Its p can be off by many powers of ten.",
    )  # fmt: skip
    spectral_curve: bool = switch(
        False, "Spectral law", group="Test", live=True, folded=True, pages=ON_MAP,
        help="Draw the law of n HSIC in the limit of many rows, Σ λᵢμⱼz²ᵢⱼ with the eigenvalues of "
        "both matrices, over the shuffles.",
    )  # fmt: skip
    family: str = choice(
        "fourier", "Functions f and g", FAMILIES, group="Why kernels?", live=True, pages=("why",),
        help="Independence means C[f, g] = 0 for all f and g: which family to try.",
    )  # fmt: skip
    row_order: str = choice(
        "x", "Rows in order of", ORDERS, group="Matrices", live=True, pages=("matrices",),
        help="The same order for all matrices. Likeness joins the rows that are nearest in x and y "
        "first (average linkage), so that clusters stand as blocks.",
    )  # fmt: skip
    row: int = whole(50, "Row", 0, MOST_ROWS - 1, live=True, hidden=True, help="Under the mouse.")
    column: int = whole(
        0, "Column", 0, MOST_ROWS - 1, live=True, hidden=True, help="Under the mouse."
    )
    comparison: str = choice(
        "coefficients", "Compare", COMPARISONS, group="Compare", live=True, pages=("compare",),
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
        "holm", "Correction", CORRECTIONS, group="Columns", live=True, pages=("columns",),
        help="For looking at many pairs. Holm bounds the chance of any false finding, "
        "Benjamini–Hochberg the share of false ones.",
    )  # fmt: skip
    joint: bool = switch(
        False, "Joint test (dHSIC)", group="Columns", live=True, pages=("columns",),
        help="Are all columns together independent? Pairs cannot tell.",
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
    page: str = pages("dependence", PAGES)

    def change(self, **values: Any) -> Self:
        """Return a copy with some values changed; a file, or pasted points, become the data."""
        if "source" not in values:
            if values.get("data_file"):
                values = {**values, "source": "file"}
            elif values.get("points"):
                values = {**values, "source": "drawn"}
        return super().change(**values)

    @property
    def factors(self) -> tuple[float, float]:
        """Both widths in multiples of their rule's, linked or not."""
        return self.width_x, self.width_x if self.linked_widths else self.width_y

    @property
    def kernel_names(self) -> tuple[str, str]:
        """The names of both kernels."""
        return self.kernel_x, self.kernel_y
