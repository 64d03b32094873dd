from __future__ import annotations

import gc
import socket
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from device.actions import Size
from device.clock import ManualClock
from device.virtual.phone import PhoneConfig, VirtualPhone
from device.virtual.window.hierarchy import nodes
from device.virtual.window.layout import FixedMeasure
from tests.device.virtual.window.kit import HOME, SHOP, Home, Shop
from tests.device.virtual.wire.fakes import Hosts


def phone(config: PhoneConfig | None = None) -> VirtualPhone:
    return VirtualPhone(config, clock=ManualClock(), apps=(Home, Shop), measure=FixedMeasure())


def test_a_phone_starts_at_its_launcher_in_the_size_and_language_it_was_made_with() -> None:
    made = phone(PhoneConfig(size=Size(720, 1600), density_dpi=320, locale="de", dark=True))

    frame = made.windows.frame()

    assert (frame.size, frame.density, frame.locale, frame.dark) == (Size(720, 1600), 2.0, "de", True)
    assert made.windows.current()[0] == HOME
    assert any(node.text == "Laden" for node in nodes(frame))


def test_settings_outlive_the_phone_and_win_over_what_it_is_made_with(tmp_path: Path) -> None:
    first = phone(PhoneConfig(state=tmp_path, dark=True))
    first.windows.set_dark(False)
    first.windows.set_locale("zh")
    first.files.write("/sdcard/note.txt", b"kept")

    second = phone(PhoneConfig(state=tmp_path, dark=True))

    assert not second.windows.frame().dark
    assert second.windows.locale == "zh"
    assert second.files.read("/sdcard/note.txt") == b"kept"


def test_hardware_touches_are_kept_and_injected_ones_not() -> None:
    made = phone()

    made.windows.pointer("down", 5, 900)
    made.windows.pointer("down", 6, 901, hardware=True)

    assert [contact.x_px for contact in made.touches.contacts()] == [6]


def test_a_crash_is_in_the_log() -> None:
    made = phone()
    made.windows.start(SHOP)

    made.faults.crash()

    assert any("FATAL EXCEPTION" in entry.message for entry in made.log.entries())


def test_the_picture_is_drawn_once_per_look() -> None:
    made = VirtualPhone(PhoneConfig(size=Size(360, 640), density_dpi=160), clock=ManualClock(), apps=(Home, Shop))

    first, second = made.picture(), made.picture()
    made.windows.start(SHOP)

    assert first is second
    assert first.size == (360, 640)
    assert made.picture() is not first


def test_every_app_from_the_factory_opens() -> None:
    made = VirtualPhone(clock=ManualClock(), measure=FixedMeasure())
    for package in made.packages.installed():
        if package.app is not None:
            assert made.windows.start(package.name)
            assert made.windows.current()[0] == package.name
            assert nodes(made.windows.frame(), active_only=True)


def test_a_phone_that_nobody_stopped_leaves_no_files_behind() -> None:
    made = phone()
    made.files.write("/sdcard/note.txt", b"gone")
    folder = made.folder
    assert folder.exists()

    del made
    gc.collect()

    assert not folder.exists()


def test_serving_can_be_stopped_twice_and_started_again() -> None:
    with phone() as made:
        port = made.start()
        assert made.start() == port
        made.stop()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port))
        assert made.start(port) == port
    made.stop()


PIN = PhoneConfig(pin="1234")


def test_a_reboot_ends_every_process_and_shows_the_launcher() -> None:
    made = phone()
    made.windows.start(SHOP)
    ended: list[str] = []
    made.packages.spawn_shell_process(on_kill=lambda: ended.append("server"))
    pids = {name: made.packages.process(name) for name in (HOME, SHOP)}
    made.windows.open_shade()
    made.windows.toast("Hello")
    made.windows.notify(SHOP, "Sale", "today only")
    made.faults.incoming_call()
    number = made.windows.frame().number

    made.reboot()

    assert ended == ["server"]
    assert made.packages.process(SHOP) is None
    assert made.packages.process(HOME) not in (None, pids[HOME])
    assert made.windows.tasks() == [(HOME, f"{HOME}.MainActivity")]
    assert {window.kind for window in made.windows.frame().windows} == {"app", "status_bar", "navigation_bar"}
    assert made.windows.notifications() == []
    assert made.windows.frame().number > number
    assert made.windows.start(SHOP)
    assert made.packages.process(SHOP) not in (None, pids[SHOP])


@pytest.mark.parametrize(("config", "lock"), [(PIN, "secure"), (PhoneConfig(), "unlocked")])
def test_a_phone_comes_up_locked_if_it_has_a_pin(config: PhoneConfig, lock: str) -> None:
    made = phone(config)
    made.windows.sleep()

    made.reboot()

    assert made.windows.screen_on
    assert made.windows.lock_state == lock


def test_what_is_stored_and_the_faults_of_the_screen_outlive_a_reboot() -> None:
    made = phone()
    made.windows.set_dark(True)
    made.windows.resize(Size(720, 1280), 320)
    made.windows.rotate(1)
    made.files.write("/sdcard/note.txt", b"kept")
    made.packages.grant(SHOP, "android.permission.CAMERA")
    made.faults.secure()

    made.reboot()

    frame = made.windows.frame()
    assert (frame.dark, frame.rotation, frame.size, frame.density) == (True, 1, Size(1280, 720), 2.0)
    assert made.files.read("/sdcard/note.txt") == b"kept"
    assert made.packages.granted(SHOP, "android.permission.CAMERA") is True
    assert frame.secure


def test_what_an_app_waited_for_is_forgotten_by_a_reboot() -> None:
    made = phone()
    made.windows.start(SHOP)
    app = made.windows._parts.stack.app(SHOP)
    assert app is not None
    app.host.after(5.0, lambda: app.host.toast("too late"))

    made.reboot()
    made.clock.sleep(10.0)

    assert made.windows.last_toast() is None


def test_a_killed_phone_refuses_connections_until_it_is_revived_and_its_apps_go_on() -> None:
    with phone() as made:
        port = made.start()
        made.windows.start(SHOP)
        pid = made.packages.process(SHOP)

        made.kill()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port))
        made.revive()
        socket.create_connection(("127.0.0.1", port)).close()

        assert made.start() == port
        assert made.packages.process(SHOP) == pid


def test_a_phone_that_serves_nobody_cannot_be_killed() -> None:
    for act in (phone().kill, phone().revive):
        with pytest.raises(RuntimeError, match="call start"):
            act()


def test_fifty_phones_run_side_by_side_and_know_nothing_of_each_other() -> None:
    """In one process, each with its own port and thread, from start to stop in a few seconds."""
    small = PhoneConfig(size=Size(360, 640), density_dpi=160)
    begun_s = time.monotonic()
    with ExitStack() as running:
        phones = [running.enter_context(VirtualPhone(small, clock=ManualClock())) for _ in range(50)]
        ports = [made.start() for made in phones]
        for number, made in enumerate(phones):
            made.store.table("notes").insert(title=f"note {number}", body="", created_ms=0, edited_ms=0)
            assert made.windows.start("com.example.notes")
            made.windows.pointer("down", 180, 5 + number, hardware=True)
            made.windows.pointer("up", 180, 5 + number, hardware=True)
        phones[7].faults.crash()

        for number, made in enumerate(phones):
            seen = {node.text for node in nodes(made.windows.frame())}
            titles = {title for title in seen if title.startswith("note ")}
            assert titles == (set() if number == 7 else {f"note {number}"})
            assert [contact.y_px for contact in made.touches.contacts()] == [5 + number] * 2
        assert len({made.folder for made in phones}) == len(set(ports)) == 50
        served = Hosts(ports[3])
        assert b"VPhone" in served.connect().ask("shell:getprop ro.product.model")
        served.close()

    assert time.monotonic() - begun_s < 20  # a few seconds when the machine is idle: docs/virtual-phone.md
    assert "virtual-phone-adb" not in [thread.name for thread in threading.enumerate()]
