from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from device.actions import OpenApp, Size
from device.protocol import Foreground, Reading
from perception.screen import parse_hierarchy
from perception.selector import make_selector
from replay.errors import RecipeInvalid, ReplayError, TraceDamaged
from replay.library import Library
from replay.recipe import Recipe, Step, TypeInto
from replay.trace import Header
from replay.trace_writer import TraceWriter

_XML = (
    '<hierarchy rotation="0"><node index="0" text="" resource-id="a:id/to" class="android.widget.EditText" '
    'package="a" content-desc="To" checkable="false" checked="false" clickable="true" enabled="true" focusable="true" '
    'focused="true" scrollable="false" long-clickable="false" password="false" selected="false" '
    'visible-to-user="true" bounds="[0,0][100,100]" /></hierarchy>'
)
_SCREEN = parse_hierarchy(_XML)
SELECTOR = make_selector(_SCREEN, _SCREEN.elements[0], {})
AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def recipe(name: str = "text-someone", task: str = "text {contact}") -> Recipe:
    steps = (
        Step(id="s-1", says="Open it", move=OpenApp("com.app")),
        Step(id="s-2", says="Type {contact}", move=TypeInto(SELECTOR, "{contact}")),
    )
    return Recipe(id="s", name=name, task=task, steps=steps, slots=("contact",))


def trace(folder: Path) -> Path:
    header = Header(
        trace_id="t", name="text-someone", task="text Bob", source="teach", device={}, started_at=AT.isoformat()
    )
    with TraceWriter(folder, header) as writer:
        size = Size(100, 100)
        front = Foreground("com.app", "")
        writer.screen(Reading("s", AT, "<hierarchy/>", size, 0, front, False, True, "unlocked"))
        writer.end("done", "", AT.isoformat())
    return folder


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "recipes")


def test_what_was_saved_is_loaded_again(library: Library, tmp_path: Path) -> None:
    library.save(recipe(), trace(tmp_path / "t"), at=AT)

    entry = library.load("text-someone")
    assert entry.recipe == recipe()
    assert (entry.version, entry.saved_at) == (1, AT.isoformat())
    assert library.trace_of("text-someone").header.task == "text Bob"


def test_a_new_recording_of_a_name_is_a_new_version_and_the_old_one_stays(library: Library) -> None:
    library.save(recipe(), at=AT)
    library.save(recipe(task="write to {contact}"), at=AT)

    assert library.versions("text-someone") == (1, 2)
    assert library.load("text-someone").recipe.task == "write to {contact}"
    assert library.load("text-someone", 1).recipe.task == "text {contact}"
    assert len(library.entries()) == 1


def test_the_file_is_the_recipe_in_its_own_form_and_nothing_else(library: Library) -> None:
    entry = library.save(recipe(), at=AT)

    from replay.recipe import to_data

    assert json.loads((entry.folder / "recipe.json").read_text()) == to_data(recipe())


def test_folders_and_files_are_their_owners_alone(library: Library, tmp_path: Path) -> None:
    library.save(recipe(), trace(tmp_path / "t"), at=AT)

    for path in library.folder.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path


def test_nothing_is_kept_of_a_recipe_whose_trace_is_damaged(library: Library, tmp_path: Path) -> None:
    broken = trace(tmp_path / "t")
    (broken / "trace.jsonl").write_text("{}\n")

    with pytest.raises(TraceDamaged):
        library.save(recipe(), broken, at=AT)
    assert library.entries() == ()
    assert library.versions("text-someone") == ()


def test_a_save_cut_off_before_its_rename_is_not_a_version(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    library.save(recipe(), at=AT)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "rename", killed)
    with pytest.raises(KeyboardInterrupt):
        library.save(recipe(task="other {contact}"), at=AT)
    assert library.versions("text-someone") == (1,)
    assert library.load("text-someone").recipe.task == "text {contact}"


@pytest.mark.parametrize("name", ["", "../up", "a/b", ".hidden", "a b", "x" * 81, "nul\0"])
def test_a_name_that_could_leave_the_folder_is_refused(library: Library, name: str) -> None:
    with pytest.raises(RecipeInvalid, match="cannot be a recipe's name"):
        library.save(recipe(name=name), at=AT)


@pytest.mark.parametrize("name", ["发短信", "Grüße-an", "text_2.0"])
def test_names_of_any_script_are_kept(library: Library, name: str) -> None:
    library.save(recipe(name=name), at=AT)

    assert library.load(name).name == name


def test_a_recipe_that_is_not_there_is_told_with_where_to_look(library: Library) -> None:
    with pytest.raises(ReplayError, match="mobimem replay list"):
        library.load("nothing")


def test_a_recipe_is_found_by_its_name_in_any_case_and_by_nothing_else(library: Library) -> None:
    library.save(recipe(), at=AT)

    found = library.named("Text-Someone")
    assert found is not None
    assert found.name == "text-someone"
    assert library.named("text Bob") is None
    assert library.named("../text-someone") is None


def test_what_is_newest_is_told_by_a_key_of_its_content_without_reading_it(library: Library) -> None:
    first = library.save(recipe(), at=AT)
    [key] = library.newest()
    library.save(dataclasses.replace(recipe(name="other"), id="o"), at=AT)
    (first.folder / "recipe.json").write_text("damaged")

    assert library.newest()[key] == ("text-someone", 1)
    assert set(library.newest().values()) == {("text-someone", 1), ("other", 1)}
    library.save(recipe(), at=AT)
    assert ("text-someone", 2) in library.newest().values()
    assert key not in library.newest()


def test_a_changed_recipe_does_not_verify(library: Library, tmp_path: Path) -> None:
    entry = library.save(recipe(), trace(tmp_path / "t"), at=AT)
    library.verify("text-someone")
    file = entry.folder / "recipe.json"
    file.write_text(file.read_text().replace("Open it", "Open that"))

    with pytest.raises(RecipeInvalid, match="was changed after it was kept"):
        library.verify("text-someone")


def test_another_trace_in_the_place_of_the_right_one_does_not_verify(library: Library, tmp_path: Path) -> None:
    entry = library.save(recipe(), trace(tmp_path / "t"), at=AT)
    assert entry.trace is not None
    with TraceWriter(tmp_path / "u", Header(trace_id="u", name="", task="", source="run", device={}, started_at="")):
        pass
    (entry.trace / "trace.jsonl").write_bytes((tmp_path / "u" / "trace.jsonl").read_bytes())

    with pytest.raises(RecipeInvalid, match="another trace"):
        library.verify("text-someone")


def test_a_damaged_recipe_is_named_and_does_not_hide_the_others(library: Library) -> None:
    library.save(recipe(), at=AT)
    broken = library.save(recipe(name="broken"), at=AT)
    (broken.folder / "recipe.json").write_text("{")

    assert [entry.name for entry in library.entries()] == ["text-someone"]
    assert library.damaged() == ("broken",)
