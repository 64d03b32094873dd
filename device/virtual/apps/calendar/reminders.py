"""Calendar: the notification before an event. It comes only while the app's process lives."""

from __future__ import annotations

from datetime import timedelta

from device.virtual.app import App
from device.virtual.apps import times
from device.virtual.apps.calendar import events


def schedule_all(app: App) -> None:
    """Plans the reminders of everything that is still to come."""
    for row in events.ordered(app.host.store):
        schedule(app, int(row["_id"]))


def schedule(app: App, event: int) -> None:
    """Plans one event's reminder; nothing if it has none or its time is over."""
    row = events.find(app.host.store, event)
    minutes = events.reminder(app.host.store, event)
    if row is None or minutes == events.NO_REMINDER:
        return
    start, _ = events.span(row, app.host.local_time())
    wait_s = (start - timedelta(minutes=minutes) - app.host.local_time()).total_seconds()
    if wait_s >= 0:
        app.host.after(wait_s, lambda: _remind(app, event, int(row["dtstart"]), minutes))


def _remind(app: App, event: int, dtstart: int, minutes: int) -> None:
    """Says what is about to start, unless it was moved or deleted meanwhile."""
    row = events.find(app.host.store, event)
    if row is None or int(row["dtstart"]) != dtstart or events.reminder(app.host.store, event) != minutes:
        return
    when = times.when(app.host.locale, dtstart, app.host.local_time())
    app.host.notify(str(row["title"]) or app.t("untitled"), when, tag=f"event{event}")
