"""`mobimem eval`: what reproduces the figures that the documentation states, each as one JSON object."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mobimem.cli.output import Out

app = typer.Typer(no_args_is_help=True, help="Reproduce the numbers the documentation states, as JSON.")

AlwaysJson = Annotated[bool, typer.Option("--json", help="Accepted everywhere; an evaluation prints JSON anyway.")]
Lexical = Annotated[
    bool, typer.Option("--lexical", help="Go on without the semantic encoder; the figures are called lexical.")
]


@app.command()
def screen(
    folder: Annotated[Path, typer.Argument(help="Folder with *.xml hierarchies.")],
    out: Out = None,
    as_json: AlwaysJson = True,
) -> None:
    """Parse every hierarchy of a folder, make a selector for each element and find it again. Prints JSON."""
    from mobimem.cli.show import evals as show

    show.screen(folder, out)


@app.command()
def upstream(
    src: Annotated[Path, typer.Option("--src", help="Folder with checkouts of openatx/uiautomator2 and /adbutils.")],
    out: Out = None,
    as_json: AlwaysJson = True,
) -> None:
    """Run the clients' own end-to-end tests, unmodified, against the virtual phone. Prints JSON."""
    from mobimem.cli.show import evals as show

    show.upstream(src, out)


@app.command()
def replay(
    runs: Annotated[int, typer.Option(help="How many pairs are timed.", min=1)] = 20,
    out: Out = None,
    as_json: AlwaysJson = True,
) -> None:
    """Time a 20-step replay against a script written by hand, in pairs on one virtual phone. Prints JSON."""
    from mobimem.cli.show import evals as show

    show.replay(runs, out)


@app.command()
def overhead(
    runs: Annotated[int, typer.Option(help="How many pairs are timed.", min=1)] = 50,
    out: Out = None,
    as_json: AlwaysJson = True,
) -> None:
    """Time what the agent adds to each step of a replay, in pairs with the bare runner. Prints JSON."""
    from mobimem.cli.show import evals as show

    show.overhead(runs, out)


@app.command()
def recall(
    templates: Annotated[int, typer.Option(help="How many tasks are known.", min=1)] = 10_000,
    facts: Annotated[int, typer.Option(help="How many facts the profile holds.", min=1)] = 100_000,
    lexical: Lexical = False,
    out: Out = None,
    as_json: AlwaysJson = True,
) -> None:
    """Time what memory takes to say which task words are, among many tasks and facts. Prints JSON."""
    from mobimem.cli.show import evals as show

    show.recall(templates, facts, lexical, out)


@app.command()
def cache(
    held_back: Annotated[bool, typer.Option("--held-back", help="Also run the half that chose nothing.")] = False,
    lexical: Lexical = False,
    out: Out = None,
    as_json: AlwaysJson = True,
) -> None:
    """Serve kept replies to other wordings and to near misses, beside plain cosine. Prints JSON."""
    from mobimem.cli.show import evals as show

    show.cache(out, held_back=held_back, lexical=lexical)


@app.command()
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


@app.command()
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


@app.command()
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


@app.command()
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


@app.command()
def profile(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="Folder with locomo_turns.jsonl and locomo_questions.jsonl.")
    ] = None,
    scale: Annotated[
        list[int] | None, typer.Option("--scale", metavar="N", help="Also time N facts; may be given repeatedly.")
    ] = None,
    duplicates: Annotated[bool, typer.Option("--duplicates", help="Also count merged and separate wordings.")] = False,
    lexical: Lexical = False,
    out: Out = None,
    as_json: AlwaysJson = True,
) -> None:
    """Find the turns of dialogues that answer questions, beside BM25, plain vectors and RRF. Prints JSON."""
    from mobimem.cli.show import evals as show

    show.profile(folder, out, scale=scale or [], duplicates=duplicates, lexical=lexical)


@app.command()
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


@app.command()
def debugger(
    out: Out = None,
    as_json: AlwaysJson = True,
) -> None:
    """Measure the HTML report and the dry run of long traces. Prints JSON."""
    from mobimem.cli.show import evals as show

    show.debugger(out)


@app.command()
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


@app.command()
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


@app.command()
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
