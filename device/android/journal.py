"""The owner's settings we changed, written down on the phone itself *before* they are changed.

A small file on the phone says what to put back. The next connection - from any computer, after any crash - reads it
together with its other first questions, puts the settings back and removes the file. The earliest file wins: while one
is there, a later change adds nothing, because the owner's own values are the ones before the first change.

Everything here is text: the commands to send and the reading of what came back. Putting back is idempotent: the file is
removed by the same command that put the settings back, after them.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import shlex
from dataclasses import asdict, dataclass

FILE = "/data/local/tmp/mobimem-restore.json"
OUR_IME = "com.github.uiautomator/.AdbKeyboard"

KEYBOARD_COMMAND = (
    "settings get secure default_input_method; echo --; settings get secure enabled_input_methods; "
    f"echo --; ime list -s -a; echo --; cat {FILE} 2>/dev/null"
)

_IME = re.compile(r"[\w.$/-]+")


@dataclass(frozen=True, slots=True)
class Found:
    """The keyboards as the owner had them. `default_ime` is "" where none was set."""

    default_ime: str
    enabled_imes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Keyboards:
    """The answer to KEYBOARD_COMMAND: what is set now, what could be, and what an earlier session left to put back."""

    default_ime: str
    enabled_imes: tuple[str, ...]
    installed_imes: tuple[str, ...]
    left_behind: Found | None

    @property
    def ours_is_default(self) -> bool:
        return self.default_ime == OUR_IME

    @property
    def ours_is_installed(self) -> bool:
        return OUR_IME in self.installed_imes


def parse_keyboards(answer: str) -> Keyboards:
    """Reads the answer to KEYBOARD_COMMAND. A torn journal counts as none: nothing is changed before it is whole."""
    parts = [part.strip() for part in answer.split("--\n")]
    parts += [""] * (4 - len(parts))
    return Keyboards(
        default_ime=_value(parts[0]),
        enabled_imes=_imes(parts[1]),
        installed_imes=tuple(line.strip() for line in parts[2].splitlines() if line.strip()),
        left_behind=decode(parts[3]),
    )


def encode(found: Found) -> str:
    """The journal as one line of base64, so that no shell can read anything into it."""
    return base64.b64encode(json.dumps(asdict(found)).encode()).decode()


def decode(line: str) -> Found | None:
    """What `encode` wrote; None for an empty, torn or foreign file."""
    try:
        data = json.loads(base64.b64decode(line.strip(), validate=True))
        default, enabled = data["default_ime"], tuple(data["enabled_imes"])
    except (binascii.Error, ValueError, KeyError, TypeError):
        return None
    if not (isinstance(default, str) and all(isinstance(name, str) for name in enabled)):
        return None
    if default and not _IME.fullmatch(default):
        return None
    return Found(default, enabled)


def take_over_command(found: Found) -> str:
    """Journals what was found, then makes our keyboard the default; the answer ends with the keyboard that is set."""
    return (
        f"{{ [ -s {FILE} ] || echo {encode(found)} > {FILE}; }} && "
        f"ime enable {OUR_IME} && ime set {OUR_IME}; settings get secure default_input_method"
    )


def put_back_command(found: Found) -> str:
    """Puts the owner's keyboards back, then removes the journal; the answer ends with the keyboard that is set."""
    steps = []
    if found.default_ime:
        name = shlex.quote(found.default_ime)
        steps += [f"ime enable {name}", f"ime set {name}", f"settings put secure default_input_method {name}"]
    else:
        steps.append("settings delete secure default_input_method")
    if OUR_IME not in {ime.split(";")[0] for ime in found.enabled_imes}:
        steps.append(f"ime disable {OUR_IME}")
    quiet = "; ".join(f"{step} >/dev/null 2>&1" for step in steps)
    return f"{quiet}; rm -f {FILE}; settings get secure default_input_method"


def _value(text: str) -> str:
    return "" if text == "null" else text


def _imes(text: str) -> tuple[str, ...]:
    return tuple(part for part in _value(text).split(":") if part)
