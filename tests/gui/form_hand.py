"""What a test does in a form: thinks of values, and sets them by the rows' own controls."""

from __future__ import annotations

import math
import random
from typing import Any

from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest

from zoetrope.core.parameters import Choice, Names, Number, Switch, Table, Text
from zoetrope.gui.choice_row import ChoiceRow
from zoetrope.gui.number_row import NumberRow
from zoetrope.gui.row import Row, SwitchRow, TextRow


def enter(row: NumberRow | TextRow, text: str) -> None:
    """Type into a row as a person does, in one go, and press Return."""
    edit = row.box._edit if isinstance(row, NumberRow) else row.line
    edit.selectAll()
    edit.del_()
    edit.insert(text)
    edit.setModified(True)
    QTest.keyClick(row.control, Qt.Key.Key_Return)


def some_value(dice: random.Random, row: Row) -> Any:
    """Return a legal value, or one that the others may not allow."""
    match row.declaration:
        case Number(low=low, high=high, log=log, integer=integer) as declaration:
            if dice.random() < 0.8:  # mostly where the slider goes
                low, high = declaration.travel
            if log:
                value = math.exp(dice.uniform(math.log(low), math.log(high)))
            else:
                value = dice.uniform(low, high)
            value = float(f"{min(max(value, declaration.low), declaration.high):.5g}")
            return declaration.clamp(round(value) if integer else value)
        case Choice(options=options):
            return dice.choice(list(options))
        case Switch():
            return dice.random() < 0.5
        case Names(most=most):
            return tuple(dice.sample("abcdef", dice.randrange(min(most, 4))))
        case Table(columns=columns, low=low, high=high):
            rows = range(dice.randrange(5))
            return tuple(tuple(dice.uniform(low, high) for _ in columns) for _ in rows)
        case Text(longest=longest):
            letters = "".join(dice.choice("abc ω→&<\\") for _ in range(dice.randrange(12))).strip()
            return letters[:longest]
    raise TypeError(row.declaration)


def set_in_form(row: Row, value: Any) -> None:
    """Change a value by the row's own controls."""
    if isinstance(row, NumberRow):
        enter(row, repr(value))
    elif isinstance(row, TextRow):
        enter(row, value)
    elif isinstance(row, SwitchRow):
        if row.box.isChecked() != value:
            row.box.click()
    elif isinstance(row, ChoiceRow):
        if row.segments is not None:
            row.segments.buttons[value].click()
        else:
            assert row.combo is not None
            index = row.combo.findData(value)
            row.combo.setCurrentIndex(index)
            row.combo.activated.emit(index)
    else:  # what a list or the clipboard gives
        row.edited.emit(row.name, value)
