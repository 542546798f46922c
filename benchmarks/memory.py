"""Memory growth over ten thousand updates of a lab's page."""

from __future__ import annotations

import gc
import os

from benchmarks.report import Figure, Report

UPDATES = 10_000
WARM = 1_000


def run() -> Report:
    """Show ten thousand frames of the rope in one page."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    import psutil

    from benchmarks.window import Window
    from zoetrope.core.device import Context
    from zoetrope.core.lab import final_frame

    process = psutil.Process()
    with Window() as window:
        page = window.page
        base = 0
        for update in range(UPDATES + WARM):
            parameters = page.parameters.change(
                phase=float(update % 360), length=1.5 + (update % 97) / 50
            )
            frame = final_frame(page.lab, parameters, Context())
            page.frame_view.show(frame, parameters)
            if update % 10 == 0:
                page.canvas.repaint()
            if update % 50 == 0:
                window.app.processEvents()
            if update == WARM:
                gc.collect()
                base = process.memory_info().rss
        gc.collect()
        growth = (process.memory_info().rss - base) / 1e6
    return Report(
        title="Memory over 10,000 updates",
        how=f"Resident memory after {UPDATES:,} pictures of the rope's page, every tenth painted, "
        f"against the {WARM:,}th before them.",
        figures=(Figure("growth", growth, "MB", "under 5 MB", growth < 5),),
    )
