"""The methods over a small app: what each returns, and what it does to the screen."""

from __future__ import annotations

import base64
import io
import re
from typing import Any

import pytest
from PIL import Image

from device.clock import ManualClock
from device.virtual.phone import VirtualPhone
from device.virtual.u2.automation import NAME_LIFE_S
from tests.device.virtual.u2.conftest import Client, RpcFailed
from tests.device.virtual.u2.small_app import LATER_S, PACKAGE
from tests.device.virtual.u2.test_selector import sel

LIST = sel(resourceId="android:id/list")
NAME = sel(resourceId=f"{PACKAGE}:id/name")
TAP_ME = sel(text="Tap me")
ANY = sel()


def title(rpc: Client) -> str:
    return str(rpc("getText", sel(resourceId=f"{PACKAGE}:id/title")))


def centre(rpc: Client, selector: dict[str, Any]) -> tuple[float, float]:
    sides = rpc("objInfo", selector)["visibleBounds"]
    return (sides["left"] + sides["right"]) / 2, (sides["top"] + sides["bottom"]) / 2


# ---- the device


def test_device_info_describes_the_screen_and_the_app_in_front(rpc: Client) -> None:
    assert rpc("deviceInfo") == {
        "currentPackageName": PACKAGE,
        "displayHeight": 2400,
        "displayRotation": 0,
        "displaySizeDpX": 411,
        "displaySizeDpY": 914,
        "displayWidth": 1080,
        "naturalOrientation": True,
        "productName": "vphone",
        "screenOn": True,
        "sdkInt": 34,
    }


def test_the_dump_is_xml_of_what_is_shown(rpc: Client) -> None:
    xml = rpc("dumpWindowHierarchy", False, 50)
    assert xml.startswith("<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\r\n<hierarchy rotation=\"0\">")
    assert 'text="Tap me"' in xml
    assert rpc("dumpWindowHierarchy", True, 50).count("<node") < xml.count("<node")
    assert 'package="com.android.systemui"' not in rpc("dumpWindowHierarchy", False, 50, True)


def test_a_secure_page_is_neither_dumped_nor_pictured(rpc: Client) -> None:
    rpc("click", sel(text="Secret"))
    assert "nobody may see this" not in rpc("dumpWindowHierarchy", False, 50)
    assert "<node" not in rpc("dumpWindowHierarchy", False, 50, True)
    assert rpc("takeScreenshot", 1, 80) is None


def test_a_screenshot_is_a_jpeg_of_the_screen(rpc: Client) -> None:
    full = Image.open(io.BytesIO(base64.b64decode(rpc("takeScreenshot", 1, 80))))
    half = Image.open(io.BytesIO(base64.b64decode(rpc("takeScreenshot", 0.5, 10))))
    assert (full.format, full.size, half.size) == ("JPEG", (1080, 2400), (540, 1200))


def test_armed_faults_empty_the_dump_and_the_screenshot_once(rpc: Client, phone: VirtualPhone) -> None:
    phone.rpc_faults.empty_hierarchy()
    phone.rpc_faults.no_screenshot()
    assert rpc("dumpWindowHierarchy", False, 50).endswith('<hierarchy rotation="0" />')
    assert rpc("takeScreenshot", 0.1, 10) is None
    assert "<node" in rpc("dumpWindowHierarchy", False, 50)
    assert rpc("takeScreenshot", 0.1, 10) is not None


def test_keys_are_pressed_by_name_or_code_and_unknown_names_answer_false(rpc: Client, phone: VirtualPhone) -> None:
    assert rpc("pressKey", "home") is True
    assert phone.windows.current()[0] != PACKAGE
    phone.windows.start(PACKAGE)
    assert rpc("pressKeyCode", 3) is True
    assert phone.windows.current()[0] != PACKAGE
    assert rpc("pressKey", "any") is False


def test_the_screen_sleeps_and_wakes(rpc: Client) -> None:
    rpc("sleep")
    assert rpc("isScreenOn") is False
    rpc("wakeUp")
    assert rpc("deviceInfo")["screenOn"] is True


def test_the_screen_turns_and_stays_turned(rpc: Client) -> None:
    rpc("setOrientation", "left")
    info = rpc("deviceInfo")
    assert (info["displayRotation"], info["displayWidth"], info["naturalOrientation"]) == (1, 2400, False)
    rpc("setOrientation", "natural")
    assert rpc("deviceInfo")["displayRotation"] == 0
    with pytest.raises(RpcFailed):
        rpc("setOrientation", "sideways")


def test_the_shade_opens(rpc: Client) -> None:
    assert rpc("openNotification") is True
    assert not rpc("exist", TAP_ME)


def test_the_configurator_keeps_what_it_knows(rpc: Client) -> None:
    changed = rpc("setConfigurator", {"waitForIdleTimeout": 1500, "unknown": 1})
    assert changed == rpc("getConfigurator")
    assert changed["waitForIdleTimeout"] == 1500
    assert "unknown" not in changed


# ---- objects


def test_objects_exist_and_are_counted(rpc: Client) -> None:
    assert rpc("exist", TAP_ME) is True
    assert rpc("exist", sel(text="nope")) is False
    assert rpc("count", sel(textStartsWith="Row ")) > 5
    assert rpc("count", sel(textStartsWith="Row ", instance=2)) == 1
    assert rpc("count", sel(textStartsWith="Row ", instance=200)) == 0


def test_an_objects_info_has_null_for_what_it_lacks(rpc: Client) -> None:
    info = rpc("objInfo", sel(description="Use Wi-Fi"))
    assert (info["className"], info["resourceName"], info["checkable"], info["checked"], info["text"]) == (
        "android.widget.Switch",
        None,
        True,
        False,
        "",
    )
    assert rpc("objInfo", LIST)["text"] is None
    assert rpc("objInfo", LIST)["childCount"] == rpc("count", sel(textStartsWith="Row "))


def test_info_of_all_instances_is_a_list(rpc: Client) -> None:
    rows = rpc("objInfoOfAllInstances", sel(textStartsWith="Row "))
    assert [row["text"] for row in rows[:3]] == ["Row 0", "Row 1", "Row 2"]
    assert rpc("objInfoOfAllInstances", sel(text="nope")) == []


def test_a_child_can_be_kept_by_name_for_a_minute(rpc: Client, clock: ManualClock) -> None:
    rows = sel(className="android.widget.TextView")
    name = rpc("childByText", LIST, rows, "Row 3")
    assert isinstance(name, str)
    assert rpc("getText", name) == "Row 3"
    assert rpc("getText", rpc("childByInstance", LIST, rows, 2)) == "Row 2"
    clock.advance(NAME_LIFE_S)
    with pytest.raises(RpcFailed, match="UiObjectNotFoundException"):
        rpc("getText", name)


def test_a_child_further_down_is_found_by_scrolling_if_allowed(rpc: Client) -> None:
    rows = sel(className="android.widget.TextView")
    with pytest.raises(RpcFailed, match="UiObjectNotFoundException"):
        rpc("childByText", LIST, rows, "Row 35")
    assert rpc("getText", rpc("childByText", LIST, rows, "Row 35", True)) == "Row 35"


# ---- touching


def test_a_click_is_a_tap_of_a_tenth_of_a_second(rpc: Client, clock: ManualClock) -> None:
    before_s = clock.monotonic_s()
    assert rpc("click", *centre(rpc, TAP_ME)) is True
    assert clock.monotonic_s() - before_s == pytest.approx(0.1, abs=0.01)
    assert title(rpc) == "Taps 1"


def test_a_click_at_negative_places_answers_false(rpc: Client) -> None:
    assert rpc("click", -1, 5) is False


def test_a_click_that_is_held_is_a_long_press(rpc: Client) -> None:
    assert rpc("click", *centre(rpc, TAP_ME), 800) is True
    assert rpc("exist", sel(text="Held 1"))
    assert title(rpc) == "Taps 0"


def test_an_object_is_clicked_in_its_middle_or_at_a_corner(rpc: Client) -> None:
    assert rpc("click", TAP_ME) is True
    assert rpc("click", TAP_ME, "topleft") is True
    assert rpc("longClick", TAP_ME) is True
    assert title(rpc) == "Taps 2"
    assert rpc("exist", sel(text="Held 1"))


def test_single_touch_events_make_a_tap(rpc: Client) -> None:
    x, y = centre(rpc, TAP_ME)
    assert rpc("injectInputEvent", 0, x, y, 0) is True
    rpc("injectInputEvent", 2, x, y, 0)
    rpc("injectInputEvent", 1, x, y, 0)
    assert rpc("injectInputEvent", 9, x, y, 0) is False
    assert title(rpc) == "Taps 1"


def test_a_swipe_takes_five_milliseconds_a_step(rpc: Client, clock: ManualClock) -> None:
    before_s = clock.monotonic_s()
    assert rpc("swipe", 540.0, 2000.0, 540.0, 1800.0, 400.0) is True
    assert clock.monotonic_s() - before_s == pytest.approx(2.0)


def test_swipes_and_drags_move_the_list(rpc: Client) -> None:
    x, y = centre(rpc, LIST)
    for method, params in (
        ("swipe", [x, y, x, y - 300, 40]),
        ("swipePoints", [[x, y, x, y - 100, x, y - 300], 20]),
        ("drag", [x, y, x, y - 300, 40]),
        ("swipe", [LIST, "up", 40]),
        ("swipe", [LIST, "up", 0.5, 40]),
        ("dragTo", [LIST, x, y - 300, 40]),
    ):
        rpc("scrollToBeginning", LIST, True, 10, 20)
        assert rpc("exist", sel(text="Row 0")), method
        assert rpc(method, *params) is True, method
        assert not rpc("exist", sel(text="Row 0")), method


def test_pinching_scales_what_is_pinched(rpc: Client) -> None:
    star = sel(description="star")
    assert rpc("pinchOut", star, 100, 50) is True
    assert rpc("exist", sel(text="Zoom 3.00"))
    assert rpc("pinchIn", star, 80, 50) is True
    assert rpc("exist", sel(text="Zoom 0.50"))


def test_a_free_gesture_moves_two_fingers(rpc: Client) -> None:
    x, y = centre(rpc, sel(description="star"))
    points = [{"x": x - 20, "y": y}, {"x": x + 20, "y": y}, {"x": x - 40, "y": y}, {"x": x + 40, "y": y}]
    assert rpc("gesture", ANY, *points, 20) is True
    zoom = re.search(r"Zoom (\d\.\d\d)", rpc("dumpWindowHierarchy", False, 50))
    assert zoom is not None
    assert float(zoom[1]) > 1.5


# ---- scrolling


def test_scrolling_forward_answers_whether_more_follows(rpc: Client) -> None:
    answers = [rpc("scrollForward", LIST, True, 55)]
    while answers[-1]:
        answers.append(rpc("scrollForward", LIST, True, 55))
    assert 2 <= len(answers) < 30
    assert rpc("exist", sel(text="Row 39"))
    assert rpc("scrollForward", LIST, True, 55) is False
    assert rpc("scrollBackward", LIST, True, 55) is True


def test_scrolling_to_an_end_goes_all_the_way(rpc: Client) -> None:
    assert rpc("scrollToEnd", LIST, True, 500, 55) is True
    assert rpc("exist", sel(text="Row 39"))
    assert rpc("flingToBeginning", LIST, True, 500) is True
    assert rpc("exist", sel(text="Row 0"))
    assert rpc("flingForward", LIST, True) in (True, False)
    assert not rpc("exist", sel(text="Row 0"))


def test_scrolling_to_something_searches_from_the_beginning(rpc: Client) -> None:
    assert rpc("scrollTo", LIST, sel(text="Row 30"), True) is True
    assert rpc("exist", sel(text="Row 30"))
    assert rpc("scrollTo", LIST, sel(text="Row 1"), True) is True
    assert rpc("exist", sel(text="Row 1"))
    assert rpc("scrollTo", LIST, sel(text="Row 99"), True) is False


def test_what_does_not_scroll_answers_false(rpc: Client) -> None:
    assert rpc("scrollForward", TAP_ME, True, 10) is False
    with pytest.raises(RpcFailed, match="UiObjectNotFoundException"):
        rpc("scrollForward", sel(text="nope"), True, 10)


# ---- text


def test_text_is_read_replaced_and_cleared(rpc: Client) -> None:
    assert rpc("getText", NAME) == "Ada"
    assert rpc("setText", NAME, "Grace 你好") is True
    assert rpc("getText", NAME) == "Grace 你好"
    assert rpc("objInfo", NAME)["focused"] is True
    assert rpc("clearTextField", NAME) is None
    assert rpc("getText", NAME) == ""


def test_what_is_no_field_takes_no_text(rpc: Client) -> None:
    assert rpc("setText", TAP_ME, "x") is False


def test_the_clipboard_is_pasted_into_the_focused_field(rpc: Client) -> None:
    assert rpc("setClipboard", None, "copied") is None
    assert rpc("getClipboard") == "copied"
    rpc("setText", NAME, "first ")
    assert rpc("pasteClipboard") is None
    assert rpc("getText", NAME) == "first copied"
    assert rpc("clearInputText") is None
    assert rpc("getText", NAME) == ""


def test_the_last_toast_is_told_until_it_is_cleared(rpc: Client) -> None:
    assert rpc("getLastToast") is None
    rpc("click", TAP_ME)
    assert rpc("getLastToast") == "Tapped!"
    rpc("clearLastToast")
    assert rpc("getLastToast") is None


# ---- waiting


def test_waiting_ends_when_the_object_appears(rpc: Client, clock: ManualClock) -> None:
    rpc("click", sel(text="Later"))
    before_s = clock.monotonic_s()
    assert rpc("waitForExists", sel(text="Taps 1"), 10_000) is True
    assert clock.monotonic_s() - before_s == pytest.approx(LATER_S, abs=0.2)


def test_waiting_in_vain_takes_the_time_given_and_no_time_means_one_look(rpc: Client, clock: ManualClock) -> None:
    before_s = clock.monotonic_s()
    assert rpc("waitForExists", sel(text="nope"), 0) is False
    assert clock.monotonic_s() == before_s
    assert rpc("waitForExists", sel(text="nope"), 3000) is False
    assert clock.monotonic_s() - before_s == pytest.approx(3.0)


def test_waiting_for_something_to_go_ends_when_it_has_gone(rpc: Client) -> None:
    assert rpc("waitUntilGone", sel(text="nope"), 0) is True
    rpc("click", sel(text="Later"))
    assert rpc("waitUntilGone", sel(text="Taps 0"), 10_000) is True
    assert rpc("waitUntilGone", TAP_ME, 200) is False
