"""What `mobimem phone` shows while a virtual phone runs."""

from __future__ import annotations

import re
import signal
import threading
from pathlib import Path

from device.actions import Size
from device.virtual.phone import PhoneConfig
from mobimem.cli.output import console, print_json
from mobimem.errors import BadInput, NotDone
from mobimem.service.phone import PhoneRunning, default_state_folder, running_phone

LOCALES = ("en", "zh", "de")
_LOOK_S = 0.5


def configured(
    size: str, density: int, locale: str, pin: str | None, state: Path | None, *, dark: bool, fresh: bool
) -> PhoneConfig:
    """The phone's configuration from what was typed.

    Raises:
        BadInput: says which value is wrong and what it may be.
    """
    match = re.fullmatch(r"(\d{2,5})x(\d{2,5})", size)
    if match is None or not all(240 <= int(side) <= 8000 for side in match.groups()):
        raise BadInput(f"{size!r} is no screen size", next_step="Give it as WIDTHxHEIGHT in px, each 240 to 8000.")
    if locale.partition("-")[0] not in LOCALES:
        raise BadInput(f"the virtual phone does not speak {locale!r}", next_step=f"Choose {', '.join(LOCALES)}.")
    if pin is not None and not re.fullmatch(r"\d{4,12}", pin):
        raise BadInput("a PIN has 4 to 12 digits", next_step="Give another --pin.")
    folder = None if fresh else state or default_state_folder()
    if folder is not None and folder.exists() and not folder.is_dir():
        raise BadInput(f"{folder} is no folder", next_step="Give another --state.")
    return PhoneConfig(
        size=Size(int(match[1]), int(match[2])), density_dpi=density, locale=locale, dark=dark, state=folder, pin=pin
    )


def run(config: PhoneConfig, *, port: int, view: bool, attach: bool, adb_port: int | None, as_json: bool) -> None:
    """Runs the phone until SIGINT or SIGTERM, or until its process ends by itself.

    Raises:
        NotDone: the phone's process ended.
    """
    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    with running_phone(config, port=port, view=view, attach=attach, adb_port=adb_port) as (running, child):
        if as_json:
            print_json(running)
        else:
            _print(running)
        while not over.wait(_LOOK_S):
            if not child.running:
                raise NotDone(f"the virtual phone's process ended: {child.errors() or 'it said nothing'}")
    if not as_json:
        console().print("Stopped.")


def _print(running: PhoneRunning) -> None:
    screen = console()
    screen.print(f"A virtual phone runs: [bold]{running.serial}[/]  (Ctrl-C stops it)")
    if running.adb_port is None:
        screen.print(f"  connect it:  adb connect {running.serial}", soft_wrap=True)
    else:
        screen.print(f"  connected to adb at port {running.adb_port}: adb -s {running.serial} shell", soft_wrap=True)
    screen.print(f"  faults:      adb -s {running.serial} shell cmd vphone help", soft_wrap=True)
    if running.view_url:
        screen.print("  screen:      ", end="")
        screen.print(running.view_url, markup=False, soft_wrap=True)
    screen.print(f"  its data:    {running.state or 'nowhere: forgotten at the end'}", soft_wrap=True)
