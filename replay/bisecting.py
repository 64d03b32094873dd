"""Where a bad run first parts from a good one. Pure.

Both are recordings, so nothing has to be tried: the steps are walked in order and the first whose deed, element, result
or page after it differs is the answer. Values differ from run to run and do not count.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from perception.identity import identity, same_page
from replay.diffing import Change, apps_of, changes_between, signature
from replay.divergence import Parting, parting_in
from replay.timeline import Moment, Timeline, timeline
from replay.trace import Trace


@dataclass(frozen=True, slots=True)
class Parted:
    """The first step where two runs part. `number` counts from 1; 0 if they never do.

    `good` and `bad` are the steps in words, "" where a run had ended. `parting` is the bad run's own divergence, if
    that is where it stopped.
    """

    number: int
    why: str
    good: str = ""
    bad: str = ""
    last_common: str = ""
    changes: tuple[Change, ...] = ()
    parting: Parting | None = None

    def to_data(self) -> dict[str, Any]:
        """As plain JSON data."""
        return {
            "step": self.number, "why": self.why, "good": self.good, "bad": self.bad, "last_common": self.last_common,
            "changes": [dataclasses.asdict(change) for change in self.changes],
            "divergence": None if self.parting is None else self.parting.to_data(),
        }  # fmt: skip

    def to_text(self) -> str:
        """For a terminal."""
        if not self.number:
            return self.why
        lines = [f"They part at step {self.number}: {self.why}."]
        lines += [f"  good  {self.good or '(had ended)'}", f"  bad   {self.bad or '(had ended)'}"]
        lines += [f"        {change.what}: {change.a!r} -> {change.b!r}" for change in self.changes]
        if self.last_common:
            lines.append(f"  last step they share: {self.last_common}")
        return "\n".join(lines) + ("" if self.parting is None else f"\n\n{self.parting.to_text()}")


def bisect(good: Trace, bad: Trace) -> Parted:
    """The first step where the bad run is another than the good one."""
    a, b = timeline(good), timeline(bad)
    parting = parting_in(b, a)
    apps = apps_of(a), apps_of(b)
    if apps[0] and apps[1] and not set(apps[0]) & set(apps[1]):
        return Parted(1, f"they are runs of two apps, {', '.join(apps[0])} and {', '.join(apps[1])}")
    common = ""
    for number, (one, other) in enumerate(zip_longest(a.moments, b.moments), 1):
        if why := _why(a, one, b, other):
            here = parting if parting is not None and parting.index + 1 == number else None
            changes = changes_between(one, other) if one is not None and other is not None else ()
            ended = here.says if here is not None and other is None else ""
            return Parted(
                number, why, good=one.says if one else "", bad=other.says if other else ended, last_common=common,
                changes=changes, parting=here,
            )  # fmt: skip
        common = "" if one is None else one.says
    return Parted(0, f"They do not part: all {len(a.moments)} steps are the same and led to the same pages.")


def _why(a: Timeline, one: Moment | None, b: Timeline, other: Moment | None) -> str:
    """Why two steps are not the same; "" if they are."""
    if one is None:
        return "the good run had ended, and the bad one went on"
    if other is None:
        return "the bad run did not come this far"
    if signature(one) != signature(other):
        return "another step was done"
    if (one.result in ("done", "skipped")) != (other.result in ("done", "skipped")):
        return f"it was {one.result} in the good run and {other.result} in the bad one"
    both = zip(one.checks, other.checks, strict=False)
    if lost := [check.says for check, now in both if check.holds and now.holds is False]:
        return f"a check no longer holds: {lost[0]}"
    then, now = a.screens.get(one.after), b.screens.get(other.after)
    if then is None or now is None or then.source_hash == now.source_hash:
        return ""
    if not same_page(identity(then), identity(now)):
        return f"it led to another page ({now.activity.rpartition('.')[2] or now.package})"
    return ""
