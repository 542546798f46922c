"""Where words go in a picture: numbers only, no drawing library.

Boxes are in pixels, y upwards. A word is tried in a few places near what it names; the place
that covers the fewest other words and drawn points, and lies within the panel, is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]

# What a place costs, in units of one full overlap with another label.
OUTSIDE = 4.0
COVERS_LABEL = 10.0
COVERS_POINTS = 1.0
COVERS_DOT = 2.0
CROWDED = 0.1  # share of a label that others may cover
CUT = 0.06  # share of a label that may be outside the panel
UNWANTED = 0.04  # for each place further down the list


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: its lower left corner and its size."""

    x: float
    y: float
    width: float
    height: float

    @property
    def area(self) -> float:
        """Width times height."""
        return self.width * self.height

    @property
    def centre(self) -> tuple[float, float]:
        """Its middle."""
        return self.x + self.width / 2, self.y + self.height / 2

    def reaches(self, x: float, y: float, slack: float = 0.0) -> bool:
        """Say whether a point is in the box, or within `slack` of it."""
        across = self.x - slack <= x <= self.x + self.width + slack
        return across and self.y - slack <= y <= self.y + self.height + slack

    def overlap(self, other: Box) -> float:
        """Return the area that both cover."""
        width = min(self.x + self.width, other.x + other.width) - max(self.x, other.x)
        height = min(self.y + self.height, other.y + other.height) - max(self.y, other.y)
        return max(width, 0.0) * max(height, 0.0)


@dataclass(slots=True)
class Room:
    """A panel being filled with words: its frame, what is drawn, and the words placed so far.

    What is drawn may be many points for each of many places: they are sorted once, at the first
    look, and must not change after it.
    """

    frame: Box
    drawn: Points = field(default_factory=lambda: np.empty((0, 2)))
    taken: list[Box] = field(default_factory=list)
    dots: list[Box] = field(default_factory=list)  # marks that must be seen whole
    _sorted: Points | None = field(default=None, init=False)  # the points, from left to right

    def cost(self, box: Box) -> float:
        """Return how bad a place is; below 0.5 nobody will mind."""
        outside = 1.0 - self.frame.overlap(box) / box.area
        labels = sum(box.overlap(other) for other in self.taken) / box.area
        # A line straight through the box leaves about one point for each pixel of its width.
        points = min(self.drawn_in(box) / box.width, 2.0)
        dots = sum(box.overlap(dot) / dot.area for dot in self.dots)
        worth = COVERS_POINTS * points + COVERS_DOT * dots
        return OUTSIDE * outside + COVERS_LABEL * labels + worth

    def drawn_in(self, box: Box) -> int:
        """Return how many drawn points a box would cover."""
        if self._sorted is None:
            self._sorted = np.asfortranarray(self.drawn[np.argsort(self.drawn[:, 0])])
        x, y = self._sorted.T
        first = np.searchsorted(x, box.x, "left")
        last = np.searchsorted(x, box.x + box.width, "right")
        up = y[first:last]
        return int(np.count_nonzero((up >= box.y) & (up <= box.y + box.height)))

    def _moved_in(self, box: Box) -> Box:
        """Return a box that would be cut a little, moved into the frame."""
        frame = self.frame
        if frame.overlap(box) < 0.5 * box.area:
            return box
        x = max(min(box.x, frame.x + frame.width - box.width), frame.x)
        y = max(min(box.y, frame.y + frame.height - box.height), frame.y)
        return Box(x, y, box.width, box.height)

    def place(self, boxes: Sequence[Box]) -> Box | None:
        """Take the best of `boxes`, listed from the most wanted on.

        Returns None, and takes nothing, where every one of them is illegible.
        """
        boxes = [self._moved_in(box) for box in boxes]
        costs = [self.cost(box) + UNWANTED * rank for rank, box in enumerate(boxes)]
        best = int(np.argmin(costs))
        box = boxes[best]
        if self.crowded(box) or self.frame.overlap(box) < (1 - CUT) * box.area:
            return None
        self.taken.append(box)
        return box

    def crowded(self, box: Box) -> bool:
        """Say whether too much of a place is covered by other labels."""
        return sum(box.overlap(other) for other in self.taken) > CROWDED * box.area


def around(x: float, y: float, width: float, height: float, gap: float) -> list[Box]:
    """Return boxes of a size beside a point: right, left, then above and below, then corners."""
    right, left = x + gap, x - gap - width
    middle, centre = y - height / 2, x - width / 2
    above, below = y + gap, y - gap - height
    corners = [(right, above), (right, below), (left, above), (left, below)]
    places = [(right, middle), (left, middle), (centre, above), (centre, below), *corners]
    return [Box(px, py, width, height) for px, py in places]


def spread(wanted: Sequence[float], size: float, low: float, high: float) -> list[float]:
    """Return positions as near to `wanted` as can be (least squares), at least `size` apart.

    They keep the order of `wanted` and lie within `low` to `high` where there is room for all.
    """
    order = np.argsort(np.asarray(wanted, dtype=np.float64), kind="stable")
    # Pool adjacent violators: blocks of labels that touch move as one, to their common mean.
    blocks: list[tuple[float, int]] = []  # mean of (wanted - offset), members
    for rank, index in enumerate(order):
        mean, members = wanted[index] - rank * size, 1
        while blocks and blocks[-1][0] > mean:
            earlier, count = blocks.pop()
            mean = (mean * members + earlier * count) / (members + count)
            members += count
        blocks.append((mean, members))
    highest = max(high - (len(order) - 1) * size, low)
    placed = [0.0] * len(order)
    rank = 0
    for mean, members in blocks:
        for _ in range(members):
            placed[order[rank]] = min(max(mean, low), highest) + rank * size
            rank += 1
    return placed


def sampled(x: Points, y: Points, spacing: float = 1.0, most: int = 4000) -> Points:
    """Return points [n, 2] about `spacing` apart along a polyline in pixels, gaps left out."""
    joined = np.column_stack([x, y])
    steps = np.diff(joined, axis=0)
    finite = np.isfinite(steps).all(axis=1)
    starts, steps = joined[:-1][finite], steps[finite]
    lengths = np.hypot(steps[:, 0], steps[:, 1])
    spacing = max(spacing, float(lengths.sum()) / most)
    counts = np.clip(np.ceil(lengths / spacing), 1, most).astype(int)
    which = np.repeat(np.arange(len(counts)), counts)
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.asarray(starts[which] + steps[which] * (within / counts[which])[:, None])


def wrap(words: Iterable[str], widths: Iterable[float], space: float, room: float) -> str:
    """Return words in lines no wider than `room`, given the width of each word."""
    lines: list[list[str]] = [[]]
    used = 0.0
    for word, width in zip(words, widths, strict=True):
        if lines[-1] and used + space + width > room:
            lines.append([])
        used = width if not lines[-1] else used + space + width
        lines[-1].append(word)
    return "\n".join(" ".join(line) for line in lines)
