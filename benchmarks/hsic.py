"""HSIC: what the width map, one test and a dragged point cost, beside the libraries people use.

Peers (hyppo, dcor) are timed in the same process where they are installed: `pip install
".[bench]"`. Takes about a minute, or two with the peers. `hsic_levels` counts errors of the tests.
"""

import importlib.util
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from benchmarks.report import Figure, Report
from zoetrope.core import hsic as lab
from zoetrope.core.hsic.datasets import sample

FACTORS = np.geomspace(0.1, 10, 32)
LAB_FACTORS = np.geomspace(0.05, 20, 15)


def run() -> Report:
    """Time everything, on one thread."""
    with one_thread():
        figures = tuple(_speed())
    return Report(
        title="HSIC: maps over widths, tests, a dragged point",
        how="CPU seconds on one thread, best of a few. y = sin(4 pi x) + 0.5 e; maps are 32 x 32 "
        "widths. Peers that are not installed are left out.",
        figures=figures,
    )


@contextmanager
def one_thread() -> Iterator[None]:
    """Keep torch to one thread meanwhile."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _speed() -> Iterator[Figure]:
    found = width_map()
    yield Figure("one cell, n=500, 500 gathered permutations", found["one_cell_by_gather_s"], "s")
    yield Figure("the whole map, n=500, 500 permutations", found["map_s"], "s")
    yield _at_most("the whole map over one cell", found["ratio"], "x", 20)
    test = one_test()
    yield Figure("one test, n=1000, 1000 permutations", test["ours_s"], "s")
    for name, least in (("hyppo", 50), ("dcor", 10)):
        if name in test:
            yield Figure(f"the same by {name}", test[name], "s")
            ratio = test[name] / test["ours_s"]
            yield Figure(f"{name} over ours", ratio, "x", f"at least {least}", ratio >= least)
    found = in_a_fresh_process("million")
    yield Figure("map of 1,000,000 rows", found["map_s"], "s")
    yield Figure("both exact medians of 1,000,000 rows", found["medians_s"], "s")
    yield Figure("its longest step, by the clock", found["longest_step_s"], "s")
    yield Figure("its stated error, of the map's scale", found["error_bound"], "")
    yield _at_most("memory of that process", found["peak_memory_bytes"] / 1e9, "GB", 2)
    found = dragged()
    yield _at_most("a dragged point, n=1000, HSIC", found["hsic_s"] * 1e3, "ms", 16)
    yield _at_most("a dragged point, n=1000, HSIC and p", found["hsic_and_p_s"] * 1e3, "ms", 16)
    found = instant(FACTORS)
    yield Figure("map without permutations, n=500", found["values_s"] * 1e3, "ms")
    yield Figure("the same with exact-moment p", found["with_p_s"] * 1e3, "ms")
    found = instant(LAB_FACTORS)
    yield _at_most("the lab's 15 x 15 map with that p", found["with_p_s"] * 1e3, "ms", 100)
    for name, step in longest_steps().items():
        yield _at_most(f"longest step: {name}", step * 1e3, "ms", 250)


def _at_most(name: str, value: float, unit: str, bound: float) -> Figure:
    return Figure(name, value, unit, f"at most {bound:g}", value <= bound)


def in_a_fresh_process(name: str) -> dict[str, Any]:
    """Run a function of this module on its own, so that the peak of memory is its own."""
    code = (
        "import json, torch; torch.set_num_threads(1); from benchmarks import hsic; "
        f"print(json.dumps(hsic.{name}()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def seconds(work: Callable[[], Any], repeats: int = 3) -> float:
    """The least processor time of a few runs."""
    best = float("inf")
    for _ in range(repeats):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def width_map(n: int = 500, n_perm: int = 500) -> dict[str, float]:
    """The whole 32 x 32 map with permutations against the same permutations of one cell."""
    drawn = sample("sine", n, noise=0.5, seed=1)
    widths = [lab.median_width(column) * FACTORS for column in (drawn.x, drawn.y)]
    whole = seconds(lambda: lab.width_grid(drawn.x, drawn.y, *widths, n_perm=n_perm))
    gather = seconds(lambda: gathered_permutations(drawn.x, drawn.y, n_perm))
    return {"map_s": whole, "one_cell_by_gather_s": gather, "ratio": whole / gather}


def gathered_permutations(x: Any, y: Any, n_perm: int) -> float:
    """The usual way: index the centred Gram matrix anew for every permutation."""
    import torch

    grams = []
    for column in (x, y):
        k = lab.gram(column, minus_one=False)
        grams.append(k - k.mean(0) - k.mean(1)[:, None] + k.mean())
    k, m = grams
    generator = torch.Generator().manual_seed(0)
    observed = float((k * m).sum())
    exceeding = 0
    for _ in range(n_perm):
        order = torch.randperm(len(k), generator=generator)
        exceeding += float((k * m[order][:, order]).sum()) >= observed
    return (1 + exceeding) / (1 + n_perm)


def one_test(n: int = 1000, n_perm: int = 1000) -> dict[str, float]:
    """One pair of widths, with hyppo and dcor beside it."""
    drawn = sample("sine", n, noise=0.5, seed=1)
    ours = seconds(lambda: lab.permutation_test(drawn.x, drawn.y, n_perm=n_perm))
    found = {"ours_s": ours}
    for name, peer in (("hyppo", _hyppo), ("dcor", _dcor)):
        if importlib.util.find_spec(name) is None:
            continue
        found[name] = seconds(lambda peer=peer: peer(drawn.x, drawn.y, n_perm), repeats=1)
    return found


def _hyppo(x: Any, y: Any, n_perm: int) -> float:
    from hyppo.independence import Hsic

    return float(Hsic().test(x, y, reps=n_perm, workers=1, auto=False)[1])


def _dcor(x: Any, y: Any, n_perm: int) -> float:
    import dcor

    test = dcor.independence.distance_covariance_test
    return float(test(x, y, num_resamples=n_perm, random_state=0).pvalue)


def million(n: int = 1_000_000) -> dict[str, Any]:
    """The map of a million rows, its longest step, and the memory of the whole process."""
    drawn = sample("sine", n, noise=0.5, parameter=1, seed=1)
    start = time.process_time()
    widths = [lab.median_width(column) * FACTORS for column in (drawn.x, drawn.y)]
    median = time.process_time() - start
    found = lab.width_grid(drawn.x, drawn.y, *widths)
    taken = seconds(lambda: lab.width_grid(drawn.x, drawn.y, *widths), repeats=2)
    longest, last = 0.0, time.perf_counter()
    for _ in lab.width_grid_steps(drawn.x, drawn.y, *widths, n_perm=5):
        longest = max(longest, time.perf_counter() - last)
        last = time.perf_counter()
    return {
        "medians_s": median,
        "map_s": taken,
        "longest_step_s": longest,
        "error_bound": found.error_bound,
        "engine": found.engine,
        "peak_memory_bytes": peak_memory(),
    }


def peak_memory() -> int:
    """The most memory this process has held."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def dragged(n: int = 1000) -> dict[str, float]:
    """One point of 1000 moved: HSIC alone, and with its exact-moment p."""
    drawn = sample("circle", n, seed=1)
    held = lab.DraggedSample(drawn.x, drawn.y)
    held.p_value()
    rng = np.random.default_rng(0)

    def move() -> None:
        held.move(int(rng.integers(n)), rng.standard_normal(), rng.standard_normal())

    def move_with_p() -> None:
        move()
        held.p_value()

    return {"hsic_s": seconds(move, 20), "hsic_and_p_s": seconds(move_with_p, 20)}


def instant(factors: Any, n: int = 500) -> dict[str, float]:
    """The map before any permutation: its values, then its exact-moment p-values."""
    drawn = sample("sine", n, noise=0.5, seed=1)
    widths = [lab.median_width(column) * factors for column in (drawn.x, drawn.y)]

    def first() -> None:
        steps = lab.width_grid_steps(drawn.x, drawn.y, *widths)
        next(grid for grid in steps if grid is not None)

    return {
        "values_s": seconds(first),
        "with_p_s": seconds(lambda: lab.width_grid(drawn.x, drawn.y, *widths), 40),
    }


def longest_steps() -> dict[str, float]:
    """The longest of the steps in which a window would wait, for many rows and other kernels."""
    drawn = sample("sine", 20_000, noise=0.5, seed=1)
    rows = (drawn.x, drawn.y)
    few = (drawn.x[:1000], drawn.y[:1000])
    table = np.stack(few, 1)
    laplace = {"kernel_x": "laplace", "kernel_y": "laplace"}
    return {
        "one test, n=20,000": longest(lambda: lab.permutation_steps(*rows, n_perm=20)),
        "map, n=20,000": longest(lambda: lab.width_grid_steps(*rows, n_perm=5)),
        "map, Laplace, n=1000": longest(lambda: lab.width_grid_steps(*few, n_perm=5, **laplace)),
        "map, two columns, n=1000": longest(
            lambda: lab.width_grid_steps(table, few[1], [0.2, 1, 5], [0.1, 1, 5], n_perm=5)
        ),
        "spectral test, n=1000": longest(lambda: lab.spectral_steps(*few)),
    }


def longest(make: Callable[[], Iterator[Any]]) -> float:
    """The processor time of the longest step, the better of two runs."""
    found = []
    for _ in range(2):
        steps, most = make(), 0.0
        while True:
            start = time.process_time()
            if next(steps, steps) is steps:
                break
            most = max(most, time.process_time() - start)
        found.append(most)
    return min(found)
