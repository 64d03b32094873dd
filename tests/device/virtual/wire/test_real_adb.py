"""The unmodified adb server and program against the wire layer alone: a fake phone with a scripted shell."""

from __future__ import annotations

import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from device.virtual.serve import Serving
from tests.adbserver import AdbServer, bundled_program, wait_until
from tests.device.virtual.wire.fakes import WAIT_S, FakePhone


@pytest.fixture
def serial(adb_server: AdbServer, serving: Serving) -> Iterator[str]:
    with adb_server.connected(serving.port) as serial:
        yield serial


def test_adb_lists_the_phone_with_its_names(adb_server: AdbServer, serial: str):
    line = next(line for line in adb_server.adb("devices", "-l").stdout.decode().splitlines() if serial in line)
    assert line.split()[1:5] == ["device", "product:vphone", "model:VPhone", "device:vphone"]


def test_adb_shell_keeps_output_errors_and_exit_code_apart(adb_server: AdbServer, serial: str):
    done = adb_server.adb("shell", "complain", "7", serial=serial)
    assert (done.stdout, done.stderr, done.returncode) == (b"out\n", b"err\n", 7)


def test_adb_shell_passes_its_input_on(adb_server: AdbServer, serial: str):
    assert adb_server.adb("shell", "cat", serial=serial, stdin=b"one\ntwo\n").stdout == b"one\ntwo\n"


def test_adb_shell_without_a_command_runs_its_input(adb_server: AdbServer, serial: str):
    done = adb_server.adb("shell", serial=serial, stdin=b"echo hi\nexit 3\n")
    assert (done.stdout, done.returncode) == (b"hi\n", 3)


def test_exec_out_is_binary_clean(adb_server: AdbServer, serial: str):
    assert adb_server.adb("exec-out", "zeros", "300000", serial=serial).stdout == bytes(300_000)


def test_exec_in_loses_no_input(adb_server: AdbServer, serial: str, phone: FakePhone):
    content = os.urandom(300_000)
    adb_server.adb("exec-in", "save", "/sdcard/in", serial=serial, stdin=content)

    assert phone.cancelled.wait(WAIT_S)
    assert phone.files.read("/sdcard/in") == content


def test_a_folder_is_pushed_and_pulled_with_times_and_any_names(adb_server: AdbServer, serial: str, tmp_path: Path):
    folder = tmp_path / "host" / "things"
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "deep" / "er" / "世界.bin").write_bytes(os.urandom(200_000))
    (folder / "empty.txt").write_bytes(b"")
    os.utime(folder / "empty.txt", (1_700_000_000, 1_700_000_000))

    pushed = adb_server.adb("push", str(folder), "/sdcard/Download", serial=serial)
    pulled = adb_server.adb("pull", "-a", "/sdcard/Download/things", str(tmp_path / "back"), serial=serial)

    assert (pushed.returncode, pulled.returncode) == (0, 0), (pushed, pulled)
    back = tmp_path / "back"
    assert (back / "deep/er/世界.bin").read_bytes() == (folder / "deep/er/世界.bin").read_bytes()
    assert (back / "empty.txt").stat().st_mtime == 1_700_000_000


def test_a_dry_push_changes_nothing(adb_server: AdbServer, serial: str, tmp_path: Path, phone: FakePhone):
    (tmp_path / "file").write_bytes(b"x" * 1000)
    assert adb_server.adb("push", "-n", str(tmp_path / "file"), "/sdcard/dry", serial=serial).returncode == 0
    assert phone.files.stat("/sdcard/dry") is None


def test_push_to_a_place_that_cannot_be_written_and_pull_of_nothing_fail(
    adb_server: AdbServer, serial: str, tmp_path: Path
):
    (tmp_path / "file").write_bytes(b"x")
    pushed = adb_server.adb("push", str(tmp_path / "file"), "/system/bin/su", serial=serial)
    pulled = adb_server.adb("pull", "/sdcard/none", str(tmp_path), serial=serial)

    assert (pushed.returncode, pulled.returncode) == (1, 1)
    assert b"Permission denied" in pushed.stderr + pushed.stdout


def test_three_megabytes_are_pulled_quickly(adb_server: AdbServer, serial: str, phone: FakePhone, tmp_path: Path):
    phone.files.write("/sdcard/big", os.urandom(3_000_000))
    start = time.perf_counter()

    adb_server.adb("pull", "/sdcard/big", str(tmp_path / "big"), serial=serial)

    assert (tmp_path / "big").read_bytes() == phone.files.read("/sdcard/big")
    assert time.perf_counter() - start < 1.0  # about 0.1 s on an idle machine


def test_a_refused_service_is_an_error_not_a_hang(adb_server: AdbServer, serial: str):
    assert b"error: closed" in adb_server.adb("jdwp", serial=serial).stderr
    assert b"closed" in adb_server.adb("remount", serial=serial).stderr
    assert b"cannot run as root" in adb_server.adb("root", serial=serial).stdout


def test_a_forward_reaches_a_program_on_the_phone(adb_server: AdbServer, serial: str, phone: FakePhone):
    async def shout(stream) -> None:
        while data := await stream.read(100):
            await stream.write(data.upper())

    phone.ports.listen(9008, shout)
    port = int(adb_server.adb("forward", "tcp:0", "tcp:9008", serial=serial).stdout)
    try:
        with socket.create_connection(("127.0.0.1", port), WAIT_S) as client:
            client.sendall(b"hello")
            assert client.recv(100) == b"HELLO"
    finally:
        adb_server.adb("forward", "--remove", f"tcp:{port}", serial=serial)


def test_a_reverse_forward_reaches_a_program_on_the_host(adb_server: AdbServer, serial: str):
    with socket.create_server(("127.0.0.1", 0)) as program:
        program.settimeout(WAIT_S)
        host_port = program.getsockname()[1]
        phone_port = int(adb_server.adb("reverse", "tcp:0", f"tcp:{host_port}", serial=serial).stdout)
        listed = adb_server.adb("reverse", "--list", serial=serial).stdout.decode()
        assert listed.split()[1:] == [f"tcp:{phone_port}", f"tcp:{host_port}"]
        there = int(adb_server.adb("forward", "tcp:0", f"tcp:{phone_port}", serial=serial).stdout)
        with socket.create_connection(("127.0.0.1", there), WAIT_S) as client:
            client.sendall(b"round trip")
            accepted, _ = program.accept()
            with accepted:
                assert accepted.recv(100) == b"round trip"
                accepted.sendall(b"and back")
                assert client.recv(100) == b"and back"
        adb_server.adb("forward", "--remove", f"tcp:{there}", serial=serial)
        assert adb_server.adb("reverse", "--remove-all", serial=serial).returncode == 0
        assert adb_server.adb("reverse", "--list", serial=serial).stdout.strip() == b""


def test_closing_the_client_cancels_the_command(adb_server: AdbServer, serial: str, phone: FakePhone):
    command = [str(bundled_program()), "-P", str(adb_server.port), "-s", serial, "shell", "hang"]
    with subprocess.Popen(command, env=adb_server.environment, stdin=subprocess.DEVNULL) as client:
        assert phone.running.wait(WAIT_S)
        client.kill()

    assert phone.cancelled.wait(WAIT_S)


def test_many_commands_run_side_by_side(adb_server: AdbServer, serial: str):
    def ask(number: int) -> bytes:
        return adb_server.adb("shell", "echo", str(number), serial=serial).stdout

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(24))) == [f"{number}\n".encode() for number in range(24)]


def test_two_phones_on_one_server_are_independent(adb_server: AdbServer, serial: str, tmp_path_factory):
    other_phone = FakePhone(tmp_path_factory.mktemp("other"))
    other = Serving(other_phone, new_shell=lambda: other_phone.run_command)
    other_serial = adb_server.connect(other.start())
    try:
        for one, words in ((serial, b"first\n"), (other_serial, b"second\n")):
            assert adb_server.adb("shell", "echo", words.decode().strip(), serial=one).stdout == words
        other.kill()
        assert adb_server.adb("shell", "echo", "still here", serial=serial).stdout == b"still here\n"
    finally:
        adb_server.disconnect(other_serial)
        other.stop()


def test_a_killed_phone_is_offline_and_comes_back_by_itself(adb_server: AdbServer, serial: str, serving: Serving):
    serving.kill()
    adb_server.wait_for_state(serial, "offline")

    serving.revive()

    adb_server.wait_for_state(serial, "device")
    assert adb_server.adb("shell", "echo", "back", serial=serial).stdout == b"back\n"


def test_a_cut_connection_is_made_again_by_itself(adb_server: AdbServer, serial: str, serving: Serving):
    serving.drop_transport()

    assert wait_until(lambda: adb_server.adb("shell", "echo", "back", serial=serial).stdout or None) == b"back\n"


def test_adb_reboot_restarts_the_connection(adb_server: AdbServer, serial: str, phone: FakePhone):
    hanging = threading.Thread(target=lambda: adb_server.adb("shell", "hang", serial=serial))
    hanging.start()
    assert phone.running.wait(WAIT_S)

    assert adb_server.adb("reboot", serial=serial).returncode == 0

    hanging.join(WAIT_S)
    assert phone.cancelled.wait(WAIT_S)
    assert wait_until(lambda: adb_server.adb("shell", "echo", "up", serial=serial).stdout or None) == b"up\n"
