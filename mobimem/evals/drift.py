"""`mobimem eval drift`: recipes on phones that have changed since they were shown. Is anything ever done wrong?

Every task of `drift_tasks` is shown once on a factory phone and replayed, for other values, on fresh phones under each
condition. All in this process, on the virtual phone's clock, through the production `Runner`. A run is

- *done*: the run says so, and the phone's own tables and settings changed as asked and in no other way;
- *stopped* or *asked*: the run ended with the reason or with a question, and nothing else was changed; what was typed
  may be left unsent where it belongs;
- *wrong*: a step touched another element than the same step touches on an undisturbed phone, or something was changed
  that was not asked for (a setting to another value than the asked one, too), or the run claims an end that the phone
  does not show.

A touch at a step that touches nothing on an undisturbed phone cannot be judged: it raises `Unjudged`.

What was touched and changed is read from the phone's frame and store, never from our own record, selectors or checks:
a view keeps its key whatever its id, words and place become.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from device.actions import Action, DoubleTap, LongPress, Point, Size, Tap
from device.clock import ManualClock
from device.protocol import Performed, Reading
from device.virtual.direct import DirectDevice
from device.virtual.phone import PhoneConfig, VirtualPhone
from device.virtual.window.drift import Drift
from device.virtual.window.frame import Box
from device.virtual.window.layout import FixedMeasure
from mobimem.evals.about import about
from mobimem.evals.bounds import upper_bound
from mobimem.evals.drift_tasks import MESSAGES, TASKS, Change, DriftTask
from replay.commands import Decision, Progress
from replay.demonstration import Demonstration
from replay.distill import distill
from replay.recipe import Recipe, Step
from replay.runner import Runner, RunResult

POLICY: Final = "every step of the asked task may be done; nobody is asked"
LEFT_OUT: Final = {  # of the phone's store, with the reason; all else is compared
    "settings": "read through phone.settings, which knows the factory's values too",
    "packages.permissions.*=False": "how a question in the way is answered; a granted permission counts",
}
PASSING: Final = ("_id", "date_ms", "created_ms", "edited_ms", "due_ms", "thread", "read")  # columns that say no result
SIZES: Final = ((Size(720, 1280), 320), (Size(1440, 3120), 560), (Size(1080, 1920), 420), (Size(1200, 2000), 240))
CRASHING: Final = "com.example.u2testdemo"
DIALOGS: Final = ("popup", "permission", "other app crashed", "not responding", "shade", "call", "screen off")
_REFUSED: Final = re.compile(r"packages\.permissions\..*=False")
Hit = tuple[str, ...]
Truths = dict[tuple[str, tuple[tuple[str, str], ...]], dict[int, set[Hit]]]


class Unjudged(AssertionError):
    """A run touched something at a step for which no undisturbed run says what it touches."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What is different. `config` makes the phone, `start` changes it before the run, `midway` once during it."""

    name: str
    config: Callable[[random.Random, DriftTask], PhoneConfig] = lambda rng, task: PhoneConfig()
    start: Callable[[VirtualPhone, DriftTask, Mapping[str, str], random.Random], None] | None = None
    midway: Callable[[VirtualPhone, DriftTask, Mapping[str, str], random.Random], None] | None = None
    upper_case: bool = False
    applies: Callable[[DriftTask], bool] = lambda task: True


def _drift(name: str, drift: Drift) -> Condition:
    def start(phone: VirtualPhone, task: DriftTask, values: Mapping[str, str], rng: random.Random) -> None:
        phone.faults.drift(replace(drift, seed=rng.randrange(10_000)))

    return Condition(name, start=start)


def _crowded(phone: VirtualPhone, task: DriftTask, values: Mapping[str, str], rng: random.Random) -> None:
    if task.crowd is not None:
        task.crowd(phone)


def _doubled(phone: VirtualPhone, task: DriftTask, values: Mapping[str, str], rng: random.Random) -> None:
    if task.double is not None:
        task.double(phone, values)


def _elsewhere(phone: VirtualPhone, task: DriftTask, values: Mapping[str, str], rng: random.Random) -> None:
    if task.elsewhere is not None:
        task.elsewhere(phone, values)


def _dialog(phone: VirtualPhone, task: DriftTask, values: Mapping[str, str], rng: random.Random) -> None:
    match rng.choice(DIALOGS):
        case "popup":
            phone.faults.popup()
        case "permission":
            phone.faults.permission_dialog(f"android.permission.{rng.choice(('CAMERA', 'READ_CALENDAR'))}")
        case "other app crashed":
            phone.faults.crash(CRASHING)
        case "not responding":
            phone.faults.not_responding()
        case "shade":
            phone.windows.open_shade()
        case "call":
            phone.faults.incoming_call(for_s=8.0)
        case _:
            phone.faults.screen_off()


CONDITIONS: Final = (
    Condition("nothing changed"),
    _drift("ids renamed", Drift(rename_ids=True)),
    _drift("reworded", Drift(reword=True)),
    Condition("other case", upper_case=True),
    _drift("moved", Drift(move=True)),
    _drift("re-ordered", Drift(reorder_lists=True)),
    _drift("look-alike added", Drift(lookalike=True)),
    Condition("duplicate label", start=_doubled, applies=lambda task: task.double is not None),
    Condition("other size", lambda rng, task: PhoneConfig(size=(one := rng.choice(SIZES))[0], density_dpi=one[1])),
    Condition("other locale", lambda rng, task: PhoneConfig(locale=rng.choice(("de", "zh")))),
    Condition("dialog on top", midway=_dialog),
    Condition(
        "below the fold",
        lambda rng, task: PhoneConfig() if task.crowd else PhoneConfig(size=Size(720, 1000), density_dpi=320),
        start=_crowded,
    ),
    Condition("wrong contact", midway=_elsewhere, applies=lambda task: task.elsewhere is not None),
)


def evaluate(seeds: int, *, tasks: tuple[DriftTask, ...] = TASKS) -> dict[str, Any]:
    """Runs every task under every condition with `seeds` seeds each; JSON data with the counts and all wrong runs."""
    truths: Truths = {}
    counts: dict[str, Counter[str]] = {condition.name: Counter() for condition in CONDITIONS}
    by_task: dict[str, Counter[str]] = {task.name: Counter() for task in tasks}
    wrong: list[dict[str, Any]] = []
    reasons: dict[str, Counter[str]] = {condition.name: Counter() for condition in CONDITIONS}
    for task in tasks:
        recipe = shown(task)
        for condition in CONDITIONS:
            for seed in range(seeds if condition.applies(task) else 0):
                one = run(task, recipe, condition, seed, truths)
                counts[condition.name][one.verdict] += 1
                by_task[task.name][one.verdict] += 1
                if one.verdict in ("stopped", "asked"):
                    reasons[condition.name][f"{task.name}: {one.result.says[:160]}"] += 1
                if one.verdict == "wrong":
                    wrong.append({"task": task.name, "condition": condition.name, "seed": seed, "why": one.why})
    total = sum(counts.values(), Counter[str]())
    return {
        "eval": "drift",
        **about(),
        "tasks": len(tasks),
        "seeds": seeds,
        "policy": POLICY,
        "all": _row(total),
        "by_condition": {name: _row(counter) for name, counter in counts.items()},
        "by_task": {name: _row(counter) for name, counter in by_task.items()},
        "wrong_runs": wrong[:50],
        "reasons": {name: dict(counter.most_common(4)) for name, counter in reasons.items() if counter},
    }


def _row(counter: Counter[str]) -> dict[str, Any]:
    n = counter.total()
    row: dict[str, Any] = {"n": n} | {kind: counter[kind] for kind in ("done", "stopped", "asked", "wrong")}
    return row | {"wrong_upper_95": upper_bound(counter["wrong"], n)}


@dataclass(frozen=True, slots=True)
class Judged:
    """One run. `why` says what was wrong; "" otherwise."""

    verdict: str
    why: str
    result: RunResult


def shown(task: DriftTask) -> Recipe:
    """The recipe of a task, from a scripted demonstration on a factory phone with the first values."""
    clock = ManualClock()
    phone = _phone(PhoneConfig(), clock)
    values = {slot: choices[0] for slot, choices in task.choices.items()}
    task.prepare(phone, values)
    hand = Demonstration(DirectDevice(phone), clock=clock)
    task.show(hand, values)
    words = task.words.format(**values)
    return distill(hand.done, recipe_id=task.name, name=task.name, task=words, values=values)


def run(task: DriftTask, recipe: Recipe, condition: Condition, seed: int, truths: Truths) -> Judged:
    """One replay under one condition, judged by the phone. `truths` keeps what undisturbed runs of the recipe touch."""
    rng = random.Random(f"{task.name}/{condition.name}/{seed}")
    values = {slot: rng.choice(choices[1:] or choices) for slot, choices in task.choices.items()}
    key = (task.name, tuple(sorted(values.items())))
    if key not in truths:
        truths[key] = _truth(task, recipe, values)
    clock = ManualClock()
    phone = _phone(condition.config(rng, task), clock)
    task.prepare(phone, values)
    if condition.start is not None:
        condition.start(phone, task, values, rng)
    device = _Watched(phone, upper_case=condition.upper_case)
    if midway := condition.midway:
        device.at_read = rng.randrange(1, len(recipe.steps) + 4)
        device.then = lambda: midway(phone, task, values, rng)
    before = _state(phone)
    result = _play(device, recipe, values, clock)
    touched = _touched_wrongly(result, device, truths[key])
    return _judged(task.change(values), result, touched, _difference(before, _state(phone)))


def _truth(task: DriftTask, recipe: Recipe, values: Mapping[str, str]) -> dict[int, set[Hit]]:
    """What each step touches on an undisturbed phone; that run has to end as asked by the phone's own account."""
    clock = ManualClock()
    phone = _phone(PhoneConfig(), clock)
    task.prepare(phone, values)
    device = _Watched(phone)
    before = _state(phone)
    result = _play(device, recipe, values, clock)
    changed = _difference(before, _state(phone))
    if result.outcome != "done" or not _fits(task.change(values), changed, whole=True):
        raise AssertionError(f"{task.name} with {dict(values)} does not work undisturbed: {result.says}; {changed}")
    truth: dict[int, set[Hit]] = {}
    for index, hit in device.hits:
        truth.setdefault(index, set()).add(hit)
    return truth


def _touched_wrongly(result: RunResult, device: _Watched, truth: Mapping[int, set[Hit]]) -> str:
    """The first touch of a step that went elsewhere than the same step's on an undisturbed phone; "" if none did.

    Raises:
        Unjudged: a step was touched that is not among the truth's.
    """
    round_about = {id(detour.action) for detour in result.detours}
    for (index, hit), action in zip(device.hits, device.taps, strict=True):
        if id(action) in round_about:
            continue
        if index not in truth:
            raise Unjudged(f"step {index + 1} touched {hit}; undisturbed it touches nothing")
        if hit not in truth[index]:
            return f"step {index + 1} touched {hit} and not {sorted(truth[index])}"
    return ""


def _judged(asked: Change, result: RunResult, touched: str, changed: tuple[str, ...]) -> Judged:
    if touched:
        return Judged("wrong", touched, result)
    if not _fits(asked, changed, whole=result.outcome == "done"):
        return Judged("wrong", f"{result.outcome}, and changed {changed}", result)
    return Judged(result.outcome, "", result)


# -- the phone's own account


def _state(phone: VirtualPhone) -> Counter[str]:
    """All rows, documents and settings as words; a multiset, since two rows may say the same."""
    said: Counter[str] = Counter()
    for name in phone.store.names():
        document = phone.store.document(name)
        if isinstance(document, dict) and set(document) == {"next", "rows"}:
            for row in document["rows"]:
                said[_said(name, {key: value for key, value in row.items() if key not in PASSING})] += 1
        elif name not in LEFT_OUT:
            said.update(one for one in _leaves(name, document) if not _REFUSED.fullmatch(one))
    for namespace in ("system", "secure", "global"):
        said.update(f"{namespace}.{key}={value}" for key, value in phone.settings.all(namespace).items())
    return said


def _leaves(name: str, value: Any) -> Iterator[str]:
    """All that a document says, one by one; an empty one says nothing, as one that is not there."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(f"{name}.{key}", inner)
    else:
        yield f"{name}={value!r}"


def _said(table: str, row: Mapping[str, Any]) -> str:
    return f"{table}: " + "; ".join(f"{key}={row[key]!r}" for key in sorted(row))


def _difference(before: Counter[str], after: Counter[str]) -> tuple[str, ...]:
    return tuple(
        [f"+ {one}" for one in (after - before).elements()] + [f"- {one}" for one in (before - after).elements()]
    )


def _fits(change: Change, changed: tuple[str, ...], *, whole: bool) -> bool:
    """Whether what changed is what was asked for: all of it (`whole`), or at least nothing else."""
    wanted = [("+", table, row) for table, row in change.added] + [("-", table, row) for table, row in change.removed]
    left = list(changed)
    found = 0
    for sign, table, row in wanted:
        parts = [f"{key}={value!r}" for key, value in row.items()]
        hit = next((one for one in left if _is_row(one, sign, table, parts)), None)
        if hit is not None:
            left.remove(hit)
            found += 1
    for name, value in (change.settings or {}).items():
        if f"+ {name}={value}" in left:  # any other value stays, and with it the old one that is gone
            found += 1
            left = [one for one in left if one != f"+ {name}={value}" and not one.startswith(f"- {name}=")]
    if change.draft and not whole:
        left = [one for one in left if not one.startswith(f"+ {change.draft}.")]
    asked = len(wanted) + len(change.settings or {})
    return not left and (found == asked or not whole)


def _is_row(said: str, sign: str, table: str, parts: list[str]) -> bool:
    head = f"{sign} {table}: "
    return said.startswith(head) and set(parts) <= set(said.removeprefix(head).split("; "))


# -- driving


def _phone(config: PhoneConfig, clock: ManualClock) -> VirtualPhone:
    phone = VirtualPhone(config, clock=clock, measure=FixedMeasure())
    phone.packages.grant(MESSAGES, "android.permission.READ_CONTACTS")
    return phone


class _Yes:
    """The policy of this evaluation; see POLICY."""

    def decide(self, step: Step, says: str, values: Mapping[str, str]) -> Decision:
        return "run"


def _play(device: _Watched, recipe: Recipe, values: Mapping[str, str], clock: ManualClock) -> RunResult:
    return Runner(device, _Yes(), clock=clock, on_progress=device.progressed).run(recipe, values)


@dataclass(eq=False)
class _Watched(DirectDevice):
    """The device, which also notes which view of the phone each touch goes to, and lets something happen midway."""

    phone: VirtualPhone
    upper_case: bool = False
    at_read: int = 0
    then: Callable[[], None] | None = None
    index: int = 0
    reads: int = 0
    hits: list[tuple[int, Hit]] = field(default_factory=list)
    taps: list[Action] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(self.phone)

    def progressed(self, progress: Progress) -> None:
        self.index = progress.index + 1

    def read(self, *, timeout_s: float = 10.0) -> Reading:
        self.reads += 1
        if self.then is not None and self.reads == self.at_read:
            self.then()
        reading = super().read(timeout_s=timeout_s)
        return replace(reading, hierarchy=_upper(reading.hierarchy)) if self.upper_case else reading

    def perform(self, action: Action, *, timeout_s: float = 10.0) -> Performed:
        if isinstance(action, Tap | DoubleTap | LongPress):
            self.hits.append((self.index, self._hit(action.at)))
            self.taps.append(action)
        return super().perform(action, timeout_s=timeout_s)

    def _hit(self, at: Point) -> Hit:
        window = self.phone.windows.frame().window_at(at.x_px, at.y_px)
        if window is None:
            return ("nothing",)
        box = _touched(window.root, at)
        return (window.package, window.activity, window.kind, *(() if box is None else box.path))


def _touched(root: Box, at: Point) -> Box | None:
    """The innermost view under the finger that takes taps: what is drawn later lies above."""
    found: Box | None = None
    for box in root.walk():
        takes = box.view.is_clickable or box.view.kind == "edit" or box.view.checkable
        if takes and box.visible.contains(at.x_px, at.y_px):
            found = box
    return found


def _upper(hierarchy: str) -> str:
    """Every text in capitals; entities stay."""

    def capitals(match: re.Match[str]) -> str:
        said = re.sub(r"&[#\w]+;|[^&]+", lambda part: part[0] if part[0][0] == "&" else part[0].upper(), match[2])
        return f'{match[1]}="{said}"'

    return re.sub(r'\b(text|content-desc|hint)="([^"]*)"', capitals, hierarchy)
