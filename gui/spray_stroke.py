"""One stroke of a brush that scatters points, or takes them out."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]  # [n, 2]


class Stroke:
    """What a stroke makes of the points [n, 2] that were there when it began at `begin` [2].

    Points fall evenly within the brush along its way; a `straight` one goes from its beginning to
    where the brush is now. Chance is seeded by how many points there were.
    """

    def __init__(self, before: Points, begin: Points, *, straight: bool, erases: bool) -> None:
        self._before, self._begin, self._at = before, begin, begin
        self._straight, self._erases = straight, erases
        self._random = np.random.default_rng(len(before))
        self._stays = np.ones(len(before), dtype=np.bool_)
        self._shares = np.empty(0)  # of the way from the beginning
        self._middles = np.empty((0, 2))  # where the brush was
        self._beside = np.empty((0, 2))  # from its middle

    def go(self, at: Points, count: int, radius: float) -> None:
        """Bring the brush to a place [2] and let so many points fall on the way, or take out
        those within `radius` of it.
        """
        if self._erases:
            self._erase(at, radius)
        else:
            self._shower(at, count, radius)
        self._at = at

    @property
    def fallen(self) -> Points:
        """The points [n, 2] that it has brought so far."""
        if self._straight:
            way = self._at - self._begin
            return self._begin + self._shares[:, None] * way + self._beside
        return self._middles + self._beside

    @property
    def taken(self) -> Points:
        """The points [n, 2] that it has taken out so far."""
        return self._before[~self._stays]

    @property
    def points(self) -> Points:
        """All points [n, 2] that there are now."""
        return np.concatenate([self._before[self._stays], self.fallen])

    def _shower(self, at: Points, count: int, radius: float) -> None:
        share, turn = self._random.random(count), 2 * math.pi * self._random.random(count)
        away = radius * np.sqrt(self._random.random(count))
        beside = np.stack([away * np.cos(turn), away * np.sin(turn)], 1)
        middles = self._at + share[:, None] * (at - self._at)
        self._shares = np.concatenate([self._shares, share])
        self._middles = np.concatenate([self._middles, middles])
        self._beside = np.concatenate([self._beside, beside])

    def _erase(self, at: Points, radius: float) -> None:
        """Take out what is near the way that the brush has come, or near the straight line."""
        points, begin = self._before, self._begin if self._straight else self._at
        way = at - begin
        share = np.clip((points - begin) @ way / max(float(way @ way), 1e-300), 0.0, 1.0)
        away = np.linalg.norm(points - begin - share[:, None] * way, axis=1) > radius
        self._stays = away if self._straight else self._stays & away
