"""Makes a failing storm minimal: the fewest deeds found that still lead to the same failure."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 900.0  # seconds for a storm of ten thousand deeds
PATIENCE = 240.0  # seconds for making one minimal


def storm(lab: str, count: int, seed: int, deeds: list[int] | None = None) -> dict[str, Any]:
    """Run a storm in a process of its own and return what it found.

    A process that ends without a word has crashed: then that is what it found.
    """
    told = [sys.executable, "-m", "tests.soak.storm", lab, str(count), str(seed)]
    done = subprocess.run(
        [*told, *map(str, deeds or [])],
        cwd=ROOT, capture_output=True, text=True, timeout=LONGEST,
        env={**os.environ, "PYTHONFAULTHANDLER": "1"},
    )  # fmt: skip
    if done.stdout.startswith("{"):
        found: dict[str, Any] = json.loads(done.stdout)
        return found
    words = f"ended with code {done.returncode}\n{done.stderr[-2000:]}"
    return {"lab": lab, "seed": seed, "done": count, "errors": [[count, words]], "hangs": [],
            "longest": 0.0, "growth": 0.0, "rss": 0.0, "restored": False, "lost": [],
            "seconds": 0.0}  # fmt: skip


def failure(found: dict[str, Any]) -> str:
    """Return what makes two failures the same: the last line of the first error."""
    if not found["errors"]:
        return ""
    return str(found["errors"][0][1].strip().splitlines()[-1][:80])


def minimal(found: dict[str, Any]) -> list[int]:
    """Return the fewest deeds found that lead to the first error of a storm."""
    wanted, last = failure(found), found["errors"][0][0]
    deadline = time.monotonic() + PATIENCE

    def fails(deeds: list[int]) -> bool:
        return failure(storm(found["lab"], 0, found["seed"], deeds)) == wanted

    deeds = list(range(last + 1))
    tail = 1
    while tail < len(deeds) and not fails(deeds[-tail:]):  # the last deeds mostly do
        tail *= 4
        if time.monotonic() > deadline:
            return deeds
    deeds = deeds[-tail:]
    chunk = len(deeds) // 2
    while chunk and time.monotonic() < deadline:
        for start in range(0, len(deeds), chunk):
            fewer = deeds[:start] + deeds[start + chunk :]
            if fewer and fails(fewer):
                deeds = fewer
                break
        else:
            chunk //= 2
    return deeds
