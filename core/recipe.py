"""A recipe: everything that is needed to bring a figure back, as canonical JSON or a text code.

A recipe says what is drawn (the lab, its parameters, the data they refer to and the version of
the program), never how or when it was exported: two exports of one state hold the same bytes.
Recipes come from strangers, so reading one raises nothing but `RecipeError`, is bounded in
memory, and either succeeds as a whole or changes nothing.
"""

from __future__ import annotations

import base64
import json
import math
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn, Self

from zoetrope import __version__
from zoetrope.core.comparison import WAYS, Compared, Comparison
from zoetrope.core.key_frames import MOST as MOST_KEY_FRAMES
from zoetrope.core.key_frames import KeyFrames
from zoetrope.core.lab import Lab
from zoetrope.core.parameters import Parameters, Plain
from zoetrope.core.side_by_side import MOST_SETS

FORMAT_VERSION = 1
LONGEST = 1 << 22  # bytes of JSON: 20,000 drawn points with all their digits, and some
MOST_VALUES = 1000  # in one mapping
MOST_ROWS = 20_000  # in one list
MOST_NUMBERS = 200_000  # in all rows of one list
LONGEST_NAME = 200
MOST_PANELS = 100  # named by a comparison
KEYS = {"zoetrope", "program", "lab", "parameters", "data", "compare", "key_frames"}
KEY_FRAME_KEYS = {"parameters", "seconds", "easing"}
COMPARE_KEYS = {"way", "sets", "panels"}


class RecipeError(ValueError):
    """A recipe that cannot be read or used here. The text is one sentence for people."""


class NoRecipeError(RecipeError):
    """A file or text that does not claim to hold a recipe, such as someone's data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What a figure was made from.

    `parameters` are the complete plain values (`Parameters.plain`). `data` holds the
    fingerprint of each data file that the parameters name (see `recipe_data`); it is empty where
    they name none. `compare` is what the picture is compared with (`Comparison.plain`), or empty.
    `key_frames` are those of a film (`KeyFrames.plain`), or none. `program` is the version that
    wrote it.
    """

    lab: str
    parameters: Mapping[str, Plain]
    data: Mapping[str, Plain] = field(default_factory=dict)
    compare: Mapping[str, Any] = field(default_factory=dict)
    key_frames: tuple[Mapping[str, Any], ...] = ()
    program: str = __version__

    @classmethod
    def of(
        cls,
        lab: Lab[Any],
        parameters: Parameters,
        data: Mapping[str, Plain] | None = None,
        *,
        key_frames: KeyFrames | None = None,
    ) -> Self:
        """Return the recipe of a lab's state, with what it is compared with, or of a film from
        there.
        """
        return cls(
            lab=lab.id,
            parameters=parameters.plain(),
            data=data or {},
            compare=lab.comparison.plain() if isinstance(lab, Compared) else {},
            key_frames=() if key_frames is None else tuple(key_frames.plain()),
        )

    def plain(self) -> dict[str, Any]:
        """Return the recipe as plain values for JSON."""
        values: dict[str, Any] = {
            "zoetrope": FORMAT_VERSION,
            "program": self.program,
            "lab": self.lab,
            "parameters": dict(self.parameters),
        }
        more = {"data": self.data, "compare": self.compare}
        values |= {key: dict(value) for key, value in more.items() if value}
        return values | ({"key_frames": list(self.key_frames)} if self.key_frames else {})

    def to_json(self) -> str:
        """Return the canonical JSON: one line, keys sorted, no spaces, text as text."""
        return json.dumps(
            self.plain(),
            sort_keys=True,
            separators=(",", ":"),
            ensure_ascii=False,
            allow_nan=False,
        )

    def to_code(self) -> str:
        """Return the short text code, for places where files lose their metadata."""
        packed = zlib.compress(self.to_json().encode(), 9)
        code = base64.urlsafe_b64encode(packed).rstrip(b"=").decode()
        return f"zoetrope:{FORMAT_VERSION}:{code}"

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read a recipe from JSON; raises `RecipeError`."""
        if len(text) > LONGEST:
            raise RecipeError(f"This recipe is longer than {LONGEST} bytes, the most that is read.")
        try:
            decoded = text.decode("utf-8") if isinstance(text, bytes) else text
            values = DECODER.decode(decoded.removeprefix("\ufeff"))
        except RecipeError:
            raise
        except UnicodeDecodeError:
            raise RecipeError("This recipe is not UTF-8 text.") from None
        except RecursionError:
            raise RecipeError("This recipe is nested too deeply.") from None
        except ValueError:
            raise RecipeError("This recipe is damaged: it is not legal JSON.") from None
        return cls.from_plain(values)

    @classmethod
    def from_code(cls, text: str) -> Self:
        """Read a recipe from its text code, however it was wrapped; raises `RecipeError`."""
        if len(text) > 2 * LONGEST:
            raise RecipeError("This text is too long to be a recipe code.")
        match = re.fullmatch(r"zoetrope:([0-9]{1,9}):([A-Za-z0-9_-]+)=*", "".join(text.split()))
        if match is None:
            raise RecipeError(
                "This is not a recipe code: one starts with “zoetrope:1:” "
                "and holds letters, digits, - and _ only."
            )
        _check_version(int(match[1]))
        inflater = zlib.decompressobj()
        try:
            packed = base64.urlsafe_b64decode(match[2] + "=" * (-len(match[2]) % 4))
            inflated = inflater.decompress(packed, LONGEST + 1)
        except (zlib.error, ValueError):
            raise RecipeError("This recipe code is damaged or incomplete.") from None
        if len(inflated) <= LONGEST and not (inflater.eof and not inflater.unused_data):
            raise RecipeError("This recipe code is damaged or incomplete.")
        return cls.from_json(inflated)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read a recipe that a person pasted: JSON or a text code; raises `RecipeError`."""
        is_json = text.lstrip("\ufeff \t\r\n").startswith("{")
        return cls.from_json(text) if is_json else cls.from_code(text)

    @classmethod
    def from_plain(cls, values: object) -> Self:
        """Check plain values, as JSON holds them, against the schema; raises `RecipeError`."""
        if not isinstance(values, dict):
            raise NoRecipeError("This is not a recipe: a recipe is a JSON object.")
        if "zoetrope" not in values:
            raise NoRecipeError(
                "This is not a recipe: it does not say which recipe version it has."
            )
        _check_version(values["zoetrope"])
        for key in values:
            if key not in KEYS:
                raise RecipeError(f"This recipe holds {_short(key)}, which no recipe has.")
        return cls(
            lab=_name(values, "lab"),
            parameters=_mapping(values, "parameters"),
            data=_mapping(values, "data") if "data" in values else {},
            compare=_compare(values["compare"]) if "compare" in values else {},
            key_frames=_key_frames(values),
            program=_name(values, "program"),
        )


def restore(recipe: Recipe, labs: Mapping[str, Lab[Any]]) -> tuple[Lab[Any], Parameters, list[str]]:
    """Return the lab, its parameters, and a sentence for each value that had to be changed.

    Where the recipe compares, the lab is a `Compared`. Raises `RecipeError` for a lab that is not
    among `labs` and for parameters of a wrong type.
    """
    lab = labs.get(recipe.lab)
    if lab is None:
        known = ", ".join(labs) or "none"
        raise RecipeError(
            f"This recipe is for the lab {_short(recipe.lab)}, which is not installed here "
            f"(installed: {known})."
        )
    try:
        parameters, sentences = lab.parameters.adapt(recipe.parameters)
        if recipe.compare:
            lab = Compared(lab, _comparison(recipe.compare))
            lab.comparison.others(parameters)  # which raises where they do not fit
    except (ValueError, TypeError, ArithmeticError) as error:
        raise RecipeError(f"This recipe does not fit the lab {lab.title}: {error}") from None
    return lab, parameters, sentences


def restore_film(recipe: Recipe, lab: Lab[Any]) -> KeyFrames | None:
    """Return the film through key frames that a recipe holds, None where it holds none.

    Values out of range are clamped, as `restore` does. Raises `RecipeError`.
    """
    if not recipe.key_frames:
        return None
    try:
        return KeyFrames.adapt(recipe.key_frames, lab.parameters)
    except (ValueError, TypeError, ArithmeticError) as error:
        raise RecipeError(f"The key frames do not fit the lab {lab.title}: {error}") from None


def _comparison(compare: Mapping[str, Any]) -> Comparison:
    return Comparison(compare["way"], tuple(compare["sets"]), tuple(compare.get("panels", ())))


def _check_version(version: object) -> None:
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise RecipeError(f"This is not a recipe: its version is {_short(version)}.")
    if version > FORMAT_VERSION:
        raise RecipeError(
            f"This recipe was made by a newer Zoetrope (recipe version {version}; "
            f"this program reads {FORMAT_VERSION}): update the program to open it."
        )


def _name(values: Mapping[str, object], key: str) -> str:
    value = values.get(key)
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_NAME:
        raise RecipeError(f"This recipe does not name its {key}.")
    return _encodable(value)


def _key_frames(values: Mapping[str, object]) -> tuple[Mapping[str, Any], ...]:
    """Return the key frames of a recipe, if it has any."""
    frames = values.get("key_frames", [])
    if not isinstance(frames, list) or len(frames) > MOST_KEY_FRAMES:
        raise RecipeError(f"This recipe has no list of up to {MOST_KEY_FRAMES} key frames.")
    for number, frame in enumerate(frames, 1):
        if not isinstance(frame, dict) or set(frame) != KEY_FRAME_KEYS:
            raise RecipeError(f"Key frame {number} of this recipe is not one.")
        _mapping(frame, "parameters")
        _name(frame, "easing")
        _check_value("seconds", frame["seconds"])
        if isinstance(frame["seconds"], str):
            raise RecipeError(f"Key frame {number} of this recipe has no number of seconds.")
    return tuple(frames)


def _mapping(values: Mapping[str, object], key: str) -> dict[str, Plain]:
    mapping = values.get(key)
    if not isinstance(mapping, dict):
        raise RecipeError(f"This recipe has no {key}.")
    if len(mapping) > MOST_VALUES:
        raise RecipeError(f"This recipe has more than {MOST_VALUES} {key}.")
    for name, value in mapping.items():
        if len(_encodable(name)) > LONGEST_NAME:
            raise RecipeError(f"This recipe has a name that is too long: {_short(name)}.")
        if isinstance(value, list):
            _check_list(name, value)
        else:
            _check_value(name, value)
    return mapping


def _compare(value: object) -> dict[str, Any]:
    """Check what a picture is compared with: a way, sets of values, and names of panels."""
    if not isinstance(value, dict) or not {"way", "sets"} <= set(value) <= COMPARE_KEYS:
        raise RecipeError("This recipe does not say rightly what its figure is compared with.")
    sets, panels = value["sets"], value.get("panels", [])
    if value["way"] not in WAYS:
        raise RecipeError(f"This recipe compares in no known way: {_short(value['way'])}.")
    if not isinstance(sets, list) or not 0 < len(sets) < MOST_SETS:
        raise RecipeError(f"This recipe compares with none, or with more than {MOST_SETS - 1}.")
    if not isinstance(panels, list) or len(panels) > MOST_PANELS:
        raise RecipeError("This recipe does not name the panels that it compares.")
    named = [_name({"panel": panel}, "panel") for panel in panels]
    checked = [_mapping({"parameters": each}, "parameters") for each in sets]
    return {"way": value["way"], "sets": checked, **({"panels": named} if named else {})}


def _check_value(name: str, value: object) -> None:
    if isinstance(value, str):
        _encodable(value)
    elif not isinstance(value, (bool, int, float)):
        raise RecipeError(f"{_short(name)} in this recipe is neither number, text nor switch.")
    elif not math.isfinite(value):
        raise RecipeError(f"{_short(name)} in this recipe is not a finite number.")


def _check_list(name: str, entries: list[object]) -> None:
    """Check a list of values, or of rows of numbers; nothing may be nested deeper."""
    if len(entries) > MOST_ROWS:
        raise RecipeError(f"{_short(name)} in this recipe has more than {MOST_ROWS} rows.")
    numbers = 0
    for entry in entries:
        if not isinstance(entry, list):
            _check_value(name, entry)
            continue
        numbers += len(entry)
        if numbers > MOST_NUMBERS:
            raise RecipeError(f"{_short(name)} in this recipe has more numbers than any table.")
        for number in entry:
            if isinstance(number, bool) or not isinstance(number, (int, float)):
                raise RecipeError(f"{_short(name)} in this recipe has a row that is not numbers.")
            _check_value(name, number)


def _encodable(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise RecipeError("This recipe holds half a character (a lone surrogate).") from None
    return text


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:59]}…"


def _whole(digits: str) -> int:
    # 2**64 has 20 digits; more would only be there to make int() or a range check stumble.
    if len(digits) > 20:
        raise RecipeError("This recipe holds a whole number that is too large.")
    return int(digits)


def _no_constant(word: str) -> NoReturn:
    raise RecipeError(f"This recipe holds {word}, which is not a finite number.")


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    mapping = dict(pairs)
    if len(mapping) < len(pairs):
        raise RecipeError("This recipe says something twice.")
    return mapping


DECODER = json.JSONDecoder(
    parse_int=_whole, parse_constant=_no_constant, object_pairs_hook=_no_duplicates
)
