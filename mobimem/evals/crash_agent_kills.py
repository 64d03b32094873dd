"""Tasks in processes of their own, killed by SIGKILL at random moments: the real command line over real adb.

The virtual phone and the scripted model server, which is no model, survive. Nobody is at a terminal: a message is first
typed and its sending asked about; the yes is given and the task taken up; and two messages, known by then, are a plan
whose consent is a policy file. A kill comes at a random moment of one of the three processes, or while it learns. Then
the owner does what `mobimem tasks` says until nothing is left.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
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
from mobimem.evals.crash_agent import ROUNDS_MAX, summary
from mobimem.evals.crash_agent_errands import ERRANDS, MESSAGES, Errand, script
from mobimem.evals.crash_kills import finish, start
from mobimem.evals.payment import NAME, data_folder, now, taught_payment
from mobimem.exit_codes import ExitCode
from mobimem.llm.scripted import ScriptedModel
from mobimem.llm.settings import FILE
from mobimem.service.learning import learn_taught
from mobimem.service.phone import running_phone
from replay.library import Library

SENT: Final = "content://sms/sent"
PLAN: Final = Errand(
    "text Bob that lunch is over and text Alice that the train is late",
    {"Bob": "lunch is over", "Alice": "the train is late"}, "text Oliver that dinner is ready",
)  # fmt: skip
TASKS: Final = (ERRANDS["new"], ERRANDS["new"], PLAN)  # of each process
POLICY: Final = f'[[allow]]\napp = "{MESSAGES}"\nby_meaning = true\n'


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
    """Kills `kills` tasks, in turn in the first and the second process of the message and in that of the plan, at
    moments uniform over its time."""
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
        results = [bench.kill(index % 3, random.uniform(0.0, took_s[index % 3])) for index in range(kills)]
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
        self._known = prepared.with_name("known")
        self._policy = prepared.with_name("policy.toml")
        self._policy.write_text(POLICY, encoding="utf-8")
        self._policy.chmod(0o600)

    def undisturbed(self) -> tuple[float, float, float]:
        """How long the three processes take; afterwards the message is known to whoever does the plan."""
        clock = SystemClock()
        with self._fresh(0) as home:
            began_s = clock.monotonic_s()
            code, said = finish(self._do(0))
            half_s = clock.monotonic_s()
            if code != ExitCode.OWNER_NEEDED:
                raise AssertionError(f"the message does not wait for a yes: {said}")
            began_again_s = self._approve()
            code, said = finish(self._resumes())
            if code != ExitCode.DONE or self._sent(0) != [1] or not self._learnt(0):
                raise AssertionError(f"the message cannot be sent undisturbed: {said}")
            again_s = clock.monotonic_s()
            shutil.copytree(home, self._known)
        with self._fresh(2):
            began_plan_s = clock.monotonic_s()
            code, said = finish(self._do(2))
            if code != ExitCode.DONE or self._sent(2) != [1, 1]:
                raise AssertionError(f"the two messages cannot be sent undisturbed: {said}")
            return half_s - began_s, again_s - began_again_s, clock.monotonic_s() - began_plan_s

    def kill(self, process: int, after_s: float) -> Kill:
        with self._fresh(process):
            command = self._do(process)
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
            done = self._afterwards(process, went, wrong)
            sent, learnt = self._sent(process), self._learnt(process)
            wrong += [] if done else ["it was not done in the end"]
            wrong += [] if set(sent) == {1} else [f"sent {sent} times"]
            wrong += [] if learnt else ["something that was learnt is not known any more"]
            return Kill(
                process, after_s, ended_before, tuple(went), done, 0 if 0 in sent else max(sent), learnt, tuple(wrong)
            )  # fmt: skip

    def _do(self, process: int) -> list[str]:
        more = ["--consent", str(self._policy)] if process == 2 else []
        return ["do", TASKS[process].words, *self._on, *more]

    def _resume(self, run: str, process: int) -> list[str]:
        more = ["--consent", str(self._policy)] if process == 2 else []
        return ["tasks", "resume", run, *self._on, *more]

    def _afterwards(self, process: int, went: list[str], wrong: list[str]) -> bool:
        for _ in range(ROUNDS_MAX):
            told = self._tasks()
            self._answer(told, process, went, wrong)
            left = told["unfinished"]
            if not left and 0 not in self._sent(process):
                # what was done and not learnt is learnt at the next start, whatever that is for
                finish(["do", "nothing that anybody taught", "--device", "none", "--json"])
                return True
            if left and left[-1]["can_go_on"]:
                went.append("resumed")
                code, said = finish(self._resume(left[-1]["run"], process))
            else:
                went.append("said again")
                code, said = finish(self._do(process))
            if code == ExitCode.DONE:
                return True
            if code != ExitCode.OWNER_NEEDED:
                wrong.append(f"{went[-1]} ended with {code}: {said}")
        return False

    def _answer(self, told: dict[str, Any], process: int, went: list[str], wrong: list[str]) -> None:
        """Says yes to what waits for it, and what became of a step that was cut off: by the phone's own table."""
        for ask in told["asks"]:
            finish(["approve", ask["id"], "--json"])
        for question in [one for left in told["unfinished"] for one in left["questions"]]:
            if question["doubt"] != "unclear":
                continue
            went.append("asked")
            finish(["replay", "pending", *self._on])  # reads the screen once it is at rest: a tap on its way has landed
            sent = self._sent(process)
            run = next(left["run"] for left in told["unfinished"] if question in left["questions"])
            code, said = finish(self._resume(run, process))
            if code != ExitCode.OWNER_NEEDED or self._sent(process) != sent:
                wrong.append(f"it went on before the owner answered ({code}): {said}")
            whom = next(index for index, who in enumerate(TASKS[process].texts) if who in question["task"])
            code, said = finish(["answer", question["run"], "done" if sent[whom] else "not-done", "--json"])
            wrong += [] if code == ExitCode.DONE else [f"the answer was not taken: {said}"]

    def _approve(self) -> float:
        for ask in self._tasks()["asks"]:
            finish(["approve", ask["id"], "--json"])
        return SystemClock().monotonic_s()

    def _resumes(self) -> list[str]:
        [left] = self._tasks()["unfinished"]
        return self._resume(left["run"], 1)

    def _tasks(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(finish(["tasks", "list", "--json"])[1])
        return told

    @contextmanager
    def _fresh(self, process: int) -> Iterator[Path]:
        """A data folder as it was prepared, and a phone that has sent nothing."""
        self._wire.run(f"content delete --uri {SENT}")
        self._wire.run(f"am force-stop {MESSAGES}; input keyevent HOME")
        with tempfile.TemporaryDirectory(prefix="mobimem-kill-") as place:
            home = Path(shutil.copytree(self._known if process == 2 else self._prepared, Path(place) / "home"))
            with data_folder(home):
                yield home

    def _sent(self, process: int) -> list[int]:
        """How often each message of the task was sent."""
        rows = query(self._wire, SENT, ("_id", "body"))
        return [sum(row["body"] == text for row in rows) for text in TASKS[process].texts.values()]

    def _learnt(self, process: int) -> bool:
        code, _ = finish(["do", "--explain", TASKS[process].teaches, "--json"])
        tasks = json.loads(finish(["memory", "list", "--json"])[1])["tasks"]
        return code == ExitCode.DONE and NAME in {task["id"] for task in tasks}
