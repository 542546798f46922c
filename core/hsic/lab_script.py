"""The HSIC lab's state as a script on the core API that gives the same numbers."""

from __future__ import annotations

from zoetrope.core.hsic.lab_parameters import ANSCOMBE, HsicParameters

HEAD = """\
import numpy as np

from zoetrope.core.device import load_torch
from zoetrope.core.hsic import cka, hsic, median_width, moment_test, permutation_test, width_grid

load_torch()  # leaves one core to everything else
"""


def script(parameters: HsicParameters) -> str:
    """Return a script that draws or reads the data, tests them and maps the widths."""
    return HEAD + _data(parameters) + _kernels(parameters) + TESTS.format(
        permutations=parameters.permutations,
        map_permutations=parameters.map_permutations,
        seed=parameters.seed,
    )  # fmt: skip


def _data(p: HsicParameters) -> str:
    if p.source in ("file", "drawn"):
        return _own(p)
    if p.source == "xor":
        return f"""\
from zoetrope.core.hsic.datasets import xor_triple

x, _, y = xor_triple({p.n}, seed={p.seed})
"""
    if p.source in ANSCOMBE:
        which = p.source.removeprefix("anscombe ")
        return f"""\
from zoetrope.core.hsic.datasets import anscombe

data = anscombe({which!r})
x, y = data.x, data.y
"""
    shape = {"sine": p.waves, "copula": p.correlation}.get(p.source)
    return f"""\
from zoetrope.core.hsic.datasets import sample

data = sample(
    {p.source!r}, {p.n}, noise={p.noise!r}, parameter={shape!r}, outliers={p.outliers!r},
    rounding={p.rounding!r}, seed={p.seed},
)
x, y = data.x, data.y
"""


def _own(p: HsicParameters) -> str:
    """The lab's own reading, so that columns, gaps and the rows drawn are the same."""
    values = p.plain()
    names = ("source", "data_file", "columns_x", "columns_y", "standardise", "most_rows", "points",
             "kernel_x", "kernel_y", "seed")  # fmt: skip
    given = ", ".join(f"{name}={_literal(values[name])}" for name in names)
    return f"""\
from zoetrope.core.hsic.lab_data import load
from zoetrope.core.hsic.lab_parameters import HsicParameters

data = load(HsicParameters({given}))
x, y = data.x, data.y
"""


def _literal(value: object) -> str:
    if isinstance(value, list):
        return f"({''.join(_literal(v) + ', ' for v in value)})"
    return repr(value)


def _kernels(p: HsicParameters) -> str:
    widthless = ("distance", "linear", "delta")
    factors = p.factors
    lines = ["", f"kernels = dict(kernel_x={p.kernel_x!r}, kernel_y={p.kernel_y!r})"]
    for axis, kernel, factor in (("x", p.kernel_x, factors[0]), ("y", p.kernel_y, factors[1])):
        if kernel in widthless:
            lines += [f"unit_{axis} = None", f"width_{axis} = None"]
        else:
            lines += [
                f"unit_{axis} = median_width({axis}, {p.width_rule!r})",
                f"width_{axis} = {factor!r} * unit_{axis}",
            ]
    lines.append("widths = dict(width_x=width_x, width_y=width_y)")
    return "\n".join(lines) + "\n"


TESTS = """
print("hsic", hsic(x, y, **widths, **kernels))
print("hsic unbiased", hsic(x, y, estimator="unbiased", **widths, **kernels))
print("cka", cka(x, y, **widths, **kernels))
if len(x) >= 6:
    print("p, exact moments", moment_test(x, y, **widths, **kernels).p_value)
n_perm = "exact" if len(x) <= 8 else {permutations}
test = permutation_test(x, y, n_perm=n_perm, seed={seed}, **widths, **kernels)
print("p, permutations", test.p_value)

# The whole map, and the one p-value that holds for having looked at all of it.
rows = np.arange(len(x))
cells = np.geomspace(max(0.02, 2 / len(x)), 20.0, 15)
if len(x) > 300:
    from zoetrope.core.hsic.map_cells import map_cells

    cells, rows = map_cells(x, y, unit_x, unit_y, seed={seed}, **kernels)
grid = width_grid(
    x[rows], y[rows],
    None if unit_x is None else unit_x * cells,
    None if unit_y is None else unit_y * cells,
    n_perm={map_permutations}, seed={seed}, **kernels,
)
print("p, whole map", grid.p_global)
"""
