"""An exported uiautomator2 script, run as it is: its own process, the real adb server, the virtual phone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from device.virtual.phone import PhoneConfig, VirtualPhone
from replay.export import plan, to_uiautomator2
from tests.adbserver import AdbServer, adb_server  # noqa: F401 - a fixture
from tests.replay.bench import ALICE, ASKED, MESSAGES, SETTINGS
from tests.replay.recorded import text_lesson


@pytest.fixture(scope="module")
def phone() -> Iterator[VirtualPhone]:
    with VirtualPhone(PhoneConfig()) as phone:
        phone.packages.grant(MESSAGES, "android.permission.READ_CONTACTS")
        yield phone


@pytest.fixture(scope="module")
def serial(adb_server: AdbServer, phone: VirtualPhone) -> Iterator[str]:  # noqa: F811 - the fixture
    with adb_server.connected(phone.start()) as serial:
        yield serial


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    lesson = text_lesson(folder / "lesson")
    script = folder / "text.py"
    script.write_text(to_uiautomator2(plan(lesson.recipe, lesson.trace)), encoding="utf-8")
    return script


def run(script: Path, serial: str, port: int, *more: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "ANDROID_ADB_SERVER_PORT": str(port), "PYTHONPATH": "", "PYTHONWARNINGS": "ignore"}
    return subprocess.run(
        [sys.executable, "-I", str(script), "--serial", serial, *more],
        cwd=script.parent, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip


def sent(phone: VirtualPhone) -> list[tuple[str, str]]:
    rows = phone.store.table("sms").rows(lambda row: row["type"] == 2 and row["_id"] > 9)
    return [(row["address"], row["body"]) for row in rows]


def test_the_script_does_what_was_shown_with_other_values(
    script: Path,
    serial: str,
    phone: VirtualPhone,
    adb_server: AdbServer,  # noqa: F811
) -> None:
    sets = [word for slot, value in ASKED.items() for word in ("--set", f"{slot}={value}")]

    ran = run(script, serial, adb_server.port, "--yes", *sets)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "done: 5 steps" in ran.stdout
    assert sent(phone)[-1] == (ALICE, ASKED["message"])


def test_without_a_yes_nothing_irreversible_is_done(
    script: Path,
    serial: str,
    phone: VirtualPhone,
    adb_server: AdbServer,  # noqa: F811
) -> None:
    before = sent(phone)

    ran = run(script, serial, adb_server.port)

    assert ran.returncode != 0
    assert "stopped at step 5" in ran.stderr and "cannot be undone" in ran.stderr
    assert sent(phone) == before


def test_it_says_at_which_step_something_is_missing(
    script: Path,
    serial: str,
    phone: VirtualPhone,
    adb_server: AdbServer,  # noqa: F811
) -> None:
    text = script.read_text(encoding="utf-8").replace("WAIT_S = 10.0", "WAIT_S = 0.2").replace(MESSAGES, SETTINGS)
    other = script.with_name("other.py")
    other.write_text(text, encoding="utf-8")

    ran = run(other, serial, adb_server.port, "--yes")

    assert ran.returncode != 0
    assert "stopped at step" in ran.stderr
