"""The screen: its size and density, what it shows as a picture and as a tree."""

from __future__ import annotations

import re
import struct
import zlib
from pathlib import PurePosixPath

from device.actions import Size
from device.virtual.render import paint
from device.virtual.shell.call import COMMANDS, DUMPSYS, SERVICES, Call, CommandFailed
from device.virtual.shell.interpreter import reason
from device.virtual.shell.options import read_options
from device.virtual.window import hierarchy
from device.virtual.window.frame import Frame

DISPLAY_ID = 4619827259835644672
RGBA_8888 = 1
SRGB = 1
_KILLED = 137


@COMMANDS.add("wm")
@SERVICES.add("window")
async def wm(call: Call) -> int:
    match call.arguments:
        case ["size"]:
            return await _print_size(call)
        case ["size", word]:
            density = (await call.work(call.phone.windows.frame)).density
            size = call.phone.config.size if word == "reset" else _size(word)
            await call.work(call.phone.windows.resize, size, round(density * 160))
        case ["density"]:
            return await _print_density(call)
        case ["density", word]:
            dpi = call.phone.config.density_dpi if word == "reset" else _dpi(word)
            await call.work(call.phone.windows.resize, natural_size(await call.work(call.phone.windows.frame)), dpi)
        case ["user-rotation"]:
            await call.line("free" if call.phone.settings.get("system", "accelerometer_rotation") == "1" else "lock 0")
        case ["user-rotation" | "set-user-rotation", "free"]:
            await call.work(call.phone.windows.freeze_rotation, False)
        case ["user-rotation" | "set-user-rotation", "lock", *rest]:
            if rest:
                await call.work(call.phone.windows.rotate, _rotation(rest[-1]))
            await call.work(call.phone.windows.freeze_rotation, True)
        case ["dismiss-keyguard"]:
            await call.work(call.phone.windows.key, "menu")
        case _:
            raise CommandFailed(f"Unknown command: {' '.join(call.arguments) or 'help'}\n", 255)
    return 0


@DUMPSYS.add("display")
async def dumpsys_display(call: Call) -> int:
    """The viewport's line comes first: adbutils takes the first `orientation=` there is."""
    frame = await call.work(call.phone.windows.frame)
    width, height = frame.size.width_px, frame.size.height_px
    viewport = (
        "DisplayViewport{type=INTERNAL, valid=true, isActive=true, displayId=0, "
        f"uniqueId='local:{DISPLAY_ID}', physicalPort=0, orientation={frame.rotation}, "
        f"logicalFrame=Rect(0, 0 - {width}, {height}), physicalFrame=Rect(0, 0 - {width}, {height}), "
        f"deviceWidth={width}, deviceHeight={height}}}"
    )
    dpi = round(frame.density * 160)
    state = "ON" if frame.screen_on else "OFF"
    await call.out(
        f"  mViewports=[{viewport}]\n"
        "DISPLAY MANAGER (dumpsys display)\n"
        f"  mDefaultViewport={viewport}\n"
        f"  mScreenState={state}\n"
        f'  mBaseDisplayInfo=DisplayInfo{{"Built-in Screen", displayId 0, state {state}, '
        f"real {width} x {height}, density {dpi} ({dpi}.0 x {dpi}.0) dpi, rotation {frame.rotation}}}\n"
    )
    return 0


@DUMPSYS.add("SurfaceFlinger")
async def surface_flinger(call: Call) -> int:
    if "--display-id" in call.arguments:
        await call.line(f'Display {DISPLAY_ID} (HWC display 0): port=0 pnpId=VPH displayName="Built-in Screen"')
        return 0
    if "--list" in call.arguments:
        frame = await call.work(call.phone.windows.frame)
        await call.out("".join(f"{window.package}/{window.activity}#{window.name}\n" for window in frame.windows))
        return 0
    await call.line(f"Display {DISPLAY_ID} HWC layers:")
    return 0


@COMMANDS.add("screencap")
async def screencap(call: Call) -> int:
    """A PNG with -p or a file name ending in .png, else the raw picture with its head of four numbers."""
    options = read_options(call.arguments, valued=("-d",))
    if options.values.get("-d", str(DISPLAY_ID)) not in (str(DISPLAY_ID), "0"):
        raise CommandFailed(f"Display Id '{options.values['-d']}' is not valid.\n")
    frame = await call.work(call.phone.windows.frame)
    target = options.words[0] if options.words else None
    as_png = "-p" in options.flags or (target is not None and PurePosixPath(target).suffix == ".png")
    data = await call.work(_png if as_png else _raw, frame)
    if target is None:
        await call.out(data)
        return 0
    try:
        call.phone.files.write(call.path(target), data, parents=False)
    except OSError as error:
        raise CommandFailed(f"Error opening file: {target} ({reason(error)})\n") from error
    return 0


@COMMANDS.add("uiautomator")
async def uiautomator(call: Call) -> int:
    """`uiautomator dump [--compressed] [FILE]`. Only one program can hold Android's UiAutomation at a time."""
    options = read_options(call.arguments)
    if options.words[:1] != ["dump"]:
        raise CommandFailed("Usage: uiautomator dump [--verbose][file]\n")
    if any(name == "app_process" for _, _, name in call.phone.packages.processes()):
        raise CommandFailed(
            "java.lang.IllegalStateException: UiAutomationService "
            "android.accessibilityservice.IAccessibilityServiceClient$Stub$Proxy already registered!\nKilled\n",
            _KILLED,
        )
    target = options.words[1] if len(options.words) > 1 else "/sdcard/window_dump.xml"
    frame = await call.work(call.phone.windows.frame)
    text = await call.work(hierarchy.dump, frame, compressed="--compressed" in options.flags)
    if "<node" not in text:
        raise CommandFailed("ERROR: null root node returned by UiTestAutomationBridge.\n", 0)
    try:
        call.phone.files.write(call.path(target), text.encode(), parents=False)
    except OSError as error:
        raise CommandFailed(f"ERROR: cannot write {target}: {reason(error)}\n") from error
    await call.line(f"UI hierchary dumped to: {target}")
    return 0


def natural_size(frame: Frame) -> Size:
    """The screen's size as it is in rotation 0."""
    size = frame.size
    return Size(size.height_px, size.width_px) if frame.rotation % 2 else size


async def _print_size(call: Call) -> int:
    physical = call.phone.config.size
    now = natural_size(await call.work(call.phone.windows.frame))
    await call.line(f"Physical size: {physical.width_px}x{physical.height_px}")
    if now != physical:
        await call.line(f"Override size: {now.width_px}x{now.height_px}")
    return 0


async def _print_density(call: Call) -> int:
    physical = call.phone.config.density_dpi
    now = round((await call.work(call.phone.windows.frame)).density * 160)
    await call.line(f"Physical density: {physical}")
    if now != physical:
        await call.line(f"Override density: {now}")
    return 0


def _size(word: str) -> Size:
    match = re.fullmatch(r"(\d+)x(\d+)", word)
    if match is None or not all(200 <= int(side) <= 8192 for side in match.groups()):
        raise CommandFailed(f"Error: bad size {word}\n", 255)
    return Size(int(match.group(1)), int(match.group(2)))


def _dpi(word: str) -> int:
    if not word.isdigit() or not 72 <= int(word) <= 1000:
        raise CommandFailed(f"Error: density must be >= 72, not {word}\n", 255)
    return int(word)


def _rotation(word: str) -> int:
    if word not in ("0", "1", "2", "3"):
        raise CommandFailed(f"Error: rotation needs to be either 0, 1, 2 or 3, not {word}\n", 255)
    return int(word)


def _png(frame: Frame) -> bytes:
    return black_png(frame.size) if frame.secure else paint.png(frame)


def _raw(frame: Frame) -> bytes:
    width, height = frame.size.width_px, frame.size.height_px
    head = struct.pack("<4I", width, height, RGBA_8888, SRGB)
    if frame.secure:
        return head + b"\0\0\0\xff" * (width * height)
    pixels: bytes = paint.paint(frame).convert("RGBA").tobytes()
    return head + pixels


def black_png(size: Size) -> bytes:
    """What Android gives for a screen with a secure window: a picture of the right size, all black."""
    rows = (b"\0" + bytes(3 * size.width_px)) * size.height_px
    head = struct.pack(">2I5B", size.width_px, size.height_px, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
