"""Mail: the page a letter is written on."""

from __future__ import annotations

from device.virtual.apps import address_book, kit
from device.virtual.apps.drafts import Drafts
from device.virtual.apps.mail import mailbox
from device.virtual.apps.mail.mailbox import DRAFTS, OUTBOX, SENT
from device.virtual.apps.mail.pages import READ_CONTACTS, MailPage
from device.virtual.apps.remote import FAILED, trouble_of
from device.virtual.state import Row
from device.virtual.window.view import Style, View, edges, edit, icon_button, scroll, text

FIELDS = ("to", "subject", "body")
_SUGGESTED = 3


class ComposePage(MailPage):
    """A new letter, an answer (`to`, `subject`, `quoted`, `thread`) or a draft (`draft`).

    What is typed outlives a killed process; leaving the page puts it into the drafts, and only "Send" sends it.
    """

    title = "compose"

    def created(self) -> None:
        super().created()
        self.draft = int(self.extras.get("draft", 0))
        self.thread = int(self.extras.get("thread", 0))
        self.quoted = str(self.extras.get("quoted", ""))
        self.drafts = Drafts(self.host)
        row = self.host.store.table(mailbox.TABLE).get(self.draft) or {}
        self.saved = {"to": row.get("recipients", ""), "subject": row.get("subject", ""), "body": row.get("body", "")}
        given = {name: str(self.extras.get(name) or "") for name in FIELDS}
        self.start = {name: given[name] or str(self.saved[name]) for name in FIELDS}
        self.values = {**self.start, **self.drafts.get(self._name)}
        self.error = ""

    def view(self) -> View:
        bar = kit.app_bar(
            self.t("compose"),
            icon_button("attach", "", self._attach, id="add_attachment"),  # as in life: an icon that says nothing
            icon_button("send", self.t("send"), self.send, id="send", style=Style(icon="send", color="primary")),
            icon_button("more", self.t("more"), self._more, id="menu_overflow"),
            up=self._leave,
            up_desc=self.t("up"),
        )
        to = kit.field(
            self.t("to"), self.values["to"], self._change("to"), view_id="to", error=self.error, input="email"
        )
        subject = kit.field(self.t("subject"), self.values["subject"], self._change("subject"), view_id="subject")
        body = edit(
            self.values["body"], self._change("body"), id="body", hint=self.t("body"), input="multiline",
            style=Style(text_sp=16), pad=edges(4, 12),
        )  # fmt: skip
        quoted = text(self.quoted, id="quoted_text", style=Style(text_sp=14, color=kit.QUIET)) if self.quoted else None
        parts = (to, *self._suggestions(), subject, body, quoted)
        return kit.screen(bar, scroll(*parts, id="compose_scrollview", weight=1, pad=edges(16), gap=12))

    def back(self) -> bool:
        self._leave()
        return True

    def send(self) -> None:
        """Sends what is written to everybody in "To"; asks first where there is no subject."""
        good, bad = address_book.read_recipients(self.host.store, self.values["to"])
        if bad or not good:
            self.error = self.t("bad_address", address=bad[0]) if bad else self.t("no_recipient")
        elif self.values["subject"].strip():
            self._send(good)
        else:
            words = self.t("no_subject_words")
            self.ask(self.t("no_subject_title"), words, self.t("send"), lambda: self._send(good))

    def _send(self, recipients: list[str]) -> None:
        trouble = trouble_of(self.host)
        if trouble == FAILED:
            self.host.toast(self.t("send_failed"))
            return
        self._write(OUTBOX if trouble else SENT, ", ".join(recipients), self._whole_body())
        self.host.hide_keyboard()
        self.host.toast(self.t("queued" if trouble else "sent"))
        self.host.close()

    def _write(self, folder: str, recipients: str, body: str) -> None:
        """Puts the letter into a folder, in place of the draft it was."""
        self.drafts.drop(self._name)
        said = {"recipients": recipients, "subject": self.values["subject"].strip(), "body": body}
        table = self.host.store.table(mailbox.TABLE)
        if not (self.draft and table.update(self.draft, folder=folder, date_ms=self.now_ms, **said)):
            mailbox.write(self.host.store, folder, self.now_ms, thread=self.thread, **said)

    def _whole_body(self) -> str:
        body = self.values["body"].strip()
        return f"{body}\n\n{self.quoted}".strip() if self.quoted else body

    def _leave(self) -> None:
        if self.values != self.start and any(value.strip() for value in self.values.values()):
            self._write(DRAFTS, self.values["to"].strip(), self._whole_body())
            self.host.toast(self.t("draft_saved"))
        self.drafts.drop(self._name)
        self.host.close()

    def _more(self) -> None:
        self.menu((self.t("discard_draft"), self._ask_discard))

    def _ask_discard(self) -> None:
        self.ask(self.t("discard_title"), "", self.t("discard"), self._discard)

    def _discard(self) -> None:
        self.drafts.drop(self._name)
        self.host.store.table(mailbox.TABLE).delete(lambda row: row["_id"] == self.draft)
        self.host.toast(self.t("draft_discarded"))
        self.host.close()

    def _attach(self) -> None:
        self.host.toast(self.t("nothing_to_attach"))

    @property
    def _name(self) -> str:
        if self.draft or self.thread:
            return f"mail{self.draft}" if self.draft else f"answer{self.thread}"
        return f"new {self.start['to']} {self.start['subject']}".rstrip()

    def _change(self, field: str) -> kit.Typed:
        def changed(words: str) -> None:
            self.values[field] = words
            self.error = "" if field == "to" else self.error
            self.drafts.keep(self._name, self.values)

        return changed

    def _suggestions(self) -> list[View]:
        """Contacts that fit the last name being typed into "To"."""
        last = self.values["to"].replace(";", ",").rpartition(",")[2].strip()
        if len(last) < 2 or "@" in last or not self.host.granted(READ_CONTACTS):
            return []
        people = [one for one in address_book.matching(self.host.store, last) if one["email"]]
        return [self._suggestion(one) for one in people[:_SUGGESTED]]

    def _suggestion(self, person: Row) -> View:
        name, address = str(person["name"]), str(person["email"])
        return kit.list_row(
            name, address, key=f"suggested{person['_id']}", ids=("contact_name", "contact_address"),
            leading=kit.avatar(name, size_dp=32), on_tap=lambda: self._choose(address),
        )  # fmt: skip

    def _choose(self, address: str) -> None:
        before = self.values["to"].replace(";", ",").rpartition(",")[0].strip()
        self._change("to")(f"{before}, {address}" if before else address)
