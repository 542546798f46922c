"""The i-ResNet lab's state as a script on the core API that prints the same numbers."""

from __future__ import annotations

from zoetrope.core.iresnet.exhibit_scripts import line_script, page_script
from zoetrope.core.iresnet.lab_choices import SETS
from zoetrope.core.iresnet.lab_data import TEST_SEED, TESTED
from zoetrope.core.iresnet.lab_parameters import CELLS, GROUND, IResNetParameters
from zoetrope.core.iresnet.view_parameters import MANY, SAMPLE_SEED, SENT
from zoetrope.core.parameters import written
from zoetrope.core.written import AS_FOUND

HEAD = """\
from zoetrope.core.device import load_torch

load_torch()  # leaves one core to everything else
from zoetrope.core.iresnet import (
    IResNetConfig, Model, Objective, Settings, Trainer, divergence, from_csv, from_points, make,
)
from zoetrope.core.iresnet.model import gaussian

"""


BOUND = """\
print("largest block bound:", float(model.bounds.max()) if len(model.bounds) else 0)
"""


def script(parameters: IResNetParameters) -> str:
    """Return a script that trains the network to the step shown and prints its numbers."""
    p = parameters
    if p.page == "line":
        return line_script(p)
    pages = {"train": _numbers, "transport": _transport, "inverse": _inverse}
    numbers = pages.get(p.page, page_script)
    return "".join([HEAD, _data(p), _network(p), BOUND, numbers(p)])


def _data(p: IResNetParameters) -> str:
    match p.source:
        case "file":
            columns = list(p.columns) or None
            said = written(p, "data_file")
            begin = "" if said == AS_FOUND else "from zoetrope.core.written import Written\n\n"
            how = "" if said == AS_FOUND else f", written={said!r}"
            return (
                f"{begin}points = from_csv({p.data_file!r}, {columns!r}, seed={p.seed}, "
                f"jitter={p.jitter!r}{how}).points\n"
            )
        case "points" | "sprayed":
            rows = [list(row) for row in p.points]
            return f"points = from_points({rows!r}, seed={p.seed}, jitter={p.jitter!r}).points\n"
        case "painted":
            cells = tuple((round(row), round(column)) for row, column in p.cells)
            return (
                "from zoetrope.core.iresnet.painted_cells import PaintedCells\n\n"
                f"painted = PaintedCells({cells!r}, {CELLS}, {GROUND!r})\n"
                f"points = painted.make({p.n}, seed={p.seed})\n"
            )
    return f"points = make({p.source!r}, {p.n}, seed={p.seed}, noise={p.jitter!r})\n"


def _network(p: IResNetParameters) -> str:
    if p.network_file:
        return f"model = Model.load({p.network_file!r})\n"
    best = ", best=True" if p.best else ""
    return f"""\
config = IResNetConfig(
    n_blocks={p.n_blocks}, hidden={p.hidden}, activation={p.activation!r}, lip={p.lip!r},
    bound={p.bound!r}, affine={p.affine}, w1_scale={p.w1_scale!r}, seed={p.seed},
)
settings = Settings(
    steps={p.length}, batch={p.batch}, lr={p.lr!r}, schedule={p.schedule!r},
    val_fraction={p.held_out!r}, seed={p.seed},
)
objective = Objective({p.estimator!r}, terms={p.terms}, n_exact={p.n_exact}, stop={p.stop!r})
trainer = Trainer(points, config, settings, objective)
trainer.step({round(p.step)})
model = trainer.model({best.removeprefix(", ")})
print("loss of the last batch:", trainer.metrics.loss)
print("held-out points:", trainer.metrics.validation)
"""


def _numbers(p: IResNetParameters) -> str:
    lines = []
    if p.source == "painted":
        lines += [
            "from zoetrope.core.iresnet.gap_to_truth import measured",
            f"test = painted.make({TESTED}, {TEST_SEED})",
            "gap = measured(painted.log_density(test), model.log_prob(test))",
            'print("above the entropy:", gap)',
        ]
    if p.source in SETS:
        lines.append(
            f"gap = divergence(model, {p.source!r}, n={TESTED}, seed={TEST_SEED}, "
            f"noise={p.jitter!r})"
        )
        lines.append('print("above the entropy:", gap)')
    lines += [
        f"latent = gaussian({MANY}, {SAMPLE_SEED})",
        "samples, report = model.inverse(latent)",
        "found = report.converged",
        "missed = (model.forward(samples[found])[0] - latent[found]).abs()",
        'print("back and forth:", float(missed.max()))',
    ]
    return "\n".join([*lines, ""])


def _transport(p: IResNetParameters) -> str:
    return f"""\
place, report = model.inverse([[{p.latent_x!r}, {p.latent_y!r}]])
print("it comes from:", place[0].tolist())
print("log |det|:", float(model.forward(place)[1][0]))
print("log p:", float(model.log_prob(place)[0]))
print("iterations:", int(report.iterations[0]))
"""


def _inverse(p: IResNetParameters) -> str:
    return f"""\
sent = points[:{SENT}].double()
latent = model.forward(sent)[0]
home, report = model.inverse(latent, {p.method!r}, max_iter={p.iterations}, trace=True)
missed = (home - sent).norm(dim=1)
print("largest error:", float(missed.max()))
print("median error:", float(missed.quantile(0.5)))
print("most iterations in a block:", int(report.iterations.max()))
print("not converged:", int((~report.converged).sum()))
"""
