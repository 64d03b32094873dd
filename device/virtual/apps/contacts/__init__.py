"""Contacts: find, show, create, change, star and delete people; call, message and mail them."""

from __future__ import annotations

from typing import ClassVar

from device.virtual.app import App
from device.virtual.apps import address_book
from device.virtual.apps.contacts.editor import EditorPage
from device.virtual.apps.contacts.pages import DetailPage, PeoplePage
from device.virtual.apps.contacts.strings import STRINGS
from device.virtual.state import StateStore


class ContactsApp(App):
    package = "com.android.contacts"
    icon = "person"
    version = "14"
    version_code = 34
    system = True
    permissions = (
        "android.permission.READ_CONTACTS",
        "android.permission.WRITE_CONTACTS",
        "android.permission.CALL_PHONE",
    )
    tables: ClassVar[tuple[str, ...]] = (address_book.TABLE,)
    main = ".activities.PeopleActivity"
    pages = {  # noqa: RUF012 - declared in App
        ".activities.PeopleActivity": PeoplePage,
        ".quickcontact.QuickContactActivity": DetailPage,
        ".activities.ContactEditorActivity": EditorPage,
    }
    strings = STRINGS

    @classmethod
    def install(cls, store: StateStore) -> None:
        address_book.install(store)
