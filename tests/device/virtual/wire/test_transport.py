"""The connection, spoken to by a scripted host: who sends what when."""

from __future__ import annotations

import contextlib
import logging
import random
import struct
import threading
import time

import pytest

from device.virtual.ports import DuplexStream, StreamClosed
from device.virtual.wire.packets import AUTH, CLSE, CNXN, OKAY, OPEN, PAYLOAD_MAX, VERSION, WRTE, pack
from device.virtual.wire.stream import INBOX_BYTES
from tests.device.virtual.wire.fakes import HOST_BANNER, WAIT_S, FakeHost, FakePhone, Hosts, Packet

BANNER = (
    b"device::ro.product.name=vphone;ro.product.model=VPhone;ro.product.device=vphone;"
    b"features=shell_v2,cmd,stat_v2,ls_v2,fixed_push_mkdir,sendrecv_v2,sendrecv_v2_dry_run_send"
)


def test_the_phone_answers_the_greeting_at_once_and_asks_for_no_authorisation(hosts: Hosts):
    assert hosts.connect(greet=False).greet() == Packet(CNXN, VERSION, PAYLOAD_MAX, BANNER)


def test_the_phone_says_nothing_before_the_host(hosts: Hosts):
    host = hosts.connect(greet=False)
    host.send(CNXN, VERSION, PAYLOAD_MAX, HOST_BANNER)

    assert host.receive().command == CNXN
    assert host.silent()


def test_no_packet_is_larger_than_both_sides_can_take(hosts: Hosts):
    host = hosts.connect(greet=False)
    assert host.greet(max_data=4096).arg1 == 4096

    stream = host.open("exec:zeros 10000")
    sizes = [len(stream.read_write()) for _ in range(3)]

    assert sizes == [4096, 4096, 1808]


def test_a_host_of_the_older_version_gets_payload_sums(hosts: Hosts):
    host = hosts.connect(greet=False)
    host.send(CNXN, 0x01000000, 4096, HOST_BANNER)

    header = struct.unpack("<6I", host.receive_bytes(24))
    banner = host.receive_bytes(header[3])

    assert header[1] == 0x01000000
    assert header[4] == sum(banner)


def test_okay_comes_before_the_first_write_of_a_stream(host: FakeHost):
    host.send(OPEN, 5, 0, b"shell:echo hi\0")

    okay, write, close = host.receive(), host.receive(), host.receive()

    assert okay == Packet(OKAY, okay.arg0, 5)
    assert okay.arg0 != 0
    assert write == Packet(WRTE, okay.arg0, 5, b"hi\n")
    assert close == Packet(CLSE, okay.arg0, 5)


def test_the_next_write_waits_for_the_okay_of_the_last(hosts: Hosts):
    host = hosts.connect(greet=False)
    host.greet(max_data=4096)
    stream = host.open("exec:zeros 8192")
    assert host.receive() == stream.packet(WRTE, bytes(4096))
    assert host.silent()

    stream.okay()

    assert host.receive() == stream.packet(WRTE, bytes(4096))


def test_every_write_of_the_host_is_answered(host: FakeHost):
    stream = host.open("shell:cat")
    for words in (b"one", b"two"):
        stream.write(words)
        assert stream.read_write() == words


def test_a_host_that_sends_more_than_is_read_has_to_wait(host: FakeHost):
    stream = host.open("shell:hang")
    stream.write(bytes(INBOX_BYTES - 1))

    stream.write_without_waiting(b"more")

    assert host.silent()


def test_what_waits_unread_is_answered_once_it_is_read(host: FakeHost):
    stream = host.open("shell:cat")
    first = bytes(INBOX_BYTES + 1)
    stream.write_without_waiting(first)

    seen = b""
    answered = 0
    while len(seen) < len(first):
        packet = host.receive()
        if packet.command == OKAY:
            answered += 1
        else:
            seen += packet.data
            stream.okay()

    assert seen == first
    assert answered == 1


def test_a_refused_service_is_closed_with_no_id(host: FakeHost):
    for service in (b"jdwp\0", b"remount:\0", b"tcpip:5555\0", b"tcp:9008\0", b"localabstract:scrcpy\0", b"\0", b""):
        host.send(OPEN, 9, 0, service)
        assert host.receive() == Packet(CLSE, 0, 9)


def test_the_host_closes_and_is_answered_once(host: FakeHost, phone: FakePhone):
    stream = host.open("shell:hang")
    assert phone.running.wait(WAIT_S)

    stream.close()

    assert host.receive() == stream.packet(CLSE)
    assert host.silent()


def test_the_phone_closes_once_even_if_the_host_closes_too(host: FakeHost):
    stream = host.open("shell:echo hi")
    assert stream.read_to_end() == b"hi\n"

    stream.close()

    assert host.silent()


def test_what_comes_late_for_a_closed_stream_is_dropped(host: FakeHost):
    stream = host.open("shell,v2,TERM=xterm,raw:echo hi")
    stream.read_to_end()

    stream.write_without_waiting(bytes.fromhex("04 00000000"))
    stream.okay()
    stream.close()

    assert host.silent()


def test_a_command_is_cancelled_when_the_host_closes_its_stream(host: FakeHost, phone: FakePhone):
    stream = host.open("shell:hang")
    assert phone.running.wait(WAIT_S)

    stream.close()

    assert phone.cancelled.wait(WAIT_S)


def test_a_command_that_writes_is_cancelled_too(host: FakeHost, phone: FakePhone):
    stream = host.open("shell:chatter")
    stream.read_write()

    stream.close()

    assert phone.cancelled.wait(WAIT_S)


def test_commands_are_cancelled_when_the_connection_is_lost(host: FakeHost, phone: FakePhone):
    host.open("shell:hang")
    assert phone.running.wait(WAIT_S)

    host.close()

    assert phone.cancelled.wait(WAIT_S)


def test_streams_do_not_wait_for_each_other(host: FakeHost):
    hanging = host.open("shell:hang")
    stuck = host.open("exec:chatter")
    assert host.receive() == stuck.packet(WRTE, b"x" * 1000)  # and is never answered

    assert host.ask("shell:echo hi") == b"hi\n"

    hanging.close()
    assert host.receive() == hanging.packet(CLSE)


def test_two_hosts_may_be_connected_at_once(hosts: Hosts):
    one, other = hosts.connect(), hosts.connect()

    assert one.ask("shell:echo one") == b"one\n"
    assert other.ask("shell:echo other") == b"other\n"


def test_a_host_that_greets_again_starts_afresh(host: FakeHost, phone: FakePhone):
    stream = host.open("shell:hang")
    assert phone.running.wait(WAIT_S)

    host.send(CNXN, VERSION, PAYLOAD_MAX, HOST_BANNER)

    assert host.receive() == stream.packet(CLSE)
    assert host.receive().command == CNXN
    assert phone.cancelled.wait(WAIT_S)
    assert host.ask("shell:echo hi") == b"hi\n"


def test_a_program_on_the_phone_sees_the_end_when_the_host_closes(host: FakeHost, phone: FakePhone):
    seen: list[bytes | str] = []
    over = threading.Event()

    async def listener(stream: DuplexStream) -> None:
        while data := await stream.read(100):
            seen.append(data)
        seen.append(b"")
        try:
            await stream.write(b"too late")
        except StreamClosed:
            seen.append("closed")
        over.set()

    phone.ports.listen(9008, listener)
    stream = host.open("tcp:9008")
    stream.write(b"hello")
    stream.close()

    assert over.wait(WAIT_S)
    assert seen == [b"hello", b"", "closed"]


@pytest.mark.parametrize(
    ("garbage", "why"),
    [
        (b"GET / HTTP/1.1\r\nHost: phone\r\n\r\n", "bad magic"),
        (bytes(24), "bad magic"),
        (struct.pack("<6I", WRTE, 1, 1, 0xFFFFFFFF, 0, WRTE ^ 0xFFFFFFFF), "4294967295 bytes"),
        (pack(OPEN, 0, 0, b"sync:\0"), "OPEN without an id"),
        (pack(CNXN, VERSION, 0, HOST_BANNER), "takes no data"),
    ],
)
def test_garbage_closes_its_connection_with_one_log_line_and_nothing_else(
    hosts: Hosts, caplog: pytest.LogCaptureFixture, garbage: bytes, why: str
):
    caplog.set_level(logging.WARNING)
    bystander, vandal = hosts.connect(), hosts.connect()

    vandal.send_bytes(garbage)

    assert vandal.ended()
    assert [why in line for line in caplog.messages] == [True]
    assert bystander.ask("shell:echo hi") == b"hi\n"
    assert hosts.connect().ask("shell:echo hi") == b"hi\n"


def test_no_bytes_a_peer_can_send_harm_the_phone(hosts: Hosts, caplog: pytest.LogCaptureFixture):
    """Real packets with one byte changed, cut or doubled somewhere, and pure noise."""
    dice = random.Random(20261122)
    good = [
        pack(CNXN, VERSION, PAYLOAD_MAX, HOST_BANNER),
        pack(OPEN, 1, 0, b"shell,v2,raw:cat\0"),
        pack(OPEN, 2, 0, b"sync:\0"),
        pack(WRTE, 1, 1, bytes.fromhex("00 05000000") + b"hello"),
        pack(WRTE, 2, 2, b"STAT\7\0\0\0/sdcard"),
        pack(OKAY, 1, 1),
        pack(CLSE, 1, 1),
    ]
    for _ in range(150):
        talk = bytearray(b"".join(dice.choices(good, k=6)))
        at = dice.randrange(len(talk))
        match dice.randrange(4):
            case 0:
                talk[at] ^= 1 << dice.randrange(8)
            case 1:
                del talk[at : at + dice.randrange(1, 30)]
            case 2:
                talk[at:at] = talk[at : at + dice.randrange(1, 30)]
            case _:
                talk = bytearray(dice.randbytes(200))
        vandal = hosts.connect(greet=dice.random() < 0.5)
        with contextlib.suppress(ConnectionError):
            vandal.send_bytes(bytes(talk))
        vandal.close()

    assert hosts.connect().ask("shell:echo hi") == b"hi\n"
    assert not [record for record in caplog.records if record.levelno > logging.WARNING]


def test_opening_before_greeting_is_garbage(hosts: Hosts):
    host = hosts.connect(greet=False)
    host.send(OPEN, 1, 0, b"shell:echo hi\0")

    assert host.ended()


def test_writing_without_waiting_for_okay_is_garbage(host: FakeHost):
    stream = host.open("shell:hang")
    stream.write_without_waiting(bytes(INBOX_BYTES))
    stream.write_without_waiting(b"again")

    assert host.ended()


def test_a_packet_cut_off_in_the_middle_ends_the_connection_with_a_log_line(
    hosts: Hosts, host: FakeHost, caplog: pytest.LogCaptureFixture, phone: FakePhone
):
    caplog.set_level(logging.WARNING)
    host.open("shell:hang")
    assert phone.running.wait(WAIT_S)

    host.send_bytes(pack(OPEN, 1, 0, b"shell:echo hi\0")[:-3])
    host.close()

    assert phone.cancelled.wait(WAIT_S)
    assert "middle of a packet" in caplog.text
    assert hosts.connect().ask("shell:echo hi") == b"hi\n"


def test_an_unknown_but_well_formed_packet_is_ignored(host: FakeHost):
    host.send(AUTH, 3, 0, b"a public key\0")
    host.send(int.from_bytes(b"STLS", "little"), 0x01000000, 0)

    assert host.silent()


def test_a_mistake_in_a_command_closes_its_stream_and_is_logged(host: FakeHost, caplog: pytest.LogCaptureFixture):
    assert host.ask("shell:crash") == b""

    assert "shell:crash" in caplog.text
    assert "ZeroDivisionError" in caplog.text
    assert host.ask("shell:echo hi") == b"hi\n"


def test_small_answers_are_not_held_back(host: FakeHost):
    """Nagle's algorithm would hold the write after an OKAY for the host's delayed acknowledgement: 40 ms."""

    def timed_s() -> float:
        start = time.perf_counter()
        host.ask("shell:echo hi")
        return time.perf_counter() - start

    assert min(timed_s() for _ in range(5)) < 0.03
