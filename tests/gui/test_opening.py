"""Files are opened with all that is to be said of them."""

from pathlib import Path
from typing import Any

from tests.labs.damped.lab import LAB
from zoetrope.core.export import export
from zoetrope.gui.opening import Opener


def test_a_data_file_that_changed_is_said_when_its_figure_is_opened(
    qtbot: Any, tmp_path: Path
) -> None:
    data = tmp_path / "data.csv"
    data.write_text("height,weight\n1,2\n3,4\n")
    parameters = LAB.parameters().change(file=str(data), source="file", page="state")
    figure = export(LAB, parameters, tmp_path / "figure.json")
    opener = Opener({"damped": LAB})
    with qtbot.waitSignal(opener.opened) as first:
        opener.open_file(figure)
    assert first.args == [LAB, parameters, "figure.json", []]
    data.write_text("height,weight\n1,2\n3,5\n")
    with qtbot.waitSignal(opener.opened) as second:
        opener.open_file(figure)
    assert second.args[1] == parameters
    (sentence,) = second.args[3]
    assert sentence.startswith("data.csv has changed since this figure was made")
    assert opener.close()
