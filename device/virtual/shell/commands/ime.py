"""Input methods: which keyboards there are, which are allowed, which one is in use."""

from __future__ import annotations

from device.virtual.shell.call import COMMANDS, DUMPSYS, SERVICES, Call, CommandFailed
from device.virtual.shell.options import read_options
from device.virtual.shell.phone import Phone
from device.virtual.shell.words import JAVA_FAILED

DEFAULT = "com.android.inputmethod.latin/.LatinIME"
U2_KEYBOARD = "com.github.uiautomator/.AdbKeyboard"
ADB_KEYBOARD = "com.android.adbkeyboard/.AdbIME"
_INPUT_TYPES = {  # android.text.InputType
    "text": 0x1, "multiline": 0x20001, "email": 0x21, "password": 0x81, "number": 0x2, "phone": 0x3,
}  # fmt: skip


def known(phone: Phone) -> list[str]:
    """The ids of the installed input methods."""
    return [ime for ime in (DEFAULT, ADB_KEYBOARD, U2_KEYBOARD) if phone.packages.find(ime.partition("/")[0])]


def current(phone: Phone) -> str:
    return phone.settings.get("secure", "default_input_method") or ""


def enabled(phone: Phone) -> list[str]:
    listed = (phone.settings.get("secure", "enabled_input_methods") or "").split(":")
    return [ime for ime in known(phone) if ime in listed]


def disable(phone: Phone, ime: str) -> None:
    """Takes an input method out of use; the phone's own takes its place."""
    rest = [other for other in enabled(phone) if other != ime]
    phone.settings.put("secure", "enabled_input_methods", ":".join(rest))
    if current(phone) == ime:
        phone.settings.put("secure", "default_input_method", DEFAULT)


@COMMANDS.add("ime")
@SERVICES.add("input_method")
async def ime(call: Call) -> int:
    options = read_options(call.arguments, valued=("--user",))
    match options.words:
        case ["list"]:
            return await _list(call, everything="-a" in options.flags, short="-s" in options.flags)
        case ["enable" | "disable" | "set" as verb, name]:
            return await _change(call, verb, name)
        case ["reset"]:
            call.phone.settings.put("secure", "enabled_input_methods", DEFAULT)
            call.phone.settings.put("secure", "default_input_method", DEFAULT)
            await call.line(
                f"Reset current and enabled IMEs for user #0\n  Selected: {DEFAULT}\n  Enabled:\n   {DEFAULT}"
            )
        case _:
            raise CommandFailed("ime <command>: list [-a] [-s], enable ID, disable ID, set ID, reset\n", JAVA_FAILED)
    return 0


@DUMPSYS.add("input_method")
async def dumpsys_input_method(call: Call) -> int:
    shown = str(await call.work(lambda: call.phone.windows.keyboard_shown)).lower()
    focused = await call.work(call.phone.windows.focused)
    await call.out(
        "Current Input Method Manager state:\n"
        f"  mCurMethodId={current(call.phone)}\n"
        f"  mInputShown={shown}\n"
        f"  mShowRequested={shown} mServedView={'null' if focused is None else focused.view.cls}\n"
        f"  mInputEditorInfo:\n    inputType=0x{0 if focused is None else _INPUT_TYPES[focused.view.input]:x}\n"
    )
    return 0


async def _list(call: Call, *, everything: bool, short: bool) -> int:
    for name in known(call.phone) if everything else enabled(call.phone):
        if short:
            await call.line(name)
        else:
            package, _, service = name.partition("/")
            await call.out(
                f"{name}:\n  mId={name} mSettingsActivityName=null\n"
                f"  Service:\n    packageName={package}\n    name={package}{service}\n"
            )
    return 0


async def _change(call: Call, verb: str, name: str) -> int:
    phone = call.phone
    allowed = enabled(phone)
    if name not in known(phone):
        what = {"enable": "enabled", "disable": "disabled", "set": "selected"}[verb]
        raise CommandFailed(f"Unknown input method {name} cannot be {what} for user #0\n", JAVA_FAILED)
    if verb == "enable":
        phone.settings.put("secure", "enabled_input_methods", ":".join(dict.fromkeys([*allowed, name])))
        await call.line(f"Input method {name}: {'already' if name in allowed else 'now'} enabled for user #0")
    elif verb == "disable":
        disable(phone, name)
        await call.line(f"Input method {name}: {'now' if name in allowed else 'already'} disabled for user #0")
    elif name not in allowed:
        raise CommandFailed(f"Input method {name} cannot be selected for user #0: it is not enabled\n", JAVA_FAILED)
    else:
        phone.settings.put("secure", "default_input_method", name)
        await call.line(f"Input method {name} selected for user #0")
    return 0
