"""Files made to hurt: bombs, absurd sizes, names that climb out of folders, pickles, entities."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Mapping
from functools import cache

import numpy as np

from zoetrope.core.recipe_files import PNG_SIGNATURE

PICKLE = b"\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x0etouch /tmp/ran\x85R."
UP = "../../../../../../zoetrope_climbed_out"
HUGE = 1 << 40


@cache
def hostile() -> Mapping[str, list[tuple[str, bytes]]]:
    """Return hostile files by kind, as `good_files.good` does."""
    return {
        "recipe": [(".json", data) for data in _recipes()] + [(".txt", _code_bomb())],
        "session": [(".json", data) for data in _sessions()],
        "CSV": [(".csv", data) for data in _tables()],
        "Parquet": [(".parquet", data) for data in (*_parquet(), PICKLE)],
        "NPZ": [(".npz", data) for data in _archives()] + [(".npy", data) for data in _arrays()],
        "safetensors": [(".safetensors", data) for data in _weights()],
        "PNG": [(".png", data) for data in _pictures()],
        "SVG": [(".svg", data) for data in _drawings()],
        "pattern": [(".json", data) for data in _patterns()],
    }


@cache
def packed_zeros(count: int) -> bytes:
    """Return a few kB that unpack to so many zeros."""
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(count >> 20)) + packer.flush()


def _recipe(**more: object) -> bytes:
    return json.dumps(
        {"zoetrope": 1, "program": "1", "lab": "rope", "parameters": {}} | more
    ).encode()


def _recipes() -> list[bytes]:
    return [
        _recipe(parameters={"length": 10**400}), _recipe(parameters={"length": "__import__('os')"}),
        _recipe(parameters={"points": [[1e308, -1e308]] * 20_000}),
        _recipe(parameters={"points_file": f"{UP}.csv", "photograph": "/dev/zero"}),
        _recipe(parameters={"points": [[[[1]]]]}), _recipe(lab="../rope"), _recipe(lab="\x00"),
        _recipe(data={"points_file": "0" * 64}, parameters={"points_file": "/dev/random"}),
        b'{"zoetrope": 1, "zoetrope": 2}', b'{"zoetrope": NaN}', b"[" * 100_000,
        b'{"zoetrope": 1' + b"0" * 100_000 + b"}", b'{"zoetrope": 1, "lab": "\\ud800"}', PICKLE,
    ]  # fmt: skip


def _code_bomb() -> bytes:
    import base64

    return b"zoetrope:1:" + base64.urlsafe_b64encode(packed_zeros(64 << 20))


def _sessions() -> list[bytes]:
    def session(**more: object) -> bytes:
        return json.dumps({"zoetrope_session": 1, "version": "1"} | more).encode()

    return [
        session(labs={"rope": {"parameters": {"length": 10**400}}}),
        session(labs={"rope": {"parameters": [], "splitter": [1e400, None], "transport": 7}}),
        session(labs={"rope": {"splitter": [10**30, -(10**30)], "transport": {"speed": 1e308}}}),
        session(labs={"rope": {"transport": {"speed": "fast", "loop": []}, "files": {"x": 1}}}),
        session(labs={"rope": None, "../x": {}}, lab=UP, recent=[None, {}, "\x00", UP]),
        session(settings={"theme": "../..", "device": "rm -rf", "log_level": "EVAL"}),
        session(settings={"export": {"format": [], "folder": UP, "width": 1e308, "fps": -1}}),
        session(window={"geometry": "A" * 100_000, "docks": 5}), session(window={"docks": "é\x00"}),
        b'{"zoetrope_session": 1e999}', b'{"zoetrope_session": true, "labs": {}}', b"[" * 200_000,
        b'{"zoetrope_session": ' + b"9" * 5000 + b"}", PICKLE, b"\xff\xfe\x00", b"",
    ]  # fmt: skip


def _tables() -> list[bytes]:
    return [
        PICKLE, b"=cmd|' /C calc'!A0,x\n1,2\n", b"x\n" + b"9" * 1_000_000, b'"' * 1_000_001,
        b"," * 200_000 + b"\n1\n", b"x,y\n" + b"1,2\n" * 1_000_000, b"\x1f\x8b" + bytes(100),
        f"{UP},/etc/passwd\n1,2\n".encode(), b"a\x00b,c\n1,2\n", b"\xff\xfe" + b"\x00" * 99,
        b"x\n1e999\n-1e999\nnan\n", b"x;y\n" + b"\n" * 500_000, b"\r" * 1_000_000, b'x\n"open\n1\n',
    ]  # fmt: skip


def _parquet() -> list[bytes]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    def written(table: pa.Table, **more: object) -> bytes:
        buffer = io.BytesIO()
        pq.write_table(table, buffer, **more)
        return buffer.getvalue()

    deep: pa.Array = pa.array([1])
    for _ in range(40):
        deep = pa.StructArray.from_arrays([deep], ["a"])
    zeros = pa.table({f"c{i}": np.zeros(2_000_000) for i in range(26)})  # 416 MB of nothing
    return [
        written(zeros, compression="zstd"), written(pa.table({"a": deep})),
        written(pa.table({"x": pa.array(["w" * 1000] * 100_000)}), compression="zstd"),
        written(pa.table({UP: [1.0]})), written(pa.table({"x": pa.array([], pa.float64())})),
        b"PAR1" + b"\xff" * 64 + b"PAR1", b"PAR1" + struct.pack("<I", 0xFFFFFFFF) + b"PAR1",
    ]  # fmt: skip


def npy_header(shape: str, descr: str = "'<f8'") -> bytes:
    """Return the beginning of an array file that claims a shape."""
    text = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}".encode()
    text += b" " * (-len(text) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text


def _arrays() -> list[bytes]:
    return [
        npy_header(f"({HUGE},)"), npy_header(f"({HUGE}, {HUGE})"), npy_header("(-1,)"),
        npy_header("(3,)", "'|O'") + PICKLE, npy_header("(1,)", "__import__('os').system('true')"),
        npy_header("(0,)"), npy_header("()") + bytes(8), npy_header("(2, 0)"), npy_header("(1e9,)"),
        npy_header("(4, 4)", "[('a', '<f8'), ('b', '|O')]"), npy_header("(16, 16)", "'<c16'"),
        b"\x93NUMPY\x03\x00" + struct.pack("<I", 0xFFFFFFFF), b"\x93NUMPY\x09\x09",
        npy_header("(" * 200 + ")" * 200), npy_header("(8, 8)", "'<U8'") + bytes(2048),
        npy_header(f"({'9' * 3000},)"), npy_header("(8, 8)", "'<f8'") + b"\xff" * 512,
    ]  # fmt: skip


def _archives() -> list[bytes]:
    def archive(zeros: int = 0, **entries: bytes) -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
            for name, data in entries.items():
                with file.open(name, "w") as entry:
                    entry.write(data)
                    for _ in range(zeros >> 20):
                        entry.write(bytes(1 << 20))
        return buffer.getvalue()

    side = 1 << 15  # a mask of 2**30 cells
    bomb = npy_header(f"({side}, {side})", "'|b1'")
    lying = archive(**{"x.npy": npy_header("(9,)") + bytes(72)})
    entry = lying.find(b"PK\x01\x02")
    lying = lying[: entry + 24] + struct.pack("<I", 0xFFFFFFFE) + lying[entry + 28 :]
    good = npy_header("(4, 4)") + bytes(128)
    return [
        archive(side * side, **{"mask.npy": bomb}), lying,
        archive(64 << 20, **{"zoetrope.npy": bomb}),
        archive(**{f"{UP}.npy": good, "/etc/passwd.npy": good}), archive(**{"x.npy": PICKLE}),
        archive(**{f"a{i}.npy": good for i in range(3000)}), archive(**{"x.npy": b""}),
        archive(**{"mask.npy": npy_header(f"({HUGE}, {HUGE})")}), archive(), PICKLE,
        archive(**{"\x00.npy": good}), archive(**{"x.npy": npy_header("(3,)", "'|O'") + PICKLE}),
        archive(**{"xl/workbook.xml": b"<x/>"}), archive(**{"inner.npz": lying}),
    ]  # fmt: skip


def _weights() -> list[bytes]:
    def tensors(header: object, data: bytes = b"") -> bytes:
        text = header if isinstance(header, bytes) else json.dumps(header).encode()
        return struct.pack("<Q", len(text)) + text + data

    one = {"dtype": "F32", "shape": [HUGE], "data_offsets": [0, 4 * HUGE]}
    flow = {"version": 1, "config": {"n_blocks": 256, "hidden": 4096, "seed": HUGE}, "notes": {}}
    absurd = {"version": 1, "config": {"n_blocks": [], "hidden": {}, "lip": "x"}, "notes": 1}
    empty = {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}
    return [
        struct.pack("<Q", 1 << 60), struct.pack("<Q", 100_000_000), tensors({"x": one}), PICKLE,
        tensors(b"[" * 100_000), tensors({}), tensors({"x": one | {"shape": [-1]}}), b"",
        tensors({UP: {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}, bytes(4)),
        *(
            tensors({"__metadata__": {"zoetrope.iresnet": text}, "mean": empty})
            for text in (json.dumps(flow), json.dumps(absurd), "[" * 50_000, "{}", "null",
                         '{"version": 1e999}', '{"version": [1]}', '{"version": "1"}')
        ),
    ]  # fmt: skip


def png(width: int, height: int, body: bytes, *, more: bytes = b"") -> bytes:
    """Return a grey picture of a size that its body need not have."""
    return (
        PNG_SIGNATURE
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
        + more + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )  # fmt: skip


def chunk(kind: bytes, content: bytes) -> bytes:
    """Return a chunk of a PNG file."""
    checksum = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + checksum


def _pictures() -> list[bytes]:
    bomb = packed_zeros(512 << 20)
    text = b"zoetrope\0\1\0\0\0" + packed_zeros(64 << 20)
    program = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/tmp/ran) (w) file closefile\n"
    icc = chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(64 << 20), 9))
    return [
        png(20_000, 20_000, bomb), png(0x7FFFFFFF, 0x7FFFFFFF, b""), png(0, 0, b""),
        png(9, 9, bomb), png(9, 9, b"", more=chunk(b"iTXt", text)), PICKLE, program,
        png(16, 16, zlib.compress(bytes(272)), more=icc), PNG_SIGNATURE + b"\xff" * 40,
        png(16, 16, zlib.compress(bytes(272)), more=chunk(b"zTXt", b"x\0\0" + bomb[:100_000])),
        b"GIF89a" + b"\xff" * 200, b"BM" + b"\xff" * 60, b"II*\0" + b"\xff" * 60,
    ]  # fmt: skip


def _drawings() -> list[bytes]:
    laughs = b"".join(
        b'<!ENTITY l%d "%s">' % (i, b"&l%d;" % (i - 1) * 10 if i else b"ha") for i in range(12)
    )
    element = b'<metadata id="zoetrope">%s</metadata>'
    return [
        b"<?xml version='1.0'?><!DOCTYPE s [" + laughs + b"]><svg>" + element % b"&l11;",
        b'<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>' + element % b"&x;",
        b"<svg>" + element % (b"&#123;" * 500_000), b"<svg><script>alert(1)</script></svg>",
        b"<svg " + b"<metadata " * 400_000, b"<svg>" * 400_000, b"<svg>" + element % PICKLE,
        b"<svg>" + element % (b"[" * 300_000), b'<svg><metadata id="zoetrope">' + b"x" * 3_000_000,
    ]  # fmt: skip


def _patterns() -> list[bytes]:
    import base64

    bits = base64.b64encode(packed_zeros(512 << 20)).decode()
    deep: dict[str, object] = {"kind": "named", "name": "causal", "n": 8, "parameters": {}}
    for _ in range(300):
        deep = {"kind": "not", "of": deep}
    rule = {"kind": "rule", "n": 64, "parameters": {}}
    specs: list[object] = [
        {"kind": "imported", "n": 4096, "bits": bits}, {"kind": "imported", "n": HUGE, "bits": ""},
        {"kind": "layout", "bits": bits, "across": 1 << 30, "block": 1, "n": 64}, deep,
        rule | {"text": "__import__('os').system('true')"}, rule | {"text": "(" * 5000},
        rule | {"text": "q" + "**9" * 500}, rule | {"text": "1 << 99999999999"}, {"kind": "named"},
        rule | {"text": "q - k", "parameters": {"x": 1e308}}, {"kind": []},
        {"kind": "and", "of": 5},
        {"kind": "named", "name": "longformer", "n": -1, "parameters": {"w": 1e99}},
        {"kind": "named", "name": "longformer", "n": HUGE, "parameters": {"self": 1}},
    ]  # fmt: skip
    return [*(json.dumps(spec).encode() for spec in specs), b"[" * 100_000, b'{"kind"', PICKLE]
