"""Durations in words, as people say them."""

from __future__ import annotations


def in_words(seconds: float) -> str:
    """Return a duration such as "40 s", "5 min", "3 h 20 min" or "12 days"; at least a second."""
    whole = max(1, round(seconds))
    if whole < 90:
        return f"{whole} s"
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {rest} min" if rest and hours < 10 else f"{round(minutes / 60)} h"
    return f"{round(minutes / 1440)} days"
