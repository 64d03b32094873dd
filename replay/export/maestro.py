"""A recipe as a Maestro flow, in the commands Maestro documents (docs.maestro.dev, "Commands").

Slots become `env` values (`${CONTACT}`), texts regular expressions that fit literally, as Maestro reads them. Every
scalar is written as a JSON string, which YAML reads the same. What Maestro has no command for is a comment in the flow
and is named in `left_out`: it has no consent, so an irreversible step is preceded by a comment that says so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from device.actions import OpenApp, PressKey
from replay.checks import Says
from replay.export.plan import Place, Plan, Planned, Query, Slot, Text, pieces, refuse_keys, refuse_reading
from replay.recipe import DoubleTapOn, KeyIn, LongPressOn, ReadOut, ScrollIn, SetSwitch, TapOn, TypeInto
from replay.secrecy import names_in

_WAIT_MS: Final = 10_000
_KEYS: Final = {
    "home": "Home", "enter": "Enter", "delete": "Backspace", "power": "Power", "volume_up": "Volume Up",
    "volume_down": "Volume Down", "tab": "Tab",
}  # fmt: skip
_REGEX: Final = re.compile(r"[\\^$.|?*+()\[\]{}]")
_UNPRINTED: Final = frozenset(map(chr, (*range(0x7F, 0xA0), 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF)))
_FINGER: Final = {"down": "UP", "up": "DOWN", "left": "RIGHT", "right": "LEFT"}


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow file, and what of the recipe is not in it."""

    text: str
    left_out: tuple[str, ...]


def to_maestro(plan: Plan) -> Flow:
    """The flow."""
    left_out: list[str] = []
    lines = [f"appId: {_string(plan.package or 'unknown')}", f"name: {_string(_safe(plan.recipe.name))}"]
    secrets = {name for one in plan.steps for name in names_in(getattr(one.step.move, "text", "") or "")}
    if plan.values or secrets:
        lines.append("env:")
        lines += [f"  {_variable(slot)}: {_string(_safe(value))}" for slot, value in plan.values.items()]
        lines += [f'  {_variable("secret_" + name)}: ""  # give it: maestro test -e …' for name in sorted(secrets)]
    lines.append("---")
    for one in plan.steps:
        lines.append(f"# {one.number}. {_comment(one.says)}")
        if one.step.for_good:
            lines.append("# This cannot be undone, and Maestro does not ask.")
            left_out.append(f"step {one.number}: it is not asked about, though it cannot be undone")
        lines += list(_step(one, left_out))
    return Flow("\n".join(lines) + "\n", tuple(left_out))


def _step(one: Planned, left_out: list[str]) -> Iterator[str]:
    yield from _act(one, left_out)
    for check in one.step.after:
        if isinstance(check, Says):
            said = [_words(pieces(check.text))] if check.whole else [".*", _words(pieces(check.text)), ".*"]
            yield from _until({"text": "".join(said)})
    if one.landmark:
        yield from _until({"id": _literal(one.landmark)})


def _act(one: Planned, left_out: list[str]) -> Iterator[str]:
    match one.step.move:
        case OpenApp(package):
            yield from ("- launchApp:", f"    appId: {_string(package)}", "    stopApp: true")
        case PressKey("back"):
            yield "- back"
        case PressKey(key) if key in _KEYS:
            yield f"- pressKey: {_KEYS[key]}"
        case PressKey(key):
            left_out.append(f"step {one.number}: Maestro cannot press {key}")
            yield f"# left out: Maestro cannot press {key}"
        case ScrollIn(direction):
            yield "- swipe:"
            if isinstance(one.target, Query):
                yield from ("    from:", *_lines(_asked(one.target), 6))
            yield f"    direction: {_FINGER[direction]}"
        case TypeInto(_, text):
            yield from _on("tapOn", one.target)
            yield "- eraseText: 200"
            names = names_in(text)
            typed = f"${{{_variable('secret_' + names[0])}}}" if names else _plain(pieces(text))
            yield f"- inputText: {_string(typed)}"
        case KeyIn():
            refuse_keys(one)
        case ReadOut():
            refuse_reading(one)
        case SetSwitch(_, on) if isinstance(one.target, Query):
            asked = {**_asked(one.target), "checked": on}
            yield from ("- runFlow:", "    when:", "      notVisible:", *_lines(asked, 8), "    commands:")
            yield from (f"      {line}" for line in _on("tapOn", one.target))
        case TapOn() | SetSwitch():
            yield from _on("tapOn", one.target)
        case DoubleTapOn():
            yield from _on("doubleTapOn", one.target)
        case LongPressOn():
            yield from _on("longPressOn", one.target)


def _on(command: str, target: Query | Place | None) -> Iterator[str]:
    yield f"- {command}:"
    if isinstance(target, Query):
        yield from _lines(_asked(target), 4)
    elif target is not None:
        yield f"    point: {_string(f'{target.across:.0%},{target.down:.0%}')}"
    else:
        yield "    focused: true"


def _until(asked: dict[str, object]) -> Iterator[str]:
    yield from ("- extendedWaitUntil:", "    visible:", *_lines(asked, 6), f"    timeout: {_WAIT_MS}")


def _asked(query: Query) -> dict[str, object]:
    """Maestro looks for `text` in texts, descriptions and hints alike; it has no class."""
    asked: dict[str, object] = {}
    for name, text in query.attributes:
        if name == "resource_id":
            asked["id"] = _words(text)
        elif name != "cls":
            asked["text"] = _words(text)
    if query.instance is not None:
        asked["index"] = query.instance
    return asked or {"text": ".*"}


def _lines(asked: dict[str, object], deep: int) -> list[str]:
    written = {key: _string(value) if isinstance(value, str) else json.dumps(value) for key, value in asked.items()}
    return [f"{' ' * deep}{key}: {value}" for key, value in written.items()]


def _words(text: Text) -> str:
    """A template as a regular expression that fits it literally; a slot's value is put in as it is."""
    return "".join("${" + _variable(one.name) + "}" if isinstance(one, Slot) else _literal(one) for one in text)


def _literal(said: str) -> str:
    return _REGEX.sub(r"\\\g<0>", said)


def _plain(text: Text) -> str:
    return "".join("${" + _variable(one.name) + "}" if isinstance(one, Slot) else _safe(one) for one in text)


def _safe(said: str) -> str:
    """A screen's words must not become JavaScript: `${…}` is evaluated unless its sign is escaped."""
    return said.replace("${", "\\${")


def _variable(slot: str) -> str:
    return re.sub(r"\W", "_", slot, flags=re.ASCII).upper()


def _string(said: str) -> str:
    """A double-quoted scalar. What is outside of the basic plane stands as itself: YAML knows no surrogates."""
    quoted = json.dumps(said.encode("utf-8", "replace").decode("utf-8"), ensure_ascii=False)
    return "".join(f"\\u{ord(one):04x}" if one in _UNPRINTED else one for one in quoted)


def _comment(said: str) -> str:
    return "".join(character if character.isprintable() else " " for character in said)
