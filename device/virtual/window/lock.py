"""Screen on and off, the lock screen, and the PIN pad.

A phone that slept wakes to its lock screen: swiping up opens it, or brings up the PIN pad where a PIN is set. While it
is locked no app window is in the frame.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from device.protocol import LockState
from device.virtual.window.context import Context
from device.virtual.window.notifications import Notifications
from device.virtual.window.surface import SYSTEM_UI, Surface, Swipe
from device.virtual.window.view import FILL, Style, View, button, column, edges, edit, frame, row, space, text

PIN_WINDOW = "Bouncer"
PIN_FIELD = f"{SYSTEM_UI}:id/pinEntry"


class Lock:
    """Whether the screen is on, and what stands between the person and the apps.

    Args:
        opened: told when the lock has gone.
    """

    def __init__(
        self, context: Context, notifications: Notifications, pin: str | None, opened: Callable[[], object]
    ) -> None:
        self._context = context
        self._notifications = notifications
        self._opened = opened
        self.pin = pin
        self.screen_on = True
        self._locked = False
        self._asking = False  # the PIN pad is up
        self._entered = ""
        self._wrong = False

    @property
    def state(self) -> LockState:
        if not self._locked:
            return "unlocked"
        return "secure" if self.pin else "swipe"

    def sleep(self) -> bool:
        """Turns the screen off, which locks the phone; False if it was off."""
        was, self.screen_on = self.screen_on, False
        self.lock()
        return was

    def wake(self) -> bool:
        """Turns the screen on, showing the lock screen if it is locked; False if it was on."""
        was, self.screen_on = self.screen_on, True
        self._context.changed()
        return not was

    def lock(self) -> None:
        self._locked = True
        self._asking, self._entered, self._wrong = False, "", False
        self._context.changed()

    def unlock(self) -> None:
        """Opens the phone whatever the lock."""
        if self._locked:
            self._locked = self._asking = False
            self._context.changed()
            self._opened()

    def swiped_up(self) -> None:
        """Opens a swipe lock, or asks for the PIN."""
        if self.pin is None:
            self.unlock()
        else:
            self._asking = True
            self._context.changed()

    @property
    def asking(self) -> bool:
        return self._locked and self._asking

    def surface(self) -> Surface | None:
        if not self._locked:
            return None
        if self._asking and self.screen_on:
            return self._bouncer()
        return Surface(
            name="Keyguard",
            kind="lock",
            package=SYSTEM_UI,
            view=self._keyguard(),
            place="screen",
            modal=True,
            on_back=lambda: True,
            on_swipe=self._swiped,
        )

    def _swiped(self, swipe: Swipe) -> bool:
        if swipe.direction == "up":
            self.swiped_up()
        return swipe.direction == "up"

    def _keyguard(self) -> View:
        context, now = self._context, self._context.local_time()
        cards = [self._notifications.card(one) for one in self._notifications.all()[:3]]
        safe = [_untappable(card) for card in cards]  # opening one needs the phone unlocked first
        month = context.t("months").split()[now.month - 1]
        weekday = context.t("weekdays").split()[now.weekday()]
        date = context.t("date", weekday=weekday, month=month, day=now.day)
        center = Style(text_align="center", color="white")
        big = Style(text_sp=64, text_align="center", color="white")
        return column(
            text(now.strftime("%H:%M"), id=f"{SYSTEM_UI}:id/lockscreen_clock_view", width=FILL, style=big),
            text(date, id=f"{SYSTEM_UI}:id/date", width=FILL, style=center),
            column(*safe, gap=8, pad=edges(16), width=FILL) if safe else None,
            space(),
            text(
                context.t("swipe_to_unlock"),
                id=f"{SYSTEM_UI}:id/keyguard_indication_text",
                width=FILL,
                style=center,
            ),
            id=f"{SYSTEM_UI}:id/keyguard_root_view",
            pad=edges(0, 96, 0, 72),
            gap=8,
            width=FILL,
            height=FILL,
            style=Style(background="wallpaper"),
        )

    # ---- PIN

    def _bouncer(self) -> Surface:
        t = self._context.t
        words = t("wrong_pin") if self._wrong else t("enter_pin")
        entry = edit(
            self._entered,
            self._typed,
            id=PIN_FIELD,
            desc=t("pin_area"),
            input="password",
            width=240.0,
            on_enter=self._try,
            style=Style(text_sp=28, text_align="center"),
        )
        view = frame(
            column(
                text(words, id=f"{SYSTEM_UI}:id/keyguard_message_area", style=Style(text_align="center")),
                entry,
                *(self._keys(digits) for digits in ("123", "456", "789")),
                row(
                    self._key("delete_button", "\u232b", lambda: self._typed(self._entered[:-1]), t("delete")),
                    self._key("key0", "0", lambda: self._typed(self._entered + "0")),
                    self._key("key_enter", "\u21b5", self._try, t("enter")),
                    gap=16,
                ),
                id=f"{SYSTEM_UI}:id/keyguard_pin_view",
                gap=16,
                align="center",
            ),
            id=f"{SYSTEM_UI}:id/keyguard_bouncer_container",
            align="center",
            width=FILL,
            height=FILL,
            style=Style(background="surface"),
        )
        return Surface(
            name=PIN_WINDOW,
            kind="lock",
            package=SYSTEM_UI,
            view=view,
            place="screen",
            modal=True,
            on_back=self._back,
        )

    def _keys(self, digits: str) -> View:
        return row(*(self._digit(digit) for digit in digits), gap=16, key=f"keys {digits}")

    def _digit(self, digit: str) -> View:
        return self._key(f"key{digit}", digit, lambda: self._typed(self._entered + digit))

    def _key(self, name: str, words: str, on_tap: Callable[[], None], desc: str = "") -> View:
        look = Style(background="surface_variant", corner_dp=36, text_sp=24, text_align="center")
        size = {"width": 72.0, "height": 72.0, "pad": edges(0, 20)}
        return button(words, on_tap, id=f"{SYSTEM_UI}:id/{name}", desc=desc or words, style=look, **size)

    def _typed(self, entered: str) -> None:
        self._entered = "".join(character for character in entered if character.isdigit())
        self._wrong = False
        self._context.changed()

    def _try(self) -> None:
        right = self._entered == self.pin
        self._wrong, self._entered = not right, ""
        if right:
            self.unlock()
        self._context.changed()

    def _back(self) -> bool:
        self._asking, self._entered, self._wrong = False, "", False
        self._context.changed()
        return True


def _untappable(card: View) -> View:
    return replace(card, on_tap=None)
