"""The texts that people see, found in the sources.

The window's texts stand in calls of `say` and its like. The mathematics has plain strings: all are
taken that hold words and stand where words for people stand. A formatted string becomes a template,
f"{len(rows)} rows" is "{rows} rows"; an alternative within it, two texts.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SAID = {"say", "later", "worded", "_said"}  # functions whose first argument is a text
LATER = "later"  # the one of them that forms a text which is found again when it is shown
# What writes programs and files for programs, or speaks on the command line: English throughout.
NOT_SHOWN = re.compile(
    r"gui/platform_check\.py|core/(command_\w+|.*script\w*|.*expression_(numpy|tree|tokens|interval)|.*flex_module|render\w*"
    r"|templates|translation|latex_symbols|.*/__init__|.*/excerpt|symbols|text_encoding|reference"
    r"|iresnet/cuda_step|.*glass_tokenizer|.*byte_pairs|.*wordpiece|sweep/tasks)\.py"
)
# Keywords whose strings are names for the program; and those whose strings are always words.
NAMES = {
    "key", "role", "symbol", "dash", "marker", "anchor", "parameter", "dtype", "name", "group_key",
    "colours", "severity", "linked", "family", "encoding", "mode", "newline", "crosshair", "link_x",
    "link_y", "suffix", "device", "method", "kind", "order", "playhead", "ratio_unit", "sets",
    "hover", "pick", "axis", "prefix", "statistic", "form", "keep", "vary", "values", "page",
    "endings", "errors", "timeout", "ending", "source", "default_factory", "flags", "pages",
}  # fmt: skip
WORDS = {"label", "title", "help", "text", "summary", "words", "question", "group", "unit", "hint"}
# Calls whose strings are no words for people.
SILENT = {
    "getattr", "hasattr", "setattr", "isinstance", "compile", "fullmatch", "match", "search", "sub",
    "startswith", "endswith", "removesuffix", "removeprefix", "replace_all", "split", "rsplit",
    "partition", "rpartition", "strip", "rstrip", "lstrip", "encode", "decode", "open", "files",
    "import_module", "Edit", "TableEdit", "debug", "info", "warning", "error", "exception", "get",
    "pop", "TypeVar", "NewType", "cast", "translate", "maketrans", "with_suffix", "joinpath",
    "read_text", "write_text", "dtype", "astype", "einsum", "asarray", "zeros", "device",
    "KeyError", "AssertionError", "NotImplementedError", "print", "index", "find", "count", "Lazy",
    "lazy", "attach", "version", "AttributeError", "Thread", "RuntimeError", "TypeError", "warn",
    "filterwarnings",
}  # fmt: skip
FORMATTED = re.compile(r"\{(\w*)(?:![rs])?(?::[^{}\s]*)?\}")
WORD = re.compile(r"[^\W\d_]{2}")
PROGRAM = re.compile(
    r"\\|^[\w.]+_\w+$|^[a-z]+\.[a-z]|^#|://|\.py$|^--|^[\w-]+/[\w./-]+(@\w+)?$|^\W*$"
    r"|^([0-9a-f]{6} ?)+$|^((Ctrl|Shift|Alt)\+)+\S+$|^F\d+$|^[A-Z][a-z]+(Page|View|Error)$"
    r"|^[A-Z_]{2,}$|^(CREATE|INSERT|SELECT|DELETE) |<\w+[ >].*</|//|plain folds"
    r"|(^|\n)\s*(def|from|import|return) |\n[A-Z_]+ = "
)
# Words that stand alone and in small letters, as names for the program do, or are made by code.
ALONE = (
    "{journal}, {columns} ({width} mm)", "Elsevier, one and a half columns (140 mm)",
    "PNAS, one and a half columns (114 mm)", "Science, three columns (184 mm)",
    "above", "at the bottom", "at the top", "Away", "below", "bottom", "Bullseye", "centered",
    "Column (85 mm)", "Dino", "Dots", "dynamic", "ground", "H lines", "head", "High lines",
    "honest", "kept", "lost", "median", "moment", "nats", "no", "normal",
    "oracle", "Page, 170 × 105 mm", "points", "positive median", "Poster A0 (1189 × 841 mm)",
    "Poster A1 (841 × 594 mm)", "shuffles", "Slant down", "Slant up", "Slide 16:9 (339 × 190 mm)",
    "spans", "Square, 120 × 120 mm", "Star", "steps/s", "straight-arc", "straight-arc-straight",
    "top", "V lines", "Wide lines", "X shape", "yes",
)  # fmt: skip
_STYLE_SHEET = re.compile(r"[{]|;\s*$|[a-z-]+:\s*[^;]+;")
MOST_ALTERNATIVES = 12


def texts_of(node: ast.expr) -> list[str] | None:
    """Return what a string in the source can say, as templates; None where it is no string."""
    if isinstance(node, ast.Constant):
        return [_named(node.value)] if isinstance(node.value, str) else None
    if isinstance(node, ast.IfExp):
        first, second = texts_of(node.body), texts_of(node.orelse)
        return None if first is None or second is None else [*first, *second]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = texts_of(node.left), texts_of(node.right)
        if left is None and right is None:
            return None
        return _joined([left or [_field(node.left, 0)], right or [_field(node.right, 1)]])
    if isinstance(node, ast.JoinedStr):
        parts: list[list[str]] = []
        for number, value in enumerate(node.values):
            if isinstance(value, ast.FormattedValue):
                said = texts_of(value.value) if isinstance(value.value, ast.IfExp) else None
                parts.append(said or [_field(value.value, number)])
            else:
                parts.append([_escaped(value)])
        return _joined(parts)
    return None


def _named(text: str) -> str:
    """Return a string as a template; one to be formatted later is one: its fields get names."""
    number = itertools.count()
    return FORMATTED.sub(lambda found: f"{{{found[1] or f'value{next(number)}'}}}", text)


def _escaped(node: ast.expr) -> str:
    """Return what stands between the fields of a formatted string."""
    assert isinstance(node, ast.Constant)
    return str(node.value).replace("{", "{{").replace("}", "}}")


def _joined(parts: list[list[str]]) -> list[str]:
    choices = list(itertools.islice(itertools.product(*parts), MOST_ALTERNATIVES))
    return list(dict.fromkeys("".join(_numbered(choice)) for choice in choices))


def _numbered(parts: Iterable[str]) -> Iterator[str]:
    """Yield parts whose fields have names of their own: a second {n} may be another number."""
    seen: dict[str, int] = {}
    for part in parts:
        field = re.fullmatch(r"\{(\w+)\}", part)
        if field is None:
            yield part
            continue
        name = field[1]
        seen[name] = seen.get(name, 0) + 1
        yield part if seen[name] == 1 else f"{{{name}{seen[name]}}}"


def _field(node: ast.expr, number: int) -> str:
    """Name a value by the last name in it."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return f"{{{name.strip('_')}}}"
        case ast.Call(args=[first, *_]):
            return _field(first, number)
        case ast.Call(func=func):
            return _field(func, number)
        case ast.Subscript(value=value) | ast.UnaryOp(operand=value):
            return _field(value, number)
        case ast.BinOp(left=left, right=right):
            return _field(right if isinstance(left, ast.Constant) else left, number)
    return f"{{value{number}}}"


@dataclass(slots=True)
class SourceText:
    """A text and the files where it stands. A `formed` one is looked for in what is on the screen,
    where its fields are filled in already.
    """

    text: str
    formed: bool
    files: list[str] = field(default_factory=list)


class _Texts(ast.NodeVisitor):
    """Collects the texts of a file of the mathematics."""

    def __init__(self) -> None:
        self.found: list[SourceText] = []
        self._certain = False  # whether any string here is words

    def _take(self, node: ast.expr) -> bool:
        said = texts_of(node)
        if said is None:
            return False
        for text in said:
            if is_words(text) or (self._certain and not PROGRAM.search(text)):
                self.found.append(SourceText(text.strip(" \n,:;"), formed=True))
        return True

    def visit(self, node: ast.AST) -> None:
        """Take a string whole; look into anything else."""
        if isinstance(node, ast.expr) and self._take(node):
            for inner in ast.walk(node):  # a text within a call within a text
                if isinstance(inner, ast.Call):
                    self.visit(inner)
            return
        super().visit(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        """Leave out docstrings."""
        if not isinstance(node.value, ast.Constant):
            self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        """Leave out what is looked up."""
        self.visit(node.value)

    def visit_Compare(self, node: ast.Compare) -> None:
        """Leave out what is compared."""

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """Leave out annotations."""
        if node.value is not None:
            self.visit(node.value)

    def visit_arguments(self, node: ast.arguments) -> None:
        """Leave out annotations and what is said where nothing is given."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """Look at the body, and at what stands over it."""
        for inner in (*node.decorator_list, *node.body):
            self.visit(inner)

    def visit_Assign(self, node: ast.Assign) -> None:
        """Leave out lists of names."""
        names = {target.id for target in node.targets if isinstance(target, ast.Name)}
        if not {"__all__", "__slots__"} & names:
            before, self._certain = self._certain, bool(names & WORDS)
            self.visit(node.value)
            self._certain = before

    def visit_Dict(self, node: ast.Dict) -> None:
        """Take what keys stand for."""
        for value in node.values:
            self.visit(value)

    def visit_Call(self, node: ast.Call) -> None:
        """Take the arguments that are words."""
        called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        called = node.func.id if isinstance(node.func, ast.Name) else called
        self.visit(node.func)
        if called in SAID:  # here the text is a template already
            self.found += _said(called, node.args[0])
            return
        if called in SILENT:
            for inner in (*node.args, *(keyword.value for keyword in node.keywords)):
                if texts_of(inner) is None:
                    self.visit(inner)
            return
        for inner in node.args:
            self.visit(inner)
        for keyword in node.keywords:
            if keyword.arg in NAMES:
                if texts_of(keyword.value) is None:
                    self.visit(keyword.value)
                continue
            before, self._certain = self._certain, keyword.arg in WORDS
            if self._certain and not isinstance(keyword.value, ast.Call):
                self._certain = True
            self.visit(keyword.value)
            self._certain = before


def is_words(text: str) -> bool:
    """Say whether a string looks like words for people rather than a name for the program."""
    bare = re.sub(r"\{\w+\}", "", text)
    if "“{" in text:
        return True  # it quotes something
    if not WORD.search(bare) or PROGRAM.search(text):
        return False
    return " " in text.strip() or text.lstrip("&")[:1].isupper() or text[:1] == "&"


def _worth_an_entry(text: str) -> bool:
    """Whether a text has words of its own, or signs that are others in another script."""
    bare = re.sub(r"\{\w+[^}]*\}", "", text)
    return bool(WORD.search(bare)) or (bare != text and bool(re.search(r"[:(,;“]|\.$", bare)))


def _said_texts(tree: ast.Module) -> list[SourceText]:
    """Return the texts in calls of `say` and its like."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            func = node.func
            name = func.id if isinstance(func, ast.Name) else getattr(func, "attr", "")
            if name in SAID:
                found += _said(name, node.args[0])
    return found


def _said(function: str, node: ast.expr) -> list[SourceText]:
    """The literals of a call of such a function: their braces are fields already."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [SourceText(node.value, formed=function == LATER)]
    if isinstance(node, ast.IfExp):
        return [*_said(function, node.body), *_said(function, node.orelse)]
    return []


def _declared_texts(tree: ast.Module) -> Iterator[SourceText]:
    """Yield the texts of tables at a module's or a class's top, which are said where they stand."""
    bodies = [tree.body, *(node.body for node in tree.body if isinstance(node, ast.ClassDef))]
    for body in bodies:
        for node in body:
            value = node.value if isinstance(node, (ast.Assign, ast.AnnAssign)) else None
            if value is not None:
                texts = _Texts()
                texts.visit(value)
                yield from (found for found in texts.found if not _STYLE_SHEET.search(found.text))


def texts_in(path: Path) -> list[SourceText]:
    """Return the texts of a file of the sources."""
    name = path.relative_to(ROOT).as_posix()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if NOT_SHOWN.fullmatch(name):
        found = _said_texts(tree)
    elif name.startswith("gui/"):
        found = [*_said_texts(tree), *_declared_texts(tree)]
    else:
        texts = _Texts()
        texts.visit(tree)
        found = texts.found
    return [text for text in found if _worth_an_entry(text.text)]


def all_texts() -> dict[str, SourceText]:
    """Return every text, those of the window first."""
    found: dict[str, SourceText] = {}
    for path in (*sorted((ROOT / "gui").glob("*.py")), *sorted((ROOT / "core").rglob("*.py"))):
        name = path.relative_to(ROOT).as_posix()
        for text in texts_in(path):
            known = found.setdefault(text.text, text)
            known.formed |= text.formed
            if name not in known.files:
                known.files.append(name)
    for word in ALONE:
        found.setdefault(word, SourceText(word, formed=True, files=["core"]))
    return found
