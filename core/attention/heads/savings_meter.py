"""What sparse attention saves in truth: time and peak memory, each way in a process of its own.

A fresh process, so that no way profits from what another has allocated; one thread, whose time on
the processor counts; inputs of one head. The best of up to five runs after a first one, and the
growth of the resident set while one runs (Linux; elsewhere memory is not measured).
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from torch import Tensor

    from zoetrope.core.attention.patterns import Pattern

METHODS = {
    "kernel": "dense kernel",
    "sparse": "attend",
    "masked": "dense kernel and a mask",
    "naive": "softmax written out",
}
SQUARES = ("naive", "masked")  # those that hold n² numbers
MOST_SQUARE = 8192  # tokens
BYTES_A_PAIR = 8
SHARE_OF_FREE = 0.25
UNKNOWN_FREE = 2e9  # bytes taken to be free where the system does not say
PATIENCE = 20.0  # seconds that one way may take in all
POLL = 0.01
REPEATS = 5
ENOUGH = 0.8  # seconds of repeats


class Timing(NamedTuple):
    """One way at one length: `seconds` and `peak` bytes; NaN where it was `refused`, which says
    why, or could not be measured.
    """

    n: int
    seconds: float
    peak: float
    refused: str = ""


def measure_steps(
    method: str, patterns: Sequence[str], width: int, causal: bool
) -> Iterator[tuple[Timing, ...] | None]:
    """Yield None between steps, and what is known after each pattern (given as JSON).

    `method` is one of `METHODS`, `width` the head's, `causal` whether the dense kernel may skip
    the keys ahead. Ends early after `PATIENCE` seconds. Leaving the generator ends the process.
    """
    found: tuple[Timing, ...] = ()
    with tempfile.TemporaryDirectory(prefix="zoetrope-") as folder:
        request, answers = Path(folder, "request.json"), Path(folder, "answers")
        request.write_text(json.dumps([method, patterns, width, causal]), encoding="utf-8")
        answers.touch()
        process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(request), str(answers)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        limit = time.monotonic() + PATIENCE
        try:
            while len(found) < len(patterns) and time.monotonic() < limit:
                ended = process.poll() is not None  # asked first: nothing is written after that
                known = _answers(answers)
                if known != found:
                    found = known
                    yield found
                elif ended:
                    break  # the system has ended it, most likely for its memory
                else:
                    time.sleep(POLL)
                    yield None
        finally:
            process.kill()
            process.wait()
    yield found


def _answers(path: Path) -> tuple[Timing, ...]:
    """Return the timings of the complete lines."""
    lines = path.read_text(encoding="utf-8").split("\n")[:-1]
    return tuple(Timing(*json.loads(line)) for line in lines)


def refusal(method: str, n: int) -> str:
    """Say why a way is not tried at a length; nothing where it is."""
    if method not in SQUARES:
        return ""
    if n > MOST_SQUARE:
        return f"not tried beyond {MOST_SQUARE:,} tokens"
    most = int(math.sqrt(SHARE_OF_FREE * _free() / BYTES_A_PAIR))
    return f"memory for {most:,} tokens at most" if n > most else ""


def _free() -> float:
    with suppress(OSError, StopIteration, ValueError):
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        return 1024.0 * int(next(line for line in lines if "MemAvailable" in line).split()[1])
    return UNKNOWN_FREE


def main(request: Path, answers: Path) -> None:
    """Measure pattern by pattern and write a line for each: the whole life of the process."""
    import torch

    from zoetrope.core.attention.typed import from_json

    torch.set_num_threads(1)
    method, patterns, width, causal = json.loads(request.read_text(encoding="utf-8"))
    for text in patterns:
        made = from_json(text)
        reason = refusal(method, made.n)
        if reason:
            _write(answers, Timing(made.n, math.nan, math.nan, reason))
            continue
        generator = torch.Generator().manual_seed(0)
        q, k, v = (torch.randn((1, 1, made.n, width), generator=generator) for _ in range(3))
        work = _work(method, q, k, v, made, causal)
        work()
        peak = _peak(work)
        seconds, began = math.inf, time.process_time()
        for _ in range(REPEATS):
            start = time.process_time()
            work()
            seconds = min(seconds, time.process_time() - start)
            if time.process_time() - began > ENOUGH:
                break
        _write(answers, Timing(made.n, seconds, peak))


def _write(answers: Path, timing: Timing) -> None:
    with answers.open("a", encoding="utf-8") as file:
        file.write(json.dumps(timing) + "\n")


def _work(
    method: str, q: Tensor, k: Tensor, v: Tensor, made: Pattern, causal: bool
) -> Callable[[], Tensor]:
    import torch
    from torch.nn.functional import scaled_dot_product_attention

    from zoetrope.core.attention.heads.sparse_attention import attend

    def naive() -> Tensor:
        scores = torch.matmul(q, k.mT) / math.sqrt(q.shape[-1])
        if causal:
            ahead = torch.ones(scores.shape[-2:], dtype=torch.bool).triu_(1)
            scores.masked_fill_(ahead, -math.inf)
        return torch.matmul(scores.softmax(dim=-1), v)

    def kernel() -> Tensor:
        return scaled_dot_product_attention(q, k, v, is_causal=causal)

    def sparse() -> Tensor:
        out = attend(q, k, v, made)
        assert not isinstance(out, tuple)
        return out

    if method == "masked":
        mask = torch.tensor(made.dense(MOST_SQUARE))
        return lambda: scaled_dot_product_attention(q, k, v, attn_mask=mask)
    return {"naive": naive, "kernel": kernel, "sparse": sparse}[method]


def _peak(work: Callable[[], Tensor]) -> float:
    """Return by how many bytes the resident set grows while the work is done."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # forget the old peak
        before = _resident("VmRSS")
        work()
        return max(0.0, _resident("VmHWM") - before)
    except (OSError, StopIteration):
        return math.nan


def _resident(name: str) -> float:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return 1024.0 * int(next(line for line in lines if line.startswith(name)).split()[1])


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
