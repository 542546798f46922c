"""What a sweep is: a lab's state, what is varied in it, and which readouts are kept."""

from __future__ import annotations

import hashlib
import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from zoetrope.core.declarations import DataFile, Number, ParameterError
from zoetrope.core.lab import Lab
from zoetrope.core.parameters import Parameters, Plain
from zoetrope.core.recipe import Recipe
from zoetrope.core.recipe_data import fingerprints
from zoetrope.core.sweep.errors import SweepError
from zoetrope.core.sweep.varied import Scalar, Varied

MOST_CELLS = 10_000_000
MOST_SEEDS = 1_000_000
# What every row says beside the varied parameters and the readouts.
BOOKKEEPING = ("seed", "recipe", "cell", "device", "version", "duration", "error")


@dataclass(frozen=True, slots=True)
class Cell:
    """One parameter set of a sweep.

    `place` counts the cells as values of the first parameter, of the second, seeds. `changes` are
    what differs from the sweep's base. `key` is the SHA-256 of the recipe.
    """

    place: int
    values: tuple[Scalar, ...]
    seed: int | None
    changes: Mapping[str, Scalar]
    recipe: str
    key: str


@dataclass(frozen=True, slots=True)
class Definition:
    """A lab at `base`, one or two parameters varied, `seeds` repeats, and the readouts to keep.

    `keep` names readouts by their keys; while it is empty every number is kept that the lab says
    at the first cell. Seeds count up from the one in `base`. Raises `SweepError` where that
    makes no sense.
    """

    lab: Lab[Any]
    base: Parameters
    varied: tuple[Varied, ...]
    seeds: int = 1
    keep: tuple[str, ...] = ()
    data: Mapping[str, Plain] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        lab: Lab[Any],
        base: Parameters,
        varied: Sequence[Varied],
        *,
        seeds: int = 1,
        keep: Sequence[str] = (),
    ) -> Self:
        """Return a definition, with the fingerprints of the data files that `base` names."""
        return cls(lab, base, tuple(varied), seeds, tuple(keep), fingerprints(base))

    def __post_init__(self) -> None:
        """Refuse what cannot be swept."""
        names = [varied.name for varied in self.varied]
        if not 1 <= len(names) <= 2:
            raise SweepError("A sweep varies one or two parameters.")
        if len(set(names)) < len(names):
            raise SweepError(f"{self._label(names[0])} is varied twice.")
        if names[-1] in self.base.siblings(names[0]):
            raise SweepError(
                f"{self._label(names[0])} and {self._label(names[1]).lower()} decide each other: "
                "vary one of them."
            )
        self._check_seeds(names)
        if self.size > MOST_CELLS:
            raise SweepError(f"{self.size:,} cells are too many: {MOST_CELLS:,} at most.")
        if len(set(self.keep)) < len(self.keep):
            raise SweepError("A readout is to be kept twice.")
        for column in self.keep:
            if column in names or column in BOOKKEEPING:
                raise SweepError(f"The readout {column!r} would stand in a column that is taken.")
        for column in names:
            if column in BOOKKEEPING and column not in self.seed_names:
                raise SweepError(f"{column!r} cannot be varied: the table has such a column.")

    def _check_seeds(self, names: Sequence[str]) -> None:
        if not 1 <= self.seeds <= MOST_SEEDS:
            raise SweepError(f"The number of seeds is 1 to {MOST_SEEDS:,}, not {self.seeds}.")
        if self.seeds == 1:
            return
        if not self.seed_names:
            raise SweepError(f"The lab {self.lab.title} has no seed: nothing differs in a repeat.")
        if set(names) & set(self.seed_names):
            raise SweepError("The seed is varied already: leave out the number of seeds.")

    def _label(self, name: str) -> str:
        return self.base.declarations()[name].label

    @property
    def seed_names(self) -> tuple[str, ...]:
        """The lab's seeds; a repeat counts all of them up."""
        declared = self.base.declarations().items()
        return tuple(name for name, d in declared if isinstance(d, Number) and d.seed)

    @property
    def changing(self) -> tuple[str, ...]:
        """The parameters that differ between cells."""
        varied = tuple(one.name for one in self.varied)
        return varied + (self.seed_names if self.seeds > 1 else ())

    @property
    def shape(self) -> tuple[int, int, int]:
        """How many values the first and the second parameter take, and how many seeds."""
        counts = [len(varied.values) for varied in self.varied]
        return counts[0], counts[1] if len(counts) > 1 else 1, self.seeds

    @property
    def size(self) -> int:
        """The number of cells."""
        return math.prod(self.shape)

    def keeping(self, keep: Sequence[str]) -> Definition:
        """Return the same sweep that keeps other readouts."""
        return replace(self, keep=tuple(keep))

    def cell(self, place: int) -> Cell:
        """Return a cell. One whose parameters are not legal has a recipe all the same."""
        first, second, repeat = _unravel(place, self.shape)
        chosen = [v.values[i] for v, i in zip(self.varied, (first, second), strict=False)]
        changes: dict[str, Scalar] = {
            varied.name: value for varied, value in zip(self.varied, chosen, strict=True)
        }
        for name in self.seed_names if self.seeds > 1 else ():
            changes[name] = getattr(self.base, name) + repeat
        try:
            parameters = self.base.change(**changes)
            plain = parameters.plain()
        except ParameterError:
            plain = {**self.base.plain(), **changes}
        data = self.data
        if any(isinstance(self.base.declarations()[name], DataFile) for name in changes):
            data = fingerprints(parameters)
        recipe = Recipe(lab=self.lab.id, parameters=plain, data=data).to_json()
        seed = plain.get(self.seed_names[0]) if self.seed_names else None
        key = hashlib.sha256(recipe.encode()).hexdigest()
        return Cell(place, tuple(chosen), int(seed) if seed is not None else None,  # type: ignore[arg-type]
                    changes, recipe, key)  # fmt: skip

    def order(self, shuffle: int = 0) -> Iterator[int]:
        """Yield all places: seed by seed, each over the whole grid in an order that has no
        direction, so that a picture of half of it is a coarse picture of all. `shuffle` chooses
        among such orders.
        """
        first, second, seeds = self.shape
        grid = list(range(first * second))
        random.Random(shuffle).shuffle(grid)
        for repeat in range(seeds):
            for place in grid:
                yield place * seeds + repeat

    def plain(self) -> dict[str, Any]:
        """Return the definition for JSON."""
        recipe = Recipe(lab=self.lab.id, parameters=self.base.plain(), data=self.data)
        return {
            "recipe": recipe.plain(),
            "vary": [varied.plain() for varied in self.varied],
            "seeds": self.seeds,
            "keep": list(self.keep),
        }

    @classmethod
    def from_plain(cls, values: Mapping[str, Any], labs: Mapping[str, Lab[Any]]) -> Self:
        """Read a definition from JSON; raises `SweepError`, or `RecipeError` for its base."""
        recipe = Recipe.from_plain(values.get("recipe"))
        lab = labs.get(recipe.lab)
        if lab is None:
            raise SweepError(f"This sweep is of the lab {recipe.lab!r}, which is not installed.")
        try:
            base, _ = lab.parameters.adapt(recipe.parameters)
            varied = tuple(Varied.from_plain(entry, lab.parameters) for entry in values["vary"])
            seeds, keep = int(values["seeds"]), tuple(str(key) for key in values["keep"])
        except SweepError:
            raise
        except (KeyError, TypeError, AttributeError, ValueError):
            raise SweepError("This sweep's definition is damaged.") from None
        return cls(lab, base, varied, seeds, keep, recipe.data)


def _unravel(place: int, shape: tuple[int, int, int]) -> tuple[int, int, int]:
    rest, repeat = divmod(place, shape[2])
    first, second = divmod(rest, shape[1])
    return first, second, repeat
