"""The shipped general lexicon: what everyday words of phone use mean to each other, per language.

A file `words/<language>.txt` has one idea a line: `kind name: word, word, …`. The kinds:

    act, thing, trait   ideas. Words that share one explain each other; a word may belong to several
    filler              says nothing about the task: politeness, and `means` ("using")
    glue                articles, pronouns, auxiliaries: never missed, never in the way
    link                relations (from, to, with): what stands beside a slot and tells it from another
    weak                words that only announce a value or the app ("named", "app")
    split               relations that, inside a value, hint that it is two values
    not                 negations: explain each other where what they negate is the same
    except              negations that take something out ("other than"): explain only each other
    many [name]         quantifying words: explain nothing but themselves and those of the same name
    many any            those that stand for all before a word in the plural only
    plural              endings of the plural
    one                 words that say one without counting ("a photo")
    number N            number words
    app                 words for "app": what stands before one is an app's name
    tool                words an app's name may follow
    channel             things that a verb may name ("to email"); another of them is another task
    verbs_after         words after which an ambiguous word is the verb ("to order")
    nouns               `capital` where common nouns are written with one
    makes               acts that a thing named alone asks for ("a timer for 5 minutes")
    light               verbs without an effect of their own ("make a call")
    within NAME         acts that are part of the act NAME ("create it and save it")
    asks                acts that are questions: the general one adds nothing to the others
    holds NAME          things that are put into the thing NAME by making them ("an appointment": into the calendar)
    container           things that hold others ("the folder Work")
    way                 acts that only lead to the next one ("find it and delete it")
    capital             small words that are always written with one ("I")
    opens               words a free text may begin after
    says                those of them that, right after somebody, begin what is told ("that")
    hands               verbs that hand a message over, so that its noun is no part of it ("send Bob the message …")
    whose               small words that may stand before a name or a message ("my", "a")
    toward              relations to whoever is told something ("to")
    title               words that a name may follow and belong to ("uncle Joe")
    both                words between two who are told something ("and")
    subject             words a sentence begins with ("I", "the"): the name before it has ended
    wonders             words of questions: what begins with one is a text only if it asks
    speaker             words that say who does it, where a statement opens with them ("I", "she")
    inquires            words that open a question ("did", "which")
    condition           words that open a condition ("if", "unless")
    finite              verbs that say how something is ("is", "says"), and order nothing
    relative            words after which such a verb only says which one is meant ("that is called")
    article             words that make a noun of what follows ("the note")
    adverb              words that, at the end of a name, say when, how or how often ("Bob again")
    went                past forms without such an ending ("saw")
    into                words before a thing that something is put into ("add it to the list")
    owner               words that say whose a thing is ("my")
    bare                endings that verbs lose where they order ("buch" for "buche")
    names               verbs that give a name, though they may ask for one ("name")
    past                endings of the past
    elide               small words written onto the next one ("l'alarme")
    clings              words that may say when, why or what for: no text begins with them for sure ("later")
    parting             what makes a time before it a whole sentence ("明天" 见): it begins a text, and says no when
    alike NAME          relations that, after a typed value, say much the same ("near", "close to")
    opposed             two ideas that never explain each other, not even when a phrasing seems to say so
    month … unit        names of times, for `memory.text.values`

The lists are general: made for what people ask of phones, not for any evaluation file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Final

from memory.text.tokens import folded, tokenize, unspaced

IDEAS: Final = ("act", "thing", "trait")
PLAIN: Final = ("filler", "glue", "link", "weak", "not", "many")
_SETS: Final = {
    "one": "ones",
    "plural": "plurals",
    "capital": "capitals",
    "language": "marks_of_language",
    "join": "joins",
    "split": "splits",
    "opens": "opens",
    "light": "light",
    "tool": "tools",
    "verbs_after": "verbs_after",
    "says": "says",
    "hands": "hands",
    "whose": "whose",
    "subject": "subjects",
    "clings": "clings",
    "parting": "partings",
    "wonders": "wonders",
    "toward": "toward",
    "both": "both",
    "speaker": "speakers",
    "inquires": "inquires",
    "condition": "conditions",
    "finite": "finite",
    "relative": "relatives",
    "article": "articles",
    "adverb": "adverbs",
    "names": "names",
    "owner": "owners",
    "into": "into",
    "went": "went",
    "title": "titles",
}  # kinds that are plain sets of words -> where they are kept
STEMS_KEPT: Final = 50_000  # a few MB
MINIMUM_STEM: Final = 3  # letters that must stay when an ending is cut: shorter stems are other words


_NAMED: Final = {
    "way": ("ways", "act"),
    "makes": ("makes", "act"),
    "asks": ("asks", "act"),
    "container": ("containers", "thing"),
    "channel": ("channels", "thing"),
}  # kinds that name ideas -> where they are kept, and of which sort they are


@dataclass(frozen=True, slots=True)
class Entry:
    """What a word or phrase can be: its ideas ("act:create"), and the plain kinds it belongs to."""

    ideas: frozenset[str]
    kinds: frozenset[str]

    @property
    def is_act(self) -> bool:
        return any(idea.startswith("act:") for idea in self.ideas)


NOTHING: Final = Entry(frozenset(), frozenset())


@dataclass(slots=True, eq=False)
class Lexicon:
    """One language's words. Phrases are tuples of token keys; `apart` holds those with a gap ("turn * on")."""

    language: str
    entries: dict[tuple[str, ...], Entry] = field(default_factory=dict)
    apart: dict[tuple[str, ...], list[tuple[tuple[str, ...], Entry]]] = field(default_factory=dict)
    longest: dict[str, int] = field(default_factory=dict)  # first token -> tokens of the longest phrase beginning so
    opposed: set[frozenset[str]] = field(default_factory=set)
    times: dict[str, dict[str, list[str]]] = field(default_factory=dict)  # "month" -> "1" -> words
    numbers: dict[str, int] = field(default_factory=dict)
    marks_of_language: frozenset[str] = frozenset()
    endings: tuple[str, ...] = ()
    restore: tuple[str, ...] = ()
    then: tuple[tuple[str, ...], ...] = ()
    joins: frozenset[str] = frozenset()
    tools: frozenset[str] = frozenset()  # an app's name may follow them
    channels: frozenset[str] = frozenset()  # verbs that name one of these ("text", "email") do not stand for another
    verbs_after: frozenset[str] = frozenset()
    capital_nouns: bool = False  # a capital inside a sentence is then no sign of a name
    ones: frozenset[str] = frozenset()  # they say one without counting
    plurals: frozenset[str] = frozenset()  # endings of words that stand for several
    capitals: frozenset[str] = frozenset()  # a capital is no sign of a name there
    within: dict[str, frozenset[str]] = field(default_factory=dict)  # an act -> acts that are part of it
    holds: dict[str, frozenset[str]] = field(default_factory=dict)  # a thing -> things that are made in it
    asks: frozenset[str] = frozenset()  # questions
    containers: frozenset[str] = frozenset()  # things that hold others
    makes: frozenset[str] = frozenset()  # acts that a thing named alone asks for
    ways: frozenset[str] = frozenset()  # ideas of acts that only lead to the next one
    light: frozenset[str] = frozenset()  # effects that say nothing beside the one their object names
    opens: frozenset[str] = frozenset()  # a free text may begin after them
    app_words: frozenset[tuple[str, ...]] = frozenset()
    app_names: frozenset[str] = frozenset()  # the same as they stand in a reading
    splits: frozenset[str] = frozenset()  # inside a value they hint that it is two
    says: frozenset[str] = frozenset()  # right after somebody they begin what is told
    hands: frozenset[str] = frozenset()  # verbs whose object is the message, not its words
    whose: frozenset[str] = frozenset()  # before a name or the noun of a message
    subjects: frozenset[str] = frozenset()  # a sentence begins with them
    wonders: frozenset[str] = frozenset()  # a text begins with them only if it asks
    clings: frozenset[str] = frozenset()  # they may belong to the task, not to a text
    toward: frozenset[str] = frozenset()  # relations to whoever is told
    partings: frozenset[str] = frozenset()  # after a time they make it a sentence
    titles: frozenset[str] = frozenset()  # a name may follow them
    both: frozenset[str] = frozenset()  # between two who are told
    speakers: frozenset[str] = frozenset()  # words that open a statement with them say who does it
    inquires: frozenset[str] = frozenset()  # words that open with them are a question
    conditions: frozenset[str] = frozenset()  # words that open with them are done only if
    finite: frozenset[str] = frozenset()  # verbs that say how something is
    relatives: frozenset[str] = frozenset()  # after them such a verb only says which thing is meant
    articles: frozenset[str] = frozenset()  # what follows them is a noun, whatever verb it might be
    adverbs: frozenset[str] = frozenset()  # at the end of a name they say when, how or how often
    names: frozenset[str] = frozenset()  # verbs that give a name, though they may also ask for one
    pasts: tuple[str, ...] = ()  # endings of the past
    went: frozenset[str] = frozenset()  # irregular forms of the past
    into: frozenset[str] = frozenset()  # before a thing that something is put into
    owners: frozenset[str] = frozenset()  # they say whose a thing is
    bare: tuple[str, ...] = ()  # endings that verbs lose where they order
    elisions: tuple[str, ...] = ()  # small words written onto the next one
    alike: tuple[frozenset[str], ...] = ()  # relations that say much the same
    _stems: dict[str, str] = field(default_factory=dict)

    def find(self, keys: tuple[str, ...]) -> Entry | None:
        """What this phrase means; a single word also without its ending."""
        found = self.entries.get(keys)
        if found is None and len(keys) == 1:
            stem = self.stem(keys[0])
            return self.entries.get((stem,)) if stem != keys[0] else None
        return found

    def stem(self, word: str) -> str:
        """The word without an ending of this language: a known word if there is one, else just shorter."""
        if word not in self._stems:
            if len(self._stems) > STEMS_KEPT:
                self._stems.clear()
            self._stems[word] = self._stem(word)
        return self._stems[word]

    def _stem(self, word: str) -> str:
        elided = next((part for part in self.elisions if word.startswith(part) and len(word) > len(part)), "")
        if elided:
            rest = word[len(elided) :]
            return rest if (rest,) in self.entries else self._stem(rest)
        for letter in self.bare:
            if len(word) >= MINIMUM_STEM and (verb := self.entries.get((word + letter,))) and verb.is_act:
                return word + letter
        plain = word
        for ending in self.endings:
            if not word.endswith(ending) or len(word) - len(ending) < MINIMUM_STEM:
                continue
            stem = word[: -len(ending)]
            undoubled = (stem[:-1],) if stem[-1] == stem[-2] else ()
            shortened = (f"{stem[:-1]}y",) if stem.endswith("i") else ()
            forms: list[str] = [stem, *(stem + letter for letter in self.restore), *undoubled, *shortened]
            for known in forms:
                if (known,) in self.entries:
                    return known
            if plain == word:
                plain = stem
        return plain

    def tells(self, key: str) -> bool:
        """Whether a verb in this form says what is or was done, and orders nothing: "watched", "saw", "calls"."""
        word = key.split(maxsplit=1)[0]
        return word in self.went or (word.endswith(self.pasts) and self.stem(word) != word)

    def opposes(self, one: frozenset[str], other: frozenset[str]) -> bool:
        """Whether some idea of the one is the opposite of some idea of the other."""
        return any(frozenset((a, b)) in self.opposed for a in one for b in other)


def parse(language: str, text: str) -> Lexicon:
    """Reads a word list.

    Raises:
        ValueError: a line is not `kind name: words`; names the line.
    """
    lexicon = Lexicon(language)
    gathered: dict[tuple[str, ...], tuple[set[str], set[str]]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        head, colon, tail = line.partition(":")
        if not line.strip() or line.startswith("#"):
            continue
        if not colon:
            raise ValueError(f"{language}.txt, line {number}: {line!r} is not `kind name: words`")
        kind, _, name = head.strip().partition(" ")
        words = [word.strip() for word in tail.split(",") if word.strip()]
        _take(lexicon, gathered, kind, name, words)
    for keys, (ideas, kinds) in gathered.items():
        if len(keys) == 2 and keys[1] in lexicon.ones and (verb := gathered.get(keys[:1])):  # "enter a" is "enter"
            ideas |= {idea for idea in verb[0] if idea.startswith("act:")}
        entry = Entry(frozenset(ideas), frozenset(kinds))
        if "*" in keys:
            gap = keys.index("*")
            lexicon.apart.setdefault(keys[:gap], []).append((keys[gap + 1 :], entry))
            lexicon.longest[keys[0]] = max(lexicon.longest.get(keys[0], 0), gap)
        else:
            lexicon.entries[keys] = entry
            lexicon.longest[keys[0]] = max(lexicon.longest.get(keys[0], 0), len(keys))
    for tails in lexicon.apart.values():  # "put * on hold" before "put * on"
        tails.sort(key=lambda tail: -len(tail[0]))
    return lexicon


def _take(
    lexicon: Lexicon,
    gathered: dict[tuple[str, ...], tuple[set[str], set[str]]],
    kind: str,
    name: str,
    words: list[str],
) -> None:
    def gather(phrases: Iterable[str], *, idea: str = "", plain: str = "") -> None:
        for phrase in phrases:
            keys = tuple(token.key for token in tokenize(phrase))
            if keys:
                ideas, kinds = gathered.setdefault(keys, (set(), set()))
                ideas |= {idea} if idea else set()
                kinds |= {plain} if plain else set()

    if kind in IDEAS:
        gather(words, idea=f"{kind}:{name}")
    elif kind == "many" and name:
        gather(words, plain=kind, idea=f"many:{name}")
    elif kind == "except":
        gather(words, plain="not", idea="not:except")
    elif kind in PLAIN:
        gather(words, plain=kind)
    elif kind == "number":
        gather(words, idea=f"number:{name}")
        lexicon.numbers |= {folded(word): int(name) for word in words}
    elif kind == "opposed":
        pair = " ".join([name, *words]).split()
        lexicon.opposed.update(
            frozenset((f"{a}:{pair[0]}", f"{b}:{pair[1]}"))
            for a in (*IDEAS, "link")
            for b in (*IDEAS, "link")
            if len(pair) == 2
        )
    elif kind in _SETS:
        setattr(lexicon, _SETS[kind], frozenset(words))
        gather(words if kind == "join" else (), plain="glue")
    else:
        _keep(lexicon, kind, name, words)


def _keep(lexicon: Lexicon, kind: str, name: str, words: list[str]) -> None:
    """The kinds that are no words to be found in a text but say something of others."""
    if kind in _NAMED:
        attribute, sort = _NAMED[kind]
        setattr(lexicon, attribute, frozenset(f"{sort}:{word}" for word in words))
    elif kind == "within":
        lexicon.within[f"act:{name}"] = frozenset(f"act:{word}" for word in words)
    elif kind == "holds":
        lexicon.holds[f"thing:{name}"] = frozenset(f"thing:{word}" for word in words)
    elif kind == "endings":
        lexicon.endings = tuple(sorted(words, key=len, reverse=True))
    elif kind == "alike":
        lexicon.alike += (frozenset(words),)
    elif kind == "past":
        lexicon.pasts = tuple(words)
    elif kind == "bare":
        lexicon.bare = tuple(words)
    elif kind == "elide":
        lexicon.elisions = tuple(words)
    elif kind == "restore":
        lexicon.restore = tuple(words)
    elif kind == "nouns":
        lexicon.capital_nouns = words == ["capital"]
    elif kind in ("app", "then"):
        phrases = tuple(tuple(token.key for token in tokenize(word)) for word in words)
        if kind == "app":
            lexicon.app_words = frozenset(phrases)
            lexicon.app_names = frozenset(" ".join(keys) for keys in phrases)
        else:
            lexicon.then = phrases
    else:
        lexicon.times.setdefault(kind, {}).setdefault(name, []).extend(words)


@cache
def lexicons() -> Mapping[str, Lexicon]:
    """All shipped languages by their code. Read once."""
    folder = files("memory.text") / "words"
    return {
        item.name[:-4]: parse(item.name[:-4], item.read_text("utf-8"))
        for item in sorted(folder.iterdir(), key=lambda item: item.name)
        if item.name.endswith(".txt")
    }


FOREIGN: Final = 2  # words of another language's commonest ones, and none of one's own


def is_foreign(text: str, own: Lexicon, read_as: Lexicon) -> bool:
    """Whether a text that reads as another language has none of this language's commonest words."""
    if own.language == read_as.language or not own.marks_of_language:
        return False
    keys = {token.key for token in tokenize(text[:400])}
    return len(keys & read_as.marks_of_language) >= FOREIGN and keys.isdisjoint(own.marks_of_language)


EMPTY: Final = Lexicon("")  # no words at all: everything must be equal


def language_of(text: str, given: Mapping[str, Lexicon] | None = None) -> str:
    """The code of the language whose commonest words these are; signs of an unspaced script decide alone.

    Words without any hint count as English if that is there, else as the first language.
    """
    known = lexicons() if given is None else given
    if not known:
        return ""
    keys = [token.key for token in tokenize(text[:400])]
    signs = sum(unspaced(key) for key in keys)
    if signs and "zh" in known:
        return "zh"
    score = {code: sum(key in lexicon.marks_of_language for key in keys) for code, lexicon in known.items()}
    best = max(score.values())
    likely = [code for code in known if score[code] == best]
    if len(likely) > 1:  # few words: then those the lexicon knows tell
        knows = {code: sum(known[code].find((key,)) is not None for key in keys) for code in likely}
        likely = [code for code in likely if knows[code] == max(knows.values())]
    return "en" if "en" in likely else likely[0]
