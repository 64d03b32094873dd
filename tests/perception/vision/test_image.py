from __future__ import annotations

import struct
import zlib

import pytest

pytest.importorskip("numpy", reason="numpy comes with the extra `vision`")

from device.protocol import Picture
from device.virtual.direct import DirectDevice
from device.virtual.phone import VirtualPhone
from perception.element import Bounds
from perception.vision.errors import PictureDamaged, PictureTooLarge
from perception.vision.image import BYTES_MAX, Image, decode
from tests.perception.vision.pictures import NOW, drawn, encoded


def header_of_png(width: int, height: int) -> bytes:
    """The first bytes of a PNG that says it has this size."""

    def chunk(data: bytes) -> bytes:
        return struct.pack(">I", len(data) - 4) + data + struct.pack(">I", zlib.crc32(data))

    head = chunk(b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT" + zlib.compress(b"\0" * 100))


def test_a_phones_picture_has_the_size_of_its_screen_and_its_own_pixels() -> None:
    phone = VirtualPhone()

    image = decode(DirectDevice(phone).picture())

    assert (image.width_px, image.height_px) == (1080, 2400)
    assert tuple(image.rgb[1200, 540]) == phone.picture().getpixel((540, 1200))


def test_jpeg_is_read_too() -> None:
    image = decode(encoded(drawn((Bounds(0, 0, 100, 100), (200, 0, 0))), "JPEG"))

    assert abs(int(image.rgb[50, 50, 0]) - 200) < 8


def test_an_image_cannot_be_written_to() -> None:
    with pytest.raises(ValueError, match="read-only"):
        decode(encoded(drawn())).rgb[0, 0] = 0


def test_a_picture_that_was_cut_short_is_damaged_and_not_half_grey() -> None:
    for form in ("PNG", "JPEG"):
        whole = encoded(drawn((Bounds(10, 10, 400, 800), (9, 9, 9))), form)  # type: ignore[arg-type]

        with pytest.raises(PictureDamaged, match="Take another picture"):
            decode(Picture(whole.data[: len(whole.data) * 2 // 3], whole.media_type, NOW))


@pytest.mark.parametrize("data", [b"", b"no picture", b"\x89PNG\r\n\x1a\n"])
def test_bytes_that_are_no_picture_are_damaged(data: bytes) -> None:
    with pytest.raises(PictureDamaged):
        decode(Picture(data, "image/png", NOW))


def test_a_picture_of_another_type_than_it_says_is_refused() -> None:
    with pytest.raises(PictureDamaged, match="no image/jpeg"):
        decode(Picture(encoded(drawn()).data, "image/jpeg", NOW))


@pytest.mark.parametrize(("width", "height"), [(8000, 8000), (10_000, 10_000), (60_000, 60_000)])
def test_a_picture_that_says_it_is_huge_is_refused_before_it_is_unpacked(width: int, height: int) -> None:
    with pytest.raises(PictureTooLarge):
        decode(Picture(header_of_png(width, height), "image/png", NOW))


def test_too_many_bytes_are_refused() -> None:
    with pytest.raises(PictureTooLarge, match="bytes"):
        decode(Picture(b"\0" * (BYTES_MAX + 1), "image/png", NOW))


def test_a_crop_is_what_lies_inside_the_box() -> None:
    image = drawn((Bounds(10, 20, 30, 40), (1, 2, 3)))

    assert image.crop(Bounds(10, 20, 30, 40)).rgb.reshape(-1, 3).tolist() == [[1, 2, 3]] * 400
    assert image.crop(Bounds(-50, -50, 10, 20)).size.width_px == 10
    with pytest.raises(ValueError, match="outside"):
        image.crop(Bounds(540, 0, 600, 10))


def test_an_array_of_another_form_is_no_image() -> None:
    import numpy as np

    for array in (np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3), np.float32), np.zeros((0, 4, 3), np.uint8)):
        with pytest.raises(ValueError, match="an image is uint8"):
            Image.of_array(array)
