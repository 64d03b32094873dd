"""The same message in processes of their own, killed by SIGKILL at random moments: the real command line over real adb.

The virtual phone and the scripted model server, which is no model, survive. Nobody is at a terminal: the message is
first typed and its sending asked about; the yes is given and the task taken up. A kill comes at a random moment of one
of the two processes, or while it learns. Then the owner does what `mobimem tasks` says until nothing is left.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random
from subprocess import TimeoutExpired
from typing import Any, Final

from device.android import adb
from device.android.content import query
from device.android.own_server import OwnAdbServer
from device.android.wire import Wire
from device.clock import SystemClock
from device.virtual.phone import PhoneConfig
from mobimem import folders
from mobimem.evals.crash_agent import MESSAGES, ROUNDS_MAX, TEXTS, WORDS, script, summary
from mobimem.evals.crash_kills import finish, start
from mobimem.evals.payment import NAME, data_folder, now, taught_payment
from mobimem.exit_codes import ExitCode
from mobimem.llm.scripted import ScriptedModel
from mobimem.llm.settings import FILE
from mobimem.service.learning import learn_taught
from mobimem.service.phone import running_phone
from replay.library import Library

SENT: Final = "content://sms/sent"


@dataclass(frozen=True, slots=True)
class Kill:
    """One SIGKILL: in which process, when, and what it led to."""

    process: int
    after_s: float
    ended_before: bool
    went: tuple[str, ...]
    done: bool
    sent: int
    learnt: bool
    wrong: tuple[str, ...]


def evaluate_kills(kills: int, seed: int) -> dict[str, Any]:
    """Kills `kills` tasks, in turn in the first and the second of their processes, at moments uniform over its time."""
    with ExitStack() as stack:
        prepared = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mobimem-kill-"))) / "home"
        server = stack.enter_context(ScriptedModel(script))
        own_adb = stack.enter_context(OwnAdbServer())
        phone, _ = stack.enter_context(running_phone(PhoneConfig(), port=0, adb_port=own_adb.port))
        with data_folder(prepared):
            Library(folders.recipes_folder()).save(taught_payment(), at=now())
            learn_taught()
            (prepared / FILE).write_text(
                f'[default]\nbase_url = "{server.base_url}"\nmodel = "scripted"\n', encoding="utf-8"
            )
        bench = _Bench(phone.serial, own_adb.port, prepared)
        took_s = bench.undisturbed()
        random = Random(seed)
        results = [bench.kill(index % 2, random.uniform(0.0, took_s[index % 2])) for index in range(kills)]
    return {
        "undisturbed_s": [round(one, 3) for one in took_s],
        "ended_before_the_kill": sum(one.ended_before for one in results),
        **summary([(one.went, one.done, one.sent, one.learnt, one.wrong) for one in results]),
        "wrong": [
            {"process": one.process, "after_s": round(one.after_s, 3), "what": list(one.wrong)}
            for one in results
            if one.wrong
        ],
    }


class _Bench:
    """The command line, a phone, and what the phone itself says was sent."""

    def __init__(self, serial: str, adb_port: int, prepared: Path) -> None:
        self._wire = Wire(adb.server(adb_port), serial)
        self._on = ["--device", serial, "--adb-port", str(adb_port), "--json"]
        self._prepared = prepared

    def undisturbed(self) -> tuple[float, float]:
        """How long the two processes of the task take."""
        with self._fresh():
            clock = SystemClock()
            began_s = clock.monotonic_s()
            code, said = finish(["do", WORDS["new"], *self._on])
            half_s = clock.monotonic_s()
            if code != ExitCode.OWNER_NEEDED:
                raise AssertionError(f"the message does not wait for a yes: {said}")
            began_again_s = self._approve()
            code, said = finish(self._resumes())
            if code != ExitCode.DONE or self._sent() != 1 or not self._learnt():
                raise AssertionError(f"the message cannot be sent undisturbed: {said}")
            return half_s - began_s, clock.monotonic_s() - began_again_s

    def kill(self, process: int, after_s: float) -> Kill:
        with self._fresh():
            command = ["do", WORDS["new"], *self._on]
            if process == 1:
                finish(command)
                self._approve()
                command = self._resumes()
            with start(command) as child:
                try:
                    child.wait(after_s)
                except TimeoutExpired:
                    child.kill()
                ended_before = child.wait() >= 0
            went: list[str] = []
            wrong: list[str] = []
            done = self._afterwards(went, wrong)
            sent, learnt = self._sent(), self._learnt()
            wrong += [] if done else ["it was not done in the end"]
            wrong += [] if sent == 1 else [f"it was sent {sent} times"]
            wrong += [] if learnt else ["something that was learnt is not known any more"]
            return Kill(process, after_s, ended_before, tuple(went), done, sent, learnt, tuple(wrong))

    def _afterwards(self, went: list[str], wrong: list[str]) -> bool:
        for _ in range(ROUNDS_MAX):
            told = self._tasks()
            self._answer(told, went, wrong)
            left = told["unfinished"]
            if not left and self._sent():
                # what was done and not learnt is learnt at the next start, whatever that is for
                finish(["do", "nothing that anybody taught", "--device", "none", "--json"])
                return True
            if left and left[-1]["can_go_on"]:
                went.append("resumed")
                code, said = finish(["tasks", "resume", left[-1]["run"], *self._on])
            else:
                went.append("said again")
                code, said = finish(["do", WORDS["new"], *self._on])
            if code == ExitCode.DONE:
                return True
            if code != ExitCode.OWNER_NEEDED:
                wrong.append(f"{went[-1]} ended with {code}: {said}")
        return False

    def _answer(self, told: dict[str, Any], went: list[str], wrong: list[str]) -> None:
        """Says yes to what waits for it, and what became of a step that was cut off: by the phone's own table."""
        for ask in told["asks"]:
            finish(["approve", ask["id"], "--json"])
        for question in [one for left in told["unfinished"] for one in left["questions"]]:
            if question["doubt"] != "unclear":
                continue
            went.append("asked")
            finish(["replay", "pending", *self._on])  # reads the screen once it is at rest: a tap on its way has landed
            sent = self._sent()
            code, said = finish(["tasks", "resume", question["run"], *self._on])
            if code != ExitCode.OWNER_NEEDED or self._sent() != sent:
                wrong.append(f"it went on before the owner answered ({code}): {said}")
            code, said = finish(["answer", question["run"], "done" if sent else "not-done", "--json"])
            wrong += [] if code == ExitCode.DONE else [f"the answer was not taken: {said}"]

    def _approve(self) -> float:
        for ask in self._tasks()["asks"]:
            finish(["approve", ask["id"], "--json"])
        return SystemClock().monotonic_s()

    def _resumes(self) -> list[str]:
        [left] = self._tasks()["unfinished"]
        return ["tasks", "resume", left["run"], *self._on]

    def _tasks(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(finish(["tasks", "list", "--json"])[1])
        return told

    def _fresh(self) -> ExitStack:
        """A data folder as it was prepared, and a phone that has sent nothing."""
        self._wire.run(f"content delete --uri {SENT}")
        self._wire.run(f"am force-stop {MESSAGES}; input keyevent HOME")
        stack = ExitStack()
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mobimem-kill-")))
        stack.enter_context(data_folder(Path(shutil.copytree(self._prepared, place / "home"))))
        return stack

    def _sent(self) -> int:
        return sum(row["body"] == TEXTS["new"] for row in query(self._wire, SENT, ("_id", "body")))

    def _learnt(self) -> bool:
        code, _ = finish(["do", "--explain", WORDS["known"], "--json"])
        tasks = json.loads(finish(["memory", "list", "--json"])[1])["tasks"]
        return code == ExitCode.DONE and NAME in {task["id"] for task in tasks}
