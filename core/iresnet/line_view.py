"""The page of the line as panels: paths through two networks, what they learn, where they fold."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from zoetrope.core.edits import Edit
from zoetrope.core.figure import Axis, Cell, Panel
from zoetrope.core.iresnet.line_figure import HALF_WIDTH, LineNet, path_of, places_at, starts_at
from zoetrope.core.items import Array, Curve, Handle, Item, Places, Role, Scatter

WORDS = {"flow": "i-ResNet", "plain": "ResNet"}
ROLES: dict[str, Role] = {"flow": "data1", "plain": "data2"}
_DRAWN = 41  # paths
_TALLEST = 10.0  # of the places that are shown
_MARGIN = 0.02  # of the layers


def ways_panel(which: str, net: LineNet, start: float, depth: float, cell: Cell) -> Panel:
    """Return the places of many starts down to a depth (0 to 1), and all starts that are there at
    the place of the one asked about.
    """
    count = len(net.paths) - 1
    position = depth * count
    layers = np.append(np.arange(np.ceil(position)), position)
    upto = len(layers) - 1
    ends = places_at(net, position).numpy()
    ways = np.concatenate([net.paths[:upto].numpy(), ends[None]])
    shown = np.linspace(0, ways.shape[1] - 1, _DRAWN).round().astype(int)
    place = float(np.interp(start, net.start.numpy(), ends))
    meeting = starts_at(net, position, place).tolist() or [start]
    followed = [
        np.append(path_of(net, other).numpy()[:upto], place)
        for other in (meeting if len(meeting) > 1 else [start])
    ]
    role: Role = "accent" if len(meeting) < 2 else "warn"
    items: list[Item] = [
        _gapped("paths", layers, ways[:, shown].T, ROLES[which], 0.9, 0.5),
        Scatter(key="ends", x=np.full(len(shown), position), y=ends[shown], role=ROLES[which],
                size=3.0, opacity=0.7),
        _gapped("followed", layers, np.stack(followed), role, 2.2, 1.0),
        Scatter(key="starts", x=np.zeros(len(meeting)), y=meeting, role=role, size=6.0, layer=1),
        Scatter(key="place", x=[position], y=[place], size=9.0, layer=2, role=role),
        Handle(key="start", label="Drag: the start", x=0.0, y=start, y_edit=Edit("line_start")),
    ]  # fmt: skip
    folded = int(net.folded.sum())
    title = (
        f"{WORDS[which]}: crossed in {folded} of {count} layers" if folded
        else f"{WORDS[which]}: no two paths meet"
    )  # fmt: skip
    reach = min(_TALLEST, 1.05 * float(net.paths.abs().max()))
    starts = "1 start is" if len(meeting) == 1 else f"{len(meeting)} starts are"
    return Panel(
        name=which, title=title, cell=cell, items=tuple(items), grid=False,
        x=Axis("Layer", range=_layers(count)),
        y=Axis("Place x", range=(-reach, reach)),
        pick_x=Edit("line_depth", scale=1 / count),
        places=(Places(key="starts", x=np.full(len(shown), position), y=ends[shown]),),
        summary=f"{title}. {starts} at {place:.3g} after {position:.3g} layers.",
    )  # fmt: skip


def _layers(count: int) -> tuple[float, float]:
    """The axis of so many layers, with room for the marks on the first and the last."""
    return -_MARGIN * count, (1 + _MARGIN) * count


def _gapped(key: str, x: Array, rows: Array, role: Role, width: float, opacity: float) -> Curve:
    """Many lines over the same x as one curve with gaps."""
    gap = np.full((len(rows), 1), np.nan)
    return Curve(
        key=key, x=np.tile(np.append(x, np.nan), len(rows)), role=role, width=width,
        y=np.concatenate([rows, gap], axis=1).ravel(), opacity=opacity,
    )  # fmt: skip


def fit_panel(nets: Mapping[str, LineNet], cell: Cell) -> Panel:
    """Return what both networks learnt at half depth and at the end, over the targets."""
    x = np.linspace(-HALF_WIDTH, HALF_WIDTH, 81)
    items: list[Item] = [
        Curve(key="cube", label="x³", x=x, y=x**3, role="guide", width=4.0, opacity=0.5,
              label_at=0.97),
        Curve(key="identity", label="x", x=x, y=x, role="guide", width=4.0, opacity=0.5,
              label_at=0.04),
    ]  # fmt: skip
    for which, net in nets.items():
        half = (len(net.paths) - 1) // 2
        for key, layer in (("half", half), ("end", -1)):
            items.append(
                Curve(key=f"{which} {key}", x=net.start.numpy(), y=net.paths[layer].numpy(),
                      label=WORDS[which] if key == "half" else "",
                      role=ROLES[which], dash="solid" if which == "flow" else "dash",
                      width=1.6, label_at=0.93 if which == "flow" else 0.07)
            )  # fmt: skip
    errors = {name: max(net.cubic_error, net.identity_error) for name, net in nets.items()}
    worst = max(errors.values())
    fitted = worst < _FITTED
    title = "Both learn x³ at half depth, x at the end" if fitted else "Still far from x³ and x"
    return Panel(
        name="fit", title=title, cell=cell, items=tuple(items),
        x=Axis("Start x₀", range=(-HALF_WIDTH, HALF_WIDTH)),
        y=Axis("Place x", range=(-9.0, 9.0)), crosshair="start",
        summary=f"{title}: mean squared errors at most "
        + ", ".join(f"{error:.2g} ({WORDS[name]})" for name, error in errors.items()) + ".",
    )  # fmt: skip


_FITTED = 0.05  # mean squared error of targets whose variances are 9 and 4/3


def folds_panel(nets: Mapping[str, LineNet], cell: Cell) -> Panel:
    """Return the share of the interval that each layer's map runs backwards on."""
    items: list[Item] = []
    least: dict[str, float] = {}
    top = 10.0
    for which, net in nets.items():
        share = 100 * (net.slopes < 0).double().mean(1).numpy()
        least[which], top = net.least_slope, max(top, 1.15 * float(share.max()))
        layers = np.arange(float(len(share)))
        items += [
            Curve(key=which, label=WORDS[which], x=layers, y=share, role=ROLES[which], width=2.0,
                  label_at=0.3 if which == "flow" else 0.93),
            Scatter(key=f"{which} points", x=layers, y=share, role=ROLES[which], size=5.0,
                    marker="circle" if which == "flow" else "square"),
        ]  # fmt: skip
    backwards = [WORDS[which] for which, slope in least.items() if slope < 0]
    title = "No layer’s map runs backwards anywhere"
    if backwards:
        title = f"Where the {' and the '.join(backwards)} runs backwards"
    words = ", ".join(f"{WORDS[which]} {slope:.3g}" for which, slope in least.items())
    return Panel(
        name="folds", title=title, cell=cell, items=tuple(items),
        x=Axis("Layer", range=_layers(len(share) - 1)),
        y=Axis("Starts reversed", "%", range=(-0.04 * top, top)),
        pick_x=Edit("line_depth", scale=1 / (len(share) - 1)),
        summary=f"{title}: the share of starts with dx/dx₀ < 0. Least slopes: {words}.",
    )  # fmt: skip
