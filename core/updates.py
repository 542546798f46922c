"""What the engine says: of a lab to its page, of itself, and to the thread that takes over."""

from __future__ import annotations

from dataclasses import dataclass

from zoetrope.core.failure import Failure
from zoetrope.core.lab import Frame
from zoetrope.core.parameters import Parameters


@dataclass(frozen=True, slots=True)
class Update:
    """What the screen should know of a lab: the newest frame, or why there is none.

    `parameters` are those that the frame or the failure belongs to. `seconds_left` is an estimate
    while the job runs and reports progress.
    """

    ticket: int
    parameters: Parameters
    frame: Frame | None = None
    failure: Failure | None = None
    running: bool = False
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """What the engine is doing. `stuck_seconds` is how long the step in hand has taken so far."""

    device: str | None
    label: str
    starting: bool
    busy: bool
    stuck_seconds: float
    devices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Remains:
    """What an abandoned thread leaves: requests not yet answered, and unread mail, by lab.

    `stuck` is the lab whose step did not end ("" if there was none) and `given_up` what it worked
    on. `stopped` are the requests that were told to stop, of labs that have not been told so.
    """

    ticket: int
    wanted: dict[str, tuple[int, Parameters]]
    mail: dict[str, list[Update]]
    visible: str
    device: str
    stuck: str
    given_up: tuple[int, Parameters] | None
    stopped: dict[str, tuple[int, Parameters]]
