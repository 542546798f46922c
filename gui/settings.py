"""What a person has chosen for the whole program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

from zoetrope.core.number_format import AS_USUAL, NumberFormat
from zoetrope.core.translation import LANGUAGES as NAMES

LANGUAGES = {"system": "Like the system", **NAMES}
THEMES = {"system": "Like the system", "light": "Light", "dark": "Dark"}
FRAME_RATES = {15: "15 a second", 30: "30 a second", 60: "60 a second"}
OPENINGS = {
    "as_left": "Everything as it was left",
    "start_page": "On the start page, labs as they were left",
    "afresh": "Afresh, all labs at their defaults",
}
_LEGAL: Mapping[str, Mapping[Any, str]] = {
    "theme": THEMES,
    "language": LANGUAGES,
    "frame_rate": FRAME_RATES,
    "opening": OPENINGS,
}


@dataclass(frozen=True, slots=True)
class Settings:
    """The choices. `export` holds the last options of the export dialog, by name."""

    theme: str = "system"
    language: str = "system"
    device: str = "auto"
    dimensionless: bool = False
    number_marks: str = AS_USUAL.marks
    number_digits: int = AS_USUAL.digits
    number_power: int = AS_USUAL.power
    reduced_motion: bool = False
    frame_rate: int = 30  # pictures a second while something plays
    opening: str = "as_left"
    log_level: str = "INFO"
    cluster: str = ""  # the address of a Dask cluster for sweeps; this machine where it is empty
    export: Mapping[str, Any] = field(default_factory=dict)

    @property
    def numbers(self) -> NumberFormat:
        """How numbers are written."""
        return NumberFormat(self.number_marks, self.number_digits, self.number_power)

    def plain(self) -> dict[str, Any]:
        """Return the choices for JSON."""
        return asdict(self)

    @classmethod
    def adapt(cls, values: Any) -> Self:
        """Build settings from a file's values; what is unknown or of a wrong type is left out."""
        if not isinstance(values, Mapping):
            return cls()
        default = cls()
        kept: dict[str, Any] = {}
        for known in fields(cls):
            value = values.get(known.name)
            expected = getattr(default, known.name)
            if isinstance(value, Mapping if known.name == "export" else type(expected)):
                kept[known.name] = value
        for name, legal in _LEGAL.items():
            if kept.get(name, getattr(default, name)) not in legal:
                del kept[name]
        parts = ("marks", "digits", "power")
        given = {part: kept.pop(f"number_{part}", None) for part in parts}
        numbers = NumberFormat.adapt(given)
        return cls(**kept, **{f"number_{part}": getattr(numbers, part) for part in parts})
