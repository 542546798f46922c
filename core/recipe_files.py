"""Recipes inside exported files: put in as each format's own metadata, found again by content.

    PNG, APNG   an iTXt chunk "zoetrope" after IHDR      WebP   an XMP packet
    SVG         <metadata id="zoetrope">                 MP4    the comment
    PDF         the keywords                             CSV    a header line
    GIF         a comment before the first picture       NPZ    the entry "zoetrope"
    ZIP         the entry "zoetrope.json"

The first column holds JSON where the format keeps it whole; elsewhere stands the text code, which
survives every escaping. Reading walks each format's blocks and skips the pictures, so that a
large or hostile file costs neither time nor memory.
"""

from __future__ import annotations

import html
import io
import os
import re
import struct
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO

from zoetrope.core.recipe import DECODER, LONGEST, NoRecipeError, Recipe, RecipeError

KEYWORD = b"zoetrope"
NPZ_ENTRY = "zoetrope"
ZIP_ENTRY = "zoetrope.json"  # of the frames of a film
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST_BLOCKS = 10_000
HEAD = 8 * LONGEST  # an escaped recipe fits into the head of any file that we wrote
MOST_SCANNED = 1 << 27  # bytes of a PDF or a film's index, where the code stands anywhere
CODE = re.compile(rb"zoetrope:[0-9]{1,9}:[A-Za-z0-9_-]+")
SVG_ELEMENT = re.compile(rb"""<metadata\s[^<>]{0,1000}?id=["']zoetrope["'][^<>]{0,1000}>""")


def embed(data: bytes, recipe: Recipe) -> bytes:
    """Return a PNG, APNG, SVG or GIF file with the recipe put in, whoever wrote the file."""
    if data.startswith(PNG_SIGNATURE):
        return _embed_png(data, recipe)
    if data.startswith(b"GIF8"):
        return _embed_gif(data, recipe)
    start = data.find(b"<svg")
    if start < 0:
        raise ValueError("only PNG, APNG, SVG and GIF files can be given a recipe afterwards")
    end = data.index(b">", start) + 1
    # JSON's own escapes stand for the two characters that XML forbids and JSON allows.
    text = re.sub("[\ufffe\uffff]", lambda m: f"\\u{ord(m[0]):04x}", recipe.to_json())
    element = f'\n <metadata id="zoetrope">{html.escape(text, quote=False)}</metadata>'
    return data[:end] + element.encode() + data[end:]


def xmp_packet(recipe: Recipe) -> bytes:
    """Return an XMP packet that holds the recipe code, as WebP files carry it."""
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" rdf:about="">'
        f"<dc:source>{recipe.to_code()}</dc:source>"
        "</rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()


def extract(path: Path) -> Recipe:
    """Return the recipe in a file, whatever its name says it is.

    Raises `NoRecipeError` where there is none, `RecipeError` where it or the file is damaged, and
    nothing else.
    """
    name = path.name
    try:
        if not path.is_file():
            raise RecipeError(f"{name} is not a file that can be read.")
        with path.open("rb") as file:
            recipe = _find(file)
    except RecipeError:
        raise
    except OSError as error:
        raise RecipeError(f"{name} cannot be read: {error.strerror or error}.") from None
    except Exception:  # a hostile file may make any parser stumble in any way
        raise RecipeError(f"{name} is damaged; its recipe cannot be read.") from None
    if recipe is None:
        raise NoRecipeError(
            f"{name} holds no Zoetrope recipe. Chat programs and image editors remove it: "
            "ask for the recipe code and paste that instead."
        )
    return recipe


def _find(file: BinaryIO) -> Recipe | None:
    """Return the recipe in an open file of whatever format."""
    head = file.read(1024)
    file.seek(0)
    if head.startswith(PNG_SIGNATURE):
        return _find_png(file)
    if head.startswith(b"GIF8"):
        return _find_gif(file)
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return _find_webp(file)
    if head[4:8] == b"ftyp":
        return _find_mp4(file)
    if head.startswith(b"PK"):
        return _find_zip(file)
    if head.startswith(b"%PDF"):
        return _find_code(file.read(MOST_SCANNED))
    text = file.read(HEAD)
    if text.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _find_json(text)
    return _find_svg(text) or _find_code(text)


def _find_code(data: bytes) -> Recipe | None:
    match = CODE.search(data)
    return Recipe.from_code(match[0].decode()) if match else None


def _embed_png(data: bytes, recipe: Recipe) -> bytes:
    content = KEYWORD + b"\0\1\0\0\0" + zlib.compress(recipe.to_json().encode(), 9)
    chunk = b"iTXt" + content
    sealed = struct.pack(">I", len(content)) + chunk + struct.pack(">I", zlib.crc32(chunk))
    end = len(PNG_SIGNATURE) + 25  # the length of IHDR with its frame
    return data[:end] + sealed + data[end:]


def _find_png(file: BinaryIO) -> Recipe | None:
    file.seek(len(PNG_SIGNATURE))
    for _ in range(MOST_BLOCKS):
        header = file.read(8)
        if len(header) < 8:
            return None
        length, kind = struct.unpack(">I4s", header)
        if kind == b"iTXt" and length <= HEAD:
            content = file.read(length)
            checksum = file.read(4)
            if content.startswith(KEYWORD + b"\0"):
                if checksum != struct.pack(">I", zlib.crc32(kind + content)):
                    raise RecipeError("The recipe in this picture is damaged.")
                return _read_itxt(content[len(KEYWORD) + 1 :])
        elif kind == b"IEND":
            return None
        else:
            file.seek(length + 4, os.SEEK_CUR)
    return None


def _read_itxt(content: bytes) -> Recipe:
    _language, _translated, text = content[2:].split(b"\0", 2)
    if content[0]:
        text = zlib.decompressobj().decompress(text, LONGEST + 1)
    return Recipe.from_json(text)


def _embed_gif(data: bytes, recipe: Recipe) -> bytes:
    text = KEYWORD + b":" + recipe.to_json().encode()
    blocks = (text[i : i + 255] for i in range(0, len(text), 255))
    comment = b"!\xfe" + b"".join(bytes([len(block)]) + block for block in blocks) + b"\0"
    start = _gif_body(data)
    return b"GIF89a" + data[6:start] + comment + data[start:]


def _gif_body(data: bytes) -> int:
    """Return where a GIF's blocks start: after the screen descriptor and the colour table."""
    flags = data[10]
    return 13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)


def _find_gif(file: BinaryIO) -> Recipe | None:
    data = file.read(2 * LONGEST)
    place = _gif_body(data)
    while data[place : place + 1] == b"!":  # the extensions before the first picture
        is_comment = data[place + 1] == 0xFE
        place += 2
        parts: list[bytes] = []
        while length := data[place]:
            parts.append(data[place + 1 : place + 1 + length])
            place += 1 + length
        place += 1
        text = b"".join(parts)
        if is_comment and text.startswith(KEYWORD + b":"):
            return Recipe.from_json(text[len(KEYWORD) + 1 :])
    return None


def _find_webp(file: BinaryIO) -> Recipe | None:
    file.seek(12)
    for _ in range(MOST_BLOCKS):
        header = file.read(8)
        if len(header) < 8:
            return None
        kind, length = struct.unpack("<4sI", header)
        if kind == b"XMP " and length <= HEAD:
            return _find_code(file.read(length))
        file.seek(length + length % 2, os.SEEK_CUR)
    return None


def _find_mp4(file: BinaryIO) -> Recipe | None:
    for _ in range(MOST_BLOCKS):
        header = file.read(8)
        if len(header) < 8:
            return None
        length, kind = struct.unpack(">I4s", header)
        rest = length - 8
        if length == 1:
            rest = struct.unpack(">Q", file.read(8))[0] - 16
        if length == 0 or rest < 0:
            return None
        if kind == b"moov":
            return _find_code(file.read(min(rest, MOST_SCANNED)))
        file.seek(rest, os.SEEK_CUR)
    return None


def _find_zip(file: BinaryIO) -> Recipe | None:
    with zipfile.ZipFile(file) as archive:
        if ZIP_ENTRY in archive.namelist():
            with archive.open(ZIP_ENTRY) as entry:
                return Recipe.from_json(entry.read(LONGEST + 1))
        if f"{NPZ_ENTRY}.npy" not in archive.namelist():
            return None
        with archive.open(f"{NPZ_ENTRY}.npy") as entry:
            # An array of bytes: what follows the header is the text. NumPy's reader would have
            # to be trusted with the header's type and shape.
            start = io.BytesIO(entry.read(LONGEST + 20_000))
    start.seek(8)
    start.seek(struct.unpack("<H", start.read(2))[0], os.SEEK_CUR)
    return Recipe.from_json(start.read())


def _find_json(text: bytes) -> Recipe | None:
    """Read a recipe as it stands, or the first member of an exported JSON file."""
    if b'"zoetrope"' not in text:
        return None
    decoded = text.decode("utf-8", "ignore").lstrip("\ufeff \t\r\n")
    member = re.match(r'\{\s*"recipe"\s*:\s*', decoded)
    if member is None:
        return Recipe.from_json(decoded)
    values, _end = DECODER.raw_decode(decoded[: member.end() + LONGEST], member.end())
    return Recipe.from_plain(values)


def _find_svg(text: bytes) -> Recipe | None:
    start = SVG_ELEMENT.search(text)
    if start is None:
        return None
    end = text.find(b"</metadata>", start.end())
    if end < 0:
        raise RecipeError("The recipe in this drawing is damaged.")
    return Recipe.from_json(html.unescape(text[start.end() : end].decode("utf-8")))
