"""Android's key codes by name, and the characters they type. Source: android.view.KeyEvent."""

from __future__ import annotations

HOME, BACK, CALL, END_CALL = 3, 4, 5, 6
DPAD_UP, DPAD_DOWN, DPAD_LEFT, DPAD_RIGHT, DPAD_CENTER = 19, 20, 21, 22, 23
VOLUME_UP, VOLUME_DOWN, POWER, CAMERA, CLEAR = 24, 25, 26, 27, 28
TAB, SPACE, ENTER, DEL = 61, 62, 66, 67
MENU, NOTIFICATION, SEARCH, PAGE_UP, PAGE_DOWN = 82, 83, 84, 92, 93
ESCAPE, FORWARD_DEL, MOVE_HOME, MOVE_END = 111, 112, 122, 123
NUMPAD_ENTER, VOLUME_MUTE, APP_SWITCH = 160, 164, 187
SLEEP, WAKEUP, CUT, COPY, PASTE = 223, 224, 277, 278, 279

_CHARACTERS: dict[int, str] = {
    **{7 + digit: str(digit) for digit in range(10)},
    **{29 + index: chr(ord("a") + index) for index in range(26)},
    **{144 + digit: str(digit) for digit in range(10)},
    17: "*", 18: "#", 55: ",", 56: ".", 62: " ", 68: "`", 69: "-", 70: "=", 71: "[", 72: "]", 73: "\\", 74: ";",
    75: "'", 76: "/", 77: "@", 81: "+", 154: "/", 155: "*", 156: "-", 157: "+", 158: ".", 159: ",", 161: "=",
    162: "(", 163: ")",
}  # fmt: skip

_CODES: dict[str, int] = {
    "soft_left": 1, "soft_right": 2, "home": HOME, "back": BACK, "call": CALL, "endcall": END_CALL,
    **{str(digit): 7 + digit for digit in range(10)},
    "star": 17, "pound": 18,
    "dpad_up": DPAD_UP, "dpad_down": DPAD_DOWN, "dpad_left": DPAD_LEFT, "dpad_right": DPAD_RIGHT,
    "dpad_center": DPAD_CENTER, "up": DPAD_UP, "down": DPAD_DOWN, "left": DPAD_LEFT, "right": DPAD_RIGHT,
    "center": DPAD_CENTER,
    "volume_up": VOLUME_UP, "volume_down": VOLUME_DOWN, "power": POWER, "camera": CAMERA, "clear": CLEAR,
    **{chr(ord("a") + index): 29 + index for index in range(26)},
    "comma": 55, "period": 56, "alt_left": 57, "alt_right": 58, "shift_left": 59, "shift_right": 60, "tab": TAB,
    "space": SPACE, "sym": 63, "explorer": 64, "envelope": 65, "enter": ENTER, "del": DEL, "delete": DEL,
    "grave": 68, "minus": 69, "equals": 70, "left_bracket": 71, "right_bracket": 72, "backslash": 73,
    "semicolon": 74, "apostrophe": 75, "slash": 76, "at": 77, "num": 78, "headsethook": 79, "focus": 80, "plus": 81,
    "menu": MENU, "notification": NOTIFICATION, "search": SEARCH, "media_play_pause": 85, "media_stop": 86,
    "media_next": 87, "media_previous": 88, "mute": 91, "page_up": PAGE_UP, "page_down": PAGE_DOWN,
    "escape": ESCAPE, "forward_del": FORWARD_DEL, "ctrl_left": 113, "ctrl_right": 114, "caps_lock": 115,
    "move_home": MOVE_HOME, "move_end": MOVE_END, "insert": 124, "media_play": 126, "media_pause": 127,
    **{f"f{number}": 130 + number for number in range(1, 13)},
    **{f"numpad_{digit}": 144 + digit for digit in range(10)},
    "numpad_divide": 154, "numpad_multiply": 155, "numpad_subtract": 156, "numpad_add": 157, "numpad_dot": 158,
    "numpad_comma": 159, "numpad_enter": NUMPAD_ENTER, "numpad_equals": 161,
    "volume_mute": VOLUME_MUTE, "app_switch": APP_SWITCH, "recent": APP_SWITCH, "recent_apps": APP_SWITCH,
    "brightness_down": 220, "brightness_up": 221, "sleep": SLEEP, "wakeup": WAKEUP, "soft_sleep": 276,
    "cut": CUT, "copy": COPY, "paste": PASTE, "assist": 219, "settings": 176, "language_switch": 204,
}  # fmt: skip

KNOWN = frozenset(_CODES.values())


def code(name: str) -> int | None:
    """The code of a key by Android's name, in any case, with or without KEYCODE_; None if there is no such key."""
    return _CODES.get(name.lower().removeprefix("keycode_"))


def character(key_code: int) -> str | None:
    """What a key types, if it types anything."""
    return _CHARACTERS.get(key_code)
