"""Messages: one conversation - its bubbles, and the field the next message is written in."""

from __future__ import annotations

from device.virtual.apps import address_book, kit, times
from device.virtual.apps.dialogs import DialogPage
from device.virtual.apps.drafts import Drafts
from device.virtual.apps.messages import inbox
from device.virtual.apps.messages.pages import READ_CONTACTS, draft_name
from device.virtual.state import Row
from device.virtual.window.view import (
    FILL,
    WRAP,
    Style,
    View,
    column,
    edges,
    edit,
    icon_button,
    row,
    scroll,
    space,
    text,
)

SMS_LIMIT = 160


class ThreadPage(DialogPage):
    """The messages exchanged with `address`, the newest at the bottom."""

    title = "app_name"

    def created(self) -> None:
        self.address = str(self.extras.get("address", ""))
        self.drafts = Drafts(self.host)
        given = str(self.extras.get("sms_body", ""))
        self.words = self.drafts.get(draft_name(self.address)).get("words", given)

    def resumed(self) -> None:
        inbox.mark_read(self.host.store, self.address)

    def view(self) -> View:
        call = icon_button("call", self.t("call"), self.call, id="action_call")
        more = icon_button("more", self.t("more"), self.more, id="action_more")
        bar = kit.app_bar(self._name(), call, more, up=self.host.close, up_desc=self.t("up"))
        rows = inbox.messages(self.host.store, self.address)
        # A new message gives the list a new key, so that it does not stay where it was scrolled to.
        newest = rows[-1]["_id"] if rows else 0
        bubbles = scroll(
            *(self._bubble(message) for message in rows),
            cls=kit.RECYCLER,
            id="message_list",
            key=f"messages{newest}",
            weight=1,
            pad=edges(12, 8),
            gap=6,
            justify="end",
        )
        return kit.screen(bar, bubbles, bottom=self._compose())

    def send(self) -> None:
        body = self.words.strip()
        if not body:
            self.host.toast(self.t("empty_message"))
        elif self.host.settings.get("global", "airplane_mode_on") == "1":
            self.host.toast(self.t("airplane"))
        else:
            now_ms = times.to_ms(self.host.clock.now())
            inbox.add(self.host.store, self.address, body, inbox.SENT, now_ms)
            self.words = ""
            self.drafts.drop(draft_name(self.address))

    def call(self) -> None:
        if not self.host.start("com.android.dialer", ".InCallActivity", number=self.address):
            self.host.toast(self.t("no_dialer"))

    def more(self) -> None:
        self.menu((self.t("delete_thread"), self._ask_delete_all))

    def _name(self) -> str:
        if not self.host.granted(READ_CONTACTS):
            return self.address
        return address_book.name_of(self.host.store, self.address)

    def _typed(self, words: str) -> None:
        self.words = words
        self.drafts.keep(draft_name(self.address), {"words": words})

    def _compose(self) -> View:
        field = edit(
            self.words,
            self._typed,
            id="compose_message_text",
            hint=self.t("hint"),
            input="multiline",
            width=WRAP,
            weight=1,
            pad=edges(16, 12),
            style=Style(background="surface_variant", corner_dp=24, text_sp=16, max_lines=4),
        )
        left = SMS_LIMIT - len(self.words)
        counter = text(str(left), id="char_counter", style=Style(text_sp=12, color=kit.QUIET)) if left < 20 else None
        return row(
            icon_button("attach", "", self._attach, id="attach_media_button"),  # as in life: an icon that says nothing
            field,
            counter,
            icon_button(
                "send", self.t("send"), self.send, id="send_message_button", style=Style(icon="send", color="primary")
            ),
            id="message_compose_view_container",
            width=FILL,
            pad=edges(4, 8),
            gap=4,
            align="center",
        )

    def _attach(self) -> None:
        self.host.toast(self.t("nothing_to_attach"))

    def _bubble(self, message: Row) -> View:
        mine = message["type"] == inbox.SENT
        look = Style(
            background="primary" if mine else "surface_variant",
            color="on_primary" if mine else "on_surface_variant",
            corner_dp=18,
        )
        stamp = times.when(self.host.locale, int(message["date_ms"]), self.host.local_time())
        words = text(str(message["body"]), id="message_text", pad=edges(14, 8), style=look)
        status = text(stamp, id="message_status", style=Style(text_sp=11, color=kit.QUIET), margin=edges(6, 0))
        bubble = column(
            words, status, gap=2, align="end" if mine else "start", on_long_press=lambda: self._ask_delete(message)
        )
        gap = space(weight=0, width=64.0)
        key = f"message{message['_id']}"
        if mine:
            return row(gap, column(bubble, weight=1, align="end"), key=key, width=FILL)
        return row(column(bubble, weight=1), gap, key=key, width=FILL)

    def _ask_delete(self, message: Row) -> None:
        def delete() -> None:
            self.host.store.table(inbox.TABLE).delete(lambda row: row["_id"] == message["_id"])
            self.host.toast(self.t("message_deleted"))

        self.ask(self.t("delete_message_title"), self.t("delete_message_words"), self.t("delete"), delete)

    def _ask_delete_all(self) -> None:
        words = self.t("delete_thread_words", name=self._name())
        self.ask(self.t("delete_thread_title"), words, self.t("delete"), self._delete_all)

    def _delete_all(self) -> None:
        self.host.store.table(inbox.TABLE).delete(lambda row: inbox.same_address(str(row["address"]), self.address))
        self.drafts.drop(draft_name(self.address))
        self.host.toast(self.t("thread_deleted"))
        self.host.close()
