"""The unmodified uiautomator2 client against the virtual phone, over a real adb server.

What its own suites (mobile_tests, demo_tests) taught about a fake phone, said as behaviour of this one. Time is real
here: a test waits only where Android itself lets time pass.
"""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Iterator

import pytest

from device.virtual.phone import VirtualPhone
from device.virtual.u2.faults import Drop, Fail
from tests.adbserver import AdbServer, adb_server  # noqa: F401 - a fixture; before adbutils, which reads the environment
from tests.device.virtual.u2.small_app import LATER_S, PACKAGE, HomeApp, SmallApp

import uiautomator2 as u2  # isort: skip

SERVER_PROCESS = "app_process"
KEYBOARD = "com.github.uiautomator/.AdbKeyboard"


@pytest.fixture(scope="module")
def phone() -> Iterator[VirtualPhone]:
    with VirtualPhone(apps=[HomeApp, SmallApp]) as made:
        made.start()
        yield made


@pytest.fixture(scope="module")
def device(phone: VirtualPhone, adb_server: AdbServer) -> Iterator[u2.Device]:  # noqa: F811
    serial = adb_server.connect(phone.start())
    connected = u2.connect(serial)
    connected.settings["wait_timeout"] = 3.0
    yield connected
    connected.stop_uiautomator(wait=False)
    adb_server.disconnect(serial)


@pytest.fixture
def d(phone: VirtualPhone, device: u2.Device) -> u2.Device:
    """The client, with a fresh run of the small app in front and no fault armed."""
    phone.rpc_faults.clear()
    phone.windows.clear_last_toast()
    phone.windows.force_stop(PACKAGE)
    assert phone.windows.start(PACKAGE)
    return device


def servers(phone: VirtualPhone) -> list[int]:
    """Process ids of the servers that run on the phone."""
    return [pid for _, pid, name in phone.packages.processes() if name == SERVER_PROCESS]


# ---- the server's life


def test_a_second_client_uses_the_server_that_runs(d: u2.Device, phone: VirtualPhone) -> None:
    before = servers(phone)
    assert len(before) == 1
    assert u2.connect(d.serial).info["currentPackageName"] == PACKAGE
    assert servers(phone) == before


def test_stopping_ends_the_server_at_once_and_starting_brings_a_new_one(d: u2.Device, phone: VirtualPhone) -> None:
    before = servers(phone)
    begun_s = time.monotonic()
    d.stop_uiautomator()
    assert time.monotonic() - begun_s < 2.0  # a port that still answered would cost the client ten seconds
    assert servers(phone) == []
    d.start_uiautomator()
    assert len(servers(phone)) == 1
    assert servers(phone) != before


def test_the_next_call_starts_a_server_that_was_killed_again(d: u2.Device, phone: VirtualPhone) -> None:
    (before,) = servers(phone)
    d.shell(["kill", str(before)])
    assert d.info["screenOn"] is True
    assert servers(phone) not in ([], [before])


# ---- faults


def test_a_lost_connection_to_the_screen_is_repaired_by_the_client(d: u2.Device, phone: VirtualPhone) -> None:
    before = servers(phone)
    phone.rpc_faults.disconnect()
    assert d(text="Tap me").exists
    assert servers(phone) != before


def test_a_dropped_call_reaches_the_caller_as_it_is(d: u2.Device, phone: VirtualPhone) -> None:
    phone.rpc_faults.arm(Drop(), method="click")
    with pytest.raises(http.client.RemoteDisconnected):
        d.click(10, 10)


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ("java.lang.StackOverflowError", u2.exceptions.RPCStackOverflowError),
        ("java.lang.SecurityException", u2.exceptions.RPCUnknownError),
    ],
)
def test_an_error_object_becomes_the_clients_exception(
    d: u2.Device, phone: VirtualPhone, message: str, error: type[Exception]
) -> None:
    phone.rpc_faults.arm(Fail(message, "deep inside"), method="deviceInfo")
    with pytest.raises(error):
        _ = d.info


def test_an_empty_hierarchy_is_asked_for_again(d: u2.Device, phone: VirtualPhone) -> None:
    phone.rpc_faults.empty_hierarchy()
    assert "Tap me" in d.dump_hierarchy()


def test_faults_can_be_armed_from_a_shell(d: u2.Device) -> None:
    assert d.shell("cmd vphone rpc error java.lang.SecurityException deviceInfo").output == "armed\n"
    with pytest.raises(u2.exceptions.RPCUnknownError, match="SecurityException"):
        _ = d.info
    assert "no such fault" in d.shell("cmd vphone rpc explode").output


def test_a_screenshot_that_fails_is_taken_by_screencap(d: u2.Device, phone: VirtualPhone) -> None:
    phone.rpc_faults.no_screenshot()
    assert d.screenshot().size == (1080, 2400)


# ---- looking


def test_the_dump_has_the_page_and_the_bars(d: u2.Device) -> None:
    dump = d.dump_hierarchy(pretty=True)
    assert f'resource-id="{PACKAGE}:id/title"' in dump
    assert 'package="com.android.systemui"' in dump


def test_a_screenshot_shows_the_object_where_its_bounds_are(d: u2.Device) -> None:
    left, top, right, bottom = d(text="Tap me").bounds()
    picture = d(text="Tap me").screenshot()
    assert picture.size == (right - left, bottom - top)
    assert len(picture.getcolors(maxcolors=picture.width * picture.height) or []) > 1


def test_a_secure_page_is_black_and_tells_nothing(d: u2.Device) -> None:
    d(text="Secret").click()
    assert d(text="nobody may see this").wait_gone(timeout=1)
    assert "nobody may see this" not in d.dump_hierarchy()
    assert d.screenshot().getpixel((540, 1200))[:3] == (0, 0, 0)


def test_the_screen_turns_with_its_size(d: u2.Device) -> None:
    d.orientation = "left"
    assert (d.orientation, d.window_size()) == ("left", (2400, 1080))
    d.orientation = "natural"
    assert (d.orientation, d.window_size()) == ("natural", (1080, 2400))


# ---- objects


def test_objects_are_found_by_child_sibling_index_and_side(d: u2.Device) -> None:
    rows = d(resourceId="android:id/list").child(className="android.widget.TextView")
    assert rows[0].get_text() == "Row 0"
    assert rows[2].get_text() == "Row 2"
    assert [row.get_text() for row in rows][:2] == ["Row 0", "Row 1"]
    assert rows[-1].get_text() == f"Row {len(rows) - 1}"
    assert d(text="Wi-Fi").sibling(className="android.widget.Switch").info["contentDescription"] == "Use Wi-Fi"
    assert d(text="Wi-Fi").right(className="android.widget.Switch").info["checked"] is False
    assert d(resourceId="android:id/list").child_by_text("Row 3", className="android.widget.TextView").exists


def test_what_is_not_there_is_not_found(d: u2.Device) -> None:
    assert not d(text="nope").exists
    assert not d(text="nope").click_exists(timeout=0)
    with pytest.raises(u2.UiObjectNotFoundError):
        d(text="nope").get_text(timeout=0)
    with pytest.raises(u2.UiObjectNotFoundError):
        _ = d(text="nope").info


def test_waiting_ends_when_something_comes_or_goes(d: u2.Device) -> None:
    d(text="Later").click()
    begun_s = time.monotonic()
    assert d(text="Taps 1").wait(timeout=10)
    assert time.monotonic() - begun_s < LATER_S + 1
    d(text="Later").click()
    assert d(text="Taps 1").wait_gone(timeout=10)


def test_one_waiting_client_does_not_hold_up_another(d: u2.Device) -> None:
    appeared: list[bool] = []
    waiting = threading.Thread(target=lambda: appeared.append(d(text="Taps 1").wait(timeout=10)))
    waiting.start()
    d(text="Tap me").click()
    waiting.join(timeout=5)
    assert appeared == [True]


# ---- touching


def test_a_click_reaches_the_app_and_its_toast_is_there_at_once(d: u2.Device) -> None:
    d.clear_toast()
    d(text="Tap me").click()
    assert d.last_toast == "Tapped!"
    assert d(text="Taps 1").exists
    d.clear_toast()
    assert not d.last_toast


def test_a_long_click_is_a_long_press(d: u2.Device) -> None:
    d(text="Tap me").long_click()
    assert d(text="Held 1").exists
    assert d(text="Taps 0").exists


def test_a_swipe_lasts_as_long_as_asked(d: u2.Device) -> None:
    begun_s = time.monotonic()
    d.swipe(540, 1200, 1000, 1200, 0.5)
    assert 0.5 <= time.monotonic() - begun_s < 1.5


def test_two_fingers_scale_a_picture(d: u2.Device) -> None:
    star = d(description="star")
    star.pinch_out()
    assert d(text="Zoom 3.00").exists
    star.pinch_in(80)
    assert d(text="Zoom 0.50").exists


def test_a_list_is_searched_scrolled_and_flung(d: u2.Device) -> None:
    listing = d(scrollable=True)
    assert listing.scroll.to(text="Row 25")
    assert d(text="Row 25").exists
    assert not d(text="Row 0").exists
    listing.scroll.toBeginning(steps=20)
    assert d(text="Row 0").exists
    listing.fling.toEnd()
    assert d(text="Row 39").exists
    assert listing.scroll.forward(steps=20) is False
    d.swipe_ext("down", box=listing.bounds())
    assert not d(text="Row 39").exists


# ---- text


def test_a_field_is_filled_and_emptied(d: u2.Device) -> None:
    field = d(className="android.widget.EditText")
    assert field.get_text() == "Ada"
    field.set_text("Grace 世界")
    assert field.get_text() == "Grace 世界"
    field.clear_text()
    assert field.get_text() == ""


def test_text_is_pasted_without_and_typed_with_uiautomators_keyboard(d: u2.Device, phone: VirtualPhone) -> None:
    field = d(className="android.widget.EditText")
    field.set_text("a")
    assert not d.is_input_ime_installed()
    d.send_keys("b 你好")
    assert field.get_text() == "ab 你好"

    d.set_input_ime()
    assert d.current_ime() == KEYBOARD
    d.send_keys("c +-*/_ 世界!", clear=True)
    assert field.get_text() == "c +-*/_ 世界!"
    d.set_input_ime(False)
    d.app_uninstall(KEYBOARD.partition("/")[0])
    assert not d.is_input_ime_installed()


def test_the_clipboard_keeps_text_of_any_script(d: u2.Device) -> None:
    d.clipboard = "Ελληνικά 🙂"
    assert d.clipboard == "Ελληνικά 🙂"


# ---- xpath and sessions


def test_xpath_finds_scrolls_and_types(d: u2.Device) -> None:
    d.xpath("Tap me").click()
    assert d.xpath("Taps 1").wait()
    assert d.xpath("%aps 1").exists
    assert d.xpath("Row 1").parent("@android:id/list").info["resourceId"] == "android:id/list"
    assert d.xpath("@android:id/list").scroll_to("Row 20")
    assert d.xpath("Row 20").exists


def test_a_watcher_acts_on_what_appears(d: u2.Device) -> None:
    with d.watch_context() as context:
        context.when("Taps 0").when("Tap me").click()
        assert d(text="Taps 1").wait(timeout=5)


def test_a_session_notices_that_its_app_ended_and_gets_a_new_process(d: u2.Device) -> None:
    session = d.session(PACKAGE)
    first = session.pid
    assert session(text="Tap me").exists
    session.restart()
    assert session.pid != first
    d.app_stop(PACKAGE)
    assert not session.running()
    with pytest.raises(u2.SessionBrokenError):
        _ = session(text="Tap me").info
