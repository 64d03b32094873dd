"""The table `timers`: countdowns that go on while nobody looks.

Columns: label, length_s, left_s (while not running), state ("running", "paused", "done"), ends_ms (while running, UTC).
"""

from __future__ import annotations

from device.virtual.app import App, Host
from device.virtual.apps import times
from device.virtual.state import Row

TABLE = "timers"
RUNNING, PAUSED, DONE = "running", "paused", "done"


def left_s(host: Host, timer: Row) -> float:
    """Seconds until a timer ends; 0 once it has."""
    if timer["state"] != RUNNING:
        return float(timer["left_s"])
    return max(0.0, (int(timer["ends_ms"]) - times.to_ms(host.clock.now())) / 1000)


def start(app: App, length_s: float, label: str = "") -> int:
    """Starts a new timer and returns its id."""
    ends_ms = times.to_ms(app.host.clock.now()) + round(length_s * 1000)
    table = app.host.store.table(TABLE)
    timer = table.insert(label=label, length_s=length_s, left_s=length_s, state=RUNNING, ends_ms=ends_ms)
    watch(app)
    return timer


def pause(app: App, timer: Row) -> None:
    """Stops a timer; what is left of it stays."""
    app.host.store.table(TABLE).update(timer["_id"], state=PAUSED, left_s=left_s(app.host, timer))


def resume(app: App, timer: Row) -> None:
    """Goes on with what is left of a paused timer; one that is done starts over."""
    seconds = timer["length_s"] if timer["state"] == DONE else left_s(app.host, timer)
    _run(app, timer, float(seconds))


def reset(app: App, timer: Row) -> None:
    """Puts a timer back to its whole length, stopped."""
    app.host.store.table(TABLE).update(timer["_id"], state=PAUSED, left_s=timer["length_s"])
    app.host.cancel_notification(_tag(timer))


def extend(app: App, timer: Row, seconds: float) -> None:
    """Adds time; a timer that is done runs again with it."""
    longer = left_s(app.host, timer) + seconds
    if timer["state"] == PAUSED:
        app.host.store.table(TABLE).update(timer["_id"], left_s=longer)
    else:
        _run(app, timer, longer)


def delete(app: App, timer: Row) -> None:
    """Removes a timer, with its notification."""
    app.host.store.table(TABLE).delete(lambda row: row["_id"] == timer["_id"])
    app.host.cancel_notification(_tag(timer))


def watch(app: App) -> None:
    """Reports the timers that ended and asks to be called again when the next one does."""
    table = app.host.store.table(TABLE)
    running: list[float] = []
    for timer in table.rows(lambda row: row["state"] == RUNNING):
        seconds = left_s(app.host, timer)
        if seconds > 0:
            running.append(seconds)
            continue
        table.update(timer["_id"], state=DONE, left_s=0)
        app.host.notify(app.t("time_is_up"), str(timer["label"]) or app.t("timer"), tag=_tag(timer))
    if running:
        app.host.after(min(running), lambda: watch(app))


def _run(app: App, timer: Row, seconds: float) -> None:
    ends_ms = times.to_ms(app.host.clock.now()) + round(seconds * 1000)
    app.host.store.table(TABLE).update(timer["_id"], state=RUNNING, ends_ms=ends_ms)
    app.host.cancel_notification(_tag(timer))
    watch(app)


def _tag(timer: Row) -> str:
    return f"timer{timer['_id']}"
