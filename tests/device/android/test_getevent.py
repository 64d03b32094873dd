from device.actions import Size
from device.android.getevent import Panel, TouchParser, panels

PORTRAIT, LANDSCAPE = Size(1080, 2400), Size(2400, 1080)

LISTING_PIXEL = """\
add device 1: /dev/input/event3
  name:     "sec_touchscreen"
  events:
    KEY (0001): BTN_TOUCH             BTN_TOOL_FINGER
    ABS (0003): ABS_MT_SLOT           : value 0, min 0, max 9, fuzz 0, flat 0, resolution 0
                ABS_MT_TOUCH_MAJOR    : value 0, min 0, max 255, fuzz 0, flat 0, resolution 0
                ABS_MT_POSITION_X     : value 0, min 0, max 1079, fuzz 0, flat 0, resolution 0
                ABS_MT_POSITION_Y     : value 0, min 0, max 2399, fuzz 0, flat 0, resolution 0
                ABS_MT_TRACKING_ID    : value 0, min 0, max 65535, fuzz 0, flat 0, resolution 0
  input props:
    INPUT_PROP_DIRECT
add device 2: /dev/input/event0
  name:     "gpio_keys"
  events:
    KEY (0001): KEY_VOLUMEDOWN        KEY_VOLUMEUP          KEY_POWER
could not get driver version for /dev/input/mice, Not a typewriter
"""

LISTING_NUMBERS = """\
add device 1: /dev/input/event2
  name:     "ft5x06"
  events:
    KEY (0001): 014a
    ABS (0003): 0030  : value 0, min 0, max 255, fuzz 0, flat 0, resolution 0
                0035  : value 0, min 0, max 4095, fuzz 0, flat 0, resolution 0
                0036  : value 0, min 0, max 8191, fuzz 0, flat 0, resolution 0
"""

A_TAP_IN_PROTOCOL_B = """\
[   81417.124367] EV_ABS       ABS_MT_TRACKING_ID   000003e9
[   81417.124367] EV_KEY       BTN_TOUCH            DOWN
[   81417.124367] EV_ABS       ABS_MT_POSITION_X    0000021c
[   81417.124367] EV_ABS       ABS_MT_POSITION_Y    000004b0
[   81417.124367] EV_SYN       SYN_REPORT           00000000
[   81417.163011] EV_ABS       ABS_MT_POSITION_Y    000004b4
[   81417.163011] EV_SYN       SYN_REPORT           00000000
[   81417.201544] EV_ABS       ABS_MT_TRACKING_ID   ffffffff
[   81417.201544] EV_KEY       BTN_TOUCH            UP
[   81417.201544] EV_SYN       SYN_REPORT           00000000
"""

A_TAP_IN_PROTOCOL_A = """\
[     512.100000] EV_ABS       ABS_MT_POSITION_X    00000064
[     512.100000] EV_ABS       ABS_MT_POSITION_Y    000000c8
[     512.100000] EV_SYN       SYN_MT_REPORT        00000000
[     512.100000] EV_SYN       SYN_REPORT           00000000
[     512.150000] EV_SYN       SYN_MT_REPORT        00000000
[     512.150000] EV_SYN       SYN_REPORT           00000000
"""


def _touches(text: str, path: str | None = None) -> list[tuple[str, int, int]]:
    parser = TouchParser(path)
    found = [parser.feed(line) for line in text.splitlines()]
    return [(touch.phase, touch.x, touch.y) for touch in found if touch]


def test_only_devices_with_both_position_axes_are_touch_screens():
    assert panels(LISTING_PIXEL) == [Panel("/dev/input/event3", 0, 1079, 0, 2399)]


def test_a_listing_with_numbers_instead_of_names_is_read_too():
    assert panels(LISTING_NUMBERS) == [Panel("/dev/input/event2", 0, 4095, 0, 8191)]


def test_a_phone_that_lists_nothing_has_no_touch_screen():
    assert panels("could not open /dev/input/event3, Permission denied\n") == []


def test_a_tap_in_protocol_b_is_down_move_up_with_what_was_not_repeated_kept():
    assert _touches(A_TAP_IN_PROTOCOL_B) == [("down", 540, 1200), ("move", 540, 1204), ("up", 540, 1204)]


def test_a_tap_in_protocol_a_ends_with_the_empty_report():
    assert _touches(A_TAP_IN_PROTOCOL_A) == [("down", 100, 200), ("up", 100, 200)]


def test_a_second_finger_changes_nothing_for_the_first():
    second = """\
[   1.000000] EV_ABS       ABS_MT_TRACKING_ID   00000001
[   1.000000] EV_ABS       ABS_MT_POSITION_X    00000010
[   1.000000] EV_ABS       ABS_MT_POSITION_Y    00000020
[   1.000000] EV_SYN       SYN_REPORT           00000000
[   1.100000] EV_ABS       ABS_MT_SLOT          00000001
[   1.100000] EV_ABS       ABS_MT_TRACKING_ID   00000002
[   1.100000] EV_ABS       ABS_MT_POSITION_X    00000300
[   1.100000] EV_ABS       ABS_MT_POSITION_Y    00000400
[   1.100000] EV_SYN       SYN_REPORT           00000000
[   1.200000] EV_ABS       ABS_MT_TRACKING_ID   ffffffff
[   1.200000] EV_SYN       SYN_REPORT           00000000
[   1.300000] EV_ABS       ABS_MT_SLOT          00000000
[   1.300000] EV_ABS       ABS_MT_TRACKING_ID   ffffffff
[   1.300000] EV_SYN       SYN_REPORT           00000000
"""
    assert _touches(second) == [("down", 16, 32), ("up", 16, 32)]


def test_the_next_tap_at_the_very_same_place_is_seen_though_the_kernel_does_not_repeat_the_place():
    again = (
        A_TAP_IN_PROTOCOL_B
        + """\
[   81418.000000] EV_ABS       ABS_MT_TRACKING_ID   000003ea
[   81418.000000] EV_KEY       BTN_TOUCH            DOWN
[   81418.000000] EV_SYN       SYN_REPORT           00000000
[   81418.050000] EV_ABS       ABS_MT_TRACKING_ID   ffffffff
[   81418.050000] EV_KEY       BTN_TOUCH            UP
[   81418.050000] EV_SYN       SYN_REPORT           00000000
"""
    )
    assert _touches(again)[-2:] == [("down", 540, 1204), ("up", 540, 1204)]


def test_lines_of_another_device_are_passed_over():
    line = "[  12.000000] /dev/input/event0: EV_KEY       KEY_VOLUMEUP         DOWN"
    mixed = "\n".join(
        [line]
        + [part.replace("] ", "] /dev/input/event3: ", 1) for part in A_TAP_IN_PROTOCOL_B.splitlines()]
        + ["", "add device 9: /dev/input/event9"]
    )
    assert [phase for phase, _, _ in _touches(mixed, "/dev/input/event3")] == ["down", "move", "up"]
    assert _touches(mixed, "/dev/input/event0") == []


def test_a_place_on_the_glass_follows_the_picture_when_the_phone_is_turned():
    glass = Panel("/dev/input/event2", 0, 4095, 0, 8191)
    upper_left_of_the_glass = (0, 0)

    assert glass.to_screen(*upper_left_of_the_glass, PORTRAIT, 0) == (0, 0)
    assert glass.to_screen(*upper_left_of_the_glass, LANDSCAPE, 1) == (0, 1079)
    assert glass.to_screen(*upper_left_of_the_glass, PORTRAIT, 2) == (1079, 2399)
    assert glass.to_screen(*upper_left_of_the_glass, LANDSCAPE, 3) == (2399, 0)
    assert glass.to_screen(2048, 2048, PORTRAIT, 0) == (540, 600)


def test_every_raw_place_lands_on_the_screen():
    glass = Panel("", -10, 4095, 0, 8191)
    for rotation, shown in enumerate((PORTRAIT, LANDSCAPE, PORTRAIT, LANDSCAPE)):
        for x, y in ((-10, 0), (4095, 8191), (5000, -7)):
            x_px, y_px = glass.to_screen(x, y, shown, rotation)
            assert 0 <= x_px < shown.width_px
            assert 0 <= y_px < shown.height_px
