"""The kernels that the lab's parameters ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoetrope.core.hsic.lab_parameters import HsicParameters

if TYPE_CHECKING:
    from zoetrope.core.hsic.kernels import Kernel

UNJOINED = ("linear", "polynomial", "distance", "precomputed")  # always on whole rows
WIDTHLESS = ("distance", "linear", "polynomial", "delta", "precomputed")


def shape(parameters: HsicParameters, axis: str) -> dict[str, object]:
    """What a kernel is beside its width: its name, and those numbers that its name calls for."""
    name = getattr(parameters, f"kernel_{axis}")
    found: dict[str, object] = {"name": name}
    for wanted, kernel in (
        ("alpha", "rq"), ("degree", "polynomial"), ("offset", "polynomial"),
        ("exponent", "distance"),
    ):  # fmt: skip
        if name == kernel:
            found[wanted] = getattr(parameters, wanted)
    if parameters.joined != "joint" and name not in UNJOINED:
        found["columns"] = parameters.joined
    return found


def kernel_of(parameters: HsicParameters, axis: str) -> Kernel:
    """The kernel of x or of y."""
    from zoetrope.core.hsic.kernels import Kernel

    return Kernel(**shape(parameters, axis))  # type: ignore[arg-type]
