"""The table `alarms`, and when its alarms ring.

Columns: hour, minute, label, enabled (0 or 1), days (list of weekdays, 0 is Monday; empty: once), due_ms (when it rings
next, UTC; 0 while that has not been worked out, as in rows another program wrote).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from device.virtual.app import App, Host
from device.virtual.apps import times
from device.virtual.state import Row, StateStore

TABLE = "alarms"
MISSED_AFTER_S = 600.0  # an alarm found later than this was missed: nobody needs waking any more


def install(store: StateStore) -> None:
    """The two alarms Android's clock comes with, both off."""
    table = store.table(TABLE)
    table.insert(hour=8, minute=30, label="", enabled=0, days=[0, 1, 2, 3, 4], due_ms=0)
    table.insert(hour=9, minute=0, label="", enabled=0, days=[5, 6], due_ms=0)


def ordered(store: StateStore) -> list[Row]:
    """The alarms by their time of day."""
    return sorted(store.table(TABLE).rows(), key=lambda row: (row["hour"], row["minute"], row["_id"]))


def next_time(alarm: Row, now: datetime) -> datetime:
    """When an alarm rings next after `now`, in the zone of `now`."""
    today = now.replace(hour=int(alarm["hour"]), minute=int(alarm["minute"]), second=0, microsecond=0)
    days = alarm.get("days") or range(7)
    candidates = (today + timedelta(days=ahead) for ahead in range(8))
    return next(moment for moment in candidates if moment > now and moment.weekday() in days)


def save(app: App, row_id: int, **columns: object) -> timedelta:
    """Writes an alarm (0: a new one), switched on, and returns how long it is until it rings."""
    table, now = app.host.store.table(TABLE), app.host.local_time()
    due = next_time(columns, now)
    values = {**columns, "enabled": 1, "due_ms": times.to_ms(due)}
    if not (row_id and table.update(row_id, **values)):
        table.insert(**values)
    watch(app)
    return due - now


def switch(app: App, alarm: Row) -> timedelta | None:
    """Turns an alarm on or off; how long until it rings, if on."""
    if alarm["enabled"]:
        app.host.store.table(TABLE).update(alarm["_id"], enabled=0, due_ms=0)
        return None
    return save(app, alarm["_id"], **{key: value for key, value in alarm.items() if key != "_id"})


def watch(app: App) -> None:
    """Rings what is due and asks to be called again when the next alarm is."""
    host, now = app.host, app.host.local_time()
    due_ms: list[int] = []
    for alarm in host.store.table(TABLE).rows(lambda row: bool(row["enabled"])):
        due = int(alarm.get("due_ms") or 0)
        if due and due <= times.to_ms(now):
            late_s = times.to_ms(now) / 1000 - due / 1000
            _ring(app, alarm, missed=late_s > MISSED_AFTER_S)
            due = _after_ringing(host, alarm, now)
        elif not due:
            due = times.to_ms(next_time(alarm, now))
            host.store.table(TABLE).update(alarm["_id"], due_ms=due)
        due_ms += [due] if due else []
    if due_ms:
        host.after((min(due_ms) - times.to_ms(now)) / 1000, lambda: watch(app))


def _ring(app: App, alarm: Row, *, missed: bool) -> None:
    words = times.clock_time(int(alarm["hour"]), int(alarm["minute"]))
    title = app.t("missed_alarm") if missed else str(alarm["label"]) or app.t("alarm")
    app.host.notify(title, words, tag=f"alarm{alarm['_id']}")


def _after_ringing(host: Host, alarm: Row, now: datetime) -> int:
    """Sets the next day of an alarm that repeats, turns off one that does not; the new due time or 0."""
    table = host.store.table(TABLE)
    if not alarm.get("days"):
        table.update(alarm["_id"], enabled=0, due_ms=0)
        return 0
    due = times.to_ms(next_time(alarm, now))
    table.update(alarm["_id"], due_ms=due)
    return due
