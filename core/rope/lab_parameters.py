"""All parameters of the rope lab: a group each for the rope, the world, the view and the pages."""

from dataclasses import dataclass
from typing import Any, Self

from zoetrope.core.parameters import Parameters, pages
from zoetrope.core.rope.fit_parameters import FitParameters
from zoetrope.core.rope.free_parameters import FreeParameters
from zoetrope.core.rope.motion_parameters import MotionParameters
from zoetrope.core.rope.shape_parameters import ShapeParameters
from zoetrope.core.rope.skipping_parameters import SkippingParameters
from zoetrope.core.rope.view_parameters import ViewParameters
from zoetrope.core.rope.world_parameters import WorldParameters


@dataclass(frozen=True)
class RopeParameters(  # a dataclass takes the fields of its last base first
    ViewParameters,
    WorldParameters,
    ShapeParameters,
    FitParameters,
    MotionParameters,
    FreeParameters,
    SkippingParameters,
    Parameters,
):
    """A rope, what acts on it, and how it is looked at."""

    page: str = pages(
        "shape",
        {
            "shape": "Shape", "forces": "Forces", "limits": "Limits",
            "skipping": "Skipping", "free": "Free end", "compare": "Compare",
            "families": "Families",
            "motion": "Motion", "fit": "Fit",
        },
    )  # fmt: skip

    def change(self, **values: Any) -> Self:
        """Return a copy with some values changed; a file, or pasted points, are then fitted."""
        if "points_from" not in values:
            if values.get("points_file"):
                values = {**values, "points_from": "file"}
            elif values.get("points"):
                values = {**values, "points_from": "table"}
        return super().change(**values)

    @property
    def drag_number(self) -> float:
        """ρ_air C_d D d/(2ρ) of the air that is set; millimetres and grams a metre cancel."""
        wind = self.air * self.drag_coefficient * self.diameter
        return wind * self.span / (2 * self.density)
