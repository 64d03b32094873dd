"""`mobimem tasks`, `answer` and `approve`: what waits, what was cut off, and how it goes on - from any process."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from device.clock import SystemClock
from mobimem.cli.show.asking import TerminalAsker
from mobimem.evals.crash import World
from mobimem.evals.payment import NAME, VALUES
from mobimem.exit_codes import ExitCode
from mobimem.llm.scripted import ScriptedModel
from mobimem.service.memories import remember
from mobimem.tasks.asking import YES_OR_NO, AskedOwner
from tests.mobimem.cli.calling import Called, call
from tests.mobimem.cli.model import named_in
from tests.mobimem.tasks.acting import TEXT_BOB, Brain, texting_bob
from tests.replay.bench import Phone

WORDS = "text Bob that dinner is ready"
TIE = "text my sister that lunch is ready"


@pytest.fixture
def server(home: Path) -> Iterator[ScriptedModel]:
    with named_in(home, Brain(texting_bob)) as made:
        yield made


def tasks() -> Any:
    return call("tasks", "list", "--json").json


def sent_after_approval(phone: Phone) -> Called:
    """The task waits for a yes; it is given, and the task taken up."""
    assert call("do", WORDS, "--json").code == ExitCode.OWNER_NEEDED
    assert phone.sent() == []
    [ask] = tasks()["asks"]
    assert call("approve", ask["id"]).code == 0
    [left] = tasks()["unfinished"]
    return call("tasks", "resume", left["run"], "--json")


def test_with_nothing_to_do_it_says_so(home: Path) -> None:
    called = call("tasks")

    assert (called.code, "Nothing waits" in called.said) == (0, True)
    assert tasks() == {"running": [], "waiting": [], "asks": [], "unfinished": []}


def test_a_task_that_waits_for_a_yes_is_approved_taken_up_and_done_once(phone: Phone, server: ScriptedModel) -> None:
    called = sent_after_approval(phone)

    assert (called.code, called.json["done"], called.json["proof"]) == (0, True, "checked"), called.said
    assert len(phone.sent()) == 1
    assert call("tasks").code == 0
    second = call("do", "text Alice that the train is late", "--json")
    assert second.code == ExitCode.OWNER_NEEDED, "the first time with other values is asked"
    assert "mobimem answer ask-" in second.json["error"]["next_step"]


def test_an_unfinished_task_is_shown_with_what_was_done_and_the_words_to_go_on(
    phone: Phone, server: ScriptedModel
) -> None:
    ended = call("do", WORDS)
    shown = call("tasks")

    assert "Go on from there: mobimem tasks resume" in ended.said
    assert shown.code == ExitCode.OWNER_NEEDED
    assert "unfinished text Bob that dinner is ready" in shown.said
    assert "done: Open com.android.messaging; Tap 'Start chat'" in shown.said
    assert "mobimem tasks resume" in shown.said
    assert "mobimem teach NAME" in shown.said
    assert "mobimem approve ask-" in shown.said
    [left] = tasks()["unfinished"]
    assert call("tasks", "discard", left["run"]).code == 0
    assert tasks()["unfinished"] == []
    assert call("tasks", "resume", left["run"]).code == ExitCode.BAD_DATA


def test_the_same_words_at_a_terminal_offer_to_go_on(phone: Phone, server: ScriptedModel) -> None:
    call("do", WORDS)
    decided = len(server.asked)
    called = call("do", WORDS, stdin="y\ny\n", terminal=True)

    assert "Go on with it?" in called.said
    assert (called.code, len(phone.sent())) == (0, 1), called.said
    assert len(server.asked) - decided == 2, "one step and its end: the rest was done before"


def test_the_same_words_without_a_terminal_begin_anew_and_say_so(phone: Phone, server: ScriptedModel) -> None:
    call("do", WORDS)
    called = call("do", WORDS)

    assert "This begins anew" in called.said
    assert phone.sent() == []


def test_a_tie_waits_for_an_answer_of_another_process(phone: Phone, server: ScriptedModel) -> None:
    assert sent_after_approval(phone).code == 0
    for one in ("my sister is Alice", "my sister is Bob"):
        remember(one)
    asked = len(server.asked)

    first = call("do", TIE, "--json")
    assert first.code == ExitCode.OWNER_NEEDED
    [waiting] = tasks()["waiting"]
    assert f"mobimem answer {waiting['id']} Alice|Bob" in first.json["error"]["next_step"]
    assert call("answer", waiting["id"], "Carl").code == ExitCode.BAD_DATA
    answered = call("answer", waiting["id"], "Alice", "--always", "--json")
    assert (answered.code, answered.json["answer"], bool(answered.json["remembered"])) == (0, "Alice", True)
    assert call("answer", waiting["id"], "Bob").code == ExitCode.NOT_DONE
    second = call("do", TIE, "--json")
    assert (second.code, "Alice" in second.said) == (ExitCode.OWNER_NEEDED, True), "now only the consent is missing"
    assert len(server.asked) == asked, "no model is asked for what only the owner knows"


def test_while_a_question_waits_the_answer_of_another_process_goes_on_with_the_task(
    phone: Phone, server: ScriptedModel
) -> None:
    moves = (*TEXT_BOB[:2], ("ask_owner", "Which Bob?"), ("give_up",))
    server.script = Brain(moves)
    answered: list[int] = []

    def answer() -> None:
        from mobimem.service.questions import answer_waiting, list_questions

        clock = SystemClock()
        until_s = clock.monotonic_s() + 30
        while clock.monotonic_s() < until_s:
            for waiting in list_questions():
                answer_waiting(waiting.id, "the one with no family name")
                answered.append(1)
                return
            clock.sleep(0.05)

    thread = threading.Thread(target=answer)
    thread.start()
    called = call("do", WORDS, "--wait", "30", "--json")
    thread.join()

    assert (answered, called.json["says"]) == ([1], "the model gave up: it is next")
    assert "The owner answered: the one with no family name" in server.asked[-1].text


def test_a_question_that_is_not_answered_in_its_time_ends_the_task(phone: Phone, server: ScriptedModel) -> None:
    server.script = Brain((*TEXT_BOB[:2], ("ask_owner", "Which Bob?"), ("give_up",)))
    called = call("do", WORDS, "--wait", "0.3", "--json")

    assert (called.code, called.json["outcome"]) == (ExitCode.OWNER_NEEDED, "asked")
    assert tasks()["waiting"] == []


def test_a_task_that_was_given_up_goes_on_by_its_id(phone: Phone, server: ScriptedModel) -> None:
    server.script = Brain((*TEXT_BOB[:3], ("give_up",)))
    ended = call("do", WORDS, "--json").json
    assert ended["runs"][0]["can_go_on"] is True
    server.script = Brain(texting_bob)
    called = call("tasks", "resume", ended["runs"][0]["run"], stdin="y\n", terminal=True)

    assert (called.code, [words for _, words in phone.sent()]) == (0, ["dinner is ready"]), called.said


@pytest.mark.parametrize(
    ("question", "typed", "answer"),
    [
        (AskedOwner("tie", "Which?", ("Ann", "Bob")), "always: 2\n", "always: Bob"),
        (AskedOwner("slot", "Who?"), "Always:  Maria\n", "always: Maria"),
        (AskedOwner("slot", "Who?"), "always:\n", None),
        (AskedOwner("doubt", "May it?", YES_OR_NO), "always: yes\n", "yes"),
    ],
)
def test_at_the_prompt_always_stands_before_an_answer_that_shall_last(
    question: AskedOwner, typed: str, answer: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    stdin = io.StringIO(typed)
    monkeypatch.setattr("sys.stdin", stdin)
    monkeypatch.setattr("select.select", lambda *_given: ([stdin], [], []))

    assert TerminalAsker(Console(file=io.StringIO())).wait(question, lambda: None, 5.0) == answer


def test_an_answer_given_elsewhere_ends_the_wait_at_the_prompt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("select.select", lambda *_given: ([], [], []))
    shown = io.StringIO()

    assert TerminalAsker(Console(file=shown)).wait(AskedOwner("slot", "Who?"), lambda: "Maria", 5.0) == "Maria"
    assert "Maria  (answered elsewhere)" in shown.getvalue()


def test_an_ask_is_listed_and_approved_with_what_it_would_do(world: World) -> None:
    sets = [word for slot, value in VALUES.items() for word in ("--set", f"{slot}={value}")]
    assert call("replay", "run", NAME, *sets).code == ExitCode.OWNER_NEEDED
    [ask] = tasks()["asks"]

    listed, approved = call("tasks").said, call("approve", ask["id"]).said

    for slot, value in VALUES.items():
        assert f"{slot} = {value!r}" in listed
        assert f"{slot} = {value!r}" in approved
