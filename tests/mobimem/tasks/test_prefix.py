"""A new task begins with what near known tasks all begin with: fewer model calls, and nothing for good."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from memory.errors import StoreHeld
from mobimem import folders
from mobimem.errors import NotDone
from mobimem.evals.scripted_moves import Move
from mobimem.service import agent
from mobimem.service.agent import Means, run_order_on
from mobimem.service.beginnings import known_beginning
from mobimem.service.unfinished import take_up
from mobimem.tasks.prefix import NO_BEGINNING, PREFIX, Beginning
from replay.trace import Note, StepDone, Trace
from replay.trace_reader import read_trace
from tests.mobimem.tasks.acting import TEXT_BOB, Brain, Owner, Stage, staged, texting_bob
from tests.replay.bench import CONTACTS, MESSAGES, SHOWN, Phone, text_someone

LOOK_UP: tuple[Move, ...] = (("open_app", CONTACTS), ("tap", "Bob"), ("done",))
STAR: tuple[Move, ...] = (("open_app", CONTACTS), ("tap", "Bob"), ("tap", "Add to favorites"), ("done",))
EDIT = "edit Bob's number"


def editing() -> Brain:
    """A model that knows what to do next for EDIT, from wherever it stands."""
    saved: list[str] = []

    def move(shown: str) -> Move:
        if f"app in front: {CONTACTS}" not in shown:
            return ("open_app", CONTACTS)
        if '"Save"' in shown:
            saved.append(shown)
            return ("tap", "Save")
        if saved:
            return ("done",)
        return ("tap", "Edit contact") if "Edit contact" in shown else ("tap", "Bob")

    return Brain(move, reach=(CONTACTS,), for_good=False)


@contextmanager
def two_taught() -> Iterator[Stage]:
    """Two tasks in one app that begin alike are known; then the model does another one."""
    owner = Owner({"end": "yes", "doubt": "yes"})
    with staged(Brain(LOOK_UP, reach=(CONTACTS,), for_good=False), owner=owner) as at:
        assert at.do("look up Bob's number").learnt_as
        at.phone, at.server.script = Phone(), Brain(STAR, reach=(CONTACTS,), for_good=False)
        assert at.do("star Bob's number").learnt_as
        at.phone, at.server.script = Phone(), editing()
        yield at


def journal(trace: Path) -> Trace:
    return read_trace(trace, lines_only=True)


def test_a_third_task_costs_fewer_model_calls_with_what_the_others_begin_with(monkeypatch: pytest.MonkeyPatch) -> None:
    with two_taught() as at:
        done = at.do(EDIT)
    assert (done.outcome, done.learnt_as != "") == ("done", True), done
    took = done.receipt
    assert (took.replayed, took.decided, took.model_calls) == (2, 2, 4), took

    def nothing(words: str, apps: Collection[str]) -> Beginning:
        return Beginning()

    monkeypatch.setattr(agent, "known_beginning", nothing)
    monkeypatch.setenv("MOBIMEM_HOME", str(folders.home() / "other"))
    with two_taught() as without:
        alone = without.do(EDIT).receipt
    assert (alone.replayed, alone.decided, alone.model_calls) == (0, 4, 6), alone


def test_its_steps_are_journalled_as_replayed_at_the_level_action_and_learnt() -> None:
    with two_taught() as at:
        done = at.do(EDIT)
        at.phone = Phone()
        again = at.do("edit Alice's number")

    events = journal(done.trace).events
    notes = [one for one in events if isinstance(one, Note) and one.topic == PREFIX]
    assert [(note.says, note.data["level"], len(note.data["tasks"])) for note in notes] == [
        ("open_app", "action", 2), ("tap", "action", 2),
    ]  # fmt: skip
    assert [one.level for one in events if isinstance(one, StepDone)] == ["replayed", "replayed", "decided", "decided"]
    assert (again.receipt.model_calls, again.receipt.replayed) == (0, 4), "it was learnt with all its steps"


def test_nothing_is_typed_or_sent_because_other_tasks_do(monkeypatch: pytest.MonkeyPatch) -> None:
    texting = text_someone()
    assert texting.for_good
    monkeypatch.setattr(agent, "known_beginning", lambda words, apps: Beginning(texting.steps, SHOWN, ("text",)))
    with staged(Brain((("give_up",),))) as at:
        done = at.do("text Bob that See you at eight")

    assert (done.outcome, done.receipt.replayed, done.receipt.decided) == ("stopped", 3, 0), done
    assert done.did == (f"Open {MESSAGES}", "Tap 'Start chat'", "Tap 'Bob'")
    assert (at.phone.typed, at.phone.sent(), at.owner.consented) == ([], [], [])


@pytest.mark.parametrize("start", [1, 2])
def test_a_screen_that_is_another_ends_the_beginning_and_the_model_does_the_task(
    monkeypatch: pytest.MonkeyPatch, start: int
) -> None:
    steps = text_someone().steps[start:]
    monkeypatch.setattr(agent, "known_beginning", lambda words, apps: Beginning(steps, SHOWN, ("text",)))
    with staged(Brain(TEXT_BOB)) as at:
        done = at.do("text Bob that dinner is ready")

    assert (done.outcome, done.receipt.replayed, done.receipt.decided) == ("done", 0, 5), done
    assert len(at.phone.sent()) == 1


def test_a_run_that_is_taken_up_knows_what_it_began_with(monkeypatch: pytest.MonkeyPatch) -> None:
    texting = text_someone()
    words = "text Bob that dinner is ready"
    monkeypatch.setattr(agent, "known_beginning", lambda words, apps: Beginning(texting.steps, SHOWN, ("text",)))
    with staged(Brain((("give_up",),))) as at:
        stopped = at.do(words)
        at.server.script = Brain(texting_bob)
        means = Means(at.owner, at.owner, at.client, clock=at.phone.clock)
        earlier = take_up(stopped.run)
        done = run_order_on(at.phone, earlier.order, means, earlier=earlier)
        assert (done.outcome, done.receipt.replayed, done.receipt.decided) == ("done", 0, 2), done
        at.phone = Phone()
        again = at.do("text Alice that the train is late")

    assert (again.receipt.model_calls, again.receipt.replayed) == (0, 5), "both runs' steps were learnt as one task"


def test_a_memory_that_cannot_be_asked_leaves_the_task_to_the_model_and_the_journal_says_why(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def held(words: str, apps: Collection[str]) -> Beginning:
        asked.append(words)
        raise StoreHeld("another process holds it")

    monkeypatch.setattr(agent, "known_beginning", held)
    with staged(Brain(TEXT_BOB)) as at:
        done = at.do("text Bob that dinner is ready")

    assert (done.outcome, done.receipt.replayed, done.receipt.decided) == ("done", 0, 5), done
    notes = [one.says for one in journal(done.trace).events if isinstance(one, Note) and one.topic == NO_BEGINNING]
    assert [note.partition(".")[0] for note in notes] == ["another process holds it"]
    assert len(asked) == 1


def test_the_app_of_the_beginning_has_to_be_one_of_the_tasks_own() -> None:
    with two_taught() as at:
        assert known_beginning(EDIT, [CONTACTS]).steps
        assert known_beginning(EDIT, [MESSAGES]).steps == ()
        assert known_beginning("water the plants", [CONTACTS]).steps == ()
        assert [step.says for step in known_beginning("edit Zoe's number", [CONTACTS]).steps] == [f"Open {CONTACTS}"]
        assert at.phone.done == []


def test_without_a_model_a_miss_stays_a_miss_and_nothing_is_begun() -> None:
    with two_taught() as at:
        at.client = None
        with pytest.raises(NotDone):
            at.do(EDIT)
        assert at.phone.done == []
