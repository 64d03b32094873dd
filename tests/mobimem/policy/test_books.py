"""Stored questions and standing yeses: what they cover, for how long, and what a crash or a clock does to them."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mobimem.errors import BadInput, NotDone
from mobimem.policy.asks import KEPT, OPEN_MAX, TIMEOUT, Ask, AskBook
from mobimem.policy.standing import Standing, StandingBook

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)
SOON = AT + timedelta(minutes=1)


def put(book: AskBook, key: str = "key", at: datetime = AT) -> Ask:
    ask, _ = book.put(
        run="run-1", recipe_id="pay", recipe="pay", step="pay-1", step_key="abc", says="Tap 'Pay now'",
        why="no rule allows it", values={"to": "Ann", "sum": "5"}, key=key, lasting=True, at=at,
    )  # fmt: skip
    return ask


def give(book: StandingBook, values: dict[str, str] | None = None) -> Standing:
    return book.give(
        recipe_id="pay", recipe="pay", step="pay-1", step_key="abc", says="Tap 'Pay now'",
        values=values or {"to": "Ann", "sum": "*"}, at=AT,
    )  # fmt: skip


def test_a_question_is_stored_with_what_why_values_and_run_for_the_owner_alone(tmp_path: Path) -> None:
    ask = put(AskBook(tmp_path / "asks"))

    [asked] = AskBook(tmp_path / "asks").all(at=SOON)
    assert (asked.ask, asked.state) == (ask, "open")
    assert (ask.says, ask.why, ask.values, ask.run) == (
        "Tap 'Pay now'", "no rule allows it", {"to": "Ann", "sum": "5"}, "run-1",
    )  # fmt: skip
    assert [file.stat().st_mode & 0o777 for file in (tmp_path / "asks").iterdir()] == [0o600]
    assert (tmp_path / "asks").stat().st_mode & 0o777 == 0o700


def test_a_yes_covers_one_act_of_exactly_what_was_asked(tmp_path: Path) -> None:
    book = AskBook(tmp_path)
    ask = put(book)
    assert book.take("key", at=SOON) is None
    book.answer(ask.id, "yes", at=SOON)

    assert book.take("another key", at=SOON) is None
    assert book.take("key", at=SOON) == ask
    assert book.take("key", at=SOON) is None
    assert book.one(ask.id, at=SOON).state == "used"


def test_one_yes_is_taken_by_one_of_many_that_come_at_once(tmp_path: Path) -> None:
    book = AskBook(tmp_path)
    book.answer(put(book).id, "yes", at=SOON)

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: AskBook(tmp_path).take("key", at=SOON), range(32)))
    assert sum(one is not None for one in taken) == 1


def test_no_is_no_and_the_first_answer_stands(tmp_path: Path) -> None:
    book = AskBook(tmp_path)
    ask = put(book)
    book.answer(ask.id, "no", at=SOON)

    assert book.take("key", at=SOON) is None
    with pytest.raises(NotDone, match="closed: no"):
        book.answer(ask.id, "yes", at=SOON)


@pytest.mark.parametrize("later", [TIMEOUT, TIMEOUT * 30, -timedelta(seconds=1), -timedelta(days=400)])
def test_a_question_times_out_to_no_also_where_the_clock_goes_back(tmp_path: Path, later: timedelta) -> None:
    book = AskBook(tmp_path)
    answered, left = put(book, "answered"), put(book, "left")
    book.answer(answered.id, "yes", at=AT)

    at = AT + later
    assert book.take("answered", at=at) is None
    assert {one.state for one in book.all(at=at)} == {"timed out"}
    with pytest.raises(NotDone, match="timed out"):
        book.answer(left.id, "yes", at=at)


def test_the_same_question_is_asked_once_and_anew_after_its_time(tmp_path: Path) -> None:
    book = AskBook(tmp_path)
    first = put(book)

    assert put(book, at=SOON).id == first.id
    assert put(book, at=AT + TIMEOUT).id != first.id


def test_too_many_open_questions_are_refused_and_old_closed_ones_forgotten(tmp_path: Path) -> None:
    book = AskBook(tmp_path)
    for number in range(OPEN_MAX):
        put(book, str(number))
    with pytest.raises(NotDone, match="are open"):
        put(book, "one more")

    put(book, "much later", at=AT + TIMEOUT + KEPT + timedelta(seconds=1))
    assert [one.ask.key for one in book.all(at=AT)] == ["much later"]


@pytest.mark.parametrize("name", ["ask-00000000", "ask-../../x", "", "run", "ask-XYZ"])
def test_a_question_that_is_not_there_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput, match="no ask"):
        AskBook(tmp_path).answer(name, "yes", at=AT)
    with pytest.raises(BadInput, match="no answer"):
        AskBook(tmp_path).answer(name, "maybe", at=AT)


def test_a_damaged_question_is_told_and_never_taken_for_a_yes(tmp_path: Path) -> None:
    book = AskBook(tmp_path)
    ask = put(book)
    (tmp_path / f"{ask.id}.answer.json").write_text("{")
    with pytest.raises(BadInput, match="cannot be read"):
        book.take("key", at=SOON)


ASKER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from mobimem.policy.asks import AskBook
for number in range(150):
    AskBook(Path(sys.argv[1])).put(run="r", recipe_id="p", recipe="p", step="s", step_key="k", says="x" * 5000, why="w",
        values={}, key=str(number), lasting=True, at=datetime(2026, 5, 1, 12, tzinfo=UTC))
    print(number, flush=True)
"""


def test_what_was_asked_survives_a_killed_process(tmp_path: Path) -> None:
    asker = subprocess.Popen([sys.executable, "-c", ASKER, str(tmp_path)], stdout=subprocess.PIPE)
    assert asker.stdout is not None
    told = [asker.stdout.readline().strip().decode() for _ in range(5)]
    asker.kill()
    asker.wait()
    asker.stdout.close()

    asked = AskBook(tmp_path).all(at=SOON)
    assert set(told) <= {one.ask.key for one in asked}
    assert {one.state for one in asked} == {"open"}


def test_a_standing_yes_covers_its_step_with_its_values_and_nothing_else(tmp_path: Path) -> None:
    book = StandingBook(tmp_path)
    given = give(book)

    assert book.covering("pay", "pay-1", "abc", {"to": "Ann", "sum": "999"}) == given
    for wrong in (
        ("text", "pay-1", "abc", {"to": "Ann", "sum": "1"}),
        ("pay", "pay-2", "abc", {"to": "Ann", "sum": "1"}),
        ("pay", "pay-1", "repaired", {"to": "Ann", "sum": "1"}),
        ("pay", "pay-1", "abc", {"to": "Bob", "sum": "1"}),
        ("pay", "pay-1", "abc", {"to": "Ann"}),
        ("pay", "pay-1", "abc", {"to": "Ann", "sum": "1", "note": "x"}),
    ):
        assert book.covering(*wrong) is None, wrong


def test_a_standing_yes_that_is_taken_back_counts_no_more_from_that_moment(tmp_path: Path) -> None:
    book, other = StandingBook(tmp_path), StandingBook(tmp_path)
    given = give(book)
    other.revoke(given.id, at=SOON)

    assert book.covering("pay", "pay-1", "abc", {"to": "Ann", "sum": "1"}) is None
    [listed] = book.all()
    assert listed.revoked_at == SOON.isoformat()
    with pytest.raises(NotDone, match="before"):
        book.revoke(given.id, at=SOON)
    with pytest.raises(BadInput, match="no standing yes"):
        book.revoke("yes-00000000", at=SOON)


def test_a_damaged_note_of_taking_back_takes_back_all_the_same(tmp_path: Path) -> None:
    book = StandingBook(tmp_path)
    given = give(book)
    (tmp_path / f"{given.id}.revoked.json").write_text("")

    assert book.covering("pay", "pay-1", "abc", {"to": "Ann", "sum": "1"}) is None
