"""Settings: the list of installed apps, and the page about one of them."""

from __future__ import annotations

from device.virtual.apps import kit
from device.virtual.apps.settings.page import SettingsPage
from device.virtual.window.view import FILL, Style, View, column, edges, row, scroll, text

APP_INFO = ".applications.InstalledAppDetails"


class AppsPage(SettingsPage):
    """Every app a launcher would show, by name, with a search field."""

    title = "apps"
    query = ""

    def view(self) -> View:
        search = kit.search_bar(
            self.query, self.t("search_apps"), self._search, clear_desc=self.t("clear_query"), view_id="search_src_text"
        )
        wanted = self.query.strip().casefold()
        apps = sorted(self.host.launchable(), key=lambda app: app[1].casefold())
        rows = [self._row(*app) for app in apps if wanted in app[1].casefold()]
        body = kit.recycler(rows) if rows else kit.empty_state("app", self.t("nothing_found", query=self.query))
        return kit.screen(self.bar(self.t("apps")), search, body)

    def _search(self, query: str) -> None:
        self.query = query

    def _row(self, package: str, label: str, icon: str) -> View:
        return kit.list_row(
            label,
            package,
            key=package,
            leading=kit.app_icon(icon, 40),
            on_tap=lambda: self.host.open(APP_INFO, package=package),
        )


class AppInfoPage(SettingsPage):
    """One app: open it, allow or forbid its notifications."""

    title = "app_info"

    def created(self) -> None:
        self.package = str(self.extras.get("package", ""))

    def view(self) -> View:
        found = [app for app in self.host.launchable() if app[0] == self.package]
        bar = self.bar(self.t("app_info"))
        if not found:
            return kit.screen(bar, kit.empty_state("app", self.t("not_installed")))
        _, label, icon = found[0]
        header = column(
            kit.app_icon(icon, 64),
            text(label, id="entity_header_title", style=Style(text_sp=22)),
            text(self.package, id="entity_header_summary", style=Style(text_sp=14, color=kit.QUIET)),
            width=FILL, pad=edges(16, 24), gap=8, align="center",
        )  # fmt: skip
        buttons = row(kit.action("share", self.t("open"), self._open, view_id="button1"), width=FILL, pad=edges(24, 0))
        allowed = self.package not in self._muted()
        words = self.t("allowed" if allowed else "not_allowed")
        switch = kit.switch_row(self.t("notifications"), words, allowed, self._toggle, key="notifications", icon="bell")
        return kit.screen(bar, scroll(header, buttons, switch, weight=1))

    def _open(self) -> None:
        self.host.start(self.package)

    def _muted(self) -> list[str]:
        muted: list[str] = self.host.store.document(f"{self.host.package}.muted", [])
        return muted

    def _toggle(self) -> None:
        muted = self._muted()
        changed = [one for one in muted if one != self.package] if self.package in muted else [*muted, self.package]
        self.host.store.put(f"{self.host.package}.muted", changed)
