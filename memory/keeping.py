"""What experience and action memory know, as rows of the truth: loaded on opening, written where it changed.

    templates          the plain data of each template, with its task's app, uses and failures
    template_history   earlier states, kept when its life-cycle state, its steps or its wordings changed
    steps              every revision of every step
    marks              words and places at which replay is held back

The tree and the chains are no rows: they follow from the templates' steps. Templates and revisions are immutable, so
what changed is found by identity, without comparing contents.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Column, Connection, Float, Integer, MetaData, String, Table, Text, delete, insert, select, update

from memory.action.marks import Marks, TaskUse
from memory.action.replay import ActionMemory
from memory.action.steps import StepRevision
from memory.errors import StoreDamaged
from memory.experience.recall import ExperienceMemory
from memory.experience.template import Template, from_data, to_data
from memory.learn.queue import BOOK, QUEUE
from memory.texts_in import texts_in

METADATA = MetaData()
TEMPLATES = Table(
    "templates", METADATA,
    Column("id", String(96), primary_key=True),
    Column("place", Integer),
    Column("data", Text),
    Column("app", Text),
    Column("uses", Integer),
    Column("failures", Integer),
    Column("changed_at", Float),
)  # fmt: skip
"""`place` orders them as they were learnt; `uses` is 0 and `app` empty for a template that is no task with steps."""
HISTORY = Table(
    "template_history", METADATA,
    Column("id", Integer, primary_key=True),
    Column("template", String(96)),
    Column("data", Text),
    Column("why", Text),
    Column("until", Float),
)  # fmt: skip
STEPS = Table(
    "steps", METADATA,
    Column("step", String(64), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("form", Text),
    Column("data", Text),
    Column("source", Text),
    Column("recorded_at", Float),
)  # fmt: skip
MARKS = Table("marks", METADATA, Column("kind", String(16), primary_key=True), Column("what", Text, primary_key=True))
HISTORY_KEPT = 32
"""Earlier states kept of one template; a repaired app's tasks change some times a year."""
_IDS_IN_ONE = 400


class Keeping:
    """Knows what the truth holds of one `ActionMemory`, and writes what became different. Not thread-safe."""

    def __init__(self) -> None:
        self._templates: dict[str, Template] = {}
        self._uses: dict[str, TaskUse] = {}
        self._steps: dict[tuple[str, int], StepRevision] = {}
        self._marks = Marks()
        self._place = 0

    def load(self, connection: Connection) -> ActionMemory:
        """Experience and action memory as they were written last.

        Raises:
            StoreDamaged: a row is not what we write.
        """
        experience = ExperienceMemory()
        action = ActionMemory(experience)
        try:
            self._load_steps(connection, action)
            self._load_templates(connection, experience)
            self._marks = _marks(connection)
            action.restore(self._uses, self._marks)
        except (ValueError, KeyError, TypeError) as error:
            raise StoreDamaged(f"a row of the memory's tasks cannot be read ({error})") from error
        return action

    def save(self, connection: Connection, action: ActionMemory, *, now: datetime, why: str = "") -> int:
        """Writes what differs from the last `load` or `save`; the number of rows. Part of the caller's transaction.

        What it notes of itself takes effect with `saved`, after the transaction.
        """
        now_s = now.timestamp()
        return (
            self._save_steps(connection, action, now_s)
            + self._save_templates(connection, action, now_s, why)
            + self._save_marks(connection, action.marks())
        )

    def saved(self, action: ActionMemory) -> None:
        """The transaction of the last `save` is in the file: from here on differences count from this state."""
        self._templates = {template.id: template for template in action.experience.templates()}
        self._uses = action.uses()
        self._steps = {(one.id, one.revision): one for one in action.steps.revisions()}
        self._marks = action.marks()

    # --- reading -----------------------------------------------------------------------------------------------------

    def _load_steps(self, connection: Connection, action: ActionMemory) -> None:
        for row in connection.execute(select(STEPS).order_by(STEPS.c.step, STEPS.c.revision)):
            data = None if row.data is None else json.loads(row.data)
            revision = StepRevision(row.step, row.revision, row.form, data, row.source)
            action.steps.put(revision)
            self._steps[revision.id, revision.revision] = revision

    def _load_templates(self, connection: Connection, experience: ExperienceMemory) -> None:
        for row in connection.execute(select(TEMPLATES).order_by(TEMPLATES.c.place)):
            template = from_data(json.loads(row.data))
            experience.put(template)
            self._templates[template.id] = template
            self._place = max(self._place, row.place)
            if row.uses:
                self._uses[template.id] = TaskUse(row.app, row.uses, row.failures)

    # --- writing -----------------------------------------------------------------------------------------------------

    def _save_steps(self, connection: Connection, action: ActionMemory, now_s: float) -> int:
        now = {(one.id, one.revision): one for one in action.steps.revisions()}
        gone = sorted({key[0] for key in self._steps} - {key[0] for key in now})
        _delete(connection, STEPS, STEPS.c.step, gone)
        rows = [
            {
                "step": one.id, "revision": one.revision, "form": one.form, "source": one.source, "recorded_at": now_s,
                "data": None if one.data is None else json.dumps(dict(one.data), ensure_ascii=False),
            }
            for key, one in now.items()
            if key not in self._steps
        ]  # fmt: skip
        if rows:
            connection.execute(insert(STEPS), rows)
        return len(rows) + len(gone)

    def _save_templates(self, connection: Connection, action: ActionMemory, now_s: float, why: str) -> int:
        uses = action.uses()
        now = {template.id: template for template in action.experience.templates()}
        gone = sorted(self._templates.keys() - now.keys())
        _delete(connection, TEMPLATES, TEMPLATES.c.id, gone)
        _delete(connection, HISTORY, HISTORY.c.template, gone)
        changed = 0
        for key, template in now.items():
            before, use = self._templates.get(key), uses.get(key, TaskUse("", 0, 0))
            if template is before and use == self._uses.get(key, TaskUse("", 0, 0)):
                continue
            row = {
                "data": _text(template), "app": use.app, "uses": use.uses, "failures": use.failures,
                "changed_at": now_s,
            }  # fmt: skip
            if before is None:
                self._place += 1
                connection.execute(insert(TEMPLATES).values(id=key, place=self._place, **row))
            else:
                connection.execute(update(TEMPLATES).where(TEMPLATES.c.id == key).values(**row))
                if _revised(before, template):
                    _keep_history(connection, before, now_s, why)
            changed += 1
        return changed + len(gone)

    def _save_marks(self, connection: Connection, marks: Marks) -> int:
        before, now = set(_mark_rows(self._marks)), set(_mark_rows(marks))
        for kind, what in before - now:
            connection.execute(delete(MARKS).where(MARKS.c.kind == kind, MARKS.c.what == what))
        if now - before:
            connection.execute(insert(MARKS), [{"kind": kind, "what": what} for kind, what in sorted(now - before)])
        return len(before ^ now)


def history(connection: Connection, template: str) -> tuple[Template, ...]:
    """Earlier states of a template, newest first."""
    rows = connection.execute(
        select(HISTORY.c.data).where(HISTORY.c.template == template).order_by(HISTORY.c.id.desc())
    )
    return tuple(from_data(json.loads(row.data)) for row in rows)


def forget_history(connection: Connection, says: Callable[[str], bool]) -> int:
    """Deletes the earlier states of templates whose text is such; how many."""
    rows = connection.execute(select(HISTORY.c.id, HISTORY.c.data)).all()
    gone = [row.id for row in rows if any(map(says, texts_in(row.data)))]
    for start in range(0, len(gone), _IDS_IN_ONE):
        connection.execute(delete(HISTORY).where(HISTORY.c.id.in_(gone[start : start + _IDS_IN_ONE])))
    return len(gone)


def forget_lessons(connection: Connection, says: Callable[[str], bool]) -> int:
    """Lessons that wait and say it go; what the book says of learnt ones is left empty, so that none is learnt again.

    How many there were.
    """
    waiting = connection.execute(select(QUEUE.c.id, QUEUE.c.data)).all()
    gone = [row.id for row in waiting if any(map(says, texts_in(row.data)))]
    told = [row.id for row in connection.execute(select(BOOK.c.id, BOOK.c.says)) if says(row.says)]
    for start in range(0, len(gone), _IDS_IN_ONE):
        connection.execute(delete(QUEUE).where(QUEUE.c.id.in_(gone[start : start + _IDS_IN_ONE])))
    for start in range(0, len(told), _IDS_IN_ONE):
        connection.execute(update(BOOK).where(BOOK.c.id.in_(told[start : start + _IDS_IN_ONE])).values(says=""))
    return len(gone) + len(told)


def places_of(connection: Connection, says: Sequence[Callable[[str], bool]], tasks: Sequence[str]) -> list[str]:
    """Every table of tasks with a row that says it, or that is of one of these tasks: the look after forgetting."""
    found = []
    for table, columns in ((TEMPLATES, ("id", "data")), (HISTORY, ("template", "data")), (STEPS, ("form", "data")),
                           (MARKS, ("what",)), (QUEUE, ("data",)), (BOOK, ("says",))):  # fmt: skip
        rows = connection.execute(select(*(table.c[name] for name in columns))).all()
        said = any(one(part) for row in rows for column in row if column for part in texts_in(column) for one in says)
        if said or (columns[0] in ("id", "template") and any(row[0] in tasks for row in rows)):
            found.append(table.name)
    return found


def _revised(before: Template, now: Template) -> bool:
    wordings = [[phrasing.pattern() for phrasing in one.phrasings] for one in (before, now)]
    return (before.state, before.steps) != (now.state, now.steps) or wordings[0] != wordings[1]


def _keep_history(connection: Connection, before: Template, now_s: float, why: str) -> None:
    connection.execute(insert(HISTORY).values(template=before.id, data=_text(before), why=why, until=now_s))
    kept = select(HISTORY.c.id).where(HISTORY.c.template == before.id).order_by(HISTORY.c.id.desc()).limit(HISTORY_KEPT)
    connection.execute(delete(HISTORY).where(HISTORY.c.template == before.id, HISTORY.c.id.not_in(kept)))


def _text(template: Template) -> str:
    return json.dumps(to_data(template), ensure_ascii=False)


def _marks(connection: Connection) -> Marks:
    rows = connection.execute(select(MARKS.c.kind, MARKS.c.what)).all()
    blocked = frozenset(str(row.what) for row in rows if row.kind == "blocked")
    return Marks(blocked, frozenset(tuple(json.loads(row.what)) for row in rows if row.kind == "misled"))


def _mark_rows(marks: Marks) -> list[tuple[str, str]]:
    misled = [("misled", json.dumps(list(place), ensure_ascii=False)) for place in marks.misled]
    return [("blocked", words) for words in marks.blocked] + misled


def _delete(connection: Connection, table: Table, column: Column[str], keys: Sequence[str]) -> None:
    for start in range(0, len(keys), _IDS_IN_ONE):
        connection.execute(delete(table).where(column.in_(keys[start : start + _IDS_IN_ONE])))
