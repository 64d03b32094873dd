"""Tasks that look alike and are not are never taken for each other, also after more wordings were learnt."""

from __future__ import annotations

from memory.experience.recall import ExperienceMemory
from memory.experience.template import Match
from tests.memory.experience.traps import Trap, alikes, pairs


def _taken(trap: Trap, *, also: bool) -> bool:
    memory = ExperienceMemory()
    memory.learn("k", trap.known, trap.shown)
    if also:
        memory.learn("k", trap.also, trap.shown)
    return isinstance(memory.match_one(trap.asked), Match)


def test_no_trap_is_taken_for_the_task() -> None:
    traps = list(pairs())
    assert len(traps) > 900
    assert [(trap.known, trap.asked) for trap in traps if _taken(trap, also=False)] == []


def test_no_trap_is_taken_for_the_task_after_another_wording_was_learnt() -> None:
    traps = [trap for trap in pairs() if trap.also]
    assert len(traps) > 600
    assert [(trap.known, trap.also, trap.asked) for trap in traps if _taken(trap, also=True)] == []


def test_what_means_the_same_is_still_taken_for_it() -> None:
    same = list(alikes())
    assert sum(_taken(trap, also=False) for trap in same) / len(same) >= 0.9
