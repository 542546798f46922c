"""What the window and its export process say to each other."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from zoetrope.core.animation import Estimate
from zoetrope.core.comparison import Comparison
from zoetrope.core.export_batch import Batch, BatchReport
from zoetrope.core.export_options import ExportOptions
from zoetrope.core.lab import Frame
from zoetrope.core.parameters import Plain

READY = "ready"  # what the process says when it runs


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to export: a lab's state to `path`, with what it is compared with, if it is.

    With a `batch` the path is that of the folder it goes to. Without a path a preview is asked for,
    as PNG, or the `Estimate` of an animation in the format that `estimated` names.
    """

    lab: str
    parameters: Mapping[str, Plain]
    path: Path | None
    options: ExportOptions
    frame: Frame | None = None
    comparison: Comparison | None = None
    device: str = "cpu"
    estimated: str = ""
    batch: Batch | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of an export is done, from 0 to 1, and how long the rest will take if known."""

    ticket: int
    fraction: float
    seconds_left: float | None


@dataclass(frozen=True, slots=True)
class Done:
    """An export is there: the path, a batch's report, the bytes of a preview, or an estimate."""

    ticket: int
    result: Path | BatchReport | bytes | Estimate


@dataclass(frozen=True, slots=True)
class Failed:
    """An export could not be made; a sentence for people, and details for a report."""

    ticket: int
    sentence: str
    details: str = ""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """An export was cancelled, or a preview gave way to a newer one; nothing was written."""

    ticket: int


Reply = Progress | Done | Failed | Cancelled


def details(error: BaseException) -> str:
    """Return an error with where it came from, for a report."""
    return "".join(traceback.format_exception(error))
