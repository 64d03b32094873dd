from __future__ import annotations

import pytest

pytest.importorskip("cv2", reason="OpenCV comes with the extra `vision`")

from device.virtual.phone import VirtualPhone
from perception.element import Bounds
from perception.vision.changes import changes
from perception.vision.image import Image, decode
from perception.vision.restless import BLINK_RETURNS, Blinks, bars, status_strip
from tests.perception.vision.pictures import BLACK, drawn, encoded, phone_picture

CARET = Bounds(100, 300, 105, 350)
BUTTON = Bounds(300, 600, 420, 640)


def test_the_same_picture_has_not_changed() -> None:
    image = phone_picture()

    assert not changes(image, image)
    assert not changes(image, Image.of_array(image.rgb))


def test_each_part_that_changed_gets_its_exact_box_largest_first() -> None:
    found = changes(drawn(), drawn((CARET, BLACK), (BUTTON, (200, 30, 30))))

    assert found.boxes == (BUTTON, CARET)
    assert 0 < found.share < 0.03


def test_a_change_of_hue_alone_is_a_change() -> None:
    red, green = (200, 0, 0), (0, 102, 0)  # equally bright: both are grey 60

    assert changes(drawn((BUTTON, red)), drawn((BUTTON, green))).boxes == (BUTTON,)


def test_what_changes_in_an_ignored_box_does_not_count_and_what_reaches_out_of_it_does() -> None:
    before, after = drawn(), drawn((BUTTON, BLACK))

    assert not changes(before, after, ignore=[BUTTON])
    assert changes(before, after, ignore=[Bounds(300, 600, 360, 640)])


def test_jpeg_in_place_of_png_is_no_change() -> None:
    image = phone_picture()

    assert not changes(image, decode(encoded(image, "JPEG")))


def test_a_picture_of_another_size_has_changed_as_a_whole() -> None:
    found = changes(drawn(), drawn(size=(960, 540)))

    assert found.resized
    assert found.boxes == (Bounds(0, 0, 960, 540),)


def test_a_new_page_has_changed_in_most_of_its_height() -> None:
    found = changes(phone_picture("com.android.settings"), phone_picture("com.example.notes"))

    assert found.boxes[0].height_px > 1800


def test_many_small_changes_are_one_box_around_them() -> None:
    dots = [(Bounds(x, y, x + 6, y + 6), BLACK) for x in range(20, 520, 60) for y in range(20, 900, 60)]

    assert len(changes(drawn(), drawn(*dots)).boxes) == 1


def test_the_clock_in_the_status_bar_is_ignored_by_the_box_the_tree_gives_or_the_usual_strip() -> None:
    from device.virtual.direct import DirectDevice
    from perception.screen import Screen

    phone = VirtualPhone()
    screen = Screen.of(DirectDevice(phone).read())
    image = Image.of_pillow(phone.picture())
    later = image.rgb.copy()
    later[15:45, 40:130] = 128
    changed = Image.of_array(later)

    assert changes(image, changed)
    assert not changes(image, changed, ignore=[status_strip(image.size)])
    for box in bars(screen):
        assert box.area_px <= 0.15 * 1080 * 2400


def test_a_place_that_goes_back_and_forth_is_known_to_blink_and_a_spinner_is_not() -> None:
    on, off = drawn((CARET, BLACK)), drawn()
    blinks, spins = Blinks(), Blinks()
    for image in (on, off, on, off, on)[: BLINK_RETURNS + 3]:
        blinks = blinks.seen(image)
    for step in range(8):
        spins = spins.seen(drawn((Bounds(200, 300, 230, 330), (20 * step, 30, 250 - 30 * step))))

    assert blinks.boxes == (CARET,)
    assert spins.boxes == ()


def test_a_large_part_that_goes_back_and_forth_is_never_ignored() -> None:
    large = drawn((Bounds(0, 200, 540, 700), BLACK))
    blinks = Blinks()
    for image in (large, drawn(), large, drawn(), large, drawn()):
        blinks = blinks.seen(image)

    assert blinks.boxes == ()
