"""Messages: the list of conversations, and the page that asks whom a new one is with."""

from __future__ import annotations

from device.virtual.apps import address_book, kit, times
from device.virtual.apps.dialogs import DialogPage
from device.virtual.apps.drafts import Drafts
from device.virtual.apps.messages import inbox
from device.virtual.apps.searching import Searching
from device.virtual.state import Row
from device.virtual.window.view import FILL, WRAP, Style, View, column, edges, edit, icon_button, row, text

THREAD = ".ui.conversation.ConversationActivity"
PICKER = ".ui.conversation.LaunchConversationActivity"
READ_CONTACTS = "android.permission.READ_CONTACTS"


class ConversationListPage(Searching, DialogPage):
    """All conversations, the newest first."""

    title = "app_name"

    def resumed(self) -> None:
        """Another program may have asked for one conversation, with words to begin with."""
        address = str(self.extras.pop("address", ""))
        if address:
            self.host.open(THREAD, address=address, sms_body=self.extras.pop("body", ""))

    def view(self) -> View:
        bar = kit.app_bar(self.t("app_name"), icon_button("more", self.t("more"), self.more, id="action_more"))
        search = self.search_bar()
        words = self.t("start_chat")
        start = kit.fab("sms", words, self._start, words=words, view_id="start_new_conversation_button")
        return kit.screen(bar, search, self._list(), fab=start)

    def more(self) -> None:
        self.menu((self.t("read_all"), self._read_all))

    def _start(self) -> None:
        self.host.open(PICKER)

    def _read_all(self) -> None:
        for conversation in inbox.conversations(self.host.store, names=False):
            inbox.mark_read(self.host.store, conversation.address)

    def _list(self) -> View:
        conversations = inbox.conversations(self.host.store, names=self.host.granted(READ_CONTACTS))
        wanted = self.query.strip().casefold()
        shown = [c for c in conversations if wanted in c.name.casefold() or wanted in str(c.last["body"]).casefold()]
        if not shown:
            words = self.t("nothing_found", query=self.query) if wanted else self.t("no_conversations")
            return kit.empty_state("sms", words)
        return kit.recycler([self._row(one) for one in shown], view_id="list", bottom_dp=88)

    def _row(self, one: inbox.Conversation) -> View:
        draft = Drafts(self.host).get(draft_name(one.address)).get("words", "")
        snippet = str(one.last["body"])
        if draft:
            snippet = self.t("draft", words=draft)
        elif one.last["type"] == inbox.SENT:
            snippet = self.t("you", words=snippet)
        when = times.when(self.host.locale, int(one.last["date_ms"]), self.host.local_time())
        bold = one.unread > 0
        stamp = text(when, id="conversation_timestamp", style=Style(text_sp=12, bold=bold, color=kit.QUIET))
        return kit.list_row(
            one.name,
            snippet,
            key=f"thread{one.thread}",
            ids=("conversation_name", "conversation_snippet"),
            leading=kit.avatar(one.name),
            trailing=stamp,
            bold=bold,
            on_tap=lambda: self.host.open(THREAD, address=one.address),
            on_long_press=lambda: self._ask_delete(one),
        )

    def _ask_delete(self, one: inbox.Conversation) -> None:
        def delete() -> None:
            self.host.store.table(inbox.TABLE).delete(lambda row: row["thread"] == one.thread)
            Drafts(self.host).drop(draft_name(one.address))
            self.host.toast(self.t("thread_deleted"))

        words = self.t("delete_thread_words", name=one.name)
        self.ask(self.t("delete_thread_title"), words, self.t("delete"), delete)


class PickerPage(DialogPage):
    """Whom to write to: a contact from the list, or a number typed in full."""

    title = "new_chat"
    query = ""
    error = ""

    def created(self) -> None:
        if not self.host.granted(READ_CONTACTS):
            self.host.request(READ_CONTACTS, self._answered)

    def view(self) -> View:
        bar = kit.app_bar(
            self.t("new_chat"),
            icon_button("check", self.t("next"), self._next, id="action_confirm_participants"),
            up=self.host.close,
            up_desc=self.t("up"),
        )
        to = text(self.t("to"), style=Style(text_sp=16, color=kit.QUIET), margin=edges(0, 0, 12, 0))
        field = edit(
            self.query,
            self._typed,
            id="recipient_text_view",
            cls="android.widget.MultiAutoCompleteTextView",
            hint=self.t("to_hint"),
            on_enter=self._next,
            weight=1,
            width=WRAP,
            pad=edges(4, 12),
            style=Style(text_sp=16, max_lines=1),
        )
        line = row(to, field, width=FILL, pad=edges(16, 4), align="center", style=Style(background="surface_variant"))
        error = text(self.error, id="error_text", pad=edges(16, 8), style=Style(text_sp=13, color="error"))
        return kit.screen(bar, line, error if self.error else None, self._list())

    def _typed(self, query: str) -> None:
        self.query, self.error = query, ""

    def _answered(self, allowed: bool) -> None:
        if not allowed:
            self.host.toast(self.t("denied"))

    def _next(self) -> None:
        """Takes what stands in the field: a number, or a name that only one contact has."""
        wanted = self.query.strip()
        if not wanted:
            self.error = self.t("no_recipient")
        elif address_book.dialled(wanted):
            self._choose(wanted)
        else:
            self._choose_named(wanted)

    def _choose_named(self, wanted: str) -> None:
        named = [person for person in self._people() if str(person["name"]).casefold() == wanted.casefold()]
        if len(named) == 1:
            self._choose(str(named[0]["phone"]))
        else:
            self.error = self.t("not_a_number", query=wanted)

    def _choose(self, address: str) -> None:
        self.host.hide_keyboard()
        self.host.close()
        self.host.open(THREAD, address=address)

    def _people(self) -> list[Row]:
        if not self.host.granted(READ_CONTACTS):
            return []
        return [person for person in address_book.matching(self.host.store, self.query) if person["phone"]]

    def _list(self) -> View:
        rows: list[View | None] = []
        wanted = self.query.strip()
        if address_book.dialled(wanted):
            words = self.t("send_to", number=wanted)
            rows.append(kit.list_row(words, key="typed", leading=kit.avatar("#"), on_tap=lambda: self._choose(wanted)))
        rows += [self._row(person) for person in self._people()]
        if not self.host.granted(READ_CONTACTS):
            rows.append(self._permission())
        elif not rows:
            return kit.empty_state("people", self.t("nobody_found"))
        return kit.recycler(rows, view_id="contact_list")

    def _row(self, person: Row) -> View:
        name, number = str(person["name"]), str(person["phone"])
        return kit.list_row(
            name,
            number,
            key=f"contact{person['_id']}",
            ids=("contact_name", "contact_details"),
            leading=kit.avatar(name),
            on_tap=lambda: self._choose(number),
        )

    def _permission(self) -> View:
        ask = kit.tonal_button(self.t("allow"), lambda: self.host.request(READ_CONTACTS, self._answered), id="allow")
        return column(
            text(self.t("need_permission"), style=Style(text_sp=14, color=kit.QUIET)),
            ask,
            width=FILL,
            pad=edges(16),
            gap=16,
        )


def draft_name(address: str) -> str:
    """The name of the draft for the conversation with an address."""
    return f"to{address_book.dialled(address) or address.strip()}"
