"""The long form of the reliability tests: `make soak` runs all parts, prints a table and stores it
in benchmarks/soak.json. Parts may be named, and COUNT scales them: `--share 0.1` is a tenth.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import math
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.report import Figure, Report, machine, quantile
from zoetrope.core.registry import registry

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "benchmarks" / "soak.json"
SEED = 20
LABS = [lab for lab in registry() if lab != "damped"]
HANG = 250.0  # ms
GROWTH = 50.0  # MB


def none_of(name: str, count: float) -> Figure:
    """Return a figure that must be 0."""
    return Figure(name, count, "", "none", count == 0)


def in_another_process(module: str, *arguments: object) -> Any:
    """Run a module of this folder and return what it printed as JSON."""
    done = subprocess.run(
        [sys.executable, "-m", f"tests.soak.{module}", *map(str, arguments)],
        cwd=ROOT, capture_output=True, text=True, timeout=3600,
    )  # fmt: skip
    if not done.stdout.startswith("{"):
        raise RuntimeError(done.stderr[-3000:])
    return json.loads(done.stdout)


def races(share: float) -> Report:
    """Play random plans against the engine until enough changes were made."""
    from hypothesis import HealthCheck, given, seed, settings
    from hypothesis import strategies as st
    from hypothesis.errors import FlakyFailure

    from tests.soak.races import Act, acts, play, rare_acts

    wanted = round(100_000 * share)
    done = {"changes": 0, "updates": 0, "plans": 0}
    wrong: list[str] = []

    def until_enough(plans: Any, number: int) -> None:
        @settings(max_examples=25, deadline=None, database=None,
                  suppress_health_check=list(HealthCheck))  # fmt: skip
        @seed(number)
        @given(st.lists(plans, min_size=200, max_size=2000))
        def some(plan: list[Act]) -> None:
            found = play(plan)
            done["changes"] += found.changes
            done["updates"] += found.updates
            done["plans"] += 1
            wrong.extend(found.wrong)
            assert found.wrong == ()

        with suppress(AssertionError, FlakyFailure):  # a race need not show itself twice
            some()

    number = SEED + 1
    while done["changes"] < wanted and not wrong:
        until_enough(rare_acts() if number % 10 == 0 else acts(), number)
        number += 1
    for text in wrong:
        print(text)
    return Report(
        title="Races",
        how="Random plans of changes, live changes, stops, new threads and devices, with jobs of "
        "random lengths that end, fail, run out of memory or cling, against the engine.",
        figures=(
            Figure("parameter changes", done["changes"], "", f"at least {wanted:,}",
                   done["changes"] >= wanted),
            Figure("plans", done["plans"], ""),
            Figure("updates that were shown", done["updates"], ""),
            none_of("things that were wrong", len(wrong)),
        ),
    )  # fmt: skip


def files(share: float) -> Report:
    """Read bad files of every kind."""
    found = in_another_process("bad_files", max(35, round(2_000 * share)), SEED)
    kinds = found["kinds"]
    wrong = [line for tally in kinds.values() for line in tally["wrong"]]
    for line in [*wrong, *found["seen"]]:
        print(line)
    total = {key: sum(t[key] for t in kinds.values()) for key in ("files", "read", "refused")}
    return Report(
        title="Bad files",
        how=f"Hostile files and good ones damaged at random: {', '.join(kinds)}.",
        figures=(
            Figure("files", total["files"], ""),
            Figure("read, by one reader or another", total["read"], ""),
            Figure("refused in a sentence", total["refused"], ""),
            none_of("neither", len(wrong)),
            none_of("programs run, connections made, files written elsewhere", len(found["seen"])),
            Figure("longest that a file took", max(t["slowest"] for t in kinds.values()), "s CPU"),
            Figure("memory of the process at its highest", found["peak"], "MB", "under 1 GB",
                   found["peak"] < 1000),
        ),
    )  # fmt: skip


def saves(share: float) -> Report:
    """Kill programs that save their session."""
    count = max(20, round(200 * share))
    with TemporaryDirectory() as folder:
        found = in_another_process("killed_saves", count, SEED, folder)
    for line in found["wrong"]:
        print(line)
    return Report(
        title="Saves that are killed",
        how=f"kill -9 at {count} random moments of a session's save, then a start.",
        figures=(
            none_of("neither the last state nor the one before", len(found["wrong"])),
            Figure("killed in the middle of a file", found["orphans"], ""),
            none_of("files left after the tidying", len(found["left"]) - 1),
        ),
    )


def storms(share: float) -> Report:
    """Run a storm over each lab."""
    from tests.soak.minimal import minimal, storm

    count = max(100, round(10_000 * share))
    figures: list[Figure] = []
    for lab in LABS:
        found = storm(lab, count, SEED)
        figures += [
            Figure(f"{lab}: interactions", found["done"], ""),
            none_of(f"{lab}: uncaught exceptions", len(found["errors"])),
            none_of(f"{lab}: hangs over 250 ms", len(found["hangs"])),
            Figure(f"{lab}: longest turn of the event loop", 1e3 * found["longest"], "ms"),
            Figure(f"{lab}: state restored from disk", found["restored"], "", "yes",
                   bool(found["restored"])),
        ]  # fmt: skip
        if count > 2_500:
            grown = found["growth"]
            figures.append(Figure(f"{lab}: memory growth", grown, "MB", "under 50 MB",
                                  grown < GROWTH))  # fmt: skip
        for deed, names, took, stack in found["hangs"][:5]:
            print(f"{lab}, seed {SEED}, deed {deed}: {took} ms in {names}\n{stack}")
        for deed, text in found["errors"][:5]:
            print(f"{lab}, seed {SEED}, deed {deed}:\n{text}")
        if found["errors"]:
            deeds = " ".join(map(str, minimal(found)))
            print(f"The least that fails: python -m tests.soak.storm {lab} 0 {SEED} {deeds}")
    return Report(
        title="Storm",
        how=f"{count:,} seeded random interactions with each lab in the program's window "
        f"({os.environ.get('QT_QPA_PLATFORM', 'xcb')}), at full speed; waiting for a CPU not "
        "counted; memory from interaction 2,500 on.",
        figures=tuple(figures),
    )


def load(share: float) -> Report:
    """Measure the window while each lab's heaviest job runs."""
    from tests.soak import load as measured

    figures: list[Figure] = []
    stops: list[float] = []
    for lab in LABS:
        for name, late in measured.lateness(lab).items():
            middle, most, longest = measured.summary(late)
            figures += [
                Figure(f"{lab}: lateness p50, {name}", middle, "ms"),
                Figure(f"{lab}: lateness p99, {name}", most, "ms"),
                Figure(f"{lab}: lateness max, {name}", longest, "ms"),
            ]
        middle, most, longest = measured.summary(measured.latencies(lab, max(10, int(100 * share))))
        figures += [
            Figure(f"{lab}: slider to picture p50, heaviest job", middle, "ms"),
            Figure(f"{lab}: slider to picture p99, heaviest job", most, "ms"),
        ]
        stops += measured.cancels(lab, max(10, int(100 * share)))
    slowest = quantile(stops, 0.99)
    figures += [
        Figure("cancellations in the middle of a job", len(stops), ""),
        Figure("cancel to idle, p99", slowest, "ms", "under 100 ms", slowest < 100),
        Figure("cancel to idle, max", max(stops), "ms"),
    ]
    return Report(
        title="Numbers under load",
        how="A 16 ms timer in an idle window and, in turn, while the page or preset whose job "
        "takes longest runs; a slider's move until its picture; a stop until rest. Waiting for a "
        "CPU not counted.",
        figures=tuple(figures),
    )


def hours(share: float) -> Report:
    """Play eight hours of animation by a fast clock."""
    from tests.soak.load import SECONDS_A_TICK, animate

    ticks = max(600, math.ceil(8 * 3600 / SECONDS_A_TICK * share))
    found = animate(ticks, min(2_000, ticks // 3))
    return Report(
        title="Hours of animation",
        how="The rope's playhead, each tick of a fast clock nearly a second later.",
        figures=(
            Figure("hours", found["hours"], "h"),
            Figure("ticks without their picture", ticks - found["shown"], "", "none",
                   found["shown"] == ticks),
            Figure("memory growth", found["growth"], "MB", "under 10 MB", found["growth"] < 10),
        ),
    )  # fmt: skip


PARTS: dict[str, Callable[[float], Report]] = {
    "races": races, "files": files, "saves": saves, "storms": storms, "load": load, "hours": hours,
}  # fmt: skip


def main() -> int:
    """Run the named parts, or all. Returns 1 if a bound was not kept."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--share", type=float, default=1.0, help="of the full counts")
    given = parser.parse_args()
    unknown = [name for name in given.parts if name not in PARTS]
    if unknown:
        parser.error(f"there is no part {unknown[0]!r}; there are {', '.join(PARTS)}")
    stored = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    broken = 0
    for name in given.parts or PARTS:
        began = time.perf_counter()
        report = PARTS[name](given.share)
        print(f"\n{report.title}  ({time.perf_counter() - began:.0f} s)\n  {report.how}")
        for figure in report.figures:
            verdict = {None: "", True: "kept", False: "NOT KEPT"}[figure.kept]
            bound = f"  [{figure.bound}: {verdict}]" if figure.bound else ""
            print(f"  {figure.name:<62} {figure.value:>10.5g} {figure.unit}{bound}", flush=True)
            broken += figure.kept is False
        found = {"share": given.share, "machine": machine(), **dataclasses.asdict(report)}
        stored[name] = found
        RESULTS.write_text(json.dumps(stored, indent=1, ensure_ascii=False), encoding="utf-8")
    sys.stdout.flush()
    os._exit(
        1 if broken else 0
    )  # not by way of the interpreter's end, with its windows still there


if __name__ == "__main__":
    sys.exit(main())
