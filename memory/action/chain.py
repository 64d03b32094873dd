"""ActChain: segments of steps that several tasks share, wherever in a task they stand.

A segment is known by the steps before it: after "click add to cart" every task so far went on with "click confirm".
It is reused in the middle or at the end of a task that no prefix explains - only if tasks that came there in different
ways agree, none differs, and neither the steps before nor the step itself hold a value.
Source: AgentRR's ActChain reuses a segment only where its filled text is identical; here it has slots.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Final

from memory.action.forms import read_off, slots_of

CONTEXT_MAX: Final = 3  # steps before a segment that are compared; the longest that agree decide
ORIGINS_MIN: Final = 2  # different ways tasks came to the segment: tasks that share the whole prefix are one witness


class ActChain:
    """Contexts of up to CONTEXT_MAX steps and what followed them, by task."""

    def __init__(self, form_of: Callable[[str], str]) -> None:
        self._form_of = form_of
        self._next: dict[tuple[str, ...], dict[str, set[tuple[str, str]]]] = defaultdict(lambda: defaultdict(set))
        self._by_last: dict[str, set[tuple[str, ...]]] = defaultdict(set)

    def __len__(self) -> int:
        return len(self._next)

    def add(self, app: str, steps: Sequence[str], task: str) -> None:
        """Files what follows what in this task."""
        for place in range(1, len(steps)):
            for length in range(1, min(CONTEXT_MAX, place) + 1):
                context = (app, *steps[place - length : place])
                if any(slots_of(self._form_of(step)) for step in context[1:]):
                    break  # "type something" goes on differently in every task
                came_from = steps[place - length - 1] if place > length else ""
                self._next[context][steps[place]].add((task, came_from))
                self._by_last[app].add(context)

    def remove(self, app: str, task: str) -> None:
        """Takes a task's part out."""
        for context in [
            c for c in self._by_last.get(app, ()) if task in {t for takers in self._next[c].values() for t, _ in takers}
        ]:
            following = self._next[context]
            for step in list(following):
                following[step] = {taker for taker in following[step] if taker[0] != task}
                if not following[step]:
                    del following[step]
            if not following:
                del self._next[context]
                self._by_last[app].discard(context)

    def following(self, app: str, done: Sequence[str]) -> str | None:
        """The action every task took after these steps; None if they differ or came in fewer than ORIGINS_MIN ways."""
        fits: dict[int, set[str | None]] = defaultdict(set)
        origins: dict[int, set[str]] = defaultdict(set)
        tasks: dict[int, set[str]] = defaultdict(set)
        for context in self._by_last.get(app, ()):
            length = len(context) - 1
            values: dict[str, str] | None = {}
            for step, action in zip(context[1:], done[-length:], strict=False):
                values = read_off(self._form_of(step), action, values) if values is not None else None
            if values is None or len(done) < length:
                continue
            for step, takers in self._next[context].items():
                form = self._form_of(step)
                fits[length].add(form if not slots_of(form) else None)
                origins[length] |= {origin for _, origin in takers}
                tasks[length] |= {task for task, _ in takers}
        for length in sorted(fits, reverse=True):
            if min(len(origins[length]), len(tasks[length])) >= ORIGINS_MIN:
                return next(iter(fits[length])) if len(fits[length]) == 1 else None
        return None
