"""Patterns from outside the catalogue: typed rules, drawn block layouts, imported masks, JSON."""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np

from zoetrope.core.attention.entries import whole
from zoetrope.core.attention.errors import PatternError
from zoetrope.core.attention.expression_parser import RESERVED, parse
from zoetrope.core.attention.expression_structure import structure_of
from zoetrope.core.attention.expression_tree import names, renamed
from zoetrope.core.attention.named import pattern, tokens
from zoetrope.core.attention.patterns import Pattern
from zoetrope.core.attention.reordering import reordered
from zoetrope.core.attention.rule import MOST_HEADS, Rule
from zoetrope.core.attention.runs import Bools, Ints, listed
from zoetrope.core.attention.scanned import edges
from zoetrope.core.attention.structure import Structure
from zoetrope.core.attention.vertical_slash import vertical_slash

MOST_DRAWN = 1024  # blocks along a side
MOST_IMPORTED = 16_384
PARAMETER_LIMIT = 1 << 31
PACKING = 4  # zlib's level: 9 takes fifty times as long and saves a quarter
TAKEN = tuple(name for name in RESERVED if name != "h")


def expr(text: str, n: int, head: int = 0, **parameters: int) -> Pattern:
    """Return the pattern of a typed rule, as "q >= k and d % stride == 0" with stride=8.

    A parameter called h hides the head's number.
    Raises ExpressionError with the column and the reason, at once and whatever the text.
    """
    n = tokens(n)
    numbers = _named(parameters)
    node = parse(text, numbers)
    given = dict(numbers)
    if "h" in given:
        free = next(name for name in ("h_", "h__") if name not in given)
        node = renamed(node, {"h": free})
        given[free] = given.pop("h")
    used = {name: given[name] for name in names(node)}
    rule = Rule(node, n, used, head=whole(head, "head", 0, MOST_HEADS))
    rule.check()
    spec = {"kind": "rule", "text": text, "n": n, "parameters": numbers, "head": head}
    return Pattern(n, rule, structure_of(rule), spec)


def parameters_of(text: str) -> list[str]:
    """Return the names in a rule that are the user's own: its parameters, in order."""
    found = re.findall(r"[A-Za-z_]\w*", text, re.ASCII)
    return [name for name in dict.fromkeys(found) if name not in RESERVED]


def _named(parameters: Mapping[str, Any]) -> dict[str, int]:
    found = {}
    for name, value in parameters.items():
        if name in TAKEN or not re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII):
            raise PatternError(name, f"A parameter cannot be called {name!r}.")
        found[name] = whole(value, name, -PARAMETER_LIMIT, PARAMETER_LIMIT)
    return found


def layout(array: Any, block: int, n: int | None = None) -> Pattern:
    """Return the pattern of drawn blocks: bool or 0/1 [m, m], each block x block tokens.

    n defaults to m * block; a smaller n leaves the last blocks ragged.
    """
    drawn = _square(array, MOST_DRAWN, "layout")
    m = len(drawn)
    block = whole(block, "block", 1, 1 << 24)
    n = tokens(m * block if n is None else n)
    if not (m - 1) * block < n <= m * block:
        raise PatternError("n", f"{m} blocks of {block} do not cover {n:,} tokens exactly.")
    offsets, start, stop = _intervals(drawn)
    term = listed(offsets, start * block, np.minimum(stop * block, n), lambda rows: rows // block)
    numbers = {"block": block, "across": m}
    node = parse("drawn[q // block * across + k // block] == 1", numbers, ("drawn",), limited=False)
    rule = Rule(node, n, numbers, {"drawn": drawn.ravel().astype(np.int64)})
    spec = {"kind": "layout", "n": n, "block": block, "across": m, "bits": _bits(drawn)}
    return Pattern(n, rule, Structure(n, (term,), block), spec)


def imported(array: Any) -> Pattern:
    """Return the pattern of a mask from outside: bool or 0/1 [n, n], n up to 16,384."""
    mask = _square(array, MOST_IMPORTED, "mask")
    n = tokens(len(mask))
    offsets, start, stop = _intervals(mask)
    term = listed(offsets, start, stop, lambda rows: rows)
    # 32 keys a number keep the table small, and its numbers are looked up by torch as well
    words = np.zeros((n, -(-n // 32) * 32), dtype=np.uint8)
    words[:, :n] = mask
    table = np.packbits(words, axis=1, bitorder="little").view("<u4").astype(np.int64)
    across = table.shape[1]
    powers = 1 << np.arange(32, dtype=np.int64)
    node = parse(
        "words[q * across + k // 32] // power[k % 32] % 2 == 1",
        ("across",), ("words", "power"), limited=False,
    )  # fmt: skip
    rule = Rule(node, n, {"across": across}, {"words": table.ravel(), "power": powers})
    spec = {"kind": "imported", "n": n, "bits": _bits(mask)}
    return Pattern(n, rule, Structure(n, (term,)), spec, count=int(mask.sum()))


def from_json(text: str) -> Pattern:
    """Return the pattern that `to_json` wrote; PatternError for anything else."""
    try:
        spec = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise PatternError("json", "This is not JSON.") from error
    try:
        return from_spec(spec)
    except PatternError:
        raise
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise PatternError("json", "This JSON does not describe a pattern.") from error


def from_spec(spec: Mapping[str, Any]) -> Pattern:
    """Return the pattern of a `spec`."""
    kind = spec["kind"]
    if kind == "named":
        found = pattern(spec["name"], spec["n"], **spec["parameters"])
    elif kind == "rule":
        found = expr(spec["text"], spec["n"], head=spec.get("head", 0), **spec["parameters"])
    elif kind == "layout":
        found = layout(_unpacked(spec["bits"], spec["across"]), spec["block"], spec["n"])
    elif kind == "imported":
        found = imported(_unpacked(spec["bits"], spec["n"]))
    elif kind in ("and", "or"):
        first, second = (from_spec(one) for one in spec["of"])
        found = first & second if kind == "and" else first | second
    elif kind == "not":
        found = ~from_spec(spec["of"])
    elif kind == "transpose":
        found = from_spec(spec["of"]).T
    elif kind == "vertical_slash":
        found = vertical_slash(spec["n"], spec["vertical"], spec["slash"], spec["seed"])
    elif kind == "reordered":
        found = reordered(from_spec(spec["of"]), spec["order"], spec["size"])
    else:
        raise KeyError(kind)
    return found


def _square(array: Any, most: int, field: str) -> Bools:
    """Return a square bool array from one of bools or of 0 and 1."""
    found = np.asarray(array)
    if found.ndim != 2 or found.shape[0] != found.shape[1] or not 1 <= len(found) <= most:
        raise PatternError(
            field, f"The {field} must be square, up to {most:,} x {most:,}, not {found.shape}."
        )
    if found.dtype != bool and not (
        np.issubdtype(found.dtype, np.number) and np.all((found == 0) | (found == 1))
    ):
        raise PatternError(field, f"The {field} must hold true and false, or 0 and 1, only.")
    return found.astype(bool)


def _intervals(mask: Bools) -> tuple[Ints, Ints, Ints]:
    """Return each row's intervals as offsets [m + 1], starts and stops [s]."""
    length, start, stop = edges(mask)
    return np.concatenate(([0], np.cumsum(length))), start, stop


def _bits(mask: Bools) -> str:
    packed = np.packbits(mask, axis=None).tobytes()
    return base64.b64encode(zlib.compress(packed, PACKING)).decode()


def _unpacked(text: str, m: Any) -> Bools:
    m = whole(m, "json", 1, MOST_IMPORTED)
    try:
        opened = zlib.decompressobj().decompress(base64.b64decode(text), (m * m + 7) // 8 + 1)
        bits = np.unpackbits(np.frombuffer(opened, dtype=np.uint8), count=m * m)
    except (ValueError, zlib.error) as error:
        raise PatternError("json", "The stored mask cannot be read.") from error
    if len(opened) != (m * m + 7) // 8:
        raise PatternError("json", f"The stored mask does not hold {m} x {m} entries.")
    return bits.reshape(m, m).astype(bool)
