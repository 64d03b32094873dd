"""The home screen: installed apps as icons, favourites in a dock, and a drawer with all of them and a search."""

from __future__ import annotations

from device.virtual.app import App, Page
from device.virtual.apps import kit
from device.virtual.apps.words import words
from device.virtual.window.view import FILL, Style, View, column, edges, icon_button, row, scroll, space, text

ALL_APPS = ".AllAppsActivity"
COLUMNS = 4
DOCK = ("com.android.dialer", "com.android.messaging", "com.android.contacts", "com.android.settings")

Entry = tuple[str, str, str]  # package, label, icon

STRINGS = words(
    en={
        "app_name": "Launcher",
        "search": "Search apps",
        "all_apps": "Apps list",
        "page": "Page 1 of 1",
        "nothing_found": "No apps found matching “{query}”",
        "home": "Home",
    },
    zh={
        "app_name": "启动器",
        "search": "搜索应用",
        "all_apps": "应用列表",
        "page": "第 1 页,共 1 页",
        "nothing_found": "未找到与“{query}”匹配的应用",
        "home": "主屏幕",
    },
    de={
        "app_name": "Launcher",
        "search": "Apps suchen",
        "all_apps": "Liste der Apps",
        "page": "Seite 1 von 1",
        "nothing_found": "Keine Apps zu „{query}“ gefunden",
        "home": "Startbildschirm",
    },
)


class LauncherPage(Page):
    """What both pages share: icons in a grid."""

    ink = "on_surface"  # of the labels

    def grid(self, apps: list[Entry]) -> list[View]:
        """The apps in rows of four; the last row keeps the columns of the others."""
        rows = []
        for start in range(0, len(apps), COLUMNS):
            line = apps[start : start + COLUMNS]
            blanks = [space(key=f"blank{index}") for index in range(COLUMNS - len(line))]
            rows.append(row(*(self.icon(app) for app in line), *blanks, key=line[0][0], width=FILL, pad=edges(8, 0)))
        return rows

    def icon(self, app: Entry) -> View:
        package, label, icon = app
        words = text(label, style=Style(text_sp=12, text_align="center", max_lines=1, color=self.ink), width=FILL)
        return column(
            kit.app_icon(icon, 56), words, key=package, desc=label, weight=1, pad=edges(4, 10), gap=6, align="center",
            on_tap=lambda: self.open(package),
        )  # fmt: skip

    def open(self, package: str) -> None:
        self.host.start(package)


class HomePage(LauncherPage):
    """What the home key shows. Back does nothing here: there is nothing behind it."""

    title = "home"
    ink = "#ffffff"

    def view(self) -> View:
        apps = [app for app in self.host.launchable() if app[0] != self.host.package]
        docked = [app for package in DOCK for app in apps if app[0] == package]
        grid = self.grid([app for app in apps if app not in docked])
        now = self.host.local_time()
        search = row(
            text(self.t("search"), style=Style(text_sp=16, color=kit.QUIET)),
            id="search_container_hotseat", desc=self.t("search"), width=FILL, height=52, pad=edges(20, 0),
            margin=edges(16, 8), align="center", on_tap=self._all_apps,
            style=Style(background="surface_variant", corner_dp=26),
        )  # fmt: skip
        white = Style(icon="menu", color=self.ink)
        dots = row(
            icon_button("menu", self.t("all_apps"), self._all_apps, id="all_apps_handle", style=white),
            id="page_indicator", desc=self.t("page"), width=FILL, justify="center",
        )  # fmt: skip
        clock = column(
            text(f"{now.hour:02d}:{now.minute:02d}", id="clock", style=Style(text_sp=56, color="#ffffff")),
            pad=edges(24, 32, 24, 24),
        )
        # Scrolls where a small screen has no room for all rows; a launcher's further pages would need a sideways swipe.
        workspace = scroll(*grid, id="workspace", weight=1, gap=8)
        dock = column(*self.grid(docked), id="hotseat", width=FILL)
        return column(
            clock,
            workspace,
            dots,
            dock,
            search,
            id="launcher",
            width=FILL,
            height=FILL,
            style=Style(background="wallpaper"),
        )

    def back(self) -> bool:
        return True

    def _all_apps(self) -> None:
        self.host.open(ALL_APPS)


class AllAppsPage(LauncherPage):
    """Every app by name, with a field to search by."""

    title = "all_apps"
    query = ""

    def view(self) -> View:
        search = kit.search_bar(
            self.query, self.t("search"), self._search, clear_desc=self.t("clear_query"), view_id="fallback_search_view"
        )
        wanted = self.query.strip().casefold()
        apps = [app for app in self.host.launchable() if app[0] != self.host.package and wanted in app[1].casefold()]
        apps.sort(key=lambda app: app[1].casefold())
        if not apps:
            return kit.screen(None, search, kit.empty_state("search", self.t("nothing_found", query=self.query)))
        return kit.screen(None, search, kit.recycler(self.grid(apps), view_id="apps_list_view"))

    def open(self, package: str) -> None:
        self.host.close()
        self.host.start(package)

    def _search(self, query: str) -> None:
        self.query = query


class LauncherApp(App):
    package = "com.android.launcher3"
    icon = "home"
    version = "14"
    version_code = 34
    system = True
    in_launcher = False
    main = ".uioverrides.QuickstepLauncher"
    pages = {".uioverrides.QuickstepLauncher": HomePage, ALL_APPS: AllAppsPage}  # noqa: RUF012 - declared in App
    strings = STRINGS
