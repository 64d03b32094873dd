"""The whole phone through the unmodified adb server: that the layers fit together. Details are tested per layer."""

from __future__ import annotations

import http.client
import io
import subprocess
import threading
import time
from collections.abc import Iterator

import pytest

from device.actions import Size
from device.virtual.phone import PhoneConfig, VirtualPhone
from device.virtual.serve import PortTaken
from tests.adbserver import AdbServer, adb_server, bundled_program, wait_until  # noqa: F401 - adb_server is a fixture

PING_TIMEOUT_S = 5.0


@pytest.fixture(scope="module")
def phone() -> Iterator[VirtualPhone]:
    with VirtualPhone(PhoneConfig(size=Size(360, 640), density_dpi=160, model="V Phone")) as phone:
        phone.start()
        yield phone


@pytest.fixture
def serial(adb_server: AdbServer, phone: VirtualPhone) -> Iterator[str]:  # noqa: F811 - the fixture
    with adb_server.connected(phone.start()) as serial:
        yield serial


@pytest.fixture
def adb(adb_server: AdbServer, serial: str):  # noqa: F811
    """Runs the adb program for this phone; its standard output."""

    def run(*arguments: str, stdin: bytes = b"") -> bytes:
        done = adb_server.adb(*arguments, serial=serial, stdin=stdin)
        assert done.returncode == 0, done
        return done.stdout

    return run


def test_the_phone_shows_its_model_in_the_device_list(adb_server: AdbServer, serial: str):  # noqa: F811
    assert b"model:V_Phone" in adb_server.adb("devices", "-l").stdout


def test_the_shell_is_the_phones_own(adb, phone: VirtualPhone):
    assert adb("shell", "getprop ro.product.model; pwd") == b"V Phone\n/\n"


def test_a_shell_remembers_its_variables_from_line_to_line(adb):
    assert adb("shell", stdin=b"here=phone\necho on the $here\n") == b"on the phone\n"


def test_exit_codes_arrive(adb_server: AdbServer, serial: str):  # noqa: F811
    done = adb_server.adb("shell", "no-such-command", serial=serial)
    assert done.returncode == 127
    assert b"inaccessible or not found" in done.stderr


def test_a_picture_arrives_whole(adb):
    image = pytest.importorskip("PIL.Image")
    with image.open(io.BytesIO(adb("exec-out", "screencap -p"))) as picture:
        assert picture.size == (360, 640)


def test_pushed_files_are_seen_by_the_shell(adb, tmp_path):
    (tmp_path / "file.txt").write_text("hello")
    adb("push", str(tmp_path / "file.txt"), "/sdcard/file.txt")
    assert adb("shell", "cat /sdcard/file.txt") == b"hello"


def ping(port: int) -> bytes | None:
    """What u2's server says through a forwarded port; None if it does not listen."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PING_TIMEOUT_S)
    try:
        connection.request("GET", "/ping")
        return connection.getresponse().read()
    except (http.client.RemoteDisconnected, ConnectionError):
        return None
    finally:
        connection.close()


def test_the_automation_server_listens_as_long_as_its_stream_is_open(adb, adb_server: AdbServer, serial: str, tmp_path):  # noqa: F811
    (tmp_path / "u2.jar").write_bytes(b"the phone only looks whether it is there")
    adb("push", str(tmp_path / "u2.jar"), "/data/local/tmp/u2.jar")
    port = int(adb("forward", "tcp:0", "tcp:9008"))
    assert ping(port) is None
    launch = "CLASSPATH=/data/local/tmp/u2.jar app_process / com.wetest.uia2.Main -p 9008"
    command = [str(bundled_program()), "-P", str(adb_server.port), "-s", serial, "shell", launch]

    with subprocess.Popen(
        command, env=adb_server.environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    ) as u2:
        assert wait_until(lambda: ping(port)) == b"pong"
        u2.kill()

    start_s = time.monotonic()
    assert wait_until(lambda: ping(port) is None or None)
    assert time.monotonic() - start_s < 1.0
    adb("forward", "--remove", f"tcp:{port}")


def test_a_long_command_holds_up_nobody(adb, adb_server: AdbServer, serial: str):  # noqa: F811
    asleep = threading.Thread(target=lambda: adb_server.adb("shell", "sleep 1; echo done", serial=serial))
    asleep.start()
    start_s = time.monotonic()
    assert adb("shell", "echo hi") == b"hi\n"
    assert time.monotonic() - start_s < 1.0
    asleep.join()


def test_the_fault_that_cuts_the_connection_is_survived(adb_server: AdbServer, serial: str, phone: VirtualPhone):  # noqa: F811
    phone.faults.drop_transport()

    said = wait_until(lambda: adb_server.adb("shell", "echo back", serial=serial).stdout or None)
    assert said == b"back\n"


def test_a_reboot_ends_apps_and_is_survived(adb_server: AdbServer, serial: str, phone: VirtualPhone):  # noqa: F811
    adb_server.adb("shell", "am start -n com.android.settings/.Settings", serial=serial)

    assert adb_server.adb("reboot", serial=serial).returncode == 0

    said = wait_until(lambda: adb_server.adb("shell", "dumpsys activity top", serial=serial).stdout or None)
    assert b"ACTIVITY com.android.launcher3" in said
    assert b"ACTIVITY com.android.settings" not in said


def test_a_phone_whose_port_was_taken_can_be_started_elsewhere(phone: VirtualPhone):
    with VirtualPhone(PhoneConfig(size=Size(360, 640), density_dpi=160)) as other:
        with pytest.raises(PortTaken):
            other.start(phone.start())
        assert other.start() not in (0, phone.start())


def front(adb_server: AdbServer, serial: str) -> bytes | None:  # noqa: F811
    return adb_server.adb("shell", "dumpsys activity top", serial=serial).stdout or None


@pytest.mark.parametrize("how", ["adb reboot", "adb shell reboot", "reboot from Python"])
def test_every_way_to_reboot_does_the_same(adb_server: AdbServer, serial: str, phone: VirtualPhone, how: str):  # noqa: F811
    adb_server.adb("shell", "echo kept > /sdcard/kept.txt; am start -n com.android.settings/.Settings", serial=serial)
    before = phone.packages.process("com.android.launcher3")

    if how == "adb reboot":
        assert adb_server.adb("reboot", serial=serial).returncode == 0
    elif how == "adb shell reboot":
        adb_server.adb("shell", "reboot; echo never seen", serial=serial)
    else:
        phone.reboot()

    said = wait_until(lambda: front(adb_server, serial))
    assert b"ACTIVITY com.android.launcher3" in said
    assert b"com.android.settings" not in said
    assert phone.packages.process("com.android.settings") is None
    assert phone.packages.process("com.android.launcher3") not in (None, before)
    assert adb_server.adb("shell", "cat /sdcard/kept.txt", serial=serial).stdout == b"kept\n"


def test_an_app_that_fails_hurts_neither_the_shell_nor_the_connection(
    adb_server: AdbServer,  # noqa: F811
    serial: str,
    phone: VirtualPhone,
    monkeypatch: pytest.MonkeyPatch,
):
    def fail(page: object) -> None:
        raise ZeroDivisionError("a mistake in an app")

    monkeypatch.setattr("device.virtual.apps.notes.NotesApp.started", fail)
    done = adb_server.adb("shell", "am start -n com.example.notes/.MainActivity", serial=serial)
    seen = adb_server.adb("shell", "uiautomator dump /sdcard/w.xml >/dev/null; cat /sdcard/w.xml", serial=serial)
    log = adb_server.adb("logcat", "-d", "AndroidRuntime:E", "*:S", serial=serial).stdout

    assert done.returncode == 0
    assert b"Notes keeps stopping" in seen.stdout
    assert b"FATAL EXCEPTION: main" in log and b"ZeroDivisionError: a mistake in an app" in log
    phone.reboot()
