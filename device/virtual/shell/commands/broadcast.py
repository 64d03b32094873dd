"""`am broadcast`: the two ADB keyboards clients type through, and airplane mode.

A keyboard hears its broadcasts only while it is the phone's input method. uiautomator2's answers with result=-1 for
success; MobiAgent's (com.android.adbkeyboard) never answers, so Android prints result=0 either way.
"""

from __future__ import annotations

import base64
import binascii

from device.virtual.shell.call import Call
from device.virtual.shell.commands import ime
from device.virtual.shell.intents import Intent

RESULT_OK = -1
RESULT_NOBODY = 0
EDITOR_ACTION_NEXT = 5


async def broadcast(call: Call, intent: Intent) -> int:
    await call.line(f"Broadcasting: {intent}")
    result, data = await call.work(_deliver, call, intent)
    shown = f', data="{data}"' if data else ""
    await call.line(f"Broadcast completed: result={result}{shown}")
    return 0


def _deliver(call: Call, intent: Intent) -> tuple[int, str]:
    """Result code and data, as the receiver set them."""
    keyboard = ime.current(call.phone)
    in_use = keyboard in ime.known(call.phone)
    if intent.action == "android.intent.action.AIRPLANE_MODE":
        call.phone.settings.put("global", "airplane_mode_on", "1" if intent.extras.get("state") else "0")
    elif intent.action.startswith("ADB_KEYBOARD_") and keyboard == ime.U2_KEYBOARD and in_use:
        return _u2_keyboard(call, intent)
    elif intent.action.startswith("ADB_") and keyboard == ime.ADB_KEYBOARD and in_use:
        _adb_keyboard(call, intent)
    return RESULT_NOBODY, ""


def _u2_keyboard(call: Call, intent: Intent) -> tuple[int, str]:
    windows = call.phone.windows
    text = _decode(str(intent.extras.get("text", "")))
    match intent.action.removeprefix("ADB_KEYBOARD_"):
        case "HIDE":
            return RESULT_OK, "success"
        case "CLEAR_TEXT":
            done = windows.clear_text()
        case "SET_TEXT" if text is not None:
            done = windows.clear_text() and windows.type_text(text)
        case "INPUT_TEXT" if text is not None:
            done = windows.type_text(text)
        case "EDITOR_CODE" | "SMART_ENTER":
            done = windows.focused() is not None and windows.key(_editor_key(intent))
        case _:
            done = False
    return (RESULT_OK, "success") if done else (RESULT_NOBODY, "fail")


def _adb_keyboard(call: Call, intent: Intent) -> None:
    windows = call.phone.windows
    message = str(intent.extras.get("msg", ""))
    match intent.action.removeprefix("ADB_"):
        case "INPUT_TEXT":
            windows.type_text(message)
        case "INPUT_B64":
            windows.type_text(_decode(message) or "")
        case "CLEAR_TEXT":
            windows.clear_text()
        case "EDITOR_CODE":
            windows.key(_editor_key(intent))
        case "INPUT_CODE":
            code = intent.extras.get("code")
            if isinstance(code, int):
                windows.key_code(code)


def _editor_key(intent: Intent) -> str:
    """The key that does what an editor action does: next goes to the next field, all others finish this one."""
    return "tab" if str(intent.extras.get("code")) == str(EDITOR_ACTION_NEXT) else "enter"


def _decode(text: str) -> str | None:
    try:
        return base64.b64decode(text, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return None
