from __future__ import annotations

import gc
import socket
from pathlib import Path

import pytest

from device.actions import Size
from device.clock import ManualClock
from device.virtual.phone import PhoneConfig, VirtualPhone
from device.virtual.window.hierarchy import nodes
from device.virtual.window.layout import FixedMeasure
from tests.device.virtual.window.kit import HOME, SHOP, Home, Shop


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
