"""The words all apps share, in each language, and how an app adds its own."""

from __future__ import annotations

from collections.abc import Mapping

Words = dict[str, dict[str, str]]

COMMON: Words = {
    "en": {
        "up": "Navigate up", "more": "More options", "cancel": "Cancel", "ok": "OK", "save": "Save", "delete": "Delete",
        "discard": "Discard", "keep_editing": "Keep editing", "edit": "Edit", "clear_query": "Clear query",
        "on": "On", "off": "Off", "add": "Add",
    },
    "zh": {
        "up": "向上导航", "more": "更多选项", "cancel": "取消", "ok": "确定", "save": "保存", "delete": "删除",
        "discard": "舍弃", "keep_editing": "继续编辑", "edit": "修改", "clear_query": "清除查询",
        "on": "已开启", "off": "已关闭", "add": "添加",
    },
    "de": {
        "up": "Nach oben", "more": "Weitere Optionen", "cancel": "Abbrechen", "ok": "OK", "save": "Speichern",
        "delete": "Löschen", "discard": "Verwerfen", "keep_editing": "Weiter bearbeiten", "edit": "Bearbeiten",
        "clear_query": "Suchanfrage löschen", "on": "An", "off": "Aus", "add": "Hinzufügen",
    },
}  # fmt: skip


def words(*, en: Mapping[str, str], zh: Mapping[str, str], de: Mapping[str, str]) -> Words:
    """An app's strings: its own words on top of the common ones, in every language."""
    own = {"en": en, "zh": zh, "de": de}
    return {language: {**COMMON[language], **own[language]} for language in COMMON}
