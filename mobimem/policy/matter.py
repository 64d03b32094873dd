"""What is judged: a step as rules see it, with what the owner is shown of it and what their yes covers. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from device.actions import OpenApp
from mobimem.policy.asks import Beside
from mobimem.policy.rules import Deed, Verdict
from replay.recipe import Recipe, Step, step_to_data
from replay.recorder_effect import is_launcher


class PageShown(Protocol):
    """What the page itself holds that a step is done on."""

    @property
    def name(self) -> str:
        """What it is called; "" where nothing tells."""
        ...

    @property
    def held(self) -> Mapping[str, str]:
        """What stands in its fields, by the field's name."""
        ...

    @property
    def says(self) -> tuple[str, ...]:
        """What else stands on it and does not come and go."""
        ...


class DecidedStep(Protocol):
    """What is known of a step that a model chose."""

    @property
    def words(self) -> str:
        """What the model was asked to do, in the owner's words."""
        ...

    @property
    def why(self) -> str:
        """The model's reason, in its words."""
        ...

    @property
    def done(self) -> tuple[str, ...]:
        """What was done so far, in words."""
        ...

    @property
    def carried(self) -> Mapping[str, str]:
        """What was typed and chosen on the way, and what stands in other fields, by where."""
        ...

    @property
    def doubts(self) -> tuple[str, ...]:
        """What of it the owner did not say."""
        ...

    @property
    def page(self) -> PageShown:
        """The page it is done on."""
        ...


@dataclass(frozen=True, slots=True)
class Work:
    """What a run is of: a recipe, or words nobody taught (then there are no steps, and a model chooses each).

    `meant`: memory had to understand the words, or to fill in a value. `read_off` are slots whose values were read off
    a screen.
    """

    id: str
    name: str
    steps: tuple[Step, ...] = ()
    slots: tuple[str, ...] = ()
    meant: bool = False
    read_off: tuple[str, ...] = ()

    @classmethod
    def of(cls, recipe: Recipe, *, meant: bool = False, read_off: Iterable[str] = ()) -> Work:
        """The run of a recipe."""
        return cls(recipe.id, recipe.name, recipe.steps, recipe.slots, meant, tuple(read_off))


@dataclass(frozen=True, slots=True)
class Matter:
    """One step that the rules have judged. `more` came with it: what healing changed, what a model was asked. `bound`
    is what else a yes covers: the page that a model's step is done on, and the doubts the owner was shown."""

    recipe_id: str
    step: Step
    says: str
    deed: Deed
    verdict: Verdict
    more: tuple[str, ...] = ()
    beside: Beside = field(default_factory=Beside)
    bound: tuple[object, ...] = ()

    @property
    def lasting(self) -> bool:
        """Whether a standing yes may cover it: it overrules no rule, nor covers what was healed or chosen."""
        return self.verdict.rule is None and not self.more

    @property
    def limited(self) -> bool:
        """Whether amounts decided, which the screen may tell."""
        rule = self.verdict.rule
        return rule is not None and (rule.up_to is not None or rule.above is not None)

    @property
    def key(self) -> str:
        """What a yes covers: the step and its values as they are, and the amounts too where they decided."""
        money = self.deed.money
        amounts = [[amount.words for amount in money.read], list(money.doubtful)] if self.limited else []
        values = sorted(self.deed.values.items())
        more = [*self.more, *self.bound]
        return hashed([self.recipe_id, self.step.id, step_key(self.step), values, amounts, more])


def deed_of(work: Work, step: Step, values: Mapping[str, str]) -> Deed:
    """A step as rules see it, before the screen is looked at."""
    return Deed(
        recipe=work.name, step=step.id, says=step.says, side_effect=step.side_effect, values=dict(values),
        slots=frozenset(work.slots), app=app_of(work.steps, step), meant=work.meant,
    )  # fmt: skip


def app_of(steps: Iterable[Step], step: Step) -> str:
    """The package a step is done in: that of its page, else the last one known before it; "" if none is."""
    app = ""
    for one in (*steps, step):
        if isinstance(one.move, OpenApp):
            app = one.move.package
        elif one.target is not None and one.target.page.package and not is_launcher(one.target.page.package):
            app = one.target.page.package
        if one.id == step.id:
            break
    return app


def step_key(step: Step) -> str:
    """What a step is, as a hash: another after it was repaired or taught anew."""
    data = {key: value for key, value in step_to_data(step).items() if key != "revision"}
    return hashed(data)[:16]


def hashed(data: object) -> str:
    return hashlib.sha256(json.dumps(data, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
