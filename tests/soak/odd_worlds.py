"""The program in a world that is not the usual one: another language, no fonts, no OpenGL.

`python -m tests.soak.odd_worlds FOLDER LAB ...` opens the window in whatever world the environment
makes, works in it and prints as JSON what came of it.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import sys
import time
from pathlib import Path
from typing import Any

PATIENCE = 60.0


class Noted(logging.Handler):
    """Keeps errors."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one."""
        self.texts.append(self.format(record))


def work(folder: Path, labs: list[str]) -> dict[str, Any]:
    """Open labs, type numbers, write files, close and open again."""
    from PyQt6.QtCore import QLocale
    from PyQt6.QtGui import QFontDatabase
    from PyQt6.QtTest import QTest
    from PyQt6.QtWidgets import QApplication, QLineEdit

    from zoetrope.core.export import export
    from zoetrope.core.export_options import ExportOptions
    from zoetrope.core.recipe import Recipe
    from zoetrope.gui import running

    app = QApplication(["zoetrope"])
    errors = Noted()
    logging.getLogger().addHandler(errors)
    uncaught: list[str] = []
    sys.excepthook = lambda kind, error, trace: uncaught.append(repr(error))
    window = running.make_window(folder / "state")
    window.resize(1200, 800)
    window.show()

    def picture(page: Any) -> None:
        deadline = time.monotonic() + PATIENCE
        while page.frame is None or page.frame_parameters != page.parameters:
            app.processEvents()
            assert time.monotonic() < deadline, "no picture came"

    fonts = QFontDatabase.families()
    found: dict[str, Any] = {"decimal": QLocale().decimalPoint(), "fonts": fonts, "inked": []}
    for lab in labs:
        page = window.open_lab(lab)
        picture(page)
        found["inked"].append(not page.canvas.grab_image(1.0).isNull())
        window.engine.cancel(lab)
    page = window.open_lab("rope")
    for text in ("1,75", "2.5"):
        field = page.form.rows["length"].findChild(QLineEdit)
        field.selectAll()
        QTest.keyClicks(field, text)
        QTest.keyClick(field, "\r")
        found[f"typed {text}"] = page.parameters.length
    picture(page)
    options = ExportOptions(size="600x500px", font_size=4)
    for ending in ("svg", "csv", "json"):
        path = export(page.lab, page.parameters, folder / f"x.{ending}", options)
        found[ending] = hashlib.sha256(path.read_bytes()).hexdigest()
    found["recipe"] = Recipe.of(page.lab, page.parameters).to_json()
    found["text"] = page.form.rows["length"].findChild(QLineEdit).text()
    state = page.parameters
    window.close()
    again = running.make_window(folder / "state")
    found["restored"] = again.open_lab("rope").parameters == state
    again.close()
    found["gl"] = [w.objectName() for w in app.allWidgets() if w.inherits("QOpenGLWidget")]
    found["errors"] = [*errors.texts, *uncaught]
    return found


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.stdout.write(json.dumps(work(Path(sys.argv[1]), sys.argv[2:])))
    sys.stdout.flush()
    os._exit(0)
