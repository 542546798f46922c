"""Whose heads the lab looks at: a model with its text, or saved arrays, read once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from zoetrope.core.attention.heads.arrays import read_arrays
from zoetrope.core.attention.heads.captured import Capture, Head, capture_steps
from zoetrope.core.attention.heads.errors import HeadsError
from zoetrope.core.attention.heads.excerpt import ALICE
from zoetrope.core.attention.heads.model import Model
from zoetrope.core.attention.heads.models import load
from zoetrope.core.long_work import FINISHED, Job, Jobs
from zoetrope.core.parameters import ParameterError

if TYPE_CHECKING:
    from zoetrope.core.attention.lab_parameters import AttentionParameters

R = TypeVar("R")
CONTROLS = {"model_folder": "model_file", "candidate": "family"}  # by what the errors name


class HeadsSource:
    """A model and a text, or saved arrays, and which head and token are chosen there."""

    def __init__(self, jobs: Jobs, parameters: AttentionParameters) -> None:
        self._jobs = jobs
        self.parameters = parameters

    @property
    def text(self) -> str:
        """The text that is read."""
        return self.parameters.text.strip() or ALICE

    @property
    def runs(self) -> bool:
        """Whether there is a model to run, and not saved arrays alone."""
        return self.parameters.model != "arrays"

    def model(self) -> Model:
        """Return the chosen model. HeadsError says what is wrong with it."""
        if self.parameters.model != "folder":
            return load(self.parameters.model)
        if not self.parameters.model_file:
            raise HeadsError("model_folder", "Choose the model.safetensors of a model’s folder.")
        return load(str(Path(self.parameters.model_file).parent))

    def _source(self) -> tuple[Hashable, ...]:
        """Return what the capture depends on."""
        parameters = self.parameters
        path = {"folder": parameters.model_file, "arrays": parameters.arrays_file}.get(
            parameters.model, ""
        )
        read = self.text if self.runs else parameters.arrays_causal
        return parameters.model, path, last_written(path), read

    def capture(self) -> Job[Capture]:
        """What all heads do with the text."""
        key = ("capture", *self._source())
        return self._job("capture", key, lambda: FINISHED.steps(key, self._capture, _bytes))

    def _capture(self) -> Iterator[Capture | None]:
        if self.runs:
            model = self.model()
            yield None
            yield from capture_steps(model, self.text)
        elif not self.parameters.arrays_file:
            raise HeadsError("arrays_file", "Choose a file with attention weights, or q, k and v.")
        else:
            path = Path(self.parameters.arrays_file)
            yield read_arrays(path, self.parameters.arrays_causal)

    def heads(self) -> list[Head]:
        """Return all heads, layer after layer; the capture must be there."""
        capture = self.found
        return [
            capture.head(layer, index)
            for layer in range(capture.layers)
            for index in range(capture.heads)
        ]

    @property
    def found(self) -> Capture:
        """The capture, once it is there."""
        found = self.capture().result
        assert found is not None
        return found

    @property
    def number(self) -> int:
        """The chosen head's number; beyond the last is the last."""
        capture = self.found
        return min(self.parameters.head_number, capture.layers * capture.heads - 1)

    @property
    def place(self) -> tuple[int, int]:
        """The chosen head's layer, and its number there."""
        return divmod(self.number, self.found.heads)

    @property
    def token(self) -> int:
        """The chosen query; beyond the last is the last."""
        return min(self.parameters.token, self.found.n - 1)

    def _job(self, name: str, key: Hashable, steps: Callable[[], Iterator[R | None]]) -> Job[R]:
        def refusing() -> Iterator[R | None]:
            try:
                yield from steps()
            except HeadsError as error:
                raise as_parameter_error(error) from None

        return self._jobs.get(f"heads {name}", key, refusing)


def as_parameter_error(error: HeadsError) -> ParameterError:
    """Return the error at the control that it concerns."""
    return ParameterError(CONTROLS.get(error.field, error.field), error.message)


def last_written(path: str) -> float:
    """Return when a file was last written, 0 where there is none."""
    try:
        return Path(path).stat().st_mtime if path else 0.0
    except OSError:
        return 0.0


def _bytes(found: Capture) -> int:
    """Return how many bytes the capture takes."""
    parts = (found.q, found.k, found.v, found.saved)
    return sum(one.numel() * 4 for one in parts if one is not None)
