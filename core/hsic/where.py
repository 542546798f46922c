"""Where and how HSIC is computed: the device and the precision."""

from typing import TypedDict

import torch

from zoetrope.core.hsic import arguments
from zoetrope.core.hsic.errors import HsicError

DTYPES = {"float64": torch.float64, "float32": torch.float32}
PRECISE = ("cpu", "cuda")  # devices with double precision: Apple's "mps" has none


class Where(TypedDict, total=False):
    """Where and how to compute: `device` is a torch device, `dtype` "float64" or "float32".

    Gram matrices, their products and shuffles are computed there; what sorts (medians of
    distances, ranks) on the CPU. Permutations are drawn on the CPU, so that every device gives the
    same p. All results come back as plain numbers and float64 NumPy arrays.
    """

    device: str
    dtype: str


def tensor_type(dtype: str, device: str) -> torch.dtype:
    """The torch dtype called `dtype`, "float64" or "float32", for a device that can compute HSIC.

    Sums are kept in double precision whatever the dtype, so the device must have it.
    """
    chosen = DTYPES[arguments.choice(dtype, "dtype", tuple(DTYPES))]
    try:
        kind = torch.device(device).type
    except (RuntimeError, TypeError) as error:
        raise HsicError(
            "unknown_choice", f"There is no device {device!r}; choose cpu or cuda.", "device"
        ) from error
    if kind == "cuda" and not torch.cuda.is_available():
        raise HsicError(
            "unknown_choice", "This machine has no CUDA device that works; choose cpu.", "device"
        )
    if kind not in PRECISE:
        raise HsicError(
            "unknown_choice",
            f"The device {device!r} has no double precision, which HSIC needs; choose cpu.",
            "device",
        )
    return chosen
