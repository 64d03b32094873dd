"""`mobimem policy`, and the questions that `mobimem answer` closes."""

from __future__ import annotations

from pathlib import Path

import pytest

from mobimem import folders
from mobimem.evals.crash import World
from mobimem.evals.payment import NAME, PAY_NOW, VALUES
from mobimem.exit_codes import ExitCode
from tests.mobimem.cli.calling import call

SETS = [word for slot, value in VALUES.items() for word in ("--set", f"{slot}={value}")]


@pytest.fixture
def ask(world: World) -> str:
    """A question that a script has left behind."""
    called = call("replay", "run", NAME, *SETS)
    assert called.code == ExitCode.OWNER_NEEDED
    assert "--consent FILE" in called.said
    [asked] = call("replay", "pending", "--json").json["asks"]
    assert f"mobimem answer {asked['id']} yes|no|always" in called.said
    return str(asked["id"])


def test_a_question_is_listed_with_what_why_and_values(ask: str) -> None:
    called = call("replay", "pending")

    assert called.code == ExitCode.OWNER_NEEDED
    assert f"May this be done? {PAY_NOW}" in called.said
    assert "recipient = 'Alice Kim'" in called.said
    assert "because no rule allows it" in called.said


def test_a_question_is_answered_once_and_no_more_pending(ask: str) -> None:
    answered = call("answer", ask, "yes", "--json")

    assert (answered.code, answered.json["said"], answered.json["standing"]) == (0, "yes", None)
    assert call("replay", "pending").code == 0
    again = call("answer", ask, "no")
    assert again.code == ExitCode.NOT_DONE
    assert "closed: yes" in again.said


def test_a_no_is_noted(ask: str) -> None:
    assert "It is not done: Tap 'Pay now'" in call("answer", ask, "no").said


def test_always_makes_a_standing_yes_that_is_shown_and_taken_back(ask: str) -> None:
    said = call("answer", ask, "always", "--any", "amount", "--any", "note").said
    assert "amount = '*'" in said

    [one] = call("policy", "show", "--json").json["standing"]
    assert one["values"] == {"recipient": "Alice Kim", "amount": "*", "note": "*"}
    assert f"{one['id']} {NAME}: {PAY_NOW}" in call("policy", "show").said
    assert call("policy", "revoke", one["id"], "--json").json["revoked_at"]
    assert "taken back" in call("policy", "show").said
    assert call("policy", "revoke", one["id"]).code == ExitCode.NOT_DONE
    assert call("policy", "revoke", "yes-00000000").code == ExitCode.BAD_DATA


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("ask-00000000", "yes"), ExitCode.BAD_DATA),
        (("ask-../../x", "yes"), ExitCode.BAD_DATA),
        (("{ask}", "done"), ExitCode.BAD_DATA),
        (("{ask}", "yes", "--any", "note"), ExitCode.BAD_DATA),
        (("{ask}", "always", "--any", "colour"), ExitCode.BAD_DATA),
    ],
)
def test_a_wrong_answer_is_told(ask: str, arguments: tuple[str, ...], code: ExitCode) -> None:
    assert call("answer", *(word.format(ask=ask) for word in arguments)).code == code


def test_the_rules_in_force_are_shown_and_bad_ones_told(home: Path) -> None:
    empty = call("policy", "show", "--json").json
    assert (empty["exists"], empty["words"]) == (False, ["everything else: asked"])

    file = folders.policy_folder() / "rules.toml"
    assert empty["file"] == str(file)
    file.write_text('[[refuse]]\napp = "com.bank.*"\n')
    assert "refused: in com.bank.*" in call("policy", "show").said
    file.write_text("[[refuse]]\nside_effect = 'bad'\n")
    called = call("policy", "show")
    assert called.code == ExitCode.BAD_DATA
    assert "docs/policy.md" in called.said


def test_the_log_is_shown_and_damage_is_told_with_its_place(ask: str) -> None:
    call("answer", ask, "no")
    shown = call("policy", "audit", "--json")
    assert (shown.code, shown.json["broken"]) == (0, "")
    assert [entry["kind"] for entry in shown.json["entries"]] == ["ask", "answer"]
    assert [entry["kind"] for entry in call("policy", "audit", "--last", "1", "--json").json["entries"]] == ["answer"]
    assert "2 lines, whole" in call("policy", "audit").said

    log = folders.policy_folder() / "audit.jsonl"
    log.write_bytes(log.read_bytes().splitlines(keepends=True)[0])
    cut = call("policy", "audit")
    assert cut.code == ExitCode.BAD_DATA
    assert "cut off after line 1" in cut.said
