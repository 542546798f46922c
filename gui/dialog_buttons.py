"""The last row of a dialog that works for a while: how far it is, and the buttons."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton

TICKS = 1000


class DialogButtons(QHBoxLayout):
    """A progress bar, hidden at rest, and buttons at the right, in the order in which they come."""

    def __init__(self, about: str) -> None:
        super().__init__()
        self.progress = QProgressBar()
        self.progress.setAccessibleName(about)
        self.progress.setRange(0, TICKS)
        self.progress.setTextVisible(True)
        self.progress.hide()
        self.addWidget(self.progress, 1)
        self.addStretch(0)

    def add(
        self,
        words: str,
        do: Callable[[], object],
        *,
        name: str = "",
        tip: str = "",
        enabled: bool = True,
        default: bool = False,
    ) -> QPushButton:
        """Add a button; Enter presses the `default` one."""
        button = QPushButton(words)
        button.setObjectName(name)
        button.setToolTip(tip)
        button.setAutoDefault(default)
        button.setDefault(default)
        button.setEnabled(enabled)
        button.clicked.connect(lambda: do())
        self.addWidget(button)
        return button

    def show_share(self, share: float, words: str) -> None:
        """Show how much is done, from 0 to 1, and say it; words may hold "%p" for per cent."""
        self.progress.setValue(round(TICKS * share))
        self.progress.setFormat(words)
        self.progress.show()
