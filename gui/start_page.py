"""The start page: the labs as pictures of what they compute now, tours, and recent files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QEvent, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QFont, QPaintEvent, QResizeEvent, QShowEvent
from PyQt6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from zoetrope.core.lab import Frame, Lab
from zoetrope.gui.language import say
from zoetrope.gui.start_cards import LabCard, LineCard

COLLECT_MS = 80  # pictures that come in this time are drawn together
CARD_WIDTH = 225  # pixels that a lab needs; more labs go into the next row
MOST_COLUMNS = 4
MOST_RECENT = 6
_EDGE = 26


class StartPage(QScrollArea):
    """The page. `picture_wanted` asks for the picture of a lab: after the page has been painted,
    for one lab after another.

    `picture_of` returns the newest frame of a lab, or None; it is asked some time after
    `announce`.
    """

    picture_wanted = pyqtSignal(str)
    lab_chosen = pyqtSignal(str)
    tour_chosen = pyqtSignal(str, str)  # lab and tour
    file_chosen = pyqtSignal(str)

    def __init__(
        self,
        labs: Mapping[str, Lab[Any]],
        picture_of: Callable[[str], Frame | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("start_page")
        self.setAccessibleName(say("Start page"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._labs = labs
        self._picture_of = picture_of
        self._paths: list[str] = []
        self.cards: dict[str, LabCard] = {}
        self._grid = QGridLayout()
        self._recent = QVBoxLayout()
        self._painted = False
        self._waiting = list(labs)  # whose picture was not asked for yet
        self._awaited = ""
        self._due: set[str] = set()
        self._collect = QTimer(self)
        self._collect.setSingleShot(True)
        self._collect.setInterval(COLLECT_MS)
        self._collect.timeout.connect(self._draw)

    def _fill(self) -> None:
        """Build what is on the page: when it is first shown, which it may never be."""
        self._grid.setSpacing(14)
        self._recent.setSpacing(4)
        self.cards = {lab.id: self._lab_card(lab) for lab in self._labs.values()}
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(_EDGE, 20, _EDGE, 20)
        column.setSpacing(10)
        column.addWidget(_heading(say("Turn a parameter and watch the mathematics move"), 1.5))
        column.addLayout(self._grid, 100)
        column.addSpacing(8)
        column.addLayout(self._lists())
        column.addStretch(1)
        self.setWidget(inside)
        self._list_recent()
        self._arrange()

    def _lists(self) -> QGridLayout:
        lists = QGridLayout()
        lists.setHorizontalSpacing(28)
        lists.setVerticalSpacing(6)
        for place in (0, 1):
            lists.setColumnStretch(place, 1)
        lists.addWidget(_heading(say("Guided tours")), 0, 0)
        lists.addWidget(_heading(say("Recent figures")), 0, 1)
        lists.addLayout(self._tours(), 1, 0)
        lists.addLayout(self._recent, 1, 1)
        return lists

    def announce(self, lab_id: str) -> None:
        """There is a newer picture of a lab."""
        if lab_id in self.cards:
            self._due.add(lab_id)
            if not self._collect.isActive():
                self._collect.start()

    def announce_all(self) -> None:
        """Pictures may have changed while the page was not seen."""
        for lab_id in self.cards:
            self.announce(lab_id)

    def show_recent(self, paths: Iterable[str]) -> None:
        """List the files that were exported or opened last."""
        self._paths = list(paths)[:MOST_RECENT]
        if self.widget() is not None:
            self._list_recent()

    def _list_recent(self) -> None:
        while (item := self._recent.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for path in self._paths:
            card = LineCard(Path(path).name, str(Path(path).parent), self)
            card.setToolTip(path)
            card.setAccessibleName(say("Open {name}", name=Path(path).name))
            card.clicked.connect(lambda _=False, path=path: self.file_chosen.emit(path))
            self._recent.addWidget(card)
        if not self._paths:
            words = QLabel(
                say(
                    "Figures that you export or open are listed here. Drop one on the window, "
                    "from anywhere, and it comes back with all its parameters."
                )
            )
            words.setWordWrap(True)
            words.setProperty("look", "muted")
            self._recent.addWidget(words)
        self._recent.addStretch(1)

    def rest(self) -> None:
        """Draw nothing more that was announced."""
        self._collect.stop()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Ask for the pictures once the page has been painted: the window comes first."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self._ask)

    def showEvent(self, event: QShowEvent | None) -> None:
        """Take the focus, on the page itself: keys work, nothing is ringed."""
        if self.widget() is None:
            self._fill()
        super().showEvent(event)
        self.setFocus()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Put as many labs beside one another as there is room for."""
        super().resizeEvent(event)
        self._arrange()

    def _ask(self) -> None:
        """Ask for the next lab's picture: all at once, each would come as late as the last."""
        if self._waiting:
            self._awaited = self._waiting.pop(0)
            self.picture_wanted.emit(self._awaited)

    def _lab_card(self, lab: Lab[Any]) -> LabCard:
        card = LabCard(lab, self)
        card.clicked.connect(lambda _=False: self.lab_chosen.emit(lab.id))
        return card

    def _tours(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(4)
        for lab in self._labs.values():
            for tour in lab.tours:
                card = LineCard(
                    say(tour.label),
                    say("{title} · {steps} steps", title=lab.title, steps=len(tour.steps)),
                    self,
                )
                card.setToolTip(say(tour.help))
                card.setAccessibleName(
                    say("Tour of {title}: {label}", title=lab.title, label=tour.label)
                )
                card.setAccessibleDescription(say(tour.help))
                card.clicked.connect(
                    lambda _=False, lab=lab.id, tour=tour.key: self.tour_chosen.emit(lab, tour)
                )
                column.addWidget(card)
        column.addStretch(1)
        return column

    def changeEvent(self, event: QEvent | None) -> None:
        """Keep room for the words of another language."""
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.LanguageChange:
            self._arrange()

    def _arrange(self) -> None:
        if not self.cards:
            return
        room = max(1, (self.width() - 2 * _EDGE) // CARD_WIDTH)
        columns = max(1, min(room, MOST_COLUMNS, len(self.cards)))
        rows = -(-len(self.cards) // columns)
        columns = -(-len(self.cards) // rows)  # as even as can be
        for index, card in enumerate(self.cards.values()):
            self._grid.addWidget(card, index // columns, index % columns)
        width = (self.width() - 2 * _EDGE - (columns - 1) * self._grid.spacing()) // columns
        highest = max(card.words_height(width) for card in self.cards.values())
        title = max(card.title_height() for card in self.cards.values())
        for card in self.cards.values():
            card.make_room(title, highest)
        for place in range(MOST_COLUMNS):
            self._grid.setColumnStretch(place, int(place < columns))

    def _draw(self) -> None:
        due, self._due = self._due, set()
        for lab_id in due:
            frame = self._picture_of(lab_id)
            if frame is not None:
                self.cards[lab_id].show_figure(frame.figure)
        if self._awaited in due:
            self._ask()


def _heading(text: str, scale: float = 1.0) -> QLabel:
    label = QLabel(text)
    font = QFont(label.font())
    font.setPointSizeF(font.pointSizeF() * scale)
    font.setBold(True)
    label.setFont(font)
    label.setProperty("look", "heading")
    return label
