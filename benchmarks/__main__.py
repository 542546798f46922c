"""Run the benchmarks, print what they found, store it beside them."""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import json
import sys
import time
from pathlib import Path

from benchmarks.report import Report, machine

ALL = (
    "start_up",
    "latency",
    "lateness",
    "memory",
    "rope_batch",
    "hsic",
    "attention",
    "heads",
    "iresnet",
    "sweep",
)
SLOW = ("hsic_levels",)  # only when named
RESULTS = Path(__file__).parent / "results.json"


def main() -> int:
    """Run the named benchmarks, or all. Returns 1 if a bound was not kept."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(ALL + SLOW)}")
    names = parser.parse_args().names or list(ALL)
    unknown = [name for name in names if name not in ALL + SLOW]
    if unknown:
        parser.error(f"there is no benchmark {unknown[0]!r}; there are {', '.join(ALL + SLOW)}")
    stored = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    broken = 0
    for name in names:
        began = time.perf_counter()
        report: Report = importlib.import_module(f"benchmarks.{name}").run()
        print(f"\n{report.title}  ({time.perf_counter() - began:.0f} s)\n  {report.how}")
        for figure in report.figures:
            verdict = {None: "", True: "kept", False: "NOT KEPT"}[figure.kept]
            bound = f"  [{figure.bound}: {verdict}]" if figure.bound else ""
            print(f"  {figure.name:<58} {figure.value:>10.4g} {figure.unit}{bound}")
            broken += figure.kept is False
        stored[name] = {"machine": machine(), **dataclasses.asdict(report)}
        RESULTS.write_text(json.dumps(stored, indent=1, ensure_ascii=False), encoding="utf-8")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
