"""Saves of the session that are killed.

`python -m tests.soak.killed_saves COUNT SEED FOLDER` kills a program at COUNT random moments of its
saves, and prints as JSON what was found after each.
"""

from __future__ import annotations

import json
import os
import random
import signal
import struct
import sys
import time
from pathlib import Path
from typing import Any

from zoetrope.gui.session import ORPHANS_AFTER, read, sweep, write

LARGEST = 400_000  # characters of what is saved: some saves take long enough to be met
LATEST = 0.02  # seconds after the first save until the kill


def save_for_ever(folder: Path, begin: int, told: int, seed: int) -> None:
    """Save one state after another; tell the number of each that is surely on the disk."""
    rng = random.Random(seed)
    number = begin
    while True:
        number += 1
        filling = "x" * rng.choice([0, 100, 10_000, LARGEST])
        write(folder, {"lab": str(number), "labs": {"rope": {"filling": filling}}})
        os.write(told, struct.pack("<q", number))


def kill_once(folder: Path, begin: int, rng: random.Random) -> tuple[int, str]:
    """Start a program that saves, kill it, start again: return what is there, and what is wrong."""
    heard, told = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(heard)
            save_for_ever(folder, begin, told, rng.randrange(1 << 30))
        finally:
            os._exit(1)
    os.close(told)
    last = begin
    try:
        first = os.read(heard, 8)
        last = struct.unpack("<q", first)[0]
        time.sleep(rng.random() * LATEST)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    while len(more := os.read(heard, 8)) == 8:
        last = struct.unpack("<q", more)[0]
    os.close(heard)
    session, sentences = read(folder)
    if session is None:
        return last, f"nothing is there: {sentences}"
    found = int(session["lab"])
    if found not in (last, last + 1):  # the next one may have been put in place, and not told
        return found, f"state {found} is there, and {last} was saved"
    return found, ""


def run(count: int, seed: int, folder: Path) -> dict[str, Any]:
    """Kill so many times; return what was wrong, and what was left lying about and swept."""
    rng = random.Random(seed)
    state, wrong = 0, []
    for _ in range(count):
        state, what = kill_once(folder, state, rng)
        wrong += [what] if what else []
    orphans = list(folder.glob(".session-*.tmp"))
    swept = sweep(folder, time.time() + 2 * ORPHANS_AFTER)
    left = sorted(path.name for path in folder.iterdir())
    return {"wrong": wrong, "orphans": len(orphans), "swept": swept, "left": left}


if __name__ == "__main__":
    found = run(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
    sys.stdout.write(json.dumps(found))
