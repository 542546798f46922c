"""The command `sweep`: a lab over many parameter sets, kept as a Parquet data set."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zoetrope.core.command_state import UsageError, state_of
from zoetrope.core.comparison import uncompared
from zoetrope.core.ending import STATUS, EndedError, unwinding
from zoetrope.core.lab import Lab
from zoetrope.core.sweep.definition import Definition
from zoetrope.core.sweep.durations import in_words
from zoetrope.core.sweep.errors import SweepError, SweepStoppedError
from zoetrope.core.sweep.varied import parse_varied

if TYPE_CHECKING:
    from zoetrope.core.sweep.progress import Progress
    from zoetrope.core.sweep.store import Row

DRAW_EVERY = 0.2  # seconds between two states of the bar


def add_sweep_options(sweep: argparse.ArgumentParser) -> None:
    """Declare the flags of the command."""
    add = sweep.add_argument
    add("lab", metavar="LAB", nargs="?", help="the lab's id; not needed with --recipe")
    add(
        "--vary", action="append", default=[], metavar="NAME=VALUES",
        help="START..STOP:COUNT, with :log behind it for equal factors, or A,B,C; once or twice",
    )  # fmt: skip
    add("--seeds", type=int, metavar="N", help="repeat each cell with N seeds")
    add("--keep", metavar="KEYS", help="readouts to keep, with commas; every number unless said")
    add("--out", required=True, metavar="FOLDER", help="the Parquet data set; it resumes there")
    add("--set", action="append", default=[], metavar="NAME=VALUE", help="set a parameter")
    add("--preset", metavar="NAME", help="start from a preset")
    add("--recipe", metavar="FILE", help="start from a file with a recipe, or a recipe code")
    add("--worked", metavar="NAME", help="run a sweep that the lab ships, as it stands")
    add("--figure", metavar="FILE", help="write its figure as well, or its table as CSV or NPZ")
    add("--cluster", metavar="ADDRESS", default="", help="a Dask cluster, as tcp://host:port")
    add("--workers", type=int, default=0, metavar="N", help="processes here; all cores unless said")
    add(
        "--afresh",
        action="store_true",
        help="measure every cell, also what this machine has measured in other sweeps",
    )
    add("--device", choices=("auto", "cpu", "cuda", "mps"), default="auto", help="what computes")


def run_sweep_command(options: argparse.Namespace) -> int:
    """Carry out the command; return the exit status."""
    definition = _definition(options)
    if options.figure:
        _check_figure(Path(options.figure))
    folder = Path(options.out)
    line = _Line(folder)
    try:
        with unwinding():
            from zoetrope.core.sweep.progress import Where
            from zoetrope.core.sweep.run import run_sweep

            where = Where(options.cluster, options.workers, options.device)
            last = run_sweep(definition, folder, where, afresh=options.afresh, tell=line.tell)
    except SweepError as error:
        raise UsageError(str(error)) from None
    except SweepStoppedError as error:
        line.end()
        print(f"zoetrope: {error} {line.kept()}", file=sys.stderr)
        return 1
    except (KeyboardInterrupt, EndedError) as end:
        line.end()
        print(f"zoetrope: stopped. {line.kept()}", file=sys.stderr)
        return 130 if isinstance(end, KeyboardInterrupt) else STATUS
    line.end()
    if options.figure:
        _draw(definition, folder, options)
    failed = f", {last.failed:,} of them with an error instead of numbers" if last.failed else ""
    taken = f", {last.taken:,} of them measured before (see --afresh)" if last.taken else ""
    print(f"{last.done:,} cells in {folder}{failed}{taken}.")
    return 0


def run_forget_command(_options: argparse.Namespace) -> int:
    """Delete the cells that sweeps on this machine have measured; return the exit status."""
    from zoetrope.core.sweep.known_cells import forget_cells, known_file

    file = known_file()
    try:
        print(f"{forget_cells(file):,} cells in {file} are forgotten.")
    except OSError as error:
        raise UsageError(f"{file} cannot be deleted: {error.strerror}.") from None
    return 0


def _definition(options: argparse.Namespace) -> Definition:
    """Return the sweep that the flags amount to; raises `UsageError`."""
    if not options.out.strip():
        raise UsageError("Name a folder after --out, such as --out sweep.parquet.")
    if options.workers < 0:
        raise UsageError("The number of workers is 1 or more, or 0 for all cores.")
    lab, base = state_of(options)
    lab = uncompared(lab)
    try:
        if options.worked:
            return _worked(options, lab)
        varied = [parse_varied(text, lab.parameters) for text in options.vary]
        keep = [key.strip() for key in (options.keep or "").split(",") if key.strip()]
        seeds = 1 if options.seeds is None else options.seeds
        return Definition.of(lab, base, varied, seeds=seeds, keep=keep)
    except SweepError as error:
        raise UsageError(str(error)) from None


def _check_figure(path: Path) -> None:
    """Refuse what could not be written in the end, before the work."""
    from zoetrope.core.export_options import ANIMATIONS, ExportError
    from zoetrope.core.export_paths import check_folder, check_name, format_of

    try:
        check_name(path)
        if format_of(path) in ANIMATIONS:
            raise UsageError(f"A sweep's figure stands still: {path.suffix} is for films.")
        check_folder(path)
    except ExportError as error:
        raise UsageError(str(error)) from None


def _worked(options: argparse.Namespace, lab: Lab[Any]) -> Definition:
    """Return a sweep that the lab ships; no other flag may say what is swept."""
    given = (options.vary, options.keep, options.seeds, options.set, options.preset, options.recipe)
    if any(given):
        raise UsageError("A worked sweep runs as it stands: leave out all else that defines one.")
    from zoetrope.core.sweep.worked import definition_of, worked_sweep

    return definition_of(lab, worked_sweep(lab, options.worked))


def _draw(definition: Definition, folder: Path, options: argparse.Namespace) -> None:
    """Write the figure of what is there, or the table behind it; raises `ExportError`."""
    from zoetrope.core.export import export
    from zoetrope.core.lab import Frame
    from zoetrope.core.sweep.picture import Shown, columns, picture
    from zoetrope.core.sweep.results import Results
    from zoetrope.core.sweep.store import open_sweep
    from zoetrope.core.sweep.worked import shown_of, worked_sweep

    store = open_sweep(folder, {definition.lab.id: definition.lab})
    results = Results(store.definition)
    results.add(list(store.rows()))
    shown = Shown(results.definition.keep[0])
    if options.worked:
        shown = shown_of(worked_sweep(definition.lab, options.worked))
    frame = Frame(
        figure=picture(results, shown),
        tables=columns(results, shown),
        varied=results.definition.changing,
    )
    export(definition.lab, definition.base, Path(options.figure), frame=frame)


class _Line:
    """Says how far a sweep is: a line at its start, and on a terminal a bar."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._last: Progress | None = None
        self._drawn = 0.0
        self._said: set[str] = set()
        self._bar = False

    def tell(self, progress: Progress, _rows: Sequence[Row]) -> None:
        """Take note of the progress and show it."""
        self._last = progress
        if progress.said:
            self._say(progress.said)
        elif progress.workers and progress.seconds_left is not None and "begin" not in self._said:
            self._begin(progress)
        now = time.monotonic()
        if sys.stderr.isatty() and (now - self._drawn > DRAW_EVERY or self._complete):
            self._drawn, self._bar = now, True
            share = progress.done / progress.total
            left = ""
            if progress.seconds_left is not None:
                left = f", {in_words(progress.seconds_left)} left"
            failed = f", {progress.failed:,} failed" if progress.failed else ""
            print(
                f"\r[{'#' * round(30 * share):<30}] {progress.done:,}/{progress.total:,}"
                f"{failed}{left}    ",
                end="", file=sys.stderr, flush=True,
            )  # fmt: skip

    def _begin(self, progress: Progress) -> None:
        self._said.add("begin")
        left = progress.total - progress.done
        there = f" ({progress.done:,} are there)" if progress.done else ""
        about = in_words(progress.seconds_left or 0.0)
        workers = "1 worker" if progress.workers == 1 else f"{progress.workers:,} workers"
        print(f"{left:,} cells{there}, about {about} on {workers}.", flush=True)
        if progress.dashboard:
            print(f"Dask's dashboard: {progress.dashboard}", flush=True)

    def _say(self, sentence: str) -> None:
        if sentence not in self._said:
            self._said.add(sentence)
            print(sentence, file=sys.stderr, flush=True)

    @property
    def _complete(self) -> bool:
        return self._last is not None and self._last.done >= self._last.total

    def end(self) -> None:
        """End the bar's line."""
        if self._bar:
            print(file=sys.stderr)

    def kept(self) -> str:
        """Say what is kept, and how to go on."""
        done, total = (self._last.done, self._last.total) if self._last else (0, 0)
        if not done:
            return "Nothing was measured yet."
        return (
            f"{done:,} of {total:,} cells are kept in {self._folder}: "
            "the same command goes on from there."
        )


__all__ = ["add_sweep_options", "run_forget_command", "run_sweep_command"]
