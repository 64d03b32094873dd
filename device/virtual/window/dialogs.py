"""The system's own dialogs over apps: permission, crash, not responding, and the promotion an app may push.

Each waits in one queue; the oldest is on the screen. Ids and packages are those of Android 14.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from device.virtual.window.context import Context
from device.virtual.window.stack import HOME_PACKAGE
from device.virtual.window.surface import Surface
from device.virtual.window.view import FILL, Style, View, button, column, edges, icon_button, image, row, space, text
from device.virtual.window.words import WORDS

PERMISSION_PACKAGE = "com.android.permissioncontroller"
PERMISSION_ACTIVITY = f"{PERMISSION_PACKAGE}.permission.ui.GrantPermissionsActivity"
SYSTEM_PACKAGE = "android"


Done = Callable[[], None]


@dataclass(frozen=True, slots=True)
class _Dialog:
    """One dialog that waits for an answer about a package. `make` gets its window's name and what ends it."""

    number: int
    about: str
    make: Callable[[str, Done], Surface]
    everywhere: bool  # shown whatever app is in front; otherwise only over its own
    asks_permission: bool


class Dialogs:
    """The dialogs of one phone.

    Args:
        restart: starts a package anew; stop: ends it; toast: says something in a package's name.
    """

    def __init__(
        self,
        context: Context,
        *,
        restart: Callable[[str], object],
        stop: Callable[[str], object],
        toast: Callable[[str, str], object],
    ) -> None:
        self._context = context
        self._restart, self._stop, self._toast = restart, stop, toast
        self._queue: list[_Dialog] = []
        self._count = 0

    def surface(self, front: str) -> Surface | None:
        """The dialog to show while the package `front` is in front."""
        dialog = self._current(front)
        if dialog is None:
            return None
        return dialog.make(f"dialog {dialog.number}", lambda: self._end(dialog))

    def asks_permission(self, front: str) -> bool:
        """Whether the dialog shown is a permission request, which is an activity of its own."""
        dialog = self._current(front)
        return dialog is not None and dialog.asks_permission

    def forget(self, package: str) -> None:
        """The package has ended: what it asked needs no answer any more."""
        self._queue = [one for one in self._queue if one.everywhere or one.about != package]
        self._context.changed()

    def ask_permission(self, package: str, permission: str, then: Callable[[bool], None]) -> None:
        """Asks the person; the answer is kept with the package and handed to `then`."""

        def make(name: str, done: Done) -> Surface:
            def answer(allowed: bool) -> None:
                done()
                packages = self._context.packages
                (packages.grant if allowed else packages.revoke)(package, permission)
                then(allowed)

            return self._permission(name, package, permission, answer)

        self._push(package, make, asks_permission=True)

    def crashed(self, package: str) -> None:
        """ "<App> keeps stopping", over whatever is in front. What was asked about the process before is gone."""
        self._queue = [one for one in self._queue if one.about != package]

        def make(name: str, done: Done) -> Surface:
            t = self._context.t
            restart = _then(done, lambda: self._restart(package))
            title = t("keeps_stopping", app=self._context.label(package))
            close = restart if package == HOME_PACKAGE else done  # without a launcher there is nothing to go to
            choices = (("aerr_restart", t("open_again"), restart), ("aerr_close", t("close_app"), close))
            return _system_dialog(name, title, choices)

        self._push(package, make, everywhere=True)

    def not_responding(self, package: str) -> None:
        """ "<App> isn't responding", over whatever is in front."""

        def make(name: str, done: Done) -> Surface:
            t = self._context.t
            close = _then(done, lambda: self._stop(package))
            title = t("not_responding", app=self._context.label(package))
            return _system_dialog(name, title, (("aerr_close", t("close_app"), close), ("aerr_wait", t("wait"), done)))

        self._push(package, make, everywhere=True)

    def promote(self, package: str) -> None:
        """The app's own "rate us" pop-up."""

        def make(name: str, done: Done) -> Surface:
            accept = _then(done, lambda: self._toast(self._context.t("promo_thanks"), package))
            return self._promotion(name, package, done, accept)

        self._push(package, make)

    def _push(
        self,
        package: str,
        make: Callable[[str, Done], Surface],
        *,
        everywhere: bool = False,
        asks_permission: bool = False,
    ) -> None:
        self._count += 1
        self._queue.append(_Dialog(self._count, package, make, everywhere, asks_permission))
        self._context.changed()

    def _end(self, dialog: _Dialog) -> None:
        self._queue = [one for one in self._queue if one is not dialog]
        self._context.changed()

    def _current(self, front: str) -> _Dialog | None:
        return next((one for one in self._queue if one.everywhere or one.about == front), None)

    # ---- what they look like

    def _permission(self, name: str, package: str, permission: str, answer: Callable[[bool], None]) -> Surface:
        t = self._context.t
        short = permission.rsplit(".", 1)[-1]
        what = (
            t(f"permission_{short}")
            if f"permission_{short}" in WORDS["en"]
            else t("permission_other", permission=short)
        )
        words = t("permission_question", app=self._context.label(package), what=what)
        ids = f"{PERMISSION_PACKAGE}:id/"
        view = column(
            image("info", id=f"{ids}permission_icon"),
            text(words, id=f"{ids}permission_message", width=FILL, style=Style(text_sp=18, text_align="center")),
            button(t("permission_allow"), lambda: answer(True), id=f"{ids}permission_allow_button", width=FILL),
            button(t("permission_deny"), lambda: answer(False), id=f"{ids}permission_deny_button", width=FILL),
            id=f"{ids}grant_dialog",
            pad=edges(24),
            gap=12,
            align="center",
            style=_CARD,
        )
        return Surface(
            name=name,
            kind="dialog",
            package=PERMISSION_PACKAGE,
            activity=PERMISSION_ACTIVITY,
            view=view,
            place="bottom_sheet",
            modal=True,
            dims_behind=True,
            on_back=lambda: True,
        )

    def _promotion(self, name: str, package: str, done: Done, accept: Done) -> Surface:
        t, ids = self._context.t, f"{package}:id/"
        view = column(
            row(space(), icon_button("close", t("promo_close"), done, id=f"{ids}promo_close"), width=FILL),
            image("star", style=Style(icon="star", icon_dp=48, color="primary")),
            text(t("promo_title", app=self._context.label(package)), id=f"{ids}promo_title", style=_TITLE),
            text(t("promo_words"), id=f"{ids}promo_text", style=Style(text_align="center")),
            button(t("promo_accept"), accept, id=f"{ids}promo_accept", width=FILL),
            button(t("promo_later"), done, id=f"{ids}promo_later", width=FILL, style=_QUIET),
            pad=edges(24, 12, 24, 24),
            gap=12,
            align="center",
            style=_CARD,
        )

        def back() -> bool:
            done()
            return True

        return Surface(
            name=name,
            kind="dialog",
            package=package,
            view=view,
            place="dialog",
            modal=True,
            dims_behind=True,
            on_back=back,
        )


def _system_dialog(name: str, title: str, choices: tuple[tuple[str, str, Done], ...]) -> Surface:
    look = Style(text_sp=16, color="on_surface")
    buttons = [
        button(words, act, id=f"android:id/{view_id}", width=FILL, style=look, pad=edges(0, 12))
        for view_id, words, act in choices
    ]
    view = column(
        text(title, id="android:id/alertTitle", width=FILL, style=Style(text_sp=20)),
        *buttons,
        id="android:id/parentPanel",
        pad=edges(24),
        gap=8,
        style=_CARD,
    )
    return Surface(
        name=name,
        kind="dialog",
        package=SYSTEM_PACKAGE,
        view=view,
        place="dialog",
        modal=True,
        dims_behind=True,
        on_back=lambda: True,
    )


def _then(first: Done, second: Callable[[], object]) -> Done:
    def both() -> None:
        first()
        second()

    return both


_CARD = Style(background="surface", corner_dp=24, elevation_dp=8)
_TITLE = Style(text_sp=20, bold=True, text_align="center")
_QUIET = Style(color="primary", text_sp=14, text_align="center")


def page_dialog(name: str, page: Surface, view: View, cancelled: Done) -> Surface:
    """An app's own dialog over its page: back or a touch beside it cancels it."""

    def back() -> bool:
        cancelled()
        return True

    return replace(
        page,
        name=name,
        kind="dialog",
        view=view,
        place="dialog",
        modal=True,
        dims_behind=True,
        on_cancel=cancelled,
        on_back=back,
    )
