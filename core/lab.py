"""What a lab is: parameters, and a generator of frames."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, Literal, TypeVar

from zoetrope.core.device import Context
from zoetrope.core.figure import Figure
from zoetrope.core.parameters import Parameters
from zoetrope.core.tours import Tour
from zoetrope.core.worked_sweeps import WorkedSweep


@dataclass(frozen=True, slots=True)
class Readout:
    """A number beside the figure, in SI units and, where it has one, in its dimensionless form.

    `value` is the number in `unit`; `ratio` is the same in units of `ratio_unit` (such as "ρω²d²").
    `good` marks a self-check: True passed, False failed. `error` is the standard error of `value`.
    """

    key: str
    label: str
    value: float | int | str
    unit: str = ""
    symbol: str = ""
    ratio: float | None = None
    ratio_unit: str = ""
    help: str = ""
    good: bool | None = None
    error: float | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence to the person: beside `parameter` where it concerns one."""

    text: str
    severity: Literal["info", "warning", "error"] = "info"
    parameter: str | None = None


@dataclass(frozen=True, slots=True)
class Animate:
    """Move one parameter smoothly from `start` to `stop` in `seconds` (and back if `back`)."""

    parameter: str
    start: float
    stop: float
    seconds: float = 4.0
    back: bool = True


@dataclass(frozen=True, slots=True)
class Action:
    """Something the lab offers to do: a change of parameters, at once or animated, or with `copy`
    a text for the clipboard, or what makes it when it is asked for.
    """

    key: str
    label: str
    help: str = ""
    enabled: bool = True
    change: Mapping[str, Any] = field(default_factory=dict)
    animate: Animate | None = None
    copy: str | Callable[[], str] = ""

    def copied(self) -> str:
        """Return the text for the clipboard."""
        return self.copy if isinstance(self.copy, str) else self.copy()


@dataclass(frozen=True, slots=True)
class Preset:
    """A named set of parameters worth looking at; `values` are changes from the defaults."""

    key: str
    label: str
    help: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mark:
    """A value of a number that is worth a tick on its slider, and what it is."""

    value: float
    label: str


@dataclass(frozen=True, slots=True, eq=False)
class OwnFile:
    """A file that a lab writes itself, beside pictures and tables.

    `name` is what the list of formats calls it. `content` is a text or bytes as they stand, or the
    arrays of an NPZ file by their names.
    """

    name: str
    content: str | bytes | Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One picture of a lab, complete in itself.

    `linked` holds the values of linked parameters that are not given but follow. `tables` are the
    columns that a CSV or NPZ export writes; `files` are the lab's own, by what their names end in,
    such as "py" or "csr.npz". `options` lists what can be chosen now for a parameter of names, and
    what is suggested for one of text. `marks` are ticks on the sliders of numbers; `idle` are
    parameters without effect now, and why; `unfolded` are those that matter most now: in their
    groups just these stand in the form, and the others are folded. A figure without panels is none
    yet: what was shown before stays. `progress` is a share from 0 to 1 while there is more to come;
    `final` says that nothing more comes unless a live parameter changes. `reached` is where a
    driven playhead is in this picture, on its way to where it is wanted. `varied` names parameters
    that take many values in it: a caption leaves to the axes which. `remarks` are sentences for the
    caption that no parameter tells, such as how many rows of a file there are.
    """

    figure: Figure
    readouts: tuple[Readout, ...] = ()
    notices: tuple[Notice, ...] = ()
    actions: tuple[Action, ...] = ()
    linked: Mapping[str, float] = field(default_factory=dict)
    tables: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, OwnFile] = field(default_factory=dict)
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    marks: Mapping[str, tuple[Mark, ...]] = field(default_factory=dict)
    idle: Mapping[str, str] = field(default_factory=dict)
    unfolded: tuple[str, ...] = ()
    progress: float | None = None
    reached: float | None = None
    varied: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    final: bool = True


P = TypeVar("P", bound=Parameters)


class Lab(ABC, Generic[P]):
    """One subject in one tab. Subclasses set the class attributes and write `run`."""

    id: ClassVar[str]
    title: ClassVar[str]
    question: ClassVar[str]  # what the lab answers, one sentence
    parameters: ClassVar[type[Parameters]]
    presets: ClassVar[tuple[Preset, ...]] = ()
    tours: ClassVar[tuple[Tour, ...]] = ()
    sweeps: ClassVar[tuple[WorkedSweep, ...]] = ()
    order: ClassVar[int] = 100  # of the tabs, from the left
    plays: ClassVar[bool] = False  # whether its playhead runs when it is first opened
    precision: ClassVar[str] = "float64"  # the floating-point type that it computes in

    @abstractmethod
    def run(self, parameters: P, context: Context) -> Generator[Frame, P, None]:
        """Yield frames for `parameters`.

        Each yield shows a frame, reports progress, and is the only point where the job can be
        cancelled; it returns the newest parameters, which differ from those before in live
        parameters only. Yielding the very same frame again costs nothing: it is not drawn. After a
        `final` frame the generator is resumed only when they change.
        """

    def measure(
        self, parameters: P, context: Context, keys: tuple[str, ...]
    ) -> Generator[float | None, None, Mapping[str, Any]]:
        """Return the values of the readouts of those keys, by key; of all where `keys` is empty.

        What a sweep asks of each cell: others may be among them, and what is not known is missing.
        Yields the share that is done (None where that is not known). A lab that can tell some of
        its numbers without drawing its picture overrides this for those.
        """
        job = self.run(parameters, context)
        try:
            frame = next(job)
            while not frame.final:
                yield frame.progress
                frame = job.send(parameters)
        finally:
            job.close()
        return {readout.key: readout.value for readout in frame.readouts}

    def told_in_figure(self, parameters: P) -> Collection[str]:
        """Return the parameters whose values the figure itself tells: its caption need not."""
        return ()

    def remarks(self, parameters: P) -> tuple[str, ...]:
        """Return sentences on the figure as a whole, for its caption."""
        return ()

    def playhead_rate(self, parameters: P) -> float:
        """Return how far the playhead moves in a second of real time, in its own units."""
        raise NotImplementedError(f"{self.id} has no playhead")

    def python(self, parameters: P) -> str:
        """Return a short script on `zoetrope.core` that reproduces the numbers of this state."""
        raise NotImplementedError(f"{self.id} has no script")


def follow(parameters: P, picture: Callable[[P], Frame]) -> Generator[Frame, P, None]:
    """Yield `picture(parameters)` for ever, as the live parameters change: a lab with no job."""
    while True:
        parameters = yield picture(parameters)


def final_frame(lab: Lab[Any], parameters: Parameters, context: Context) -> Frame:
    """Run a lab to its final frame and return that; what the lab raises passes through."""
    job = lab.run(parameters, context)
    try:
        frame = next(job)
        while not frame.final:
            frame = job.send(parameters)
        return frame
    finally:
        job.close()
