"""The transport bar: plays a lab's playhead in real time, or slower, or faster."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from typing import Any

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QHideEvent, QKeyEvent, QMouseEvent, QShowEvent
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from zoetrope.core.parameters import Playhead
from zoetrope.gui.glyph_button import GlyphButton
from zoetrope.gui.language import say, worded
from zoetrope.gui.quantities import number_format, rounded, with_unit
from zoetrope.gui.slider import Slider
from zoetrope.gui.slider_scale import Scale
from zoetrope.gui.speed_limit import SpeedLimit

TICK_MS = 33  # thirty pictures a second: as smooth as a film, and half the work of sixty
SLOWEST, FASTEST = 0.01, 4.0
_LONGEST = 1.0  # seconds that pass between two pictures at most: a machine that slept skips nothing
_SPEED_TICKS = 260  # a hundred to the decade
_MANY = 100  # steps


class _SpeedSlider(Slider):
    """A slider for the speed; a double click goes back to real time."""

    double_clicked = pyqtSignal()

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        """Report it."""
        self.double_clicked.emit()


class TransportBar(QWidget):
    """Play, step, scrub, speed and loop for one playhead.

    `moved` asks for a value of the playhead. While it plays, it asks again only after
    `frame_shown` was called, and for the value that belongs to the time that has passed: slow
    pictures make it coarser, never slower. `rate` returns how far the playhead goes in a second of
    real time. `scrub_started` and `scrub_finished` enclose a drag of its slider.

    A driven playhead is asked for its end once, and `reach` says how far it has come; there it
    stops. Where its speed can be limited, `limit` shows and asks for that.
    """

    moved = pyqtSignal(float)
    playing_changed = pyqtSignal(bool)
    scrub_started = pyqtSignal()
    scrub_finished = pyqtSignal()

    def __init__(
        self,
        declaration: Playhead,
        rate: Callable[[], float],
        parent: QWidget | None = None,
        *,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        super().__init__(parent)
        self._rate = rate
        self._clock = clock
        self._speed = 1.0
        self._playing = False
        self._waiting = False  # for the picture of the value that was asked for last
        self._heading: float | None = None  # the end to which a driven playhead is on its way
        self._way = 1.0  # -1 on the way back of one that swings
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._build()
        self.set_playhead(declaration)
        self.set_speed(1.0)

    def _build(self) -> None:
        self.back_button = GlyphButton(
            "back", say("Step back"), say("Step back (Left); R goes to the beginning"), self
        )
        self.play_button = GlyphButton("play", say("Play"), say("Play (Space)"), self)
        self.forward_button = GlyphButton(
            "forward",
            say("Step forward"),
            say("Step forward (S, or Right); Shift+S: a hundred steps"),
            self,
        )
        self.scrubber = Slider(parent=self)
        self.value_label = QLabel(self)
        self.value_label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.loop_button = GlyphButton("loop", say("Loop"), parent=self)
        self.loop_button.setCheckable(True)
        self.loop_button.setChecked(True)
        self.speed_slider = _SpeedSlider(_SPEED_TICKS, self._speed_tick(1.0), self)
        self.speed_slider.setAccessibleName(say("Speed of playing"))
        self.speed_slider.setFixedWidth(84)
        self.speed_label = QLabel(self)
        self.limit = SpeedLimit(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 3, 10, 3)
        row.setSpacing(4)
        for button in (self.back_button, self.play_button, self.forward_button):
            row.addWidget(button)
        row.addSpacing(6)
        row.addWidget(self.scrubber, 1)
        row.addWidget(self.value_label)
        row.addSpacing(4)
        row.addWidget(self.loop_button)
        row.addSpacing(10)
        row.addWidget(self.speed_slider)
        row.addWidget(self.speed_label)
        row.addWidget(self.limit)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.play_button.clicked.connect(self.toggle)
        self.back_button.clicked.connect(lambda: self.step(-1))
        self.forward_button.clicked.connect(lambda: self.step(1))
        self.scrubber.valueChanged.connect(self._scrubbed)
        self.scrubber.stepped.connect(self.step)
        self.scrubber.sliderPressed.connect(self.scrub_started)
        self.scrubber.sliderReleased.connect(self.scrub_finished)
        self.speed_slider.valueChanged.connect(self._speed_slid)
        self.speed_slider.stepped.connect(lambda n: self.set_speed(self._speed * 1.25**n))
        self.speed_slider.double_clicked.connect(lambda: self.set_speed(1.0))

    def set_playhead(self, declaration: Playhead) -> None:
        """Play another playhead from now on, at rest where it begins."""
        self._heading = None  # one that is driven goes on to where it was asked to
        self.pause()
        self._way = 1.0
        ends = (
            say("Turn round at the ends") if declaration.swings else say("Begin again at the end")
        )
        self.loop_button.setToolTip(ends)
        label = declaration.label
        self.setAccessibleName(say("Play {label}", label=label.lower()))
        self.scrubber.setAccessibleName(say("{label} slider", label=label))
        self.scrubber.setAccessibleDescription(say(declaration.help))
        self.value_label.setAccessibleName(say(label))
        self.value_label.setFixedSize(0, 0)
        for part in (self.loop_button, self.speed_slider, self.speed_label):
            part.setVisible(not declaration.driven)
        self.limit.setVisible(declaration.limit != "")
        self.limit.set_unit(declaration.unit)
        self._set_travel(declaration)
        self.set_value(self._low)

    def set_ends(self, declaration: Playhead) -> None:
        """Play the same playhead to other ends from now on; one that is driven goes on to those."""
        if declaration != self._declaration:
            self._set_travel(declaration)
            self._show(self._value)

    def _set_travel(self, declaration: Playhead) -> None:
        self._declaration = declaration
        self._low, self._high = declaration.travel
        self._scale = Scale(declaration)
        label, ends = declaration.label, declaration.describe()
        self.scrubber.setToolTip(say("{label}: {range}", label=label, range=ends))

    # -- playing -------------------------------------------------------------------------------

    @property
    def playing(self) -> bool:
        """Whether it plays."""
        return self._playing

    @property
    def driving(self) -> bool:
        """Whether a driven playhead is on its way."""
        return self._heading is not None

    def play(self) -> None:
        """Play from here; from the beginning if this is the end and it does not loop."""
        if self._playing:
            return
        self._playing = True
        self._waiting = False
        self._last = self._clock()
        if not (self.loop and not self._declaration.driven) and self._value >= self._high:
            self._ask(self._low)
        self.play_button.set_glyph("pause", say("Pause"), say("Pause (Space)"))
        self._run_timer()
        self.playing_changed.emit(True)

    def pause(self) -> None:
        """Stop here."""
        if not self._playing:
            return
        self._playing = False
        self.play_button.set_glyph("play", say("Play"), say("Play (Space)"))
        self._run_timer()
        if self.driving:
            self._ask(self._value)
        self.playing_changed.emit(False)

    def set_frame_rate(self, rate: int) -> None:
        """Ask for at most so many pictures a second while it plays."""
        self._timer.setInterval(round(1000 / rate))

    def toggle(self) -> None:
        """Play or pause."""
        if self._playing:
            self.pause()
        else:
            self.play()

    def step(self, steps: int) -> None:
        """Pause and move by so many steps."""
        self.pause()
        step = self._declaration.step or (self._high - self._low) / 100
        self._ask(float(f"{self._wrapped(self._value + steps * step):.10g}"))

    def rewind(self) -> None:
        """Pause and go to the beginning."""
        self.pause()
        self._ask(self._low)

    def take_key(self, event: QKeyEvent) -> bool:
        """Do what a key of the page means: Space plays, S steps, Shift+S a hundred times, R goes to
        the beginning. False if it means nothing, or the bar is not to be seen.
        """
        shift = event.modifiers() == Qt.KeyboardModifier.ShiftModifier
        plain, key = not event.modifiers(), event.key()
        if self.isHidden():
            return False
        if key == Qt.Key.Key_Space and plain:
            self.toggle()
        elif key == Qt.Key.Key_S and (plain or shift):
            self.step(_MANY if shift else 1)
        elif key == Qt.Key.Key_R and plain:
            self.rewind()
        else:
            return False
        return True

    def frame_shown(self) -> None:
        """Say that the picture asked for last is on the screen (or will never come)."""
        self._waiting = False

    def reach(self, value: float, *, ended: bool) -> None:
        """Show how far a driven playhead has come; it stops where nothing more comes."""
        if not self.driving or self.scrubber.isSliderDown():
            return
        self._show(value)
        if ended:
            self.pause()

    def _run_timer(self) -> None:
        if self._playing and self.isVisible():
            self._last = self._clock()
            self._timer.start()
        else:
            self._timer.stop()

    def _tick(self) -> None:
        if self._waiting or self.scrubber.isSliderDown():
            return
        if self._declaration.driven:
            self._drive()
            return
        now = self._clock()
        passed, self._last = min(now - self._last, _LONGEST), now
        rate = self._rate() * self._speed * self._way
        value = self._value + passed * rate
        if rate == 0.0:
            return
        if self.loop and self._declaration.swings:
            self._swing(value)
            return
        if not self.loop and not self._low <= value <= self._high:
            self._ask(self._high if value > self._high else self._low)
            self.pause()
            return
        wrapped = self._wrapped(value)
        if wrapped != self._value:  # whole turns lead to no new picture, and none may be awaited
            self._ask(wrapped)

    def _drive(self) -> None:
        """Ask for the end, once; pause where that was moved to before what is shown."""
        if self._heading == self._high:
            return
        self._heading = self._high
        if self._value < self._high:
            self.moved.emit(self._high)
        else:
            self.pause()

    def _swing(self, value: float) -> None:
        """Go on to a value, or as far beyond an end as it is, back from there."""
        beyond = value - min(max(value, self._low), self._high)
        if beyond:
            self._way = -self._way
            value = min(max(value - 2 * beyond, self._low), self._high)
        if value != self._value:
            self._ask(value)

    def _wrapped(self, value: float) -> float:
        if not self.loop or self._declaration.swings or self._declaration.driven:
            return min(max(value, self._low), self._high)
        if self._low <= value <= self._high:
            return value
        return self._low + math.fmod(
            math.fmod(value - self._low, self._high - self._low) + self._high - self._low,
            self._high - self._low,
        )

    def _ask(self, value: float) -> None:
        self._waiting = self._playing
        self._heading = None
        self.set_value(value)
        self.moved.emit(value)

    # -- what is shown -------------------------------------------------------------------------

    @property
    def value(self) -> float:
        """The playhead."""
        return self._value

    def set_value(self, value: float) -> None:
        """Show a value of the playhead, unless it is on its way; asks for nothing."""
        if not self.driving:
            self._show(value)

    def _show(self, value: float) -> None:
        self._value = value
        if not self.scrubber.isSliderDown():
            self.scrubber.show_position(self._scale.position(value))
        # As many decimals as a thousandth of the travel has: the digits stand still as it runs.
        decimals = max(0, -math.floor(math.log10((self._high - self._low) / 500)))
        text = number_format().marked(f"{value:.{decimals}f}")
        text = with_unit(text, worded(self._declaration.unit))
        # Of a fixed size: else each new text would have the whole window laid out and painted anew.
        metrics = self.value_label.fontMetrics()
        width = metrics.horizontalAdvance(f"00{text}")
        if self.value_label.width() < width or self.value_label.height() != metrics.height():
            width = max(self.value_label.width(), width)
            self.value_label.setFixedSize(width, metrics.height())
        self.value_label.setText(text)

    def show_anew(self) -> None:
        """Write its numbers anew, as after a change of how they are written, or of the language."""
        self._show(self._value)
        self.set_speed(self._speed)
        self.limit.show_anew()

    @property
    def speed(self) -> float:
        """How many times faster than in reality it plays."""
        return self._speed

    def set_speed(self, speed: float) -> None:
        """Play so many times faster than in reality, from 0.01 to 4."""
        self._speed = float(f"{min(max(speed, SLOWEST), FASTEST):.2g}")
        self.speed_slider.show_position(self._speed_tick(self._speed))
        text = number_format().marked(f"{self._speed:.2g}×")
        self.speed_label.setText(text)
        width = self.speed_label.fontMetrics().horizontalAdvance("0.025×")
        self.speed_label.setMinimumWidth(width)
        self.refresh_rate()

    def refresh_rate(self) -> None:
        """Say anew how fast the playhead goes, after parameters changed."""
        unit = say(self._declaration.unit or "units")
        try:
            rate = self._rate()
        except (ArithmeticError, ValueError, NotImplementedError):
            return
        shown = f"{with_unit(rounded(float(rate * self._speed), 3), unit)}/s"
        if self._speed == 1.0:
            tip = say("Real time: {rate}. Double-click for real time.", rate=shown)
        else:
            tip = say("{speed:.2g} times real time: {rate}. Double-click for real time.",
                      speed=self._speed, rate=shown)  # fmt: skip
        if tip != self.speed_slider.toolTip():
            self.speed_slider.setToolTip(tip)
            self.speed_label.setToolTip(tip)
            self.speed_slider.setAccessibleDescription(tip)

    @property
    def loop(self) -> bool:
        """Whether it begins again at the end."""
        return self.loop_button.isChecked()

    def state(self) -> dict[str, Any]:
        """Return what a session keeps."""
        return {"speed": self._speed, "loop": self.loop, "playing": self._playing}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what a session kept; what makes no sense is left out."""
        speed, loop = state.get("speed"), state.get("loop")
        if isinstance(speed, (int, float)) and not isinstance(speed, bool) and speed > 0:
            self.set_speed(float(speed))
        if isinstance(loop, bool):
            self.loop_button.setChecked(loop)
        if state.get("playing") is True:
            self.play()

    @staticmethod
    def _speed_tick(speed: float) -> int:
        share = math.log(speed / SLOWEST) / math.log(FASTEST / SLOWEST)
        return round(share * _SPEED_TICKS)

    def _speed_slid(self, position: int) -> None:
        near = abs(position - self._speed_tick(1.0)) <= 4
        share = position / _SPEED_TICKS
        self.set_speed(1.0 if near else SLOWEST * math.pow(FASTEST / SLOWEST, share))

    def _scrubbed(self, position: int) -> None:
        self._ask(self._scale.value(position))

    def showEvent(self, event: QShowEvent | None) -> None:
        """Go on playing."""
        super().showEvent(event)
        self._waiting = False
        self._run_timer()

    def hideEvent(self, event: QHideEvent | None) -> None:
        """Rest while nobody looks."""
        super().hideEvent(event)
        self._run_timer()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Step with the arrow keys."""
        assert event is not None
        keys = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() in keys:
            self.step(keys[Qt.Key(event.key())])
        else:
            event.ignore()
