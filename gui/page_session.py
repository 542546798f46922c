"""What a session keeps of a lab's page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from zoetrope.core.key_frames import kept_frames

if TYPE_CHECKING:
    from zoetrope.gui.lab_page import LabPage


class PageSession:
    """Keeps a page's parameters, widths, transport, key frames, files and pins as plain data."""

    def __init__(self, page: LabPage) -> None:
        self._page = page

    def state(self) -> dict[str, Any]:
        """Return what is kept of the page as it is now."""
        page = self._page
        state: dict[str, Any] = {
            "parameters": page.parameters.plain(),
            "splitter": page.splitter.sizes(),
        }
        if page.transport is not None:
            state["transport"] = page.transport.state()
        if page.key_frames:
            state["key_frames"] = [frame.plain() for frame in page.key_frames]
        if files := page.form.recent_files():
            state["files"] = files
        if pinned := page.pins.state():
            state["pinned"] = pinned
        return state

    def restore(self, state: Mapping[str, Any]) -> list[str]:
        """Take over what was kept. Returns a sentence for each value that had to change.

        Raises `ParameterError` if the parameters cannot be used.
        """
        page = self._page
        sentences: list[str] = []
        plain = state.get("parameters")
        if isinstance(plain, Mapping):
            parameters, sentences = page.lab.parameters.adapt(plain)
            page.apply(parameters)
            page.history.stack.clear()
        page.pins.restore(state.get("pinned"))
        sizes = state.get("splitter")
        if isinstance(sizes, list) and len(sizes) == 2 and all(type(s) is int for s in sizes):
            page.splitter.setSizes(sizes)
        page.key_frames = kept_frames(state.get("key_frames"), page.lab.parameters)
        files = state.get("files")
        if isinstance(files, Mapping):
            page.form.set_recent_files(files)
        transport = state.get("transport")
        if page.transport is not None and isinstance(transport, Mapping):
            page.transport.restore(transport)
        return sentences
