"""The page of the line: the papers' first figure, trained here, where paths can be followed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zoetrope.core.figure import Cell, Figure
from zoetrope.core.iresnet.exhibit_parameters import LINE_HIDDEN
from zoetrope.core.iresnet.lab_page import Drawing, Page, Shot
from zoetrope.core.iresnet.line_figure import LineNet, LineTraining
from zoetrope.core.iresnet.line_view import WORDS, fit_panel, folds_panel, ways_panel
from zoetrope.core.lab import Frame, Notice, Readout
from zoetrope.core.long_work import FINISHED, Jobs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zoetrope.core.iresnet.lab_data import LabData
    from zoetrope.core.iresnet.lab_parameters import IResNetParameters
    from zoetrope.core.iresnet.lab_training import Setup
Nets = dict[str, LineNet]

_DRAWN_EVERY = 10  # steps of training


class LinePage(Page):
    """Two networks on the line, which no training in the plane concerns."""

    def __init__(self, data: LabData) -> None:
        super().__init__(data)
        self._jobs = Jobs()

    def setups(self, parameters: IResNetParameters) -> tuple[Setup, ...]:
        """Return none: this page trains its own."""
        return ()

    def draw(self, shot: Shot) -> Drawing:
        """Train both networks side by side, then follow paths through them."""
        p = shot.parameters
        key = ("iresnet line", p.line_half, p.lip, p.line_steps, p.seed)
        job = self._jobs.get("nets", key, lambda: FINISHED.steps(key, lambda: _trained(p), _size))
        shown = None
        job.step()
        while not job.done:
            nets = job.result
            if nets is None or nets is shown:
                yield None
            else:
                yield _frame(nets, p, nets["plain"].steps / max(1, p.line_steps))
                shown = nets
            job.step()
        assert job.result is not None
        return _frame(job.result, p, None)


def _trained(p: IResNetParameters) -> Iterator[Nets | None]:
    trainings = {
        which: LineTraining(
            which == "flow", 2 * p.line_half, LINE_HIDDEN, p.lip, p.line_steps, p.seed
        )
        for which in WORDS
    }
    for step in range(p.line_steps):
        if step % _DRAWN_EVERY == 0:
            yield {which: training.measured() for which, training in trainings.items()}
        for training in trainings.values():
            training.step()
        yield None
    yield {which: training.measured() for which, training in trainings.items()}


def _size(nets: Nets) -> int:
    return sum(8 * 3 * net.paths.numel() for net in nets.values())


def _frame(nets: Nets, p: IResNetParameters, progress: float | None) -> Frame:
    return Frame(
        figure=Figure(
            panels=(
                *(
                    ways_panel(which, net, p.line_start, p.line_depth, Cell(0, column))
                    for column, (which, net) in enumerate(nets.items())
                ),
                fit_panel(nets, Cell(1, 0)),
                folds_panel(nets, Cell(1, 1)),
            ),
            heights=(1.25, 1.0),
        ),
        readouts=tuple(_readouts(nets)),
        notices=tuple(_notices(p)),
        unfolded=("line_half", "line_steps", "line_start", "lip"),
        tables=_tables(nets),
        progress=progress,
        final=progress is None,
    )


def _readouts(nets: Nets) -> Iterator[Readout]:
    for which, net in nets.items():
        who, name = WORDS[which], f"line_{which}"
        yield Readout(
            f"{name}_folded", f"{who}: layers folded", int(net.folded.sum()),
            help="Layers after which the starts, 401 of them, stand in another order.",
        )  # fmt: skip
        yield Readout(
            f"{name}_slope", f"{who}: least slope", net.least_slope, "", "dx/dx_0",
            help="The smallest derivative of a place by its start, over all layers; below 0 the "
            "map runs backwards there.",
        )  # fmt: skip
        yield Readout(
            f"{name}_bound", f"{who}: greatest bound", float(net.bound.max()), "", "L",
            help="Of the blocks’ Lipschitz constants.",
        )  # fmt: skip
        yield Readout(
            f"{name}_error", f"{who}: error", max(net.cubic_error, net.identity_error),
            help="Mean squared distance from x³ at half depth or from x at the end, whichever is "
            "greater.",
        )  # fmt: skip


def _notices(p: IResNetParameters) -> Iterator[Notice]:
    yield Notice("Both networks have tanh, 64 neurons a block and the same seed; the data and the "
                 "network of the other pages play no part here.")  # fmt: skip
    if p.lip >= 1:
        yield Notice(f"At a bound of {p.lip:g} the i-ResNet may fold too: only below 1 is every "
                     "block invertible for sure.", "warning", "lip")  # fmt: skip


def _tables(nets: Nets) -> dict[str, Any]:
    found: dict[str, Any] = {"start": nets["flow"].start.numpy()}
    for which, net in nets.items():
        for layer, places in enumerate(net.paths.numpy()):
            found[f"{WORDS[which]} after {layer}"] = places
    return found
