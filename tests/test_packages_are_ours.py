"""That the names imported everywhere are this project's, and that tests cannot hide them."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("device", "perception", "replay", "memory", "mobimem")


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_of_ours_is_the_one_in_this_folder(name: str) -> None:
    module = importlib.import_module(name)

    assert module.__file__ is not None
    assert Path(module.__file__).resolve() == ROOT / name / "__init__.py"


def test_every_folder_with_tests_is_a_package_so_that_it_does_not_hide_one_of_ours() -> None:
    folders = {file.parent for file in (ROOT / "tests").rglob("*.py")}
    above = {parent for folder in folders for parent in folder.parents if parent.is_relative_to(ROOT / "tests")}

    missing = [str(folder) for folder in folders | above if not (folder / "__init__.py").exists()]
    assert missing == []


def test_every_folder_with_code_is_a_package() -> None:
    missing = {
        str(file.parent)
        for name in PACKAGES
        for file in (ROOT / name).rglob("*.py")
        if not (file.parent / "__init__.py").exists()
    }
    assert missing == set()
