"""Tasks of `mobimem eval drift` in the clock: alarms, timers and the stopwatch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from device.virtual.phone import VirtualPhone
from mobimem.evals.drift_task import ANY, Change, DriftTask, Row, Setup, Values, inside, shows, typed

CLOCK: Final = "com.android.deskclock"
EDIT_ALARM: Final = ".alarms.EditAlarmActivity"
STOPWATCH: Final = f"{CLOCK}.stopwatch"
_ALARMS: Final = {"Work": (7, 10), "Gym": (18, 30), "Pills": (21, 0), "School": (6, 50)}
_TIMERS: Final = {"Tea": 240.0, "Eggs": 360.0, "Pasta": 600.0}
_LABELS: Final = tuple(_ALARMS)
_HOURS: Final = ("6", "7", "21")
_MINUTES: Final = ("45", "15", "50")


def _alarm(hour: int, minute: int, label: str = "", enabled: int = 1, days: tuple[int, ...] = ()) -> tuple[str, Row]:
    return "alarms", {"hour": hour, "minute": minute, "label": label, "enabled": enabled, "days": list(days)}


def _labelled(label: str, enabled: int) -> tuple[str, Row]:
    return _alarm(*_ALARMS[label], label, enabled)


def _alarms(enabled: int) -> Setup:
    def prepare(phone: VirtualPhone, values: Values) -> None:
        table = phone.store.table("alarms")
        table.delete(lambda row: True)
        for label in _ALARMS:
            table.insert(**_labelled(label, enabled)[1], due_ms=0)

    return prepare


def _crowd_alarms(phone: VirtualPhone) -> None:
    for minute in range(20):
        phone.store.table("alarms").insert(**_alarm(1, minute, f"Feed {minute}", 0)[1], due_ms=0)


def _double_alarm(phone: VirtualPhone, values: Values) -> None:
    phone.store.table("alarms").insert(**_alarm(5, 5, values["label"], 0)[1], due_ms=0)


def _other_alarm(phone: VirtualPhone, values: Values) -> None:
    other = next(label for label in _ALARMS if label != values["label"])
    row = next(row for row in phone.store.table("alarms").rows() if row["label"] == other)
    phone.windows.start(CLOCK, EDIT_ALARM, alarm=row["_id"])


def _any_alarm(phone: VirtualPhone, values: Values) -> None:
    """The form of an alarm that is there already, without a label."""
    number = phone.store.table("alarms").insert(**_alarm(5, 55, "", 0)[1], due_ms=0)
    phone.windows.start(CLOCK, EDIT_ALARM, alarm=number)


def _switched(before: int, after: int) -> Callable[[Values], Change]:
    return lambda v: Change(added=(_labelled(v["label"], after),), removed=(_labelled(v["label"], before),))


def _new_alarm(values: Values, *, label: str = "", days: tuple[int, ...] = ()) -> Change:
    return Change(added=(_alarm(int(values["hour"]), int(values["minute"]), label, 1, days),))


def _timer(label: str, state: str, left_s: object = None) -> tuple[str, Row]:
    length_s = _TIMERS[label]
    left = length_s if left_s is None else left_s
    return "timers", {"label": label, "length_s": length_s, "left_s": left, "state": state}


def _timers(state: str, left_s: float | None = None) -> Setup:
    def prepare(phone: VirtualPhone, values: Values) -> None:
        now_ms = round(phone.clock.now().timestamp() * 1000)
        for label in _TIMERS:
            row = _timer(label, state, left_s)[1]
            phone.store.table("timers").insert(**row, ends_ms=now_ms + 3_600_000 if state == "running" else 0)

    return prepare


def _double_timer(phone: VirtualPhone, values: Values) -> None:
    row = {"label": values["label"], "length_s": 90.0, "left_s": 90.0, "state": "paused", "ends_ms": 0}
    phone.store.table("timers").insert(**row)


def _timer_task(
    name: str, entry: str, change: Callable[[Values], Change], prepare: Setup, *more: str, words: str
) -> DriftTask:
    return DriftTask(
        name=name, package=CLOCK, words=words, choices={"label": tuple(_TIMERS)},
        show=shows(CLOCK, "Timer", inside("{label}", entry), *more), change=change, prepare=prepare,
        double=_double_timer,
    )  # fmt: skip


def _stopwatch(**document: Any) -> Setup:
    def prepare(phone: VirtualPhone, values: Values) -> None:
        since_ms = round(phone.clock.now().timestamp() * 1000) if document.get("running") else 0
        phone.store.put(STOPWATCH, {"since_ms": since_ms, "before_ms": document.get("before_ms", 0), "laps_ms": []})

    return prepare


def _watch(holds: Callable[[Mapping[str, Any]], bool]) -> Callable[[Values], Change]:
    return lambda values: Change(documents={STOPWATCH: holds})


_LABEL_SLOT: Final = {"label": _LABELS}

CLOCK_TASKS: Final[tuple[DriftTask, ...]] = (
    DriftTask(
        name="set-alarm", package=CLOCK, words="wake me at {hour}:{minute}",
        choices={"hour": _HOURS, "minute": _MINUTES},
        show=shows(CLOCK, "Add alarm", typed("Hour", "{hour}"), typed("Minute", "{minute}"), "Save"),
        change=_new_alarm, elsewhere=_any_alarm,
    ),
    DriftTask(
        name="set-alarm-with-label", package=CLOCK, words="an alarm {label} at {hour}:{minute}",
        choices={"hour": _HOURS, "minute": _MINUTES, "label": ("Medicine", "Bus", "Bins out")},
        show=shows(
            CLOCK, "Add alarm", typed("Hour", "{hour}"), typed("Minute", "{minute}"), typed("Label", "{label}"), "Save"
        ),
        change=lambda v: _new_alarm(v, label=v["label"]), elsewhere=_any_alarm,
    ),
    DriftTask(
        name="set-alarm-for-days", package=CLOCK, words="wake me on Monday and Saturday at {hour}:{minute}",
        choices={"hour": _HOURS, "minute": _MINUTES},
        show=shows(CLOCK, "Add alarm", typed("Hour", "{hour}"), typed("Minute", "{minute}"), "Mon", "Sat", "Save"),
        change=lambda v: _new_alarm(v, days=(0, 5)), elsewhere=_any_alarm,
    ),
    DriftTask(
        name="alarm-on", package=CLOCK, words="turn the alarm {label} on", choices=_LABEL_SLOT,
        show=shows(CLOCK, inside("{label}", "onoff")), change=_switched(0, 1), prepare=_alarms(0),
        crowd=_crowd_alarms, double=_double_alarm,
    ),
    DriftTask(
        name="alarm-off", package=CLOCK, words="turn the alarm {label} off", choices=_LABEL_SLOT,
        show=shows(CLOCK, inside("{label}", "onoff")), change=_switched(1, 0), prepare=_alarms(1),
        crowd=_crowd_alarms, double=_double_alarm,
    ),
    DriftTask(
        name="move-alarm", package=CLOCK, words="the alarm {label} rings at {hour}:{minute}",
        choices=_LABEL_SLOT | {"hour": _HOURS, "minute": _MINUTES},
        show=shows(CLOCK, "{label}", typed("Hour", "{hour}"), typed("Minute", "{minute}"), "Save"),
        change=lambda v: Change(
            added=(_alarm(int(v["hour"]), int(v["minute"]), v["label"]),), removed=(_labelled(v["label"], 0),)
        ),
        prepare=_alarms(0), crowd=_crowd_alarms, double=_double_alarm, elsewhere=_other_alarm,
    ),
    DriftTask(
        name="rename-alarm", package=CLOCK, words="the alarm {label} is called {name}",
        choices=_LABEL_SLOT | {"name": ("Bus", "Medicine", "Bins out")},
        show=shows(CLOCK, "{label}", typed("Label", "{name}"), "Save"),
        change=lambda v: Change(
            added=(_alarm(*_ALARMS[v["label"]], v["name"]),), removed=(_labelled(v["label"], 0),)
        ),
        prepare=_alarms(0), crowd=_crowd_alarms, double=_double_alarm, elsewhere=_other_alarm,
    ),
    DriftTask(
        name="delete-alarm", package=CLOCK, words="delete the alarm {label}", choices=_LABEL_SLOT,
        show=shows(CLOCK, "{label}", "Delete alarm", "Delete"),
        change=lambda v: Change(removed=(_labelled(v["label"], 0),)),
        prepare=_alarms(0), crowd=_crowd_alarms, double=_double_alarm, elsewhere=_other_alarm,
    ),
    DriftTask(
        name="new-timer", package=CLOCK, words="a timer of five minutes",
        show=shows(CLOCK, "Timer", "5", "00", "Start"),
        change=lambda v: Change(
            added=(("timers", {"label": "", "length_s": 300.0, "left_s": 300.0, "state": "running"}),)
        ),
    ),
    _timer_task(
        "pause-timer", "play_pause",
        lambda v: Change(added=(_timer(v["label"], "paused", ANY),), removed=(_timer(v["label"], "running"),)),
        _timers("running"), words="pause the timer {label}",
    ),
    _timer_task(
        "start-timer", "play_pause",
        lambda v: Change(added=(_timer(v["label"], "running"),), removed=(_timer(v["label"], "paused"),)),
        _timers("paused"), words="start the timer {label}",
    ),
    _timer_task(
        "reset-timer", "reset",
        lambda v: Change(added=(_timer(v["label"], "paused"),), removed=(_timer(v["label"], "paused", 55.0),)),
        _timers("paused", 55.0), words="reset the timer {label}",
    ),
    _timer_task(
        "extend-timer", "add_one_min",
        lambda v: Change(added=(_timer(v["label"], "paused", 115.0),), removed=(_timer(v["label"], "paused", 55.0),)),
        _timers("paused", 55.0), words="one more minute for the timer {label}",
    ),
    _timer_task(
        "delete-timer", "close", lambda v: Change(removed=(_timer(v["label"], "paused"),)), _timers("paused"), "Delete",
        words="delete the timer {label}",
    ),
    DriftTask(
        name="start-stopwatch", package=CLOCK, words="start the stopwatch",
        show=shows(CLOCK, "Stopwatch", "Start"), prepare=_stopwatch(),
        change=_watch(lambda now: now["since_ms"] > 0 and now["before_ms"] == 0 and not now["laps_ms"]),
    ),
    DriftTask(
        name="stop-stopwatch", package=CLOCK, words="stop the stopwatch",
        show=shows(CLOCK, "Stopwatch", "Pause"), prepare=_stopwatch(running=True),
        change=_watch(lambda now: now["since_ms"] == 0 and now["before_ms"] > 0 and not now["laps_ms"]),
    ),
    DriftTask(
        name="lap", package=CLOCK, words="take the time of this lap",
        show=shows(CLOCK, "Stopwatch", "Lap"), prepare=_stopwatch(running=True),
        change=_watch(lambda now: now["since_ms"] > 0 and len(now["laps_ms"]) == 1),
    ),
    DriftTask(
        name="reset-stopwatch", package=CLOCK, words="set the stopwatch to zero",
        show=shows(CLOCK, "Stopwatch", "Reset"), prepare=_stopwatch(before_ms=83_000),
        change=_watch(lambda now: now == {"since_ms": 0, "before_ms": 0, "laps_ms": []}),
    ),
)  # fmt: skip
