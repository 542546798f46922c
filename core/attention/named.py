"""The catalogue: every static pattern by its name."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

# importing the modules fills the catalogue, in the order in which it is shown
from zoetrope.core.attention import catalogue_distance as catalogue_distance
from zoetrope.core.attention import catalogue_rows as catalogue_rows
from zoetrope.core.attention import catalogue_sparse as catalogue_sparse

from zoetrope.core.attention import catalogue_grid as catalogue_grid  # isort: skip
from zoetrope.core.attention.entries import CATALOGUE, LEAST, MOST, Entry, whole
from zoetrope.core.attention.errors import PatternError
from zoetrope.core.attention.patterns import Pattern
from zoetrope.core.attention.rule import built


def pattern(name: str, n: int, **parameters: Any) -> Pattern:
    """Return the pattern of that name over n tokens, 4 ... 16,777,216.

    `catalogue()` lists the names with their parameters; a default above n counts as n. Raises
    PatternError naming the field.
    """
    if name not in CATALOGUE:
        raise PatternError(
            "name", f"There is no pattern “{name}”. The names are {', '.join(CATALOGUE)}."
        )
    n = tokens(n)
    known = CATALOGUE[name].parameters
    for given in parameters:
        if given not in known:
            shown = ", ".join(known) or "none"
            raise PatternError(given, f"“{name}” has no {given}. Its parameters are: {shown}.")
    missing = [key for key, default in known.items() if default is inspect.Parameter.empty]
    for key in missing:
        if key not in parameters:
            raise PatternError(key, f"“{name}” needs {key}.")
    # defaults are for long sequences: shorter ones take what fits
    default = {key: min(value, n) for key, value in known.items() if type(value) is int}
    made = CATALOGUE[name].make(n, **{**default, **parameters})
    return Pattern(
        n=n,
        rule=built(made.rule, n, made.numbers, made.tables),
        structure=made.structure,
        spec={"kind": "named", "name": name, "n": n, "parameters": _plain(parameters)},
        count=made.count,
        symmetric=made.symmetric,
    )


def tokens(n: Any) -> int:
    """Return a number of tokens; PatternError outside 4 ... 16,777,216."""
    return whole(n, "n", LEAST, MOST)


def catalogue() -> Mapping[str, Entry]:
    """Return every entry by its name, in the order in which they are shown."""
    return dict(CATALOGUE)


def _plain(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters as JSON can hold them."""
    found = {}
    for key, value in parameters.items():
        many = not isinstance(value, str) and hasattr(value, "__len__")
        kept = [_number(one) for one in value] if many else _number(value)
        found[key] = kept
    return found


def _number(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value
