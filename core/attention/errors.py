"""What goes wrong with a pattern or a rule, as exceptions a caller can act on."""


class PatternError(ValueError):
    """No pattern answers what was asked.

    `field` names the offending argument ("" where there is none) and the message is one sentence
    with the numbers and what to do about them.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


class ExpressionError(PatternError):
    """A typed rule is refused. `column` counts characters from 1; `reason` is the sentence."""

    def __init__(self, column: int, reason: str) -> None:
        super().__init__("rule", f"Column {column}: {reason}")
        self.column = column
        self.reason = reason
