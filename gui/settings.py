"""What a person has chosen for the whole program. It is kept in the session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

from zoetrope.core.translation import LANGUAGES as NAMES

LANGUAGES = {"system": "Like the system", **NAMES}
THEMES = {"system": "Like the system", "light": "Light", "dark": "Dark"}


@dataclass(frozen=True, slots=True)
class Settings:
    """The choices. `export` holds the last options of the export dialog, by name."""

    theme: str = "system"
    language: str = "system"
    device: str = "auto"
    dimensionless: bool = False
    reduced_motion: bool = False
    log_level: str = "INFO"
    cluster: str = ""  # the address of a Dask cluster for sweeps; this machine where it is empty
    export: Mapping[str, Any] = field(default_factory=dict)

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
        if kept.get("theme", "system") not in THEMES:
            del kept["theme"]
        if kept.get("language", "system") not in LANGUAGES:
            del kept["language"]
        return cls(**kept)
