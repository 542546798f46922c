"""The i-ResNet lab: a network that learns a density on the plane, and runs backwards."""

from __future__ import annotations

from collections.abc import Generator

from zoetrope.core.device import Context
from zoetrope.core.figure import Figure
from zoetrope.core.iresnet.errors import IResNetError
from zoetrope.core.iresnet.lab_choices import TRAINED_ON
from zoetrope.core.iresnet.lab_parameters import IResNetParameters
from zoetrope.core.iresnet.lab_presets import PRESETS
from zoetrope.core.iresnet.tours import TOURS
from zoetrope.core.lab import Frame, Lab
from zoetrope.core.worked_sweeps import WorkedSweep

PREPARING = Frame(figure=Figure(panels=()), final=False)  # no picture yet

# What `zoetrope.core.iresnet` calls an argument, and the lab a control.
CONTROLS = {"path": "data_file", "device": None, "val_fraction": "held_out", "name": "source",
            "steps": "length"}  # fmt: skip


class IResNetLab(Lab[IResNetParameters]):
    """How does an invertible network learn a density, and how is it run backwards?"""

    id = "iresnet"
    title = "i-ResNet"
    question = "how does an invertible network learn a density, and run backwards?"
    parameters = IResNetParameters
    order = 4
    precision = "float32"
    presets = PRESETS
    tours = TOURS
    sweeps = (
        WorkedSweep("lipschitz", "Likelihood and inverse error against the Lipschitz coefficient",
                    "Networks that are held tighter learn less of the checkerboard in 400 steps, "
                    "and each is undone to better than 10⁻¹⁰. Some minutes of work.",
                    vary=("lip=0.3,0.5,0.7,0.8,0.9,0.97",), keep=("kl", "nll", "inverse_error"),
                    values={"source": "checkerboard", "n_blocks": 8, "step": 400.0}, seeds=3,
                    form="curves"),
    )  # fmt: skip

    def run(
        self, parameters: IResNetParameters, context: Context
    ) -> Generator[Frame, IResNetParameters, None]:
        """Train on the CPU, wherever else there is: a step is too small for anything faster, and
        the same recipe gives the same bits everywhere.
        """
        context.load_torch()
        try:
            yield from _session(parameters, context.watched)
        except IResNetError as error:
            from zoetrope.core.iresnet.without_training import offered_instead

            refused = translated(error, parameters)
            instead = offered_instead(refused, parameters)
            if instead is None:
                raise refused from error
            while True:
                yield instead

    def playhead_rate(self, parameters: IResNetParameters) -> float:
        """In a second: steps of training, or a share of the way through the network or back."""
        return 100.0 if parameters.page in TRAINED_ON else 0.2

    def python(self, parameters: IResNetParameters) -> str:
        """Return a script that trains the same network and prints its numbers."""
        from zoetrope.core.iresnet.lab_script import script

        return script(parameters)


def _session(
    parameters: IResNetParameters, watched: bool
) -> Generator[Frame, IResNetParameters, None]:
    from zoetrope.core.iresnet.lab_session import Session

    session = Session(parameters, watched=watched)
    frame = PREPARING
    parameters = yield frame
    session.take(parameters)
    try:
        while True:
            frame = session.advance() or frame
            before, parameters = parameters, (yield frame)
            if parameters != before:
                session.take(parameters)
                frame = PREPARING  # the one before is not of these parameters
    finally:
        session.keep()  # who comes back finds the training where it was


def translated(error: IResNetError, parameters: IResNetParameters) -> IResNetError:
    """Return the error naming a control of the lab."""
    name = CONTROLS.get(error.parameter or "", error.parameter)
    if name == "data":
        name = {"points": "points", "sprayed": "points", "file": "data_file"}.get(
            parameters.source, "source"
        )
    known = name in IResNetParameters.declarations()
    return IResNetError(error.code, str(error), name if known else None)


LAB = IResNetLab()
