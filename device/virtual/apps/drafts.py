"""What was typed but not yet saved or sent. It survives back, home and a killed process until it is used or dropped."""

from __future__ import annotations

from typing import Any

from device.virtual.app import Host
from device.virtual.apps.dialogs import DialogPage


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


class DraftedPage(DialogPage):
    """A form whose words are a draft until they are saved or discarded; who leaves it with words unsaved is asked.

    A subclass sets `drafts`, `saved` (what was there) and `values` (what is there now) when it is created, and names
    its draft. The app has words for "discard" and "discard_title".
    """

    drafts: Drafts
    saved: dict[str, str]
    values: dict[str, str]

    @property
    def draft(self) -> str:
        """The name of its draft."""
        raise NotImplementedError

    def changed(self) -> None:
        """Keeps the draft in step with `values`; to be called after each change of them."""
        if self.values == self.saved:
            self.drafts.drop(self.draft)
        else:
            self.drafts.keep(self.draft, self.values)

    def back(self) -> bool:
        if self.values == self.saved:
            return False
        self.leave()
        return True

    def leave(self) -> None:
        """Closes the page; asks first where something is not saved."""
        if self.values == self.saved:
            self.host.close()
        else:
            self.ask(self.t("discard_title"), "", self.t("discard"), self._discard)

    def _discard(self) -> None:
        self.drafts.drop(self.draft)
        self.host.close()
