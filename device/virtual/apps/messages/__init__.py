"""Messages: conversations by SMS - read, find, start, write, send and delete them."""

from __future__ import annotations

from typing import ClassVar

from device.virtual.app import App
from device.virtual.apps.messages import inbox
from device.virtual.apps.messages.pages import ConversationListPage, PickerPage
from device.virtual.apps.messages.strings import STRINGS
from device.virtual.apps.messages.thread_page import ThreadPage
from device.virtual.state import StateStore


class MessagesApp(App):
    package = "com.android.messaging"
    icon = "sms"
    version = "14"
    version_code = 34
    system = True
    permissions = (
        "android.permission.READ_CONTACTS",
        "android.permission.SEND_SMS",
        "android.permission.READ_SMS",
        "android.permission.CALL_PHONE",
    )
    granted: ClassVar[tuple[str, ...]] = ("android.permission.READ_CONTACTS", "android.permission.SEND_SMS")
    tables: ClassVar[tuple[str, ...]] = (inbox.TABLE,)
    main = ".ui.conversationlist.ConversationListActivity"
    pages = {  # noqa: RUF012 - declared in App
        ".ui.conversationlist.ConversationListActivity": ConversationListPage,
        ".ui.conversation.LaunchConversationActivity": PickerPage,
        ".ui.conversation.ConversationActivity": ThreadPage,
    }
    strings = STRINGS

    @classmethod
    def install(cls, store: StateStore) -> None:
        inbox.install(store)
