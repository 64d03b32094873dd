from __future__ import annotations

import pytest

from device.virtual.window.hierarchy import nodes
from tests.device.virtual.window.kit import HOME, SHOP, Bench

UP = ((540, 2000), (540, 600))


def test_a_phone_begins_awake_and_unlocked(bench: Bench) -> None:
    assert bench.windows.screen_on
    assert bench.windows.lock_state == "unlocked"
    assert bench.windows.frame().screen_on


def test_sleep_turns_the_screen_off_and_shows_nothing_of_the_apps(bench: Bench) -> None:
    bench.page()

    bench.windows.key("power")
    frame = bench.windows.frame()

    assert not frame.screen_on
    assert {window.kind for window in frame.windows} == {"lock", "status_bar"}
    assert {node.package for node in nodes(frame)} == {"com.android.systemui"}


def test_a_phone_that_slept_wakes_to_its_lock_screen_and_opens_by_a_swipe_up(bench: Bench) -> None:
    bench.page()
    bench.windows.sleep()

    assert bench.windows.wake()
    locked = bench.windows.lock_state
    bench.drag((540, 1200), (540, 2000))
    still = bench.windows.lock_state
    bench.drag(*UP, duration_s=0.3)

    assert (locked, still, bench.windows.lock_state) == ("swipe", "swipe", "unlocked")
    assert bench.windows.current()[0] == SHOP
    assert bench.window("app") is not None


def test_touches_and_keys_do_nothing_while_the_screen_is_off(bench: Bench) -> None:
    bench.windows.sleep()

    assert not bench.windows.pointer("down", 500, 500)
    assert bench.windows.key("home")
    assert not bench.windows.screen_on
    assert bench.windows.wake()


@pytest.mark.parametrize("key", ["power", "wakeup", "224"])
def test_power_and_wakeup_turn_it_on(bench: Bench, key: str) -> None:
    bench.windows.key("sleep")

    assert bench.windows.key_code(int(key)) if key.isdigit() else bench.windows.key(key)

    assert bench.windows.screen_on


def test_home_and_back_do_not_open_a_locked_phone(bench: Bench) -> None:
    bench.windows.sleep()
    bench.windows.wake()

    bench.windows.key("home")
    bench.windows.key("back")

    assert bench.windows.lock_state == "swipe"
    assert not bench.windows.open_shade()


def test_a_pin_stands_between_the_swipe_and_the_apps() -> None:
    bench = Bench(pin="2580")
    bench.windows.sleep()
    bench.windows.wake()

    bench.drag(*UP)
    locked = bench.windows.lock_state
    entry = bench.look("pinEntry")
    for digit in "2580":
        bench.tap(f"key{digit}")
    typed = bench.look("pinEntry").lines
    bench.tap("key_enter")

    assert locked == "secure"
    assert entry.view.input == "password" and entry.view.id == "com.android.systemui:id/pinEntry"
    assert typed == ("••••",)
    assert bench.windows.lock_state == "unlocked"
    assert bench.windows.current()[0] == HOME


def test_a_wrong_pin_is_said_to_be_wrong_and_stays_locked() -> None:
    bench = Bench(pin="2580")
    bench.windows.sleep()
    bench.windows.wake()
    bench.drag(*UP)

    bench.windows.type_text("1111")
    bench.windows.key("enter")

    assert bench.sees("Wrong PIN. Try again.")
    assert bench.windows.lock_state == "secure"
    assert bench.look("pinEntry").view.text == ""


def test_a_pin_can_be_typed_with_keys_and_shows_no_keyboard() -> None:
    bench = Bench(pin="12")
    bench.windows.sleep()
    bench.windows.wake()
    bench.drag(*UP)
    shown = bench.windows.keyboard_shown

    bench.windows.key("1")
    bench.windows.key("9")
    bench.tap("delete_button")
    bench.windows.key("2")
    bench.windows.key("enter")

    assert not shown
    assert bench.windows.lock_state == "unlocked"


def test_the_pin_pad_forgets_what_was_entered_when_the_screen_goes_off() -> None:
    bench = Bench(pin="12")
    bench.windows.sleep()
    bench.windows.wake()
    bench.drag(*UP)
    bench.windows.key("1")

    bench.windows.sleep()
    bench.windows.wake()
    back_at_clock = bench.sees("Swipe up to unlock")
    bench.drag(*UP)

    assert back_at_clock
    assert bench.look("pinEntry").view.text == ""


def test_a_pin_set_on_a_running_phone_locks_it_now(bench: Bench) -> None:
    bench.page()

    bench.windows.trouble.set_pin("99")

    states = [bench.windows.lock_state]
    bench.windows.trouble.set_pin(None)
    states.append(bench.windows.lock_state)

    assert bench.windows.screen_on
    assert states == ["secure", "swipe"]


def test_notifications_are_read_but_not_opened_on_the_lock_screen(bench: Bench) -> None:
    bench.windows.notify(SHOP, "Sale", "half price")
    bench.windows.sleep()
    bench.windows.wake()

    bench.tap("Sale")

    assert bench.sees("half price")
    assert bench.windows.lock_state == "swipe"
    assert len(bench.windows.notifications()) == 1


def test_the_lock_screen_speaks_the_phones_language() -> None:
    bench = Bench(locale="de", pin="1")
    bench.windows.sleep()
    bench.windows.wake()
    words = bench.words()
    bench.drag(*UP)

    assert "Zum Entsperren nach oben wischen" in words
    assert "Mo, 2. März" in words
    assert bench.sees("PIN eingeben")


def test_the_caret_stays_behind_the_last_digit_wherever_it_comes_from(bench: Bench) -> None:
    bench.windows.trouble.set_pin("1234")
    bench.drag(*UP, duration_s=0.3)

    carets = [bench.look("pinEntry").cursor]
    for digit in "12":
        bench.tap(f"key{digit}")
        carets.append(bench.look("pinEntry").cursor)
    bench.windows.type_text("3")
    carets.append(bench.look("pinEntry").cursor)
    bench.tap("delete_button")
    carets.append(bench.look("pinEntry").cursor)

    assert carets == [0, 1, 2, 3, 2]


def test_the_lock_screen_stands_on_the_wallpaper(bench: Bench) -> None:
    bench.windows.sleep()
    bench.windows.wake()

    window = bench.window("lock")
    assert window is not None and window.root.view.style.background == "wallpaper"
