"""Input from the shell, and the touchscreen as `getevent` shows it."""

from __future__ import annotations

import asyncio
import re

import pytest

from device.actions import Size
from device.android.getevent import Panel
from device.clock import ManualClock
from device.virtual.phone import VirtualPhone
from device.virtual.shell.touch_protocol import to_device
from device.virtual.window.gestures import Contact
from tests.device.virtual.shell.bench import Host, run, while_running
from tests.device.virtual.shell.test_apps import DEMO, focused_text, open_addition

EVENT = re.compile(r"^\[ *\d+\.\d{6}\] /dev/input/event2: (\S+) +(\S+) +(\S+) *$")


def test_a_swipe_takes_its_time_and_moves_the_list(phone: VirtualPhone, clock: ManualClock):
    run(phone, "am start -n com.android.settings/.Settings")
    before, start = phone.windows.frame(), clock.monotonic_s()

    run(phone, "input swipe 540 1800 540 600 400")

    assert clock.monotonic_s() - start == pytest.approx(0.4, abs=0.05)
    assert phone.windows.frame() != before


def test_text_is_typed_with_percent_s_for_blanks(phone: VirtualPhone):
    open_addition(phone)

    run(phone, "input text 'a%sb'")

    assert focused_text(phone) == "a b"


def test_text_beyond_ascii_fails_as_on_android(phone: VirtualPhone):
    open_addition(phone)
    ran = run(phone, "input text 世界")

    assert ran.status == 255
    assert "NullPointerException" in ran.err
    assert focused_text(phone) == ""


@pytest.mark.parametrize("key", ["KEYCODE_DEL", "DEL", "67"])
def test_keys_go_by_name_and_by_code(phone: VirtualPhone, key: str):
    open_addition(phone)
    run(phone, f"input text ab; input keyevent {key}")

    assert focused_text(phone) == "a"


def test_mobiagents_way_to_empty_a_field_works(phone: VirtualPhone):
    open_addition(phone)
    run(phone, "input text abc; input keyevent KEYCODE_MOVE_END; input keyevent KEYCODE_DEL KEYCODE_DEL KEYCODE_DEL")

    assert focused_text(phone) == ""


def test_the_screen_goes_off_and_on_by_key(phone: VirtualPhone):
    run(phone, "input keyevent 223")
    assert "mHoldingDisplaySuspendBlocker=false" in run(phone, "dumpsys power").out

    run(phone, "input keyevent 224")
    assert "mHoldingDisplaySuspendBlocker=true" in run(phone, "dumpsys power").out


@pytest.mark.parametrize("command", ["input tap 1", "input tap a b", "input keyevent NO_KEY", "input dance"])
def test_wrong_input_is_refused(phone: VirtualPhone, command: str):
    assert run(phone, command).status == 255


def test_the_touchscreen_is_listed_with_its_ranges(phone: VirtualPhone):
    text = run(phone, "getevent -lp").out

    screen = text[text.index("/dev/input/event2") : text.index("/dev/input/event1")]
    assert "BTN_TOUCH" in screen
    for axis in ("X", "Y"):
        line = f"ABS_MT_POSITION_{axis}     : value 0, min 0, max 32767, fuzz 0, flat 0, resolution 0"
        assert line in screen
    assert "INPUT_PROP_DIRECT" in screen


def touched(phone: VirtualPhone, *commands: str, first: str = "getevent -lt") -> list[tuple[str, str, str]]:
    """The events a follower sees while commands run in other shells."""

    async def use(host: Host, task: asyncio.Task[int]) -> None:
        await host.heard("gpio-keys")
        await asyncio.to_thread(lambda: [run(phone, command) for command in commands])
        await host.heard("UP")

    host = while_running(phone, first, use)
    return [match.groups() for line in host.output.decode().splitlines() if (match := EVENT.match(line))]


def test_a_persons_touch_shows_in_protocol_b(phone: VirtualPhone):
    events = touched(phone, "cmd vphone touch 540 1200")

    assert events[:5] == [
        ("EV_ABS", "ABS_MT_TRACKING_ID", "00000000"),
        ("EV_ABS", "ABS_MT_POSITION_X", "00004000"),
        ("EV_ABS", "ABS_MT_POSITION_Y", "00004000"),
        ("EV_KEY", "BTN_TOUCH", "DOWN"),
        ("EV_SYN", "SYN_REPORT", "00000000"),
    ]
    assert events[5:7] == [("EV_ABS", "ABS_MT_TRACKING_ID", "ffffffff"), ("EV_KEY", "BTN_TOUCH", "UP")]


def test_what_is_injected_does_not_show(phone: VirtualPhone):
    events = touched(phone, "input tap 10 10", "input swipe 1 1 500 500 50", "cmd vphone touch 540 1200")

    assert [code for _, code, _ in events].count("ABS_MT_TRACKING_ID") == 2
    assert ("EV_ABS", "ABS_MT_POSITION_X", "00004000") in events


def test_a_second_touch_of_the_same_place_reports_no_position(phone: VirtualPhone):
    run(phone, "cmd vphone touch 540 1200")
    events = touched(phone, "cmd vphone touch 540 1200")

    assert [code for _, code, _ in events[:3]] == ["ABS_MT_TRACKING_ID", "BTN_TOUCH", "SYN_REPORT"]


def test_a_second_finger_has_a_slot_of_its_own(phone: VirtualPhone):
    def two_fingers() -> None:
        for phase, finger in (("down", 0), ("down", 1), ("up", 1), ("up", 0)):
            phone.touches.add(Contact(phase, 100 + 50 * finger, 200, finger, 1.5))  # type: ignore[arg-type]

    async def use(host: Host, task: asyncio.Task[int]) -> None:
        await host.heard("gpio-keys")
        two_fingers()
        await host.heard("UP")

    output = while_running(phone, "getevent -l", use).output.decode()
    slots = [line.split()[-1] for line in output.splitlines() if "ABS_MT_SLOT" in line]

    assert slots == ["00000001", "00000000"]
    assert output.count("BTN_TOUCH") == 2


def test_a_swipe_by_hand_reaches_the_apps_as_well(phone: VirtualPhone):
    run(phone, "am start -n com.android.settings/.Settings")
    before = phone.windows.frame()

    run(phone, "cmd vphone swipe 540 1800 540 600 200")

    assert phone.windows.frame() != before


@pytest.mark.parametrize("rotation", range(4))
def test_a_reader_finds_the_pixel_whatever_way_the_screen_is_held(rotation: int):
    natural = Size(1080, 2400)
    shown = Size(2400, 1080) if rotation % 2 else natural
    panel = Panel("/dev/input/event2", 0, 32767, 0, 32767)

    for x, y in ((0, 0), (1, 541), (539, 7), (shown.width_px - 1, shown.height_px - 1)):
        raw = to_device(x, y, natural, rotation)
        found = panel.to_screen(*raw, shown, rotation)
        assert abs(found[0] - x) <= 1
        assert abs(found[1] - y) <= 1


def test_state_is_told_in_one_json_line(phone: VirtualPhone):
    run(phone, f"am start -n {DEMO}/.MainActivity")

    ran = run(phone, "cmd vphone state")

    assert len(ran.lines) == 1
    assert f'"package": "{DEMO}"' in ran.out


def test_an_unknown_fault_says_what_there_is(phone: VirtualPhone):
    ran = run(phone, "cmd vphone dance")

    assert ran.status == 1
    assert "crash" in ran.err
