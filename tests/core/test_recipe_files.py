"""Recipes inside files: put in by us, found again, and damaged in every way."""

import contextlib
import io
import json
import struct
import xml.etree.ElementTree as ET
import zipfile
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.core.sine_lab import LAB, SineParameters
from zoetrope.core.export import export
from zoetrope.core.export_options import ExportOptions
from zoetrope.core.recipe import LONGEST, NoRecipeError, Recipe, RecipeError
from zoetrope.core.recipe_files import PNG_SIGNATURE, embed, extract

FORMATS = ("png", "svg", "pdf", "gif", "webp", "apng", "mp4", "csv", "npz", "json")
AWKWARD = "中文 <&>]]> \"q\" 'x' \\ \n\t\u2028\ufffe 🎥 </metadata>"
PARAMETERS = SineParameters(words=AWKWARD)
RECIPE = Recipe.of(LAB, PARAMETERS)
OPTIONS = ExportOptions(size="160x120px", theme="light", font_size=4, seconds=0.12)


Reader = Callable[[bytes], Recipe]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """One exported file of each format."""
    folder = tmp_path_factory.mktemp("files")
    frame = next(LAB.run(PARAMETERS, None))  # type: ignore[arg-type]
    return {
        ending: export(LAB, PARAMETERS, folder / f"x.{ending}", OPTIONS, frame=frame).read_bytes()
        for ending in FORMATS
    }


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    def read(data: bytes) -> Recipe:
        path = tmp_path / "file.bin"
        path.write_bytes(data)
        return extract(path)

    return read


@pytest.mark.parametrize("ending", FORMATS)
def test_every_format_carries_the_recipe_whatever_the_file_is_called(
    files, reader, ending: str
) -> None:
    assert reader(files[ending]) == RECIPE


def test_the_png_chunk_is_legal_and_others_can_read_it(files, tmp_path: Path) -> None:
    path = tmp_path / "x.png"
    path.write_bytes(files["png"])
    with Image.open(path) as picture:
        picture.load()
        assert picture.text["zoetrope"] == RECIPE.to_json()  # type: ignore[attr-defined]


def test_the_svg_stays_legal_xml(files) -> None:
    root = ET.fromstring(files["svg"])
    found = [e.text for e in root.iter() if e.get("id") == "zoetrope"]
    assert len(found) == 1
    assert Recipe.from_json(found[0] or "") == RECIPE


def test_the_gif_comment_is_legal(files, tmp_path: Path) -> None:
    path = tmp_path / "x.gif"
    path.write_bytes(files["gif"])
    with Image.open(path) as picture:
        assert bytes(picture.info["comment"]) == b"zoetrope:" + RECIPE.to_json().encode()
        assert picture.n_frames == 3  # type: ignore[attr-defined]


def test_the_npz_opens_without_pickles(files, tmp_path: Path) -> None:
    path = tmp_path / "x.npz"
    path.write_bytes(files["npz"])
    with np.load(path, allow_pickle=False) as arrays:
        assert arrays["zoetrope"].tobytes().decode() == RECIPE.to_json()
        assert arrays["short"].tolist() == [0, 1, 2]


@pytest.mark.parametrize("mode", ["RGB", "P", "L", "1"])
def test_pictures_of_other_programs_can_be_given_a_recipe(mode: str, tmp_path, reader) -> None:
    for file_format in ("PNG", "GIF"):
        path = tmp_path / "other"
        Image.new(mode, (5, 4)).save(path, format=file_format)
        assert reader(embed(path.read_bytes(), RECIPE)) == RECIPE
        (tmp_path / "again").write_bytes(embed(path.read_bytes(), RECIPE))
        with Image.open(tmp_path / "again") as picture:
            picture.load()


def test_a_long_recipe_survives_in_every_embedding(files, reader) -> None:
    long = Recipe(lab="sine", parameters={"words": "é1x" * 60_000})
    for ending in ("png", "gif", "svg"):
        assert reader(embed(files[ending], long)) != RECIPE


def test_a_bare_recipe_and_a_code_in_a_text_file_are_read(reader) -> None:
    assert reader(RECIPE.to_json().encode()) == RECIPE
    assert reader(b"\xef\xbb\xbf" + RECIPE.to_json().encode()) == RECIPE
    assert reader(f"Look at this: {RECIPE.to_code()} \nNice?".encode()) == RECIPE
    pretty = json.dumps({"recipe": RECIPE.plain(), "tables": {}}, indent=2)
    assert reader(pretty.encode()) == RECIPE


def test_a_saved_csv_of_a_spreadsheet_is_still_read(files, reader) -> None:
    lines = files["csv"].decode().split("\n")
    quoted = "\r\n".join(f'"{line}",,' if line.startswith("#") else line for line in lines)
    assert reader(quoted.encode()) == RECIPE


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", "x,y\n1,2\n"),
        ("a.json", '{"x": [1, 2]}'),
        ("b.json", '[{"zoetrope": 1}]'),
        ("c.json", '{"name": "zoetrope"}'),
        ("big.json", '{"x": [' + "1," * (3 << 20) + "1]}"),
        ("a.txt", "hello"),
    ],
)
def test_someones_data_is_told_from_a_damaged_recipe(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(NoRecipeError):
        extract(path)


def test_a_damaged_recipe_is_not_taken_for_data(tmp_path: Path) -> None:
    path = tmp_path / "damaged.json"
    path.write_text('{"zoetrope": 1, "lab"')
    with pytest.raises(RecipeError) as caught:
        extract(path)
    assert not isinstance(caught.value, NoRecipeError)


def test_a_file_that_lost_its_recipe_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "plain.png"
    Image.new("RGB", (4, 4)).save(path)
    with pytest.raises(RecipeError, match=r"plain\.png holds no Zoetrope recipe.*code"):
        extract(path)


@pytest.mark.parametrize("name", ["absent.png", "", "a-folder"])
def test_what_is_no_file_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "a-folder").mkdir()
    with pytest.raises(RecipeError):
        extract(tmp_path / name)


def test_endless_devices_are_not_read() -> None:
    for device in ("/dev/zero", "/dev/stdin"):
        with pytest.raises(RecipeError):
            extract(Path(device))


def chunk(kind: bytes, content: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + checksum


def npz(entry: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zoetrope.npy", entry)
    return buffer.getvalue()


@cache
def bombs() -> dict[str, bytes]:
    zeros = zlib.compress(bytes(64 << 20), 9)
    ihdr = PNG_SIGNATURE + chunk(b"IHDR", bytes(13))
    itxt = b"zoetrope\0\1\0\0\0"
    return {
        "png inflation": ihdr + chunk(b"iTXt", itxt + zeros),
        "png checksum": ihdr + chunk(b"iTXt", itxt + zlib.compress(b"{}"))[:-1] + b"!",
        "png many chunks": ihdr + chunk(b"tEXt", b"") * 200_000,
        "png huge chunk": ihdr + struct.pack(">I", 0xFFFFFFFF) + b"iTXt",
        "npz inflation": npz(bytes(64 << 20)),
        "npz pickle": npz(b"\x80\x04cos\nsystem\n(S'true'\ntR."),
        "zip of nothing": b"PK\x05\x06" + bytes(18),
        "zip, cut": npz(b"x")[:40],
        "svg entities": b'<!DOCTYPE x [<!ENTITY a "aaaaaaaa">]>'
        b'<svg><metadata id="zoetrope">&a;</metadata></svg>',
        "svg of open tags": b"<svg>" + b"<metadata " * 500_000,
        "svg without an end": b'<svg><metadata id="zoetrope">' + b"x" * 1000,
        "svg not utf-8": b'<svg><metadata id="zoetrope">\xff</metadata></svg>',
        "gif of comments": b"GIF89a" + bytes(7) + b"!\xfe\1x\0" * 500_000,
        "gif, cut": b"GIF89a" + bytes(7) + b"!\xfe\xff",
        "webp of chunks": b"RIFF\0\0\0\0WEBP" + (b"ABCD" + bytes(4)) * 100_000,
        "mp4 of empty boxes": b"\0\0\0\x08ftyp" + b"\0\0\0\x08free" * 100_000,
        "mp4 huge box": b"\0\0\0\x08ftyp" + b"\0\0\0\1moov" + b"\xff" * 8,
        "mp4 backwards": b"\0\0\0\x08ftyp" + b"\0\0\0\2moov",
        "json depth": b'{"recipe": ' + b"[" * 200_000,
        "json long": b"{" + b" " * (9 * LONGEST),
        "code, inflated": b"%PDF zoetrope:1:" + b"A" * (3 << 20),
        "nothing": b"",
        "zeros": bytes(1 << 20),
    }  # fmt: skip


@pytest.mark.parametrize("name", bombs())
@pytest.mark.timeout(10)
def test_hostile_files_are_refused_in_one_sentence(name: str, reader) -> None:
    with pytest.raises(RecipeError) as caught:
        reader(bombs()[name])
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize("ending", FORMATS)
@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 2**32 - 1))
def test_damaged_files_give_a_recipe_or_a_recipe_error(files, reader, ending: str, seed) -> None:
    random = np.random.default_rng(seed)
    data = bytearray(files[ending])
    how = random.integers(4)
    if how == 0:  # cut off
        del data[int(random.integers(len(data))) :]
    elif how == 1:  # a piece lost
        at = int(random.integers(len(data)))
        del data[at : at + int(random.integers(1, 200))]
    # Most of the damage goes near the recipe, where it can hurt.
    reach = len(data) if how == 2 else min(len(data), 3000)
    for _ in range(int(random.integers(1, 30))):
        if data:
            data[int(random.integers(max(reach, 1))) % len(data)] = int(random.integers(256))
    with contextlib.suppress(RecipeError):
        assert isinstance(reader(bytes(data)), Recipe)


@given(
    st.binary(max_size=200), st.sampled_from([b"", PNG_SIGNATURE, b"GIF89a", b"PK\3\4", b"<svg "])
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_bytes_give_a_recipe_error(reader, data: bytes, start: bytes) -> None:
    with pytest.raises(RecipeError):
        reader(start + data)
