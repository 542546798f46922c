"""Finds all labs: the folders beside this file, and what installed packages offer.

A lab that cannot be loaded, or whose declaration contradicts itself, is left out and said to be
broken: all others work.
"""

from __future__ import annotations

import importlib
import logging
import pkgutil
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

from zoetrope.core.declarations import Choice, ParameterError
from zoetrope.core.lab import Lab
from zoetrope.core.parameters import Parameters

ENTRY_POINTS = "zoetrope.labs"  # the group under which installed packages offer labs
log = logging.getLogger(__name__)


def registry() -> Mapping[str, Lab[Any]]:
    """Return every lab by its id, in the order of the tabs: the folders of `zoetrope.core` that
    hold a `lab` module with a `LAB`, and those that installed packages offer under the entry point
    group "zoetrope.labs".

    One that cannot be used is left out; `broken_labs` says which and why.
    """
    return _discover()[0]


def broken_labs() -> Mapping[str, str]:
    """Return, by the name of its folder or entry point, why a lab was left out, in a few words."""
    return _discover()[1]


@cache
def _discover() -> tuple[Mapping[str, Lab[Any]], Mapping[str, str]]:
    found: dict[str, Lab[Any]] = {}
    broken: dict[str, str] = {}
    lab: Lab[Any] | None
    # The presets and tours of our own labs are held by tests; to try them all takes 15 ms.
    sources = [(_ill_made, _folders()), (fault, _offered())]
    for check, name, load in ((c, *named) for c, source in sources for named in source):
        try:
            lab = load()
            if lab is None:
                continue
            why = check(lab)
            if why is None and lab.id in found:
                why = f"there is another lab with the id {lab.id!r}"
            if why is None:
                found[lab.id] = lab
                continue
        except (Exception, SystemExit) as error:  # whatever one lab raises, the others must work
            log.warning("the lab %s could not be loaded", name, exc_info=error)
            why = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        broken[name] = " ".join(why.split()).rstrip(".")
    return dict(sorted(found.items(), key=lambda pair: pair[1].order)), broken


def _folders() -> Iterator[tuple[str, Callable[[], Lab[Any] | None]]]:
    import zoetrope.core

    for package in pkgutil.iter_modules(zoetrope.core.__path__, "zoetrope.core."):
        if package.ispkg:
            yield package.name.rpartition(".")[2], partial(_lab_in, package.name)


def _lab_in(package: str) -> Lab[Any] | None:
    """Return the lab of a folder; None for a folder of mathematics that has no tab yet."""
    try:
        module = importlib.import_module(f"{package}.lab")
    except ModuleNotFoundError as error:
        if error.name != f"{package}.lab":
            raise
        return None
    lab: Lab[Any] = module.LAB
    return lab


def _offered() -> Iterator[tuple[str, Callable[[], Lab[Any]]]]:
    if _any_package_offers_labs():
        from importlib.metadata import entry_points

        for point in entry_points(group=ENTRY_POINTS):
            yield point.name, point.load


def _any_package_offers_labs() -> bool:
    """Look through the installed packages' files; `importlib.metadata` would take 50 ms for it."""
    wanted = f"[{ENTRY_POINTS}]"
    for folder in sys.path:
        for file in Path(folder or ".").glob("*.*-info/entry_points.txt"):
            if wanted in file.read_text(encoding="utf-8", errors="replace"):
                return True
    return False


def fault(lab: object) -> str | None:
    """Say what is wrong with a lab's declaration, in a few words; None if it can be used."""
    why = _ill_made(lab)
    if why is None and isinstance(lab, Lab):
        why = _wrong_preset(lab) or _wrong_tour(lab)
    return why


def _ill_made(lab: object) -> str | None:
    if not isinstance(lab, Lab):
        return f"its LAB is no Lab but a {type(lab).__name__}"
    for name, kind in (("id", str), ("title", str), ("question", str)):
        if not isinstance(getattr(lab, name, None), kind):
            return f"it has no {name}"
    parameters = getattr(lab, "parameters", None)
    if not (isinstance(parameters, type) and issubclass(parameters, Parameters)):
        return "its parameters are no subclass of Parameters"
    try:
        parameters()
    except ParameterError as error:
        return f"its defaults are not legal: {error}"
    return _wrong_page(parameters)


def _wrong_page(parameters: type[Parameters]) -> str | None:
    declarations = parameters.declarations()
    turner = declarations.get(parameters.page_name() or "")
    known = turner.options if isinstance(turner, Choice) else {}
    for name, declaration in declarations.items():
        for page in declaration.pages:
            if page not in known:
                there = ", ".join(known) or "none"
                return f"its parameter {name!r} is for the page {page!r}, and its pages are {there}"
    return None


def _wrong_preset(lab: Lab[Any]) -> str | None:
    for preset in lab.presets:
        try:
            lab.parameters.make(preset.values)
        except ParameterError as error:
            return f"its preset {preset.key!r} is not legal: {error}"
    return None


def _wrong_tour(lab: Lab[Any]) -> str | None:
    for tour in lab.tours:
        try:
            list(tour.states(lab.parameters))
        except ParameterError as error:
            return f"its tour {tour.key!r} is not legal: {error}"
    return None
