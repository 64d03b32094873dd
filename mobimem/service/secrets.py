"""Use cases: keep a secret, list the names, forget one. Nothing here returns a secret except `store().reveal`."""

from __future__ import annotations

from dataclasses import dataclass

from mobimem import folders
from mobimem.keyring_adapter import os_keyring
from mobimem.secrets import SecretStore, Stored


@dataclass(frozen=True, slots=True)
class SecretsResult:
    """The names of the secrets, and where each is kept; no secret is in it."""

    secrets: tuple[Stored, ...]


def store() -> SecretStore:
    """The owner's secrets: in the OS keyring where there is one, else in files."""
    return SecretStore(folders.secrets_folder(), os_keyring())


def add_secret(name: str, secret: str) -> Stored:
    """Keeps a secret, in place of one of the same name.

    Raises:
        BadInput: not a name, or empty.
    """
    return store().add(name, secret)


def list_secrets() -> SecretsResult:
    """The names, and where each is kept."""
    return SecretsResult(store().names())


def remove_secret(name: str) -> None:
    """Forgets a secret.

    Raises:
        BadInput: there is none of that name.
    """
    store().remove(name)
