"""From the lab's controls to a pattern: what each control means, and what is made to fit."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any

from zoetrope.core.attention import conventions
from zoetrope.core.attention.errors import PatternError
from zoetrope.core.attention.lab_choices import CAUSAL_READS, CONTROLS, GRIDS, READS
from zoetrope.core.attention.lab_parameters import AttentionParameters
from zoetrope.core.attention.named import catalogue, pattern
from zoetrope.core.attention.patterns import Pattern
from zoetrope.core.attention.typed import expr, parameters_of
from zoetrope.core.parameters import ParameterError

MOST_JOINED = 1 << 20  # tokens of combined, compared and typed patterns
MOST_TREE = 1 << 20
MOST_PACKED = 1 << 22  # tokens of documents together
MOST_DRAWN = 1 << 23  # steps of drawing random blocks without replacement
MOST_LISTED = 4096  # tokens a text may list
MOST_NAMED = 5  # offenders in a sentence
LEAST = 4
RANGE = re.compile(r"(-?\d{1,9})\s*(?:[-–]\s*(\d{1,9}))?$")
CLAMPED = (
    "stride", "rate", "window", "w", "slash", "block", "size", "prefix", "sinks", "initial",
    "dense", "reach", "last", "dilation", "r",
)  # fmt: skip


@dataclass
class Made:
    """The arguments of a pattern, and sentences on what was changed to make it."""

    name: str
    n: int
    arguments: dict[str, Any] = field(default_factory=dict)
    said: list[tuple[str, str]] = field(default_factory=list)  # control, sentence

    def set(self, parameters: AttentionParameters, control: str, value: int, why: str) -> int:
        """Take another value than the control has, and say so."""
        label = parameters.declarations()[control].label
        self.said.append((control, f"{label} counts as {value:,} here: {why}."))
        return value


def named(parameters: AttentionParameters) -> tuple[Pattern, Made]:
    """Return a pattern of the catalogue. ParameterError names the control that does not fit."""
    made = arguments_of(parameters)
    try:
        return pattern(made.name, made.n, **made.arguments), made
    except PatternError as error:
        raise as_parameter_error(error, parameters) from None


def typed(parameters: AttentionParameters) -> tuple[Pattern, Made]:
    """Return the pattern of the rule, whose names stand for the controls."""
    text = parameters.rule
    known = {name: control for name, control in CONTROLS["typed"].items() if name != "rule"}
    numbers = {
        name: int(getattr(parameters, known[name])) for name in parameters_of(text) if name in known
    }
    if parameters.n > MOST_JOINED:
        raise ParameterError(
            "n", f"A typed rule is drawn for up to {MOST_JOINED:,} tokens; choose a smaller n."
        )
    try:
        return expr(text, parameters.n, **numbers), Made("typed", parameters.n, numbers)
    except PatternError as error:
        more = ""
        if any(name not in known for name in parameters_of(text)):
            more = f" Of the controls it may use {', '.join(known)}."
        raise ParameterError("rule", error.message + more) from None


def arguments_of(parameters: AttentionParameters) -> Made:
    """Return name, tokens and arguments of a catalogue pattern, made to fit each other."""
    name = parameters.pattern
    made = Made(name, parameters.n)
    controls = CONTROLS[name]
    if name in GRIDS:
        made.n = parameters.height * parameters.width
        _fits_grid(made)
    elif name in ("document", "shared_prefix"):
        lengths = whole_numbers(parameters, "lengths")
        if any(length < 1 for length in lengths):
            at = next(i for i, length in enumerate(lengths) if length < 1)
            raise ParameterError(
                "lengths", f"Document {at + 1} has {lengths[at]} tokens; each needs one at least."
            )
        made.n = sum(lengths)
        if not LEAST <= made.n <= MOST_PACKED:
            raise ParameterError(
                "lengths", f"The documents have {made.n:,} tokens; 4 to {MOST_PACKED:,} are drawn."
            )
    elif name == "block_diffusion":
        made.n -= made.n % 2
    elif name == "tree":
        made.n = min(made.n, MOST_TREE)
    if made.n != parameters.n:
        made.said.append(("n", f"Tokens count as {made.n:,} here: {_WHY_N[name]}."))
    for argument, control in controls.items():
        made.arguments[argument] = _value(parameters, made, argument, control)
    _fit_each_other(parameters, made)
    return made


_WHY_N = {
    **dict.fromkeys(GRIDS, "height times width"),
    **dict.fromkeys(("document", "shared_prefix"), "the sum of the document lengths"),
    "block_diffusion": "half of them are noised and half clean",
    "tree": f"a tree is drawn for up to {MOST_TREE:,}",
}


def _fits_grid(made: Made) -> None:
    if made.n < LEAST:
        raise ParameterError("height", f"The grid has {made.n} tokens; it needs {LEAST} at least.")


def _value(parameters: AttentionParameters, made: Made, argument: str, control: str) -> Any:
    """Return what an argument is set to by its control."""
    value = getattr(parameters, control)
    if control == "window" and made.name in READS:
        value = read_window(parameters)
    if argument in CLAMPED and value > made.n:
        return made.set(parameters, control, made.n, "it cannot exceed the tokens")
    if control == "globals":
        return _globals(parameters, made.n)
    if control in ("continues", "parents"):
        return whole_numbers(parameters, control)
    if control == "lengths":
        return whole_numbers(parameters, "lengths")
    if argument == "inner":
        return "causal" if value else "full"
    if argument == "ends":
        return "both" if value else "first"
    return value


def _fit_each_other(parameters: AttentionParameters, made: Made) -> None:
    """Bring numbers that bound each other into their bounds, saying so."""
    given = made.arguments

    def most(argument: str, bound: int, why: str) -> None:
        if given.get(argument, bound) > bound:
            control = CONTROLS[made.name][argument]
            given[argument] = made.set(parameters, control, bound, why)

    if "c" in given:
        most("c", given["stride"], "a block holds no more keys")
    if made.name == "block_diffusion":
        most("block", made.n // 2, "half of the tokens are noised")
    if made.name == "dilated_blocks":
        most("offset", given["r"] - 1, "residues are below the stride")
    if made.name == "butterfly":
        most("level", (made.n - 1).bit_length() - 1, "no token has a higher bit")
    if made.name == "bigbird":
        blocks = -(-made.n // given["block"])
        most("globals", blocks, "there are no more blocks")
        most("window", 2 * blocks + 1, "there are no more blocks")
        most("random", math.isqrt(MOST_DRAWN // blocks), "drawing more would take long")
    if made.name == "swin":
        most("m", max(parameters.height, parameters.width), "the grid is no larger")
        most("shift", given["m"] - 1, "a shift is less than a window")
    if made.name == "sta2d":
        for argument in ("kh", "kw"):
            tiles = max(1, round(given[argument] / parameters.tile))
            if tiles * parameters.tile != given[argument]:
                control = CONTROLS["sta2d"][argument]
                whole = tiles * parameters.tile
                given[argument] = made.set(parameters, control, whole, "it moves in whole tiles")
    if made.name == "tree":
        given["prefix"] = made.n - len(given["parents"])
        if given["prefix"] < 0:
            raise ParameterError(
                "parents", f"The tree has {len(given['parents'])} nodes, and n is {made.n:,}."
            )


def own_convention(parameters: AttentionParameters) -> str:
    """Return the convention of a pattern with a window, as it is causal or not."""
    own = READS[parameters.pattern]
    return CAUSAL_READS.get(parameters.pattern, own) if parameters.causal else own


def read_window(parameters: AttentionParameters) -> int:
    """Return the window in the pattern's own convention. ParameterError where none means it."""
    own = READS[parameters.pattern]
    if parameters.written_as in ("own", own):
        return parameters.window
    if conventions.CONVENTIONS[parameters.written_as].causal:
        own = own_convention(parameters)
    try:
        number = conventions.translate(
            parameters.window, parameters.written_as, own, parameters.block
        )
    except PatternError as error:
        raise ParameterError(
            "written_as", f"{error.message} Choose another pattern or convention."
        ) from None
    if number < 1:
        raise ParameterError("window", "This window holds the query alone; make it larger.")
    return number


def whole_numbers(parameters: AttentionParameters, control: str) -> list[int]:
    """Return the whole numbers of a text such as "300, 200, 524"."""
    label = parameters.declarations()[control].label
    found = []
    for place, word in enumerate(_words(parameters, control), start=1):
        try:
            found.append(int(word.replace("−", "-")))
        except ValueError:
            raise ParameterError(
                control, f"Entry {place} of {label.lower()} is {word[:20]!r}, no whole number."
            ) from None
    return found


def _globals(parameters: AttentionParameters, n: int) -> list[int]:
    """Return the tokens of "0, 5, 100-103"; those beyond n are named."""
    found: list[int] = []
    beyond: list[str] = []
    for word in _words(parameters, "globals"):
        match = RANGE.fullmatch(word)
        if match is None:
            raise ParameterError(
                "globals", f"{word[:20]!r} is no token: write numbers and ranges, as 0, 5, 100-103."
            )
        first, last = int(match[1]), int(match[2] or match[1])
        if not 0 <= first <= last < n:
            beyond.append(word)
            continue
        if len(found) + last - first + 1 > MOST_LISTED:
            raise ParameterError("globals", f"At most {MOST_LISTED:,} tokens can be global.")
        found += range(first, last + 1)
    if beyond:
        named = ", ".join(beyond[:MOST_NAMED]) + (", …" if len(beyond) > MOST_NAMED else "")
        verb = "is" if len(beyond) == 1 else "are"
        raise ParameterError(
            "globals", f"Global tokens are from 0 to {n - 1:,}, and {named} {verb} not."
        )
    return sorted(set(found))


def _words(parameters: AttentionParameters, control: str) -> list[str]:
    text: str = getattr(parameters, control)
    return [word for word in re.split(r"[,;\s]+", text.strip()) if word]


def as_parameter_error(error: PatternError, parameters: AttentionParameters) -> ParameterError:
    """Name the control instead of the argument that an error of the mathematics names."""
    control = {"n": "n"} | dict(CONTROLS[parameters.pattern])
    found = control.get(error.field)
    message = error.message
    if found is not None and message.startswith(f"{error.field} "):
        message = parameters.declarations()[found].label + message[len(error.field) :]
    return ParameterError(found, message)


def about(parameters: AttentionParameters) -> str:
    """Say in a sentence what the pattern is, and where it is from."""
    entry = catalogue().get(parameters.pattern)
    return f"{entry.about} ({entry.source})" if entry else _OWN[parameters.pattern]


_OWN = {
    "typed": "Every pair for which your rule is true.",
    "composed": "What the combination makes of the saved patterns; see the page Compose.",
    "drawn": "Every pair in a painted block; paint on the page Compose.",
    "file": "What your file says.",
}
