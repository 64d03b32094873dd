from __future__ import annotations

import json
from pathlib import Path

import pytest

from device.actions import OpenApp
from mobimem.consent import Allowed, Policy, PolicyConsent, read_policy
from mobimem.errors import BadInput
from replay.recipe import Recipe, Step

STEP = Step(id="pay-1", says="Tap 'Pay now'", move=OpenApp("a"), side_effect="irreversible")
RECIPE = Recipe(id="pay", name="pay", task="pay {to} {sum}", steps=(STEP,), slots=("to", "sum"))
VALUES = {"to": "Ann", "sum": "5"}


def decide(allowed: Allowed, values: dict[str, str] = VALUES) -> str:
    return PolicyConsent(Policy((allowed,)), RECIPE).decide(STEP, "", values)


@pytest.mark.parametrize("step", ["Tap 'Pay now'", "pay-1", "tap 'pay  now'"])
def test_what_is_written_down_is_allowed(step: str) -> None:
    assert decide(Allowed("pay", step, VALUES)) == "run"
    assert decide(Allowed("pay", step, {"to": "Ann", "sum": "*"})) == "run"


@pytest.mark.parametrize(
    "allowed",
    [
        Allowed("text", "pay-1", VALUES),
        Allowed("pay", "pay-2", VALUES),
        Allowed("pay", "pay-1", {"to": "Bob", "sum": "5"}),
        Allowed("pay", "pay-1", {"to": "Ann"}),
        Allowed("pay", "pay-1", {}),
    ],
    ids=["another recipe", "another step", "another value", "a slot left out", "no slots"],
)
def test_everything_else_is_refused(allowed: Allowed) -> None:
    assert decide(allowed) == "refuse"


def test_a_policy_is_read_from_toml_and_json_and_says_itself(tmp_path: Path) -> None:
    toml, as_json = tmp_path / "p.toml", tmp_path / "p.json"
    toml.write_text('[[allow]]\nrecipe = "pay"\nstep = "pay-1"\nvalues = { to = "Ann", sum = "*" }\n')
    as_json.write_text(json.dumps({"allow": [{"recipe": "pay", "step": "pay-1", "values": {"to": "Ann", "sum": "*"}}]}))

    assert read_policy(toml) == read_policy(as_json)
    assert read_policy(toml).words == (
        "allowed: pay: pay-1 with to = 'Ann', sum = anything",
        "everything else: refused",
    )


@pytest.mark.parametrize(
    "text",
    ["", "allow = 1", "[[allow]]\nrecipe = 'pay'", "[[allow]]\nrecipe='a'\nstep=1", "x = 1\n[[allow]]", "[[["],
)
def test_a_file_that_is_no_policy_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "p.toml").write_text(text)

    with pytest.raises(BadInput, match=r"docs/cli\.md"):
        read_policy(tmp_path / "p.toml")
    with pytest.raises(BadInput):
        read_policy(tmp_path / "missing.toml")
