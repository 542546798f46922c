"""The pages of the lab by name, each a module that is imported when it is first turned to."""

from __future__ import annotations

from collections.abc import Generator
from importlib import import_module
from typing import Protocol, cast

from zoetrope.core.device import Context
from zoetrope.core.lab import Frame
from zoetrope.core.rope.lab_parameters import RopeParameters

Job = Generator[Frame, RopeParameters, None]

MODULES = {
    "shape": "steady_page",
    "forces": "steady_page",
    "limits": "limits_page",
    "skipping": "skipping_page",
    "free": "free_page",
    "compare": "compare_page",
    "families": "families_page",
    "motion": "motion_page",
    "fit": "fit_page",
}


class Page(Protocol):
    """What the module of a page offers."""

    __name__: str

    def begin(self, parameters: RopeParameters, context: Context) -> Job:
        """Yield the page's frames, and be sent live changes, as `Lab.run`.

        A RopeError names an argument of `zoetrope.core.rope` or a parameter.
        """

    def script(self, parameters: RopeParameters) -> str:
        """Return a script on `zoetrope.core.rope` that prints the page's numbers."""


def page_of(parameters: RopeParameters) -> Page:
    """Return the module of the page that is shown; pages of one module share their job."""
    module = import_module(f"zoetrope.core.rope.{MODULES[parameters.page]}")
    return cast("Page", module)
