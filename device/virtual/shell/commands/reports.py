"""What the phone reports about itself: `dumpsys window`, `alarm`, `notification`, `meminfo`; the shade and dark theme
by `cmd`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from device.virtual.shell.call import COMMANDS, DUMPSYS, SERVICES, Call, CommandFailed
from device.virtual.shell.commands.activity import record
from device.virtual.shell.commands.display import natural_size
from device.virtual.shell.options import integer, read_options
from device.virtual.shell.words import full_activity, object_id
from device.virtual.state import Row
from device.virtual.window.frame import Window

ALL_DAYS = range(7)


@DUMPSYS.add("window")
async def dumpsys_window(call: Call) -> int:
    """The focus stands in `displays` and in the whole report, not in `windows`, as since Android 10: a client that
    found it there would take pid 0 and the long activity name."""
    part = call.arguments[0] if call.arguments else "all"
    if part in ("all", "-a", "windows", "w", "visible"):
        await _windows(call)
    if part in ("all", "-a", "displays", "d"):
        await _displays(call)
    if part in ("all", "-a", "policy", "p"):
        await _policy(call)
    return 0


async def _windows(call: Call) -> None:
    frame = await call.work(call.phone.windows.frame)
    await call.line("WINDOW MANAGER WINDOWS (dumpsys window windows)")
    for number, window in reversed(list(enumerate(frame.windows))):
        bounds = window.bounds
        flags = "LAYOUT_IN_SCREEN SECURE LAYOUT_INSET_DECOR" if window.secure else "LAYOUT_IN_SCREEN LAYOUT_INSET_DECOR"
        await call.out(
            f"  Window #{number} {_window(window)}:\n"
            f"    mDisplayId=0 package={window.package}\n"
            f"    mAttrs={{(0,0)(fillxfill) sim={{adjust=pan}} ty={_window_type(window)} fmt=TRANSLUCENT\n"
            f"      fl={flags}\n"
            "      pfl=INSET_PARENT_FRAME_BY_IME}\n"
            f"    mFrame=[{bounds.left},{bounds.top}][{bounds.right},{bounds.bottom}]\n"
            "    isVisible=true\n"
        )


async def _displays(call: Call) -> None:
    frame = await call.work(call.phone.windows.frame)
    package, activity, _ = await call.work(call.phone.windows.current)
    natural, size = natural_size(frame), frame.size
    now = f"{size.width_px}x{size.height_px}"
    focused = next((window for window in reversed(frame.windows) if window.kind in _TAKES_FOCUS), None)
    await call.out(
        "WINDOW MANAGER DISPLAY CONTENTS (dumpsys window displays)\n"
        "  Display: mDisplayId=0\n"
        f"    init={natural.width_px}x{natural.height_px} {round(frame.density * 160)}dpi cur={now} app={now}\n"
        f"    mCurrentRotation=ROTATION_{90 * frame.rotation}\n"
        f"  mCurrentFocus={_window(focused) if focused is not None and frame.screen_on else 'null'}\n"
        f"  mFocusedApp={record(package, activity)}\n"
    )


async def _policy(call: Call) -> None:
    on = await call.work(lambda: call.phone.windows.screen_on)
    lock = await call.work(lambda: call.phone.windows.lock_state)
    await call.out(
        "WINDOW MANAGER POLICY STATE (dumpsys window policy)\n"
        f"    mAwake={str(on).lower()} mScreenOnEarly={str(on).lower()} mScreenOnFully={str(on).lower()}\n"
        "    KeyguardServiceDelegate\n"
        f"      showing={str(lock != 'unlocked').lower()}\n"
        f"      secure={str(lock == 'secure').lower()}\n"
        f"      screenState=SCREEN_STATE_{'ON' if on else 'OFF'}\n"
        f"      interactiveState=INTERACTIVE_STATE_{'AWAKE' if on else 'SLEEP'}\n"
    )


_TAKES_FOCUS = ("app", "dialog", "lock", "shade")


def _window(window: Window) -> str:
    """As Android names a window: by its activity where it has one, else by its title."""
    title = window.name
    if window.activity:
        title = f"{window.package}/{full_activity(window.package, window.activity)}"
    elif window.package == "android":
        title = "Application Error"
    return f"Window{{{object_id('window', window.name)} u0 {title}}}"


def _window_type(window: Window) -> str:
    types = {"status_bar": "STATUS_BAR", "navigation_bar": "NAVIGATION_BAR", "shade": "NOTIFICATION_SHADE",
             "lock": "NOTIFICATION_SHADE", "keyboard": "INPUT_METHOD", "toast": "TOAST"}  # fmt: skip
    return types.get(window.kind, "BASE_APPLICATION")


@DUMPSYS.add("alarm")
async def dumpsys_alarm(call: Call) -> int:
    """The alarms a person has set, by when they ring next."""
    now = call.local_time()
    rows = [row for row in call.phone.store.table("alarms").rows() if row.get("enabled")]
    due = sorted((_next_time(row, now), row["_id"], row) for row in rows)
    await call.out(f"Current Alarm Manager state:\n  nowRTC={_ms(now)}={now:%Y-%m-%d %H:%M:%S.000}\n")
    await call.line("  Next alarm clock information: ")
    for moment, _, row in due:
        await call.line(
            f"    user:0 pendingSend:false time:{_ms(moment)} = {moment:%Y-%m-%d %H:%M:%S} = in {moment - now}"
        )
        await call.line(f"      RTC_WAKEUP com.android.deskclock label={row.get('label', '')}")
    return 0


def _next_time(row: Row, now: datetime) -> datetime:
    today = now.replace(hour=int(row["hour"]), minute=int(row["minute"]), second=0, microsecond=0)
    days: Iterable[int] = row.get("days") or ALL_DAYS
    coming = (today + timedelta(days=ahead) for ahead in range(8))
    return next(moment for moment in coming if moment > now and moment.weekday() in days)


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


@DUMPSYS.add("notification")
async def dumpsys_notification(call: Call) -> int:
    await call.line("Current Notification Manager state:\n  Notification List:")
    for notification in await call.work(call.phone.windows.notifications):
        key = f"0|{notification.package}|0|{notification.tag}|10000"
        await call.out(
            f"    NotificationRecord(0x{object_id(key)}: pkg={notification.package} user=UserHandle{{0}} id=0 "
            f"tag={notification.tag or 'null'} importance=3 key={key})\n"
            "      extras={\n"
            f"        android.title=String ({notification.title})\n"
            f"        android.text=String ({notification.words})\n"
            "      }\n"
        )
    return 0


@SERVICES.add("notification")
async def cmd_notification(call: Call) -> int:
    """`cmd notification post [-t TITLE] TAG TEXT`, `cmd notification list`."""
    options = read_options(call.arguments, valued=("-t", "-S", "-i", "-c"))
    match options.words:
        case ["post", tag, text]:
            title = options.values.get("-t", "")
            await call.work(call.phone.windows.notify, "com.android.shell", title, text, tag=tag)
            await call.line(f"posting:\n  Notification(title={title} text={text})")
        case ["list"]:
            for notification in await call.work(call.phone.windows.notifications):
                await call.line(f"0|{notification.package}|0|{notification.tag}|10000")
        case _:
            raise CommandFailed("usage: cmd notification SUBCMD [args]: post, list\n", 255)
    return 0


@SERVICES.add("statusbar")
async def cmd_statusbar(call: Call) -> int:
    match call.arguments:
        case ["expand-notifications"]:
            await call.work(call.phone.windows.open_shade)
        case ["expand-settings"]:
            await call.work(call.phone.windows.open_shade, True)
        case ["collapse"]:
            await call.work(call.phone.windows.close_shade)
        case _:
            raise CommandFailed("Status bar commands: expand-notifications, expand-settings, collapse\n", 255)
    return 0


@SERVICES.add("uimode")
async def cmd_uimode(call: Call) -> int:
    """`cmd uimode night [yes|no]`."""
    match call.arguments:
        case ["night"]:
            pass
        case ["night", "yes" | "no" as answer]:
            await call.work(call.phone.windows.set_dark, answer == "yes")
        case _:
            raise CommandFailed("UiModeManager service (uimode) commands: night [yes|no]\n", 255)
    dark = (await call.work(call.phone.windows.frame)).dark
    await call.line(f"Night mode: {'yes' if dark else 'no'}")
    return 0


@SERVICES.add("locale")
async def cmd_locale(call: Call) -> int:
    """`cmd locale set-device-locale LOCALE`: a short way to another language (Android's own sets one app's only)."""
    match call.arguments:
        case ["set-device-locale", locale]:
            await call.work(call.phone.windows.set_locale, locale)
        case ["get-device-locale"]:
            await call.line((await call.work(call.phone.windows.frame)).locale)
        case _:
            raise CommandFailed("Locale manager commands: set-device-locale LOCALE, get-device-locale\n", 255)
    return 0


@DUMPSYS.add("meminfo", "cpuinfo")
async def dumpsys_load(call: Call) -> int:
    """The processes, each with the same invented load."""
    await call.line("Total PSS by process:" if call.name == "meminfo" else "CPU usage from 10000ms to 0ms ago:")
    for _, pid, name in call.phone.packages.processes():
        await call.line(f"    118,204K: {name} (pid {pid})" if call.name == "meminfo" else f"  0.1% {pid}/{name}")
    return 0


@COMMANDS.add("media")
async def media(call: Call) -> int:
    """`media volume [--stream N] --set N | --get`: the volume of the media stream."""
    options = read_options(call.arguments, valued=("--stream", "--set", "--adj"))
    if options.words[:1] != ["volume"]:
        raise CommandFailed("usage: media volume [--stream N] [--set N] [--get]\n")
    if "--set" in options.values:
        call.phone.settings.put("system", "volume_music", str(integer(options.values["--set"])))
    if "--get" in options.flags:
        await call.line(f"volume is {call.phone.settings.get('system', 'volume_music') or '5'} in range [0..15]")
    return 0
