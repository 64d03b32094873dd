"""A look-alike of Appium's ApiDemos: deep menus of samples of Android's widgets, in English as upstream's.

The menus are in `tree`; samples that do something are classes in `samples_app`, `samples_views` and `samples_more`. A
sample that only draws opens a page with its name.
"""

from __future__ import annotations

from typing import ClassVar

from device.virtual.app import App, Page
from device.virtual.apps.apidemos import samples_app, samples_more, samples_views
from device.virtual.apps.apidemos.page import MENU, SAMPLE, MenuPage, SamplePage


class ApiDemosApp(App):
    package = "io.appium.android.apis"
    icon = "folder"
    version = "4.0.0"
    version_code = 400
    permissions = (
        "android.permission.READ_CONTACTS",
        "android.permission.CAMERA",
        "android.permission.RECORD_AUDIO",
        "android.permission.VIBRATE",
    )
    tables: ClassVar[tuple[str, ...]] = ()
    main = MENU
    pages: ClassVar[dict[str, type[Page]]] = {
        MENU: MenuPage,
        SAMPLE: SamplePage,
        **samples_app.PAGES,
        **samples_views.PAGES,
        **samples_more.PAGES,
    }
    strings = {"en": {"app_name": "API Demos", "up": "Navigate up", "cancel": "Cancel"}}  # noqa: RUF012 - as in App
