"""Use cases: words that are several tasks - which sub-tasks they are, and doing them with results flowing between.

A plan comes from a task of several that was done before (template), from known tasks in one sentence (composition), or
from a model, shown the nearest known tasks. Whatever a sub-task is known as is found out before anything runs; one that
is not known is decided step by step, within the app and class the plan gave it. What a model's plan says beyond the
owner's own words, or does for good by a known task, is a doubt, and is confirmed first.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from device.clock import Clock, SystemClock
from device.protocol import Device
from mobimem.errors import NotDone
from mobimem.llm.client import ModelClient
from mobimem.llm.errors import AskingCancelled
from mobimem.llm.redaction import Veil
from mobimem.llm.spending import Spent
from mobimem.policy.rules import Deed
from mobimem.service.agent import TellsApps
from mobimem.service.orders import Orders, orders_for
from mobimem.service.plans.attempts import Attempt, attempted
from mobimem.service.plans.calls import nearest_tasks
from mobimem.service.policy import owners_policy
from mobimem.service.recall import ReadyTasks
from mobimem.service.recipes import Task
from mobimem.service.runs import Polled
from mobimem.tasks.asking import Asker
from mobimem.tasks.flowing import as_template, fits_whole, flows_in, named_result, put_in, stand_ins
from mobimem.tasks.grounding import Said, stands_in
from mobimem.tasks.plan import Known, Plan, Source, SubTask, refuse_faulty
from mobimem.tasks.planning import added, ask_for_plan
from mobimem.tasks.scope import offered, packages_of
from perception.words import filled
from replay.readout import is_name

if TYPE_CHECKING:
    from memory.recall import RecalledTask

_NOT_OF_A_NAME: Final = re.compile(r"[^a-z0-9]+")
NAME_MAX: Final = 28


@dataclass(frozen=True, slots=True)
class Piece:
    """A sub-task and what it is known as: a task with `flows` (slot -> text with results in braces), or nothing.

    `results`: what the plan calls a result -> what the task's own steps call it. `said` are values as the words have
    them.
    """

    part: SubTask
    task: Task | None = None
    flows: Mapping[str, str] = field(default_factory=dict)
    results: Mapping[str, str] = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReadyPlan:
    """A plan that may run. `doubts` say why it has to be shown and confirmed first; `spent` is what planning took.

    `asked` counts the owner's answers so far; `name` is the task it was learnt as, "" for none.
    """

    plan: Plan
    pieces: tuple[Piece, ...]
    source: Source
    doubts: tuple[str, ...] = ()
    asked: int = 0
    spent: Spent = field(default_factory=Spent)
    name: str = ""

    def piece(self, name: str) -> Piece:
        return next(piece for piece in self.pieces if piece.part.name == name)


def known_plan(found: ReadyTasks, *, asked: int = 0, known: Known | None = None) -> ReadyPlan:
    """The plan of words that memory knows as one task or several.

    Args:
        asked: questions the owner has answered for it so far.

    Raises:
        PlanRefused: it may not run.
    """
    recalled = () if found.recalled is None else found.recalled.tasks
    whole = recalled[0].whole if recalled else ""
    several = len(found.tasks) > 1 and not (whole and all(one.whole == whole for one in recalled))
    source: Source = "composition" if several else "template"
    pieces: list[Piece] = []
    for number, task in enumerate(found.tasks):
        pieces.append(_known_piece(recalled[number] if recalled else None, task, source, pieces))
    plan = Plan(found.words, tuple(piece.part for piece in pieces))
    refuse_faulty(plan, known or Known())
    return ReadyPlan(plan, tuple(pieces), source, found.doubts, asked, name=whole if not several else "")


def unknown_plan(words: str) -> ReadyPlan:
    """The plan of words nobody taught and that are one task: a model decides each step of it."""
    piece = Piece(SubTask("task", as_template(words), "model"))
    return ReadyPlan(Plan(words, (piece.part,)), (piece,), "model")


def are_several(found: Orders) -> bool:
    """Whether these orders are a plan's: several known tasks, or unknown words that may be several."""
    unknown = found.ready is None and found.recalled is not None
    return len(found.orders) > 1 or (unknown and may_be_several(found.words))


def may_be_several(words: str) -> bool:
    """Whether words that are no known task may be several: a connective or a mark before another effect."""
    from memory.experience import compose
    from memory.text.lexicon import EMPTY, language_of, lexicons

    lexicon = lexicons().get(language_of(words), EMPTY)
    return next(iter(compose.parts_of(words, lexicon)), None) is not None


def model_plan(
    words: str, client: ModelClient, device: Device, asker: Asker, *, terms: Mapping[str, str] | None = None,
    clock: Clock | None = None,
) -> ReadyPlan:  # fmt: skip
    """The plan that a model makes of these words, with what each sub-task is known as. Nothing is done on the device.

    Where there is none, what asking took is journalled (`mobimem.service.plans.attempts`), and the error says it.

    Args:
        terms: private values that are kept from the model.

    Raises:
        PlanRefused: there is none that could be done. ModelError: the model did not answer, or the owner stopped it.
            OwnerNeeded: a value of a known sub-task is open, or another run is on the device. NotDone: the phone does
            not tell which apps it has.
    """
    info = device.info()
    known = Known(apps_of(device), (info.serial,))
    if not known.apps:
        raise NotDone("the phone does not tell which apps it has", next_step="Teach the parts: mobimem teach NAME")
    attempt = Attempt(words, info, clock or SystemClock())
    with attempted(attempt):
        return _as_recalled(_asked_plan(client, known, attempt, Veil(terms or {})), attempt, asker)


def _asked_plan(client: ModelClient, known: Known, attempt: Attempt, veil: Veil) -> Plan:
    try:
        with attempt.held():
            plan, _ = ask_for_plan(
                client, attempt.words, known, nearest_tasks(attempt.words), account=attempt.account, veil=veil,
                cancelled=Polled(attempt.stopped), heard=attempt.heard,
            )  # fmt: skip
    except AskingCancelled as error:
        raise AskingCancelled("stopped by the owner, while the model was asked for a plan") from error
    return plan


def _as_recalled(plan: Plan, attempt: Attempt, asker: Asker) -> ReadyPlan:
    """A model's plan, with what each sub-task is known as."""
    words = attempt.words
    pieces: list[Piece] = []
    doubts = list[str]()
    parts = plan.parts if len(plan.parts) > 1 else (replace(plan.parts[0], words=as_template(words)),)
    for part in parts:  # of one alone, the owner's words are the better ones
        piece, more, why = _recalled_piece(part, asker, words)
        pieces.append(piece)
        attempt.asked += more
        doubts += [*added(part, words), *why]
    made = Plan(words, tuple(piece.part for piece in pieces))
    return ReadyPlan(made, tuple(pieces), "model", tuple(dict.fromkeys(doubts)), attempt.asked, attempt.account.total)


def apps_of(device: Device) -> tuple[str, ...]:
    """The packages a plan may name: those of the phone that no rule of the owner's refuses."""
    there = device.installed() if isinstance(device, TellsApps) else ()
    policy = owners_policy()
    return tuple(
        app
        for app in offered(there)
        if policy.decide(Deed(recipe="", step="", says="", side_effect="reversible", app=app)).answer != "refuse"
    )


# -- known sub-tasks


def _known_piece(one: RecalledTask | None, task: Task, source: Source, before: Sequence[Piece]) -> Piece:
    taken = {result for piece in before for result in piece.part.results}
    said = {} if one is None else one.said
    named = {slot: named_result(value, taken) for slot, value in said.items()}
    flows = {slot: f"{{{name}}}" for slot, name in named.items() if name}
    results = {free_name(own, taken): own for own in task.recipe.results}
    if one is not None and one.whole:
        flows, results = {**flows, **one.flows}, dict(one.results)
    part = SubTask(
        free_name(task.entry.name, {piece.part.name for piece in before}), _words(task, flows), source,
        app=_app(task), results=tuple(results), after=tuple(piece.part.name for piece in before[-1:]),
        for_good=task.recipe.for_good,
    )  # fmt: skip
    return Piece(part, task, flows, results, said)


def _words(task: Task, flows: Mapping[str, str]) -> str:
    """The task in the words it was taught with, results in braces."""
    words = filled(task.recipe.task, {slot: value for slot, value in task.values.items() if slot not in flows})
    for slot, text in flows.items():
        words = words.replace(f"{{{slot}}}", text)
    return words


def _app(task: Task) -> str:
    """The app a task is done in, or begun in; "" where its steps do not tell."""
    return next(iter(packages_of(task.recipe.steps)), "")


def free_name(wanted: str, taken: Collection[str]) -> str:
    """A well-formed name for a sub-task or a result that nothing else has."""
    slug = _NOT_OF_A_NAME.sub("_", wanted.casefold()).strip("_")[:NAME_MAX].strip("_")
    slug = slug if is_name(slug) else f"part_{slug}".strip("_")[:NAME_MAX].strip("_")
    number, name = 2, slug
    while name in taken:
        name, number = f"{slug}_{number}", number + 1
    return name


# -- sub-tasks of a model's plan


def _recalled_piece(part: SubTask, asker: Asker, said: str) -> tuple[Piece, int, list[str]]:
    """What a sub-task is known as; how many questions the owner answered for it, and what is doubtful about it."""
    for stood in stand_ins(part.uses):
        found = orders_for(put_in(part.words, stood), {}, asker, may_decide=True, from_owner=False)
        if found.ready is None or found.recalled is None or len(found.ready.tasks) != 1:
            continue
        [task], [recalled] = found.ready.tasks, found.recalled.tasks
        flows = flows_in(task.values, stood)
        own = task.recipe.results
        if fits_whole(part.words, flows) and len(own) == len(part.results):
            known = replace(part, app=_app(task) or part.app, for_good=task.recipe.for_good)
            piece = Piece(known, task, flows, dict(zip(part.results, own, strict=True)), recalled.said)
            return piece, found.asked, _doubts(piece, found.ready, said)
    return Piece(part), 0, []


def _doubts(piece: Piece, found: ReadyTasks, said: str) -> list[str]:
    """Why a known sub-task that a model asked for has to be confirmed: it does something for good, and it is the model
    that says so; or a value is the model's. One that is not known needs no such doubt: what each of its steps types,
    chooses or does for good is asked about as decided."""
    if piece.task is None:
        return []
    words = Said(said)
    invented = [
        f"{slot} = {value!r} of {piece.part.words!r} is not in your words"
        for slot, value in piece.task.values.items()
        if slot not in piece.flows and not stands_in(value, words) and not stands_in(piece.said.get(slot, ""), words)
    ]
    if not piece.part.for_good:
        return invented
    return [f"a model planned {piece.part.words!r}, which cannot be undone", *found.doubts, *invented]
