"""How an app of the virtual phone is written: an `App` with `Page`s that show state as views.

An app is a small class over state that persists (`host.store`). A page builds its views from that state in `view()`
and changes it in handlers; after any handler the window system asks for the view again. An app sees the phone only
through its `Host`. Everything runs under the phone's lock, on whichever thread brought the event: a handler must not
block; what takes time is handed to `host.after`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar, Protocol

from device.clock import Clock
from device.virtual.state import StateStore, SystemSettings
from device.virtual.window.view import View


class Host(Protocol):
    """What the phone offers to one app."""

    package: str
    store: StateStore
    settings: SystemSettings
    clock: Clock
    dark: bool

    @property
    def locale(self) -> str:
        """Language of the phone: "en", "zh", "de", …"""
        ...

    def local_time(self) -> datetime:
        """The time on the phone's own clock and in its own zone."""
        ...

    def open(self, activity: str, **extras: Any) -> None:
        """Puts a page of this app on top of the current one, e.g. ".EditActivity"."""
        ...

    def start(self, package: str, activity: str | None = None, **extras: Any) -> bool:
        """Brings another app to the front; False if it is not installed."""
        ...

    def launchable(self) -> list[tuple[str, str, str]]:
        """(package, label, icon) of the installed apps a launcher shows, in the order they are shown."""
        ...

    def close(self) -> None:
        """Ends this app's top page, as back does without asking the page."""
        ...

    def toast(self, words: str, *, long: bool = False) -> None: ...

    def notify(self, title: str, words: str, *, tag: str = "", on_tap: Callable[[], None] | None = None) -> None:
        """Posts or replaces (same tag) a notification; a heads-up banner shows for a few seconds."""
        ...

    def cancel_notification(self, tag: str) -> None: ...

    def granted(self, permission: str) -> bool: ...

    def request(self, permission: str, then: Callable[[bool], None]) -> None:
        """Asks the user for a permission by the system's dialog; at once if it was answered before."""
        ...

    def after(self, delay_s: float, then: Callable[[], None]) -> None:
        """Calls `then` once `delay_s` seconds have passed on the phone's clock and somebody looks at the phone."""
        ...

    def focus(self, view_id: str) -> None:
        """Gives a field of the top page the focus (by its short id) and shows the keyboard."""
        ...

    def hide_keyboard(self) -> None: ...

    def redraw(self) -> None:
        """Asks for a new view. Not needed after handlers and store writes."""
        ...


class Page:
    """One activity: what is shown, and what back does.

    `title` is a key of the app's strings, used as the task's name. A page is made anew for each start; what it needs
    beyond its life belongs in `app.host.store`.
    """

    title: ClassVar[str] = ""
    secure: ClassVar[bool] = False  # a secure window: black picture, empty tree

    def __init__(self, app: App, **extras: Any) -> None:
        self.app = app
        self.host = app.host
        self.extras = extras
        self.created()

    def created(self) -> None:
        """Reads what the page starts from; called once."""

    def resumed(self) -> None:
        """The page is in front (again)."""

    def view(self) -> View:
        """The whole page below the status bar."""
        raise NotImplementedError(f"{type(self).__name__} shows nothing: give it a view()")

    def dialog(self) -> View | None:
        """A dialog on top of the page while this returns one; it fits itself to its content, centred."""
        return None

    def dialog_cancelled(self) -> None:
        """Back, or a touch beside the dialog."""

    def back(self) -> bool:
        """True if the page used up the back key itself."""
        return False

    def t(self, key: str, **values: object) -> str:
        return self.app.t(key, **values)


class App:
    """A program on the phone. One object per running process; `host.store` outlives it."""

    package: ClassVar[str]
    icon: ClassVar[str] = "app"
    version: ClassVar[str] = "1.0"
    version_code: ClassVar[int] = 1
    system: ClassVar[bool] = False
    in_launcher: ClassVar[bool] = True
    permissions: ClassVar[tuple[str, ...]] = ()
    granted: ClassVar[tuple[str, ...]] = ()  # of them, what nobody is asked for: given from the factory
    main: ClassVar[str] = ".MainActivity"
    pages: ClassVar[Mapping[str, type[Page]]] = {}
    strings: ClassVar[Mapping[str, Mapping[str, str]]] = {}  # locale -> key -> words; "app_name" is the label

    def __init__(self, host: Host) -> None:
        self.host = host
        self.started()

    @classmethod
    def install(cls, store: StateStore) -> None:
        """Writes what the app has from the factory; called once, on a phone with no state yet."""

    @classmethod
    def install_dated(cls, store: StateStore, now: datetime) -> None:
        """As `install`, right after it, for what is dated: `now` is the time on the phone's clock, in UTC."""

    def started(self) -> None:
        """The process has started."""

    def t(self, key: str, **values: object) -> str:
        """The words for `key` in the phone's language, else in English, filled with `values`."""
        words = translate(self.strings, self.host.locale, key)
        return words.format(**values) if values else words


def translate(strings: Mapping[str, Mapping[str, str]], locale: str, key: str) -> str:
    """Looks a key up: the whole locale, its language, then English.

    Raises:
        KeyError: not even English has the key - a mistake in the app.
    """
    for name in (locale, locale.partition("-")[0], "en"):
        if key in strings.get(name, {}):
            return strings[name][key]
    raise KeyError(f"no words for {key!r} in {sorted(strings)}")
