"""The one loader of back ends: from what the owner names to a connected `Device`.

Nothing is imported or contacted before `open_device` is called. A serial is used as given on every call; without one
there must be exactly one device, so that nothing ever happens on the wrong phone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from device.clock import Clock
from device.errors import AdbUnavailable, AmbiguousDevice, DeviceGone, DeviceOffline, Unauthorized
from device.protocol import Device

if TYPE_CHECKING:
    from device.android import adb

_NOBODY = "Connect a phone with USB debugging on, or run `mobimem phone` for a virtual one."


def open_device(serial: str | None = None, *, adb_port: int | None = None, clock: Clock | None = None) -> Device:
    """Connects to a device.

    Args:
        serial: as `mobimem devices` lists it, or `host:port`, which is connected to if adb does not know it yet.
            None takes the only device there is.
        adb_port: of the adb server; None takes $ANDROID_ADB_SERVER_PORT, then 5037.
        clock: the device's clock; None for the machine's.

    Raises:
        AmbiguousDevice: no serial, and several devices. DeviceGone: no device, or none of that serial.
        Unauthorized, DeviceOffline, AdbUnavailable, AutomationTaken: as their next step says.
    """
    from device.android import adb
    from device.android.device import AndroidDevice

    server = adb.server(adb_port)
    adb.start(server)
    if serial is None:
        serial = _only(adb.devices(server))
    return AndroidDevice(server, serial, clock=clock)


def _only(listed: tuple[adb.Listed, ...]) -> str:
    ready = [device.serial for device in listed if device.state == "device"]
    if len(ready) == 1:
        return ready[0]
    if ready:
        raise AmbiguousDevice(f"{len(ready)} devices are connected: {', '.join(ready)}")
    if not listed:
        raise DeviceGone("no device is connected", next_step=_NOBODY)
    first = listed[0]
    if first.state in ("unauthorized", "authorizing"):
        raise Unauthorized("the only phone has not allowed this computer", serial=first.serial)
    if first.state == "no permissions":
        raise AdbUnavailable("this user may not open the USB device", serial=first.serial)
    raise DeviceOffline(f"the only device is listed as {first.said}", serial=first.serial)
