from __future__ import annotations

import errno
import gc
import socket
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from device.virtual import serve
from device.virtual.serve import ADB_SCANS, FREE_PORTS, PortTaken, Serving
from device.virtual.wire import listener
from tests.device.virtual.wire.fakes import WAIT_S, FakePhone, Hosts


@pytest.fixture
def phone(tmp_path: Path) -> FakePhone:
    return FakePhone(tmp_path)


@pytest.fixture
def serving(phone: FakePhone) -> Iterator[Serving]:
    serving = Serving(phone, new_shell=lambda: phone.run_command)
    yield serving
    serving.stop()


@pytest.fixture
def hosts(serving: Serving) -> Iterator[Hosts]:
    hosts = Hosts(serving.start())
    yield hosts
    hosts.close()


def refused(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), WAIT_S).close()
    except ConnectionRefusedError:
        return True
    return False


def test_a_free_port_is_chosen_where_neither_adb_nor_outgoing_connections_are(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
):
    assert not set(FREE_PORTS) & set(ADB_SCANS)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        free = serving.start()
        serving.stop()
        monkeypatch.setattr(serve, "FREE_PORTS", [taken.getsockname()[1], free])
        monkeypatch.setattr(serve, "PORT_TRIES", 2)

        assert serving.start() == free

    assert free in FREE_PORTS


def test_adb_scans_the_odd_ports_from_5555():
    assert {5555, 5585} <= set(ADB_SCANS)
    assert not {5554, 5586, 16555} & set(ADB_SCANS)


def test_no_free_port_at_all_says_so(serving: Serving, monkeypatch: pytest.MonkeyPatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setattr(serve, "FREE_PORTS", [taken.getsockname()[1]])
        monkeypatch.setattr(serve, "PORT_TRIES", 1)
        with pytest.raises(PortTaken, match="every port tried"):
            serving.start()


def test_only_this_machine_can_connect(serving: Serving):
    serving.start()
    with pytest.raises(OSError):
        socket.create_connection((_own_address(), serving.port), 0.5).close()


def _own_address() -> str:
    """An address of this machine that is not the one listened on (all of 127/8 is this machine's)."""
    return "127.0.0.2"


def test_a_taken_port_says_so_and_what_to_do(serving: Serving):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match=f"{port} is in use.*choose another port"):
            serving.start(port)
    assert serving.start(port) == port


def test_a_phone_is_not_served_twice(serving: Serving):
    serving.start()
    with pytest.raises(RuntimeError, match="already"):
        serving.start()


def test_stopping_ends_the_thread_and_the_port_and_may_be_repeated(serving: Serving, hosts: Hosts):
    hosts.connect()
    serving.stop()
    serving.stop()

    assert refused(serving.port)
    assert "virtual-phone-adb" not in [thread.name for thread in threading.enumerate()]


def test_a_stopped_phone_can_be_served_again(serving: Serving):
    port = serving.start()
    serving.stop()
    assert serving.start(port) == port


def test_stopping_cancels_what_runs(serving: Serving, hosts: Hosts, phone: FakePhone):
    host = hosts.connect()
    for service in ("shell:hang", "exec:hang"):
        phone.running.clear()
        host.open(service)
        assert phone.running.wait(WAIT_S)

    serving.stop()

    assert phone.cancelled.is_set()
    assert host.ended()


def test_a_dropped_transport_ends_connections_but_not_the_port(serving: Serving, hosts: Hosts):
    host = hosts.connect()
    serving.drop_transport()

    assert host.ended()
    assert hosts.connect().ask("shell:echo hi") == b"hi\n"


def test_a_killed_phone_refuses_connections_until_it_is_revived(serving: Serving, hosts: Hosts, phone: FakePhone):
    host = hosts.connect()
    host.open("shell:hang")
    assert phone.running.wait(WAIT_S)

    serving.kill()

    assert phone.cancelled.is_set()
    assert host.ended()
    assert refused(serving.port)
    assert serving.connected == 0

    serving.revive()

    assert hosts.connect().ask("shell:echo hi") == b"hi\n"


def test_a_revived_phone_whose_port_was_taken_says_so(serving: Serving, hosts: Hosts):
    serving.kill()
    with socket.create_server(("127.0.0.1", serving.port)), pytest.raises(PortTaken):
        serving.revive()


def test_a_reboot_ends_connections_and_listens_on_the_same_port(serving: Serving, hosts: Hosts):
    host = hosts.connect()
    serving.reboot()

    assert host.ended()
    assert hosts.connect().ask("shell:echo hi") == b"hi\n"


def test_the_connection_may_be_cut_by_a_command_that_uses_it(serving: Serving, hosts: Hosts, phone: FakePhone):
    async def cut(command: str, io: object) -> int:
        serving.drop_transport()
        return 0

    phone.run_command = cut  # type: ignore[method-assign]
    host = hosts.connect()
    host.open("shell:cut")

    assert host.ended()


def test_what_needs_a_running_port_says_that_it_does_not_run(serving: Serving):
    with pytest.raises(RuntimeError, match="call start"):
        serving.kill()


def test_the_fault_that_cuts_the_connection_works_while_the_phone_is_served(
    serving: Serving, hosts: Hosts, phone: FakePhone
):
    host = hosts.connect()
    assert phone.faults.on_drop_transport is not None
    phone.faults.on_drop_transport()
    assert host.ended()

    serving.stop()
    assert phone.faults.on_drop_transport is None


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_a_connection_opened_right_before_the_end_is_closed_with_the_others(serving: Serving, end: str):
    with warnings.catch_warnings(record=True) as left_open:
        warnings.simplefilter("always", ResourceWarning)
        for _ in range(10):  # it depends on how far the connection has come
            port = serving.start()
            late = [socket.create_connection(("127.0.0.1", port), WAIT_S) for _ in range(3)]
            getattr(serving, end)()
            for connection in late:
                assert ended(connection)
                connection.close()
            serving.stop()
        gc.collect()

    assert [str(warning.message) for warning in left_open] == []


def ended(connection: socket.socket) -> bool:
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


def test_a_phone_that_can_accept_nothing_for_a_moment_says_so_and_accepts_later(
    serving: Serving, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(listener, "ACCEPT_PAUSE_S", 0.01)
    serving.start()
    failures = iter([OSError(errno.EMFILE, "too many open files")])
    accept = socket.socket.accept

    def refusing(listening: socket.socket):
        for failure in failures:
            raise failure
        return accept(listening)

    monkeypatch.setattr(socket.socket, "accept", refusing)
    hosts = Hosts(serving.port)

    assert hosts.connect().ask("shell:echo hi") == b"hi\n"
    hosts.close()
    assert "cannot accept a connection" in caplog.text
