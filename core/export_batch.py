"""Exports many states of a lab at once: all its presets, all its pages, or some of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from zoetrope.core.declarations import Choice
from zoetrope.core.device import Context
from zoetrope.core.export import export
from zoetrope.core.export_options import ExportCancelledError, ExportError, ExportOptions
from zoetrope.core.export_paths import format_of
from zoetrope.core.failure import explain
from zoetrope.core.lab import Lab
from zoetrope.core.parameters import Parameters

Series = Literal["presets", "pages"]
USUAL_NAMES = "{lab}-{name}"
FIELDS = ("lab", "name", "number")
_FIELD = re.compile(r"\{(\w*)\}")
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f<>:"/\\|?*]')


@dataclass(frozen=True, slots=True)
class Member:
    """One of the states: its key, what it is called, and its parameters."""

    key: str
    label: str
    parameters: Parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What is exported to a folder: the `keys` of a series (all of it where there are none).

    `names` says what the files are called: {lab}, {name} and {number} stand for the lab's id, the
    member's key, and its place in the series.
    """

    series: Series
    ending: str
    keys: tuple[str, ...] = ()
    names: str = USUAL_NAMES

    def members(self, lab: Lab[Any], parameters: Parameters) -> list[Member]:
        """Return the states, of which pages are those of `parameters`; raises `ExportError`."""
        series = series_of(lab, parameters, self.series)
        known = {member.key: member for member in series}
        for key in self.keys:
            if key not in known:
                raise ExportError(
                    f"The lab {lab.id} has no {self.series[:-1]} {key!r}; "
                    f"it has {', '.join(known) or 'none'}."
                )
        return [known[key] for key in self.keys] if self.keys else series

    def paths(self, lab: Lab[Any], members: Sequence[Member], folder: Path) -> list[Path]:
        """Return the file of each member; raises `ExportError` where two have the same."""
        files = []
        for number, member in enumerate(members, 1):
            width = len(str(len(members)))
            words = {"lab": lab.id, "name": member.key, "number": f"{number:0{width}d}"}
            files.append(folder / f"{named(self.names, words)}.{self.ending}")
        if len(set(files)) < len(files):
            raise ExportError(
                f"The names {self.names!r} are alike for several figures: put in {{name}} or "
                "{number}."
            )
        return files


@dataclass(frozen=True, slots=True)
class BatchReport:
    """What became of a batch: the files that are there, and a sentence for each that is not."""

    written: tuple[Path, ...]
    failed: tuple[tuple[str, str], ...]

    @property
    def sentence(self) -> str:
        """How many files there are, and which are missing and why, on one line each."""
        done = len(self.written)
        files = "1 file was" if done == 1 else f"{done} files were"
        lines = [f"{files} written."]
        if self.failed:
            lines = [f"{files} written, {len(self.failed)} could not be made:"]
            lines += [f"{name}: {why}" for name, why in self.failed]
        return "\n".join(lines)


def series_of(lab: Lab[Any], parameters: Parameters, series: Series) -> list[Member]:
    """Return the presets of a lab as states, or its pages with `parameters`."""
    if series == "presets":
        usual = lab.parameters()
        return [Member(p.key, p.label, usual.change(**p.values)) for p in lab.presets]
    turner = parameters.page_name()
    declared = parameters.declarations().get(turner or "")
    if turner is None or not isinstance(declared, Choice):
        return [Member("page", lab.title, parameters)]
    return [
        Member(key, label, parameters.change(**{turner: key}))
        for key, label in declared.options.items()
    ]


def named(pattern: str, words: Mapping[str, str]) -> str:
    """Return a file's name without its ending; raises `ExportError` for a field not known."""

    def put(found: re.Match[str]) -> str:
        if found[1] not in words:
            fields = ", ".join(f"{{{field}}}" for field in FIELDS)
            raise ExportError(f"{found[0]} means nothing in names of files: use {fields}.")
        return words[found[1]]

    name = _NOT_IN_NAMES.sub("-", _FIELD.sub(put, pattern)).strip(" .")
    if not name:
        raise ExportError("Say what the files are to be called, such as {lab}-{name}.")
    return name


def export_batch(
    lab: Lab[Any],
    parameters: Parameters,
    batch: Batch,
    folder: Path,
    options: ExportOptions,
    *,
    context: Context | None = None,
    progress: Callable[[float, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> BatchReport:
    """Write the figure of each member of a batch into a folder; return what became of them.

    `progress` is told how many are done, with the share of the one that is being made, and how
    many there are. A member that cannot be made is reported and the others follow. Raises
    `ExportError` for what concerns them all, and `ExportCancelledError`, which leaves the files
    that are whole.
    """
    options.check()
    if not folder.is_dir():
        raise ExportError(f"The folder {folder} does not exist.")
    format_of(Path(f"figure.{batch.ending}"))
    members = batch.members(lab, parameters)
    paths = batch.paths(lab, members, folder)
    tell = progress or (lambda done, total: None)
    written, failed = [], []
    for place, (member, path) in enumerate(zip(members, paths, strict=True)):

        def of_this(done: int, total: int, place: int = place) -> None:
            tell(place + done / max(total, 1), len(paths))

        tell(place, len(paths))
        try:
            written.append(
                export(
                    lab, member.parameters, path, options,
                    context=context, progress=of_this, cancelled=cancelled,
                )
            )  # fmt: skip
        except ExportCancelledError:
            raise
        except Exception as error:  # whatever is wrong with one, the others follow
            failed.append((member.key, _why(error)))
    tell(len(paths), len(paths))
    return BatchReport(tuple(written), tuple(failed))


def _why(error: Exception) -> str:
    if isinstance(error, ExportError):
        return str(error)
    failure = explain(error)
    return f"{failure.sentence} {failure.hint}".strip()
