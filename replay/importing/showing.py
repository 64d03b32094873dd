"""Wishes carried out once on a device, and kept as a demonstration: that is what makes a recipe of them.

A log or a flow has no screens, and a recipe without evidence would be a guess. So each wish is looked for on the screen
as it is, must fit one element (or the one of its rank), and is done as a person would; the recipe is distilled from
what was seen. What cannot be undone is asked about first; without a yes nothing of it is done.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from device.actions import Action, DoubleTap, InputText, LongPress, OpenApp, Point, PressKey, Tap
from device.clock import Clock
from device.protocol import Device
from perception.element import Element
from perception.features import features
from perception.words import normal
from replay.aiming import aim
from replay.demonstration import Demonstration, touchable
from replay.detours import to_the_start
from replay.distill import Done, Held, Scrolled, Tapped, Typed
from replay.importing.wishes import ImportRefused, Named, Wish, WishHold, WishScroll, WishTap, WishType
from replay.moving import anywhere
from replay.recipe import ScrollIn
from replay.side_effects import is_for_good

BACKS_MAX: Final = 6  # chosen: pages of one task deep; then the app is as it is, and the wish says what is missing
Allow = Callable[[str], bool]


class NotAllowed(ImportRefused):
    """A step that cannot be undone was not allowed; nothing of it was done."""

    next_step = "Run it where you can answer, or take that line out."


def show(device: Device, wishes: Sequence[tuple[int, Wish]], allow: Allow, *, clock: Clock | None = None) -> list[Done]:
    """Does the wishes on a device, in order, and returns what was done.

    Args:
        allow: asked, in words, before what cannot be undone.

    Raises:
        ImportRefused: nothing, or more than one thing, fits a wish; names the line. DeviceError: as the device says.
    """
    hand = _Hand(device, clock=clock)
    for (line, wish), (_, following) in zip(wishes, (*wishes[1:], (0, None)), strict=True):
        hand.grant(wish, line, allow)
        if isinstance(wish, OpenApp):
            hand.to_the_start(wish, getattr(following, "target", None))
    return hand.done


class _Hand(Demonstration):
    """A demonstration that is told by wishes."""

    def grant(self, wish: Wish, line: int, allow: Allow) -> None:
        match wish:
            case OpenApp():
                self._did(wish, wish)
            case PressKey(key):
                if key == "enter" and not allow(f"line {line}: press enter"):
                    raise NotAllowed(f"line {line}, press enter, was not allowed")
                self._did(wish, wish)
            case WishScroll(direction):
                self._did(anywhere(ScrollIn(direction), self.screen), Scrolled(direction))
            case WishTap(target, times):
                element, point = self._reached(target, line, allow)
                self._did(DoubleTap(point) if times == 2 else Tap(point), Tapped(element, times))
            case WishHold(target, duration_s):
                element, point = self._reached(target, line, allow)
                self._did(LongPress(point, duration_s), Held(element, duration_s))
            case WishType(text, target):
                self._type(text, target, line, allow)

    def to_the_start(self, opened: OpenApp, wanted: Named | None) -> None:
        """The app may come up where it was left: back, until what is wanted next is there, as a replay goes."""
        for _ in range(BACKS_MAX):
            if wanted is None or any(_fits(element, wanted) for element in self.screen.visible_elements()):
                break
            if (way := to_the_start(opened, self.screen)) is None:
                break
            self._device.perform(way.action)
            self.screen = self._settled()
        self.done[-1] = replace(self.done[-1], after=self.screen)

    def _type(self, text: str, target: Named | None, line: int, allow: Allow) -> None:
        if target is not None:
            _, point = self._reached(target, line, allow)
            self._device.perform(Tap(point))
            self.screen = self._settled()
        elif self.done and isinstance(tapped := self.done[-1].did, Tapped) and tapped.element.editable:
            self.done.pop()  # the tap that gave the field the focus is part of typing
        field = next((one for one in self.screen.visible_elements() if one.focused and one.editable), None)
        if field is None:
            raise ImportRefused(f"line {line}: no field has the focus")
        self._did(InputText(text, replace=True), Typed(field, text))

    def _did(self, action: Action, did: Tapped | Held | Typed | Scrolled | PressKey | OpenApp) -> None:
        before = self.screen
        self._device.perform(action)
        self.screen = self._settled()
        self.done.append(Done(before, did, self.screen))

    def _reached(self, target: Named, line: int, allow: Allow) -> tuple[Element, Point]:
        element = self._fitting(target, line)
        said = (element.text, element.description, *features(self.screen).label(element))
        if is_for_good(said, entry=element.entry):
            name = next((text for text in said if text), element.entry)
            if not allow(f"line {line}: touch {name!r}"):
                raise NotAllowed(f"line {line}, {name!r}, was not allowed")
        point = aim(self.screen, element).point
        if point is None:
            raise ImportRefused(f"line {line}: it is there, but cannot be reached")
        return element, point

    def _fitting(self, target: Named, line: int) -> Element:
        found: dict[int, Element] = {}
        for element in self.screen.visible_elements():
            if _fits(element, target):
                touched = touchable(self.screen, element)
                found[touched.index] = touched
        ranked = list(found.values())
        if target.instance < len(ranked) and (target.instance or len(ranked) == 1):
            return ranked[target.instance]
        raise ImportRefused(f"line {line}: {len(ranked)} things on the screen fit it")


def _fits(element: Element, target: Named) -> bool:
    said = normal(target.text)
    texts = (element.text, element.description, element.hint) if target.either else (element.text,)
    return (
        (not said or said in map(normal, texts))
        and (not target.description or normal(target.description) == normal(element.description))
        and (not target.cls or target.cls == element.cls)
        and (not target.resource_id or target.resource_id in (element.resource_id, element.entry))
    )
