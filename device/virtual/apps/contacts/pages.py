"""Contacts: the list of people and the page of one of them."""

from __future__ import annotations

from device.virtual.apps import address_book, kit
from device.virtual.apps.dialogs import DialogPage
from device.virtual.apps.searching import Searching
from device.virtual.state import Row, Table
from device.virtual.window.view import FILL, Style, View, column, edges, icon_button, image, row, scroll, text

DETAIL = ".quickcontact.QuickContactActivity"
EDITOR = ".activities.ContactEditorActivity"


class PeoplePage(Searching, DialogPage):
    """Everybody by name, with a search field above and initials between."""

    title = "app_name"
    only_starred = False

    def view(self) -> View:
        bar = kit.app_bar(self.t("app_name"), icon_button("more", self.t("more"), self.more, id="menu_overflow"))
        search = self.search_bar("search_view")
        people = [
            p for p in address_book.matching(self.host.store, self.query) if p["starred"] or not self.only_starred
        ]
        fab = kit.fab("add", self.t("create"), lambda: self.host.open(EDITOR))
        return kit.screen(bar, search, self._list(people), fab=fab)

    def more(self) -> None:
        words = self.t("everyone" if self.only_starred else "only_starred")
        self.menu((words, self._toggle_starred))

    def _toggle_starred(self) -> None:
        self.only_starred = not self.only_starred

    def _list(self, people: list[Row]) -> View:
        if not people:
            words = self.t("nobody_found", query=self.query) if self.query else self.t("nobody")
            return kit.empty_state("people", words)
        rows: list[View] = []
        letter = ""
        for person in people:
            initial = str(person["name"])[:1].upper()
            if initial != letter and not self.query:
                letter = initial
                rows.append(_initial(initial))
            rows.append(self._row(person))
        return kit.recycler(rows, view_id="list", bottom_dp=88)

    def _row(self, person: Row) -> View:
        star = image("star", desc=self.t("starred"), style=Style(icon="star", color="primary", icon_dp=18))
        return kit.list_row(
            str(person["name"]),
            key=f"contact{person['_id']}",
            ids=("cliv_name_textview", "cliv_data_view"),
            leading=kit.avatar(str(person["name"])),
            trailing=star if person["starred"] else None,
            on_tap=lambda: self.host.open(DETAIL, contact=person["_id"]),
        )


class DetailPage(DialogPage):
    """One person: what can be done with them, and how they are reached."""

    title = "app_name"

    def created(self) -> None:
        self.contact = int(self.extras.get("contact", 0))

    def resumed(self) -> None:
        if self._person() is None:
            self.host.close()

    def view(self) -> View:
        person = self._person()
        if person is None:
            return kit.screen(self._bar(None), kit.empty_state("person", self.t("gone")))
        name = str(person["name"])
        header = column(
            kit.avatar(name, size_dp=112),
            text(name, id="large_title", style=Style(text_sp=28, text_align="center", max_lines=2)),
            width=FILL,
            pad=edges(16, 8, 16, 16),
            gap=16,
            align="center",
        )
        return kit.screen(self._bar(person), scroll(header, self._actions(person), self._info(person), weight=1))

    def star(self) -> None:
        person = self._person()
        if person is not None:
            self._table.update(self.contact, starred=0 if person["starred"] else 1)

    def call(self) -> None:
        person = self._person()
        if person is not None and not self.host.start("com.android.dialer", ".InCallActivity", number=person["phone"]):
            self.host.toast(self.t("no_dialer"))

    def message(self) -> None:
        person = self._person()
        if person is not None:
            activity = ".ui.conversation.ConversationActivity"
            self.host.start("com.android.messaging", activity, address=person["phone"])

    def email(self) -> None:
        person = self._person()
        if person is not None and not self.host.start("com.android.email", ".ComposeActivity", to=person["email"]):
            self.host.toast(self.t("no_email_app"))

    def delete(self) -> None:
        person = self._person()
        if person is None:
            return
        self._table.delete(lambda row: row["_id"] == self.contact)
        self.host.toast(self.t("deleted", name=person["name"]))
        self.host.close()

    def _ask_delete(self) -> None:
        person = self._person()
        name = "" if person is None else person["name"]
        self.ask(self.t("delete_title"), self.t("delete_words", name=name), self.t("delete"), self.delete)

    @property
    def _table(self) -> Table:
        return self.host.store.table(address_book.TABLE)

    def _person(self) -> Row | None:
        return self._table.get(self.contact)

    def _bar(self, person: Row | None) -> View:
        if person is None:
            return kit.app_bar("", up=self.host.close, up_desc=self.t("up"))
        star_desc = self.t("remove_star" if person["starred"] else "add_star")
        look = Style(icon="star", color="primary" if person["starred"] else kit.QUIET)
        return kit.app_bar(
            "",
            icon_button("edit", self.t("edit_contact"), self._edit, id="menu_edit"),
            icon_button("star", star_desc, self.star, id="menu_star", style=look),
            icon_button("more", self.t("more"), self._more, id="menu_overflow"),
            up=self.host.close,
            up_desc=self.t("up"),
        )

    def _edit(self) -> None:
        self.host.open(EDITOR, contact=self.contact)

    def _more(self) -> None:
        self.menu((self.t("delete"), self._ask_delete))

    def _actions(self, person: Row) -> View:
        has_phone = bool(person["phone"])
        return row(
            kit.action("call", self.t("call"), self.call, view_id="verb_call", enabled=has_phone),
            kit.action("sms", self.t("message"), self.message, view_id="verb_text", enabled=has_phone),
            kit.action("mail", self.t("email"), self.email, view_id="verb_email", enabled=bool(person["email"])),
            width=FILL,
            pad=edges(24, 0),
        )

    def _info(self, person: Row) -> View:
        number, mail = str(person["phone"]), str(person["email"])
        lines = []
        if number:
            sms = icon_button("sms", "", self.message, id="icon_alternate")  # as in life: an icon that says nothing
            lines.append(self._line("call", number, self.t("mobile"), self.call, trailing=sms))
        if mail:
            lines.append(self._line("mail", mail, self.t("email_field"), self.email))
        if not lines:
            return kit.gap(8)
        heading = text(self.t("info"), style=Style(text_sp=14, bold=True))
        return kit.card(heading, *lines)

    def _line(self, icon: str, words: str, label: str, on_tap: kit.Act, trailing: View | None = None) -> View:
        return kit.list_row(
            words, label, key=icon, ids=("header", "sub_header"), leading=image(icon), trailing=trailing, on_tap=on_tap
        )


def _initial(letter: str) -> View:
    look = Style(text_sp=14, bold=True, color="primary")
    return text(letter, id="letter", key=f"letter{letter}", pad=edges(24, 12, 16, 4), width=FILL, style=look)
