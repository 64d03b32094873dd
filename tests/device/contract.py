"""The contract of `device.protocol.Device` as one suite of tests, run over every back end.

A back end's test module makes a subclass of `DeviceContract` with a fixture `bench`: a `Bench` knows how to bring its
device into the situations the contract speaks of, and what really happened on it.
"""

from __future__ import annotations

from typing import Protocol, get_args

import pytest
from lxml import etree

from device.actions import (
    ACTION_NAMES,
    Action,
    Answer,
    DoubleTap,
    Finish,
    InputText,
    LongPress,
    OpenApp,
    Point,
    PressKey,
    Scroll,
    Size,
    Swipe,
    Tap,
    Wait,
)
from device.errors import (
    AppNotInstalled,
    EmptyHierarchy,
    NoTextField,
    ProtectedScreen,
    ReadAgain,
    ScreenLocked,
    StaleCoordinates,
)
from device.protocol import Device, LockState

SCRIPTS = {
    "ascii and shell": 'it\'s $HOME; "q" `id` \\n %s & | > 100%',
    "latin": "Café déjà vu, Straße",
    "chinese": "你好，世界",
    "arabic": "مرحبا بالعالم",
    "hindi": "नमस्ते",
    "emoji": "👍🏽 👩‍👩‍👧",
}


class Bench(Protocol):
    """One device and a hand on what is behind it."""

    device: Device
    app: str  # an installed package with a launcher entry

    def show_list(self) -> None:
        """A screen without a text field."""
        ...

    def show_field(self) -> None:
        """A screen with an empty text field of one line that has the focus."""
        ...

    def field_text(self) -> str: ...

    def entered(self) -> int:
        """How often the field's enter key was taken as "send"."""
        ...

    def touched(self) -> int:
        """How often a finger came down on the screen."""
        ...

    def turn(self, rotation: int) -> None: ...

    def switch(self, *, on: bool, lock: LockState = "unlocked") -> None:
        """The screen on or off, and what stands in front of it when it is on."""
        ...

    def show_secure(self) -> None:
        """A secure window: no picture, no elements."""
        ...

    def empty_next(self, times: int) -> None:
        """The next dumps of the tree are empty."""
        ...


def centre(size: Size) -> Point:
    return Point(size.width_px // 2, size.height_px // 2, size)


def one_of_each(size: Size) -> list[Action]:
    """An action of every kind; tests hold that none is missing."""
    middle = centre(size)
    low = Point(size.width_px // 2, size.height_px * 3 // 4, size)
    box = (Point(0, size.height_px // 4, size), low)
    return [
        Tap(middle), DoubleTap(middle), LongPress(middle, 0.6), Swipe(low, middle, 0.1), Scroll("down", *box),
        PressKey("home"), Wait(0.01), Answer("done"), Finish(),
    ]  # fmt: skip


class DeviceContract:
    def test_it_is_a_device(self, bench: Bench):
        assert isinstance(bench.device, Device)
        assert bench.device.info().serial == bench.device.serial

    def test_a_reading_carries_tree_size_app_and_time(self, bench: Bench):
        bench.show_list()

        reading = bench.device.read()

        assert etree.fromstring(reading.hierarchy.encode()).tag == "hierarchy"
        assert reading.serial == bench.device.serial
        assert reading.size.height_px > reading.size.width_px
        assert reading.foreground.package
        assert f'package="{reading.foreground.package}"' in reading.hierarchy
        assert reading.taken_at.utcoffset() is not None
        assert (reading.rotation, reading.screen_on, reading.lock) == (0, True, "unlocked")

    def test_a_turned_screen_is_read_with_its_size_turned(self, bench: Bench):
        bench.show_list()
        upright = bench.device.read().size

        bench.turn(1)
        turned = bench.device.read()

        assert (turned.rotation, turned.size) == (1, Size(upright.height_px, upright.width_px))

    def test_a_point_of_another_size_is_refused_and_nothing_is_sent(self, bench: Bench):
        bench.show_list()
        stale = centre(bench.device.read().size)
        bench.turn(1)

        for action in (Tap(stale), LongPress(stale), DoubleTap(stale), Swipe(stale, stale)):
            with pytest.raises(StaleCoordinates):
                bench.device.perform(action)

        assert bench.touched() == 0

    def test_a_point_read_after_the_turn_is_taken(self, bench: Bench):
        bench.show_list()
        bench.turn(1)

        bench.device.perform(Tap(centre(bench.device.read().size)))

        assert bench.touched() == 1

    def test_every_kind_of_action_is_accepted_and_says_when_it_was_done(self, bench: Bench):
        for action in one_of_each(bench.device.read().size):
            bench.show_list()
            done = bench.device.perform(action)

            assert done.action == action
            assert done.duration_s >= 0
            assert done.started_at.utcoffset() is not None

    def test_the_list_of_actions_here_is_whole(self):
        tried = {type(action) for action in one_of_each(Size(100, 200))} | {InputText, OpenApp}

        assert tried == set(ACTION_NAMES) == set(get_args(Action))

    def test_answering_and_finishing_touch_nothing(self, bench: Bench):
        bench.show_list()

        bench.device.perform(Answer("it is four"))
        bench.device.perform(Finish(success=True))

        assert bench.touched() == 0

    @pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS.keys())
    def test_text_of_any_script_is_typed_as_it_is(self, bench: Bench, text: str):
        bench.show_field()

        bench.device.perform(InputText(text))

        assert bench.field_text() == text

    def test_text_is_added_at_the_cursor_or_replaces_what_is_there(self, bench: Bench):
        bench.show_field()

        bench.device.perform(InputText("running "))
        bench.device.perform(InputText("late"))
        assert bench.field_text() == "running late"

        bench.device.perform(InputText("on time", replace=True))
        assert bench.field_text() == "on time"

        bench.device.perform(InputText("", replace=True))
        assert bench.field_text() == ""

    def test_a_line_break_in_the_text_never_sends(self, bench: Bench):
        bench.show_field()

        bench.device.perform(InputText("two\nlines\n"))

        assert bench.entered() == 0

    def test_text_without_a_focused_field_is_refused(self, bench: Bench):
        bench.show_list()

        with pytest.raises(NoTextField):
            bench.device.perform(InputText("lost"))

    def test_an_app_comes_to_the_front(self, bench: Bench):
        bench.show_list()
        bench.device.perform(PressKey("home"))

        bench.device.perform(OpenApp(bench.app))

        assert bench.device.read().foreground.package == bench.app

    def test_an_app_that_is_not_there_is_named(self, bench: Bench):
        with pytest.raises(AppNotInstalled, match=r"com\.example\.absent"):
            bench.device.perform(OpenApp("com.example.absent"))

    def test_a_screen_that_is_off_is_read_as_it_is(self, bench: Bench):
        bench.show_list()
        bench.switch(on=False)

        assert not bench.device.read().screen_on
        assert not bench.device.read().screen_on

    def test_awake_opens_a_swipe_lock_and_leaves_the_screen_as_it_was(self, bench: Bench):
        bench.show_list()
        bench.switch(on=False, lock="swipe")

        with bench.device.awake():
            inside = bench.device.read()
            assert (inside.screen_on, inside.lock) == (True, "unlocked")

        assert not bench.device.read().screen_on

    def test_awake_leaves_a_screen_that_was_on_on(self, bench: Bench):
        bench.show_list()

        with bench.device.awake():
            pass

        assert bench.device.read().screen_on

    def test_a_pin_is_never_guessed(self, bench: Bench):
        bench.switch(on=False, lock="secure")

        with pytest.raises(ScreenLocked), bench.device.awake():
            pytest.fail("a PIN lock was passed")

        assert not bench.device.read().screen_on

    def test_a_secure_window_is_protected(self, bench: Bench):
        bench.show_secure()

        with pytest.raises(ProtectedScreen):
            bench.device.read()
        with pytest.raises(ProtectedScreen):
            bench.device.picture()

    def test_an_empty_tree_that_stays_empty_says_so_and_the_next_reading_is_whole(self, bench: Bench):
        bench.show_list()
        bench.empty_next(3)

        with pytest.raises(EmptyHierarchy) as caught:
            bench.device.read()

        assert isinstance(caught.value, ReadAgain)
        assert "<node" in bench.device.read().hierarchy

    def test_a_picture_is_an_image(self, bench: Bench):
        bench.show_list()

        picture = bench.device.picture()

        start = {"image/png": b"\x89PNG", "image/jpeg": b"\xff\xd8"}[picture.media_type]
        assert picture.data.startswith(start)

    def test_restoring_and_closing_twice_is_no_harm(self, bench: Bench):
        bench.device.restore()
        bench.device.restore()
        bench.device.close()
        bench.device.close()
