"""What a person can turn in the i-ResNet lab."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from zoetrope.core.iresnet.data_parameters import CELLS, GROUND, MOST_DRAWN, DataParameters
from zoetrope.core.iresnet.exhibit_parameters import ExhibitParameters
from zoetrope.core.iresnet.lab_choices import PAGES
from zoetrope.core.iresnet.network_parameters import NetworkParameters
from zoetrope.core.iresnet.view_parameters import ViewParameters
from zoetrope.core.parameters import ParameterError, Parameters, pages

__all__ = ["CELLS", "GROUND", "MOST_DRAWN", "IResNetParameters"]

MOST_WORK = 8_388_608  # blocks x neurons x points of one step: some 100 ms


@dataclass(frozen=True)
class IResNetParameters(  # a dataclass takes the fields of its last base first
    ViewParameters,
    NetworkParameters,
    DataParameters,
    ExhibitParameters,
    Parameters,
):
    """Data, a network, how it is trained, and how it is looked at."""

    page: str = pages("train", PAGES)

    def check(self) -> None:
        """Refuse a step of training that would take too long, in one sentence."""
        work = self.n_blocks * self.hidden * self.batch
        if work > MOST_WORK:
            raise ParameterError(
                "batch",
                f"{self.n_blocks} blocks of {self.hidden} neurons on {self.batch} points are "
                f"{work / MOST_WORK:.1f} times what one step of training may take; lower one of "
                "the three.",
            )

    def change(self, **values: Any) -> Self:
        """Return a copy with some values changed; a file, or pasted points, become the data."""
        if "source" not in values:
            if values.get("data_file"):
                values = {**values, "source": "file"}
            elif values.get("points"):
                values = {**values, "source": "points"}
        return super().change(**values)
