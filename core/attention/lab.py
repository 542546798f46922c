"""The attention lab: who may attend to whom, to a million tokens, and what it costs."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING

from zoetrope.core.attention.heads.heads_choices import HEADS_PAGES
from zoetrope.core.attention.lab_parameters import AttentionParameters
from zoetrope.core.attention.lab_presets import PRESETS
from zoetrope.core.attention.tours import TOURS
from zoetrope.core.device import Context
from zoetrope.core.lab import Frame, Lab
from zoetrope.core.worked_sweeps import WorkedSweep

if TYPE_CHECKING:
    from zoetrope.core.attention.lab_page import Page
    from zoetrope.core.attention.lab_study import Study

SLICE_SECONDS = 0.008  # work gathered into one frame
FIRST_SECONDS = 0.03  # into one that has little to show yet

# Page: its module and class, imported when it is turned to.
PAGE_OF = {
    "pattern": ("pattern_page", "PatternPage"),
    "graph": ("graph_page", "GraphPage"),
    "reach": ("reach_page", "ReachPage"),
    "costs": ("costs_page", "CostsPage"),
    "savings": ("heads.savings_page", "SavingsPage"),
    "layers": ("layers_page", "LayersPage"),
    "compose": ("compose_page", "ComposePage"),
    "seed": ("seed_page", "SeedPage"),
    "heads": ("heads.heads_page", "HeadsPage"),
    "head": ("heads.head_page", "HeadPage"),
    "tolerance": ("heads.tolerance_page", "TolerancePage"),
}


class AttentionLab(Lab[AttentionParameters]):
    """What does an attention pattern see, and what does it cost?"""

    id = "attention"
    title = "Attention"
    question = "what does an attention pattern see, and what does it cost?"
    parameters = AttentionParameters
    order = 3
    precision = "float64, and float32 for the heads of a model,"
    presets = PRESETS
    tours = TOURS
    sweeps = (
        WorkedSweep("mass", "Mass kept against the budget, for five patterns",
                    "The share of the attention weights of a small real model that each pattern "
                    "keeps, the mean over all its heads; the heaviest keys show what could be kept "
                    "at best. Strided is flat where its smallest pattern is over the budget.",
                    vary=("budget=0.05..0.6:5:log", "family=window,first,strided,random,oracle"),
                    keep=("mean_mass", "mass"), values={"page": "tolerance"}, form="curves"),
    )  # fmt: skip

    def run(
        self, parameters: AttentionParameters, context: Context
    ) -> Generator[Frame, AttentionParameters, None]:
        """Make the pattern once, then answer for whatever page, view and query are asked for."""
        from zoetrope.core.attention import lab_form
        from zoetrope.core.attention.lab_study import Study

        study = Study(parameters)
        page = page_of(study, parameters, context)
        while True:
            began = time.perf_counter()
            final = page.advance()
            while not final and time.perf_counter() - began < (
                SLICE_SECONDS if page.presentable else FIRST_SECONDS
            ):
                final = page.advance()
            before = parameters
            parameters = yield replace(
                page.frame(), final=final,
                unfolded=lab_form.unfolded(parameters), idle=lab_form.idle(parameters),
                marks=lab_form.marks(parameters, study.n),
            )  # fmt: skip
            if parameters is not before:
                page = page_of(study, parameters, context)

    def python(self, parameters: AttentionParameters) -> str:
        """Return a script that computes the same numbers."""
        from zoetrope.core.attention.lab_script import script

        return script(parameters)


def page_of(study: Study, parameters: AttentionParameters, context: Context) -> Page:
    """Return the page that is shown."""
    if parameters.page in HEADS_PAGES:
        context.load_torch()  # so that the window goes on answering while it is loaded
    name, page = PAGE_OF[parameters.page]
    made: Page = getattr(import_module(f"zoetrope.core.attention.{name}"), page)(study, parameters)
    return made


LAB = AttentionLab()
