"""Mail: one exchange of letters, and what can be done with it."""

from __future__ import annotations

from device.virtual.apps import address_book, kit, times
from device.virtual.apps.mail import mailbox
from device.virtual.apps.mail.mailbox import ARCHIVE, INBOX, TRASH
from device.virtual.apps.mail.pages import COMPOSE, MailPage
from device.virtual.state import Row
from device.virtual.window.view import FILL, Style, View, column, edges, icon_button, row, scroll, text


class ThreadPage(MailPage):
    """The letters of one thread (`thread`), oldest first; opening it marks them as read."""

    title = "app_name"

    def created(self) -> None:
        super().created()
        self.thread = int(self.extras.get("thread", 0))
        folder = str(self.extras.get("folder", ""))
        self.folder = folder if folder == TRASH else ""  # what was deleted is shown in the trash only

    def resumed(self) -> None:
        super().resumed()
        for letter in self._letters():
            if not letter["read"]:
                self.host.store.table(mailbox.TABLE).update(letter["_id"], read=1)

    def view(self) -> View:
        letters = self._letters()
        if not letters:
            bar = kit.app_bar("", up=self.host.close, up_desc=self.t("up"))
            return kit.screen(bar, kit.empty_state("mail", self.t("gone")))
        subject = text(
            str(letters[0]["subject"]) or self.t("no_subject"), id="subject", weight=1, style=Style(text_sp=22)
        )
        head = row(
            subject,
            self.star_button(letters[-1], any(one["starred"] for one in letters)),
            width=FILL,
            pad=edges(16, 8),
            gap=8,
            align="center",
        )
        cards = [self._card(letter) for letter in letters]
        body = scroll(head, *cards, cls=kit.RECYCLER, id="conversation", weight=1, pad=edges(0, 0, 0, 16))
        return kit.screen(self._bar(letters), body, bottom=None if self.folder else self._answers(letters[-1]))

    def star(self, letter: Row) -> None:
        """One star for the thread: taken off wherever it is, else put on the newest letter."""
        starred = [one for one in self._letters() if one["starred"]]
        for one in starred or [letter]:
            super().star(one)

    def _letters(self) -> list[Row]:
        return mailbox.letters(self.host.store, self.thread, self.folder)

    def _bar(self, letters: list[Row]) -> View:
        in_inbox = [one for one in letters if one["folder"] == INBOX]
        put_away = icon_button("folder", self.t("archive"), lambda: self._put(in_inbox, ARCHIVE, "archived"),
                               id="archive")  # fmt: skip
        restore = icon_button("mail", self.t("to_inbox"), lambda: self._put(letters, INBOX, "moved_to_inbox"),
                              id="move_to_inbox")  # fmt: skip
        delete = icon_button("delete", self.t("delete"), lambda: self._put(letters, TRASH, "deleted"), id="delete")
        return kit.app_bar(
            "",
            put_away if in_inbox else restore,
            None if self.folder else delete,
            icon_button("mail", self.t("mark_unread"), self._unread, id="inside_conversation_unread")
            if in_inbox
            else None,
            up=self.host.close,
            up_desc=self.t("up"),
        )

    def _card(self, letter: Row) -> View:
        mine = letter["sender"] == mailbox.ME
        name = str(letter["sender_name"]) or str(letter["sender"])
        to = address_book.names_of(self.host.store, str(letter["recipients"]))
        when = times.when(self.host.locale, int(letter["date_ms"]), self.host.local_time())
        head = row(
            kit.avatar(name),
            column(
                text(name, id="sender_name", style=Style(text_sp=15, bold=True, max_lines=1)),
                text(
                    self.t("to_names", names=to) if mine else self.t("to_me"),
                    id="recipient_summary",
                    style=Style(text_sp=13, color=kit.QUIET, max_lines=1),
                ),
                weight=1,
            ),
            text(when, id="upper_date", style=Style(text_sp=12, color=kit.QUIET)),
            width=FILL,
            gap=12,
            align="center",
        )
        body = text(str(letter["body"]), id="message_body", width=FILL, pad=edges(0, 8), style=Style(text_sp=15))
        return kit.card(head, body, key=f"letter{letter['_id']}")

    def _answers(self, letter: Row) -> View:
        return row(
            kit.tonal_button(self.t("reply"), lambda: self._answer(letter), id="reply", weight=1),
            kit.tonal_button(self.t("forward"), lambda: self._forward(letter), id="forward", weight=1),
            width=FILL,
            pad=edges(16, 12),
            gap=12,
        )

    def _answer(self, letter: Row) -> None:
        other = letter["recipients"] if letter["sender"] == mailbox.ME else letter["sender"]
        quoted = "\n".join(f"> {line}" for line in str(letter["body"]).splitlines())
        when = times.when(self.host.locale, int(letter["date_ms"]), self.host.local_time())
        said = self.t("wrote", when=when, name=str(letter["sender_name"]) or str(letter["sender"]))
        self.host.open(
            COMPOSE, to=other, subject=_headed("Re:", str(letter["subject"])), quoted=f"{said}\n{quoted}",
            thread=self.thread,
        )  # fmt: skip

    def _forward(self, letter: Row) -> None:
        said = self.t("forwarded", name=str(letter["sender_name"]) or str(letter["sender"]))
        self.host.open(COMPOSE, subject=_headed("Fwd:", str(letter["subject"])), quoted=f"{said}\n{letter['body']}")

    def _put(self, rows: list[Row], folder: str, said: str) -> None:
        self.put(rows, folder, said)
        self.host.close()

    def _unread(self) -> None:
        for letter in self._letters()[-1:]:
            self.host.store.table(mailbox.TABLE).update(letter["_id"], read=0)
        self.host.close()


def _headed(head: str, subject: str) -> str:
    """A subject with "Re:" or "Fwd:" before it, once."""
    return subject if subject.casefold().startswith(head.casefold()) else f"{head} {subject}".strip()
