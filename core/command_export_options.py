"""What can be said to the command `export`, and the export options that it comes to."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from zoetrope.core import lab as labs
from zoetrope.core.command_state import UsageError, preset_of, read_recipe, settings_of
from zoetrope.core.export_options import ANIMATIONS, CAPTIONS, ExportOptions
from zoetrope.core.key_frames import USUAL_SECONDS, KeyFrame, KeyFrames
from zoetrope.core.on_the_way import EASINGS
from zoetrope.core.parameters import Parameters
from zoetrope.core.print_styles import STYLES
from zoetrope.core.recipe import restore_film
from zoetrope.core.sheet import FONTS

if TYPE_CHECKING:
    from zoetrope.core.export_batch import Batch

ANIMATION_DPI = 150.0  # unless another is asked for: hundreds of pictures take their time


def add_export_options(export: argparse.ArgumentParser) -> None:
    """Declare the flags of the command."""
    _add_state(export.add_argument)
    _add_look(export.add_argument)
    _add_film(export.add_argument)
    _add_batch(export.add_argument)


def _add_state(add: Any) -> None:
    add("lab", metavar="LAB", nargs="?", help="the lab's id; not needed with --recipe")
    add("--out", required=True, metavar="FILE", help="the format follows its ending")
    add("--set", action="append", default=[], metavar="NAME=VALUE", help="set a parameter")
    add("--preset", metavar="NAME", help="start from a preset")
    add("--recipe", metavar="FILE", help="start from a file with a recipe, or a recipe code")
    add(
        "--compare",
        metavar="NAME=V,V,…",
        help="2 to 4 values of a parameter, side by side on the same axes",
    )
    add("--device", choices=("auto", "cpu", "cuda", "mps"), default="auto", help="what computes")


def _add_look(add: Any) -> None:
    add(
        "--style",
        choices=STYLES,
        metavar="NAME",
        help="a journal's column, a slide or a poster; the command styles lists them",
    )
    add("--size", metavar="WxH", help="such as 170x100mm, 1200x800px, 7x4in, or 89mm")
    add(
        "--dpi",
        type=_number,
        metavar="N",
        help="dots per inch: 300, of animations 150, unless said",
    )
    add("--theme", choices=("light", "dark", "print"), help="colours; print unless said")
    add("--font", choices=FONTS, help="the type: the program's own, Arial or Helvetica, or Times")
    add("--font-size", type=_number, metavar="PT", help="size of the text in points")
    add(
        "--least-text",
        type=_number,
        metavar="PT",
        help="the smallest that text may become where there is little room; 6 unless said",
    )
    add("--panel", action="append", default=[], metavar="NAME", help="only this panel (repeatable)")
    add(
        "--letters",
        action=argparse.BooleanOptionalAction,
        help="letters on the panels and their titles in the caption; so in print unless said",
    )
    add(
        "--caption",
        nargs="?",
        const="txt",
        choices=CAPTIONS,
        help="print the figure's caption as well, as plain text, Markdown or LaTeX",
    )
    add(
        "--caption-file",
        choices=CAPTIONS,
        help="write the caption to a file of its own beside the figure",
    )
    add("--transparent", action="store_true", help="no background")


def _add_film(add: Any) -> None:
    add("--fps", type=_number, metavar="N", help="frames a second of an animation")
    add(
        "--animate",
        metavar="NAME=START..STOP",
        help="the number to animate, in place of the playhead; end with :log or :even",
    )
    add(
        "--key-frame",
        action="append",
        default=[],
        metavar="WORDS",
        help="a state that the film passes through, such as 'length=2 span=1 seconds=3 "
        "easing=even' or 'preset=NAME' (two of them at least; each changes the one before)",
    )
    add("--seconds", type=_number, metavar="N", help="how long an animation lasts")
    add(
        "--estimate",
        action="store_true",
        help="say how large an animation would be and how long it would take; write nothing",
    )


def _add_batch(add: Any) -> None:
    add(
        "--all",
        metavar="presets|pages",
        help="export all presets or pages, or some as in presets=NAME,NAME; --out is the folder",
    )
    add("--format", metavar="ENDING", help="the format of --all; pdf unless said")
    add(
        "--names",
        metavar="PATTERN",
        help="how --all calls the files, from {lab}, {name} and {number}; {lab}-{name} unless said",
    )


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None


def chosen_options(
    options: argparse.Namespace, lab: labs.Lab[Any], parameters: Parameters, file_format: str
) -> ExportOptions:
    """Return the export options that the flags come to; raises `UsageError`."""
    animated = file_format in ANIMATIONS
    if options.key_frame and not animated:
        raise UsageError(f"Key frames make a film: .{', .'.join(ANIMATIONS)}.")
    if (options.format or options.names) and not options.all:
        raise UsageError("The flags --format and --names go with --all.")
    given = {
        "size": options.size,
        "dpi": ANIMATION_DPI if options.dpi is None and animated else options.dpi,
        "theme": options.theme,
        "font": options.font,
        "font_size": options.font_size,
        "least_text": options.least_text,
        "panels": tuple(options.panel) or None,
        "transparent": options.transparent,
        "letters": options.letters,
        "caption": options.caption_file,
        "fps": options.fps,
        "seconds": options.seconds,
        "animate": options.animate or (_film(options, lab, parameters) if animated else None),
    }
    plain = ExportOptions()
    styled = plain if options.style is None else STYLES[options.style].applied(plain)
    return replace(styled, **{name: value for name, value in given.items() if value is not None})


def _film(
    options: argparse.Namespace, lab: labs.Lab[Any], parameters: Parameters
) -> KeyFrames | None:
    """Return the film through the key frames that are named, or that the recipe holds."""
    if options.key_frame:
        frames: list[KeyFrame] = []
        for words in options.key_frame:
            parameters, frame = _key_frame(words, lab, parameters)
            frames.append(frame)
        return KeyFrames(tuple(frames))
    return restore_film(read_recipe(options.recipe), lab) if options.recipe else None


def _key_frame(
    words: str, lab: labs.Lab[Any], parameters: Parameters
) -> tuple[Parameters, KeyFrame]:
    """Return the state that a key frame's words make of the one before, and the key frame."""
    seconds, easing, settings = USUAL_SECONDS, "smooth", []
    for word in words.split():
        name, _, value = word.partition("=")
        if name == "seconds":
            try:
                seconds = float(value)
            except ValueError:
                raise UsageError(f"A key frame's seconds are a number, not {value!r}.") from None
        elif name == "easing":
            if value not in EASINGS:
                raise UsageError(f"An easing is one of {', '.join(EASINGS)}, not {value!r}.")
            easing = value
        elif name == "preset":
            parameters = lab.parameters().change(**preset_of(lab, value).values)
        else:
            settings.append(word)
    parameters = parameters.change(**settings_of(lab, settings))
    return parameters, KeyFrame(parameters, seconds, easing)


def chosen_batch(options: argparse.Namespace) -> Batch:
    """Return the batch that `--all` names; raises `UsageError`."""
    from zoetrope.core.export_batch import USUAL_NAMES, Batch

    series, equals, keys = options.all.partition("=")
    if series not in ("presets", "pages") or (equals and not keys):
        raise UsageError("Write --all presets, --all pages, or --all presets=NAME,NAME.")
    return Batch(
        series=series,
        ending=(options.format or "pdf").lower().lstrip("."),
        keys=tuple(keys.split(",")) if keys else (),
        names=USUAL_NAMES if options.names is None else options.names,
    )
