"""What the recorder makes of a lesson on the virtual phone, touched by a finger."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import ClassVar

import pytest

from device.actions import OpenApp, PressKey
from device.clock import ManualClock
from device.virtual.app import App, Page
from device.virtual.apps.launcher import LauncherApp
from device.virtual.phone import VirtualPhone
from device.virtual.window.layout import FixedMeasure
from device.virtual.window.view import View, button, column, edit, heading, text
from replay.checks import Says
from replay.distill import Held, Scrolled, Tapped, Typed, distill, says_of
from replay.recorder import MOVING, UNSEEN, Snapshot
from replay.recorder_tidy import tidy
from tests.replay.lesson import Lesson, new_phone


@pytest.fixture
def lesson() -> Iterator[Lesson]:
    clock = ManualClock()
    yield Lesson(new_phone(clock), clock)


def said(lesson: Lesson) -> list[str]:
    return [says_of(one) for one in lesson.steps()]


def test_a_whole_task_is_recorded_step_by_step(lesson: Lesson):
    lesson.tap("Messages").tap("Start chat").tap("Bob").tap("Text message").type("See you at 8!").tap("Send SMS")

    assert said(lesson) == [
        "Open Messages",
        "Tap 'Start chat'",
        "Tap 'Bob'",
        "Type 'See you at 8!' into 'Text message'",
        "Tap 'Send SMS'",
    ]


def test_each_step_stands_between_the_screens_around_it(lesson: Lesson):
    steps = lesson.tap("Messages").tap("Start chat").tap("Bob").steps()

    assert [one.before.package for one in steps] == [
        "com.android.launcher3", "com.android.messaging", "com.android.messaging"
    ]  # fmt: skip
    assert all(one.after is next_.before for one, next_ in pairwise(steps))
    assert all(one.did.element is one.before.elements[one.did.element.index] for one in steps[1:])


def test_the_way_to_the_icon_and_home_at_the_end_are_no_steps(lesson: Lesson):
    lesson.tap("Settings").tap("Home").swipe(540, 1600, 540, 700).tap("Messages").tap("Home")

    assert [one.did for one in lesson.steps()][-1] == OpenApp("com.android.messaging")


def test_the_row_is_remembered_and_not_the_label_in_it(lesson: Lesson):
    lesson.tap("Messages").tap("Start chat").tap("Bob")
    touched = lesson.steps()[-1].did

    assert isinstance(touched, Tapped) and touched.element.clickable and not touched.element.text


def test_the_systems_buttons_are_keys(lesson: Lesson):
    lesson.tap("Messages").tap("Start chat").tap("Back")

    assert lesson.steps()[-1].did == PressKey("back")


def test_back_that_only_closes_the_keyboard_is_no_step(lesson: Lesson):
    lesson.tap("Messages").tap("Start chat").tap("Bob").tap("Text message").type("hi").tap("Back").tap("Send SMS")

    assert said(lesson)[-2:] == ["Type 'hi' into 'Text message'", "Tap 'Send SMS'"]


def test_scrolling_to_something_tapped_is_left_to_the_replay(lesson: Lesson):
    lesson.tap("Messages").tap("Start chat").scroll_to("王伟").tap("王伟")

    recorded = lesson.end()
    assert any(isinstance(one.did, Scrolled) for one in recorded.done)
    assert not any(isinstance(one.did, Scrolled) for one in tidy(recorded.done))
    assert says_of(tidy(recorded.done)[-1]) == "Tap '王伟'"


def test_scrolling_that_led_to_nothing_stays(lesson: Lesson):
    lesson.tap("Messages").tap("Start chat").swipe(540, 1700, 540, 800)

    assert lesson.steps()[-1].did.direction == "down"


def test_a_swipe_that_moves_nothing_is_nothing(lesson: Lesson):
    lesson.tap("Messages").swipe(300, 1800, 700, 1800)

    assert said(lesson) == ["Open Messages"]


def test_a_long_press_is_held_as_long(lesson: Lesson):
    lesson.tap("Messages").hold("Alice")
    held = lesson.steps()[-1].did

    assert isinstance(held, Held) and held.duration_s == pytest.approx(0.8)


def test_a_row_with_a_switch_in_it_is_the_switch(lesson: Lesson):
    lesson.tap("Settings").tap("Network & internet").tap("Airplane mode")
    switched = lesson.steps()[-1]

    assert isinstance(switched.did, Tapped) and switched.did.element.checkable
    assert says_of(switched) == "Switch 'Airplane mode' on"


def test_typing_twice_into_a_field_is_one_text(lesson: Lesson):
    lesson.tap("Messages").tap("Start chat").tap("Bob").tap("Text message").type("see ").type("you")

    assert [says_of(one) for one in lesson.steps()][-1] == "Type 'see you' into 'Text message'"


def test_a_new_line_belongs_to_the_text(lesson: Lesson):
    lesson.tap("Messages").tap("Start chat").tap("Bob").tap("Text message")
    lesson.keys("one")
    lesson.enter()
    lesson.keys("two")
    lesson.look()

    assert [one.did.text for one in lesson.steps() if isinstance(one.did, Typed)] == ["one\ntwo"]


def test_text_that_no_key_was_seen_of_is_typed_all_the_same(lesson: Lesson):
    lesson.tap("Messages").tap("Start chat").tap("Bob").tap("Text message")
    lesson.phone.windows.type_text("spoken aloud")
    lesson.look()
    lesson.tap("Send SMS")

    assert said(lesson)[-2:] == ["Type 'spoken aloud' into 'Text message'", "Tap 'Send SMS'"]


def test_a_touch_before_the_screen_was_seen_again_is_unclear_and_not_guessed(lesson: Lesson):
    lesson.tap("Messages")
    lesson.tap_unseen("Start chat")
    lesson.clock.advance(0.5)
    lesson.tap_unseen("Alice")
    lesson.look()

    recording = lesson.end()
    assert [(one.what, one.why) for one in recording.unclear] == [("tap", UNSEEN)]
    assert "Alice" not in str([says_of(one) for one in recording.done])


def test_a_touch_on_a_screen_in_motion_is_unclear(lesson: Lesson):
    lesson.tap("Messages").tap("Start chat")
    lesson.phone.windows.key("back")  # by somebody else
    lesson.look(times=1)
    lesson.tap_unseen("Alice")
    lesson.look()

    assert [one.why for one in lesson.end().unclear] == [MOVING]


def test_a_reading_that_overlaps_a_touch_proves_nothing(lesson: Lesson):
    lesson.tap("Messages")
    before = lesson.screen()
    at = before.point_on(lesson.find("Start chat"))
    assert at is not None
    lesson.phone.windows.key("home")  # a page that nobody saw at rest
    passing, begun_s = lesson.screen(), lesson.clock.monotonic_s()
    lesson.recorder.saw(Snapshot(passing, begun_s, begun_s + 5.0))
    lesson.phone.windows.start("com.android.messaging")
    lesson.clock.advance(0.3)
    lesson.touch(at.x_px, at.y_px)
    lesson.look()

    assert said(lesson) == ["Open Messages", "Tap 'Start chat'"]


def test_an_old_look_is_no_look(lesson: Lesson):
    lesson.tap("Messages")
    lesson.clock.advance(30)
    lesson.tap("Start chat")

    assert [one.what for one in lesson.end().unclear] == ["tap"]


def test_keys_before_the_keyboard_was_seen_are_unclear_and_tell_no_place(lesson: Lesson):
    lesson.tap("Messages").tap("Start chat").tap("Bob")
    lesson.tap_unseen("Text message")
    lesson.clock.advance(0.4)
    lesson.keys("x")
    lesson.look()

    assert [(one.what, one.place) for one in lesson.end().unclear] == [("tap", None)]


def test_two_quick_taps_on_one_thing_are_a_double_tap(lesson: Lesson):
    lesson.tap("Messages").tap("Start chat")
    point = lesson.screen().point_on(lesson.find("Bob"))
    assert point is not None
    for _ in range(2):
        lesson.touch(point.x_px, point.y_px)
        lesson.clock.advance(0.1)
    lesson.look()

    last = lesson.steps()[-1].did
    assert isinstance(last, Tapped) and last.times == 2


def test_the_app_behind_a_permission_request_is_the_one_that_was_opened(lesson: Lesson):
    lesson.tap_unseen("Messages")
    lesson.clock.advance(0.5)
    lesson.phone.faults.permission_dialog("android.permission.READ_SMS", "com.android.messaging")
    lesson.look()
    lesson.tap("Allow").tap("Start chat")

    steps = lesson.steps()
    assert [says_of(one) for one in steps] == ["Open Messages", "Tap 'Allow'", "Tap 'Start chat'"]
    assert steps[0].did == OpenApp("com.android.messaging")


def test_the_trouble_of_another_app_is_no_step(lesson: Lesson):
    lesson.tap("Messages")
    lesson.phone.faults.crash("com.android.deskclock")
    lesson.look()
    lesson.tap("Close app").tap("Start chat")

    recording = lesson.end()
    assert [says_of(one) for one in tidy(recording.done)] == ["Open Messages", "Tap 'Start chat'"]
    assert len(recording.notes) == 1


def test_the_teacher_hears_of_a_step_as_soon_as_its_effect_is_seen(lesson: Lesson):
    lesson.tap("Messages")

    assert [(notice.kind, notice.says) for notice in lesson.noticed] == [("seen", "Open Messages")]


@pytest.mark.parametrize("locale", ["de", "zh"])
def test_other_languages_are_recorded_alike(locale: str):
    clock = ManualClock()
    lesson = Lesson(new_phone(clock, locale=locale), clock)
    lesson.tap({"de": "Kontakte", "zh": "通讯录"}[locale]).tap("Alice")

    steps = lesson.steps()
    assert [type(one.did) for one in steps] == [OpenApp, Tapped]


class SignIn(Page):
    def created(self) -> None:
        self.password = ""
        self.shown = False

    def view(self) -> View:
        return column(
            heading("Sign in"),
            edit(self.password, self.typed, id="pin_field", hint="PIN", input="text" if self.shown else "password"),
            button("Show", self.show),
            button("Go on", lambda: self.host.toast("wrong")),
            width="fill",
            height="fill",
        )

    def typed(self, text: str) -> None:
        self.password = text

    def show(self) -> None:
        self.shown = True


class Bank(App):
    package = "com.example.bank"
    pages: ClassVar = {".MainActivity": SignIn}
    strings: ClassVar = {"en": {"app_name": "Bank"}}


class Chat(Page):
    """Enter sends what was typed; with "search" it leads to another page, as a search does."""

    def created(self) -> None:
        self.words = ""
        self.sent: list[str] = []
        self.found = False

    def view(self) -> View:
        if self.found:
            return column(heading("Results"), *(button(f"Result {number}", print) for number in range(8)))
        field = edit(self.words, self.typed, id="words", hint="Say something", on_enter=self.enter)
        return column(heading("Chat"), field, *(text(one, id="line") for one in self.sent), width="fill", height="fill")

    def typed(self, words: str) -> None:
        self.words = words

    def enter(self) -> None:
        if self.words == "search":
            self.found = True
        elif self.words != "nothing":
            self.sent.append(self.words)
            self.words = ""


class ChatApp(App):
    package = "com.example.chat"
    pages: ClassVar = {".MainActivity": Chat}
    strings: ClassVar = {"en": {"app_name": "Chat"}}


@pytest.fixture
def chat() -> Lesson:
    clock = ManualClock()
    phone = VirtualPhone(clock=clock, measure=FixedMeasure(), apps=[LauncherApp, ChatApp])
    assert phone.windows.start("com.example.chat")
    return Lesson(phone, clock)


@pytest.mark.parametrize("words", ["hello", "search"], ids=["the field is emptied", "another page comes"])
def test_the_enter_key_is_a_step_of_its_own_where_it_does_something(chat: Lesson, words: str):
    chat.tap("Say something").type(words)
    chat.enter()
    chat.look()

    steps = chat.steps()
    assert [says_of(one) for one in steps] == [f"Type '{words}' into 'Say something'", "Press enter"]
    assert words in [one.text for one in steps[1].before.elements]


def test_enter_that_sends_a_text_off_is_irreversible(chat: Lesson):
    chat.tap("Say something").type("hello")
    chat.enter()
    chat.look()
    recipe = distill(chat.steps(), recipe_id="x", name="x", task="x", values={"words": "hello"})

    assert recipe.steps[1].for_good
    assert Says("{words}", "line", whole=True) in recipe.steps[1].after


def test_enter_that_does_nothing_is_no_step(chat: Lesson):
    chat.tap("Say something").type("nothing")
    chat.enter()
    chat.look()

    assert said(chat) == ["Type 'nothing' into 'Say something'"]


@pytest.mark.parametrize("words", ["hello", "search"], ids=["the field is emptied", "another page comes"])
def test_enter_before_the_text_was_seen_is_unclear(chat: Lesson, words: str):
    chat.tap("Say something")
    chat.keys(words)
    chat.enter()
    chat.look()

    recording = chat.end()
    assert [one.what for one in recording.unclear] == ["typing"]
    assert not any(isinstance(one.did, Typed) for one in recording.done)


def test_a_line_sent_in_the_middle_of_quick_typing_is_unclear(chat: Lesson):
    chat.tap("Say something")
    chat.keys("one")
    chat.enter()
    chat.keys("two")
    chat.look()

    assert [one.what for one in chat.end().unclear] == ["typing"]


@pytest.fixture
def bank() -> Lesson:
    clock = ManualClock()
    phone = VirtualPhone(clock=clock, measure=FixedMeasure(), apps=[LauncherApp, Bank])
    assert phone.windows.start("com.example.bank")
    return Lesson(phone, clock)


def test_a_password_becomes_a_reference_and_stands_on_no_screen(bank: Lesson):
    bank.tap("PIN").type("hunter2").tap("Show").tap("Go on")

    steps = bank.steps()
    typed = [one.did.text for one in steps if isinstance(one.did, Typed)]
    assert typed == ["secret://bank-pin"]
    assert says_of(steps[0]) == "Type the secret bank-pin into 'PIN'"
    assert bank.screen().package == "com.example.bank" and "hunter2" in str(bank.screen().source)  # it was there to see
    assert not any("hunter2" in str(screen.source) for one in steps for screen in (one.before, one.after))


def test_a_password_typed_too_soon_leaves_no_trace_of_its_keys(bank: Lesson):
    bank.tap_unseen("PIN")
    bank.clock.advance(0.4)
    bank.keys("hunter")
    bank.look()

    unclear = bank.end().unclear
    assert unclear and all(one.place is None for one in unclear)


def test_a_gesture_counts_as_taken_in_only_when_what_was_seen_before_it_no_longer_does(lesson: Lesson):
    """Who waits in another thread for the gesture would go on by the screen of before it."""
    counted: list[int] = []
    lesson.recorder.on_done = lambda done: counted.append(lesson.recorder.deeds)

    lesson.tap("Messages").tap_unseen("Start chat")

    assert counted == [1] and lesson.recorder.deeds == 2 and not lesson.recorder.ready
