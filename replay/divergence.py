"""Where a run parted from its recording: expected beside seen, the closest element with what differed, what was tried.

Made from a player's `Divergence` while the run is at hand, or later from the note its journal holds. With the trace the
recipe was taught in, the screen as it was shown then stands beside the one that was seen. As data, text and JSON. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from perception.errors import PerceptionError
from perception.screen import Screen
from replay.commands import Divergence
from replay.slots import fill
from replay.timeline import Timeline, timeline
from replay.trace import Note, Trace

_LOOKS = {
    "target": "the thing to act on", "before": "what must hold before the step", "after": "the effect of the step",
    "focus": "the focus in the field", "blank": "a form as empty as it was", "screen": "the app's own screen",
}  # fmt: skip
_TEXTS_MAX = 12
_WIDE = 46


@dataclass(frozen=True, slots=True)
class Parting:
    """A divergence told. `closest` is as `replay.explain.candidate_to_data` gives it; {} if nothing came close.

    `then` is the screen as it was taught, `now` the one that was seen; None where they were not recorded.
    """

    index: int
    says: str
    expected: str
    wanted: str
    seen: str
    closest: Mapping[str, Any] = field(default_factory=dict)
    candidates: tuple[str, ...] = ()
    tried: tuple[str, ...] = ()
    then: Screen | None = field(default=None, repr=False)
    now: Screen | None = field(default=None, repr=False)
    then_number: int | None = None
    now_number: int | None = None

    @property
    def differing(self) -> tuple[tuple[str, str, str], ...]:
        """Of the closest element: the pieces of evidence that do not agree, as (piece, wanted, found)."""
        evidence = self.closest.get("evidence", ())
        rows = [tuple(map(str, row)) for row in evidence if isinstance(row, list | tuple) and len(row) == 4]
        return tuple((piece, wanted, found) for piece, verdict, wanted, found in rows if verdict != "agrees")

    def to_data(self) -> dict[str, Any]:
        """As plain JSON data; of the screens the texts they show."""
        return {
            "step": self.index + 1,
            "says": self.says,
            "expected": self.expected,
            "wanted": self.wanted,
            "seen": self.seen,
            "closest": dict(self.closest),
            "differs": [{"piece": piece, "wanted": wanted, "found": found} for piece, wanted, found in self.differing],
            "candidates": list(self.candidates),
            "tried": list(self.tried),
            "screen_then": None if self.then is None else _texts(self.then),
            "screen_now": None if self.now is None else _texts(self.now),
        }

    def to_text(self) -> str:
        """For a terminal: expected beside seen."""
        lines = [f"Step {self.index + 1}, {self.says}: {_LOOKS.get(self.expected, self.expected)} is not there."]
        lines += [f"  expected  {self.wanted or '(not said)'}", f"  seen      {self.seen}"]
        if self.closest:
            lines.append(f"  closest   {self.closest.get('name', '?')} (score {self.closest.get('score', '?')})")
            if ruled_out := self.closest.get("ruled_out"):
                lines.append(f"            not it, because {ruled_out}")
        lines += [f"            {piece}: {found!r} instead of {wanted!r}" for piece, wanted, found in self.differing]
        if self.candidates:
            lines.append(f"  could be  {', '.join(self.candidates)}")
        lines += [f"  tried     {one}" for one in self.tried]
        if self.then is not None or self.now is not None:
            lines += ["", *_beside(self.then, self.now)]
        return "\n".join(lines)


def parting_of(divergence: Divergence, says: str, taught: Trace | None = None) -> Parting:
    """From the player's own word. `says` is the step with this run's values."""
    return _parting(divergence.to_data(), says, divergence.screen, None, None if taught is None else timeline(taught))


def parting_in(run: Timeline, taught: Timeline | None = None) -> Parting | None:
    """From the journal of a run; None if it did not diverge."""
    note = run.divergence
    if note is None or not isinstance(note.data, Mapping):
        return None
    number = note.data.get("screen")
    number = number if isinstance(number, int) else None
    return _parting(note.data, _says_in(run, note, taught), run.screens.get(number), number, taught)


def _parting(
    data: Mapping[str, Any], says: str, now: Screen | None, now_number: int | None, taught: Timeline | None
) -> Parting:
    index = data.get("index")
    index = index if isinstance(index, int) else 0
    expected = str(data.get("expected", ""))
    number = _number_then(taught, index, expected)
    closest = data.get("closest")
    return Parting(
        index=index, says=says, expected=expected, wanted=str(data.get("wanted", "")), seen=str(data.get("seen", "")),
        closest=closest if isinstance(closest, Mapping) else {}, candidates=_words(data.get("candidates")),
        tried=_words(data.get("tried")), then=taught.screens.get(number) if taught else None, now=now,
        then_number=number, now_number=now_number,
    )  # fmt: skip


def _number_then(taught: Timeline | None, index: int, expected: str) -> int | None:
    moments = () if taught is None else taught.moments
    moment = next((moment for moment in moments if moment.index == index), None)
    if moment is None:
        return None
    return moment.after if expected == "after" else moment.before


def _says_in(run: Timeline, note: Note, taught: Timeline | None) -> str:
    """The step in words, with the values of the run."""
    for told in (run, taught):
        for moment in () if told is None else told.moments:
            if moment.index == note.data.get("index"):
                return moment.says if told is run or moment.step is None else _filled(moment.step.says, run)
    return str(note.data.get("step_id", "?"))


def _filled(says: str, run: Timeline) -> str:
    try:
        return fill(says, run.trace.header.values)
    except PerceptionError:
        return says


def _words(said: object) -> tuple[str, ...]:
    return tuple(map(str, said)) if isinstance(said, list | tuple) else ()


def _texts(screen: Screen) -> list[str]:
    said = (one.text or one.description for one in screen.visible_elements() if not one.password)
    return list(dict.fromkeys(text for text in said if text))


def _beside(then: Screen | None, now: Screen | None) -> list[str]:
    """What both screens say, in two columns; what only one says is marked."""
    left = ["(not recorded)"] if then is None else _texts(then)
    right = ["(not recorded)"] if now is None else _texts(now)
    rows = [f"  {'shown when taught':{_WIDE}}  seen now"]
    marked = [
        [f"{'  ' if text in others or not known else mark + ' '}{text}" for text in texts]
        for texts, others, mark, known in ((left, set(right), "-", now), (right, set(left), "+", then))
    ]
    for number in range(min(_TEXTS_MAX, max(map(len, marked)))):
        one, other = (column[number] if number < len(column) else "" for column in marked)
        rows.append(f"  {_cut(one):{_WIDE}}  {_cut(other)}")
    if (more := max(map(len, marked)) - _TEXTS_MAX) > 0:
        rows.append(f"  … and {more} more")
    return rows


def _cut(text: str) -> str:
    plain = " ".join(text.split()) if not text.startswith("  ") else "  " + " ".join(text.split())
    return plain if len(plain) <= _WIDE else plain[: _WIDE - 1] + "…"
