"""The panels of the train page: density, data or truth beside it, curves, and samples."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from zoetrope.core.contour_lines import contour_segments, holding
from zoetrope.core.edits import Edit, Spray, TableEdit
from zoetrope.core.figure import Axis, Cell, Panel
from zoetrope.core.iresnet.gap_to_truth import Divergence
from zoetrope.core.iresnet.lab_colours import coloured, sectors
from zoetrope.core.iresnet.lab_data import Extent
from zoetrope.core.iresnet.lab_parameters import CELLS, GROUND, MOST_DRAWN
from zoetrope.core.iresnet.lab_training import Trained
from zoetrope.core.iresnet.loss_curves import instruction, smoothed
from zoetrope.core.items import Array, Curve, HeatMap, Item, Rule, Scatter, Segments
from zoetrope.core.lab import Readout

_LEAST_RANGE = 0.5  # nats that the curves' panel shows
_HOW_TO_TRAIN = "Press play, or the space bar: the network trains, and this falls"
_MARKED = 8  # changes of settings that are marked, the last ones
_DEEPEST = 12.0  # nats below the highest density that a logarithmic map shows
_SHARE = 0.997  # of the cells that the colours cover: one bright cell does not darken all others


def density_panel(
    name: str,
    title: str,
    log_density: Array,
    extent: Extent,
    scale: str,
    top: float,
    cell: Cell,
    key: str = "density",
    *,
    bar: bool = True,
) -> Panel:
    """Return a map of exp(log_density) [n, n], or of log_density, coloured up to log p = `top`."""
    if scale == "log":
        shown, levels, label = log_density, (top - _DEEPEST, top), "log p"
        shown = np.maximum(shown, top - _DEEPEST)
    else:
        shown, levels, label = np.exp(np.minimum(log_density, 700.0)), (0.0, math.exp(top)), "p"
    return Panel(
        name=name,
        title=title,
        items=(
            HeatMap(key=key, label=label, z=shown, extent=extent, levels=levels, bar=bar),
        ),
        cell=cell,
        summary=title + ".",
    )  # fmt: skip


def contours(log_density: Array, extent: Extent) -> list[Item]:
    """Return lines that enclose 50, 80 and 95 % of a density on a grid."""
    density = np.exp(np.minimum(log_density, 700.0))
    found: list[Item] = []
    for share, opacity in ((0.5, 1.0), (0.8, 0.8), (0.95, 0.6)):
        x0, y0, x1, y1 = contour_segments(density, extent, holding(density, share))
        found.append(Segments(key=f"contour {share}", x0=x0, y0=y0, x1=x1, y1=y1, role="accent",
                              width=1.0, opacity=opacity, layer=1))  # fmt: skip
    return found


def top_of(log_density: Array) -> float:
    """Return the log-density at the bright end of a map's colours."""
    finite = log_density[np.isfinite(log_density)]
    return float(np.quantile(finite, _SHARE)) if finite.size else 0.0


def difference_panel(learned: Array, truth: Array, extent: Extent, cell: Cell) -> Panel:
    """Return the map of p - p*, both given as logarithms [n, n]."""
    gap = np.exp(np.minimum(learned, 700.0)) - np.exp(truth)
    reach = max(math.exp(top_of(truth)), 1e-300)
    title = "Learned less true density"
    return Panel(
        name="beside",
        title=title,
        items=(
            HeatMap(key="difference", label="p − p*", z=gap, extent=extent, levels=(-reach, reach),
                    colours="diverging"),
        ),
        cell=cell,
        summary="Where the learned density is too high (red) or too low (blue).",
    )  # fmt: skip


def data_panel(points: Array, count: int, title: str, extent: Extent, cell: Cell) -> Panel:
    """Return the data, of which some are drawn."""
    return Panel(
        name="beside",
        title=title,
        items=tuple(coloured("points", points, sectors(points, extent), size=2.4, opacity=0.75)),
        cell=cell,
        summary=f"{len(points)} of the {count} points that the network learns from.",
    )


def drawing_panel(points: Array, cell: Cell) -> Panel:
    """Return the ground that points [m, 2] are drawn on."""
    items = coloured("points", points, sectors(points, GROUND), size=2.4, opacity=0.75)
    if not len(points):
        items.append(instruction("Hold the button here: points fall; the wheel widens the brush"))
    table = TableEdit("points", also=(("source", "sprayed"),))
    return Panel(
        name="beside",
        title="Draw the data: hold the button",
        items=tuple(items),
        x=Axis("x", range=GROUND[:2]),
        y=Axis("y", range=GROUND[2:]),
        cell=cell,
        equal=True,
        grid=False,
        spray=Spray(table, "brush_radius", "brush_rate", "erase", GROUND, MOST_DRAWN),
        summary=f"{len(points)} points are drawn.",
    )


def painting_panel(cells: Array, cell: Cell) -> Panel:
    """Return the painting ground; `cells` [m, 2] are (row, column) of the painted ones."""
    ground = np.zeros((CELLS, CELLS))
    rows, columns = cells.astype(int).T if len(cells) else (np.empty(0, int), np.empty(0, int))
    ground[rows, columns] = 1.0
    items: list[Item] = [
        HeatMap(key="ground", label="painted", z=ground, extent=GROUND, levels=(0.0, 1.4),
                bar=False,
                edits=TableEdit("cells", also=(("source", "painted"),), broad=True))
    ]  # fmt: skip
    if not len(cells):
        items.append(instruction("Drag here; the wheel makes the brush wider"))
    return Panel(
        name="beside",
        title="Paint the data: drag over the cells",
        items=tuple(items),
        x=Axis("x", range=GROUND[:2]),
        y=Axis("y", range=GROUND[2:]),
        cell=cell,
        equal=True,
        grid=False,
        summary=f"{len(cells)} of {CELLS * CELLS} cells are painted.",
    )


def samples_panel(
    samples: Array,
    sector: Array,
    converged: npt.NDArray[np.bool_],
    cell: Cell,
) -> Panel:
    """Return what the inverse makes of Gaussian noise; points that did not converge are hollow."""
    lost = samples[~converged]
    items = coloured("samples", samples[converged], sector[converged], size=2.8)
    if len(lost):
        items.append(Scatter(key="lost", x=lost[:, 0], y=lost[:, 1],
                             role="warn", marker="ring", size=5.0, layer=1))  # fmt: skip
        title = f"Run backwards: {len(lost)} points find no way"
    else:
        title = "Noise run backwards"
    return Panel(
        name="samples",
        title=title,
        items=tuple(items),
        cell=cell,
        summary=f"{len(samples)} Gaussian points taken back through the network by Newton's method."
    )  # fmt: skip


def curves_panel(
    trained: Trained, entropy: float | None, gap: Divergence | None, cell: Cell, *, waiting: bool
) -> Panel:
    """Return the losses over the steps, the held-out likelihood, and the floor below both; of a
    training that is `waiting`, where it will begin and how.
    """
    smooth = smoothed(trained.losses)
    items: list[Item] = [
        Curve(key="loss", label="training", x=np.arange(1.0, len(smooth) + 1), y=smooth,
              role="data1", width=1.2, opacity=0.8, label_at=0.75)
    ]  # fmt: skip
    values = [smooth[20:] if len(smooth) > 40 else smooth]
    if trained.validations:
        x, y = np.array(trained.validations).T
        items.append(Curve(key="held out", label="held out", x=x, y=y, role="data2", width=2.0))
        items.append(Scatter(key="validated", x=x, y=y, role="data2", size=5.0))
        values.append(y)
    if entropy is not None:
        items.append(Rule(key="floor", label=f"entropy {entropy:.3f}: no density goes below",
                          axis="y", value=entropy, role="accent"))  # fmt: skip
        values.append(np.array([entropy]))
    if waiting:
        start = np.array([0.0 if gap is None else gap.nll])
        if gap is not None:
            items.append(Scatter(key="start", x=np.zeros(1), y=start, role="data2", size=7.0))
            values.append(start)
        items.append(instruction(_HOW_TO_TRAIN, _ceiling(trained) / 2, float(start[0])))
    for number, step in enumerate(trained.changed[-_MARKED:]):
        items.append(Rule(key=f"changed{number}", axis="x", value=float(step), dash="dot"))
    return Panel(
        name="curves",
        title=_headline(trained, entropy, gap),
        items=tuple(items),
        x=Axis("Training step", range=(0.0, float(_ceiling(trained)))),
        y=Axis("NLL", "nats", range=_room(np.concatenate(values))),
        cell=cell,
        pick_x=Edit("step"),
        summary=_headline(trained, entropy, gap) + ".",
    )


def _headline(trained: Trained, entropy: float | None, gap: Divergence | None) -> str:
    if gap is not None and math.isfinite(gap.value):
        if gap.value < -4 * gap.standard_error:
            return f"After {trained.step} steps: {-gap.value:.3f} nats below what a density can be"
        return f"After {trained.step} steps: {gap.value:.3f} nats from the true density"
    if trained.validations:
        return f"After {trained.step} steps: {trained.validations[-1][1]:.3f} nats held out"
    return f"After {trained.step} steps"


def _ceiling(trained: Trained) -> int:
    """The next of 100, 200, 400, … steps, or the training's length: the axis seldom moves."""
    most = 100
    while most < trained.step:
        most *= 2
    return max(trained.step, min(most, trained.setup.settings.steps))


def _room(values: Array) -> tuple[float, float] | None:
    finite = values[np.isfinite(values)]
    if not finite.size:
        return None
    low, high = float(finite.min()), float(finite.max())
    room = 0.06 * max(high - low, 0.05)
    return low - room, max(high + 2 * room, low + _LEAST_RANGE)


def train_readouts(
    trained: Trained,
    gap: Divergence | None,
    mass: float,
    error: float,
    lost: int,
    largest: float,
) -> tuple[Readout, ...]:
    """Return the numbers of the training."""
    found = []
    if gap is not None:
        found += [
            Readout("kl", "Above the entropy", gap.value, "nats", r"D_{KL}",
                    gap.value / (2 * math.log(2)), "bits/dim",
                    "Mean of log p* − log p on 2000 fresh points: how far the learned density is "
                    "from the true one.", error=gap.standard_error),
            Readout("nll", "NLL, fresh points", gap.nll, "nats", "", gap.nll / (2 * math.log(2)),
                    "bits/dim", "Mean of −log p on the same points."),
        ]  # fmt: skip
    elif trained.validations:
        nll = trained.validations[-1][1]
        found.append(Readout("nll", "NLL, held out", nll, "nats", "", nll / (2 * math.log(2)),
                             "bits/dim",
                             "Mean of −log p on points that training never sees."))  # fmt: skip
    found += [
        Readout("mass", "∫ p shown", mass, "", r"\int p",
                help="What the picture holds of the learned density: nearly 1, as some of it lies "
                "beyond; more than 1 and it is no density."),
        Readout("inverse_error", "Back and forth", error,
                help="The greatest distance between a sample's latent point and where the network "
                "takes the sample again: 0 if the inverse is exact.",
                good=error < 1e-8 and not lost),
        Readout("largest_bound", "Largest block bound", largest, symbol="L",
                help="The greatest Lipschitz bound of a block: below 1 each can be undone.",
                good=largest < 1),
    ]  # fmt: skip
    return tuple(found)
