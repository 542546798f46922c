"""What the i-ResNet lab offers to do beside what its controls do."""

from __future__ import annotations

from zoetrope.core.iresnet.lab_page import Shot
from zoetrope.core.iresnet.lab_parameters import IResNetParameters
from zoetrope.core.lab import Action


def actions(shot: Shot) -> tuple[Action, ...]:
    """Return what is common to all pages."""
    p = shot.parameters
    found = []
    if any(trained.changed for trained in shot.trained):
        found.append(train_anew(p))
    if p.source != "sprayed":
        found.append(
            Action("draw", "Draw your own data",
                   "Empties the ground: hold the mouse button and points fall under the brush, and "
                   "a network learns them.",
                   change={"source": "sprayed", "points": (), "page": "train", "compare": "data"})
        )  # fmt: skip
    if p.source != "painted":
        found.append(
            Action("paint", "Paint your own data",
                   "Empties a painting ground: drag over its cells, and a network learns them.",
                   change={"source": "painted", "cells": (), "page": "train", "compare": "data"})
        )  # fmt: skip
    found.append(
        Action("reseed", "Another seed",
               "Draws other data and other first weights: how much is luck?",
               change={"seed": p.seed + 1})
    )  # fmt: skip
    return tuple(found)


def train_anew(parameters: IResNetParameters) -> Action:
    """Offer to train from the start, to the same step."""
    return Action(
        "anew", "Train anew",
        "Trains to this step again, from the start with the present settings.",
        change={"again": parameters.again + 1},
    )  # fmt: skip


def jitter_action(width: float) -> Action:
    """Offer to add noise to points that have no density."""
    return Action(
        "jitter", "Add jitter", "Adds Gaussian noise to each point, as little as helps.",
        change={"jitter": float(f"{width:.3g}")},
    )  # fmt: skip
