"""What the host can open, byte by byte."""

from __future__ import annotations

import struct

import pytest

from device.virtual.wire.packets import CLSE, OKAY, WRTE
from tests.device.virtual.wire.fakes import WAIT_S, FakeHost, FakePhone, Hosts


def frames(data: bytes) -> list[tuple[int, bytes]]:
    found = []
    while data:
        kind, length = struct.unpack_from("<BI", data)
        found.append((kind, data[5 : 5 + length]))
        data = data[5 + length :]
    return found


def frame(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<BI", kind, len(data)) + data


def test_shell_merges_output_and_errors_and_says_no_exit_code(host: FakeHost):
    assert host.ask("shell:complain 3") == b"out\nerr\n"


def test_shell_changes_no_byte(host: FakeHost):
    stream = host.open("shell:cat")
    stream.write(b"a\r\nb\n\0\xff")
    assert stream.read_write() == b"a\r\nb\n\0\xff"


def test_a_shell_command_may_be_in_any_script(host: FakeHost):
    assert host.ask("shell:echo 你好 grüße") == "你好 grüße\n".encode()


def test_exec_is_bare_too(host: FakeHost):
    assert host.ask("exec:complain") == b"out\nerr\n"


def test_exec_input_is_read_to_its_end_although_the_host_has_closed(host: FakeHost, phone: FakePhone):
    stream = host.open("exec:save /sdcard/x")
    stream.write(b"all of")
    stream.write(b" it")
    stream.close()

    assert phone.cancelled.wait(WAIT_S)
    assert phone.files.read("/sdcard/x") == b"all of it"


def test_an_exec_command_that_nobody_listens_to_ends_at_its_next_write(host: FakeHost, phone: FakePhone):
    stream = host.open("exec:chatter")
    stream.read_write()
    stream.close()

    assert phone.cancelled.wait(WAIT_S)


@pytest.mark.parametrize("options", ["shell,v2,TERM=xterm,raw", "shell,v2,TERM=xterm", "shell,v2"])
def test_shell_v2_keeps_output_errors_and_exit_code_apart(host: FakeHost, options: str):
    assert frames(host.ask(f"{options}:complain 3")) == [(1, b"out\n"), (2, b"err\n"), (3, b"\x03")]


def test_the_exit_frame_comes_before_the_close(host: FakeHost):
    stream = host.open("shell,v2,raw:complain 0")
    for expected in (frame(1, b"out\n"), frame(2, b"err\n"), frame(3, b"\0")):
        assert stream.read_write() == expected
    assert host.receive() == stream.packet(CLSE)


def test_shell_v2_input_ends_with_its_own_frame(host: FakeHost):
    stream = host.open("shell,v2,raw:cat")
    stream.write_without_waiting(frame(0, b"hello") + frame(4))

    assert frames(stream.read_to_end()) == [(1, b"hello"), (3, b"\0")]


def test_a_window_size_is_taken_and_ignored(host: FakeHost):
    stream = host.open("shell,v2,raw:cat")
    stream.write_without_waiting(frame(5, b"24x80,0x0\0") + frame(0, b"x") + frame(4))

    assert frames(stream.read_to_end()) == [(1, b"x"), (3, b"\0")]


def test_one_frame_fits_one_packet(hosts: Hosts):
    host = hosts.connect(greet=False)
    host.greet(max_data=4096)
    stream = host.open("shell,v2,raw:zeros 5000")

    assert stream.read_write() == frame(1, bytes(4091))
    assert stream.read_write() == frame(1, bytes(909))


def test_a_broken_frame_closes_its_stream_alone(host: FakeHost, caplog: pytest.LogCaptureFixture):
    stream = host.open("shell,v2,raw:cat")
    stream.write_without_waiting(b"\x00\xff\xff\xff\xff")

    assert stream.read_to_end() == b""
    assert "shell frame" in caplog.text
    assert host.ask("shell:echo hi") == b"hi\n"


def test_a_shell_without_a_command_runs_the_lines_it_is_sent(host: FakeHost):
    stream = host.open("shell,v2,TERM=xterm,raw:")
    stream.write_without_waiting(frame(0, b"echo one\n\necho two\ncomplain 5\n") + frame(4))

    said = frames(stream.read_to_end())

    assert said == [(1, b"one\n"), (1, b"two\n"), (1, b"out\n"), (2, b"err\n"), (3, b"\x05")]


def test_exit_leaves_the_shell_with_its_code(host: FakeHost):
    stream = host.open("shell,v2,raw:")
    stream.write_without_waiting(frame(0, b"echo one\nexit 4\necho never\n"))

    assert frames(stream.read_to_end()) == [(1, b"one\n"), (3, b"\x04")]


def test_a_command_reads_what_follows_its_line(host: FakeHost):
    stream = host.open("shell,v2,raw:")
    stream.write_without_waiting(frame(0, b"cat\nnot a command\n") + frame(4))

    assert frames(stream.read_to_end()) == [(1, b"not a command\n"), (3, b"\0")]


def test_a_port_somebody_listens_on_is_a_pipe_both_ways(host: FakeHost, phone: FakePhone):
    async def shout(stream) -> None:
        while data := await stream.read(100):
            await stream.write(data.upper())

    phone.ports.listen(9008, shout)
    stream = host.open("tcp:9008")
    stream.write(b"ping")
    assert stream.read_write() == b"PING"


def test_a_listener_that_returns_closes_the_stream(host: FakeHost, phone: FakePhone):
    async def greet(stream) -> None:
        await stream.write(b"hello")

    phone.ports.listen("greeter", greet)

    assert host.ask("localabstract:greeter") == b"hello"


def test_a_port_is_refused_once_nobody_listens_any_more(host: FakeHost, phone: FakePhone):
    async def nothing(stream) -> None:
        return

    phone.ports.listen(9008, nothing)
    assert host.ask("tcp:9008") == b""
    phone.ports.unlisten(9008)

    host.send(int.from_bytes(b"OPEN", "little"), 9, 0, b"tcp:9008\0")
    assert host.receive() == (CLSE, 0, 9, b"")


def test_root_is_denied_in_words(host: FakeHost):
    assert host.ask("root:") == b"adbd cannot run as root in production builds\n"


def test_the_framebuffer_is_a_description_and_rgba_rows(host: FakeHost):
    red, green = b"\xff\0\0\xff", b"\0\xff\0\xff"

    data = host.ask("framebuffer:")

    assert struct.unpack("<13I", data[:52]) == (1, 32, 8, 2, 1, 0, 8, 16, 8, 8, 8, 24, 8)
    assert data[52:] == red + green


def test_reboot_is_accepted_then_the_connection_goes_and_the_port_listens_again(hosts: Hosts, phone: FakePhone):
    host = hosts.connect()
    host.open("shell:hang")
    assert phone.running.wait(WAIT_S)

    host.open("reboot:")

    assert host.ended()
    assert phone.rebooted
    assert phone.cancelled.wait(WAIT_S)
    assert eventually_asks(hosts, "shell:echo back") == b"back\n"


def eventually_asks(hosts: Hosts, service: str) -> bytes:
    for _ in range(1000):
        try:
            return hosts.connect().ask(service)
        except (ConnectionError, EOFError):
            continue
    raise AssertionError("the phone does not listen again")


def test_many_streams_run_side_by_side(host: FakeHost):
    streams = [host.open("shell:cat") for _ in range(50)]
    for number, stream in enumerate(streams):
        stream.write_without_waiting(str(number).encode())
    answers: dict[int, bytes] = {}
    okays = set()
    while len(answers) < 50 or len(okays) < 50:
        packet = host.receive()
        if packet.command == WRTE:
            answers[packet.arg0] = packet.data
        else:
            assert packet.command == OKAY
            okays.add(packet.arg0)

    assert answers == {stream.phone_id: str(number).encode() for number, stream in enumerate(streams)}
