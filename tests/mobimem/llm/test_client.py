"""The model client against the scripted model server: real HTTP, the real `openai` package, every fault there is."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from pydantic import BaseModel

from device.clock import ManualClock
from device.free_port import free_port
from mobimem.llm.client import ModelClient
from mobimem.llm.errors import (
    AnswerUnusable,
    AskingCancelled,
    BudgetSpent,
    KeyRejected,
    ModelBusy,
    ModelError,
    ModelRefused,
    ModelResting,
    ModelSlow,
    ModelUnknown,
    ModelUnreachable,
    NoModel,
    RequestRejected,
)
from mobimem.llm.patience import FAILURES_MAX
from mobimem.llm.prompt import Picture, Prompt, Said, Untrusted
from mobimem.llm.scripted import Answer, Fails, GoesOn, HangsUp, Says, ScriptedModel, endless_chunks, in_turn
from mobimem.llm.settings import Budget, Model, Models
from mobimem.llm.spending import Account


class Choice(BaseModel):
    element: int
    why: str


PROMPT = Prompt("You choose what to tap.", (Said("Open the inbox."), Untrusted("screen", "1 Inbox\n2 Sent")))
GOOD = {"element": 1, "why": "it says inbox"}


class Asking:
    """A client and the server behind it."""

    def __init__(self, server: ScriptedModel, **settings: Any) -> None:
        self.server = server
        self.clock = ManualClock()
        self.model = server.model(**{"timeout_s": 20.0, **settings})
        self.client = ModelClient(Models({"decider": self.model}), clock=self.clock, chance=lambda: 1.0)
        self.account = Account()

    def ask(self, prompt: Prompt = PROMPT, **more: Any) -> Any:
        return self.client.ask("decider", prompt, Choice, account=self.account, **more)


@contextmanager
def asking(*answers: Answer | dict[str, Any], **settings: Any) -> Iterator[Asking]:
    with ScriptedModel(in_turn(answers)) as server:
        made = Asking(server, **settings)
        try:
            yield made
        finally:
            made.client.close()


def test_an_answer_of_the_form_comes_back_counted() -> None:
    with asking(GOOD, joules_per_token=2.0) as at:
        reply = at.ask()

    assert reply.answer == Choice(**GOOD)
    assert (reply.spent.calls, reply.repaired) == (1, False)
    assert reply.spent.tokens_in > 20
    assert not reply.spent.estimated
    assert reply.spent.joules == 2.0 * reply.spent.tokens
    assert at.account.total == reply.spent


def test_the_form_goes_along_as_a_schema_and_in_words() -> None:
    with asking(GOOD) as at:
        at.ask()
        asked = at.server.asked[0]

    assert asked.schema is not None
    assert asked.schema["required"] == ["element", "why"]
    assert asked.schema["additionalProperties"] is False
    assert '"element"' in asked.text


def test_tokens_nobody_counted_are_estimated_and_called_so() -> None:
    with asking(Says('{"element": 1, "why": "x"}', counts=False)) as at:
        spent = at.ask().spent

    assert spent.estimated
    assert spent.tokens > 20


@pytest.mark.parametrize(
    "wrapped",
    [
        '```json\n{"element": 1, "why": "it says inbox"}\n```',
        '<think>{"element": 9}</think>{"element": 1, "why": "it says inbox"}',
        'I choose {"element": 1, "why": "it says inbox"}. Done.',
    ],
)
def test_json_is_found_in_what_stands_around_it(wrapped: str) -> None:
    with asking(Says(wrapped)) as at:
        assert at.ask().answer.element == 1


@pytest.mark.parametrize(
    "bad",
    [
        Says("The inbox, I would say."),
        Says('{"element": "first", "why": 3}'),
        Says('{"element": 1, "why": "cut of', ended="length"),
        Says(""),
        Says("[" * 15_000),
    ],
)
def test_an_answer_of_another_form_is_mended_once(bad: Says) -> None:
    with asking(bad, GOOD) as at:
        reply = at.ask()
        mending = at.server.asked[1].text

    assert reply.repaired
    assert reply.spent.calls == 2
    assert "not the form asked for" in mending


def test_an_answer_that_is_wrong_twice_is_an_error_that_quotes_it() -> None:
    with asking(Says("The inbox, I would say.")) as at, pytest.raises(AnswerUnusable, match="The inbox, I would say"):
        at.ask()


@pytest.mark.parametrize(
    ("answer", "error", "requests"),
    [
        (Fails(401), KeyRejected, 1),
        (Fails(403), KeyRejected, 1),
        (Fails(404, '{"error": {"message": "model gone"}}'), ModelUnknown, 1),
        (Fails(500), ModelUnreachable, 4),
        (Fails(503, "<html>busy</html>", content_type="text/html"), ModelUnreachable, 4),
        (Fails(429, headers={"Retry-After": "3600"}), ModelBusy, 1),
        (Fails(200, "<html>Log in</html>", content_type="text/html"), ModelUnreachable, 4),
        (Fails(200, "not json at all"), ModelUnreachable, 4),
        (Fails(400, '{"error": {"message": "too long"}}'), RequestRejected, 2),
        (HangsUp(), ModelUnreachable, 4),
        (Says("I cannot help with that.", refusal=True), ModelRefused, 1),
        (Says("", ended="content_filter"), ModelRefused, 1),
        (endless_chunks("and on " * 1000), RequestRejected, 2),
    ],
    ids=lambda value: getattr(value, "__name__", None) or str(value)[:40],
)
def test_every_fault_is_told_for_what_it_is(answer: Answer, error: type[ModelError], requests: int) -> None:
    with asking(answer) as at:
        with pytest.raises(error) as told:
            at.ask()
        assert len(at.server.asked) == requests

    assert told.value.next_step
    assert "scripted at 127.0.0.1" in told.value.cause


def test_a_page_without_an_end_is_cut_off() -> None:
    with asking(GoesOn("x" * 60_000, "text/html")) as at, pytest.raises(ModelUnreachable):
        at.ask()


def test_silence_ends_with_the_time_allowed() -> None:
    with (
        asking(Says("late", pause_s=60.0), timeout_s=0.3) as at,
        pytest.raises(ModelSlow, match=r"within 0\.3 s|in time"),
    ):
        at.ask()


def test_an_answer_that_trickles_ends_with_the_time_allowed() -> None:
    trickle = GoesOn(endless_chunks("x").piece, pause_s=0.05)
    with asking(trickle, timeout_s=0.4) as at, pytest.raises(ModelSlow):
        at.ask()


def test_nobody_there() -> None:
    model = Model(f"http://127.0.0.1:{free_port()}/v1", "m", key="sesame")
    client = ModelClient(Models({"decider": model}), clock=ManualClock())

    with pytest.raises(ModelUnreachable) as told:
        client.ask("decider", PROMPT, Choice, account=Account())

    assert "sesame" not in str(told.value)
    assert "base_url" in told.value.next_step


def test_a_role_without_a_model_says_how_to_teach_instead() -> None:
    with pytest.raises(NoModel, match="mobimem teach"):
        ModelClient(Models()).ask("planner", PROMPT, Choice, account=Account())


def test_what_may_pass_is_tried_again_with_growing_pauses() -> None:
    with asking(Fails(500), Fails(503), GOOD) as at:
        reply = at.ask()

    assert reply.answer.element == 1
    assert at.clock.monotonic_s() == pytest.approx(0.5 + 1.0)
    assert reply.spent.calls == 3


def test_an_endpoint_that_asks_to_wait_is_believed() -> None:
    with asking(Fails(429, headers={"Retry-After": "7"}), GOOD) as at:
        at.ask()

    assert 7.0 <= at.clock.monotonic_s() <= 8.0


def test_a_model_that_keeps_failing_is_left_alone_and_then_tried_once() -> None:
    with asking(*[Fails(500)] * FAILURES_MAX, GOOD) as at:
        with pytest.raises(ModelUnreachable):
            at.ask()
        requests = len(at.server.asked)
        with pytest.raises(ModelResting):
            at.ask()
        assert len(at.server.asked) == requests == FAILURES_MAX

        at.clock.advance(16)
        assert at.ask().answer.element == 1
        assert at.ask().answer.element == 1


def test_an_endpoint_that_takes_no_schema_is_asked_in_words_from_then_on() -> None:
    refused = Fails(400, '{"error": {"message": "response_format is not supported"}}')
    with asking(refused, GOOD) as at:
        at.ask()
        at.ask()

    assert [asked.schema is None for asked in at.server.asked] == [False, True, True]


def test_a_task_stops_asking_at_its_budget() -> None:
    with asking(GOOD, budget=Budget(calls=2)) as at:
        at.ask()
        at.ask()
        with pytest.raises(BudgetSpent, match="2"):
            at.ask()
        assert len(at.server.asked) == 2


def test_a_request_that_would_break_the_token_budget_is_not_made() -> None:
    with asking(GOOD, budget=Budget(tokens=300)) as at:
        with pytest.raises(BudgetSpent, match="300"):
            at.ask(Prompt("s", (Said("word " * 1000),)))
        assert at.server.asked == []


def test_failed_requests_are_counted_too() -> None:
    with asking(Fails(401)) as at, pytest.raises(KeyRejected):
        at.ask()

    assert at.account.total.calls == 1


def test_waiting_can_be_cancelled_from_another_thread() -> None:
    cancelled = threading.Event()
    arrived = threading.Event()

    def script(_asked: Any) -> Answer:
        arrived.set()
        return Says("late", pause_s=60.0)

    with ScriptedModel(script) as server:
        at = Asking(server)
        threading.Thread(target=lambda: (arrived.wait(10), cancelled.set()), daemon=True).start()
        with pytest.raises(AskingCancelled):
            at.ask(cancelled=cancelled)
        at.client.close()


def test_pictures_go_only_to_a_model_that_takes_them() -> None:
    prompt = Prompt("s", (Said("What is this?"), Picture(b"\x89PNG....")))
    for takes in (True, False):
        with asking(GOOD, pictures=takes) as at:
            at.ask(prompt)
            content = at.server.asked[0].messages[1]["content"]
        assert ("image_url" in str(content)) is takes


class Veil:
    def hide(self, text: str) -> str:
        return text.replace("Alice", "PERSON-1")

    def restore(self, text: str) -> str:
        return text.replace("PERSON-1", "Alice")


def test_what_is_hidden_on_the_way_out_is_restored_in_the_answer() -> None:
    with asking({"element": 1, "why": "PERSON-1 wrote"}) as at:
        reply = at.ask(Prompt("s", (Said("Write to Alice"), Untrusted("screen", "Alice: hi"))), redactor=Veil())
        sent = at.server.asked[0].text

    assert "Alice" not in sent
    assert reply.answer.why == "Alice wrote"


def test_the_key_is_sent_and_never_shown() -> None:
    with asking(Fails(401, '{"error": {"message": "bad key"}}'), key="sesame") as at:
        with pytest.raises(KeyRejected) as told:
            at.ask()
        assert at.server.asked[0].key == "sesame"

    assert "sesame" not in f"{told.value} {at.model!r}"


def test_what_was_read_of_an_answer_without_an_end_counts_to_the_budget() -> None:
    with asking(endless_chunks("and on " * 1000), budget=Budget(calls=9, tokens=15_000)) as at:
        with pytest.raises(BudgetSpent):  # the second request, in words only, is beyond it
            at.ask(Prompt("You choose.", (Said("x" * 20_000),)))
        assert len(at.server.asked) == 1

    spent = at.account.total
    assert spent.estimated
    assert spent.tokens_out > 16_000 / 4
    assert spent.tokens_in > 20_000 / 4


@pytest.mark.parametrize("piece", ["and on ", "and on " * 100])
def test_an_answer_without_an_end_is_read_as_far_as_an_answer_may_go_and_no_further(piece: str) -> None:
    with asking(endless_chunks(piece), answer_tokens=500) as at, pytest.raises(RequestRejected, match="beyond 4,000"):
        at.ask()

    spent = at.account.total
    assert (spent.calls, spent.estimated) == (2, True)
    assert 2 * 4_000 / 4 < spent.tokens_out < 2 * (4_000 + len(piece)) / 3 < Budget().tokens


def test_what_was_read_before_the_time_was_over_counts() -> None:
    with asking(GoesOn(endless_chunks("x" * 700).piece, pause_s=0.05), timeout_s=1.0) as at, pytest.raises(ModelSlow):
        at.ask()

    assert at.account.total.estimated
    assert at.account.total.tokens_out > 100
