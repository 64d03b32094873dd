"""Recall: words -> the known tasks they are, with values from the words and from the profile, as steps ready to replay.

    recall(memory, "text mum that dinner is ready")  ->  Recalled: text-someone, contact = Maria ("mum": you said: my
                                                         mother is Maria), message = dinner is ready, five steps

No model, no network. What nothing explains is a miss that says which word; a value that only the owner knows is left
open, with the reason. Nothing is run or changed here. The answer is plain data: it may come from another process.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from memory import boundaries
from memory.action.replay import PLAN_MIN
from memory.composed import PartMatch, taken_apart
from memory.experience import compose
from memory.experience.template import Joined, Match, Miss, Template
from memory.filling import Filled, Filling, Open
from memory.learn.steps import app_of, recipe_from, steps_of
from memory.profile.memory import time_of_day
from memory.profile.records import Situation
from memory.profile.vocabulary import vocabulary
from memory.text.lexicon import EMPTY, language_of, lexicons
from memory.text.tokens import OPENING, tokenize, unspaced
from replay.recipe import Step, step_from_data, step_to_data

if TYPE_CHECKING:
    from memory.opening import Memory


@dataclass(frozen=True, slots=True)
class RecalledTask:
    """One known task. `reading` says it in the words it was learnt with; `steps` are the recipe's, as JSON.

    `said` are the values as they stand in the words, `values` those to use. `exact`: every word stands as it was
    learnt, every value is of a form that was seen; who does something for good on any other reading shows it first.
    `pattern` is the reading with its slots in braces. Of a part of a task of several (`whole`): `flows` are the slots
    that results of earlier parts will stand in, with the text that names them in braces (`values` has it too);
    `results` is what the whole calls a result -> what its steps do.
    """

    template: str
    reading: str
    task: str
    slots: tuple[str, ...]
    values: dict[str, str]
    said: dict[str, str]
    filled: tuple[Filled, ...]
    open: tuple[Open, ...]
    confidence: float
    exact: bool
    state: str
    reasons: tuple[str, ...]
    steps: str
    flows: dict[str, str] = field(default_factory=dict)
    results: dict[str, str] = field(default_factory=dict)
    whole: str = ""
    pattern: str = ""

    def answered(self, values: Mapping[str, str], left: tuple[Open, ...]) -> RecalledTask:
        """The task after the owner said the values of what was open; `left` are the slots that still are."""
        told = {**{one.slot: one.said or "?" for one in left}, **values}
        reading = re.sub(r"\{(\w+)\}", lambda found: told.get(found[1], found[0]), self.pattern)
        said = tuple(
            f"{one.slot} is {values[one.slot]}: you said so" + (f" for {one.said!r}" if one.said else "")
            for one in self.open if one.slot in values and one not in left
        )  # fmt: skip
        return replace(
            self, values=dict(values), open=left, reading=reading or self.reading, reasons=(*self.reasons, *said)
        )

    def recipe_steps(self) -> tuple[Step, ...]:
        """The steps, ready to replay.

        Raises:
            RecipeInvalid: they are not ours.
        """
        return tuple(step_from_data(step) for step in json.loads(self.steps))


@dataclass(frozen=True, slots=True)
class Missed:
    """No known task. `nearest` came closest (a template's name), `pattern` are its words, `unexplained` what was not
    explained. `readings`: it is that task, meant in one of these ways, each as words that say it clearly; only the
    owner knows which. `meant` are the values of each, for `recall_meant`."""

    nearest: str = ""
    pattern: str = ""
    unexplained: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()
    meant: tuple[dict[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Recalled:
    """What words are: known tasks, one after the other, or a miss. Always with reasons."""

    words: str
    tasks: tuple[RecalledTask, ...]
    confidence: float
    reasons: tuple[str, ...]
    missed: Missed | None = None


@dataclass(frozen=True, slots=True)
class Where:
    """The situation words are said in: the owner's local time, and the place where that is known."""

    at: datetime
    place: str = ""


def recall(memory: Memory, words: str, *, given: Mapping[str, str] | None = None, where: Where) -> Recalled:
    """Which known tasks these words are, ready to replay. Never raises for any words.

    Args:
        given: values by slot that stand beside the words; they go first.
    """
    with memory.lock:
        answer = _rather_joined(memory, words, memory.experience.match(words, knows=_knows(memory)))
        if isinstance(answer, Miss):
            return _missed(memory, words, answer)
        matches = answer.parts if isinstance(answer, Joined) else (answer,)
        if loops := [loop for match in matches for loop in match.loops]:
            said = ", ".join(repr(loop) for loop in loops)
            missed = Missed(matches[0].template, _pattern(memory, matches[0].template), tuple(loops))
            return Recalled(
                words, (), answer.confidence, (f"{said} stands for several: one at a time is known",), missed
            )
        apart = [_cut_apart(memory, words, match) for match in matches]
        for match, cut in zip(matches, apart, strict=True):
            if isinstance(cut, str):
                missed = Missed(match.template, _pattern(memory, match.template))
                return Recalled(words, (), answer.confidence, (cut,), missed)
        whole = [one for one in apart if isinstance(one, Match)]
        return _ready(memory, words, whole, given or {}, where, confidence=answer.confidence, reasons=answer.reasons)


def recall_meant(
    memory: Memory, words: str, template: str, meant: Mapping[str, str], *, given: Mapping[str, str], where: Where
) -> Recalled:
    """These words as the owner says they are meant: one of the readings that `recall` had left open (`Missed.meant`).

    Where that reading is none any more - the task was taught anew meanwhile -, they are recalled as any words.
    """
    with memory.lock:
        missed = recall(memory, words, given=given, where=where).missed
        if missed is None or missed.nearest != template or dict(meant) not in missed.meant:
            return recall(memory, words, given=given, where=where)
        slots = {slot for phrasing in memory.experience.template(template).phrasings for slot in phrasing.slots}
        kinds = {slot.name: slot.kind for slot in slots if slot.name in meant}
        reason = "you said that this is meant"
        match = Match(template, 0, dict(meant), kinds, 1.0, True, (reason,), told=True)
        return _ready(memory, words, [match], given, where, confidence=1.0, reasons=(reason,))


def _ready(
    memory: Memory, words: str, matches: list[Match], given: Mapping[str, str], where: Where,
    *, confidence: float, reasons: tuple[str, ...],
) -> Recalled:  # fmt: skip
    """The tasks of these matches, one after the other; a task of several as its parts."""
    pieces: list[PartMatch] = []
    for match in matches:
        parts = taken_apart(memory, match)
        if isinstance(parts, str):
            return Recalled(words, (), confidence, (parts,), Missed(match.template, _pattern(memory, match.template)))
        pieces += parts
    tasks = tuple(_piece(memory, piece, given, where) for piece in pieces)
    return Recalled(words, tasks, confidence, reasons)


def recall_named(memory: Memory, name: str, *, given: Mapping[str, str], where: Where) -> RecalledTask | None:
    """The task of this very name as memory has its steps now; None if it knows none."""
    with memory.lock:
        if name not in {template.id for template in memory.experience.templates() if not template.parts}:
            return None
        match = Match(name, 0, {}, {}, 1.0, True, ("asked for by name",))
        return _task(memory, match, given, where)


def _rather_joined(memory: Memory, words: str, answer: Match | Joined | Miss) -> Match | Joined | Miss:
    """Several known tasks, word for word, rather than one whose last value holds the others; not exact then, for it
    could be meant either way."""
    if not isinstance(answer, Match) or not answer.values or memory.experience.template(answer.template).parts:
        return answer
    lexicon = lexicons().get(language_of(words), EMPTY)
    for parts in compose.parts_of(words, lexicon):
        found = [memory.experience.match_one(part) for part in parts]
        matches = [replace(match, exact=False) for match in found if isinstance(match, Match) and match.exact]
        if len(matches) == len(found):
            reason = "it could also be one task with a long value"
            joined = compose.joined([replace(one, reasons=(*one.reasons, reason)) for one in matches])
            return replace(joined, reasons=(*joined.reasons, reason))
    return answer


def _cut_apart(memory: Memory, words: str, match: Match) -> Match | str:
    """The match with values that stand side by side cut by what is known; a reason where that leaves it open."""
    template = memory.experience.template(match.template)
    phrasing = template.phrasings[match.phrasing]
    lexicon = lexicons().get(phrasing.language, EMPTY)
    fixed = frozenset(token.key for token in tokenize(phrasing.pattern()))

    somebody = _knows(memory)

    def knows(text: str) -> bool:
        """A value some task had before, or somebody."""
        return memory.experience.is_known_value(text) or somebody(text)

    texts = frozenset(slot for slot, kind in match.kinds.items() if kind == "text")
    if match.told:
        return replace(match, values={slot: unquoted(value) for slot, value in match.values.items()})
    made = boundaries.cut(boundaries.Said(words, lexicon, fixed), match.values, texts, knows)
    if made is None:
        return replace(match, values={slot: unquoted(value) for slot, value in match.values.items()})
    if made.values is None:
        return made.reason
    return replace(match, values=made.values, exact=False, reasons=(*match.reasons, made.reason))


def unquoted(value: str) -> str:
    """A value that stands in quotes, without them."""
    inside = value[1:-1].strip()
    return inside if len(value) > 2 and inside and value[-1] in OPENING.get(value[0], "") else value


def _knows(memory: Memory) -> Callable[[str], bool]:
    """Whether a text is a word for somebody ("mum"), or what the profile knows a value for."""
    return lambda text: vocabulary().find(text, "one", "many") is not None or bool(memory.profile.resolve(text))


def _missed(memory: Memory, words: str, miss: Miss) -> Recalled:
    readings = tuple(_clearly(memory, words, miss.nearest, one) for one in miss.readings)
    meant = tuple(map(dict, miss.readings))
    missed = Missed(miss.nearest, _pattern(memory, miss.nearest), miss.unexplained, readings, meant)
    return Recalled(words, (), 0.0, tuple(reason.strip() for reason in miss.reasons), missed)


def _clearly(memory: Memory, words: str, key: str, values: Mapping[str, str]) -> str:
    """Words that can only be read with these values: the owner's own with a colon before the text, else the task's."""
    text = list(values.values())[-1]
    head = words[: words.rfind(text)].rstrip(" ,，:：\t\n")
    said = f"{head}：{text}" if unspaced(words) else f"{head}: {text}"
    found = memory.experience.match_one(said, knows=_knows(memory))
    if isinstance(found, Match) and found.template == key and dict(found.values) == dict(values):
        return said
    return _with_values(memory.experience.template(key), values)


def _pattern(memory: Memory, key: str) -> str:
    found = next((template for template in memory.experience.templates() if template.id == key), None)
    return found.phrasings[-1].pattern() if found is not None and found.phrasings else ""


def _piece(memory: Memory, piece: PartMatch, given: Mapping[str, str], where: Where) -> RecalledTask:
    task = _task(memory, piece.match, {**given, **piece.flows}, where)
    return replace(task, flows=dict(piece.flows), results=dict(piece.results), whole=piece.whole)


def _task(memory: Memory, match: Match, given: Mapping[str, str], where: Where) -> RecalledTask:
    template = memory.experience.template(match.template)
    steps = steps_of(memory.action.steps, template.steps, template.id)
    recipe = recipe_from(template, steps)
    situation = Situation(time_of_day(where.at), where.place, app_of(recipe))
    wording = template.phrasings[match.phrasing] if match.phrasing < len(template.phrasings) else None
    filling = Filling(memory, template, recipe, situation, wording.language if wording is not None else "")
    for slot in recipe.slots:
        if slot in given:
            filling.values[slot] = given[slot]
        elif slot in match.values:
            filling.said_for(slot, match.values[slot])
        else:
            filling.unsaid(slot)
    values = {**filling.values, **{slot: value for slot, value in given.items() if slot not in filling.values}}
    shown = {**{one.slot: one.said or "?" for one in filling.open}, **values}
    return RecalledTask(
        template=template.id,
        reading=_with_values(template, shown),
        task=recipe.task,
        slots=recipe.slots,
        values=values,
        said=dict(match.values),
        filled=tuple(filling.filled),
        open=tuple(filling.open),
        confidence=round(match.confidence * filling.confidence, 4),
        exact=match.exact and match.confidence >= PLAN_MIN and all(template.values.get(slot) for slot in match.values),
        state=template.state,
        reasons=(*match.reasons, *(f"{one.slot} is {one.value}: {one.reason}" for one in filling.filled)),
        steps=json.dumps([step_to_data(step) for step in steps], ensure_ascii=False),
        pattern=template.phrasings[-1].pattern(),
    )


def _with_values(template: Template, values: Mapping[str, str]) -> str:
    """The task in its first learnt words, with these values."""
    phrasing, made, at = template.phrasings[-1], "", 0
    for slot in phrasing.slots:
        made += phrasing.words[at : slot.start] + values.get(slot.name, f"{{{slot.name}}}")
        at = slot.end
    return made + phrasing.words[at:]
