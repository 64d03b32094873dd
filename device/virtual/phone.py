"""One virtual phone, put together: state, packages, windows, files, log, and the faults that can be asked of it.

With no arguments it is a fresh phone in memory. `start()` serves adb in the background; without it the phone can be
used from Python all the same. Everything is safe from any thread: one lock, `phone.lock`, guards the windows and apps.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
import weakref
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from device.actions import Size
from device.clock import Clock, SystemClock
from device.virtual.app import App
from device.virtual.faults import Faults
from device.virtual.files import PhoneFiles
from device.virtual.logcat import Logcat
from device.virtual.packages import PackageManager
from device.virtual.ports import Ports
from device.virtual.state import StateStore, SystemSettings
from device.virtual.touchlog import TouchLog
from device.virtual.u2.faults import RpcFaults
from device.virtual.window.layout import TextMeasure
from device.virtual.window.system import WindowSystem

if TYPE_CHECKING:
    from PIL import Image

    from device.virtual.serve import Serving


SIZE_DEFAULT = Size(1080, 2400)


@dataclass(frozen=True, slots=True)
class PhoneConfig:
    """What a phone is like. `state` None: all in memory, files in a folder that goes with the phone object."""

    size: Size = SIZE_DEFAULT
    density_dpi: int = 420
    locale: str = "en"
    dark: bool = False
    state: Path | None = None
    model: str = "VPhone"
    serialno: str = "vphone0001"
    pin: str | None = None
    time_zone: str = "UTC"
    sdk: int = 34
    release: str = "14"


class VirtualPhone:
    """A phone.

    Args:
        apps: the app classes from the factory; None takes those of `device.virtual.apps`.
        measure: measures text; None takes the renderer's fonts.

    Raises:
        StateCorrupt: a file in `config.state` is not what a phone wrote.
    """

    def __init__(
        self,
        config: PhoneConfig | None = None,
        *,
        clock: Clock | None = None,
        apps: Iterable[type[App]] | None = None,
        measure: TextMeasure | None = None,
    ) -> None:
        self.config = config or PhoneConfig()
        self.clock: Clock = clock or SystemClock()
        self.lock = threading.RLock()
        state = self.config.state
        self.folder = Path(tempfile.mkdtemp(prefix="vphone-")) if state is None else state / "files"
        if state is None:
            weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)
        self.store = StateStore(state)
        self.settings = SystemSettings(self.store)
        if self.config.dark and "settings" not in self.store.names():
            self.settings.put("secure", "ui_night_mode", "2")
        self.files = PhoneFiles(self.folder, self.clock)
        self.log = Logcat(self.clock)
        self.packages = PackageManager(self.store, self.clock, _factory_apps() if apps is None else apps)
        self.ports = Ports()
        self.touches = TouchLog()
        self.windows = WindowSystem(
            clock=self.clock,
            store=self.store,
            settings=self.settings,
            packages=self.packages,
            measure=measure or _font_measure(),
            size=self.config.size,
            density_dpi=self.config.density_dpi,
            locale=self.config.locale,
            pin=self.config.pin,
            time_zone=self.config.time_zone,
            lock=self.lock,
            hardware_touch=self.touches.add,
            log=self.log.write,
        )
        self.rpc_faults = RpcFaults()
        self.faults = Faults(self.windows, self.rpc_faults.command)
        self._serving: Serving | None = None
        self._picture: tuple[int, Image.Image] | None = None

    def start(self, port: int = 0) -> int:
        """Serves adb on 127.0.0.1 in a background thread and returns the port. A phone that serves goes on as it is."""
        from device.virtual.serve import Serving

        if self._serving is None:
            serving = Serving(self)
            serving.start(port)
            self._serving = serving
            self.faults.on_drop_transport = serving.drop_transport
            if self.faults.on_kill_process is None:
                self.faults.on_kill_process = serving.kill
        return self._serving.port

    def stop(self) -> None:
        """Ends serving; nothing is left running. Safe to call twice, and the phone can be started again."""
        serving, self._serving = self._serving, None
        if serving is not None:
            self.faults.on_drop_transport = None
            if self.faults.on_kill_process == serving.kill:
                self.faults.on_kill_process = None
            serving.stop()

    def kill(self) -> None:
        """What adb sees when the phone dies: commands end, connections are cut, the port refuses. Windows and apps
        stay as they are; `revive` listens again.

        Raises:
            RuntimeError: the phone is not being served.
        """
        self._served().kill()

    def revive(self) -> None:
        """Listens again, on the port it had before `kill`.

        Raises:
            PortTaken: another program has taken it meanwhile.
            RuntimeError: the phone is not being served.
        """
        self._served().revive()

    def reboot(self) -> None:
        """Restarts the phone: every app ends, the launcher comes up (locked if there is a PIN), adb's connections are
        cut and can be made again. What is stored stays, and so do faults of the screen.

        It takes no time. `adb reboot` and the shell's `reboot` come here.
        """
        self.windows.reboot()
        self.log.clear()
        self.log.write("SystemServer", "Entered the Android system server!")
        if self._serving is not None:
            self._serving.reboot()

    def _served(self) -> Serving:
        if self._serving is None:
            raise RuntimeError("the phone is not being served: call start() first")
        return self._serving

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def picture(self) -> Image.Image:
        """The screen as a picture. The same object until the screen looks different: do not change it."""
        from device.virtual.render.paint import paint

        frame = self.windows.frame()
        cached = self._picture
        if cached is None or cached[0] != frame.number:
            cached = self._picture = (frame.number, paint(frame))
        return cached[1]


def _factory_apps() -> Iterable[type[App]]:
    from device.virtual.apps import INSTALLED

    return INSTALLED


def _font_measure() -> TextMeasure:
    from device.virtual.render.fonts import TextMeasure as FontMeasure

    return FontMeasure()
