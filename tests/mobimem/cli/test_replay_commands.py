"""`do`, `replay …`, `answer`, `stop` and `secrets`, over adb, as a person and as a script use them."""

from __future__ import annotations

import dataclasses
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from device.virtual.phone import VirtualPhone
from device.virtual.window.layout import FixedMeasure
from mobimem import folders
from mobimem.evals.payment import NAME, VALUES, WALLET, now, taught_payment, write_policy
from mobimem.exit_codes import ExitCode
from replay.library import Library
from replay.recipe import Recipe
from replay.trace import Header, Intent
from replay.trace_reader import read_trace
from replay.trace_writer import TraceWriter
from tests.adbserver import AdbServer, adb_server  # noqa: F401 - adb_server is a fixture
from tests.mobimem.cli.calling import Called, call
from tests.mobimem.conftest import payment_lesson

SECRET = "Hedgehog-7781-lantern"


@pytest.fixture(scope="module")
def recipe() -> Recipe:
    return taught_payment()


@pytest.fixture(scope="module")
def phone() -> Iterator[VirtualPhone]:
    with VirtualPhone(measure=FixedMeasure()) as phone:
        phone.start()
        yield phone


@pytest.fixture
def serial(adb_server: AdbServer, phone: VirtualPhone) -> Iterator[str]:  # noqa: F811
    phone.store.table("payments").delete(lambda _: True)
    phone.windows.force_stop(WALLET)
    with adb_server.connected(phone.start()) as serial:
        yield serial


@pytest.fixture
def taught(home: Path, recipe: Recipe) -> Path:
    """The payment is in the library."""
    Library(folders.recipes_folder()).save(recipe, payment_lesson(home / "lesson"), at=now())
    return home


def paid(phone: VirtualPhone) -> list[tuple[str, int, str]]:
    rows = phone.store.table("payments").rows()
    return [(row["recipient"], row["amount_cents"], row["note"]) for row in rows]


def sets(**changed: str) -> list[str]:
    return [word for slot, value in {**VALUES, **changed}.items() for word in ("--set", f"{slot}={value}")]


def test_with_nothing_taught_the_list_says_how_to_begin(home: Path) -> None:
    called = call("replay", "list")

    assert called.code == 0
    assert "mobimem teach NAME" in called.said
    assert call("replay", "list", "--json").json == {"recipes": [], "damaged": [], "cut_off": []}


def test_what_was_taught_is_listed_and_shown(taught: Path) -> None:
    assert "pay {amount} to {recipient} for {note}" in call("replay", "list").said
    [line] = call("replay", "list", "--json").json["recipes"]
    assert (line["name"], line["steps"], line["irreversible"]) == (NAME, 12, 1)

    assert "Tap 'Pay now' ASKS" in call("replay", "show", NAME).said
    assert call("replay", "show", NAME, "--json").json["steps"][9]["side_effect"] == "irreversible"


def test_a_recipe_that_is_not_there_ends_with_not_done_and_the_next_step(home: Path) -> None:
    called = call("replay", "show", "nothing", "--json")

    assert called.code == ExitCode.NOT_DONE
    assert "mobimem replay list" in called.json["error"]["next_step"]


def test_a_script_runs_it_under_a_printed_policy(
    taught: Path, serial: str, phone: VirtualPhone, tmp_path: Path
) -> None:
    policy = write_policy(tmp_path / "policy.toml")

    called = call("replay", "run", NAME, *sets(), "-d", serial, "--consent", str(policy), "--json")

    assert called.code == 0, called.said
    assert "everything else: refused" in called.err
    result = called.json
    assert (result["done"], result["receipt"]["replayed"], result["receipt"]["model_calls"]) == (True, 12, 0)
    assert paid(phone) == [("Alice Kim", 1250, "Lunch")]
    assert read_trace(Path(result["trace"])).header.source == "run"


def test_without_a_terminal_or_a_policy_nothing_is_started(taught: Path, phone: VirtualPhone) -> None:
    called = call("do", "pay 3 to Bob for Tea")

    assert called.code == ExitCode.OWNER_NEEDED
    assert "--consent FILE" in called.said
    assert list(folders.runs_folder().iterdir()) == []


def test_a_person_is_asked_with_step_and_values_and_may_say_no(taught: Path, serial: str, phone: VirtualPhone) -> None:
    called = call("do", "pay 3 to Bob for Tea", "-d", serial, stdin="n\n", terminal=True)

    assert called.code == ExitCode.NOT_DONE
    assert "This cannot be undone: Tap 'Pay now'" in called.said
    assert "recipient = 'Bob'" in called.said
    assert "amount = '3'" in called.said
    assert paid(phone) == []


def test_a_person_says_yes_and_gets_a_receipt(taught: Path, serial: str, phone: VirtualPhone) -> None:
    called = call("do", "pay 3 to Bob for Tea", "-d", serial, stdin="y\n", terminal=True)

    assert called.code == 0, called.said
    assert paid(phone) == [("Bob", 300, "Tea")]
    assert "12 of 12 steps replayed (0 healed), 0 decided, 0 skipped" in called.said
    assert "0 model calls (0 tokens, 0 J); 0 questions" in called.said


def test_how_words_are_understood_is_said_with_reasons_and_nothing_is_done(taught: Path) -> None:
    called = call("do", "transfer 3 to Bob for Tea", "--explain")

    assert called.code == 0, called.said
    assert "Understood: pay 3 to Bob for Tea" in called.said
    assert "'transfer': lexicon" in called.said
    data = call("do", "transfer 3 to Bob for Tea", "--explain", "--json").json
    assert [task["values"] for task in data["tasks"]] == [{"amount": "3", "recipient": "Bob", "note": "Tea"}]
    assert "Tap 'Pay now'" in data["tasks"][0]["steps"]
    assert list(folders.runs_folder().iterdir()) == []


def test_words_that_are_not_understood_say_which_one_and_what_is_closest(taught: Path) -> None:
    called = call("do", "don't pay 3 to Bob for Tea", "--explain")

    assert called.code == ExitCode.NOT_DONE
    assert "don't" in called.said
    assert "closest is pay-someone: “pay {amount} to {recipient} for {note}”" in called.said
    missed = call("do", "don't pay 3 to Bob for Tea", "--explain", "--json").json["missed"]
    assert missed["nearest"] == NAME


def test_other_words_are_confirmed_by_the_person_before_anything_is_done(
    taught: Path, serial: str, phone: VirtualPhone
) -> None:
    words = "transfer 3 to Bob for Tea"

    alone = call("do", words, "-d", serial)
    assert alone.code == ExitCode.OWNER_NEEDED
    assert "understood as 'pay 3 to Bob for Tea'" in alone.said

    no = call("do", words, "-d", serial, stdin="n\n", terminal=True)
    assert no.code == ExitCode.NOT_DONE
    assert "Is this what you mean?" in no.said
    assert list(folders.runs_folder().iterdir()) == []

    yes = call("do", words, "-d", serial, stdin="y\ny\n", terminal=True)
    assert yes.code == 0, yes.said
    assert paid(phone) == [("Bob", 300, "Tea")]
    assert "memory confirmed pay-someone: verified, and known by these words too" in yes.said


def test_a_policy_covers_other_words_only_if_it_says_so_and_the_result_has_the_reasons(
    taught: Path, serial: str, phone: VirtualPhone, tmp_path: Path
) -> None:
    policy = write_policy(tmp_path / "policy.toml")
    asked = ("do", "transfer 12.50 to Alice Kim for Lunch", "-d", serial, "--consent", str(policy), "--json")

    refused = call(*asked)
    assert refused.code == ExitCode.OWNER_NEEDED
    assert "by_meaning" in refused.json["error"]["next_step"]

    policy.write_text(policy.read_text() + "by_meaning = true\n")
    called = call(*asked)
    assert called.code == 0, called.said
    assert paid(phone) == [("Alice Kim", 1250, "Lunch")]
    result = called.json
    assert (result["done"], len(result["runs"]), result["not_begun"]) == (True, 1, [])
    assert result["recall"]["tasks"][0]["template"] == NAME
    assert [line["result"] for line in result["learnt"][0]["learnt"]] == ["confirmed"]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["do", "buy a boat"], ExitCode.NOT_DONE, "mobimem teach"),
        (["do", NAME], ExitCode.USAGE, "--set"),
        (["do", NAME, "--set", "amount"], ExitCode.BAD_DATA, "SLOT=VALUE"),
        (["do", NAME, *sets(), "--set", "colour=red"], ExitCode.BAD_DATA, "no slot colour"),
        (["do", NAME, *sets(), "--consent", "missing.toml"], ExitCode.BAD_DATA, "docs/cli.md"),
        (["replay", "verify", "missing"], ExitCode.BAD_DATA, "neither a file nor a recipe"),
        (["replay", "run", "bare", "--dry-run"], ExitCode.NOT_DONE, "without a demonstration"),
        (["answer", "run-1", "done"], ExitCode.BAD_DATA, "mobimem replay pending"),
        (["answer", "run-1", "maybe"], ExitCode.BAD_DATA, "done, not-done, abandon"),
        (["secrets", "remove", "nothing"], ExitCode.BAD_DATA, "mobimem secrets add nothing"),
        (["secrets", "add", "a/b"], ExitCode.BAD_DATA, "letters, digits"),
        (["eval", "crash", "--points", "x"], ExitCode.BAD_DATA, "--points"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_input_ends_with_its_code_and_the_next_step(
    taught: Path, recipe: Recipe, arguments: list[str], code: ExitCode, says: str
) -> None:
    Library(folders.recipes_folder()).save(dataclasses.replace(recipe, name="bare", task="bare"), at=now())
    called = call(*arguments)
    assert called.code == code, called.said
    assert says in called.said
    assert "Traceback" not in called.said

    as_json = call(*arguments, "--json") if arguments[0] != "eval" else None
    assert as_json is None or as_json.json["exit_code"] == code


def cut_off(recipe: Recipe, **values: str) -> str:
    """A run that was killed when it was about to pay."""
    header = Header(
        trace_id="r", name=NAME, task="pay 3 to Bob for Tea", source="run", device={}, started_at="",
        recipe_id=recipe.id, values={"recipient": "Bob", "amount": "3", "note": "Tea", **values},
    )  # fmt: skip
    with TraceWriter(folders.runs_folder() / "run-1" / "trace", header) as writer:
        writer.intent(Intent(index=9, step_id="pay-someone-10", says="Tap 'Pay now'", at="2026-03-02T09:30:00+00:00"))
    return "run-1"


def test_what_was_cut_off_is_shown_and_stands_in_the_way_until_it_is_answered(
    taught: Path, recipe: Recipe, serial: str, phone: VirtualPhone, tmp_path: Path
) -> None:
    run = cut_off(recipe)
    policy = write_policy(tmp_path / "policy.toml")
    script = ("do", NAME, *sets(), "-d", serial, "--consent", str(policy), "--json")

    pending = call("replay", "pending", "-d", serial, "--json")
    assert pending.code == ExitCode.OWNER_NEEDED
    assert pending.json["pending"][0]["question"]["says"] == "Tap 'Pay now'"
    assert pending.json["now_on_screen"]
    refused = call(*script)
    assert refused.code == ExitCode.OWNER_NEEDED
    assert f"mobimem answer {run}" in refused.json["error"]["next_step"]
    assert paid(phone) == []

    assert call("answer", run, "not-done").code == 0
    assert call("replay", "pending").code == 0
    assert call(*script).code == 0
    assert paid(phone) == [("Alice Kim", 1250, "Lunch")]


def test_a_person_is_asked_about_it_and_done_repeats_nothing(
    taught: Path, recipe: Recipe, serial: str, phone: VirtualPhone
) -> None:
    cut_off(recipe)

    called = call("do", "pay 3 to Bob for Tea", "-d", serial, stdin="what?\ndone\n", terminal=True)

    assert called.code == 0, called.said
    assert "it is not known whether this happened" in called.said
    assert "on the phone now" in called.said
    assert "nothing is repeated" in called.said
    assert paid(phone) == []
    assert len(list(folders.runs_folder().iterdir())) == 1


def test_a_person_who_says_not_done_is_asked_for_consent_anew(
    taught: Path, recipe: Recipe, serial: str, phone: VirtualPhone
) -> None:
    cut_off(recipe)

    called = call("do", "pay 3 to Bob for Tea", "-d", serial, stdin="not-done\ny\n", terminal=True)

    assert called.code == 0, called.said
    assert "This cannot be undone" in called.said
    assert paid(phone) == [("Bob", 300, "Tea")]


def test_a_person_who_gives_up_leaves_it_alone(taught: Path, recipe: Recipe, serial: str, phone: VirtualPhone) -> None:
    cut_off(recipe)

    assert call("do", "pay 3 to Bob for Tea", "-d", serial, terminal=True).code == ExitCode.NOT_DONE
    assert paid(phone) == []
    assert call("replay", "pending").code == 0


def test_stop_with_nothing_running_says_so(home: Path) -> None:
    assert "Nothing is running" in call("stop").said
    assert call("stop", "--json").json == {"stopped": [], "still_running": []}


def test_a_trace_is_verified_by_its_path_and_a_changed_one_is_refused(
    taught: Path, serial: str, tmp_path: Path
) -> None:
    policy = write_policy(tmp_path / "policy.toml")
    called = call("do", NAME, *sets(), "-d", serial, "--consent", str(policy), "--json")
    trace = Path(called.json["runs"][0]["trace"])

    assert call("replay", "verify", str(trace)).code == 0
    assert call("replay", "verify", NAME, "--json").json["complete"]
    file = trace / "trace.jsonl"
    file.write_text(file.read_text().replace("Pay now", "Pay not"))
    assert call("replay", "verify", str(trace)).code == ExitCode.BAD_DATA


def everything_printed_or_kept(called: list[Called], home: Path, logged: str) -> str:
    """All output, all logs, and every file of ours, journals unpacked, except the secret's own."""
    said = "".join(one.out + one.err for one in called) + logged
    for file in home.rglob("*"):
        if file.is_file() and file.parent.name != "secrets":
            said += file.read_bytes().decode("utf-8", "replace")
    for folder in home.glob("runs/*/trace"):
        said += "".join(read_trace(folder).screens.values())
    return said


@pytest.mark.parametrize("ends", ["done", "refused", "stopped"])
def test_a_planted_secret_is_typed_and_stands_nowhere_else(
    taught: Path, serial: str, phone: VirtualPhone, caplog: pytest.LogCaptureFixture, ends: str
) -> None:
    caplog.set_level(logging.DEBUG)
    called = [call("secrets", "add", "code", stdin=f"{SECRET}\n"), call("secrets", "list", "--json")]
    assert called[1].json["secrets"][0]["name"] == "code"
    policy = write_policy(taught.parent / "policy.toml")
    policy.write_text(policy.read_text().replace('note = "Lunch"', 'note = "secret://code"'))
    wanted = {"note": "secret://code"}
    if ends == "stopped":  # more than the balance: the form never goes on
        wanted = {"recipient": "secret://code", "amount": "5000"}
        write_policy(policy).write_text(
            policy.read_text().replace("Alice Kim", "secret://code").replace("12.50", "5000")
        )
    if ends == "refused":
        called.append(call("do", NAME, *sets(**wanted), "-d", serial, stdin="n\n", terminal=True))
    else:
        called.append(call("do", NAME, *sets(**wanted), "-d", serial, "--consent", str(policy), "--json"))
    called.append(call("replay", "pending", "-d", serial, "--json"))
    called.append(call("replay", "pending", "-d", serial))

    expected = {"done": ExitCode.DONE, "refused": ExitCode.NOT_DONE, "stopped": ExitCode.NOT_DONE}[ends]
    assert called[2].code == expected, called[2].said
    assert paid(phone) == ([("Alice Kim", 1250, SECRET)] if ends == "done" else [])
    said = everything_printed_or_kept(called, taught, caplog.text)
    assert SECRET not in said
    assert SECRET.lower() not in said.lower()
    assert "secret://code" in said


def test_a_secret_that_is_not_there_is_told_before_anything_is_done(
    taught: Path, serial: str, phone: VirtualPhone
) -> None:
    called = call("do", NAME, *sets(note="secret://nothing"), "-d", serial, terminal=True)

    assert called.code == ExitCode.BAD_DATA
    assert "mobimem secrets add nothing" in called.said
    assert not phone.windows.current()[0].startswith(WALLET)


def test_a_secret_is_never_taken_from_the_command_line(home: Path) -> None:
    called = call("secrets", "add", "code", SECRET)

    assert called.code == ExitCode.USAGE
    assert json.loads(call("secrets", "list", "--json").out) == {"secrets": []}
