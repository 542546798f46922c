"""The form of a lab, built from its declarations: one row for each parameter."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from itertools import pairwise
from typing import Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from zoetrope.core.lab import Mark
from zoetrope.core.parameters import (
    Choice,
    DataFile,
    Declaration,
    Names,
    Number,
    ParameterError,
    Parameters,
    Playhead,
    Switch,
    Table,
    Text,
)
from zoetrope.gui.choice_row import ChoiceRow
from zoetrope.gui.file_row import MOST_RECENT, FileRow
from zoetrope.gui.language import say
from zoetrope.gui.message import Severity
from zoetrope.gui.names_row import NamesRow
from zoetrope.gui.number_row import NumberRow
from zoetrope.gui.retranslate import hold
from zoetrope.gui.row import Row, SwitchRow, TextRow
from zoetrope.gui.row_group import RowGroup
from zoetrope.gui.table_row import TableRow

FIRST_ROWS = 7  # at most so many are seen before anything is unfolded

_ROWS: tuple[tuple[type[Declaration], Any], ...] = (
    (Number, NumberRow),
    (Choice, ChoiceRow),
    (Switch, SwitchRow),
    (Table, TableRow),
    (Names, NamesRow),
    (DataFile, FileRow),
    (Text, TextRow),
)


def has_row(declaration: Declaration) -> bool:
    """Say whether a parameter stands in the form: hidden ones and the playhead do not."""
    return not declaration.hidden and not isinstance(declaration, Playhead)


def first_names(parameters: type[Parameters], page: str | None = None) -> list[str]:
    """Return the parameters that are seen before anything is unfolded, on one page or on any.

    What stands behind seven others on a page where it matters is folded, whatever it says.
    """
    declarations = parameters.declarations()
    turner = declarations.get(parameters.page_name() or "")
    pages = tuple(turner.options) if isinstance(turner, Choice) else ("",)
    seen = dict.fromkeys(pages, 0)
    first = []
    for name, declaration in declarations.items():
        where = declaration.pages or pages
        if not has_row(declaration) or declaration.folded:
            continue
        if all(seen[p] < FIRST_ROWS for p in where):
            seen.update({p: seen[p] + 1 for p in where})
            if page is None or page in where:
                first.append(name)
    return first


class ParameterForm(QWidget):
    """Rows for the parameters of a lab.

    `changed` carries the new, legal parameters and the name of the one that a person changed. A
    value that is not legal stays in its row with a sentence under it, and the parameters in force
    stay as they were. `edit_started` and `edit_finished` enclose the drag of a slider.
    """

    changed = pyqtSignal(object, str)
    edit_started = pyqtSignal(str)
    edit_finished = pyqtSignal(str)
    pointed = pyqtSignal(str)  # the parameter under the mouse; "" when it leaves
    file_wanted = pyqtSignal(str, str)  # a parameter and the path that is to be looked into

    def __init__(self, parameters: type[Parameters], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parameters = parameters()
        self._wanted: dict[str, Any] = {}  # refused values that still stand in their rows
        self._refusals: dict[str, tuple[str, str]] = {}  # row: (row of the wrong value, sentence)
        self._notices: dict[str, tuple[str, Severity]] = {}
        self.rows: dict[str, Row] = {}
        self._groups: dict[str, RowGroup] = {}
        self._group_of: dict[str, RowGroup] = {}
        self._unfolded: tuple[str, ...] = ()
        self._marks: Mapping[str, Sequence[Mark]] = {}
        self._idle: Mapping[str, str] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        first = first_names(parameters)
        for name, declaration in parameters.declarations().items():
            if has_row(declaration):
                self._add(name, declaration, folded=name not in first)
        column.addStretch(1)
        self._order_stops()
        self._page = parameters.page_name()
        self._show_page()

    def _order_stops(self) -> None:
        self.stops = [stop for group in self._groups.values() for stop in group.stops]
        for before, after in pairwise(self.stops):
            QWidget.setTabOrder(before, after)

    def _show_page(self) -> None:
        if self._page is not None:
            for group in self._groups.values():
                if any(row.declaration.pages for row in group.rows):
                    group.show_page(getattr(self._parameters, self._page))

    def _add(self, name: str, declaration: Declaration, *, folded: bool) -> None:
        group = self._groups.get(declaration.group)
        if group is None:
            group = self._groups[declaration.group] = RowGroup(declaration.group, self)
            column = self.layout()
            assert column is not None
            column.addWidget(group)
        kind = next(row for known, row in _ROWS if isinstance(declaration, known))
        row: Row = kind(name, declaration, getattr(self._parameters, name), group)
        row.edited.connect(self._edit)
        row.refused.connect(self._refuse)
        row.reset_wanted.connect(self.reset)
        row.cancelled.connect(self.cancel)
        row.pointed.connect(self.pointed)
        row.edit_started.connect(self.edit_started)
        row.edit_finished.connect(self._finish)
        if isinstance(row, FileRow):
            row.wanted.connect(self.file_wanted)
        hold(row)
        group.add(row, folded)
        self.rows[name] = row
        self._group_of[name] = group

    @property
    def parameters(self) -> Parameters:
        """The parameters in force."""
        return self._parameters

    def set_parameters(self, parameters: Parameters) -> None:
        """Show parameters. Emits nothing; refused values give way where theirs change."""
        old, self._parameters = self._parameters, parameters
        changed = False
        for name, row in self.rows.items():
            value = getattr(parameters, name)
            if value != getattr(old, name):
                changed = True
                row.show_value(value)
                self._settle(name)
        if self._page and getattr(parameters, self._page) != getattr(old, self._page):
            self._show_page()
        if changed:
            self._count_changed()

    def _count_changed(self) -> None:
        """Say how many values behind each "More" are not the default."""
        for group in self._groups.values():
            folded = ((row.name, row.default) for row in group.behind)
            group.show_changed(sum(getattr(self._parameters, n) != usual for n, usual in folded))

    def set_linked(self, values: Mapping[str, float]) -> None:
        """Show the values of linked parameters that follow; those not given have none now."""
        for name, row in self.rows.items():
            if isinstance(row, NumberRow) and self.parameters.siblings(name):
                row.show_followed(values.get(name))

    def set_options(self, options: Mapping[str, tuple[str, ...]]) -> None:
        """Tell rows what can be chosen now."""
        for name, row in self.rows.items():
            row.set_options(options.get(name, ()))

    def set_marks(self, marks: Mapping[str, Sequence[Mark]]) -> None:
        """Put ticks on the sliders of numbers."""
        before, self._marks = self._marks, marks
        if marks != before:
            for name, row in self.rows.items():
                if isinstance(row, NumberRow):
                    row.set_marks(marks.get(name, ()))

    def set_idle(self, idle: Mapping[str, str]) -> None:
        """Switch off the rows of parameters that have no effect now, and say why."""
        before, self._idle = self._idle, idle
        if idle != before:
            for name, row in self.rows.items():
                row.set_idle(idle.get(name, ""))

    def set_unfolded(self, names: tuple[str, ...]) -> None:
        """Let just these rows stand unfolded in their groups, and in others the usual ones."""
        if names != self._unfolded:
            self._unfolded = names
            for group in self._groups.values():
                group.stand(names)
            self._order_stops()
            self._show_page()
            self._count_changed()

    def remember_file(self, name: str, path: str) -> None:
        """Put a file first among those that were used before."""
        row = self.rows.get(name)
        if isinstance(row, FileRow):
            row.remember(path)

    def recent_files(self) -> dict[str, list[str]]:
        """Return the files that were used before, by parameter."""
        rows = self.rows.items()
        return {n: list(row.recent) for n, row in rows if isinstance(row, FileRow) and row.recent}

    def set_recent_files(self, files: Mapping[str, Any]) -> None:
        """Take over the files that were used before; what is none is left out."""
        for name, paths in files.items():
            row = self.rows.get(name)
            if isinstance(row, FileRow) and isinstance(paths, list):
                row.recent = [path for path in paths if isinstance(path, str)][:MOST_RECENT]

    def set_notices(self, notices: Mapping[str, tuple[str, Severity]]) -> None:
        """Show a sentence under each row named and none under the others.

        A sentence about a value that was just refused has precedence.
        """
        before, self._notices = self._notices, dict(notices)
        for name in before.keys() | notices.keys():
            if name in self.rows and before.get(name) != notices.get(name):
                self._show_sentence(name)

    def refuse(self, error: ParameterError, cause: str) -> None:
        """Show why the value of `cause` was refused, under the row that the error names."""
        shown = error.parameter if error.parameter in self.rows else cause
        if shown in self.rows:
            self._refusals[shown] = (cause, say(str(error)))
            self._show_sentence(shown)

    @property
    def has_refusals(self) -> bool:
        """Whether a sentence about a refused value stands somewhere."""
        return bool(self._refusals)

    def clear_refusals(self) -> None:
        """Show what is in force in every row, and no sentence about refused values."""
        for cause, _ in list(self._refusals.values()):
            self.cancel(cause)

    def point_at(self, names: Collection[str]) -> None:
        """Set the rows of these parameters off from the others."""
        for name, row in self.rows.items():
            row.set_marked(name in names)

    def show_anew(self) -> None:
        """Write every value anew, as after a change of how numbers are written."""
        for name in self.rows:
            if name not in self._wanted:
                self._restore(name)

    def focus_row(self, name: str) -> None:
        """Unfold the row if need be and put the focus into it."""
        if name in self.rows:
            self._reveal(name)
            self.rows[name].control.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def reset(self, name: str) -> None:
        """Put one parameter back to its default (of linked ones, the one held by default)."""
        defaults = type(self._parameters)()
        held = next(n for n in (name, *defaults.siblings(name)) if getattr(defaults, n) is not None)
        self.cancel(name)
        self._edit(held, getattr(defaults, held))

    def cancel(self, name: str) -> None:
        """Give up the refused value that a row shows or complains of."""
        cause, _ = self._refusals.get(name, (name, ""))
        self._settle(cause)
        for restored in {cause, name} & self.rows.keys():
            self._restore(restored)

    def _restore(self, name: str) -> None:
        row = self.rows[name]
        row.mark_wrong(True)  # so that the value is written anew even if it is the same
        row.show_value(getattr(self._parameters, name))

    def _settle(self, cause: str) -> None:
        """Forget the refused value of `cause` and what was said about it."""
        self._wanted.pop(cause, None)
        for shown in [n for n, (c, _) in self._refusals.items() if c == cause]:
            del self._refusals[shown]
            self._show_sentence(shown)

    def _show_sentence(self, name: str) -> None:
        sentence, severity = self._notices.get(name, ("", "info"))
        if name in self._refusals:
            sentence, severity = self._refusals[name][1], "error"
        self.rows[name].show_message(sentence, severity)
        if sentence and severity == "error":
            self._reveal(name)

    def _reveal(self, name: str) -> None:
        group = self._group_of[name]
        if self.rows[name] in group.behind:
            group.unfold(True)

    def _edit(self, name: str, value: Any) -> None:
        self._settle(name)
        try:
            parameters = self._fit(name, value)
        except ParameterError as error:
            if self.rows[name].sticky:
                self._wanted[name] = value
                self.rows[name].mark_wrong(True)
            else:
                self._restore(name)
            self.refuse(error, name)
            return
        for other in [n for n, v in self._wanted.items() if getattr(parameters, n) == v]:
            self._settle(other)
        for sibling in parameters.siblings(name):
            self.cancel(sibling)
        if parameters == self._parameters:
            self._restore(name)
            return
        self.rows[name].mark_wrong(False)
        self.set_parameters(parameters)
        self.changed.emit(parameters, name)

    def _fit(self, name: str, value: Any) -> Parameters:
        """Return the parameters with a value changed, and with it what was refused and now fits."""
        waiting = {
            n: v
            for n, v in self._wanted.items()
            if n != name and n not in self._parameters.siblings(name)
        }
        if waiting:
            with suppress(ParameterError):
                return self._parameters.change(**{**waiting, name: value})
        parameters = self._parameters.change(**{name: value})
        for other, wanted in waiting.items():
            with suppress(ParameterError):
                parameters = parameters.change(**{other: wanted})
        return parameters

    def _refuse(self, name: str, error: ParameterError) -> None:
        self._settle(name)
        self.rows[name].mark_wrong(True)
        self.refuse(error, name)

    def _finish(self, name: str) -> None:
        if name in self._wanted:  # a slider let go where it may not stay; the sentence remains
            del self._wanted[name]
            self._restore(name)
        self.edit_finished.emit(name)
