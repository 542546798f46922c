"""Two variables as every function here takes them: paired rows, and a kernel and width for each."""

from typing import Any, Unpack

from zoetrope.core.hsic import arguments
from zoetrope.core.hsic.gram_matrix import Block, block_steps
from zoetrope.core.hsic.kernels import Kernel
from zoetrope.core.hsic.stepping import Steps
from zoetrope.core.hsic.where import Where
from zoetrope.core.stepping import finish


class KernelOptions(Where, total=False):
    """The kernels of two variables, names or `Kernel`s, and where and how to compute."""

    kernel_x: str | Kernel
    kernel_y: str | Kernel


class PairOptions(KernelOptions, total=False):
    """As `KernelOptions`, with the widths: numbers in the units of the data, names of rules of
    `median_width`, one for each column where the kernel is joined column by column, and None for a
    kernel without width.
    """

    width_x: Any
    width_y: Any


def pair_steps(
    x: Any,
    y: Any,
    *,
    width_x: Any = "median",
    width_y: Any = "median",
    kernel_x: str | Kernel = "gaussian",
    kernel_y: str | Kernel = "gaussian",
    device: str = "cpu",
    dtype: str = "float64",
) -> Steps[tuple[Block, Block]]:
    """Check x and y, each (n,) or (n, p), find their widths and put them on the device, in steps.

    With the "precomputed" kernel a variable is its Gram matrix (n, n). HsicError for bad values.
    """
    bx = yield from block_steps(x, width_x, kernel_x, "x", device=device, dtype=dtype)
    by = yield from block_steps(y, width_y, kernel_y, "y", device=device, dtype=dtype)
    arguments.same_length(bx.n, by.n)
    return bx, by


def pair(x: Any, y: Any, **options: Unpack[PairOptions]) -> tuple[Block, Block]:
    """As `pair_steps`, at once."""
    return finish(pair_steps(x, y, **options))
