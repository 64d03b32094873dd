"""A trace whose hashes fit and that cannot be used all the same, or that declares too much: each fault is named."""

from __future__ import annotations

import dataclasses
import hashlib
import struct
import zipfile
from pathlib import Path

import pytest

from replay.diffing import diff
from replay.errors import TraceDamaged, TraceHostile
from replay.trace_faults import FAULTS_MAX, read_sound
from replay.trace_reader import Limits, read_trace
from replay.trace_writer import TraceWriter, pack
from tests.replay.recorded import text_lesson
from tests.replay.test_trace import AT, HEADER, reading, step

ENTITY = '<!DOCTYPE h [<!ENTITY a "aaaa">]><hierarchy><node text="&a;" bounds="[0,0][9,9]"/></hierarchy>'
EXTERNAL = '<!DOCTYPE h [<!ENTITY a SYSTEM "file:///etc/passwd">]><hierarchy><node text="&a;"/></hierarchy>'
NESTED = "<hierarchy>" + '<node bounds="[0,0][9,9]">' * 100_000 + "</node>" * 100_000 + "</hierarchy>"


def written(folder: Path, *hierarchies: str, after: int = 1, end: bool = True) -> Path:
    with TraceWriter(folder, HEADER) as journal:
        for second, hierarchy in enumerate(hierarchies or (reading().hierarchy, reading("Bob").hierarchy)):
            journal.screen(dataclasses.replace(reading(second=second), hierarchy=hierarchy))
        journal.step(step(0, after=after))
        if end:
            journal.end("done", "", AT)
    return folder


def test_a_recorded_trace_is_sound_as_a_folder_and_as_a_zip(tmp_path: Path) -> None:
    lesson = text_lesson(tmp_path / "lesson")
    pack(lesson.path, tmp_path / "lesson.zip")

    assert read_sound(lesson.path).content_hash == read_sound(tmp_path / "lesson.zip").content_hash


@pytest.mark.parametrize(
    "hierarchy, says",
    [(ENTITY, "doctype"), (EXTERNAL, "doctype"), ("hello", "not XML"), (NESTED, "50,000 elements")],
    ids=["entity", "external", "words", "nested"],
)
def test_a_screen_that_cannot_be_read_is_named_though_its_hash_fits(tmp_path: Path, hierarchy: str, says: str) -> None:
    path = written(tmp_path / "t", reading().hierarchy, hierarchy)
    assert read_trace(path).complete

    with pytest.raises(TraceDamaged, match=rf"screen 1 cannot be read .*{says}"):
        read_sound(path)


def test_a_step_on_a_screen_that_was_not_recorded_is_named(tmp_path: Path) -> None:
    with pytest.raises(TraceDamaged, match="step 1 names screen 999999 after it"):
        read_sound(written(tmp_path / "t", after=999_999))


def test_every_fault_is_named_up_to_a_number(tmp_path: Path) -> None:
    with pytest.raises(TraceDamaged, match=r"screen 0 cannot.*screen 1 cannot.*step 1 names screen 7"):
        read_sound(written(tmp_path / "few", "hello", "<x", after=7))
    with pytest.raises(TraceDamaged, match="and 10 more"):
        read_sound(written(tmp_path / "many", *(f"hello {n}" for n in range(FAULTS_MAX + 10))))


@pytest.mark.parametrize("zipped", [False, True])
def test_a_part_that_no_line_names_is_named(tmp_path: Path, zipped: bool) -> None:
    path = written(tmp_path / "t")
    (path / "pictures").mkdir()
    own, other = hashlib.sha256(b"x").hexdigest(), "a" * 64
    for name in (own, other):
        (path / "pictures" / f"{name}.png").write_bytes(b"x")
    if zipped:
        pack(path, tmp_path / "t.zip")
        path = tmp_path / "t.zip"

    with pytest.raises(TraceDamaged) as caught:
        read_sound(path)
    assert f"pictures/{own}.png is named by no line" in caught.value.cause
    assert f"pictures/{other}.png is named by no line, and its name is not its hash" in caught.value.cause


def test_a_file_beside_the_parts_of_a_folder_is_named(tmp_path: Path) -> None:
    path = written(tmp_path / "t")
    (path / "run.py").write_text("x")

    with pytest.raises(TraceDamaged, match=r"run\.py is no part of a trace"):
        read_sound(path)


def test_a_trace_that_was_cut_off_may_have_parts_whose_lines_were_lost(tmp_path: Path) -> None:
    path = written(tmp_path / "t", end=False)
    (path / "screens" / ("b" * 64 + ".xml.gz")).write_bytes(b"")

    assert not read_sound(path).complete


def test_a_difference_says_what_could_not_be_read(tmp_path: Path) -> None:
    whole, broken = read_trace(written(tmp_path / "a")), read_trace(written(tmp_path / "b", after=999_999))

    found = diff(whole, broken)

    says = "B: screen 999999 is named, and was not recorded"
    assert says in found.notes
    assert says in found.to_data()["notes"]
    assert f"note: {says}" in found.to_text().splitlines()
    assert not any("screen" in note for note in diff(whole, whole).notes)


def declaring(path: Path, size: int, name: str = "trace.jsonl") -> None:
    """The zip, its directory saying a part has this size; above 4 GB in a zip64 field, as a stranger could write it."""
    data = bytearray(path.read_bytes())
    entry = data.index(b"PK\x01\x02")
    while data[entry + 46 : entry + 46 + len(name)] != name.encode():
        entry = data.index(b"PK\x01\x02", entry + 4)
    wide = size >= 0xFFFFFFFF
    data[entry + 24 : entry + 28] = struct.pack("<I", 0xFFFFFFFF if wide else size)
    if wide:
        extra = struct.pack("<HHQ", 1, 8, size)
        at = entry + 46 + len(name)
        data[entry + 30 : entry + 32] = struct.pack("<H", len(extra))
        data[at:at] = extra
        end = data.rindex(b"PK\x05\x06")
        held = struct.unpack_from("<I", data, end + 12)[0]
        data[end + 12 : end + 16] = struct.pack("<I", held + len(extra))
    path.write_bytes(data)


@pytest.mark.parametrize("size", [(1 << 30) + 1, 10_000_000_000])
def test_a_part_declared_larger_than_allowed_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    written(tmp_path / "t")
    pack(tmp_path / "t", tmp_path / "t.zip")
    declaring(tmp_path / "t.zip", size)
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("it was opened"))

    with pytest.raises(TraceHostile, match=rf"trace\.jsonl is declared to have {size:,} bytes"):
        read_trace(tmp_path / "t.zip")


def test_parts_declared_larger_than_allowed_together_are_refused(tmp_path: Path) -> None:
    written(tmp_path / "t")
    pack(tmp_path / "t", tmp_path / "t.zip")

    with pytest.raises(TraceHostile, match="the parts are declared"):
        read_trace(tmp_path / "t.zip", limits=Limits(total_bytes=(tmp_path / "t" / "trace.jsonl").stat().st_size))


def test_a_part_that_is_in_a_zip_twice_is_refused(tmp_path: Path) -> None:
    written(tmp_path / "t")
    pack(tmp_path / "t", tmp_path / "t.zip")
    with zipfile.ZipFile(tmp_path / "t.zip", "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("trace.jsonl", "x")

    with pytest.raises(TraceHostile, match="twice"):
        read_trace(tmp_path / "t.zip")
