"""By what is told that a slot holds a person: its name, or the app whose rows are people."""

from __future__ import annotations

from typing import Final

# What slots that hold a person are called: by the fields' ids they were learnt from, or by whoever taught the task.
CONTACT_SLOTS: Final = frozenset(
    ("contact", "recipient", "recipients", "to", "person", "friend", "receiver", "participant", "attendee", "guest",
     "callee", "payee", "kontakt", "empfänger", "an", "联系人", "收件人", "contacto", "destinataire", "destinatario")
)  # fmt: skip


# Names that are also those of a place, a day or a thing: "a route to {to}", "a room for the {guest}".
_TOWARD_ANYTHING: Final = frozenset(("to", "an", "guest", "para", "à", "给"))


def is_contact_slot(slot: str) -> bool:
    """Whether a slot of this name holds a person; "contact2" is one as "contact" is."""
    return _bare(slot) in CONTACT_SLOTS


def is_ambiguous_slot(slot: str) -> bool:
    """Whether the name alone does not tell if a person is in the slot: "to" leads to somebody, or somewhere."""
    return _bare(slot) in _TOWARD_ANYTHING


def _bare(slot: str) -> str:
    return slot.rstrip("0123456789").casefold()


# What such an app's package ends in, whoever made it.
_WHAT_THEY_ARE: Final = frozenset(
    ("contacts", "people", "addressbook", "dialer", "telecom", "incallui", "messages", "messaging", "message",
     "messenger", "smsmessenger", "mms", "sms", "mail", "email", "chat")
)  # fmt: skip
_EDITIONS: Final = frozenset(("android", "pro", "lite", "go", "free", "beta", "debug"))  # may stand behind that
# Packages whose last word does not tell; theirs are all that begin so.
_KNOWN_APPS: Final = (
    "com.android.phone", "org.fossify.phone", "com.google.android.gm", "com.whatsapp", "org.telegram",
    "org.thoughtcrime.securesms", "com.facebook.orca", "com.facebook.mlite", "com.skype", "com.microsoft.teams",
    "com.microsoft.office.outlook", "com.viber", "jp.naver.line", "ch.protonmail", "com.fsck.k9", "com.tencent.mm",
    "com.tencent.mobileqq", "com.tencent.wework",
)  # fmt: skip


def is_app_of_people(package: str) -> bool:
    """Whether people are what an app's lists show: address books, telephones, messengers; by its package."""
    name = package.casefold()
    if any(f"{name}.".startswith(f"{known}.") for known in _KNOWN_APPS):
        return True
    words = name.split(".")
    while len(words) > 1 and words[-1] in _EDITIONS:
        words.pop()
    return words[-1] in _WHAT_THEY_ARE
