"""What `mobimem eval …` prints: one JSON document, on standard output and, if asked, in a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

from mobimem.cli.output import console, print_json, save_json
from mobimem.errors import BadInput
from mobimem.exit_codes import ExitCode


def screen(folder: Path, out: Path | None) -> None:
    """`mobimem eval screen FOLDER`."""
    if not folder.is_dir() or not any(folder.glob("*.xml")):
        raise BadInput(f"{folder} holds no *.xml hierarchies", next_step="Give a folder with dumped hierarchies.")
    from mobimem.evals.screen import evaluate

    _write(evaluate(folder), out)


def upstream(src: Path, out: Path | None) -> None:
    """`mobimem eval upstream --src FOLDER`; ends with NOT_DONE when a test failed that does not need USB."""
    from mobimem.evals.upstream import evaluate

    result = evaluate(src)
    _write(result, out)
    if any(set(suite["failed"]) - set(suite["failed_for_want_of_usb"]) for suite in result["suites"]):
        raise typer.Exit(ExitCode.NOT_DONE)


def crash(points: str, kills: int, seed: int, out: Path | None, *, agent: bool = False) -> None:
    """`mobimem eval crash`; ends with NOT_DONE when a promise was broken or something was paid twice."""
    if points != "all" and not (points.isdecimal() and int(points) > 0):
        raise BadInput(f"{points!r} is no number of points", next_step="Give --points a number, or all.")
    from mobimem.evals import crash as replays
    from mobimem.evals import crash_agent as agents
    from mobimem.evals.crash_agent_errands import KINDS

    number = None if points == "all" else int(points)
    if agent:
        result = agents.evaluate(points=number, kills=kills, seed=seed)
        _write(result, out)
        if any(result[part]["promises_broken"] for part in (*KINDS, "sigkill") if part in result):
            raise typer.Exit(ExitCode.NOT_DONE)
        return
    result = replays.evaluate(points=number, kills=kills, seed=seed)
    _write(result, out)
    parts = [result["injected"], *([result["sigkill"]] if "sigkill" in result else [])]
    if any(part["promises_broken"] or part["paid_exactly_once"] != part["n"] for part in parts):
        raise typer.Exit(ExitCode.NOT_DONE)


def teach(lessons: int, replays: int, seed: int, out: Path | None) -> None:
    """`mobimem eval teach`; ends with NOT_DONE when two recipes differ or a replay does not do its task."""
    from mobimem.evals.teach import evaluate

    result = evaluate(lessons=lessons, replays=replays, seed=seed)
    _write(result, out)
    taught, replayed = result["taught"], result["replayed"]
    if taught["same_recipe"] != taught["n"] or replayed["done"] != replayed["n"]:
        raise typer.Exit(ExitCode.NOT_DONE)


def replay(runs: int, out: Path | None) -> None:
    """`mobimem eval replay --runs N`."""
    from mobimem.evals.replay import evaluate

    _write(evaluate(runs), out)


def cache(out: Path | None, *, held_back: bool, lexical: bool) -> None:
    """`mobimem eval cache`; ends with NOT_DONE when more near misses are served than may be."""
    from mobimem.evals.cache import evaluate
    from mobimem.evals.profile_all import embedder_in_use

    result = evaluate(embedder_in_use(lexical_allowed=lexical), held_back=held_back)
    _write(result, out)
    parts = [result[half] for half in ("choosing", "held_back") if half in result]
    if any(part["rows"]["guard"]["false_rate"] > result["false_max"] for part in parts):
        raise typer.Exit(ExitCode.NOT_DONE)


def drift(
    seeds: int, out: Path | None, *, cases: int, screens: Path | None, jobs: int, held_back: bool, skip: int = 0,
    heal: bool = True,
) -> None:  # fmt: skip
    """`mobimem eval drift`; ends with NOT_DONE when anything was done wrong or a wrong element was found."""
    if not seeds and not cases:
        raise BadInput("neither tasks nor cases are asked for", next_step="Give --seeds N, --cases N, or both.")
    if not cases and (screens is not None or held_back or skip):
        raise BadInput("--screens, --held-back and --skip are of cases", next_step="Give --cases N too.")
    if screens is not None and not any(screens.glob("*.xml")):
        raise BadInput(f"{screens} holds no *.xml hierarchies", next_step="Give a folder with dumped hierarchies.")
    from mobimem.evals.cases import evaluate as evaluate_cases
    from mobimem.evals.cases_rule import HELD_BACK
    from mobimem.evals.drift import evaluate

    most = len(HELD_BACK.seeds) if held_back else HELD_BACK.seeds.start
    if skip + cases > most:
        raise BadInput(
            f"there are {most} such seeds, not {skip + cases}",
            next_step=f"Give --skip and --cases that are {most} or less together.",
        )
    result: dict[str, Any] = evaluate(seeds, jobs=jobs, heal=heal) if seeds else {"eval": "drift"}
    if cases:
        result["cases"] = evaluate_cases(cases, screens=screens, jobs=jobs, held_back=held_back, skip=skip)
    _write(result, out)
    if any(part["all"]["wrong"] for part in (result, result.get("cases", {})) if "all" in part):
        raise typer.Exit(ExitCode.NOT_DONE)


def tasks(names: list[str], seed: int, out: Path | None) -> None:
    """`mobimem eval tasks`; NOT_DONE when a second run needed a model, did wrong, or less than the first."""
    from mobimem.evals.tasks import evaluate, table_line
    from mobimem.evals.tasks_run import Ran
    from mobimem.evals.tasks_suite import TASKS
    from mobimem.evals.tasks_task import Task

    known = {task.name: task for task in TASKS}
    if unknown := [name for name in names if name not in known]:
        raise BadInput(f"there is no task {', '.join(unknown)}", next_step=f"There are {', '.join(known)}.")
    screen = console(stderr=True)

    def told(task: Task, ran: Ran) -> None:
        screen.print(table_line(task, ran), markup=False, soft_wrap=True)

    result = evaluate(tasks=[known[name] for name in names] or TASKS, seed=seed, on_run=told)
    _write(result, out)
    second = result["second"]
    if second["wrong"] or second["model_calls"] or result["second_not_as_good"]:
        raise typer.Exit(ExitCode.NOT_DONE)


def experience(
    tasks: Path,
    paraphrases: Path | None,
    out: Path | None,
    *,
    learn: int,
    learn_paraphrase: bool,
    seeds: int,
    speed: list[int],
) -> None:
    """`mobimem eval experience TASKS`."""
    _must_exist(tasks, *([paraphrases] if paraphrases else []))
    if any(size < 1 for size in speed):
        raise BadInput("--speed takes numbers from 1 on")
    from mobimem.evals import experience

    result = experience.evaluate(
        tasks, paraphrases=paraphrases, learn=learn, learn_paraphrase=learn_paraphrase, seeds=seeds
    )
    timed = {"speed": experience.speed(speed)} if speed else {}
    _write({"eval": "experience", **result, **timed}, out)


def action(data: list[Path], dist: list[str] | None, seeds: int, out: Path | None) -> None:
    """`mobimem eval action DATA...`."""
    _must_exist(*data)
    from mobimem.evals.action import DISTRIBUTIONS, evaluate

    if unknown := set(dist or ()) - set(DISTRIBUTIONS):
        raise BadInput(f"{', '.join(sorted(unknown))} is no distribution", next_step=f"Use {', '.join(DISTRIBUTIONS)}.")
    _write({"eval": "action", **evaluate(*data, distributions=dist or DISTRIBUTIONS, seeds=seeds)}, out)


def profile(folder: Path | None, out: Path | None, *, scale: list[int], duplicates: bool, lexical: bool) -> None:
    """`mobimem eval profile [DIR] [--scale N...] [--duplicates]`."""
    if folder is None and not scale and not duplicates:
        raise BadInput("there is nothing to evaluate", next_step="Give a folder, --scale N or --duplicates.")
    if any(size < 1 for size in scale):
        raise BadInput("--scale takes numbers from 1 on")
    from mobimem.evals.profile_all import evaluate

    _write(evaluate(folder, scale=scale, duplicates=duplicates, lexical_allowed=lexical), out)


def _must_exist(*files: Path) -> None:
    for file in files:
        if not file.is_file():
            raise BadInput(
                f"{file} is no file", next_step="Give a file of JSON lines; docs/memory.md says of what form."
            )


def vision(cases: int, seed: int, out: Path | None, *, timed: bool) -> None:
    """`mobimem eval vision`; ends with NOT_DONE when another sign was taken for the one sought."""
    from mobimem.evals.vision import evaluate

    result = evaluate(cases, seed, timed=timed)
    _write(result, out)
    if result["wrong"]["k"]:
        raise typer.Exit(ExitCode.NOT_DONE)


def injections(sample: int | None, seed: int, out: Path | None) -> None:
    """`mobimem eval injections`; ends with NOT_DONE when an injection changed something, or proves nothing."""
    from mobimem.evals.injections import evaluate

    result = evaluate(sample=sample, seed=seed)
    _write(result, out)
    if not result["met"]:
        raise typer.Exit(ExitCode.NOT_DONE)


def debugger(out: Path | None) -> None:
    """`mobimem eval debugger`; ends with NOT_DONE when a figure misses its target."""
    from mobimem.evals.debugger import evaluate

    result = evaluate()
    _write(result, out)
    if not result["met"]:
        raise typer.Exit(ExitCode.NOT_DONE)


def _write(result: dict[str, Any], out: Path | None) -> None:
    print_json(result)
    if out is not None:
        save_json(out, result)


def overhead(runs: int, out: Path | None) -> None:
    """`mobimem eval overhead`."""
    from mobimem.evals.overhead import evaluate

    _write(evaluate(runs), out)


def recall(templates: int, facts: int, lexical: bool, out: Path | None) -> None:
    """`mobimem eval recall`."""
    from mobimem.evals.overhead import toured
    from mobimem.evals.profile_all import embedder_in_use
    from mobimem.evals.recall_scale import evaluate

    _write(evaluate(toured(), templates, facts, embedder_in_use(lexical_allowed=lexical)), out)
