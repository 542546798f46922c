"""Colour roles and type for the three themes: light and dark on screen, print on paper.

Data colours are Okabe and Ito's (2008) colour-blind-safe set, lightened for the dark canvas so that
every role keeps a contrast of at least 3 : 1 with its background (WCAG 2.1, 1.4.11).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

from zoetrope.core.items import ColourMap, Role

# The second has the Chinese characters that the first lacks; it comes with the program.
FONT_FAMILIES = ("DejaVu Sans", "Zoetrope Sans SC", "Noto Sans CJK SC", "Noto Sans CJK JP")
CHINESE_FONT = "ZoetropeSansSC-Regular.ttf"


def chinese_font() -> Path:
    """Return the file of the font that comes with the program."""
    with as_file(files("zoetrope.assets") / "fonts" / CHINESE_FONT) as path:
        return path


@dataclass(frozen=True, slots=True)
class Theme:
    """How one theme looks. Colours are "#rrggbb"."""

    name: str
    background: str
    panel: str
    foreground: str
    muted: str
    grid: str
    roles: Mapping[Role, str]
    line_scale: float = 1.0


LIGHT = Theme(
    name="light",
    background="#f7f7f5",
    panel="#ffffff",
    foreground="#1c1e21",
    muted="#5d646c",
    grid="#e3e5e8",
    roles={
        "data1": "#0072b2",
        "data2": "#d55e00",
        "data3": "#00805c",
        "data4": "#b5528b",
        "data5": "#a86f00",
        "data6": "#2a86bd",
        "data7": "#77770a",
        "accent": "#c2410c",
        "guide": "#6f767e",
        "warn": "#c01c28",
        "text": "#1c1e21",
    },
)

DARK = Theme(
    name="dark",
    background="#17191c",
    panel="#1e2125",
    foreground="#e8e9eb",
    muted="#a0a7af",
    grid="#33383e",
    roles={
        "data1": "#56b4e9",
        "data2": "#f0803c",
        "data3": "#2ec495",
        "data4": "#e08fc0",
        "data5": "#e9b044",
        "data6": "#8ecdf2",
        "data7": "#d3ce55",
        "accent": "#ff9d5c",
        "guide": "#8d959e",
        "warn": "#ff6b6b",
        "text": "#e8e9eb",
    },
)

PRINT = Theme(
    name="print",
    background="#ffffff",
    panel="#ffffff",
    foreground="#000000",
    muted="#404040",
    grid="#e0e0e0",
    roles={**LIGHT.roles, "text": "#000000", "guide": "#666666"},
    line_scale=0.75,
)

THEMES: Mapping[str, Theme] = {theme.name: theme for theme in (LIGHT, DARK, PRINT)}

# Where the two renderers look a colour map up; both know matplotlib's names.
COLOUR_MAPS: Mapping[ColourMap, str] = {
    "viridis": "viridis",
    "cividis": "cividis",
    "diverging": "RdBu_r",
    "grey": "Greys",
}
