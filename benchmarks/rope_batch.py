"""Ten thousand ropes of 512 points: our batch against the usual loop over scipy."""

from __future__ import annotations

import time

import numpy as np

from benchmarks.report import Figure, Report

ROPES, POINTS = 10_000, 512
LOOPED = 300  # the loop is timed on these and scaled up


def scipy_rope(length: float) -> np.ndarray:
    """Return the curve [POINTS] as a scipy user would: a bracketed root for m, then ellipj."""
    from scipy.optimize import brentq
    from scipy.special import ellipe, ellipj, ellipk

    def excess(m: float) -> float:
        return 2 * ellipe(m) / ((1 - m) * ellipk(m)) - 1 - length

    m = brentq(excess, 1e-12, 1 - 1e-12, xtol=1e-15)
    K = ellipk(m)
    sag = np.sqrt(m) / (K * (1 - m))
    return sag * ellipj(2 * K * np.linspace(0, 1, POINTS), m)[0]


def run() -> Report:
    """Time both in alternation, five times, on one thread each."""
    import torch

    from zoetrope.core.rope import solve_batch

    torch.set_num_threads(1)
    lengths = 1 + np.geomspace(1e-3, 10, ROPES)
    chosen = lengths[:: ROPES // LOOPED]
    solve_batch(lengths, 1.0, POINTS)
    times: dict[str, list[float]] = {"loop": [], "float64": [], "float32": []}
    for _ in range(5):
        began = time.process_time()
        looped = np.array([scipy_rope(length) for length in chosen])
        times["loop"].append((time.process_time() - began) * ROPES / len(chosen))
        for dtype in ("float64", "float32"):
            began = time.process_time()
            batch = solve_batch(lengths, 1.0, POINTS, dtype=dtype)
            times[dtype].append(time.process_time() - began)
            if dtype == "float64":
                ours = batch.y[:: ROPES // LOOPED].numpy()
    error = float(np.max(np.abs(ours - looped) / looped.max(axis=1, keepdims=True)))
    best = {name: min(values) for name, values in times.items()}
    ratio = best["loop"] / best["float64"]
    return Report(
        title=f"{ROPES:,} ropes of {POINTS} points",
        how="CPU seconds on one thread, best of five; the peer is a loop over scipy's brentq and "
        f"ellipj, timed on {len(chosen)} of the ropes and scaled.",
        figures=(
            Figure("scipy, a loop", best["loop"], "s"),
            Figure("solve_batch, float64", best["float64"], "s"),
            Figure("solve_batch, float32", best["float32"], "s"),
            Figure("how many times faster, float64", ratio, "×", "at least 20", ratio >= 20),
            Figure("how many times faster, float32", best["loop"] / best["float32"], "×"),
            Figure(
                "largest difference, as a share of the sag", error, "", "≤ 1e-10", error < 1e-10
            ),
        ),
    )
