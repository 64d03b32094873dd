from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from device.virtual.fault_commands import run
from device.virtual.faults import Faults, FaultUnavailable
from device.virtual.window.drift import Drift
from tests.device.virtual.window.kit import HOME, SHOP, Bench


@pytest.fixture
def bench() -> Bench:
    bench = Bench()
    bench.page()
    return bench


@pytest.fixture
def faults(bench: Bench) -> Faults:
    return Faults(bench.windows, " ".join)


@pytest.mark.parametrize(
    ("words", "seen"),
    [
        ("permission-dialog android.permission.CAMERA", "Allow Shop to take pictures and record video?"),
        ("permission_dialog CAMERA com.example.shop", "Allow Shop to take pictures and record video?"),
        ("popup", "Enjoying Shop?"),
        ("crash", "Shop keeps stopping"),
        ("not-responding com.example.shop", "Shop isn't responding"),
        ("incoming-call", "Mallory"),
        ("incoming-call Eve", "Eve"),
        ("incoming-call Eve 12345 10", "12345"),
        ("pin-lock 1234", "Swipe up to unlock"),
    ],
)
def test_words_bring_up_what_they_name(bench: Bench, faults: Faults, words: str, seen: str) -> None:
    assert faults.command(words.split()) == "ok\n"

    assert bench.sees(seen)


def test_a_second_call_finds_the_line_busy_until_the_caller_hangs_up(bench: Bench, faults: Faults) -> None:
    faults.command(["incoming-call"])
    busy = faults.command(["incoming-call"])
    faults.command(["end-call"])

    assert busy == "the line is busy\n"
    assert bench.windows.current()[0] == SHOP


def test_the_screen_goes_off_and_windows_become_secure(bench: Bench, faults: Faults) -> None:
    faults.command(["secure", "on"])
    secure = bench.windows.frame().secure
    faults.command(["secure", "off"])
    open_again = not bench.windows.frame().secure
    faults.command(["screen-off"])

    assert secure and open_again
    assert not bench.windows.screen_on


def test_a_pin_is_taken_away_again(bench: Bench, faults: Faults) -> None:
    faults.command(["pin-lock", "12"])
    faults.command(["pin-lock", "off"])

    assert bench.windows.lock_state == "swipe"


def test_drift_takes_flags_a_seed_and_packages(bench: Bench, faults: Faults) -> None:
    answer = faults.command(["drift", "rename-ids", "seed=7", "package=com.example.shop"])
    renamed = "title" not in {box.view.id for _, box in bench.boxes("app")}
    faults.command(["drift", "off"])

    assert answer == "drifted: rename_ids, seed 7\n"
    assert renamed
    assert bench.look("title").view.text == "Shop"


def test_drift_from_python_is_a_value(bench: Bench, faults: Faults) -> None:
    faults.drift(Drift(reword=True))

    assert bench.sees("BUY")


def test_slow_takes_seconds(bench: Bench, faults: Faults) -> None:
    bench.windows.frame()
    faults.command(["slow", "2"])
    bench.windows.start("com.example.form")
    before = bench.sees("Shop")
    bench.clock.advance(2.5)

    assert before and not bench.sees("Shop")


@pytest.mark.parametrize("argv", [[], ["help"], ["--help"]])
def test_help_names_every_fault(faults: Faults, argv: list[str]) -> None:
    answer = faults.command(argv)

    for name in ("permission-dialog", "crash", "drift", "drop-transport", "incoming-call", "rpc"):
        assert f"  {name} " in answer


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("nope", "no fault 'nope'; there are: permission-dialog"),
        ("slow", "slow: by how many seconds"),
        ("slow soon", "'soon' is no number"),
        ("slow -1", "-1 is no number of seconds"),
        ("pin-lock abc", "a PIN is digits"),
        ("secure maybe", "on or off, not 'maybe'. Usage: secure"),
        ("drift sideways", "'sideways' is none of all, off, rename_ids"),
        ("drift", "what drifts"),
        ("crash a b", "'b' is one word too many"),
        ("screen-off now", "'now' is one word too many"),
        ("permission-dialog", "which permission"),
    ],
)
def test_words_that_do_not_fit_are_refused_with_what_would(faults: Faults, words: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        faults.command(words.split())


def test_connection_faults_need_somebody_to_carry_them_out(faults: Faults) -> None:
    with pytest.raises(FaultUnavailable, match=r"VirtualPhone\.start"):
        faults.drop_transport()
    for name in ("drop-transport", "kill-process"):
        with pytest.raises(ValueError, match=r"VirtualPhone\.start"):
            faults.command([name])
        with pytest.raises(ValueError, match=r"VirtualPhone\.start"):
            run(faults, [name])

    done: list[str] = []
    act: Callable[[], None] = lambda: done.append("cut")
    faults.on_drop_transport = act
    faults.command(["drop-transport"])

    assert done == ["cut"]


def test_words_for_the_uiautomator_server_go_there(faults: Faults) -> None:
    assert faults.command(["rpc", "hang", "2"]) == "hang 2\n"


def test_a_crash_of_an_app_behind_leaves_the_one_in_front(bench: Bench, faults: Faults) -> None:
    bench.windows.start("com.example.form")

    faults.crash(SHOP)

    assert dict(bench.windows.tasks()).keys() == {"com.example.form", HOME}
