from pathlib import Path

import pytest

from device.virtual.render.coverage import UnreadableFont, read_coverage
from device.virtual.render.fonts import CJK_PACKAGE, FontSet, TextMeasure, missing_scripts, system_fonts

BARE = FontSet(folders=())  # a machine without any font file

needs_cjk = pytest.mark.skipif(
    system_fonts().face_for("漢") is None, reason=f"no font with Chinese characters: apt install {CJK_PACKAGE}"
)


@pytest.fixture(scope="module")
def measure() -> TextMeasure:
    return TextMeasure()


def test_a_machine_without_fonts_still_draws_latin_and_names_the_packages_for_the_rest():
    assert BARE.face_for("A") is not None
    assert BARE.face_for("漢") is None
    missing = {one.script: one.debian_package for one in BARE.missing_scripts()}
    assert missing == {"Chinese": CJK_PACKAGE, "Japanese": CJK_PACKAGE, "Korean": CJK_PACKAGE}


def test_scripts_that_are_installed_are_not_reported():
    reported = {one.script for one in missing_scripts()}
    assert ("Chinese" in reported) == (system_fonts().face_for("漢") is None)


def test_characters_that_no_font_has_take_room_for_a_box():
    measure = TextMeasure(BARE)
    assert measure.width("漢", 40, False) == pytest.approx(40)
    assert measure.width("漢字", 40, False) == pytest.approx(80)


def test_the_signs_on_keys_are_icons_and_the_same_on_every_machine():
    assert all(fonts.face_for("\u232b") is None for fonts in (BARE, system_fonts()))
    assert TextMeasure(BARE).width("\u232b", 40, False) == TextMeasure().width("\u232b", 40, False) == 40


def test_joiners_and_variation_selectors_take_no_room():
    measure = TextMeasure(BARE)
    assert measure.width("a\ufe0f\u200d", 40, False) == measure.width("a", 40, False)


def test_more_text_and_larger_text_are_wider(measure: TextMeasure):
    assert measure.width("mm", 40, False) > measure.width("m", 40, False) > 0
    assert measure.width("mm", 80, False) > measure.width("mm", 40, False)
    assert measure.width("", 40, False) == 0


def test_no_line_is_wider_than_the_room(measure: TextMeasure):
    words = "The quick brown fox jumps over the lazy dog and keeps running until the evening."
    lines = measure.wrap(words, 32, False, 300, 0)

    assert len(lines) > 2
    assert all(measure.width(line, 32, False) <= 300 for line in lines)
    assert " ".join(lines) == words


def test_text_that_fits_stays_one_line(measure: TextMeasure):
    assert measure.wrap("Hello", 32, False, 1000, 0) == ("Hello",)
    assert measure.wrap("", 32, False, 100, 0) == ("",)


def test_what_exceeds_the_lines_ends_in_an_ellipsis_that_fits(measure: TextMeasure):
    lines = measure.wrap("one two three four five six seven eight nine ten", 32, False, 200, 2)

    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert measure.width(lines[1], 32, False) <= 200


def test_line_breaks_of_the_text_are_kept_and_count_as_lines(measure: TextMeasure):
    assert measure.wrap("a\n\nb", 32, False, 300, 0) == ("a", "", "b")
    assert measure.wrap("a\nb\nc", 32, False, 300, 2) == ("a", "b…")


def test_a_word_wider_than_the_line_is_cut(measure: TextMeasure):
    lines = measure.wrap("Donaudampfschifffahrtsgesellschaft", 40, False, 200, 0)

    assert "".join(lines) == "Donaudampfschifffahrtsgesellschaft"
    assert all(measure.width(line, 40, False) <= 200 for line in lines)


@pytest.mark.parametrize("fonts", [BARE, pytest.param(system_fonts(), marks=needs_cjk)])
def test_chinese_breaks_between_characters_but_not_before_closing_punctuation(fonts: FontSet):
    lines = TextMeasure(fonts).wrap("今天天气很好，我们去公园。", 40, False, 40 * 6 + 2, 0)

    assert lines == ("今天天气很", "好，我们去公", "园。")


@needs_cjk
def test_mixed_text_is_cut_into_runs_of_the_fonts_that_have_it():
    runs = system_fonts().runs("Hi 世界!")

    assert [run.words for run in runs] == ["Hi ", "世界", "!"]
    assert runs[0].face is not runs[1].face


def test_the_line_height_does_not_depend_on_the_fonts(measure: TextMeasure):
    assert measure.line_height(42) == TextMeasure(BARE).line_height(42) == 55


def test_a_file_that_is_no_font_is_refused_and_skipped(tmp_path: Path):
    fake = tmp_path / "Roboto-Regular.ttf"
    fake.write_bytes(b"not a font at all, only its name")

    with pytest.raises(UnreadableFont, match=r"Roboto-Regular\.ttf"):
        read_coverage(fake)
    assert FontSet(folders=(tmp_path,)).face_for("A") is not None
