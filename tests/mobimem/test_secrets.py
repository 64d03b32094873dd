from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from mobimem.errors import BadInput, OwnerNeeded
from mobimem.keyring_adapter import os_keyring
from mobimem.secrets import SecretStore, Stored

SECRET = "correct horse battery"


class FakeKeyring:
    """A keyring in memory that can be locked."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.locked = False

    def put(self, name: str, secret: str) -> None:
        self.kept[name] = secret

    def get(self, name: str) -> str | None:
        return None if self.locked else self.kept.get(name)

    def remove(self, name: str) -> None:
        del self.kept[name]


@pytest.mark.parametrize("keyring", [None, FakeKeyring()], ids=["file", "keyring"])
def test_a_secret_is_kept_listed_by_name_revealed_and_forgotten(tmp_path: Path, keyring: FakeKeyring | None) -> None:
    store = SecretStore(tmp_path, keyring)

    store.add("bank", SECRET)

    assert store.names() == (Stored("bank", "file" if keyring is None else "keyring"),)
    assert store.reveal("bank") == SECRET
    store.remove("bank")
    assert store.names() == ()
    with pytest.raises(BadInput, match="mobimem secrets add bank"):
        store.reveal("bank")


def test_in_a_file_it_is_its_owners_alone(tmp_path: Path) -> None:
    SecretStore(tmp_path / "secrets").add("bank", SECRET)

    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "secrets" / "bank.json").stat().st_mode & 0o777 == 0o600


def test_in_the_keyring_no_file_says_it(tmp_path: Path) -> None:
    SecretStore(tmp_path, FakeKeyring()).add("bank", SECRET)

    assert all(SECRET not in file.read_text() for file in tmp_path.iterdir())


def test_adding_again_replaces(tmp_path: Path) -> None:
    store = SecretStore(tmp_path)
    store.add("bank", "old")
    store.add("bank", "new")

    assert store.reveal("bank") == "new"


@pytest.mark.parametrize("name", ["", "../bank", "a/b", "ü", "x" * 65, ".hidden"])
def test_a_name_that_could_leave_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput, match="no name"):
        SecretStore(tmp_path).add(name, SECRET)
    with pytest.raises(BadInput):
        SecretStore(tmp_path).reveal(name)


def test_a_keyring_that_does_not_give_it_asks_the_owner(tmp_path: Path) -> None:
    keyring = FakeKeyring()
    store = SecretStore(tmp_path, keyring)
    store.add("bank", SECRET)
    keyring.locked = True

    with pytest.raises(OwnerNeeded, match="Unlock the keyring"):
        store.reveal("bank")
    with pytest.raises(OwnerNeeded):
        SecretStore(tmp_path).reveal("bank")


def test_an_error_about_a_damaged_file_does_not_quote_it(tmp_path: Path) -> None:
    SecretStore(tmp_path).add("bank", SECRET)
    (tmp_path / "bank.json").write_text(f'{{"kept_in": "file", "secret": ["{SECRET}"]}}')

    with pytest.raises(BadInput) as caught:
        SecretStore(tmp_path).reveal("bank")
    assert SECRET not in f"{caught.value} {caught.value.__cause__}"


def fake_package(priority: float, error: Exception | None = None) -> ModuleType:
    """A `keyring` package in memory, of a back end of this priority, that fails with `error`."""
    package = ModuleType("keyring")
    kept: dict[tuple[str, str], str] = {}

    class KeyringError(Exception):
        pass

    def set_password(service: str, name: str, secret: str) -> None:
        if error is not None:
            raise KeyringError(f"{error} {secret}")
        kept[service, name] = secret

    package.errors = SimpleNamespace(KeyringError=KeyringError)  # type: ignore[attr-defined]
    package.get_keyring = lambda: SimpleNamespace(priority=priority)  # type: ignore[attr-defined]
    package.set_password = set_password  # type: ignore[attr-defined]
    package.get_password = lambda service, name: kept.get((service, name))  # type: ignore[attr-defined]
    package.delete_password = lambda service, name: kept.pop((service, name))  # type: ignore[attr-defined]
    return package


def test_the_os_keyring_is_used_where_there_is_a_usable_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", fake_package(5))
    keyring = os_keyring()

    assert keyring is not None
    keyring.put("bank", SECRET)
    assert keyring.get("bank") == SECRET
    keyring.remove("bank")
    assert keyring.get("bank") is None


def test_a_keyring_of_last_resort_or_none_at_all_means_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", fake_package(0))
    assert os_keyring() is None

    monkeypatch.setitem(sys.modules, "keyring", None)
    assert os_keyring() is None


def test_a_keyrings_own_error_is_translated_and_quotes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", fake_package(5, ValueError("refused")))
    keyring = os_keyring()
    assert keyring is not None

    with pytest.raises(OwnerNeeded) as caught:
        keyring.put("bank", SECRET)
    assert SECRET not in f"{caught.value} {caught.value.__cause__}"
