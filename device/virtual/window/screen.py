"""Puts the frame together: which windows there are, in which order, which of them has the keys and the keyboard.

`live` is the screen as of now; `shown` is what the person sees, which lags behind on a slow phone. Touches go by what
is shown, text by what is live.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from device.virtual.window.app_code import AppCode
from device.virtual.window.call import Calls
from device.virtual.window.compose import Compositor, Screen, chain, find
from device.virtual.window.context import Context
from device.virtual.window.dialogs import Dialogs, page_dialog
from device.virtual.window.drift import Drift, drifted
from device.virtual.window.editing import Editing, caret_at
from device.virtual.window.frame import Box, Frame, Window
from device.virtual.window.keyboard import Keyboard
from device.virtual.window.layout import TextMeasure
from device.virtual.window.lock import PIN_FIELD, PIN_WINDOW, Lock
from device.virtual.window.notifications import Notifications
from device.virtual.window.recents import Recents
from device.virtual.window.shade import Bars, Shade
from device.virtual.window.stack import HOME_PACKAGE, Activity, Stack, app_of
from device.virtual.window.surface import Surface
from device.virtual.window.view import View

SETTLE_ROUNDS = 5  # a new field's focus, the keyboard it opens, and the scroll that shows it each lay out once more


@dataclass(frozen=True, slots=True)
class Parts:
    """What windows come from."""

    stack: Stack
    recents: Recents
    dialogs: Dialogs
    calls: Calls
    lock: Lock
    notifications: Notifications
    shade: Shade
    keyboard: Keyboard


class ScreenBuilder:
    """The screen of one phone.

    Args:
        before: that of the same phone before it restarted: its faults stay, and frames are numbered on from there.
    """

    def __init__(
        self,
        context: Context,
        code: AppCode,
        compositor: Compositor,
        measure: TextMeasure,
        before: ScreenBuilder | None = None,
    ) -> None:
        self._context = context
        self._code = code
        self._compositor = compositor
        self._measure = measure
        self.editing = Editing(compositor, self.active, self.handle)
        self.secure: bool = before is not None and before.secure  # every app window is marked secure
        self.drift: Drift | None = before.drift if before is not None else None
        self.slow_s: float = before.slow_s if before is not None else 0.0
        self._parts: Parts
        self._bars: Bars
        self._surfaces: dict[str, Surface] = {}
        self._live: Frame | None = before._live if before is not None else None
        self._live_key: tuple[object, ...] = ()
        self._shown: Frame | None = None
        self._shown_due_s: float | None = None
        self._pending_focus: tuple[str, str] | None = None
        self._revealed: tuple[object, ...] = ()

    def install(self, parts: Parts, bars: Bars) -> None:
        """Hands in what windows come from; called once, before anything is asked."""
        self._parts = parts
        self._bars = bars

    # ---- frames

    def live(self) -> Frame:
        """The screen as of now."""
        key = self._key()
        if self._live is None or key != self._live_key:
            windows = self._compose()
            self._live = self._numbered(windows)
            self._live_key = self._key()
        return self._live

    def shown(self) -> Frame:
        """The screen as the person sees it."""
        live = self.live()
        if self._shown is None or self.slow_s <= 0 or live.screen_on != self._shown.screen_on:
            self._shown, self._shown_due_s = live, None
        elif live is not self._shown:
            now_s = self._context.now_s()
            if self._shown_due_s is None:
                self._shown_due_s = now_s + self.slow_s
            if now_s >= self._shown_due_s:
                self._shown, self._shown_due_s = live, None
        return self._shown

    def active(self) -> Window | None:
        """The window keys go to."""
        return active_window(self.live())

    def handle(self, window: str, act: Callable[[], object]) -> None:
        """Runs a handler of one of a window's views; the window may have gone from the screen since."""
        package = app_of(window)
        if package is None:
            act()
        else:
            self._code.run(package, act)
        self._context.changed()

    def surface(self, window: str) -> Surface | None:
        self.live()
        return self._surfaces.get(window)

    def keyboard_shown(self) -> bool:
        return any(window.kind == "keyboard" for window in self.live().windows)

    def closed(self, window: str) -> None:
        """A page has gone: nothing of its windows is kept."""
        self._compositor.forget(window)
        self._compositor.forget(dialog_name(window))

    def focus_field(self, package: str, view_id: str) -> None:
        """Gives a field the focus as soon as it is on the screen."""
        self._pending_focus = (package, view_id)
        self._context.changed()

    def field_tapped(self, window: Window, box: Box, x_px: float) -> None:
        """A finger puts the caret into a field, which brings up the keyboard."""
        context, style = self._context, box.view.style
        size_px = max(1, round(style.text_sp * context.density * context.prefs.font_scale))
        left_px = box.bounds.left + context.px(box.view.pad.left)
        self.editing.focus(window, box, caret_at(box, x_px, size_px, self._measure, left_px))
        if window.name != PIN_WINDOW:
            self._parts.keyboard.open(window.name)

    def _key(self) -> tuple[object, ...]:
        context = self._context
        return (context.version, context.store.revision, self._compositor.version)

    def _numbered(self, windows: tuple[Window, ...]) -> Frame:
        """A frame gets a new number when it looks different from the last one."""
        context, prefs, last = self._context, self._context.prefs, self._live
        number = 1 if last is None else last.number
        frame = Frame(
            number=number,
            size=context.size,
            density=context.density,
            rotation=prefs.rotation,
            dark=prefs.dark,
            locale=prefs.locale,
            screen_on=self._parts.lock.screen_on,
            windows=windows,
            font_scale=prefs.font_scale,
        )
        if last is None or frame == last:
            return frame
        return replace(frame, number=number + 1)

    # ---- windows

    def _compose(self) -> tuple[Window, ...]:
        windows: tuple[Window, ...] = ()
        for _ in range(SETTLE_ROUNDS):
            surfaces = self._stacked()
            self._surfaces = {surface.name: surface for surface in surfaces}
            windows = self._laid_out(surfaces)
            if not self._settle(windows):
                break
        return windows

    def _stacked(self) -> list[Surface]:
        """All windows' surfaces, bottom first; the keyboard's is added once its field is known."""
        parts = self._parts
        lock = parts.lock.surface()
        found: list[Surface | None] = []
        if lock is None:
            found += self._app_surfaces()
        else:
            found.append(lock)
        found.append(parts.calls.surface())
        found.append(self._bars.status(len(parts.notifications.all())))
        if lock is None:
            if not parts.shade.open:
                found.append(parts.notifications.heads_up())
            found.append(parts.shade.surface())
            found.append(self._bars.navigation())
        if parts.lock.screen_on:
            found.append(parts.notifications.toast_surface())
        return [surface for surface in found if surface is not None]

    def _app_surfaces(self) -> list[Surface | None]:
        parts = self._parts
        recents = parts.recents.surface()
        if recents is not None:
            return [recents, parts.dialogs.surface("")]
        front = parts.stack.front
        if front is None:
            return [parts.dialogs.surface("")]
        package = parts.stack.front_package
        looked = self._looked(front, package)
        if looked is None:
            return self._app_surfaces()  # it crashed: another one is in front now
        view, dialog = looked
        secure = self.secure or front.page.secure
        page = Surface(
            name=front.window,
            kind="app",
            package=package,
            activity=front.name,
            view=view,
            place="page",
            secure=secure,
        )
        found: list[Surface | None] = [page]
        name = dialog_name(front.window)
        if dialog is None:
            self._compositor.forget(name)
        else:
            found.append(page_dialog(name, page, dialog, self._cancel(front, package)))
        found.append(parts.dialogs.surface(package))
        return found

    def _cancel(self, activity: Activity, package: str) -> Callable[[], None]:
        def cancelled() -> None:
            self._code.run(package, activity.page.dialog_cancelled)
            self._context.changed()

        return cancelled

    def _looked(self, activity: Activity, package: str) -> tuple[View, View | None] | None:
        """What a page shows now; None if it crashes. Asked again only after something changed."""
        context = self._context
        key = (context.version, context.store.revision, self.drift)
        if activity.looked is None or activity.looked[0] != key:
            page = activity.page
            looked = self._code.call(package, lambda: (page.view(), page.dialog()))
            if looked is None:
                return None
            view, dialog = looked
            drift = self.drift
            if drift is not None and package != HOME_PACKAGE and drift.concerns(package):
                labels = self._labels(activity)
                view = drifted(view, drift, labels, context.prefs.locale)
                dialog = None if dialog is None else drifted(dialog, drift, labels, context.prefs.locale)
            activity.looked = (key, view, dialog)
        return activity.looked[1], activity.looked[2]

    def _labels(self, activity: Activity) -> frozenset[str]:
        """The app's own words, as against what its user wrote."""
        strings = activity.page.app.strings
        return frozenset(words for table in strings.values() for words in table.values())

    def _laid_out(self, surfaces: list[Surface]) -> tuple[Window, ...]:
        keys = next((surface for surface in reversed(surfaces) if surface.takes_keys), None)
        keyboard, context = self._parts.keyboard, self._context
        up = (
            keys is not None
            and keyboard.wanted_by == keys.name
            and not keyboard.silent
            and self._parts.lock.screen_on
            and self._compositor.state(keys.name).focus is not None
        )
        screen = Screen(context.size, context.density, context.prefs.font_scale, keyboard.height_px() if up else 0)
        windows: list[Window] = []
        for surface in surfaces:
            window = self._compositor.window(surface, screen)
            windows.append(window)
            if up and surface is keys:
                field = self.editing.focused_in(window)
                if field is not None:
                    board = keyboard.surface(field.view.input)
                    self._surfaces[board.name] = board
                    windows.append(self._compositor.window(board, screen))
        return tuple(windows)

    # ---- focus

    def _settle(self, windows: tuple[Window, ...]) -> bool:
        """Brings focus, keyboard and scroll in line with what was laid out; True if that changed anything."""
        window = _keys_window(windows)
        keyboard = self._parts.keyboard
        if keyboard.wanted_by is not None and (window is None or keyboard.wanted_by != window.name):
            return keyboard.close()
        if window is None:
            return False
        if self._take_pending_focus(window):
            return True
        state = self._compositor.state(window.name)
        if state.focus is not None and find(window, state.focus) is None:
            state.focus_on(None)
            keyboard.close()
            return True
        if window.name == PIN_WINDOW:
            return self._keep_pin_caret(window)
        return self._reveal(window)

    def _keep_pin_caret(self, window: Window) -> bool:
        """The PIN field always has the focus, and its caret stays behind the last digit, typed or from the pad."""
        state = self._compositor.state(window.name)
        field = None if state.focus is None else find(window, state.focus)
        if field is not None and state.cursor == len(field.view.text):
            return False
        return self._focus_by_id(window, PIN_FIELD)

    def _take_pending_focus(self, window: Window) -> bool:
        if self._pending_focus is None or window.package != self._pending_focus[0]:
            return False
        package, view_id = self._pending_focus
        self._pending_focus = None
        if self._focus_by_id(window, view_id) or self._focus_by_id(window, f"{package}:id/{view_id}"):
            self._parts.keyboard.open(window.name)
            return True
        return False

    def _focus_by_id(self, window: Window, view_id: str) -> bool:
        for box in window.root.walk():
            if box.view.kind == "edit" and box.view.id == view_id:
                self.editing.focus(window, box)
                return True
        return False

    def _reveal(self, window: Window) -> bool:
        """Scrolls a field that has just got the focus, or lost its room to the keyboard, into sight."""
        state = self._compositor.state(window.name)
        now = (window.name, state.focus, window.bounds)
        if state.focus is None or now == self._revealed:
            return False
        self._revealed = now
        boxes = chain(window, state.focus)
        field = boxes[-1]
        for box in reversed(boxes[:-1]):
            if box.view.kind == "scroll" and box.scroll is not None:
                beyond = field.bounds.bottom - box.visible.bottom
                if field.bounds.top < box.visible.top:
                    beyond = field.bounds.top - box.visible.top
                elif beyond <= 0:
                    return False
                return self._shift(window.name, box, beyond)
        return False

    def _shift(self, window: str, box: Box, by_px: int) -> bool:
        state = self._compositor.state(window)
        assert box.scroll is not None  # asked for only with a scrolling box
        state.offsets_px[box.path] = min(max(0, box.scroll.offset_px + by_px), box.scroll.max_offset_px)
        state.touched()
        return True


def dialog_name(page_window: str) -> str:
    """The name of the window of a page's own dialog."""
    return f"{page_window} dialog"


def active_window(frame: Frame) -> Window | None:
    """The window that takes the keys: the uppermost page, dialog, shade or lock screen."""
    return _keys_window(frame.windows)


def _keys_window(windows: tuple[Window, ...]) -> Window | None:
    return next((one for one in reversed(windows) if one.kind in ("app", "dialog", "lock", "shade")), None)
