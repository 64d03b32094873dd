"""Pages that show what a server has: the content, "loading", "offline" or "something went wrong" with a retry.

There is no server: what it would send is in the apps. It cannot be reached in airplane mode or with neither Wi-Fi nor
mobile data, and it fails while the phone's fault `server` says so for the app (document `<package>.server`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, cast

from device.virtual.app import Host
from device.virtual.apps import kit, times
from device.virtual.apps.dialogs import DialogPage
from device.virtual.apps.snackbar import Snackbar
from device.virtual.window.view import FILL, Style, View, column, icon_button, progress, text

LOADING_S = 0.3
OFFLINE, FAILED = "offline", "failed"

REMOTE = {
    "en": {
        "loading": "Loading…",
        "offline": "You’re offline. Check your connection and try again",
        "failed": "Something went wrong on our side",
        "retry": "Try again",
        "refresh": "Refresh",
        "undo": "Undo",
    },
    "zh": {
        "loading": "正在加载…",
        "offline": "您已离线。请检查网络连接,然后重试",
        "failed": "服务器出了点问题",
        "retry": "重试",
        "refresh": "刷新",
        "undo": "撤消",
    },
    "de": {
        "loading": "Wird geladen…",
        "offline": "Du bist offline. Prüfe die Verbindung und versuche es noch einmal",
        "failed": "Bei uns ist etwas schiefgegangen",
        "retry": "Erneut versuchen",
        "refresh": "Aktualisieren",
        "undo": "Rückgängig",
    },
}


def online(host: Host) -> bool:
    """Whether the phone has a way into the network."""
    on = host.settings.get
    return on("global", "airplane_mode_on") != "1" and "1" in (on("global", "wifi_on"), on("global", "mobile_data"))


def trouble_of(host: Host) -> str:
    """Why the app's server cannot be had now: "offline", "failed", or "" if it can."""
    if not online(host):
        return OFFLINE
    return FAILED if host.store.document(f"{host.package}.server") == "down" else ""


class _HasSnackbar(Protocol):
    snackbar: Snackbar


class RemotePage(DialogPage):
    """A page over a server's content, of an app with a `snackbar`. A subclass with a `created` of its own calls this
    one's."""

    @property
    def snackbar(self) -> Snackbar:
        return cast(_HasSnackbar, self.app).snackbar

    @property
    def now_ms(self) -> int:
        return times.to_ms(self.host.clock.now())

    def created(self) -> None:
        self.trouble = ""
        self.loading = False

    def resumed(self) -> None:
        if not self.loading:
            self.trouble = trouble_of(self.host)

    def body(self, content: Callable[[], View]) -> View:
        """The content if it can be had, else what is shown instead."""
        if self.loading:
            return _loading(self.t("loading"))
        if self.trouble:
            icon = "airplane" if self.trouble == OFFLINE else "warning"
            return kit.empty_state(icon, self.t(self.trouble), self._retry(), view_id="error_view")
        return content()

    def reload(self) -> None:
        """Asks the server again: loading for a moment, then content or trouble."""
        self.loading = True
        self.host.after(LOADING_S, self._loaded)

    def refresh_button(self) -> View:
        return icon_button("refresh", self.t("refresh"), self.reload, id="menu_refresh")

    def refused(self) -> bool:
        """Whether the server cannot be had for what was just asked of it; says so if it cannot."""
        trouble = trouble_of(self.host)
        if trouble:
            self.host.toast(self.t(trouble), long=True)
        return bool(trouble)

    def arrived(self) -> None:
        """The server has answered."""

    def _loaded(self) -> None:
        self.loading, self.trouble = False, trouble_of(self.host)
        if not self.trouble:
            self.arrived()
        self.host.redraw()

    def _retry(self) -> View:
        return kit.tonal_button(self.t("retry"), self.reload, id="retry_button")


def _loading(words: str) -> View:
    return column(
        progress(0.6, id="progress_bar", width=160),
        text(words, id="loading_label", style=Style(text_sp=16, color=kit.QUIET, text_align="center")),
        width=FILL,
        weight=1,
        gap=16,
        align="center",
        justify="center",
    )
