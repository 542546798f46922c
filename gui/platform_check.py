"""Why no window can be opened here, in a sentence, before Qt aborts the process.

Qt answers a missing system library with an abort and a page of plugin names. This module asks
first: it imports no Qt itself, and everything it touches is passed in, so that tests can pretend.
"""

from __future__ import annotations

import ctypes
import importlib
import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping

from zoetrope.core.program_name import program_name

# Which Debian (and Ubuntu) package brings each library that Qt's wheel expects from the system.
DEBIAN_PACKAGES: Mapping[str, str] = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libGLX.so.0": "libglx0",
    "libOpenGL.so.0": "libopengl0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
XCB_LIBRARIES = tuple(
    name
    for name in DEBIAN_PACKAGES
    if name.startswith(("libxcb-", "libX11-xcb", "libxkbcommon-x11"))
)
QT_MODULES = ("PyQt6.QtCore", "PyQt6.QtGui", "PyQt6.QtWidgets", "PyQt6.QtSvg")


def display_problem(
    environment: Mapping[str, str] | None = None,
    platform: str = sys.platform,
    import_module: Callable[[str], object] = importlib.import_module,
    load_library: Callable[[str], object] = ctypes.CDLL,
    connects: Callable[[], bool] | None = None,
) -> str | None:
    """Return a sentence that says why no window can be shown and what helps, or None."""
    environment = os.environ if environment is None else environment
    linux = platform.startswith("linux")
    qpa = environment.get("QT_QPA_PLATFORM", "").split(":")[0].split(";")[0]
    xcb = qpa == "xcb" or (not qpa and not environment.get("WAYLAND_DISPLAY"))
    if linux and xcb and not environment.get("DISPLAY"):
        return (
            "Zoetrope found no display to open its window on (neither DISPLAY nor WAYLAND_DISPLAY "
            f"is set). {_without_a_window()}"
        )
    for module in QT_MODULES:
        try:
            import_module(module)
        except ImportError as error:
            return _import_problem(error, linux)
    if linux and xcb:
        missing = [name for name in XCB_LIBRARIES if not _loads(name, load_library)]
        if missing:
            return _missing(missing)
        if not (connects or x_server_answers)():
            return (
                f"Zoetrope could not connect to the display {environment['DISPLAY']}: no X server "
                f"answers there, or it refuses. {_without_a_window()}"
            )
    return None


def _without_a_window() -> str:
    return f"Figures can be exported without one: {program_name()} export rope --out rope.svg"


def x_server_answers() -> bool:
    """Say whether the X server that DISPLAY names lets us in (Qt aborts where it does not)."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # cannot ask: leave the answer to Qt
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(None, None)
    try:
        return not xcb.xcb_connection_has_error(connection)
    finally:
        xcb.xcb_disconnect(connection)


def _loads(name: str, load_library: Callable[[str], object]) -> bool:
    try:
        load_library(name)
    except OSError:
        return False
    return True


def _missing(libraries: Iterable[str]) -> str:
    names = list(libraries)
    packages = " ".join(DEBIAN_PACKAGES[name] for name in names if name in DEBIAN_PACKAGES)
    sentence = f"Zoetrope cannot open a window because {' and '.join(names)} "
    sentence += "is missing on this system." if len(names) == 1 else "are missing on this system."
    if packages:
        sentence += f" On Debian or Ubuntu: sudo apt-get install {packages}"
    return sentence


def _import_problem(error: ImportError, linux: bool) -> str:
    library = re.match(r"(lib[\w.+-]+\.so[\d.]*): cannot open shared object", str(error))
    if library:
        return _missing([library.group(1)])
    if isinstance(error, ModuleNotFoundError):
        return "Zoetrope needs PyQt6, which is not installed here: pip install PyQt6"
    hint = " Its system libraries may be too old." if linux else ""
    return f"Zoetrope could not load PyQt6: {error}.{hint}"
