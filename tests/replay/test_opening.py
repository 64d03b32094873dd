"""A lesson begun inside an app: with a step that opens it where that leads there, and with plain words where not."""

from __future__ import annotations

import pytest

from device.actions import OpenApp, PressKey
from device.clock import ManualClock
from device.errors import DeviceGone
from device.fake import FakeDevice, FakeScreen, node, tree
from device.virtual.direct import DirectDevice
from device.virtual.phone import VirtualPhone
from perception.screen import Screen
from replay.checks import AppIs, PageIs
from replay.distill import Done, distill, says_of
from replay.opening import NEXT_STEP, begins_inside, starts_on, with_opening
from replay.runner import Runner
from tests.replay.bench import MESSAGES, Owner
from tests.replay.lesson import Lesson, new_phone


def in_messages(*, further: bool = False) -> Lesson:
    """A lesson that begins inside the messages: on its first page, or on the one for a new chat."""
    clock = ManualClock()
    phone = new_phone(clock)
    assert phone.windows.start(MESSAGES)
    before = Lesson(phone, clock)
    if further:
        before.tap("Start chat")
    before.end()
    return Lesson(phone, clock)


def shown(lesson: Lesson) -> tuple[tuple[Done, ...], str]:
    return with_opening(lesson.steps(), starts_on(lesson.device))


def replayed(steps: tuple[Done, ...], phone: VirtualPhone) -> tuple[str, str]:
    recipe = distill(steps, recipe_id="x", name="x", task="x", values={})
    result = Runner(DirectDevice(phone), Owner(), clock=phone.clock).run(recipe, {})
    return result.outcome, result.says


def test_a_lesson_begun_on_an_apps_first_page_opens_it():
    steps, note = shown(in_messages().tap("Start chat").tap("Bob"))

    assert ([says_of(one) for one in steps], note) == ([f"Open {MESSAGES}", "Tap 'Start chat'", "Tap 'Bob'"], "")
    first = distill(steps, recipe_id="x", name="x", task="x", values={}).steps[0]
    assert first.move == OpenApp(MESSAGES)
    assert [type(check) for check in first.after] == [AppIs, PageIs]


def test_it_replays_from_the_home_screen_and_from_deep_inside_the_app():
    lesson = in_messages().tap("Start chat").tap("Bob")
    raw = lesson.recorder.finish().done
    steps, _ = with_opening(raw, starts_on(lesson.device))

    assert replayed(steps, new_phone(ManualClock()))[0] == "done"
    deep = in_messages(further=True)
    assert replayed(steps, deep.phone)[0] == "done"
    without, says = replayed(raw, new_phone(ManualClock()))
    assert without == "stopped", f"the opening step is what makes the difference: {says}"


def test_a_lesson_begun_further_inside_says_that_a_replay_needs_that_page():
    steps, note = shown(in_messages(further=True).tap("Bob"))

    assert [says_of(one) for one in steps] == ["Tap 'Bob'"]
    assert MESSAGES in note and "does not open it" in note and note.endswith(NEXT_STEP)


def test_a_lesson_begun_inside_that_goes_home_first_opens_its_app_by_its_icon():
    steps, note = shown(in_messages(further=True).tap("Home").tap("Settings").tap("Display"))

    assert note == "" and steps[0].did == OpenApp("com.android.settings")


@pytest.mark.parametrize(
    ("further", "says"), [(False, "where its icon leads: a replay will open it first"), (True, "from the home screen")]
)
def test_the_teacher_is_told_before_anything_is_shown(further: bool, says: str):
    lesson = in_messages(further=further)

    assert says in begins_inside(lesson.screen(), starts_on(lesson.device))


def test_on_the_home_screen_nothing_is_said():
    clock = ManualClock()
    lesson = Lesson(new_phone(clock), clock)

    assert begins_inside(lesson.screen(), starts_on(lesson.device)) == ""
    assert with_opening((), starts_on(lesson.device)) == ((), "")


def test_where_the_device_does_not_tell_it_is_not_guessed():
    device = FakeDevice({"one": FakeScreen(tree(node("Hello", bounds=(0, 0, 200, 200))))})
    screen = Screen.of(device.read())

    assert "not where its icon leads" in begins_inside(screen, starts_on(device))

    class Lost(DirectDevice):
        def start_activity(self, package: str) -> str:
            raise DeviceGone("gone", serial="x")

    lesson = in_messages()
    steps, note = with_opening(lesson.tap("Start chat").steps(), starts_on(Lost(lesson.phone)))
    assert len(steps) == 1 and note


def test_a_lesson_that_begins_with_a_key_that_leaves_is_left_as_it_is():
    lesson = in_messages()
    page = lesson.screen()
    steps = (Done(page, PressKey("home"), page),)

    assert with_opening(steps, starts_on(lesson.device)) == (steps, "")
