"""A recipe as a plain Python script for uiautomator2: it runs as it is, without anything of ours.

The script waits for each target, scrolls to what is not shown, and holds what a plain query can hold of the checks
(the app, what is said, a mark of the page). It asks before what cannot be undone. It does not heal, and a page that
looks right is right to it. Texts of screens become literals, never code; a secret is asked for when it runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import assert_never

from device.actions import OpenApp, PressKey
from replay.checks import AppIs, Gone, Says, Shown, SwitchIs
from replay.export.plan import Place, Plan, Planned, Query, Slot, Text, pieces, refuse_keys, refuse_reading
from replay.recipe import DoubleTapOn, KeyIn, LongPressOn, ReadOut, ScrollIn, SetSwitch, TapOn, TypeInto
from replay.secrecy import names_in

_HEAD = Path(__file__).parent / "u2_head.txt"
_NAMES = {"resource_id": "resourceId", "text": "text", "description": "description", "cls": "className"}
_CODES = {"wakeup": 224, "sleep": 223, "tab": 61, "escape": 111, "page_up": 92, "page_down": 93}
_FINGER = {"down": "up", "up": "down", "left": "right", "right": "left"}  # content follows the finger


def to_uiautomator2(plan: Plan) -> str:
    """The script."""
    lines = [
        f'"""{_comment(plan.recipe.name)}: exported from a recorded task; needs only `pip install uiautomator2`."""',
        "",
        f"TASK = {plan.recipe.task!a}",
        f"VALUES = {dict(plan.values)!a}",
        "",
        _HEAD.read_text(encoding="utf-8").rstrip(),
    ]
    for one in plan.steps:
        lines += ["", f"step = {one.number}  # {_comment(one.says)}", *_lines(one)]
    lines += ["", 'print(f"done: {step} steps")', ""]
    return "\n".join(lines)


def _lines(one: Planned) -> Iterator[str]:
    step = one.step
    if step.for_good:
        yield f"irreversible({_value(pieces(step.says))})"
    yield from _act(one)
    for check in step.after:
        match check:
            case AppIs(package):
                yield f"in_front({package!a})"
            case Says(text):
                yield f"said({_value(pieces(text))})"
            case Shown() | Gone() | SwitchIs():
                continue
    if one.landmark:
        yield f"on_screen(resourceId={one.landmark!a})"


def _act(one: Planned) -> Iterator[str]:
    move = one.step.move
    match move:
        case OpenApp(package):
            yield f"d.app_start({package!a}, stop=True)  # from its first page, as it was recorded"
        case PressKey(key):
            yield f"d.press({_CODES.get(key) or ascii(key)})"
        case ScrollIn(direction):
            box = "" if one.target is None or isinstance(one.target, Place) else _box(one.target)
            yield f"d.swipe_ext({_FINGER[direction]!a}, scale=0.6{box})"
        case TypeInto(_, text):
            yield f"{_found(one.target)}.set_text({_text(text)})"
        case KeyIn():
            refuse_keys(one)
        case ReadOut():
            refuse_reading(one)
        case SetSwitch(_, on) if not isinstance(one.target, Place):
            yield f"switch({_found(one.target)}, {on})"
        case TapOn() | SetSwitch():
            yield _touch(one.target, "click")
        case DoubleTapOn():
            yield _touch(one.target, "double_click")
        case LongPressOn(_, duration_s):
            yield _touch(one.target, "long_click", f"duration={float(duration_s)!r}")
        case _:
            assert_never(move)


def _touch(target: Query | Place | None, how: str, more: str = "") -> str:
    if isinstance(target, Place):
        return f"d.{how}(*at({target.across!r}, {target.down!r}){', ' + more if more else ''})"
    if how == "double_click":
        return f"d.double_click(*{_found(target)}.center())"
    return f"{_found(target)}.{how}({more})"


def _found(target: Query | Place | None) -> str:
    if isinstance(target, Query):
        return f"find({_query(target)})"
    return "d(focused=True)"  # a field with nothing to name it: it was tapped before


def _box(target: Query) -> str:
    return f", box=find({_query(target)}).bounds()"


def _query(query: Query) -> str:
    parts = [f"{_NAMES[name]}={_value(text)}" for name, text in query.attributes]
    if query.instance is not None:
        parts.append(f"instance={query.instance}")
    return ", ".join(parts)


def _text(template: str) -> str:
    names = names_in(template)
    return f"secret({names[0]!a})" if names else _value(pieces(template))


def _value(text: Text) -> str:
    """A template as a Python expression of literals and values."""
    return " + ".join(f"VALUES[{one.name!a}]" if isinstance(one, Slot) else ascii(one) for one in text)


def _comment(said: str) -> str:
    """One line of printable ASCII, which ends neither a comment nor a docstring."""
    return ascii(" ".join(said.split()))[1:-1].replace('"', "'").replace("\\", "/")
