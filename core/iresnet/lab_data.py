"""The points that the i-ResNet lab trains on, wherever from, and what is known of them."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from zoetrope.core.iresnet.errors import IResNetError
from zoetrope.core.iresnet.lab_choices import OWN, SETS, SINGULAR
from zoetrope.core.iresnet.lab_parameters import CELLS, GROUND, IResNetParameters
from zoetrope.core.lab import Notice
from zoetrope.core.parameters import written

if TYPE_CHECKING:
    from torch import Tensor

    from zoetrope.core.iresnet.own_points import OwnPoints
    from zoetrope.core.iresnet.painted_cells import PaintedCells
    from zoetrope.core.stepping import Steps

MOST_SHOWN = 2000
DRAWN_OR_GIVEN = ("sprayed", "points")  # the sources that the table of points holds
TESTED = 2000  # fresh points on which the distance from the truth is measured
TEST_SEED = 10_000  # apart from the seed of the data, so that the points are others
_NO_POINTS = {
    "sprayed": "There are no points yet; draw at least 20, or choose other data.",
    "points": "There are no points yet; paste at least 20, or choose other data.",
}
_ROOM = 0.12  # beyond the data, of their range
_APART = 3.0  # times as wide as the other, from which a coordinate has a scale of its own
_TAILS = 0.001  # share of the points that the picture may leave out on each side
_LOOKED_AT = 10_000  # points, for that

Extent = tuple[float, float, float, float]


@dataclass(frozen=True, eq=False)
class LabData:
    """Points [N, 2] to train on: float64 where they are a person's own, else float32.

    `name` is the set's, where it is one of `datasets.names()`, and `noise` what was added to it;
    `painted` is the painting. `entropy` in nats is None where there is no density or it is not
    known. `extent` holds the picture.
    """

    title: str
    points: Tensor
    extent: Extent
    name: str | None = None
    noise: float = 0.0
    painted: PaintedCells | None = None
    entropy: float | None = None
    notices: tuple[Notice, ...] = ()
    options: tuple[str, ...] = ()  # the columns on offer
    axes: tuple[str, str] = ("x", "y")  # what the coordinates are called

    @property
    def shown(self) -> Tensor:
        """The points [at most 2000, 2] that are drawn: the first ones."""
        return self.points[:MOST_SHOWN]

    @cached_property
    def key(self) -> str:
        """What these points are called where they are marked: other data have another."""
        return format(zlib.crc32(self.points.numpy().tobytes()), "08x")

    @property
    def known(self) -> bool:
        """Whether the true density is."""
        if self.name is None:
            return self.painted is not None
        from zoetrope.core.iresnet.datasets import has_log_density

        return has_log_density(self.name, self.noise)

    @property
    def equal(self) -> bool:
        """Whether a picture shows both coordinates on one scale."""
        x0, x1, y0, y1 = self.extent
        return bool(1 / _APART < (x1 - x0) / (y1 - y0) < _APART)

    def test_points(self) -> Tensor:
        """Return fresh points [2000, 2] of a known density."""
        if self.painted is not None:
            return self.painted.make(TESTED, TEST_SEED)
        from zoetrope.core.iresnet.datasets import make

        assert self.name is not None
        return make(self.name, TESTED, TEST_SEED, self.noise)

    def log_density_steps(self, points: Tensor) -> Steps[Tensor | None]:
        """Return the true log-density [N] at points, None if it is not known, in steps."""
        if self.painted is not None:
            return self.painted.log_density(points)
        if self.name is None:
            return None
        from zoetrope.core.iresnet.datasets import log_density_steps

        return (yield from log_density_steps(self.name, points, self.noise))


def load(parameters: IResNetParameters) -> LabData:
    """Return the data that the parameters ask for; IResNetError naming the control if none."""
    source = parameters.source
    if source == "painted":
        return _painted(parameters)
    if source in DRAWN_OR_GIVEN:
        return _from_points(parameters)
    if source == "file":
        return _from_file(parameters)
    from zoetrope.core.iresnet.datasets import entropy, make

    noise = parameters.jitter
    points = make(source, parameters.n, parameters.seed, noise)
    floor = None if noise else entropy(source)
    notices: tuple[Notice, ...] = ()
    if source in SINGULAR and not noise:
        notices = (
            Notice("These points lie on a curve: they have no density, and the likelihood grows "
                   "without end.", "warning", "source"),
        )  # fmt: skip
    return LabData(SETS[source], points, extent_of(points), source, noise, entropy=floor,
                   notices=notices)  # fmt: skip


def data_key(parameters: IResNetParameters) -> tuple[object, ...]:
    """Return what the data depend on, and nothing else."""
    p = parameters
    key: tuple[object, ...] = (p.source, p.seed)
    match p.source:
        case "painted":
            return (*key, p.n, p.cells)
        case "points" | "sprayed":
            return (*key, p.points, p.jitter)
        case "file":
            path = Path(p.data_file).expanduser()
            try:
                state = path.stat()
                when: tuple[object, ...] = (state.st_mtime, state.st_size)
            except (OSError, RuntimeError):
                when = ()
            return (*key, p.data_file, written(p, "data_file"), p.columns, p.jitter, *when)
    return (*key, p.n, p.jitter)


def idle(parameters: IResNetParameters) -> dict[str, str]:
    """Which parameters have no effect now, and why."""
    p, found = parameters, {}
    if p.source in (*DRAWN_OR_GIVEN, "file"):
        found["n"] = "Without effect: your own points are all taken."
    if p.source != "sprayed":
        for name in ("erase", "brush_radius", "brush_rate"):
            found[name] = "Without effect: only data that you draw have a brush."
    if p.source == "painted":
        found["jitter"] = "Without effect: what you paint is taken as it is."
    if p.source != "file":
        found["columns"] = "Without effect: only a file has columns."
    if p.bound == "none" and p.page not in ("collapse", "line"):
        found["lip"] = "Without effect: nothing holds a plain ResNet."
    if p.estimator in ("exact", "roulette"):
        found["terms"] = "Without effect: only a cut series has a number of terms."
    rolled = p.page == "estimators" and p.rival_estimator == "roulette"
    if rolled:
        found["rival_terms"] = "Without effect on a rival that draws its number of terms."
    if p.estimator != "roulette" and not rolled:
        for name in ("n_exact", "stop"):
            found[name] = "Without effect: only Russian roulette has it."
    return found


def _painted(parameters: IResNetParameters) -> LabData:
    from zoetrope.core.iresnet.painted_cells import PaintedCells

    cells = dict.fromkeys((round(row), round(column)) for row, column in parameters.cells)
    painted = PaintedCells(tuple(cells), CELLS, GROUND)
    points = painted.make(parameters.n, parameters.seed)
    return LabData(OWN["painted"], points, GROUND, painted=painted, entropy=painted.entropy)


def _from_points(parameters: IResNetParameters) -> LabData:
    from zoetrope.core.iresnet.own_points import from_points

    p = parameters
    if not p.points:
        raise IResNetError("too_few", _NO_POINTS[p.source], "points")
    data = _own(OWN[p.source], from_points(p.points, p.seed, p.jitter), "points")
    return replace(data, extent=GROUND) if p.source == "sprayed" else data


def _from_file(parameters: IResNetParameters) -> LabData:
    from zoetrope.core.iresnet.own_points import from_csv

    if not parameters.data_file:
        raise IResNetError("bad_file", "Choose a file with two columns of numbers.", "path")
    found = from_csv(
        parameters.data_file,
        parameters.columns or None,
        parameters.seed,
        parameters.jitter,
        written=written(parameters, "data_file"),
    )
    return _own(Path(parameters.data_file).name, found, "data_file")


def _own(title: str, found: OwnPoints, parameter: str) -> LabData:
    points = found.points
    notices = [Notice(text, "warning", parameter) for text in found.notices]
    return LabData(
        title,
        points,
        extent_of(points),
        notices=tuple(notices),
        options=found.columns,
        axes=found.axes,
    )


def extent_of(points: Tensor) -> Extent:
    """Return what holds nearly all points [N, 2], with room about them: a square, but where one
    coordinate is spread far wider than the other.
    """
    import torch

    ends = torch.quantile(
        points[:_LOOKED_AT].double(), torch.tensor([_TAILS, 1 - _TAILS], dtype=torch.float64), dim=0
    )
    middle, half = (ends[0] + ends[1]) / 2, (0.5 + _ROOM) * (ends[1] - ends[0])
    if float(half.max()) < _APART * float(half.min()):
        half = half.max().expand(2)
    (x0, y0), (x1, y1) = (middle - half).tolist(), (middle + half).tolist()
    return x0, x1, y0, y1
