"""What failed, in words for people."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from pathlib import Path

from zoetrope.core import device as devices

LONGEST_NAME = 80  # letters of a file's name in a sentence


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a job failed: a sentence for people, what to do, and the details for a report."""

    sentence: str
    hint: str
    details: str
    parameter: str | None = None


def explain(error: BaseException) -> Failure:
    """Turn any exception of a lab into a sentence, a hint and details."""
    details = "".join(traceback.format_exception(error))
    parameter = getattr(error, "parameter", None)
    if devices.is_out_of_memory(error):
        needed = devices.memory_asked_for(error)
        asked = f": one step asked for {needed}" if needed else ""
        return Failure(
            f"There is not enough memory for these settings{asked}.",
            "Make the size parameters smaller, or choose another device in the settings.",
            details,
        )
    if devices.is_lost(error):
        return Failure(
            "The device that computes has failed: it was taken away, reset, or hangs.",
            "Choose the CPU in the settings; the device works again when Zoetrope is started anew.",
            details,
        )
    if isinstance(error, OSError) and error.filename:
        name = Path(str(error.filename)).name[:LONGEST_NAME]
        return Failure(
            f"{name} cannot be read: {error.strerror or error}.",
            "Choose another file, or change what may be done with it.",
            details,
            parameter,
        )
    if isinstance(error, ValueError) and str(error):
        hint = "" if parameter else "Change the parameters and it runs again."
        return Failure(str(error), hint, details, parameter)
    return Failure(
        f"This could not be computed: {type(error).__name__}"
        + (f", {error}" if str(error) else "")
        + ".",
        "Change a parameter to try again; the details help us to mend it.",
        details,
        parameter,
    )
