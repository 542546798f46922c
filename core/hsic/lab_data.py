"""The two variables that the HSIC lab looks at, from wherever they come."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from zoetrope.core.hsic.errors import HsicError
from zoetrope.core.hsic.lab_choices import ANSCOMBE, RELATIONS, SERIES, TABLES
from zoetrope.core.hsic.lab_parameters import HsicParameters
from zoetrope.core.hsic.stepping import Steps
from zoetrope.core.lab import Notice
from zoetrope.core.long_work import on_a_thread

Floats = npt.NDArray[np.float64]
FINEST = 1e-12  # rounding to less changes no digit of a double, and dividing by it overflows


@dataclass(frozen=True, eq=False)
class LabData:
    """Paired rows `x` [n, p] and `y` [n, q]; categories are codes 0, 1, 2, ...

    `table` [n, c] holds all columns on offer under `columns`; `options` are the names that a file
    has. `key` is equal for equal data. `square` says of each variable whether it is a Gram matrix.
    """

    title: str
    x: Floats
    y: Floats
    name_x: str = "x"
    name_y: str = "y"
    table: Floats = field(default_factory=lambda: np.empty((0, 0)))
    columns: tuple[str, ...] = ()
    chosen: tuple[tuple[str, ...], tuple[str, ...]] = (("x",), ("y",))
    text: frozenset[str] = frozenset()  # columns that are categories
    words: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())  # categories of x and y, by code
    options: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    square: tuple[bool, bool] = (False, False)
    series: bool = False  # whether the rows have an order in which they came

    @property
    def n(self) -> int:
        """The number of pairs."""
        return len(self.x)

    @property
    def single(self) -> bool:
        """Whether both variables are one column."""
        return bool(self.x.shape[1] == 1 and self.y.shape[1] == 1)

    @property
    def drawable(self) -> bool:
        """Whether a row is a point of the plane that a hand can move."""
        return self.single and not any(self.square)

    @cached_property
    def key(self) -> str:
        """A fingerprint of the numbers."""
        digest = hashlib.blake2b(digest_size=16)
        for block in (self.x, self.y):
            digest.update(repr(block.shape).encode())
            digest.update(np.ascontiguousarray(block).tobytes())
        return digest.hexdigest()

    @cached_property
    def plane(self) -> tuple[Floats, Floats]:
        """A number for each row of x and of y to draw it at: of several columns the direction in
        which they vary most, of a Gram matrix the direction of its largest eigenvalue.
        """
        return leading(self.x, self.square[0]), leading(self.y, self.square[1])

    @property
    def labels(self) -> tuple[str, str]:
        """What stands at the axes of the plane."""
        names = []
        for block, name in ((self.x, self.name_x), (self.y, self.name_y)):
            words = f"Main direction of {name}" if block.shape[1] > 1 else name
            names.append(words if len(words) <= 60 else f"{words[:59]}…")
        return names[0], names[1]

    def of_rows(self, rows: npt.NDArray[np.intp]) -> LabData:
        """Some of the rows."""
        blocks = [
            block[np.ix_(rows, rows)] if square else block[rows]
            for block, square in zip((self.x, self.y), self.square, strict=True)
        ]
        table = self.table[rows] if len(self.table) == self.n else self.table
        return replace(self, x=blocks[0], y=blocks[1], table=table)

    def moved(self, x: Floats, y: Floats) -> LabData:
        """The same with the points elsewhere."""
        return replace(self, x=x[:, None], y=y[:, None], table=np.column_stack([x, y]))


def leading(block: Floats, square: bool) -> Floats:
    """One number a row [n]: where it lies on the direction in which the rows vary most."""
    if block.shape[1] == 1:
        return block[:, 0]
    if square:
        centred = block - block.mean(0) - block.mean(1)[:, None] + block.mean()
        values, vectors = np.linalg.eigh((centred + centred.T) / 2)
        found = vectors[:, -1] * np.sqrt(max(float(values[-1]), 0.0))
    else:
        centred = block - block.mean(axis=0)
        found = centred @ np.linalg.eigh(centred.T @ centred)[1][:, -1]
    flipped: Floats = found * (1.0 if found[np.argmax(np.abs(found))] >= 0 else -1.0)
    return flipped


def load_steps(parameters: HsicParameters) -> Steps[LabData]:
    """As `load`, in steps: files and tables of packages are read on a thread of their own."""
    if parameters.source == "file" or parameters.source in TABLES:
        return (yield from on_a_thread(lambda: load(parameters)))
    yield
    return load(parameters)


def load(parameters: HsicParameters) -> LabData:
    """Return the data that the parameters ask for.

    Raises HsicError, with the parameter to blame, where there are none.
    """
    source = parameters.source
    if source != "file" and "precomputed" in parameters.kernel_names:
        side = "x" if parameters.kernel_x == "precomputed" else "y"
        raise HsicError(
            "undefined",
            "A Gram matrix of your own needs a file with a square table in it; choose a file or "
            "another kernel.",
            f"kernel_{side}",
        )
    if source == "file":
        from zoetrope.core.hsic.lab_files import from_file

        return from_file(parameters)
    if source in TABLES:
        from zoetrope.core.hsic.lab_files import from_package

        return from_package(parameters)
    if source == "drawn":
        return from_points(parameters.points)
    if source == "xor":
        return _coins(parameters)
    if source in SERIES:
        return _series(parameters)
    from zoetrope.core.hsic.datasets import anscombe, sample

    if source in ANSCOMBE:
        which = source.removeprefix("anscombe ")
        drawn = anscombe(which)
        table, columns = quartet()
        names = "x IV" if which == "IV" else "x I–III", f"y {which}"
        return LabData(
            ANSCOMBE[source],
            drawn.x[:, None],
            drawn.y[:, None],
            *names,
            table,
            columns,
            ((names[0],), (names[1],)),
        )
    shape = {"sine": parameters.waves, "copula": parameters.correlation}.get(source)
    drawn = sample(
        source,
        parameters.n,
        noise=parameters.noise,
        parameter=shape,
        outliers=parameters.outliers,
        rounding=parameters.rounding if parameters.rounding > FINEST else 0.0,
        seed=parameters.seed,
    )
    return _of_columns(relation_title(parameters), drawn.x, drawn.y)


def idle(parameters: HsicParameters) -> dict[str, str]:
    """Which parameters have no effect on the data that are chosen, and why."""
    source = parameters.source
    found = {
        name: f"Without effect: only {words} has it."
        for name, words in (
            ("waves", RELATIONS["sine"]),
            ("correlation", RELATIONS["copula"]),
            ("datasaurus", TABLES["datasaurus"]),
        )
        if source != {"waves": "sine", "correlation": "copula"}.get(name, name)
    }
    if source in RELATIONS:
        return found
    drawn = source in SERIES or source == "xor"
    why = f"Without effect: {'these data have none' if drawn else 'these data are not drawn'}."
    names = ("noise", "outliers", "rounding", *(() if drawn else ("n",)))
    return {**found, **dict.fromkeys(names, why)}


def relation_title(parameters: HsicParameters) -> str:
    """The relation in a few words, with its number."""
    title = RELATIONS.get(parameters.source, "")
    if parameters.source == "sine":
        return title.replace("k", "" if parameters.waves == 1 else f"{parameters.waves:g}")
    if parameters.source == "copula":
        return f"{title}, ρ = {parameters.correlation:g}"
    return title


def quartet() -> tuple[Floats, tuple[str, ...]]:
    """All columns of Anscombe's quartet: I to III share their x."""
    from zoetrope.core.hsic.datasets import anscombe

    sets = {name: anscombe(name) for name in ("I", "II", "III", "IV")}
    found = {"x I–III": sets["I"].x, **{f"y {name}": s.y for name, s in sets.items()}}
    found["x IV"] = sets["IV"].x
    return np.column_stack(list(found.values())), tuple(found)


def companions(x: Floats, y: Floats) -> tuple[Floats, tuple[str, ...]]:
    """Two columns beside two that follow from them, so that there is something to compare: their
    sum of unit variances depends on both, a shuffled y on none.
    """
    spread = [float(v.std()) or 1.0 for v in (x, y)]
    shuffled = np.random.default_rng(0).permutation(y)
    return np.column_stack([x, y, x / spread[0] + y / spread[1], shuffled]), (
        "x",
        "y",
        "x + y",
        "shuffled y",
    )


def _of_columns(title: str, x: Floats, y: Floats) -> LabData:
    return LabData(title, x[:, None], y[:, None], table=np.column_stack([x, y]), columns=("x", "y"))


def _coins(parameters: HsicParameters) -> LabData:
    from zoetrope.core.hsic.datasets import xor_triple

    a, b, c = xor_triple(parameters.n, parameters.seed)
    return LabData(
        "A coin and the XOR of two",
        a[:, None],
        c[:, None],
        "first coin",
        "XOR",
        np.column_stack([a, b, c]),
        ("first coin", "second coin", "XOR"),
        (("first coin",), ("XOR",)),
        words=(("0", "1"), ("0", "1")),
    )


def _series(parameters: HsicParameters) -> LabData:
    """Two series that know nothing of each other, each value near the one before."""
    from zoetrope.core.hsic.datasets import independent_series

    x, y = independent_series(parameters.n, parameters.seed)
    return replace(_of_columns(SERIES["series"], x, y), series=True)


def from_points(points: tuple[tuple[float, ...], ...]) -> LabData:
    """Points drawn by hand; at least 4 are needed for a map."""
    if len(points) < 4:
        raise HsicError(
            "too_few",
            f"{'There is 1 point' if len(points) == 1 else f'There are {len(points)} points'} and "
            "4 are needed; choose a relation as the data, then drag its points or double-click to "
            "add some.",
            "source",
        )
    array = np.array(points, dtype=np.float64)
    return _of_columns("Your points", array[:, 0].copy(), array[:, 1].copy())
