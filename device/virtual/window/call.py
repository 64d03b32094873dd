"""An incoming call: a full-screen window of the dialer over whatever is there, until it is answered or it ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from device.virtual.window.context import Context
from device.virtual.window.surface import Surface
from device.virtual.window.view import FILL, Style, button, column, edges, row, space, text

PACKAGE = "com.android.dialer"
ACTIVITY = f"{PACKAGE}.incallui.InCallActivity"


@dataclass(frozen=True, slots=True)
class Call:
    """Who is on the line."""

    name: str
    number: str


class Calls:
    """At most one call at a time; a second one is turned away.

    Args:
        ringing: told when a call comes in (it wakes the screen).
    """

    def __init__(self, context: Context, ringing: Callable[[], object]) -> None:
        self._context = context
        self._ringing = ringing
        self._call: Call | None = None
        self._answered = False

    @property
    def current(self) -> Call | None:
        return self._call

    def ring(self, name: str, number: str, *, for_s: float = 30.0) -> bool:
        """Rings for at most `for_s` seconds; False if the line is busy."""
        if self._call is not None:
            return False
        call = self._call = Call(name, number)
        self._answered = False
        self._context.timers.call_at(self._context.now_s() + for_s, lambda: self._give_up(call))
        self._context.changed()
        self._ringing()
        return True

    def answer(self) -> bool:
        """False if nothing rings."""
        if self._call is None or self._answered:
            return False
        self._answered = True
        self._context.changed()
        return True

    def end(self) -> bool:
        """Declines or hangs up; False if there is no call."""
        if self._call is None:
            return False
        self._call = None
        self._context.changed()
        return True

    def _give_up(self, call: Call) -> None:
        if self._call is call and not self._answered:
            self.end()

    def surface(self) -> Surface | None:
        call, t = self._call, self._context.t
        if call is None:
            return None
        ids, center = f"{PACKAGE}:id/", Style(text_align="center")
        if self._answered:
            buttons = [button(t("end_call"), _do(self.end), id=f"{ids}incall_end_call", style=_RED)]
        else:
            buttons = [
                button(t("decline"), _do(self.end), id=f"{ids}decline_button", style=_RED),
                button(t("answer"), _do(self.answer), id=f"{ids}answer_button", style=_GREEN),
            ]
        view = column(
            text(
                t("ongoing_call" if self._answered else "incoming_call"),
                id=f"{ids}contactgrid_status_text",
                width=FILL,
                style=center,
            ),
            text(call.name or call.number, id=f"{ids}contactgrid_contact_name", width=FILL, style=_NAME),
            text(call.number, id=f"{ids}contactgrid_number", width=FILL, style=center) if call.name else None,
            space(),
            row(*buttons, justify="center", gap=48, width=FILL),
            id=f"{ids}incall_ui_container",
            pad=edges(24, 96, 24, 96),
            gap=8,
            width=FILL,
            height=FILL,
            style=Style(background="surface"),
        )
        return Surface(
            name="InCall",
            kind="app",
            package=PACKAGE,
            activity=ACTIVITY,
            view=view,
            place="screen",
            modal=True,
            on_back=lambda: True,
        )


_NAME = Style(text_sp=32, text_align="center")
_RED = Style(background="error", color="on_error", corner_dp=28, text_sp=16, text_align="center")
_GREEN = Style(background="primary", color="on_primary", corner_dp=28, text_sp=16, text_align="center")


def _do(act: Callable[[], object]) -> Callable[[], None]:
    def handler() -> None:
        act()

    return handler
