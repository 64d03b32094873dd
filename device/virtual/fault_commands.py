"""The words of `cmd vphone …`: each names a fault, what it takes, and what it does. Pure text on both sides."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from device.virtual.window.drift import Drift

if TYPE_CHECKING:
    from device.virtual.faults import Faults

Words = list[str]


class FaultUnavailable(Exception):
    """The fault needs something that is not there; the message says what."""


@dataclass(frozen=True, slots=True)
class _Command:
    usage: str
    help: str
    run: Callable[[Faults, Words], str | None]


def run(faults: Faults, argv: Words) -> str:
    """Does what the words say and answers in words.

    Raises:
        ValueError: no such fault, words that do not fit it, or a fault that is not to be had now; the message says
            what would do.
    """
    if not argv or argv[0] in ("help", "-h", "--help"):
        return help_text()
    name, words = argv[0].replace("_", "-"), argv[1:]
    command = COMMANDS.get(name)
    if command is None:
        raise ValueError(f"no fault {argv[0]!r}; there are: {', '.join(COMMANDS)}")
    try:
        answer = command.run(faults, words)
    except _BadWords as error:
        raise ValueError(f"{name}: {error}. Usage: {name} {command.usage}".rstrip()) from error
    except FaultUnavailable as error:
        raise ValueError(str(error)) from error
    return (answer or "ok") + "\n"


def help_text() -> str:
    """All commands, one a line, with what they take and do."""
    lines = [f"  {f'{name} {command.usage}':<44} {command.help}" for name, command in COMMANDS.items()]
    return "\n".join(["Faults of the virtual phone:", *lines]) + "\n"


class _BadWords(Exception):
    """The words do not fit the fault."""


def _only(words: Words, most: int) -> Words:
    if len(words) > most:
        raise _BadWords(f"{words[most]!r} is one word too many")
    return words


def _optional(words: Words) -> str | None:
    return next(iter(_only(words, 1)), None)


def _number(word: str) -> float:
    try:
        number = float(word)
    except ValueError as error:
        raise _BadWords(f"{word!r} is no number") from error
    if not 0 <= number < 1e6:
        raise _BadWords(f"{word} is no number of seconds")
    return number


def _permission(faults: Faults, words: Words) -> None:
    if not words:
        raise _BadWords("which permission? e.g. android.permission.CAMERA")
    permission, *package = _only(words, 2)
    faults.permission_dialog(permission if "." in permission else f"android.permission.{permission}", *package)


def _call(faults: Faults, words: Words) -> str:
    name, number, seconds = [*_only(words, 3), *("Mallory", "+1 555 0199", "30")[len(words) :]]
    return "ok" if faults.incoming_call(name, number, for_s=_number(seconds)) else "the line is busy"


def _slow(faults: Faults, words: Words) -> None:
    if len(words) != 1:
        raise _BadWords("by how many seconds?")
    faults.slow(_number(words[0]))


def _pin(faults: Faults, words: Words) -> None:
    pin = _optional(words)
    if pin is None or not (pin == "off" or pin.isdigit()):
        raise _BadWords("a PIN is digits")
    faults.pin_lock(None if pin == "off" else pin)


def _server(faults: Faults, words: Words) -> None:
    state, *package = _only(words, 2) or ["?"]
    if state not in ("up", "down"):
        raise _BadWords("up or down?")
    faults.server(state == "up", *package)


def _secure(faults: Faults, words: Words) -> None:
    word = _optional(words) or "on"
    if word not in ("on", "off"):
        raise _BadWords(f"on or off, not {word!r}")
    faults.secure(word == "on")


def _drift(faults: Faults, words: Words) -> str:
    if words == ["off"]:
        faults.drift(None)
        return "ok"
    flags = [field.name for field in dataclasses.fields(Drift) if field.type == "bool"]
    chosen: dict[str, Any] = {}  # flags of `Drift`, all of them bool
    seed, packages = 0, set[str]()
    for word in words:
        name, _, value = word.replace("-", "_").partition("=")
        if name == "seed" and value.isdigit():
            seed = int(value)
        elif name == "package" and value:
            packages.add(word.partition("=")[2])
        elif name in flags and not value:
            chosen[name] = True
        elif word == "all":
            chosen = dict.fromkeys(flags, True)
        else:
            raise _BadWords(f"{word!r} is none of all, off, {', '.join(flags)}, seed=N, package=NAME")
    if not chosen:
        raise _BadWords(f"what drifts? all, off, or some of {', '.join(flags)}")
    faults.drift(Drift(seed=seed, packages=frozenset(packages), **chosen))
    return f"drifted: {', '.join(chosen)}, seed {seed}"


def _plain(act: Callable[[Faults], object]) -> Callable[[Faults, Words], None]:
    """A fault that takes no words."""

    def checked(faults: Faults, words: Words) -> None:
        _only(words, 0)
        act(faults)

    return checked


COMMANDS: dict[str, _Command] = {
    "permission-dialog": _Command("PERMISSION [PACKAGE]", "the system asks for a permission", _permission),
    "popup": _Command("[PACKAGE]", "the app in front asks to be rated", lambda f, w: f.popup(_optional(w))),
    "crash": _Command("[PACKAGE]", "an app keeps stopping", lambda f, w: f.crash(_optional(w))),
    "not-responding": _Command("[PACKAGE]", "an app hangs", lambda f, w: f.not_responding(_optional(w))),
    "incoming-call": _Command("[NAME [NUMBER [SECONDS]]]", "the phone rings", _call),
    "slow": _Command("SECONDS", "changes are seen later; 0 ends it", _slow),
    "server": _Command("up|down [PACKAGE]", "what an app asks its server for fails", _server),
    "screen-off": _Command("", "the screen goes off, the phone locks", _plain(lambda f: f.screen_off())),
    "pin-lock": _Command("PIN|off", "locks with a PIN", _pin),
    "secure": _Command("[on|off]", "app windows hide themselves", _secure),
    "drift": _Command("all|off|FLAG... [seed=N] [package=NAME]", "the apps look as after an update", _drift),
    "rpc": _Command("WORDS...", "a fault of the uiautomator2 server; `rpc help`", lambda f, w: f.rpc(w).rstrip("\n")),
    "end-call": _Command("", "the caller hangs up", _plain(lambda f: f.end_call())),
    "drop-transport": _Command("", "cuts the connection to adb", _plain(lambda f: f.drop_transport())),
    "kill-process": _Command("", "ends the phone at once", _plain(lambda f: f.kill_process())),
}
