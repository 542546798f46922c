"""Items as they look, without what a person could do to them: for pictures beside the live one."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, TypeVar

from zoetrope.core.items import Item

T = TypeVar("T", bound=Item)
# What is done to an item, and what it says under the mouse.
_TOUCHED: dict[str, Any] = {
    "edits": None,
    "pick": None,
    "hover": None,
    "words": (),
    "view": None,
    "view_x": None,
    "view_y": None,
}


def untouched(item: T, **changes: Any) -> T:
    """Return an item that nothing can be done to, with other changes of fields that it has."""
    known = {field.name for field in fields(item)}
    wanted = {**_TOUCHED, **changes}
    return replace(item, **{name: value for name, value in wanted.items() if name in known})
