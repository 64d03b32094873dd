"""The phone as a program: its command line, and `ChildPhone`, which runs it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from device.actions import Size
from device.virtual.command_line import Launch, arguments, parse
from device.virtual.phone import PhoneConfig
from device.virtual.spawn import ChildPhone, PhoneDidNotStart
from tests.device.virtual.wire.fakes import WAIT_S, Hosts

SMALL = PhoneConfig(size=Size(360, 640), density_dpi=160)
EVERYTHING = PhoneConfig(
    size=Size(720, 1280), density_dpi=320, locale="zh-CN", dark=True, state=Path("/tmp/a phone"), model="Big One",
    serialno="x1", pin="1234", time_zone="Europe/Berlin", sdk=33, release="13",
)  # fmt: skip


@pytest.mark.parametrize("launch", [Launch(), Launch(EVERYTHING, 16555, True, True, True)])
def test_what_is_written_as_a_command_line_is_read_back(launch: Launch):
    assert parse(arguments(launch)) == launch


@pytest.mark.parametrize("wrong", [["--size", "big"], ["--port", "-1"], ["--port", "70000"], ["--what"]])
def test_a_wrong_command_line_ends_with_a_message(wrong: list[str], capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        parse(wrong)

    assert ended.value.code == 2
    assert wrong[0] in capsys.readouterr().err


@pytest.fixture(scope="module")
def child() -> Iterator[ChildPhone]:
    with ChildPhone(SMALL) as phone:
        yield phone


def ask(port: int, service: str) -> bytes:
    hosts = Hosts(port)
    try:
        return hosts.connect().ask(service)
    finally:
        hosts.close()


def refused(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), WAIT_S).close()
    except ConnectionRefusedError:
        return True
    return False


def test_a_started_phone_can_be_connected_to(child: ChildPhone):
    assert child.running
    assert child.serial == f"127.0.0.1:{child.port}"
    assert ask(child.port, "shell:echo hi") == b"hi\n"
    assert child.errors() == ""


def test_starting_twice_is_starting_once(child: ChildPhone):
    port = child.port
    child.start()
    assert (child.running, child.port) == (True, port)


def test_a_killed_phone_comes_back_on_its_port():
    with ChildPhone(SMALL) as phone:
        port = phone.port
        phone.kill()
        assert not phone.running
        assert refused(port)

        phone.start()

        assert phone.port == port
        assert ask(port, "shell:echo back") == b"back\n"


def test_the_phone_ends_with_the_block():
    with ChildPhone(SMALL) as phone:
        port = phone.port
    phone.stop()

    assert not phone.running
    assert refused(port)


def test_a_taken_port_is_said_in_the_error(child: ChildPhone):
    with pytest.raises(PhoneDidNotStart, match=f"{child.port} is in use"):
        ChildPhone(SMALL, port=child.port).start()


def test_state_outlives_the_process(tmp_path: Path):
    config = PhoneConfig(size=Size(360, 640), density_dpi=160, state=tmp_path / "phone")
    for command, answer in (("settings put system mine 7", b""), ("settings get system mine", b"7\n")):
        with ChildPhone(config) as phone:
            assert ask(phone.port, f"shell:{command}") == answer


def program(*options: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "device.virtual", "--size=360x640", "--density=160", *options],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[3],
    )  # fmt: skip


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_program_in_peace(number: signal.Signals):
    with program() as running:
        assert running.stdout is not None
        assert running.stdout.readline().startswith(b'{"port": ')
        running.send_signal(number)
        assert running.wait(WAIT_S) == 0
        assert running.stdout.read() == b""


def test_the_program_ends_with_its_input_if_it_was_told_to():
    with program("--until-stdin-closes") as running:
        assert running.stdout is not None and running.stdin is not None
        assert running.stdout.readline()
        running.stdin.close()
        assert running.wait(WAIT_S) == 0


def test_a_phone_does_not_outlive_the_program_that_started_it():
    """Even when that program is killed and can clean up nothing."""
    script = (
        "import time; from device.virtual.spawn import ChildPhone; phone = ChildPhone(); phone.start();"
        "print(phone._process.pid, flush=True); time.sleep(100)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=Path(__file__).parents[3]
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.kill()

    deadline_s = time.monotonic() + WAIT_S
    while Path(f"/proc/{pid}").exists() and _state(pid) != "Z":
        assert time.monotonic() < deadline_s, "the phone still runs"
        os.sched_yield()


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][:1]
    except (FileNotFoundError, ProcessLookupError):
        return "Z"
