from __future__ import annotations

import pytest

from device.virtual.wire.packets import CLSE, OKAY, OPEN, WRTE
from tests.device.virtual.wire.fakes import FakeHost, FakePhone, Hosts, HostStream


def test_a_forward_is_set_listed_and_removed(host: FakeHost):
    assert host.ask("reverse:forward:tcp:12345;tcp:4000") == b"OKAY"
    assert host.ask("reverse:list-forward") == b"001ahost-1 tcp:12345 tcp:4000\n"
    assert host.ask("reverse:killforward:tcp:12345") == b"OKAY"
    assert host.ask("reverse:list-forward") == b"0000"


def test_any_free_port_is_told(host: FakeHost, phone: FakePhone):
    answer = host.ask("reverse:forward:tcp:0;tcp:4000")

    assert answer[:8] == b"OKAY0005"
    assert phone.ports.get(int(answer[8:])) is not None


def test_a_forward_is_replaced_unless_that_is_forbidden(host: FakeHost):
    host.ask("reverse:forward:tcp:12345;tcp:4000")

    assert host.ask("reverse:forward:norebind:tcp:12345;tcp:4001")[:4] == b"FAIL"
    assert host.ask("reverse:forward:tcp:12345;tcp:4002") == b"OKAY"

    assert b"tcp:12345 tcp:4002" in host.ask("reverse:list-forward")


def test_all_forwards_are_removed_at_once(host: FakeHost, phone: FakePhone):
    host.ask("reverse:forward:tcp:12345;tcp:4000")
    host.ask("reverse:forward:localabstract:scrcpy;tcp:4001")

    assert host.ask("reverse:killforward-all") == b"OKAY"

    assert phone.ports.get(12345) is None
    assert phone.ports.get("scrcpy") is None


@pytest.mark.parametrize(
    "request_",
    ["killforward:tcp:1", "killforward:what", "forward:tcp:1", "forward:usb:1;tcp:2", "forward:tcp:99999;tcp:2", "no"],
)
def test_what_cannot_be_done_fails_in_words(host: FakeHost, request_: str):
    answer = host.ask(f"reverse:{request_}")

    assert answer[:4] == b"FAIL"
    assert int(answer[4:8], 16) == len(answer[8:]) > 0


def test_a_port_that_belongs_to_a_program_is_not_taken(host: FakeHost, phone: FakePhone):
    async def program(stream) -> None:
        return

    phone.ports.listen(9008, program)

    assert host.ask("reverse:forward:tcp:9008;tcp:1")[:4] == b"FAIL"
    assert phone.ports.get(9008) is program


def test_forwards_belong_to_the_connection_that_set_them(hosts: Hosts, phone: FakePhone):
    one, other = hosts.connect(), hosts.connect()
    one.ask("reverse:forward:tcp:12345;tcp:4000")

    assert other.ask("reverse:list-forward") == b"0000"
    assert other.ask("reverse:killforward:tcp:12345")[:4] == b"FAIL"
    assert other.ask("reverse:forward:tcp:12345;tcp:1")[:4] == b"FAIL"


def open_through(host: FakeHost) -> tuple[HostStream, int]:
    """Sets a forward and connects to it on the phone; the stream, and the phone's id of its own one to the host."""
    host.ask("reverse:forward:tcp:12345;tcp:4000")
    near = host.open("tcp:12345")
    opened = host.receive()
    assert (opened.command, opened.arg1, opened.data) == (OPEN, 0, b"tcp:4000\0")
    return near, opened.arg0


def test_a_connection_on_the_phone_becomes_a_stream_to_the_host(host: FakeHost):
    near, phone_id = open_through(host)
    far = HostStream(host, 77, phone_id)
    far.okay()

    near.write(b"up")
    assert far.read_write() == b"up"
    far.write(b"down")
    assert near.read_write() == b"down"


def test_nothing_is_written_to_the_host_before_it_has_accepted(host: FakeHost):
    near, phone_id = open_through(host)
    near.write(b"up")
    assert host.silent()

    host.send(OKAY, 77, phone_id)

    assert host.receive() == (WRTE, phone_id, 77, b"up")


def test_a_host_that_refuses_closes_the_connection_on_the_phone(host: FakeHost):
    near, phone_id = open_through(host)
    host.send(CLSE, 0, phone_id)

    assert host.receive() == near.packet(CLSE)
    assert host.silent()


def test_both_ends_close_when_one_does(host: FakeHost):
    near, phone_id = open_through(host)
    far = HostStream(host, 77, phone_id)
    far.okay()

    far.close()

    assert {host.receive(), host.receive()} == {far.packet(CLSE), near.packet(CLSE)}


def test_forwards_go_with_their_connection(hosts: Hosts, phone: FakePhone):
    one = hosts.connect()
    one.ask("reverse:forward:tcp:12345;tcp:4000")
    one.close()

    other = hosts.connect()
    for _ in range(1000):
        if other.ask("reverse:forward:tcp:12345;tcp:1") == b"OKAY":
            return
    raise AssertionError("the port is still taken")
