"""The options of `python -m device.virtual`, read and written: `parse(arguments(launch)) == launch`."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from device.actions import Size
from device.virtual.phone import PhoneConfig


@dataclass(frozen=True, slots=True)
class Launch:
    """One phone to run as a program. `port` 0 takes a free one."""

    config: PhoneConfig = field(default_factory=PhoneConfig)
    port: int = 0
    view: bool = False
    until_stdin_closes: bool = False
    verbose: bool = False


def parse(argv: Sequence[str] | None = None) -> Launch:
    """Reads the command line (None: the program's own). Ends the program with a message if it is wrong."""
    given = _parser().parse_args(argv)
    config = PhoneConfig(
        size=given.size,
        density_dpi=given.density,
        locale=given.locale,
        dark=given.dark,
        state=given.state,
        model=given.model,
        serialno=given.serialno,
        pin=given.pin,
        time_zone=given.time_zone,
        sdk=given.sdk,
        release=given.release,
    )
    return Launch(config, given.port, given.view, given.until_stdin_closes, given.verbose)


def arguments(launch: Launch) -> list[str]:
    """The command line that means `launch`."""
    config = launch.config
    values: dict[str, object] = {
        "--port": launch.port,
        "--size": f"{config.size.width_px}x{config.size.height_px}",
        "--density": config.density_dpi,
        "--locale": config.locale,
        "--state": config.state,
        "--model": config.model,
        "--serialno": config.serialno,
        "--pin": config.pin,
        "--time-zone": config.time_zone,
        "--sdk": config.sdk,
        "--release": config.release,
    }
    flags = {
        "--dark": config.dark,
        "--view": launch.view,
        "--until-stdin-closes": launch.until_stdin_closes,
        "--verbose": launch.verbose,
    }
    return [f"{name}={value}" for name, value in values.items() if value is not None] + [
        name for name, on in flags.items() if on
    ]


def _parser() -> argparse.ArgumentParser:
    usual = PhoneConfig()
    parser = argparse.ArgumentParser(
        prog="python -m device.virtual",
        description="Runs a virtual Android phone that an adb server can connect to. Prints one line of JSON when it "
        'is ready, {"port": PORT, "view": URL or null}, and ends on Ctrl-C or SIGTERM.',
    )
    parser.add_argument("--port", type=_port, default=0, help="adb port on 127.0.0.1; 0: a free one (default)")
    parser.add_argument("--state", type=Path, metavar="DIR", help="where the phone keeps its data; default: nowhere")
    parser.add_argument("--size", type=_size, default=usual.size, metavar="WxH", help="screen in px")
    parser.add_argument("--density", type=int, default=usual.density_dpi, metavar="DPI", help="px per inch")
    parser.add_argument("--locale", default=usual.locale, help='language, as in "en" or "zh-CN"')
    parser.add_argument("--dark", action="store_true", help="dark theme")
    parser.add_argument("--model", default=usual.model)
    parser.add_argument("--serialno", default=usual.serialno)
    parser.add_argument("--pin", default=usual.pin, help="digits that unlock the screen; default: no lock")
    parser.add_argument("--time-zone", default=usual.time_zone, help='as in "Europe/Berlin"')
    parser.add_argument("--sdk", type=int, default=usual.sdk, help="Android API level")
    parser.add_argument("--release", default=usual.release, help="Android version")
    parser.add_argument("--view", action="store_true", help="show the screen on a local web page")
    parser.add_argument("--until-stdin-closes", action="store_true", help="end also when the standard input does")
    parser.add_argument("--verbose", action="store_true", help="log connections and requests to the standard error")
    return parser


def _port(words: str) -> int:
    if not (words.isdecimal() and int(words) <= 65535):
        raise argparse.ArgumentTypeError(f"not a port from 0 to 65535: {words!r}")
    return int(words)


def _size(words: str) -> Size:
    found = re.fullmatch(r"([1-9]\d{1,4})x([1-9]\d{1,4})", words)
    if not found:
        raise argparse.ArgumentTypeError(f"not a size like 1080x2400: {words!r}")
    return Size(int(found[1]), int(found[2]))
