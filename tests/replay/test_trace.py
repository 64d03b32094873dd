import dataclasses
import gzip
import json
import shutil
import signal
import subprocess
import sys
import zipfile
from datetime import UTC, datetime

import pytest

from device.actions import Size
from device.protocol import Foreground, Picture, Reading
from replay.errors import TraceDamaged, TraceError, TraceHostile, TraceTooNew
from replay.trace import Header, Intent, StepDone, decode, encode
from replay.trace_reader import Limits, read_trace
from replay.trace_writer import TraceWriter, pack

AT = "2026-03-02T09:30:00+00:00"
HEADER = Header(
    trace_id="t1",
    name="text-alice",
    task="text Alice that I'm running late 晚点",
    source="run",
    device={"serial": "vphone", "kind": "android"},
    started_at=AT,
    values={"contact": "Alice"},
)


def reading(text: str = "Alice", second: int = 0) -> Reading:
    return Reading(
        serial="vphone",
        taken_at=datetime(2026, 3, 2, 9, 30, second, tzinfo=UTC),
        hierarchy=f'<hierarchy rotation="0"><node text="{text}" bounds="[0,0][9,9]"/></hierarchy>',
        size=Size(1080, 2400),
        rotation=0,
        foreground=Foreground("com.android.messaging", "com.android.messaging.MainActivity"),
        keyboard_shown=False,
        screen_on=True,
        lock="unlocked",
    )


def step(index: int, before: int | None = 0, after: int | None = 1) -> StepDone:
    return StepDone(
        index=index,
        step={"id": f"s{index}"},
        action={"action": "press_key", "key": "back"},
        level="replayed",
        result="done",
        before=before,
        after=after,
        started_at=AT,
        duration_s=0.25,
        reasons=("resource id agrees",),
    )


def write(folder, *, end: bool = True):
    with TraceWriter(folder, HEADER) as writer:
        writer.screen(reading())
        writer.screen(reading("Bob", 1), Picture(b"\x89PNG...", "image/png", datetime.now(UTC)))
        writer.step(step(0))
        writer.intent(Intent(index=1, step_id="s1", says="Send to Alice", at=AT))
        writer.step(step(1))
        writer.note("dismissed", "permission dialog", AT)
        if end:
            return writer.end("done", "", AT, {"model_calls": 0})
    return ""


def test_what_was_written_is_what_is_read_with_the_same_hash(tmp_path):
    content_hash = write(tmp_path / "t")
    trace = read_trace(tmp_path / "t")

    assert trace.header == HEADER
    assert trace.steps() == (step(0), step(1))
    assert trace.content_hash == content_hash
    assert trace.complete
    assert trace.open_intents() == ()
    assert trace.screens[trace.screen(0).hierarchy] == reading().hierarchy
    assert trace.pictures[trace.screen(1).picture] == b"\x89PNG..."


def test_a_zip_of_it_is_the_same_trace(tmp_path):
    content_hash = write(tmp_path / "t")
    pack(tmp_path / "t", tmp_path / "t.zip")

    assert read_trace(tmp_path / "t.zip").content_hash == content_hash
    with pytest.raises(TraceError, match="exists already"):
        pack(tmp_path / "t", tmp_path / "t.zip")


def test_files_and_folders_are_for_the_owner_alone(tmp_path):
    write(tmp_path / "t")

    for path in [tmp_path / "t", *(tmp_path / "t").rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path


def test_the_same_reading_twice_in_a_row_is_kept_once(tmp_path):
    with TraceWriter(tmp_path / "t", HEADER) as writer:
        assert [writer.screen(reading()), writer.screen(reading()), writer.screen(reading("Bob"))] == [0, 0, 1]


def test_an_existing_folder_is_never_written_into(tmp_path):
    (tmp_path / "t").mkdir()
    with pytest.raises(TraceError, match="exists already"):
        TraceWriter(tmp_path / "t", HEADER)


def test_a_trace_without_its_end_is_readable_and_says_so(tmp_path):
    write(tmp_path / "t", end=False)
    trace = read_trace(tmp_path / "t")

    assert not trace.complete
    assert len(trace.steps()) == 2


def test_a_trace_cut_at_any_byte_reads_up_to_its_last_whole_line(tmp_path):
    write(tmp_path / "t")
    file = tmp_path / "t" / "trace.jsonl"
    whole = file.read_bytes()
    header_ends = whole.index(b"\n") + 1

    for cut in range(header_ends, len(whole), 7):
        file.write_bytes(whole[:cut])
        trace = read_trace(tmp_path / "t")
        assert len(trace.events) in (whole[:cut].count(b"\n") - 1, whole[:cut].count(b"\n"))
        assert not trace.complete or cut >= len(whole) - 1


def test_a_writer_killed_after_an_intent_leaves_the_intent_open(tmp_path):
    code = (
        "import os, signal, sys; from pathlib import Path\n"
        "from tests.replay.test_trace import HEADER, AT, reading, step\n"
        "from replay.trace import Intent; from replay.trace_writer import TraceWriter\n"
        "w = TraceWriter(Path(sys.argv[1]), HEADER); w.screen(reading()); w.step(step(0, 0, 0))\n"
        "w.intent(Intent(index=1, step_id='pay', says='Pay 12 EUR', at=AT))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    ended = subprocess.run([sys.executable, "-c", code, str(tmp_path / "t")], check=False)
    trace = read_trace(tmp_path / "t")

    assert ended.returncode == -signal.SIGKILL
    assert [intent.step_id for intent in trace.open_intents()] == ["pay"]
    assert not trace.complete


@pytest.mark.parametrize("line", range(7))
def test_a_changed_line_is_found_and_named(tmp_path, line):
    write(tmp_path / "t")
    file = tmp_path / "t" / "trace.jsonl"
    lines = file.read_text().splitlines(keepends=True)
    lines[line] = lines[line].replace('"at":"2026', '"at":"2027', 1).replace('_at":"2026', '_at":"2027', 1)
    file.write_text("".join(lines))

    with pytest.raises(TraceDamaged, match=f"line {line + 1} was changed"):
        read_trace(tmp_path / "t")


def test_a_line_that_was_taken_out_is_found(tmp_path):
    write(tmp_path / "t")
    file = tmp_path / "t" / "trace.jsonl"
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(lines[:3] + lines[4:]))

    with pytest.raises(TraceDamaged, match="line 4"):
        read_trace(tmp_path / "t")


def test_a_screen_that_was_exchanged_or_lost_is_found(tmp_path):
    write(tmp_path / "t")
    screen = next((tmp_path / "t" / "screens").iterdir())
    screen.write_bytes(gzip.compress(b"<hierarchy/>"))
    with pytest.raises(TraceDamaged, match="not the screen that was recorded"):
        read_trace(tmp_path / "t")

    screen.unlink()
    with pytest.raises(TraceDamaged, match="is missing"):
        read_trace(tmp_path / "t")


def test_a_trace_of_a_later_version_is_refused_before_anything_else(tmp_path):
    (tmp_path / "t").mkdir()
    line, _ = encode(dataclasses.replace(HEADER, version=99), "")
    (tmp_path / "t" / "trace.jsonl").write_text(line + "\nnot even json\n")

    with pytest.raises(TraceTooNew, match="version 99"):
        read_trace(tmp_path / "t")


@pytest.mark.parametrize(
    "name", ["../evil", "/etc/passwd", "screens/../../x", "screens/" + "a" * 64 + ".xml.gz/..", "run.py"]
)
def test_a_zip_with_a_name_that_is_no_part_of_a_trace_is_refused(tmp_path, name):
    write(tmp_path / "t")
    pack(tmp_path / "t", tmp_path / "t.zip")
    with zipfile.ZipFile(tmp_path / "t.zip", "a") as archive:
        archive.writestr(name, "x")

    with pytest.raises(TraceHostile, match="no part of a trace"):
        read_trace(tmp_path / "t.zip")


def test_a_zip_or_folder_with_a_link_is_refused(tmp_path):
    write(tmp_path / "t")
    pack(tmp_path / "t", tmp_path / "t.zip")
    link = zipfile.ZipInfo("pictures/" + "b" * 64 + ".png")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "t.zip", "a") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(TraceHostile):
        read_trace(tmp_path / "t.zip")

    (tmp_path / "t" / "screens" / "x").symlink_to("/etc/passwd")
    with pytest.raises(TraceHostile, match="link"):
        read_trace(tmp_path / "t")


def test_a_screen_that_unpacks_to_more_than_allowed_is_refused_without_unpacking_it_all(tmp_path):
    write(tmp_path / "t")
    for screen in (tmp_path / "t" / "screens").iterdir():
        screen.write_bytes(gzip.compress(b"\0" * (8 << 20)))

    with pytest.raises(TraceHostile, match="1 MiB"):
        read_trace(tmp_path / "t", limits=Limits(part_bytes=1 << 20))
    with pytest.raises(TraceHostile, match="more than is allowed"):
        read_trace(tmp_path / "t", limits=Limits(total_bytes=1 << 20))


def test_a_line_or_a_number_of_lines_beyond_the_limits_is_refused(tmp_path):
    write(tmp_path / "t")
    with pytest.raises(TraceHostile, match="line 1 goes beyond"):
        read_trace(tmp_path / "t", limits=Limits(line_bytes=100))
    with pytest.raises(TraceHostile, match="line 4 goes beyond"):
        read_trace(tmp_path / "t", limits=Limits(lines=3))


@pytest.mark.parametrize(
    "content, says",
    [
        ("", "empty"),
        ("hello\n", "no trace header"),
        ("[" * 100_000 + "\n", "no trace header"),
        (json.dumps({"kind": "header", "version": "1"}) + "\n", "no trace version"),
        (json.dumps({"kind": "header", "version": 1, "h": ""}) + "\n", "line 1"),
        ("\udcff\n", "line 1|header"),
    ],
)
def test_a_file_that_is_no_trace_is_refused_with_the_reason(tmp_path, content, says):
    (tmp_path / "t").mkdir()
    (tmp_path / "t" / "trace.jsonl").write_bytes(content.encode("utf-8", "surrogatepass"))

    with pytest.raises(TraceDamaged, match=says):
        read_trace(tmp_path / "t")


def zipped(tmp_path, method=zipfile.ZIP_DEFLATED):
    """A zip of a trace, its bytes, and where the local header, the data and the directory entry of trace.jsonl are."""
    write(tmp_path / "t")
    path = tmp_path / "patched.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        for file in sorted((tmp_path / "t").rglob("*"), reverse=True):  # trace.jsonl first
            if file.is_file():
                archive.write(file, file.relative_to(tmp_path / "t").as_posix())
        info = archive.infolist()[0]
    assert info.filename == "trace.jsonl"
    data = bytearray(path.read_bytes())
    local = info.header_offset
    return path, data, local, local + 30 + len(info.filename), data.index(b"PK\x01\x02")


def crc_changed(data, local, content, entry):
    data[local + 14] ^= 1
    data[entry + 16] ^= 1


def deflate_damaged(data, local, content, entry):
    data[content] = 0xFF


def encrypted(data, local, content, entry):
    data[local + 6] |= 1
    data[entry + 8] |= 1


def method_unknown(data, local, content, entry):
    data[local + 8] = data[entry + 10] = 77


def method_bzip2(data, local, content, entry):
    data[local + 8] = data[entry + 10] = 12


def patched_data(data, local, content, entry):
    data[entry + 8] |= 0x20


def local_header_bad(data, local, content, entry):
    data[local] = 0


def local_name_no_utf8(data, local, content, entry):
    data[local + 7] |= 0x08
    data[local + 30] = 0xFF


def directory_name_no_utf8(data, local, content, entry):
    data[entry + 9] |= 0x08
    data[entry + 46] = 0xFF


def needs_a_later_zip(data, local, content, entry):
    data[entry + 6] = 99


@pytest.mark.parametrize(
    "patch",
    [
        crc_changed,
        deflate_damaged,
        encrypted,
        method_unknown,
        method_bzip2,
        patched_data,
        local_header_bad,
        local_name_no_utf8,
        directory_name_no_utf8,
        needs_a_later_zip,
    ],
)
def test_a_damaged_zip_is_refused_as_damaged(tmp_path, patch):
    path, data, local, content, entry = zipped(tmp_path)
    path.write_bytes(data)
    assert read_trace(path).complete

    patch(data, local, content, entry)
    path.write_bytes(data)

    with pytest.raises(TraceDamaged):
        read_trace(path)


def test_a_part_that_is_said_to_go_beyond_the_file_is_refused(tmp_path):
    path, data, _, _, entry = zipped(tmp_path, zipfile.ZIP_STORED)
    data[entry + 20 : entry + 28] = (1 << 20).to_bytes(4, "little") * 2
    path.write_bytes(data)

    with pytest.raises(TraceDamaged):
        read_trace(path)


@pytest.mark.parametrize("error", [EOFError, OSError("I/O error")])
def test_a_disk_that_fails_while_a_part_is_read_names_the_part(tmp_path, monkeypatch, error):
    path, data, *_ = zipped(tmp_path)
    path.write_bytes(data)

    def fail(*_):
        raise error

    monkeypatch.setattr(zipfile.ZipExtFile, "read1", fail)
    monkeypatch.setattr(zipfile.ZipExtFile, "readline", fail)
    with pytest.raises(TraceDamaged, match=r"trace\.jsonl cannot be read"):
        read_trace(path)


def test_any_byte_of_a_zip_may_be_wrong_and_the_error_is_ours(tmp_path):
    path, whole, *_ = zipped(tmp_path)
    for position in range(0, len(whole), 3):
        data = bytearray(whole)
        data[position] ^= 0xFF
        path.write_bytes(data)
        try:
            read_trace(path)
        except TraceError:
            continue


def test_a_screen_that_is_no_text_is_refused(tmp_path):
    write(tmp_path / "t")
    next((tmp_path / "t" / "screens").iterdir()).write_bytes(gzip.compress(b"\xff\xfe"))

    with pytest.raises(TraceDamaged, match="cannot be read"):
        read_trace(tmp_path / "t")


@pytest.mark.parametrize(
    "event, fields",
    [
        (HEADER, {"device": 5}),
        (HEADER, {"values": [1]}),
        (HEADER, {"values": {"contact": 1}}),
        (HEADER, {"version": True}),
        (HEADER, {"source": "stolen"}),
        (HEADER, {"task": None}),
        (step(0), {"before": "0"}),
        (step(0), {"duration_s": "long"}),
        (step(0), {"duration_s": True}),
        (step(0), {"reasons": "because"}),
        (step(0), {"reasons": [1]}),
        (step(0), {"action": []}),
        (Intent(index=1, step_id="s1", says="Send", at=AT), {"index": 1.5}),
    ],
)
def test_a_field_of_another_type_is_refused_and_named_though_the_hash_fits(event, fields):
    line, _ = encode(dataclasses.replace(event, **fields), "")

    with pytest.raises(TraceDamaged, match=f"line 3: '{next(iter(fields))}' of a {event.kind} cannot be"):
        decode(line, "", number=3)


@pytest.mark.parametrize("event", [step(0), dataclasses.replace(step(0, None, None), action=None, duration_s=1)])
def test_every_type_a_field_may_have_is_read(event):
    assert decode(encode(event, "")[0], "", number=1)[0] == event


def test_a_kind_that_is_no_text_is_refused():
    with pytest.raises(TraceDamaged, match="no event"):
        decode('{"kind": []}', "", number=1)


def test_a_path_that_is_not_there_or_no_zip_is_refused(tmp_path):
    with pytest.raises(TraceDamaged, match="is not there"):
        read_trace(tmp_path / "none")
    (tmp_path / "x.zip").write_text("no zip")
    with pytest.raises(TraceDamaged, match="neither"):
        read_trace(tmp_path / "x.zip")
    shutil.rmtree(tmp_path)
