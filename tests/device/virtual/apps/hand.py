"""A finger and an eye for tests: finds what is on the virtual screen by its words, taps, types and scrolls.

It sees what a person sees: only visible views of the uppermost windows. Time moves by the phone's own clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from device.clock import ManualClock
from device.virtual.phone import PhoneConfig, VirtualPhone
from device.virtual.state import Row
from device.virtual.window.frame import Box
from device.virtual.window.layout import FixedMeasure
from device.virtual.window.view import View

TAP_S, SETTLE_S = 0.05, 0.5


class NotOnScreen(AssertionError):
    """Nothing visible has these words; the message lists what has."""


class Hand:
    def __init__(self, phone: VirtualPhone, clock: ManualClock) -> None:
        self.phone = phone
        self.clock = clock
        self.windows = phone.windows

    def open(self, package: str, activity: str | None = None, **extras: Any) -> Hand:
        assert self.windows.start(package, activity, **extras), f"{package}/{activity} does not start"
        return self._settled()

    def sees(self, words: str) -> bool:
        return next(self._matches(words), None) is not None

    def texts(self) -> list[str]:
        """Every text and content description on the screen, in order, of the uppermost window first."""
        return [words for box in self._visible() for words in (box.view.text, box.view.desc) if words]

    def find(self, words: str, nth: int = 0) -> Box:
        """The nth visible view with this text, content description, id or, in an empty field, hint."""
        found = list(self._matches(words))
        if len(found) <= nth:
            raise NotOnScreen(f"{words!r} is not on the screen: {self.texts()}")
        return found[nth]

    def view(self, words: str) -> View:
        return self.find(words).view

    def tap(self, words: str, nth: int = 0) -> Hand:
        self._press(self.find(words, nth), TAP_S)
        return self._settled()

    def long_press(self, words: str) -> Hand:
        self._press(self.find(words), 0.8)
        return self._settled()

    def type(self, field: str, words: str) -> Hand:
        """Taps a field and types; what it held stays."""
        self.tap(field)
        assert self.windows.type_text(words), f"{field!r} takes no text"
        return self._settled()

    def replace(self, field: str, words: str) -> Hand:
        """Taps a field and types something else into it."""
        self.tap(field)
        self.windows.clear_text()
        assert self.windows.type_text(words), f"{field!r} takes no text"
        return self._settled()

    def back(self) -> Hand:
        self.windows.key("back")
        return self._settled()

    def scroll_to(self, words: str, *, swipes: int = 12) -> Hand:
        """Swipes the longest list up until the words are on the screen."""
        for _ in range(swipes):
            if self.sees(words):
                return self
            self._swipe_up()
        raise NotOnScreen(f"{words!r} is not in the list: {self.texts()}")

    def wait(self, seconds: float) -> Hand:
        self.clock.advance(seconds)
        self.windows.frame()
        return self

    def toast(self) -> str | None:
        return self.windows.last_toast()

    def rows(self, table: str) -> list[Row]:
        return self.phone.store.table(table).rows()

    def setting(self, namespace: str, key: str) -> str | None:
        return self.phone.settings.get(namespace, key)

    def _press(self, box: Box, duration_s: float) -> None:
        x, y = box.visible.center
        self.windows.pointer("down", x, y)
        self.clock.advance(duration_s)
        self.windows.frame()
        self.windows.pointer("up", x, y)

    def _swipe_up(self) -> None:
        lists = [box for box in self._visible() if box.view.kind == "scroll"]
        assert lists, "nothing scrolls here"
        area = max(lists, key=lambda box: box.visible.height).visible
        x, start, end = area.center[0], area.bottom - area.height // 5, area.top + area.height // 5
        self.windows.pointer("down", x, start)
        for step in range(1, 11):
            self.clock.advance(0.05)
            self.windows.pointer("move", x, start + (end - start) * step // 10)
        self.clock.advance(0.3)  # held, so that it does not fling
        self.windows.pointer("up", x, end)
        self._settled()

    def _settled(self) -> Hand:
        return self.wait(SETTLE_S)

    def _visible(self) -> Iterator[Box]:
        for window in reversed(self.windows.frame().windows):
            yield from (box for box in window.root.walk() if not box.visible.empty)
            if window.modal:
                return

    def _matches(self, words: str) -> Iterator[Box]:
        for box in self._visible():
            view = box.view
            hint = view.hint if view.kind == "edit" and not view.text else ""
            if words in (view.text, view.desc, view.id, hint):
                yield box


def new_phone(clock: ManualClock, **config: Any) -> VirtualPhone:
    """A phone with the factory's apps and no real fonts, whose messages app may read the contacts."""
    phone = VirtualPhone(PhoneConfig(**config), clock=clock, measure=FixedMeasure())
    phone.windows.trouble.strict = True
    if phone.packages.granted("com.android.messaging", "android.permission.READ_CONTACTS") is None:
        phone.packages.grant("com.android.messaging", "android.permission.READ_CONTACTS")
    return phone
