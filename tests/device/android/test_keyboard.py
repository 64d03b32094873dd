"""The owner's keyboard comes back: after restore, after close, after the end of the program, and after its death."""

from tests.adbserver import AdbServer, adb_server, wait_until  # isort: skip  # before adbutils

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from device.actions import InputText
from device.android import adb, journal
from device.android.device import AndroidDevice
from tests.device.android.bench import OWNERS_KEYBOARD, AndroidBench

__all__ = ["adb_server"]

ROOT = Path(__file__).parents[3]

TYPES_FOR_EVER = """
import sys
from device.actions import InputText
from device.android import adb
from device.android.device import AndroidDevice
device = AndroidDevice(adb.server(int(sys.argv[1])), sys.argv[2])
while True:
    device.perform(InputText("x", replace=True))
    print("typed", flush=True)
    if sys.argv[3] == "once":
        break
"""


@pytest.fixture
def bench(adb_server: AdbServer) -> Iterator[AndroidBench]:
    bench = AndroidBench(adb_server)
    bench.show_field()
    yield bench
    bench.close()


def _child(bench: AndroidBench, how: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", TYPES_FOR_EVER, str(bench.server.port), bench.serial, how],
        cwd=ROOT, env=bench.server.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def _journal(bench: AndroidBench) -> bool:
    return bench.phone.files.stat(journal.FILE) is not None


def test_restoring_puts_the_owners_keyboard_back_and_leaves_no_trace(bench: AndroidBench):
    bench.device.perform(InputText("x"))
    assert bench.keyboard() == journal.OUR_IME
    assert _journal(bench)

    bench.device.restore()

    assert bench.keyboard() == OWNERS_KEYBOARD
    assert bench.keyboards_enabled() == [OWNERS_KEYBOARD]
    assert not _journal(bench)


def test_typing_works_again_after_restoring(bench: AndroidBench):
    bench.device.perform(InputText("a"))
    bench.device.restore()
    bench.device.perform(InputText("b"))

    assert bench.field_text() == "ab"


def test_closing_puts_it_back_too(bench: AndroidBench):
    bench.device.perform(InputText("x"))
    bench.device.close()

    assert bench.keyboard() == OWNERS_KEYBOARD


def test_a_program_that_simply_ends_puts_it_back(bench: AndroidBench):
    child = _child(bench, "once")
    out, err = child.communicate(timeout=60)

    assert (out, err) == ("typed\n", "")
    assert bench.field_text() == "x"
    assert bench.keyboard() == OWNERS_KEYBOARD


def test_a_program_killed_while_typing_leaves_the_keyboard_to_the_next_connection(bench: AndroidBench):
    child = _child(bench, "for ever")
    assert child.stdout is not None
    assert child.stdout.readline() == "typed\n"
    child.send_signal(signal.SIGKILL)
    child.communicate()
    assert bench.keyboard() == journal.OUR_IME

    AndroidDevice(adb.server(bench.server.port), bench.serial).close()

    assert bench.keyboard() == OWNERS_KEYBOARD
    assert bench.keyboards_enabled() == [OWNERS_KEYBOARD]
    assert not _journal(bench)


def test_the_journal_of_a_dead_session_keeps_the_owners_values_through_a_second_one(bench: AndroidBench):
    bench.device.perform(InputText("x"))
    bench.device._session.keyboard._taken_over = False  # as if another program had begun to type meanwhile
    bench.device.perform(InputText("y"))

    bench.device.restore()

    assert bench.keyboard() == OWNERS_KEYBOARD


def test_a_keyboard_changed_behind_our_back_is_taken_over_again_and_nothing_is_typed_twice(bench: AndroidBench):
    bench.device.perform(InputText("a"))
    bench.phone.settings.put("secure", "default_input_method", OWNERS_KEYBOARD)

    bench.device.perform(InputText("b"))

    assert bench.field_text() == "ab"


def test_long_text_arrives_whole(bench: AndroidBench):
    text = "".join(f"{number} 你好 👍🏽 " for number in range(1500))

    bench.device.perform(InputText(text), timeout_s=30)

    assert bench.field_text() == text


def test_a_phone_that_is_gone_holds_no_program_up_at_its_end(bench: AndroidBench):
    child = _child(bench, "for ever")
    assert child.stdout is not None
    assert child.stdout.readline() == "typed\n"
    bench.kill()

    child.send_signal(signal.SIGINT)

    wait_until(lambda: child.poll() is not None, timeout_s=20)
    child.communicate()
