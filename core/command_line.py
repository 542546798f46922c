"""The command line: what can be done without a display. Imports no Qt.

Exit status: 0 done, 1 the lab or the disk failed, 2 a wrong flag or value, 130 interrupted. What
goes wrong is said in one sentence on the standard error stream.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import sys
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NoReturn

import zoetrope
from zoetrope.core import lab as labs
from zoetrope.core.command_export import run_export
from zoetrope.core.command_export_options import add_export_options
from zoetrope.core.command_state import UsageError, find_lab, read_recipe
from zoetrope.core.command_sweep import add_sweep_options, run_forget_command, run_sweep_command
from zoetrope.core.parameters import Choice, Declaration, ParameterError, Parameters
from zoetrope.core.print_styles import STYLES
from zoetrope.core.program_name import program_name
from zoetrope.core.recipe import RecipeError
from zoetrope.core.registry import broken_labs, registry
from zoetrope.core.translation import LANGUAGES, language_code


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
        why = error.strerror or error
        print(f"zoetrope: the output cannot be written: {why}.", file=sys.stderr)
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

    listing = commands.add_parser("labs", help="list the labs, one a line, or print their help")
    listing.add_argument(
        "--reference", action="store_true", help="print the help of all labs, as Markdown"
    )
    listing.add_argument(
        "--out", metavar="FILE", help="write the reference to a file, .html to be printed or .md"
    )
    listing.add_argument(
        "--language",
        default="en",
        choices=[code.split("_")[0] for code in LANGUAGES],
        help="of the reference (default: en)",
    )
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
    add_export_options(export)
    export.set_defaults(command=run_export)

    styles = commands.add_parser("styles", help="list the styles of figures for print")
    styles.set_defaults(command=_list_styles)

    sweep = commands.add_parser(
        "sweep", help="compute a lab over many parameter sets, here or on a Dask cluster"
    )
    add_sweep_options(sweep)
    sweep.set_defaults(command=run_sweep_command)

    forget = commands.add_parser(
        "forget-cells", help="forget what sweeps on this machine have measured; their files stay"
    )
    forget.set_defaults(command=run_forget_command)
    return parser


def _list_styles(_options: argparse.Namespace) -> int:
    width = max(map(len, STYLES))
    for key, style in STYLES.items():
        after = f", after {style.source}" if style.source else ""
        sign = " *" if style.source and not style.compared else ""
        print(
            f"{key:<{width}}  {style.name}: text {style.text:g} pt, "
            f"{style.least_text:g} at least{after}{sign}"
        )
    print("* not compared with a second source: look at the guide before you submit.")
    return 0


def _list_labs(options: argparse.Namespace) -> int:
    known = registry()
    if options.reference:
        return _print_reference(options.out, known.values(), language_code(options.language))
    if options.out is not None:
        raise UsageError("Only the reference can be written to a file: add --reference.")
    width = max((len(name) for name in known), default=0)
    for name, lab in known.items():
        print(f"{name:<{width}}  {lab.title}: {lab.question}")
    for name, why in broken_labs().items():
        print(f"zoetrope: the lab {name} could not be loaded ({why}).", file=sys.stderr)
    return 0


def _print_reference(out: str | None, known: Iterable[labs.Lab[Any]], language: str) -> int:
    from zoetrope.core.reference import reference_html, reference_markdown

    makers = {".html": reference_html, ".md": reference_markdown}
    if out is None:
        print(reference_markdown(known, language), end="")
        return 0
    ending = Path(out).suffix.lower()
    if ending not in makers:
        raise UsageError(f"A reference ends in .html or .md, not in {ending or 'nothing'!r}.")
    Path(out).write_text(makers[ending](known, language), encoding="utf-8")
    return 0


def _show_lab(options: argparse.Namespace) -> int:
    lab = find_lab(options.lab)
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
    if lab.sweeps:
        print("\nSweeps, for sweep --worked:")
        for worked in lab.sweeps:
            print(f"  {worked.key}: {worked.label}. {worked.help}")
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


def _print_recipe(options: argparse.Namespace) -> int:
    recipe = read_recipe(options.file)
    escaped = not sys.stdout.encoding.lower().startswith("utf")
    print(json.dumps(json.loads(recipe.to_json()), indent=2, ensure_ascii=escaped, sort_keys=True))
    return 0
