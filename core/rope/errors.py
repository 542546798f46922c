"""What goes wrong with a rope, as one exception with a code that a caller can act on."""

from typing import Literal

Code = Literal[
    "bad_value", "too_short", "taut", "collapsed", "stalled", "no_solution", "undetermined"
]


class RopeError(ValueError):
    """No rope answers the question asked.

    `code` says which kind of trouble it is, `parameter` names the offending argument where there
    is one, and the message is a sentence with the numbers and what to do about them.
    """

    def __init__(self, code: Code, message: str, parameter: str | None = None) -> None:
        super().__init__(message)
        self.code: Code = code
        self.parameter = parameter
