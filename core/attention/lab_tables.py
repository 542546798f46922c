"""The numbers behind a pattern for CSV, NPZ and JSON."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any

import numpy as np

from zoetrope.core.attention.blocks import layout
from zoetrope.core.attention.lab_study import Study
from zoetrope.core.attention.patterns import Pattern
from zoetrope.core.long_work import Job

MOST_PAIRS = 1 << 18
MOST_ROWS = 1 << 12  # tokens up to which all pairs are listed
MOST_COUNTS = 1 << 20
MOST_STRETCHES = 1 << 22
CELLS = 1 << 18  # pairs asked in one step
BLOCK = 64


def tables_job(study: Study) -> Job[dict[str, Any]]:
    """All pairs as CSR where they are few: `indptr`, and `key` (the column indices) with `query`.

    Of longer patterns the stretches of every query's keys, or, where those are too many, how many
    keys each has.
    """
    return study.jobs.get("tables", None, lambda: _steps(study))


def _steps(study: Study) -> Iterator[dict[str, Any] | None]:
    count, n = study.count().result, study.n
    if count is None:
        return
    if count.nnz > MOST_PAIRS or n > MOST_ROWS:
        stretches = yield from _stretches(study.pattern)
        if stretches is not None:
            yield stretches
        elif count.rows is not None and n <= MOST_COUNTS:
            yield {"keys_of_query": count.rows.astype(np.int64)}
        return
    tokens = np.arange(n)
    queries, keys = [], []
    high = max(1, CELLS // n)
    for start in range(0, n, high):
        rows = tokens[start : start + high]
        q, k = np.nonzero(study.pattern.mask(rows[:, None], tokens))
        queries.append(rows[q])
        keys.append(k)
        yield None
    query, key = np.concatenate(queries), np.concatenate(keys)
    indptr = np.concatenate(([0], np.cumsum(np.bincount(query, minlength=n))))
    found = {
        "query": query.astype(np.int32), "key": key.astype(np.int32), "indptr": indptr,
    }  # fmt: skip
    if n >= BLOCK:
        found["block_layout"] = (layout(study.pattern, BLOCK) > 0).astype(np.int64)[None]
    yield found


def _stretches(pattern: Pattern) -> Generator[None, None, dict[str, Any] | None]:
    """Yield between steps; return the keys `start`, `start + step`, ... below `stop` of queries.

    None where rows are no plain stretches, or where there are too many.
    """
    structure = pattern.structure
    if not structure.plain or structure.n * structure.runs_per_row > MOST_STRETCHES:
        return None
    columns: list[list[Any]] = [[], [], [], []]
    for rows in structure.slices():
        found = []
        for term in structure.terms:
            runs = term.at(rows)
            last = runs.start + (runs.stop - 1 - runs.start) // term.step * term.step
            step = np.full_like(last, term.step)
            found.append(np.array((rows[runs.row], runs.start, last + 1, step), dtype=np.int32))
        part = np.concatenate(found, axis=1)
        order = np.lexsort((part[1], part[0]))
        for column, values in zip(columns, part[:, order], strict=True):
            column.append(values)
        yield None
    named = zip(("query", "start", "stop", "step"), columns, strict=True)
    return {name: np.concatenate(column) for name, column in named}
