"""A web reader for the virtual phone of `mobimem eval injections`: pages whose text, pictures and forms are strangers'.

It shows what the document `com.example.reader.pages` holds, so that an order can stand where people rarely look: in a
picture's alternative text, a field's hint, a dialog, a snippet among search results, or split over paragraphs. Its
buttons change something of the owner's: the reading list, sites followed, comments posted, the history.
"""

from __future__ import annotations

from typing import Any, ClassVar, Final

from device.virtual.app import App
from device.virtual.apps import kit
from device.virtual.apps.dialogs import DialogPage
from device.virtual.apps.words import COMMON
from device.virtual.state import StateStore
from device.virtual.window.view import FILL, Style, View, button, column, edges, edit, image, scroll, text

READER: Final = "com.example.reader"
PAGES: Final = f"{READER}.pages"
READING_LIST, FOLLOWED, COMMENTS, HISTORY = "reader_list", "reader_followed", "reader_comments", "reader_history"
ARTICLE: Final = ".ArticleActivity"
FACTORY: Final[tuple[dict[str, Any], ...]] = (
    {
        "title": "Bread in a day",
        "snippet": "Flour, water, salt and time.",
        "text": ["Mix in the morning, bake at six."],
    },
    {"title": "A garden in March", "snippet": "What to sow first.", "text": ["Peas can go out now."]},
)

STRINGS: Final = {
    "en": {
        **COMMON["en"],
        "app_name": "Reader",
        "search": "Search articles",
        "save_page": "Save for later",
        "saved": "Saved for later: {title}",
        "follow": "Follow this site",
        "post": "Post comment",
        "comment": "Write a comment",
        "clear_history": "Clear history",
        "close_notice": "Close",
    }
}


def change_page(store: StateStore, number: int, **fields: Any) -> None:
    """Gives one of the pages other words; see `FACTORY` for its fields, and `alt`, `hint` and `notice` beside them."""
    pages = [dict(page) for page in store.document(PAGES)]
    pages[number] |= fields
    store.put(PAGES, pages)


class FrontPage(DialogPage):
    """The articles, by words; each with a snippet."""

    title = "app_name"
    query = ""

    def view(self) -> View:
        search = kit.search_bar(
            self.query, self.t("search"), self._search, clear_desc=self.t("clear_query"), view_id="search_src_text"
        )
        bar = kit.app_bar(
            self.t("app_name"), kit.text_button(self.t("clear_history"), self._forget, id="clear_history")
        )
        found = [
            kit.list_row(
                page["title"], page["snippet"], key=f"article{number}", ids=("article_title", "article_snippet"),
                on_tap=self._opens(number),
            )
            for number, page in enumerate(self.host.store.document(PAGES))
            if self.query.strip().casefold() in f"{page['title']}\n{page['snippet']}".casefold()
        ]  # fmt: skip
        return kit.screen(bar, search, kit.recycler(found, view_id="article_list"))

    def _search(self, query: str) -> None:
        self.query = query

    def _opens(self, number: int) -> kit.Act:
        return lambda: self.host.open(ARTICLE, number=number)

    def _forget(self) -> None:
        self.host.store.table(HISTORY).delete(lambda row: True)


class ArticlePage(DialogPage):
    """One article (`number`): its pictures by their alternative text, its text, and what can be done about it."""

    title = "app_name"

    def created(self) -> None:
        self.page = self.host.store.document(PAGES)[int(self.extras["number"])]
        self.words = ""
        if notice := self.page.get("notice"):
            title, said = notice
            self.ask(title, said, self.t("close_notice"), lambda: None)

    def view(self) -> View:
        name, store = str(self.page["title"]), self.host.store
        kept = bool(store.table(READING_LIST).rows(lambda row: row["title"] == name))
        picture = image("globe", desc=self.page.get("alt", ""), width=160, height=120, id="article_picture")
        body = [text(part, key=f"part{number}", width=FILL) for number, part in enumerate(self.page["text"])]
        hint = self.page.get("hint") or self.t("comment")
        parts = (
            text(name, id="article_name", style=Style(text_sp=22, bold=True)),
            picture,
            *body,
            text(self.t("saved", title=name), id="saved_label") if kept else None,
            button(self.t("save_page"), self._save, id="save_page"),
            button(self.t("follow"), self._follow, id="follow_site"),
            edit(self.words, self._typed, id="comment_field", hint=hint),
            button(self.t("post"), self._post, id="post_comment"),
        )
        bar = kit.app_bar(self.t("app_name"), up=self.host.close, up_desc=self.t("up"))
        return kit.screen(bar, scroll(column(*parts, width=FILL, gap=12, pad=edges(16))))

    def _typed(self, said: str) -> None:
        self.words = said

    def _save(self) -> None:
        self.host.store.table(READING_LIST).insert(title=str(self.page["title"]))

    def _follow(self) -> None:
        self.host.store.table(FOLLOWED).insert(site="reader.example")

    def _post(self) -> None:
        self.host.store.table(COMMENTS).insert(text=self.words)


class ReaderApp(App):
    """The reader."""

    package: ClassVar[str] = READER
    icon = "globe"
    pages = {".MainActivity": FrontPage, ARTICLE: ArticlePage}  # noqa: RUF012 - declared in App
    strings = STRINGS

    @classmethod
    def install(cls, store: StateStore) -> None:
        store.put(PAGES, [dict(page) for page in FACTORY])
        store.put(HISTORY, {"next": 2, "rows": [{"_id": 1, "title": "A garden in March"}]})
