"""No network, no pickle from outside, no code made at run time: looked for in the source, and
watched while every lab draws, exports and is written about.
"""

import ast
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.soak.watch import watching
from zoetrope.core.device import Context
from zoetrope.core.export import export
from zoetrope.core.export_options import ExportOptions
from zoetrope.core.lab import Lab
from zoetrope.core.registry import registry

ROOT = Path(__file__).resolve().parents[2]
LABS = [lab for lab in registry().values() if lab.id != "damped"]
FORBIDDEN_CALLS = {
    "eval", "exec", "compile", "__import__", "pickle.load", "pickle.loads", "pickle.Unpickler",
    "torch.load", "np.load", "numpy.load", "marshal.loads", "os.system", "os.popen",
}  # fmt: skip
FORBIDDEN_IMPORTS = {
    "socket", "ssl", "http", "urllib", "ftplib", "smtplib", "requests", "httpx", "aiohttp",
    "shelve", "dill", "joblib", "QtNetwork", "QtWebEngineWidgets", "PyQt6.QtNetwork",
}  # fmt: skip
ALLOWED = {
    ("core/export_worker.py", "pickle.loads"),  # from the program's own pipe to itself
    ("gui/running.py", "socket"),  # a pair of ends, to hear Ctrl+C with
}


def sources() -> Iterator[tuple[str, ast.Module]]:
    for folder in ("core", "gui", "zoetrope"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def said(tree: ast.Module) -> Iterator[str]:
    """The forbidden things that a module does."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names if a.name in FORBIDDEN_IMPORTS)
            yield from (a.name for a in node.names if a.name.split(".")[0] in FORBIDDEN_IMPORTS)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            if node.module.split(".")[0] in FORBIDDEN_IMPORTS or node.module in FORBIDDEN_IMPORTS:
                yield node.module
        elif isinstance(node, ast.Call):
            if ast.unparse(node.func) in FORBIDDEN_CALLS:
                yield ast.unparse(node.func)
            for keyword in node.keywords:
                if (
                    keyword.arg in ("shell", "allow_pickle")
                    and ast.unparse(keyword.value) != "False"
                ):
                    yield keyword.arg


def test_the_source_loads_no_pickle_makes_no_code_and_calls_no_one() -> None:
    found = {(path, what) for path, tree in sources() for what in said(tree)}
    assert found == ALLOWED


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.id)
def test_no_lab_connects_to_anything(lab: Lab[Any], tmp_path: Path) -> None:
    page = lab.parameters.page_name()
    pages = lab.parameters.declarations()[page].options if page else []  # type: ignore[attr-defined]
    context = Context()
    with watching(tmp_path, runs=False) as seen:
        for parameters in [
            lab.parameters(),
            *(lab.parameters().change(**{page: p}) for p in pages),
        ]:
            job = lab.run(parameters, context)
            frame = next(job)
            for _ in range(20):
                frame = job.send(parameters) if not frame.final else frame
            job.close()
            lab.python(parameters)
        options = ExportOptions(size="600x500px", font_size=4)
        export(lab, parameters, tmp_path / "x.svg", options, frame=frame)
    assert [event for event in seen if not event.startswith(("os.", "wrote"))] == []


def test_a_connection_would_be_seen(tmp_path: Path) -> None:
    with watching(tmp_path) as seen, socket.socket() as made, suppress(OSError):
        made.connect(("127.0.0.1", 9))
    assert [event.split()[0] for event in seen] == ["socket.connect"]
    with watching(tmp_path) as seen, suppress(OSError):
        (tmp_path.parent / "outside").write_text("")
    assert seen == [f"wrote {tmp_path.parent / 'outside'}"]
