"""What a plan that was done teaches: the whole as a task of its parts, so that no model plans it a second time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mobimem.owner import through_owner
from mobimem.service.agent import AgentDone
from mobimem.service.plans.calls import LEARN_WHOLE, WholeLesson, WholePart
from mobimem.service.plans.making import Piece, ReadyPlan, free_name
from mobimem.service.recipes import library
from mobimem.tasks.distilling import name_of
from mobimem.tasks.flowing import as_template
from mobimem.tasks.grounding import Said, stands_in
from perception.words import contains, normal
from replay.errors import ReplayError


@dataclass(frozen=True, slots=True)
class WholeReport:
    """What became of the lesson: the task it was learnt as, or why none; `problem`: memory could not be asked, and may
    be another time."""

    learnt_as: str = ""
    not_learnt: str = ""
    problem: bool = False


def learn_whole(ready: ReadyPlan, runs: Mapping[str, AgentDone], results: Mapping[str, str]) -> WholeReport:
    """Learns a plan whose sub-tasks were all done as a task of its parts, where a model had planned it.

    Never raises for memory's sake: the task itself has ended well by now.

    Args:
        runs: of each sub-task, the one that was done.
    """
    if ready.source != "model" or len(ready.pieces) < 2:
        return WholeReport()
    made = _lesson(ready, runs, results)
    if isinstance(made, str):
        return WholeReport(not_learnt=made)
    from memory.errors import MemoryFault

    try:
        learnt = through_owner(LEARN_WHOLE, made)
    except MemoryFault as error:
        return WholeReport(not_learnt=f"{error.cause}. {error.next_step}", problem=True)
    return WholeReport(learnt.name, learnt.why)


def _lesson(ready: ReadyPlan, runs: Mapping[str, AgentDone], results: Mapping[str, str]) -> WholeLesson | str:
    """What there is to learn of a plan that was done; else why nothing."""
    whole: dict[str, str] = {}
    parts: list[WholePart] = []
    for piece in ready.pieces:
        name, run = piece.part.name, runs[piece.part.name]
        if run.proof == "judged":
            return f"only the model says that {name!r} is done"
        if piece.task is None and not run.learnt_as:
            return f"{name!r} was not learnt: {run.not_learnt}"
        values = _values(piece, run)
        if values is None:
            return f"what was learnt of {name!r} is damaged"
        uses = {one: results[one] for one in piece.part.uses}
        made = {
            slot: piece.flows.get(slot) or _pattern(slot, value, ready.plan.words, uses, whole)
            for slot, value in values.items()
        }
        own = {one: piece.results.get(one, one) for one in piece.part.results}
        parts.append(WholePart(run.learnt_as or run.name, made, own))
    taken = [entry.name for entry in library().entries()]
    return WholeLesson(name_of(ready.plan.words, whole, taken), ready.plan.words, whole, tuple(parts))


def _values(piece: Piece, run: AgentDone) -> Mapping[str, str] | None:
    """The values of a sub-task as the words had them: what the owner filled in otherwise is found again next time."""
    if piece.task is not None:
        return {**piece.said, **{slot: run.values[slot] for slot in piece.flows}}
    try:
        trace = library().trace_of(run.learnt_as)
    except ReplayError:
        return None
    return trace.header.values


def _pattern(slot: str, value: str, words: str, uses: Mapping[str, str], whole: dict[str, str]) -> str:
    """What stands in a slot, for any words of the kind: results and slots of the whole in braces, else itself."""
    for name, result in uses.items():
        if contains(normal(value), normal(result)):
            return as_template(value).replace(as_template(result), f"{{{name}}}")
    if not stands_in(value, Said(words)):
        return as_template(value)
    known = next((name for name, said in whole.items() if normal(said) == normal(value)), None)
    name = known or free_name(slot, {*whole, *uses})
    whole[name] = value
    return f"{{{name}}}"
