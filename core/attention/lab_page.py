"""What all pages of the attention lab share: work done job by job, then a frame."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterator
from typing import Any, TypeVar

from zoetrope.core.attention.lab_parameters import AttentionParameters
from zoetrope.core.attention.lab_saved import save
from zoetrope.core.attention.lab_study import Study
from zoetrope.core.lab import Action, Frame
from zoetrope.core.long_work import Job

R = TypeVar("R")


class Page(ABC):
    """A page at given parameters. What it finds out stays in the study's jobs."""

    def __init__(self, study: Study, parameters: AttentionParameters) -> None:
        self.study = study
        self.parameters = parameters

    @abstractmethod
    def jobs(self) -> Iterator[Job[Any]]:
        """Yield what is to be done, in order; a later job may use what earlier ones found."""

    @abstractmethod
    def frame(self) -> Frame:
        """Return the picture of what is known."""

    def kept(self, name: str, key: Hashable, make: Callable[[], R]) -> R:
        """Return what was made for a key before, the very object: then it is not drawn anew."""
        job = self.study.jobs.get(f"kept {name}", key, lambda: iter((make(),)))
        if job.result is None:
            job.step()
        assert job.result is not None
        return job.result

    def save(self) -> Action:
        """Return the keeping of this pattern; no live parameter has a part in it."""
        return self.kept("save", None, lambda: save(self.parameters))

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
