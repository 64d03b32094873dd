"""Android's content providers over the phone's tables: which URI shows which table, under which column names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from device.virtual.state import Row, StateStore


@dataclass(frozen=True, slots=True)
class Provider:
    """One kind of rows.

    Args:
        table: the phone's table.
        columns: the provider's column -> the table's. Columns that are not named keep their name.
        fixed: what every row of this URI has; rows without it are not shown, new rows get it.
        defaults: what a new row gets where nothing is given.
    """

    table: str
    columns: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)

    def show(self, row: Row) -> dict[str, Any]:
        """A row under the provider's names, `_id` first."""
        named = {theirs: row.get(ours) for theirs, ours in self.columns.items()}
        renamed = set(self.columns.values())
        rest = {ours: value for ours, value in row.items() if ours not in renamed and ours != "_id"}
        return {"_id": row["_id"], **named, **rest}

    def rows(self, store: StateStore, wanted: Callable[[Mapping[str, Any]], bool]) -> list[dict[str, Any]]:
        """The rows that are of this URI and wanted, under the provider's names."""
        return [shown for row in store.table(self.table).rows(self._is_mine) if wanted(shown := self.show(row))]

    def insert(self, store: StateStore, values: Mapping[str, Any]) -> int:
        return store.table(self.table).insert(**{**self.defaults, **self._ours(values), **self.fixed})

    def update(self, store: StateStore, values: Mapping[str, Any], wanted: Callable[[Mapping[str, Any]], bool]) -> int:
        found = self.rows(store, wanted)
        for row in found:
            store.table(self.table).update(row["_id"], **self._ours(values))
        return len(found)

    def delete(self, store: StateStore, wanted: Callable[[Mapping[str, Any]], bool]) -> int:
        return store.table(self.table).delete(lambda row: self._is_mine(row) and wanted(self.show(row)))

    def _is_mine(self, row: Row) -> bool:
        return all(row.get(name) == value for name, value in self.fixed.items())

    def _ours(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {self.columns.get(name, name): value for name, value in values.items() if name != "_id"}


_SMS_COLUMNS = {"thread_id": "thread", "date": "date_ms"}
_CONTACT_DEFAULTS = {"name": "", "phone": "", "email": "", "starred": 0}
_SMS_DEFAULTS = {"thread": 0, "address": "", "body": "", "type": 1, "date_ms": 0, "read": 0}
_CONTACTS = Provider("contacts", {"display_name": "name", "number": "phone"}, defaults=_CONTACT_DEFAULTS)
_PHONES = Provider(
    "contacts", {"display_name": "name", "number": "phone", "data1": "phone"}, defaults=_CONTACT_DEFAULTS
)
_EMAILS = Provider("contacts", {"display_name": "name", "data1": "email"}, defaults=_CONTACT_DEFAULTS)
_EVENT_DEFAULTS = {"title": "", "dtstart": 0, "dtend": 0, "allDay": 0, "eventLocation": "", "description": ""}
_ATTENDEE_DEFAULTS = {"attendeeName": "", "attendeeEmail": "", "invited": 0}

_PROVIDERS = {
    "contacts": _CONTACTS,
    "contacts/people": _CONTACTS,
    "contacts/phones": _PHONES,
    "com.android.contacts/contacts": _CONTACTS,
    "com.android.contacts/raw_contacts": _CONTACTS,
    "com.android.contacts/data": _PHONES,
    "com.android.contacts/data/phones": _PHONES,
    "com.android.contacts/data/emails": _EMAILS,
    "sms": Provider("sms", _SMS_COLUMNS, defaults=_SMS_DEFAULTS),
    "sms/inbox": Provider("sms", _SMS_COLUMNS, fixed={"type": 1}, defaults=_SMS_DEFAULTS),
    "sms/sent": Provider("sms", _SMS_COLUMNS, fixed={"type": 2}, defaults=_SMS_DEFAULTS),
    "com.android.calendar/events": Provider("calendar_events", defaults=_EVENT_DEFAULTS),
    "com.android.calendar/attendees": Provider("calendar_attendees", defaults=_ATTENDEE_DEFAULTS),
    "com.android.calendar/reminders": Provider("calendar_reminders", defaults={"minutes": 10}),
    "com.android.email/mails": Provider("mails", {"thread_id": "thread", "date": "date_ms"}),
    "com.example.shop/orders": Provider("shop_orders"),
    "com.example.food/orders": Provider("food_orders"),
    "com.example.wallet/payments": Provider("payments"),
    "call_log/calls": Provider("call_log", {"date": "date_ms", "duration": "duration_s"}),
}


def find_provider(uri: str) -> tuple[Provider, int | None] | None:
    """The provider of a `content://` URI, and the row's `_id` where the URI ends in one."""
    path = uri.removeprefix("content://").partition("?")[0].strip("/")
    head, _, last = path.rpartition("/")
    if last.isdigit() and head in _PROVIDERS:
        return _PROVIDERS[head], int(last)
    provider = _PROVIDERS.get(path)
    return None if provider is None else (provider, None)
