"""Settings: switches, sliders and choices over Android's own settings tables, all of which the phone obeys."""

from __future__ import annotations

from typing import ClassVar

from device.virtual.app import App, Page
from device.virtual.apps.settings.apps_pages import APP_INFO, AppInfoPage, AppsPage
from device.virtual.apps.settings.page import ItemsPage, MainPage
from device.virtual.apps.settings.screens import APPS, LANGUAGES, MAIN, PASSWORDS, SCREENS, Screen
from device.virtual.apps.settings.special import AboutPage, LanguagesPage, PasswordsPage
from device.virtual.apps.settings.strings import STRINGS


def _page_of(screen: Screen) -> type[Page]:
    base = AboutPage if screen.title == "about" else ItemsPage
    return type(f"{screen.title.title()}Page", (base,), {"screen": screen, "title": screen.title})


class SettingsApp(App):
    package = "com.android.settings"
    icon = "settings"
    version = "14"
    version_code = 34
    system = True
    tables: ClassVar[tuple[str, ...]] = ()
    main = MAIN
    pages = {  # noqa: RUF012 - declared in App
        MAIN: MainPage,
        APPS: AppsPage,
        APP_INFO: AppInfoPage,
        LANGUAGES: LanguagesPage,
        PASSWORDS: PasswordsPage,
        **{activity: _page_of(screen) for activity, screen in SCREENS.items()},
    }
    strings = STRINGS
