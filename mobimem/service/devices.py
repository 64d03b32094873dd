"""Use case: which devices are there, in which state, and what to do about the ones that cannot be used."""

from __future__ import annotations

from dataclasses import dataclass

from device.android import adb

NEXT_STEP: dict[str, str] = {
    "device": "",
    "offline": "Unplug and replug it, or run `adb reconnect`.",
    "unauthorized": "Unlock the phone and allow this computer in the 'Allow USB debugging?' dialog.",
    "authorizing": "Wait a moment; the phone is being asked.",
    "connecting": "Wait a moment; adb is still connecting.",
    "no permissions": "Let your user reach USB devices: `mobimem doctor` names the rule.",
    "recovery": "Start the phone into Android.",
    "bootloader": "Start the phone into Android.",
    "sideload": "Start the phone into Android.",
    "rescue": "Start the phone into Android.",
    "other": "adb's word for its state is not known here; `adb devices -l` shows it.",
}


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """One device. `usable` says whether a task can run on it; if not, `next_step` says what to do."""

    serial: str
    kind: str
    state: str
    model: str
    usable: bool
    next_step: str


@dataclass(frozen=True, slots=True)
class DevicesResult:
    """The devices that an adb server sees."""

    adb_port: int
    devices: tuple[DeviceLine, ...]


def list_devices(*, adb_port: int | None = None) -> DevicesResult:
    """Lists what adb sees, starting its server if none runs.

    Raises:
        AdbUnavailable: no adb, or its server cannot be started.
    """
    server = adb.server(adb_port)
    adb.start(server)
    lines = tuple(
        DeviceLine(
            serial=listed.serial,
            kind="android",
            state=listed.state,
            model=listed.model,
            usable=listed.state == "device",
            next_step=NEXT_STEP[listed.state],
        )
        for listed in adb.devices(server)
    )
    return DevicesResult(adb_port=server.port, devices=lines)
