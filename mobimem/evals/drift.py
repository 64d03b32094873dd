"""`mobimem eval drift`: recipes on phones that have changed since they were shown. Is anything ever done wrong?

Every task of `drift_tasks` is shown once on a factory phone and replayed, for other values, on fresh phones under each
condition of `drift_conditions`. All in this process (or in `jobs` of them), on the virtual phone's clock, through the
production `Runner` and the production consent. A run is

- *done*: the run says so, and the phone's own tables, documents and settings changed as asked and in no other way;
- *stopped* or *asked*: the run ended with the reason or with a question, and nothing else was changed; what was typed
  may be left unsent where it belongs;
- *wrong*: a step touched another element than the same step touches on an undisturbed phone, or something was changed
  that was not asked for (a setting to another value than the asked one, too), or the run claims an end that the phone
  does not show;
- *untouched*: done as on an undisturbed phone, and the condition changed nothing that a step of the task looked at.
  Counted apart, in no n.

A touch at a step that touches nothing on an undisturbed phone cannot be judged: it raises `Unjudged`.

What was touched and changed is read from the phone's frame and store, never from our own record, selectors or checks.
"""

from __future__ import annotations

import multiprocessing
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from typing import Any, Final

from device.clock import ManualClock
from device.virtual.direct import DirectDevice
from device.virtual.phone import PhoneConfig, VirtualPhone
from device.virtual.window.layout import FixedMeasure
from mobimem.evals.about import about
from mobimem.evals.bounds import upper_bound
from mobimem.evals.drift_account import difference, facts, trouble
from mobimem.evals.drift_conditions import CONDITIONS, Condition, Scene
from mobimem.evals.drift_task import DriftTask, Values
from mobimem.evals.drift_tasks import MESSAGES, NOT_COVERED, TASKS
from mobimem.evals.drift_watch import Hit, Truth, Watched
from mobimem.policy.consent import PolicyConsent
from mobimem.policy.rules import Policy, allow
from replay.demonstration import Demonstration
from replay.distill import distill
from replay.healing import Healer, Recorded
from replay.recipe import Recipe
from replay.runner import Runner, RunResult

POLICY: Final = "the irreversible steps of the asked task with exactly the asked values; everything else: refused"
VERDICTS: Final = ("done", "stopped", "asked", "wrong")
UNTOUCHED: Final = "untouched"
Truths = dict[tuple[str, tuple[tuple[str, str], ...]], Truth]


class Unjudged(AssertionError):
    """A run touched something at a step for which no undisturbed run says what it touches."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One run. `why` says what was wrong; "" otherwise."""

    verdict: str
    why: str
    result: RunResult


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run in the tally, as plain words: it may come from another process.

    `strict` is the verdict of the same run without healing; `healed` whether anything was found again.
    """

    task: str
    app: str
    condition: str
    seed: int
    verdict: str
    why: str
    says: str
    strict: str
    healed: bool


def evaluate(seeds: int, *, tasks: tuple[DriftTask, ...] = TASKS, jobs: int = 1, heal: bool = True) -> dict[str, Any]:
    """Runs every task under every condition with `seeds` seeds each; JSON data with the counts and all wrong runs.

    Args:
        jobs: how many processes share the tasks. With more than one, `tasks` have to be some of `TASKS`.
        heal: let steps that are not found again be healed from the screens they were shown on, as in production.
            Each row then has the counts of the same runs without it, `strict`.
    """
    if jobs == 1:
        outcomes = [one for task in tasks for one in _outcomes(task, seeds, heal=heal)]
    else:
        with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
            shares = pool.map(_outcomes_of, [task.name for task in tasks], repeat(seeds), repeat(heal))
            outcomes = [one for share in shares for one in share]
    return {
        "eval": "drift",
        **about(),
        "tasks": len(tasks),
        "seeds": seeds,
        "healing": heal,
        "policy": POLICY,
        "not_covered": NOT_COVERED,
        "all": _row(outcomes),
        "by_condition": {one.name: _row(_of(outcomes, condition=one.name)) for one in CONDITIONS},
        "by_app": {app: _row(_of(outcomes, app=app)) for app in sorted({task.package for task in tasks})},
        "by_task": {task.name: _row(_of(outcomes, task=task.name)) for task in tasks},
        "does_not_apply": {one.name: _untouched(outcomes, tasks, one.name) for one in CONDITIONS},
        "wrong_runs": [
            {"task": one.task, "condition": one.condition, "seed": one.seed, "why": one.why}
            for one in outcomes
            if one.verdict == "wrong"
        ][:50],
        "reasons": {one.name: reasons for one in CONDITIONS if (reasons := _reasons(outcomes, one.name))},
    }


def _outcomes_of(name: str, seeds: int, heal: bool) -> list[Outcome]:
    (task,) = (task for task in TASKS if task.name == name)
    return list(_outcomes(task, seeds, heal=heal))


def _outcomes(task: DriftTask, seeds: int, *, heal: bool) -> Iterator[Outcome]:
    truths: Truths = {}
    lesson = shown(task)
    for condition in CONDITIONS:
        for seed in range(seeds if condition.applies(task) else 0):
            one = run(task, lesson, condition, seed, truths, heal=heal)
            healed = bool(one.result.mended)  # where nothing was, it went as it goes without
            strict = run(task, lesson, condition, seed, truths).verdict if healed else one.verdict
            yield Outcome(
                task.name, task.package, condition.name, seed, one.verdict, one.why, one.result.says, strict, healed
            )


def _of(outcomes: Iterable[Outcome], *, condition: str = "", app: str = "", task: str = "") -> list[Outcome]:
    wanted = {"condition": condition, "app": app, "task": task}
    return [one for one in outcomes if all(getattr(one, key) == value for key, value in wanted.items() if value)]


def _row(outcomes: Iterable[Outcome]) -> dict[str, Any]:
    outcomes = list(outcomes)
    counter = Counter(one.verdict for one in outcomes)
    n = sum(counter[kind] for kind in VERDICTS)
    row: dict[str, Any] = {"n": n} | {kind: counter[kind] for kind in VERDICTS}
    row |= {"wrong_upper_95": upper_bound(counter["wrong"], n), UNTOUCHED: counter[UNTOUCHED]}
    strict = Counter(one.strict for one in outcomes if one.verdict in VERDICTS)
    return row | {"healed": sum(one.healed for one in outcomes), "strict": {kind: strict[kind] for kind in VERDICTS}}


def _untouched(outcomes: list[Outcome], tasks: tuple[DriftTask, ...], condition: str) -> list[str]:
    """The tasks that never met a condition."""
    met = {one.task for one in _of(outcomes, condition=condition) if one.verdict != UNTOUCHED}
    return [task.name for task in tasks if task.name not in met]


def _reasons(outcomes: list[Outcome], condition: str) -> dict[str, int]:
    ended = [one for one in _of(outcomes, condition=condition) if one.verdict in ("stopped", "asked")]
    return dict(Counter(f"{one.task}: {one.says[:160]}" for one in ended).most_common(8))


# -- one run


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a task was distilled into, and what each step was recorded with, by step id."""

    recipe: Recipe
    recorded: Mapping[str, Recorded]


def shown(task: DriftTask) -> Lesson:
    """The lesson of a task, from a scripted demonstration on a factory phone with the first values."""
    clock = ManualClock()
    phone = fresh_phone(PhoneConfig(), clock)
    values = {slot: choices[0] for slot, choices in task.choices.items()}
    task.prepare(phone, values)
    hand = Demonstration(DirectDevice(phone), clock=clock)
    task.show(hand, values)
    words = task.words.format(**values)
    recipe = distill(hand.done, recipe_id=task.name, name=task.name, task=words, values=values)
    kept = zip(recipe.steps, hand.done, strict=True)
    return Lesson(recipe, {step.id: Recorded(one.before, one.after, values) for step, one in kept})


def run(
    task: DriftTask, lesson: Lesson, condition: Condition, seed: int, truths: Truths, *, heal: bool = False, at: int = 0
) -> Judged:
    """One replay under one condition, judged by the phone. `truths` keeps what undisturbed runs of the recipe touch.

    `at` is the reading before which a change midway happens, counted from 1; 0: the seed says which.
    """
    recipe = lesson.recipe
    rng = random.Random(f"{task.name}/{condition.name}/{seed}")
    values = {slot: rng.choice(choices[1:] or choices) for slot, choices in task.choices.items()}
    key = (task.name, tuple(sorted(values.items())))
    if key not in truths:
        truths[key] = _truth(task, recipe, values)
    clock = ManualClock()
    phone = fresh_phone(condition.config(rng, task), clock)
    scene = Scene(phone, task, values, rng, truths[key])
    task.prepare(phone, values)
    if condition.start is not None:
        condition.start(scene)
    device = Watched(phone, upper_case=condition.upper_case, truth=scene.truth, meets=condition.meets)
    before = facts(phone, passing=task.passing)
    if midway := condition.midway:

        def happens() -> None:
            was, seen = facts(phone, passing=task.passing), _in_front(phone)
            midway(scene)
            now = facts(phone, passing=task.passing)
            before.update(now - was)  # what it changes is not the run's doing
            before.subtract(was - now)
            device.met = _in_front(phone) != seen

        device.at_read, device.then = at or rng.randrange(1, scene.truth.reads + 1), happens
    healer = Healer(lambda: lesson.recorded) if heal else None
    result = play(device, recipe, values, clock, healer)
    touched = _touched_wrongly(result, device, scene.truth)
    whole = result.outcome == "done"
    changed = difference(before, facts(phone, passing=task.passing))
    why = touched or trouble(task.change(values), changed, phone, whole=whole)
    if why:
        return Judged("wrong", f"{result.outcome}: {why}", result)
    return Judged(UNTOUCHED if whole and not device.met else result.outcome, "", result)


def play(
    device: Watched, recipe: Recipe, values: Values, clock: ManualClock, healer: Healer | None = None
) -> RunResult:
    """Replays under the policy of this evaluation."""
    asked = {slot: values[slot] for slot in recipe.slots}
    risky = [step for step in recipe.steps if step.for_good]
    policy = Policy(tuple(allow(recipe.name, step.id, asked) for step in risky))
    consent = PolicyConsent(policy, recipe)
    return Runner(device, consent, clock=clock, on_progress=device.progressed, healer=healer).run(recipe, values)


def fresh_phone(config: PhoneConfig, clock: ManualClock) -> VirtualPhone:
    """A factory phone on which the messages app may read the contacts, as the tasks take for granted."""
    phone = VirtualPhone(config, clock=clock, measure=FixedMeasure())
    phone.packages.grant(MESSAGES, "android.permission.READ_CONTACTS")
    return phone


def _truth(task: DriftTask, recipe: Recipe, values: Values) -> Truth:
    """What each step touches on an undisturbed phone; that run has to end as asked by the phone's own account."""
    clock = ManualClock()
    phone = fresh_phone(PhoneConfig(), clock)
    task.prepare(phone, values)
    device = Watched(phone)
    before = facts(phone, passing=task.passing)
    result = play(device, recipe, values, clock)
    changed = difference(before, facts(phone, passing=task.passing))
    why = trouble(task.change(values), changed, phone, whole=True)
    if result.outcome != "done" or why:
        raise AssertionError(f"{task.name} with {dict(values)} does not work undisturbed: {result.says}; {why}")
    truth = Truth(marks=device.marks, reads=device.reads)
    for index, hit in _touches(result, device):
        truth.touched.setdefault(index, set()).add(hit)
    return truth


def _touches(result: RunResult, device: Watched) -> list[tuple[int, Hit]]:
    """What the steps themselves touched, by their number, without the ways round."""
    round_about = {id(detour.action) for detour in result.detours}
    return [(index, hit) for index, hit, action in device.hits if id(action) not in round_about]


def _touched_wrongly(result: RunResult, device: Watched, truth: Truth) -> str:
    """The first touch of a step that went elsewhere than the same step's on an undisturbed phone; "" if none did.

    Raises:
        Unjudged: a step was touched that is not among the truth's.
    """
    for index, hit in _touches(result, device):
        if index not in truth.touched:
            raise Unjudged(f"step {index + 1} touched {hit}; undisturbed it touches nothing")
        if hit not in truth.touched[index]:
            return f"step {index + 1} touched {hit} and not {sorted(truth.touched[index])}"
    return ""


def _in_front(phone: VirtualPhone) -> object:
    """What a person would see change: the windows, by page and kind, or a dark screen."""
    frame = phone.windows.frame()
    windows = tuple((one.package, one.activity, one.kind, one.name) for one in frame.windows)
    words = tuple(box.view.text for window in frame.windows for box in window.root.walk() if box.view.text)
    return (frame.screen_on, windows, words)
