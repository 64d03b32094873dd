"""The data of experience memory: phrasings with slots, templates, and the answer to "do I know these words?".

A phrasing is an example and the places in it that change; everything else is derived from that, so a better reader or
a larger lexicon serves what was learnt before. Steps are referred to, never held (action memory is their home).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from memory.text.values import ValueKind

State = Literal["candidate", "verified", "stale"]
FORM: Final = 1  # moves when the plain data changes its form
VALUES_KEPT: Final = 64  # values remembered for a slot: enough to know a value again, bounded for a life of use


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a phrasing's example that changes: `words[start:end]`.

    `opaque`: the value is set off (quotes, a colon, a closing free text), so what stands inside is no word of the task.
    `features` are the structures values had so far (`memory.experience.fits`); a new structure is not swallowed.
    """

    name: str
    start: int
    end: int
    kind: ValueKind
    opaque: bool = False
    features: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Phrasing:
    """One wording of a task: the words of an example and its slots in the order they stand there."""

    words: str
    slots: tuple[Slot, ...]
    language: str
    app: str = ""
    shown: tuple[tuple[str, str, str], ...] = ()  # (text, role, name) of the run, to read it again with more knowledge

    def pattern(self) -> str:
        """The phrasing as people write it: `text {contact} that {message}`."""
        made, at = "", 0
        for slot in self.slots:
            made += f"{self.words[at : slot.start]}{{{slot.name}}}"
            at = slot.end
        return made + self.words[at:]


@dataclass(frozen=True, slots=True)
class Part:
    """A sub-task of a template: another template by its id, and what stands in its slots.

    `values`: slot -> a text in which `{name}` is a slot of the whole or a result of an earlier part. `results`: what
    the others call a result -> what this part's own steps call it.
    """

    task: str
    values: Mapping[str, str] = field(default_factory=dict)
    results: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Template:
    """A task: its wordings, and by reference the steps that do it. `values` are those seen in each slot.

    A task of several sub-tasks has `parts`, in order, and no steps of its own.
    """

    id: str
    phrasings: tuple[Phrasing, ...]
    app: str = ""
    steps: tuple[str, ...] = ()
    state: State = "candidate"
    uses: int = 1
    failures: int = 0
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()

    @property
    def slots(self) -> tuple[str, ...]:
        """Every slot's name, in the order of the first phrasing that names it."""
        return tuple(dict.fromkeys(slot.name for phrasing in self.phrasings for slot in phrasing.slots))

    def seeing(self, values: Mapping[str, str]) -> Template:
        """The template after these values were used once more."""
        seen = {name: tuple(dict.fromkeys((values[name], *self.values.get(name, ()))))[:VALUES_KEPT] for name in values}
        return replace(self, uses=self.uses + 1, values={**self.values, **seen})


@dataclass(frozen=True, slots=True)
class Match:
    """These words are that task with those values.

    `values` are raw, in the order they stand in the words; `kinds` their types. `exact`: nothing rested on lexicon or
    filler. `loops` names the words or slots that stand for several things: replay them as a loop, never with the
    recorded number of steps. `confidence` is calibrated: of answers at p about p are right (`memory.experience.trust`).
    `told`: the last value is all that was said after a name whose end is sure (`memory.experience.told`).
    """

    template: str
    phrasing: int
    values: Mapping[str, str]
    kinds: Mapping[str, ValueKind]
    confidence: float
    exact: bool
    reasons: tuple[str, ...]
    loops: tuple[str, ...] = ()
    told: bool = False


@dataclass(frozen=True, slots=True)
class Miss:
    """These words are no known task. `nearest` came closest, `unexplained` is what spoke against it. `readings`: it is
    `nearest`, with the values of one of these ways to read it; only the owner knows which."""

    reasons: tuple[str, ...]
    nearest: str = ""
    unexplained: tuple[str, ...] = ()
    score: float = 0.0
    readings: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Joined:
    """These words are several known tasks, in this order."""

    parts: tuple[Match, ...]
    confidence: float
    reasons: tuple[str, ...]


def merged(phrasings: tuple[Phrasing, ...], place: int, new: Phrasing) -> tuple[Phrasing, ...]:
    """The known phrasing with what this example's values add: their structures are allowed from now on."""
    old = phrasings[place]
    slots = tuple(
        replace(
            slot,
            features=slot.features | fresh.features,
            opaque=slot.opaque or fresh.opaque,
            kind=slot.kind if slot.kind == fresh.kind else "text",
        )
        for slot, fresh in zip(old.slots, new.slots, strict=True)
    )
    return (*phrasings[:place], replace(old, slots=slots), *phrasings[place + 1 :])


def to_data(template: Template) -> dict[str, Any]:
    """The template as plain JSON data; `from_data` reads it."""
    return {
        "form": FORM,
        "id": template.id,
        "app": template.app,
        "steps": list(template.steps),
        "state": template.state,
        "uses": template.uses,
        "failures": template.failures,
        "values": {name: list(values) for name, values in template.values.items()},
        "parts": [
            {"task": part.task, "values": dict(part.values), "results": dict(part.results)} for part in template.parts
        ],
        "phrasings": [
            {
                "words": phrasing.words,
                "language": phrasing.language,
                "app": phrasing.app,
                "shown": [list(item) for item in phrasing.shown],
                "slots": [
                    [slot.name, slot.start, slot.end, slot.kind, slot.opaque, sorted(slot.features)]
                    for slot in phrasing.slots
                ],
            }
            for phrasing in template.phrasings
        ],
    }


def from_data(data: Mapping[str, Any]) -> Template:
    """Reads what `to_data` made.

    Raises:
        ValueError: another form, or something that does not fit.
    """
    if data.get("form") != FORM:
        raise ValueError(f"this is no template of form {FORM} but {data.get('form')!r}")
    try:
        return Template(
            id=data["id"],
            app=data["app"],
            steps=tuple(data["steps"]),
            state=data["state"],
            uses=int(data["uses"]),
            failures=int(data["failures"]),
            values={name: tuple(values) for name, values in data["values"].items()},
            parts=tuple(  # none where it was kept before there were any
                Part(str(part["task"]), dict(part["values"]), dict(part["results"])) for part in data.get("parts", ())
            ),
            phrasings=tuple(
                Phrasing(
                    words=row["words"],
                    language=row["language"],
                    app=row["app"],
                    shown=tuple((str(text), str(role), str(name)) for text, role, name in row["shown"]),
                    slots=tuple(Slot(n, int(s), int(e), k, bool(o), frozenset(f)) for n, s, e, k, o, f in row["slots"]),
                )
                for row in data["phrasings"]
            ),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"the template lacks or garbles {error}") from error
