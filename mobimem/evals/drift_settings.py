"""Tasks of `mobimem eval drift` in the settings app: every switch, slider and choice of every page, and the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from device.virtual.apps.settings import screens
from device.virtual.apps.settings.screens import SCREENS, TOP, Choice, Link, Slider, Switch
from device.virtual.apps.settings.strings import STRINGS
from device.virtual.phone import VirtualPhone
from mobimem.evals.drift_task import Change, DriftTask, Setup, Values, of_class, shows, typed

SETTINGS: Final = "com.android.settings"
_SAYS: Final = STRINGS["en"]
_APPS: Final = {"Clock": "com.android.deskclock", "Contacts": "com.android.contacts", "Wallet": "com.example.wallet"}
_LANGUAGES: Final = {"Deutsch": "de", "中文 (简体)": "zh"}
_SOUGHT: Final = {"Bluetooth": "global.bluetooth_on", "Cast": "global.wifi_display_on"}  # on one page


def _way(activity: str) -> tuple[str, ...]:
    """The links to tap, from the first page to this one."""
    direct = [link for link in TOP if link.activity == activity]
    if direct:
        return (_SAYS[direct[0].key],)
    for above, screen in SCREENS.items():
        for item in screen.items:
            if isinstance(item, Link) and item.activity == activity:
                return (*_way(above), _SAYS[item.key])
    raise LookupError(activity)


def _starting_at(namespace: str, setting: str, value: str) -> Setup:
    def prepare(phone: VirtualPhone, values: Values) -> None:
        phone.settings.put(namespace, setting, value)

    return prepare


def _set(**settings: str) -> Callable[[Values], Change]:
    wanted = {name.replace("__", "."): value for name, value in settings.items()}
    return lambda values: Change(settings=wanted)


def _switch_task(activity: str, item: Switch) -> DriftTask:
    target = item.on if item.default == item.off else item.off
    change = {f"{item.namespace}__{item.setting}": target}
    if item.setting == "airplane_mode_on":
        change |= {"global__wifi_on": "0"}
    verb = "on" if target == item.on else "off"
    return DriftTask(
        name=f"{SCREENS[activity].title}-{item.key}-{verb}".replace("_", "-"), package=SETTINGS,
        words=f"turn {_SAYS[item.key]} {verb}", show=shows(SETTINGS, *_way(activity), _SAYS[item.key]),
        change=_set(**change), prepare=_starting_at(item.namespace, item.setting, item.default),
    )  # fmt: skip


def _slider_task(activity: str, item: Slider) -> DriftTask:
    """To the middle, where a tap on a slider goes; a whole step beside it is a matter of pixels."""
    span = item.largest - item.smallest
    middle = {str(item.smallest + round(span * share)) for share in (0.49, 0.5, 0.51)}
    return DriftTask(
        name=f"{item.key}-to-the-middle".replace("_", "-"), package=SETTINGS,
        words=f"set {_SAYS[item.key]} to the middle",
        show=shows(SETTINGS, *_way(activity), of_class("SeekBar", _SAYS[item.key])),
        change=_set(**{f"{item.namespace}__{item.setting}": "|".join(sorted(middle))}),
        prepare=_starting_at(item.namespace, item.setting, str(item.largest)),
    )  # fmt: skip


def _choice_task(activity: str, item: Choice) -> DriftTask:
    values = {_SAYS[words]: value for value, words in item.options if value != item.default}

    def change(asked: Values) -> Change:
        return Change(settings={f"{item.namespace}.{item.setting}": values[asked["choice"]]})

    return DriftTask(
        name=f"{SCREENS[activity].title}-{item.key}".replace("_", "-"), package=SETTINGS,
        words=f"set {_SAYS[item.key]} to {{choice}}", choices={"choice": tuple(values)},
        show=shows(SETTINGS, *_way(activity), _SAYS[item.key], "{choice}"), change=change,
        prepare=_starting_at(item.namespace, item.setting, item.default),
    )  # fmt: skip


def _of_screens() -> Iterator[DriftTask]:
    for activity, screen in SCREENS.items():
        for item in screen.items:
            match item:
                case Switch():
                    yield _switch_task(activity, item)
                case Slider():
                    yield _slider_task(activity, item)
                case Choice():
                    yield _choice_task(activity, item)


def _muted(package: str) -> Callable[[Any], bool]:
    return lambda document: document == [package]


def _sought(values: Values) -> Change:
    return Change(settings={_SOUGHT[values["setting"]]: "1"})


def _all_off(phone: VirtualPhone, values: Values) -> None:
    for name in _SOUGHT.values():
        namespace, setting = name.split(".")
        phone.settings.put(namespace, setting, "0")


_SPECIAL: Final = (
    DriftTask(
        name="choose-language", package=SETTINGS, words="speak {language}", choices={"language": tuple(_LANGUAGES)},
        show=shows(SETTINGS, *_way(screens.LANGUAGES), "{language}"),
        change=lambda v: Change(settings={"system.system_locales": _LANGUAGES[v["language"]]}),
    ),
    DriftTask(
        name="name-the-phone", package=SETTINGS, words="call this phone {name}",
        choices={"name": ("Kitchen", "Old one", "Nina's phone")},
        show=shows(SETTINGS, *_way(screens.ABOUT), "Device name", typed("Device name", "{name}"), "OK"),
        change=lambda v: Change(settings={"global.device_name": v["name"]}),
    ),
    DriftTask(
        name="become-developer", package=SETTINGS, words="turn developer mode on",
        show=shows(SETTINGS, *_way(screens.ABOUT), *["Build number"] * 7),
        change=_set(global__development_settings_enabled="1"),
    ),
    DriftTask(
        name="mute-app", package=SETTINGS, words="no notifications from {app}", choices={"app": tuple(_APPS)},
        show=shows(SETTINGS, *_way(screens.APPS), "{app}", "Notifications"),
        change=lambda v: Change(documents={f"{SETTINGS}.muted": _muted(_APPS[v["app"]])}),
    ),
    DriftTask(
        name="open-app-from-settings", package=SETTINGS, words="open the wallet from its page",
        show=shows(SETTINGS, *_way(screens.APPS), "Wallet", "Open"),
        change=lambda v: Change(front=_APPS["Wallet"]),
    ),
    DriftTask(
        name="search-setting", package=SETTINGS, words="look for {setting} and turn it on",
        choices={"setting": tuple(_SOUGHT)},
        show=shows(SETTINGS, typed("Search settings", "{setting}"), "{setting}", "{setting}"), change=_sought,
        prepare=_all_off,
    ),
)  # fmt: skip

SETTINGS_TASKS: Final[tuple[DriftTask, ...]] = (*_of_screens(), *_SPECIAL)
