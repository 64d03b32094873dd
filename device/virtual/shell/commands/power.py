"""Screen power, battery, radios and restarting: `dumpsys power`, `dumpsys battery`, `svc`, `reboot`.

The battery's values live in the store's document "battery", so a test can set them and the status bar can show them.
"""

from __future__ import annotations

from device.virtual.shell.call import COMMANDS, DUMPSYS, Call, CommandFailed
from device.virtual.shell.options import integer
from device.virtual.shell.phone import Phone

BATTERY_DOCUMENT = "battery"
BATTERY: dict[str, int | bool | str] = {
    "AC powered": False,
    "USB powered": True,
    "Wireless powered": False,
    "Dock powered": False,
    "Max charging current": 500000,
    "Max charging voltage": 5000000,
    "Charge counter": 3000000,
    "status": 2,  # charging
    "health": 2,  # good
    "present": True,
    "level": 100,
    "scale": 100,
    "voltage": 4350,
    "temperature": 250,  # 1/10 degrees Celsius
    "technology": "Li-ion",
}
_SETTABLE = {
    "ac": "AC powered", "usb": "USB powered", "wireless": "Wireless powered", "dock": "Dock powered",
    "status": "status", "level": "level", "temp": "temperature", "present": "present", "counter": "Charge counter",
}  # fmt: skip
_DISCHARGING = 3
_RADIOS = {"wifi": "wifi_on", "data": "mobile_data", "bluetooth": "bluetooth_on", "nfc": "nfc_on"}


def battery(phone: Phone) -> dict[str, int | bool | str]:
    """The battery's values, by Android's names."""
    return {**BATTERY, **phone.store.document(BATTERY_DOCUMENT, {})}


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
        f"  mIsPowered={str(bool(battery(call.phone)['USB powered'])).lower()}\n"
        f"  mBatteryLevel={battery(call.phone)['level']}\n"
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
            for key, value in battery(call.phone).items():
                await call.line(f"  {key}: {str(value).lower() if isinstance(value, bool) else value}")
        case ["set", name, value] if name in _SETTABLE:
            key = _SETTABLE[name]
            new = integer(value) != 0 if isinstance(BATTERY[key], bool) else integer(value)
            store.change(BATTERY_DOCUMENT, {}, lambda known: {**known, key: new})
        case ["unplug"]:
            unplugged = {key: False for key in BATTERY if key.endswith("powered")}
            store.change(BATTERY_DOCUMENT, {}, lambda known: {**known, **unplugged, "status": _DISCHARGING})
        case ["reset"]:
            store.put(BATTERY_DOCUMENT, {})
        case ["get", name] if name in _SETTABLE:
            await call.line(str(battery(call.phone)[_SETTABLE[name]]))
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
    """Ends every app, as a restart does, and shows the launcher. The connection is the wire layer's to drop."""
    for package, _ in await call.work(call.phone.windows.tasks):
        await call.work(call.phone.windows.force_stop, package)
    await call.work(call.phone.windows.home)
    return 0
