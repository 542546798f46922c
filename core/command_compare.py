"""The flag `--compare`: values of one parameter, whose pictures stand side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from zoetrope.core.command_state import UsageError, parsed_setting
from zoetrope.core.comparison import Compared, Comparison, uncompared
from zoetrope.core.lab import Lab
from zoetrope.core.parameters import Parameters
from zoetrope.core.side_by_side import ComparisonError


def compared_state(
    lab: Lab[Any], parameters: Parameters, text: str, panels: Sequence[str]
) -> tuple[Compared, Parameters]:
    """Return the lab that compares, and the first of its states, of a text as "span=1,1.5,2".

    `panels` names the panels that are shown, the first one by default. Raises `UsageError`, and
    `ParameterError` for a value that is not legal.
    """
    name, equals, values = text.partition("=")
    if not equals:
        raise UsageError(f"Write --compare NAME=VALUE,VALUE; {text!r} has no equals sign.")
    lab = uncompared(lab)
    known = [parsed_setting(lab, name.strip(), value.strip()) for value in values.split(",")]
    try:
        comparison = Comparison.over_values(parameters, name.strip(), known, panels)
    except ComparisonError:
        raise UsageError(
            f"2 to 4 values can be compared, not {len(known)}: write --compare {name}=1,2,3."
        ) from None
    return Compared(lab, comparison), parameters.change(**{name.strip(): known[0]})
