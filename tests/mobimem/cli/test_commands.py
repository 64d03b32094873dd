"""`devices`, `doctor`, `phone` and `--help`, and what they say to wrong input."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from device.virtual.phone import VirtualPhone
from device.virtual.window.layout import FixedMeasure
from mobimem.exit_codes import ExitCode
from tests.adbserver import AdbServer, adb_server  # noqa: F401 - adb_server is a fixture
from tests.mobimem.cli.calling import call

COMMANDS = "do answer stop devices doctor phone demo replay secrets eval"
START_TIMEOUT_S = 30.0


@pytest.fixture(scope="module")
def phone() -> Iterator[VirtualPhone]:
    with VirtualPhone(measure=FixedMeasure()) as phone:
        phone.start()
        yield phone


@pytest.fixture
def serial(adb_server: AdbServer, phone: VirtualPhone) -> Iterator[str]:  # noqa: F811
    with adb_server.connected(phone.start()) as serial:
        yield serial


def test_help_lists_every_command_and_the_exit_codes() -> None:
    called = call("--help")

    assert called.code == 0
    for command in COMMANDS.split():
        assert f" {command} " in called.out
    assert "4 owner needed" in called.said


@pytest.mark.parametrize("command", COMMANDS.split())
def test_every_command_explains_itself(command: str) -> None:
    called = call(command, "--help")

    assert called.code == 0
    assert "Usage: mobimem" in called.out


def test_the_version_is_said() -> None:
    assert call("--version").out.startswith("mobimem ")


def test_an_unknown_command_or_option_is_a_usage_error() -> None:
    assert call("fly").code == ExitCode.USAGE
    assert call("devices", "--fast").code == ExitCode.USAGE


def test_a_connected_phone_is_listed_as_usable(serial: str) -> None:
    called = call("devices", "--json")

    assert called.code == 0
    [line] = [line for line in called.json["devices"] if line["serial"] == serial]
    assert (line["usable"], line["state"]) == (True, "device")
    assert serial in call("devices").out


def test_with_no_device_the_next_step_is_said(adb_server: AdbServer) -> None:  # noqa: F811
    called = call("devices")

    assert called.code == 0
    assert "mobimem phone" in called.said


def test_the_doctor_looks_at_everything_and_its_exit_code_is_its_verdict(serial: str) -> None:
    called = call("doctor", "--json")

    assert called.code == (0 if called.json["well"] else ExitCode.NOT_DONE)
    assert {"mobimem", "uiautomator2", "adbutils"} <= set(called.json["versions"])
    assert called.json["findings"]
    assert "adb" in call("doctor").said


def test_a_serial_that_is_not_there_is_unreachable(adb_server: AdbServer) -> None:  # noqa: F811
    called = call("doctor", "--acceptance", "--device", "nothing-here", "--json")

    assert called.code == ExitCode.UNREACHABLE
    assert "mobimem devices" in called.json["error"]["next_step"]


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("--size", "big", "WIDTHxHEIGHT"),
        ("--size", "10x10", "WIDTHxHEIGHT"),
        ("--locale", "xx", "en, zh, de"),
        ("--pin", "12", "4 to 12 digits"),
        ("--pin", "abcd", "4 to 12 digits"),
        ("--state", "/dev/null", "no folder"),
    ],
)
def test_a_phone_that_cannot_be_is_refused_with_what_may_be(option: str, value: str, says: str) -> None:
    called = call("phone", option, value, "--no-attach", "--json")

    assert called.code == ExitCode.BAD_DATA
    error = called.json["error"]
    assert says in f"{error['message']} {error['next_step']}"


@pytest.mark.parametrize(("option", "value"), [("--port", "99999"), ("--density", "1"), ("--port", "x")])
def test_a_number_out_of_range_is_a_usage_error(option: str, value: str) -> None:
    assert call("phone", option, value, "--no-attach").code == ExitCode.USAGE


@pytest.mark.parametrize(
    "command", [("doctor", "--acceptance", "--report"), ("eval", "screen", ".", "--out"), ("eval", "crash", "--out")]
)
def test_a_file_that_cannot_be_written_is_refused_before_the_work_begins(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    called = call(*command, str(tmp_path / "no folder" / "result.json"), "--json")

    assert called.code == ExitCode.BAD_DATA
    assert "no folder" in called.json["error"]["message"]


def test_a_port_that_is_taken_is_told_with_the_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        called = call("phone", "--fresh", "--port", port, "--no-attach", "--json")

    assert called.code == ExitCode.BAD_DATA
    assert "--port" in called.json["error"]["next_step"]


def test_a_phone_runs_until_it_is_interrupted() -> None:
    command = [sys.executable, "-m", "mobimem", "phone", "--fresh", "--port", "0", "--no-attach", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(os.environ)) as child:
        assert child.stdout is not None
        said = b""
        while not said.endswith(b"}\n"):
            line = child.stdout.readline()
            assert line, child.stderr and child.stderr.read()
            said += line
        running = json.loads(said)
        host, _, port = running["serial"].rpartition(":")
        with socket.create_connection((host, int(port)), START_TIMEOUT_S):
            pass
        child.send_signal(signal.SIGINT)
        assert child.wait(START_TIMEOUT_S) == 0
