"""Mail: folders of letters - read, find, star, write, answer, forward, archive and delete them."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from device.virtual.app import App
from device.virtual.apps.mail import mailbox
from device.virtual.apps.mail.compose import ComposePage
from device.virtual.apps.mail.pages import COMPOSE, FOLDERS, MAILBOX, THREAD, FoldersPage, MailboxPage
from device.virtual.apps.mail.strings import STRINGS
from device.virtual.apps.mail.thread_page import ThreadPage
from device.virtual.apps.snackbar import Snackbar
from device.virtual.state import StateStore


class MailApp(App):
    package = "com.android.email"
    icon = "mail"
    version = "9.0.1"
    version_code = 901
    permissions = ("android.permission.READ_CONTACTS",)
    granted: ClassVar[tuple[str, ...]] = ("android.permission.READ_CONTACTS",)
    tables: ClassVar[tuple[str, ...]] = (mailbox.TABLE,)
    pages = {  # noqa: RUF012 - declared in App
        ".MainActivity": MailboxPage,
        MAILBOX: MailboxPage,
        FOLDERS: FoldersPage,
        THREAD: ThreadPage,
        COMPOSE: ComposePage,
    }
    strings = STRINGS

    def started(self) -> None:
        self.snackbar = Snackbar(self.host)

    @classmethod
    def install_dated(cls, store: StateStore, now: datetime) -> None:
        mailbox.install(store, now)
