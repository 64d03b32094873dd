"""The basic commands of a Maestro flow, as wishes. The YAML subset that such flows are written in is read here.

Read are: `launchApp`, `tapOn`, `doubleTapOn`, `longPressOn`, `inputText`, `pressKey`, `back`, `scroll`, `swipe` with a
direction; `appId` and `env` in the head. Assertions, waits and `eraseText` are passed over: the player checks and
waits by itself, and typing replaces. Other commands, tags, anchors and scripts are refused with their line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from device.actions import OpenApp, PressKey
from replay.importing.wishes import Imported, ImportRefused, Named, Wish, WishHold, WishScroll, WishTap, WishType

LINES_MAX: Final = 2000
_KEYS: Final = {
    "home": "home", "back": "back", "enter": "enter", "backspace": "delete", "power": "power", "tab": "tab",
    "volume up": "volume_up", "volume down": "volume_down",
}  # fmt: skip
_PASSED: Final = (
    "assertVisible", "assertNotVisible", "extendedWaitUntil", "waitForAnimationToEnd", "eraseText", "hideKeyboard",
    "takeScreenshot", "stopApp",
)  # fmt: skip
_FINGER: Final = {"UP": "down", "DOWN": "up", "LEFT": "right", "RIGHT": "left"}
_LINE: Final = re.compile(r"( *)(- )?(?:([\w]+)(?::(?: +(.*))?)?|(\".*\"|'.*'))\s*")
_FROM: Final = {"from", "id", "text", "index"}  # where on the page: it is scrolled as a whole
_FIELDS: Final = {
    "launchApp": {"appId", "stopApp"}, "inputText": {"text"}, "scroll": set[str](),
    "swipe": {"direction", "duration", *_FROM}, "back": set[str](), "pressKey": set[str](),
}  # fmt: skip
_PATTERN: Final = re.compile(r"\$\{([^}]*)\}|\\(.)|\\$|[\^$|?*+()\[\]{}]", re.DOTALL)


@dataclass(slots=True)
class _Command:
    line: int
    name: str
    value: str
    fields: dict[str, str] = field(default_factory=dict)


def read_maestro(source: str) -> Imported:
    """The wishes of a flow.

    Raises:
        ImportRefused: a line is beyond the subset, or a command is not known; names it.
    """
    lines = source.splitlines()
    if len(lines) > LINES_MAX:
        raise ImportRefused(f"the flow has {len(lines)} lines; {LINES_MAX} are allowed")
    cut = next((number for number, line in enumerate(lines) if line.strip() == "---"), -1)
    head = _head(lines[: max(cut, 0)])
    wishes: list[tuple[int, Wish]] = []
    passed: list[str] = []
    for command in _commands(lines, cut + 1):
        wish = _wish(command, head)
        if wish is None:
            passed.append(f"line {command.line}: {command.name}")
        else:
            wishes.append((command.line, wish))
    return Imported(tuple(wishes), tuple(passed))


def _head(lines: list[str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        if (parsed := _parsed(line, number)) is not None:
            deep, _, key, value = parsed
            values[f"env.{key}" if deep else key] = value
    return values


def _commands(lines: list[str], start: int) -> list[_Command]:
    commands: list[_Command] = []
    for number, line in enumerate(lines[start:], start + 1):
        if (parsed := _parsed(line, number)) is None:
            continue
        deep, item, key, value = parsed
        if item and deep == 0:
            commands.append(_Command(number, key, value))
        elif commands and deep and not item:
            commands[-1].fields[key] = value
        elif not (commands and item and commands[-1].name in _PASSED):
            raise ImportRefused(f"line {number} is beyond the commands that are read here: {line.strip()[:80]!r}")
    return commands


def _parsed(line: str, number: int) -> tuple[int, bool, str, str] | None:
    if not line.strip() or line.lstrip().startswith("#"):
        return None
    match = _LINE.fullmatch(line)
    if match is None or match[5] is not None:
        raise ImportRefused(f"line {number} is beyond the YAML that is read here: {line.strip()[:80]!r}")
    return len(match[1]), match[2] is not None, match[3], _scalar(match[4] or "", number)


def _scalar(said: str, number: int) -> str:
    text = said.strip()
    if text.startswith('"'):
        quoted = re.match(r'"(?:[^"\\]|\\.)*"', text)
        try:
            return str(json.loads(quoted[0])) if quoted else ""
        except ValueError as error:
            raise ImportRefused(f"line {number}: {text[:80]!r} cannot be read") from error
    if text.startswith("'"):
        return text[1 : text.rfind("'")].replace("''", "'")
    if text.startswith(("&", "*", "!", "|", ">", "{", "[")):
        raise ImportRefused(f"line {number}: {text[:80]!r} is beyond the YAML that is read here")
    return text.partition(" #")[0].strip()


def _wish(command: _Command, head: Mapping[str, str]) -> Wish | None:
    if command.name in _FIELDS and (unknown := set(command.fields) - _FIELDS[command.name]):
        raise ImportRefused(f"line {command.line}: {command.name} with {', '.join(sorted(unknown))} cannot be imported")

    def plain(said: str) -> str:
        return _filled(said, head, command.line)

    match command.name:
        case "launchApp":
            package = plain(command.fields.get("appId") or command.value or head.get("appId", ""))
            if not package:
                raise ImportRefused(f"line {command.line}: which app is not said")
            return OpenApp(package)
        case "tapOn":
            return WishTap(_target(command, head))
        case "doubleTapOn":
            return WishTap(_target(command, head), 2)
        case "longPressOn":
            return WishHold(_target(command, head))
        case "inputText":
            return WishType(plain(command.fields.get("text", command.value)))
        case "back" | "pressKey" if (key := (plain(command.value) or "back").lower()) in _KEYS:
            return PressKey(_KEYS[key])  # type: ignore[arg-type]
        case "scroll" | "swipe" if (finger := plain(command.fields.get("direction", "UP")).upper()) in _FINGER:
            return WishScroll(_FINGER[finger])  # type: ignore[arg-type]
        case name if name in _PASSED:
            return None
    raise ImportRefused(f"line {command.line}: {command.name} cannot be imported")


def _target(command: _Command, head: Mapping[str, str]) -> Named:
    fields, line = command.fields, command.line
    if unknown := set(fields) - {"text", "id", "index"}:
        raise ImportRefused(f"line {line}: an element cannot be named by {', '.join(sorted(unknown))}")
    text, entry = fields.get("text", command.value), fields.get("id", "")
    index = _filled(fields.get("index", "0"), head, line)
    if not (text or entry) or not (index.isascii() and index.isdigit()):
        raise ImportRefused(f"line {line}: what to tap is not said")
    return Named(_literal(entry, head, line), _literal(text, head, line), instance=int(index), either=True)


def _literal(pattern: str, head: Mapping[str, str], line: int) -> str:
    """The text a pattern fits literally. A value of `env` is put in as it is: as what it names, not as a pattern.

    Raises:
        ImportRefused: it is a real pattern, or a variable has no value.
    """

    def plain(match: re.Match[str]) -> str:
        if match[1] is not None:
            return _value(match[1], head, line)
        if match[2] is None or match[2].isalnum():
            raise ImportRefused(f"line {line}: {pattern[:80]!r} is a pattern ({match[0]}); write the text itself")
        return match[2]

    return _PATTERN.sub(plain, pattern)


def _filled(said: str, head: Mapping[str, str], line: int) -> str:
    """Words with their variables filled in; `\\${` is the sign itself."""

    def plain(match: re.Match[str]) -> str:
        return "${" if match[1] is None else _value(match[1], head, line)

    return re.sub(r"\\\$\{|\$\{([^}]*)\}", plain, said)


def _value(name: str, head: Mapping[str, str], line: int) -> str:
    if not (value := head.get(f"env.{name.strip()}")):
        raise ImportRefused(f"line {line}: ${{{name}}} has no value in env, and scripts are not run")
    return value.replace("\\${", "${")
