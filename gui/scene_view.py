"""The view that paints all panels of a canvas, in one repaint a frame."""

from __future__ import annotations

from PyQt6.QtCore import QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QPainter
from PyQt6.QtWidgets import QFrame, QGraphicsScene, QGraphicsView, QWidget


class SceneView(QGraphicsView):
    """Paints the scene; takes no part in what the person does."""

    # pyqtgraph's items listen to these of any view that they stand in.
    sigDeviceRangeChanged = pyqtSignal(object, object)
    sigDeviceTransformChanged = pyqtSignal(object)

    def __init__(self, scene: QGraphicsScene, parent: QWidget) -> None:
        super().__init__(scene, parent)
        self.ground = QColor()
        self.dimmed = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setInteractive(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.NoViewportUpdate)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        viewport = self.viewport()
        if viewport is not None:  # it fills its ground: nothing below it need be painted
            viewport.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontAdjustForAntialiasing)

    def repaint_all(self) -> None:
        """Ask for one repaint; the scene's own many small requests are not listened to."""
        viewport = self.viewport()
        if viewport is not None:
            viewport.update()

    def drawBackground(self, painter: QPainter | None, rect: QRectF) -> None:
        """Fill the ground."""
        if painter is not None:
            painter.fillRect(rect, self.ground)

    def drawForeground(self, painter: QPainter | None, rect: QRectF) -> None:
        """Lay a veil over a picture that is out of date."""
        if painter is not None and self.dimmed:
            veil = QColor(self.ground)
            veil.setAlphaF(0.45)
            painter.fillRect(rect, veil)
