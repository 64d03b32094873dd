"""Notifications and toasts: what apps say to the person beside their own windows.

A notification lives until it is tapped, dismissed or cancelled, or its app is stopped; for its first seconds it also
stands at the top of the screen. A toast is shown for 2 s or 3.5 s; its words are kept for uiautomator2 until cleared.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from device.virtual.window.context import Context
from device.virtual.window.surface import SYSTEM_UI, Surface, Swipe
from device.virtual.window.view import FILL, Style, View, column, edges, row, styled, text

HEADS_UP_S = 5.0
TOAST_SHORT_S = 2.0
TOAST_LONG_S = 3.5


@dataclass(frozen=True, slots=True)
class Notification:
    """One notification. (package, tag) names it; `posted_ms` is the time of day."""

    package: str
    tag: str
    title: str
    words: str
    posted_ms: int
    on_tap: Callable[[], None] | None = None


class Notifications:
    """The notifications and the toast of one phone.

    Args:
        open_app: brings a package to the front, for a notification without a handler of its own.
    """

    def __init__(self, context: Context, open_app: Callable[[str], object]) -> None:
        self._context = context
        self._open_app = open_app
        self._posted: list[Notification] = []
        self._heads_up: Notification | None = None
        self._toasts: list[tuple[str, str, float]] = []  # words, package, length in s; the first one is on the screen
        self._toast_ends_s = 0.0
        self.last_toast: str | None = None

    # ---- notifications

    def all(self) -> list[Notification]:
        """Newest first."""
        return list(reversed(self._posted))

    def post(
        self, package: str, title: str, words: str, *, tag: str = "", on_tap: Callable[[], None] | None = None
    ) -> None:
        """Posts a notification, in place of one with the same tag."""
        now_ms = int(self._context.clock.now().timestamp() * 1000)
        fresh = Notification(package, tag, title, words, now_ms, on_tap)
        self._posted = [one for one in self._posted if (one.package, one.tag) != (package, tag)] + [fresh]
        self._heads_up = fresh
        self._context.timers.call_at(self._context.now_s() + HEADS_UP_S, lambda: self._lower(fresh))
        self._context.changed()

    def cancel(self, package: str, tag: str | None = None) -> None:
        """Takes back one notification of an app, or all."""
        self._keep(lambda one: one.package != package or (tag is not None and one.tag != tag))

    def clear(self) -> None:
        """The person clears them all."""
        self._keep(lambda one: False)

    def dismiss(self, notification: Notification) -> None:
        self._keep(lambda one: one is not notification)

    def tap(self, notification: Notification) -> None:
        """Opens what it is about; it is gone afterwards."""
        self.dismiss(notification)
        self._open_app(notification.package)
        if notification.on_tap is not None:
            notification.on_tap()
            self._context.changed()

    def _keep(self, wanted: Callable[[Notification], bool]) -> None:
        self._posted = [one for one in self._posted if wanted(one)]
        if self._heads_up is not None and not wanted(self._heads_up):
            self._heads_up = None
        self._context.changed()

    def _lower(self, notification: Notification) -> None:
        if self._heads_up is notification:
            self._heads_up = None
            self._context.changed()

    def hide_heads_up(self) -> None:
        self._heads_up = None
        self._context.changed()

    def heads_up(self) -> Surface | None:
        """The banner of the newest notification, for a few seconds."""
        notification = self._heads_up
        if notification is None:
            return None

        def swiped(swipe: Swipe) -> bool:
            if swipe.direction == "up":
                self._lower(notification)
            elif swipe.direction in ("left", "right"):
                self.dismiss(notification)
            return swipe.direction != "down"

        card = self.card(notification)
        return Surface(
            name="HeadsUp",
            kind="heads_up",
            package=SYSTEM_UI,
            view=styled(card, elevation_dp=6),
            place="banner",
            on_swipe=swiped,
        )

    def card(self, notification: Notification, *, after: Callable[[], object] | None = None) -> View:
        """One notification as the shade and the banner show it; `after` is called once it was tapped."""

        def tapped() -> None:
            self.tap(notification)
            if after is not None:
                after()

        label = self._context.label(notification.package)
        return column(
            text(label, id="android:id/app_name_text", style=Style(text_sp=12, color="on_surface_variant")),
            text(notification.title, id="android:id/title", style=Style(text_sp=14, bold=True, max_lines=1)),
            text(notification.words, id="android:id/text", style=Style(text_sp=14, max_lines=3)),
            id=f"{SYSTEM_UI}:id/expandableNotificationRow",
            key=f"{notification.package}|{notification.tag}",
            cls="android.widget.FrameLayout",
            pad=edges(16, 12),
            gap=2,
            width=FILL,
            style=Style(background="surface", corner_dp=16),
            on_tap=tapped,
        )

    # ---- toasts

    def toast(self, words: str, package: str, *, long: bool = False) -> None:
        """Shows a toast; one already on the screen is shown to its end first, one of the same app gives way."""
        self.last_toast = words
        length_s = TOAST_LONG_S if long else TOAST_SHORT_S
        if self._toasts and self._toasts[0][1] != package:
            self._toasts.append((words, package, length_s))
        else:
            self._toasts[:1] = [(words, package, length_s)]
            self._begin_toast()
        self._context.changed()

    def _begin_toast(self) -> None:
        ends_s = self._toast_ends_s = self._context.now_s() + self._toasts[0][2]
        self._context.timers.call_at(ends_s, lambda: self._end_toast(ends_s))

    def _end_toast(self, ends_s: float) -> None:
        if self._toasts and self._toast_ends_s == ends_s:
            del self._toasts[0]
            if self._toasts:
                self._begin_toast()
            self._context.changed()

    def toast_surface(self) -> Surface | None:
        if not self._toasts:
            return None
        words, package, _ = self._toasts[0]
        look = Style(color="inverse_on_surface", text_sp=14, text_align="center", max_lines=2)
        bubble = row(
            text(words, id="android:id/message", cls="android.widget.TextView", style=look),
            pad=edges(20, 12),
            style=Style(background="inverse_surface", corner_dp=24),
        )
        return Surface(name="Toast", kind="toast", package=package, view=bubble, place="toast", in_hierarchy=False)
