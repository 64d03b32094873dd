"""Replays on a virtual phone in this process: what the runner and the player do about what comes between."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from device.actions import Action, PressKey, Scroll, Size, Swipe
from device.fake import node
from device.protocol import Performed, Reading
from device.virtual.window.drift import Drift
from replay.checks import Changed
from replay.commands import Limits
from replay.demonstration import Demonstration
from replay.passwords import BULLETS
from replay.recipe import Recipe, SetSwitch
from replay.runner import Runner
from replay.trace import Header
from replay.trace_reader import read_trace
from replay.trace_writer import TraceWriter
from tests.replay.bench import (
    ALICE,
    ASKED,
    CLOCK,
    CONTACTS,
    MESSAGES,
    OLIVER,
    SHOWN,
    THREAD,
    Owner,
    Phone,
    text_someone,
)


@cache
def text() -> Recipe:
    return text_someone()


def kinds(result: object) -> list[str]:
    return [detour.kind for detour in getattr(result, "detours")]  # noqa: B009 - any result


def test_a_recipe_runs_for_another_contact_with_one_reading_a_step() -> None:
    phone = Phone()
    result = phone.run(text(), ASKED)
    assert (result.outcome, phone.sent()) == ("done", [(ALICE, "I'm running late")])
    assert result.reads <= result.acts + 2  # one more to see the last effect, one again after consent
    assert result.detours == ()


def test_a_switch_that_stands_right_is_not_tapped() -> None:
    def act(hand: Demonstration) -> None:
        hand.open(CLOCK)
        hand.tap("Add alarm")
        hand.tap("Mon")

    recipe = Phone().show("monday", {}, act)
    assert isinstance(recipe.steps[-1].move, SetSwitch)
    phone = Phone()
    assert phone.run(recipe).outcome == "done"
    taps = phone.taps
    again = phone.run(recipe, start=2)
    assert (again.outcome, again.progress[0].result, phone.taps) == ("done", "skipped", taps)


def test_a_field_that_holds_the_text_is_not_typed_into_again() -> None:
    phone = Phone()
    phone.phone.windows.start(MESSAGES, THREAD, address=ALICE)
    phone.phone.windows.start(MESSAGES)
    hand = Demonstration(phone, clock=phone.clock)
    hand.type("Text message", ASKED["message"])
    before = len(phone.typed)
    result = phone.run(text(), ASKED, start=3)
    assert result.outcome == "done"
    assert [progress.result for progress in result.progress] == ["skipped", "done"]
    assert len(phone.typed) == before


def test_a_run_may_begin_in_the_middle() -> None:
    phone = Phone()
    phone.phone.windows.start(MESSAGES, THREAD, address=ALICE)
    result = phone.run(text(), ASKED, start=3)
    assert result.outcome == "done" and phone.sent() == [(ALICE, ASKED["message"])]


def test_the_journal_holds_no_password_that_is_on_the_screen(tmp_path: Path) -> None:
    phone = Phone()
    read, plain = phone.read, node("hunter2", class_="android.widget.EditText", password="true")

    def with_password(*, timeout_s: float = 10.0) -> Reading:
        reading = read(timeout_s=timeout_s)
        return replace(reading, hierarchy=reading.hierarchy.replace("</hierarchy>", f"{plain}</hierarchy>"))

    phone.read = with_password  # type: ignore[method-assign]
    header = Header(trace_id="r", name="text", task="", source="run", device={}, started_at="", values=ASKED)
    with TraceWriter(tmp_path / "trace", header) as journal:
        Runner(phone, Owner(), clock=phone.clock).run(text(), ASKED, journal)
        journal.end("done", "", "")
    screens = read_trace(tmp_path / "trace").screens.values()
    assert any(BULLETS in screen for screen in screens)
    assert not any("hunter2" in screen for screen in screens)


# -- a tap that is seen only by what it changes


def five_minutes(hand: Demonstration) -> None:
    hand.open(CLOCK)
    for words in ("Timer", "5", "0", "0"):
        hand.tap(words)


def test_a_tap_whose_effect_has_no_name_must_change_the_page() -> None:
    recipe = Phone().show("five-minutes", {}, five_minutes)
    assert [step.after for step in recipe.steps[2:]] == [(Changed(),)] * 3
    assert Phone().run(recipe).outcome == "done"


@pytest.mark.parametrize("lost", [3, 4, 5])
def test_a_digit_that_the_phone_swallows_stops_the_run(lost: int) -> None:
    recipe = Phone().show("five-minutes", {}, five_minutes)
    phone, acts = Phone(), iter(range(1, 100))
    perform = phone.perform

    def losing(action: Action, *, timeout_s: float = 10.0) -> Performed:
        if next(acts) == lost:
            return Performed(action, phone.clock.now(), 0.0)
        return perform(action, timeout_s=timeout_s)

    phone.perform = losing  # type: ignore[method-assign]
    result = phone.run(recipe)
    assert result.outcome == "stopped" and result.divergence is not None
    assert (result.divergence.index + 1, result.divergence.says) == (lost, "nothing has changed")


def test_a_tab_that_is_chosen_already_need_not_change_the_page() -> None:
    def act(hand: Demonstration) -> None:
        hand.open(CLOCK)
        hand.tap("Stopwatch")

    recipe, phone = Phone().show("stopwatch", {}, act), Phone()
    assert recipe.steps[1].after == (Changed(),)
    assert phone.run(recipe).outcome == "done"
    phone.perform(PressKey("home"))
    assert phone.run(recipe).outcome == "done"


# -- what was chosen stays chosen


@pytest.mark.parametrize("at_read", range(4, 8))
def test_the_right_page_with_the_wrong_contact_stops_and_sends_nothing(at_read: int) -> None:
    phone = Phone()
    phone.at_read[at_read] = lambda: phone.phone.windows.start(MESSAGES, THREAD, address=OLIVER)
    result = phone.run(text(), ASKED)
    assert phone.sent() in ([], [(ALICE, ASKED["message"])])
    if not phone.sent():
        assert result.outcome == "stopped"
        assert "Oliver" in result.says and "Alice" in result.says, result.says


def test_two_rows_that_fit_are_asked_about_and_named() -> None:
    phone = Phone()
    phone.phone.store.table("contacts").insert(name="Alice", phone="+1 404 555 0166", email="", starred=0)
    result = phone.run(text(), ASKED)
    assert result.outcome == "asked" and phone.sent() == []
    assert result.divergence is not None
    assert ALICE in result.says and "+1 404 555 0166" in result.says
    assert len(result.divergence.to_data()["candidates"]) == 2


def test_a_namesake_just_below_the_fold_is_seen_and_asked_about() -> None:
    phone = Phone(size=Size(1080, 1340))
    phone.phone.store.table("contacts").insert(name="Carol", phone="+1 404 555 0166", email="", starred=0)
    result = phone.run(text(), {"contact": "Carol", "message": "hi"})
    assert result.outcome == "asked" and "+1 404 555 0166" in result.says
    assert phone.sent() == [] and "scroll" in kinds(result)


def test_a_contact_that_is_not_there_is_looked_for_to_both_ends_before_it_is_not_found() -> None:
    phone = Phone()
    for number in range(20):
        phone.phone.store.table("contacts").insert(name=f"Abel {number}", phone=f"555 01{number}", email="", starred=0)
    result = phone.run(text(), {"contact": "Nobody Known", "message": "hi"})
    assert result.outcome == "stopped" and phone.sent() == []
    ways = [action.direction for action in phone.done if isinstance(action, Scroll)]
    assert ways and ways == sorted(ways)  # all down, then all up
    assert result.divergence is not None
    assert any("scrolled" in tried for tried in result.divergence.to_data()["tried"])
    assert result.divergence.to_data()["wanted"] == "Nobody Known"


def test_a_contact_below_the_fold_is_scrolled_to() -> None:
    phone = Phone()
    for number in range(20):
        phone.phone.store.table("contacts").insert(name=f"Abel {number}", phone=f"555 01{number}", email="", starred=0)
    result = phone.run(text(), ASKED)
    assert result.outcome == "done" and phone.sent() == [(ALICE, ASKED["message"])]
    assert set(kinds(result)) == {"scroll"}


# -- what comes between


@pytest.mark.parametrize("at_read", range(1, 9))
def test_a_permission_request_is_denied_and_the_run_goes_on(at_read: int) -> None:
    phone = Phone()
    phone.at_read[at_read] = lambda: phone.phone.faults.permission_dialog("android.permission.CAMERA", MESSAGES)
    result = phone.run(text(), ASKED)
    assert result.outcome == "done" and phone.sent() == [(ALICE, ASKED["message"])]
    if "permission" in kinds(result):
        assert phone.phone.packages.granted(MESSAGES, "android.permission.CAMERA") is False


def shown_with_the_request() -> Recipe:
    def act(hand: Demonstration) -> None:
        hand.open(MESSAGES)
        hand.tap("Start chat")
        hand.tap("Allow")
        hand.tap("Bob")
        hand.type("Text message", SHOWN["message"])
        hand.tap("Send SMS")

    return Phone(contacts=False).show("text", SHOWN, act)


def test_a_permission_that_was_given_while_teaching_is_given_again() -> None:
    phone = Phone(contacts=False)
    result = phone.run(shown_with_the_request(), ASKED)
    assert result.outcome == "done" and phone.sent() == [(ALICE, ASKED["message"])]


def test_a_permission_request_that_was_shown_and_does_not_come_any_more_is_passed_over() -> None:
    phone = Phone()
    result = phone.run(shown_with_the_request(), ASKED)
    assert result.outcome == "done" and phone.sent() == [(ALICE, ASKED["message"])]
    assert [progress.result for progress in result.progress][2] == "skipped"


def test_another_permission_than_the_one_given_while_teaching_is_denied() -> None:
    phone = Phone(contacts=False)
    phone.at_read[2] = lambda: phone.phone.faults.permission_dialog("android.permission.CAMERA", MESSAGES)
    result = phone.run(shown_with_the_request(), ASKED)
    assert result.outcome == "done"
    assert phone.phone.packages.granted(MESSAGES, "android.permission.CAMERA") is False
    assert phone.phone.packages.granted(MESSAGES, "android.permission.READ_CONTACTS") is True


@pytest.mark.parametrize("locale", ["en", "de", "zh"])
def test_a_request_to_rate_the_app_is_put_off(locale: str) -> None:
    phone = Phone(locale=locale)

    def act(hand: Demonstration) -> None:
        hand.open(MESSAGES)

    recipe = Phone(locale=locale).show("open", {}, act)
    phone.phone.windows.start(MESSAGES)
    phone.phone.faults.popup()
    phone.phone.windows.home()
    result = phone.run(recipe)
    assert result.outcome == "done" and kinds(result) == ["popup"]
    assert phone.phone.windows.last_toast() is None  # "Thank you!" would be said to one who rates


def test_the_dialog_of_another_apps_crash_is_closed() -> None:
    phone = Phone()
    phone.at_read[3] = lambda: phone.phone.faults.crash("com.example.notes")
    result = phone.run(text(), ASKED)
    assert result.outcome == "done" and kinds(result) == ["crash"]


def test_an_app_that_crashes_as_it_opens_is_opened_again() -> None:
    phone = Phone()
    phone.at_read[2] = lambda: phone.phone.faults.crash(MESSAGES)
    result = phone.run(text(), ASKED)
    assert result.outcome == "done" and "crash" in kinds(result)


def test_an_app_that_crashes_in_the_middle_stops_the_run_with_what_was_tried() -> None:
    phone = Phone()
    phone.at_read[5] = lambda: phone.phone.faults.crash(MESSAGES)
    result = phone.run(text(), ASKED)
    assert phone.sent() == []
    assert result.outcome == "stopped" and result.divergence is not None
    assert any("keeps stopping" in tried for tried in result.divergence.tried)
    assert kinds(result).count("reopen") == 1


def test_an_app_that_hangs_is_given_time_and_not_ended() -> None:
    phone = Phone()
    phone.at_read[4] = lambda: phone.phone.faults.not_responding(MESSAGES)
    result = phone.run(text(), ASKED)
    assert result.outcome == "done" and kinds(result) == ["not_responding"]


def test_a_dialog_that_keeps_coming_back_ends_the_run() -> None:
    phone = Phone()
    phone.at_read[4] = lambda: phone.phone.faults.popup(MESSAGES)
    phone.after_act = lambda action: phone.phone.faults.popup(MESSAGES) if len(phone.done) > 2 else None
    result = phone.run(text(), ASKED)
    assert result.outcome == "stopped" and "keeps coming back" in result.says
    assert kinds(result).count("popup") == Limits().detours


def test_a_call_is_waited_for_and_never_answered() -> None:
    phone = Phone()
    phone.at_read[4] = lambda: phone.phone.faults.incoming_call(for_s=20.0)
    result = phone.run(text(), ASKED)
    assert result.outcome == "done" and kinds(result) == [] and result.duration_s > 19.0


def test_a_call_that_does_not_end_is_the_owners() -> None:
    phone = Phone()
    phone.at_read[4] = lambda: phone.phone.faults.incoming_call(for_s=600.0)
    result = phone.run(text(), ASKED)
    assert result.outcome == "asked" and "call" in result.says and phone.sent() == []


def test_a_screen_that_goes_off_is_woken_and_unlocked() -> None:
    phone = Phone()
    phone.at_read[4] = phone.phone.faults.screen_off
    result = phone.run(text(), ASKED)
    assert result.outcome == "done" and kinds(result) == ["wake", "unlock"]
    assert any(isinstance(action, Swipe) for action in phone.done)


def test_a_pin_is_never_guessed() -> None:
    phone = Phone()
    phone.at_read[4] = lambda: phone.phone.faults.pin_lock("1234")
    result = phone.run(text(), ASKED)
    assert result.outcome == "asked" and "PIN" in result.says and phone.sent() == []


def test_a_phone_locked_with_a_pin_asks_before_anything_is_done() -> None:
    phone = Phone()
    phone.phone.faults.pin_lock("1234")
    result = phone.run(text(), ASKED)
    assert result.outcome == "asked" and phone.done == []


def test_a_window_that_hides_itself_is_asked_about() -> None:
    phone = Phone()
    phone.at_read[4] = lambda: phone.phone.faults.secure(True)
    result = phone.run(text(), ASKED)
    assert result.outcome == "asked" and phone.sent() == []


def test_an_open_shade_is_closed_with_back() -> None:
    phone = Phone()
    phone.at_read[4] = phone.phone.windows.open_shade
    result = phone.run(text(), ASKED)
    assert result.outcome == "done" and kinds(result) == ["shade"]
    assert PressKey("back") in phone.done


def test_an_app_that_resumes_on_another_page_is_taken_back_to_the_start() -> None:
    phone = Phone()
    phone.phone.windows.start(MESSAGES)
    phone.phone.windows.start(MESSAGES, THREAD, address=OLIVER)
    phone.phone.windows.home()
    result = phone.run(text(), ASKED)
    assert result.outcome == "done" and kinds(result) == ["back"]
    assert phone.sent() == [(ALICE, ASKED["message"])]


def test_something_half_written_is_not_left() -> None:
    phone = Phone()
    phone.phone.windows.start(CONTACTS)
    phone.phone.windows.start(CONTACTS, ".activities.ContactEditorActivity")
    Demonstration(phone, clock=phone.clock).type("Name", "Half a name")
    phone.phone.windows.home()
    recipe = Phone().show("people", {}, lambda hand: hand.open(CONTACTS))
    result = phone.run(recipe)
    assert result.outcome == "stopped" and PressKey("back") not in phone.done
    assert "save or discard it" in result.says


def test_a_slow_phone_is_waited_for_and_nothing_is_done_twice() -> None:
    phone = Phone()
    phone.phone.faults.slow(1.0)
    result = phone.run(text(), ASKED)
    assert result.outcome == "done" and phone.sent() == [(ALICE, ASKED["message"])]
    assert result.acts == 6


def test_an_update_that_moved_and_renamed_everything_does_not_change_what_is_done() -> None:
    phone = Phone()
    phone.phone.faults.drift(Drift(rename_ids=True, move=True, reorder_lists=True, lookalike=True, seed=3))
    result = phone.run(text(), ASKED)
    assert phone.sent() in ([], [(ALICE, ASKED["message"])])
    assert (result.outcome == "done") == bool(phone.sent())


def test_another_screen_size_does_not_matter() -> None:
    phone = Phone(size=Size(720, 1280), density_dpi=320)
    assert phone.run(text(), ASKED).outcome == "done"
    assert phone.sent() == [(ALICE, ASKED["message"])]
