"""Colour maps as tables of 256 colours."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg

from zoetrope.core.figure import ColourMap

Table = npt.NDArray[np.uint8]

# ColorBrewer's RdBu (reversed) and Greys, by Cynthia Brewer: what matplotlib draws by these names.
_ANCHORS: dict[ColourMap, str] = {
    "diverging": "053061 2166ac 4393c3 92c5de d1e5f0 f7f7f7 fddbc7 f4a582 d6604d b2182b 67001f",
    "grey": "ffffff f0f0f0 d9d9d9 bdbdbd 969696 737373 525252 252525 000000",
}


@cache
def colour_table(name: ColourMap) -> Table:
    """Return a colour map as [256, 4] bytes, red to alpha."""
    anchors = _ANCHORS.get(name)
    if anchors is None:
        table = pg.colormap.get(name).getLookupTable(nPts=256, alpha=True)
        return np.asarray(table, dtype=np.uint8)
    colours = np.array([list(bytes.fromhex(text)) for text in anchors.split()], dtype=np.float64)
    places = np.linspace(0, len(colours) - 1, 256)
    channels = [np.interp(places, np.arange(len(colours)), colours[:, k]) for k in range(3)]
    table = np.full((256, 4), 255, dtype=np.uint8)
    table[:, :3] = np.rint(np.stack(channels, axis=1))
    return table


def colour_indices(values: npt.NDArray[np.float64], levels: tuple[float, float]) -> Table:
    """Return the row of the table for each value; values beyond the levels take the ends."""
    low, high = levels
    scale = 256.0 / (high - low) if high != low else 0.0
    with np.errstate(invalid="ignore"):
        rows = np.clip((values - low) * scale, 0, 255)
    return np.nan_to_num(rows).astype(np.uint8)


def coloured_image(
    values: npt.NDArray[np.float64], levels: tuple[float, float], name: ColourMap
) -> Table:
    """Return values as colours [..., 4]; NaN is transparent."""
    image = colour_table(name)[colour_indices(values, levels)]
    missing = np.isnan(values)
    if missing.any():
        image[missing] = 0
    return image
