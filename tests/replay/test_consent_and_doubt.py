"""What a replay may not do by itself, and what may have happened: acts for good, lost answers, keys and typing."""

from __future__ import annotations

from functools import cache

import pytest

from device.actions import InputText, PressKey, Tap
from device.errors import ActionRefused, DeviceTimeout, NoTextField, StaleCoordinates
from replay.demonstration import Demonstration
from replay.recipe import Recipe
from tests.replay.bench import (
    ALICE,
    ASKED,
    MESSAGES,
    Owner,
    Phone,
    text_someone,
)


@cache
def text() -> Recipe:
    return text_someone()


def test_an_irreversible_step_is_asked_for_once_with_its_words() -> None:
    phone, owner = Phone(), Owner()
    phone.run(text(), ASKED, owner=owner)
    assert owner.asked == ["Tap 'Send SMS'"]


@pytest.mark.parametrize(("answer", "outcome"), [("ask", "asked"), ("refuse", "stopped")])
def test_without_a_yes_nothing_irreversible_is_done(answer: str, outcome: str) -> None:
    phone = Phone()
    owner = Owner("ask") if answer == "ask" else Owner("refuse")
    result = phone.run(text(), ASKED, owner=owner)
    assert result.outcome == outcome and phone.sent() == []


class Faulty(Phone):
    """Its n-th act fails with this error; `does` tells whether it happens all the same."""

    def __init__(self, number: int, error: Exception, *, does: bool) -> None:
        super().__init__()
        self.number, self.error, self.does, self.count = number, error, does, 0

    def perform(self, action: object, *, timeout_s: float = 10.0) -> object:  # type: ignore[override]
        self.count += 1
        if self.count == self.number and not self.does:
            raise self.error
        performed = super().perform(action, timeout_s=timeout_s)  # type: ignore[arg-type]
        if self.count == self.number:
            raise self.error
        return performed


SENDING = 6  # the act that sends: open, start, choose, focus, type, send


@pytest.mark.parametrize("does", [True, False])
def test_a_send_whose_answer_is_lost_is_asked_about_and_not_repeated(does: bool) -> None:
    phone = Faulty(SENDING, DeviceTimeout("no answer"), does=does)
    result = phone.run(text(), ASKED)
    assert result.outcome == "asked" and "not known" in result.says
    assert len(phone.sent()) == int(does)


def test_a_send_whose_effect_is_not_seen_is_asked_about_and_not_repeated() -> None:
    phone = Phone()
    phone.phone.settings.put("global", "airplane_mode_on", "1")
    result = phone.run(text(), ASKED)
    assert result.outcome == "asked" and "what it should lead to is not seen" in result.says
    assert phone.taps == 4  # start, choose, focus, send: once


@pytest.mark.parametrize("does", [True, False])
@pytest.mark.parametrize("number", range(1, SENDING))
def test_a_reversible_act_whose_answer_is_lost_is_looked_at_before_anything_else(number: int, does: bool) -> None:
    phone = Faulty(number, DeviceTimeout("no answer"), does=does)
    result = phone.run(text(), ASKED)
    assert phone.sent() in ([], [(ALICE, ASKED["message"])])
    assert (result.outcome == "done") == bool(phone.sent())
    assert not does or result.outcome == "done"


@pytest.mark.parametrize("error", [StaleCoordinates("turned"), NoTextField("no field has the focus")])
def test_an_act_that_was_not_sent_is_done_again(error: Exception) -> None:
    phone = Faulty(5, error, does=False)
    result = phone.run(text(), ASKED)
    assert result.outcome == "done" and phone.sent() == [(ALICE, ASKED["message"])]


def test_an_act_that_is_refused_is_asked_about() -> None:
    phone = Faulty(3, ActionRefused("Android rejected the input"), does=False)
    result = phone.run(text(), ASKED)
    assert result.outcome == "asked" and "rejected" in result.says


def test_a_key_meant_for_one_page_is_not_pressed_on_another() -> None:
    def act(hand: Demonstration) -> None:
        hand.open(MESSAGES)
        hand.tap("Start chat")
        hand.press(PressKey("enter"))

    recipe = Phone().show("keys", {}, act)
    phone = Phone()
    phone.after_act = lambda action: phone.phone.windows.home() if isinstance(action, Tap) else None
    result = phone.run(recipe)
    assert result.outcome == "stopped"
    assert PressKey("enter") not in phone.done


def test_typing_waits_for_the_field_to_have_the_focus() -> None:
    phone = Phone()
    phone.run(text(), ASKED)
    typed = next(place for place, action in enumerate(phone.done) if isinstance(action, InputText))
    assert isinstance(phone.done[typed - 1], Tap)
