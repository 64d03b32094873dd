"""By what is told that a slot holds a person: its name, or the app whose rows are people."""

from __future__ import annotations

import re
from typing import Final

# What slots that hold a person are called: by the fields' ids they were learnt from, or by whoever taught the task.
CONTACT_SLOTS: Final = frozenset(
    ("contact", "recipient", "recipients", "to", "person", "friend", "receiver", "participant", "attendee", "guest",
     "callee", "payee", "kontakt", "empfänger", "an", "联系人", "收件人", "contacto", "destinataire", "destinatario")
)  # fmt: skip


def is_contact_slot(slot: str) -> bool:
    """Whether a slot of this name holds a person; "contact2" is one as "contact" is."""
    return slot.rstrip("0123456789").casefold() in CONTACT_SLOTS


_APPS_OF_PEOPLE: Final = frozenset(
    ("contacts", "people", "addressbook", "dialer", "phone", "telecom", "incallui", "messages", "messaging", "message",
     "messenger", "mms", "sms", "mail", "email", "gm", "chat", "whatsapp", "telegram", "signal", "orca", "skype",
     "teams", "tencent", "viber", "line")
)  # fmt: skip


def is_app_of_people(package: str) -> bool:
    """Whether people are what an app's lists show: address books, telephones, messengers; by its package's words."""
    return not _APPS_OF_PEOPLE.isdisjoint(re.split(r"[._]", package.casefold()))
