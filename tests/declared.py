"""Hypothesis strategies and examples drawn from a declaration of parameters."""

import math
from typing import Any

from hypothesis import strategies as st

from zoetrope.core.parameters import (
    Choice,
    DataFile,
    Declaration,
    Names,
    Number,
    ParameterError,
    Parameters,
    Switch,
    Table,
    Text,
)


def values_of(declaration: Declaration) -> st.SearchStrategy[Any]:
    """Every legal value of one parameter; logarithmic ones evenly over their decades."""
    match declaration:
        case Number(integer=True, log=True, low=low, high=high) if low > 0:
            decades = st.floats(math.log10(low), math.log10(high))
            return decades.map(lambda e: min(max(round(10.0**e), math.ceil(low)), math.floor(high)))
        case Number(integer=True, low=low, high=high):
            return st.integers(math.ceil(low), math.floor(high))
        case Number(log=True, low=low, high=high):
            decades = st.floats(math.log10(low), math.log10(high))
            return decades.map(lambda e: min(max(10.0**e, low), high))
        case Number(low=low, high=high):
            return st.floats(low, high)
        case Choice(options=options):
            return st.sampled_from(list(options))
        case Switch():
            return st.booleans()
        case Table(columns=columns, low=low, high=high, most_rows=most):
            row = st.tuples(*[st.floats(low, high) for _ in columns])
            return st.lists(row, max_size=min(most, 12)).map(tuple)
        case Names(most=most):
            name = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
            return st.lists(name, max_size=min(most, 4), unique=True).map(tuple)
        case DataFile(endings=endings):
            return st.sampled_from(["", *(f"there is no such file{ending}" for ending in endings)])
        case Text(longest=longest):
            return st.text(max_size=min(longest, 40))
    raise TypeError(f"no strategy for {declaration}")


@st.composite
def legal_parameters(draw: st.DrawFn, declared: type[Parameters]) -> Parameters:
    """A set of parameters that the declaration accepts; one member of each linked group is given.

    A change that does not fit the others is left out, so every draw is legal.
    """
    skipped = {
        name
        for members in declared.linked_groups().values()
        for name in members
        if name != draw(st.sampled_from(members), label="held")
    }
    parameters = declared()
    for name, declaration in declared.declarations().items():
        if name in skipped or not draw(st.booleans(), label=f"change {name}"):
            continue
        try:
            parameters = parameters.change(**{name: draw(values_of(declaration), label=name)})
        except ParameterError as error:
            assert str(error).endswith(".")
    return parameters
