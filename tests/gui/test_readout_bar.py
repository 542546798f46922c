from __future__ import annotations

import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QContextMenuEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QMenu, QWidget

from zoetrope.core.lab import Readout
from zoetrope.core.symbols import plain_symbol
from zoetrope.gui.quantities import exact, nice_step, rounded, with_error
from zoetrope.gui.readout_bar import ReadoutBar, as_table

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

SOME = (
    Readout("sag", "Sag", 1.16226046882, "m", "h", 1.29140, "d", "How far it stands out."),
    Readout("angle", "End angle", 79.3449472888, "°", r"\theta_e"),
    Readout("lobes", "Lobes", 3),
    Readout("check", "Check", 3.1e-15, good=True),
    Readout("other", "Other check", 0.5, good=False),
)


@pytest.fixture
def bar(qtbot):
    bar = ReadoutBar()
    qtbot.addWidget(bar)
    bar.resize(1200, 60)
    bar.set_readouts(SOME)
    bar.show()
    return bar


def clipboard() -> str:
    return QApplication.clipboard().text()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.16226046882, "1.162"),
        (1.2, "1.200"),
        (-0.5, "−0.5000"),
        (0.0, "0"),
        (-0.0, "0"),
        (12345.6, "12,346"),
        (99999.6, "1.000×10⁵"),
        (123456.0, "1.235×10⁵"),
        (0.000123456, "0.0001235"),
        (3.1e-15, "3.100×10⁻¹⁵"),
        (-2e20, "−2.000×10²⁰"),
        (9.9996, "10.00"),
        (7, "7"),
        (-7, "−7"),
        (123456, "123,456"),
        (float("nan"), "undefined"),
        (float("-inf"), "−∞"),
        ("converged", "converged"),
    ],
)
def test_numbers_to_their_meaning(value, text):
    assert rounded(value) == text


@pytest.mark.parametrize(
    ("value", "error", "texts"),
    [
        (0.0431234, 0.00142, ("0.0431", "0.0014")),
        (-1.5, 0.25, ("−1.50", "0.25")),
        (0.0, 0.03, ("0.000", "0.030")),
        (1234.5678, 1.26, ("1,234.6", "1.3")),
        (123456.0, 130.0, ("1.235×10⁵", "130")),
        (1.16226, 1e-9, ("1.162", "1.0×10⁻⁹")),
        (1.16226, 0.0, ("1.162", "0")),
        (float("nan"), float("inf"), ("undefined", "∞")),
        (float("inf"), 0.1, ("∞", "0.10")),
    ],
)
def test_a_number_and_its_error_have_as_many_decimals_as_the_error_allows(value, error, texts):
    assert with_error(value, error) == texts


def test_all_digits_come_back():
    for value in (0.1, 1 / 3, 1.16226046882e-300, -5.0):
        assert float(exact(value)) == value


def test_steps_are_round():
    assert nice_step(0.0, 1.0) == 0.01
    assert nice_step(0.0, 2.4) == 0.02
    assert nice_step(-180.0, 180.0) == 5.0


@pytest.mark.parametrize(
    ("tex", "text"),
    [(r"\omega", "ω"), (r"\Lambda", "Λ"), ("r_0", "r₀"), ("F_r", "Fᵣ"), (r"\Sigma_{12}", "Σ₁₂"),
     ("ω", "ω"), (r"\theta_e", "θₑ"), (r"\unknown", "unknown"), (r"\rho \omega", "ρω")],
)  # fmt: skip
def test_symbols_as_plain_text(tex, text):
    assert plain_symbol(tex) == text


def test_every_readout_is_named_for_all(bar):
    names = [cell.accessibleName() for cell in bar.cells]
    assert names == [
        "Sag: 1.162 m", "End angle: 79.34 °", "Lobes: 3", "Check: 3.1×10⁻¹⁵, passed",
        "Other check: 0.50, failed",
    ]  # fmt: skip
    assert "Sag, h" in bar.cells[0].toolTip()
    assert "How far it stands out." in bar.cells[0].toolTip()
    assert "θₑ" in bar.cells[1].toolTip()


def test_a_press_copies_all_digits(bar):
    QTest.mouseClick(bar.cells[0], Qt.MouseButton.LeftButton)
    assert clipboard() == "1.16226046882"
    bar.show_dimensionless(True)
    QTest.keyClick(bar.cells[0], Qt.Key.Key_Space)
    assert clipboard() == "1.2914"


def test_copy_all_is_a_table(bar):
    QTest.mouseClick(bar.copy_button, Qt.MouseButton.LeftButton)
    lines = clipboard().splitlines()
    assert lines[0].split("\t") == [
        "name", "value", "unit", "ratio", "ratio unit", "standard error"
    ]  # fmt: skip
    assert lines[1].split("\t") == ["Sag", "1.16226046882", "m", "1.2914", "d", ""]
    assert lines[4].split("\t") == ["Check", "3.1e-15", "", "", "", ""]


def test_a_cell_offers_to_copy_itself_or_all(bar):
    cell = bar.cells[0]
    for place, copied in ((0, "1.16226046882"), (1, as_table(SOME))):
        ask = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint())
        cell.contextMenuEvent(ask)
        menu = cell.findChildren(QMenu)[-1]
        menu.actions()[place].trigger()
        menu.close()
        assert clipboard() == copied


def test_units_are_switched_where_there_is_a_ratio(bar, qtbot):
    with qtbot.waitSignal(bar.dimensionless_changed) as caught:
        QTest.mouseClick(bar.units.buttons["ratio"], Qt.MouseButton.LeftButton)
    assert caught.args == [True]
    assert bar.cells[0].accessibleName() == "Sag: 1.291 d"
    assert bar.cells[1].accessibleName() == "End angle: 79.34 °"
    with qtbot.assertNotEmitted(bar.dimensionless_changed):
        bar.show_dimensionless(False)
    assert bar.units.buttons["si"].isChecked()


def test_an_error_stands_behind_its_number_and_not_behind_a_ratio_of_it(bar):
    bar.set_readouts((Readout("kl", "Gap", 0.0431234, "nats", "", 0.031107, "bits", error=0.0014),))
    (cell,) = bar.cells
    assert cell.accessibleName() == "Gap: 0.0431 ± 0.0014 nats"
    assert "standard error" in cell.toolTip()
    bar.copy_all()
    assert clipboard().splitlines()[1].split("\t")[-1] == "0.0014"
    QTest.mouseClick(cell, Qt.MouseButton.LeftButton)
    assert clipboard() == "0.0431234"
    bar.show_dimensionless(True)
    assert cell.accessibleName() == "Gap: 0.03111 bits"


def test_no_switch_without_ratios(bar):
    bar.set_readouts(SOME[1:])
    assert not bar.units.isVisible()


def test_numbers_change_in_place_without_moving(bar):
    cells = list(bar.cells)
    places = [cell.geometry() for cell in cells]
    for value in (1.0, 0.001, 123.4, -0.5):
        bar.set_readouts((Readout("sag", "Sag", value, "m"), *SOME[1:]))
    assert bar.cells == cells
    wider = [cell.geometry() for cell in bar.cells]
    bar.set_readouts(SOME)
    assert [cell.geometry() for cell in bar.cells] == wider
    assert [g.y() for g in wider] == [g.y() for g in places]


def test_other_readouts_make_other_cells(bar):
    bar.set_readouts(SOME[:2])
    assert [cell.readout.key for cell in bar.cells] == ["sag", "angle"]


def test_it_flows_into_two_rows_and_the_rest_can_be_unfolded(bar):
    assert bar.heightForWidth(1200) < bar.heightForWidth(420)
    many = tuple(Readout(f"r{i}", f"Number {i}", float(i), "m") for i in range(30))
    bar.set_readouts(many)
    two = bar.heightForWidth(600)
    bar.resize(600, two)
    seen = [cell for cell in bar.cells if cell.isVisible()]
    assert 4 <= len(seen) < 30
    assert len({cell.y() for cell in seen}) == 2
    assert bar.more.accessibleName() == f"{30 - len(seen)} more readouts"
    QTest.mouseClick(bar.more, Qt.MouseButton.LeftButton)
    assert bar.heightForWidth(600) > two
    assert all(cell.isVisible() for cell in bar.cells)
    assert bar.more.accessibleName() == "Fewer readouts"


def test_many_rows_leave_the_figure_most_of_the_page(qtbot):
    page = QWidget()
    qtbot.addWidget(page)
    page.resize(500, 600)
    bar = ReadoutBar(page)
    bar.set_readouts([Readout(f"r{k}", f"Readout number {k}", float(k)) for k in range(40)])
    bar.resize(500, 100)
    page.show()
    seen: list[str] = []
    assert len([c for c in bar.cells if c.isVisible()]) < 10
    for _ in range(20):
        QTest.mouseClick(bar.more, Qt.MouseButton.LeftButton)
        bar.resize(500, bar.heightForWidth(500))
        assert bar.height() <= 0.4 * page.height() + 1
        shown = [cell for cell in bar.cells if cell.isVisible()]
        assert all(cell.geometry().bottom() <= bar.height() for cell in shown)
        assert all(cell.geometry().right() <= bar.width() for cell in shown)
        assert not any(cell.geometry().intersects(bar.more.geometry()) for cell in shown)
        if bar.more.text() == "Fewer":
            seen += [cell.readout.key for cell in shown]
            break
        seen += [cell.readout.key for cell in shown]
    assert seen == [f"r{k}" for k in range(40)]  # screen after screen
    QTest.mouseClick(bar.more, Qt.MouseButton.LeftButton)
    assert "more" in bar.more.text()
