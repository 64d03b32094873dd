"""`input`: taps, swipes, text and keys, injected as Android's own tool does.

What is injected here does not show in `getevent`: that lists only what touches the screen itself.
"""

from __future__ import annotations

from device.virtual.shell.call import COMMANDS, SERVICES, Call, CommandFailed
from device.virtual.shell.gestures import LONG_PRESS_S, Finger
from device.virtual.shell.options import decimal, integer, read_options
from device.virtual.shell.words import JAVA_FAILED

SWIPE_MS = 300
_SOURCES = frozenset(
    ("touchscreen", "keyboard", "dpad", "gamepad", "touchpad", "touchnavigation", "mouse", "joystick", "trackball",
     "stylus")
)  # fmt: skip


@COMMANDS.add("input")
@SERVICES.add("input")
async def inject(call: Call) -> int:
    words = list(call.arguments)
    if words[:1] and words[0] in _SOURCES:
        words = words[1:]
    if words[:1] == ["-d"]:
        words = words[2:]
    finger = Finger(call)
    match words:
        case ["tap", x, y]:
            await finger.tap(decimal(x), decimal(y))
        case ["swipe", x1, y1, x2, y2, *duration] if len(duration) <= 1:
            await finger.down(decimal(x1), decimal(y1))
            await finger.glide(decimal(x2), decimal(y2), _seconds(duration))
            await finger.up()
        case ["draganddrop", x1, y1, x2, y2, *duration] if len(duration) <= 1:
            await finger.down(decimal(x1), decimal(y1))
            await finger.rest(LONG_PRESS_S)
            await finger.glide(decimal(x2), decimal(y2), _seconds(duration))
            await finger.up()
        case ["motionevent", phase, x, y] if phase.upper() in ("DOWN", "MOVE", "UP", "CANCEL"):
            await finger.event(phase.upper(), decimal(x), decimal(y))
        case ["text", *texts] if texts:
            await _type(call, " ".join(texts))
        case ["keyevent" | "keycombination", *keys] if keys:
            await _press(call, keys)
        case _:
            return await _refuse(call, words)
    return 0


async def _type(call: Call, text: str) -> None:
    text = text.replace("%s", " ")
    if not text.isascii():  # the virtual keyboard's key map has no such characters
        raise CommandFailed(
            "\nException occurred while executing 'text':\n"
            "java.lang.NullPointerException: Attempt to get length of null array\n",
            JAVA_FAILED,
        )
    await call.work(call.phone.windows.type_text, text)


async def _press(call: Call, keys: list[str]) -> None:
    options = read_options(keys, valued=("--delay", "--duration"))
    long = "--longpress" in options.flags
    if "--doubletap" in options.flags:
        options.words.extend(options.words)
    for key in options.words:
        if key.lstrip("-").isdigit():
            await call.work(call.phone.windows.key_code, integer(key), long=long)
        elif not await call.work(call.phone.windows.key, key_name(key), long=long):
            raise CommandFailed(
                f"\nException occurred while executing 'keyevent':\n"
                f"java.lang.IllegalArgumentException: Unknown keycode: {key}\n",
                JAVA_FAILED,
            )


def key_name(word: str) -> str:
    """The window system's name for KEYCODE_MOVE_END, MOVE_END or move_end."""
    return word.lower().removeprefix("keycode_")


def _seconds(duration: list[str]) -> float:
    milliseconds = integer(duration[0]) if duration else SWIPE_MS
    return (milliseconds if milliseconds >= 0 else SWIPE_MS) / 1000


async def _refuse(call: Call, words: list[str]) -> int:
    if words and words[0] in ("tap", "swipe", "draganddrop", "text", "keyevent", "motionevent"):
        raise CommandFailed(
            f"\nException occurred while executing '{words[0]}':\n"
            f'java.lang.IllegalArgumentException: Argument expected after "{words[0]}"\n',
            JAVA_FAILED,
        )
    known = "tap <x> <y>, swipe <x1> <y1> <x2> <y2> [ms], draganddrop …, text <string>, keyevent <code>, motionevent"
    raise CommandFailed(f"Unknown command: {words[0] if words else ''}\nUsage: input {known}\n", JAVA_FAILED)
