"""A taught task on a phone whose app was updated: healed once, written back, and replayed the strict way ever after."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from device.virtual.window.drift import Drift
from replay.commands import Decision
from replay.errors import RecipeInvalid, ReplayError, TraceDamaged
from replay.healing import Healer, Recorded
from replay.library import Library
from replay.recipe import Step
from replay.repairs import Repair, Repairs, recorder_of
from replay.runner import Runner, RunResult
from replay.trace import Note
from replay.trace_reader import read_trace
from replay.trace_writer import TraceWriter
from tests.replay.bench import ALICE, ASKED, MESSAGES, Owner, Phone
from tests.replay.recorded import header, text_lesson

AT = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
UPDATE = Drift(rename_ids=True, reword=True, move=True, reorder_lists=True, packages=frozenset((MESSAGES,)), seed=3)


@dataclass
class Told(Owner):
    """An owner who can also answer for what was found again."""

    changed: list[str] = field(default_factory=list)

    def decide_changed(self, step: Step, says: str, changed: str, values: Mapping[str, str]) -> Decision:
        self.changed.append(changed)
        return self.answer


def updated() -> Phone:
    phone = Phone()
    phone.phone.faults.drift(UPDATE)
    return phone


@pytest.fixture
def library(tmp_path: Path) -> Library:
    kept = Library(tmp_path / "recipes")
    lesson = text_lesson(tmp_path / "lesson")
    kept.save(lesson.recipe, lesson.path, at=AT)
    return kept


def run(
    library: Library, folder: Path, phone: Phone, owner: Owner, recorded: Callable[[], Mapping[str, Recorded]] | None
) -> RunResult:
    entry = library.load("text")
    healer = None if recorded is None else Healer(recorded)
    with TraceWriter(folder, header(folder.name, ASKED, "run")) as journal:
        result = Runner(phone, owner, clock=phone.clock, healer=healer).run(entry.recipe, ASKED, journal)
        outcome = "stopped" if result.outcome == "cancelled" else result.outcome
        journal.end(outcome, result.says, phone.clock.now().isoformat())
    return result


def healed(library: Library, folder: Path, phone: Phone | None = None, owner: Owner | None = None) -> RunResult:
    return run(library, folder, phone or updated(), owner or Told(), recorder_of(library, library.load("text")))


def repaired(library: Library, folder: Path) -> tuple[Repair, ...]:
    """The repairs of a run on the updated phone that was done."""
    entry = library.load("text")
    result = healed(library, folder)
    assert result.outcome == "done", result.says
    return Repairs(library).propose(entry, result.mended, folder, at=AT)


def never() -> Mapping[str, Recorded]:
    raise AssertionError("a recorded screen was asked for: something was healed")


def test_without_healing_the_updated_app_stops_the_run(library: Library, tmp_path: Path) -> None:
    phone = updated()

    result = run(library, tmp_path / "run", phone, Told(), None)

    assert (result.outcome, result.mended, phone.sent()) == ("stopped", (), [])


def test_a_run_on_the_updated_app_is_healed_and_done(library: Library, tmp_path: Path) -> None:
    phone, owner = updated(), Told()

    result = healed(library, tmp_path / "run", phone, owner)

    assert (result.outcome, phone.sent()) == ("done", [(ALICE, ASKED["message"])])
    assert {mended.part for mended in result.mended} >= {"target"}
    trace = read_trace(tmp_path / "run")
    notes = [event for event in trace.events if isinstance(event, Note) and event.topic == "healed"]
    assert [note.data["step_id"] for note in notes] == [mended.step.id for mended in result.mended]
    assert all(note.data["by"] and isinstance(note.data["screen"], int) for note in notes)
    assert {step.index for step in trace.steps() if step.level == "repaired"} == {one.index for one in result.mended}


def test_the_owner_is_told_what_changed_before_an_irreversible_step(library: Library, tmp_path: Path) -> None:
    owner = Told()

    result = healed(library, tmp_path / "run", owner=owner)

    irreversible = {i for i, step in enumerate(library.load("text").recipe.steps) if step.for_good}
    assert irreversible & {mended.index for mended in result.mended if mended.part == "target"}
    assert len(owner.changed) == 1
    assert "found again by" in owner.changed[0]


def test_who_cannot_answer_for_a_change_ends_the_run_with_the_question(library: Library, tmp_path: Path) -> None:
    phone, owner = updated(), Owner()

    result = healed(library, tmp_path / "run", phone, owner)

    assert (result.outcome, owner.asked, phone.sent()) == ("asked", [], [])


def test_a_verified_run_is_written_back_but_for_what_cannot_be_undone(library: Library, tmp_path: Path) -> None:
    before = library.load("text")

    repairs = repaired(library, tmp_path / "run")

    for repair in repairs:
        final = repair.old.for_good
        assert repair.status == ("proposed" if final else "accepted")
        assert bool(repair.needs_owner) == final
        assert repair.new.revision == repair.old.revision + 1
        assert (repair.run, repair.verified) == ("run", True)
        assert repair.screen("then") is not None
        assert repair.screen("now") is not None
    now = library.load("text")
    assert now.version == before.version + 1
    accepted = {repair.new.id for repair in repairs if repair.status == "accepted"}
    assert {step.id for step in now.recipe.steps if step.revision == 2} == accepted
    assert library.load("text", before.version).recipe == before.recipe
    library.verify("text")


def test_after_the_repair_the_strict_way_does_it_alone(library: Library, tmp_path: Path) -> None:
    for repair in repaired(library, tmp_path / "run"):
        Repairs(library).accept(repair.id, at=AT)
    phone = updated()

    result = run(library, tmp_path / "second", phone, Owner(), never)

    assert (result.outcome, result.mended, phone.sent()) == ("done", (), [(ALICE, ASKED["message"])])


def test_reverting_every_repair_brings_the_recipe_back(library: Library, tmp_path: Path) -> None:
    before = library.load("text").recipe
    repairs = Repairs(library)
    made = repaired(library, tmp_path / "run")
    for repair in made:
        repairs.accept(repair.id, at=AT)

    for repair in made:
        assert repairs.revert(repair.id, at=AT).status == "reverted"

    assert library.load("text").recipe == before
    phone = Phone()
    assert run(library, tmp_path / "old", phone, Owner(), never).outcome == "done"


def test_saying_it_twice_changes_nothing(library: Library, tmp_path: Path) -> None:
    entry = library.load("text")
    result = healed(library, tmp_path / "run")
    repairs = Repairs(library)
    first = repairs.propose(entry, result.mended, tmp_path / "run", at=AT)
    versions = library.versions("text")

    again = repairs.propose(entry, result.mended, tmp_path / "run", at=AT)
    accepted = next(repair for repair in first if repair.status == "accepted")
    repairs.accept(accepted.id, at=AT)

    assert again == first
    assert library.versions("text") == versions
    repairs.revert(accepted.id, at=AT)
    once = library.versions("text")
    repairs.revert(accepted.id, at=AT)
    assert library.versions("text") == once


def test_a_run_that_was_not_done_only_proposes(library: Library, tmp_path: Path) -> None:
    entry = library.load("text")
    result = healed(library, tmp_path / "run", owner=Told("refuse"))
    assert result.outcome == "stopped"
    assert result.mended

    made = Repairs(library).propose(entry, result.mended, tmp_path / "run", at=AT)

    assert {repair.status for repair in made} == {"proposed"}
    assert library.versions("text") == (entry.version,)
    put_aside = Repairs(library).revert(made[0].id, at=AT)
    assert (put_aside.status, library.versions("text")) == ("reverted", (entry.version,))


def test_a_step_that_was_changed_since_is_not_overwritten(library: Library, tmp_path: Path) -> None:
    made = repaired(library, tmp_path / "run")
    repair = next(one for one in made if one.status == "accepted")
    recipe = library.load("text").recipe
    taught_again = replace(
        recipe, steps=tuple(replace(s, revision=9) if s.id == repair.new.id else s for s in recipe.steps)
    )
    library.save(taught_again, at=AT)

    with pytest.raises(ReplayError, match="was changed since"):
        Repairs(library).revert(repair.id, at=AT)


def test_what_is_not_there_and_what_is_damaged_is_named(library: Library, tmp_path: Path) -> None:
    repairs = Repairs(library)
    with pytest.raises(ReplayError, match="no repair 'nothing'"):
        repairs.load("nothing")
    repair = repaired(library, tmp_path / "run")[0]
    for file in repair.folder.glob("*.xml.gz"):
        file.write_bytes(b"no gzip")
    with pytest.raises(TraceDamaged, match=repair.id):
        repair.screen("now")
    (repair.folder / "repair.json").write_text("{}", encoding="utf-8")
    with pytest.raises(RecipeInvalid, match=r"repair\.json"):
        repairs.load(repair.id)


def test_a_repaired_step_keeps_its_slots(library: Library, tmp_path: Path) -> None:
    targets = [(one.old.target, one.new.target) for one in repaired(library, tmp_path / "run") if one.old.target]

    assert any(old.slots for old, _ in targets)
    assert all(new is not None and set(new.slots) == set(old.slots) for old, new in targets)
