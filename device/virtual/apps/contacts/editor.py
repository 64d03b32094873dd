"""Contacts: the form that makes or changes a person."""

from __future__ import annotations

from device.virtual.apps import address_book, kit
from device.virtual.apps.drafts import DraftedPage, Drafts
from device.virtual.window.view import View, edges, icon_button, scroll

FIELDS = ("name", "phone", "email")


class EditorPage(DraftedPage):
    """A new contact, or the one named by `contact`. What was typed is a draft until it is saved or discarded."""

    title = "edit_contact"

    def created(self) -> None:
        self.contact = int(self.extras.get("contact", 0))
        self.drafts = Drafts(self.host)
        row = self.host.store.table(address_book.TABLE).get(self.contact) or {}
        given = {field: str(self.extras.get(field, "")) for field in FIELDS}
        self.saved = {field: str(row.get(field, "")) for field in FIELDS}
        self.values = {**self.saved, **{k: v for k, v in given.items() if v}, **self.drafts.get(self.draft)}
        self.errors: dict[str, str] = {}

    def view(self) -> View:
        bar = kit.app_bar(
            self.t("edit_contact" if self.contact else "create"),
            kit.text_button(self.t("save"), self.save, id="editor_menu_save_button"),
            icon_button("more", self.t("more"), self._more, id="menu_overflow"),
            up=self.leave,
            up_desc=self.t("close"),
            up_icon="close",
        )
        form = scroll(
            *(self._field(name) for name in FIELDS), id="contact_editor_fragment", weight=1, pad=edges(16), gap=16
        )
        return kit.screen(bar, form)

    def save(self) -> None:
        values = {field: self.values[field].strip() for field in FIELDS}
        self.errors = self._wrong(values)
        if self.errors:
            return
        table = self.host.store.table(address_book.TABLE)
        if not (self.contact and table.update(self.contact, **values)):
            table.insert(**values, starred=0)
        self.drafts.drop(self.draft)
        self.host.hide_keyboard()
        self.host.toast(self.t("saved", name=values["name"]))
        self.host.close()

    def _more(self) -> None:
        self.menu((self.t("discard"), self.leave))

    @property
    def draft(self) -> str:
        return f"contact{self.contact}"

    def _field(self, name: str) -> View:
        def changed(words: str) -> None:
            self.values[name] = words
            self.errors.pop(name, None)
            self.changed()

        kinds = {"name": "text", "phone": "phone", "email": "email"}
        error = self.t(self.errors[name]) if name in self.errors else ""
        label = self.t(f"{name}_field")
        return kit.field(label, self.values[name], changed, view_id=f"{name}_edit", error=error, input=kinds[name])

    @staticmethod
    def _wrong(values: dict[str, str]) -> dict[str, str]:
        """The string key of what is wrong with each field, by field."""
        errors = {}
        if not values["name"]:
            errors["name"] = "name_missing"
        if values["phone"] and not address_book.dialled(values["phone"]):
            errors["phone"] = "phone_wrong"
        user, at, host = values["email"].partition("@")
        if values["email"] and not (user and at and "." in host.strip(".")):
            errors["email"] = "email_wrong"
        return errors
