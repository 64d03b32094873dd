"""`getevent`: the input devices, and what a person's finger does on the touchscreen.

What `input` or uiautomator2 inject goes past the kernel and does not show here, as on a real phone.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from device.virtual.shell.call import COMMANDS, Call, CommandFailed
from device.virtual.shell.commands.display import natural_size
from device.virtual.shell.options import letters, read_options
from device.virtual.shell.touch_protocol import (
    ABS_MT_POSITION_X,
    ABS_MT_POSITION_Y,
    ABS_MT_SLOT,
    ABS_MT_TRACKING_ID,
    AXIS_MAX,
    BTN_TOUCH,
    EV_ABS,
    EV_KEY,
    EV_SYN,
    SLOTS,
    SYN_REPORT,
    TRACKING_ID_MAX,
    InputEvent,
    TouchProtocol,
)
from device.virtual.window.gestures import Contact

TOUCHSCREEN = "/dev/input/event2"
_TYPES = {EV_SYN: "EV_SYN", EV_KEY: "EV_KEY", EV_ABS: "EV_ABS"}
_CODES = {
    (EV_SYN, SYN_REPORT): "SYN_REPORT",
    (EV_KEY, BTN_TOUCH): "BTN_TOUCH",
    (EV_ABS, ABS_MT_SLOT): "ABS_MT_SLOT",
    (EV_ABS, ABS_MT_POSITION_X): "ABS_MT_POSITION_X",
    (EV_ABS, ABS_MT_POSITION_Y): "ABS_MT_POSITION_Y",
    (EV_ABS, ABS_MT_TRACKING_ID): "ABS_MT_TRACKING_ID",
}
_AXES = (
    (ABS_MT_SLOT, SLOTS - 1),
    (ABS_MT_POSITION_X, AXIS_MAX),
    (ABS_MT_POSITION_Y, AXIS_MAX),
    (ABS_MT_TRACKING_ID, TRACKING_ID_MAX),
)
_KEY_POWER, _KEY_VOLUME_DOWN, _KEY_VOLUME_UP = 116, 114, 115
_KEYS = {_KEY_VOLUME_DOWN: "KEY_VOLUMEDOWN", _KEY_VOLUME_UP: "KEY_VOLUMEUP", _KEY_POWER: "KEY_POWER"}


@dataclass(frozen=True, slots=True)
class _Device:
    path: str
    name: str
    keys: tuple[int, ...] = ()
    touch: bool = False


# In the order toolbox adds them: as the folder lists them.
DEVICES = (
    _Device(TOUCHSCREEN, "vphone_touchscreen", (BTN_TOUCH,), touch=True),
    _Device("/dev/input/event1", "vphone_power", (_KEY_POWER,)),
    _Device("/dev/input/event0", "gpio-keys", (_KEY_VOLUME_DOWN, _KEY_VOLUME_UP)),
)


@COMMANDS.add("getevent")
async def getevent(call: Call) -> int:
    """-p and -i list the devices and end; otherwise events stream. -l labels, -t times, -q no list first, -c COUNT."""
    options = read_options(call.arguments, valued=("-c",))
    given = letters(options)
    path = options.words[0] if options.words else None
    chosen = [device for device in DEVICES if path in (None, device.path)]
    if not chosen:
        raise CommandFailed(f"could not open {path}, No such file or directory\n")
    if given & {"p", "i"}:
        await call.out("".join(_describe(device, labels="l" in given) for device in chosen))
        return 0
    form = _Form(labels="l" in given, times="t" in given, names=path is None)
    shown = chosen if path is None and "q" not in given else []
    await _stream(call, form, options.number("-c", 0), introduced=shown, touches=any(device.touch for device in chosen))
    return 0


@dataclass(frozen=True, slots=True)
class _Form:
    """How an event is spelled."""

    labels: bool
    times: bool
    names: bool

    def spell(self, event: InputEvent) -> str:
        micros = round(event.at_s * 1_000_000)
        head = f"[{micros // 1_000_000:8d}.{micros % 1_000_000:06d}] " if self.times else ""
        head += f"{TOUCHSCREEN}: " if self.names else ""
        value = f"{event.value & 0xFFFFFFFF:08x}"
        if not self.labels:
            return f"{head}{event.type:04x} {event.code:04x} {value}\n"
        if event.type == EV_KEY:
            value = "DOWN" if event.value else "UP"
        return f"{head}{_TYPES[event.type]:<12} {_CODES[event.type, event.code]:<20} {value:<20}\n"


async def _stream(call: Call, form: _Form, count: int, *, introduced: list[_Device], touches: bool) -> None:
    """Whoever has read the introduction misses nothing after it: the touches are followed before it is printed."""
    loop = asyncio.get_running_loop()
    arrived: asyncio.Queue[Contact] = asyncio.Queue()

    def follow(contact: Contact) -> None:
        loop.call_soon_threadsafe(arrived.put_nowait, contact)

    unsubscribe = call.phone.touches.subscribe(follow)
    try:
        before = call.phone.touches.contacts()
        driver = await _driver(call, before)
        known = set(map(id, before))  # a touch of this very moment may be in both
        await call.out("".join(_introduce(device) for device in introduced))
        printed = 0
        while True:
            contact = await arrived.get()
            if id(contact) in known or not touches:
                continue
            frame = await call.work(call.phone.windows.frame)
            for event in driver.feed(contact, natural_size(frame), frame.rotation):
                await call.out(form.spell(event))
                printed += 1
                if printed == count:
                    return
    finally:
        unsubscribe()


async def _driver(call: Call, before: list[Contact]) -> TouchProtocol:
    """The driver's state now: what was touched before anybody listened counts."""
    driver = TouchProtocol()
    frame = await call.work(call.phone.windows.frame)
    for contact in before:
        driver.feed(contact, natural_size(frame), frame.rotation)
    return driver


def _introduce(device: _Device) -> str:
    number = DEVICES.index(device) + 1
    return f'add device {number}: {device.path}\n  name:     "{device.name}"\n'


def _describe(device: _Device, *, labels: bool) -> str:
    keys = "".join(f" {_key(code) if labels else f'{code:04x}':<20}" for code in device.keys)
    lines = [_introduce(device), "  events:\n", f"    KEY (0001):{keys}\n"]
    for number, (code, most) in enumerate(_AXES if device.touch else ()):
        head = "    ABS (0003):" if number == 0 else " " * 15
        name = _CODES[EV_ABS, code] if labels else f"{code:04x}"
        lines.append(f"{head} {name:<21} : value 0, min 0, max {most}, fuzz 0, flat 0, resolution 0\n")
    lines.append("  input props:\n    INPUT_PROP_DIRECT\n" if device.touch else "  input props:\n    <none>\n")
    return "".join(lines)


def _key(code: int) -> str:
    return _KEYS.get(code) or _CODES[EV_KEY, code]
