"""A person at `adb shell`: keys in, screen out. The terminal's stream is bare here (`shell:` with no command)."""

from __future__ import annotations

import pytest

from tests.device.virtual.wire.fakes import WAIT_S, FakeHost, FakePhone, HostStream
from tests.device.virtual.wire.test_services import frame

PROMPT = b"vphone:/ $ "  # the model in lower case


@pytest.fixture
def terminal(host: FakeHost) -> HostStream:
    stream = host.open("shell:")
    assert shown(stream, PROMPT) == PROMPT
    return stream


def shown(stream: HostStream, end: bytes) -> bytes:
    """What the screen shows until `end` is the last of it."""
    screen = b""
    while not screen.endswith(end):
        packet = stream.host.receive()
        if packet.data:
            stream.okay()
            screen += packet.data
    return screen


def press(stream: HostStream, keys: bytes, end: bytes = PROMPT) -> bytes:
    stream.write_without_waiting(keys)
    return shown(stream, end)


def test_keys_are_echoed_and_newlines_become_crlf(terminal: HostStream):
    assert press(terminal, b"echo hi\r") == b"echo hi\r\n" + b"hi\r\n" + PROMPT


def test_backspace_removes_a_whole_character(terminal: HostStream):
    screen = press(terminal, "echo a界\x7fb\r".encode())
    assert screen == "echo a界".encode() + b"\b \b" + b"b\r\n" + b"ab\r\n" + PROMPT


def test_ctrl_u_removes_the_line(terminal: HostStream):
    assert press(terminal, b"no\x15echo hi\r").endswith(b"hi\r\n" + PROMPT)


def test_ctrl_c_ends_the_running_command_and_the_shell_goes_on(terminal: HostStream, phone: FakePhone):
    terminal.write_without_waiting(b"hang\r")
    assert phone.running.wait(WAIT_S)

    assert press(terminal, b"\x03").endswith(b"^C\r\n" + PROMPT)

    assert phone.cancelled.wait(WAIT_S)
    assert press(terminal, b"echo hi\r").endswith(b"hi\r\n" + PROMPT)


def test_ctrl_c_at_the_prompt_forgets_the_line(terminal: HostStream):
    assert press(terminal, b"crash\x03") == b"crash^C\r\n" + PROMPT


def test_ctrl_d_leaves(terminal: HostStream):
    terminal.write_without_waiting(b"\x04")
    assert terminal.read_to_end() == b""


def test_ctrl_d_ends_a_commands_input_and_the_shell_goes_on(terminal: HostStream):
    press(terminal, b"cat\r", b"\r\n")
    press(terminal, b"hi\r", b"hi\r\nhi\r\n")
    assert press(terminal, b"\x04") == PROMPT


def test_lines_typed_ahead_run_one_after_the_other(terminal: HostStream):
    terminal.write_without_waiting(b"echo one\recho two\rexit\r")
    assert terminal.read_to_end() == b"echo one\r\necho two\r\nexit\r\none\r\n" + PROMPT + b"two\r\n" + PROMPT


def test_exit_leaves(terminal: HostStream):
    terminal.write_without_waiting(b"exit\r")
    assert terminal.read_to_end() == b"exit\r\n"


def test_closing_the_window_ends_the_running_command(terminal: HostStream, phone: FakePhone):
    terminal.write_without_waiting(b"hang\r")
    assert phone.running.wait(WAIT_S)

    terminal.close()

    assert phone.cancelled.wait(WAIT_S)


def test_one_command_in_a_terminal_merges_errors_and_keeps_its_exit_code(host: FakeHost):
    said = host.ask("shell,v2,TERM=xterm,pty:complain 3")
    assert said == frame(1, b"out\r\n") + frame(1, b"err\r\n") + frame(3, b"\x03")


def test_ctrl_c_ends_one_command_with_code_130(host: FakeHost, phone: FakePhone):
    stream = host.open("shell,v2,TERM=xterm,pty:hang")
    assert phone.running.wait(WAIT_S)
    stream.write_without_waiting(frame(0, b"\x03"))

    assert stream.read_to_end().endswith(frame(3, bytes([130])))


def test_a_broken_frame_closes_the_terminal_with_a_log_line(host: FakeHost, caplog: pytest.LogCaptureFixture):
    stream = host.open("shell,v2,TERM=xterm,pty:")
    stream.write_without_waiting(b"\x00\xff\xff\xff\xff")

    assert stream.read_to_end() == frame(1, PROMPT)
    assert "shell frame" in caplog.text
