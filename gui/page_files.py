"""Files that become a lab's data: which parameter takes one, a look into it, and its use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QObject

from zoetrope.core.parameters import DataFile, Parameters, written
from zoetrope.core.written import AS_FOUND, Written
from zoetrope.gui.language import later, say

if TYPE_CHECKING:
    from zoetrope.gui.lab_page import LabPage


def taken_by(parameters: type[Parameters], path: str) -> str | None:
    """Return the parameter of a lab that takes such a file, told by its ending; None if none."""
    ending = Path(path).suffix.lower()
    for name, declaration in parameters.declarations().items():
        if isinstance(declaration, DataFile) and declaration.takes(ending):
            return name
    return None


class PageFiles(QObject):
    """The files of one page. A table is looked into before it is used; of other files, such as
    pictures, only the lab knows what is in them.
    """

    def __init__(self, page: LabPage) -> None:
        super().__init__(page)
        self._page = page

    def offer(self, path: str, unused: Callable[[], object] | None = None) -> bool:
        """Offer a file to the lab; False if it takes none such.

        `unused` is called where the person decides against it.
        """
        name = taken_by(self._page.lab.parameters, path)
        if name is None:
            return False
        self.look(name, path, unused)
        return True

    def elsewhere(self, path: str) -> bool:
        """Say whether the lab takes such a file on another page than the one that is shown."""
        name = taken_by(self._page.lab.parameters, path)
        return name is not None and not self._matters(name)

    def look(self, name: str, path: str, unused: Callable[[], object] | None = None) -> None:
        """Show what is in a file before a parameter takes it."""
        declaration = self._declared(name)
        if not declaration.tabular:
            self.use(name, path)
            return
        from zoetrope.gui.data_preview import DataPreview  # the first paint can spare it

        page = self._page
        file = Path(path).expanduser()
        said = AS_FOUND
        if path == getattr(page.parameters, name):
            said = written(page.parameters, name)
        preview = DataPreview(file, said, say(page.lab.title), page.window())
        preview.used.connect(lambda said: self.use(name, path, said))
        preview.rejected.connect(lambda: page.form.cancel(name))
        if unused is not None:
            preview.rejected.connect(unused)
        preview.open()

    def use(self, name: str, path: str, said: Written = AS_FOUND) -> None:
        """Put a file in force, on a page where it matters, as one step that can be taken back."""
        page = self._page
        declaration = self._declared(name)
        values: dict[str, Any] = {name: path}
        if declaration.tabular:
            how = (said.encoding, said.separator, said.decimal)
            values |= dict(zip(declaration.written, how, strict=True))
        if page.page_name and not self._matters(name):
            values[page.page_name] = declaration.pages[0]
        page.form.remember_file(name, path)
        text = later("Open {source}", source=Path(path).name)
        page.take_values(values, text)

    def _matters(self, name: str) -> bool:
        """Say whether a parameter is of the page that is shown."""
        pages = self._declared(name).pages
        shown = getattr(self._page.parameters, self._page.page_name or "", None)
        return not pages or shown in pages

    def _declared(self, name: str) -> DataFile:
        declarations: Mapping[str, Any] = self._page.lab.parameters.declarations()
        declaration = declarations[name]
        assert isinstance(declaration, DataFile)
        return declaration
