"""The truth's file: opening it safely, and one transaction for each write.

SQLite in WAL mode through SQLAlchemy: readers never wait for the writer, and what was committed survives a killed
process. Times are stored as POSIX seconds, UTC. A file that is no sound database is never written to: it is copied
aside and the error names the copy. Only adapters hold SQL that other databases do not know; the pragmas here are one.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DatabaseError

from memory.errors import StoreDamaged, StoreTooNew
from memory.store.lock import FolderLock
from memory.store.migrations import MIGRATIONS, Migration

FILE = "memory.sqlite"
VECTORS = "vectors"
"""The vector index's folder inside the data folder."""
_MAGIC = b"SQLite format 3\0"
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",  # a killed process loses nothing; a power cut at worst the last commits
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=10000",
    "PRAGMA secure_delete=ON",  # what is forgotten is overwritten, not only unlinked
    "PRAGMA cache_size=-6144",  # 6 MB for each connection
)


class Store:
    """The open file. Safe to use from several threads; writes wait for each other.

    Made by `Store.open`, which takes the folder's lock; `close` gives it back.
    """

    def __init__(self, engine: Engine, lock: FolderLock, folder: Path) -> None:
        self._engine, self._lock, self.folder = engine, lock, folder
        self._writing = threading.RLock()
        self._current: Connection | None = None
        self._writer = 0

    @classmethod
    def open(cls, folder: Path, *, holder: str = "mobimem", migrations: Sequence[Migration] = MIGRATIONS) -> Store:
        """Becomes the folder's owner and brings its file to the newest form. Makes what is missing, 0700 and 0600.

        Raises:
            StoreHeld: another process owns the folder.
            StoreDamaged: the file is no sound database; it was left as it is and copied aside.
            StoreTooNew: a later release wrote it.
        """
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = FolderLock(folder, holder=holder)
        lock.acquire()
        file = folder / FILE
        try:
            _check_file(file, thorough=lock.unclean)
            file.touch(mode=0o600)
            engine = _engine(file)
            try:
                _migrate(engine, migrations)
            except DatabaseError as error:
                engine.dispose()
                raise _damaged(file, str(error.orig)) from error
        except BaseException:
            lock.release()
            raise
        return cls(engine, lock, folder)

    @property
    def unclean(self) -> bool:
        """Whether the owner before this one ended without closing: the indexes are then compared with the truth."""
        return self._lock.unclean

    @property
    def in_transaction(self) -> bool:
        """Whether this thread is inside a `write`."""
        return self._current is not None and self._writer == threading.get_ident()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one state of the file from its first statement on."""
        with self._translated(), self._engine.connect() as connection, _discarded_on_error(connection):
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: everything in the block is committed at its end, or nothing of it.

        A block inside a block of the same thread joins the outer one's transaction.
        """
        with self._translated(), self._writing:
            if self._current is not None:
                yield self._current
                return
            with self._engine.connect() as connection, _discarded_on_error(connection), connection.begin():
                self._current, self._writer = connection, threading.get_ident()
                try:
                    yield connection
                finally:
                    self._current = None

    def fold(self) -> None:
        """Writes the log back into the file and empties it: what was overwritten is then nowhere any more."""
        with self._translated(), self._writing, self._engine.connect() as connection:
            raw = connection.connection.dbapi_connection
            assert raw is not None
            connection.rollback()
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def files(self) -> tuple[Path, ...]:
        """The truth's files on the disk: the database and its log."""
        named = (self.folder / FILE, self.folder / f"{FILE}-wal")
        return tuple(file for file in named if file.exists())

    def close(self) -> None:
        """Ends it cleanly. Nothing of it may be used after."""
        self._engine.dispose()
        self._lock.release()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except DatabaseError as error:
            if isinstance(error.orig, sqlite3.DatabaseError) and _is_damage(str(error.orig)):
                raise _damaged(self.folder / FILE, str(error.orig)) from error
            raise


@contextmanager
def _discarded_on_error(connection: Connection) -> Iterator[None]:
    """After an error the connection is not used again: a result that somebody still holds would keep its old state."""
    try:
        yield
    except BaseException:
        connection.invalidate()
        raise


def _engine(file: Path) -> Engine:
    engine = create_engine(f"sqlite:///{file}", connect_args={"timeout": 10.0, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we begin transactions ourselves, so that they begin where we say
        for pragma in _PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")  # deferred is enough: this process is the only writer, one at a time

    return engine


def _migrate(engine: Engine, migrations: Sequence[Migration]) -> None:
    with engine.begin() as connection:
        connection.execute(
            text(
                "CREATE TABLE IF NOT EXISTS migrations (name VARCHAR(64) PRIMARY KEY, applied_at VARCHAR(32) NOT NULL)"
            )
        )
        done = {row[0] for row in connection.execute(text("SELECT name FROM migrations"))}
    if unknown := done - {migration.name for migration in migrations}:
        raise StoreTooNew(f"the memory was written by a later release (it knows {', '.join(sorted(unknown))})")
    for migration in migrations:
        if migration.name not in done:
            with engine.begin() as connection:
                migration.apply(connection)
                now = datetime.now(UTC).isoformat(timespec="seconds")
                connection.execute(
                    text("INSERT INTO migrations (name, applied_at) VALUES (:name, :now)"),
                    {"name": migration.name, "now": now},
                )


def _check_file(file: Path, *, thorough: bool) -> None:
    """Refuses what is no database; reads all of it only after an unclean end, for that takes a second for 500 MB."""
    if not file.exists():
        return
    if file.stat().st_size == 0:
        if beside := _of_a_memory(file):
            raise _damaged(file, f"it is empty, and beside it lies {beside}, which only a memory leaves")
        return  # the first start was ended before anything was written
    with file.open("rb") as opened:
        if opened.read(len(_MAGIC)) != _MAGIC:
            raise _damaged(file, "it does not begin like one")
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)  # read-only: not even its log is folded in
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        said = connection.execute("PRAGMA quick_check(1)").fetchone()[0] if thorough else "ok"
    except sqlite3.DatabaseError as error:
        raise _damaged(file, str(error)) from error
    finally:
        connection.close()
    if said != "ok":
        raise _damaged(file, said)


def _of_a_memory(file: Path) -> str:
    """What lies beside an empty file and shows that it was not empty: its log, an index, a copy; "" if nothing does."""
    copies = sorted(file.parent.glob(f"{file.stem}*{file.suffix}*"))
    left = [copy for copy in copies if copy not in (file, file.with_name(f"{file.name}-shm")) and copy.is_file()]
    index = file.with_name(VECTORS)
    if index.is_dir() and any(index.iterdir()):
        return f"the index {VECTORS}/"
    return next((copy.name for copy in left if copy.stat().st_size and not copy.name.endswith("-journal")), "")


def _is_damage(said: str) -> bool:
    return "malformed" in said or "not a database" in said


def _damaged(file: Path, why: str) -> StoreDamaged:
    """The error, after the file and its log were copied aside. The same damage is copied once."""
    digest = hashlib.sha256(file.read_bytes()).hexdigest()[:12]
    copy = file.with_name(f"{file.stem}-damaged-{digest}{file.suffix}")
    if not copy.exists():
        for ending in ("", "-wal"):
            beside = file.with_name(file.name + ending)
            if beside.exists():
                shutil.copy2(beside, copy.with_name(copy.name + ending))
    return StoreDamaged(
        f"{file} is no sound database ({why}); it was left as it is, and a copy is in {copy}",
        next_step="Restore an older copy of it, or move it away to start with an empty memory.",
    )
