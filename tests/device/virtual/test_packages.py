"""The package manager over a store: what persists, what a process is."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import ClassVar

import pytest
import uiautomator2

from device.clock import ManualClock
from device.virtual.apk import read_apk
from device.virtual.app import App
from device.virtual.packages import PackageError, PackageManager
from device.virtual.state import StateStore

APK = Path(uiautomator2.__file__).parent / "assets" / "app-uiautomator.apk"


class Shop(App):
    package = "com.example.shop"
    permissions = ("android.permission.CAMERA",)
    tables: ClassVar[tuple[str, ...]] = ("orders",)
    strings: ClassVar = {"en": {"app_name": "Shop"}, "de": {"app_name": "Laden"}}

    @classmethod
    def install(cls, store: StateStore) -> None:
        store.table("orders").insert(item="tea")


class NewerShop(Shop):
    version = "2.0"
    version_code = 2


def manager(store: StateStore, app: type[App] = Shop, clock: ManualClock | None = None) -> PackageManager:
    return PackageManager(store, clock or ManualClock(), (app,))


def test_the_factory_installs_each_app_once():
    store = StateStore()
    manager(store)
    manager(store)

    assert len(store.table("orders").rows()) == 1


def test_an_app_has_a_label_in_the_phones_language():
    package = manager(StateStore()).find("com.example.shop")

    assert package is not None
    assert (package.label("de-AT"), package.label("fr")) == ("Laden", "Shop")


def test_what_was_uninstalled_stays_away(tmp_path: Path):
    packages = manager(StateStore(tmp_path))
    pid = packages.spawn("com.example.shop")

    assert packages.uninstall("com.example.shop")
    assert not packages.kill_pid(pid)
    again = StateStore(tmp_path)
    assert manager(again).find("com.example.shop") is None
    assert again.table("orders").rows() == []


def test_a_newer_app_updates_the_package_and_keeps_its_data():
    store, clock = StateStore(), ManualClock()
    manager(store, Shop, clock)
    clock.advance(60)

    package = manager(store, NewerShop, clock).find("com.example.shop")

    assert package is not None
    assert (package.version, package.last_update > package.first_install) == ("2.0", True)
    assert len(store.table("orders").rows()) == 1


def test_clearing_drops_data_permissions_and_the_process():
    store = StateStore()
    packages = manager(store)
    store.put("com.example.shop.cart", [1])
    packages.grant("com.example.shop", "android.permission.CAMERA")
    packages.spawn("com.example.shop")

    assert packages.clear("com.example.shop")

    assert packages.granted("com.example.shop", "android.permission.CAMERA") is None
    assert packages.process("com.example.shop") is None
    assert "com.example.shop.cart" not in store.names()
    assert store.table("orders").rows() == []


def test_each_start_has_a_new_pid():
    packages = manager(StateStore())
    first, second = packages.spawn("com.example.shop"), packages.spawn("com.example.shop")

    assert first != second
    assert packages.process("com.example.shop") == second
    assert not packages.kill_pid(first)


def test_whoever_kills_a_shell_process_is_heard():
    packages, heard = manager(StateStore()), list[str]()
    pid = packages.spawn_shell_process("app_process", lambda: heard.append("killed"))

    assert ("shell", pid, "app_process") in packages.processes()
    assert packages.kill_pid(pid)
    assert not packages.kill_pid(pid)
    assert heard == ["killed"]


def test_a_real_apk_is_read():
    apk = read_apk(APK.read_bytes())

    assert (apk.package, apk.version, apk.version_code) == ("com.github.uiautomator", "2.4.0", 2004001)
    assert "android.permission.INTERNET" in apk.permissions


def _zip(name: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "INSTALL_PARSE_FAILED_NOT_APK"),
        (b"not a zip", "INSTALL_PARSE_FAILED_NOT_APK"),
        (_zip("classes.dex", b""), "INSTALL_PARSE_FAILED_BAD_MANIFEST"),
        (_zip("AndroidManifest.xml", bytes(40)), "INSTALL_PARSE_FAILED_BAD_MANIFEST"),
        (_zip("AndroidManifest.xml", b"\3\0\10\0\20\0\0\0"), "INSTALL_PARSE_FAILED_BAD_PACKAGE_NAME"),
    ],
)
def test_what_cannot_be_read_is_not_installed(data: bytes, code: str):
    with pytest.raises(PackageError) as caught:
        manager(StateStore()).install_apk(data)

    assert caught.value.code == code
