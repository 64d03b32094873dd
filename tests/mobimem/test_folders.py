from __future__ import annotations

from pathlib import Path

import pytest

from mobimem import folders
from mobimem.errors import BadInput
from mobimem.service.phone import default_state_folder


def test_the_data_folder_is_the_one_named_else_the_systems(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("MOBIMEM_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    assert folders.home() == tmp_path / ".local" / "share" / "mobimem"

    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg"))
    assert folders.home() == tmp_path / "xdg" / "mobimem"

    monkeypatch.setenv("MOBIMEM_HOME", str(tmp_path / "mine"))
    assert folders.home() == tmp_path / "mine"
    assert default_state_folder() == tmp_path / "mine" / "phone"


def test_every_folder_is_its_owners_alone_even_below_one_that_was_open(home: Path) -> None:
    home.mkdir(mode=0o755)

    made = [folders.recipes_folder(), folders.runs_folder(), folders.running_folder(), folders.secrets_folder()]

    assert all(folder.stat().st_mode & 0o777 == 0o700 for folder in (home, *made))


def test_a_data_folder_that_cannot_be_is_told_with_the_way_out(home: Path) -> None:
    home.write_text("a file")

    with pytest.raises(BadInput, match="MOBIMEM_HOME"):
        folders.runs_folder()
