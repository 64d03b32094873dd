"""Experience memory: learn a task's words from one run, know them again with other values and in other words.

Learning and matching need no model and no network. An answer to `match` is a `Match`, several tasks `Joined`, or a
`Miss` that says what was not explained. A wrong answer is worse than none: where two readings are equally good, or a
content word is explained by nothing, there is no answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import replace
from functools import partial
from typing import Final

from memory.experience import beside, compose, literal, trust
from memory.experience.compiled import Compiled
from memory.experience.explain import Explained, Unexplained, explain
from memory.experience.fits import ACTS, REJECT, penalty, reason
from memory.experience.index import PhrasingIndex
from memory.experience.induce import Shown, induce, stands_as_tool
from memory.experience.loops import loops_in
from memory.experience.names import Knows, may_name
from memory.experience.rivals import says_more, says_what
from memory.experience.template import Joined, Match, Miss, Phrasing, Template, merged
from memory.experience.unsaid import strange
from memory.text.lexicon import EMPTY, Lexicon, is_foreign, language_of, lexicons
from memory.text.reading import Reading, read, with_name
from memory.text.tokens import TEXT_MAX, levelled, unspaced
from memory.text.values import find_values

LITERAL_TRIED: Final = 32  # phrasings laid word by word over the words
EXPLAINED_TRIED: Final = 6  # phrasings compared by meaning: each costs ~0.3 ms
PHRASINGS_MAX: Final = 24  # wordings kept of one task; the least used leave first

_Near = tuple[str, int, Compiled]
_Found = tuple[float, str, int, Compiled, Explained, Reading]


class ExperienceMemory:
    """Templates in memory, indexed. A store calls `put` on opening and keeps what `learn` returns. Not thread-safe."""

    def __init__(self, languages: Mapping[str, Lexicon] | None = None, *, by_meaning: bool = True) -> None:
        """`languages` and `by_meaning` are for measuring what each part is worth; everyone else leaves them."""
        self._meaning = by_meaning
        self._languages = lexicons() if languages is None else languages
        self._templates: dict[str, Template] = {}
        self._compiled: dict[int, tuple[str, int, Compiled]] = {}
        self._numbers: dict[str, list[int]] = {}
        self._index = PhrasingIndex()
        self._next = 0
        self._apps: set[str] = set()
        self._values: dict[str, int] = {}
        self._edges: dict[str, int] = {}
        self._shown_in: dict[str, set[str]] = {}
        self._names: dict[str, frozenset[str]] = {}
        self._people: dict[str, int] = {}
        self._spoken: dict[str, int] = {}  # phrasings of each language

    # -- what is known -------------------------------------------------------------------------------------------

    def templates(self) -> tuple[Template, ...]:
        return tuple(self._templates.values())

    def template(self, key: str) -> Template:
        """The template of this id.

        Raises:
            KeyError: there is none.
        """
        return self._templates[key]

    def phrasings_of(self, key: str) -> tuple[Compiled, ...]:
        """The template's phrasings, ready for matching; none if there is no such template."""
        return tuple(self._compiled[number][2] for number in self._numbers.get(key, ()))

    def put(self, template: Template) -> None:
        """Takes a template in, in place of the one of the same id."""
        self.forget(template.id)
        self._templates[template.id] = template
        numbers = self._numbers[template.id] = []
        for place, phrasing in enumerate(template.phrasings):
            compiled = Compiled(phrasing, self._lexicon(phrasing.language))
            self._next += 1
            numbers.append(self._next)
            self._compiled[self._next] = (template.id, place, compiled)
            self._index.add(self._next, compiled.index_terms)
            self._count(compiled, +1)
            self._spoken[phrasing.language] = self._spoken.get(phrasing.language, 0) + 1
            if phrasing.app:
                self._apps.add(levelled(phrasing.app))
        for values in template.values.values():
            for value in values:
                self._values[levelled(value)] = self._values.get(levelled(value), 0) + 1
        self._names[template.id] = self._names_in(template)
        for name in self._names[template.id]:
            self._people[name] = self._people.get(name, 0) + 1

    def forget(self, key: str) -> None:
        """Removes a template with all it indexed; no effect if there is none."""
        template = self._templates.pop(key, None)
        for number in self._numbers.pop(key, ()):
            self._index.remove(number)
            compiled = self._compiled.pop(number)[2]
            self._count(compiled, -1)
            self._spoken[compiled.phrasing.language] -= 1
        for values in template.values.values() if template else ():
            for value in map(levelled, values):
                self._values[value] -= 1
                if not self._values[value]:
                    del self._values[value]
        for name in self._names.pop(key, ()):
            self._people[name] -= 1
            if not self._people[name]:
                del self._people[name]

    def _names_in(self, template: Template) -> frozenset[str]:
        """Values of the slots that hold people, levelled."""
        people = {
            slot.name for p in template.phrasings for slot in p.slots if slot.kind == "contact" and not slot.opaque
        }
        for compiled in self.phrasings_of(template.id):
            people |= {compiled.phrasing.slots[compiled.pair[0]].name} if compiled.pair else set()
        return frozenset(levelled(value) for name in people for value in template.values.get(name, ()))

    def _count(self, compiled: Compiled, by: int) -> None:
        for term in compiled.required:
            for idea in term.ideas:
                self._edges[idea] = self._edges.get(idea, 0) + by
                if not self._edges[idea]:
                    del self._edges[idea]

    def _lexicon(self, language: str) -> Lexicon:
        return self._languages.get(language, EMPTY)

    # -- learning ------------------------------------------------------------------------------------------------

    def learn(self, key: str, words: str, shown: Iterable[Shown | str], *, steps: tuple[str, ...] = ()) -> Template:
        """Learns these words of a finished run as a phrasing of the template `key`, and returns the template.

        A new key makes a candidate template. Words the template knows already only count as use. Words that are longer
        than a task can be are kept as an exact phrasing.
        """
        texts = [item if isinstance(item, Shown) else Shown(item) for item in shown]
        lexicon = self._lexicon(language_of(words, self._languages))
        fresh = self._apps_among(key, words, texts)
        phrasing = induce(words[:TEXT_MAX], texts, lexicon, frozenset(self._apps))
        made = self.learn_phrasing(key, phrasing, steps=steps)
        if fresh:
            self._read_again(fresh)
        return made

    def _apps_among(self, key: str, words: str, texts: list[Shown]) -> frozenset[str]:
        """Names that runs of several tasks showed and their words name as a place or tool: apps, as of now.

        Only where nothing is labelled: a run that says which app it opened needs no guess.
        """
        named = {levelled(item.text) for item in texts if item.role == "app"}
        if not named and all(item.role == "unknown" for item in texts):
            lexicon = self._lexicon(language_of(words, self._languages))
            for text in {levelled(item.text) for item in texts}:
                if text in levelled(words) and stands_as_tool(words[:TEXT_MAX], text, lexicon):
                    tasks = self._shown_in.setdefault(text, set())
                    tasks.add(key)
                    if len(tasks) > 1:
                        named.add(text)
        fresh = frozenset(named - self._apps)
        self._apps |= fresh
        return fresh

    def _read_again(self, apps: frozenset[str]) -> None:
        """Phrasings that took one of these apps for a value are induced anew."""
        for template in self.templates():
            if any(levelled(value) in apps for values in template.values.values() for value in values):
                anew = tuple(
                    induce(
                        p.words,
                        [Shown(text, role, name) for text, role, name in p.shown],  # type: ignore[arg-type]
                        self._lexicon(p.language),
                        frozenset(self._apps),
                    )
                    for p in template.phrasings
                )
                names = {slot.name for phrasing in anew for slot in phrasing.slots}
                values = {name: values for name, values in template.values.items() if name in names}
                self.put(replace(template, phrasings=anew, values=values))

    def learn_phrasing(self, key: str, phrasing: Phrasing, *, steps: tuple[str, ...] = ()) -> Template:
        """The same for a phrasing whose slots are known."""
        values = {slot.name: phrasing.words[slot.start : slot.end] for slot in phrasing.slots}
        template = self._templates.get(key)
        if template is None:
            made = Template(key, (phrasing,), phrasing.app, steps, values={n: (v,) for n, v in values.items()})
        else:
            made = replace(template.seeing(values), steps=steps or template.steps)
            same = next((i for i, old in enumerate(made.phrasings) if self._same(old, phrasing)), None)
            if same is None:
                made = replace(made, phrasings=(phrasing, *made.phrasings)[:PHRASINGS_MAX])
            else:
                made = replace(made, phrasings=merged(made.phrasings, same, phrasing))
        self.put(made)
        return made

    def _same(self, old: Phrasing, new: Phrasing) -> bool:
        one, other = (Compiled(p, self._lexicon(p.language)).core for p in (old, new))
        return one == other

    def used(self, match: Match) -> None:
        """Notes that a match was right: its values become known values, structures they have become allowed."""
        template = self._templates[match.template]
        learnt = replace(template.seeing(match.values), state="verified")
        if template.state != learnt.state or any(v not in template.values.get(n, ()) for n, v in match.values.items()):
            self.put(learnt)
        else:
            self._templates[learnt.id] = learnt

    # -- recall --------------------------------------------------------------------------------------------------

    def match(self, words: str, *, knows: Knows | None = None) -> Match | Joined | Miss:
        """Which known task these words are. Never raises: what cannot be a task is a miss with the reason.

        Args:
            knows: whether a text is somebody known; people who stood in a slot before are known without it.
        """
        single = self.match_one(words, knows=knows)
        if isinstance(single, Match) and not single.told:
            return single
        for parts in compose.parts_of(words, self._lexicon(language_of(words, self._languages))):
            matches = [self.match_one(part, knows=knows) for part in parts]
            if all(isinstance(match, Match) for match in matches):
                sure = not (isinstance(single, Miss) and single.readings)
                return compose.joined([m for m in matches if isinstance(m, Match)], sure=sure)
        return single

    def match_one(self, words: str, *, knows: Knows | None = None) -> Match | Miss:
        """The same for words that are one task."""
        if len(words) > TEXT_MAX:
            return Miss((f"{len(words)} characters are no task: at most {TEXT_MAX} are read",))
        reading, near = self._heard(words)
        if not any(term.kind != "mark" for term in reading.terms):
            return Miss(("there are no words",))
        if not near:
            return _unheard(reading)
        literal_answer = self._literally(reading, near)
        if literal_answer is not None:
            return literal_answer
        if not self._meaning:
            return Miss(("no phrasing stands in these words",))
        own = [item for item in near if not is_foreign(words, item[2].lexicon, reading.lexicon)]
        return self._by_meaning(words, own[:EXPLAINED_TRIED], knows)

    def _heard(self, words: str) -> tuple[Reading, list[_Near]]:
        """The words as they are read, and the phrasings near them. A few words tell little of their language: where
        nothing is near, they are read in the other languages that were learnt."""
        first = read(words, self._lexicon(language_of(words, self._languages)))
        if (near := self._near(words, first)) or not self._spoken:
            return first, near
        for language in self._spoken:
            if language != first.lexicon.language and not is_foreign(words, self._lexicon(language), first.lexicon):
                reading = read(words, self._lexicon(language))
                if near := self._near(words, reading):
                    return reading, near
        return first, []

    def _near(self, words: str, reading: Reading) -> list[_Near]:
        ideas = {idea for term in reading.terms for idea in term.ideas}
        if unspaced(words) and (latin := "".join(c if c.isascii() else " " for c in words)).strip():
            mixed = read(latin, self._lexicon(language_of(latin, self._languages)))
            ideas |= {idea for term in mixed.terms for idea in term.ideas}
        return [self._compiled[number] for number in self._index.nearest(ideas, LITERAL_TRIED)]

    def _literally(self, reading: Reading, near: list[tuple[str, int, Compiled]]) -> Match | Miss | None:
        """The phrasing whose fixed parts stand there word by word; of several the one that says most."""
        best: list[tuple[int, int, str, int, Compiled, tuple[literal.Span, ...]]] = []
        turned_down: Miss | None = None
        goals = (literal.squeezed(reading.text), literal.squeezed(reading.text, *reading.stripped))
        for key, place, compiled in near:
            answer = self._laid(reading, goals, compiled)
            if isinstance(answer, str):
                turned_down = turned_down or Miss((answer,), key, (), 0.9, literal.wholly(reading, goals[1], compiled))
            elif answer is not None:
                best.append((-answer[0], compiled.weight, key, place, compiled, answer[1]))
        if not best:
            return turned_down
        best.sort(key=lambda item: item[:2], reverse=True)
        cost, weight, key, place, compiled, spans = best[0]
        for rival in best[1:]:
            if rival[:2] == (cost, weight) and (rival[2] != key):
                return Miss((f"{key} and {rival[2]} explain these words equally",), key, (), 0.9)
        reasons = ["the words stand as they were learnt"] + (["a value is of no known form"] if cost else [])
        sure = trust.literal(-cost)
        return self._match(reading, key, place, compiled, spans=spans, confidence=sure, exact=True, reasons=reasons)

    def _laid(
        self, reading: Reading, goals: tuple[literal.Squeezed, ...], compiled: Compiled
    ) -> tuple[int, tuple[literal.Span, ...]] | str | None:
        """The least penalty and the values' places; a reason if only bad values fit; None if it is another wording."""
        texts = (compiled.whole, compiled.core)
        if compiled.pair is not None and any(not part.strip() for part in compiled.core[1:-1]):
            return None  # nothing stands between the two values: where the one ends is to be found out
        if not any(
            g.text.startswith(parts[0]) and g.text.endswith(parts[-1]) for g, parts in zip(goals, texts, strict=True)
        ):
            return None
        said: str | None = None
        found_values = () if compiled.hosts else find_values(reading.text, reading.lexicon)
        whole = [(value.start, value.end) for value in found_values]
        best: tuple[int, tuple[literal.Span, ...]] | None = None
        for goal, parts in zip(goals, texts, strict=True):
            found = literal.best_split(goal, parts, self._penalty(compiled), reading.text, compiled.opaque, whole=whole)
            if isinstance(found, tuple) and (best is None or found[0] < best[0]):
                best = found
            elif found == "ambiguous":
                said = "the words can be split among the slots in several ways"
            elif found == "rejected":
                said = said or self._why(reading, goal, parts, compiled)
        return best or said

    def _why(self, reading: Reading, goal: literal.Squeezed, parts: tuple[str, ...], compiled: Compiled) -> str:
        test = self._penalty(compiled)
        for spans in literal.splits(goal, parts):
            for number, (start, end) in enumerate(spans):
                if test(number, reading.text[start:end]) >= REJECT:
                    return reason(compiled.phrasing.slots[number], reading.text[start:end], compiled.lexicon)
        return "no value fits"

    def _penalty(self, compiled: Compiled) -> _Penalty:
        return _Penalty(self, compiled)

    def is_known_value(self, value: str) -> bool:
        """Whether this whole value stood in a slot before."""
        return levelled(value) in self._values

    def fixed_ideas(self) -> Set[str]:
        """Ideas of the fixed words of all phrasings."""
        return self._edges.keys()

    def _by_meaning(self, words: str, near: list[tuple[str, int, Compiled]], knows: Knows | None) -> Match | Miss:
        found: list[_Found] = []
        closest = Miss(("no known task is near these words",))
        known = self._values.keys()

        def is_somebody(name: str) -> bool:
            return levelled(name) in self._people or (knows is not None and knows(name))

        for key, place, compiled in near:
            reading = with_name(read(words, compiled.lexicon), compiled.phrasing.app)
            others = [other for n in self._numbers[key] if (other := self._compiled[n][2]) is not compiled]
            settled = partial(self._settled, key, compiled, reading)
            answer = explain(reading, compiled, others=others, known=known, knows=is_somebody, settled=settled)
            if isinstance(answer, Explained):
                seen, tasks = self._templates[key].values, [(one, other) for one, _, other in near if one != key]
                if odd := strange(reading, compiled, answer.spans, seen=seen, known=known, near=tasks):
                    answer = Unexplained((), answer.confidence, odd)
            if isinstance(answer, Explained):
                found.append((answer.confidence, key, place, compiled, answer, reading))
            elif answer.covered > closest.score or (answer.readings and not closest.readings):
                values = tuple(self._values_at(reading, compiled, spans) for spans in answer.readings)
                meant = tuple(one for one in values if not beside.tells_nobody(one, compiled))
                said = "nobody in particular is told" if values and not meant else answer.reason
                closest = Miss((said,), key, answer.words, answer.covered, meant)
        found = self._as_told(found, closest)
        if not found:
            return closest
        found = [one for one in found if not any(_beats(other, one) for other in found)]
        found.sort(key=lambda item: -item[0])
        confidence, key, place, compiled, best, reading = found[0]
        rivals = [item for item in found[1:] if item[1] != key and confidence - item[0] < trust.LEAD_MIN]
        if rivals:
            return Miss((f"{key} and {rivals[0][1]} explain these words equally",), key, (), confidence)
        if confidence < trust.MATCH_MIN:
            return Miss((f"too little of {key} is said", *best.reasons), key, (), confidence)
        reasons = ["every word is explained", *best.reasons]
        sure = trust.meant(confidence)
        return self._match(
            reading, key, place, compiled, spans=best.spans, confidence=sure, exact=False, reasons=reasons,
            told=best.told,
        )  # fmt: skip

    def _settled(self, key: str, compiled: Compiled, reading: Reading, spans: tuple[literal.Span, ...]) -> bool:
        """Whether the task had every one of these values before, each in its slot."""
        seen = self._templates[key].values
        values = self._values_at(reading, compiled, spans).items()
        return all(levelled(value) in map(levelled, seen.get(name, ())) for name, value in values)

    def _as_told(self, found: list[_Found], closest: Miss) -> list[_Found]:
        """Where somebody is told something, only tasks that tell: "tell Bob I'm late" is no search for "Bob I'm late".

        Also where it is open who or what: then no other task takes these words for a value of its own.
        """
        told = [item for item in found if item[4].told]
        if told or not closest.readings:
            return told or found
        return [item for item in found if item[3].pair is not None or says_what(item[5], item[3])]

    def _match(
        self,
        reading: Reading,
        key: str,
        place: int,
        compiled: Compiled,
        *,
        spans: tuple[literal.Span, ...],
        confidence: float,
        exact: bool,
        reasons: list[str],
        told: bool = False,
    ) -> Match | Miss:
        values = self._values_at(reading, compiled, spans)
        kinds = {slot.name: slot.kind for name in values for slot in compiled.phrasing.slots if slot.name == name}
        loops = () if told else loops_in(compiled, values)
        made = Match(key, place, values, kinds, confidence, exact, tuple(reasons), loops, told)
        return beside.settled(made, reading, compiled, spans, known=self.is_known_value, apps=self._apps)

    def _values_at(self, reading: Reading, compiled: Compiled, spans: tuple[literal.Span, ...]) -> dict[str, str]:
        """The values that stand there, by slot, in the order they stand in the words."""
        slots = compiled.phrasing.slots
        order = sorted(range(len(slots)), key=lambda number: spans[number])
        return {slots[n].name: reading.text[spans[n][0] : spans[n][1]] for n in order}


def _beats(one: _Found, other: _Found) -> bool:
    return one[1] != other[1] and says_more(one[4].spans, other[4].spans)


def _unheard(reading: Reading) -> Miss:
    """No known task has any of these words."""
    said = [reading.text[t.start : t.end] for t in reading.terms if not t.free and t.kind not in ("mark", "number")]
    words = tuple(said or (reading.text[t.start : t.end] for t in reading.terms if t.kind != "mark"))
    return Miss((f"none of the words is known: no task has {', '.join(map(repr, words[:5]))}",), "", words)


class _Penalty:
    """How badly a value fits a slot of one phrasing, with what the whole memory knows of values and fixed words."""

    def __init__(self, memory: ExperienceMemory, compiled: Compiled) -> None:
        self._memory, self._compiled = memory, compiled

    def __call__(self, number: int, value: str) -> int:
        slot = self._compiled.phrasing.slots[number]
        known = self._memory.is_known_value(value)
        inner = self._compiled.core[number + 1] != ""
        edges = self._memory.fixed_ideas()
        of_somebody = self._compiled.pair is not None and number == self._compiled.pair[0] and not known
        if of_somebody and not may_name(value, self._compiled.lexicon):
            return REJECT
        if self._compiled.typed[number] and slot.kind == "text":
            slot = replace(slot, features=slot.features | ACTS)
        return penalty(slot, value, self._compiled.lexicon, known=known, edges=edges, inner=inner)
