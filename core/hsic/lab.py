"""The HSIC lab: what it computes when, and the frames it yields."""

from __future__ import annotations

import time
from collections.abc import Generator, Mapping
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

from zoetrope.core.device import Context
from zoetrope.core.figure import Figure
from zoetrope.core.hsic.lab_parameters import HsicParameters
from zoetrope.core.hsic.stepping import Steps
from zoetrope.core.hsic.tours import TOURS
from zoetrope.core.lab import Frame, Lab, Preset
from zoetrope.core.stepping import finish
from zoetrope.core.worked_sweeps import WorkedSweep

if TYPE_CHECKING:
    from zoetrope.core.hsic.at_widths import AtWidths
    from zoetrope.core.hsic.lab_page import Page
    from zoetrope.core.hsic.lab_study import Study

    Prepared = tuple[Study, HsicParameters]  # with the newest live parameters

SLICE_SECONDS = 0.008  # work gathered into one frame
FIRST_SECONDS = 0.03  # into the first: enough for a quick map
LIVELY_SECONDS = 0.5  # after a change, in which every slice is shown
REFINED_SECONDS = 0.1  # between two pictures of long work: drawing them would slow it down
PREPARING = Frame(figure=Figure(panels=()), progress=0.01, final=False)  # no picture yet

# Page: its module and class, imported when it is turned to.
PAGE_OF = {
    "dependence": ("dependence_page", "DependencePage"),
    "why": ("why_page", "WhyPage"),
    "matrices": ("matrices_page", "MatricesPage"),
    "compare": ("compare_page", "ComparePage"),
    "columns": ("columns_page", "ColumnsPage"),
    "flow": ("flow_page", "FlowPage"),
}


class HsicLab(Lab[HsicParameters]):
    """Do two variables depend on each other, and how wide must a kernel be to see it?"""

    id = "hsic"
    title = "HSIC"
    question = "do two variables depend on each other, and which kernel widths can see it?"
    parameters = HsicParameters
    order = 2
    presets = (
        Preset("sine", "A wave in noise",
               "The median widths see nothing; a narrow kernel for x sees everything.",
               {"source": "sine", "waves": 4.0}),
        Preset("circle", "Circle", "Correlation is 0, yet each coordinate nearly gives the other.",
               {"source": "circle", "noise": 0.15}),
        Preset("independent", "Nothing there",
               "Independent data: the smallest p of the map looks small and means nothing.",
               {"source": "uniform_normal", "seed": 1}),
        Preset("outlier", "Outliers",
               "A linear trend under wild outliers, which hardly touch a Gaussian kernel.",
               {"source": "linear", "noise": 0.4, "outliers": 0.06}),
        Preset("ties", "Heavy ties",
               "Rounding to three values: the median distance is 0 and a note says what is done.",
               {"source": "copula", "correlation": 0.4, "noise": 0.0, "rounding": 2.0}),
        Preset("anscombe", "Anscombe IV",
               "One far point makes the whole correlation: the exact p is 1/11.",
               {"source": "anscombe IV"}),
        Preset("checkerboard", "Checkerboard",
               "No trend in mean or spread: only kernels as fine as the squares see them.",
               {"source": "checkerboard", "noise": 0.02}),
        Preset("series", "Two series in time",
               "Independent, yet shuffling says they depend, as neighbours are alike: use blocks.",
               {"source": "series", "n": 200, "seed": 6}),
        Preset("spectrum", "Where the wave hides",
               "The bright frequency lies outside the window of the medians: drag the corner.",
               {"source": "sine", "waves": 4.0, "page": "why"}),
        Preset("sources", "Two mixed sources",
               "A turned square: HSIC is least at the angle that parts its sides.",
               {"source": "square", "noise": 0.02, "n": 200, "page": "flow", "angle": 0.0}),
        Preset("xor", "Two coins and their XOR",
               "Every pair is independent, all three are not: see the columns.",
               {"source": "xor", "n": 200, "kernel_x": "delta", "kernel_y": "delta",
                "page": "columns"}),
    )  # fmt: skip
    tours = TOURS

    sweeps = (
        WorkedSweep("power", "Power against the width of x, for sines of 1 to 8 waves",
                    "How often p is at most .05 over 50 data sets. The more waves, the narrower "
                    "the kernel that finds them: at the medians one wave always shows, eight never "
                    "more often than chance would have it.",
                    vary=("width_x=0.02..20:13:log", "waves=1,2,4,8"), keep=("p_value", "hsic"),
                    values={"source": "sine", "noise": 0.5}, seeds=50, statistic="share",
                    form="curves"),
    )  # fmt: skip

    def run(
        self, parameters: HsicParameters, context: Context
    ) -> Generator[Frame, HsicParameters, None]:
        """Load the data once, then answer for whatever page and widths are asked for."""
        context.load_torch()
        study, parameters = yield from _prepared(parameters, context.device)
        page = page_of(study, parameters)
        changed, shown = time.perf_counter(), -REFINED_SECONDS
        while True:
            began = time.perf_counter()
            final = page.advance()
            slice_seconds = SLICE_SECONDS if page.presentable else FIRST_SECONDS
            while not final and time.perf_counter() - began < slice_seconds:
                final = page.advance()
                if slice_seconds == FIRST_SECONDS and page.presentable:
                    break
            before, now = parameters, time.perf_counter()
            if final or now - changed < LIVELY_SECONDS or now - shown > REFINED_SECONDS:
                frame, shown = _with_rows(page.frame(final), study, parameters), now
            parameters = yield frame
            if parameters.points != before.points and parameters.source == "drawn":
                study, parameters = yield from _moved(study, page, before, parameters)
            if parameters is not before:
                page, changed = page_of(study, parameters), time.perf_counter()
                shown = -REFINED_SECONDS  # however slow the machine, what changed is drawn at once

    def measure(
        self, parameters: HsicParameters, context: Context, keys: tuple[str, ...]
    ) -> Generator[float | None, None, Mapping[str, Any]]:
        """Return what is known at the widths alone where no more is asked for: a thousandth of the
        work of the map and its shuffles.
        """
        context.load_torch()
        from zoetrope.core.hsic.lab_readouts import at_widths

        study = yield from _study_steps(parameters, context.device)
        job = study.at(parameters.factors)
        while not job.done:
            job.step()
            yield None
        assert job.result is not None
        found = {one.key: one.value for one in at_widths(study, parameters, job.result)}
        if "p_value" in found:
            found["p_value"] = job.result.p_value or 0.0  # the readout may be a power of ten
        if keys and found.keys() >= set(keys):
            return found
        return (yield from super().measure(parameters, context, keys))

    def playhead_rate(self, parameters: HsicParameters) -> float:
        """Steps of the flow in a second."""
        return 12.0

    def python(self, parameters: HsicParameters) -> str:
        """Return a script that computes the same numbers."""
        from zoetrope.core.hsic.lab_script import script

        return script(parameters)


def _prepared(
    parameters: HsicParameters, device: str
) -> Generator[Frame, HsicParameters, Prepared]:
    """Load the data and find out what every page needs; what was shown before stays meanwhile."""
    loaded = parameters.points
    steps = _study_steps(parameters, device)
    began = time.perf_counter()
    while True:
        try:
            next(steps)
        except StopIteration as end:
            if parameters.source == "drawn" and parameters.points != loaded:
                return (yield from _prepared(parameters, device))  # they were moved meanwhile
            return end.value, parameters
        if time.perf_counter() - began > FIRST_SECONDS:
            parameters = yield PREPARING
            began = time.perf_counter()


def _study_steps(parameters: HsicParameters, device: str) -> Steps[Study]:
    from zoetrope.core.hsic.lab_data import load_steps
    from zoetrope.core.hsic.lab_study import study_steps

    data = yield from load_steps(parameters)
    return (yield from study_steps(data, parameters, device))


def _with_rows(frame: Frame, study: Study, parameters: HsicParameters) -> Frame:
    """A frame with what the rows of the form show on every page, and the size of a given sample."""
    from zoetrope.core.hsic.lab_data import idle

    without_effect = idle(parameters)
    remarks = (f"{study.data.n} pairs.",) if "n" in without_effect else ()
    return replace(frame, marks=study.marks, idle=without_effect, remarks=remarks)


def page_of(study: Study, parameters: HsicParameters) -> Page:
    """Return the page that is shown."""
    name, page = PAGE_OF[parameters.page]
    made: Page = getattr(import_module(f"zoetrope.core.hsic.{name}"), page)(study, parameters)
    return made


def _moved(
    study: Study, page: Page, before: HsicParameters, parameters: HsicParameters
) -> Generator[Frame, HsicParameters, Prepared]:
    """While one point is dragged, answer at once; when it rests, begin with the new points."""
    from zoetrope.core.hsic.dependence_page import DependencePage
    from zoetrope.core.hsic.lab_data import from_points
    from zoetrope.core.hsic.lab_study import study_steps

    grid = page.grid if isinstance(page, DependencePage) else None
    while parameters.page == "dependence" and parameters.points != before.points:
        at = _drag(study, before, parameters)
        if at is None:
            break
        shown = DependencePage(study, parameters)
        shown.dragged, study.before = at, grid
        before = parameters
        parameters = yield _with_rows(shown.frame(final=False), study, parameters)
    moved = finish(study_steps(from_points(parameters.points), parameters, study.device))
    moved.before = grid
    return moved, parameters


def _drag(study: Study, before: HsicParameters, parameters: HsicParameters) -> AtWidths | None:
    old, new = before.points, parameters.points
    if len(old) != len(new) or len(old) != study.n:
        return None
    rows = [i for i, (a, b) in enumerate(zip(old, new, strict=True)) if a != b]
    if len(rows) != 1:
        return None
    x, y = new[rows[0]]
    return study.drag(rows[0], x, y, parameters.factors)


LAB = HsicLab()
