"""Kept replies: under what they are kept, which one is served, and what the client does with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import BaseModel

from device.clock import ManualClock
from memory.errors import StoreHeld
from mobimem.llm.client import ModelClient
from mobimem.llm.prompt import Picture, Prompt, Question, Said, Untrusted, messages
from mobimem.llm.redaction import Veil
from mobimem.llm.replies import CHAIN_MAX, Asked, Held, asked_of, find
from mobimem.llm.scripted import ScriptedModel, in_turn
from mobimem.llm.settings import Model, Models
from mobimem.llm.spending import Account

MODEL = Model("http://127.0.0.1/v1", "small")
MADE = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TODAY = MADE.astimezone().date()
APPS = Untrusted("apps", "com.mail\ncom.chat")


def prompt(*questions: str, more: Sequence[Any] = (APPS,)) -> Prompt:
    return Prompt("You plan.", (*(Question("The owner's words: ", text) for text in questions), *more))


def asked(*questions: str, more: Sequence[Any] = (APPS,), model: Model = MODEL) -> Asked:
    made = asked_of("planner", model, prompt(*questions, more=more), {"type": "object"})
    assert made is not None
    return made


def held(*questions: str) -> Held:
    return Held(1, questions[:-1], questions[-1], "{}", "small", MADE)


def served(now: Asked, *kept: Held, today: date = TODAY, **more: Any) -> bool:
    return find(now, kept, today=today, **more).held is not None


def test_a_question_reaches_the_model_as_the_owners_words_behind_ours() -> None:
    assert messages(prompt("Install Signal"), "JSON", pictures=False)[1]["content"].startswith(
        "The owner's words: Install Signal"
    )


def test_another_wording_is_kept_under_the_same_key_and_served() -> None:
    one, other = asked("Install Signal"), asked("Please install Signal")

    assert one.key == other.key
    assert served(other, held("Install Signal"))


def test_another_screen_role_model_form_or_word_of_ours_is_another_key() -> None:
    first = asked("Open it")
    form = asked_of("planner", MODEL, prompt("Open it"), {"type": "array"})
    role = asked_of("decider", MODEL, prompt("Open it"), {"type": "object"})
    system = asked_of("planner", MODEL, replace(prompt("Open it"), system="You act."), {"type": "object"})
    others = [
        asked("Open it", more=(Untrusted("apps", "com.mail"),)),
        asked("Open it", more=(Untrusted("screen", APPS.text),)),
        asked("Open it", more=(APPS, Said("At most 3 parts."))),
        asked("Open it", model=replace(MODEL, model="large")),
        asked("Open it", model=replace(MODEL, base_url="http://10.0.0.1/v1")),
    ]

    keys = [one.key for one in [*others, form, role, system] if one is not None]
    assert len({first.key, *keys}) == 9


def test_a_prompt_without_a_question_or_with_a_picture_is_never_kept() -> None:
    assert asked_of("decider", MODEL, Prompt("You act.", (Said("Task: open it"), APPS)), {}) is None
    assert asked_of("planner", MODEL, prompt("Open it", more=(Picture(b"\x89PNG"),)), {}) is None
    assert asked_of("planner", MODEL, prompt("  "), {}) is None
    assert asked_of("planner", MODEL, prompt(*["And?"] * (CHAIN_MAX + 2)), {}) is None


def test_the_whole_chain_has_to_be_the_same_and_the_reason_says_where_it_is_not() -> None:
    now = asked("Find hotels in Rome", "Only with a pool", "Delete the last one")

    assert served(now, held("Please find hotels in Rome", "Only with a pool", "Remove the last one"))
    for other in (
        held("Find hotels in Milan", "Only with a pool", "Delete the last one"),
        held("Only with a pool", "Find hotels in Rome", "Delete the last one"),
        held("Only with a pool", "Delete the last one"),
        held("Delete the last one"),
    ):
        assert not served(now, other)
    told = find(now, [held("Find hotels in Milan", "Only with a pool", "Delete the last one")], today=TODAY)
    assert "question 1 before it" in told.reasons[0]


def test_what_hangs_on_the_day_is_served_on_that_day_only() -> None:
    tomorrow = date.fromordinal(TODAY.toordinal() + 1)

    for words in ("Wake me tomorrow at 7", "What is on this week", "明天叫我"):
        assert served(asked(words), held(words))
        assert not served(asked(words), held(words), today=tomorrow)
    assert served(asked("Install Signal"), held("Install Signal"), today=tomorrow)


def test_a_name_the_profile_knows_is_a_name_also_where_it_is_a_word() -> None:
    veil = Veil({"picture": "contact", "photo": "contact"})  # two people of odd names

    assert served(asked("Open the photo"), held("Open the picture"))
    assert not served(asked("Open the photo"), held("Open the picture"), hide=veil.hide)


# --- the client ------------------------------------------------------------------------------------------------------


class Form(BaseModel):
    app: str


class Store:
    """Replies in a list; what is asked of it is counted. `held_by_other`: another process has the folder."""

    def __init__(self) -> None:
        self.rows: list[tuple[Asked, Held]] = []
        self.uses: list[int] = []
        self.held_by_other = False

    def held(self, key: str) -> list[Held]:
        if self.held_by_other:
            raise StoreHeld("the folder is held by process 7", holder="7")
        return [row for now, row in self.rows if now.key == key]

    def used(self, id_: int) -> None:
        self.uses.append(id_)

    def keep(self, now: Asked, answer: str, model: str) -> None:
        if self.held_by_other:
            raise StoreHeld("the folder is held by process 7", holder="7")
        self.rows.append((now, Held(len(self.rows) + 1, now.chain, now.question, answer, model, MADE)))


class Asking:
    def __init__(self, server: ScriptedModel, **settings: Any) -> None:
        self.store, self.account = Store(), Account()
        models = Models({"planner": server.model(**{"cache": True, **settings})})
        self.client = ModelClient(models, clock=ManualClock(), replies=self.store)

    def ask(self, made: Prompt, form: type[Any] = Form, **more: Any) -> Any:
        return self.client.ask("planner", made, form, account=self.account, **more)


@contextmanager
def asking_with(app: str = "com.chat", **settings: Any) -> Iterator[Asking]:
    with ScriptedModel(in_turn([{"app": app}])) as server:
        asking = Asking(server, **settings)
        yield asking
        asking.client.close()


def test_the_second_wording_takes_no_call_and_the_reply_says_it_is_a_kept_one() -> None:
    with asking_with() as asking:
        first = asking.ask(prompt("Install Signal"))
        again = asking.ask(prompt("Please install Signal"))
        other = asking.ask(prompt("Install Telegram"))

        assert [first.cached, again.cached, other.cached] == [False, True, False]
        assert again.answer == Form(app="com.chat")
        assert (again.spent.calls, again.spent.tokens, again.spent.cached) == (0, 0, 1)
        assert (asking.account.total.calls, asking.account.total.cached) == (2, 1)
        assert asking.store.uses == [1]


def test_nothing_is_looked_up_or_kept_where_the_setting_is_off() -> None:
    with asking_with(cache=False) as asking:
        replies = [asking.ask(prompt("Install Signal")) for _ in range(2)]

        assert not any(one.cached for one in replies)
        assert asking.store.rows == []
        assert asking.account.total.calls == 2


def test_a_step_on_a_screen_is_never_served_for_it_marks_no_question() -> None:
    step = Prompt("You act.", (Said("The task: open it"), Untrusted("screen", "1 Inbox")))
    with asking_with() as asking:
        replies = [asking.ask(step) for _ in range(2)]

        assert not any(one.cached for one in replies)
        assert asking.store.rows == []


def test_the_kept_answer_holds_the_values_and_not_their_placeholders() -> None:
    with asking_with("CONTACT_1") as asking:
        first = asking.ask(prompt("Text Maria hello"), redactor=Veil({"Maria": "contact"}))
        again = asking.ask(prompt("Please text Maria hello"), redactor=Veil({"Zoe": "contact", "Maria": "contact"}))

        assert first.answer.app == again.answer.app == "Maria"
        assert again.cached


def test_a_kept_reply_that_is_not_of_the_form_is_asked_for_anew() -> None:
    with asking_with() as asking:
        asking.ask(prompt("Install Signal"))
        now, row = asking.store.rows[0]
        asking.store.rows[0] = (now, replace(row, answer='{"app": 7}'))

        assert not asking.ask(prompt("Install Signal")).cached
        assert asking.account.total.calls == 2


def test_a_memory_that_cannot_be_asked_costs_the_cache_and_not_the_answer() -> None:
    with asking_with() as asking:
        asking.store.held_by_other = True
        reply = asking.ask(prompt("Install Signal"))

        assert reply.answer.app == "com.chat"
        assert "held by process 7" in reply.note


@pytest.mark.parametrize("words", ["Install Signal", "Install 信号"])
def test_what_is_said_of_a_refusal_names_the_kept_question(words: str) -> None:
    told = find(asked("Delete Signal"), [held(words)], today=TODAY)

    assert told.held is None
    assert words in told.reasons[0]
