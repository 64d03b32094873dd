from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

from device.free_port import free_port
from tests.adbserver import PORT, AdbServer, wait_until


def refused(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1.0).close()
    except ConnectionRefusedError:
        return True
    return False


def test_clients_of_this_process_are_led_to_the_private_port():
    assert PORT != 5037
    assert os.environ["ANDROID_ADB_SERVER_PORT"] == str(PORT)


def test_a_server_sees_no_phone_of_its_own_accord_and_leaves_nothing_running(tmp_path: Path):
    with AdbServer(tmp_path, free_port()) as server:
        assert server.adb("devices").stdout.strip() == b"List of devices attached"
        assert (tmp_path / ".android").is_dir()

    assert refused(server.port)
    server.stop()


def test_the_server_ends_when_the_program_that_started_it_is_killed(tmp_path: Path):
    port = free_port()
    script = (
        "import pathlib, sys, time; from tests.adbserver import AdbServer;"
        f"AdbServer(pathlib.Path({str(tmp_path)!r}), {port}).start(); print(flush=True); time.sleep(100)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=Path(__file__).parents[1]
    ) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == b"\n"
        assert not refused(port)
        owner.kill()

    assert wait_until(lambda: refused(port))
