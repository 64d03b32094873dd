"""Settings: the pages that are more than rows - languages, saved passwords, about phone."""

from __future__ import annotations

from functools import partial

from device.virtual.apps import kit
from device.virtual.apps.dialogs import entry
from device.virtual.apps.settings.page import ItemsPage, SettingsPage
from device.virtual.state import Row
from device.virtual.window.view import FILL, Style, View, column, edges, icon_button, image, radio, scroll, text

LANGUAGE_NAMES = (("en", "English"), ("zh", "中文 (简体)"), ("de", "Deutsch"))  # each in its own words
TAPS_TO_DEVELOPER = 7
BUILD = "VP1A.260302.001"


class LanguagesPage(SettingsPage):
    """The phone's language. A tap changes it at once, as Android does."""

    title = "languages"

    def view(self) -> View:
        current = self.host.locale.split("-")[0]
        rows = [
            kit.list_row(
                name, key=language, leading=radio(language == current, None), on_tap=partial(self._choose, language)
            )
            for language, name in LANGUAGE_NAMES
        ]
        return kit.screen(self.bar(self.t("languages")), kit.recycler(rows))

    def _choose(self, language: str) -> None:
        self.host.settings.put("system", "system_locales", language)


class PasswordsPage(SettingsPage):
    """Passwords saved on the phone. The window is secure: no picture and no tree leave it."""

    title = "passwords"
    secure = True

    def created(self) -> None:
        self._close_form()

    def view(self) -> View:
        body = self._form() if self.adding else self._list()
        fab = None if self.adding else kit.fab("add", self.t("add_password"), self._add)
        return kit.screen(self.bar(self.t("passwords")), body, fab=fab)

    def back(self) -> bool:
        was = self.adding
        self._close_form()
        return was

    @property
    def _table_name(self) -> str:
        return f"{self.host.package}.passwords"

    def _add(self) -> None:
        self.adding = True

    def _list(self) -> View:
        rows = self.host.store.table(self._table_name).rows()
        if not rows:
            return kit.empty_state("key", self.t("no_passwords"))
        return kit.recycler([self._row(saved) for saved in rows], bottom_dp=88)

    def _row(self, saved: Row) -> View:
        def delete() -> None:
            self.host.store.table(self._table_name).delete(lambda row: row["_id"] == saved["_id"])

        words = self.t("delete_password_words", site=saved["site"])
        bin_ = icon_button(
            "delete", self.t("delete"), lambda: self.ask(self.t("delete_password"), words, self.t("delete"), delete)
        )
        return kit.list_row(str(saved["site"]), str(saved["user"]), key=f"password{saved['_id']}", trailing=bin_)

    def _form(self) -> View:
        kinds = {"site": "text", "user": "email", "password": "password"}
        fields = [
            kit.field(self.t(name), self.values[name], self._change(name), view_id=name, input=kind)
            for name, kind in kinds.items()
        ]
        error = text(self.error, id="textinput_error", style=Style(text_sp=12, color="error")) if self.error else None
        save = kit.tonal_button(self.t("save"), self._save, id="save_button")
        return scroll(*fields, error, save, weight=1, pad=edges(16), gap=16)

    def _change(self, name: str) -> kit.Typed:
        def changed(words: str) -> None:
            self.values[name], self.error = words, ""

        return changed

    def _save(self) -> None:
        if not (self.values["site"].strip() and self.values["password"]):
            self.error = self.t("password_incomplete")
            return
        self.host.store.table(self._table_name).insert(**self.values)
        self.host.hide_keyboard()
        self._close_form()

    def _close_form(self) -> None:
        self.values = {"site": "", "user": "", "password": ""}
        self.error = ""
        self.adding = False


class AboutPage(ItemsPage):
    """What the phone is. Its name can be changed; seven taps on the build number make a developer."""

    taps = 0
    new_name = ""

    def view(self) -> View:
        name = self.host.settings.get("global", "device_name") or "VPhone"
        rows = [
            self._fact("device_name", name, lambda: self._rename(name)),
            self._fact("phone_number", "+1 202 555 0100"),
            self._fact("model", "VPhone"),
            self._fact("android_version", "14"),
            self._fact("ip_address", "10.0.2.15"),
            self._fact("build_number", BUILD, self._tap_build),
        ]
        disc = column(
            image("info", width=64, height=64, style=Style(icon="info", icon_dp=64, color="primary")),
            width=FILL, pad=edges(24), align="center",
        )  # fmt: skip
        return kit.screen(self.bar(self.t("about")), kit.recycler([disc, *rows]))

    def _fact(self, key: str, words: str, on_tap: kit.Act | None = None) -> View:
        return kit.list_row(self.t(key), words, key=f"{key}_row", on_tap=on_tap)

    def _rename(self, name: str) -> None:
        self.new_name = name

        def typed(words: str) -> None:
            self.new_name = words

        def done() -> None:
            if self.new_name.strip():
                self.host.settings.put("global", "device_name", self.new_name.strip())
                self.hide()
            else:
                self.host.toast(self.t("name_missing"))

        title = self.t("device_name")
        self.show(
            lambda: entry(
                title,
                self.new_name,
                typed,
                hint=title,
                yes=self.t("ok"),
                on_yes=done,
                no=self.t("cancel"),
                on_no=self.hide,
            )
        )

    def _tap_build(self) -> None:
        if self.host.settings.get("global", "development_settings_enabled") == "1":
            self.host.toast(self.t("already_developer"))
            return
        self.taps += 1
        left = TAPS_TO_DEVELOPER - self.taps
        if left <= 0:
            self.host.settings.put("global", "development_settings_enabled", "1")
            self.host.toast(self.t("now_developer"))
        elif left < 4:
            self.host.toast(self.t("steps_to_developer", left=left))
