"""The truth's file: one owner, whole transactions, known forms, and nothing overwritten when it is damaged."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from memory.errors import StoreDamaged, StoreHeld, StoreTooNew
from memory.store.migrations import MIGRATIONS
from memory.store.store import FILE, Store


def count(store: Store, table: str) -> int:
    with store.read() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def child(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Another process that runs this with the folder as its argument."""
    head = "import os, signal, sys; from pathlib import Path; from memory.store.store import Store\n"
    return subprocess.run([sys.executable, "-c", head + code, str(folder)], capture_output=True, text=True, check=False)


def put(store: Store, name: str) -> None:
    with store.write() as connection:
        connection.execute(text("INSERT INTO settings (name, value) VALUES (:name, 'x')"), {"name": name})


def test_a_blank_folder_gets_every_migration_once_and_is_private(tmp_path: Path) -> None:
    for _ in range(2):
        store = Store.open(tmp_path / "data")
        with store.read() as connection:
            done = connection.execute(text("SELECT name FROM migrations ORDER BY name")).scalars().all()
        store.close()

    assert done == [migration.name for migration in MIGRATIONS]
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "data" / FILE).stat().st_mode & 0o777 == 0o600


def test_a_file_of_the_first_version_keeps_its_rows_and_tells_the_indexes_of_them(tmp_path: Path) -> None:
    old = Store.open(tmp_path, migrations=MIGRATIONS[:1])
    with old.write() as connection:
        connection.execute(
            text(
                "INSERT INTO facts (uid, kind, text, speaker, subject, relation, value, positive, slot, time_of_day, "
                "place, app, confidence, count, recorded_at, used_at, uses) "
                "VALUES ('u', 'fact', 'my mother is Maria', '', '', 'mother', 'Maria', "
                "1, '', '', '', '', 0.9, 1, 1, 1, 0)"
            )
        )
    old.close()

    new = Store.open(tmp_path)

    assert count(new, "facts") == 1
    assert count(new, "index_changes") == 2
    new.close()


def test_a_file_of_a_later_release_is_refused_and_left_alone(tmp_path: Path) -> None:
    Store.open(tmp_path).close()
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("INSERT INTO migrations VALUES ('9999_future', '')")

    with pytest.raises(StoreTooNew, match="9999_future"):
        Store.open(tmp_path)


def test_a_write_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    store = Store.open(tmp_path)

    with pytest.raises(RuntimeError), store.write() as connection:
        connection.execute(text("INSERT INTO settings (name, value) VALUES ('a', 'x')"))
        raise RuntimeError

    assert count(store, "settings") == 0
    store.close()


def test_a_write_inside_a_write_is_one_transaction(tmp_path: Path) -> None:
    store = Store.open(tmp_path)

    with pytest.raises(RuntimeError), store.write():
        put(store, "inner")
        raise RuntimeError

    assert count(store, "settings") == 0
    store.close()


def test_a_second_process_is_refused_and_told_who_holds_the_folder(tmp_path: Path) -> None:
    store = Store.open(tmp_path, holder="mobimem daemon")

    told = child(
        "try: Store.open(Path(sys.argv[1]))\nexcept Exception as error: print(type(error).__name__, error)", tmp_path
    ).stdout

    assert told.startswith("StoreHeld")
    assert "mobimem daemon (process" in told
    with pytest.raises(StoreHeld):
        Store.open(tmp_path)
    store.close()
    Store.open(tmp_path).close()


def test_the_lock_ends_with_a_killed_process_and_the_next_owner_knows_of_it(tmp_path: Path) -> None:
    killed = child("store = Store.open(Path(sys.argv[1])); os.kill(os.getpid(), signal.SIGKILL)", tmp_path)
    assert killed.returncode == -9

    store = Store.open(tmp_path)

    assert store.unclean
    store.close()
    again = Store.open(tmp_path)
    assert not again.unclean
    again.close()


@pytest.mark.parametrize("damage", ["head", "middle"])
def test_a_damaged_file_is_refused_copied_aside_and_not_touched(tmp_path: Path, damage: str) -> None:
    store = Store.open(tmp_path)
    for number in range(200):
        put(store, f"{number} " + "x" * 40)
    store.close()
    file = tmp_path / FILE
    data = bytearray(file.read_bytes())
    start, length = (0, 64) if damage == "head" else (4096, len(data) - 4096)
    data[start : start + length] = b"\xff" * length
    file.write_bytes(bytes(data))

    with pytest.raises(StoreDamaged) as caught:
        Store.open(tmp_path)
        pytest.fail("a damaged file was opened")

    (copy,) = tmp_path.glob("memory-damaged-*.sqlite")
    assert str(copy) in str(caught.value)
    assert copy.read_bytes() == bytes(data) == file.read_bytes()
    with pytest.raises(StoreDamaged):
        Store.open(tmp_path)
    assert len(list(tmp_path.glob("memory-damaged-*.sqlite"))) == 1


def test_an_error_while_rows_are_read_leaves_no_connection_with_the_old_state(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    for name in ("a", "b"):
        put(store, name)
    held = None
    with pytest.raises(RuntimeError), store.read() as connection:
        held = connection.connection.cursor()
        held.execute("SELECT name FROM settings")
        held.fetchone()  # and the next row is never asked for
        raise RuntimeError

    put(store, "c")

    assert count(store, "settings") == 3
    assert held is not None
    store.close()


@pytest.mark.parametrize(
    "beside", ["vectors/index.bin", "memory-damaged-0123.sqlite", "memory.sqlite.bak", f"{FILE}-wal"]
)
def test_an_emptied_file_beside_what_a_memory_left_is_damaged_and_nothing_is_overwritten(
    tmp_path: Path, beside: str
) -> None:
    (tmp_path / FILE).touch()
    left = tmp_path / beside
    left.parent.mkdir(exist_ok=True)
    left.write_bytes(b"was here")

    for _ in range(2):
        with pytest.raises(StoreDamaged, match="it is empty, and beside it"):
            Store.open(tmp_path)

    assert (tmp_path / FILE).read_bytes() == b""
    assert left.read_bytes() == b"was here"


def test_an_empty_file_alone_is_a_first_start_that_was_ended(tmp_path: Path) -> None:
    (tmp_path / FILE).touch()
    (tmp_path / "vectors").mkdir()

    store = Store.open(tmp_path)

    assert count(store, "facts") == 0
    store.close()
