"""The state that a command is about: a lab, and what recipe, preset and settings amount to."""

from __future__ import annotations

import argparse
import difflib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from zoetrope.core import lab as labs
from zoetrope.core.parameters import DataFile, Parameters
from zoetrope.core.program_name import program_name
from zoetrope.core.recipe import Recipe, restore
from zoetrope.core.recipe_data import changed_files
from zoetrope.core.recipe_files import extract
from zoetrope.core.registry import broken_labs, registry


class UsageError(Exception):
    """A wrong flag or value; the text is one sentence."""


def find_lab(name: str | None) -> labs.Lab[Any]:
    """Return the lab of an id; raises `UsageError`."""
    known = registry()
    if name is None:
        raise UsageError(f"Name a lab ({', '.join(known)}) or give --recipe.")
    if name in broken_labs():
        raise UsageError(f"The lab {name} could not be loaded ({broken_labs()[name]}).")
    if name not in known:
        raise UsageError(f"There is no lab {name!r}; the labs are {', '.join(known)}.")
    return known[name]


def read_recipe(source: str) -> Recipe:
    """Return the recipe in a file, or of a recipe code; raises `RecipeError`."""
    return Recipe.from_code(source) if source.startswith("zoetrope:") else extract(Path(source))


def state_of(options: argparse.Namespace) -> tuple[labs.Lab[Any], Parameters]:
    """Return the lab and the parameters that a recipe, a preset and the settings amount to."""
    if options.recipe:
        recipe = read_recipe(options.recipe)
        lab, parameters, notices = restore(recipe, registry())
        for notice in (*notices, *changed_files(recipe, registry())):
            print(f"zoetrope: {notice}", file=sys.stderr)
        if options.lab and options.lab != lab.id:
            raise UsageError(f"The recipe is for the lab {lab.id}, not {options.lab}.")
    else:
        lab = find_lab(options.lab)
        parameters = lab.parameters()
    if options.preset:
        parameters = parameters.change(**preset_of(lab, options.preset).values)
    return lab, parameters.change(**settings_of(lab, options.set))


def preset_of(lab: labs.Lab[Any], key: str) -> labs.Preset:
    """Return a preset by its key; raises `UsageError`."""
    for preset in lab.presets:
        if preset.key == key:
            return preset
    keys = ", ".join(preset.key for preset in lab.presets) or "none"
    raise UsageError(f"The lab {lab.id} has no preset {key!r}; it has {keys}.")


def settings_of(lab: labs.Lab[Any], pairs: Sequence[str]) -> dict[str, Any]:
    """Return the values that NAME=VALUE pairs set; raises `UsageError`, `ParameterError`."""
    values: dict[str, Any] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        name = name.strip()
        if not equals:
            raise UsageError(f"Write --set NAME=VALUE; {pair!r} has no equals sign.")
        values[name] = parsed_setting(lab, name, text)
    return values


def parsed_setting(lab: labs.Lab[Any], name: str, text: str) -> Any:
    """Return the value of a parameter as it was typed; raises `UsageError`, `ParameterError`."""
    declarations = lab.parameters.declarations()
    if name not in declarations:
        near = difflib.get_close_matches(name, declarations)
        guess = f", but {' and '.join(near)}" if near else ""
        raise UsageError(
            f"The lab {lab.id} has no parameter {name!r}{guess}; "
            f"list them with: {program_name()} show {lab.id}"
        )
    declaration = declarations[name]
    value = declaration.parse(name, text)
    return _from_anywhere(value) if isinstance(declaration, DataFile) and value else value


def _from_anywhere(path: str) -> str:
    """Return a path that leads to the same file from any folder: the recipe will hold it."""
    return os.path.abspath(os.path.expanduser(path))
