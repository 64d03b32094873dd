"""What may run by itself, what is asked, what is refused: rules and a step in, a verdict out. Pure.

A rule fits a step by recipe, step, values, app, side effect, contact and amount. Of all rules that fit, the strictest
decides: refuse before ask before run. What no rule allows runs if it can be undone, and is `otherwise` if it cannot.

What was read - from the screen, of a target found again, from a model - only ever makes a verdict stricter: a rule that
allows fits by what the owner's task is made of (recipe, values, app), while one that asks or refuses also fits by what
the screen says. An amount that cannot be read, or that is in another currency than the rule's, is asked about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Final, Literal, TypeAlias, get_args

from memory.text.people import is_contact_slot
from mobimem.policy.amounts import Amount, Amounts, money_of
from perception.words import contains, normal
from replay.recipe import SideEffect

Answer: TypeAlias = Literal["run", "ask", "refuse"]
ANY: Final = "*"
CLASSES: Final[tuple[SideEffect, ...]] = get_args(SideEffect)
_STRICTNESS: Final[dict[Answer, int]] = {"run": 0, "ask": 1, "refuse": 2}


@dataclass(frozen=True, slots=True)
class Deed:
    """A step that is about to be done, with what is known about it.

    Args:
        app: package it is done in; "" if that is not known.
        step: the step's id. says: the step in words, slots not filled in.
        values: by slot. slots: all slots of the recipe.
        screen: texts on the screen; None where they were asked for and could not be read.
        meant: memory had to understand the words, or to fill in a value.
        changed: its target was found again by healing. decided: a model chose it.
    """

    recipe: str
    step: str
    says: str
    side_effect: SideEffect
    values: Mapping[str, str] = field(default_factory=dict)
    slots: frozenset[str] = frozenset()
    app: str = ""
    screen: tuple[str, ...] | None = ()
    meant: bool = False
    changed: bool = False
    decided: bool = False

    @property
    def for_good(self) -> bool:
        """Whether what it does cannot be undone."""
        return self.side_effect == "irreversible"

    @property
    def money(self) -> Amounts:
        """The amounts of money that its values and the screen name."""
        return money_of(self.values.values(), self.screen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. A condition that is empty holds for everything.

    Args:
        recipe, step: a recipe's name, and its step as `mobimem replay show` prints it or the step's id.
        values: what slots hold; "*" is anything. A rule that allows a recipe's step names every slot of the recipe.
        app: a package, with * for any part. side_effect: a step's class; None: every class for a rule that refuses,
            and what cannot be undone for one that asks or allows.
        contact: a person. Allows by the slots that hold one; asks and refuses wherever the name stands.
        up_to: allows amounts up to this one. above: asks or refuses beyond this one.
        by_meaning: allows also where memory had to understand the words, or to fill in a value.
        name: which entry of which list it is.
    """

    answer: Answer
    recipe: str = ""
    step: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    app: str = ""
    side_effect: SideEffect | None = None
    contact: str = ""
    up_to: Amount | None = None
    above: Amount | None = None
    by_meaning: bool = False
    name: str = ""

    @property
    def words(self) -> str:
        """The rule for its reader, in one line."""
        told = {"run": "allowed", "ask": "asked", "refuse": "refused"}[self.answer]
        given = [f"{slot} = {'anything' if value == ANY else repr(value)}" for slot, value in self.values.items()]
        where = ": ".join(filter(None, (self.recipe, self.step)))
        parts = [
            where + (f" with {', '.join(given)}" if given else ""),
            f"in {self.app}" if self.app else "",
            f"what is {self.side_effect}" if self.side_effect else "",
            f"contact {self.contact}" if self.contact else "",
            f"up to {self.up_to.words}" if self.up_to else "",
            f"above {self.above.words}" if self.above else "",
            "also by meaning" if self.by_meaning else "",
        ]
        return f"{told}: {', '.join(filter(None, parts))}"

    def judge(self, deed: Deed) -> Answer | None:
        """What this rule says of a step; None where it does not fit."""
        if not self._is_about(deed):
            return None
        return self._allows(deed) if self.answer == "run" else self._restricts(deed)

    def _is_about(self, deed: Deed) -> bool:
        """Whether recipe, step and side effect are those of the rule."""
        if self.recipe and normal(self.recipe) != normal(deed.recipe):
            return False
        if self.step and self.step != deed.step and normal(self.step) != normal(deed.says):
            return False
        if self.side_effect is None:
            return self.answer == "refuse" or deed.for_good
        return self.side_effect == deed.side_effect

    def _allows(self, deed: Deed) -> Answer | None:
        if deed.changed or deed.decided or (deed.meant and not self.by_meaning):
            return None
        if self.app and not _is_app(self.app, deed.app):
            return None
        if self.recipe and set(self.values) != deed.slots:
            return None
        if any(wanted not in (ANY, deed.values.get(slot)) for slot, wanted in self.values.items()):
            return None
        if self.contact and not self._only_contact(deed):
            return None
        return "run" if self.up_to is None else _within(self.up_to, deed.money)

    def _restricts(self, deed: Deed) -> Answer | None:
        answer = self.answer
        if self.app and not _is_app(self.app, deed.app):
            if deed.app:
                return None
            answer = "ask"  # it may be that app
        for slot, wanted in self.values.items():
            if wanted != ANY and normal(wanted) != normal(deed.values.get(slot, "")):
                return None
        if self.contact and not self._anywhere(deed):
            return None
        if self.above is None:
            return answer
        beyond = _beyond(self.above, deed.money)
        if beyond == "perhaps" and not deed.for_good:
            return None  # nothing is paid by what can be undone
        return answer if beyond == "sure" else "ask" if beyond == "perhaps" else None

    def _only_contact(self, deed: Deed) -> bool:
        people = [value for slot, value in deed.values.items() if is_contact_slot(slot)]
        return bool(people) and all(normal(one) == normal(self.contact) for one in people)

    def _anywhere(self, deed: Deed) -> bool:
        said = (*deed.values.values(), deed.says, *(deed.screen or ()))
        return deed.screen is None or any(contains(normal(text), normal(self.contact)) for text in said)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to become of a step, with the rule that decided; None: no rule fits."""

    answer: Answer
    rule: Rule | None
    why: str


@dataclass(frozen=True, slots=True)
class Policy:
    """Rules, and what becomes of an irreversible step that none of them fits."""

    rules: tuple[Rule, ...] = ()
    otherwise: Answer = "refuse"

    @property
    def words(self) -> tuple[str, ...]:
        """The policy for the reader, one line each."""
        rest = {"run": "allowed", "ask": "asked", "refuse": "refused"}[self.otherwise]
        return (*(rule.words for rule in self.rules), f"everything else: {rest}")

    @property
    def reads_screens(self) -> bool:
        """Whether what the screen says can matter."""
        return any(rule.up_to or rule.above or (rule.contact and rule.answer != "run") for rule in self.rules)

    def joined(self, other: Policy) -> Policy:
        """Both together; what no rule fits is the stricter of the two."""
        stricter = max(self.otherwise, other.otherwise, key=_STRICTNESS.__getitem__)
        return Policy((*self.rules, *other.rules), stricter)

    def decide(self, deed: Deed) -> Verdict:
        """The strictest answer of the rules that fit; of several equally strict ones, the first.

        A rule that asks or refuses only restricts: without one that allows, `otherwise` holds as well.
        """
        fitting = [(answer, rule) for rule in self.rules if (answer := rule.judge(deed)) is not None]
        strictest = max(fitting, key=lambda pair: _STRICTNESS[pair[0]], default=None)
        unallowed = deed.for_good and all(rule.answer != "run" for _, rule in fitting)
        if unallowed and (strictest is None or _STRICTNESS[self.otherwise] > _STRICTNESS[strictest[0]]):
            return Verdict(self.otherwise, None, "no rule allows it")
        if strictest is None:
            return Verdict("run", None, "it can be undone")
        answer, rule = strictest
        doubts = () if rule.up_to is None and rule.above is None else deed.money.doubtful
        doubt = f" ({'; '.join(doubts[:3])})" if doubts else ""
        return Verdict(answer, rule, f"{rule.name + ': ' if rule.name else ''}{rule.words}{doubt}")


def allow(
    recipe: str, step: str, values: Mapping[str, str] | None = None, *, by_meaning: bool = False, name: str = ""
) -> Rule:
    """The rule that one step of a recipe may be done without asking."""
    return Rule(answer="run", recipe=recipe, step=step, values=values or {}, by_meaning=by_meaning, name=name)


def _is_app(pattern: str, package: str) -> bool:
    return bool(package) and fnmatchcase(package, pattern)


def _within(limit: Amount, money: Amounts) -> Answer | None:
    """Runs what is certainly within the limit; asks where that is not known; None beyond it."""
    if any(amount.currency == limit.currency and amount.value > limit.value for amount in money.read):
        return None
    if money.doubtful or not money.read or any(amount.currency != limit.currency for amount in money.read):
        return "ask"
    return "run"


def _beyond(limit: Amount, money: Amounts) -> Literal["sure", "perhaps", "no"]:
    if any(amount.currency == limit.currency and amount.value > limit.value for amount in money.read):
        return "sure"
    unsure = money.doubtful or any(amount.currency != limit.currency for amount in money.read)
    return "perhaps" if unsure else "no"
