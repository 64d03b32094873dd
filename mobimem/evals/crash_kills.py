"""The same payment in a process of its own, killed by SIGKILL at random moments: the real command line over real adb.

The virtual phone is another process and survives. After each kill the command line itself is asked what is open; the
owner's answer is what the phone's table says once its screen is at rest (a tap that was on its way when the process
died may land after it); then the task is run again unless it was done.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

from device.android import adb
from device.android.content import query
from device.android.own_server import OwnAdbServer
from device.android.wire import Wire
from device.clock import SystemClock
from device.virtual.phone import PhoneConfig
from mobimem import folders
from mobimem.evals.crash import summary
from mobimem.evals.payment import NAME, VALUES, WALLET, data_folder, now, taught_payment, write_policy
from mobimem.exit_codes import ExitCode
from mobimem.service.phone import running_phone
from replay.errors import TraceDamaged
from replay.library import Library
from replay.trace_reader import read_trace

RUN_TIMEOUT_S = 120.0
_POLL_S = 0.002
PAYMENTS = "content://com.example.wallet/payments"


@dataclass(frozen=True, slots=True)
class Kill:
    """One SIGKILL: when, how far the journal had got, and what it led to."""

    after_s: float
    journal: str
    paid_at_kill: int
    asked: str
    paid_in_the_end: int
    wrong: tuple[str, ...]


def evaluate_kills(kills: int, seed: int) -> dict[str, Any]:
    """Kills `kills` runs. Moments are uniform over the time an undisturbed run's journal takes."""
    with (
        tempfile.TemporaryDirectory(prefix="mobimem-kill-") as home,
        data_folder(Path(home)),
        OwnAdbServer() as server,
        running_phone(PhoneConfig(), port=0, adb_port=server.port) as (phone, _),
    ):
        Library(folders.recipes_folder()).save(taught_payment(), at=now())
        bench = _Bench(phone.serial, server.port, write_policy(Path(home) / "policy.toml"))
        took_s = bench.undisturbed()
        random = Random(seed)
        results = [bench.kill(random.uniform(0.0, took_s)) for _ in range(kills)]
    return {
        "n": len(results),
        "undisturbed_s": round(took_s, 3),
        "killed_at": dict(sorted(Counter(one.journal for one in results).items())),
        **summary([(one.asked, one.paid_in_the_end, one.wrong) for one in results]),
        "wrong": [
            {"after_s": round(one.after_s, 3), "journal": one.journal, "what": list(one.wrong)}
            for one in results
            if one.wrong
        ],
    }


class _Bench:
    """The command line, a phone, and what the phone itself says was paid."""

    def __init__(self, serial: str, adb_port: int, policy: Path) -> None:
        self._wire = Wire(adb.server(adb_port), serial)
        given = [word for slot, value in VALUES.items() for word in ("--set", f"{slot}={value}")]
        self._on = ["--device", serial, "--adb-port", str(adb_port)]
        self._run = ["replay", "run", NAME, *given, *self._on, "--consent", str(policy), "--json"]

    def undisturbed(self) -> float:
        """How long a run takes from its journal's first line to its last."""
        self._fresh()
        before = self._runs()
        code, said = finish(self._run)
        if code != ExitCode.DONE or self._paid() != 1:
            raise AssertionError(f"the payment does not work undisturbed: {said}")
        [run] = self._runs() - before
        trace = read_trace(folders.runs_folder() / run / "trace", lines_only=True)
        assert trace.end is not None
        took = datetime.fromisoformat(trace.end.at) - datetime.fromisoformat(trace.header.started_at)
        return took.total_seconds()

    def kill(self, after_s: float) -> Kill:
        self._fresh()
        before = self._runs()
        with start(self._run) as child:
            self._journal_began(child, before)
            try:
                child.wait(after_s)
            except subprocess.TimeoutExpired:
                child.kill()
        [run] = self._runs() - before
        pending = json.loads(finish(["replay", "pending", *self._on, "--json"])[1])["pending"]
        paid = self._paid()  # after the screen was read at rest: a tap that was on its way has landed
        journal, wrong = _journal(folders.runs_folder() / run / "trace", paid)
        asked, more = self._afterwards(pending, paid, ended=journal == "end")
        return Kill(after_s, journal, paid, asked, self._paid(), tuple(wrong + more))

    def _afterwards(self, pending: list[dict[str, Any]], paid: int, *, ended: bool) -> tuple[str, list[str]]:
        wrong = []
        if not pending:
            if paid and not ended:
                wrong.append("paid, not ended, and nobody is asked")
            if not ended:
                wrong += self._again()
            return "", wrong
        code, _ = finish(self._run)
        if code != ExitCode.OWNER_NEEDED:
            wrong.append(f"it was run again before the owner answered (exit code {code})")
        if self._paid() != paid:
            wrong.append("something was paid while the question was open")
        question = pending[0]["question"]
        code, said = finish(["answer", question["run"], "done" if paid else "not-done", "--json"])
        if code != ExitCode.DONE:
            wrong.append(f"the answer was not taken: {said}")
        if not paid:
            wrong += self._again()
        return str(question["doubt"]), wrong

    def _again(self) -> list[str]:
        self._leave_app()
        code, said = finish(self._run)
        return [] if code == ExitCode.DONE else [f"the run afterwards ended with {code}: {said}"]

    def _fresh(self) -> None:
        self._wire.run(f"content delete --uri {PAYMENTS}")
        self._leave_app()

    def _leave_app(self) -> None:
        self._wire.run(f"am force-stop {WALLET}; input keyevent HOME")

    def _paid(self) -> int:
        return len(query(self._wire, PAYMENTS, ("_id",)))

    def _runs(self) -> set[str]:
        return {folder.name for folder in folders.runs_folder().iterdir()}

    def _journal_began(self, child: subprocess.Popen[bytes], before: set[str]) -> None:
        """Waits for the new run's journal."""
        clock = SystemClock()
        deadline_s = clock.monotonic_s() + RUN_TIMEOUT_S
        while clock.monotonic_s() < deadline_s and child.poll() is None:
            if any((folders.runs_folder() / run / "trace" / "trace.jsonl").exists() for run in self._runs() - before):
                return
            clock.sleep(_POLL_S)
        child.kill()
        raise AssertionError("the run wrote no journal")


def _journal(trace: Path, paid: int) -> tuple[str, list[str]]:
    """How far a journal had got, and what of it is not as promised."""
    try:
        events = read_trace(trace).events
    except TraceDamaged as error:
        began = b"\n" in (trace / "trace.jsonl").read_bytes()
        return "header", [f"the journal cannot be read: {error.cause}"] if began or paid else []
    return (events[-1].kind if events else "header"), []


def start(arguments: list[str]) -> subprocess.Popen[bytes]:
    """Starts the command line in a process of its own, with nobody at a terminal."""
    return subprocess.Popen(
        [sys.executable, "-m", "mobimem", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def finish(arguments: list[str]) -> tuple[int, str]:
    """Runs it to its end: exit code, and what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "mobimem", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=RUN_TIMEOUT_S,
        check=False,
    )
    return done.returncode, done.stdout or done.stderr[-500:]
