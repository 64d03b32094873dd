"""A whole memory as JSON lines, and such lines merged into a memory.

    {"kind": "mobimem-memory", "version": 1, ...}      the header
    {"kind": "entity" | "fact" | "edge", ...}          `memory.profile.exchange`
    {"kind": "step" | "template" | "mark", ...}        what experience and action memory know

Readable with `head`, inert, without row ids: it can be merged into any memory, and merging it twice is as once. Secrets
are no part of it: what speaks of passwords, codes or card numbers is withheld and counted (values of password fields
never came into the memory at all). Any change of form moves VERSION by one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from memory.action.marks import Marks, TaskUse
from memory.action.steps import StepRevision
from memory.errors import NotAnExport
from memory.experience.template import VALUES_KEPT, Template, from_data, to_data
from memory.opening import Memory
from memory.profile.exchange import Merged

KIND: Final = "mobimem-memory"
VERSION: Final = 1
_SECRET: Final = re.compile(
    r"pass(?:word|code|phrase|wort)|kennwort|contrase|mot de passe|\bsenha\b|пароль|密码|密碼|口令|验证码|パスワード"
    r"|비밀번호|\bpin\b|\bpins?[ -]?code|\bcv[vc]2?\b"
    r"|\b(?:security|access|door|alarm|recovery|unlock)[ -]?codes?\b|\bpwd\b",
    re.IGNORECASE,
)
_CARD: Final = re.compile(r"(?<!\d)(?:\d[ -]?){12,18}\d(?!\d)")


@dataclass(frozen=True, slots=True)
class Exported:
    """The lines, and how many facts and tasks are not in them because they speak of secrets."""

    lines: tuple[str, ...]
    facts: int
    tasks: int
    withheld: int


@dataclass(frozen=True, slots=True)
class Taken:
    """What a merge changed; `changed` is 0 where everything was known. `left_out`: tasks whose steps were missing, or
    that are known here with other steps."""

    profile: Merged
    tasks: int
    steps: int
    left_out: int
    changed: int


def export(memory: Memory, now: datetime) -> Exported:
    """Everything, one JSON document a line."""
    profile = memory.profile.records()
    kept = [one for record in profile if (one := _without_secrets(record)) is not None]
    templates = memory.experience.templates()
    spoken = [template for template in templates if not any(map(speaks_of_secret, _texts(template)))]
    uses = memory.action.uses()
    wanted = {step for template in spoken for step in template.steps}
    records = [
        *kept,
        *(_step(revision) for revision in memory.action.steps.revisions() if revision.id in wanted),
        *(_template(template, uses.get(template.id)) for template in spoken),
        *({"kind": "mark", "blocked": words} for words in sorted(memory.action.marks().blocked)
          if not speaks_of_secret(words)),
        *({"kind": "mark", "misled": list(place)} for place in sorted(memory.action.marks().misled)
          if not any(map(speaks_of_secret, place))),
    ]  # fmt: skip
    facts = sum(record["kind"] == "fact" for record in kept)
    withheld = sum(record["kind"] == "fact" for record in profile) - facts + len(templates) - len(spoken)
    header = {
        "kind": KIND, "version": VERSION, "exported_at": now.isoformat(timespec="seconds"),
        "facts": facts, "tasks": len(spoken), "withheld": withheld,
    }  # fmt: skip
    lines = tuple(json.dumps(record, ensure_ascii=False, sort_keys=True) for record in (header, *records))
    return Exported(lines, facts, len(spoken), withheld)


def merge(memory: Memory, lines: Iterable[str]) -> Taken:
    """Takes an export in: all of it or, after an error, nothing.

    Raises:
        NotAnExport: it is none, is of a later version, or a line is damaged.
    """
    records = _records(lines)
    with memory.changing(why="import"):
        merged = memory.profile.merge(records)
        steps = _merge_steps(memory, [record for record in records if record["kind"] == "step"])
        tasks, left_out = _merge_templates(memory, [record for record in records if record["kind"] == "template"])
        marks = _merge_marks(memory, [record for record in records if record["kind"] == "mark"])
    memory.profile.load_again()
    return Taken(merged, tasks, steps, left_out, merged.changed + tasks + steps + marks)


def speaks_of_secret(text: str) -> bool:
    """Whether a text speaks of something that is nobody else's: a password, a code, a card's number."""
    return _SECRET.search(text) is not None or any(_is_card(found.group()) for found in _CARD.finditer(text))


# --- out -------------------------------------------------------------------------------------------------------------


def _without_secrets(record: dict[str, Any]) -> dict[str, Any] | None:
    if record["kind"] == "entity" and any(map(speaks_of_secret, [record["name"], *record["names"]])):
        return None
    if record["kind"] != "fact":
        return record
    if any(map(speaks_of_secret, (record["text"], record["relation"], record["value"], record["subject"]))):
        return None
    return {**record, "sources": [one for one in record["sources"] if not speaks_of_secret(one["text"])]}


def _texts(template: Template) -> list[str]:
    shown = [text for phrasing in template.phrasings for text, _, _ in phrasing.shown]
    values = [value for values in template.values.values() for value in values]
    return [*(phrasing.words for phrasing in template.phrasings), *shown, *values]


def _step(revision: StepRevision) -> dict[str, Any]:
    data = None if revision.data is None else dict(revision.data)
    return {
        "kind": "step", "id": revision.id, "revision": revision.revision, "form": revision.form, "data": data,
        "source": revision.source,
    }  # fmt: skip


def _template(template: Template, use: TaskUse | None) -> dict[str, Any]:
    task = None if use is None else {"app": use.app, "uses": use.uses, "failures": use.failures}
    return {"kind": "template", "template": to_data(template), "task": task}


def _is_card(found: str) -> bool:
    """Luhn's check: a phone number of that length passes once in ten."""
    digits = [int(one) for one in found if one.isdigit()][::-1]
    doubled = [digit if at % 2 == 0 else sum(divmod(2 * digit, 10)) for at, digit in enumerate(digits)]
    return sum(doubled) % 10 == 0


# --- in --------------------------------------------------------------------------------------------------------------


def _records(lines: Iterable[str]) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise NotAnExport(f"line {number} is no JSON ({error})") from error
        if not isinstance(record, dict) or not isinstance(record.get("kind"), str):
            raise NotAnExport(f"line {number} is no record")
        records.append(record)
    if not records or records[0]["kind"] != KIND:
        raise NotAnExport("it does not begin like an export of a memory")
    version = records[0].get("version")
    if version != VERSION:
        later = isinstance(version, int) and version > VERSION
        step = {"next_step": "Update mobimem; nothing was changed."} if later else {}
        raise NotAnExport(f"it is of version {version!r}, and this release reads {VERSION}", **step)
    return records[1:]


def _merge_steps(memory: Memory, records: Sequence[Mapping[str, Any]]) -> int:
    """Unknown steps come in; of a known one the revisions that continue ours."""
    theirs: dict[str, list[StepRevision]] = {}
    try:
        for record in sorted(records, key=lambda one: (str(one["id"]), int(one["revision"]))):
            one = StepRevision(
                str(record["id"]), int(record["revision"]), str(record["form"]), record["data"], str(record["source"])
            )
            theirs.setdefault(one.id, []).append(one)
    except (KeyError, TypeError, ValueError) as error:
        raise NotAnExport(f"a step lacks or garbles {error}") from error
    ours: dict[str, list[StepRevision]] = {}
    for one in memory.action.steps.revisions():
        ours.setdefault(one.id, []).append(one)
    taken = 0
    for key, revisions in theirs.items():
        known = ours.get(key, [])
        if revisions[: len(known)] == known:
            for one in revisions[len(known) :]:
                memory.action.steps.put(one)
                taken += 1
    return taken


def _merge_templates(memory: Memory, records: Sequence[Mapping[str, Any]]) -> tuple[int, int]:
    steps = {one.id for one in memory.action.steps.revisions()}
    known = {template.id: template for template in memory.experience.templates()}
    uses = memory.action.uses()
    changed = left_out = 0
    for record in records:
        try:
            theirs = from_data(record["template"])
            task = record["task"]
            use = None if task is None else TaskUse(str(task["app"]), int(task["uses"]), int(task["failures"]))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise NotAnExport(f"a task cannot be read ({error})") from error
        ours = known.get(theirs.id)
        if set(theirs.steps) - steps or (ours is not None and ours.steps != theirs.steps):
            left_out += 1
            continue
        made = theirs if ours is None else _both(ours, theirs)
        best = _most(uses.get(theirs.id), use)
        if made != ours:
            memory.experience.put(made)
        if best is not None and best != uses.get(theirs.id):
            memory.action.restore({theirs.id: best}, Marks())
        changed += made != ours or best != uses.get(theirs.id)
    return changed, left_out


def _both(ours: Template, theirs: Template) -> Template:
    """Ours with the wordings and values that only theirs has; verified once either is."""
    known = {(phrasing.pattern(), phrasing.language) for phrasing in ours.phrasings}
    more = tuple(one for one in theirs.phrasings if (one.pattern(), one.language) not in known)
    values = {
        name: tuple(dict.fromkeys((*ours.values.get(name, ()), *theirs.values.get(name, ()))))[:VALUES_KEPT]
        for name in dict.fromkeys((*ours.values, *theirs.values))
    }
    verified = ours.state == "candidate" and theirs.state == "verified"
    return replace(
        ours, phrasings=(*ours.phrasings, *more), values=values, uses=max(ours.uses, theirs.uses),
        failures=max(ours.failures, theirs.failures), state="verified" if verified else ours.state,
    )  # fmt: skip


def _most(ours: TaskUse | None, theirs: TaskUse | None) -> TaskUse | None:
    if ours is None or theirs is None:
        return ours or theirs
    return TaskUse(ours.app, max(ours.uses, theirs.uses), max(ours.failures, theirs.failures))


def _merge_marks(memory: Memory, records: Sequence[Mapping[str, Any]]) -> int:
    before = memory.action.marks()
    blocked = frozenset(str(record["blocked"]) for record in records if "blocked" in record)
    misled = frozenset(
        tuple(map(str, record["misled"])) for record in records if isinstance(record.get("misled"), list)
    )
    memory.action.restore({}, Marks(blocked, misled))
    now = memory.action.marks()
    return len(now.blocked - before.blocked) + len(now.misled - before.misled)
