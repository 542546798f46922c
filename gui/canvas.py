"""The picture of a lab: draws a `Figure` with pyqtgraph and says what a person does to it.

The canvas keeps its panels by name and their items by key; a new figure only moves what is there.
It computes nothing: what is dragged, turned or clicked is emitted as parameter values.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QColor, QImage, QResizeEvent
from PyQt6.QtWidgets import (
    QApplication,
    QGraphicsScene,
    QLabel,
    QWidget,
)

from zoetrope.core.figure import Figure
from zoetrope.core.theme import Theme
from zoetrope.gui.geometry import Limits, Look
from zoetrope.gui.handle_ring import HandleRing
from zoetrope.gui.panel_menu import PanelMenu
from zoetrope.gui.panel_placement import PanelPlacement
from zoetrope.gui.panel_ranges import PanelRanges
from zoetrope.gui.panel_surface import PanelSurface
from zoetrope.gui.panel_tools import PanelTools
from zoetrope.gui.scene_view import SceneView
from zoetrope.gui.theme import current_theme
from zoetrope.gui.view_gestures import ViewGestures

if TYPE_CHECKING:
    from zoetrope.gui.panel_view import PanelView

_STALE_MS = 150  # a picture that is late by less is not dimmed
_RESTING = 4  # panels out of sight that are kept
_BASE_FONT = 9.0  # points; a larger system font enlarges the figure's text in proportion


class Canvas(QWidget):
    """Shows figures, and turns what is done to them into parameter values.

    `edited` carries parameter names and values; between `edit_started` and `edit_finished` it is
    one change to the person, and one step of undo. `parameter_value` tells the canvas a
    number's present value (after validation), from which turning and dragging start, and
    `parameter_state` that of any parameter: the rows of a table, from which editing points starts.
    """

    edited = pyqtSignal(dict)
    hovered = pyqtSignal(dict)  # live values that follow the mouse; no step of undo
    edit_started = pyqtSignal()
    edit_finished = pyqtSignal()

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        theme: Theme | None = None,
        parameter_value: Callable[[str], float] | None = None,
        parameter_state: Callable[[str], Any] | None = None,
        empty_text: str = "",
    ) -> None:
        super().__init__(parent)
        self._theme = theme or current_theme()
        self._figure: Figure | None = None
        self._panels: dict[str, PanelView] = {}
        self._resting: dict[str, PanelView] = {}  # that may come back: to make one takes long
        self._tools = PanelTools(self, self._panels, parameter_value, parameter_state)
        self._tools.hovered.connect(self.hovered)
        self._tools.touched.connect(self._touched)
        self._tools.view_edited.connect(self._view_edited)
        self._ranges = PanelRanges(self, self._panels)
        self._ranges.moved.connect(self._refresh)
        self._ranges.parameter_value = parameter_value
        self._gestures = ViewGestures(self, self._panels, self._ranges, self._tools)
        self._gestures.changed.connect(self._go_to_ranges)
        for source in (self._tools, self._gestures):
            source.started.connect(self.edit_started)
            source.edited.connect(self.edited)
            source.finished.connect(self.edit_finished)
        self._placement = PanelPlacement(self._panels)
        self._pen_scale = 1.0
        self._scene = QGraphicsScene(self)
        self._scene.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self._view = SceneView(self._scene, self)
        self._empty = QLabel(empty_text, self)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._empty.setProperty("look", "muted")
        self._empty.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._dimmer = QTimer(self)
        self._dimmer.setSingleShot(True)
        self._dimmer.setInterval(_STALE_MS)
        self._dimmer.timeout.connect(self._dim_now)
        self.setMinimumSize(240, 160)
        self._dress()

    @property
    def parameter_value(self) -> Callable[[str], float] | None:
        """Return what tells a parameter's present value; it may be set later."""
        return self._tools.value

    @parameter_value.setter
    def parameter_value(self, value: Callable[[str], float] | None) -> None:
        self._tools.value = value
        self._ranges.parameter_value = value

    @property
    def parameter_state(self) -> Callable[[str], Any] | None:
        """Return what tells any parameter's present value; it may be set later."""
        return self._tools.state

    @parameter_state.setter
    def parameter_state(self, value: Callable[[str], Any] | None) -> None:
        self._tools.state = value

    def selected_rows(self, panel: str) -> tuple[int, ...]:
        """Return the rows of a table whose points are selected on a panel."""
        return self._tools.points.selected(panel)

    # What is shown

    @property
    def figure(self) -> Figure | None:
        """Return the figure on the screen."""
        return self._figure

    @property
    def theme(self) -> Theme:
        """Return the theme that the figure is drawn in."""
        return self._theme

    def show_figure(self, figure: Figure) -> None:
        """Draw a figure; what it shares with the one before is moved, not drawn anew."""
        before = self._figure
        self._empty.setVisible(False)
        layout_changed = self._sync_panels(figure) or before is None
        layout_changed = layout_changed or _grid(figure) != _grid(before)
        self._ranges.set_goals(figure.panels, smooth=self._ranges.growing or self._ranges.moving)
        self._arrange(anew=layout_changed)
        self._refresh()

    def clear(self) -> None:
        """Show the empty state again."""
        self._figure = None
        for name in list(self._panels):
            self._tools.forget(name)
            self._remove(name)
        for view in self._resting.values():
            view.remove()
        self._resting.clear()
        self._ranges.stop()
        self.set_stale(False)
        self._empty.setVisible(True)

    def set_empty_text(self, text: str) -> None:
        """Say what stands where there is no figure yet."""
        self._empty.setText(text)

    def set_theme(self, theme: Theme) -> None:
        """Colour everything anew, in place."""
        self._theme = theme
        self._dress()
        self._refresh()

    def show_numbers(self) -> None:
        """Write the numbers at the axes anew, as after a change of how they are written."""
        self._refresh()

    def set_stale(self, stale: bool) -> None:
        """Dim the picture slightly while a newer one is computed; at once bright when it is there.

        A wait too short to be noticed is not shown.
        """
        if not stale:
            self._dimmer.stop()
            self._dim(False)
        elif not self._view.dimmed and not self._dimmer.isActive():
            self._dimmer.start()

    def set_dragging(self, dragging: bool) -> None:
        """Say whether the person is dragging something, or an animation plays.

        Until it ends, ranges that follow the items only grow.
        """
        if dragging == self._ranges.growing:
            return
        self._ranges.growing = dragging
        if not dragging:
            self._show_ranges(smooth=True, anew=True)

    @property
    def reduced_motion(self) -> bool:
        """Return whether ranges jump to where they go."""
        return self._ranges.still

    @reduced_motion.setter
    def reduced_motion(self, reduced: bool) -> None:
        self._ranges.still = reduced

    @property
    def moving(self) -> bool:
        """Return whether a range is on its way."""
        return self._ranges.moving

    def _dim_now(self) -> None:
        self._dim(True)

    def _dim(self, dimmed: bool) -> None:
        if self._view.dimmed != dimmed:
            self._view.dimmed = dimmed
            self._view.repaint_all()

    def _dress(self) -> None:
        self._view.ground = QColor(self._theme.panel)
        self._empty.setStyleSheet(f"color: {self._theme.muted}; background: transparent;")
        self._view.repaint_all()

    def _look(self) -> Look:
        point = self.logicalDpiY() / 72
        font = QApplication.font().pointSizeF()
        scale = max(font / _BASE_FONT, 1.0) if font > 0 else 1.0
        return Look(self._theme, point, self.devicePixelRatioF() * self._pen_scale, scale)

    def _sync_panels(self, figure: Figure) -> bool:
        # With pyqtgraph, which takes as long to load as half of all else: the first paint need not
        # wait for it.
        from zoetrope.gui.panel_view import PanelView

        names = {panel.name for panel in figure.panels}
        gone = [name for name in self._panels if name not in names]
        # A gesture may end with what it was on, and then all is shown again: so the tools are told
        # before the first panel goes, and again once all are there.
        for name in gone:
            self._tools.forget(name)
        self._figure = figure
        for name in gone:
            self._remove(name)
        changed = bool(gone)
        for panel in figure.panels:
            view = self._panels.get(panel.name)
            if view is None:
                view = self._resting.pop(panel.name, None)
                if view is None:
                    view = PanelView(self._scene, self, panel)
                    self._listen(view.surface)
                else:
                    view.wake()
                self._panels[panel.name] = view
                changed = True
            rings, renamed = view.describe(panel)
            changed = changed or renamed
            for ring in rings:
                self._listen_to_ring(ring)
            if rings:
                self._order_tabs()
        for panel in figure.panels:
            self._tools.follow(panel)
        return changed

    def _remove(self, name: str) -> None:
        self._placement.forget(name)
        view = self._resting[name] = self._panels.pop(name)
        view.rest()
        while len(self._resting) > _RESTING:
            self._resting.pop(next(iter(self._resting))).remove()

    def _order_tabs(self) -> None:
        before: QWidget | None = None
        for view in self._panels.values():
            for widget in (view.surface, *view.rings.values()):
                if before is not None:
                    QWidget.setTabOrder(before, widget)
                before = widget
                widget.raise_()

    # Where things stand

    def _arrange(self, *, anew: bool = False) -> None:
        """Give each panel its place; ranges of equal scales depend on it."""
        figure = self._figure
        if figure is None:
            return
        size, look = (self.width(), self.height()), self._look()
        if self._placement.arrange(figure, *size, look, anew=anew):
            smooth = self._ranges.growing and self._ranges.moving
            self._ranges.set_goals(figure.panels, smooth=smooth)

    def _show_ranges(self, *, smooth: bool, anew: bool = False) -> None:
        """Go to the ranges that are wanted now, at once or smoothly."""
        if self._figure is not None:
            self._tools.follow_views()
            self._ranges.set_goals(self._figure.panels, smooth=smooth)
            self._arrange(anew=anew)
            self._refresh()

    def _refresh(self) -> None:
        if self._figure is None:
            return
        look = self._look()
        for name, view in self._panels.items():
            view.refresh(look)
            self._mark(name, look)
        self._view.repaint_all()

    def _mark(self, name: str, look: Look) -> None:
        """Bring what lies over a panel up to date: selection, lasso and crosshair."""
        surface, marks = self._panels[name].surface, self._tools.marks(name, look)
        if marks.any or surface.marks.any:
            surface.marks = marks
            surface.update()

    def _touched(self, name: str) -> None:
        view = self._panels.get(name)
        if view is not None and self._figure is not None:
            look = self._look()
            view.refresh_edited(look)
            self._mark(name, look)
            self._view.repaint_all()

    def _view_edited(self) -> None:
        self._show_ranges(smooth=False)

    def _go_to_ranges(self, smooth: bool) -> None:
        self._show_ranges(smooth=smooth)

    # What the person does

    def _listen(self, surface: PanelSurface) -> None:
        # Bound methods only: anything else would keep a closed canvas alive.
        surface.menu_asked.connect(self._pop_up_menu)
        surface.hovered.connect(self._hover)
        surface.left.connect(self._leave)
        self._tools.listen(surface)
        self._gestures.listen(surface)

    def _listen_to_ring(self, ring: HandleRing) -> None:
        ring.grabbed.connect(self._start)
        ring.dropped.connect(self._drop)
        self._tools.listen_to_ring(ring)

    def reset_view(self, name: str) -> None:
        """Go back to the automatic ranges of a panel, and of those it is linked with."""
        self._gestures.reset(name)

    def _hover(self, name: str, place: QPointF) -> None:
        self._mark_all(self._tools.hover(name, place))

    def _leave(self, name: str) -> None:
        self._mark_all(self._tools.leave(name))

    def _mark_all(self, names: list[str]) -> None:
        look = self._look()
        for name in names:
            self._mark(name, look)

    def _start(self, _panel: str, _key: str) -> None:
        self.edit_started.emit()

    def _drop(self, name: str, _key: str) -> None:
        self._tools.edits.drop()
        self.edit_finished.emit()
        view = self._panels.get(name)
        if view is not None and self._figure is not None:
            view.refresh(self._look())

    def menu(self, name: str) -> PanelMenu:
        """Return the menu of a panel."""
        return PanelMenu(self, self._panels, name)

    def _pop_up_menu(self, name: str, place: QPoint) -> None:
        self.menu(name).open_at(place)

    # Pictures and places

    def grab_image(self, scale: float = 1.0, *, handles: bool = False) -> QImage:
        """Return the picture with `scale` pixels for each on the screen, lines as thick as seen."""
        image = QImage(
            round(self.width() * scale),
            round(self.height() * scale),
            QImage.Format.Format_ARGB32_Premultiplied,
        )
        image.setDevicePixelRatio(scale)
        image.fill(QColor(self._theme.panel))
        rings = [ring for view in self._panels.values() for ring in view.rings.values()]
        surfaces = [view.surface for view in self._panels.values()]
        self._pen_scale = scale / self.devicePixelRatioF()
        try:
            for ring in rings:
                ring.veiled = not handles
            for surface in surfaces:
                surface.veiled = not handles
            self._refresh()
            self.render(image, QPoint(), flags=QWidget.RenderFlag.DrawChildren)
        finally:
            self._pen_scale = 1.0
            for ring in rings:
                ring.veiled = False
            for surface in surfaces:
                surface.veiled = False
            self._refresh()
        return image

    def panel_rect(self, name: str) -> QRect:
        """Return where a panel's axes stand on the canvas, in pixels."""
        return self._panels[name].plot.toRect()

    def to_pixel(self, panel: str, x: float, y: float) -> QPointF:
        """Return the canvas pixel of a point of a panel, given in data units."""
        view = self._panels[panel]
        at_x, at_y = (float(value) for value in view.geometry.pixels(x, y))
        return view.plot.topLeft() + QPointF(at_x, at_y)

    def to_data(self, panel: str, place: QPointF) -> tuple[float, float]:
        """Return the data coordinates of a canvas pixel in a panel."""
        view = self._panels[panel]
        at = place - view.plot.topLeft()
        return view.geometry.data(at.x(), at.y())

    def visible_range(self, panel: str) -> Limits:
        """Return (x0, x1, y0, y1), what a panel's axes show now, in data units."""
        return self._panels[panel].visible_range()

    # Qt

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Fit the figure into the new size."""
        super().resizeEvent(event)
        self._view.setGeometry(self.rect())
        self._scene.setSceneRect(QRectF(self.rect()))
        self._empty.setGeometry(self.rect().adjusted(24, 24, -24, -24))
        self._show_ranges(smooth=False, anew=True)

    def event(self, event: QEvent | None) -> bool:
        """Draw anew when the screen's resolution or the font changes."""
        if event is not None and event.type() in (
            QEvent.Type.DevicePixelRatioChange,
            QEvent.Type.ApplicationFontChange,
        ):
            self._arrange(anew=True)
            self._refresh()
        return super().event(event)


def _grid(figure: Figure | None) -> object:
    if figure is None:
        return None
    return figure.widths, figure.heights, [(p.name, p.cell) for p in figure.panels]
