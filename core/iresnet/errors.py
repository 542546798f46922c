"""What goes wrong with a flow, its data or its files, as one exception a caller can act on."""

from typing import Literal

Code = Literal[
    "bad_value",
    "bad_shape",
    "not_finite",
    "too_few",
    "degenerate",
    "diverged",
    "bad_file",
    "unknown_choice",
]


class IResNetError(ValueError):
    """The question has no answer as it was asked.

    `code` says which kind of trouble it is, `parameter` names the offending argument or field
    where there is one, and the message is a sentence with the numbers and what to do about them.
    """

    def __init__(self, code: Code, message: str, parameter: str | None = None) -> None:
        super().__init__(message)
        self.code: Code = code
        self.parameter = parameter
