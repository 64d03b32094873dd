"""What can be read of a damaged or hostile trace: never more memory than the limits allow, never a foreign error."""

from __future__ import annotations

import os
import shutil
import struct
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.actions import Size
from perception.screen import parse_hierarchy
from replay.errors import TraceDamaged, TraceError, TraceHostile
from replay.report import salvage
from replay.report.salvage import Salvaged
from replay.timeline import timeline
from replay.trace import Header, ScreenSeen, encode
from replay.trace_reader import Limits, read_trace
from replay.trace_writer import TraceWriter, pack
from tests.replay.readings import reading_of
from tests.replay.test_player import hierarchy

MIB = 1 << 20
SMALL = Limits(lines=500, line_bytes=64 << 10, part_bytes=MIB, total_bytes=4 * MIB)
BOMB = 100 * MIB
AT = "2026-03-02T09:30:00+00:00"
HEADER = Header(trace_id="t", name="t", task="t", source="run", device={}, started_at=AT)


def small_trace(folder: Path) -> Path:
    """A header, one screen, a note and an end."""
    with TraceWriter(folder, HEADER) as writer:
        writer.screen(reading_of(parse_hierarchy(hierarchy(), size=Size(1000, 2000), package="com.app")))
        writer.note("consent", "run: Send", AT)
        writer.end("done", "", AT)
    return folder


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    return small_trace(tmp_path / "trace")


@pytest.fixture
def archive(trace: Path, tmp_path: Path) -> Path:
    pack(trace, tmp_path / "trace.zip")
    return tmp_path / "trace.zip"


@cache
def small_archive() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder)
        pack(small_trace(path / "trace"), path / "trace.zip")
        return (path / "trace.zip").read_bytes()


@cache
def small_lines() -> bytes:
    with TemporaryDirectory() as folder:
        return (small_trace(Path(folder) / "trace") / "trace.jsonl").read_bytes()


def looked_at(path: Path, limits: Limits = SMALL) -> Salvaged | None:
    """What is salvaged, if anything is; any other error than a trace's own fails the test."""
    try:
        found = salvage(path, limits=limits)
    except TraceError:
        return None
    timeline(found.trace)  # what is left can be told
    return found


@contextmanager
def at_most(peak_bytes: int) -> Iterator[None]:
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < peak_bytes
    finally:
        tracemalloc.stop()


def repacked(archive: Path, name: str, write: Callable[[zipfile.ZipFile], None]) -> Path:
    """The archive without the parts whose names begin so, and with what `write` puts in."""
    target = archive.with_name("hostile.zip")
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for info in source.infolist():
            if not info.filename.startswith(name):
                made.writestr(info.filename, source.read(info))
        write(made)
    return target


def test_a_whole_trace_is_taken_as_it_is(trace: Path, archive: Path) -> None:
    for path in (trace, archive):
        found = salvage(path)
        assert found.verified and found.problems == () and len(found.trace.screens) == 1


# -- cut off and changed


def test_a_journal_cut_off_at_any_byte_keeps_every_whole_line(trace: Path) -> None:
    file, whole = trace / "trace.jsonl", small_lines()
    before = 0
    for length in range(len(whole)):
        file.write_bytes(whole[:length])
        found = looked_at(trace)
        lines = 0 if found is None else len(found.trace.events)
        assert lines >= max(0, whole[:length].count(b"\n") - 1)
        assert lines >= before  # a byte more never costs a line
        before = lines


@settings(max_examples=200, deadline=None)
@given(length=st.integers(0, len(small_archive()) - 1))
def test_an_archive_cut_off_anywhere_is_refused_or_salvaged(length: int) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "cut.zip"
        path.write_bytes(small_archive()[:length])
        looked_at(path)


@settings(max_examples=300, deadline=None)
@given(at=st.integers(0, len(small_archive()) - 1), byte=st.integers(0, 255))
def test_an_archive_with_any_byte_changed_is_refused_or_salvaged(at: int, byte: int) -> None:
    data = bytearray(small_archive())
    data[at] = byte
    with TemporaryDirectory() as folder:
        path = Path(folder) / "changed.zip"
        path.write_bytes(bytes(data))
        looked_at(path)


def test_an_archive_with_a_part_that_has_no_name_is_refused(tmp_path: Path) -> None:
    data = small_archive()
    place = data.rindex(b"PK\x01\x02")  # the directory's entry of the last part
    length = int.from_bytes(data[place + 28 : place + 30], "little")
    extra = (length + int.from_bytes(data[place + 30 : place + 32], "little")).to_bytes(2, "little")
    path = tmp_path / "nameless.zip"
    path.write_bytes(data[: place + 28] + b"\0\0" + extra + data[place + 32 :])

    with pytest.raises(TraceError):
        read_trace(path)
    looked_at(path)


@settings(max_examples=200, deadline=None)
@given(
    at=st.integers(0, 3), line=st.one_of(st.binary(max_size=80), st.sampled_from([b"[1]", b'{"h":[]}', b"null", b"1"]))
)
def test_a_journal_with_any_line_put_in_is_refused_or_salvaged(at: int, line: bytes) -> None:
    lines = small_lines().split(b"\n")
    with TemporaryDirectory() as folder:
        path = small_trace(Path(folder) / "trace")
        (path / "trace.jsonl").write_bytes(b"\n".join([*lines[:at], line, *lines[at:]]))
        looked_at(path)


@pytest.mark.parametrize("line", [b"[" * 100_000, b'{"h":' * 20_000, b'{"h":"x","kind":"note","data":' + b"[" * 900])
def test_a_line_nested_deeply_is_left_out_and_named(trace: Path, line: bytes) -> None:
    file = trace / "trace.jsonl"
    lines = file.read_bytes().split(b"\n")
    file.write_bytes(b"\n".join([lines[0], line, *lines[1:]]))
    found = salvage(trace)
    assert not found.verified and any("line 2" in problem for problem in found.problems)


def test_a_line_nested_as_deeply_as_can_be_read_and_not_written_is_left_out(trace: Path) -> None:
    file = trace / "trace.jsonl"
    lines = file.read_bytes().split(b"\n")
    for depth in range(100, 4000, 150):
        nested = b'{"kind":"note","h":"x","data":{"a":' + b"[" * depth + b"]" * depth + b"}}"
        file.write_bytes(b"\n".join([lines[0], b"unreadable", nested, *lines[1:]]))
        assert salvage(trace).trace.header.name == "t"


# -- names, links, pipes


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "screens/../../evil", "..\\evil", "screens/x.xml.gz", "evil"])
def test_a_name_that_is_no_part_is_hostile_also_in_a_damaged_archive(archive: Path, name: str) -> None:
    hostile = repacked(archive, "screens/", lambda made: made.writestr(name, b"x"))
    with pytest.raises(TraceHostile, match="no part of a trace"):
        salvage(hostile)


def test_a_journal_that_names_parts_outside_reads_none_of_them(trace: Path) -> None:
    (trace.parent / "secret.xml.gz").write_bytes(b"secret")
    lines = [encode(HEADER, "")]
    seen = {
        "number": 0, "taken_at": AT, "hierarchy": "../../secret", "width_px": 1, "height_px": 1, "rotation": 0,
        "package": "", "activity": "", "keyboard_shown": False, "screen_on": True, "lock": "unlocked",
    }  # fmt: skip
    lines.append(encode(ScreenSeen(**seen), lines[-1][1]))  # type: ignore[arg-type]
    (trace / "trace.jsonl").write_text("".join(f"{line}\n" for line, _ in lines), encoding="utf-8")
    found = looked_at(trace)
    assert found is None or found.trace.screens == {}


def test_a_pipe_in_place_of_a_part_does_not_hang(trace: Path) -> None:
    part = next((trace / "screens").iterdir())
    part.unlink()
    os.mkfifo(part)
    found = salvage(trace)
    assert any(part.name in problem for problem in found.problems)
    (trace / "trace.jsonl").unlink()
    os.mkfifo(trace / "trace.jsonl")
    with pytest.raises(TraceDamaged):
        salvage(trace)


# -- sizes


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_journal_that_unpacks_to_very_much_takes_no_more_memory_than_the_limits(archive: Path, method: int) -> None:
    def bomb(made: zipfile.ZipFile) -> None:
        with made.open(_packed("trace.jsonl", method), "w") as file:
            for _ in range(BOMB // MIB):
                file.write(bytes(MIB))

    hostile = repacked(archive, "trace.jsonl", bomb)
    with at_most(16 * MIB), pytest.raises(TraceError):
        salvage(hostile, limits=SMALL)


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_screen_that_unpacks_to_very_much_takes_no_more_memory_than_the_limits(archive: Path, method: int) -> None:
    with zipfile.ZipFile(archive) as packed:
        name = next(one for one in packed.namelist() if one.startswith("screens/"))

    def bomb(made: zipfile.ZipFile) -> None:
        with made.open(_packed(name, method), "w") as file:
            for _ in range(BOMB // MIB):
                file.write(bytes(MIB))

    hostile = repacked(archive, "screens/", bomb)
    with at_most(16 * MIB):
        found = looked_at(hostile)
    assert found is None or found.trace.screens == {}


@pytest.mark.parametrize("size", [10 << 30, 0xFFFFFFFE])
def test_a_declared_size_is_not_believed(archive: Path, size: int) -> None:
    data = bytearray(archive.read_bytes())
    at = data.find(b"PK\x01\x02")
    while at >= 0:  # the central directory's word on how much each part unpacks to
        data[at + 24 : at + 28] = struct.pack("<I", size & 0xFFFFFFFF)
        at = data.find(b"PK\x01\x02", at + 4)
    archive.write_bytes(bytes(data))
    with at_most(16 * MIB):
        looked_at(archive)


def test_entries_that_lie_over_one_another_are_bounded_in_all(archive: Path) -> None:
    """Many names for one piece of packed data, as in a zip quine: what comes out of all of them together is counted."""
    with zipfile.ZipFile(archive) as packed:
        infos = packed.infolist()
        screen = next(info for info in infos if info.filename.startswith("screens/"))
    data = bytearray(archive.read_bytes())
    at = data.find(b"PK\x01\x02")
    while at >= 0:  # every entry of the directory points at the same data
        data[at + 42 : at + 46] = struct.pack("<I", screen.header_offset)
        at = data.find(b"PK\x01\x02", at + 4)
    archive.write_bytes(bytes(data))
    with at_most(16 * MIB):
        looked_at(archive)


def test_a_bad_part_named_many_times_is_read_once(trace: Path) -> None:
    """Else a thousand events that name one bad part would use up what may be unpacked in all."""
    part = next((trace / "screens").iterdir())
    seen = next(event for event in read_trace(trace).events if isinstance(event, ScreenSeen))
    part.write_bytes(os.urandom(100 << 10))
    lines = [encode(HEADER, "")]
    for _ in range(400):
        lines.append(encode(seen, lines[-1][1]))
    (trace / "trace.jsonl").write_text("".join(f"{line}\n" for line, _ in lines), encoding="utf-8")
    found = salvage(trace, limits=SMALL)
    assert len(found.trace.events) == 400
    assert sum(part.name in problem for problem in found.problems) == 1


def test_a_line_or_a_number_of_lines_beyond_the_limits_ends_the_reading(trace: Path) -> None:
    file = trace / "trace.jsonl"
    whole = file.read_bytes()
    shutil.rmtree(trace / "screens")
    file.write_bytes(whole.replace(b"run: Send", b"x" * (SMALL.line_bytes + 1)))
    with pytest.raises(TraceHostile):
        salvage(trace, limits=SMALL)


def test_a_journal_of_one_endless_line_takes_no_more_memory_than_a_line(trace: Path) -> None:
    first, *rest = (trace / "trace.jsonl").read_bytes().split(b"\n", 1)
    with (trace / "trace.jsonl").open("wb") as file:
        file.write(first + b"\nnot json\n")  # damaged, so that it is salvaged
        for _ in range(30):
            file.write(b"x" * MIB)
        file.write(b"\n" + rest[0])
    with at_most(8 * MIB):
        found = looked_at(trace)
    assert found is not None and any("beyond the limits" in problem for problem in found.problems)


def _packed(name: str, method: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.compress_type = method
    return info
