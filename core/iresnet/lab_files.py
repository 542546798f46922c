"""Networks that come from files and go into them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from zoetrope.core.iresnet.errors import IResNetError
from zoetrope.core.iresnet.lab_page import Shot
from zoetrope.core.iresnet.lab_training import Kept, Setup, Trained
from zoetrope.core.iresnet.model import Model
from zoetrope.core.iresnet.objectives import Objective
from zoetrope.core.iresnet.training_settings import Settings
from zoetrope.core.items import Array
from zoetrope.core.lab import OwnFile


class LoadedNetwork:
    """A network from a file in the place of a training: it stays as it is.

    Raises IResNetError for a file that holds none.
    """

    def __init__(self, path: str) -> None:
        try:
            model = Model.load(Path(path).expanduser())
        except IResNetError as error:
            raise IResNetError(error.code, str(error), "network_file") from error
        self.setup = Setup(model.config, Settings(), Objective())
        step = model.notes.get("step")
        losses = _numbers(model.notes.get("losses"))
        step = step if type(step) is int and step >= 0 else len(losses)
        held = _numbers(model.notes.get("validations"), 2)
        validations = tuple((int(at), float(nll)) for at, nll in held) if held.size else ()
        self._trained = Trained(self.setup, step, model, losses, validations, (), False, None)
        self.step = step

    @property
    def state(self) -> object:
        """Always the same."""
        return "loaded"

    def arrived(self, target: int) -> bool:
        """Return True: it goes nowhere."""
        return True

    def change(self, setup: Setup) -> None:
        """Stay as it is."""

    def begin_near(self, target: int) -> None:
        """Stay as it is."""

    def advance(self, target: int, seconds: float) -> None:
        """Stay as it is."""

    def trained(self, best: bool = False) -> Trained:
        """Return what the file holds."""
        return self._trained

    def kept(self) -> Kept | None:
        """Return None: it was not trained here."""
        return None


def _numbers(values: Any, dimensions: int = 1) -> Array:
    """Return finite numbers of a file, or none where it holds anything else."""
    try:
        found = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        found = np.empty(0)
    right = found.ndim == dimensions and np.isfinite(found).all()
    return found if right and found.shape[1:] in ((), (2,)) else np.empty(0)


def network_files(shot: Shot) -> dict[str, OwnFile]:
    """Return the first training's network as a file to export."""
    if not shot.trained:
        return {}
    model = shot.trained[0].model
    notes = {"data": shot.data.title, **model.notes}  # a file's own network keeps its data's name
    content = Model(model.config, model.flat, model.mean, model.std, notes).encoded()
    return {"safetensors": OwnFile("Trained network (safetensors)", content)}
