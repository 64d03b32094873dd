from __future__ import annotations

import multiprocessing
import os
import signal
from pathlib import Path

import pytest

from mobimem.errors import OwnerNeeded
from mobimem.running import Running, all_running, ask_to_stop, holding, should_stop


def running(run: str = "run-1", serial: str = "127.0.0.1:5555") -> Running:
    return Running(run, "pay", "pay Ann", serial, os.getpid(), "2026-03-02T09:30:00+00:00")


def test_a_run_is_seen_while_it_lasts(tmp_path: Path) -> None:
    with holding(tmp_path, running()):
        assert all_running(tmp_path) == (running(),)

    assert all_running(tmp_path) == ()


def test_a_device_takes_one_run_at_a_time_and_another_device_is_free(tmp_path: Path) -> None:
    with holding(tmp_path, running()):
        with pytest.raises(OwnerNeeded, match=r"run-1.*mobimem stop"), holding(tmp_path, running("run-2")):
            pass
        with holding(tmp_path, running("run-2", "other")):
            assert {one.run for one in all_running(tmp_path)} == {"run-1", "run-2"}


def test_only_the_run_that_was_told_stops_and_not_the_next_one(tmp_path: Path) -> None:
    with holding(tmp_path, running()):
        assert not should_stop(tmp_path, running())
        ask_to_stop(tmp_path, running())
        assert should_stop(tmp_path, running())
        assert not should_stop(tmp_path, running("run-2"))

    with holding(tmp_path, running("run-2")):
        assert not should_stop(tmp_path, running("run-2"))


def test_a_run_whose_process_was_killed_frees_its_device(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    child = context.Process(target=_hold, args=(tmp_path, there))
    child.start()
    assert here.recv() == "holding"
    assert [one.run for one in all_running(tmp_path)] == ["run-child"]

    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    child.join()

    assert all_running(tmp_path) == ()
    with holding(tmp_path, running()):
        pass


def _hold(folder: Path, pipe: object) -> None:
    with holding(folder, running("run-child")):
        pipe.send("holding")  # type: ignore[attr-defined]
        signal.pause()
