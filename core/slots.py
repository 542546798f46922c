"""The engine's slots: a lab's own bears its id; pictures beside it are computed in others."""

from __future__ import annotations

_MARK = "#"  # is in no lab's id


def slot_beside(lab: str, use: str, number: int) -> str:
    """Return the slot of the picture of that number that is wanted for some use beside a lab's."""
    return f"{lab}{_MARK}{use} {number}"


def lab_of(slot: str) -> str:
    """Return the id of the lab that runs in a slot."""
    return slot.partition(_MARK)[0]


def is_beside(slot: str) -> bool:
    """Say whether a slot is not a lab's own."""
    return _MARK in slot
