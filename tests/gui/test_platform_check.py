import re
import sys
from pathlib import Path

import PyQt6
import pytest

from zoetrope.gui.platform_check import DEBIAN_PACKAGES, QT_MODULES, display_problem

X11 = {"DISPLAY": ":0"}


def ask(
    environment: dict[str, str],
    *,
    platform: str = "linux",
    broken: dict[str, ImportError] | None = None,
    missing: tuple[str, ...] = (),
    connects: bool = True,
) -> str | None:
    def import_module(name: str) -> object:
        if broken and name in broken:
            raise broken[name]
        return object()

    def load_library(name: str) -> object:
        if name in missing:
            raise OSError(f"{name}: cannot open shared object file")
        return object()

    return display_problem(environment, platform, import_module, load_library, lambda: connects)


@pytest.mark.parametrize(
    "environment", [X11, {"WAYLAND_DISPLAY": "wayland-0"}, {"QT_QPA_PLATFORM": "offscreen"}]
)
def test_a_system_with_everything_has_no_problem(environment: dict[str, str]) -> None:
    assert ask(environment) is None


@pytest.mark.parametrize(
    ("typed", "way"), [("main.py", "python main.py"), ("/usr/bin/zoetrope", "zoetrope")]
)
def test_no_display_is_said_with_the_way_to_export_without_one(
    typed: str, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", [typed])
    problem = ask({})
    assert problem is not None
    assert "no display" in problem
    assert f": {way} export rope --out rope.svg" in problem


def test_xcb_without_a_display_is_no_display_either() -> None:
    problem = ask({"QT_QPA_PLATFORM": "xcb", "WAYLAND_DISPLAY": "wayland-0"})
    assert problem is not None
    assert "no display" in problem


@pytest.mark.parametrize(
    ("library", "package"),
    [("libEGL.so.1", "libegl1"), ("libGL.so.1", "libgl1"), ("libxkbcommon.so.0", "libxkbcommon0")],
)
def test_a_library_that_qt_needs_is_named_with_its_package(library: str, package: str) -> None:
    error = ImportError(f"{library}: cannot open shared object file: No such file or directory")
    problem = ask({"QT_QPA_PLATFORM": "offscreen"}, broken={"PyQt6.QtGui": error})
    assert problem is not None
    assert library in problem
    assert f"apt-get install {package}" in problem
    assert "\n" not in problem


def test_a_missing_xcb_cursor_is_named_with_its_package() -> None:
    problem = ask(X11, missing=("libxcb-cursor.so.0",))
    assert problem is not None
    assert "apt-get install libxcb-cursor0" in problem


def test_all_missing_libraries_are_named_at_once() -> None:
    problem = ask(X11, missing=("libxcb-cursor.so.0", "libxkbcommon-x11.so.0"))
    assert problem is not None
    assert "libxcb-cursor0 libxkbcommon-x11-0" in problem


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have no xcb")
def test_all_that_the_xcb_plugin_links_to_is_known() -> None:
    """Read off the plugin itself: without any of these Qt would abort."""
    qt = Path(PyQt6.__file__).parent / "Qt6"
    name = re.compile(rb"\0(lib(?:xcb|X11|xkb)[\w-]*\.so\.\d+)(?=\0)")
    linked: set[bytes] = set()
    for file in ("plugins/platforms/libqxcb.so", "lib/libQt6XcbQpa.so.6"):
        linked |= set(name.findall((qt / file).read_bytes()))
    names = {found.decode() for found in linked}
    assert {"libX11-xcb.so.1", "libxcb-cursor.so.0", "libxcb-sync.so.1"} <= names
    assert names <= set(DEBIAN_PACKAGES)
    for library in names - {"libX11.so.6", "libxcb.so.1", "libxkbcommon.so.0"}:  # Qt's own imports
        problem = ask(X11, missing=(library,))
        assert problem is not None
        assert f"apt-get install {DEBIAN_PACKAGES[library]}" in problem


def test_wayland_does_not_need_the_xcb_libraries() -> None:
    environment = {"WAYLAND_DISPLAY": "wayland-0", **X11}
    assert ask(environment, missing=("libxcb-cursor.so.0",)) is None


def test_a_display_that_does_not_answer_is_named() -> None:
    problem = ask({"DISPLAY": ":77"}, connects=False)
    assert problem is not None
    assert ":77" in problem


def test_pyqt_that_is_not_installed_is_said() -> None:
    problem = ask(X11, broken={QT_MODULES[0]: ModuleNotFoundError("No module named 'PyQt6'")})
    assert problem is not None
    assert "pip install PyQt6" in problem


def test_other_systems_need_no_display_variable() -> None:
    assert ask({}, platform="darwin") is None
    assert ask({}, platform="win32", missing=("libxcb-cursor.so.0",)) is None
