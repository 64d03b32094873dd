"""Intents, as `am` and `content` take them from a command line, and which app of the phone answers them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote

from device.virtual.shell.call import CommandFailed
from device.virtual.shell.options import decimal, integer
from device.virtual.shell.phone import Phone
from device.virtual.shell.words import component, full_activity

_EXTRAS = {
    "--es": str, "-e": str, "--esn": None, "--ez": lambda text: text.lower() in ("true", "1", "t"),
    "--ei": integer, "--el": integer, "--ef": decimal, "--ed": decimal, "--eu": str,
    "--esa": lambda text: text.split(","), "--eia": lambda text: [integer(part) for part in text.split(",")],
}  # fmt: skip
_WITH_VALUE = frozenset(("-f", "--user", "-i", "--receiver-permission", "--display", "--windowingMode", "-R", "-P"))
_RESERVED = frozenset(("self", "app", "package", "activity"))  # parameters of the pages themselves


@dataclass(slots=True)
class Intent:
    """`options` are those of the command itself, such as -W or -S."""

    action: str = ""
    data: str = ""
    mime: str = ""
    package: str = ""
    activity: str = ""  # full name; with `package` the component
    categories: list[str] = field(default_factory=list)
    extras: dict[str, Any] = field(default_factory=dict)
    options: set[str] = field(default_factory=set)

    def __str__(self) -> str:
        parts = [
            f"act={self.action}" if self.action else "",
            f"cat=[{','.join(self.categories)}]" if self.categories else "",
            f"dat={self.data}" if self.data else "",
            f"typ={self.mime}" if self.mime else "",
            f"pkg={self.package}" if self.package and not self.activity else "",
            f"cmp={component(self.package, self.activity)}" if self.activity else "",
            "(has extras)" if self.extras else "",
        ]
        return f"Intent {{ {' '.join(part for part in parts if part)} }}"


def read_intent(arguments: list[str]) -> Intent:
    """The intent a command line spells.

    Raises:
        CommandFailed: an option without its value.
    """
    intent = Intent()
    left = list(arguments)

    def value(option: str) -> str:
        if not left:
            raise CommandFailed(f'\nError: Argument expected after "{option}"\n', 255)
        return left.pop(0)

    while left:
        word = left.pop(0)
        if word in _EXTRAS:
            convert = _EXTRAS[word]
            key = value(word)
            intent.extras[key] = None if convert is None else convert(value(word))
        elif word == "-a":
            intent.action = value(word)
        elif word == "-d":
            intent.data = value(word)
        elif word == "-t":
            intent.mime = value(word)
        elif word == "-c":
            intent.categories.append(value(word))
        elif word == "-p":
            intent.package = value(word)
        elif word == "-n":
            _set_component(intent, value(word))
        elif word in _WITH_VALUE:
            value(word)
        elif word.startswith("-"):
            intent.options.add(word)
        elif "/" in word and ":" not in word:
            _set_component(intent, word)
        elif ":" in word:
            intent.data = word
        else:
            intent.package = word
    return intent


def page_extras(intent: Intent) -> dict[str, Any]:
    """The extras as a page can take them, with the intent's data as "data"."""
    extras = {key: value for key, value in intent.extras.items() if key.isidentifier() and key not in _RESERVED}
    return {"data": intent.data, **extras} if intent.data else extras


def _set_component(intent: Intent, text: str) -> None:
    package, _, activity = text.partition("/")
    if not package or not activity:
        raise CommandFailed(f"\nError: Bad component name: {text}\n", 255)
    intent.package = package
    intent.activity = full_activity(package, activity)


@dataclass(frozen=True, slots=True)
class Answerer:
    """A page that answers an intent without a component."""

    package: str
    activity: str | None = None
    extras: dict[str, Any] = field(default_factory=dict)


def resolve(phone: Phone, intent: Intent) -> Answerer | None:
    """Who answers an intent that names no component; None if nobody on this phone does."""
    if intent.package:
        return Answerer(intent.package, None) if _has_pages(phone, intent.package) else None
    found = _by_action(intent)
    return found if found is not None and _has_pages(phone, found.package) else None


def _has_pages(phone: Phone, package: str) -> bool:
    found = phone.packages.find(package)
    return found is not None and found.app is not None


def _by_action(intent: Intent) -> Answerer | None:
    """The phone's own apps, by what they declare for Android's common intents."""
    for answer in (_home_or_settings, _messages, _mail, _clock, _contacts, _calendar, _calls):
        found = answer(intent, intent.action.removeprefix("android.intent.action."))
        if found is not None:
            return found
    return None


def _home_or_settings(intent: Intent, action: str) -> Answerer | None:
    if "android.intent.category.HOME" in intent.categories:
        return Answerer("com.android.launcher3")
    if action.startswith("android.settings."):
        return Answerer("com.android.settings", _SETTINGS_PAGES.get(action))
    return None


def _messages(intent: Intent, action: str) -> Answerer | None:
    scheme, _, rest = intent.data.partition(":")
    if scheme not in ("sms", "smsto", "mms", "mmsto") or action not in ("SENDTO", "VIEW"):
        return None
    extras = {"address": unquote(rest.partition("?")[0].strip("/")), "sms_body": str(intent.extras.get("sms_body", ""))}
    return Answerer("com.android.messaging", ".ui.conversation.ConversationActivity", extras)


def _mail(intent: Intent, action: str) -> Answerer | None:
    scheme, _, rest = intent.data.partition(":")
    if scheme != "mailto" or action not in ("SENDTO", "VIEW"):
        return None
    address, _, query = rest.partition("?")
    asked = {key: values[-1] for key, values in parse_qs(query).items()}
    given = {key.removeprefix("android.intent.extra."): str(value) for key, value in intent.extras.items()}
    extras = {
        "to": unquote(address),
        "subject": given.get("SUBJECT", asked.get("subject", "")),
        "body": given.get("TEXT", asked.get("body", "")),
    }
    return Answerer("com.android.email", ".ComposeActivity", extras)


def _calendar(intent: Intent, action: str) -> Answerer | None:
    is_event = intent.data.startswith("content://com.android.calendar") or intent.mime.endswith("/event")
    if not is_event:
        return None
    if action != "INSERT":
        number = intent.data.rpartition("/")[2]
        page = ".EventInfoActivity" if number.isdigit() else None
        return Answerer("com.android.calendar", page, {"event": int(number)} if page else {})
    known = {"title": "title", "eventLocation": "place", "beginTime": "begin_ms", "endTime": "end_ms"}
    extras = {ours: intent.extras[theirs] for theirs, ours in known.items() if theirs in intent.extras}
    return Answerer("com.android.calendar", ".EditEventActivity", extras)


def _clock(intent: Intent, action: str) -> Answerer | None:
    if action not in ("SET_ALARM", "SHOW_ALARMS", "SET_TIMER", "SHOW_TIMERS"):
        return None
    given = {key.removeprefix("android.intent.extra.alarm."): value for key, value in intent.extras.items()}
    if action == "SET_ALARM" and "HOUR" in given:
        extras = {"hour": given["HOUR"], "minute": given.get("MINUTES", 0), "label": given.get("MESSAGE", "")}
        return Answerer("com.android.deskclock", ".alarms.EditAlarmActivity", extras)
    return Answerer("com.android.deskclock", None, {"tab": "timer" if "TIMER" in action else "alarm"})


def _contacts(intent: Intent, action: str) -> Answerer | None:
    if "contact" not in intent.data and "contact" not in intent.mime:
        return None
    if action not in ("INSERT", "INSERT_OR_EDIT"):
        return Answerer("com.android.contacts")
    known = ("name", "phone", "email")
    extras: dict[str, Any] = {field: str(intent.extras[field]) for field in known if field in intent.extras}
    return Answerer("com.android.contacts", ".activities.ContactEditorActivity", extras)


def _calls(intent: Intent, action: str) -> Answerer | None:
    scheme, _, rest = intent.data.partition(":")
    if action == "CALL" and scheme == "tel":
        return Answerer("com.android.dialer", ".InCallActivity", {"number": unquote(rest)})
    if action == "DIAL" or scheme == "tel":
        return Answerer("com.android.dialer", None, {"number": unquote(rest)})
    return None


_SETTINGS_PAGES = {
    f"android.settings.{action}": f".Settings${page}Activity"
    for action, page in (
        ("WIFI_SETTINGS", "NetworkDashboard"), ("WIRELESS_SETTINGS", "NetworkDashboard"),
        ("AIRPLANE_MODE_SETTINGS", "NetworkDashboard"), ("BLUETOOTH_SETTINGS", "ConnectedDeviceDashboard"),
        ("DISPLAY_SETTINGS", "DisplaySettings"), ("SOUND_SETTINGS", "SoundSettings"),
        ("MANAGE_APPLICATIONS_SETTINGS", "ManageApplications"), ("APPLICATION_SETTINGS", "ManageApplications"),
        ("BATTERY_SAVER_SETTINGS", "PowerUsageSummary"), ("SECURITY_SETTINGS", "SecurityDashboard"),
        ("PRIVACY_SETTINGS", "PrivacyDashboard"), ("LOCATION_SOURCE_SETTINGS", "LocationSettings"),
        ("ACCESSIBILITY_SETTINGS", "AccessibilitySettings"), ("DATE_SETTINGS", "DateTimeSettings"),
        ("LOCALE_SETTINGS", "LocalePicker"), ("NOTIFICATION_SETTINGS", "ConfigureNotificationSettings"),
    )
}  # fmt: skip
