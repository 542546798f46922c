import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from zoetrope.gui.notices import MOST, NoticeRow, Notices, Toast

# The offscreen platform says so of every window that has a least size.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def test_the_same_notice_is_counted_not_repeated(qtbot: QtBot) -> None:
    notices = Notices()
    qtbot.addWidget(notices)
    for _ in range(3):
        notices.say("This did not work.", "warning")
    assert notices.texts() == ["This did not work."]
    row = notices.findChild(NoticeRow)
    assert row is not None
    assert row.count == 3
    assert not notices.isHidden()


def test_a_notice_is_dismissed_by_its_cross(qtbot: QtBot) -> None:
    notices = Notices()
    qtbot.addWidget(notices)
    notices.show()
    notices.say("One", "info")
    cross = notices.findChild(QToolButton)
    assert cross is not None
    qtbot.mouseClick(cross, Qt.MouseButton.LeftButton)
    assert notices.texts() == []
    assert notices.isHidden()


def test_a_notice_offers_what_can_be_done(qtbot: QtBot) -> None:
    notices = Notices()
    qtbot.addWidget(notices)
    done: list[str] = []
    notices.say("Broken.", "error", [("Details", lambda: done.append("details"))])
    button = notices.findChild(QPushButton)
    assert button is not None
    button.click()
    assert done == ["details"]


def test_only_the_newest_few_stay(qtbot: QtBot) -> None:
    notices = Notices()
    qtbot.addWidget(notices)
    for number in range(MOST + 2):
        notices.say(str(number))
    assert notices.texts() == [str(number) for number in range(2, MOST + 2)]


def test_a_toast_stands_within_its_parent_and_takes_no_clicks(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(400, 300)
    parent.show()
    toast = Toast(parent)
    toast.say("The recipe code is on the clipboard.")
    assert toast.isVisible()
    assert parent.rect().contains(toast.geometry())
    parent.resize(300, 200)
    assert parent.rect().contains(toast.geometry())
    assert toast.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
