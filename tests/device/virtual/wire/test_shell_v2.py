from __future__ import annotations

import pytest

from device.virtual.wire.packets import BadPacket
from device.virtual.wire.shell_v2 import (
    CLOSE_STDIN,
    FRAME_MAX,
    STDIN,
    STDOUT,
    Frame,
    FrameReader,
    pack_exit,
    pack_frame,
)


def test_a_frame_is_its_kind_its_length_and_its_data():
    assert pack_frame(STDOUT, b"hi\n") == bytes.fromhex("01 03000000") + b"hi\n"


def test_the_exit_frame_carries_one_byte():
    assert pack_exit(7) == bytes.fromhex("03 01000000 07")
    assert pack_exit(256 + 3) == bytes.fromhex("03 01000000 03")
    assert pack_exit(-1) == bytes.fromhex("03 01000000 ff")


def test_closing_the_input_is_a_frame_without_data():
    assert list(FrameReader().feed(bytes.fromhex("04 00000000"))) == [Frame(CLOSE_STDIN, b"")]


def test_several_frames_may_come_in_one_piece():
    data = pack_frame(STDIN, b"one") + pack_frame(STDIN, b"") + pack_frame(CLOSE_STDIN, b"")

    assert list(FrameReader().feed(data)) == [Frame(STDIN, b"one"), Frame(STDIN, b""), Frame(CLOSE_STDIN, b"")]


def test_a_frame_may_come_byte_by_byte():
    reader = FrameReader()
    data = pack_frame(STDIN, b"hello")

    frames = [frame for byte in data for frame in reader.feed(bytes([byte]))]

    assert frames == [Frame(STDIN, b"hello")]


def test_an_absurd_length_is_refused_before_anything_is_gathered():
    with pytest.raises(BadPacket, match="shell frame"):
        list(FrameReader().feed(bytes([STDIN]) + (FRAME_MAX + 1).to_bytes(4, "little")))
