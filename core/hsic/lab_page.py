"""What all pages of the HSIC lab share: work done job by job, then a frame."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from zoetrope.core.lab import Frame

if TYPE_CHECKING:
    from zoetrope.core.hsic.lab_parameters import HsicParameters
    from zoetrope.core.hsic.lab_study import Study
    from zoetrope.core.long_work import Job


class Page(ABC):
    """A page at given parameters. What it finds out stays in the study's jobs."""

    def __init__(self, study: Study, parameters: HsicParameters) -> None:
        self.study = study
        self.parameters = parameters

    @abstractmethod
    def jobs(self) -> Iterator[Job[Any]]:
        """Yield what is to be done, in order; a later job may use what earlier ones found."""

    @abstractmethod
    def frame(self, final: bool) -> Frame:
        """Return the picture of what is known."""

    def advance(self) -> bool:
        """Do one step of the first job that is not done; return whether there is none."""
        for job in self.jobs():
            if not job.done:
                job.step()
                return False
        return True

    @property
    def presentable(self) -> bool:
        """Whether enough is known for a picture that will only be refined."""
        return True

    def progress(self, final: bool, share: float) -> float | None:
        """The progress to report: none for a page that is done."""
        return None if final else min(max(share, 0.01), 0.99)
