"""What plans ask of memory: the nearest known tasks as examples, and to learn a plan as a task of its own.

Performed by whoever owns the data folder (`mobimem.owner`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mobimem.owner import Call, through_owner

if TYPE_CHECKING:
    from memory.opening import Memory


@dataclass(frozen=True, slots=True)
class Near:
    """Words to which known tasks are sought."""

    words: str


@dataclass(frozen=True, slots=True)
class NearTasks:
    """Known tasks as they are said, the nearest first."""

    tasks: tuple[str, ...]


def nearest_tasks(words: str) -> tuple[str, ...]:
    """The known tasks that come closest to these words or a part of them; none where memory is not installed."""
    from memory.errors import ExtraMissing

    try:
        return through_owner(NEAREST, Near(words)).tasks
    except ExtraMissing:
        return ()


def _nearest(memory: Memory, asked: Near) -> NearTasks:
    from memory.experience import compose
    from memory.experience.template import Match
    from memory.text.lexicon import EMPTY, language_of, lexicons

    lexicon = lexicons().get(language_of(asked.words), EMPTY)
    said = dict.fromkeys(part for parts in (*compose.parts_of(asked.words, lexicon), (asked.words,)) for part in parts)
    answers = (memory.experience.match_one(one) for one in said)
    ids = dict.fromkeys(one.template if isinstance(one, Match) else one.nearest for one in answers)
    found = (memory.experience.template(one) for one in ids if one)
    return NearTasks(tuple(one.phrasings[-1].pattern() for one in found if one.phrasings and not one.parts))


NEAREST: Final = Call("nearest", Near, NearTasks, _nearest)


@dataclass(frozen=True, slots=True)
class WholePart:
    """A part of what is learnt, as `memory.experience.template.Part`."""

    task: str
    values: dict[str, str]
    results: dict[str, str]


@dataclass(frozen=True, slots=True)
class WholeLesson:
    """Words that are a task of these parts, and what stands in the words for each of its slots."""

    name: str
    words: str
    values: dict[str, str]
    parts: tuple[WholePart, ...]


@dataclass(frozen=True, slots=True)
class WholeLearnt:
    """The task that was learnt; else why none was."""

    name: str
    why: str


def _learn_whole(memory: Memory, lesson: WholeLesson) -> WholeLearnt:
    from memory.composed import learn_whole
    from memory.experience.template import Part

    parts = tuple(Part(one.task, one.values, one.results) for one in lesson.parts)
    made = learn_whole(memory, lesson.name, lesson.words, lesson.values, parts, why=f"plan {lesson.words[:200]}")
    return WholeLearnt("", made) if isinstance(made, str) else WholeLearnt(made.id, "")


LEARN_WHOLE: Final = Call("learn_whole", WholeLesson, WholeLearnt, _learn_whole)
CALLS: Final = (NEAREST, LEARN_WHOLE)
