"""The HSIC lab's state as a script on the core API that prints the same numbers."""

from __future__ import annotations

from zoetrope.core.hsic.lab_choices import ANSCOMBE, SERIES, TABLES
from zoetrope.core.hsic.lab_data import FINEST
from zoetrope.core.hsic.lab_kernels import WIDTHLESS, shape
from zoetrope.core.hsic.lab_one_width import EXACT_UP_TO, NOCCO_UP_TO, WHOLE_UP_TO
from zoetrope.core.hsic.lab_parameters import HsicParameters
from zoetrope.core.hsic.lab_script_pages import page_script
from zoetrope.core.hsic.lab_study import EXACT_MAP_UP_TO

HEAD = """\
import numpy as np

from zoetrope.core.device import load_torch
from zoetrope.core.hsic import (
    Kernel, cka, convert_width, hsic, median_width, moment_test, nocco, permutation_test,
    width_grid,
)

load_torch()  # leaves one core to everything else
found = {}  # what the lab shows
"""


def script(parameters: HsicParameters) -> str:
    """Return a script that draws or reads the data and computes what the page shows."""
    parts = [HEAD, _data(parameters), _cut(parameters), _kernels(parameters)]
    if parameters.page != "columns":
        parts.append(_at_widths(parameters))
    if parameters.page == "dependence":
        parts.append(_tests(parameters))
    if parameters.page in ("dependence", "compare"):
        parts.append(_map(parameters))
    parts.append(page_script(parameters))
    parts.append("\nfor name, value in found.items():\n    print(name, value)\n")
    return "".join(parts)


def _data(p: HsicParameters) -> str:
    if p.source in ("file", "drawn") or p.source in TABLES:
        return _own(p)
    if p.source == "xor":
        return f"""\
from zoetrope.core.hsic.datasets import xor_triple

table = np.column_stack(xor_triple({p.n}, seed={p.seed}))
x, y = table[:, [0]], table[:, [2]]
"""
    if p.source in SERIES:
        return f"""\
from zoetrope.core.hsic.datasets import independent_series

table = np.column_stack(independent_series({p.n}, seed={p.seed}))
x, y = table[:, [0]], table[:, [1]]
"""
    if p.source in ANSCOMBE:
        drawn = f"anscombe({p.source.removeprefix('anscombe ')!r})"
    else:
        parameter = {"sine": p.waves, "copula": p.correlation}.get(p.source)
        rounding = p.rounding if p.rounding > FINEST else 0.0
        drawn = (
            f"sample(\n    {p.source!r}, {p.n}, noise={p.noise!r}, parameter={parameter!r},\n"
            f"    outliers={p.outliers!r}, rounding={rounding!r}, seed={p.seed},\n)"
        )
    return f"""\
from zoetrope.core.hsic.datasets import anscombe, sample

data = {drawn}
table = np.column_stack([data.x, data.y])
x, y = table[:, [0]], table[:, [1]]
"""


def _own(p: HsicParameters) -> str:
    """The lab's own reading, so that columns and gaps are the same."""
    values = p.plain()
    names = ("source", "data_file", "encoding", "separator", "decimal", "datasaurus", "columns_x",
             "columns_y", "table_columns", "standardise", "points", "kernel_x",
             "kernel_y")  # fmt: skip
    given = ", ".join(f"{name}={_literal(values[name])}" for name in names)
    return f"""\
from zoetrope.core.hsic.lab_data import load
from zoetrope.core.hsic.lab_parameters import HsicParameters

data = load(HsicParameters({given}))
x, y, table = data.x, data.y, data.table
"""


def _literal(value: object) -> str:
    if isinstance(value, list):
        return f"({''.join(_literal(v) + ', ' for v in value)})"
    return repr(value)


def _cut(p: HsicParameters) -> str:
    """The rows drawn of too many, where every pair of them is compared."""
    paired = ""
    if _many(p):
        paired = " and (x.shape[1] + y.shape[1] > 2 or min(np.ptp(x), np.ptp(y)) == 0)"
    return f"""
if len(x) > {p.most_rows}{paired}:  # every pair of rows is compared
    rows = np.sort(np.random.default_rng({p.seed}).choice(len(x), {p.most_rows}, replace=False))
    x = x[rows]{_columns(p, "x")}
    y = y[rows]{_columns(p, "y")}
    table = table[rows]
"""


def _columns(p: HsicParameters, axis: str) -> str:
    """Of a Gram matrix the columns are taken like the rows."""
    return "[:, rows]" if getattr(p, f"kernel_{axis}") == "precomputed" else ""


def _kernels(p: HsicParameters) -> str:
    lines = [""]
    for axis, factor in zip("xy", p.factors, strict=True):
        made = shape(p, axis)
        rest = "".join(f", {name}={value!r}" for name, value in made.items() if name != "name")
        lines.append(f"kernel_{axis} = Kernel({made['name']!r}{rest})")
        if made["name"] in WIDTHLESS:
            lines.append(f"unit_{axis} = width_{axis} = None")
        elif "columns" in made:
            lines += [
                f"unit_{axis} = np.mean([median_width(c, {p.width_rule!r}) for c in {axis}.T])",
                f"width_{axis} = ({factor!r} * unit_{axis},) * {axis}.shape[1]",
            ]
        else:
            lines += [
                f"unit_{axis} = median_width({axis}, {p.width_rule!r})",
                f"width_{axis} = {factor!r} * unit_{axis}",
            ]
    lines += [
        "kernels = dict(kernel_x=kernel_x, kernel_y=kernel_y)",
        "at = dict(width_x=width_x, width_y=width_y, **kernels)",
        "constant = any((v == v[0]).all() for v in (x, y))",
    ]
    return "\n".join(lines) + "\n"


def _many(p: HsicParameters) -> bool:
    """Whether rows beyond a number are left to the engines for maps."""
    from zoetrope.core.hsic.choose_engine import OF_DISTANCE

    joint = all("columns" not in shape(p, axis) for axis in "xy")
    return joint and set(p.kernel_names) <= set(OF_DISTANCE)


def _at_widths(p: HsicParameters) -> str:
    whole = f"""\
found["hsic"] = hsic(x, y, **at)
found["hsic_u"] = hsic(x, y, estimator="unbiased", **at)
found["cka"] = cka(x, y, **at)
found["cka_u"] = cka(x, y, estimator="unbiased", **at)
if len(x) >= 6:
    found["p_value"] = moment_test(x, y, **at).p_value
bounded = kernel_x.unit_diagonal and kernel_y.unit_diagonal and not constant
if len(x) <= {NOCCO_UP_TO} and bounded:
    found["nocco"] = nocco(x, y, **at)
"""
    if p.page == "matrices":
        from zoetrope.core.hsic.matrices_page import MOST_ROWS

        whole = f"""\
if len(x) > {MOST_ROWS}:  # the rows whose matrices are drawn
    rows = np.sort(np.random.default_rng({p.seed}).choice(len(x), {MOST_ROWS}, replace=False))
    x = x[rows]{_columns(p, "x")}
    y = y[rows]{_columns(p, "y")}
{whole}"""
    elif _many(p):
        indented = "".join(f"    {line}\n" for line in whole.splitlines())
        whole = f"""\
many = len(x) > {WHOLE_UP_TO} and x.shape[1] == y.shape[1] == 1 and not constant
if many:
    cell = [None if width is None else [width] for width in (width_x, width_y)]
    one = width_grid(x, y, *cell, **kernels)
    for name, key in (("hsic", "hsic"), ("hsic_u", "hsic_u"), ("cka_b", "cka"), ("cka_u", "cka_u"),
                      ("p_moment", "p_value")):
        found[key] = getattr(one, name)[0, 0]
else:
{indented}"""
    return f"""
{whole}found["n"], found["n_hsic"] = len(x), len(x) * found["hsic"]
for axis, unit, factor in (("x", unit_x, {p.factors[0]!r}), ("y", unit_y, {p.factors[1]!r})):
    if unit is not None:
        found[f"unit_{{axis}}"], found[f"width_{{axis}}"] = unit, factor * unit
        if {p.convention!r} != "sigma":
            found[f"converted_{{axis}}"] = convert_width(factor * unit, "sigma", {p.convention!r})
"""


def _tests(p: HsicParameters) -> str:
    test = f"""\
n_perm = {_orders(p, EXACT_UP_TO, p.permutations)}
shuffled = permutation_test(
    x, y, n_perm=n_perm, seed={p.seed}, block_length={p.block_length}, **at
)
found["p_permutation"] = shuffled.p_value
"""
    if not _many(p):
        return f"\n{test}"
    indented = "".join(f"    {line}\n" for line in test.splitlines())
    return f"""
if many:
    one = width_grid(
        x, y, *cell, n_perm={p.permutations}, seed={p.seed}, block_length={p.block_length},
        **kernels
    )
    found["p_permutation"] = one.p_value[0, 0]
else:
{indented}"""


def _orders(p: HsicParameters, few: int, count: int) -> str:
    """How many orders are gone through: all of them for few rows."""
    return str(count) if p.block_length > 1 else f'"exact" if len(x) <= {few} else {count}'


def _map(p: HsicParameters) -> str:
    return f"""
# The whole map, and the one p-value that holds for having looked at all of it.
from zoetrope.core.hsic.map_cells import map_cells

cells, rows = map_cells(
    x, y, unit_x, unit_y, seed={p.seed}, kernel_x={p.kernel_x!r}, kernel_y={p.kernel_y!r},
    most={p.map_rows},
)
if not constant:
    grid = width_grid(
        x[rows]{_columns(p, "x")},
        y[rows]{_columns(p, "y")},
        None if unit_x is None else unit_x * cells, None if unit_y is None else unit_y * cells,
        n_perm={_orders(p, EXACT_MAP_UP_TO, p.map_permutations)}, seed={p.seed},
        block_length={p.block_length}, **kernels,
    )
    if grid.p_global is not None:
        found["p_global"] = grid.p_global
"""
