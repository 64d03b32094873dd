"""A log of uiautomator2 calls, one a line, as wishes: `d(text="Start chat").click()`, `d.press("back")`, ….

The lines are parsed, never run: only calls on `d` with literal arguments are understood, all else is refused with its
line. A comment, an import or `d = u2.connect()`, alone on its line, says nothing to do. Sleeps and waits are passed
over: the player waits by itself. Places (`d.click(540, 1200)`) are refused, because nothing can be found again by a
place.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any, Final, get_args

from device.actions import Key, OpenApp, PressKey
from replay.importing.wishes import Imported, ImportRefused, Named, Wish, WishHold, WishScroll, WishTap, WishType

LINES_MAX: Final = 2000
_NAMES: Final = {
    "resourceId": "resource_id", "text": "text", "description": "description", "className": "cls",
    "instance": "instance",
}  # fmt: skip
_WAITS: Final = ("wait", "wait_gone", "wait_activity", "app_wait", "implicitly_wait", "sleep", "screenshot", "exists")
_CONNECTS: Final = ("connect", "connect_usb", "connect_adb_wifi", "connect_wifi")
_FINGER: Final = {"up": "down", "down": "up", "left": "right", "right": "left"}


def read_uiautomator2(source: str) -> Imported:
    """The wishes of a log.

    Raises:
        ImportRefused: a line is no call we know; names it.
    """
    wishes: list[tuple[int, Wish]] = []
    passed: list[str] = []
    lines = source.splitlines()
    if len(lines) > LINES_MAX:
        raise ImportRefused(f"the log has {len(lines)} lines; {LINES_MAX} are allowed")
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if (call := _call(text, number)) is None:
            continue
        wish = _wish(call, number)
        if wish is None:
            passed.append(f"line {number}: {text[:80]}")
        else:
            wishes.append((number, wish))
    return Imported(tuple(wishes), tuple(passed))


def _call(text: str, number: int) -> ast.Call | None:
    """The one call of a line. None for what does nothing on a phone: a comment, an import, `d = u2.connect()`."""
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ImportRefused(f"line {number} is no call: {text[:80]!r}") from error
    match body:
        case [] | [ast.Import() | ast.ImportFrom()]:
            return None
        case [ast.Assign([ast.Name("d" | "device")], ast.Call() as call)] if _connects(call):
            return None
        case [ast.Expr(ast.Call() as call)]:
            return call
        case [_, _, *_]:
            raise ImportRefused(f"line {number} holds more than one statement: {text[:80]!r}; write one a line")
    raise ImportRefused(f"line {number} is no call: {text[:80]!r}")


def _connects(call: ast.Call) -> bool:
    """`u2.connect(…)` or `connect_usb(…)`, with nothing in it but literals: no step hides in what it is given."""
    match call.func:
        case ast.Name(name) | ast.Attribute(ast.Name(), name):
            given = (*call.args, *(one.value for one in call.keywords))
            return name in _CONNECTS and all(isinstance(one, ast.Constant) for one in given)
    return False


def _wish(call: ast.Call, number: int) -> Wish | None:
    function = call.func
    if not isinstance(function, ast.Attribute):
        raise ImportRefused(f"line {number} does nothing with `d`")
    given, named = _literals(call, number)
    on = function.value
    if isinstance(on, ast.Name) and on.id in ("d", "device", "time"):
        return _on_device(function.attr, given, named, number)
    if isinstance(on, ast.Call) and isinstance(on.func, ast.Name) and on.func.id in ("d", "device"):
        return _on_element(function.attr, given, named, _target(on, number), number)
    raise ImportRefused(f"line {number} does nothing with `d`")


def _on_device(name: str, given: list[Any], named: Mapping[str, Any], number: int) -> Wish | None:
    first = given[0] if given else None
    match name, first:
        case "app_start", str(package):
            return OpenApp(package)
        case "press", str(key) if key in get_args(Key):
            return PressKey(key)  # type: ignore[arg-type]
        case "send_keys", str(text):
            return WishType(text)
        case "swipe_ext", str(finger) if finger in _FINGER:
            return WishScroll(_FINGER[finger])  # type: ignore[arg-type]
        case _ if name in _WAITS:
            return None
    what = "a place says nothing about what is there" if name in ("click", "swipe", "long_click") else "it is not known"
    raise ImportRefused(f"line {number}: d.{name} cannot be imported: {what}")


def _on_element(name: str, given: list[Any], named: Mapping[str, Any], target: Named, number: int) -> Wish | None:
    match name:
        case "click":
            return WishTap(target)
        case "double_click":
            return WishTap(target, 2)
        case "long_click":
            duration_s = named.get("duration", 0.8)
            return WishHold(target, float(duration_s) if isinstance(duration_s, int | float) else 0.8)
        case "set_text" | "send_keys" if given and isinstance(given[0], str):
            return WishType(given[0], target)
        case "clear_text":
            return WishType("", target)
        case _ if name in _WAITS:
            return None
    raise ImportRefused(f"line {number}: d(…).{name} is not known")


def _target(call: ast.Call, number: int) -> Named:
    given, named = _literals(call, number)
    if given or not named or set(named) - set(_NAMES):
        unknown = ", ".join(sorted(set(named) - set(_NAMES))) or "no attributes"
        raise ImportRefused(f"line {number}: an element cannot be named by {unknown}; by {', '.join(_NAMES)} it can")
    fields = {_NAMES[key]: value for key, value in named.items()}
    for key, value in fields.items():
        if not isinstance(value, int if key == "instance" else str):
            raise ImportRefused(f"line {number}: {value!r} is no {key}")
    return Named(**fields)


def _literals(call: ast.Call, number: int) -> tuple[list[Any], dict[str, Any]]:
    try:
        given = [ast.literal_eval(one) for one in call.args]
        return given, {str(one.arg): ast.literal_eval(one.value) for one in call.keywords}
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError) as error:
        raise ImportRefused(f"line {number}: only plain texts and numbers can be given") from error
