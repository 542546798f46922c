"""The export dialog with an export process that does what the test tells it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtCore import QBuffer, QIODevice, Qt
from PyQt6.QtGui import QGuiApplication, QImage
from PyQt6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from zoetrope.core.animated_number import parse_animated
from zoetrope.core.animation import Estimate
from zoetrope.core.damped.lab import LAB
from zoetrope.core.device import Context
from zoetrope.core.export_batch import Batch, BatchReport
from zoetrope.core.export_messages import Done, Failed, Progress, Request
from zoetrope.core.lab import Action, Animate, OwnFile, final_frame
from zoetrope.core.parameters import Parameters, number, pages
from zoetrope.core.print_styles import STYLES
from zoetrope.core.recipe import Recipe
from zoetrope.gui import export_dialog
from zoetrope.gui.export_animate import AnimateChoice
from zoetrope.gui.export_choices import LIMITS, Choices, sizes
from zoetrope.gui.export_dialog import ExportDialog
from zoetrope.gui.export_formats import free_name, offered
from zoetrope.gui.exporting import Exporter, Subject, copy_figure, export_again
from zoetrope.gui.notices import Notices

# The offscreen platform says so of every window with a least size, and of every popup.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


class FakeProcess:
    def __init__(self, notify: Callable[[Any], None]) -> None:
        self.notify = notify
        self.requests: list[Request] = []
        self.cancelled: list[int] = []
        self.closed = False

    def submit(self, request: Request) -> int:
        self.requests.append(request)
        return len(self.requests)

    def cancel(self, ticket: int) -> None:
        self.cancelled.append(ticket)

    def close(self) -> None:
        self.closed = True

    @property
    def files(self) -> list[int]:
        return [n for n, request in enumerate(self.requests, 1) if request.path is not None]

    @property
    def previews(self) -> list[int]:
        return [n for n, request in enumerate(self.requests, 1) if request.path is None]


def a_picture(colour: str = "#336699") -> QImage:
    image = QImage(60, 40, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.blue)
    return image


def png() -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    a_picture().save(buffer, "PNG")
    return bytes(buffer.data().data())


@pytest.fixture
def subject() -> Subject:
    parameters = LAB.parameters()
    frame = final_frame(LAB, parameters, Context("cpu"))
    return Subject(LAB, parameters, frame, (640, 480), "light", lambda scale: a_picture())


@pytest.fixture
def process(qtbot: QtBot) -> list[FakeProcess]:
    return []


@pytest.fixture
def exporter(process: list[FakeProcess]) -> Iterator[Exporter]:
    def make(notify: Callable[[Any], None]) -> FakeProcess:
        process.append(FakeProcess(notify))
        return process[-1]

    exporter = Exporter(make)
    yield exporter
    exporter.close()


@pytest.fixture
def dialog(
    qtbot: QtBot, exporter: Exporter, subject: Subject, tmp_path: Path, monkeypatch: Any
) -> Iterator[ExportDialog]:
    monkeypatch.setattr(export_dialog, "PREVIEW_AFTER_MS", 0)
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = ExportDialog(exporter, subject, {"folder": str(tmp_path)}, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    dialog.show()
    yield dialog
    dialog.close()


def choose(dialog: ExportDialog, **values: str) -> None:
    for name, value in values.items():
        box = getattr(dialog.form, name)
        box.setCurrentIndex(box.findData(value))
        assert box.currentData() == value


def test_a_preview_of_what_is_chosen_is_asked_for_and_shown(
    qtbot: QtBot, dialog: ExportDialog, process: list[FakeProcess]
) -> None:
    qtbot.waitUntil(lambda: bool(process and process[0].previews))
    request = process[0].requests[-1]
    assert request.lab == LAB.id
    assert request.frame is not None
    width, height, dpi = request.options.layout()
    assert (round(width), round(height)) == (170, 105)
    room = dialog.preview.room()
    assert width / 25.4 * dpi <= room.width() + 1
    assert height / 25.4 * dpi <= room.height() + 1
    assert dialog.preview.waiting  # what is shown is the picture of the screen
    process[0].notify(Done(process[0].previews[-1], png()))
    qtbot.waitUntil(lambda: not dialog.preview.waiting)
    assert dialog.preview.image is not None
    assert dialog.preview.image.width() == 60


def test_the_old_preview_stays_while_a_new_one_is_made(
    qtbot: QtBot, dialog: ExportDialog, process: list[FakeProcess]
) -> None:
    qtbot.waitUntil(lambda: bool(process and process[0].previews))
    process[0].notify(Done(process[0].previews[-1], png()))
    qtbot.waitUntil(lambda: not dialog.preview.waiting)
    before = len(process[0].previews)
    choose(dialog, theme="dark")
    qtbot.waitUntil(lambda: len(process[0].previews) > before)
    assert process[0].requests[-1].options.theme == "dark"
    assert dialog.preview.waiting
    assert dialog.preview.image is not None
    process[0].notify(Failed(process[0].previews[-1], "It does not fit."))
    qtbot.waitUntil(lambda: "fit" in dialog.preview.text)
    assert dialog.preview.image is not None
    assert process[0].cancelled == []  # which would end the process


def test_a_size_is_chosen_by_its_name(dialog: ExportDialog) -> None:
    choose(dialog, size_="column")
    assert (dialog.form.width_.value(), dialog.form.unit.currentData()) == (85.0, "mm")
    assert not dialog.form.width_.isEnabled()
    choose(dialog, size_="screen")
    assert (dialog.form.width_.value(), dialog.form.height_.value()) == (640, 480)
    assert dialog.form.unit.currentData() == "px"
    choose(dialog, size_="own")
    assert dialog.form.width_.isEnabled()
    dialog.form.width_.setValue(123)
    assert "123" in dialog.choices().options(["a"]).size


def test_only_what_matters_for_a_format_can_be_chosen(dialog: ExportDialog) -> None:
    choose(dialog, format="svg")
    assert not dialog.form.rows.isRowVisible(dialog.form.dpi)
    assert not dialog.form.rows.isRowVisible(dialog.form.fps)
    choose(dialog, format="png")
    assert dialog.form.rows.isRowVisible(dialog.form.dpi)
    choose(dialog, format="gif")
    assert dialog.form.rows.isRowVisible(dialog.form.fps)
    assert not dialog.form.transparent.isEnabled()
    choose(dialog, format="csv")
    assert not dialog.form.rows.isRowVisible(dialog.form.size_)
    assert dialog.about.text()


def test_any_number_can_be_animated_between_two_ends(
    qtbot: QtBot, dialog: ExportDialog, process: list[FakeProcess]
) -> None:
    form = dialog.form
    choose(dialog, format="svg")
    assert not form.rows.isRowVisible(form.animate)
    choose(dialog, format="gif")
    assert form.rows.isRowVisible(form.animate)
    assert form.animate.plays
    assert form.rows.isRowVisible(form.speed)
    assert dialog.choices().animate == ""
    form.animate.what.setCurrentIndex(form.animate.what.findData("amplitude"))
    assert (form.animate.start.text(), form.animate.stop.text()) == ("0", "2")  # of its slider
    assert not form.rows.isRowVisible(form.speed)
    for field, typed in ((form.animate.start, "0,5"), (form.animate.stop, "1.5 m")):
        field.setFocus()
        field.selectAll()
        qtbot.keyClicks(field, typed)
        qtbot.keyClick(field, Qt.Key.Key_Tab)
    assert dialog.choices().options(["signal"]).animate == "amplitude=0.5..1.5:even"
    dialog.export.click()
    request = process[0].requests[process[0].files[0] - 1]
    assert request.options.animate == "amplitude=0.5..1.5:even"
    assert request.parameters["amplitude"] == LAB.parameters().amplitude


def test_ends_that_a_number_cannot_reach_are_said_and_not_exported(
    qtbot: QtBot, dialog: ExportDialog
) -> None:
    choose(dialog, format="gif")
    form = dialog.form.animate
    form.what.setCurrentIndex(form.what.findData("amplitude"))
    for typed, said in (("11", "above the largest allowed, 10 m"), ("x", "must be a number")):
        form.stop.clear()
        qtbot.keyClicks(form.stop, typed)
        qtbot.keyClick(form.stop, Qt.Key.Key_Return)
        assert said in dialog.message.text()
        assert not dialog.export.isEnabled()
    choose(dialog, format="svg")  # which moves nothing
    assert dialog.export.isEnabled()
    assert dialog.message.text() == ""


def test_without_a_playhead_the_action_of_the_lab_comes_first(
    qtbot: QtBot, exporter: Exporter, subject: Subject
) -> None:
    @dataclass(frozen=True)
    class Still(Parameters):
        width: float = number(1.0, "Width", 0.1, 10.0, log=True)

    sweep = Action("sweep", "Sweep the width", animate=Animate("width", 10.0, 0.1, 8.0))
    still = replace(subject, parameters=Still())
    form = AnimateChoice(replace(still, frame=replace(subject.frame, actions=(sweep,), idle={})))
    qtbot.addWidget(form)
    assert [form.what.itemText(at) for at in range(2)] == ["Sweep the width", "Width"]
    assert (form.text(), form.plays) == ("", False)
    form.choose("width=0.5..5:even")
    assert form.text() == "width=0.5..5.0:log"  # by equal factors, as its slider goes
    form.choose("width=10..0.1")
    assert (form.what.currentText(), form.text()) == ("Sweep the width", "")


def test_an_animation_is_remembered_for_labs_that_have_its_number(
    qtbot: QtBot, exporter: Exporter, subject: Subject
) -> None:
    remembered = Choices(format="gif", animate="decay=0.1..5:log").plain()
    dialog = ExportDialog(exporter, subject, remembered)
    qtbot.addWidget(dialog)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    assert dialog.choices().animate == "decay=0.1..5.0:log"
    another = Choices(format="gif", animate="width_x=0.1..5:log").plain()
    assert subject.choices(another).animate == ""
    dialog.close()


@dataclass(frozen=True)
class Turning(Parameters):
    page: str = pages("one", {"one": "One", "two": "Two"})
    width: float = number(1.0, "Width", 0.1, 10.0, log=True, pages=("one",))
    height: float = number(1.0, "Height", 0.1, 10.0, pages=("two",))


def without_a_playhead(subject: Subject, page: str, *actions: Action) -> Subject:
    frame = replace(subject.frame, actions=actions, idle={})
    return replace(subject, parameters=Turning(page=page), frame=frame)


def test_with_nothing_that_plays_by_itself_the_first_number_of_the_page_is_animated(
    qtbot: QtBot, exporter: Exporter, subject: Subject, process: list[FakeProcess], tmp_path: Path
) -> None:
    """What was remembered came from a lab that has a playhead, or from another page."""
    for animate in ("", "height=1..2:even"):
        remembered = Choices(format="gif", animate=animate, folder=str(tmp_path)).plain()
        shown = without_a_playhead(subject, "one")
        notices = Notices()
        qtbot.addWidget(notices)
        export_again(exporter, shown, remembered, notices, lambda text: None)
        asked = process[0].requests[-1].options.animate
        assert parse_animated(asked, shown.parameters).written() == "width=0.1..10.0:log"
        dialog = ExportDialog(exporter, shown, remembered)
        qtbot.addWidget(dialog)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        assert dialog.choices().animate == asked  # as the dialog itself would
        dialog.close()
    remembered = Choices(format="gif", animate="height=1..2:even").plain()
    assert without_a_playhead(subject, "two").choices(remembered).animate == "height=1..2:even"
    sweep = Action("sweep", "Sweep", animate=Animate("width", 10.0, 0.1, 8.0))
    assert without_a_playhead(subject, "one", sweep).choices(remembered).animate == ""


def test_the_ending_follows_the_format(dialog: ExportDialog, tmp_path: Path) -> None:
    assert dialog.file.text() == str(tmp_path / "damped.svg")
    choose(dialog, format="pdf")
    assert dialog.file.text() == str(tmp_path / "damped.pdf")


def test_panels_can_be_left_out_but_not_all(
    dialog: ExportDialog, process: list[FakeProcess]
) -> None:
    dialog.form.panels["energy"].setChecked(False)
    assert dialog.choices().options(["signal", "energy"]).panels == ("signal",)
    dialog.form.panels["signal"].setChecked(False)
    assert not dialog.export.isEnabled()
    assert dialog.message.text() == "Choose at least one panel."
    dialog.form.panels["signal"].setChecked(True)
    assert dialog.export.isEnabled()
    assert dialog.message.isHidden()


def test_an_export_reports_progress_and_is_remembered(
    qtbot: QtBot, dialog: ExportDialog, process: list[FakeProcess], tmp_path: Path
) -> None:
    choose(dialog, format="png")
    leaving: list[str] = []
    dialog._exporter.leaving.connect(leaving.append)
    dialog.export.click()
    ticket = process[0].files[-1]
    assert process[0].requests[ticket - 1].path == tmp_path / "damped.png"
    assert [Recipe.from_json(text).lab for text in leaving] == [LAB.id]
    assert not dialog.export.isEnabled()
    process[0].notify(Progress(ticket, 0.5, 75.0))
    qtbot.waitUntil(lambda: dialog.progress.value() == 500)
    assert "75 s left" in dialog.progress.format()
    with qtbot.waitSignal(dialog.exported) as told:
        process[0].notify(Done(ticket, tmp_path / "damped.png"))
    path, remembered = told.args
    assert path == tmp_path / "damped.png"
    assert Choices.adapt(remembered).format == "png"
    assert not dialog.isVisible()


def test_a_failure_is_a_sentence_in_the_dialog(
    qtbot: QtBot, dialog: ExportDialog, process: list[FakeProcess]
) -> None:
    dialog.export.click()
    process[0].notify(Failed(process[0].files[-1], "The disk is full."))
    qtbot.waitUntil(lambda: dialog.message.text() == "The disk is full.")
    assert dialog.isVisible()
    assert dialog.export.isEnabled()


def test_cancel_stops_the_export_and_the_dialog_stays(
    qtbot: QtBot, dialog: ExportDialog, process: list[FakeProcess]
) -> None:
    dialog.export.click()
    ticket = process[0].files[-1]
    dialog.cancel.click()
    assert process[0].cancelled == [ticket]
    assert dialog.isVisible()
    process[0].notify(Done(ticket, Path("late.svg")))  # crossed with the cancellation
    dialog.cancel.click()
    assert not dialog.isVisible()


def test_a_folder_that_is_not_there_is_said(
    dialog: ExportDialog, process: list[FakeProcess], tmp_path: Path
) -> None:
    dialog.file.setText(str(tmp_path / "nowhere" / "figure.svg"))
    dialog.export.click()
    assert "There is no folder" in dialog.message.text()
    assert not process or not process[0].files


def test_every_control_has_a_name(dialog: ExportDialog) -> None:
    for widget in (
        *dialog.form.panels.values(),
        dialog.form.format,
        dialog.form.size_,
        dialog.form.dpi,
        dialog.form.animate.what,
        dialog.form.animate.start,
        dialog.form.animate.stop,
        dialog.file,
    ):
        assert widget.accessibleName()


def test_exporting_again_takes_the_next_free_name(
    qtbot: QtBot, exporter: Exporter, subject: Subject, process: list[FakeProcess], tmp_path: Path
) -> None:
    (tmp_path / "damped.png").write_text("")
    notices = Notices()
    qtbot.addWidget(notices)
    said: list[str] = []
    remembered = Choices(format="png", folder=str(tmp_path)).plain()
    export_again(exporter, subject, remembered, notices, said.append)
    assert process[0].requests[0].path == tmp_path / "damped-2.png"
    process[0].notify(Failed(1, "The disk is full."))
    qtbot.waitUntil(lambda: bool(notices.texts()))
    assert notices.texts() == ["damped-2.png was not exported. The disk is full."]


def test_a_copied_figure_is_a_picture_a_drawing_and_a_recipe(
    qtbot: QtBot, exporter: Exporter, subject: Subject, process: list[FakeProcess]
) -> None:
    notices = Notices()
    qtbot.addWidget(notices)
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    copy_figure(exporter, subject, notices, lambda text: None)
    data = clipboard.mimeData()
    assert data is not None
    assert data.hasImage()
    path = process[0].requests[0].path
    assert path is not None
    path.write_text("<svg/>")
    process[0].notify(Done(1, path))

    def whole() -> None:
        data = clipboard.mimeData()
        assert data is not None
        assert bytes(data.data("image/svg+xml").data()) == b"<svg/>"
        assert data.hasImage()
        assert Recipe.from_code(data.text()).lab == LAB.id

    qtbot.waitUntil(whole)
    assert not path.parent.exists()


def test_what_was_copied_meanwhile_is_left_alone(
    qtbot: QtBot, exporter: Exporter, subject: Subject, process: list[FakeProcess]
) -> None:
    notices = Notices()
    qtbot.addWidget(notices)
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    copy_figure(exporter, subject, notices, lambda text: None)
    clipboard.setText("something else")
    path = process[0].requests[0].path
    assert path is not None
    path.write_text("<svg/>")
    process[0].notify(Done(1, path))
    qtbot.waitUntil(lambda: not path.parent.exists())
    assert clipboard.text() == "something else"


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"format": "exe", "size": 3, "unit": "furlong", "theme": None},
        {"width": 1e9, "dpi": -1, "seconds": "x"},
        {"hidden": "signal"},
        {"transparent": 1},
    ],
)
def test_remembered_choices_that_do_not_fit_become_usual_ones(values: dict[str, Any]) -> None:
    choices = Choices.adapt(values)
    choices.options(["a"]).check()
    for name, (low, high) in LIMITS.items():
        assert low <= getattr(choices, name) <= high


def test_choices_come_back_from_the_session() -> None:
    choices = Choices(format="gif", hidden=("energy",), seconds=3.0, transparent=True)
    assert Choices.adapt(choices.plain()) == choices


def test_every_named_size_can_be_exported() -> None:
    for key, style in STYLES.items():
        assert key in sizes()
        choices = Choices(size=key, width=style.width, height=style.height, font=style.font)
        choices.options(["a"]).check()
        choices.preview_options(["a"], (400, 300)).check()
        assert choices.describe()


def test_whose_guide_a_style_follows_is_told_and_where_it_is_unsure(dialog: ExportDialog) -> None:
    told = {}
    for style in ("ieee-single", "icml-single", "slide"):
        choose(dialog, size_=style)
        told[style] = dialog.form.size_.toolTip()
    assert told["ieee-single"].startswith("The numbers follow ieeeauthorcenter.ieee.org. They were")
    assert told["icml-single"] == "The numbers follow icml.sty."
    assert told["slide"] == ""


def test_a_lab_without_a_playhead_has_no_animations() -> None:
    assert {known.kind for known in offered(False, {})} == {"drawing", "picture", "data"}


def test_the_labs_own_files_are_offered_previewed_and_named(
    qtbot: QtBot, exporter: Exporter, subject: Subject, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(export_dialog, "PREVIEW_AFTER_MS", 0)
    files = {
        "py": OwnFile("Program", "print(1)\n"),
        "csr.npz": OwnFile("Mask", {"indptr": [0, 1], "indices": [0]}),
    }
    own = replace(subject, frame=replace(subject.frame, files=files))
    parent = QWidget()
    qtbot.addWidget(parent)
    remembered = {"folder": str(tmp_path), "format": "csr.npz"}
    dialog = ExportDialog(exporter, own, remembered, parent)
    dialog.show()
    assert dialog.file.text().endswith("damped.csr.npz")
    assert not dialog.form.rows.isRowVisible(dialog.form.size_)
    qtbot.waitUntil(lambda: "indptr, indices" in dialog.preview.text)
    choose(dialog, format="py")
    assert dialog.file.text().endswith("damped.py")
    qtbot.waitUntil(lambda: dialog.preview.text.startswith("print(1)"))
    choose(dialog, format="svg")
    assert dialog.form.rows.isRowVisible(dialog.form.size_)
    dialog.file.setText(str(tmp_path / "taken.csr.npz"))  # the format follows what is typed
    assert dialog.choices().format == "csr.npz"
    assert subject.choices(remembered).format == "svg"  # where no lab has such a file
    dialog.close()


def test_the_next_free_name(tmp_path: Path) -> None:
    assert free_name(tmp_path, "rope", "svg").name == "rope.svg"
    for name in ("rope.svg", "rope-2.svg"):
        (tmp_path / name).write_text("")
    assert free_name(tmp_path, "rope", "svg").name == "rope-3.svg"
    assert free_name(tmp_path, "rope-2", "svg").name == "rope-3.svg"


def test_a_typed_ending_chooses_the_format(
    dialog: ExportDialog, process: list[FakeProcess], tmp_path: Path
) -> None:
    dialog.file.setText("x.png")
    assert dialog.choices().format == "png"
    assert "pixels" in dialog.about.text()
    assert dialog.file.text() == "x.png"
    dialog.export.click()
    assert process[0].requests[-1].path == tmp_path / "x.png"
    assert dialog.file.text() == str(tmp_path / "x.png")


def test_a_name_without_an_ending_gets_that_of_the_format(
    dialog: ExportDialog, process: list[FakeProcess], tmp_path: Path
) -> None:
    dialog.file.setText("x")
    dialog.export.click()
    assert process[0].requests[-1].path == tmp_path / "x.svg"


def test_a_tilde_before_no_ones_name_is_a_letter_like_others(
    dialog: ExportDialog, process: list[FakeProcess], tmp_path: Path
) -> None:
    dialog.file.setText("~no-such-person.svg")
    dialog.form.font_size.setValue(9.0)  # reads the choices, and the file's folder among them
    dialog.export.click()
    assert process[0].requests[-1].path == tmp_path / "~no-such-person.svg"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("", "Type a file name."),
        ("a" * 300, "too long"),
        ("a\0b.svg", "null character"),
        ("/", "is a folder"),
    ],
)
def test_a_name_that_cannot_be_is_said(
    dialog: ExportDialog, process: list[FakeProcess], name: str, says: str
) -> None:
    dialog.file.setText(name)
    dialog.export.click()
    assert says in dialog.message.text()
    assert not process or not process[0].files


def test_a_file_that_is_there_is_replaced_only_on_a_second_click(
    dialog: ExportDialog, process: list[FakeProcess], tmp_path: Path
) -> None:
    (tmp_path / "x.svg").write_text("mine")
    dialog.file.setText("x.svg")
    dialog.export.click()
    assert dialog.message.text().startswith("Replace x.svg?")
    assert dialog.export.text() == "&Replace"
    assert not process or not process[0].files
    dialog.file.setText("y.svg")
    assert dialog.export.text() == "&Export"
    dialog.file.setText("x.svg")
    dialog.export.click()
    dialog.export.click()
    assert len(process[0].files) == 1


def test_the_height_of_a_column_follows_from_its_panels(dialog: ExportDialog) -> None:
    choose(dialog, size_="nature-single")
    options = dialog.choices().options(["signal", "energy"])
    assert (options.size, options.tallest) == ("89mm", 170.0)
    assert "as high as its panels need" in dialog.about.text()


def test_animations_have_a_resolution_of_their_own(dialog: ExportDialog) -> None:
    choose(dialog, format="png")
    assert dialog.form.dpi.value() == 300
    choose(dialog, format="gif")
    assert dialog.form.dpi.value() == 150
    assert dialog.choices().options(["signal"]).dpi == 150
    dialog.form.dpi.setValue(96)
    choose(dialog, format="csv")
    choose(dialog, format="pdf")
    assert dialog.choices().options(["signal"]).dpi == 300
    choose(dialog, format="webp")
    remembered = Choices.adapt(dialog.choices().plain())
    assert (remembered.dpi, remembered.film_dpi, remembered.resolution) == (300, 96, 96)


def test_what_an_animation_will_come_to_is_shown(
    qtbot: QtBot, dialog: ExportDialog, process: list[FakeProcess]
) -> None:
    choose(dialog, format="gif")
    qtbot.waitUntil(lambda: bool(process and process[0].previews))
    process[0].notify(Done(process[0].previews[-1], png()))
    qtbot.waitUntil(lambda: "gif" in [request.estimated for request in process[0].requests])
    ticket = 1 + [request.estimated for request in process[0].requests].index("gif")
    process[0].notify(Done(ticket, Estimate(250, 75.2, 3_240_000)))
    qtbot.waitUntil(lambda: "250 pictures" in dialog.about.text())
    assert "about 3.2 MB, takes about 75 s" in dialog.about.text()
    choose(dialog, format="png")
    assert "250 pictures" not in dialog.about.text()


def test_a_still_is_not_estimated(
    qtbot: QtBot, dialog: ExportDialog, process: list[FakeProcess]
) -> None:
    qtbot.waitUntil(lambda: bool(process and process[0].previews))
    process[0].notify(Done(process[0].previews[-1], png()))
    qtbot.waitUntil(lambda: not dialog.preview.waiting)
    assert not any(request.estimated for request in process[0].requests)


def test_titles_go_to_the_caption_in_print_and_stay_on_the_picture_elsewhere(
    dialog: ExportDialog,
) -> None:
    assert dialog.choices().options(["signal", "energy"]).lettered
    choose(dialog, theme="dark")
    assert not dialog.choices().options(["signal", "energy"]).lettered
    dialog.form.letters.setChecked(True)
    assert dialog.choices().options(["signal", "energy"]).lettered
    choose(dialog, theme="print")
    dialog.form.letters.setChecked(False)
    assert not Choices.adapt(dialog.choices().plain()).letters


def test_the_caption_is_that_of_what_is_chosen_and_can_be_copied(dialog: ExportDialog) -> None:
    whole = dialog.caption.text.toPlainText()
    assert "(a)" in whole
    assert "(b)" in whole
    assert "Parameters: " in whole
    dialog.form.panels["energy"].setChecked(False)
    alone = dialog.caption.text.toPlainText()
    assert len(alone) < len(whole)
    assert "(a)" not in alone
    dialog.caption.copy.click()
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    assert clipboard.text() == alone
    choose(dialog, format="csv")
    assert dialog.caption.isHidden()


def test_escape_closes_the_dialog(qtbot: QtBot, dialog: ExportDialog) -> None:
    qtbot.keyClick(dialog.file, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def press_quit(qtbot: QtBot, dialog: ExportDialog) -> None:
    dialog.activateWindow()
    qtbot.waitUntil(lambda: dialog.isActiveWindow())
    qtbot.keyClick(dialog, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)


def test_ctrl_q_closes_the_dialog_and_asks_to_quit(qtbot: QtBot, dialog: ExportDialog) -> None:
    with qtbot.waitSignal(dialog.quit_asked):
        press_quit(qtbot, dialog)
    assert not dialog.isVisible()


def test_ctrl_q_stops_an_export_only_on_a_second_press(
    qtbot: QtBot, dialog: ExportDialog, process: list[FakeProcess]
) -> None:
    dialog.export.click()
    with qtbot.assertNotEmitted(dialog.quit_asked):
        press_quit(qtbot, dialog)
    assert "again" in dialog.message.text()
    assert dialog.isVisible()
    assert process[0].cancelled == []
    with qtbot.waitSignal(dialog.quit_asked):
        press_quit(qtbot, dialog)
    assert process[0].cancelled == [process[0].files[-1]]
    assert not dialog.isVisible()


@pytest.mark.parametrize(
    ("size", "words"),
    [(400, "0.4 kB"), (12_345, "12 kB"), (999_600, "1.0 MB"), (3.24e6, "3.2 MB"), (2e8, "200 MB")],
)
def test_sizes_of_files(size: float, words: str) -> None:
    assert export_dialog.in_bytes(size) == words


def test_a_style_brings_its_type_and_what_is_changed_then_stays(dialog: ExportDialog) -> None:
    choose(dialog, size_="ieee-single")
    options = dialog.choices().options(["signal", "energy"])
    assert (options.font, options.font_size, options.least_text) == ("times", 9.0, 8.0)
    dialog.form.font_size.setValue(10.0)
    choose(dialog, font_="sans", format="pdf")
    options = dialog.choices().options(["signal", "energy"])
    assert (options.font, options.font_size, options.size) == ("sans", 10.0, "88.9mm")
    choose(dialog, size_="slide")
    assert not dialog.choices().letters  # a slide stands alone
    again = Choices.adapt(dialog.choices().plain())
    assert again == dialog.choices()


def test_a_caption_is_shown_copied_and_written_in_the_form_that_is_chosen(
    dialog: ExportDialog,
) -> None:
    for form, begin in (("txt", "Damped"), ("md", "**Damped"), ("tex", r"\caption{\textbf{Damped")):
        dialog.caption.form.setCurrentIndex(dialog.caption.form.findData(form))
        dialog.caption.copy.click()
        clipboard = QGuiApplication.clipboard()
        assert clipboard is not None
        assert clipboard.text() == dialog.caption.text.toPlainText()
        assert clipboard.text().startswith(begin)
        assert dialog.choices().options(["signal"]).caption == ""
    dialog.caption.beside.setChecked(True)
    assert dialog.choices().options(["signal"]).caption == "tex"


def test_a_series_goes_to_a_folder_with_one_report(
    qtbot: QtBot, dialog: ExportDialog, process: list[FakeProcess], tmp_path: Path
) -> None:
    form = dialog.form
    assert not form.series.whole
    form.series.what.setCurrentIndex(form.series.what.findData("pages"))
    assert dialog.file.text() == str(tmp_path)
    first = form.series.members.item(0)
    assert first is not None
    first.setCheckState(Qt.CheckState.Unchecked)
    form.series.names.setText("{number}-{name}")
    choose(dialog, format="pdf")
    (tmp_path / "1-state.pdf").write_text("old")
    dialog.export.click()
    assert dialog.message.text() == "Replace 1-state.pdf? It is there already."
    dialog.export.click()
    ticket = process[0].files[-1]
    request = process[0].requests[ticket - 1]
    assert request.path == tmp_path
    assert request.batch == Batch(
        series="pages", ending="pdf", keys=("state",), names="{number}-{name}"
    )
    assert request.options.panels is None
    process[0].notify(Progress(ticket, 0.5, 7.0))
    qtbot.waitUntil(lambda: "7 s left" in dialog.progress.format())
    failed = BatchReport((), (("state", "The disk is full."),))
    process[0].notify(Done(ticket, failed))
    qtbot.waitUntil(lambda: "state: The disk is full." in dialog.message.text())
    dialog.export.click()
    dialog.export.click()
    report = BatchReport((tmp_path / "1-state.pdf",), ())
    with qtbot.waitSignal(dialog.exported) as told:
        process[0].notify(Done(process[0].files[-1], report))
    assert told.args[0] == tmp_path / "1-state.pdf"


def test_a_series_of_nothing_or_without_names_is_not_exported(dialog: ExportDialog) -> None:
    series = dialog.form.series
    series.what.setCurrentIndex(series.what.findData("pages"))
    series.names.setText("{colour}")
    assert "means nothing" in dialog.message.text()
    series.names.setText("{name}")
    assert dialog.export.isEnabled()
    for row in range(series.members.count()):
        item = series.members.item(row)
        assert item is not None
        item.setCheckState(Qt.CheckState.Unchecked)
    assert dialog.message.text() == "Tick at least one of the list."
    assert not dialog.export.isEnabled()
    series.what.setCurrentIndex(0)
    assert dialog.export.isEnabled()
    assert dialog.file.text().endswith("damped.svg")
