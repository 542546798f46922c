"""The command `export`: a lab's state as a figure, an animation or data in a file."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from zoetrope.core import lab as labs
from zoetrope.core.command_compare import compared_state
from zoetrope.core.command_export_options import chosen_batch, chosen_options
from zoetrope.core.command_state import UsageError, state_of
from zoetrope.core.device import Context, resolve_device
from zoetrope.core.ending import unwinding
from zoetrope.core.parameters import Parameters


def run_export(options: argparse.Namespace) -> int:
    """Carry out the command; return the exit status."""
    if not options.out.strip():
        raise UsageError("Name a file after --out, such as --out rope.svg.")
    options.out = Path(options.out)
    if options.device in ("cuda", "mps"):
        try:
            resolve_device(options.device)
        except (RuntimeError, ValueError, ImportError) as error:
            raise UsageError(str(error)) from None
    lab, parameters = state_of(options)
    if options.compare:
        lab, parameters = compared_state(lab, parameters, options.compare, options.panel)
        options.panel = []  # those of the lab are chosen; all that are made of them are drawn
    carry_out = _write_all if options.all else _estimate if options.estimate else _write
    try:
        with unwinding():
            return carry_out(lab, parameters, options)
    except UsageError:
        raise
    except Exception as error:
        sentence, status = _explained(error, options.out)
        print(f"zoetrope: {sentence}", file=sys.stderr)
        return status


def _context(options: argparse.Namespace) -> Context:
    return Context(lambda: resolve_device(options.device))


def _write(lab: labs.Lab[Any], parameters: Parameters, options: argparse.Namespace) -> int:
    """Write the file that is asked for, and print its caption where that is asked for."""
    from zoetrope.core.caption import caption
    from zoetrope.core.export import export

    ending = options.out.suffix[1:].lower()
    chosen, context = chosen_options(options, lab, parameters, ending), _context(options)
    frame = None
    if options.caption:
        chosen.check()
        frame = labs.final_frame(lab, parameters, context)
    progress = _progress_bar(options.out.name)
    export(lab, parameters, options.out, chosen, frame=frame, context=context, progress=progress)
    if frame is not None:
        told = caption(lab, parameters, frame, panels=chosen.panels, letters=chosen.lettered)
        print(told.written(options.caption))
    return 0


def _estimate(lab: labs.Lab[Any], parameters: Parameters, options: argparse.Namespace) -> int:
    """Print what an animation would come to."""
    from zoetrope.core.export import estimate
    from zoetrope.core.export_options import ANIMATIONS

    ending = options.out.suffix[1:].lower()
    if ending not in ANIMATIONS:
        raise UsageError(f"Only animations are estimated: .{', .'.join(ANIMATIONS)}.")
    chosen = chosen_options(options, lab, parameters, ending)
    coming = estimate(lab, parameters, ending, chosen, context=_context(options))
    print(
        f"{options.out.name}: {coming.frames} frames, about {coming.size / 1e6:.2g} MB, "
        f"about {max(coming.seconds, 1):.0f} s to write"
    )
    return 0


def _write_all(lab: labs.Lab[Any], parameters: Parameters, options: argparse.Namespace) -> int:
    """Write a figure of each preset or page into a folder, and say what became of them."""
    from zoetrope.core.export_batch import export_batch

    batch = chosen_batch(options)
    chosen = chosen_options(options, lab, parameters, batch.ending)
    options.out.mkdir(parents=True, exist_ok=True)
    report = export_batch(
        lab, parameters, batch, options.out, chosen,
        context=_context(options), progress=_progress_bar(options.out.name),
    )  # fmt: skip
    print(report.sentence, file=sys.stderr if report.failed else sys.stdout)
    return 1 if report.failed else 0


def _explained(error: Exception, out: Path) -> tuple[str, int]:
    """Return in a sentence why an export failed, and the exit status."""
    from zoetrope.core.animation import NothingToPlayError
    from zoetrope.core.export_options import ExportError, NoRoomError
    from zoetrope.core.failure import explain

    if isinstance(error, NoRoomError) and len(error.panels) > 1:
        return f"{str(error).rstrip('.')} (such as --panel {error.panels[0]}).", 2
    if isinstance(error.__cause__, NothingToPlayError):
        return f"{str(error).rstrip('.')} (--animate NAME=START..STOP).", 2
    if isinstance(error, ExportError):
        return str(error), 1 if isinstance(error.__cause__, OSError) else 2
    if isinstance(error, ValueError):  # what the lab itself refuses
        return str(error), 2 if getattr(error, "parameter", None) else 1
    if isinstance(error, OSError):
        return f"{out} cannot be written: {error.strerror}.", 1
    failure = explain(error)
    return f"{failure.sentence} {failure.hint}", 1


def _progress_bar(name: str) -> Callable[[float, int], None]:
    """Return a function that draws how much of a long export is done, on a terminal only."""
    began = time.perf_counter()

    def draw(done: float, total: int) -> None:
        if not sys.stderr.isatty() or total <= 1:
            return
        share = done / total
        left = (time.perf_counter() - began) * (1 - share) / share if done else 0.0
        bar = "#" * round(30 * share)
        print(
            f"\r{name} [{bar:<30}] {done:.0f}/{total}, {left:.0f} s left ",
            end="\n" if done == total else "",
            file=sys.stderr,
            flush=True,
        )

    return draw
