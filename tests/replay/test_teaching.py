"""A lesson with its threads: touches of the phone or of the viewer's page, the journal, and the end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from device.actions import InputText, Point, PressKey, Size, Tap
from device.clock import SystemClock
from device.errors import ActionRefused, DeviceGone
from device.fake import FakeDevice, FakeScreen, node, tree
from device.protocol import Touch
from device.virtual.direct import DirectDevice
from device.virtual.phone import VirtualPhone
from device.virtual.viewer import Viewed
from device.virtual.window.gestures import Contact
from device.virtual.window.layout import FixedMeasure
from perception.screen import Screen
from perception.words import normal
from replay.distill import distill, says_of
from replay.gestures import TextEntered
from replay.lesson_trace import Journal, write_lesson
from replay.recorder import Noticed
from replay.teaching import Lesson, Teaching
from replay.teaching_view import DeviceView
from replay.trace import Header
from replay.trace_reader import read_trace
from replay.trace_writer import TraceWriter
from tests.adbserver import wait_until

HEADER = Header(trace_id="t", name="text", task="", source="teach", device={}, started_at="2026-03-02T09:30:00+00:00")


class WatchedDevice(DirectDevice):
    """A phone in this process that tells its hardware touches, as `getevent` does."""

    def __init__(self, phone: VirtualPhone) -> None:
        super().__init__(phone)
        self.phone = phone

    def touches(self, *, stop_after_s: float, stop: threading.Event | None = None) -> Iterator[Touch]:
        stop = stop or threading.Event()
        felt: list[Contact] = []
        came = threading.Condition()

        def follow(contact: Contact) -> None:
            with came:
                felt.append(contact)
                came.notify()

        unsubscribe = self.phone.touches.subscribe(follow)
        try:
            while not stop.is_set():
                with came:
                    came.wait(0.05)
                    now, felt[:] = list(felt), []
                for contact in now:
                    yield Touch(contact.phase, int(contact.x_px), int(contact.y_px), contact.at_s)
        finally:
            unsubscribe()


@pytest.fixture
def phone() -> VirtualPhone:
    return VirtualPhone(clock=SystemClock(), measure=FixedMeasure())


@contextmanager
def taught(teaching: Teaching) -> Iterator[Callable[[], Lesson]]:
    """The lesson in a thread of its own; what is given ends it and waits."""
    ended: list[Lesson | BaseException] = []

    def run() -> None:
        try:
            ended.append(teaching.run())
        except DeviceGone as error:
            ended.append(error)

    thread = threading.Thread(target=run)
    thread.start()

    def end() -> Lesson:
        teaching.stop.set()
        thread.join(20)
        if isinstance(ended[0], BaseException):
            raise ended[0]
        return ended[0]

    try:
        yield end
    finally:
        teaching.stop.set()
        thread.join(20)


def place(device: DirectDevice, says: str) -> Point:
    screen = Screen.of(device.read())
    found = [one for one in screen.visible_elements() if normal(says) in (normal(one.text), normal(one.description))]
    point = screen.point_on(found[0])
    assert point is not None
    return point


def test_the_phones_own_touches_are_followed(phone: VirtualPhone):
    device = WatchedDevice(phone)
    heard: list[Noticed] = []
    teaching = Teaching(device, on_notice=heard.append)
    with taught(teaching) as end:
        assert teaching.wait_until_seen(0)
        for number, says in enumerate(("Messages", "Start chat"), 1):
            at = place(device, says)
            phone.windows.pointer("down", at.x_px, at.y_px, hardware=True)
            phone.windows.pointer("up", at.x_px, at.y_px, hardware=True)
            assert teaching.wait_until_seen(number)
        lesson = end()

    assert [says_of(one) for one in lesson.steps] == ["Open Messages", "Tap 'Start chat'"]
    assert lesson.watched and lesson.recording.unclear == ()
    assert "Open Messages" in [notice.says for notice in heard]


def test_what_a_program_does_is_not_taken_for_the_teachers_hand(phone: VirtualPhone):
    device = WatchedDevice(phone)
    teaching = Teaching(device)
    with taught(teaching) as end:
        assert teaching.wait_until_seen(0)
        device.perform(Tap(place(device, "Messages")))
        lesson = end()

    assert lesson.steps == ()


def test_where_the_phone_does_not_tell_its_touches_the_page_teaches(phone: VirtualPhone):
    device = DirectDevice(phone)  # refuses to tell
    heard: list[Noticed] = []
    teaching = Teaching(device, on_notice=heard.append)
    view = DeviceView(device, teaching.give, one_at_a_time=teaching.one_at_a_time)
    with taught(teaching) as end:
        assert teaching.wait_until_seen(0)
        steps = ["Messages", "Start chat", "Bob", "Text message"]
        for number, says in enumerate(steps, 1):
            at = place(device, says)
            view.touch("down", at.x_px, at.y_px)
            view.touch("up", at.x_px, at.y_px)
            assert teaching.wait_until_seen(number)
        assert view.type("hello")
        assert teaching.wait_until_seen(len(steps) + 1)
        assert view.key("home")
        lesson = end()

    assert [says_of(one) for one in lesson.steps][-2:] == ["Tap 'Bob'", "Type 'hello' into 'Text message'"]
    assert not lesson.watched
    assert any(notice.kind == "note" and "--view" in notice.says for notice in heard)


def test_a_lost_phone_ends_the_lesson_with_its_error(phone: VirtualPhone):
    device = WatchedDevice(phone)
    teaching = Teaching(device)
    with taught(teaching) as end:
        assert teaching.wait_until_seen(0)
        device.close()
        with pytest.raises(DeviceGone):
            end()


def _noted(folder: Path) -> list[str]:
    return [event.says for event in read_trace(folder).events if event.kind == "note" and event.topic == "taught"]


def test_a_lesson_is_journalled_as_it_goes_and_written_whole_at_the_end(phone: VirtualPhone, tmp_path: Path):
    device = WatchedDevice(phone)
    clock = SystemClock()
    with TraceWriter(tmp_path / "live", HEADER) as writer:
        teaching = Teaching(device, clock, journal=Journal(writer, device.serial, clock))
        with taught(teaching) as end:
            assert teaching.wait_until_seen(0)
            for number, says in enumerate(("Messages", "Start chat"), 1):
                at = place(device, says)
                phone.windows.pointer("down", at.x_px, at.y_px, hardware=True)
                phone.windows.pointer("up", at.x_px, at.y_px, hardware=True)
                assert teaching.wait_until_seen(number)
            noted = wait_until(lambda: _noted(tmp_path / "live") or None)  # what a crash would leave now
            assert noted == ["Open Messages", "Tap 'Start chat'"][: len(noted)]
            lesson = end()
    recipe = distill(lesson.steps, recipe_id="x", name="x", task="x", values={})
    write_lesson(tmp_path / "trace", HEADER, recipe, lesson.steps, serial="s", clock=clock)

    trace = read_trace(tmp_path / "trace")
    assert trace.complete and [step.index for step in trace.steps()] == [0, 1]
    assert {step.level for step in trace.steps()} == {"taught"}
    first, second = trace.steps()
    assert first.after == second.before and first.action == {
        "action": "open_app",
        "package": "com.android.messaging",
        "activity": None,
    }


# -- the page over any device


FIELD = node("", class_="android.widget.EditText", bounds=(0, 500, 1080, 700), focused="true")


def fake_view() -> tuple[FakeDevice, DeviceView, list[object]]:
    device = FakeDevice({"one": FakeScreen(tree(node("Hello", bounds=(0, 0, 200, 200)), FIELD))})
    deeds: list[object] = []
    return device, DeviceView(device, deeds.append, clock=device.clock), deeds


def test_any_device_can_be_viewed():
    _, view, _ = fake_view()

    assert isinstance(view, Viewed)
    assert view.look().jpeg.startswith(b"\xff\xd8")


def test_a_touch_of_the_page_is_done_when_the_finger_leaves():
    device, view, deeds = fake_view()
    size = Size(1, 1)
    assert view.look().size == size  # the fake's picture is one pixel
    device, view, deeds = fake_view()

    view.touch("down", 100, 100)
    assert device.actions == [] and deeds == []
    view.touch("up", 100, 100)
    assert device.actions == [Tap(Point(100, 100, device.size))] and len(deeds) == 1


def test_what_is_typed_on_the_page_goes_into_the_field_and_is_told_without_its_words():
    device, view, deeds = fake_view()

    assert view.type("hi") and device.actions == [InputText("hi")]
    assert [type(deed) for deed in deeds] == [TextEntered]


def test_typing_without_a_field_and_unknown_keys_are_told():
    device = FakeDevice({"one": FakeScreen(tree(node("Hello")))})
    view = DeviceView(device, print, clock=device.clock)

    assert not view.type("hi")
    assert not view.key("warp")


@pytest.mark.parametrize(("name", "key"), [("del", "delete"), ("dpad_left", "left"), ("enter", "enter")])
def test_keys_go_by_the_names_the_page_has_for_them(name: str, key: str):
    device, view, deeds = fake_view()

    assert view.key(name)
    assert [action.key for action in device.actions if isinstance(action, PressKey)] == [key] and len(deeds) == 1


def test_a_letter_taken_back_on_the_page_is_part_of_the_typing(phone: VirtualPhone):
    device = DirectDevice(phone)
    teaching = Teaching(device)
    view = DeviceView(device, teaching.give, one_at_a_time=teaching.one_at_a_time)
    with taught(teaching) as end:
        assert teaching.wait_until_seen(0)
        for number, says in enumerate(("Messages", "Start chat", "Bob", "Text message"), 1):
            at = place(device, says)
            view.touch("down", at.x_px, at.y_px)
            view.touch("up", at.x_px, at.y_px)
            assert teaching.wait_until_seen(number)
        for deed in (lambda: view.type("helloo"), lambda: view.key("del")):
            assert deed()
        assert teaching.wait_until_seen(6)
        lesson = end()

    assert [says_of(one) for one in lesson.steps][-1] == "Type 'hello' into 'Text message'"


def test_a_refused_touch_is_no_deed():
    device, view, deeds = fake_view()
    device.fail_next("perform", ActionRefused("no"))
    view.touch("down", 100, 100)

    with pytest.raises(ActionRefused):
        view.touch("up", 100, 100)
    assert deeds == []
