"""The savings page: measured time and memory of this pattern, dense against sparse."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from zoetrope.core.attention.heads.savings_meter import METHODS, Timing, measure_steps
from zoetrope.core.attention.heads.savings_view import memory_panel, time_panel
from zoetrope.core.attention.lab_build import unordered
from zoetrope.core.attention.lab_notices import notices
from zoetrope.core.attention.lab_page import Page
from zoetrope.core.attention.lab_words import bytes_words, times_words
from zoetrope.core.attention.patterns import Pattern
from zoetrope.core.figure import Cell, Figure
from zoetrope.core.lab import Action, Frame, Notice, Readout
from zoetrope.core.long_work import FINISHED, Job
from zoetrope.core.parameters import ParameterError

SHORTEST, LONGEST = 1024, 16_384
PROBE = 256  # tokens of a small twin that shows whether any key lies ahead
MOST_SENT = 1 << 22  # characters of patterns


@dataclass(frozen=True, slots=True, eq=False)
class Lengths:
    """The pattern at the lengths that are measured; `causal` if no query sees ahead."""

    patterns: tuple[Pattern, ...]
    texts: tuple[str, ...]
    pairs: tuple[int, ...]
    causal: bool


class SavingsPage(Page):
    """What the pattern saves on this machine."""

    def jobs(self) -> Iterator[Job[Any]]:
        """Yield the lengths, then each way in turn once they are asked for."""
        yield self._lengths()
        if self.parameters.measure_savings:
            for method in METHODS:
                yield self._measured(method)

    def _lengths(self) -> Job[Lengths]:
        def steps() -> Iterator[Lengths | None]:
            top = min(self.study.n, LONGEST)
            wanted = [top // 2**i for i in range(8) if top // 2**i >= SHORTEST] or [top]
            found: list[Pattern] = []
            for n in reversed(wanted):
                made = self._at(n)
                if made is not None and (not found or made.n > found[-1].n):
                    found.append(made)
                yield None
            if not found:
                raise ParameterError(
                    "pattern", f"This pattern has {self.study.n:,} tokens; what one saves is "
                    f"measured up to {LONGEST:,}. Choose another pattern or a shorter one.",
                )  # fmt: skip
            texts = [made.to_json() for made in found]
            kept = [i for i, text in enumerate(texts) if len(text) <= MOST_SENT]
            pairs = []
            for i in kept:
                pairs.append(found[i].nnz())
                yield None
            small = self._at(PROBE) or found[0]
            tile = small.tile(0, small.n, 0, small.n, *(2 * (min(small.n, PROBE),)))
            causal = not np.triu(tile.density, 1).any()
            yield Lengths(tuple(found[i] for i in kept), tuple(texts[i] for i in kept),
                          tuple(pairs), causal)  # fmt: skip

        return self.study.jobs.get("savings lengths", None, steps)

    def _at(self, n: int) -> Pattern | None:
        """Return the pattern at a length, or None where it has none of that length."""
        if n == self.study.n and self.parameters.order == "natural":
            return self.study.pattern
        try:
            made = unordered(self.parameters.change(n=n))[0]
        except ParameterError:
            return None
        return made if made.n <= LONGEST else None

    def _measured(self, method: str) -> Job[tuple[Timing, ...]]:
        lengths, width = self._lengths().result, self.parameters.d_head

        def steps() -> Iterator[tuple[Timing, ...] | None]:
            assert lengths is not None
            key = ("savings", method, lengths.texts, width)
            yield from FINISHED.steps(
                key, lambda: measure_steps(method, lengths.texts, width, lengths.causal),
                lambda found: sum(map(len, lengths.texts)) + 64 * len(found),
            )  # fmt: skip

        return self.study.jobs.get(f"savings {method}", (width, lengths is None), steps)

    def frame(self) -> Frame:
        """Return the picture of what is known."""
        lengths = self._lengths().result
        found = {}
        if lengths is not None and self.parameters.measure_savings:
            for method in METHODS:
                found[method] = self._measured(method).result or ()
        theory = [] if lengths is None else _theory(lengths, found.get("kernel", ()))
        return Frame(
            figure=Figure(
                panels=(
                    time_panel(found, theory, self._title(found), Cell(0, 0)),
                    memory_panel(found, Cell(0, 1)),
                ),
                widths=(1.2, 1.0),
            ),
            readouts=tuple(self._readouts(found)),
            notices=(*notices(self.study, self.parameters), *self._more_notices(found, lengths)),
            actions=(
                Action("measure", "Measure on this machine",
                       "Runs the four ways in processes of their own: about twenty seconds.",
                       enabled=not self.parameters.measure_savings,
                       change={"measure_savings": True}),
            ),
            tables=_tables(found),
        )  # fmt: skip

    def _title(self, found: dict[str, tuple[Timing, ...]]) -> str:
        if not self.parameters.measure_savings:
            return "Nothing is measured yet"
        longest = _common(found, "kernel", "sparse")
        if longest is None:
            return "Measuring …"
        n, kernel, sparse = longest
        faster = kernel.seconds / sparse.seconds
        verdict = f"{times_words(faster)} times as fast as" if faster >= 1 else "slower than"
        return f"At n = {n:,} sparse attention is {verdict} the dense kernel"

    def _readouts(self, found: dict[str, tuple[Timing, ...]]) -> Iterator[Readout]:
        for key, label, first, second in (
            ("saved", "Dense kernel over attend", "kernel", "sparse"),
            ("mask_costs", "Mask over dense kernel", "masked", "kernel"),
        ):
            both = _common(found, first, second)
            if both is not None:
                n, a, b = both
                first_ms, second_ms = 1e3 * a.seconds, 1e3 * b.seconds
                yield Readout(
                    key,
                    label,
                    f"{times_words(a.seconds / b.seconds)} times",
                    help=f"Time at n = {n:,}: {first_ms:.3g} ms over {second_ms:.3g} ms.",
                )
        for method in ("masked", "sparse"):
            timed = [one for one in found.get(method, ()) if math.isfinite(one.peak)]
            if timed:
                yield Readout(
                    f"peak_{method}",
                    f"Memory, {METHODS[method]}",
                    bytes_words(timed[-1].peak),
                    help=f"The peak above its inputs at n = {timed[-1].n:,}.",
                )

    def _more_notices(
        self, found: dict[str, tuple[Timing, ...]], lengths: Lengths | None
    ) -> Iterator[Notice]:
        if not self.parameters.measure_savings:
            yield Notice("“Measure on this machine” runs dense and sparse attention, one head, one "
                         "thread, each in a process of its own.")  # fmt: skip
            return
        for method, timings in found.items():
            refused = [one for one in timings if one.refused]
            if refused:
                yield Notice(f"{METHODS[method].capitalize()}: {refused[0].refused}.")
            job = self._measured(method)
            if job.done and lengths is not None and len(timings) < len(lengths.patterns):
                yield Notice(f"{METHODS[method].capitalize()} took too long or too much memory for "
                             "the longer lengths.", "warning")  # fmt: skip


def _common(
    found: dict[str, tuple[Timing, ...]], first: str, second: str
) -> tuple[int, Timing, Timing] | None:
    """Return the longest length that both ways were measured at, and their timings."""
    known = [{one.n: one for one in found.get(name, ()) if not one.refused}
             for name in (first, second)]  # fmt: skip
    both = known[0].keys() & known[1].keys()
    return (n := max(both), known[0][n], known[1][n]) if both else None


def _theory(lengths: Lengths, kernel: tuple[Timing, ...]) -> list[tuple[int, float]]:
    """Return the dense kernel's time for as many pairs as the pattern has, length by length."""
    pairs = {made.n: count for made, count in zip(lengths.patterns, lengths.pairs, strict=True)}
    whole = {n: n * (n + 1) / 2 if lengths.causal else n * n for n in pairs}
    return [(one.n, one.seconds * pairs[one.n] / whole[one.n]) for one in kernel]


def _tables(found: dict[str, tuple[Timing, ...]]) -> dict[str, Any]:
    if not any(found.values()):
        return {}
    rows = [(method, one) for method, timings in found.items() for one in timings]
    return {
        "method": np.array([method for method, _ in rows]),
        "n": np.array([one.n for _, one in rows]),
        "seconds": np.array([one.seconds for _, one in rows]),
        "peak_bytes": np.array([one.peak for _, one in rows]),
    }
