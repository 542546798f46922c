"""Labs are found, and one that is broken is left out and said to be so."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import zoetrope.core
from zoetrope.core import command_line, registry
from zoetrope.core.damped.lab import DampedLab
from zoetrope.core.lab import Preset
from zoetrope.core.parameters import Parameters, number, pages

HEAD = """
from dataclasses import dataclass
from zoetrope.core.damped.lab import DampedLab
from zoetrope.core.parameters import Parameters, number
"""
BROKEN = {
    "absent": "import no_such_module_at_all",
    "crooked": "LAB = (",
    "raising": "raise RuntimeError",
    "leaving": "raise SystemExit(3)",
    "empty": "",
    "another": "LAB = 3",
    "twice": f"{HEAD}\nLAB = DampedLab()",
    "page": f"""{HEAD}
@dataclass(frozen=True)
class P(Parameters):
    size: float = number(1.0, "Size", 0, 2, pages=("nowhere",))

class L(DampedLab):
    id, parameters, presets = "page", P, ()

LAB = L()
""",
}


@pytest.fixture
def strangers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Folders of broken labs among the others."""
    for name, source in BROKEN.items():
        folder = tmp_path / f"strange_{name}"
        folder.mkdir()
        (folder / "__init__.py").touch()
        (folder / "lab.py").write_text(source)
    monkeypatch.setattr(zoetrope.core, "__path__", [*zoetrope.core.__path__, str(tmp_path)])
    registry._discover.cache_clear()
    yield tmp_path
    registry._discover.cache_clear()
    for name in [name for name in sys.modules if "zoetrope.core.strange_" in name]:
        del sys.modules[name]


@pytest.mark.usefixtures("strangers")
def test_broken_labs_are_named_with_the_reason_and_the_others_work() -> None:
    assert "damped" in registry.registry()
    assert not any("strange" in name for name in registry.registry())
    broken = registry.broken_labs().items()
    why = {n.removeprefix("strange_"): text for n, text in broken if n.startswith("strange_")}
    assert why.keys() == BROKEN.keys()
    assert why["absent"] == "ModuleNotFoundError: No module named 'no_such_module_at_all'"
    assert why["crooked"].startswith("SyntaxError: ")
    assert why["raising"] == "RuntimeError"
    assert why["leaving"] == "SystemExit: 3"
    assert "LAB" in why["empty"]
    assert why["another"] == "its LAB is no Lab but a int"
    assert why["twice"] == "there is another lab with the id 'damped'"
    assert why["page"] == "its parameter 'size' is for the page 'nowhere', and its pages are none"
    assert not any("\n" in text or text.endswith(".") for text in why.values())


@pytest.mark.usefixtures("strangers")
def test_the_command_line_works_and_says_which_are_broken(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert command_line.run(["labs"]) == 0
    printed = capsys.readouterr()
    assert "damped" in printed.out
    assert printed.err.count("the lab strange_") == len(BROKEN)
    assert command_line.run(["show", "damped"]) == 0
    assert command_line.run(["show", "strange_raising"]) == 2
    assert "strange_raising could not be loaded (RuntimeError)" in capsys.readouterr().err


def test_a_declaration_that_contradicts_itself_is_a_fault() -> None:
    @dataclass(frozen=True)
    class TooLarge(Parameters):
        size: float = number(3.0, "Size", 0, 2)

    @dataclass(frozen=True)
    class WrongPage(Parameters):
        page: str = pages("first", {"first": "First", "second": "Second"})
        size: float = number(1.0, "Size", 0, 2, pages=("first", "third"))

    def lab(**attributes: object) -> DampedLab:
        made: DampedLab = type("Made", (DampedLab,), attributes)()
        return made

    assert registry.fault(DampedLab()) is None
    assert "defaults are not legal: Size 3" in (registry.fault(lab(parameters=TooLarge)) or "")
    wrong = registry.fault(lab(parameters=WrongPage, presets=()))
    assert wrong == "its parameter 'size' is for the page 'third', and its pages are first, second"
    preset = Preset("huge", "Huge", "", {"amplitude": 1e9})
    assert "preset 'huge' is not legal" in (registry.fault(lab(presets=(preset,))) or "")
    assert registry.fault(lab(title=None)) == "it has no title"
    assert "Parameters" in (registry.fault(lab(parameters=dict)) or "")


def test_a_lab_is_no_reason_not_to_start() -> None:
    """Not even one that ends the process while it is imported."""
    script = (
        "import sys, types; broken = types.ModuleType('zoetrope.core.rope.lab');"
        "sys.modules['zoetrope.core.rope.lab'] = broken;"
        "from zoetrope.core.registry import registry, broken_labs;"
        "assert 'rope' in broken_labs() and 'rope' not in registry() and 'hsic' in registry()"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
