"""What a reading says beside its tree, as the phone changes."""

from tests.adbserver import AdbServer, adb_server  # isort: skip  # before adbutils

from collections.abc import Callable

import pytest

from device.actions import InputText, LongPress, OpenApp, Point, PressKey, Scroll, Size, Tap, Wait
from device.clock import ManualClock
from device.protocol import Foreground
from device.virtual.phone import PhoneConfig
from tests.device.android.bench import APP, AndroidBench
from tests.device.contract import centre

__all__ = ["adb_server"]


def test_the_app_in_front_is_told_with_the_full_name_of_its_activity(bench: AndroidBench):
    assert bench.device.read().foreground == Foreground(APP, f"{APP}.List")


def test_the_notification_shade_in_front_is_the_systems(bench: AndroidBench):
    bench.phone.windows.open_shade()

    assert bench.device.read().foreground == Foreground("com.android.systemui", "")


def test_the_keyboard_is_seen_coming_and_going(bench: AndroidBench):
    assert not bench.device.read().keyboard_shown
    bench.show_field()
    assert bench.device.read().keyboard_shown


def test_a_lock_screen_that_shows_is_told_with_its_kind(bench: AndroidBench):
    bench.phone.windows.sleep()
    bench.phone.windows.wake()
    assert bench.device.read().lock == "swipe"

    bench.phone.faults.pin_lock("4711")
    assert bench.device.read().lock == "secure"


def test_a_phone_of_another_size_is_read_with_it(adb_server: AdbServer):
    bench = AndroidBench(adb_server, config=PhoneConfig(size=Size(720, 1600), density_dpi=280))
    try:
        bench.phone.windows.resize(Size(800, 1200))
        assert bench.device.read().size == Size(800, 1200)
    finally:
        bench.close()


def test_a_scroll_moves_the_list_by_about_its_share_and_the_list_stands_still_after(bench: AndroidBench):
    size = bench.device.read().size
    box = (Point(0, 400, size), Point(size.width_px - 1, 2199, size))

    before = _top(bench, "row12")
    bench.device.perform(Scroll("down", *box, share=0.25))

    assert before - _top(bench, "row12") == pytest.approx(450, abs=60)


def test_a_long_press_may_last_longer_than_the_limit_for_its_injection(bench: AndroidBench):
    size = bench.device.read().size

    assert bench.device.perform(LongPress(centre(size), 1.2), timeout_s=1.0).duration_s >= 1.2


def test_an_app_opened_again_comes_back_as_it_was_left(bench: AndroidBench):
    bench.device.perform(OpenApp(APP, ".Field"))
    assert bench.device.read().foreground.activity == f"{APP}.Field"

    bench.device.perform(PressKey("home"))
    bench.device.perform(OpenApp(APP))

    assert bench.device.read().foreground == Foreground(APP, f"{APP}.Field")


def test_waiting_goes_by_the_devices_clock(adb_server: AdbServer):
    clock = ManualClock()
    bench = AndroidBench(adb_server, clock=clock)
    try:
        assert bench.device.perform(Wait(3600)).duration_s == 3600
        assert bench.device.read().taken_at == clock.now()
    finally:
        bench.close()


def test_looking_and_acting_cost_few_connections(bench: AndroidBench):
    wire = bench.device._session.wire
    size = bench.device.read().size

    def opened_by(do: Callable[[], object]) -> int:
        before = wire.opened
        do()
        return wire.opened - before

    assert opened_by(bench.device.read) == 2  # the tree, and all else in one shell command
    assert opened_by(lambda: bench.device.perform(Tap(centre(size)))) == 2  # the size, and the tap
    assert opened_by(lambda: bench.device.perform(PressKey("volume_up"))) == 1

    bench.show_field()
    bench.device.perform(InputText("first"))
    assert opened_by(lambda: bench.device.perform(InputText("again", replace=True))) == 2  # the focus, and the text


def _top(bench: AndroidBench, view_id: str) -> int:
    windows = bench.phone.windows.frame().windows
    return next(box.bounds.top for window in windows for box in window.root.walk() if box.view.id == view_id)
