from __future__ import annotations

from pathlib import Path

import pytest

from replay.private_files import leave_mark, private_folder, write_private


def test_a_folder_that_was_open_to_others_is_closed(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir(mode=0o755)

    assert private_folder(tmp_path / "open").stat().st_mode & 0o777 == 0o700


def test_a_file_is_its_owners_alone_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    write_private(tmp_path / "file", "text")

    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["file"]


def test_a_file_that_exists_is_not_overwritten_unasked(tmp_path: Path) -> None:
    write_private(tmp_path / "file", "first")

    with pytest.raises(FileExistsError):
        write_private(tmp_path / "file", "second")
    assert (tmp_path / "file").read_text() == "first"

    write_private(tmp_path / "file", "third", replace=True)
    assert (tmp_path / "file").read_text() == "third"
    assert [file.name for file in tmp_path.iterdir()] == ["file"]


def test_only_the_first_leaves_a_mark(tmp_path: Path) -> None:
    mark = tmp_path / "asked.used"

    assert leave_mark(mark)
    assert not leave_mark(mark)
    assert (mark.read_bytes(), mark.stat().st_mode & 0o777) == (b"", 0o600)
