"""The owner's secrets: kept in the OS keyring where there is one, else each in a 0600 file of a 0700 folder.

Only names are listed. A secret leaves through `reveal` and through nothing else; no error or representation quotes one.
The `keyring` package is the extra `secrets`; without it, or without a usable keyring behind it, files are used and
`Stored.kept_in` says so. A file in the folder stands for every name, so that names can be listed: keyrings cannot.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from mobimem.errors import BadInput, OwnerNeeded
from replay.private_files import private_folder, write_private

Place = Literal["keyring", "file"]
SERVICE = "mobimem"  # the name under which keyrings show our entries
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


class Keyring(Protocol):
    """The part of the `keyring` package that is used; `mobimem.keyring_adapter` gives it."""

    def put(self, name: str, secret: str) -> None:
        """Keeps a secret under this name, in place of one that is there."""
        ...

    def get(self, name: str) -> str | None:
        """The secret of this name; None if there is none."""
        ...

    def remove(self, name: str) -> None:
        """Takes it out."""
        ...


@dataclass(frozen=True, slots=True)
class Stored:
    """A secret's name and where it is kept. Not the secret."""

    name: str
    kept_in: Place


class SecretStore:
    """Secrets by name.

    Args:
        folder: for the files; made private.
        keyring: None keeps everything in files.
    """

    def __init__(self, folder: Path, keyring: Keyring | None = None) -> None:
        self._folder = folder
        self._keyring = keyring

    def add(self, name: str, secret: str) -> Stored:
        """Keeps a secret, in place of one of the same name.

        Raises:
            BadInput: not a name, or an empty secret.
        """
        if not _NAME.fullmatch(name):
            raise BadInput(
                "that is no name for a secret", next_step="Use up to 64 letters, digits, _ . or -, e.g. bank-pin."
            )
        if not secret:
            raise BadInput(
                "an empty secret was given", next_step="Type it at the prompt, or send it to standard input."
            )
        private_folder(self._folder)
        record: dict[str, str] = {"kept_in": "file", "secret": secret}
        if self._keyring is not None:
            self._keyring.put(name, secret)
            record = {"kept_in": "keyring"}
        write_private(self._file(name), json.dumps(record) + "\n", replace=True)
        return Stored(name, "keyring" if self._keyring is not None else "file")

    def names(self) -> tuple[Stored, ...]:
        """What is kept, by name."""
        files = sorted(self._folder.glob("*.json")) if self._folder.is_dir() else []
        return tuple(Stored(file.stem, _place(_record(file))) for file in files)

    def remove(self, name: str) -> None:
        """Forgets a secret.

        Raises:
            BadInput: there is none of that name.
        """
        record = self._found(name)
        if _place(record) == "keyring" and self._keyring is not None:
            self._keyring.remove(name)
        self._file(name).unlink()

    def reveal(self, name: str) -> str:
        """The secret itself: for the text that is typed, and for nothing else.

        Raises:
            BadInput: there is none of that name. OwnerNeeded: the keyring that has it cannot be reached.
        """
        record = self._found(name)
        if _place(record) == "file":
            return str(record["secret"])
        secret = None if self._keyring is None else self._keyring.get(name)
        if secret is None:
            raise OwnerNeeded(
                f"the secret {name!r} is in the OS keyring, which does not give it",
                next_step=f"Unlock the keyring (extra `secrets`), or add it again: mobimem secrets add {name}",
            )
        return secret

    def _found(self, name: str) -> dict[str, str]:
        if not _NAME.fullmatch(name) or not self._file(name).exists():
            raise BadInput(f"there is no secret {name!r}", next_step=f"Add it: mobimem secrets add {name}")
        return _record(self._file(name))

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.json"


def _record(file: Path) -> dict[str, str]:
    try:
        if file.stat().st_mode & 0o077:
            file.chmod(0o600)
        record = json.loads(file.read_text(encoding="utf-8"))
        if record["kept_in"] == "keyring" or isinstance(record["secret"], str):
            return dict(record)
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise BadInput(f"{file} is damaged", next_step="Remove it and add the secret again.") from None


def _place(record: dict[str, str]) -> Place:
    return "keyring" if record["kept_in"] == "keyring" else "file"
