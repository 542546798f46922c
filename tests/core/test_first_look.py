"""What a person sees of a lab in the first second: a preset, named, and its picture."""

import time
from typing import Any

import pytest

from zoetrope.core.device import Context, load_torch
from zoetrope.core.lab import Lab, final_frame
from zoetrope.core.registry import registry

LABS = [lab for lab in registry().values() if lab.id != "damped"]


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.id)
def test_it_opens_on_a_preset_and_shows_it_within_a_second(lab: Lab[Any]) -> None:
    defaults = lab.parameters()
    opened = [p for p in lab.presets if lab.parameters.make(p.values) == defaults]
    assert len(opened) == 1
    assert lab.presets[0] is opened[0]  # the first of the list, where one looks for it
    assert lab.presets[0].help
    load_torch()  # which takes what it takes, once, before the window asks

    def seconds_to_picture() -> float:
        began = time.thread_time()
        job = lab.run(defaults, Context())
        frame = next(job)
        while not frame.figure.panels:
            frame = job.send(defaults)
        job.close()
        return time.thread_time() - began

    assert min(seconds_to_picture() for _ in range(2)) < 1.0


def test_what_the_first_presets_say_is_so() -> None:
    labs = registry()
    rope = final_frame(labs["rope"], labs["rope"].parameters(), Context())
    values = {readout.label: readout.value for readout in rope.readouts}
    assert values["Sag"] == pytest.approx(1.16, abs=5e-3)
    attention = labs["attention"].parameters()
    frame = final_frame(labs["attention"], attention, Context())
    assert attention.stride == 32  # type: ignore[attr-defined]
    title = frame.figure.panel("matrix").title
    assert title == "Strided: a query sees 47 of 1,024 keys on average"
