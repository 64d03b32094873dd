"""The phone's file system: what it promises, above all that nothing leaves its root."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from device.clock import ManualClock
from device.virtual.files import PhoneFiles


@pytest.fixture
def files(tmp_path: Path) -> PhoneFiles:
    return PhoneFiles(tmp_path / "root", ManualClock())


def test_a_file_comes_back_with_its_time_and_type(files: PhoneFiles):
    files.write("/sdcard/new/f.txt", b"abc", mode=0o640, mtime=1_700_000_000)

    found = files.stat("/sdcard/new/f.txt")
    assert found is not None
    assert (stat.S_ISREG(found.mode), found.mode & 0o777, found.size, found.mtime) == (True, 0o640, 3, 1_700_000_000)
    assert files.read("/sdcard/new/f.txt") == b"abc"
    assert [name for name, _ in files.list("/sdcard/new")] == ["f.txt"]


def test_what_is_written_without_a_time_gets_the_phones(files: PhoneFiles):
    files.write("/sdcard/f", b"")

    found = files.stat("/sdcard/f")
    assert found is not None
    assert found.modified == ManualClock().now()


def test_the_shared_storage_has_several_names(files: PhoneFiles):
    files.write("/storage/emulated/0/f", b"x")

    assert files.read("/sdcard/f") == files.read("/storage/self/primary/f") == b"x"


@pytest.mark.parametrize(
    "path", ["/../../etc/passwd", "../../../etc/passwd", "/sdcard/../../../../etc/passwd", "//etc/passwd"]
)
def test_no_spelling_leads_out(files: PhoneFiles, path: str):
    assert files.stat(path) is None
    with pytest.raises(FileNotFoundError):
        files.read(path)


def test_no_link_leads_out(files: PhoneFiles, tmp_path: Path):
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "f").write_bytes(b"secret")
    (tmp_path / "root" / "sdcard" / "link").symlink_to(secret)

    for act in (
        lambda: files.read("/sdcard/link/f"),
        lambda: files.write("/sdcard/link/g", b""),
        lambda: files.list("/sdcard/link"),
        lambda: files.remove("/sdcard/link", recursive=True),
    ):
        with pytest.raises(PermissionError):
            act()
    assert "link" not in [name for name, _ in files.list("/sdcard")]
    assert [file.name for file in secret.iterdir()] == ["f"]


@pytest.mark.parametrize("path", ["/f", "/system/f", "/sdcardx/f", "/data/local/f"])
def test_only_the_shells_places_can_be_changed(files: PhoneFiles, path: str):
    with pytest.raises(PermissionError):
        files.write(path, b"")


def test_the_writable_places_themselves_stay(files: PhoneFiles):
    for place in ("/sdcard", "/data/local/tmp"):
        with pytest.raises(PermissionError):
            files.remove(place, recursive=True)


def test_what_is_missing_raises(files: PhoneFiles):
    assert files.stat("/sdcard/none") is None
    for act in (files.read, files.list, files.remove):
        with pytest.raises(FileNotFoundError):
            act("/sdcard/none")
