"""`mobimem eval experience`: are tasks known again after few runs, with the right values, and strangers turned away?

Half of the task groups (plus one) are known: `learn` goals of each are learnt with the texts their runs showed,
unlabelled among buttons and app names; the other goals of known groups are queries, every goal of the other groups
must not match. Paraphrases of known groups are further queries. The accounting is that of the reference evaluator, to
the digit: the same seeds draw the same groups, goals and distractors (a test holds it).
"""

from __future__ import annotations

import json
import random
import re
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Protocol

from memory.experience.induce import Shown
from memory.experience.recall import ExperienceMemory
from memory.experience.template import Match
from mobimem.evals.about import about
from mobimem.evals.synthetic import goals
from mobimem.evals.systems import EXPERIENCE

Row = Mapping[str, Any]
BUTTONS: Final = (  # texts any run taps, as the reference evaluator has them
    *("Save", "OK", "Done", "Search", "Add", "Next", "Allow", "More options", "New", "Create"),
    *("Navigate up", "Confirm", "Share", "Open", "Send"),
)
BUTTONS_SHOWN: Final = 4


class System(Protocol):
    """What is evaluated."""

    def learn(self, group: str, goal: str, shown: Sequence[str]) -> None:
        """Learns a task: its group, its words, and the texts its steps showed."""
        ...

    def match(self, goal: str) -> tuple[str, list[str]] | None:
        """The group these words belong to, with their values; None for no known one."""
        ...


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a JSON lines file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def evaluate(
    tasks: Path, *, paraphrases: Path | None = None, learn: int = 1, learn_paraphrase: bool = False, seeds: int = 5
) -> dict[str, Any]:
    """All figures as JSON data: for the whole system and without each part, mean and spread over seeds."""
    rows = read_rows(tasks)
    said = read_rows(paraphrases) if paraphrases else []
    options: dict[str, Any] = {"learn": learn, "learn_paraphrase": learn_paraphrase, "seeds": seeds}
    return {
        "data": tasks.name,
        "n": {"tasks": len(rows), "groups": len({row["group"] for row in rows}), "paraphrases": len(said)},
        **options,
        "rows": {name: figures(make, rows, said, **options) for name, make in EXPERIENCE.items()},
        "calibration": calibration(rows, said, seeds),
        **about(),
    }


def figures(
    make: Callable[[], System],
    rows: Sequence[Row],
    said: Sequence[Row],
    *,
    learn: int,
    learn_paraphrase: bool,
    seeds: int,
) -> dict[str, dict[str, float]]:
    """Mean and spread of every figure over the seeds."""
    runs = [
        _one_seed(make(), rows, said, learn=learn, learn_paraphrase=learn_paraphrase, rng=random.Random(seed))
        for seed in range(seeds)
    ]
    made = {}
    for name in runs[0]:
        values = [run[name] for run in runs if name in run]
        made[name] = {"mean": round(statistics.mean(values), 4), "spread": round(statistics.pstdev(values), 4)}
    return made


def _one_seed(
    system: System, rows: Sequence[Row], said: Sequence[Row], *, learn: int, learn_paraphrase: bool, rng: random.Random
) -> dict[str, float]:
    taught, queries, strangers, spoken = split(rows, said, learn, learn_paraphrase, rng)
    for row in taught:
        system.learn(row["group"], row["goal"], shown_by_a_run(row, rng))
    right, wrong, exact, ms = _asked(system, queries)
    false = _asked(system, strangers)
    made = {
        "match_acc": right,
        "wrong_group": wrong,
        "slots_exact": exact,
        "false_match": false[0] + false[1],
        "ms": ms,
    }
    if spoken:
        para = _asked(system, spoken)
        made |= {"para_match": para[0], "para_wrong": para[1], "para_slots_exact": para[2]}
    return made


def split(
    rows: Sequence[Row], said: Sequence[Row], learn: int, learn_paraphrase: bool, rng: random.Random
) -> tuple[list[Row], list[Row], list[Row], list[Row]]:
    """What is taught, and what is asked: goals of known groups, of unknown ones, paraphrases of known ones."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row["group"]].append(row)
    order = sorted(groups)
    rng.shuffle(order)
    known = set(order[: len(order) // 2 + 1])
    taught: list[Row] = []
    queries: list[Row] = []
    strangers: list[Row] = []
    for group in order:
        members = list(groups[group])
        rng.shuffle(members)
        if group not in known:
            strangers += members
            continue
        taught += members[:learn]
        queries += [row for row in members[learn:] if row["params"]]
    spoken = [row for row in said if row["group"] in known]
    if learn_paraphrase:
        ones: dict[str, Row] = {}
        for row in spoken:
            ones.setdefault(row["group"], row)
        taught += list(dict(reversed(list(ones.items()))).values())
        others = [row for row in spoken if row["template"] != ones[row["group"]]["template"]]
        alike = [row for row in spoken if row["template"] == ones[row["group"]]["template"]]
        spoken = others + [row for row in alike if row is not ones[row["group"]]]
    rng.shuffle(taught)
    return taught, queries, strangers, spoken


def shown_by_a_run(row: Row, rng: random.Random) -> list[str]:
    """The texts a run of this task touched, in no order: values, the app's name, some buttons."""
    shown = [*row["params"].values(), *row.get("app", ()), *rng.sample(BUTTONS, BUTTONS_SHOWN)]
    rng.shuffle(shown)
    return shown


def values_in_order(row: Row) -> list[str]:
    """The true values as they stand in the words: longest placed first, whole words rather than parts of words."""
    words: str = row["goal"]
    taken: list[tuple[int, int, str]] = []
    for value in sorted(row["params"].values(), key=len, reverse=True):
        whole = re.finditer(rf"(?<!\w){re.escape(value)}(?!\w)", words)
        spots = [match.span() for match in (*whole, *re.finditer(re.escape(value), words))]
        free = (spot for spot in spots if all(spot[1] <= start or end <= spot[0] for start, end, _ in taken))
        if (spot := next(free, None)) is not None:
            taken.append((*spot, value))
    return [value for _, _, value in sorted(taken)]


def _asked(system: System, rows: Sequence[Row]) -> tuple[float, float, float, float]:
    """Shares of right groups, wrong groups and exact values, and ms for each."""
    right = wrong = exact = 0
    begun = time.perf_counter()
    for row in rows:
        answer = system.match(row["goal"])
        if answer is None:
            continue
        same = answer[0] == row["group"]
        right += same
        wrong += not same
        exact += same and [str(value) for value in answer[1]] == values_in_order(row)
    count = max(1, len(rows))
    return right / count, wrong / count, exact / count, 1e3 * (time.perf_counter() - begun) / count


def calibration(rows: Sequence[Row], said: Sequence[Row], seeds: int) -> list[dict[str, float]]:
    """Stated confidence against correctness (group and all values), in bands."""
    bands: dict[float, list[tuple[float, bool]]] = defaultdict(list)
    for seed in range(seeds):
        memory = ExperienceMemory()
        rng = random.Random(seed)
        taught, queries, strangers, spoken = split(rows, said, 1, False, rng)
        for row in taught:
            memory.learn(row["group"], row["goal"], shown_by_a_run(row, rng))
        for row in (*queries, *strangers, *spoken):
            found = memory.match(row["goal"])
            if isinstance(found, Match):
                right = found.template == row["group"] and list(found.values.values()) == values_in_order(row)
                bands[int(found.confidence * 20) / 20].append((found.confidence, right))
    return [
        {
            "from": band,
            "n": len(found),
            "stated": round(statistics.mean(stated for stated, _ in found), 4),
            "right": round(statistics.mean(right for _, right in found), 4),
        }
        for band, found in sorted(bands.items())
    ]


def speed(sizes: Sequence[int] = (1_000, 10_000, 100_000), queries: int = 400, seed: int = 0) -> list[dict[str, Any]]:
    """Time of a match among so many made-up templates, embedding excluded: hits and near misses apart, in ms.

    `hit_ms` and `miss_ms` are what a caller waits, `..._cpu_ms` what the processor works: on a busy machine they
    differ.
    """
    made = []
    for size in sizes:
        memory = ExperienceMemory()
        asked = []
        for key, words, shown, other in goals(size, seed):
            memory.learn(key, words, [Shown(text, "typed") for text in shown])
            asked.append((key, other))
        chosen = random.Random(seed).sample(asked, min(queries, size))
        found, hits, hits_cpu = _timed(memory, [words for _, words in chosen])
        _, misses, misses_cpu = _timed(memory, [words.replace("the ", "the unheard ") for _, words in chosen])
        right = sum(isinstance(a, Match) and a.template == key for a, (key, _) in zip(found, chosen, strict=True))
        made.append(
            {
                **{"templates": size, "n": len(chosen), "right": right, "seed": seed},
                **{"hit_ms": hits, "miss_ms": misses, "hit_cpu_ms": hits_cpu, "miss_cpu_ms": misses_cpu},
            }
        )
    return made


def _timed(memory: ExperienceMemory, asked: Sequence[str]) -> tuple[list[Any], dict[str, float], dict[str, float]]:
    answers, waited, worked = [], [], []
    for words in asked:
        begun, cpu = time.perf_counter(), time.thread_time()
        answers.append(memory.match(words))
        worked.append(1e3 * (time.thread_time() - cpu))
        waited.append(1e3 * (time.perf_counter() - begun))
    return answers, _middle(waited), _middle(worked)


def _middle(times: list[float]) -> dict[str, float]:
    times.sort()
    return {"p50": round(statistics.median(times), 2), "p95": round(times[int(0.95 * len(times))], 2)}
