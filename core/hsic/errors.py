"""What goes wrong with a dependence question, as one exception a caller can act on."""

from typing import Literal

Code = Literal[
    "bad_value",
    "bad_shape",
    "not_finite",
    "too_few",
    "too_large",
    "length_mismatch",
    "bad_width",
    "unknown_kernel",
    "unknown_choice",
    "undefined",
]


class HsicError(ValueError):
    """The question has no answer as it was asked.

    `code` says which kind of trouble it is, `parameter` names the offending argument where there
    is one, and the message is a sentence with the numbers and what to do about them.
    """

    def __init__(self, code: Code, message: str, parameter: str | None = None) -> None:
        super().__init__(message)
        self.code: Code = code
        self.parameter = parameter
