"""One owner of the data folder: whoever finds it held works through the holder, and nothing is lost."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from memory.errors import NothingToRemember, NotRemembered, StoreHeld
from memory.store.lock import FolderLock
from mobimem import owner
from mobimem.memory_calls.looking import LIST, SHOW, IdAsked, ListAsked
from mobimem.memory_calls.telling import REMEMBER, RememberAsked
from mobimem.owner import DOOR, owning, through_owner
from mobimem.service import memories

WRITERS, EACH = 8, 4
WRITE = """
import sys
from mobimem.service import memories
for number in range(int(sys.argv[2])):
    told = memories.remember(f"the box w{sys.argv[1]}n{number} is green")
    print(told.id, flush=True)
"""
HOLD = """
import sys
from mobimem import folders
from mobimem.owner import owning
with owning(folders.memory_folder(), holder="holder"):
    print("holding", flush=True)
    sys.stdin.readline()
"""
WATCH = """
import json, os, sys
from pathlib import Path
import memory.index.vectors as vectors
from mobimem import folders
from mobimem.service import memories
opening = vectors.ChromaVectors._open
def watched(self):
    holder = json.loads((folders.memory_folder() / "owner.lock").read_text())["pid"]
    with Path(sys.argv[2]).open("a") as log:
        log.write(f"{os.getpid()} {holder}\\n")
    opening(self)
vectors.ChromaVectors._open = watched
memories.remember(f"the box w{sys.argv[1]} is green")
assert memories.search_memories("which box is green").facts
"""


def start(code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def texts() -> list[str]:
    return [fact.text for fact in memories.list_memories(what="facts", limit=1_000).facts]


@pytest.mark.slow
def test_eight_processes_that_write_at_once_lose_nothing(home: Path) -> None:
    writers = [start(WRITE, str(number), str(EACH)) for number in range(WRITERS)]
    said = [line for writer in writers for line in writer.communicate()[0].split()]

    assert [writer.returncode for writer in writers] == [0] * WRITERS
    assert len(said) == len(set(said)) == WRITERS * EACH
    assert sorted(texts()) == sorted(f"the box w{w}n{n} is green" for w in range(WRITERS) for n in range(EACH))
    assert memories.verify_memory().sound


@pytest.mark.slow
def test_when_the_holder_is_killed_in_the_middle_the_others_go_on_and_lose_nothing(home: Path) -> None:
    holder = start(HOLD)
    assert holder.stdout is not None and holder.stdout.readline() == "holding\n"
    writers = [start(WRITE, str(number), "3") for number in range(3)]
    for writer in writers:
        assert writer.stdout is not None and writer.stdout.readline()  # through the holder
    holder.send_signal(signal.SIGKILL)
    for writer in writers:
        writer.communicate()
    holder.communicate()

    assert [writer.returncode for writer in writers] == [0, 0, 0]
    facts = memories.list_memories(what="facts").facts
    assert sorted(fact.text for fact in facts) == sorted(
        f"the box w{w}n{n} is green" for w in range(3) for n in range(3)
    )
    assert {fact.count for fact in facts} == {1}  # what was asked again was not written twice
    assert memories.verify_memory().sound


@pytest.mark.slow
def test_the_vector_index_is_only_ever_opened_by_the_one_who_holds_the_folder(home: Path, tmp_path: Path) -> None:
    log = tmp_path / "opened"
    watchers = [start(WATCH, str(number), str(log)) for number in range(4)]
    for watcher in watchers:
        watcher.communicate()

    assert [watcher.returncode for watcher in watchers] == [0] * 4
    opened = [line.split() for line in log.read_text().splitlines()]
    assert opened and all(process == holder for process, holder in opened)


def test_a_held_folder_is_worked_through_its_holder_and_errors_arrive_as_themselves(home: Path) -> None:
    with owning(home, holder="this test"):
        told = memories.remember("my mother is Maria")
        assert texts() == ["my mother is Maria"]
        with pytest.raises(NotRemembered, match="nothing is remembered under 'ffffff'"):
            through_owner(SHOW, IdAsked("ffffff"))
        with pytest.raises(NothingToRemember):
            memories.remember(" \n ")

    assert memories.show_memory(told.id).fact is not None


def test_a_request_whose_answer_was_lost_may_be_asked_again(home: Path) -> None:
    asked = RememberAsked("my mother is Maria", request="r1")

    first, again = through_owner(REMEMBER, asked), through_owner(REMEMBER, asked)

    assert first == again
    assert memories.list_memories().facts[0].count == 1
    assert through_owner(REMEMBER, RememberAsked("my mother is Maria", request="r2")).outcome == "merged"


def test_a_holder_that_does_not_answer_is_named_when_the_time_is_over(home: Path) -> None:
    home.mkdir(parents=True)
    lock = FolderLock(home, holder="somebody else")
    lock.acquire()
    try:
        with pytest.raises(StoreHeld, match=r"somebody else .*did not answer in 0\.05 s") as caught:
            through_owner(LIST, ListAsked(), wait_s=0.05)
    finally:
        lock.release()

    assert "somebody else" in caught.value.holder
    assert texts() == []


def test_a_waiting_command_goes_on_as_soon_as_the_folder_is_free(home: Path) -> None:
    home.mkdir(parents=True)
    lock = FolderLock(home, holder="somebody else")
    lock.acquire()
    found: list[object] = []
    waiter = threading.Thread(target=lambda: found.append(through_owner(LIST, ListAsked())))
    waiter.start()

    lock.release()
    waiter.join()

    assert len(found) == 1


def test_the_door_is_private_and_gone_at_the_end(home: Path) -> None:
    with owning(home, holder="this test"):
        assert stat.S_IMODE((home / DOOR).stat().st_mode) == 0o600

    assert not (home / DOOR).exists()


def test_who_does_not_know_the_token_is_answered_nothing_and_changes_nothing(home: Path) -> None:
    with owning(home, holder="this test") as memory:
        port = json.loads((home / DOOR).read_text())["port"]
        for line in (b"x\n", b"0" * 64 + b' {"call": "memory-list", "data": {}}\n', b"\xff\xfe\n", b"no end"):
            with socket.create_connection(("127.0.0.1", port)) as stranger:
                stranger.sendall(b"mine\n")
                assert len(stranger.makefile("rb").readline()) > 64
                stranger.sendall(line)
                stranger.shutdown(socket.SHUT_WR)
                assert stranger.recv(100) == b""
        told = json.loads((home / DOOR).read_text())
        (home / DOOR).write_text(json.dumps({**told, "token": "0" * 64}))
        with pytest.raises(StoreHeld, match="did not answer"):
            through_owner(REMEMBER, RememberAsked("I am an intruder", "r"), wait_s=0.05)
        assert memory.profile.facts() == []


def test_a_stale_door_of_a_killed_holder_does_no_harm(home: Path) -> None:
    home.mkdir(parents=True)
    with socket.create_server(("127.0.0.1", 0)) as other:  # another program got the port
        (home / DOOR).write_text(json.dumps({"pid": 1, "port": other.getsockname()[1], "token": "a" * 64}))
        assert memories.remember("my mother is Maria").outcome == "new"

    assert texts() == ["my mother is Maria"]


def test_an_impostor_on_the_port_of_a_killed_holder_is_told_nothing(home: Path) -> None:
    home.mkdir(parents=True)
    heard: list[bytes] = []

    def listen(server: socket.socket) -> None:
        line, _ = server.accept()
        with line:
            heard.append(line.recv(4096))
            line.sendall(b"0" * 64 + b' "f00d"\n')
            heard.append(line.recv(4096))

    lock = FolderLock(home, holder="a process that hangs")
    lock.acquire()
    with socket.create_server(("127.0.0.1", 0)) as other:
        (home / DOOR).write_text(json.dumps({"pid": 1, "port": other.getsockname()[1], "token": "a" * 64}))
        thread = threading.Thread(target=listen, args=(other,))
        thread.start()
        with pytest.raises(StoreHeld, match="did not answer"):
            through_owner(REMEMBER, RememberAsked("my PIN is 4711", "r"), wait_s=0.0)
        thread.join(10)
    lock.release()

    assert len(heard[0]) == 33 and heard[1:] == [b""]


def test_a_call_the_holder_does_not_know_says_so(home: Path) -> None:
    other = owner.Call("of-tomorrow", ListAsked, dict, lambda memory, request: {})

    with owning(home, holder="this test"), pytest.raises(Exception, match=r"knows no 'of-tomorrow'.*another release"):
        through_owner(other, ListAsked())


def test_a_bug_in_a_call_is_told_to_its_caller_and_the_holder_goes_on(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(memory: object, request: object) -> None:
        raise ZeroDivisionError("of all things")

    call = owner.Call("broken", ListAsked, dict, broken)
    monkeypatch.setattr("mobimem.calls.all_calls", lambda: (call, LIST))
    with owning(home, holder="this test"):
        with pytest.raises(RuntimeError, match="ZeroDivisionError: of all things"):
            through_owner(call, ListAsked())
        assert texts() == []


def test_the_same_process_may_hold_it_only_once(home: Path) -> None:
    with owning(home, holder="this test"), pytest.raises(StoreHeld, match=f"process {os.getpid()}"):
        owning(home, holder="another").__enter__()
