"""The caption in the dialog."""

import pytest
from PyQt6.QtGui import QGuiApplication

from tests.gui.export_dialog.fake_process import choose
from zoetrope.gui.export_dialog import ExportDialog

# The offscreen platform says so of every window with a least size, and of every popup.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_the_caption_is_that_of_what_is_chosen_and_can_be_copied(dialog: ExportDialog) -> None:
    whole = dialog.caption.text.toPlainText()
    assert "(a)" in whole
    assert "(b)" in whole
    assert "Parameters: " in whole
    dialog.form.panels["energy"].setChecked(False)
    alone = dialog.caption.text.toPlainText()
    assert len(alone) < len(whole)
    assert "(a)" not in alone
    dialog.caption.copy.click()
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    assert clipboard.text() == alone
    choose(dialog, format="csv")
    assert dialog.caption.isHidden()


def test_a_caption_is_shown_copied_and_written_in_the_form_that_is_chosen(
    dialog: ExportDialog,
) -> None:
    for form, begin in (("txt", "Damped"), ("md", "**Damped"), ("tex", r"\caption{\textbf{Damped")):
        dialog.caption.form.setCurrentIndex(dialog.caption.form.findData(form))
        dialog.caption.copy.click()
        clipboard = QGuiApplication.clipboard()
        assert clipboard is not None
        assert clipboard.text() == dialog.caption.text.toPlainText()
        assert clipboard.text().startswith(begin)
        assert dialog.choices().options(["signal"]).caption == ""
    dialog.caption.beside.setChecked(True)
    assert dialog.choices().options(["signal"]).caption == "tex"
