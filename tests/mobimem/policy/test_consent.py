from __future__ import annotations

import pytest

from device.actions import OpenApp
from mobimem.policy.consent import PolicyConsent
from mobimem.policy.rules import Policy, Rule, allow
from replay.recipe import Recipe, Step

STEP = Step(id="pay-1", says="Tap 'Pay now'", move=OpenApp("a"), side_effect="irreversible")
RECIPE = Recipe(id="pay", name="pay", task="pay {to} {sum}", steps=(STEP,), slots=("to", "sum"))
VALUES = {"to": "Ann", "sum": "5"}


def decide(allowed: Rule, values: dict[str, str] = VALUES) -> str:
    return PolicyConsent(Policy((allowed,)), RECIPE).decide(STEP, "", values)


@pytest.mark.parametrize("step", ["Tap 'Pay now'", "pay-1", "tap 'pay  now'"])
def test_what_is_written_down_is_allowed(step: str) -> None:
    assert decide(allow("pay", step, VALUES)) == "run"
    assert decide(allow("pay", step, {"to": "Ann", "sum": "*"})) == "run"


@pytest.mark.parametrize(
    "allowed",
    [
        allow("text", "pay-1", VALUES),
        allow("pay", "pay-2", VALUES),
        allow("pay", "pay-1", {"to": "Bob", "sum": "5"}),
        allow("pay", "pay-1", {"to": "Ann"}),
        allow("pay", "pay-1", {}),
    ],
    ids=["another recipe", "another step", "another value", "a slot left out", "no slots"],
)
def test_everything_else_is_refused(allowed: Rule) -> None:
    assert decide(allowed) == "refuse"


def test_what_was_understood_is_allowed_only_where_it_is_written_down() -> None:
    plainly, also = allow("pay", "pay-1", VALUES), allow("pay", "pay-1", {"to": "Ann", "sum": "*"}, by_meaning=True)

    assert not PolicyConsent(Policy((plainly,)), RECIPE).allows_meaning(STEP, VALUES)
    assert PolicyConsent(Policy((plainly, also)), RECIPE).allows_meaning(STEP, VALUES)
    assert not PolicyConsent(Policy((also,)), RECIPE).allows_meaning(STEP, {"to": "Bob", "sum": "5"})
