"""What the upstream suites of adbutils and uiautomator2 taught about the wire, kept as tests of our own.

Here the unmodified adbutils client speaks through a real adb server to the wire layer, with a scripted shell behind it.
The client is handed the private server's port: its module-wide default client is never used.
"""

from __future__ import annotations

import contextlib
import gc
import io
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from device.virtual.ports import DuplexStream
from device.virtual.serve import Serving
from tests.adbserver import AdbServer, adb_server, wait_until  # noqa: F401 - adb_server is a fixture
from tests.device.virtual.wire.fakes import WAIT_S, FakePhone

adbutils = pytest.importorskip("adbutils")

NAME = "/data/local/tmp/Hi-世界.txt"


@pytest.fixture
def phone(tmp_path: Path) -> FakePhone:
    return FakePhone(tmp_path / "phone")


@pytest.fixture
def device(adb_server: AdbServer, phone: FakePhone):  # noqa: F811 - the fixture
    serving = Serving(phone, new_shell=lambda: phone.run_command)
    serial = adb_server.connect(serving.start())
    adb_server.wait_for_state(serial, "device")
    yield adbutils.AdbClient("127.0.0.1", adb_server.port).device(serial)
    adb_server.disconnect(serial)
    serving.stop()


def test_a_command_that_outlasts_the_clients_patience_is_cancelled_and_holds_up_nobody(device, phone: FakePhone):
    """test_device_base: `shell("sleep 10", timeout=1)`."""
    with pytest.raises(adbutils.AdbTimeout):
        device.shell("hang", timeout=0.2)

    assert phone.cancelled.wait(WAIT_S)
    assert device.shell("echo hi") == "hi"


def test_a_streaming_command_is_read_as_it_comes_and_ends_when_the_client_closes(device, phone: FakePhone):
    """logcat, app_process: a shell stream held open for hours."""
    stream = device.shell("chatter", stream=True)
    assert stream.read_exact(3000) == b"x" * 3000

    stream.close()

    assert phone.cancelled.wait(WAIT_S)


def test_a_streaming_command_takes_input(device):
    """screenrecord ends when a line comes."""
    with contextlib.closing(device.shell("cat", stream=True)) as stream:
        stream.send(b"stop\n")
        assert stream.read_exact(5) == b"stop\n"


def test_shell2_with_v2_keeps_output_errors_and_exit_code_apart(device):
    done = device.shell2("complain 5", v2=True)
    assert (done.returncode, done.stdout, done.stderr) == (5, "out\n", "err\n")


def test_the_client_may_stop_in_the_middle_of_a_listing(device, phone: FakePhone):
    """adbutils opens one sync stream per request, sends no QUIT, and closes whenever its generator is dropped."""
    for number in range(300):
        phone.files.write(f"/sdcard/Download/{number}", b"")
    entries = device.sync.iter_directory("/sdcard/Download")
    next(entries)
    entries.close()

    assert len(device.sync.list("/sdcard/Download")) == 300 + 2


def test_pushed_bytes_keep_their_length_and_exist_under_any_name(device, phone: FakePhone):
    """adbutils compares the size afterwards, and calls a file missing whose time is 0."""
    for source in (b"x" * 100_001, io.BytesIO(b"x" * 100_001)):
        assert device.sync.push(source, NAME) == 100_001
        assert device.sync.exists(NAME)
    assert phone.files.read(NAME) == b"x" * 100_001
    assert device.sync.read_bytes(NAME) == b"x" * 100_001
    assert not device.sync.exists("/data/local/tmp/nothing")


def test_a_file_object_pushed_to_a_folder_is_refused_by_the_client_because_it_is_a_folder(device):
    """It looks at the folder bit of the mode."""
    with pytest.raises(adbutils.errors.AdbSyncError):
        device.sync.push(io.BytesIO(b"x"), "/sdcard/Download")


def test_reading_what_is_not_there_is_an_error_with_androids_words(device):
    with pytest.raises(adbutils.AdbError, match="No such file or directory"):
        device.sync.read_bytes("/sdcard/nothing")


def test_a_port_nobody_listens_on_refuses_at_once(device):
    """uiautomator2 asks /ping before it starts its server, and after stopping it until that is refused."""
    start_s = time.monotonic()
    with pytest.raises(adbutils.AdbError, match="closed"):
        device.create_connection(adbutils.Network.TCP, 9008)
    assert time.monotonic() - start_s < 2


@pytest.mark.parametrize(
    ("network", "address"), [(lambda: adbutils.Network.TCP, 9008), (lambda: adbutils.Network.LOCAL_ABSTRACT, "scrcpy")]
)
def test_a_program_that_listens_is_reached_until_it_stops(
    device, phone: FakePhone, network: Callable[[], object], address: int | str
):
    async def shout(stream: DuplexStream) -> None:
        while data := await stream.read(100):
            await stream.write(data.upper())

    phone.ports.listen(address, shout)
    with device.create_connection(network(), address) as client:
        client.sendall(b"hello")
        assert client.recv(100) == b"HELLO"

    phone.ports.unlisten(address)

    with pytest.raises(adbutils.AdbError, match="closed"):
        device.create_connection(network(), address)


def test_many_threads_may_ask_at_once(device):
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda number: device.shell(f"echo {number}"), range(160)))
    assert answers == [str(number) for number in range(160)]


def test_reverse_forwards_are_listed_as_the_client_reads_them(device):
    device.reverse("tcp:12345", "tcp:4000")
    assert [(item.remote, item.local) for item in device.reverse_list()] == [("tcp:12345", "tcp:4000")]

    device.reverse_remove("tcp:12345")

    assert list(device.reverse_list()) == []


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # adbutils 2.12 leaves that socket to the garbage collector
def test_the_framebuffer_is_read_as_a_picture(device):
    picture = device.framebuffer().convert("RGB")
    assert [picture.getpixel((x, 0)) for x in range(picture.width)] == [(255, 0, 0), (0, 255, 0)]
    gc.collect()


def test_root_and_tcpip_are_answered_not_left_hanging(device):
    assert "cannot run as root" in device.root()
    with pytest.raises(adbutils.AdbError, match="closed"):
        device.tcpip(5555)


def test_the_phone_says_which_features_it_has(device):
    """No compression: the client would send files compressed. No abb_exec: it would install through it."""
    assert set(device.get_features().split(",")) == {
        "shell_v2", "cmd", "stat_v2", "ls_v2", "fixed_push_mkdir", "sendrecv_v2", "sendrecv_v2_dry_run_send",
    }  # fmt: skip


@pytest.fixture
def other_device(adb_server: AdbServer, tmp_path: Path) -> Iterator[object]:  # noqa: F811
    other = FakePhone(tmp_path / "other")
    serving = Serving(other, new_shell=lambda: other.run_command)
    serial = adb_server.connect(serving.start())
    yield adbutils.AdbClient("127.0.0.1", adb_server.port).device(serial)
    adb_server.disconnect(serial)
    serving.stop()


def test_two_phones_of_one_server_keep_their_files_apart(device, other_device):
    device.sync.push(b"one", "/sdcard/x")
    other_device.sync.push(b"other", "/sdcard/x")

    assert (device.sync.read_text("/sdcard/x"), other_device.sync.read_text("/sdcard/x")) == ("one", "other")


def test_a_phone_that_comes_back_is_used_again_through_the_same_object(device, adb_server: AdbServer):  # noqa: F811
    device.shell("reboot")
    assert wait_until(lambda: adb_server.state(device.serial) == "device" or None)
    assert device.shell("echo hi") == "hi"
