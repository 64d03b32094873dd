"""What the settings app consists of, as data: its screens, and the setting behind each of their rows.

An item's `key` names its words: `<key>` is the title, `<key>_summary` what stands below it. Settings are Android's own
names in its own tables, so what a switch does here a shell's `settings get` sees, and the other way round.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

MAIN = ".Settings"
NETWORK = ".Settings$NetworkDashboardActivity"
CONNECTED = ".Settings$ConnectedDeviceDashboardActivity"
APPS = ".Settings$ManageApplicationsActivity"
NOTIFICATIONS = ".Settings$ConfigureNotificationSettingsActivity"
BATTERY = ".Settings$PowerUsageSummaryActivity"
SOUND = ".Settings$SoundSettingsActivity"
DISPLAY = ".Settings$DisplaySettingsActivity"
ACCESSIBILITY = ".Settings$AccessibilitySettingsActivity"
SECURITY = ".Settings$SecurityDashboardActivity"
PRIVACY = ".Settings$PrivacyDashboardActivity"
LOCATION = ".Settings$LocationSettingsActivity"
PASSWORDS = ".Settings$SavedPasswordsActivity"
DATE_TIME = ".Settings$DateTimeSettingsActivity"
LANGUAGES = ".Settings$LocalePickerActivity"
ABOUT = ".Settings$MyDeviceInfoActivity"
SYSTEM = ".Settings$SystemDashboardActivity"


@dataclass(frozen=True, slots=True)
class Link:
    """Opens another screen."""

    key: str
    icon: str
    activity: str


@dataclass(frozen=True, slots=True)
class Switch:
    """A setting with two values. It cannot be changed in airplane mode if it needs a radio."""

    key: str
    icon: str
    namespace: str
    setting: str
    on: str = "1"
    off: str = "0"
    default: str = "0"
    needs_radio: bool = False


@dataclass(frozen=True, slots=True)
class Slider:
    """A whole number between two ends."""

    key: str
    icon: str
    setting: str
    largest: int
    smallest: int = 0
    default: int = 0
    namespace: str = "system"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few values; each option is (value, key of its words)."""

    key: str
    icon: str
    namespace: str
    setting: str
    options: tuple[tuple[str, str], ...]
    default: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading between items."""

    key: str


Item = Link | Switch | Slider | Choice | Section


@dataclass(frozen=True, slots=True)
class Screen:
    """One page of the settings."""

    title: str
    items: tuple[Item, ...]


TOP: tuple[Link, ...] = (
    Link("network", "wifi", NETWORK),
    Link("connected", "bluetooth", CONNECTED),
    Link("apps", "app", APPS),
    Link("notifications", "bell", NOTIFICATIONS),
    Link("battery", "battery", BATTERY),
    Link("sound", "volume", SOUND),
    Link("display", "sun", DISPLAY),
    Link("accessibility", "person", ACCESSIBILITY),
    Link("security", "lock", SECURITY),
    Link("privacy", "key", PRIVACY),
    Link("location", "location", LOCATION),
    Link("passwords", "key", PASSWORDS),
    Link("system", "info", SYSTEM),
    Link("about", "info", ABOUT),
)

_TIMEOUTS = (
    ("15000", "seconds_15"),
    ("30000", "seconds_30"),
    ("60000", "minute_1"),
    ("120000", "minutes_2"),
    ("300000", "minutes_5"),
    ("600000", "minutes_10"),
    ("1800000", "minutes_30"),
)
_FONT_SCALES = (("0.85", "small"), ("1.0", "default"), ("1.15", "large"), ("1.3", "largest"))

SCREENS: dict[str, Screen] = {
    NETWORK: Screen(
        "network",
        (
            Switch("wifi", "wifi", "global", "wifi_on", default="1"),
            Switch("mobile_data", "globe", "global", "mobile_data", default="1", needs_radio=True),
            Switch("roaming", "globe", "global", "data_roaming", needs_radio=True),
            Switch("airplane_mode", "airplane", "global", "airplane_mode_on"),
            Switch("data_saver", "filter", "global", "restrict_background_data"),
        ),
    ),
    CONNECTED: Screen(
        "connected",
        (
            Switch("bluetooth", "bluetooth", "global", "bluetooth_on"),
            Switch("nfc", "share", "global", "nfc_on", default="1"),
            Switch("cast", "play", "global", "wifi_display_on"),
        ),
    ),
    NOTIFICATIONS: Screen(
        "notifications",
        (
            Switch("do_not_disturb", "moon", "global", "zen_mode"),
            Switch("lock_screen_notifications", "lock", "secure", "lock_screen_show_notifications", default="1"),
            Switch("heads_up", "bell", "global", "heads_up_notifications_enabled", default="1"),
            Switch("notification_dots", "bell", "secure", "notification_badging", default="1"),
        ),
    ),
    BATTERY: Screen(
        "battery",
        (
            Switch("battery_saver", "battery", "global", "low_power"),
            Switch("battery_percentage", "battery", "system", "status_bar_show_battery_percent"),
            Switch("adaptive_battery", "battery", "global", "adaptive_battery_management_enabled", default="1"),
        ),
    ),
    SOUND: Screen(
        "sound",
        (
            Slider("media_volume", "volume", "volume_music", 15, default=5),
            Slider("call_volume", "call", "volume_voice", 7, smallest=1, default=4),
            Slider("ring_volume", "bell", "volume_ring", 7, default=5),
            Slider("alarm_volume", "alarm", "volume_alarm", 7, smallest=1, default=6),
            Switch("vibrate", "sms", "system", "vibrate_when_ringing"),
            Switch("do_not_disturb", "moon", "global", "zen_mode"),
            Section("system_sounds"),
            Switch("dial_tones", "call", "system", "dtmf_tone", default="1"),
            Switch("touch_sounds", "volume", "system", "sound_effects_enabled", default="1"),
            Switch("touch_vibration", "sms", "system", "haptic_feedback_enabled", default="1"),
        ),
    ),
    DISPLAY: Screen(
        "display",
        (
            Slider("brightness", "sun", "screen_brightness", 255, smallest=1, default=128),
            Switch("adaptive_brightness", "sun", "system", "screen_brightness_mode"),
            Switch("dark_theme", "moon", "secure", "ui_night_mode", on="2", off="1", default="1"),
            Choice("font_size", "edit", "system", "font_scale", _FONT_SCALES, "1.0"),
            Choice("screen_timeout", "timer", "system", "screen_off_timeout", _TIMEOUTS, "60000"),
            Switch("auto_rotate", "refresh", "system", "accelerometer_rotation"),
            Switch("night_light", "moon", "secure", "night_display_activated"),
        ),
    ),
    ACCESSIBILITY: Screen(
        "accessibility",
        (
            Choice("font_size", "edit", "system", "font_scale", _FONT_SCALES, "1.0"),
            Switch("color_inversion", "image", "secure", "accessibility_display_inversion_enabled"),
            Switch("bold_text", "edit", "secure", "bold_text_enabled"),
            Switch("magnification", "search", "secure", "accessibility_display_magnification_enabled"),
            Switch("mono_audio", "volume", "system", "master_mono"),
        ),
    ),
    SECURITY: Screen(
        "security",
        (
            Switch("show_passwords", "lock", "system", "show_password", default="1"),
            Switch("unknown_sources", "warning", "secure", "install_non_market_apps"),
            Link("passwords", "key", PASSWORDS),
        ),
    ),
    PRIVACY: Screen(
        "privacy",
        (
            Switch("camera_access", "camera", "secure", "camera_access_enabled", default="1"),
            Switch("microphone_access", "mic", "secure", "microphone_access_enabled", default="1"),
            Switch("clipboard_access", "edit", "secure", "clipboard_show_access_notifications", default="1"),
        ),
    ),
    LOCATION: Screen("location", (Switch("use_location", "location", "secure", "location_mode", on="3", default="3"),)),
    SYSTEM: Screen(
        "system",
        (
            Link("languages", "globe", LANGUAGES),
            Link("date_time", "clock", DATE_TIME),
            Switch("stay_awake", "sun", "global", "stay_on_while_plugged_in", on="7"),
        ),
    ),
    DATE_TIME: Screen(
        "date_time",
        (
            Switch("auto_time", "clock", "global", "auto_time", default="1"),
            Switch("auto_time_zone", "globe", "global", "auto_time_zone", default="1"),
        ),
    ),
    ABOUT: Screen("about", ()),
}


def searchable() -> Iterator[tuple[str, str, str, str]]:
    """(key, icon, key of the screen it is on, activity) of everything the search finds, top screens first."""
    for link in TOP:
        yield link.key, link.icon, "", link.activity
    found = {link.key for link in TOP}
    for activity, screen in SCREENS.items():
        for item in screen.items:
            if not isinstance(item, Section) and item.key not in found:
                found.add(item.key)
                yield item.key, item.icon, screen.title, item.activity if isinstance(item, Link) else activity
