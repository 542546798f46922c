"""From the sweeps that labs ship to definitions that can be run, and their pictures."""

from __future__ import annotations

from typing import Any

from zoetrope.core.lab import Lab
from zoetrope.core.sweep.definition import Definition
from zoetrope.core.sweep.errors import SweepError
from zoetrope.core.sweep.picture import Shown
from zoetrope.core.sweep.varied import parse_varied
from zoetrope.core.worked_sweeps import WorkedSweep


def worked_sweep(lab: Lab[Any], key: str) -> WorkedSweep:
    """Return a lab's sweep by its key; raises `SweepError`."""
    for worked in lab.sweeps:
        if worked.key == key:
            return worked
    keys = ", ".join(worked.key for worked in lab.sweeps) or "none"
    raise SweepError(f"The lab {lab.id} ships no sweep {key!r}; it has {keys}.")


def definition_of(lab: Lab[Any], worked: WorkedSweep) -> Definition:
    """Return what a shipped sweep amounts to."""
    varied = [parse_varied(text, lab.parameters) for text in worked.vary]
    base = lab.parameters().change(**worked.values)
    return Definition.of(lab, base, varied, seeds=worked.seeds, keep=worked.keep)


def shown_of(worked: WorkedSweep) -> Shown:
    """Return what its picture shows."""
    return Shown(worked.keep[0], worked.statistic, worked.level, worked.form)
