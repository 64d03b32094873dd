"""Notes: write, find, change and delete short texts. Table `notes` (title, body, created_ms, edited_ms).

Leaving a note keeps it, as note apps do; only an empty one leaves nothing behind. What is being written is a draft
until then, so that a killed process loses nothing.
"""

from __future__ import annotations

from typing import ClassVar

from device.virtual.app import App
from device.virtual.apps import kit, times
from device.virtual.apps.dialogs import DialogPage
from device.virtual.apps.drafts import Drafts
from device.virtual.apps.searching import Searching
from device.virtual.apps.words import words
from device.virtual.state import Row
from device.virtual.window.view import FILL, Style, View, column, edges, edit, icon_button, text

TABLE = "notes"
EDIT = ".EditNoteActivity"
FIELDS: tuple[str, ...] = ("title", "body")

STRINGS = words(
    en={
        "app_name": "Notes",
        "search": "Search notes",
        "new": "New note",
        "title": "Title",
        "body": "Note",
        "empty": "Notes you add appear here",
        "nothing_found": "No notes match “{query}”",
        "delete_note": "Delete note",
        "delete_title": "Delete this note?",
        "delete_words": "“{title}” will be deleted forever",
        "deleted": "Note deleted",
        "saved": "Note saved",
        "nothing_to_save": "Write a title or a text first",
        "untitled": "Untitled",
        "edited": "Edited {when}",
        "delete_all": "Delete all notes",
        "delete_all_title": "Delete all notes?",
        "delete_all_words": "{count} notes will be deleted forever",
        "copy": "Make a copy",
    },
    zh={
        "app_name": "笔记",
        "search": "搜索笔记",
        "new": "新建笔记",
        "title": "标题",
        "body": "笔记",
        "empty": "您添加的笔记会显示在这里",
        "nothing_found": "没有与“{query}”匹配的笔记",
        "delete_note": "删除笔记",
        "delete_title": "要删除此笔记吗?",
        "delete_words": "系统会永久删除“{title}”",
        "deleted": "已删除笔记",
        "saved": "已保存笔记",
        "nothing_to_save": "请先输入标题或内容",
        "untitled": "无标题",
        "edited": "修改时间:{when}",
        "delete_all": "删除所有笔记",
        "delete_all_title": "要删除所有笔记吗?",
        "delete_all_words": "系统会永久删除 {count} 条笔记",
        "copy": "创建副本",
    },
    de={
        "app_name": "Notizen",
        "search": "Notizen durchsuchen",
        "new": "Neue Notiz",
        "title": "Titel",
        "body": "Notiz",
        "empty": "Hier erscheinen deine Notizen",
        "nothing_found": "Keine Notizen zu „{query}“",
        "delete_note": "Notiz löschen",
        "delete_title": "Diese Notiz löschen?",
        "delete_words": "„{title}“ wird endgültig gelöscht",
        "deleted": "Notiz gelöscht",
        "saved": "Notiz gespeichert",
        "nothing_to_save": "Schreibe zuerst einen Titel oder Text",
        "untitled": "Ohne Titel",
        "edited": "Bearbeitet {when}",
        "delete_all": "Alle Notizen löschen",
        "delete_all_title": "Alle Notizen löschen?",
        "delete_all_words": "{count} Notizen werden endgültig gelöscht",
        "copy": "Kopie erstellen",
    },
)


class NotesPage(Searching, DialogPage):
    """All notes as cards, the one edited last on top."""

    title = "app_name"

    def view(self) -> View:
        bar = kit.app_bar(self.t("app_name"), icon_button("more", self.t("more"), self._more, id="menu_more"))
        search = self.search_bar()
        return kit.screen(
            bar, search, self._list(), fab=kit.fab("add", self.t("new"), self._new, view_id="fab_new_note")
        )

    def _new(self) -> None:
        self.host.open(EDIT)

    def _more(self) -> None:
        self.menu((self.t("delete_all"), self._ask_delete_all))

    def _ask_delete_all(self) -> None:
        table = self.host.store.table(TABLE)

        def delete() -> None:
            table.delete(lambda row: True)

        words = self.t("delete_all_words", count=len(table.rows()))
        self.ask(self.t("delete_all_title"), words, self.t("delete"), delete)

    def _list(self) -> View:
        wanted = self.query.strip().casefold()
        notes = [n for n in self.host.store.table(TABLE).rows() if wanted in f"{n['title']}\n{n['body']}".casefold()]
        if not notes:
            words = self.t("nothing_found", query=self.query) if wanted else self.t("empty")
            return kit.empty_state("note", words)
        notes.sort(key=lambda note: (note["edited_ms"], note["_id"]), reverse=True)
        return kit.recycler([self._card(note) for note in notes], view_id="notes_list", bottom_dp=88)

    def _card(self, note: Row) -> View:
        heading = str(note["title"]) or self.t("untitled")
        body = str(note["body"])
        when = times.when(self.host.locale, int(note["edited_ms"]), self.host.local_time())
        return kit.card(
            text(heading, id="note_title", style=Style(text_sp=17, bold=True, max_lines=1)),
            text(body, id="note_body", style=Style(text_sp=14, color=kit.QUIET, max_lines=3)) if body else None,
            text(when, id="note_date", style=Style(text_sp=12, color=kit.QUIET)),
            key=f"note{note['_id']}",
            on_tap=lambda: self.host.open(EDIT, note=note["_id"]),
            on_long_press=lambda: self._ask_delete(note),
        )

    def _ask_delete(self, note: Row) -> None:
        def delete() -> None:
            self.host.store.table(TABLE).delete(lambda row: row["_id"] == note["_id"])
            self.host.toast(self.t("deleted"))

        words = self.t("delete_words", title=note["title"] or self.t("untitled"))
        self.ask(self.t("delete_title"), words, self.t("delete"), delete)


class EditNotePage(DialogPage):
    """One note: the one named by `note`, or a new one."""

    title = "new"

    def created(self) -> None:
        self.note = int(self.extras.get("note", 0))
        self.drafts = Drafts(self.host)
        row = self.host.store.table(TABLE).get(self.note) or {}
        self.saved = {field: str(row.get(field, "")) for field in FIELDS}
        given = {field: str(self.extras[field]) for field in FIELDS if field in self.extras}
        self.values: dict[str, str] = {**self.saved, **given, **self.drafts.get(self._draft)}

    def view(self) -> View:
        old = self.note != 0
        bar = kit.app_bar(
            "" if old else self.t("new"),
            icon_button("delete", self.t("delete_note"), self._ask_delete, id="menu_delete") if old else None,
            icon_button("more", self.t("more"), self._more, id="menu_more") if old else None,
            kit.text_button(self.t("save"), self.save, id="menu_save"),
            up=self._leave,
            up_desc=self.t("up"),
        )
        title = edit(
            self.values["title"], self._change("title"), id="edit_title", hint=self.t("title"),
            style=Style(text_sp=24, bold=True, max_lines=1), pad=edges(16, 12),
        )  # fmt: skip
        body = edit(
            self.values["body"], self._change("body"), id="edit_body", hint=self.t("body"), input="multiline",
            style=Style(text_sp=16), pad=edges(16, 12), height=FILL,
        )  # fmt: skip
        return kit.screen(bar, column(title, body, self._edited(), width=FILL, weight=1))

    def save(self) -> None:
        """Keeps the note and goes back to the list; says so if there is nothing to keep."""
        if self._keep():
            self.host.hide_keyboard()
            self.host.close()
        else:
            self.host.toast(self.t("nothing_to_save"))

    def back(self) -> bool:
        self._leave()
        return True

    def _leave(self) -> None:
        self._keep()
        self.host.close()

    def _keep(self) -> bool:
        """Writes the note if it has words and they changed. False if it has none: then an old note stays as it was."""
        values = {"title": self.values["title"].strip(), "body": self.values["body"].rstrip()}
        self.drafts.drop(self._draft)
        if not any(values.values()):
            return False
        if values != self.saved:
            self._write(values)
            self.host.toast(self.t("saved"))
        return True

    def _write(self, values: dict[str, str]) -> None:
        table, now_ms = self.host.store.table(TABLE), times.to_ms(self.host.clock.now())
        if not (self.note and table.update(self.note, **values, edited_ms=now_ms)):
            self.note = table.insert(**values, created_ms=now_ms, edited_ms=now_ms)
        self.saved = values

    def _change(self, field: str) -> kit.Typed:
        def changed(words: str) -> None:
            self.values[field] = words
            self.drafts.keep(self._draft, self.values)

        return changed

    @property
    def _draft(self) -> str:
        return f"note{self.note}"

    def _edited(self) -> View | None:
        row = self.host.store.table(TABLE).get(self.note)
        if row is None:
            return None
        when = times.when(self.host.locale, int(row["edited_ms"]), self.host.local_time())
        look = Style(text_sp=12, color=kit.QUIET, text_align="center")
        return text(self.t("edited", when=when), id="edited_label", width=FILL, pad=edges(16, 12), style=look)

    def _more(self) -> None:
        self.menu((self.t("copy"), self._copy))

    def _copy(self) -> None:
        self._keep()
        now_ms = times.to_ms(self.host.clock.now())
        self.host.store.table(TABLE).insert(**self.saved, created_ms=now_ms, edited_ms=now_ms)
        self.host.close()

    def _ask_delete(self) -> None:
        words = self.t("delete_words", title=self.values["title"] or self.t("untitled"))
        self.ask(self.t("delete_title"), words, self.t("delete"), self._delete)

    def _delete(self) -> None:
        self.drafts.drop(self._draft)
        self.host.store.table(TABLE).delete(lambda row: row["_id"] == self.note)
        self.host.toast(self.t("deleted"))
        self.host.close()


class NotesApp(App):
    package = "com.example.notes"
    icon = "note"
    version = "2.3.1"
    version_code = 231
    tables: ClassVar[tuple[str, ...]] = (TABLE,)
    pages = {".MainActivity": NotesPage, EDIT: EditNotePage}  # noqa: RUF012 - declared in App
    strings = STRINGS
