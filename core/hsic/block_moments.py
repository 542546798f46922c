"""The exact moments' sums of a variable, by whichever way costs least: thin factors or matrices."""

from zoetrope.core.hsic.errors import HsicError
from zoetrope.core.hsic.gram_matrix import Block, OffDiagonal, off_diagonal_steps
from zoetrope.core.hsic.low_rank import LowRank, incomplete_cholesky_steps
from zoetrope.core.hsic.low_rank_moments import low_rank_moments_steps
from zoetrope.core.hsic.moments import SideMoments, side_moments_steps
from zoetrope.core.hsic.stepping import Steps

DENSE_UP_TO = 400  # rows for which n³ is nothing
LARGEST_DENSE = 12_000  # two Gram matrices of that many rows fill 2.3 GB


def thin_factors_steps(side: Block) -> Steps[LowRank | None]:
    """Thin factors, where whole matrices would take longer and the rank is small."""
    if side.n <= DENSE_UP_TO:
        return None
    return (yield from incomplete_cholesky_steps(side, int(4 * side.n**0.5)))


def block_moments_steps(
    side: Block, thin: LowRank | None, gram: OffDiagonal | None = None
) -> Steps[SideMoments]:
    """The sums of a block from its thin factors; without these from its Gram matrix."""
    if thin is not None:
        return (yield from low_rank_moments_steps(thin))
    if side.n > LARGEST_DENSE:
        raise HsicError(
            "too_large",
            f"{side.n} rows with a kernel this narrow would fill the memory; use a wider kernel, "
            "fewer rows or width_grid.",
            "x",
        )
    if gram is None:
        gram = yield from off_diagonal_steps(side)
    return (yield from side_moments_steps(gram))
