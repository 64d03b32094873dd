"""Forgetting across all of the memory, with proof.

By id: a fact, or a task with its wordings, steps, place in the tree and in the chains, and its history. By name:
everybody and everything of that name, every fact that says it, and every place in tasks that does: a wording's value
becomes another word, a wording or task that has the name among its fixed words goes. Either way the kept replies of
models that say it go. What runs recorded is not here: traces are the caller's.

The proof is a second look in every place: the tables, the indexes, the graph, the tasks, and the bytes of the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from memory import keeping
from memory.errors import NotRemembered
from memory.experience.template import Phrasing, Slot, Template
from memory.opening import Memory
from memory.profile.records import Forgotten
from memory.replies import forget_replies, replies_that_say
from memory.text.tokens import unspaced

STAND_IN: Final = "somebody"
"""Stands in a wording's example where a forgotten value stood: the slot stays, and what it was said with."""
_TELLING: Final = 4  # characters: fewer stand in every file by chance


@dataclass(frozen=True, slots=True)
class Gone:
    """What was taken out, and `remains`: every place that still holds something of it. Empty is the proof."""

    facts: tuple[str, ...]
    tasks: tuple[str, ...]
    changed_tasks: tuple[str, ...]
    removed: Mapping[str, int]
    looked_for: tuple[str, ...]
    remains: tuple[str, ...]


def forget(memory: Memory, facts: Sequence[str], tasks: Sequence[str]) -> Gone:
    """Forgets these facts (by uid) and tasks (by template id).

    Raises:
        NotRemembered: one is not there; nothing was forgotten.
    """
    with memory.lock:
        known = {template.id: template for template in memory.experience.templates()}
        if unknown := [task for task in tasks if task not in known]:
            raise NotRemembered(f"nothing is remembered under {unknown[0]!r}")
        said = [phrasing.words for task in tasks for phrasing in known[task].phrasings]
        unsaid = _any_of([*said, *(text for uid in facts for text in _texts_of(memory, uid))])
        dropped = _drop_replies(memory, unsaid)
        gone = memory.profile.forget(facts) if facts else Forgotten((), (), (), {})
        if tasks:
            with memory.changing(why="forgotten"):
                for task in tasks:
                    memory.action.forget(task)
        memory.load_again()
        return _proved(memory, gone, _InTasks(tuple(tasks), (), tuple(said)), (), unsaid=unsaid, dropped=dropped)


def forget_name(memory: Memory, name: str) -> Gone:
    """Forgets a name everywhere.

    Raises:
        NotRemembered: nothing speaks of it.
    """
    says = speaking_of(name)
    with memory.lock:
        dropped = _drop_replies(memory, says)
        try:
            gone = memory.profile.forget_about(name)
        except NotRemembered:
            gone = Forgotten((), (), (), {})
        tasks = _forget_in_tasks(memory, says)
        if not gone.uids and not gone.entities and tasks == _InTasks((), (), ()) and not dropped:
            raise NotRemembered(f"nothing speaks of {name!r}")
        memory.load_again()
        return _proved(memory, gone, tasks, (says,), unsaid=says, dropped=dropped)


def speaking_of(name: str) -> Callable[[str], bool]:
    """Whether a text says the name: as a word of its own, where words have edges; in any case."""
    wanted = " ".join(name.split())
    if not wanted:
        return lambda _: False
    edges = ("", "") if unspaced(wanted) else (r"(?<!\w)", r"(?!\w)")
    pattern = re.compile(edges[0] + r"\s+".join(map(re.escape, wanted.split())) + edges[1], re.IGNORECASE)
    return lambda text: pattern.search(text) is not None


def _texts_of(memory: Memory, uid: str) -> tuple[str, ...]:
    fact = memory.profile.fact(uid)
    return (fact.text, fact.value, *(source.text for source in memory.profile.sources(uid)))


def _drop_replies(memory: Memory, says: Callable[[str], bool]) -> int:
    """Before anything else goes: whoever is killed in between can still name what is to be forgotten."""
    with memory.store.write() as connection:
        return forget_replies(connection, says)


def _any_of(texts: Sequence[str]) -> Callable[[str], bool]:
    says = [speaking_of(text) for text in dict.fromkeys(texts) if text.strip()]
    return lambda text: any(one(text) for one in says)


def without(template: Template, says: Callable[[str], bool]) -> Template | None:
    """The template with a stand-in for every value that says it; None if it says it among its fixed words."""
    phrasings = tuple(one for old in template.phrasings if (one := _phrasing_without(old, says)) is not None)
    parts = (text for part in template.parts for text in (part.task, *part.values.values()))
    if not phrasings or says(template.app) or says(template.id) or any(map(says, parts)):
        return None
    values = {name: tuple(value for value in seen if not says(value)) for name, seen in template.values.items()}
    return replace(template, phrasings=phrasings, values=values)


def _phrasing_without(phrasing: Phrasing, says: Callable[[str], bool]) -> Phrasing | None:
    words, at = "", 0
    slots: list[Slot] = []
    renamed: dict[str, str] = {}
    for slot in sorted(phrasing.slots, key=lambda one: one.start):
        words += phrasing.words[at : slot.start]
        value = phrasing.words[slot.start : slot.end]
        said = STAND_IN if says(value) else value
        renamed[value] = said
        slots.append(replace(slot, start=len(words), end=len(words) + len(said)))
        words, at = words + said, slot.end
    words += phrasing.words[at:]
    if says(words):
        return None
    shown = tuple((renamed.get(text, text), role, name) for text, role, name in phrasing.shown)
    order = {slot.name: place for place, slot in enumerate(phrasing.slots)}
    return replace(
        phrasing, words=words, slots=tuple(sorted(slots, key=lambda slot: order[slot.name])),
        shown=tuple(one for one in shown if not says(one[0])),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _InTasks:
    """Tasks that went, tasks that have another wording now, and the words that are no longer said."""

    removed: tuple[str, ...]
    changed: tuple[str, ...]
    said: tuple[str, ...]


def _forget_in_tasks(memory: Memory, says: Callable[[str], bool]) -> _InTasks:
    removed: list[str] = []
    changed: list[str] = []
    said: list[str] = []
    with memory.changing(why="forgotten"):
        steps = {one.id for one in memory.action.steps.revisions() if says(one.form) or says(str(one.data or ""))}
        for template in memory.experience.templates():
            left = None if steps & set(template.steps) else without(template, says)
            if left == template:
                continue
            said += [one.words for one in template.phrasings if left is None or one not in left.phrasings]
            if left is None:
                memory.action.forget(template.id)
                removed.append(template.id)
            else:
                memory.experience.put(left)
                changed.append(template.id)
        memory.action.unmark(says)
    with memory.store.write() as connection:  # the state before this change is history now, with the name in it
        keeping.forget_history(connection, says)
        keeping.forget_lessons(connection, says)
    return _InTasks(tuple(removed), tuple(changed), tuple(said))


def _proved(
    memory: Memory, gone: Forgotten, tasks: _InTasks, says: Sequence[Callable[[str], bool]],
    *, unsaid: Callable[[str], bool], dropped: int,
) -> Gone:  # fmt: skip
    """Looks for what is gone in every place it could be. Words that something else still says are not looked for."""
    memory.store.fold()
    remains = memory.profile.remains(gone)
    templates = memory.experience.templates()
    remains += [f"task {template.id}" for template in templates if template.id in tasks.removed]
    with memory.store.read() as connection:
        remains += keeping.places_of(connection, says, tasks.removed)
        remains += ["replies"] if replies_that_say(connection, unsaid) else []
    wordings = {phrasing.words for template in templates for phrasing in template.phrasings}
    texts = [text for text in gone.texts if not memory.profile.says(text)]
    texts += [words for words in tasks.said if words not in wordings]
    for file in memory.store.files():
        content = file.read_bytes()
        remains += [file.name for text in texts if len(text) >= _TELLING and text.encode("utf-8", "replace") in content]
    removed = {**gone.removed, "tasks": len(tasks.removed), "changed tasks": len(tasks.changed)}
    removed |= {"replies": dropped} if dropped else {}
    return Gone(gone.uids, tasks.removed, tasks.changed, removed, tuple(texts), tuple(dict.fromkeys(remains)))
