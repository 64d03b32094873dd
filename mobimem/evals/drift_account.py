"""The phone's own account of what a run changed: every table, document and setting, before and after.

Nothing here knows of recipes, checks or our own record. Rows are compared column by column; what says no result (dates,
ids) is left out by name and nothing else is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from device.virtual.phone import VirtualPhone
from mobimem.evals.drift_task import ANY, PASSING, Change, Row

LEFT_OUT: Final = {  # of the phone's store, with the reason; all else is compared
    "settings": "read through phone.settings, which knows the factory's values too",
    "packages.permissions.*=False": "how a question in the way is answered; a granted permission counts",
}
NAMESPACES: Final = ("system", "secure", "global")
_REFUSED: Final = re.compile(r"packages\.permissions\..*")


@dataclass(frozen=True, slots=True)
class Fact:
    """One row of a table (`what` are its columns), one leaf of a document or one setting (one nameless column)."""

    where: str
    what: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        if len(self.what) == 1 and not self.what[0][0]:
            return f"{self.where}={self.what[0][1]}"
        return f"{self.where}: " + "; ".join(f"{key}={value}" for key, value in self.what)


@dataclass(frozen=True, slots=True)
class Difference:
    """What is there now and was not, and the other way round."""

    more: tuple[Fact, ...] = ()
    less: tuple[Fact, ...] = ()

    def __str__(self) -> str:
        said = [f"+ {one}" for one in self.more] + [f"- {one}" for one in self.less]
        return "; ".join(said) or "nothing"


def facts(phone: VirtualPhone, *, passing: frozenset[str] = PASSING) -> Counter[Fact]:
    """All rows, documents and settings; a multiset, since two rows may say the same."""
    said: Counter[Fact] = Counter()
    for name in phone.store.names():
        document = phone.store.document(name)
        if isinstance(document, dict) and set(document) == {"next", "rows"}:
            said.update(_row(name, row, passing) for row in document["rows"])
        elif name not in LEFT_OUT:
            said.update(one for one in _leaves(name, document) if not _refused(one))
    for namespace in NAMESPACES:
        for key, value in phone.settings.all(namespace).items():
            said[Fact(f"{namespace}.{key}", (("", value),))] += 1
    return said


def difference(before: Counter[Fact], after: Counter[Fact]) -> Difference:
    """What is there now and was not before, and the other way round; each as often as it differs."""
    return Difference(tuple((after - before).elements()), tuple((before - after).elements()))


def trouble(change: Change, changed: Difference, phone: VirtualPhone, *, whole: bool) -> str:
    """In what the changes are not those asked for; "" if they are: all of them (`whole`), or some and nothing else."""
    missing, more, less = [], list(changed.more), list(changed.less)
    for sign, wanted, left in (("+", change.added, more), ("-", change.removed, less)):
        for table, row in wanted:
            hit = next((one for one in left if _is_row(one, table, row)), None)
            if hit is None:
                missing.append(f"{sign} {table} {row}")
            else:
                left.remove(hit)
    for name, value in change.settings.items():
        if not _taken(name, value, more, less):
            missing.append(f"{name}={value}")
    for name, holds in change.documents.items():
        touched = [one for one in (*more, *less) if _under(one, name)]
        if not holds(phone.store.document(name)):
            missing.append(name)
        else:
            more, less = _without(more, touched), _without(less, touched)
    if not whole:
        left_behind = [one for one in (*more, *less) if any(_under(one, name) for name in change.drafts)]
        more, less = _without(more, left_behind), _without(less, left_behind)
    if more or less:
        return f"not asked for: {Difference(tuple(more), tuple(less))}"
    if whole and missing:
        return f"not done: {'; '.join(missing)}"
    return _not_shown(change, phone) if whole else ""


def _taken(name: str, value: str, more: list[Fact], less: list[Fact]) -> bool:
    """Takes a setting's asked value, and the one it replaced, from what is left; any other value stays there."""
    for one in more:
        if one.where == name and one.what[0][1] in value.split("|"):
            more.remove(one)
            less[:] = [other for other in less if other.where != name]
            return True
    return False


def _not_shown(change: Change, phone: VirtualPhone) -> str:
    frame = phone.windows.frame()
    boxes = [box for window in frame.windows for box in window.root.walk()]
    for key, words in change.shown.items():
        said = [box.view.text for box in boxes if box.path and box.path[-1] == key]
        if words not in said:
            return f"{key} says {said} and not {words!r}"
    front = phone.windows.current()[0]
    return f"{front} is in front and not {change.front}" if change.front and front != change.front else ""


def _row(table: str, row: Row, passing: frozenset[str]) -> Fact:
    return Fact(table, tuple(sorted((key, repr(value)) for key, value in row.items() if key not in passing)))


def _is_row(one: Fact, table: str, row: Row) -> bool:
    columns = dict(one.what)
    return (
        one.where == table
        and set(columns) == set(row)
        and all(value is ANY or columns[key] == repr(value) for key, value in row.items())
    )


def _leaves(name: str, value: Any) -> Iterator[Fact]:
    """All that a document says, one by one; an empty one says nothing, as one that is not there."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(f"{name}.{key}", inner)
    else:
        yield Fact(name, (("", repr(value)),))


def _refused(one: Fact) -> bool:
    return bool(_REFUSED.fullmatch(one.where)) and one.what[0][1] == "False"


def _under(one: Fact, name: str) -> bool:
    return one.where == name or one.where.startswith(f"{name}.")


def _without(facts: Iterable[Fact], gone: list[Fact]) -> list[Fact]:
    return [one for one in facts if one not in gone]
