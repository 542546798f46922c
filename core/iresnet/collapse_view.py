"""The collapse page as panels: an i-ResNet and a plain ResNet on the same data, and what the
plain one's likelihood is worth.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from zoetrope.core.edits import Edit
from zoetrope.core.figure import Axis, Cell, Panel
from zoetrope.core.iresnet.loss_curves import (
    SMOOTHED,
    UNBEGUN,
    how_to_begin,
    nll_range,
    smoothed,
)
from zoetrope.core.iresnet.plane_panel import on_plane, with_points
from zoetrope.core.items import Array, Curve, HeatMap, Item, Role, Rule, Scatter

if TYPE_CHECKING:
    from torch import Tensor

    from zoetrope.core.iresnet.lab_data import Extent, LabData
    from zoetrope.core.iresnet.lab_training import Trained
    from zoetrope.core.iresnet.plane_measures import Folds

WORDS = {"flow": "i-ResNet", "plain": "plain ResNet"}
ROLES: dict[str, Role] = {"flow": "data1", "plain": "warn"}
_LOG_RANGE = 12.0  # nats below the brightest, on the logarithmic scale
_BRIGHT = 0.995  # share of the cells that the colours tell apart
_MOST_LOG = 250.0  # of p, base 10: beyond it nothing is drawn
_DARKEST = 1e-300  # of p, at the top of the colours
_LEAST_MASS = 0.05  # drawn
_SIGNS = (-1.3, 3.3)  # the ends of the colours: 1 is neutral, and the eye is drawn to −1


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What was found out of one network: log p on a grid [n, n]; where it mirrors; the integral of
    p over growing areas, beside their share of one twice as wide as that shown; and the
    points [m, 2] that go where the one asked about goes (None: not known yet).
    """

    trained: Trained
    density: Tensor
    folds: Folds
    masses: tuple[Array, Array]
    meeting: Tensor | None = None

    @property
    def brightest(self) -> float:
        """The log p at the top of the colours."""
        known = self.density[self.density.isfinite()].numpy()
        return float(np.quantile(known, _BRIGHT)) if len(known) else 0.0

    @property
    def mass(self) -> float:
        """The integral over the wide square."""
        return float(self.masses[1][-1])


def density_panel(
    which: str,
    seen: Seen,
    data: LabData,
    brightest: float,
    scale: str,
    asked: tuple[float, float],
    cell: Cell,
) -> Panel:
    """Return the density that a network reports, in colours up to `brightest` (log p), the point
    asked about, and all others that go to its place.
    """
    log = scale == "log"
    values = seen.density.numpy() if log else np.exp(np.minimum(seen.density.numpy(), 700.0))
    levels = (
        (brightest - _LOG_RANGE, brightest) if log else (0.0, max(math.exp(brightest), _DARKEST))
    )
    items: list[Item] = [
        HeatMap(key="density", label="log p" if log else "p", z=values, extent=data.extent,
                bar=False, levels=levels)
    ]  # fmt: skip
    title = WORDS[which][0].upper() + WORDS[which][1:] if which == "plain" else WORDS[which]
    count = 0 if seen.meeting is None else len(seen.meeting)
    if seen.meeting is not None and count > 1:
        items.append(
            Scatter(key="meeting", x=seen.meeting[:, 0].numpy(), y=seen.meeting[:, 1].numpy(),
                    size=6.0, role="warn", layer=1)
        )  # fmt: skip
    items.append(
        Scatter(key="asked", x=asked[:1], y=asked[1:], size=9.0, layer=2, marker="diamond",
                role="accent" if count < 2 else "warn")
    )  # fmt: skip
    if count:
        alone = "no other meets it" if seen.trained.model.valid_density else "no other was found"
        title += f": {alone}" if count == 1 else f": {count} points meet"
    panel = Panel(
        name=which, title=title, cell=cell, items=tuple(items),
        pick_x=Edit("asked_x"), pick_y=Edit("asked_y"),
        summary=f"{title}. What the {WORDS[which]} reports as the density of the data; the dots "
        "are all points that go to the same latent place as the one asked about.",
    )  # fmt: skip
    return with_points(on_plane(panel, data), data)


def folds_panel(folds: Folds, data: LabData, cell: Cell) -> Panel:
    """Return where the plain network mirrors the plane."""
    percent = 100 * folds.share
    title = f"{percent:.0f} % is mirrored (blue)" if percent else "Nothing is mirrored"
    panel = Panel(
        name="folds", title=title, cell=cell,
        items=(
            HeatMap(key="signs", label="Sign of det", z=folds.signs.numpy(), extent=data.extent,
                    bar=False, levels=_SIGNS, colours="diverging"),
        ),
        pick_x=Edit("asked_x"), pick_y=Edit("asked_y"),
        summary=f"{title}: the sign of the plain ResNet’s Jacobian determinant.",
    )  # fmt: skip
    return with_points(on_plane(panel, data), data)


def likelihoods_panel(nets: Mapping[str, Seen], floor: float | None, cell: Cell) -> Panel:
    """Return what both networks report as their NLL, and the entropy that no density goes below."""
    items: list[Item] = []
    seen = [] if floor is None else [floor]
    for which, net in nets.items():
        smooth = smoothed(net.trained.losses)
        step = np.arange(1.0, len(smooth) + 1)
        if len(smooth):
            items.append(
                Curve(key=which, label=WORDS[which], x=step, y=smooth, role=ROLES[which],
                      width=2.0, dash="solid" if which == "flow" else "dash", label_at=0.6)
            )  # fmt: skip
            seen += smooth[len(smooth) // 6 :].tolist()
        if net.trained.validations:
            at, nll = np.array(net.trained.validations, dtype=np.float64).T
            items.append(Scatter(key=f"{which} held out", x=at, y=nll, role=ROLES[which], size=4.0))
    if floor is not None:
        items.append(Rule(key="floor", axis="y", value=floor, label="entropy of the data"))
    ends = nll_range(seen)
    if not any(len(net.trained.losses) for net in nets.values()):
        items.append(how_to_begin(ends))
    title = _likelihood_title(nets["plain"].trained, floor)
    return Panel(
        name="likelihoods", title=title, cell=cell, items=tuple(items),
        x=Axis("Step", range=(0.0, max(float(nets["flow"].trained.step), UNBEGUN))),
        y=Axis("Reported NLL", "nats", range=ends),
        summary=f"{title}. Lines: means over {SMOOTHED} batches; dots: held-out points.",
    )  # fmt: skip


def _likelihood_title(plain: Trained, floor: float | None) -> str:
    if not plain.validations:
        return "What both networks report"
    reported = plain.validations[-1][1]
    if floor is None or reported >= floor:
        return f"Plain: {reported:.3g} nats".replace("-", "−")
    return f"Plain: {floor - reported:.2g} nats below the entropy"


def masses_panel(nets: Mapping[str, Seen], wide: Extent, cell: Cell) -> Panel:
    """Return the integral of what both networks report over growing areas about the middle."""
    reach = (wide[1] - wide[0]) / 2
    items: list[Item] = [Rule(key="one", axis="y", value=1.0, label="all there is: 1")]
    highest = 2.0
    for which, net in nets.items():
        share, mass = net.masses
        highest = max(highest, float(mass[-1]))
        drawn = np.where((mass > _LEAST_MASS) & (mass < 10**_MOST_LOG), mass, np.nan)
        items.append(
            Curve(key=which, label=f"{WORDS[which]}: {amount(net.mass)}", x=reach * share, y=drawn,
                  role=ROLES[which], width=2.2, dash="solid" if which == "flow" else "dash",
                  label_at=0.75)
        )  # fmt: skip
    title = f"Plain: a “density” that adds up to {amount(nets['plain'].mass)}"
    return Panel(
        name="masses", title=title, cell=cell, items=tuple(items),
        x=Axis("Half the width of the area", range=(0.0, reach)),
        y=Axis("Integral of p", log=True,
               range=(_LEAST_MASS, 4.0 * min(highest, 10**_MOST_LOG))),
        summary=f"{title}, the i-ResNet’s to {amount(nets['flow'].mass)}.",
    )  # fmt: skip


def amount(mass: float) -> str:
    """Return an integral in words: 1.002, 5.2, 8 × 10⁹."""
    if not mass < 1e5:
        if not math.isfinite(mass):
            return "more than can be counted"
        power = math.floor(math.log10(mass))
        digits = str(power).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
        return f"{mass / 10**power:.0f}\u00a0×\u00a010{digits}"
    if mass >= 100:
        return f"{mass:,.0f}"
    return f"{mass:.3f}" if 0.9 < mass < 1.1 else f"{mass:.3g}"
