"""Pasted tables have an end, and none that a recipe or the session names ends."""

from __future__ import annotations

import os
import time
from pathlib import Path

from zoetrope.gui.pasted_tables import KEPT, PastedTables

LATER = time.time() + 2 * KEPT


def test_a_table_that_nothing_names_ends_a_month_after_it_was_pasted(tmp_path: Path) -> None:
    pasted = PastedTables(tmp_path)
    path, new = pasted.keep("x\ty\n1\t2\n")
    assert new
    assert KEPT == 30 * 24 * 60 * 60
    begun = path.stat().st_mtime
    assert pasted.tidy(begun + KEPT - 60) == 0
    assert path.exists()
    assert pasted.tidy(begun + KEPT + 60) == 1
    assert not path.exists()


def test_pasting_it_again_begins_its_time_anew(tmp_path: Path) -> None:
    pasted = PastedTables(tmp_path)
    path, _ = pasted.keep("x\ty\n1\t2\n")
    os.utime(path, (0, 0))
    assert pasted.keep("x\ty\n1\t2\n") == (path, False)
    assert pasted.tidy() == 0


def test_what_left_with_a_recipe_stays(tmp_path: Path) -> None:
    pasted = PastedTables(tmp_path)
    path, _ = pasted.keep("x\ty\n1\t2\n")
    other, _ = pasted.keep("x\ty\n3\t4\n")
    pasted.hold(f'{{"lab":"hsic","parameters":{{"file":"{path}"}}}}')
    assert pasted.tidy(LATER) == 1
    assert (path.exists(), other.exists()) == (True, False)
    assert pasted.keep("x\ty\n1\t2\n") == (path, False)


def test_what_a_session_names_stays(tmp_path: Path) -> None:
    pasted = PastedTables(tmp_path)
    path, _ = pasted.keep("x\ty\n1\t2\n")
    session = tmp_path / "session.json"
    session.write_text(f'{{"labs":{{"hsic":{{"file":"{path.as_posix()}"}}}}}}', "utf-8")
    assert pasted.tidy(LATER) == 0
    session.rename(tmp_path / "session.broken-1.json")
    assert pasted.tidy(LATER) == 0
    (tmp_path / "session.broken-1.json").unlink()
    assert pasted.tidy(LATER) == 1


def test_other_files_and_a_folder_that_is_not_there_are_no_matter(tmp_path: Path) -> None:
    pasted = PastedTables(tmp_path)
    assert pasted.tidy(LATER) == 0
    pasted.hold("pasted-0123456789ab.tsv is not here")
    pasted.folder.mkdir()
    (pasted.folder / "mine.tsv").write_text("1\n", "utf-8")
    assert pasted.tidy(LATER) == 0
    assert (pasted.folder / "mine.tsv").exists()
