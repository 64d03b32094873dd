"""The one home of steps: templates, tree edges and chains refer to a step by id, so a repair is seen by all of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class StepRevision:
    """One state of a step. `form` is the action with `{slot}` for values; `data` is the recipe's step, if any."""

    id: str
    revision: int
    form: str
    data: Mapping[str, Any] | None = None
    source: str = ""


class StepBook:
    """Step revisions by id. Equal forms of equal data are one step."""

    def __init__(self) -> None:
        self._revisions: dict[str, list[StepRevision]] = {}

    def __len__(self) -> int:
        return len(self._revisions)

    def revisions(self) -> tuple[StepRevision, ...]:
        """Every revision of every step, each step's oldest first: what a store keeps."""
        return tuple(revision for revisions in self._revisions.values() for revision in revisions)

    def put(self, revision: StepRevision) -> None:
        """Takes up what a store kept; the revisions of a step come in their order."""
        self._revisions.setdefault(revision.id, []).append(revision)

    def add(self, form: str, data: Mapping[str, Any] | None = None, source: str = "") -> str:
        """The id of this step; a new one only if there is no equal one."""
        key = "s" + hashlib.sha256(f"{form}\0{sorted(data.items()) if data else ''}".encode()).hexdigest()[:16]
        self._revisions.setdefault(key, [StepRevision(key, 1, form, data, source)])
        return key

    def current(self, key: str) -> StepRevision:
        """The newest revision.

        Raises:
            KeyError: no such step.
        """
        return self._revisions[key][-1]

    def history(self, key: str) -> tuple[StepRevision, ...]:
        """All revisions, oldest first.

        Raises:
            KeyError: no such step.
        """
        return tuple(self._revisions[key])

    def revise(
        self, key: str, form: str, data: Mapping[str, Any] | None = None, source: str = "repair"
    ) -> StepRevision:
        """A new revision under the same id: whatever refers to the step replays it from now on.

        Raises:
            KeyError: no such step.
        """
        made = StepRevision(key, self.current(key).revision + 1, form, data, source)
        self._revisions[key].append(made)
        return made

    def keep(self, used: frozenset[str]) -> None:
        """Forgets steps nothing refers to any more."""
        for key in self._revisions.keys() - used:
            del self._revisions[key]
