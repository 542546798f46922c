"""A sweep that a lab ships: what is varied, repeated and kept, and what its picture shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class WorkedSweep:
    """A sweep worth running. `vary` is written as on the command line; `values` are changes from
    the lab's defaults. The first of `keep` is drawn, its repeats summed up by `statistic` (see
    `sweep.results.STATISTICS`).
    """

    key: str
    label: str
    help: str
    vary: tuple[str, ...]
    keep: tuple[str, ...]
    values: Mapping[str, Any] = field(default_factory=dict)
    seeds: int = 1
    statistic: Literal["mean", "median", "share"] = "mean"
    level: float = 0.05
    form: Literal["map", "curves"] = "map"
