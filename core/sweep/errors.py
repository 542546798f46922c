"""What goes wrong with a sweep, said in one sentence."""

from __future__ import annotations


class SweepError(ValueError):
    """A sweep that cannot be made as it is defined. The text is one sentence for people."""


class SweepStoppedError(RuntimeError):
    """A sweep that cannot go on, through no fault of its definition: what is done is kept."""
