"""What was typed but not yet saved or sent. It survives back, home and a killed process until it is used or dropped."""

from __future__ import annotations

from typing import Any

from device.virtual.app import Host


class Drafts:
    """The unfinished texts of one app, by a name of the app's choosing."""

    def __init__(self, host: Host) -> None:
        self._store = host.store
        self._document = f"{host.package}.drafts"

    def get(self, name: str) -> dict[str, str]:
        """The fields kept under `name`; empty if there are none."""
        fields: dict[str, str] = self._all().get(name, {})
        return fields

    def keep(self, name: str, fields: dict[str, str]) -> None:
        """Replaces what is kept under `name`; nothing but empty fields is the same as dropping it."""
        if any(fields.values()):
            self._store.put(self._document, {**self._all(), name: fields})
        else:
            self.drop(name)

    def drop(self, name: str) -> None:
        drafts = self._all()
        if drafts.pop(name, None) is not None:
            self._store.put(self._document, drafts)

    def _all(self) -> dict[str, Any]:
        drafts: dict[str, Any] = self._store.document(self._document, {})
        return drafts
