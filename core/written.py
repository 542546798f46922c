"""How a table that is text is written: what can be said of it, and what was found."""

from __future__ import annotations

from dataclasses import dataclass

AUTO = "auto"
ENCODINGS = {
    AUTO: "As found",
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16, low byte first",
    "utf-16-be": "UTF-16, high byte first",
    "gb18030": "Chinese (GB18030)",
    "latin-1": "Western European (Latin-1)",
}
SEPARATORS = {
    AUTO: "As found",
    "comma": "Comma",
    "semicolon": "Semicolon",
    "tab": "Tab",
    "bar": "Vertical bar",
    "blank": "Blanks",
}
DECIMALS = {AUTO: "As found", "point": "Point (1.5)", "comma": "Comma (1,5)"}
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|", "blank": ""}
SIGNS = {"point": ".", "comma": ","}  # before the decimals


@dataclass(frozen=True, slots=True)
class Written:
    """A key of `ENCODINGS`, one of `SEPARATORS` and one of `DECIMALS`: as a person says, or as a
    file turned out.

    Files that are not text (Parquet, NPZ, NPY) have none of it, and JSON has only an encoding.
    """

    encoding: str = AUTO
    separator: str = AUTO
    decimal: str = AUTO


AS_FOUND = Written()
