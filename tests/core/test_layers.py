"""Who may import whom: core knows no Qt, the window loads no torch, start-up loads little."""

import pkgutil
import subprocess
import sys

import pytest

import zoetrope.core
import zoetrope.gui


def modules_of(package: object, prefix: str) -> list[str]:
    path = package.__path__  # type: ignore[attr-defined]
    return sorted(module.name for module in pkgutil.walk_packages(path, prefix))


def loaded_after(statement: str) -> set[str]:
    """The top-level modules that a fresh interpreter holds after a statement."""
    report = "import sys; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    done = subprocess.run(
        [sys.executable, "-c", f"{statement}; {report}"],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    return set(done.stdout.split())


def test_no_core_module_pulls_in_qt_or_matplotlib() -> None:
    names = [n for n in modules_of(zoetrope.core, "zoetrope.core.") if ".damped" not in n]
    assert "zoetrope.core.engine" in names
    loaded = loaded_after(f"import {', '.join(names)}")
    assert not loaded & {"PyQt6", "pyqtgraph", "matplotlib"}


def test_no_gui_module_pulls_in_torch_or_matplotlib() -> None:
    names = modules_of(zoetrope.gui, "zoetrope.gui.")
    assert "zoetrope.gui.app" in names
    loaded = loaded_after(f"import {', '.join(names)}")
    assert not loaded & {"torch", "matplotlib", "scipy"}


@pytest.mark.parametrize(
    "statement",
    ["import zoetrope.core.rope", "from zoetrope.core.registry import registry; registry()"],
)
def test_what_start_up_needs_loads_no_torch(statement: str) -> None:
    assert not loaded_after(statement) & {"torch", "scipy", "matplotlib", "PIL"}


def test_the_packages_refuse_their_bare_names() -> None:
    for name in ("core", "gui"):
        done = subprocess.run(
            [sys.executable, "-c", f"import {name}"], capture_output=True, text=True, timeout=60
        )
        assert f"import this package as zoetrope.{name}" in done.stderr
