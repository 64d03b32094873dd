"""What ends a task that a model decides: circles, limits, a failing model, a kill. Nothing is half done in silence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mobimem import folders
from mobimem.errors import BadInput
from mobimem.evals.crash import Fuse, FusedWriter, Killed
from mobimem.evals.scripted_moves import Move
from mobimem.llm.scripted import Answer, Asked, Fails, HangsUp, Says, endless_chunks
from mobimem.llm.settings import Budget
from mobimem.running import all_running, ask_to_stop
from mobimem.service.agent import AgentDone
from mobimem.service.orders import Order
from mobimem.service.pending import answer_question
from mobimem.service.replay import QuestionsOpen
from mobimem.tasks.forms import Choice
from mobimem.tasks.scope import Scope, refusal
from mobimem.tasks.view import see
from mobimem.tasks.watching import Bounds
from perception.screen import parse_hierarchy
from replay.trace import Header
from replay.trace_reader import read_trace
from tests.mobimem.tasks.acting import TEXT_BOB, Brain, Owner, staged
from tests.replay.bench import MESSAGES

WORDS = "text Bob that dinner is ready"
HERE: Move = ("open_app", MESSAGES)


def ended(*moves: Move | Answer, **more: object) -> AgentDone:
    with staged(Brain(moves), **more) as at:  # type: ignore[arg-type]
        done = at.do(WORDS)
        assert at.phone.sent() == []
    assert done.learnt_as == ""
    assert read_trace(done.trace).complete
    return done


def test_the_same_on_the_same_page_is_told_once_and_then_ends_the_task() -> None:
    back_and_forth = [move for _ in range(9) for move in (("tap", "Start chat"), ("back",))]
    done = ended(HERE, *back_and_forth)

    assert done.outcome == "stopped"
    assert "given up" in done.says
    assert done.receipt.decided <= 10


def test_steps_that_show_nothing_new_end_the_task() -> None:
    done = ended(HERE, *[("scroll", "down"), ("scroll", "up")] * 12, bounds=Bounds(same=50, still=4))

    assert "showed nothing new" in done.says


def test_a_task_has_a_limit_of_decided_steps_and_says_what_was_done() -> None:
    done = ended(*TEXT_BOB, bounds=Bounds(steps=3))

    assert "3 steps were decided" in done.says
    assert done.did == ("Open com.android.messaging", "Tap 'Start chat'", "Tap 'Bob'")
    assert done.next_step


def test_a_task_has_a_limit_of_time() -> None:
    done = ended(HERE, ("wait",), ("wait",), *TEXT_BOB[1:], bounds=Bounds(seconds=3.0))

    assert "3 s is the limit" in done.says


def test_the_budget_of_the_model_ends_the_task() -> None:
    calls = ended(*TEXT_BOB, budget=Budget(calls=3))
    assert "3 is its budget" in calls.says
    assert calls.receipt.model_calls <= 4  # one of them the planner's

    tokens = ended(*TEXT_BOB, budget=Budget(tokens=2_000))
    assert "2,000 is its budget" in tokens.says


def test_only_waiting_is_no_way_to_spend_the_day() -> None:
    assert "only waited" in ended(HERE, *[("wait",)] * 20, bounds=Bounds(still=50)).says


def test_a_model_that_gives_up_says_why() -> None:
    assert ended(HERE, ("give_up",)).says == "the model gave up: it is next"


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (Says("I would tap on the button."), "did not answer in the form"),
        (Says('{"act": "tap", "element": '), "did not answer in the form"),
        (Says('{"act": "format_the_phone", "why": "x"}'), "did not answer in the form"),
        (Says('{"act": "tap", "why": "which one?"}'), "did not answer in the form"),
        (Says("I cannot help with that.", refusal=True), "refused"),
        (Says("", ended="length"), "did not answer in the form"),
        (Fails(200, "<html>a login page</html>", content_type="text/html"), "could not decide"),
        (Fails(401), "could not decide"),
        (Fails(404), "could not decide"),
        (Fails(500), "could not decide"),
        (Fails(429, headers={"Retry-After": "3600"}), "could not decide"),
        (HangsUp(), "could not decide"),
        (endless_chunks(), "could not decide"),
    ],
    ids=["prose", "cut", "unknown act", "no element", "refusal", "too long", "html", "401", "404", "500", "429",
         "hang up", "endless"],
)  # fmt: skip
def test_a_model_that_fails_in_the_middle_leaves_a_clear_end(answer: Answer, says: str) -> None:
    done = ended(HERE, ("tap", "Start chat"), answer)

    assert (done.outcome, done.proof) == ("stopped", "")
    assert says in done.says
    assert done.next_step
    assert done.did == ("Open com.android.messaging", "Tap 'Start chat'")


def test_a_model_that_names_an_app_that_is_not_there_starts_nothing() -> None:
    with staged(Brain(TEXT_BOB, reach=("com.evil.app",))) as at:
        done = at.do(WORDS)

    assert (done.outcome, done.did) == ("stopped", ())
    assert "com.evil.app is not in the list" in done.says
    assert at.phone.done == []


@pytest.mark.parametrize("words", ["😀" * 40, "x" * 1_000_000, "..."], ids=["emoji", "a megabyte", "dots"])
def test_words_that_are_no_task_come_to_a_clear_end(words: str) -> None:
    with staged(Brain((HERE, ("give_up",)))) as at, pytest.raises(BadInput, match="this is no task"):
        at.do(words)

    assert (at.calls, at.phone.sent()) == (0, [])


# -- questions


def test_what_the_model_wants_to_know_is_asked_of_the_owner_and_used() -> None:
    moves = (*TEXT_BOB[:2], ("ask_owner", "Which Bob?"), *TEXT_BOB[2:])
    with staged(Brain(moves), owner=Owner({"model": "the one with no family name"})) as at:
        done = at.do(WORDS)
        told = at.server.asked[4].text

    assert (done.outcome, done.receipt.questions) == ("done", 1)
    assert "The owner answered: the one with no family name" in told
    notes = [event.topic for event in read_trace(done.trace).events if hasattr(event, "topic")]
    assert notes.index("waiting") < notes.index("answer")


def test_a_question_nobody_answers_in_time_is_not_done() -> None:
    done = ended(*TEXT_BOB[:2], ("ask_owner", "Which Bob?"))

    assert (done.outcome, done.done) == ("asked", False)
    assert "Which Bob?" in done.says


def test_an_open_value_is_a_question_and_no_model_is_asked_for_it() -> None:
    with staged(Brain(TEXT_BOB)) as at:
        name = at.do(WORDS).learnt_as
        calls = at.calls
        at.owner.answers["slot"] = "see you"
        done = at.do(name, {"contact": "Alice"})

        assert (done.outcome, at.calls, done.receipt.questions) == ("done", calls, 1)
    [question] = [one for one in at.owner.asked if one.kind == "slot"]
    assert question.slot == "message"
    assert at.phone.sent()[-1][1] == "see you"


def test_a_password_field_is_never_the_models_to_fill() -> None:
    """Nothing of the kind is on these screens: the field is made one."""
    seen = see(
        parse_hierarchy(
            '<hierarchy rotation="0"><node class="android.widget.EditText" package="a.b" bounds="[0,0][900,200]" '
            'text="hunter2" hint="Password" password="true" enabled="true" clickable="true" focusable="true" '
            'resource-id="a.b:id/pw" visible-to-user="true"/></hierarchy>',
            package="a.b",
        )
    )
    assert "hunter2" not in seen.text
    choice = Choice(act="type", element=1, text="x", why="", direction=None, app=None)
    assert "password field" in refusal(choice, None, seen, Scope(frozenset(("a.b",)), for_good=True))


# -- being killed


def test_killed_at_any_write_the_message_is_sent_once_and_the_owner_is_asked_where_it_is_unclear() -> None:
    moments = _moments()
    assert len(moments) > 40
    sending = [at for at, what in enumerate(moments) if what.startswith(("before intent", "after intent"))]
    assert sending
    for at_moment in [
        *range(moments.index("after header") + 1, len(moments) - 1, 9),
        *sending,
        sending[-1] + 1,
        len(moments) - 3,
    ]:
        _killed(at_moment)


def _moments() -> list[str]:
    fuse = Fuse()
    with staged(Brain(TEXT_BOB)) as at:
        at.more["writer"] = _fused(fuse)
        assert at.do(WORDS).done
    return fuse.passed


def _fused(fuse: Fuse) -> Callable[[Path, Header], FusedWriter]:
    return lambda folder, header: FusedWriter(folder, header, fuse)


def _killed(at_moment: int) -> None:
    """Kills a first run at this moment, lets the owner answer by what the phone shows, and runs it again."""
    with staged(Brain(TEXT_BOB)) as at:
        at.more["writer"] = _fused(Fuse(at=at_moment))
        with pytest.raises(Killed):
            at.run(Order(WORDS))
        sent = len(at.phone.sent())
        assert sent <= 1
        at.more.clear()
        at.server.script = Brain(TEXT_BOB)
        try:
            done = at.run(Order(WORDS))
        except QuestionsOpen as open_:
            [question] = open_.questions
            answer_question(question.run, "done" if sent else "not-done", step=question.index + 1)
            if sent:
                return
            done = at.run(Order(WORDS))
        else:
            assert sent == 0, "it was sent, and nobody was asked before it was sent again"
        assert done.done, done
        assert len(at.phone.sent()) == 1


def test_stop_ends_a_task_while_the_model_thinks() -> None:
    """The owner says stop as soon as the model was asked; its answer would take a minute."""

    def thinks(_asked: Asked) -> Answer:
        for running in all_running(folders.running_folder()):
            ask_to_stop(folders.running_folder(), running)
        return Says("{}", pause_s=60)

    with staged(thinks, timeout_s=60.0) as at:
        done = at.do(WORDS)

    assert (done.outcome, at.calls, at.phone.done) == ("cancelled", 1, [])
