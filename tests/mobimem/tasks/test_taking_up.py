"""A task that was cut off, or not done, goes on from the screen as it is: nothing is repeated, nothing is lost."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from mobimem import folders
from mobimem.errors import BadInput, NotDone
from mobimem.evals.crash import Fuse, FusedWriter, Killed
from mobimem.llm.settings import Budget
from mobimem.service import agent_learning
from mobimem.service.agent import AgentDone, Means, run_order_on
from mobimem.service.agent_learning import finish_learning
from mobimem.service.memories import list_memories
from mobimem.service.orders import Order
from mobimem.service.pending import answer_question
from mobimem.service.policy import answer_ask, list_asks
from mobimem.service.questions import StoredAsker, answer_waiting
from mobimem.service.replay import QuestionsOpen
from mobimem.service.unfinished import (
    Unfinished,
    discard_task,
    list_unfinished,
    take_up,
    unfinished_like,
)
from mobimem.tasks.watching import Bounds
from replay.library import Library
from replay.trace import Header, Note
from replay.trace_reader import read_trace
from tests.mobimem.tasks.acting import TEXT_BOB, Brain, Stage, staged, texting_bob
from tests.replay.bench import ALICE, MESSAGES

WORDS = "text Bob that dinner is ready"
DONE = ("Open com.android.messaging", "Tap 'Start chat'", "Tap 'Bob'")


def fused(fuse: Fuse) -> Callable[[Path, Header], FusedWriter]:
    return lambda folder, header: FusedWriter(folder, header, fuse)


def kill(at: Stage, order: Order, moment: str, times: int = 1) -> None:
    """Kills the run of an order when it comes to this moment for the n-th time."""

    class At(Fuse):
        def burns(self, what: str) -> bool:
            super().burns(what)
            return self.passed.count(what) == times and what == moment

    at.more["writer"] = fused(At())
    with pytest.raises(Killed):
        at.run(order)
    at.more.clear()


def left(at: Stage) -> Unfinished:
    [one] = list_unfinished(clock=at.phone.clock)
    return one


def resume(at: Stage, run: str = "", **means: object) -> AgentDone:
    earlier = take_up(run or left(at).run)
    made = Means(at.owner, at.owner, at.client, clock=at.phone.clock, bounds=at.bounds)
    return run_order_on(at.phone, earlier.order, dataclasses.replace(made, **means), earlier=earlier)  # type: ignore[arg-type]


def test_a_killed_task_goes_on_where_it_was_and_is_learnt_whole() -> None:
    with staged(Brain(texting_bob)) as at:
        kill(at, Order(WORDS), "after step", 3)
        told = left(at)
        assert (told.state, told.did, told.known, told.can_go_on) == ("interrupted", DONE, False, True)
        before, calls = len(at.phone.done), at.calls
        done = resume(at)

        assert (done.outcome, done.proof, done.learnt_as != "") == ("done", "checked", True), done
        assert done.did == (*DONE, "Type 'dinner is ready' into 'Text message'", "Tap 'Send SMS'")
        assert done.receipt.decided == 2, "what was done is not done again"
        assert len(at.phone.done) - before == 3, "the field, the words, the button"
        assert at.calls - calls == 3
        assert list_unfinished(clock=at.phone.clock) == ()
        second = at.do("text Alice that the train is late")
        assert (second.done, second.receipt.model_calls) == (True, 0)
    assert len(at.phone.sent()) == 2


def test_the_journal_of_what_goes_on_names_the_one_it_goes_on_from_and_neither_is_edited() -> None:
    with staged(Brain(texting_bob)) as at:
        kill(at, Order(WORDS), "after step", 2)
        run = left(at).run
        first = read_trace(folders.runs_folder() / run / "trace")
        done = resume(at)
        second = read_trace(done.trace)

    assert second.header.parent == first.content_hash
    assert read_trace(folders.runs_folder() / run / "trace").content_hash == first.content_hash
    assert not first.complete
    assert second.complete


def test_killed_twice_it_still_goes_on_and_nobody_takes_the_same_run_up_twice() -> None:
    with staged(Brain(texting_bob)) as at:
        kill(at, Order(WORDS), "after step", 2)
        first = take_up(left(at).run)
        means = Means(at.owner, at.owner, at.client, clock=at.phone.clock)

        class At(Fuse):
            def burns(self, what: str) -> bool:
                super().burns(what)
                return self.passed.count("after step") == 1

        with pytest.raises(Killed):
            run_order_on(at.phone, first.order, dataclasses.replace(means, writer=fused(At())), earlier=first)
        told = left(at)
        assert told.did == DONE
        with pytest.raises(NotDone, match="taken up"):
            run_order_on(at.phone, first.order, means, earlier=first)
        with pytest.raises(NotDone, match="taken up before"):
            take_up(first.run)
        done = resume(at)

    assert (done.done, len(at.phone.sent())) == (True, 1)


@pytest.mark.parametrize("moment", ["after intent", "before step"])
def test_an_irreversible_step_that_was_begun_is_asked_about_and_never_sent_twice(moment: str) -> None:
    with staged(Brain(texting_bob)) as at:
        kill(at, Order(WORDS), moment, 1 if moment == "after intent" else 5)
        sent = len(at.phone.sent())
        told = left(at)
        [question] = told.questions
        with pytest.raises(QuestionsOpen):
            take_up(told.run)
        with pytest.raises(NotDone, match="may have been done"):
            discard_task(told.run, clock=at.phone.clock)
        answer_question(question.run, "done" if sent else "not-done", step=question.index + 1)
        done = resume(at)

        assert (done.done, len(at.phone.sent())) == (True, 1), done
        assert done.learnt_as, done.not_learnt
    assert sent == (moment == "before step")


def test_a_step_the_owner_vouched_for_is_no_stray_act_because_its_screen_was_left() -> None:
    with staged(Brain(texting_bob)) as at:
        kill(at, Order(WORDS), "before step", 5)
        [question] = left(at).questions
        answer_question(question.run, "done", step=question.index + 1)
        at.phone.phone.windows.force_stop(MESSAGES)
        done = resume(at)

    assert (done.done, len(at.phone.sent())) == (True, 1), done
    assert done.learnt_as, done.not_learnt


def test_what_was_abandoned_is_not_taken_up() -> None:
    with staged(Brain(texting_bob)) as at:
        kill(at, Order(WORDS), "after intent")
        told = left(at)
        answer_question(told.questions[0].run, "abandon", step=told.questions[0].index + 1)

        with pytest.raises(NotDone, match="abandoned"):
            take_up(told.run)
        assert list_unfinished(clock=at.phone.clock) == ()


def test_a_known_task_goes_on_at_the_step_it_was_cut_off_at_without_a_model() -> None:
    with staged(Brain(texting_bob)) as at:
        at.do(WORDS)
        [order] = at.orders("text Alice that the train is late").orders
        calls = at.calls
        kill(at, order, "after step", 2)
        told = left(at)
        assert told.known
        assert told.missing[0] == "Tap 'Alice'"
        done = resume(at, client=None)

        assert (done.outcome, done.receipt.replayed, at.calls) == ("done", 3, calls), done
    assert at.phone.sent()[-1] == (ALICE, "the train is late")


def test_a_known_task_whose_screen_is_gone_asks_instead_of_guessing() -> None:
    with staged(Brain(texting_bob)) as at:
        at.do(WORDS)
        [order] = at.orders("text Alice that the train is late").orders
        kill(at, order, "after step", 3)
        at.phone.phone.windows.key("home")
        done = resume(at, client=None)

        assert (done.outcome, len(at.phone.sent())) == ("asked", 1)
        assert "step 4" in done.says
        assert left(at).run == done.run, "it can be taken up again"


def test_somewhere_else_than_it_was_left_the_owner_is_told_what_is_not_shown() -> None:
    """Between the kill and the resume somebody opened the thread of somebody else, and typed the same there."""

    def sending(shown: str) -> tuple[str, ...]:
        return ("tap", "Send SMS") if 'holds "dinner is ready"' in shown else texting_bob(shown)

    with staged(Brain(sending)) as at:
        kill(at, Order(WORDS), "after step", 4)
        hand_over(at)
        done = resume(at)

    assert (done.outcome, at.phone.sent()) == ("stopped", [])
    assert any("'Bob' was used before this was taken up, and is not shown here" in one for one in
               at.owner.proposals[-1].doubts)  # fmt: skip


def hand_over(at: Stage) -> None:
    """The owner's own finger: Alice's thread instead of Bob's, with the same words typed."""
    from replay.demonstration import Demonstration

    hand = Demonstration(at.phone, clock=at.phone.clock)
    at.phone.phone.windows.force_stop(MESSAGES)
    hand.open(MESSAGES)
    hand.tap("Start chat")
    hand.tap("Alice")
    hand.type("Text message", "dinner is ready")


def test_what_was_used_of_the_limits_is_held_against_what_goes_on_after_a_kill_but_not_after_an_end() -> None:
    with staged(Brain(texting_bob), bounds=Bounds(steps=4)) as at:
        kill(at, Order(WORDS), "after step", 3)
        done = resume(at)
        assert (done.outcome, "4 steps were decided" in done.says) == ("stopped", True), done.says
        again = resume(at)
        assert again.done, "the owner who says go on grants all limits anew"
    with staged(Brain(texting_bob), budget=Budget(calls=5)) as at:
        kill(at, Order(WORDS), "after step", 3)
        assert "5 is its budget" in resume(at).says


def test_a_task_that_was_given_up_says_how_to_go_on_and_goes_on() -> None:
    with staged(Brain(texting_bob), bounds=Bounds(steps=3)) as at:
        done = at.do(WORDS)
        assert (done.done, done.can_go_on) == (False, True)
        told = left(at)
        assert (told.state, told.run) == ("unfinished", done.run)
        assert "3 steps were decided" in told.why
        assert unfinished_like(Order(WORDS), clock=at.phone.clock) == told
        assert unfinished_like(Order("other words"), clock=at.phone.clock) is None
        assert resume(at).done
    assert len(at.phone.sent()) == 1


def test_doing_it_anew_or_discarding_it_takes_it_off_the_list() -> None:
    with staged(Brain(texting_bob), bounds=Bounds(steps=2)) as at:
        run = at.do(WORDS).run
        assert discard_task(run, clock=at.phone.clock).run == run
        assert list_unfinished(clock=at.phone.clock) == ()
        with pytest.raises(BadInput, match="no unfinished task"):
            take_up(run)
        at.do(WORDS)
        at.bounds = Bounds()
        assert len(list_unfinished(clock=at.phone.clock)) == 1
        assert at.do(WORDS).done
        assert list_unfinished(clock=at.phone.clock) == ()


def test_an_answer_that_was_given_meanwhile_is_there_when_the_task_is_taken_up() -> None:
    moves = (*TEXT_BOB[:2], ("ask_owner", "Which Bob?"), *TEXT_BOB[2:])
    with staged(Brain(moves)) as at:
        asker = StoredAsker(WORDS, clock=at.phone.clock)
        means = Means(at.owner, asker, at.client, clock=at.phone.clock)
        done = run_order_on(at.phone, Order(WORDS), means)
        assert (done.outcome, len(done.waiting)) == ("asked", 1)
        answer_waiting(done.waiting[0], "the one with no family name", clock=at.phone.clock)
        at.server.script = Brain((("ask_owner", "Which Bob?"), *TEXT_BOB[2:]))
        done = resume(at, asker=StoredAsker(WORDS, clock=at.phone.clock))

        assert (done.outcome, at.owner.asked) == ("done", [])
        assert "The owner answered: the one with no family name" in at.server.asked[-1].text


def test_a_yes_that_was_given_meanwhile_covers_the_step_as_it_is_taken_up() -> None:
    class Nobody:
        def decide(self, *_given: object) -> str:
            return "ask"

        decide_decided = decide

    with staged(Brain(texting_bob)) as at:
        means = Means(Nobody(), at.owner, at.client, clock=at.phone.clock)  # type: ignore[arg-type]
        assert run_order_on(at.phone, Order(WORDS), means).outcome == "asked"
        [asked] = list_asks(clock=at.phone.clock)
        at.phone.phone.windows.key("back")  # the keyboard goes
        answer_ask(asked.ask.id, "yes", clock=at.phone.clock)
        done = resume(at, consent=Nobody())

    assert (done.outcome, len(at.phone.sent())) == ("done", 1), done


def test_a_lesson_that_a_killed_process_did_not_get_to_is_learnt_at_the_next_start_and_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def killed(*_given: object) -> None:
        raise Killed

    with staged(Brain(texting_bob)) as at:
        with monkeypatch.context() as patched:
            patched.setattr(agent_learning, "learn_new", killed)
            with pytest.raises(Killed):
                at.run(Order(WORDS))
        assert list_memories(what="tasks").tasks == ()
        [report] = finish_learning(clock=at.phone.clock)
        assert ([one.result for one in report.learnt], report.problem) == (["learnt"], "")
        assert finish_learning(clock=at.phone.clock) == ()
        second = at.do("text Alice that the train is late")

    assert (second.done, second.receipt.model_calls) == (True, 0)
    assert len(Library(folders.recipes_folder()).entries()) == 1


def test_a_recipe_that_was_kept_and_not_learnt_yet_is_not_kept_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    def killed() -> None:
        raise Killed

    with staged(Brain(texting_bob)) as at:
        with monkeypatch.context() as patched:
            patched.setattr(agent_learning, "learn_taught", killed)
            with pytest.raises(Killed):
                at.run(Order(WORDS))
        finish_learning(clock=at.phone.clock)
        [entry] = Library(folders.recipes_folder()).entries()

        assert (entry.version, len(list_memories(what="tasks").tasks)) == (1, 1)


def test_a_known_task_that_was_decided_in_part_across_a_kill_is_a_new_version() -> None:
    from tests.mobimem.tasks.test_misses_in_a_known_task import broken

    with staged(Brain(texting_bob)) as at:
        name = at.do(WORDS).learnt_as
    with staged(Brain((("tap", "Start chat"),))) as at:
        kill(at, broken(at, 1), "after step", 3)  # opened; missed; the missed one decided
        done = resume(at)

        assert done.done, done
        assert at.phone.sent() == [(ALICE, "the train is late")]
        assert Library(folders.recipes_folder()).versions(name) == (1, 2), done.not_learnt


def test_of_a_run_that_never_began_nothing_is_known_and_it_is_said_again() -> None:
    with staged(Brain(texting_bob)) as at:
        kill(at, Order(WORDS), "before note")
        told = left(at)

        assert (told.words, told.can_go_on, told.did) == (WORDS, False, ())
        with pytest.raises(NotDone, match="mobimem do"):
            take_up(told.run)


def test_the_first_line_of_a_run_says_what_is_to_be_done() -> None:
    with staged(Brain(texting_bob)) as at:
        done = at.do(WORDS)
    note = read_trace(done.trace).events[0]

    assert isinstance(note, Note)
    assert (note.topic, note.says, note.data) == ("task", WORDS, {"part": False})
