"""What stands between this computer and its phones, each finding with the command that ends it.

`gather` looks (adb, its server, the devices, fonts) and changes nothing except starting the adb server; `diagnose` is
pure: facts in, findings out, in the order they should be dealt with. `mobimem doctor` prints them.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from device.android import adb
from device.android.deadline import within
from device.android.wire import Wire
from device.errors import AdbUnavailable, DeviceError

Severity = Literal["problem", "warning", "ok"]

_JAR_ON_PHONE = "/data/local/tmp/u2.jar"
_ASK_S = 5.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. `fix` is a command or a sentence; "" where nothing is to be done."""

    name: str
    severity: Severity
    what: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class MissingFont:
    """A script no font on this machine draws, and the package that brings one."""

    script: str
    package: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What was seen. `jars` tells per serial how uiautomator2's jar on the phone compares with ours."""

    program: adb.Program | None = None
    program_problem: AdbUnavailable | None = None
    server_port: int = adb.DEFAULT_PORT
    server_version: int | None = None
    server_problem: AdbUnavailable | None = None
    devices: tuple[adb.Listed, ...] = ()
    jars: Mapping[str, Literal["same", "other", "missing", "unknown"]] = field(default_factory=dict)
    missing_fonts: tuple[MissingFont, ...] = ()


def gather(port: int | None = None, *, env: Mapping[str, str] | None = None) -> Facts:
    """Looks at this computer and its devices; takes a few seconds at most for each."""
    env = os.environ if env is None else env
    program, program_problem = _program(env)
    fonts = _missing_fonts()
    try:
        server = adb.server(port, env=env)
    except AdbUnavailable as error:
        return Facts(program, program_problem, server_problem=error, missing_fonts=fonts)
    try:
        version = adb.start(server, env=env)
        devices = adb.devices(server)
    except AdbUnavailable as error:
        return Facts(program, program_problem, server.port, server_problem=error, missing_fonts=fonts)
    jars = {listed.serial: _jar(Wire(server, listed.serial)) for listed in devices if listed.state == "device"}
    return Facts(program, program_problem, server.port, version, None, devices, jars, fonts)


def diagnose(facts: Facts) -> list[Finding]:
    """The findings, worst first within each part; without a problem or warning, everything needed is there."""
    return [*_about_adb(facts), *_about_server(facts), *_about_devices(facts), *_about_fonts(facts)]


def _about_adb(facts: Facts) -> list[Finding]:
    if facts.program_problem is not None:
        return [Finding("adb", "problem", facts.program_problem.cause, facts.program_problem.next_step)]
    if facts.program is None:
        return []
    return [Finding("adb", "ok", f"{facts.program.path} {facts.program.version} {facts.program.release}".strip())]


def _about_server(facts: Facts) -> list[Finding]:
    if facts.server_problem is not None:
        return [Finding("adb server", "problem", facts.server_problem.cause, facts.server_problem.next_step)]
    if facts.server_version is None:
        return []
    server = f"1.0.{facts.server_version}"
    if facts.program is not None and facts.program.version != server:
        return [
            Finding(
                "adb server",
                "warning",
                f"the server at port {facts.server_port} is {server}, {facts.program.path} is {facts.program.version}: "
                "whoever runs the other adb restarts the server under us",
                f"{facts.program.path} -P {facts.server_port} kill-server",
            )
        ]
    return [Finding("adb server", "ok", f"{server} at port {facts.server_port}")]


def _about_devices(facts: Facts) -> list[Finding]:
    if facts.server_problem is not None:
        return []
    if not facts.devices:
        return [
            Finding(
                "devices",
                "warning",
                "no device is connected",
                "Switch on USB debugging (Settings > About phone > tap the build number seven times > Developer "
                "options) and plug the phone in, or run `mobimem phone` for a virtual one.",
            )
        ]
    return [_about_device(listed, facts) for listed in facts.devices]


def _about_device(listed: adb.Listed, facts: Facts) -> Finding:
    name = f"device {listed.serial}"
    match listed.state:
        case "device":
            return _about_jar(name, listed, facts.jars.get(listed.serial, "unknown"))
        case "unauthorized" | "authorizing":
            return Finding(
                name,
                "problem",
                "the phone has not allowed this computer",
                "Unlock the phone and allow this computer; no dialog? `adb kill-server`, then replug.",
            )
        case "offline" | "connecting":
            fix = f"adb connect {listed.serial}" if adb.is_address(listed.serial) else "adb reconnect offline"
            return Finding(name, "problem", "adb lists it as offline", fix)
        case "no permissions":
            return Finding(
                name,
                "problem",
                "this user may not open the USB device",
                "sudo apt install android-sdk-platform-tools-common, then replug",
            )
        case _:
            return Finding(name, "problem", f"it is in the state {listed.said}", f"adb -s {listed.serial} reboot")


def _about_jar(name: str, listed: adb.Listed, jar: str) -> Finding:
    model = listed.model or "a phone"
    if jar == "other":
        return Finding(
            name,
            "warning",
            f"{model}; another version of uiautomator2's server lies on it: connecting replaces it, "
            "and a program that uses the other version loses it",
        )
    said = {"same": "uiautomator2's server is there", "missing": "uiautomator2's server is put there on connecting"}
    return Finding(name, "ok", f"{model}; {said.get(jar, 'ready')}")


def _about_fonts(facts: Facts) -> list[Finding]:
    return [
        Finding(
            f"font {font.script}",
            "warning",
            f"the virtual phone draws {font.script} as boxes: no font has it",
            f"sudo apt install {font.package}",
        )
        for font in facts.missing_fonts
    ]


def _program(env: Mapping[str, str]) -> tuple[adb.Program | None, AdbUnavailable | None]:
    try:
        return adb.program(adb.find_program(env)), None
    except AdbUnavailable as error:
        return None, error


def _jar(wire: Wire) -> Literal["same", "other", "missing", "unknown"]:
    from device.android import u2
    from device.android.translate import translated

    ours = hashlib.md5(Path(u2.asset("u2.jar")).read_bytes(), usedforsecurity=False).hexdigest()
    try:
        with translated(wire.serial, lambda: None), within(_ASK_S):
            answer = wire.run(f"toybox md5sum {_JAR_ON_PHONE} 2>&1")
    except DeviceError:
        return "unknown"
    if ours in answer:
        return "same"
    return "missing" if "No such file" in answer else "other"


def _missing_fonts() -> tuple[MissingFont, ...]:
    from device.virtual.render.fonts import missing_scripts

    return tuple(MissingFont(missing.script, missing.debian_package) for missing in missing_scripts())
