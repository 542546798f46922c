"""Exact sparse attention beside torch's dense kernel and compiled FlexAttention, one head.

On the CPU one thread; where there is a CUDA device, the same functions on it as well.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.report import Figure, Report

TOKENS = 16_384
WINDOW = 256
WIDTH = 64
OTHERS: dict[str, dict[str, Any]] = {
    "strided": {"stride": 128}, "fixed": {"stride": 128, "c": 8},
    "sinks": {"sinks": 4, "window": WINDOW}, "longformer": {"w": WINDOW // 2},
    "bigbird": {"block": 64}, "logsparse": {},
}  # fmt: skip
FASTER_THAN_DENSE = 8.0
SLOWER_THAN_FLEX = 1.5
MOST_MEGABYTES = 64.0


def run() -> Report:
    """Time a window of 256 among 16,384 tokens, and other patterns."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        figures = [*_on_cpu(), *_exactness(), *_memory()]
    finally:
        torch.set_num_threads(before)
    if torch.cuda.is_available():
        figures += _on_cuda()
    else:
        figures.append(Figure("CUDA: not measured, there is no such device", 0.0, ""))
    return Report(
        title=f"Heads: attend at {TOKENS:,} tokens, width {WIDTH}, float32",
        how="CPU seconds on one thread, best of five after a first run; the peers are torch's "
        "scaled_dot_product_attention(is_causal=True) and compiled FlexAttention with a block "
        "mask of the same window, in the same process. On CUDA wall seconds between "
        "synchronisations. Memory is the growth of the peak resident set in a fresh process.",
        figures=tuple(figures),
    )


def _inputs(device: str = "cpu") -> Any:
    import torch

    generator = torch.Generator().manual_seed(0)
    drawn = (torch.randn((1, 1, TOKENS, WIDTH), generator=generator) for _ in range(3))
    return [one.to(device) for one in drawn]


def _on_cpu() -> Iterator[Figure]:
    from torch.nn.functional import scaled_dot_product_attention

    from zoetrope.core.attention import attend, pattern

    q, k, v = _inputs()
    window = pattern("sliding", TOKENS, window=WINDOW)
    ours = _best(lambda: attend(q, k, v, window))
    dense = _best(lambda: scaled_dot_product_attention(q, k, v, is_causal=True))
    ours = min(ours, _best(lambda: attend(q, k, v, window)))
    yield Figure(f"attend, window {WINDOW}", 1e3 * ours, "ms")
    yield Figure("dense causal kernel", 1e3 * dense, "ms")
    yield Figure("dense over attend", dense / ours, "x", f"at least {FASTER_THAN_DENSE:g}",
                 dense / ours >= FASTER_THAN_DENSE)  # fmt: skip
    if not any(shutil.which(name) for name in ("c++", "g++", "clang++", "cl")):
        yield Figure("FlexAttention: not measured, there is no C++ compiler", 0.0, "")
    else:
        flex = _best(_flex(q, k, v))
        ours = min(ours, _best(lambda: attend(q, k, v, window)))
        yield Figure("compiled FlexAttention", 1e3 * flex, "ms")
        yield Figure("attend over FlexAttention", ours / flex, "x",
                     f"at most {SLOWER_THAN_FLEX:g}", ours / flex <= SLOWER_THAN_FLEX)  # fmt: skip
    for name, numbers in OTHERS.items():
        made = pattern(name, TOKENS, **numbers)
        yield Figure(f"attend, {name}", 1e3 * _best(lambda made=made: attend(q, k, v, made)), "ms")


def _flex(q: Any, k: Any, v: Any) -> Callable[[], Any]:
    """Return FlexAttention compiled for the window, after its first call."""
    import torch
    from torch.nn.attention.flex_attention import create_block_mask, flex_attention

    def inside(b: Any, h: Any, query: Any, key: Any) -> Any:
        return (query >= key) & (query - key < WINDOW)

    mask = create_block_mask(inside, None, None, TOKENS, TOKENS, device=str(q.device))
    compiled = torch.compile(flex_attention)
    return lambda: compiled(q, k, v, block_mask=mask)


def _exactness() -> Iterator[Figure]:
    """The worst difference from float64 dense masked attention at a prime length."""
    import torch

    from zoetrope.core.attention import attend, pattern

    n = 509
    generator = torch.Generator().manual_seed(1)
    q, k, v = (torch.randn((4, n, WIDTH), generator=generator) for _ in range(3))
    worst = {torch.float32: 0.0, torch.float64: 0.0}
    for name, numbers in {"sliding": {"window": 64}, **OTHERS}.items():
        small = {key: min(value, 64) for key, value in numbers.items()}
        made = pattern(name, n, **small)
        hidden = ~torch.tensor(made.dense())
        scores = (q.double() @ k.double().mT) / WIDTH**0.5
        wanted = scores.masked_fill(hidden, -torch.inf).softmax(-1).nan_to_num(0.0) @ v.double()
        for dtype in worst:
            found = attend(q.to(dtype), k.to(dtype), v.to(dtype), made)
            worst[dtype] = max(worst[dtype], float((found.double() - wanted).abs().max()))
    for dtype, bound in ((torch.float32, 2e-6), (torch.float64, 1e-12)):
        yield Figure(f"largest error, {str(dtype).removeprefix('torch.')}", worst[dtype], "",
                     f"at most {bound:g}", worst[dtype] <= bound)  # fmt: skip


def _memory() -> Iterator[Figure]:
    code = (
        "import torch\n"
        "from benchmarks.heads import TOKENS, WINDOW, _inputs\n"
        "from zoetrope.core.attention import attend, pattern\n"
        "torch.set_num_threads(1)\n"
        "def read(name):\n"
        "    lines = open('/proc/self/status').read().splitlines()\n"
        "    return next(int(line.split()[1]) for line in lines if line.startswith(name))\n"
        "small = pattern('sliding', 512, window=WINDOW)\n"
        "q, k, v = _inputs()\n"
        "attend(q[..., :512, :], k[..., :512, :], v[..., :512, :], small)\n"
        "made = pattern('sliding', TOKENS, window=WINDOW)\n"
        "open('/proc/self/clear_refs', 'w').write('5')\n"
        "before = read('VmRSS')\n"
        "attend(q, k, v, made)\n"
        "print((read('VmHWM') - before) / 1e3)\n"
    )
    try:
        shown = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
    except subprocess.CalledProcessError:
        yield Figure("memory: not measured, this system does not tell it", 0.0, "")
        return
    grown = float(shown.stdout)
    yield Figure("memory above the inputs", grown, "MB", f"under {MOST_MEGABYTES:g}",
                 grown < MOST_MEGABYTES)  # fmt: skip


def _on_cuda() -> Iterator[Figure]:
    import torch
    from torch.nn.functional import scaled_dot_product_attention

    from zoetrope.core.attention import attend, pattern

    q, k, v = _inputs("cuda")
    window = pattern("sliding", TOKENS, window=WINDOW)
    flex = _flex(q, k, v)
    for name, work in (
        ("attend", lambda: attend(q, k, v, window)),
        ("dense causal kernel", lambda: scaled_dot_product_attention(q, k, v, is_causal=True)),
        ("compiled FlexAttention", flex),
    ):

        def synchronised(work: Callable[[], Any] = work) -> None:
            work()
            torch.cuda.synchronize()

        yield Figure(f"CUDA: {name}", 1e3 * _best(synchronised, clock=time.perf_counter), "ms")


def _best(
    work: Callable[[], object], repeats: int = 5, clock: Callable[[], float] = time.process_time
) -> float:
    work()
    times = []
    for _ in range(repeats):
        began = clock()
        work()
        times.append(clock() - began)
    return min(times)
