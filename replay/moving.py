"""From a step's move to the action that carries it out, at a place or without one. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, assert_never

from device.actions import Action, DoubleTap, InputText, LongPress, OpenApp, Point, PressKey, Scroll, Tap
from perception.element import Bounds, Element
from perception.screen import Screen
from replay.recipe import DoubleTapOn, KeyIn, LongPressOn, Move, ReadOut, ScrollIn, SetSwitch, TapOn, TypeInto
from replay.slots import fill

PLACELESS_KEYS: Final = ("home", "wakeup", "sleep", "power", "volume_up", "volume_down", "volume_mute")


def on_element(move: Move, at: Point, element: Element, values: Mapping[str, str]) -> Action:
    """The action on an element. `at` is where the finger goes."""
    match move:
        case TapOn() | SetSwitch() | KeyIn():
            return Tap(at)
        case DoubleTapOn():
            return DoubleTap(at)
        case LongPressOn(_, duration_s):
            return LongPress(at, duration_s)
        case TypeInto(_, text):
            return InputText(fill(text, values), replace=True)
        case ScrollIn(direction):
            size = at.measured_on
            box = element.bounds.meet(Bounds(0, 0, size.width_px, size.height_px))
            return Scroll(direction, Point(box.left, box.top, size), Point(box.right - 1, box.bottom - 1, size))
        case PressKey() | OpenApp():
            return move
        case ReadOut():
            raise AssertionError(f"{move} does nothing to the device")
        case _:
            assert_never(move)


def on_point(move: Move, at: Point) -> Action:
    """The action at a place where no element stands: of taps, which need none."""
    match move:
        case TapOn():
            return Tap(at)
        case DoubleTapOn():
            return DoubleTap(at)
        case LongPressOn(_, duration_s):
            return LongPress(at, duration_s)
        case _:
            raise AssertionError(f"{move} needs an element")


def needs_its_page(move: Move) -> bool:
    """Whether it is a key that does something to whatever page is in front."""
    return isinstance(move, PressKey) and move.key not in PLACELESS_KEYS


def anywhere(move: Move, screen: Screen) -> Action:
    """The action of a move that needs no element."""
    match move:
        case PressKey() | OpenApp():
            return move
        case ScrollIn(direction):
            size = screen.size
            low, high = Point(0, size.height_px // 5, size), Point(size.width_px - 1, size.height_px * 4 // 5, size)
            return Scroll(direction, low, high)
        case _:
            raise AssertionError(f"{move} needs a target")
