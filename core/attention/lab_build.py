"""The pattern of the lab's parameters, from wherever it comes."""

from __future__ import annotations

import numpy as np

from zoetrope.core.attention import reordering
from zoetrope.core.attention.errors import PatternError
from zoetrope.core.attention.lab_files import mask_of
from zoetrope.core.attention.lab_form import OWN_LENGTH
from zoetrope.core.attention.lab_parameters import AttentionParameters
from zoetrope.core.attention.lab_patterns import MOST_JOINED, Made, named, typed
from zoetrope.core.attention.lab_saved import combined, letters, read_saved
from zoetrope.core.attention.named import pattern as of_catalogue
from zoetrope.core.attention.pattern_parameters import MOST_PAINTED
from zoetrope.core.attention.patterns import Pattern
from zoetrope.core.attention.typed import layout
from zoetrope.core.lab import Notice
from zoetrope.core.parameters import ParameterError

MOST_REORDERED = 1 << 16


def build(parameters: AttentionParameters) -> tuple[Pattern, list[Notice]]:
    """Return the pattern and what must be said of it. ParameterError names what does not fit."""
    if parameters.order == "natural":
        return unordered(parameters)
    short = parameters.n <= MOST_REORDERED or parameters.pattern in OWN_LENGTH
    found, said = unordered(parameters) if short else (None, [])
    if found is None or found.n > MOST_REORDERED:
        raise ParameterError(
            "order", f"Tokens are put in another order up to n = {MOST_REORDERED:,}; choose a "
            "smaller n, or leave them as they are.",
        )  # fmt: skip
    size = parameters.stride if parameters.order == "residue" else parameters.width
    return reordering.reordered(found, parameters.order, min(size, found.n)), said


def unordered(parameters: AttentionParameters) -> tuple[Pattern, list[Notice]]:
    """Return the pattern with its tokens as they are."""
    name = parameters.pattern
    if name == "composed":
        if parameters.n > MOST_JOINED:
            raise ParameterError(
                "n", f"Patterns are combined up to {MOST_JOINED:,} tokens; choose a smaller n."
            )
        wanted = letters(parameters.formula)
        known = read_saved(parameters)
        parts = {one: unordered(known[one])[0] for one in known if one in wanted}
        return combined(parameters.formula, parts), []
    if name == "drawn":
        return _drawn(parameters)
    if name == "file":
        found, how = mask_of(parameters)
        return found, [Notice(how, parameter="mask_file")] if how else []
    found, made = typed(parameters) if name == "typed" else named(parameters)
    return found, _notices(made)


def rival(parameters: AttentionParameters, n: int) -> Pattern | None:
    """Return what the pattern is compared with, of as many tokens."""
    against = parameters.against
    if against == "none":
        return None
    if n > MOST_JOINED:
        raise ParameterError(
            "against", f"Patterns are compared up to {MOST_JOINED:,} tokens; choose a smaller n."
        )
    if against in ("causal", "full"):
        return of_catalogue(against, n)
    known = read_saved(parameters)
    if against not in known:
        raise ParameterError(
            "against", f"Nothing is saved as {against} yet: the action “Save” keeps a pattern."
        )
    found = unordered(known[against])[0]
    if found.n != n:
        raise ParameterError(
            "against", f"Saved {against} has {found.n:,} tokens and this pattern {n:,}; make them "
            "equal.",
        )  # fmt: skip
    return found


def _drawn(parameters: AttentionParameters) -> tuple[Pattern, list[Notice]]:
    n, block = parameters.n, min(parameters.block, parameters.n)
    m = -(-n // block)
    if m > MOST_PAINTED:
        raise ParameterError(
            "block", f"{m:,} blocks a side are too many to draw; with n = {n:,} the smallest block "
            f"is {-(-n // MOST_PAINTED):,}.",
        )  # fmt: skip
    cells = np.zeros((m, m), dtype=bool)
    kept = [(int(row), int(column)) for row, column in parameters.painted]
    inside = [(row, column) for row, column in kept if row < m and column < m]
    for row, column in inside:
        cells[row, column] = True
    said = []
    if len(inside) < len(kept):
        said.append(
            Notice(f"{len(kept) - len(inside)} painted blocks lie beyond the {m} by {m} that there "
                   "are and wait there.", parameter="painted")
        )  # fmt: skip
    try:
        return layout(cells, block, n), said
    except PatternError as error:
        raise ParameterError("block", error.message) from None


def _notices(made: Made) -> list[Notice]:
    return [Notice(sentence, parameter=control) for control, sentence in made.said]
