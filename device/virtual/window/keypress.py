"""What each of Android's keys does."""

from __future__ import annotations

from collections.abc import Callable

from device.virtual.window import keys
from device.virtual.window.context import Context
from device.virtual.window.frame import Box, Window
from device.virtual.window.navigation import Navigation
from device.virtual.window.screen import Parts, ScreenBuilder
from device.virtual.window.touch import TouchRouter

VOLUME_MAX = 15
_WORK_WHILE_OFF = frozenset(
    {keys.POWER, keys.WAKEUP, keys.SLEEP, keys.VOLUME_UP, keys.VOLUME_DOWN, keys.VOLUME_MUTE, keys.CALL, keys.END_CALL}
)


class KeyPresses:
    """The keys of one phone."""

    def __init__(
        self, context: Context, parts: Parts, screen: ScreenBuilder, navigation: Navigation, touches: TouchRouter
    ) -> None:
        self._context = context
        self._parts = parts
        self._screen = screen
        self._touches = touches
        self.clipboard: str | None = None
        editing = screen.editing
        self._actions: dict[int, Callable[[], object]] = {
            keys.BACK: navigation.back,
            keys.ESCAPE: navigation.back,
            keys.HOME: navigation.home,
            keys.APP_SWITCH: navigation.recents,
            keys.POWER: self._power(navigation),
            keys.WAKEUP: navigation.wake,
            keys.SLEEP: navigation.sleep,
            keys.NOTIFICATION: parts.shade.show,
            keys.CALL: parts.calls.answer,
            keys.END_CALL: lambda: parts.calls.end() or navigation.sleep(),
            keys.VOLUME_UP: lambda: self._volume(+1),
            keys.VOLUME_DOWN: lambda: self._volume(-1),
            keys.VOLUME_MUTE: lambda: self._volume(-VOLUME_MAX),
            keys.DEL: editing.delete,
            keys.FORWARD_DEL: lambda: editing.delete(forward=True),
            keys.CLEAR: editing.clear,
            keys.ENTER: self._enter,
            keys.NUMPAD_ENTER: self._enter,
            keys.DPAD_CENTER: self._enter,
            keys.TAB: editing.next_field,
            keys.MOVE_HOME: lambda: editing.move_caret("start"),
            keys.MOVE_END: lambda: editing.move_caret("end"),
            keys.DPAD_LEFT: lambda: editing.move_caret(-1),
            keys.DPAD_RIGHT: lambda: editing.move_caret(1),
            keys.PAGE_UP: lambda: self._page(-1),
            keys.PAGE_DOWN: lambda: self._page(1),
            keys.COPY: self._copy,
            keys.CUT: lambda: self._copy() and editing.clear(),
            keys.PASTE: self.paste,
        }

    def press(self, code: int, *, long: bool = False) -> bool:
        """One key down and up; False if Android has no such key. A long press of home or power does nothing here."""
        if code not in keys.KNOWN and code not in self._actions:
            return False
        if not self._parts.lock.screen_on and code not in _WORK_WHILE_OFF:
            return True
        if long and code in (keys.HOME, keys.POWER, keys.APP_SWITCH):
            return True
        action, typed = self._actions.get(code), keys.character(code)
        if action is not None:
            action()
        elif typed is not None:
            self._screen.editing.insert(typed)
        return True

    def paste(self) -> bool:
        """The clipboard's text at the caret; False if there is no field or nothing to paste."""
        return bool(self.clipboard) and self._screen.editing.insert(self.clipboard or "")

    def _power(self, navigation: Navigation) -> Callable[[], object]:
        return lambda: navigation.sleep() if self._parts.lock.screen_on else navigation.wake()

    def _enter(self) -> None:
        self._screen.editing.enter()

    def _copy(self) -> bool:
        box = self._screen.editing.focused()
        if box is None or not box.view.text or box.view.input == "password":
            return False
        self.clipboard = box.view.text
        return True

    def _volume(self, steps: int) -> None:
        settings = self._context.settings
        before = settings.get("system", "volume_music") or "5"
        level = min(VOLUME_MAX, max(0, int(before) + steps)) if before.isdigit() else 5
        settings.put("system", "volume_music", str(level))

    def _page(self, direction: int) -> None:
        window = self._screen.active()
        box = None if window is None else _first_scrolling(window)
        if window is not None and box is not None and box.scroll is not None:
            self._touches.scroll_by(window.name, box, direction * box.scroll.viewport_px)


def _first_scrolling(window: Window) -> Box | None:
    return next((box for box in window.root.walk() if box.view.kind == "scroll" and box.scroll is not None), None)
