"""A window that says when it was first painted; run in a process of its own by `start_up`."""

from __future__ import annotations

import os
import sys
import time


def paint_first(program: str) -> None:
    """In a fresh process: open a window, say when it was painted, and close it.

    `program` is "bare", a window with one pyqtgraph plot; "zoetrope", on its start page; "lab",
    where the session was at a lab; or "picture", the same until that lab's first picture has been
    painted too.
    """
    from PyQt6.QtCore import QEvent, QObject, QTimer
    from PyQt6.QtWidgets import QApplication, QMainWindow, QWidget

    class FirstPaint(QObject):
        seen = False

        def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
            if (
                not self.seen
                and event is not None
                and event.type() == QEvent.Type.Paint
                and isinstance(watched, QWidget)
                and (program != "picture" or watched.window().page.canvas.figure is not None)
            ):
                self.seen = True
                QTimer.singleShot(0, self.report)
            return False

        def report(self) -> None:
            print(time.time(), flush=True)
            os._exit(0)  # what closing takes is another question

    watch = FirstPaint()
    run_events = QApplication.exec

    def watched_exec() -> int:
        QApplication.instance().installEventFilter(watch)
        return run_events()

    QApplication.exec = staticmethod(watched_exec)
    if program == "bare":
        import pyqtgraph

        app = QApplication([])
        window = QMainWindow()
        plot = pyqtgraph.PlotWidget()
        plot.plot([0, 1, 2], [0, 1, 0])
        window.setCentralWidget(plot)
        window.resize(1440, 900)
        window.show()
        app.exec()
    else:
        from zoetrope.__main__ import main
        from zoetrope.gui import session

        session.write(session.state_folder(), {"lab": "" if program == "zoetrope" else "rope"})
        main([])


if __name__ == "__main__":
    paint_first(sys.argv[1])
