"""What a text is encoded in, found out from its bytes, and its characters one stretch at a time."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

from zoetrope.core.columns import TableError
from zoetrope.core.stepping import Steps
from zoetrope.core.written import AUTO, ENCODINGS

PIECE = 1 << 20  # bytes that are decoded at a time, at most some 20 ms
HEAD = 4096  # bytes that tell most
NOT_TEXT = "It is not a table that can be read: it holds bytes that are not text."
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_GUESSED = {
    "utf-16-le": "It was read as UTF-16 text.",
    "utf-16-be": "It was read as UTF-16 text.",
    "gb18030": "It was read as Chinese text (GB18030).",
    "latin-1": "It was read as Western European text (Latin-1).",
}


@dataclass(frozen=True, slots=True)
class Encoded:
    """Bytes that are text. `encoding` is a key of `ENCODINGS`; `note` says so where it is a guess.

    All of the bytes are known to be legal in that encoding.
    """

    data: bytes
    encoding: str
    note: str = ""

    def open(self) -> io.TextIOWrapper:
        """Return the text from its beginning, every line ended by a newline, without a mark."""
        stream = io.TextIOWrapper(io.BytesIO(self.data), encoding=self.encoding)
        if stream.read(1) != "\ufeff":
            stream.seek(0)
        return stream

    def share(self, stream: io.TextIOWrapper) -> float:
        """Return which share of the bytes a stream has been given."""
        return cast("BinaryIO", stream.buffer).tell() / max(len(self.data), 1)


def encoded(data: bytes, wanted: str = AUTO) -> Steps[Encoded]:
    """Return what `data` are encoded in: as `wanted`, or as they look.

    Raises `TableError` where they are not text in that encoding, or in none.
    """
    if wanted != AUTO:
        if (yield from _legal(data, wanted)):
            return Encoded(data, wanted)
        raise TableError(f"It is not {ENCODINGS[wanted]} text; choose another encoding.")
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            if (yield from _legal(data, encoding)):
                return Encoded(data, encoding)
            name = ENCODINGS[encoding].partition(",")[0]
            raise TableError(f"It says that it is {name} text, and is not.")
    for encoding in _candidates(data):
        if (yield from _legal(data, encoding)):
            return Encoded(data, encoding, _GUESSED.get(encoding, ""))
    raise TableError(NOT_TEXT)


def _candidates(data: bytes) -> Iterator[str]:
    """Yield the encodings that bytes without a mark may have, the likeliest first."""
    head = data[:HEAD]
    if b"\0" in head:
        for encoding, nulls in (("utf-16-le", head[1::2]), ("utf-16-be", head[0::2])):
            if nulls.count(0) > 0.4 * len(nulls):
                yield encoding
        return
    yield "utf-8"
    if _may_be_chinese(data):
        yield "gb18030"
    yield "latin-1"


def _may_be_chinese(data: bytes) -> bool:
    """Say whether bytes above 127 come in pairs, as Chinese does and accented letters do not."""
    runs = re.findall(rb"[\x80-\xff]+", data[:PIECE])
    return sum(len(run) % 2 == 0 for run in runs) > 0.5 * len(runs)


def _legal(data: bytes, encoding: str) -> Steps[bool]:
    """Return whether all bytes are legal in an encoding.

    Raises `TableError` where they are, and the text is none that anyone would write.
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    for start in range(0, len(data), PIECE):
        last = start + PIECE >= len(data)
        try:
            text = decoder.decode(data[start : start + PIECE], final=last)
        except UnicodeDecodeError:
            return False
        if "\0" in text or (start == 0 and _odd(text[:HEAD])):
            raise TableError(NOT_TEXT)
        yield min(1.0, (start + PIECE) / len(data))
    return True


def _odd(head: str) -> bool:
    """Say whether a text begins as no person or program would write a table."""
    odd = sum((ord(c) < 32 and c not in "\t\n\r\f\v") or "\x7f" <= c < "\xa0" for c in head)
    return odd > 0.01 * len(head)
