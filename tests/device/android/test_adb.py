from tests.adbserver import AdbServer, bundled_program, adb_server, free_port  # isort: skip  # before adbutils

import socket
import threading
from pathlib import Path

import pytest

from device.android import adb
from device.android.adb import Listed
from device.android.wire import Server
from device.errors import AdbUnavailable, DeviceGone

__all__ = ["adb_server"]

LISTING = """\
127.0.0.1:16555        device product:vphone model:Pixel_7_Pro device:vphone transport_id:4
R58M123ABC             unauthorized usb:1-2 transport_id:5
emulator-5554          offline transport_id:6
ce0117                 no permissions (missing udev rules? user is in the plugdev group); see [http://x] usb:3-1
9A1                    rescue usb:1
9A2                    host
"""


def test_every_state_adb_knows_is_told_apart():
    assert adb.parse_devices(LISTING) == (
        Listed("127.0.0.1:16555", "device", "Pixel 7 Pro", "device"),
        Listed("R58M123ABC", "unauthorized", "", "unauthorized"),
        Listed("emulator-5554", "offline", "", "offline"),
        Listed("ce0117", "no permissions", "", "no permissions"),
        Listed("9A1", "rescue", "", "rescue"),
        Listed("9A2", "other", "", "host"),
    )


@pytest.mark.parametrize("serial", ["127.0.0.1:5555", "phone.local:5555", "[::1]:16555"])
def test_an_address_is_told_from_a_serial(serial):
    assert adb.is_address(serial)


@pytest.mark.parametrize("serial", ["R58M123ABC", "emulator-5554", "adb-R58._adb-tls-connect._tcp", ""])
def test_a_serial_is_told_from_an_address(serial):
    assert not adb.is_address(serial)


def test_the_port_is_the_given_one_then_the_environments_as_it_is_now():
    assert adb.server(5999, env={"ANDROID_ADB_SERVER_PORT": "5998"}).port == 5999
    assert adb.server(env={"ANDROID_ADB_SERVER_PORT": "5998"}).port == 5998
    assert adb.server(env={}).port == 5037


def test_a_port_that_is_none_is_named():
    with pytest.raises(AdbUnavailable, match="'abc', which is no port"):
        adb.server(env={"ANDROID_ADB_SERVER_PORT": "abc"})


def test_the_program_named_in_the_environment_comes_first_then_the_path_then_the_bundled_one(tmp_path: Path):
    on_path = tmp_path / "adb"
    on_path.write_text("#!/bin/sh\n")
    on_path.chmod(0o755)

    assert adb.find_program({"ADBUTILS_ADB_PATH": str(bundled_program()), "PATH": str(tmp_path)}) == bundled_program()
    assert adb.find_program({"PATH": str(tmp_path)}) == on_path
    assert adb.find_program({"PATH": ""}) == bundled_program()


def test_a_named_program_that_is_not_there_is_not_replaced_by_another():
    with pytest.raises(AdbUnavailable, match="/nowhere/adb"):
        adb.find_program({"ADBUTILS_ADB_PATH": "/nowhere/adb"})


def test_a_program_tells_its_versions():
    found = adb.program(bundled_program())

    assert found.version == "1.0.41"
    assert found.release.count(".") == 2


def test_a_program_that_is_no_adb_is_not_taken_for_one():
    with pytest.raises(AdbUnavailable, match="is no adb"):
        adb.program(Path("/bin/echo"))


def test_a_running_server_is_used_as_it_is(adb_server: AdbServer):
    assert adb.start(Server("127.0.0.1", adb_server.port)) >= 41


def test_a_server_is_started_when_none_answers(adb_server: AdbServer):
    port = free_port()
    server = Server("127.0.0.1", port)
    try:
        assert adb.start(server, env=adb_server.environment) >= 41
        assert adb.devices(server) == ()
    finally:
        with server.make_connection(5) as connection:
            connection.send_command("host:kill")
            connection.check_okay()


def test_a_home_that_cannot_be_written_is_named_as_the_cause(adb_server: AdbServer):
    env = {**adb_server.environment, "HOME": "/proc/nowhere"}

    with pytest.raises(AdbUnavailable, match=r"cannot write its key to /proc/nowhere/\.android"):
        adb.start(Server("127.0.0.1", free_port()), env=env)


@pytest.mark.parametrize("port", [0, -1, 65536, 99999])
def test_a_given_number_that_is_no_port_is_refused_before_anything_is_contacted(port):
    with pytest.raises(AdbUnavailable, match=f"{port} is no port"):
        adb.server(port)


def test_something_else_on_the_port_is_not_taken_for_adb():
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(64)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(AdbUnavailable, match="is no adb server"):
            adb.start(Server("127.0.0.1", listener.getsockname()[1]), timeout_s=5)
        thread.join()


def test_a_server_that_says_nothing_is_given_up_in_time():
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        pytest.raises(AdbUnavailable),
    ):
        adb.devices(Server("127.0.0.1", listener.getsockname()[1]), timeout_s=0.2)


def test_connecting_to_an_address_where_nobody_is_says_so(adb_server: AdbServer):
    with pytest.raises(DeviceGone, match="nobody answers"):
        adb.connect(Server("127.0.0.1", adb_server.port), f"127.0.0.1:{free_port()}")


def test_disconnecting_what_is_not_connected_is_no_harm(adb_server: AdbServer):
    adb.disconnect(Server("127.0.0.1", adb_server.port), "127.0.0.1:9")
