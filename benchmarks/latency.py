"""From a slider's move to the painted picture that belongs to it."""

from __future__ import annotations

import os
import time

from benchmarks.report import Figure, Report, quantile

MOVES = 400


def run() -> Report:
    """Move the rope's length slider; time until the canvas has painted the frame of that value."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PyQt6.QtCore import QEvent, QObject, QTimer
    from PyQt6.QtWidgets import QGraphicsView

    from benchmarks.window import Window, queue_delay

    with Window() as window:
        page = window.page

        class Paints(QObject):
            """Ends the event loop when the frame of the present parameters has been painted."""

            painted = 0.0

            def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
                current = page.frame_parameters == page.parameters
                if event is not None and event.type() == QEvent.Type.Paint and current:
                    QTimer.singleShot(0, self.after_paint)
                return False

            def after_paint(self) -> None:
                self.painted = time.perf_counter()
                window.app.exit()

        watch = Paints()
        page.canvas.findChild(QGraphicsView).viewport().installEventFilter(watch)
        slider = page.form.rows["length"].slider
        guard = QTimer()
        guard.setSingleShot(True)
        guard.timeout.connect(window.app.exit)
        latencies = []
        for move in range(MOVES):
            watch.painted = 0.0
            waited, began = queue_delay(), time.perf_counter()
            slider.setValue(450 + (move * 37) % 400)
            guard.start(5000)
            window.app.exec()
            if watch.painted:
                latencies.append(watch.painted - began - (queue_delay() - waited))
        guard.stop()
    p50, p99 = quantile(latencies, 0.5) * 1e3, quantile(latencies, 0.99) * 1e3
    share = 100 * len(latencies) / MOVES
    return Report(
        title="Slider to picture",
        how=f"{MOVES} moves of the rope's length slider on its first page, from the move until the "
        "canvas has painted that value's frame; waiting for a CPU not counted.",
        figures=(
            Figure("p50", p50, "ms", "within a frame of 60 Hz", p50 <= 16.7),
            Figure("p99", p99, "ms", "within two frames of 60 Hz", p99 <= 33.3),
            Figure("moves whose picture was painted", share, "%", "all", share == 100),
        ),
    )
