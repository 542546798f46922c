"""A film through key frames: states of a lab, and how each passes into the next."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Self

from zoetrope.core.on_the_way import EASINGS, on_the_way
from zoetrope.core.parameters import Number, ParameterError, Parameters

USUAL_SECONDS = 2.0
SHORTEST, LONGEST = 0.1, 600.0  # seconds from one key frame to the next
FEWEST, MOST = 2, 100  # key frames of a film


@dataclass(frozen=True, slots=True)
class KeyFrame:
    """A state, and the `seconds` and the `easing` with which it passes into the next key frame."""

    parameters: Parameters
    seconds: float = USUAL_SECONDS
    easing: str = "smooth"

    def __post_init__(self) -> None:
        """Check what is not the lab's to check."""
        if not (math.isfinite(self.seconds) and SHORTEST <= self.seconds <= LONGEST):
            raise ParameterError(
                "key_frames",
                f"A key frame lasts {SHORTEST:g} to {LONGEST:g} seconds, not {self.seconds:g}.",
            )
        if self.easing not in EASINGS:
            known, short = ", ".join(EASINGS), self.easing[:40]
            raise ParameterError("key_frames", f"An easing is one of {known}, not {short!r}.")

    def plain(self) -> dict[str, Any]:
        """Return the key frame for JSON."""
        return {
            "parameters": self.parameters.plain(),
            "seconds": self.seconds,
            "easing": self.easing,
        }


@dataclass(frozen=True, slots=True)
class KeyFrames:
    """A film through key frames of one lab, of which there are two at least.

    The time of the last one counts for nothing: nothing follows it.
    """

    frames: tuple[KeyFrame, ...]

    def __post_init__(self) -> None:
        """Check how many there are."""
        if not FEWEST <= len(self.frames) <= MOST:
            raise ParameterError(
                "key_frames",
                f"A film has {FEWEST} to {MOST} key frames, not {len(self.frames)}.",
            )

    @property
    def starts(self) -> tuple[float, ...]:
        """The second at which each key frame is reached."""
        return (0.0, *accumulate(frame.seconds for frame in self.frames[:-1]))

    @property
    def duration(self) -> float:
        """How many seconds the film takes."""
        return self.starts[-1]

    def at(self, seconds: float) -> Parameters:
        """Return the state after so many seconds; raises `ParameterError` where none is legal."""
        starts = self.starts
        place = bisect_right(starts, seconds) - 1
        if place >= len(self.frames) - 1:
            return self.frames[-1].parameters
        here, there = self.frames[max(place, 0)], self.frames[max(place, 0) + 1]
        ease = EASINGS[here.easing][1]
        share = ease(max(seconds - starts[max(place, 0)], 0.0) / here.seconds)
        try:
            return between(here.parameters, there.parameters, share)
        except ParameterError as error:
            raise ParameterError(
                error.parameter, f"Between key frames {place + 1} and {place + 2}: {error}"
            ) from None

    def apply(self, parameters: Parameters, step: int, count: int) -> Parameters:
        """Return the parameters of a picture, from 0 to count - 1; of `parameters` none counts."""
        return self.at(self.duration * step / max(count - 1, 1))

    def plain(self) -> list[dict[str, Any]]:
        """Return the key frames for JSON."""
        return [frame.plain() for frame in self.frames]

    @classmethod
    def adapt(cls, values: Iterable[Mapping[str, Any]], declared: type[Parameters]) -> Self:
        """Build key frames from a file's; numbers out of range are clamped.

        Raises `ParameterError` for what no key frame can be.
        """
        return cls(tuple(adapted(value, declared) for value in values))


def adapted(value: Mapping[str, Any], declared: type[Parameters]) -> KeyFrame:
    """Build a key frame from a file's; raises `ParameterError` for what none can be."""
    parameters = declared.adapt(value["parameters"])[0]
    return KeyFrame(parameters, float(value["seconds"]), str(value["easing"]))


def kept_frames(values: object, declared: type[Parameters]) -> tuple[KeyFrame, ...]:
    """Return the key frames that a session kept; none where they make no sense."""
    if not isinstance(values, list):
        return ()
    try:
        return tuple(adapted(value, declared) for value in values[:MOST])
    except (ValueError, TypeError, KeyError, ArithmeticError):
        return ()


def between(here: Parameters, there: Parameters, share: float) -> Parameters:
    """Return the state at a share of the way, 0 being `here` and 1 `there`.

    Numbers go evenly, or by equal factors where their sliders go in decades. All the rest, seeds
    among it, and linked numbers of which another is given there, switch when it is reached.
    """
    if share >= 1.0:
        return there
    moved: dict[str, float] = {}
    for name, declared in here.declarations().items():
        start, stop = getattr(here, name), getattr(there, name)
        if not isinstance(declared, Number) or declared.seed:
            continue
        if start is None or stop is None or start == stop:
            continue
        value = on_the_way(start, stop, share, log=declared.log)
        moved[name] = declared.clamp(round(value) if declared.integer else value)
    return here.change(**moved)
