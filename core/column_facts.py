"""What can be said of each column of a table at a glance, before it is computed with."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from zoetrope.core.columns import Column, DataTable
from zoetrope.core.stepping import Steps


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """How many of a column's values are missing, how many differ, and the least and the largest.

    Of text there is no least and no largest: both are NaN.
    """

    missing: int
    distinct: int
    low: float = math.nan
    high: float = math.nan


def column_facts(column: Column) -> ColumnFacts:
    """Return the facts of one column, of which at least one value is there."""
    missing = column.missing
    if column.kind == "text":
        return ColumnFacts(missing, len(column.categories))
    ordered = np.sort(column.values)[: len(column.values) - missing]  # NaN comes last
    distinct = 1 + int(np.count_nonzero(np.diff(ordered)))
    return ColumnFacts(missing, distinct, float(ordered[0]), float(ordered[-1]))


def facts_of(table: DataTable) -> Steps[tuple[ColumnFacts, ...]]:
    """Return the facts of every column of a table, in order; a step for each."""
    found: list[ColumnFacts] = []
    for column in table.columns.values():
        yield len(found) / len(table.columns)
        found.append(column_facts(column))
    return tuple(found)
