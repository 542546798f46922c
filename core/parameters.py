"""The one declaration of a lab's parameters.

A lab writes a frozen dataclass whose fields are made by `number`, `whole`, `choice`, `switch`,
`text` or `playhead`. Widgets, checks and their sentences, units, tooltips, command-line values,
recipes, undo, sweep axes and test strategies are all read off that declaration; nothing about a
parameter is written twice.

    @dataclass(frozen=True)
    class WaveParameters(Parameters):
        frequency: float = number(2.0, "Frequency", 0.1, 50.0, unit="Hz", log=True)
        shape: str = choice("sine", "Shape", {"sine": "Sine", "square": "Square"})

Plain dataclasses rather than pydantic models: pydantic costs 0.2 s of the 0.4 s in which the
window is painted, and its messages would all have to be rewritten for people anyway.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache
from typing import Any, Self

Plain = bool | int | float | str


class ParameterError(ValueError):
    """A value that a parameter cannot take. `parameter` names it; the text is one sentence."""

    def __init__(self, parameter: str | None, sentence: str) -> None:
        super().__init__(sentence)
        self.parameter = parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What is known about one parameter, whatever its type.

    `live` parameters do not restart a running job: they are sent into it (a camera, a playhead).
    `folded` ones stand under their group's "more". `hidden` ones have no row in the form: they
    are edited on the picture (or are the page that is shown). `pages` names the pages on which a
    parameter matters; its row is shown on those only.
    """

    label: str
    help: str = ""
    symbol: str = ""
    group: str = ""
    live: bool = False
    folded: bool = False
    hidden: bool = False
    pages: tuple[str, ...] = ()

    def check(self, name: str, value: Any) -> Any:
        """Return `value` in its own type, or raise `ParameterError`."""
        raise NotImplementedError

    def parse(self, name: str, text: str) -> Any:
        """Read a value that a person typed."""
        raise NotImplementedError

    def clamp(self, value: Any) -> Any:
        """Return the legal value nearest to one of the right type."""
        return value

    def describe(self) -> str:
        """Say in words which values are legal."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Declaration):
    """A real (or whole) number between `low` and `high`, both included.

    `slider` is the range the slider covers where it is narrower than the legal range. `log` moves
    the slider in decades. `step` is what an arrow key adds (a factor 1 + step when `log`).
    Numbers that share a `linked` name are one degree of freedom: exactly one of them is given,
    the others are None and follow.
    """

    low: float
    high: float
    unit: str = ""
    step: float | None = None
    log: bool = False
    integer: bool = False
    slider: tuple[float, float] | None = None
    linked: str = ""
    seed: bool = False

    def check(self, name: str, value: Any) -> float | int | None:
        """Return the number; refuse text, bools, NaN, infinity and values out of range."""
        if value is None and self.linked:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise ParameterError(name, f"{self.label} must be a number, not {value!r}.")
        if not abs(value) <= 1e300:
            raise ParameterError(name, f"{self.label} must be a finite number.")
        if self.integer and value != int(value):
            raise ParameterError(name, f"{self.label} must be a whole number, not {value:g}.")
        if not self.low <= value <= self.high:
            where = "below the smallest" if value < self.low else "above the largest"
            bound = self.low if value < self.low else self.high
            raise ParameterError(
                name, f"{self.label} {self.show(value)} is {where} allowed, {self.show(bound)}."
            )
        return int(value) if self.integer else float(value)

    def parse(self, name: str, text: str) -> float | int:
        """Read a number; a trailing unit, a minus sign and a decimal comma are understood."""
        stripped = text.strip().removesuffix(self.unit).strip().replace("−", "-")
        if "," in stripped and "." not in stripped:
            stripped = stripped.replace(",", ".")
        try:
            value = float(stripped)
        except ValueError:
            raise ParameterError(name, f"{self.label} must be a number, not {text!r}.") from None
        checked = self.check(name, value)
        assert checked is not None
        return checked

    def clamp(self, value: Any) -> Any:
        """Return the nearest number within the range."""
        return value if value is None else min(max(value, self.low), self.high)

    def describe(self) -> str:
        """Say the range, as "0.05 to 50 m"."""
        return f"{self.low:g} to {self.show(self.high)}"

    def show(self, value: float) -> str:
        """Return the value with its unit, to six digits."""
        return f"{value:.6g} {self.unit}".rstrip()

    @property
    def travel(self) -> tuple[float, float]:
        """The two ends of the slider."""
        return self.slider or (self.low, self.high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Playhead(Number):
    """The number that a transport bar plays; it wraps from `high` to `low`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Declaration):
    """One of a few named values. `options` maps each value to the words a person reads."""

    options: Mapping[str, str]
    page: bool = False

    def check(self, name: str, value: Any) -> str:
        """Return the value if it is one of the options."""
        if not isinstance(value, str) or value not in self.options:
            raise ParameterError(
                name, f"{self.label} must be one of {', '.join(self.options)}, not {value!r}."
            )
        return value

    def parse(self, name: str, text: str) -> str:
        """Read an option by its value."""
        return self.check(name, text.strip())

    def describe(self) -> str:
        """List the options."""
        return ", ".join(self.options)


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch(Declaration):
    """On or off."""

    def check(self, name: str, value: Any) -> bool:
        """Return the value if it is a bool."""
        if not isinstance(value, bool):
            raise ParameterError(name, f"{self.label} must be true or false, not {value!r}.")
        return value

    def parse(self, name: str, text: str) -> bool:
        """Read true, false, yes, no, on, off, 1 or 0."""
        word = text.strip().lower()
        if word in {"true", "yes", "on", "1"}:
            return True
        if word in {"false", "no", "off", "0"}:
            return False
        raise ParameterError(name, f"{self.label} must be true or false, not {text!r}.")

    def describe(self) -> str:
        """Say the two values."""
        return "true or false"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Declaration):
    """A line of text of at most `longest` characters."""

    longest: int = 1000

    def check(self, name: str, value: Any) -> str:
        """Return the value if it is text that is not too long."""
        if not isinstance(value, str):
            raise ParameterError(name, f"{self.label} must be text, not {value!r}.")
        if len(value) > self.longest:
            raise ParameterError(
                name,
                f"{self.label} has {len(value)} characters; at most {self.longest} are allowed.",
            )
        return value

    def parse(self, name: str, text: str) -> str:
        """Take the text as it stands."""
        return self.check(name, text)

    def clamp(self, value: Any) -> Any:
        """Cut the text to the longest allowed."""
        return value[: self.longest]

    def describe(self) -> str:
        """Say how long it may be."""
        return f"text, at most {self.longest} characters"


def _declared(default: Any, declaration: Declaration) -> Any:
    return field(default=default, metadata={"declaration": declaration})


def number(default: float | None, label: str, low: float, high: float, **more: Any) -> Any:
    """Declare a real number; see `Number` for what else may be said."""
    return _declared(default, Number(label=label, low=low, high=high, **more))


def whole(default: int | None, label: str, low: int, high: int, **more: Any) -> Any:
    """Declare a whole number; see `Number` for what else may be said."""
    return _declared(default, Number(label=label, low=low, high=high, integer=True, **more))


def playhead(default: float, label: str, low: float, high: float, **more: Any) -> Any:
    """Declare the number that the transport bar plays; it is live."""
    return _declared(default, Playhead(label=label, low=low, high=high, live=True, **more))


def choice(default: str, label: str, options: Mapping[str, str], **more: Any) -> Any:
    """Declare one of a few named values."""
    return _declared(default, Choice(label=label, options=options, **more))


def pages(default: str, options: Mapping[str, str]) -> Any:
    """Declare the page of the lab that is shown; it is live and has tabs instead of a row."""
    declaration = Choice(label="Page", options=options, page=True, live=True, hidden=True)
    return _declared(default, declaration)


def switch(default: bool, label: str, **more: Any) -> Any:
    """Declare something that is on or off."""
    return _declared(default, Switch(label=label, **more))


def text(default: str, label: str, **more: Any) -> Any:
    """Declare a line of text."""
    return _declared(default, Text(label=label, **more))


@dataclass(frozen=True)
class Parameters:
    """A legal set of parameters: immutable, and checked when it is made.

    Raises `ParameterError` for a value out of its range, for two values of one linked group, and
    for whatever `check` finds wrong between parameters.
    """

    def __post_init__(self) -> None:
        """Check every value, then the linked groups, then what the lab says of the whole."""
        for name, declaration in self.declarations().items():
            object.__setattr__(self, name, declaration.check(name, getattr(self, name)))
        for members in self.linked_groups().values():
            given = [name for name in members if getattr(self, name) is not None]
            if len(given) != 1:
                labels = ", ".join(self.declarations()[name].label.lower() for name in members)
                raise ParameterError(
                    given[-1] if given else members[0],
                    f"Give exactly one of {labels}: each of them decides the others.",
                )
        self.check()

    def check(self) -> None:
        """Raise `ParameterError` if the values do not fit together. Cheap: runs on every change."""

    @classmethod
    @cache
    def declarations(cls) -> Mapping[str, Declaration]:
        """Return every parameter's declaration, in order."""
        return {f.name: f.metadata["declaration"] for f in fields(cls)}

    @classmethod
    @cache
    def linked_groups(cls) -> Mapping[str, tuple[str, ...]]:
        """Return the names of the parameters of each linked group."""
        groups: dict[str, list[str]] = {}
        for name, declaration in cls.declarations().items():
            if isinstance(declaration, Number) and declaration.linked:
                groups.setdefault(declaration.linked, []).append(name)
        return {group: tuple(members) for group, members in groups.items()}

    @classmethod
    def siblings(cls, name: str) -> tuple[str, ...]:
        """Return the other members of the linked group of `name` (none if it is not linked)."""
        declaration = cls.declarations()[name]
        if not (isinstance(declaration, Number) and declaration.linked):
            return ()
        return tuple(n for n in cls.linked_groups()[declaration.linked] if n != name)

    @classmethod
    def playhead_name(cls) -> str | None:
        """Return the parameter that the transport bar plays, if there is one."""
        names = (n for n, d in cls.declarations().items() if isinstance(d, Playhead))
        return next(names, None)

    @classmethod
    def page_name(cls) -> str | None:
        """Return the parameter that says which page is shown, if there is one."""
        names = (n for n, d in cls.declarations().items() if isinstance(d, Choice) and d.page)
        return next(names, None)

    def change(self, **values: Any) -> Self:
        """Return a copy with some values changed; a linked value takes the place of its siblings.

        Raises `ParameterError` for an unknown name or an illegal value.
        """
        complete = dict(values)
        for name in values:
            if name not in self.declarations():
                raise ParameterError(name, f"There is no parameter {name!r} here.")
            for sibling in self.siblings(name):
                complete.setdefault(sibling, None)
        return replace(self, **complete)

    def plain(self) -> dict[str, Plain]:
        """Return the values for JSON; of a linked group only the one that is given."""
        values = {name: getattr(self, name) for name in self.declarations()}
        return {name: value for name, value in values.items() if value is not None}

    @classmethod
    def make(cls, values: Mapping[str, Any]) -> Self:
        """Build parameters from plain values; what is missing takes its default. Strict."""
        return cls().change(**values)

    @classmethod
    def adapt(cls, values: Mapping[str, Any]) -> tuple[Self, list[str]]:
        """Build parameters from a file's values, clamping what is out of range.

        Returns the parameters and one sentence for each value that was clamped or is unknown
        here. Raises `ParameterError` where a value has the wrong type or the whole does not fit.
        """
        sentences: list[str] = []
        kept: dict[str, Any] = {}
        for name, value in values.items():
            declaration = cls.declarations().get(name)
            if declaration is None:
                sentences.append(f"This version has no parameter {name!r}; it was left out.")
                continue
            try:
                kept[name] = declaration.check(name, value)
            except ParameterError as error:
                try:
                    kept[name] = declaration.check(name, declaration.clamp(value))
                except (ParameterError, TypeError):
                    raise error from None
                sentences.append(f"{error} It was set to {kept[name]}.")
        return cls.make(kept), sentences

    def changes(self, since: Self) -> dict[str, Any]:
        """Return the names and values that differ from `since`, given ones only."""
        old = since.plain()
        return {n: v for n, v in self.plain().items() if n not in old or old[n] != v}

    def differs_only_live(self, other: Self) -> bool:
        """Say whether a running job may be sent these parameters instead of being restarted."""
        return all(
            declaration.live or getattr(self, name) == getattr(other, name)
            for name, declaration in self.declarations().items()
        )
