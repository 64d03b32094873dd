"""Words that can be read in more than one way: the owner says which is meant, and no model is asked for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from device.clock import ManualClock
from memory.recall import Recalled
from mobimem.errors import NotDone, OwnerNeeded
from mobimem.service.memories import remember
from mobimem.service.orders import orders_for
from mobimem.service.questions import StoredAsker, answer_waiting, giving_back, list_questions
from mobimem.service.recall import recall_words
from mobimem.tasks.asking import NONE_OF_THESE, AskedOwner, NobodyThere
from mobimem.wire import from_wire, to_wire
from tests.mobimem.tasks.acting import TEXT_BOB, Brain, Stage, staged

TAUGHT = "text Bob that dinner is ready"
CALL_ME = "tell Bob to call me"
CLEARLY = "tell Bob: to call me"


@pytest.fixture(autouse=True)
def _home(home: Path) -> None:
    """Every test learns in its own folder."""


@dataclass
class Chooses:
    """An owner who takes one of the choices; None for nobody."""

    number: int | None
    asked: list[AskedOwner] = field(default_factory=list)

    def ask(self, question: AskedOwner) -> str | None:
        self.asked.append(question)
        return None if self.number is None else question.choices[self.number]


def taught(at: Stage) -> int:
    """Teaches; how often the model was called for it."""
    assert at.do(TAUGHT).done
    return at.calls


def test_the_owner_is_asked_which_reading_is_meant_and_no_model() -> None:
    with staged(Brain(TEXT_BOB)) as at:
        calls, owner = taught(at), Chooses(0)
        found = orders_for(CALL_ME, {}, owner, may_decide=True)
        done = at.run(found.orders[0], asked=found.asked)

        assert (done.outcome, at.calls) == ("done", calls), done
    [asked] = owner.asked
    assert (asked.kind, asked.choices) == ("reading", (CLEARLY, NONE_OF_THESE))
    assert "'to' may say when or what for" in asked.says
    assert at.phone.sent()[-1][1] == "to call me"
    assert done.receipt.questions == 1
    assert found.ready is not None
    assert found.ready.doubts == (), "the owner has just said that this is meant"


def test_words_whose_reading_was_chosen_once_are_not_asked_about_again() -> None:
    with staged(Brain(TEXT_BOB)) as at:
        taught(at)
        first = orders_for(CALL_ME, {}, Chooses(0), may_decide=False)
        done = at.run(first.orders[0], asked=first.asked)
        again = orders_for(CALL_ME, {}, NobodyThere(), may_decide=False)
        other = recall_words("tell Bob to sit down")

    assert any("known by these words too" in line.says for line in done.learnt.learnt), done.learnt
    assert again.orders[0].values == {"contact": "Bob", "message": "to call me"}
    assert other.missed is not None
    assert other.missed.readings, "another text that begins like that is asked about"


def test_none_of_these_is_left_to_the_model_and_without_one_it_is_a_miss() -> None:
    with staged(Brain(TEXT_BOB)) as at:
        taught(at)
        found = orders_for(CALL_ME, {}, Chooses(-1), may_decide=True)
        assert ([one.task for one in found.orders], found.asked) == ([None], 1)
        with pytest.raises(NotDone, match="none of what was known to fit"):
            orders_for(CALL_ME, {}, Chooses(-1), may_decide=False)


def test_where_nobody_answers_nothing_is_done_and_no_model_is_asked() -> None:
    with staged(Brain(TEXT_BOB)) as at:
        calls = taught(at)
        for may_decide in (True, False):
            with pytest.raises(NotDone, match="more than one way") as raised:
                orders_for(CALL_ME, {}, Chooses(None), may_decide=may_decide)
            assert f"“{CLEARLY}”" in raised.value.next_step
        assert at.calls == calls
    assert len(at.phone.sent()) == 1


def test_without_a_terminal_the_question_waits_and_its_answer_serves_the_words_said_again() -> None:
    clock = ManualClock()
    words = "tell zork dinner is ready"
    with staged(Brain(TEXT_BOB)) as at:
        taught(at)
        with pytest.raises(OwnerNeeded, match="only you know this") as raised:
            orders_for(words, {}, StoredAsker(words, clock=clock), may_decide=True)
        [one] = list_questions(clock=clock)
        answer_waiting(one.id, "2", clock=clock)
        found = orders_for(words, {}, StoredAsker(words, clock=clock), may_decide=True)

    assert one.question.choices == ("tell zork: dinner is ready", "tell zork dinner: is ready", NONE_OF_THESE)
    assert f"mobimem answer {one.id} 1|2|3" in raised.value.next_step
    assert "2: “tell zork dinner: is ready”" in str(raised.value)
    assert found.orders[0].values == {"contact": "zork dinner", "message": "is ready"}


def test_an_answer_waits_where_another_one_is_still_needed() -> None:
    clock = ManualClock()
    words = "tell my sister to call me"

    def still_open() -> list[str]:
        with pytest.raises(OwnerNeeded, match="only you know this"):
            orders_for(words, {}, StoredAsker(words, clock=clock), may_decide=True)
        return [one.question.kind for one in list_questions(clock=clock)]

    with staged(Brain(TEXT_BOB)) as at:
        taught(at)
        for one in ("my sister is Alice", "my sister is Bob"):
            remember(one)
        assert still_open() == ["reading"]
        answer_waiting(list_questions(clock=clock)[0].id, "1", clock=clock)
        assert still_open() == still_open() == ["tie"], "which reading is meant is not asked again"
        answer_waiting(list_questions(clock=clock)[0].id, "Alice", clock=clock)
        found = orders_for(words, {}, StoredAsker(words, clock=clock), may_decide=True)

        assert found.orders[0].values == {"contact": "Alice", "message": "to call me"}
        assert found.asked == 2
        assert still_open() == ["reading"], "an answer serves once"


def test_an_answer_waits_where_the_owner_is_needed_before_anything_begins() -> None:
    clock = ManualClock()
    with staged(Brain(TEXT_BOB)) as at:
        taught(at)
        with pytest.raises(OwnerNeeded):
            orders_for(CALL_ME, {}, StoredAsker(CALL_ME, clock=clock), may_decide=False)
        answer_waiting(list_questions(clock=clock)[0].id, "1", clock=clock)
        for _ in range(2):
            asker = StoredAsker(CALL_ME, clock=clock)
            with pytest.raises(OwnerNeeded, match="your yes"), giving_back(asker):
                assert orders_for(CALL_ME, {}, asker, may_decide=False).asked == 1
                raise OwnerNeeded("it needs your yes", next_step="Say it.")
        asker = StoredAsker(CALL_ME, clock=clock)
        with giving_back(asker):
            assert orders_for(CALL_ME, {}, asker, may_decide=False).asked == 1
        with pytest.raises(OwnerNeeded, match="only you know"):
            orders_for(CALL_ME, {}, StoredAsker(CALL_ME, clock=clock), may_decide=False)


def test_the_words_it_is_to_be_said_in_are_read_that_way() -> None:
    with staged(Brain(TEXT_BOB)) as at:
        taught(at)
        for words in (CALL_ME, "text Bob not to come", "tell zork dinner is ready", "tell Bob Smith is late"):
            missed = recall_words(words).missed
            assert missed is not None
            for reading, meant in zip(missed.readings, missed.meant, strict=True):
                [task] = recall_words(reading).tasks
                assert task.values == meant, (words, reading)


def test_a_models_words_are_not_asked_about() -> None:
    with staged(Brain(TEXT_BOB)) as at:
        taught(at)
        owner = Chooses(0)
        found = orders_for(CALL_ME, {}, owner, may_decide=True, from_owner=False)

    assert (owner.asked, [one.task for one in found.orders]) == ([], [None])


def test_readings_come_whole_from_another_process() -> None:
    with staged(Brain(TEXT_BOB)) as at:
        taught(at)
        recalled = recall_words(CALL_ME)

    assert from_wire(Recalled, to_wire(recalled)) == recalled
