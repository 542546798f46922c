"""The picture of a lab: draws a `Figure` with pyqtgraph and says what a person does to it.

The canvas keeps its panels by name and their items by key; a new figure only moves what is there.
It computes nothing: what is dragged, turned or clicked is emitted as parameter values.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PyQt6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QColor, QImage, QPainter, QResizeEvent
from PyQt6.QtWidgets import (
    QApplication,
    QFrame,
    QGraphicsScene,
    QGraphicsView,
    QLabel,
    QMenu,
    QWidget,
)

from zoetrope.core.figure import Edit, Figure, Handle, Panel
from zoetrope.core.theme import Theme
from zoetrope.gui.axes_item import Margins
from zoetrope.gui.geometry import Limits, Look
from zoetrope.gui.handle_ring import HandleRing
from zoetrope.gui.panel_copy import panel_text
from zoetrope.gui.panel_view import PanelView
from zoetrope.gui.theme import current_theme

_EDGE = 14.0  # pixels around the figure
_GAP = 26.0  # pixels between panels
_FRAME_MS = 16
_APPROACH = 0.35  # share of the way that a range goes in a frame: there within 150 ms
_ARRIVED = 2e-3
_STALE_MS = 150  # a picture that is late by less is not dimmed
_NUDGE = 0.01  # of the visible range, for an arrow key
_BASE_FONT = 9.0  # points; a larger system font enlarges the figure's text in proportion


class Canvas(QWidget):
    """Shows figures, and turns what is done to them into parameter values.

    `edited` carries parameter names and values; between `edit_started` and `edit_finished` it is
    one change to the person, and one step of undo. `parameter_value` tells the canvas a
    parameter's present value (after validation), from which turning and dragging start.
    """

    edited = pyqtSignal(dict)
    edit_started = pyqtSignal()
    edit_finished = pyqtSignal()

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        theme: Theme | None = None,
        parameter_value: Callable[[str], float] | None = None,
        empty_text: str = "",
    ) -> None:
        super().__init__(parent)
        self._theme = theme or current_theme()
        self.parameter_value = parameter_value
        self.reduced_motion = False
        self._figure: Figure | None = None
        self._panels: dict[str, PanelView] = {}
        self._margins: dict[str, Margins] = {}
        self._dragging = False
        self._pen_scale = 1.0
        self._turn_from: dict[str, float] = {}
        self._scene = QGraphicsScene(self)
        self._scene.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self._view = _View(self._scene, self)
        self._empty = QLabel(empty_text, self)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._empty.setProperty("look", "muted")
        self._empty.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._motion = QTimer(self)
        self._motion.setInterval(_FRAME_MS)
        self._motion.timeout.connect(self._move)
        self._dimmer = QTimer(self)
        self._dimmer.setSingleShot(True)
        self._dimmer.setInterval(_STALE_MS)
        self._dimmer.timeout.connect(partial(self._dim, True))
        self.setMinimumSize(240, 160)
        self._dress()

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
        self._figure = figure
        self._empty.setVisible(False)
        layout_changed = self._sync_panels(figure) or before is None
        layout_changed = layout_changed or _grid(figure) != _grid(before)
        self._set_goals(smooth=self._dragging or self._motion.isActive())
        self._arrange(force=layout_changed)
        self._refresh()

    def clear(self) -> None:
        """Show the empty state again."""
        self._figure = None
        for name in list(self._panels):
            self._panels.pop(name).remove()
        self._margins.clear()
        self._motion.stop()
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
        if dragging == self._dragging:
            return
        self._dragging = dragging
        if not dragging and self._figure is not None:
            self._set_goals(smooth=True)
            self._arrange(force=True)
            self._refresh()

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
        changed = False
        names = {panel.name for panel in figure.panels}
        for name in [name for name in self._panels if name not in names]:
            self._panels.pop(name).remove()
            self._margins.pop(name, None)
            changed = True
        for panel in figure.panels:
            view = self._panels.get(panel.name)
            if view is None:
                view = self._panels[panel.name] = PanelView(self._scene, self, panel)
                self._listen(panel.name, view)
                changed = True
            rings, renamed = view.describe(panel)
            changed = changed or renamed
            for ring in rings:
                key = next(key for key, value in view.rings.items() if value is ring)
                self._listen_to_ring(panel.name, key, ring)
            if rings:
                self._order_tabs()
        return changed

    def _order_tabs(self) -> None:
        before: QWidget | None = None
        for view in self._panels.values():
            for widget in (view.surface, *view.rings.values()):
                if before is not None:
                    QWidget.setTabOrder(before, widget)
                before = widget
                widget.raise_()

    # Where things stand

    def _arrange(self, *, force: bool = False) -> None:
        """Give each panel its cell; panels in a column or row share their margins."""
        figure = self._figure
        if figure is None:
            return
        look = self._look()
        cells = self._cells(figure)
        for panel in figure.panels:
            needed = self._panels[panel.name].measure(cells[panel.name], look)
            kept = self._margins.get(panel.name)
            if kept is not None and not force:  # a picture that shifts back and forth is worse
                needed = Margins(
                    max(needed.left, kept.left),
                    max(needed.top, kept.top),
                    max(needed.right, kept.right),
                    max(needed.bottom, kept.bottom),
                )
            self._margins[panel.name] = needed
        moved = False
        for panel in figure.panels:
            view = self._panels[panel.name]
            before = QRectF(view.plot)
            view.place(cells[panel.name], self._shared_margins(figure, panel))
            moved = moved or view.plot != before
        if moved:
            self._set_goals(smooth=False if not self._dragging else self._motion.isActive())

    def _shared_margins(self, figure: Figure, panel: Panel) -> Margins:
        def most(side: str, place: Callable[[Panel], int]) -> float:
            alike = [p.name for p in figure.panels if place(p) == place(panel)]
            return max(float(getattr(self._margins[name], side)) for name in alike)

        if not (panel.x.visible or panel.y.visible):
            top = most("top", lambda p: p.cell.row) if panel.title else 0.0
            return Margins(0.0, top, self._margins[panel.name].right, 0.0)
        return Margins(
            most("left", lambda p: p.cell.column),
            most("top", lambda p: p.cell.row),
            most("right", lambda p: p.cell.column + p.cell.column_span),
            most("bottom", lambda p: p.cell.row + p.cell.row_span),
        )

    def _cells(self, figure: Figure) -> dict[str, QRectF]:
        columns = max(p.cell.column + p.cell.column_span for p in figure.panels)
        rows = max(p.cell.row + p.cell.row_span for p in figure.panels)
        xs = _tracks(figure.widths, columns, self.width())
        ys = _tracks(figure.heights, rows, self.height())
        cells = {}
        for panel in figure.panels:
            cell = panel.cell
            left, top = xs[cell.column][0], ys[cell.row][0]
            right = xs[cell.column + cell.column_span - 1][1]
            bottom = ys[cell.row + cell.row_span - 1][1]
            cells[panel.name] = QRectF(left, top, right - left, bottom - top)
        return cells

    def _set_goals(self, *, smooth: bool) -> None:
        figure = self._figure
        if figure is None:
            return
        for view in self._panels.values():
            view.goal = view.with_equal_scales(view.wanted_limits(self._dragging))
        for panel in figure.panels:
            self._follow(panel)
        moving = False
        for view in self._panels.values():
            if smooth and not self.reduced_motion and view.shown is not None:
                moving = moving or view.shown != view.goal
            else:
                view.shown = view.goal
        if moving:
            if not self._motion.isActive():
                self._motion.start()
        else:
            self._motion.stop()

    def _follow(self, panel: Panel) -> None:
        view = self._panels[panel.name]
        for link, axis in ((panel.link_x, "x"), (panel.link_y, "y")):
            leader = self._panels.get(link)
            if leader is None or leader.goal is None or view.goal is None:
                continue
            if axis == "x":
                view.goal = leader.goal[:2] + view.goal[2:]
            else:
                view.goal = view.goal[:2] + leader.goal[2:]
            view.goal = view.with_equal_scales(view.goal, keep=axis)

    def _move(self) -> None:
        """Bring each visible range a little nearer to its goal."""
        moving = False
        for view in self._panels.values():
            if view.shown is None or view.goal is None or view.shown == view.goal:
                continue
            view.shown = _nearer(view.shown, view.goal)
            moving = moving or view.shown != view.goal
        if not moving:
            self._motion.stop()
        self._refresh()

    def _refresh(self) -> None:
        if self._figure is None:
            return
        look = self._look()
        for view in self._panels.values():
            view.refresh(look)
        self._view.repaint_all()

    # What the person does

    def _listen(self, name: str, view: PanelView) -> None:
        surface = view.surface
        surface.zoomed.connect(partial(self._zoom, name))
        surface.panned.connect(partial(self._pan, name))
        surface.reset.connect(partial(self.reset_view, name))
        surface.picked.connect(partial(self._pick, name))
        surface.turn_started.connect(partial(self._start_turning, name))
        surface.turned.connect(partial(self._turn, name))
        surface.turn_finished.connect(self.edit_finished)
        surface.menu_asked.connect(partial(self._pop_up_menu, name))

    def _listen_to_ring(self, name: str, key: str, ring: HandleRing) -> None:
        ring.grabbed.connect(self.edit_started)
        ring.dragged.connect(partial(self._drag, name, key))
        ring.nudged.connect(partial(self._nudge, name, key))
        ring.dropped.connect(partial(self._drop, name))

    def _leaders(self, name: str) -> tuple[PanelView, PanelView]:
        """Return the panels that rule a panel's x and y axis."""
        leaders = []
        for link in ("link_x", "link_y"):
            view, seen = self._panels[name], {name}
            while (other := getattr(view.panel, link)) in self._panels and other not in seen:
                seen.add(other)
                view = self._panels[other]
            leaders.append(view)
        return leaders[0], leaders[1]

    def _zoom(self, name: str, factor: float, place: QPointF) -> None:
        self._panels[name].zoom(factor, place)
        self._hand_to_leaders(name)

    def _pan(self, name: str, right: float, down: float) -> None:
        if self._panels[name].panel.orbit is None:
            self._panels[name].pan(right, down)
            self._hand_to_leaders(name)

    def _hand_to_leaders(self, name: str) -> None:
        view = self._panels[name]
        for index, leader in enumerate(self._leaders(name)):
            if leader is not view:
                leader.manual[index] = view.manual[index]
                view.manual[index] = None
        self._set_goals(smooth=False)
        self._arrange()
        self._refresh()

    def reset_view(self, name: str) -> None:
        """Go back to the automatic ranges of a panel, and of those it is linked with."""
        for view in (self._panels[name], *self._leaders(name)):
            view.manual = [None, None]
        self._set_goals(smooth=True)
        self._arrange()
        self._refresh()

    def _pick(self, name: str, place: QPointF) -> None:
        view = self._panels[name]
        x, y = view.geometry.data(place.x(), place.y())
        edits = ((view.panel.pick_x, x), (view.panel.pick_y, y))
        values = {edit.parameter: edit.value(at) for edit, at in edits if edit is not None}
        if values:
            self.edit_started.emit()
            self.edited.emit(values)
            self.edit_finished.emit()

    def _start_turning(self, name: str) -> None:
        orbit = self._panels[name].panel.orbit
        if orbit is None:
            return
        self.edit_started.emit()
        value = self.parameter_value
        self._turn_from = {
            edit.parameter: edit.coordinate(value(edit.parameter)) if value else 0.0
            for edit in (orbit.azimuth, orbit.elevation)
        }

    def _turn(self, name: str, azimuth: float, elevation: float) -> None:
        orbit = self._panels[name].panel.orbit
        if orbit is None:
            return
        turns = ((orbit.azimuth, azimuth), (orbit.elevation, elevation))
        values = {
            edit.parameter: edit.value(self._turn_from.get(edit.parameter, 0.0) + degrees)
            for edit, degrees in turns
        }
        self.edited.emit(values)

    def _handle(self, name: str, key: str) -> Handle | None:
        view = self._panels.get(name)
        items = view.panel.items if view is not None else ()
        return next((i for i in items if isinstance(i, Handle) and i.key == key), None)

    def _drag(self, name: str, key: str, centre: QPointF) -> None:
        handle = self._handle(name, key)
        if handle is None:
            return
        view = self._panels[name]
        place = centre - view.plot.topLeft()
        self._edit_handle(view, handle, *view.geometry.data(place.x(), place.y()))

    def _nudge(self, name: str, key: str, right: float, up: float) -> None:
        handle = self._handle(name, key)
        if handle is None:
            return
        view = self._panels[name]
        geometry = view.geometry
        place = view.rings[key].centre - view.plot.topLeft()
        x = place.x() + _NUDGE * right * geometry.width
        y = place.y() - _NUDGE * up * geometry.height
        self._edit_handle(view, handle, *geometry.data(x, y))

    def _edit_handle(self, view: PanelView, handle: Handle, x: float, y: float) -> None:
        edits = ((handle.x_edit, x), (handle.y_edit, y))
        values = {edit.parameter: edit.value(at) for edit, at in edits if edit is not None}
        if not values:
            return
        self.edited.emit(values)
        ring = view.rings.get(handle.key)
        if ring is None or not ring.held:  # the change may have brought another figure
            return
        x = self._settled(handle.x_edit, x, handle.x)
        y = self._settled(handle.y_edit, y, handle.y)
        at_x, at_y = (float(value) for value in view.geometry.pixels(x, y))
        ring.centre_at(view.plot.topLeft() + QPointF(at_x, at_y))

    def _settled(self, edit: Edit | None, asked: float, drawn: float) -> float:
        """Return where a ring belongs: where the parameter's validated value puts it."""
        if edit is None:
            return drawn
        if self.parameter_value is None:
            return asked
        try:
            return edit.coordinate(self.parameter_value(edit.parameter))
        except ZeroDivisionError:  # every place means the same value
            return drawn

    def _drop(self, name: str) -> None:
        self.edit_finished.emit()
        view = self._panels.get(name)
        if view is not None and self._figure is not None:
            view.refresh(self._look())

    # The menu

    def menu(self, name: str) -> QMenu:
        """Return the menu of a panel."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, act in (
            ("Reset view", self.reset_view),
            ("Copy data", self.copy_data),
            ("Copy picture", self.copy_picture),
        ):
            action = menu.addAction(text)
            if action is not None:
                action.triggered.connect(partial(_without_state, act, name))
        return menu

    def _pop_up_menu(self, name: str, place: QPoint) -> None:
        self.menu(name).popup(place)

    def copy_data(self, name: str) -> None:
        """Put a panel's numbers on the clipboard as a table."""
        clipboard = QApplication.clipboard()
        if clipboard is not None:
            clipboard.setText(panel_text(self._panels[name].panel))

    def copy_picture(self, name: str) -> None:
        """Put the picture of a panel on the clipboard, at twice the screen's resolution."""
        clipboard = QApplication.clipboard()
        if clipboard is not None:
            scale = 2.0
            cell = self._panels[name].cell.adjusted(-8, -8, 8, 8).intersected(QRectF(self.rect()))
            part = QRectF(cell.topLeft() * scale, cell.size() * scale).toRect()
            clipboard.setImage(self.grab_image(scale).copy(part))

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
        self._pen_scale = scale / self.devicePixelRatioF()
        try:
            for ring in rings:
                ring.veiled = not handles
            self._refresh()
            self.render(image, QPoint(), flags=QWidget.RenderFlag.DrawChildren)
        finally:
            self._pen_scale = 1.0
            for ring in rings:
                ring.veiled = False
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
        self._set_goals(smooth=False)
        self._arrange(force=True)
        self._refresh()

    def event(self, event: QEvent | None) -> bool:
        """Draw anew when the screen's resolution or the font changes."""
        if event is not None and event.type() in (
            QEvent.Type.DevicePixelRatioChange,
            QEvent.Type.ApplicationFontChange,
        ):
            self._arrange(force=True)
            self._refresh()
        return super().event(event)


class _View(QGraphicsView):
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


def _grid(figure: Figure | None) -> object:
    if figure is None:
        return None
    return figure.widths, figure.heights, [(p.name, p.cell) for p in figure.panels]


def _tracks(shares: tuple[float, ...], count: int, size: float) -> list[tuple[float, float]]:
    """Return where each column or row begins and ends; one without a share has 1."""
    weights = [*shares[:count], *[1.0] * (count - len(shares))]
    room = max(size - 2 * _EDGE - _GAP * (count - 1), 10.0 * count)
    at, tracks = _EDGE, []
    for weight in weights:
        length = room * weight / sum(weights)
        tracks.append((at, at + length))
        at += length + _GAP
    return tracks


def _nearer(shown: Limits, goal: Limits) -> Limits:
    left = max(
        abs(shown[i] - goal[i]) / max(abs(goal[i | 1] - goal[i & 2]), 1e-300) for i in range(4)
    )
    if left < _ARRIVED:
        return goal
    x0, x1, y0, y1 = (a + _APPROACH * (b - a) for a, b in zip(shown, goal, strict=True))
    return x0, x1, y0, y1


def _without_state(act: Callable[[str], None], name: str, checked: bool = False) -> None:
    act(name)
