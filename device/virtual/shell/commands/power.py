"""Screen power, battery, radios and restarting: `dumpsys power`, `dumpsys battery`, `svc`, `reboot`.

What the battery is like is told in `device.virtual.battery`.
"""

from __future__ import annotations

from device.virtual.battery import DOCUMENT, FACTORY, battery
from device.virtual.shell.call import COMMANDS, DUMPSYS, Call, CommandFailed
from device.virtual.shell.options import integer

_SETTABLE = {
    "ac": "AC powered", "usb": "USB powered", "wireless": "Wireless powered", "dock": "Dock powered",
    "status": "status", "level": "level", "temp": "temperature", "present": "present", "counter": "Charge counter",
}  # fmt: skip
_DISCHARGING = 3
_RADIOS = {"wifi": "wifi_on", "data": "mobile_data", "bluetooth": "bluetooth_on", "nfc": "nfc_on"}


@DUMPSYS.add("power")
async def dumpsys_power(call: Call) -> int:
    on = await call.work(lambda: call.phone.windows.screen_on)
    wakefulness = "Awake" if on else "Asleep"
    await call.out(
        "POWER MANAGER (dumpsys power)\n\n"
        "Power Manager State:\n"
        "  mDirty=0x0\n"
        f"  mWakefulness={wakefulness}\n"
        f"  mInteractive={str(on).lower()}\n"
        f"  mIsPowered={str(bool(battery(call.phone.store)['USB powered'])).lower()}\n"
        f"  mBatteryLevel={battery(call.phone.store)['level']}\n"
        "  mHoldingWakeLockSuspendBlocker=false\n"
        f"  mHoldingDisplaySuspendBlocker={str(on).lower()}\n\n"
        f"Display Power: state={'ON' if on else 'OFF'}\n"
    )
    return 0


@DUMPSYS.add("battery")
async def dumpsys_battery(call: Call) -> int:
    store = call.phone.store
    match [word for word in call.arguments if not word.startswith("-f")]:
        case []:
            await call.line("Current Battery Service state:")
            for key, value in battery(store).items():
                await call.line(f"  {key}: {str(value).lower() if isinstance(value, bool) else value}")
        case ["set", name, value] if name in _SETTABLE:
            key = _SETTABLE[name]
            new = integer(value) != 0 if isinstance(FACTORY[key], bool) else integer(value)
            store.change(DOCUMENT, {}, lambda known: {**known, key: new})
        case ["unplug"]:
            unplugged = {key: False for key in FACTORY if key.endswith("powered")}
            store.change(DOCUMENT, {}, lambda known: {**known, **unplugged, "status": _DISCHARGING})
        case ["reset"]:
            store.put(DOCUMENT, {})
        case ["get", name] if name in _SETTABLE:
            await call.line(str(battery(store)[_SETTABLE[name]]))
        case _:
            raise CommandFailed("Unknown set option\n", 255)
    return 0


@COMMANDS.add("svc")
async def svc(call: Call) -> int:
    match call.arguments:
        case [radio, "enable" | "disable" as verb] if radio in _RADIOS:
            call.phone.settings.put("global", _RADIOS[radio], "1" if verb == "enable" else "0")
        case ["power", "stayon", mode]:
            values = {"true": "15", "false": "0", "ac": "1", "usb": "2", "wireless": "4"}
            call.phone.settings.put("global", "stay_on_while_plugged_in", values.get(mode, "0"))
        case ["power", "reboot" | "shutdown", *_]:
            return await reboot(call)
        case ["usb", *_]:
            pass
        case _:
            raise CommandFailed(
                "Available commands:\n    help\n    power\n    data\n    wifi\n    usb\n    nfc\n    bluetooth\n"
            )
    return 0


@COMMANDS.add("reboot")
async def reboot(call: Call) -> int:
    """Restarts the phone. Over adb the connection is cut before there is an exit status, as on a real phone."""
    await call.work(call.phone.reboot)
    return 0
