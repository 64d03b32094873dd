"""The OS keyring through the `keyring` package (extra `secrets`), imported only here and only when it is asked for."""

from __future__ import annotations

from typing import Any

from mobimem.errors import OwnerNeeded
from mobimem.secrets import SERVICE, Keyring

PRIORITY_MIN = 1  # keyring's own word: below it a back end is a last resort (plain text, "fail", "null")


def os_keyring() -> Keyring | None:
    """The keyring of this machine; None without the package or with nothing usable behind it."""
    try:
        import keyring
    except ImportError:
        return None
    backend = keyring.get_keyring()
    return _OsKeyring(keyring) if getattr(backend, "priority", 0) >= PRIORITY_MIN else None


class _OsKeyring:
    """`keyring`'s functions, with its errors as ours: none of them quotes a secret."""

    def __init__(self, keyring: Any) -> None:
        self._keyring = keyring

    def put(self, name: str, secret: str) -> None:
        with self._translated():
            self._keyring.set_password(SERVICE, name, secret)

    def get(self, name: str) -> str | None:
        with self._translated():
            secret: str | None = self._keyring.get_password(SERVICE, name)
        return secret

    def remove(self, name: str) -> None:
        with self._translated():
            if self._keyring.get_password(SERVICE, name) is not None:
                self._keyring.delete_password(SERVICE, name)

    def _translated(self) -> _Translated:
        return _Translated(self._keyring.errors.KeyringError)


class _Translated:
    def __init__(self, foreign: type[Exception]) -> None:
        self._foreign = foreign

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, self._foreign):
            raise OwnerNeeded(
                f"the OS keyring refused ({type(error).__name__})", next_step="Unlock it, then try again."
            ) from None
