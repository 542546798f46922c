"""What a person does on a lab's picture, as changes of its parameters."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QObject

from zoetrope.core.parameters import Number, ParameterError, Parameters, Table

if TYPE_CHECKING:
    from zoetrope.gui.lab_page import LabPage


def nearest(parameters: Parameters, name: str, value: Any) -> Any:
    """Return the legal value nearest to what a gesture or an animation asks of a parameter."""
    declaration = parameters.declarations()[name]
    if isinstance(declaration, Table):
        known = set(map(id, getattr(parameters, name)))
        return tuple(row if id(row) in known else declaration.fit(row) for row in value)
    if isinstance(declaration, Number) and isinstance(value, (int, float)):
        number = declaration.clamp(value)
        return round(number) if declaration.integer and number == number else number
    return value


class PictureEdits(QObject):
    """Takes what a page's canvas asks for, and tells the canvas the values in force."""

    def __init__(self, page: LabPage) -> None:
        super().__init__(page)
        self._page = page
        page.canvas.parameter_value = self.value_of
        page.canvas.parameter_state = self.state_of
        page.canvas.edited.connect(self.take)
        page.canvas.hovered.connect(self._hovered)

    def value_of(self, name: str) -> float:
        """Return a parameter's value as it stands, given or followed; NaN if it is not known."""
        value = self.state_of(name)
        if value is None:
            value = self._page.frame_view.linked.get(name, float("nan"))
        return float(value)

    def state_of(self, name: str) -> Any:
        """Return a parameter's value as it is given: a table's rows, text, or a number."""
        return getattr(self._page.parameters, name)

    def take(self, values: dict[str, Any]) -> None:
        """Put what was dragged, drawn or picked in force, as near to it as is legal."""
        page = self._page
        known = self._known(values)
        if not known:
            return
        page.animator.stop()
        for name in page.form.rows.keys() & known.keys():
            page.form.cancel(name)
        try:
            page.edit(known)
        except ParameterError as error:
            page.refuse(error, next(iter(known)))

    def _hovered(self, values: dict[str, Any]) -> None:
        """Put what follows the mouse in force: live values only, and no step of undo."""
        before = self._page.parameters
        declared = before.declarations()
        live = {n: v for n, v in self._known(values).items() if declared[n].live}
        with suppress(ParameterError):
            after = before.change(**live)
            if after != before:
                self._page.apply(after)

    def _known(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return those of the values that are of parameters, each the nearest legal one."""
        parameters = self._page.parameters
        declared = parameters.declarations()
        return {n: nearest(parameters, n, v) for n, v in values.items() if n in declared}
