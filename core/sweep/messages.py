"""What the window and the process that runs its sweeps say to each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from zoetrope.core.figure import Figure
from zoetrope.core.sweep.picture import Shown
from zoetrope.core.sweep.progress import Progress, Where


@dataclass(frozen=True, slots=True)
class Estimate:
    """How long would this take? `definition` is plain, as JSON holds it."""

    ticket: int
    definition: Mapping[str, Any]
    where: Where


@dataclass(frozen=True, slots=True)
class Start:
    """Measure what is missing, into a folder; `afresh` also what this machine measured before."""

    definition: Mapping[str, Any]
    folder: Path
    where: Where
    afresh: bool = False


@dataclass(frozen=True, slots=True)
class Open:
    """Show the sweep that a folder holds, and with `other` another one beside it."""

    folder: Path
    other: Path | None = None


@dataclass(frozen=True, slots=True)
class Show:
    """Show it thus, from now on."""

    shown: Shown


@dataclass(frozen=True, slots=True)
class Stop:
    """Stop the sweep that runs; what is measured is kept."""


Request = Estimate | Start | Open | Show | Stop


@dataclass(frozen=True, slots=True)
class Estimated:
    """The seconds that all cells would take; None where a cell takes long and nobody knows."""

    ticket: int
    seconds: float | None
    workers: int
    sentence: str = ""  # what is wrong, if anything is


@dataclass(frozen=True, slots=True)
class Running:
    """How far the sweep is."""

    progress: Progress


@dataclass(frozen=True, slots=True)
class Drawn:
    """The picture of what is known, where each point of its curves stands among the values, and
    the columns behind it. `definition` is that of what is shown.
    """

    figure: Figure
    places: tuple[tuple[int, int], ...]
    tables: Mapping[str, Any]
    definition: Mapping[str, Any]
    shown: Shown


@dataclass(frozen=True, slots=True)
class Ended:
    """A sweep has ended, or what was asked for could not be done: a sentence for people."""

    sentence: str
    failed: bool = False
    details: str = field(default="", repr=False)


Reply = Estimated | Running | Drawn | Ended
