from __future__ import annotations

import importlib.util
import shutil
from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("cv2", reason="OpenCV comes with the extra `vision`")

from perception.element import Bounds
from perception.vision.errors import PackageMissing, ReaderFailed
from perception.vision.image import Image
from perception.vision.rapid import RapidReader
from perception.vision.reader import Line, Reader, in_reading_order
from perception.vision.tesseract import TesseractReader
from tests.perception.vision.pictures import drawn, phone_picture

ITEM = Bounds(0, 420, 1080, 560)  # the first item of the settings
BACK_ENDS = [
    pytest.param(
        RapidReader,
        id="rapidocr",
        marks=[
            pytest.mark.skipif(
                importlib.util.find_spec("rapidocr") is None, reason="rapidocr comes with the extra `ocr`"
            ),
            pytest.mark.filterwarnings("ignore"),
        ],
    ),
    pytest.param(
        TesseractReader,
        id="tesseract",
        marks=pytest.mark.skipif(shutil.which("tesseract") is None, reason="Debian's tesseract-ocr is not installed"),
    ),
]


@pytest.mark.parametrize("make", BACK_ENDS)
def test_a_reader_reads_a_list_item_with_boxes_in_px_of_the_whole_picture(make: type) -> None:
    reader: Reader = make()
    lines = reader.read(phone_picture("com.android.settings"), ITEM)

    assert "Network" in " ".join(line.text for line in lines)
    for line in lines:
        assert 0.0 <= line.confidence <= 1.0
        assert line.box.meet(Bounds(0, 400, 1080, 580)) == line.box
    reader.release()
    assert isinstance(reader, Reader)


@pytest.mark.parametrize("make", BACK_ENDS)
def test_a_reader_reads_nothing_on_a_plain_picture(make: type) -> None:
    assert make().read(drawn(size=(200, 100))) == ()


@pytest.mark.parametrize("make", BACK_ENDS)
def test_a_reader_refuses_a_box_outside_of_the_picture(make: type) -> None:
    with pytest.raises(ValueError, match="outside"):
        make().read(drawn(), Bounds(900, 0, 1000, 50))


class Engine:
    """What stands for rapidocr: two lines, the lower one first."""

    def __init__(self) -> None:
        self.shapes: list[tuple[int, ...]] = []

    def __call__(self, picture: Any) -> Any:
        self.shapes.append(picture.shape)
        corners = [[(5, 40), (60, 40), (60, 55), (5, 55)], [(5, 10), (50, 10), (50, 25), (5, 25)]]
        return SimpleNamespace(txts=(" lower ", "upper"), boxes=corners, scores=(0.9, 0.8))


def test_lines_come_in_reading_order_with_the_boxes_shifted_to_the_picture() -> None:
    engine = Engine()
    lines = RapidReader(make=lambda: engine).read(drawn(), Bounds(100, 200, 200, 300))

    assert engine.shapes == [(100, 100, 3)]
    assert lines == (Line("upper", Bounds(105, 210, 150, 225), 0.8), Line("lower", Bounds(105, 240, 160, 255), 0.9))


def test_the_engine_is_loaded_when_first_read_and_released_when_idle() -> None:
    now, made = [0.0], []

    def make() -> Engine:
        made.append(1)
        return Engine()

    reader = RapidReader(clock_s=lambda: now[0], make=make)
    assert not reader.loaded
    reader.read(drawn())
    now[0] = 59.0
    assert not reader.release_if_idle(60.0)
    now[0] = 60.0
    assert reader.release_if_idle(60.0)
    assert not reader.loaded
    assert not reader.release_if_idle(60.0)
    reader.read(drawn())
    assert len(made) == 2


def test_an_engine_that_breaks_off_is_told_as_ours() -> None:
    def breaks(picture: Any) -> Any:
        raise RuntimeError("out of memory")

    with pytest.raises(ReaderFailed, match="out of memory"):
        RapidReader(make=lambda: breaks).read(drawn())


def test_a_missing_program_says_how_to_install_it() -> None:
    with pytest.raises(PackageMissing, match="apt-get install tesseract-ocr"):
        TesseractReader(program="no-such-tesseract").read(drawn())


def program(folder: Any, script: str) -> str:
    path = folder / "tesseract"
    path.write_text(f"#!/bin/sh\ncat > /dev/null\n{script}\n")
    path.chmod(0o755)
    return str(path)


def test_tesseracts_words_are_joined_to_lines(tmp_path: Any) -> None:
    head = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
    rows = ["1\t1\t0\t0\t0\t0\t0\t0\t540\t960\t-1\t", "5\t1\t1\t1\t1\t1\t10\t20\t30\t10\t90\tBob"]
    rows += ['5\t1\t1\t1\t1\t2\t50\t18\t30\t14\t70\t"M.', "5\t1\t1\t1\t2\t1\t10\t50\t30\t10\t95\t ", "5\t1\tbroken"]
    table = "\\n".join([head, *rows]).replace("\t", "\\t").replace('"', '\\"')

    lines = TesseractReader(program=program(tmp_path, f'printf "{table}"')).read(drawn())

    assert lines == (Line('Bob "M.', Bounds(10, 18, 80, 32), 0.8),)


def test_a_program_that_fails_says_so_in_its_own_words(tmp_path: Any) -> None:
    reader = TesseractReader("xxx", program=program(tmp_path, "echo 'no language xxx' >&2; exit 1"))

    with pytest.raises(ReaderFailed, match="no language xxx"):
        reader.read(drawn())


def test_words_of_one_row_are_read_from_left_to_right() -> None:
    lines = [
        Line("b", Bounds(90, 12, 120, 30), 1),
        Line("c", Bounds(5, 60, 30, 80), 1),
        Line("a", Bounds(5, 14, 40, 32), 1),
    ]

    assert [line.text for line in in_reading_order(lines)] == ["a", "b", "c"]


def test_an_image_is_handed_to_the_engine_in_blue_green_red() -> None:
    seen: list[Any] = []

    def engine(picture: Any) -> Any:
        seen.append(picture[0, 0].tolist())
        return SimpleNamespace(txts=None, boxes=None, scores=None)

    red: Image = drawn(ground=(200, 10, 20))

    assert RapidReader(make=lambda: engine).read(red) == ()
    assert seen == [[20, 10, 200]]
