"""What the i-ResNet lab tells a person about the data, the network and its training."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from zoetrope.core.iresnet.lab_page import Shot
from zoetrope.core.iresnet.lab_training import Trained
from zoetrope.core.lab import Notice

_RISEN, _APART = 0.02, 0.06  # nats above the best validation, and above the training's losses,
_AVERAGED = 50  # of so many steps, from which it is said that points are learned by heart
_FEW = 20_000  # points below which fine features learn them by heart
_FINE = 2.0  # features from which that is said


def notices(shot: Shot) -> tuple[Notice, ...]:
    """Return what is common to all pages."""
    found = list(shot.data.notices)
    if shot.trained:
        found += _of_training(shot, shot.trained[0])
        found += _of_network(shot)
    return tuple(found)


def _of_training(shot: Shot, trained: Trained) -> Iterator[Notice]:
    p = shot.parameters
    if p.network_file:
        config = trained.model.config
        yield Notice(
            f"This is the network of {Path(p.network_file).name}: {config.n_blocks} blocks of "
            f"{config.hidden} neurons, c = {config.lip:g}. Empty the row to train one.",
            parameter="network_file",
        )
        return
    if trained.trouble is not None:
        yield Notice(str(trained.trouble), "error", trained.trouble.parameter)
    elif trained.halved:
        yield Notice(
            "The loss was not finite: training went back to its last good state and goes on at "
            "half the learning rate.",
            "warning",
            "lr",
        )
    if trained.changed:
        steps = ", ".join(str(step) for step in trained.changed[:3])
        more = ", …" if len(trained.changed) > 3 else ""
        yield Notice(
            f"Settings changed after step {steps}{more}, so this network is not the one that its "
            "recipe gives: that trains with the present ones from the start. So does Train anew."
        )
    if p.estimator in ("trace", "hutchinson", "rademacher"):
        yield Notice(
            f"The objective is not the likelihood: its log-determinant is cut after {p.terms} "
            f"{'term' if p.terms == 1 else 'terms'}. The curve of held-out points is exact.",
            "warning",
            "estimator",
        )
    yield from _of_points(shot, trained)


def _of_points(shot: Shot, trained: Trained) -> Iterator[Notice]:
    p, known = shot.parameters, trained.validations
    if shot.data.entropy is None and len(shot.data.points) < _FEW and p.w1_scale > _FINE:
        yield Notice(
            f"{len(shot.data.points):,} points are few for features this fine: set the feature "
            "frequency to 1 or 2.",
            parameter="w1_scale",
        )
    if known and not p.best:
        best_step, best = min(known, key=lambda entry: entry[1])
        risen = known[-1][1] - best
        apart = known[-1][1] - float(trained.losses[-_AVERAGED:].mean())
        if risen > _RISEN and apart > _APART:
            yield Notice(
                f"On held-out points it was best after {best_step} steps and has become worse: it "
                "learns the points by heart. Best validated weights, under View, goes back there.",
                "warning",
                "best",
            )


def _of_network(shot: Shot) -> Iterator[Notice]:
    model = shot.model
    if model.config.bound == "none":
        yield Notice(
            "Nothing bounds this network: where it folds, what it reports is no density.",
            "warning",
            "bound",
        )
    elif not model.valid_density:
        yield Notice(
            f"Not guaranteed to be invertible: a block's bound is {float(model.bounds.max()):.2f}, "
            "and below 1 is needed.",
            "warning",
            "lip",
        )
    if model.config.activation == "relu":
        yield Notice(
            "The second derivative of ReLU is 0, so the log-determinant has no gradient through "
            "its slopes.",
            "warning",
            "activation",
        )
