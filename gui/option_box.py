"""A box that offers words for values."""

from collections.abc import Mapping

from PyQt6.QtWidgets import QComboBox

from zoetrope.gui.language import say

HEIGHT = 28  # pixels, as the buttons beside it


def option_box(name: str, options: Mapping[str, str]) -> QComboBox:
    """Return a box with the words of `options`, whose keys are its data."""
    box = QComboBox()
    box.setAccessibleName(name)
    box.setMinimumHeight(HEIGHT)
    for value, words in options.items():
        box.addItem(say(words), value)
    return box
