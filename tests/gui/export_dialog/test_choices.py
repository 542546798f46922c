"""What can be chosen for a file: format, size, style, panels; and how it is remembered."""

from typing import Any

import pytest

from tests.gui.export_dialog.fake_process import FakeProcess, choose
from zoetrope.core.print_styles import STYLES
from zoetrope.gui.export_choices import LIMITS, Choices, sizes
from zoetrope.gui.export_dialog import ExportDialog
from zoetrope.gui.export_formats import offered

# The offscreen platform says so of every window with a least size, and of every popup.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_a_size_is_chosen_by_its_name(dialog: ExportDialog) -> None:
    choose(dialog, size_="column")
    assert (dialog.form.width_.value(), dialog.form.unit.currentData()) == (85.0, "mm")
    assert not dialog.form.width_.isEnabled()
    choose(dialog, size_="screen")
    assert (dialog.form.width_.value(), dialog.form.height_.value()) == (640, 480)
    assert dialog.form.unit.currentData() == "px"
    choose(dialog, size_="own")
    assert dialog.form.width_.isEnabled()
    dialog.form.width_.setValue(123)
    assert "123" in dialog.choices().options(["a"]).size


def test_only_what_matters_for_a_format_can_be_chosen(dialog: ExportDialog) -> None:
    choose(dialog, format="svg")
    assert not dialog.form.rows.isRowVisible(dialog.form.dpi)
    assert not dialog.form.rows.isRowVisible(dialog.form.fps)
    choose(dialog, format="png")
    assert dialog.form.rows.isRowVisible(dialog.form.dpi)
    choose(dialog, format="gif")
    assert dialog.form.rows.isRowVisible(dialog.form.fps)
    assert not dialog.form.transparent.isEnabled()
    choose(dialog, format="csv")
    assert not dialog.form.rows.isRowVisible(dialog.form.size_)
    assert dialog.about.text()


def test_panels_can_be_left_out_but_not_all(
    dialog: ExportDialog, process: list[FakeProcess]
) -> None:
    dialog.form.panels["energy"].setChecked(False)
    assert dialog.choices().options(["signal", "energy"]).panels == ("signal",)
    dialog.form.panels["signal"].setChecked(False)
    assert not dialog.export.isEnabled()
    assert dialog.message.text() == "Choose at least one panel."
    dialog.form.panels["signal"].setChecked(True)
    assert dialog.export.isEnabled()
    assert dialog.message.isHidden()


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"format": "exe", "size": 3, "unit": "furlong", "theme": None},
        {"width": 1e9, "dpi": -1, "seconds": "x"},
        {"hidden": "signal"},
        {"transparent": 1},
    ],
)
def test_remembered_choices_that_do_not_fit_become_usual_ones(values: dict[str, Any]) -> None:
    choices = Choices.adapt(values)
    choices.options(["a"]).check()
    for name, (low, high) in LIMITS.items():
        assert low <= getattr(choices, name) <= high


def test_choices_come_back_from_the_session() -> None:
    choices = Choices(format="gif", hidden=("energy",), seconds=3.0, transparent=True)
    assert Choices.adapt(choices.plain()) == choices


def test_every_named_size_can_be_exported() -> None:
    for key, style in STYLES.items():
        assert key in sizes()
        choices = Choices(size=key, width=style.width, height=style.height, font=style.font)
        choices.options(["a"]).check()
        choices.preview_options(["a"], (400, 300)).check()
        assert choices.describe()


def test_whose_guide_a_style_follows_is_told_and_where_it_is_unsure(dialog: ExportDialog) -> None:
    told = {}
    for style in ("ieee-single", "icml-single", "slide"):
        choose(dialog, size_=style)
        told[style] = dialog.form.size_.toolTip()
    assert told["ieee-single"].startswith("The numbers follow ieeeauthorcenter.ieee.org. They were")
    assert told["icml-single"] == "The numbers follow icml.sty."
    assert told["slide"] == ""


def test_a_lab_without_a_playhead_has_no_animations() -> None:
    assert {known.kind for known in offered(False, {})} == {"drawing", "picture", "data"}


def test_the_height_of_a_column_follows_from_its_panels(dialog: ExportDialog) -> None:
    choose(dialog, size_="nature-single")
    options = dialog.choices().options(["signal", "energy"])
    assert (options.size, options.tallest) == ("89mm", 170.0)
    assert "as high as its panels need" in dialog.about.text()


def test_titles_go_to_the_caption_in_print_and_stay_on_the_picture_elsewhere(
    dialog: ExportDialog,
) -> None:
    assert dialog.choices().options(["signal", "energy"]).lettered
    choose(dialog, theme="dark")
    assert not dialog.choices().options(["signal", "energy"]).lettered
    dialog.form.letters.setChecked(True)
    assert dialog.choices().options(["signal", "energy"]).lettered
    choose(dialog, theme="print")
    dialog.form.letters.setChecked(False)
    assert not Choices.adapt(dialog.choices().plain()).letters


def test_a_style_brings_its_type_and_what_is_changed_then_stays(dialog: ExportDialog) -> None:
    choose(dialog, size_="ieee-single")
    options = dialog.choices().options(["signal", "energy"])
    assert (options.font, options.font_size, options.least_text) == ("times", 9.0, 8.0)
    dialog.form.font_size.setValue(10.0)
    choose(dialog, font_="sans", format="pdf")
    options = dialog.choices().options(["signal", "energy"])
    assert (options.font, options.font_size, options.size) == ("sans", 10.0, "88.9mm")
    choose(dialog, size_="slide")
    assert not dialog.choices().letters  # a slide stands alone
    again = Choices.adapt(dialog.choices().plain())
    assert again == dialog.choices()
