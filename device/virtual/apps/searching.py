"""A page with a search field on top: what was typed narrows its list, and back empties the field first."""

from __future__ import annotations

from device.virtual.app import Page
from device.virtual.apps import kit
from device.virtual.window.view import View


class Searching(Page):
    """Mixed into a page, before its other bases. The app has words for "search" and "clear_query"."""

    query = ""

    def search(self, query: str) -> None:
        """The words to search for from now on; "" for all there is."""
        self.query = query

    def search_bar(self, view_id: str = "search_src_text") -> View:
        """The field, with a button that empties it."""
        return kit.search_bar(
            self.query, self.t("search"), self.search, clear_desc=self.t("clear_query"), view_id=view_id
        )

    def back(self) -> bool:
        if self.query:
            self.query = ""
            return True
        return super().back()
