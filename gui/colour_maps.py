"""Colour maps as tables of 256 colours."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg

from zoetrope.core.items import ColourMap

Table = npt.NDArray[np.uint8]

# What matplotlib draws by these names: ColorBrewer's RdBu (reversed) and Greys, by Cynthia Brewer,
# and cividis by Nuñez, Anderton and Renslow (2018; pyqtgraph's is another version of it).
_ANCHORS: dict[ColourMap, str] = {
    "cividis": (
        "00224d 002655 00295e 002c67 003070 083370 16366f 1f3a6e 273d6d 2e416c 34446c 39486c "
        "3f4b6b 444f6b 49526b 4e566c 52596c 575d6d 5b606e 60646e 64676f 686b71 6d6e72 717273 "
        "757575 797977 7e7d78 838078 878478 8c8878 918c77 968f77 9b9376 a09775 a59b73 aa9f72 "
        "afa370 b4a76f b9ab6d beb06a c4b468 c9b865 cebc62 d4c15e d9c55a dfca56 e4ce51 ead34c "
        "efd846 f5dc3f fbe136 fde737"
    ),
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
