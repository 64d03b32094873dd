"""`mobimem eval tasks`: everyday tasks over all apps of the virtual phone, each done twice with different values.

The first run of a task is served by the *scripted model server* - the same HTTP protocol as a model's, answers that
somebody wrote beforehand, no model - or the task is taught by a demonstration. What it taught is kept in one memory for
all tasks. The second run, with other values and on another phone, has to be served by that memory: no model call. Only
the figures of second runs are claims; those of first runs say what there was to save.

Every run is judged by the phone's own account of what changed (`mobimem.evals.tasks_run`).
"""

from __future__ import annotations

import random
import statistics
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from device.clock import ManualClock
from mobimem.evals.about import about
from mobimem.evals.bounds import upper_bound
from mobimem.evals.payment import data_folder
from mobimem.evals.tasks_brain import Brain
from mobimem.evals.tasks_probes import probed
from mobimem.evals.tasks_run import POLICY, Ran, run, teach
from mobimem.evals.tasks_suite import PROBES, TASKS
from mobimem.evals.tasks_task import Task
from mobimem.llm.client import ModelClient
from mobimem.llm.scripted import FINGERPRINT, ScriptedModel
from mobimem.llm.settings import Models
from mobimem.service.memories import memory_stats, remember

FIRST: Final = (
    "first runs are served by a scripted model server, which is no model, or by teaching; they claim nothing. "
    "Second runs are the claims."
)


def evaluate(
    *, tasks: Sequence[Task] = TASKS, seed: int = 0, on_run: Callable[[Task, Ran], None] = lambda task, ran: None
) -> dict[str, Any]:
    """Runs all first runs, then all second ones in an order drawn by `seed`; JSON data with every run and the sums."""
    firsts: dict[str, Ran] = {}
    seconds: dict[str, Ran] = {}
    brain = Brain(tasks)
    with (
        tempfile.TemporaryDirectory(prefix="mobimem-tasks-") as folder,
        data_folder(Path(folder)),
        ScriptedModel(brain) as server,
    ):
        model = server.model(timeout_s=30.0)
        client = ModelClient(Models({"planner": model, "decider": model}), clock=ManualClock(), chance=lambda: 0.0)
        try:
            for task in tasks:
                firsts[task.name] = run(task, second=False, client=client) if task.script else teach(task)
                on_run(task, firsts[task.name])
            embedder = memory_stats().embedder
            for fact in dict.fromkeys(fact for task in tasks if task.twist for fact in task.twist.facts):
                remember(fact)
            order = list(tasks)
            random.Random(seed).shuffle(order)
            for task in order:
                seconds[task.name] = run(task, second=True, client=client, known_as=firsts[task.name].learnt_as)
                on_run(task, seconds[task.name])
            probes = probed(PROBES, {name: ran.learnt_as for name, ran in firsts.items()})
        finally:
            client.close()
    return _result(tasks, firsts, seconds) | {"probes": probes, "seed": seed, "embedder": embedder}


def _result(tasks: Sequence[Task], firsts: dict[str, Ran], seconds: dict[str, Ran]) -> dict[str, Any]:
    rows = [
        {
            "task": task.name,
            "app": task.app,
            "state": task.twist.name if task.twist else "",
            "in_other_words": bool(task.again),
            "expected": task.twist.expected if task.twist else "done",
            "first": firsts[task.name].to_data(),
            "second": seconds[task.name].to_data(),
        }
        for task in tasks
    ]
    return {
        "eval": "tasks",
        **about(),
        "n": len(tasks),
        "apps": len({task.app for task in tasks}),
        "model": FINGERPRINT,
        "reading": FIRST,
        "policy": POLICY,
        "first": _sum([firsts[task.name] for task in tasks]),
        "second": _sum([seconds[task.name] for task in tasks]),
        "second_not_as_good": [
            task.name for task in tasks if firsts[task.name].success and not seconds[task.name].success
        ],
        "by_app": {
            app: _sum([seconds[task.name] for task in tasks if task.app == app])
            for app in sorted({task.app for task in tasks})
        },
        "tasks": rows,
    }


def _sum(runs: Iterable[Ran]) -> dict[str, Any]:
    runs = list(runs)
    n, wrong = len(runs), sum(one.wrong for one in runs)
    return {
        "n": n,
        "success": sum(one.success for one in runs),
        "wrong": wrong,
        "wrong_upper_95": upper_bound(wrong, n),
        "model_calls": sum(one.model_calls for one in runs),
        "with_model_calls": sum(one.model_calls > 0 for one in runs),
        "tokens": sum(one.tokens for one in runs),
        "seconds_p50": round(statistics.median(one.seconds for one in runs), 3),
        "phone_seconds_p50": round(statistics.median(one.phone_seconds for one in runs), 1),
        **{name: sum(getattr(one, name) for one in runs) for name in _STEPS},
    }


def table_line(task: Task, ran: Ran) -> str:
    """A run as one line of a table for people."""
    verdict = "WRONG" if ran.wrong else "ok" if ran.success else "no"
    steps = f"{ran.replayed}/{ran.repaired}/{ran.decided}"
    state = f" [{task.twist.name}]" if ran.second and task.twist else ""
    line = f"{'second' if ran.second else 'first':6} {verdict:5} {task.name:28} {ran.served_by:14} "
    line += f"calls {ran.model_calls:2}  replayed/repaired/decided {steps:8} {ran.seconds:5.1f} s{state}"
    return line if ran.success else f"{line}\n       {ran.words!r}: {ran.why or ran.says}"


_STEPS: Final = ("replayed", "repaired", "decided", "skipped", "questions", "confirmations", "consents")
