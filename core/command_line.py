"""The command line: what can be done without a display. Imports no Qt.

Exit status: 0 done, 1 the lab or the disk failed, 2 a wrong flag or value, 130 interrupted. What
goes wrong is said in one sentence on the standard error stream.
"""

from __future__ import annotations

import argparse
import contextlib
import difflib
import io
import json
import os
import signal
import sys
import textwrap
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

import zoetrope
from zoetrope.__main__ import program_name
from zoetrope.core import lab as labs
from zoetrope.core.parameters import Choice, DataFile, Declaration, ParameterError, Parameters
from zoetrope.core.recipe import Recipe, RecipeError, restore
from zoetrope.core.recipe_data import changed_files
from zoetrope.core.recipe_files import extract
from zoetrope.core.registry import broken_labs, registry

ANIMATION_DPI = 150.0  # unless another is asked for: hundreds of pictures take their time


class UsageError(Exception):
    """A wrong flag or value; the text is one sentence."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        sentence = message[:1].upper() + message[1:].rstrip(".")
        if message == "argument --size: expected one argument":
            sentence = "Write a size after --size, such as 170x100mm; it cannot be negative"
        raise UsageError(f"{sentence}. Try: {self.prog} --help")


def run(arguments: Sequence[str]) -> int:
    """Carry out a command; return the exit status."""
    _write_any_character()
    try:
        options = _parser().parse_args(arguments)
        status: int = options.command(options)
        sys.stdout.flush()  # so that a full disk is told here and not when Python ends
    except (UsageError, ParameterError, RecipeError) as error:
        print(f"zoetrope: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("zoetrope: interrupted; nothing was written.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of our output, such as `head`, has seen enough
        sys.stderr.close()
        return 0
    except OSError as error:
        print(f"zoetrope: the output cannot be written: {error.strerror}.", file=sys.stderr)
        with contextlib.suppress(OSError, ValueError):  # what is left would be tried again
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return status


def _write_any_character() -> None:
    """Let no symbol stop the output: UTF-8 into files and pipes, escapes where there is no other
    way. Left alone, Python writes them in the code page of Windows, which has no π.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            chosen = stream.isatty() or "PYTHONIOENCODING" in os.environ
            stream.reconfigure(
                encoding=stream.encoding if chosen else "utf-8", errors="backslashreplace"
            )


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog=program_name(),
        description="A desktop laboratory for the mathematics of machine learning. "
        "Without a command the window opens.",
    )
    parser.add_argument("--version", action="version", version=f"zoetrope {zoetrope.__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)

    listing = commands.add_parser("labs", help="list the labs, one a line")
    listing.set_defaults(command=_list_labs)

    show = commands.add_parser("show", help="list a lab's parameters and presets")
    show.add_argument("lab", metavar="LAB")
    show.set_defaults(command=_show_lab)

    recipe = commands.add_parser("recipe", help="print the recipe inside a file, as JSON")
    recipe.add_argument("file", metavar="FILE", help="a file with a recipe, or a recipe code")
    recipe.set_defaults(command=_print_recipe)

    export = commands.add_parser(
        "export", help="compute a lab and write its figure, animation or data to a file"
    )
    _add_export_options(export)
    export.set_defaults(command=_export)
    return parser


def _add_export_options(export: argparse.ArgumentParser) -> None:
    add = export.add_argument
    add("lab", metavar="LAB", nargs="?", help="the lab's id; not needed with --recipe")
    add("--out", required=True, metavar="FILE", help="the format follows its ending")
    add("--set", action="append", default=[], metavar="NAME=VALUE", help="set a parameter")
    add("--preset", metavar="NAME", help="start from a preset")
    add("--recipe", metavar="FILE", help="start from a file with a recipe, or a recipe code")
    add("--size", metavar="WxH", help="such as 170x100mm, 1200x800px or 7x4in")
    add(
        "--dpi",
        type=_number,
        metavar="N",
        help="dots per inch: 300, of animations 150, unless said",
    )
    add("--theme", choices=("light", "dark", "print"), help="colours; print unless said")
    add("--font-size", type=_number, metavar="PT", help="size of the text in points")
    add("--panel", action="append", default=[], metavar="NAME", help="only this panel (repeatable)")
    add(
        "--letters",
        action=argparse.BooleanOptionalAction,
        help="letters on the panels and their titles in the caption; so in print unless said",
    )
    add("--caption", action="store_true", help="print the figure's caption as well")
    add("--transparent", action="store_true", help="no background")
    add("--fps", type=_number, metavar="N", help="frames a second of an animation")
    add("--seconds", type=_number, metavar="N", help="how long an animation lasts")
    add("--device", choices=("auto", "cpu", "cuda", "mps"), default="auto", help="what computes")


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None


def _lab(name: str | None) -> labs.Lab[Any]:
    known = registry()
    if name is None:
        raise UsageError(f"Name a lab ({', '.join(known)}) or give --recipe.")
    if name in broken_labs():
        raise UsageError(f"The lab {name} could not be loaded ({broken_labs()[name]}).")
    if name not in known:
        raise UsageError(f"There is no lab {name!r}; the labs are {', '.join(known)}.")
    return known[name]


def _list_labs(_: argparse.Namespace) -> int:
    known = registry()
    width = max((len(name) for name in known), default=0)
    for name, lab in known.items():
        print(f"{name:<{width}}  {lab.title}: {lab.question}")
    for name, why in broken_labs().items():
        print(f"zoetrope: the lab {name} could not be loaded ({why}).", file=sys.stderr)
    return 0


def _show_lab(options: argparse.Namespace) -> int:
    lab = _lab(options.lab)
    print(f"{lab.title}: {lab.question}\n")
    defaults = lab.parameters()
    for name, declaration in _in_reading_order(lab):
        pages = f" (on {', '.join(declaration.pages)})" if declaration.pages else ""
        print(f"  {name} = {_shown_default(name, declaration, defaults)}")
        print(f"      {declaration.label}: {declaration.describe()}{pages}")
        if declaration.help:
            print(textwrap.indent(textwrap.fill(declaration.help, 90), "      "))
    if lab.presets:
        print("\nPresets, for --preset:")
        for preset in lab.presets:
            print(f"  {preset.key}: {preset.label}. {preset.help}")
    return 0


def _in_reading_order(lab: labs.Lab[Any]) -> list[tuple[str, Declaration]]:
    """Return the parameters in the order of the pages on which they first matter."""
    declarations = lab.parameters.declarations()
    page = declarations.get(lab.parameters.page_name() or "")
    order = list(page.options) if isinstance(page, Choice) else []

    def first_page(entry: tuple[str, Declaration]) -> int:
        return min((order.index(name) for name in entry[1].pages if name in order), default=0)

    return sorted(declarations.items(), key=first_page)


def _shown_default(name: str, declaration: Declaration, defaults: Parameters) -> str:
    value = getattr(defaults, name)
    if value is None:
        siblings = " or ".join(type(defaults).siblings(name))
        return f"follows from {siblings}"
    return declaration.show(value)


def _read_recipe(source: str) -> Recipe:
    return Recipe.from_code(source) if source.startswith("zoetrope:") else extract(Path(source))


def _print_recipe(options: argparse.Namespace) -> int:
    recipe = _read_recipe(options.file)
    escaped = not sys.stdout.encoding.lower().startswith("utf")
    print(json.dumps(json.loads(recipe.to_json()), indent=2, ensure_ascii=escaped, sort_keys=True))
    return 0


def _state(options: argparse.Namespace) -> tuple[labs.Lab[Any], Parameters]:
    """Return the lab and the parameters that a recipe, a preset and the settings amount to."""
    if options.recipe:
        recipe = _read_recipe(options.recipe)
        lab, parameters, notices = restore(recipe, registry())
        for notice in (*notices, *changed_files(recipe, registry())):
            print(f"zoetrope: {notice}", file=sys.stderr)
        if options.lab and options.lab != lab.id:
            raise UsageError(f"The recipe is for the lab {lab.id}, not {options.lab}.")
    else:
        lab = _lab(options.lab)
        parameters = lab.parameters()
    if options.preset:
        parameters = parameters.change(**_preset(lab, options.preset).values)
    return lab, parameters.change(**_settings(lab, options.set))


def _preset(lab: labs.Lab[Any], key: str) -> labs.Preset:
    for preset in lab.presets:
        if preset.key == key:
            return preset
    keys = ", ".join(preset.key for preset in lab.presets) or "none"
    raise UsageError(f"The lab {lab.id} has no preset {key!r}; it has {keys}.")


def _settings(lab: labs.Lab[Any], pairs: Sequence[str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    declarations = lab.parameters.declarations()
    for pair in pairs:
        name, equals, text = pair.partition("=")
        name = name.strip()
        if not equals:
            raise UsageError(f"Write --set NAME=VALUE; {pair!r} has no equals sign.")
        if name not in declarations:
            near = difflib.get_close_matches(name, declarations)
            guess = f", but {' and '.join(near)}" if near else ""
            raise UsageError(
                f"The lab {lab.id} has no parameter {name!r}{guess}; "
                f"list them with: {program_name()} show {lab.id}"
            )
        declaration = declarations[name]
        values[name] = declaration.parse(name, text)
        if isinstance(declaration, DataFile) and values[name]:
            values[name] = _from_anywhere(values[name])
    return values


def _from_anywhere(path: str) -> str:
    """Return a path that leads to the same file from any folder: the recipe will hold it."""
    return os.path.abspath(os.path.expanduser(path))


@contextlib.contextmanager
def _tidy_end() -> Iterator[None]:
    """Let a request to end (SIGTERM) unwind like an error, so that nothing unfinished is left."""

    def end(_signal: int, _frame: object) -> NoReturn:
        raise SystemExit(128 + signal.SIGTERM)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _export(options: argparse.Namespace) -> int:
    from zoetrope.core.device import resolve_device

    if not options.out.strip():
        raise UsageError("Name a file after --out, such as --out rope.svg.")
    options.out = Path(options.out)
    if options.device in ("cuda", "mps"):
        try:
            resolve_device(options.device)
        except (RuntimeError, ValueError, ImportError) as error:
            raise UsageError(str(error)) from None
    lab, parameters = _state(options)
    try:
        with _tidy_end():
            _write(lab, parameters, options)
    except Exception as error:
        sentence, status = _explained(error, options.out)
        print(f"zoetrope: {sentence}", file=sys.stderr)
        return status
    return 0


def _write(lab: labs.Lab[Any], parameters: Parameters, options: argparse.Namespace) -> None:
    """Write the file that is asked for, and print its caption where that is asked for."""
    from zoetrope.core.caption import caption
    from zoetrope.core.device import Context, resolve_device
    from zoetrope.core.export import export
    from zoetrope.core.export_options import ANIMATIONS, ExportOptions

    animated = options.out.suffix[1:].lower() in ANIMATIONS
    given = {
        "size": options.size,
        "dpi": ANIMATION_DPI if options.dpi is None and animated else options.dpi,
        "theme": options.theme,
        "font_size": options.font_size,
        "panels": tuple(options.panel) or None,
        "transparent": options.transparent,
        "letters": options.letters,
        "fps": options.fps,
        "seconds": options.seconds,
    }
    chosen = ExportOptions(**{name: value for name, value in given.items() if value is not None})
    context = Context(lambda: resolve_device(options.device))
    frame = None
    if options.caption:
        chosen.check()
        frame = labs.final_frame(lab, parameters, context)
    progress = _progress_bar(options.out.name)
    export(lab, parameters, options.out, chosen, frame=frame, context=context, progress=progress)
    if frame is not None:
        print(caption(lab, parameters, frame, panels=chosen.panels, letters=chosen.lettered))


def _explained(error: Exception, out: Path) -> tuple[str, int]:
    """Return in a sentence why an export failed, and the exit status."""
    from zoetrope.core.export_options import ExportError, NoRoomError
    from zoetrope.core.failure import explain

    if isinstance(error, NoRoomError) and len(error.panels) > 1:
        return f"{str(error).rstrip('.')} (such as --panel {error.panels[0]}).", 2
    if isinstance(error, ExportError):
        return str(error), 1 if isinstance(error.__cause__, OSError) else 2
    if isinstance(error, ValueError):  # what the lab itself refuses
        return str(error), 2 if getattr(error, "parameter", None) else 1
    if isinstance(error, OSError):
        return f"{out} cannot be written: {error.strerror}.", 1
    failure = explain(error)
    return f"{failure.sentence} {failure.hint}", 1


def _progress_bar(name: str) -> Callable[[int, int], None]:
    """Return a function that draws how much of a long export is done, on a terminal only."""
    began = time.perf_counter()

    def draw(done: int, total: int) -> None:
        if not sys.stderr.isatty() or total <= 1:
            return
        share = done / total
        left = (time.perf_counter() - began) * (1 - share) / share if done else 0.0
        bar = "#" * round(30 * share)
        print(
            f"\r{name} [{bar:<30}] {done}/{total}, {left:.0f} s left ",
            end="\n" if done == total else "",
            file=sys.stderr,
            flush=True,
        )

    return draw
