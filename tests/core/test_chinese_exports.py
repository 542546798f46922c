"""Figures in Chinese: the same words in every format, as text where the format has text."""

from __future__ import annotations

import io
import re
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from tests.core.sine_lab import LAB, SineParameters
from zoetrope.core import export as exporting
from zoetrope.core.export import export, preview
from zoetrope.core.export_options import ExportError, ExportOptions
from zoetrope.core.recipe_files import extract
from zoetrope.core.theme import chinese_font
from zoetrope.core.translation import Catalogue

ENTRIES = {
    "Sine": "正弦",
    "A sine repeats": "正弦周而复始",
    "Time": "时间",
    "Height": "高度",
    "sine": "正弦曲线",
    "Frequency": "频率",
    "Points": "点数",
    "Mood": "情绪",
    "Calm": "平静",
    "Parameters: {values}.": "参数：{values}。",
    "Made with Zoetrope {version}.": "由 Zoetrope {version} 制作。",
}
CHINESE = ExportOptions(language="zh_CN", letters=False, size="80x60mm")


@pytest.fixture(autouse=True)
def _few_words(monkeypatch: pytest.MonkeyPatch) -> None:
    spoken = Catalogue(ENTRIES)
    monkeypatch.setattr(exporting, "catalogue", lambda code: spoken if code == "zh_CN" else None)


def written(folder: Path, ending: str) -> bytes:
    path = export(LAB, SineParameters(), folder / f"figure.{ending}", CHINESE)
    return path.read_bytes()


def pixels(data: bytes) -> npt.NDArray[np.uint8]:
    return np.asarray(Image.open(io.BytesIO(data)).convert("L"))


def test_a_drawing_holds_its_words_as_text(tmp_path: Path) -> None:
    svg = written(tmp_path, "svg").decode("utf-8")
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", svg)
    assert {"正弦周而复始", "时间 (s)", "高度", "正弦曲线"} <= set(texts)
    assert "Zoetrope Sans SC" in svg
    assert "A sine repeats" not in texts


def test_a_pdf_brings_the_font_and_tells_its_characters(tmp_path: Path) -> None:
    pdf = written(tmp_path, "pdf")
    assert b"ZoetropeSansSC" in pdf
    told = b""
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            told += zlib.decompress(stream)
        except zlib.error:
            continue
    for letter in "正弦周而复始时间高度":
        assert f"{ord(letter):04x}".encode() in told.lower(), letter


def test_a_picture_shows_characters_and_no_boxes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A box for what a font lacks is the same for every character (and a warning)."""
    pictures = []
    for title in ("绳绳绳绳", "垂垂垂垂"):
        spoken = Catalogue({**ENTRIES, "A sine repeats": title})
        monkeypatch.setattr(exporting, "catalogue", lambda _code, spoken=spoken: spoken)
        pictures.append(pixels(preview(LAB, SineParameters(), CHINESE)))
    assert pictures[0].shape == pictures[1].shape
    assert (pictures[0] != pictures[1]).any()


def test_a_film_speaks_it_too(tmp_path: Path) -> None:
    films = [
        export(LAB, SineParameters(), tmp_path / f"{code}.gif",
               ExportOptions(language=code, seconds=0.2, fps=10.0, size="60x45mm", dpi=72.0,
                             letters=False))
        for code in ("en", "zh_CN")
    ]  # fmt: skip
    first, second = (pixels(film.read_bytes()) for film in films)
    assert first.shape == second.shape
    assert (first != second).any()


def test_the_caption_is_in_the_same_language_and_the_recipe_in_none(tmp_path: Path) -> None:
    options = ExportOptions(language="zh_CN", caption="txt")
    path = export(LAB, SineParameters(), tmp_path / "figure.png", options)
    told = (tmp_path / "figure-caption.txt").read_text(encoding="utf-8")
    assert told.startswith("正弦。正弦周而复始。参数")
    assert "参数：频率 = 2 Hz，点数 = 50" in told
    assert "情绪：平静" in told
    assert extract(path).plain() == extract(
        export(LAB, SineParameters(), tmp_path / "english.png", ExportOptions())
    ).plain()  # fmt: skip


def test_tables_stay_english(tmp_path: Path) -> None:
    assert b"time (s)" in written(tmp_path, "csv")


def test_an_unknown_language_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="language"):
        export(LAB, SineParameters(), tmp_path / "figure.svg", ExportOptions(language="fr"))


def test_the_font_has_every_character_of_gb_2312() -> None:
    from matplotlib.ft2font import FT2Font

    font = FT2Font(str(chinese_font()))
    common = "".join(
        bytes((high, low)).decode("gb2312", "ignore")
        for high in range(0xB0, 0xF8)
        for low in range(0xA1, 0xFF)
    )
    assert len(common) == 6763  # the characters of GB 2312
    charmap = font.get_charmap()
    assert all(ord(letter) in charmap for letter in common + "，。：；？！（）“”")
