"""Each request of the sync service, byte by byte. `phone.files` is the real file system of the phone."""

from __future__ import annotations

import stat
import struct

import pytest

from tests.device.virtual.wire.fakes import FakeHost, FakePhone, Hosts, HostStream

MTIME = 1_700_000_000
FILE_MODE = stat.S_IFREG | 0o644
HELLO = "/data/local/tmp/Hi-世界.txt"


@pytest.fixture
def sync(host: FakeHost, phone: FakePhone) -> HostStream:
    phone.files.write(HELLO, b"hello", mode=0o644, mtime=MTIME)
    return host.open("sync:")


def request(kind: bytes, path: str) -> bytes:
    return struct.pack("<4sI", kind, len(path.encode())) + path.encode()


def ask(sync: HostStream, kind: bytes, path: str, answer_bytes: int, more: bytes = b"") -> bytes:
    sync.write(request(kind, path) + more)
    return sync.read(answer_bytes)


def fail(text: str) -> bytes:
    return struct.pack("<4sI", b"FAIL", len(text)) + text.encode()


def test_stat_is_mode_size_and_time(sync: HostStream):
    assert ask(sync, b"STAT", HELLO, 16) == struct.pack("<4s3I", b"STAT", FILE_MODE, 5, MTIME)


def test_stat_of_nothing_is_zeros(sync: HostStream):
    assert ask(sync, b"STAT", "/sdcard/none", 16) == b"STAT" + bytes(12)


def test_a_folder_has_the_folder_bit(sync: HostStream):
    mode = struct.unpack("<4s3I", ask(sync, b"STAT", "/sdcard", 16))[1]
    assert stat.S_ISDIR(mode)


@pytest.mark.parametrize("kind", [b"STA2", b"LST2"])
def test_the_newer_status_has_72_bytes(sync: HostStream, kind: bytes):
    answer = struct.unpack("<4sIQQIIIIQqqq", ask(sync, kind, HELLO, 72))

    assert answer == (kind, 0, 0, 0, FILE_MODE, 1, 2000, 9997, 5, MTIME, MTIME, MTIME)


def test_the_newer_status_of_nothing_says_enoent(sync: HostStream):
    assert ask(sync, b"STA2", "/sdcard/none", 72) == b"STA2" + struct.pack("<I", 2) + bytes(64)


def listed(data: bytes, head: struct.Struct) -> dict[str, tuple[int, ...]]:
    """name -> the fields before its length."""
    entries = {}
    while not data.startswith(b"DONE"):
        *fields, length = head.unpack_from(data)
        data = data[head.size :]
        entries[data[:length].decode()] = tuple(fields)
        data = data[length:]
    assert data == b"DONE" + bytes(head.size - 4)
    return entries


def test_a_list_names_the_folder_itself_its_parent_and_what_is_inside(sync: HostStream):
    sync.write(request(b"LIST", "/data/local/tmp"))

    entries = listed(sync.read_write(), struct.Struct("<4s4I"))

    assert set(entries) == {".", "..", "Hi-世界.txt"}
    assert entries["Hi-世界.txt"] == (b"DENT", FILE_MODE, 5, MTIME)
    assert stat.S_ISDIR(entries["."][1])


def test_the_newer_list_has_whole_statuses(sync: HostStream):
    sync.write(request(b"LIS2", "/data/local/tmp"))

    entries = listed(sync.read_write(), struct.Struct("<4sIQQIIIIQqqqI"))

    assert entries["Hi-世界.txt"] == (b"DNT2", 0, 0, 0, FILE_MODE, 1, 2000, 9997, 5, MTIME, MTIME, MTIME)


def test_a_list_of_nothing_is_empty(sync: HostStream):
    assert ask(sync, b"LIST", "/sdcard/none", 20) == b"DONE" + bytes(16)
    assert ask(sync, b"LIS2", "/sdcard/none", 76) == b"DONE" + bytes(72)


def data_and_done(*pieces: bytes) -> bytes:
    sent = b"".join(struct.pack("<4sI", b"DATA", len(piece)) + piece for piece in pieces)
    return sent + struct.pack("<4sI", b"DONE", MTIME)


def test_a_file_is_sent_with_its_mode_and_time_and_folders_are_made(sync: HostStream, phone: FakePhone):
    answer = ask(sync, b"SEND", "/sdcard/a/b/c.txt,33206", 8, data_and_done(b"one ", b"two"))

    assert answer == b"OKAY" + bytes(4)
    assert phone.files.read("/sdcard/a/b/c.txt") == b"one two"
    found = phone.files.stat("/sdcard/a/b/c.txt")
    assert found is not None
    assert (found.mode, found.mtime) == (stat.S_IFREG | 0o666, MTIME)


def test_a_path_may_have_commas(sync: HostStream, phone: FakePhone):
    ask(sync, b"SEND", "/sdcard/a,b,33188", 8, data_and_done(b"x"))
    assert phone.files.read("/sdcard/a,b") == b"x"


def test_an_empty_file_is_sent(sync: HostStream, phone: FakePhone):
    ask(sync, b"SEND", "/sdcard/empty,33188", 8, data_and_done())
    assert phone.files.read("/sdcard/empty") == b""


def test_requests_and_data_may_be_cut_anywhere(sync: HostStream, phone: FakePhone):
    for byte in request(b"SEND", "/sdcard/slow,33188") + data_and_done(b"abc"):
        sync.write(bytes([byte]))

    assert sync.read_write() == b"OKAY" + bytes(4)
    assert phone.files.read("/sdcard/slow") == b"abc"


def test_a_file_that_cannot_be_written_fails_after_all_of_it_was_taken(sync: HostStream):
    sync.write(request(b"SEND", "/system/bin/su,33261") + data_and_done(b"x" * 1000))

    assert sync.read_write() == fail("couldn't create file: Permission denied")
    assert ask(sync, b"STAT", HELLO, 16)[:4] == b"STAT"


def test_a_folder_is_not_overwritten_by_a_file(sync: HostStream):
    sync.write(request(b"SEND", "/sdcard/Download,33188") + data_and_done(b"x"))
    assert sync.read_write() == fail("couldn't create file: Is a directory")


def test_a_symbolic_link_fails(sync: HostStream):
    sync.write(request(b"SEND", f"/sdcard/link,{stat.S_IFLNK | 0o777}") + data_and_done(b"/sdcard/target"))
    assert sync.read_write().startswith(b"FAIL")


def test_the_newer_send_has_mode_and_flags_in_a_second_record(sync: HostStream, phone: FakePhone):
    second = struct.pack("<4sII", b"SND2", FILE_MODE, 0)

    assert ask(sync, b"SND2", "/sdcard/new", 8, second + data_and_done(b"x")) == b"OKAY" + bytes(4)
    assert phone.files.read("/sdcard/new") == b"x"


def test_a_dry_run_writes_nothing(sync: HostStream, phone: FakePhone):
    second = struct.pack("<4sII", b"SND2", FILE_MODE, 0x80000000)

    assert ask(sync, b"SND2", "/sdcard/new", 8, second + data_and_done(b"x")) == b"OKAY" + bytes(4)
    assert phone.files.stat("/sdcard/new") is None


def test_compressed_files_are_refused_not_stored(sync: HostStream, phone: FakePhone):
    sync.write(request(b"SND2", "/sdcard/z") + struct.pack("<4sII", b"SND2", FILE_MODE, 2) + data_and_done(b"zz"))
    assert sync.read_write() == fail("compression is not supported")
    assert phone.files.stat("/sdcard/z") is None

    sync.write(request(b"RCV2", HELLO) + struct.pack("<4sI", b"RCV2", 1))
    assert sync.read_write() == fail("compression is not supported")


def test_a_file_is_received_in_pieces_of_at_most_64_kib(sync: HostStream, phone: FakePhone):
    content = bytes(range(256)) * 1000
    phone.files.write("/sdcard/big", content)
    sync.write(request(b"RECV", "/sdcard/big"))

    answer = sync.read(256_000 + 4 * 8 + 8)

    sizes, received = [], b""
    while answer[:4] == b"DATA":
        length = struct.unpack("<I", answer[4:8])[0]
        sizes.append(length)
        received += answer[8 : 8 + length]
        answer = answer[8 + length :]
    assert answer == b"DONE" + bytes(4)
    assert sizes == [65536, 65536, 65536, 59392]
    assert received == content


def test_a_file_larger_than_a_packet_is_received_whole(hosts: Hosts, phone: FakePhone):
    phone.files.write("/sdcard/big", b"x" * 100_000)
    host = hosts.connect(greet=False)
    host.greet(max_data=4096)
    sync = host.open("sync:")
    sync.write(request(b"RECV", "/sdcard/big"))

    assert sync.read(100_000 + 3 * 8).count(b"x") == 100_000


def test_the_newer_receive_has_its_flags_in_a_second_record(sync: HostStream):
    answer = ask(sync, b"RCV2", HELLO, 21, struct.pack("<4sI", b"RCV2", 0))
    assert answer == b"DATA\x05\0\0\0hello" + b"DONE" + bytes(4)


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/sdcard/none", "No such file or directory"),
        ("/sdcard", "Is a directory"),
        ("/data/local/tmp/leak", "Permission denied"),
    ],
)
def test_what_cannot_be_received_fails_without_naming_the_hosts_paths(
    sync: HostStream, tmp_path_factory: pytest.TempPathFactory, tmp_path, path: str, why: str
):
    (tmp_path / "data/local/tmp/leak").symlink_to(tmp_path_factory.mktemp("outside"))
    sync.write(request(b"RECV", path))

    assert sync.read_write() == fail(f"failed to open '{path}': {why}")


def test_a_failed_request_leaves_the_stream_usable(sync: HostStream):
    sync.write(request(b"RECV", "/sdcard/none"))
    assert sync.read_write()[:4] == b"FAIL"

    assert ask(sync, b"STAT", HELLO, 16)[:4] == b"STAT"


def test_quit_closes_the_stream(sync: HostStream):
    sync.write_without_waiting(request(b"QUIT", ""))
    assert sync.read_to_end() == b""


@pytest.mark.parametrize(
    "garbage",
    [
        request(b"EVIL", "/sdcard"),
        struct.pack("<4sI", b"STAT", 1 << 20),
        request(b"SEND", "/sdcard/x,33188") + struct.pack("<4sI", b"DATA", 1 << 20),
        request(b"SND2", "/sdcard/x") + b"XXXX" + bytes(8),
    ],
)
def test_what_no_adb_sends_closes_the_stream_alone(
    host: FakeHost, sync: HostStream, garbage: bytes, caplog: pytest.LogCaptureFixture
):
    sync.write_without_waiting(garbage)

    assert sync.read_to_end() == b""
    assert "broke the form of 'sync:'" in caplog.text
    assert host.ask("shell:echo hi") == b"hi\n"


def test_a_host_that_goes_in_the_middle_of_a_file_leaves_no_file(host: FakeHost, sync: HostStream, phone: FakePhone):
    sync.write(request(b"SEND", "/sdcard/half,33188") + struct.pack("<4sI", b"DATA", 100) + b"only this")
    sync.close()
    host.receive()

    assert host.silent()
    assert phone.files.stat("/sdcard/half") is None
