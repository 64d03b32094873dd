"""Questions to the owner: stored, answered from anywhere, timed out, and remembered where they recur or shall last."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from device.clock import ManualClock, SystemClock
from memory.errors import StoreHeld
from mobimem import folders
from mobimem.errors import BadInput, NotDone, OwnerNeeded
from mobimem.service import questions
from mobimem.service.memories import forget, list_memories, remember, show_memory
from mobimem.service.orders import orders_for
from mobimem.service.questions import StoredAsker, answer_waiting, list_questions
from mobimem.tasks.asking import YES_OR_NO, AskedOwner
from mobimem.tasks.waiting import QuestionBook
from tests.mobimem.tasks.acting import TEXT_BOB, Brain, Stage, staged
from tests.replay.bench import ALICE

TIE = "text my sister that lunch is ready"
SISTERS = ("my sister is Alice", "my sister is Bob")
WHICH = AskedOwner("slot", "which?", slot="contact")


@pytest.fixture(autouse=True)
def _home(home: Path) -> None:
    """Every test keeps what it asks in its own folder."""


def asker(clock: ManualClock | None = None, *, wait_s: float = 0.0, words: str = TIE) -> StoredAsker:
    return StoredAsker(words, wait_s=wait_s, clock=clock or ManualClock())


def taught(at: Stage) -> None:
    assert at.do("text Bob that dinner is ready").done
    for one in SISTERS:
        remember(one)


def test_an_answer_from_another_process_goes_on_with_the_task_that_waits() -> None:
    waiting = threading.Event()
    waits = StoredAsker("words", wait_s=30.0, clock=SystemClock(), tell=lambda _one: waiting.set())
    answers: list[str | None] = []
    thread = threading.Thread(target=lambda: answers.append(waits.ask(WHICH)))
    thread.start()
    assert waiting.wait(20)
    [stored] = list_questions()
    assert (stored.words, stored.question, stored.state) == ("words", WHICH, "waiting")
    answer_waiting(stored.id, "Maria")
    thread.join(20)

    assert answers == ["Maria"]
    assert list_questions() == ()


def test_a_question_nobody_answers_in_time_is_closed_and_cannot_be_answered_after_that() -> None:
    clock = ManualClock()
    told: list[str] = []
    waits = StoredAsker("words", wait_s=60.0, clock=clock, tell=lambda one: told.append(one.id))
    began_s = clock.monotonic_s()

    assert waits.ask(WHICH) is None
    assert 60.0 <= clock.monotonic_s() - began_s < 61.0
    with pytest.raises(NotDone, match="timed out"):
        answer_waiting(told[0], "Maria", clock=clock)


def test_without_anybody_it_is_stored_for_an_hour_and_its_answer_serves_the_same_words_once() -> None:
    clock = ManualClock()
    first = asker(clock)
    assert first.ask(WHICH) is None
    [left] = first.left
    answer_waiting(left.id, "Maria", clock=clock)

    assert asker(clock, words="other words").ask(WHICH) is None
    assert asker(clock).ask(WHICH) == "Maria"
    assert asker(clock).ask(WHICH) is None, "an answer is good for one task"


def test_a_question_whose_hour_is_over_is_closed_and_so_is_an_old_answer() -> None:
    clock = ManualClock()
    one = asker(clock)
    one.ask(WHICH)
    clock.advance(3600.0)
    with pytest.raises(NotDone, match="timed out"):
        answer_waiting(one.left[0].id, "Maria", clock=clock)

    two = asker(clock)
    two.ask(WHICH)
    answer_waiting(two.left[0].id, "Maria", clock=clock)
    clock.advance(3600.0)
    assert asker(clock).ask(WHICH) is None


def test_the_first_answer_stands_and_what_is_no_answer_is_refused() -> None:
    one, clock = asker(), ManualClock()
    one = asker(clock)
    one.ask(AskedOwner("tie", "which?", ("Ann", "Bob"), slot="contact"))
    [left] = one.left
    with pytest.raises(BadInput, match="no answer"):
        answer_waiting(left.id, "Carl", clock=clock)
    with pytest.raises(BadInput, match="no question"):
        answer_waiting("q-00000000", "Bob", clock=clock)
    assert answer_waiting(left.id, "2", clock=clock).answer == "Bob"
    with pytest.raises(NotDone, match="answered"):
        answer_waiting(left.id, "1", clock=clock)

    doubt = asker(clock)
    doubt.ask(AskedOwner("doubt", "May it?", YES_OR_NO))
    with pytest.raises(BadInput, match="not for a value"):
        answer_waiting(doubt.left[0].id, "yes", always=True, clock=clock)


def test_a_stored_question_that_was_damaged_is_named() -> None:
    one = asker()
    one.ask(WHICH)
    (folders.questions_folder() / f"{one.left[0].id}.json").write_text("{", encoding="utf-8")

    with pytest.raises(BadInput, match="cannot be read"):
        list_questions()


def test_closed_questions_are_removed_after_a_day() -> None:
    clock = ManualClock()
    book = QuestionBook(folders.questions_folder())
    asker(clock).ask(WHICH)
    clock.advance(26 * 3600.0)
    book.put(WHICH, words="w", given={}, run="", at=clock.now(), timeout=timedelta(hours=1))

    assert len(book.all(at=clock.now())) == 1


def test_a_tie_is_a_question_no_model_is_asked_and_the_answer_serves_the_task() -> None:
    with staged(Brain(TEXT_BOB)) as at:
        taught(at)
        calls = at.calls
        with pytest.raises(OwnerNeeded, match="only you know this") as raised:
            orders_for(TIE, {}, asker(at.phone.clock), may_decide=True)
        [one] = list_questions(clock=at.phone.clock)
        assert f"mobimem answer {one.id} Alice|Bob" in raised.value.next_step
        assert (one.question.kind, one.question.said, set(one.question.choices)) == (
            "tie",
            "my sister",
            {"Alice", "Bob"},
        )
        answer_waiting(one.id, "Alice", clock=at.phone.clock)
        found = orders_for(TIE, {}, asker(at.phone.clock), may_decide=True)
        done = at.run(found.orders[0], asked=found.asked)

        assert (done.outcome, at.calls) == ("done", calls)
    assert at.phone.sent()[-1] == (ALICE, "lunch is ready")


def test_an_answer_becomes_a_fact_when_it_recurs_and_not_before() -> None:
    with staged(Brain(TEXT_BOB)) as at:
        taught(at)
        at.owner.answers["tie"] = "Alice"
        for _ in range(2):
            assert at.do(TIE).done
        assert [one.kind for one in at.owner.asked] == ["tie", "tie"]
        done = at.do(TIE)

        assert (done.done, len(at.owner.asked)) == (True, 2), "the third time it is known"
    [fact] = [one for one in list_memories(what="facts").facts if one.about.startswith("means")]
    assert (fact.value, fact.kind, fact.count) == ("Alice", "observed", 2)
    assert {source.kind for source in show_memory(fact.id).sources} == {"run"}
    at.owner.asked.clear()
    forget((fact.id,))
    with staged(Brain(TEXT_BOB)) as later:
        later.owner.answers["tie"] = "Bob"
        assert later.do(TIE).done
    assert [one.kind for one in later.owner.asked] == ["tie"], "what was forgotten is asked again"


def test_an_answer_for_good_is_a_fact_at_once_with_where_it_comes_from_and_another_replaces_it() -> None:
    with staged(Brain(TEXT_BOB)) as at:
        taught(at)
        first = asker(at.phone.clock)
        with pytest.raises(OwnerNeeded):
            orders_for(TIE, {}, first, may_decide=True)
        told = answer_waiting(first.left[0].id, "always: Alice", clock=at.phone.clock)
        shown = show_memory(told.remembered)
        assert shown.fact is not None
        assert (shown.fact.value, shown.sources[0].kind, shown.sources[0].ref) == (
            "Alice", "said", f"question {first.left[0].id}",
        )  # fmt: skip
        for _ in range(2):
            assert at.do(TIE).done
        assert at.owner.asked == []
        assert [to for to, _ in at.phone.sent()][-2:] == [ALICE, ALICE]


def test_a_value_that_was_never_said_is_known_once_it_was_answered_for_good() -> None:
    with staged(Brain(TEXT_BOB)) as at:
        name = at.do("text Bob that dinner is ready").learnt_as
        clock = at.phone.clock
        waits = StoredAsker(
            name, wait_s=5.0, clock=clock, tell=lambda one: answer_waiting(one.id, "always: see you", clock=clock)
        )
        for asked in (1, 0):
            found = orders_for(name, {"contact": "Alice"}, waits, may_decide=True)
            assert (found.asked, found.orders[0].values["message"]) == (asked, "see you")


class Typist:
    """A person at the terminal who types this, and keeps what they are told."""

    def __init__(self, types: str) -> None:
        self.types, self.told = types, list[str]()

    def wait(self, question: AskedOwner, elsewhere: Callable[[], str | None], wait_s: float) -> str:
        return self.types

    def tell(self, what: str) -> None:
        self.told.append(what)


def test_an_answer_for_good_that_cannot_be_remembered_serves_this_once_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def held(*given: object) -> None:
        raise StoreHeld("another process holds it")

    monkeypatch.setattr(questions, "through_owner", held)
    person = Typist("always: Maria")

    assert StoredAsker(TIE, person=person, wait_s=5.0, clock=ManualClock()).ask(WHICH) == "Maria"
    [told] = person.told
    assert "serves this task, and is not remembered: another process holds it" in told
    assert list_questions() == ()


def test_a_secret_typed_for_good_is_used_once_and_that_is_said() -> None:
    person = Typist("always: 4111 1111 1111 1111")

    answer = StoredAsker(TIE, person=person, wait_s=5.0, clock=ManualClock()).ask(WHICH)
    assert answer == "4111 1111 1111 1111"
    [told] = person.told
    assert "is not remembered: it looks like a secret" in told
    assert answer not in told
    assert list_memories(what="facts").facts == ()


def test_what_is_typed_for_good_is_remembered_and_nothing_is_said() -> None:
    person = Typist("always: Maria")

    assert StoredAsker(TIE, person=person, wait_s=5.0, clock=ManualClock()).ask(WHICH) == "Maria"
    assert person.told == []
    assert [fact.value for fact in list_memories(what="facts").facts] == ["Maria"]


def test_a_secret_is_not_remembered_however_it_is_said() -> None:
    one = asker()
    one.ask(WHICH)
    with pytest.raises(BadInput, match="looks like a secret"):
        answer_waiting(one.left[0].id, "always: 4111 1111 1111 1111", clock=one.clock)
    assert [waiting.state for waiting in list_questions(clock=one.clock)] == ["waiting"]
