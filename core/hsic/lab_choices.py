"""What can be chosen in the HSIC lab, and the words for it."""

# The labels of `datasets.RELATIONS`, which cannot be imported before torch is.
RELATIONS = {
    "sine": "y = sin(kπx)",
    "linear": "y = x",
    "quadratic": "y = x²",
    "cubic": "y = x³",
    "exponential": "y = exp(2x)",
    "w": "W shape",
    "step": "Step function",
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
SERIES = {"series": "Two series, independent"}
ANSCOMBE = {f"anscombe {which}": f"Anscombe {which}" for which in ("I", "II", "III", "IV")}
TABLES = {
    "iris": "Iris",
    "wine": "Wine",
    "diabetes": "Diabetes",
    "breast_cancer": "Breast cancer",
    "datasaurus": "Datasaurus dozen",
}
OWN = {"xor": "Two coins and their XOR", "file": "Your file", "drawn": "Your points"}
DATASAURUS = {
    name: name.replace("_", " ").capitalize()
    for name in (
        "dino", "away", "bullseye", "circle", "dots", "h_lines", "high_lines", "slant_down",
        "slant_up", "star", "v_lines", "wide_lines", "x_shape",
    )
}  # fmt: skip
KERNELS = {
    "gaussian": "Gaussian",
    "laplace": "Laplace",
    "matern32": "Matérn 3/2",
    "matern52": "Matérn 5/2",
    "rq": "Rational quadratic",
    "imq": "Inverse multiquadric",
    "distance": "Distance (dCov)",
    "linear": "Linear",
    "polynomial": "Polynomial",
    "delta": "Delta (categories)",
    "precomputed": "Your own Gram matrix",
}
JOINED = {
    "joint": "One kernel on all",
    "product": "Product over columns",
    "sum": "Sum over columns",
}
RULES = {
    "median": "Median distance",
    "positive": "Median, ties left out",
    "gretton": "Median ÷ √2 (Gretton)",
    "std": "Standard deviation",
    "scott": "Scott",
    "silverman": "Silverman",
    "mean": "Mean distance",
    "dhsic": "As dHSIC does",
    "kci": "As causal-learn’s KCI does",
    "lasso": "As pyHSICLasso does",
}
CONVENTIONS = {
    "sigma": "σ in exp(−d²/2σ²): here, dHSIC",
    "bandwidth": "b in exp(−d²/b²): agginc",
    "gamma": "γ in exp(−γd²): scikit-learn",
    "variance": "v in exp(−d²/2v): ignite",
}
TESTS = {
    "honest": "Whole map, honest p",
    "moment": "Your widths, exact moments",
    "permutation": "Your widths, permutations",
    "gamma": "Your widths, gamma law",
    "spectral": "Your widths, spectral law",
    "split": "Widths by power on a half",
}
LAYERS = {
    "p_moment": "−log₁₀ p, exact moments",
    "p_permutation": "−log₁₀ p, permutations",
    "hsic": "HSIC, biased",
    "hsic_u": "HSIC, unbiased",
    "cka_u": "CKA, unbiased",
    "cka_b": "CKA, biased",
}
FAMILIES = {
    "fourier": "Cosines and sines",
    "monomials": "Powers",
    "bumps": "Bumps",
    "singular": "The best pairs",
}
ORDERS = {"x": "x", "y": "y", "data": "The data", "alike": "Likeness"}
COMPARISONS = {
    "coefficients": "Coefficients",
    "noise": "Over the noise",
    "power": "Power over widths",
}
CORRECTIONS = {"holm": "Holm", "bh": "Benjamini–Hochberg", "none": "None"}
PAGES = {
    "dependence": "Dependence",
    "why": "Why kernels?",
    "matrices": "Matrices",
    "compare": "Compare",
    "columns": "Columns",
    "flow": "Flow",
}
