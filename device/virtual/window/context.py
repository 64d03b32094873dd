"""What every part of the window system shares: clock, stores, language, and the mark that something changed.

Display preferences that clients also change through Android's settings tables (rotation, dark theme, keyboard, font
scale, language) have their only home there; `prefs` reads them once per store revision.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Protocol
from zoneinfo import ZoneInfo

from device.actions import Size
from device.clock import Clock
from device.virtual.app import App, translate
from device.virtual.state import StateStore, SystemSettings
from device.virtual.window.timers import Timers
from device.virtual.window.words import WORDS

DENSITY_DEFAULT_DPI = 160


class InstalledPackage(Protocol):
    """What the window system asks of an installed package."""

    @property
    def name(self) -> str: ...

    @property
    def app(self) -> type[App] | None: ...


class Packages(Protocol):
    """What the window system asks of the package manager."""

    def installed(self) -> Sequence[InstalledPackage]: ...

    def find(self, name: str) -> InstalledPackage | None: ...

    def granted(self, name: str, permission: str) -> bool | None: ...

    def grant(self, name: str, permission: str) -> None: ...

    def revoke(self, name: str, permission: str) -> None: ...

    def process(self, name: str) -> int | None: ...

    def spawn(self, name: str) -> int: ...

    def kill(self, name: str) -> bool: ...

    def kill_all(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Prefs:
    """Display preferences as the settings tables have them."""

    dark: bool
    rotation: int
    keyboard: str
    font_scale: float
    locale: str


class Context:
    """Shared by the parts of one phone's window system; used only under the phone's lock."""

    def __init__(
        self,
        *,
        clock: Clock,
        store: StateStore,
        settings: SystemSettings,
        packages: Packages,
        size: Size,
        density_dpi: int,
        locale: str,
        time_zone: str,
    ) -> None:
        self.clock = clock
        self.store = store
        self.settings = settings
        self.packages = packages
        self.natural_size = size
        self.density_dpi = density_dpi
        self.time_zone: tzinfo = ZoneInfo(time_zone)
        self.timers = Timers()
        self.version = 0
        self._locale = locale
        self._prefs: Prefs | None = None
        self._prefs_revision = -1
        self._tables: dict[str, dict[str, str]] = {}
        self._labels: dict[str, str] = {}

    def changed(self) -> None:
        """Asks every window for a new view."""
        self.version += 1

    def now_s(self) -> float:
        return self.clock.monotonic_s()

    def local_time(self) -> datetime:
        return self.clock.now().astimezone(self.time_zone)

    def setting(self, namespace: str, key: str) -> str | None:
        """One of Android's settings, as `SystemSettings.get`; read once per change of the store."""
        self._reread()
        return self._tables[namespace].get(key)

    @property
    def prefs(self) -> Prefs:
        self._reread()
        assert self._prefs is not None  # _reread has just made it
        return self._prefs

    def _reread(self) -> None:
        if self._prefs is not None and self._prefs_revision == self.store.revision:
            return
        self._prefs_revision = self.store.revision
        self._tables = {namespace: self.settings.all(namespace) for namespace in ("system", "secure", "global")}
        self._labels = {}
        system, secure = self._tables["system"], self._tables["secure"]
        fixed = system.get("accelerometer_rotation") != "1"
        self._prefs = Prefs(
            dark=secure.get("ui_night_mode") == "2",
            rotation=_number(system.get("user_rotation"), 0) % 4 if fixed else 0,
            keyboard=secure.get("default_input_method", ""),
            font_scale=min(2.0, max(0.5, _fraction(system.get("font_scale"), 1.0))),
            locale=system.get("system_locales") or self._locale,
        )

    @property
    def density(self) -> float:
        """px per dp."""
        return self.density_dpi / DENSITY_DEFAULT_DPI

    @property
    def size(self) -> Size:
        """The screen as it is held now."""
        natural = self.natural_size
        return Size(natural.height_px, natural.width_px) if self.prefs.rotation % 2 else natural

    def px(self, length_dp: float) -> int:
        return int(length_dp * self.density + 0.5)

    def t(self, key: str, **values: object) -> str:
        """The system's own words for `key` in the phone's language."""
        words = translate(WORDS, self.prefs.locale, key)
        return words.format(**values) if values else words

    def label(self, package: str) -> str:
        """The name a person sees for a package."""
        self._reread()
        if package not in self._labels:
            found = self.packages.find(package)
            strings = found.app.strings if found is not None and found.app is not None else {}
            self._labels[package] = translate(strings, self.prefs.locale, "app_name") if strings else package
        return self._labels[package]

    def icon(self, package: str) -> str:
        """The name of a package's icon."""
        found = self.packages.find(package)
        return found.app.icon if found is not None and found.app is not None else "app"


def _number(text: str | None, default: int) -> int:
    return int(text) if text is not None and text.lstrip("-").isdigit() else default


def _fraction(text: str | None, default: float) -> float:
    try:
        return float(text) if text is not None else default
    except ValueError:
        return default
