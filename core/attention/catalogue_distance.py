"""Patterns that know only the distance d = q - k: windows, strides, powers of two."""

from __future__ import annotations

from zoetrope.core.attention.entries import Definition, entry, triangle, whole
from zoetrope.core.attention.progressions import Distances, Progression
from zoetrope.core.attention.structure import Structure, from_distances

SEED = "Su Jianlin, kexue.fm/archives/6853; bojone/attention@2eddb30"
CHILD = "Child et al. 2019, arXiv:1904.10509; openai/sparse_attention@c53f3bd"


def _known(n: int, *progressions: tuple[int, int, int]) -> Structure:
    """Return the structure of disjoint (low, high, step), clipped to distances below n."""
    kept = []
    for low, high, step in progressions:
        first = low + max(0, -(-(1 - n - low) // step)) * step
        last = first + (min(high, n - 1) - first) // step * step
        if first <= last:
            kept.append(Progression(first, last, step))
    return from_distances(Distances(n, kept))


@entry("Full", "Local", "Every query sees every key.", "Vaswani et al. 2017, arXiv:1706.03762")
def full(n: int) -> Definition:
    """All pairs."""
    return Definition("True", _known(n, (1 - n, n - 1, 1)), count=n * n, symmetric=True)


@entry("Causal", "Local", "Every query sees itself and all before.", "meta-pytorch/attention-gym")
def causal(n: int) -> Definition:
    """d >= 0."""
    return Definition("d >= 0", _known(n, (0, n - 1, 1)), count=triangle(n))


@entry(
    "Local", "Local", "w keys on each side, every r-th if dilated.",
    f"{SEED}; Beltagy et al. 2020, arXiv:2004.05150",
)  # fmt: skip
def local(n: int, w: int = 128, dilation: int = 1, causal: bool = False) -> Definition:
    """|d| <= w r and r | d."""
    w, r = whole(w, "w", 1, n), whole(dilation, "dilation", 1, n)
    rule = "abs(d) <= w * dilation" + (" and d % dilation == 0" if r > 1 else "")
    reach = min(w, (n - 1) // r)
    # each distance m r leaves n - m r pairs
    side = reach * n - r * triangle(reach)
    if causal:
        rule, structure, count = f"d >= 0 and {rule}", _known(n, (0, w * r, r)), n + side
    else:
        structure, count = _known(n, (-reach * r, reach * r, r)), n + 2 * side
    return Definition(rule, structure, {"w": w, "dilation": r}, count=count, symmetric=not causal)


@entry(
    "Sliding window", "Local", "The last W keys, the query's own among them.",
    "Jiang et al. 2023 (Mistral), arXiv:2310.06825",
)  # fmt: skip
def sliding(n: int, window: int = 128) -> Definition:
    """0 <= d < W."""
    w = whole(window, "window", 1, n)
    return Definition(
        "0 <= d < window", _known(n, (0, w - 1, 1)), {"window": w}, count=n * w - triangle(w - 1)
    )


@entry("Atrous", "Strided", "Every r-th key.", SEED)
def atrous(n: int, rate: int, causal: bool = False) -> Definition:
    """r | d."""
    r = whole(rate, "rate", 1, n)
    most = (n - 1) // r * r
    a, b = divmod(n, r)
    if causal:
        count = b * triangle(a + 1) + (r - b) * triangle(a)
        return Definition(
            "d >= 0 and d % rate == 0", _known(n, (0, most, r)), {"rate": r}, count=count
        )
    count = b * (a + 1) ** 2 + (r - b) * a * a
    return Definition(
        "d % rate == 0", _known(n, (-most, most, r)), {"rate": r}, count=count, symmetric=True
    )


def _strided_count(n: int, stride: int) -> int:
    """Return the pairs of 0 <= d < l, or d a multiple of l."""
    far = (n - 1) // stride
    return n * stride - triangle(stride - 1) + far * n - stride * triangle(far)


@entry("Sparse (local and atrous)", "Strided", "Near keys, and every r-th far one.", SEED)
def sparse(n: int, rate: int, causal: bool = False) -> Definition:
    """|d| < r or r | d."""
    if causal:
        made = strided(n, whole(rate, "rate", 1, n))
        rule = "d >= 0 and (d < rate or d % rate == 0)"
        return Definition(rule, made.structure, {"rate": rate}, count=made.count)
    r = whole(rate, "rate", 1, n)
    most = (n - 1) // r * r
    structure = _known(n, (1 - r, r - 1, 1), (r, most, r), (-most, -r, r))
    return Definition(
        "abs(d) < rate or d % rate == 0", structure, {"rate": r},
        count=2 * _strided_count(n, r) - n, symmetric=True,
    )  # fmt: skip


@entry("Strided", "Strided", "The last l keys, and every l-th before.", CHILD)
def strided(n: int, stride: int) -> Definition:
    """d >= 0 and (d < l or l | d)."""
    l = whole(stride, "stride", 1, n)  # noqa: E741 - the paper's letter
    return Definition(
        "d >= 0 and (d < stride or d % stride == 0)", _known(n, (0, l - 1, 1), (l, n - 1, l)),
        {"stride": l}, count=_strided_count(n, l),
    )  # fmt: skip


@entry("Strided, local head", "Strided", "The window of the two-headed strided pattern.", CHILD)
def strided_local(n: int, stride: int) -> Definition:
    """0 <= d < l."""
    l = whole(stride, "stride", 1, n)  # noqa: E741
    return Definition(
        "0 <= d < stride", _known(n, (0, l - 1, 1)), {"stride": l},
        count=n * l - triangle(l - 1),
    )  # fmt: skip


@entry("Strided, column head", "Strided", "Every l-th key back of the two-headed pattern.", CHILD)
def strided_col(n: int, stride: int) -> Definition:
    """d >= 0 and l | d."""
    l = whole(stride, "stride", 1, n)  # noqa: E741
    far = (n - 1) // l
    return Definition(
        "d >= 0 and d % stride == 0", _known(n, (0, n - 1, l)), {"stride": l},
        count=(far + 1) * n - l * triangle(far),
    )  # fmt: skip


@entry(
    "Logsparse", "Strided", "The query itself and the keys 1, 2, 4, 8, … back.",
    "Li et al. 2019, arXiv:1907.00235",
)  # fmt: skip
def logsparse(n: int) -> Definition:
    """D = 0 or d is a power of 2."""
    powers = [1 << j for j in range((n - 1).bit_length()) if 1 << j < n]
    return Definition(
        "d == 0 or ispow2(d)", _known(n, (0, 0, 1), *((p, p, 1) for p in powers)),
        count=n + sum(n - p for p in powers),
    )  # fmt: skip
