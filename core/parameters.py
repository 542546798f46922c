"""The one declaration of a lab's parameters.

A lab writes a frozen dataclass whose fields are made by `number`, `whole`, `choice`, `switch`,
`text`, `data_file`, `names`, `table`, `playhead` or `view_end`. Widgets, checks and their
sentences, units, tooltips, command-line values, recipes, undo, sweep axes and test strategies are
all read off that declaration; nothing about a parameter is written twice.

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

from zoetrope.core.declarations import (
    Choice,
    DataFile,
    Declaration,
    Names,
    Number,
    ParameterError,
    Plain,
    Playhead,
    Rows,
    Switch,
    Table,
    Text,
    ViewEnd,
)
from zoetrope.core.written import AUTO, DECIMALS, ENCODINGS, SEPARATORS, Written

__all__ = [
    "Choice",
    "DataFile",
    "Declaration",
    "Names",
    "Number",
    "ParameterError",
    "Parameters",
    "Plain",
    "Playhead",
    "Rows",
    "Switch",
    "Table",
    "Text",
    "ViewEnd",
    "choice",
    "data_file",
    "decimal",
    "encoding",
    "names",
    "number",
    "pages",
    "playhead",
    "separator",
    "switch",
    "table",
    "text",
    "view_end",
    "whole",
    "written",
]


def _declared(default: Any, declaration: Declaration) -> Any:
    return field(default=default, metadata={"declaration": declaration})


def number(default: float | None, label: str, low: float, high: float, **more: Any) -> Any:
    """Declare a real number; see `Number` for what else may be said."""
    return _declared(default, Number(label=label, low=low, high=high, **more))


def whole(default: int | None, label: str, low: int, high: int, **more: Any) -> Any:
    """Declare a whole number; see `Number` for what else may be said."""
    return _declared(default, Number(label=label, low=low, high=high, integer=True, **more))


def playhead(default: float, label: str, low: float, high: float, **more: Any) -> Any:
    """Declare the number that the transport bar plays; it is live. A page has at most one."""
    return _declared(default, Playhead(label=label, low=low, high=high, live=True, **more))


def view_end(default: float, label: str, low: float, high: float, **more: Any) -> Any:
    """Declare an end of the range that a panel shows; it is live unless `live` says otherwise."""
    more = {"live": True, "hidden": True, **more}
    return _declared(default, ViewEnd(label=label, low=low, high=high, **more))


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


def data_file(label: str, **more: Any) -> Any:
    """Declare the path of a data file, at first none; see `DataFile`."""
    return _declared("", DataFile(label=label, **more))


def encoding(**more: Any) -> Any:
    """Declare in which encoding a data file's text is; its preview sets it, and no row."""
    help_ = "In which encoding the text of the file is, where that is not to be found out."
    return choice(AUTO, "Encoding", ENCODINGS, hidden=True, help=help_, **more)


def separator(**more: Any) -> Any:
    """Declare what stands between the fields of a data file; its preview sets it, and no row."""
    help_ = "What stands between the fields of the file, where that is not to be found out."
    return choice(AUTO, "Separator", SEPARATORS, hidden=True, help=help_, **more)


def decimal(**more: Any) -> Any:
    """Declare the sign before the decimals in a data file; its preview sets it, and no row."""
    help_ = "What stands before the decimals in the file, where that is not to be found out."
    return choice(AUTO, "Decimal sign", DECIMALS, hidden=True, help=help_, **more)


def written(parameters: Parameters, name: str) -> Written:
    """Return how the data file `name` is said to be written."""
    declaration = parameters.declarations()[name]
    assert isinstance(declaration, DataFile)
    return Written(*(getattr(parameters, each) for each in declaration.written))


def table(label: str, columns: tuple[str, ...], **more: Any) -> Any:
    """Declare rows of numbers, at first none; see `Table`."""
    return _declared((), Table(label=label, columns=columns, **more))


def names(label: str, **more: Any) -> Any:
    """Declare a choice among names that the lab offers at run time, at first none; see `Names`."""
    return _declared((), Names(label=label, **more))


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
    def playhead_names(cls) -> tuple[str, ...]:
        """Return the parameters that a transport bar plays, each on pages of its own."""
        return tuple(n for n, d in cls.declarations().items() if isinstance(d, Playhead))

    def playhead_name(self) -> str | None:
        """Return the parameter that the transport bar plays on the page shown, if there is one."""
        page = self.page_name()
        shown = "" if page is None else getattr(self, page)
        for name in self.playhead_names():
            pages = self.declarations()[name].pages
            if not pages or shown in pages:
                return name
        return None

    def played(self) -> tuple[str, Playhead] | None:
        """Return the name of what the transport bar plays on the page shown and its declaration,
        from end to end as it is played in this state; None where nothing is.
        """
        name = self.playhead_name()
        if name is None:
            return None
        declared = self.declarations()[name]
        assert isinstance(declared, Playhead)
        if declared.until:
            end = float(getattr(self, declared.until))
            declared = replace(declared, high=end, slider=None)
        return name, declared

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
        return {
            name: self.declarations()[name].plain(value)
            for name, value in values.items()
            if value is not None
        }

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
                except (ParameterError, TypeError, KeyError):
                    raise error from None
                sentences.append(f"{error} It was set to {declaration.show(kept[name])}.")
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
