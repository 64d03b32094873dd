"""Byte-exact: these tests are the specification of the packet form."""

from __future__ import annotations

import pytest

from device.virtual.wire.packets import (
    CLSE,
    CNXN,
    HEADER,
    OKAY,
    OPEN,
    PAYLOAD_MAX,
    WRTE,
    BadPacket,
    Header,
    pack,
    unpack_header,
)

OPEN_BYTES = bytes.fromhex("4f50454e 07000000 00000000 06000000 00000000 b0afbab1") + b"sync:\0"


def test_a_packet_is_six_little_endian_words_and_the_payload():
    assert pack(OPEN, 7, 0, b"sync:\0") == OPEN_BYTES


def test_a_packet_without_payload_is_its_header():
    assert pack(OKAY, 1, 2) == bytes.fromhex("4f4b4159 01000000 02000000 00000000 00000000 b0b4bea6")


def test_the_payload_sum_is_the_sum_of_its_bytes_where_it_is_wanted():
    assert pack(CNXN, 0, 0, b"\xff\x01", with_sum=True)[16:20] == bytes.fromhex("00010000")


def test_commands_are_their_letters():
    letters = [command.to_bytes(4, "little") for command in (CNXN, OPEN, OKAY, WRTE, CLSE)]
    assert letters == [b"CNXN", b"OPEN", b"OKAY", b"WRTE", b"CLSE"]


def test_a_header_is_read_back():
    header = unpack_header(OPEN_BYTES[: HEADER.size])

    assert header == Header(OPEN, 7, 0, 6, 0)
    assert header.name == "OPEN"


def test_a_magic_that_does_not_fit_the_command_is_refused():
    with pytest.raises(BadPacket, match="bad magic"):
        unpack_header(OPEN_BYTES[:20] + b"\0\0\0\0")


def test_a_payload_longer_than_anybody_may_send_is_refused():
    longest = pack(WRTE, 1, 1, bytes(PAYLOAD_MAX))[: HEADER.size]
    assert unpack_header(longest).length == PAYLOAD_MAX
    with pytest.raises(BadPacket, match="1048577 bytes"):
        unpack_header(pack(WRTE, 1, 1, bytes(PAYLOAD_MAX + 1))[: HEADER.size])


def test_an_http_request_is_no_packet():
    with pytest.raises(BadPacket):
        unpack_header(b"GET / HTTP/1.1\r\nHost: localhost\r\n"[: HEADER.size])
