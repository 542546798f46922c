"""What is said of columns before they are used."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoetrope.core.column_facts import ColumnFacts, column_facts, facts_of
from zoetrope.core.columns import Column
from zoetrope.core.stepping import finish
from zoetrope.core.table import parse_table


def test_of_each_kind() -> None:
    table = parse_table("n,word,ok\n3,a,true\n,b,false\n-1.5,a,true\n3,,true\n")
    number, word, truth = finish(facts_of(table))
    assert number == ColumnFacts(missing=1, distinct=2, low=-1.5, high=3.0)
    assert (word.missing, word.distinct) == (1, 2)
    assert math.isnan(word.low)
    assert truth == ColumnFacts(missing=0, distinct=2, low=0.0, high=1.0)


@given(st.lists(st.one_of(st.none(), st.floats(-1e9, 1e9)), min_size=1, max_size=50))
def test_they_are_those_of_a_set(values: list[float | None]) -> None:
    there = [value for value in values if value is not None]
    column = Column("x", "number", np.array([math.nan if v is None else v for v in values]))
    if not there:
        return
    facts = column_facts(column)
    assert facts.missing == len(values) - len(there)
    assert facts.distinct == len(set(there))
    assert (facts.low, facts.high) == (min(there), max(there))


def test_the_steps_are_as_many_as_the_columns() -> None:
    shares = list(facts_of(parse_table("a,b,c,d\n1,2,3,4\n")))
    assert shares == pytest.approx([0, 0.25, 0.5, 0.75])
