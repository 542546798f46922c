"""Where an axis has its ticks and what stands at them: four to six round numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass

from zoetrope.core.figure import Axis
from zoetrope.core.number_format import AS_USUAL, NumberFormat, power_of_ten, with_thousands
from zoetrope.core.tick_words import grouped_numbers

_ROUND_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_SMALL = 1e-3  # below it, as from the format's power on, the ticks share a power of ten


@dataclass(frozen=True, slots=True)
class Ticks:
    """Ticks at `positions` (on a log axis: the logarithm) with `texts`.

    `minor` are unlabelled positions between them; `factor` is the power of ten that the texts
    leave out, such as "×10⁻⁶".
    """

    positions: tuple[float, ...]
    texts: tuple[str, ...]
    minor: tuple[float, ...] = ()
    factor: str = ""


def plain_number(value: float, decimals: int, numbers: NumberFormat = AS_USUAL) -> str:
    """Return a number with the marks of a format; zero has no minus sign."""
    text = f"{value:.{decimals}f}"
    if float(text) == 0:
        text = text.lstrip("-")
    return numbers.marked(with_thousands(text))


def linear_ticks(
    low: float, high: float, wanted: int = 5, numbers: NumberFormat = AS_USUAL
) -> Ticks:
    """Return ticks at round numbers from `low` to `high`, about `wanted` of them."""
    span = high - low
    if not (math.isfinite(span) and span > 0):
        return Ticks((), ())
    decade = math.pow(10.0, math.floor(math.log10(span / wanted)))
    steps = [decade * step for step in _ROUND_STEPS]

    def unwanted(step: float) -> float:
        halves = 1.5 if step == steps[2] else 0.0  # 0.2, 0.4 read more easily than 0.25, 0.50
        count = _count(low, high, step)
        return abs(count - wanted) + halves + (1.0 if count < 3 else 0.0)

    step = min(steps, key=lambda step: (unwanted(step), step))
    first = math.ceil(low / step - 1e-9)
    positions = tuple(
        (first + k) * step for k in range(_count(low, high, step))
    )  # from an integer: no rounding error piles up
    texts, factor = _texts(positions, step, numbers)
    return Ticks(positions, texts, factor=factor)


def log_ticks(low: float, high: float, wanted: int = 5, numbers: NumberFormat = AS_USUAL) -> Ticks:
    """Return ticks between two logarithms: whole decades, or 1, 2, 5 where there are few."""
    span = high - low
    if not (math.isfinite(span) and span > 0):
        return Ticks((), ())
    first, last = math.ceil(low - 1e-9), math.floor(high + 1e-9)
    minor = tuple(
        position
        for decade in range(first - 1, last + 1)
        for digit in range(2, 10)
        if low <= (position := decade + math.log10(digit)) <= high
    )
    if last - first >= 2:
        count = last - first + 1
        stride = 1 if count <= wanted + 2 else math.ceil(count / (wanted + 1))
        decades = range(first + (-first) % stride, last + 1, stride)
        between = minor if stride == 1 else tuple(float(d) for d in range(first, last + 1))
        return Ticks(
            tuple(float(d) for d in decades), tuple(power_of_ten(d) for d in decades), between
        )
    for digits in ((1, 3), (1, 2, 5), tuple(range(1, 10))):
        marks = [
            (decade + math.log10(digit), digit, decade)
            for decade in range(first - 1, last + 1)
            for digit in digits
            if low - 1e-9 <= decade + math.log10(digit) <= high + 1e-9
        ]
        if len(marks) >= 3:
            return Ticks(
                tuple(mark[0] for mark in marks),
                tuple(_log_text(digit, decade, numbers) for _, digit, decade in marks),
                minor,
            )
    inside = linear_ticks(math.pow(10.0, low), math.pow(10.0, high), wanted, numbers)
    return Ticks(
        tuple(math.log10(value) for value in inside.positions), inside.texts, (), inside.factor
    )


def word_ticks(axis: Axis, low: float, high: float, most: float) -> Ticks:
    """Return ticks at the places of an axis that have words, at most so many."""
    named = axis.words_between(low, high, int(most))
    return Ticks(tuple(float(place) for place, _ in named), tuple(word for _, word in named))


def _count(low: float, high: float, step: float) -> int:
    return math.floor(high / step + 1e-9) - math.ceil(low / step - 1e-9) + 1


def _texts(
    positions: tuple[float, ...], step: float, numbers: NumberFormat
) -> tuple[tuple[str, ...], str]:
    written = grouped_numbers(positions)
    if written is not None:
        return tuple(map(numbers.marked, written)), ""
    largest = max((abs(value) for value in positions), default=0.0)
    exponent = 0
    if largest and not _SMALL <= largest < 10.0**numbers.power:
        exponent = math.floor(math.log10(largest) + 1e-9)
    scale = math.pow(10.0, -exponent)
    decimals = max(0, -math.floor(math.log10(step * scale) + 1e-9))
    if any(abs(round(v * scale, decimals) - v * scale) > 1e-3 * step * scale for v in positions):
        decimals += 1  # a step of 2.5
    texts = tuple(plain_number(value * scale, decimals, numbers) for value in positions)
    return texts, f"×{power_of_ten(exponent)}" if exponent else ""


def _log_text(digit: int, decade: int, numbers: NumberFormat) -> str:
    if -3 <= decade < numbers.power:
        return plain_number(digit * math.pow(10.0, decade), max(0, -decade), numbers)
    return power_of_ten(decade) if digit == 1 else f"{digit}×{power_of_ten(decade)}"
