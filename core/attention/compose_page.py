"""The compose page: paint blocks, save patterns, combine them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from zoetrope.core.attention.compose_view import (
    COMBINED_PIXELS,
    SAVED_PIXELS,
    combination_title,
    drawing_panel,
    pattern_panel,
)
from zoetrope.core.attention.lab_build import unordered
from zoetrope.core.attention.lab_choices import PATTERNS
from zoetrope.core.attention.lab_exports import copies, file_jobs, files, text_jobs
from zoetrope.core.attention.lab_notices import notices, readouts
from zoetrope.core.attention.lab_page import Page
from zoetrope.core.attention.lab_patterns import MOST_JOINED
from zoetrope.core.attention.lab_saved import read_saved
from zoetrope.core.attention.lab_tables import tables_job
from zoetrope.core.attention.pattern_parameters import MOST_PAINTED
from zoetrope.core.figure import Cell, Figure, Panel
from zoetrope.core.lab import Action, Frame, Notice
from zoetrope.core.long_work import Job
from zoetrope.core.parameters import ParameterError

MOST_SHOWN = 4  # saved patterns
Refused = tuple[str, str | None]  # a sentence and the control that it concerns


class ComposePage(Page):
    """Drawing, combination, saved patterns."""

    def jobs(self) -> Iterator[Job[Any]]:
        """Yield the drawing, then each small picture."""
        yield self._drawing()
        yield self._combination()
        for place in range(MOST_SHOWN):
            yield self._saved(place)
        yield self.study.count()
        yield from text_jobs(self.study, self.parameters)
        yield from file_jobs(self.study, self.parameters)

    @property
    def presentable(self) -> bool:
        """Whether there is a drawing."""
        return self._drawing().result is not None

    @property
    def _block(self) -> int:
        """Tokens of a block: the control’s for a drawing, else what makes about 64 a side."""
        n = self.study.n
        if self.parameters.pattern == "drawn":
            return max(min(self.parameters.block, n), -(-n // MOST_PAINTED))
        return 1 << max(0, (n - 1).bit_length() - 6)

    def _drawing(self) -> Job[Panel]:
        study, parameters, block = self.study, self.parameters, self._block

        def steps() -> Iterator[Panel]:
            drawn = parameters.pattern == "drawn"
            n = study.n
            m = -(-n // block)
            if drawn:
                cells = np.zeros((m, m))
                for row, column in parameters.painted:
                    if max(row, column) < m:
                        cells[int(row), int(column)] = 1.0
            elif m * block == n:
                tile = study.pattern.tile(0, n, 0, n, m, m, exact=False)
                cells = (tile.density > 0).astype(np.float64)
            else:
                cells = self._coarse(m, block)
            yield drawing_panel(n, block, cells, drawn, Cell(0, 0, 1, 2))

        return study.jobs.get("drawing", block, steps)

    def _coarse(self, m: int, block: int) -> Any:
        """Return which blocks hold a pair among those asked at their corners and middles."""
        at = np.arange(m) * block
        last = self.study.n - 1
        cells = np.zeros((m, m))
        for down in (0, block // 2, block - 1):
            for across in (0, block // 2, block - 1):
                rows = np.minimum(at + down, last)[:, None]
                cells += self.study.pattern.mask(rows, np.minimum(at + across, last)[None, :])
        return (cells > 0).astype(np.float64)

    def _combination(self) -> Job[tuple[Panel, Refused | None]]:
        """The combination; this pattern, and why, where there is none."""
        study, parameters = self.study, self.parameters

        def steps() -> Iterator[tuple[Panel, Refused | None]]:
            found, title, refused = study.pattern, "This pattern: save it to combine it", None
            if parameters.saved.strip():
                try:
                    found, _ = unordered(parameters.change(pattern="composed"))
                    title = combination_title(parameters.formula, found)
                except ParameterError as error:
                    refused = str(error), error.parameter
                    title = f"{parameters.formula[:30]} is no combination: this is the pattern"
            cell = Cell(0, 2, 1, 2)
            yield pattern_panel("combination", title, found, COMBINED_PIXELS, cell), refused

        return study.jobs.get("combination", None, steps)

    def _saved(self, place: int) -> Job[Panel]:
        """One of the saved patterns; nothing where it does not fit these tokens."""
        parameters = self.parameters

        def steps() -> Iterator[Panel]:
            if self.study.n > MOST_JOINED:
                return
            try:
                letter, one = list(read_saved(parameters).items())[place]
                found, _ = unordered(one)
            except (ParameterError, IndexError):
                return
            title = f"{letter}: {PATTERNS[one.pattern]}"
            yield pattern_panel(f"saved {letter}", title, found, SAVED_PIXELS, Cell(1, place))

        return self.study.jobs.get(f"saved {place}", None, steps)

    def frame(self) -> Frame:
        """Return the picture of what is known."""
        study, parameters = self.study, self.parameters
        drawing, combined = self._drawing().result, self._combination().result
        panels = [panel for panel in (drawing, combined and combined[0]) if panel is not None]
        saved = [self._saved(place).result for place in range(MOST_SHOWN)]
        panels += [panel for panel in saved if panel is not None]
        said = list(notices(study, parameters))
        if not parameters.saved.strip():
            said.append(
                Notice("Click or drag to paint blocks. Save patterns as A, B, … and write A | B or "
                       "A & ~B as the combination.")
            )  # fmt: skip
        if combined is not None and combined[1] is not None:
            said.append(Notice(combined[1][0], "warning", combined[1][1]))
        rows = (2.2, 1.0) if any(panel is not None for panel in saved) else ()
        return Frame(
            figure=Figure(panels=tuple(panels), widths=(1.0,) * 4 if rows else (), heights=rows),
            readouts=tuple(readouts(study)),
            notices=tuple(said),
            actions=self._actions(),
            tables=tables_job(study).result or {},
            files=files(study, parameters),
        )

    def _actions(self) -> tuple[Action, ...]:
        parameters = self.parameters
        return (
            self.save(),
            Action("combine", "Use the combination", "Make the combination the pattern.",
                   enabled=parameters.pattern != "composed" and bool(parameters.saved),
                   change={"pattern": "composed"}),
            Action("blank", "Blank drawing", "Begin with no block painted.",
                   change={"painted": (), "pattern": "drawn", "block": self._block}),
            Action("forget", "Forget saved ones", "Empty the saved patterns.",
                   enabled=bool(parameters.saved) and parameters.pattern != "composed",
                   change={"saved": "", "against": "none"}),
            *copies(self.study, parameters, ("flex", "json")),
        )  # fmt: skip
