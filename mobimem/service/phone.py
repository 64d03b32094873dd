"""Use case: run a virtual phone until told to stop, connected to the owner's adb server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from device.android import adb
from device.virtual.phone import PhoneConfig
from device.virtual.spawn import ChildPhone, PhoneDidNotStart
from mobimem.errors import BadInput
from mobimem.folders import phone_folder

DEFAULT_PORT = 16555  # outside of 5555..5585, where adb servers look for emulators by themselves


@dataclass(frozen=True, slots=True)
class PhoneRunning:
    """A phone that runs. `view_url` is the page with its live picture; "" when none was asked for."""

    serial: str
    adb_port: int | None
    view_url: str
    state: Path | None


def default_state_folder() -> Path:
    """Where `mobimem phone` keeps its phone between runs."""
    return phone_folder()


@contextmanager
def running_phone(
    config: PhoneConfig,
    *,
    port: int = DEFAULT_PORT,
    view: bool = False,
    attach: bool = True,
    adb_port: int | None = None,
) -> Iterator[tuple[PhoneRunning, ChildPhone]]:
    """A virtual phone in a process of its own, as long as the block lasts.

    Args:
        attach: connect it to the adb server (started if none runs), and disconnect it at the end.

    Raises:
        BadInput: the port is taken, or the state folder is damaged.
        AdbUnavailable: no adb to attach to. DeviceTimeout, DeviceGone: adb does not reach the phone that was started.
    """
    server = adb.server(adb_port) if attach else None
    if server is not None:
        adb.start(server)
    child = ChildPhone(config, port=port, view=view)
    try:
        child.start()
    except PhoneDidNotStart as error:
        raise BadInput(str(error), next_step="Choose another --port or --state, then try again.") from error
    try:
        if server is not None:
            adb.connect(server, child.serial)
        used_port = None if server is None else server.port
        yield PhoneRunning(child.serial, used_port, child.view_url or "", config.state), child
    finally:
        if server is not None:
            adb.disconnect(server, child.serial)
        child.stop()
