"""Values for the slots of a known task: from its words, and from the profile where the words only point at them.

"text mum …": whoever the profile says that is; where it says nothing, only the owner knows, and the slot stays open.
A name stays what was said. What is known of things - a drink, an address - never stands in for somebody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from memory.learn.steps import app_of, recipe_from, steps_of, typed_slots
from memory.profile.records import Resolved, Situation
from memory.profile.somebody import PEOPLE, Pointing, is_for_somebody, points_at
from memory.profile.vocabulary import plain, vocabulary
from memory.text.people import is_ambiguous_slot, is_app_of_people, is_contact_slot
from memory.text.tokens import levelled, tokenize
from replay.recipe import Recipe

if TYPE_CHECKING:
    from memory.experience.compiled import Compiled
    from memory.experience.template import Slot, Template
    from memory.opening import Memory

SOMEBODY: Final = frozenset(("contact", "phone", "email"))  # kinds of values that are people, or reach them
HABIT: Final = "used in "  # how the profile begins its reason for what recurs
_REACHES: Final = frozenset(("phone", "email"))
_ACTS_ON_PEOPLE: Final = frozenset(
    ("act:call", "act:video_call", "act:block", "act:unblock", "act:invite", "thing:contact", "thing:conversation")
)
_HANDS_OVER: Final = frozenset(("act:send", "act:share", "act:forward", "act:reply", "act:pay"))
_MAKES: Final = frozenset(("act:create", "act:insert", "act:rename"))  # what is typed then is a name of something new


@dataclass(frozen=True, slots=True)
class Filled:
    """A value that does not stand in the words: what was said for it ("" for nothing), what it is, and why."""

    slot: str
    said: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Open:
    """A slot only the owner can fill: nothing is known (`choices` is empty), or several values fit equally.

    `app`: the package its answer for good holds in, "" for every app. `person`: somebody is sought, by words that are
    no name ("mum").
    """

    slot: str
    said: str
    choices: tuple[str, ...] = ()
    app: str = ""
    person: bool = False

    @property
    def asks(self) -> str:
        """The question, without the task it is asked for."""
        if self.choices:
            return f"which is meant by {self.said!r}?" if self.said else f"which {self.slot} is meant?"
        if not self.said:
            return f"{self.slot}?"
        return f"who is {self.said!r}?" if self.person else f"which {self.slot} is {self.said!r}?"


@dataclass(slots=True)
class Filling:
    """Puts values into the slots of one task. `language` is that of the wording that was recognised."""

    memory: Memory
    template: Template
    recipe: Recipe
    situation: Situation
    language: str
    values: dict[str, str] = field(default_factory=dict)
    filled: list[Filled] = field(default_factory=list)
    open: list[Open] = field(default_factory=list)
    confidence: float = 1.0

    def said_for(self, slot: str, said: str) -> None:
        """What was said may be the value itself, or point at it ("mum", "my usual")."""
        if levelled(said) in map(levelled, self.template.values.get(slot, ())):
            self.values[slot] = said  # it was this very value before
            return
        pointing = points_at(said, self.language)
        if self._holds_people(slot) or self._is_told_of_somebody(slot, said, pointing):
            self._somebody(slot, said, pointing)
            return
        chosen = self._is_chosen(slot)
        found = self.memory.profile.resolve(said, situation=self.situation)
        if not (chosen or _held_only(self.template, slot, _REACHES)):  # the owner's own text; only a habit replaces it
            found = [one for one in found if one.reasons[0].startswith(HABIT)]
        found = [one for one in found if not self._is_of_another(slot, one.value)]
        only_owner_knows = chosen and pointing is not None and pointing.usual
        self._take(slot, said, found, otherwise="" if only_owner_knows else said)

    def unsaid(self, slot: str) -> None:
        """Nothing was said: what the owner answered for good, else what recurs here, else a question."""
        found = self.memory.profile.settled(slot, "", situation=self.situation)
        self._take(slot, "", found or self.memory.profile.usual(slot, situation=self.situation), otherwise="")

    def _take(self, slot: str, said: str, found: list[Resolved], *, otherwise: str) -> None:
        """The one value that was found; of several, or with neither it nor `otherwise`, the owner is asked."""
        choices = tuple(dict.fromkeys(one.value for one in found))
        if len(choices) > 1 and said:  # the owner may have said before which of them is meant
            meant = self.memory.profile.settled(slot, said, situation=self.situation)
            if len(meant) == 1 and meant[0].value in choices:
                found, choices = meant, (meant[0].value,)
        if len(choices) > 1:
            self.open.append(Open(slot, said, choices, self.situation.app))
        elif choices:
            self.values[slot] = choices[0]
            self.filled.append(Filled(slot, said, choices[0], found[0].reasons[0]))
            self.confidence *= found[0].confidence
        elif otherwise:
            self.values[slot] = otherwise
        else:
            self.open.append(Open(slot, said, app=self.situation.app))

    # --- somebody ----------------------------------------------------------------------------------------------------

    def _somebody(self, slot: str, said: str, pointing: Pointing | None) -> None:
        """Who is meant: whom a task had by that name, whom the profile or an answer tells, else the owner is asked."""
        if self._used_as_somebody(said):
            self.values[slot] = said
            return
        found = self._people(slot, self.memory.profile.resolve(said, situation=self.situation))
        if pointing is None:
            self._take(slot, said, found, otherwise=said)
            return
        found = found or self._pointed_at(slot, said, pointing)
        if found:
            self._take(slot, said, found, otherwise="")
        else:
            app = self.situation.app if pointing.usual else ""  # who somebody is does not depend on the app
            self.open.append(Open(slot, said, app=app, person=True))

    def _pointed_at(self, slot: str, said: str, pointing: Pointing) -> list[Resolved]:
        profile = self.memory.profile
        if pointing.usual:
            return profile.usual(slot, situation=self.situation) or profile.settled(
                slot, said, situation=self.situation
            )
        if pointing.relation:
            named = profile.resolve(pointing.relation, situation=self.situation)
            if found := self._people(slot, named):
                return found
        if found := profile.settled(slot, said, situation=self.situation):
            return found
        mine = dict.fromkeys((said, pointing.rest) if pointing.relation else (said,))
        aliases = [Resolved(name, 1.0, (f"{word!r} is another name of {name}",), ())
                   for word in mine for name in profile.goes_by(word)]  # fmt: skip
        known = self._used_as_somebody(pointing.rest) if pointing.relation else ""
        return aliases or ([Resolved(known, 1.0, (f"{known!r} was meant before",), ())] if known else [])

    def _people(self, slot: str, found: Iterable[Resolved]) -> list[Resolved]:
        """Those that may be somebody, by what the profile knows them as."""
        return [one for one in found if self._may_be_somebody(slot, one)]

    def _may_be_somebody(self, slot: str, one: Resolved) -> bool:
        fact = self.memory.profile.fact(one.uids[0])
        if fact.kind == "observed":
            return fact.relation == plain(slot)
        words = vocabulary()
        if words.cut(fact.relation.split(), "best")[0][1] is not None:  # "my usual is Oat latte" tells of no person
            return is_for_somebody(fact.relation) or bool(self._used_as_somebody(one.value))
        idea = words.find(fact.relation, "one", "many", "act")
        if idea is None or idea.name in PEOPLE | _REACHES:
            return True
        return bool(self._used_as_somebody(one.value))

    def _used_as_somebody(self, text: str) -> str:
        """The text as some task had it for somebody; "" where none had."""
        if not self.memory.experience.is_known_value(text):
            return ""
        wanted = levelled(text)
        for template in self.memory.experience.templates():
            for slot, values in template.values.items():
                found = next((value for value in values if levelled(value) == wanted), "")
                if found and self._is_for_people(template, slot):
                    return found
        return ""

    def _holds_people(self, slot: str) -> bool:
        """Whether the slot holds people, and not the name of something that the task makes."""
        if not self._is_chosen(slot) and any(_ideas(one) & _MAKES for one in self._wordings(self.template)):
            return False
        return self._is_for_people(self.template, slot)

    def _is_told_of_somebody(self, slot: str, said: str, pointing: Pointing | None) -> bool:
        """ "my sister" is somebody wherever a name is chosen, not only in tasks that are about people."""
        if pointing is None or pointing.relation not in PEOPLE or levelled(pointing.rest) == levelled(said):
            return False
        pairs = [wording for wording in self._wordings(self.template) if wording.pair is not None]
        return not pairs and self._is_chosen(slot) and _held_only(self.template, slot, SOMEBODY)

    def _is_for_people(self, template: Template, slot: str) -> bool:
        unsure = is_ambiguous_slot(slot)
        if is_contact_slot(slot) and not unsure:
            return True
        peoples = is_app_of_people(self._package(template))
        if unsure and (peoples or _held_only(template, slot, SOMEBODY)):
            return True
        return any(
            _is_for_people(wording, place, one, peoples=peoples)
            for wording in self._wordings(template)
            for place, one in enumerate(wording.phrasing.slots)
            if one.name == slot
        )

    def _package(self, template: Template) -> str:
        """The app that the task begins in; "" where its steps are not known."""
        book = self.memory.action.steps
        if not template.steps or book.current(template.steps[0]).data is None:
            return ""
        return app_of(recipe_from(template, steps_of(book, template.steps[:1], template.id)))

    def _wordings(self, template: Template) -> tuple[Compiled, ...]:
        return self.memory.experience.phrasings_of(template.id)

    # --- other slots -------------------------------------------------------------------------------------------------

    def _is_of_another(self, slot: str, value: str) -> bool:
        """Whether another slot of the task had this value before, and this one never: it is of another kind."""
        held = {name for name, values in self.template.values.items() if levelled(value) in map(levelled, values)}
        return bool(held) and slot not in held

    def _is_chosen(self, slot: str) -> bool:
        """Whether the value is sought on the screen, and not typed or keyed in."""
        return not any(slot in typed_slots(step) for step in self.recipe.steps)


def _held_only(template: Template, slot: str, kinds: frozenset[str]) -> bool:
    """Whether the slot held values of these kinds, and no others."""
    held = {one.kind for phrasing in template.phrasings for one in phrasing.slots if one.name == slot}
    return bool(held) and held <= kinds


def _is_for_people(wording: Compiled, place: int, slot: Slot, *, peoples: bool) -> bool:
    """Whether this wording does something to somebody, who stands in this slot. `peoples`: in an app of people."""
    if slot.kind in _REACHES:
        return True
    if wording.pair is not None:
        return place == wording.pair[0]
    if slot.kind != "contact" or slot.opaque:
        return False
    ideas = _ideas(wording)
    if peoples or ideas & _ACTS_ON_PEOPLE:
        return True
    before = [token.key for token in tokenize(wording.phrasing.words[: slot.start]) if token.kind != "mark"][-1:]
    return bool(ideas & _HANDS_OVER) and bool(wording.lexicon.toward.intersection(before))


def _ideas(wording: Compiled) -> frozenset[str]:
    return frozenset(idea for term in wording.required for idea in term.ideas)
