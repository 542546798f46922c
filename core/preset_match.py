"""Which of a lab's presets parameters are: what is passing, or only a view, does not decide it."""

from __future__ import annotations

from collections.abc import Sequence

from zoetrope.core.declarations import is_passing
from zoetrope.core.lab import Preset
from zoetrope.core.parameters import Parameters, ViewEnd


class PresetMatch:
    """A lab's presets as parameters, made once: `declared` is the class of its parameters.

    Raises `ParameterError` where a preset's values are not legal.
    """

    def __init__(self, declared: type[Parameters], presets: Sequence[Preset]) -> None:
        self._wanted = {preset.key: declared.make(preset.values) for preset in presets}
        self._decisive = {preset.key: _decisive(declared, preset) for preset in presets}

    def parameters(self, preset: Preset) -> Parameters:
        """Return what a preset sets, with all else at its default."""
        return self._wanted[preset.key]

    def key_of(self, parameters: Parameters) -> str:
        """Return the key of the preset that parameters are, the last of several; "" for none."""
        found = ""
        for key, wanted in self._wanted.items():
            names = self._decisive[key]
            if all(getattr(wanted, name) == getattr(parameters, name) for name in names):
                found = key
        return found


def _decisive(declared: type[Parameters], preset: Preset) -> list[str]:
    """Return what must be as a preset says for it to be that preset: first what it changes."""
    others = [
        name
        for name, declaration in declared.declarations().items()
        if not (
            name in preset.values or is_passing(declaration) or isinstance(declaration, ViewEnd)
        )
    ]
    return [*preset.values, *others]
