"""A pattern of n tokens: which query may attend to which key, and everything that follows.

Nothing but `dense` makes an n x n array. Long computations have a `..._steps` twin, a generator
that can be left between two yields, 50 ms or less apart; the plain method runs it to its end.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from zoetrope.core.attention import blocks as block_counts
from zoetrope.core.attention import (
    cache,
    depth_search,
    flex_module,
    receptive_field,
    sums,
    tile,
    tile_sampled,
)
from zoetrope.core.attention.axis import Axis
from zoetrope.core.attention.errors import PatternError
from zoetrope.core.attention.expression_structure import structure_of
from zoetrope.core.attention.final import final
from zoetrope.core.attention.row import Stretch, stretches_of
from zoetrope.core.attention.rule import Rule
from zoetrope.core.attention.runs import Bools, Floats, Ints
from zoetrope.core.attention.structure import (
    Structure,
    complement,
    intersection,
    scanned,
    union,
)
from zoetrope.core.attention.tile import Tile

MOST_WORK = 1 << 33  # runs, or cells: minutes


@dataclass(frozen=True, eq=False)
class Pattern:
    """A pattern. Made by `pattern`, `expr`, `layout` or `imported`, and by & | ~ and `.T`.

    `rule` is its predicate, `structure` its normal form, `spec` what `to_json` writes, `count` a
    closed form of its number of allowed pairs.
    """

    n: int
    rule: Rule
    structure: Structure
    spec: Mapping[str, Any]
    count: int | None = None
    symmetric: bool = False

    @property
    def title(self) -> str:
        """The pattern in a line, as in "strided(stride=8) over 64 tokens"."""
        return f"{described(self.spec)} over {self.n:,} tokens"

    def mask(self, q: Any, k: Any) -> Bools:
        """Return whether q may attend to k; arrays broadcast, 0 <= q, k < n."""
        return self.rule.mask(q, k)

    def dense(self, max_n: int = 8192) -> Bools:
        """Return the whole mask, bool [n, n]. PatternError above `max_n`."""
        if self.n > max_n:
            raise PatternError(
                "n", f"The whole mask of {self.n:,} tokens would hold {self.n**2:,} entries; "
                f"ask for a tile, or for n up to {max_n:,}.",
            )  # fmt: skip
        tokens = np.arange(self.n)
        return np.ascontiguousarray(self.rule.mask(tokens[:, None], tokens[None, :]))

    def nnz(self) -> int:
        """Return the number of allowed pairs."""
        return self.count if self.count is not None else int(self.row_counts().sum())

    def density(self) -> float:
        """Return the share of allowed pairs among all n^2."""
        return self.nnz() / self.n**2

    def row(self, q: int) -> list[Stretch]:
        """Return the keys of one query as disjoint (start, stop, step), sorted by start."""
        if not 0 <= q < self.n:
            raise PatternError("q", f"q must be from 0 to {self.n - 1:,}, not {q}.")
        return stretches_of(self.structure, self.rule, q)

    def row_counts(self) -> Ints:
        """Return the number of keys of every query, int64 [n]."""
        return self._row_counts

    @cached_property
    def _row_counts(self) -> Ints:
        if self.structure.distances is None:  # else a difference of sums, at once
            self.affordable()
        return np.rint(final(self.row_count_steps())).astype(np.int64)

    def row_count_steps(self) -> Iterator[Floats | None]:
        """Yield None between steps, then the number of keys of every query, float64 [n]."""
        yield from sums.row_totals(self.structure)

    def column_counts(self) -> Ints:
        """Return the number of queries of every key, int64 [n]."""
        self.affordable()
        return np.rint(final(sums.column_totals(self.structure))).astype(np.int64)

    def dead_rows(self) -> int:
        """Return how many queries see no key at all."""
        return int(np.sum(self.row_counts() == 0))

    def blocks(self, size: int) -> tuple[int, int]:
        """Return how many size x size blocks are partly and how many wholly allowed."""
        self.affordable()
        return block_counts.totals(self, size)

    def block_layout(self, size: int) -> np.ndarray[Any, np.dtype[np.int8]]:
        """Return 0 (empty), 1 (partial) or 2 (full) for each block, int8 [n/size, n/size]."""
        self.affordable()
        return block_counts.layout(self, size)

    def tile(
        self, q0: int, q1: int, k0: int, k1: int, rows: int, cols: int, exact: bool = True,
        seed: int = 0,
    ) -> Tile:  # fmt: skip
        """Return the density of queries q0 ... q1-1 against keys k0 ... k1-1 at rows x cols pixels.

        With exact=False the first, fast one. A rule without a normal form may stay sampled.
        """
        steps = self.tile_steps(q0, q1, k0, k1, rows, cols, seed)
        return final(steps) if exact else next(steps)

    def tile_steps(
        self, q0: int, q1: int, k0: int, k1: int, rows: int, cols: int, seed: int = 0
    ) -> Iterator[Tile]:
        """Yield a first tile at once, then better ones; the last is as exact as can be."""
        q = Axis(q0, q1, rows, self.n, "queries")
        k = Axis(k0, k1, cols, self.n, "keys")
        structure = self.structure
        if structure.distances is not None:
            yield tile.from_distances(structure.distances, q, k)
        elif structure.scanned:
            yield from tile_sampled.from_rule(self.rule, structure.granule, q, k, seed)
        elif structure.flipped:
            straight = replace(structure, flipped=False)
            for found in tile.from_rows(straight, k, q, seed):
                yield replace(found, density=found.density.T)
        else:
            yield from tile.from_rows(structure, q, k, seed)

    def reach(self, q: int, layers: int) -> list[int]:
        """Return how many tokens query q has reached after 1, 2, ..., `layers` layers."""
        self.affordable()
        return receptive_field.reach([self], q, layers)

    def depth(self, limit: int = 64) -> int | None:
        """Return the layers until every pair is connected; None if not within the limit."""
        return depth_search.depth([self], limit)

    def influence(self, q: int, layers: int, alpha: float = 0.5) -> Floats:
        """Return the share of each token in query q's output, float64 [n].

        Attention is taken as uniform over the mask, `alpha` as the residual share of each layer.
        """
        self.affordable()
        return receptive_field.influence([self], q, layers, alpha)

    def kv_cache(self, t: int) -> int:
        """Return how many keys up to t some query from t on still needs."""
        self.affordable()
        return cache.kept_at(self, t)

    def to_flex(self, name: str = "mask_mod", score: str = "") -> str:
        """Return a Python file for FlexAttention that runs by itself; `score` is a score_mod."""
        affordable = self.count is not None or self.structure.work <= MOST_WORK / 64
        nnz = self.nnz() if affordable else None
        return flex_module.module(self.rule, self.title, nnz, name, score)

    def to_json(self) -> str:
        """Return the pattern as JSON that `from_json` reads back."""
        return json.dumps(self.spec, separators=(",", ":"))

    def affordable(self) -> None:
        """Refuse what would take minutes and more: PatternError."""
        work = self.structure.work
        if work > MOST_WORK:
            raise PatternError(
                "n", f"This rule has no short form, and all its rows at {self.n:,} tokens would "
                f"take about {work:.0e} steps; choose a smaller n.",
            )  # fmt: skip

    def head(self, h: int) -> Pattern:
        """Return the same rule for head h, where it mentions one."""
        if not self.rule.uses_head:
            return self
        rule = replace(self.rule, head=h)
        return replace(self, rule=rule, structure=structure_of(rule), spec={**self.spec, "head": h})

    def __and__(self, other: Pattern) -> Pattern:
        """Return the pairs that both allow."""
        return self._joined("and", other, intersection)

    def __or__(self, other: Pattern) -> Pattern:
        """Return the pairs that either allows."""
        return self._joined("or", other, union)

    def __invert__(self) -> Pattern:
        """Return the pairs that this one does not allow."""
        rule = self.rule.negated()
        count = None if self.count is None else self.n**2 - self.count
        old = self.structure
        # the granule of a form that is not scanned says that rows are alike, not that keys are
        structure = complement(old) or scanned(rule, old.granule if old.scanned else 1)
        spec = {"kind": "not", "of": self.spec}
        return Pattern(self.n, rule, structure, spec, count, self.symmetric)

    @property
    def T(self) -> Pattern:  # noqa: N802 - as arrays have it
        """The transposed pattern: queries and keys exchanged."""
        if self.symmetric:
            return self
        spec = {"kind": "transpose", "of": self.spec}
        rule, structure = self.rule.transposed(), self.structure.transposed()
        if structure.scanned and structure.distances is None:
            structure = scanned(rule, structure.granule if self.structure.scanned else 1)
        return Pattern(self.n, rule, structure, spec, self.count)

    def _joined(
        self, op: str, other: Pattern, join: Callable[[Structure, Structure], Structure | None]
    ) -> Pattern:
        if self.n != other.n:
            raise PatternError(
                "n", f"Patterns of {self.n:,} and {other.n:,} tokens cannot be joined."
            )
        rule = self.rule.joined(op, other.rule)
        spec = {"kind": op, "of": [self.spec, other.spec]}
        symmetric = self.symmetric and other.symmetric
        structure = join(self.structure, other.structure) or scanned(rule, 1)
        return Pattern(self.n, rule, structure, spec, None, symmetric)


def described(spec: Mapping[str, Any]) -> str:
    """Return a pattern's JSON form in a line."""
    kind = spec["kind"]
    if kind == "named":
        inside = ", ".join(f"{key}={_short(value)}" for key, value in spec["parameters"].items())
        return f"{spec['name']}({inside})"
    if kind == "rule":
        return str(spec["text"])
    if kind in ("and", "or"):
        return f" {'&' if kind == 'and' else '|'} ".join(
            f"({described(one)})" for one in spec["of"]
        )
    if kind == "not":
        return f"~({described(spec['of'])})"
    if kind == "reordered":
        return f"({described(spec['of'])}) in {spec['order']} order of {spec['size']}"
    if kind == "transpose":
        return f"({described(spec['of'])}).T"
    if kind == "vertical_slash":
        return f"{spec['vertical']} columns and {spec['slash']} diagonals, drawn by {spec['seed']}"
    return str({"layout": "drawn blocks", "imported": "imported mask"}.get(kind, kind))


def _short(value: Any) -> str:
    if isinstance(value, (list, tuple)) and len(value) > 6:
        return f"[{', '.join(map(str, value[:5]))}, … {len(value)} numbers]"
    return repr(value)
