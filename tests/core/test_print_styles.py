"""Styles for print: their sizes, and that they are kept in the files, down to the least text."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.core.sine_lab import LAB, SineParameters
from zoetrope.core.device import Context
from zoetrope.core.export import export
from zoetrope.core.export_options import ExportError, ExportOptions
from zoetrope.core.export_sheet import film_sheet, sheet_for
from zoetrope.core.figure import Axis, Cell, Figure, Panel
from zoetrope.core.items import Curve
from zoetrope.core.print_styles import STYLES
from zoetrope.core.render import Drawing
from zoetrope.core.sheet import FONTS, Sheet

ROOT = Path(__file__).resolve().parents[2]
P = SineParameters(map=True)
FIGURE = next(LAB.run(P, Context())).figure

# From the author guides, once more and in their own units: (style, width in mm).
WIDTHS = [
    ("nature-single", 89), ("nature-double", 183), ("ieee-single", 3.5 * 25.4),
    ("ieee-double", 7.16 * 25.4), ("elsevier-single", 90), ("elsevier-middle", 140),
    ("elsevier-double", 190), ("pnas-single", 87), ("pnas-double", 178), ("aps-single", 86),
    ("science-single", 57), ("science-triple", 184), ("acs-single", 240 / 72 * 25.4),
    ("acs-double", 504 / 72 * 25.4), ("plos-full", 190.5), ("icml-single", 3.25 * 25.4),
    ("acm-single", (7 * 72.27 - 24) / 2 / 72.27 * 25.4), ("slide", 40 / 3 * 25.4),
    ("poster-a0", 1189), ("poster-a1", 841),
]  # fmt: skip


@pytest.mark.parametrize(("key", "width"), WIDTHS)
def test_widths_are_those_of_the_guides(key: str, width: float) -> None:
    assert STYLES[key].width == pytest.approx(width, abs=0.15)


# tueplots 0.2.5, figsizes: base_width_in of icml2024, neurips2024 and cvpr2024, half and full.
TUEPLOTS = {
    "icml-single": 3.25, "icml-double": 6.75, "neurips-full": 5.5,
    "cvpr-single": 3.25, "cvpr-double": 6.875,
}  # fmt: skip


def test_widths_that_are_said_to_be_compared_are_those_of_the_other_source() -> None:
    compared = {key: style.width for key, style in STYLES.items() if style.compared}
    assert compared == pytest.approx({key: 25.4 * width for key, width in TUEPLOTS.items()})


def test_every_journal_names_its_source_and_nothing_else_does() -> None:
    for key, style in STYLES.items():
        journal = "-" in key and not key.startswith("poster")
        assert bool(style.source) == journal, key


def test_the_page_on_exporting_says_the_same() -> None:
    page = (ROOT / "docs" / "exporting.md").read_text("utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    for key, style in STYLES.items():
        if style.font == "sans" and not style.letters:
            row = next(row for row in rows if f"`{key}`" in row)
            said = [f"{style.width:.4g}", f"{style.height:.4g}"]
        elif "-" in key:
            row = next(row for row in rows if f"`{key.split('-')[0]}-" in row)
            said = [f"{style.width:.4g}", f"{style.tallest:.4g}"]
        else:
            continue
        for words in (*said, f"{style.text:g} pt", f"{style.least_text:g} pt"):
            assert words in row, (key, words)


def texts(picture: Any) -> list[Any]:
    from matplotlib.text import Text

    found = picture.findobj(Text)
    return [text for text in found if text.get_visible() and text.get_text().strip()]


@pytest.mark.parametrize("key", STYLES)
def test_a_style_is_kept(key: str) -> None:
    style = STYLES[key]
    sheet = sheet_for(FIGURE, style.applied(ExportOptions(dpi=72)))
    assert sheet.width_mm == pytest.approx(style.width, abs=0.01)
    assert not style.tallest or sheet.height_mm <= style.tallest
    assert not style.height or sheet.height_mm == pytest.approx(style.height, abs=0.01)
    drawing = Drawing(FIGURE, sheet)
    assert drawing.fits
    assert min(text.get_fontsize() for text in texts(drawing.picture)) >= style.least_text
    assert sheet.font == style.font


def test_no_text_is_below_the_least_even_where_there_is_little_room() -> None:
    """Numbers at axes and names of curves are smaller than titles, and shrink with them."""
    sheet = Sheet(width_mm=45, height_mm=35, font_size=8, least_text=7.5)
    smallest = min(text.get_fontsize() for text in texts(Drawing(FIGURE, sheet).picture))
    assert smallest == 7.5


def tall(count: int) -> Figure:
    curve = Curve(key="c", x=[0, 1], y=[0, 1])
    panels = (
        Panel(name=f"p{i}", title="One", items=(curve,), x=Axis("x"), y=Axis("y"), cell=Cell(i, 0))
        for i in range(count)
    )
    return Figure(panels=tuple(panels))


def test_a_height_that_follows_grows_with_the_panels_and_is_no_more_than_allowed() -> None:
    options = ExportOptions(size="89mm", dpi=72)
    heights = [sheet_for(tall(count), options).height_mm for count in (1, 2, 3)]
    assert heights[0] < heights[1] < heights[2]
    nature = STYLES["nature-single"].applied(options)
    assert sheet_for(tall(5), nature).height_mm == 170.0
    film = film_sheet(tall(2), options, "mp4")
    sides = [mm / 25.4 * film.dpi for mm in (film.width_mm, film.height_mm)]
    assert all(round(side, 6) % 2 == 0 for side in sides)


def test_a_height_that_follows_is_enough_for_wordy_axes() -> None:
    wordy = "A very long name of an axis that has to be broken into many lines " * 3
    curve = Curve(key="c", x=[0, 1], y=[0, 1])
    figure = Figure(panels=(Panel(name="p", items=(curve,), x=Axis(wordy), y=Axis(wordy)),))
    sheet = sheet_for(figure, ExportOptions(size="60mm", dpi=72))
    assert Drawing(figure, sheet).fits


@pytest.mark.parametrize(
    ("font", "names"),
    [("helvetica", b"Arial|Helvetica|Liberation"), ("times", b"Times|Liberation")],
)
def test_the_font_that_is_chosen_is_in_the_file_as_text(
    tmp_path: Path, font: Any, names: bytes
) -> None:
    options = ExportOptions(font=font, size="120x80mm")
    pdf = export(LAB, P, tmp_path / "a.pdf", options).read_bytes()
    embedded = re.findall(rb"/BaseFont /(?:[A-Z]{6}\+)?([A-Za-z-]+)", pdf)
    assert embedded
    assert all(re.search(names, family) for family in embedded), embedded
    svg = export(LAB, P, tmp_path / "a.svg", options).read_text("utf-8")
    assert re.search(names.decode(), svg)
    assert ">Height<" in svg or "Height" in re.sub(r"<[^>]+>", "", svg)


def test_every_font_has_a_family_that_comes_with_the_program_or_matplotlib() -> None:
    from matplotlib.font_manager import fontManager

    Drawing(FIGURE, Sheet(dpi=30))
    known = set(fontManager.get_font_names())
    for font, families in FONTS.items():
        assert not families or known & set(families), font


def test_lines_grow_with_the_text_of_a_poster() -> None:
    widths = []
    for size in (8.0, 9.0, 36.0):
        drawing = Drawing(FIGURE, Sheet(width_mm=600, height_mm=400, dpi=36, font_size=size))
        widths.append(drawing.picture.axes[0].lines[0].get_linewidth())
    assert widths[0] == widths[1]
    assert widths[2] == pytest.approx(4 * widths[1])


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"font": "comic"}, "font is one of sans"),
        ({"caption": "doc"}, "caption's format is one of txt"),
        ({"least_text": 0.0}, "least size of text"),
        ({"size": "3mm"}, "too small"),
        ({"size": "x3mm"}, "not understood"),
    ],
)
def test_nonsense_is_refused(tmp_path: Path, wrong: Any, says: str) -> None:
    with pytest.raises(ExportError, match=says):
        export(LAB, P, tmp_path / "a.png", ExportOptions(**wrong))
