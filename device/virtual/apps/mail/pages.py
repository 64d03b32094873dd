"""Mail: the letters of a folder, and the list of folders."""

from __future__ import annotations

from device.virtual.apps import address_book, kit, times
from device.virtual.apps.mail import mailbox
from device.virtual.apps.mail.mailbox import ARCHIVE, DRAFTS, INBOX, OUTBOX, TRASH, Thread
from device.virtual.apps.remote import RemotePage, online, trouble_of
from device.virtual.apps.searching import Searching
from device.virtual.state import Row
from device.virtual.window.view import FILL, Style, View, column, edges, icon_button, image, row, text

MAILBOX, FOLDERS, THREAD, COMPOSE = ".MailboxActivity", ".FoldersActivity", ".ConversationActivity", ".ComposeActivity"
READ_CONTACTS = "android.permission.READ_CONTACTS"
ICONS = {
    INBOX: "mail", mailbox.STARRED: "star", mailbox.SENT: "send", DRAFTS: "edit", OUTBOX: "refresh",
    ARCHIVE: "folder", TRASH: "delete",
}  # fmt: skip


class MailPage(RemotePage):
    """What the pages of this app have in common."""

    def put(self, rows: list[Row], folder: str, said: str) -> None:
        """Moves letters and offers to take it back."""
        before = mailbox.move(self.host.store, rows, folder)
        self.snackbar.show(self.t(said), self.t("undo"), lambda: mailbox.put_back(self.host.store, before))

    def star(self, letter: Row) -> None:
        self.host.store.table(mailbox.TABLE).update(letter["_id"], starred=0 if letter["starred"] else 1)

    def star_button(self, letter: Row, starred: bool) -> View:
        look = Style(icon="star", color="primary" if starred else "outline")
        desc = self.t("remove_star" if starred else "add_star")
        return icon_button("star", desc, lambda: self.star(letter), id="star", pad=edges(8), style=look)


class MailboxPage(Searching, MailPage):
    """The threads of one folder (`folder`, the inbox by default), the newest on top."""

    title = "app_name"

    def created(self) -> None:
        super().created()
        self.folder = str(self.extras.get("folder", INBOX))

    def resumed(self) -> None:
        super().resumed()
        self._send_waiting()

    def arrived(self) -> None:
        if not self._send_waiting():
            self.host.toast(self.t("up_to_date"))

    def view(self) -> View:
        inbox = self.folder == INBOX
        bar = kit.app_bar(
            self.t(f"folder_{self.folder}"),
            self.refresh_button() if inbox else None,
            icon_button("more", self.t("more"), self._more, id="menu_overflow") if self._entries() else None,
            up=self._folders if inbox else self.host.close,
            up_desc=self.t("folders" if inbox else "up"),
            up_icon="menu" if inbox else "back",
        )
        search = self.search_bar()
        words = self.t("compose")
        fab = kit.fab("edit", words, lambda: self.host.open(COMPOSE), words=words, view_id="compose_button")
        return kit.screen(bar, search, self._banner(), self._shown(), fab=fab, bottom=self.snackbar.view())

    def _shown(self) -> View:
        # What was received stays readable offline; a server that fails takes the whole inbox, until it is asked again.
        if self.loading or (self.trouble == "failed" and self.folder == INBOX):
            return self.body(self._list)
        return self._list()

    def _banner(self) -> View | None:
        if online(self.host):
            return None
        look = Style(text_sp=14, color="on_secondary_container", background="secondary_container")
        return text(self.t("no_connection"), id="connection_banner", width=FILL, pad=edges(16, 10), style=look)

    def _list(self) -> View:
        wanted = self.query.strip().casefold()
        shown = [one for one in mailbox.threads(self.host.store, self.folder) if self._fits(one, wanted)]
        if not shown:
            folder = self.t(f"folder_{self.folder}")
            words = self.t("nothing_found", query=self.query) if wanted else self.t("empty_folder", folder=folder)
            return kit.empty_state("mail", words)
        return kit.recycler([self._row(one) for one in shown], view_id="conversation_list", bottom_dp=88)

    def _fits(self, one: Thread, wanted: str) -> bool:
        rows = [one.last, *mailbox.letters(self.host.store, one.number, self._own_folder)] if wanted else []
        fields = ("sender", "sender_name", "recipients", "subject", "body")
        return not wanted or any(wanted in str(letter[name]).casefold() for letter in rows for name in fields)

    @property
    def _own_folder(self) -> str:
        return "" if self.folder == mailbox.STARRED else self.folder

    def _row(self, one: Thread) -> View:
        letter, bold = one.last, one.unread
        who = self._who(letter)
        count = text(str(one.count), id="count", style=Style(text_sp=12, color=kit.QUIET)) if one.count > 1 else None
        when = times.when(self.host.locale, int(letter["date_ms"]), self.host.local_time())
        first_line = row(
            text(who, id="sender", weight=1, style=Style(text_sp=16, bold=bold, max_lines=1)),
            count,
            text(when, id="date", style=Style(text_sp=12, bold=bold, color=kit.QUIET)),
            width=FILL,
            gap=8,
            align="center",
        )
        subject, snippet = str(letter["subject"]) or self.t("no_subject"), " ".join(str(letter["body"]).split())
        words = column(
            first_line,
            text(subject, id="subject", style=Style(text_sp=14, bold=bold, max_lines=1)),
            text(snippet, id="snippet", style=Style(text_sp=14, color=kit.QUIET, max_lines=1)) if snippet else None,
            weight=1,
            gap=2,
        )
        return row(
            kit.avatar(who),
            words,
            self.star_button(letter, one.starred),
            key=f"mail{letter['_id']}",
            width=FILL,
            pad=edges(16, 10, 8, 10),
            gap=12,
            align="center",
            on_tap=lambda: self._open(one),
            on_long_press=lambda: self._act_on(one),
        )

    def _who(self, letter: Row) -> str:
        if letter["folder"] == DRAFTS:
            return self.t("draft_of")
        if letter["folder"] in mailbox.WRITTEN or letter["sender"] == mailbox.ME:
            return self.t("to_names", names=address_book.names_of(self.host.store, str(letter["recipients"])))
        return str(letter["sender_name"]) or str(letter["sender"])

    def _open(self, one: Thread) -> None:
        if one.last["folder"] in (DRAFTS, OUTBOX):
            self.host.open(COMPOSE, draft=one.last["_id"])
        else:
            self.host.open(THREAD, thread=one.number, folder=self._own_folder)

    def _act_on(self, one: Thread) -> None:
        rows = self._letters(one)
        entries = [(self.t("mark_read" if one.unread else "mark_unread"), lambda: self._mark(rows, int(one.unread)))]
        if self.folder == INBOX:
            entries.append((self.t("archive"), lambda: self.put(rows, ARCHIVE, "archived")))
        if self.folder in (ARCHIVE, TRASH):
            entries.append((self.t("to_inbox"), lambda: self.put(rows, INBOX, "moved_to_inbox")))
        if self.folder == TRASH:
            entries.append((self.t("delete_forever"), lambda: self._ask_delete(rows)))
        else:
            entries.append((self.t("delete"), lambda: self.put(rows, TRASH, "deleted")))
        self.menu(*entries)

    def _letters(self, one: Thread) -> list[Row]:
        if one.last["folder"] in (DRAFTS, OUTBOX):
            return [one.last]
        return mailbox.letters(self.host.store, one.number, str(one.last["folder"]))

    def _mark(self, rows: list[Row], read: int) -> None:
        for letter in rows:
            self.host.store.table(mailbox.TABLE).update(letter["_id"], read=read)

    def _ask_delete(self, rows: list[Row]) -> None:
        numbers = {letter["_id"] for letter in rows}

        def delete() -> None:
            self.host.store.table(mailbox.TABLE).delete(lambda letter: letter["_id"] in numbers)
            self.host.toast(self.t("deleted_forever"))

        self.ask(self.t("delete_title"), self.t("delete_words"), self.t("delete_forever"), delete)

    def _entries(self) -> list[tuple[str, kit.Act]]:
        """The overflow menu of this folder."""
        if self.folder == INBOX:
            return [(self.t("read_all"), self._read_all)]
        if self.folder == TRASH:
            rows = self.host.store.table(mailbox.TABLE).rows(lambda letter: letter["folder"] == TRASH)
            return [(self.t("empty_trash"), lambda: self._ask_delete(rows))] if rows else []
        return []

    def _more(self) -> None:
        self.menu(*self._entries())

    def _read_all(self) -> None:
        unread = self.host.store.table(mailbox.TABLE).rows(lambda one: one["folder"] == INBOX and not one["read"])
        self._mark(unread, 1)

    def _folders(self) -> None:
        self.host.open(FOLDERS)

    def _send_waiting(self) -> int:
        """Sends what waits once there is a connection, as mail apps do by themselves; how many letters that were."""
        waiting = self.host.store.table(mailbox.TABLE).rows(lambda letter: letter["folder"] == OUTBOX)
        if not waiting or trouble_of(self.host):
            return 0
        count = mailbox.send_waiting(self.host.store, self.now_ms)
        self.host.toast(self.t("sent_waiting", count=count))
        return count


class FoldersPage(MailPage):
    """All folders, with the number of unread threads."""

    title = "folders"

    def view(self) -> View:
        bar = kit.app_bar(self.t("app_name"), up=self.host.close, up_desc=self.t("up"))
        owner = column(text(mailbox.ME, id="account_name", style=Style(text_sp=14, color=kit.QUIET)), pad=edges(16, 8))
        return kit.screen(bar, owner, kit.recycler([self._row(one) for one in mailbox.FOLDERS], view_id="folder_list"))

    def _row(self, folder: str) -> View:
        unread = mailbox.unread(self.host.store, folder)
        count = text(str(unread), id="unread", style=Style(text_sp=14, bold=True, color=kit.QUIET)) if unread else None
        return kit.list_row(
            self.t(f"folder_{folder}"),
            key=folder,
            leading=image(ICONS[folder], style=Style(icon=ICONS[folder], color=kit.QUIET)),
            trailing=count,
            on_tap=lambda: self._open(folder),
        )

    def _open(self, folder: str) -> None:
        self.host.close()
        if folder != INBOX:
            self.host.open(MAILBOX, folder=folder)
