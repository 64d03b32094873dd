"""Times and dates as a phone writes them: short, in its own zone and language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo

MONTHS = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "de": ("Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."),
}
DAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    "de": ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"),
}


def clock_time(hour: int, minute: int) -> str:
    """A time of day as HH:MM."""
    return f"{hour:02d}:{minute:02d}"


def weekday(locale: str, day: int) -> str:
    """The short name of a day; 0 is Monday."""
    return _of(DAYS, locale)[day]


def short_date(locale: str, when: datetime) -> str:
    """Day and month, e.g. "Mar 2", "3月2日", "2. März"."""
    language = _language(locale)
    if language == "zh":
        return f"{when.month}月{when.day}日"
    month = _of(MONTHS, locale)[when.month - 1]
    return f"{when.day}. {month}" if language == "de" else f"{month} {when.day}"


def long_date(locale: str, when: datetime) -> str:
    """Weekday, day and month, e.g. "Mon, Mar 2"."""
    day, date = weekday(locale, when.weekday()), short_date(locale, when)
    return f"{date} {day}" if _language(locale) == "zh" else f"{day}, {date}"


def when(locale: str, date_ms: int, now: datetime) -> str:
    """A moment in a list: the time if it is today, else the date. `now` carries the phone's zone."""
    moment = from_ms(date_ms, now.tzinfo)
    if moment.date() == now.date():
        return clock_time(moment.hour, moment.minute)
    return short_date(locale, moment)


def from_ms(date_ms: int, zone: tzinfo | None) -> datetime:
    """The moment `date_ms` after 1970 UTC, in a zone (UTC if None)."""
    return datetime.fromtimestamp(date_ms / 1000, UTC).astimezone(zone or UTC)


def to_ms(moment: datetime) -> int:
    """Milliseconds since the epoch."""
    return int(moment.timestamp() * 1000)


def _of(table: Mapping[str, tuple[str, ...]], locale: str) -> tuple[str, ...]:
    return table.get(_language(locale), table["en"])


def _language(locale: str) -> str:
    return locale.partition("-")[0]
