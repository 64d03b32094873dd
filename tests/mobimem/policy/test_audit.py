from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mobimem.errors import OwnerNeeded
from mobimem.policy.audit import AuditLog

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    log = AuditLog(tmp_path / "policy")
    for number in range(5):
        log.record("decision", {"says": f"step {number}"}, at=AT + timedelta(seconds=number))
    return tmp_path / "policy"


def change(folder: Path, edit: Callable[[list[bytes]], list[bytes]]) -> None:
    file = folder / "audit.jsonl"
    file.write_bytes(b"".join(edit(file.read_bytes().splitlines(keepends=True))))


def test_every_line_is_kept_in_order_for_the_owner_alone(folder: Path) -> None:
    audited = AuditLog(folder).read()

    assert [entry.data["says"] for entry in audited.entries] == [f"step {number}" for number in range(5)]
    assert audited.broken == ""
    assert [entry.n for entry in audited.entries] == [1, 2, 3, 4, 5]
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("edit", "where"),
    [
        (lambda lines: [*lines[:2], lines[2].replace(b"step 2", b"step 9"), *lines[3:]], 3),
        (lambda lines: [*lines[:2], b"garbage\n", *lines[3:]], 4),
        (lambda lines: [*lines[:2], *lines[3:]], 3),
        (lambda lines: [lines[1], lines[0], *lines[2:]], 1),
        (lambda lines: [*lines[:3], lines[2], *lines[3:]], 4),
        (lambda lines: lines[1:], 1),
        (lambda lines: lines[:3], 4),
        (lambda lines: lines[:4], 5),
        (lambda lines: [], 1),
        (lambda lines: [*lines[:4], b"[" * 100_000 + b"\n"], 5),
        (lambda lines: [*lines[:4], lines[4][:20] + b"\n"], 5),
    ],
    ids=["changed", "garbage", "taken out", "swapped", "doubled", "head", "cut", "last cut", "empty", "deep", "torn"],
)
def test_a_damaged_or_cut_log_is_told_where(
    folder: Path, edit: Callable[[list[bytes]], list[bytes]], where: int
) -> None:
    change(folder, edit)

    audited = AuditLog(folder).read()

    assert audited.broken
    assert audited.line == where


def test_a_gap_can_still_be_seen_after_more_was_written(folder: Path) -> None:
    change(folder, lambda lines: lines[:3])
    AuditLog(folder).record("act", {"says": "later"}, at=AT)

    audited = AuditLog(folder).read()

    assert "line 4 is damaged" in audited.broken
    assert audited.line == 4


def test_a_log_that_is_gone_is_told_and_one_that_never_was_is_not(folder: Path, tmp_path: Path) -> None:
    assert AuditLog(tmp_path / "other").read().broken == ""
    (folder / "audit.jsonl").unlink()
    assert AuditLog(folder).read().broken == "the log is gone"


def test_a_line_made_up_by_somebody_who_knows_the_form_is_found_by_the_note_of_the_last(folder: Path) -> None:
    forged = AuditLog(folder.parent / "forged")
    for number in range(5):
        forged.record("decision", {"says": f"another step {number}"}, at=AT)
    (folder / "audit.jsonl").write_bytes((folder.parent / "forged" / "audit.jsonl").read_bytes())

    assert "does not fit" in AuditLog(folder).read().broken


def test_a_crash_between_line_and_note_leaves_a_whole_log(folder: Path) -> None:
    before = (folder / "audit.last").read_bytes()
    AuditLog(folder).record("act", {"says": "sent"}, at=AT)
    (folder / "audit.last").write_bytes(before)

    assert AuditLog(folder).read().broken == ""
    AuditLog(folder).record("act", {"says": "more"}, at=AT)
    assert AuditLog(folder).read().broken == ""
    assert len(AuditLog(folder).read().entries) == 7


@pytest.mark.parametrize("kept", [1, 40, 200])
def test_a_line_that_a_crash_left_half_written_is_vouched_for_by_the_next(folder: Path, kept: int) -> None:
    before = (folder / "audit.last").read_bytes()
    AuditLog(folder).record("act", {"says": "sent"}, at=AT)
    change(folder, lambda lines: [*lines[:5], lines[5][:kept]])
    (folder / "audit.last").write_bytes(before)

    AuditLog(folder).record("act", {"says": "more"}, at=AT)

    audited = AuditLog(folder).read()
    assert audited.broken == ""
    assert [entry.kind for entry in audited.entries[5:]] == ["cut_off", "act"]
    change(folder, lambda lines: [*lines[:5], b"x" + lines[5], *lines[6:]])
    assert AuditLog(folder).read().broken


def test_a_clock_that_went_back_is_told_and_is_no_damage(folder: Path) -> None:
    AuditLog(folder).record("act", {}, at=AT - timedelta(days=1))

    audited = AuditLog(folder).read()

    assert audited.broken == ""
    assert [entry.clock_back for entry in audited.entries] == [False] * 5 + [True]


def test_secrets_and_numbers_of_cards_are_not_in_it(folder: Path) -> None:
    values = {
        "pin": "4711", "password": "hunter2", "code": "secret://bank", "note": "card 4111 1111 1111 1234 x",
        "iban": "DE89 3704 0044 0532 0130 00", "text": "a" * 500, "phone": "555 1234",
    }  # fmt: skip
    AuditLog(folder).record("decision", {"values": values, "run": "20260501T120000-pay-abcdef"}, at=AT)

    [*_, entry] = AuditLog(folder).read().entries
    kept = entry.data["values"]
    assert (kept["pin"], kept["password"], kept["code"]) == ("…", "…", "secret://bank")
    assert (kept["note"], kept["iban"], kept["phone"]) == ("card …1234 x", "…0 00", "555 1234")
    assert len(kept["text"]) == 121
    assert entry.data["run"] == "20260501T120000-pay-abcdef"


def test_a_log_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "policy" / "audit.jsonl").mkdir(parents=True)

    with pytest.raises(OwnerNeeded, match="cannot be written"):
        AuditLog(tmp_path / "policy").record("act", {}, at=AT)


WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from mobimem.policy.audit import AuditLog
log = AuditLog(Path(sys.argv[1]))
for number in range(int(sys.argv[2])):
    log.record("act", {"says": sys.argv[3], "number": number}, at=datetime.now(UTC))
    print(number, flush=True)
"""


def test_several_processes_write_one_whole_log(tmp_path: Path) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), "20", name], stdout=subprocess.DEVNULL)
        for name in ("one", "two")
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0]

    audited = AuditLog(tmp_path).read()
    assert audited.broken == ""
    assert len(audited.entries) == 40


def test_a_killed_writer_loses_nothing_it_has_told(tmp_path: Path) -> None:
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), "100000", "x"], stdout=subprocess.PIPE)
    assert writer.stdout is not None
    told = [int(writer.stdout.readline()) for _ in range(10)]
    writer.kill()
    told += [int(line) for line in writer.stdout.read().splitlines()]
    writer.wait()
    writer.stdout.close()

    AuditLog(tmp_path).record("act", {"says": "after"}, at=AT)
    audited = AuditLog(tmp_path).read()
    assert audited.broken == ""
    kept = {entry.data.get("number") for entry in audited.entries}
    assert set(told) <= kept


def test_the_log_holds_its_own_hashes(folder: Path) -> None:
    lines = [json.loads(line) for line in (folder / "audit.jsonl").read_bytes().splitlines()]

    assert [line["before"] for line in lines[1:]] == [line["hash"] for line in lines[:-1]]
    assert (folder / "audit.last").stat().st_size < 200
