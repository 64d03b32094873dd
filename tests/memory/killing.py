"""Kills a process that writes to a memory, again and again, and looks each time at what the next one finds.

`python -m tests.memory.killing FOLDER ROUNDS SEED` prints JSON: what was lost, what came back, what was not sound. The
heavy imports are done once; each writer and each reader is a fork with the folder to itself.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

import chromadb  # noqa: F401  (imported before the forks, so that each does not pay for it)

from memory.action.replay import Did
from memory.embedding.lexical import LexicalEmbedder
from memory.errors import NotRemembered
from memory.opening import Memory

ACKS_MAX = 40
SPIN_MAX_S = 0.006  # up to about the length of a write: the kill falls anywhere inside


def write(folder: Path, number: int, pipe: int) -> None:
    """Remembers, asks, learns and forgets until it is killed; says each thing that was done once it returned."""

    def say(*words: str) -> None:
        os.write(pipe, (" ".join(words) + "\n").encode())

    memory = Memory.open(folder, LexicalEmbedder(), holder=f"writer {number}")
    at = 0
    while True:
        at += 1
        name = f"n{number}x{at}"
        told = memory.profile.remember(f"the box {name} holds {name}things")
        say("fact", told.uid, name)
        if at % 3 == 0:
            memory.profile.recall(f"what is in the box {name}", k=3)
        if at % 4 == 0:
            memory.profile.forget([told.uid])
            say("gone", told.uid, name)
        if at % 5 == 0:
            with memory.changing(why=name):
                task = memory.action.learn(f"open box {name} now", [Did(f"tap {name}", name), Did("tap done", "done")])
            say("task", task, name)
        if at % 7 == 0:
            memory.profile.flush()


def read(folder: Path, acked: list[list[str]]) -> list[str]:
    """Opens after the kill; everything that is not as it was said."""
    wrong: list[str] = []
    with Memory.open(folder, LexicalEmbedder(), holder="reader") as memory:
        found = memory.profile.verify(repair=False, words=True)
        if not found.sound:
            wrong.append(f"the indexes were not mended by opening: {found}")
        gone = {words[1] for words in acked if words[0] == "gone"}
        tasks = {template.id for template in memory.experience.templates()}
        for kind, uid, name in acked:
            if kind == "task" and uid not in tasks:
                wrong.append(f"task {name} was lost")
            if kind == "fact":
                wrong += _fact(memory, uid, name, gone=uid in gone, last=[kind, uid, name] == acked[-1])
        sound = [one for one in memory.action.steps.revisions() if one.id not in _used(memory)]
        wrong += [f"step {one.id} belongs to nothing" for one in sound]
    return wrong


def _used(memory: Memory) -> set[str]:
    return {step for template in memory.experience.templates() for step in template.steps}


def _fact(memory: Memory, uid: str, name: str, *, gone: bool, last: bool) -> list[str]:
    try:
        fact = memory.profile.fact(uid)
    except NotRemembered:  # being forgotten when the kill came is as good as forgotten
        return [] if gone or last else [f"fact {name} was lost"]
    if gone:
        return [f"fact {name} came back"]
    found = [one.fact.uid for one in memory.profile.recall(f"{name}things", k=3)]
    return [] if uid in found else [f"fact {fact.text!r} is not found"]


def kill_and_look(folder: Path, number: int, chosen: random.Random, before: list[list[str]]) -> list[str]:
    """One round: what was wrong after it. What was said in it joins `before`, but for what the kill left unclear."""
    ours, theirs = os.pipe()
    writer = os.fork()
    if writer == 0:
        os.close(ours)
        try:
            write(folder, number, theirs)
        finally:
            os._exit(70)
    os.close(theirs)
    acks, acked = chosen.randint(1, ACKS_MAX), []
    with os.fdopen(ours, encoding="utf-8") as said:
        for line in said:
            acked.append(line.split())
            if len(acked) == acks:
                break
        until = time.perf_counter() + chosen.uniform(0, SPIN_MAX_S)
        while time.perf_counter() < until:
            pass
        os.kill(writer, signal.SIGKILL)
        acked += [line.split() for line in said if line.endswith("\n")]
    os.waitpid(writer, 0)
    wrong = _look(folder, before + acked)
    before += acked[:-1] if acked[-1][0] == "fact" else acked  # it may have been about to be forgotten
    return wrong


def _look(folder: Path, acked: list[list[str]]) -> list[str]:
    ours, theirs = os.pipe()
    reader = os.fork()
    if reader == 0:
        os.close(ours)
        try:
            os.write(theirs, json.dumps(read(folder, acked)).encode())
            os._exit(0)
        except BaseException as error:  # noqa: BLE001  (whatever it is, the parent tells it)
            os.write(theirs, json.dumps([f"{type(error).__name__}: {error}"]).encode())
            os._exit(1)
    os.close(theirs)
    with os.fdopen(ours, encoding="utf-8") as said:
        wrong: list[str] = json.loads(said.read())
    os.waitpid(reader, 0)
    return wrong


def main() -> None:
    folder, rounds, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    chosen = random.Random(seed)
    said: list[list[str]] = []
    wrong: list[str] = []
    for number in range(rounds):
        wrong += [f"round {number}: {one}" for one in kill_and_look(folder, number, chosen, said)]
    json.dump({"rounds": rounds, "seed": seed, "said": len(said), "wrong": wrong}, sys.stdout)


if __name__ == "__main__":
    main()
