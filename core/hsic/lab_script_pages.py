"""What a script computes for one page of the HSIC lab beside what all pages show."""

from __future__ import annotations

from zoetrope.core.hsic.lab_choices import ANSCOMBE, RELATIONS, TABLES
from zoetrope.core.hsic.lab_kernels import WIDTHLESS
from zoetrope.core.hsic.lab_parameters import HsicParameters


def page_script(parameters: HsicParameters) -> str:
    """Return the part of the script that belongs to the page that is shown."""
    return {
        "dependence": _dependence,
        "why": _why,
        "matrices": _matrices,
        "compare": _compare,
        "columns": _columns,
        "flow": _flow,
    }[parameters.page](parameters)


def _dependence(p: HsicParameters) -> str:
    parts = ["""
if not constant and grid.best is not None:
    i, j = grid.best
    found["p_best"] = grid.p_moment[i, j]
    for axis, unit, width in (
        ("x", unit_x, grid.widths_x[i]), ("y", unit_y, grid.widths_y[j]),
    ):
        if unit is not None:
            found[f"best_width_{axis}"] = width
"""]  # fmt: skip
    laws = "6 <= len(x) <= 2000 and not constant"
    if p.gamma_curve or p.test == "gamma":
        parts.append(f"""
from zoetrope.core.hsic import gamma_test

if {laws} and kernel_x.unit_diagonal and kernel_y.unit_diagonal:
    found["p_gamma"] = gamma_test(x, y, **at).p_value
""")
    if p.spectral_curve or p.test == "spectral":
        parts.append(f"""
from zoetrope.core.hsic import spectral_test

if {laws} and kernel_x.unit_diagonal and kernel_y.unit_diagonal:
    found["p_spectral"] = spectral_test(x, y, seed={p.seed}, **at).p_value
""")
    if p.test == "split" and not {p.kernel_x, p.kernel_y} & set(WIDTHLESS):
        parts.append(f"""
from zoetrope.core.hsic import select_widths

joint = kernel_x.columns == kernel_y.columns == "joint"
if 12 <= len(x) <= 2000 and not constant and joint:
    chosen = select_widths(
        x, y, "power", widths_x=unit_x * cells, widths_y=unit_y * cells, seed={p.seed}, **kernels
    )
    found["p_split"] = chosen.p_value
    found["split_x"], found["split_y"] = chosen.width_x / unit_x, chosen.width_y / unit_y
""")
    return "".join(parts)


def _why(p: HsicParameters) -> str:
    if {p.kernel_x, p.kernel_y} & set(WIDTHLESS):
        spectrum = ""
    else:
        spectrum = """
from zoetrope.core.hsic import spectrum
from zoetrope.core.hsic.why_view import frequency_grid

if x.shape[1] == y.shape[1] == 1:
    power = spectrum(x, y, frequency_grid(unit_x), frequency_grid(unit_y))
    found["peak_x"], found["peak_y"] = power.peak
    found["peak"] = power.power.max()
"""
    if p.family == "singular":
        from zoetrope.core.hsic.why_page import MOST_ROWS

        return f"""{spectrum}
from zoetrope.core.hsic import singular_functions

if x.shape[1] == y.shape[1] == 1 and not constant:
    rows = np.arange(len(x))
    if len(x) > {MOST_ROWS}:
        rows = np.sort(np.random.default_rng({p.seed}).choice(len(x), {MOST_ROWS}, replace=False))
    values = singular_functions(x[rows], y[rows], count=1, **at).values
    found["first_value"] = values[0]
"""
    if p.kernel_names != ("gaussian", "gaussian"):
        return spectrum
    return f"""{spectrum}
from zoetrope.core.hsic.function_families import climb_steps
from zoetrope.core.stepping import finish

if x.shape[1] == y.shape[1] == 1 and not constant:
    both = finish(
        climb_steps(x[:, 0], y[:, 0], (width_x, width_y), {p.family!r}, found["hsic"])
    )
    found["climb"] = both.running[-1]
"""


def _matrices(p: HsicParameters) -> str:
    order = {
        "data": "order = np.arange(len(x))",
        "x": "order = np.argsort(along_x, kind='stable')",
        "y": "order = np.argsort(along_y, kind='stable')",
        "alike": """\
from zoetrope.core.hsic.row_order import alike_order, distances_of

away = [distances_of(c) for c in centred]
order = alike_order(sum(a / (a.mean() or 1.0) for a in away), along_x)""",
    }[p.row_order]
    squares = tuple(name == "precomputed" for name in p.kernel_names)
    return f"""
from zoetrope.core.hsic import gram
from zoetrope.core.hsic.lab_data import leading

along_x, along_y = leading(x, {squares[0]}), leading(y, {squares[1]})
grams = [gram(x, kernel_x, width_x).numpy(), gram(y, kernel_y, width_y).numpy()]
centred = [m - m.mean(0) - m.mean(1)[:, None] + m.mean() for m in grams]
{order}
i, j = order[min({p.row}, len(x) - 1)], order[min({p.column}, len(x) - 1)]
for name, m, kernel in (("k_pair", grams[0], kernel_x), ("l_pair", grams[1], kernel_y)):
    found[name] = m[i, j] + (1.0 if kernel.unit_diagonal else 0.0)
found["product_pair"] = centred[0][i, j] * centred[1][i, j]
"""


def _compare(p: HsicParameters) -> str:
    parameter = {"sine": p.waves, "copula": p.correlation}.get(p.source)
    if p.comparison != "coefficients" and p.source not in RELATIONS:
        return ""
    if p.comparison == "noise":
        from zoetrope.core.hsic.compare_page import MOST_SWEPT

        return f"""
from zoetrope.core.hsic import noise_sweep_steps

levels = np.linspace(0.0, 2.0, 21)
*_, sweep = noise_sweep_steps(
    {p.source!r}, levels.tolist(), {min(p.n, MOST_SWEPT)}, parameter={parameter!r}, seed={p.seed}
)
for name, p in sweep.p_value.items():
    seen = levels[p <= 0.05]
    found[f"noise_{{name}}"] = seen.max() if len(seen) else "never"
"""
    if p.comparison == "power":
        from zoetrope.core.hsic.compare_page import MOST_POWER

        return f"""
from zoetrope.core.hsic import power_steps

*_, power = power_steps(
    {p.source!r}, {min(p.n, MOST_POWER)}, noise={p.noise!r}, parameter={parameter!r},
    n_sets={p.power_sets}, seed={p.seed},
)
for name in ("naive", "honest", "median", "distance", "pearson"):
    found[f"power_{{name}}"] = getattr(power, name)
"""
    from zoetrope.core.hsic.compare_page import MOST_COMPARED, PERMUTED_UP_TO

    square = {name: "[:, rows]" if name == "precomputed" else "" for name in p.kernel_names}
    return f"""
from zoetrope.core.hsic import compare

rows = np.arange(len(x))
if len(x) > {MOST_COMPARED}:
    rows = np.sort(np.random.default_rng({p.seed}).choice(len(x), {MOST_COMPARED}, replace=False))
every = compare(
    x[rows]{square[p.kernel_x]}, y[rows]{square[p.kernel_y]},
    n_perm=99 if len(rows) <= {PERMUTED_UP_TO} else 0, seed={p.seed}, **at,
)
for name, one in every.items():
    found[f"compare_{{name}}"] = one.value
    if one.p_value is not None:
        found[f"compare_{{name}}_p"] = one.p_value
if "p_global" in found:
    found["compare_map_p"] = found.pop("p_global")
"""


def _columns(p: HsicParameters) -> str:
    more = ""
    if p.source in ANSCOMBE:
        more = "from zoetrope.core.hsic.lab_data import quartet\n\ntable, _ = quartet()\n"
    elif p.source not in (*TABLES, "file", "xor"):
        more = (
            "from zoetrope.core.hsic.lab_data import companions\n\n"
            "table, _ = companions(*table.T)\n"
        )
    return f"""
{more}
from zoetrope.core.hsic import hsic_matrix
from zoetrope.core.hsic.lab_columns import FEW_COLUMNS, FEW_ROWS, dhsic_defined, rows_compared
from zoetrope.core.hsic.joint_independence import dhsic_test

shared = kernel_x if kernel_x == kernel_y and kernel_x.columns == "joint" else Kernel()
if shared.name == "precomputed":
    shared = Kernel()
width = {p.width_rule!r} if shared.has_width else None
table = table[rows_compared(table, {p.seed})]
count = table.shape[1]
if len(table) >= 6 and count >= 2:
    matrix = hsic_matrix(
        table, width=width, kernel=shared, correction={p.correction!r}, seed={p.seed}
    )
    i, j = {p.column}, {p.row}
    if i == j or max(i, j) >= count:
        i, j = 0, 1
    if np.isfinite(matrix.p_value[i, j]):
        found["p_pair"], found["p_alone"] = matrix.p_corrected[i, j], matrix.p_value[i, j]
        found["hsic_pair"], found["cka_pair"] = matrix.hsic[i, j], matrix.cka[i, j]
    if dhsic_defined(table, shared.name) and (
        {p.joint} or (count <= FEW_COLUMNS and len(table) <= FEW_ROWS)
    ):
        test = dhsic_test(
            list(table.T), n_perm={p.permutations}, seed={p.seed}, kernels=shared, widths=width,
            block_length={p.block_length},
        )
        found["dhsic"], found["p_dhsic"] = test.statistic, test.p_value
"""


def _flow(p: HsicParameters) -> str:
    from zoetrope.core.hsic.flow_page import ANGLES, MOST_ROWS, STEPS

    flat = {"delta", "precomputed"} & set(p.kernel_names)
    factor = f"min(({p.factors[0]!r} * {p.factors[1]!r}) ** 0.5, 1.0)"
    flow = f"""
if x.shape[1] == y.shape[1] == 1 and not constant:
    frames = list(flow_steps(
        x[rows], y[rows], n_steps={STEPS}, uphill={p.uphill}, moves={p.moves!r}, **at
    ))
    found["flow_hsic"] = frames[min(round({p.flow_step!r}), len(frames) - 1)].hsic
"""
    return f"""
from zoetrope.core.hsic import HsicError, flow_steps, rotation_steps

rows = np.arange(len(x))
if len(x) > {MOST_ROWS}:
    rows = np.sort(np.random.default_rng({p.seed}).choice(len(x), {MOST_ROWS}, replace=False))
{"" if flat else flow}
if x.shape[1] == y.shape[1] == 1:
    try:
        pair = np.column_stack([x[rows], y[rows]])
        *_, curve = rotation_steps(pair, count={ANGLES}, factor={factor})
        found["best_angle"] = np.degrees(curve.best)
    except HsicError:  # the two columns lie on one line
        pass
"""
