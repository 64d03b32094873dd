"""Labels that say the opposite of each other by what they do: "Add to favorites" and "Remove from favorites".

A button that was tapped once and does the reverse the next time keeps its place, its id and its shape; only its label
tells. So a label that differs from the recorded one by the reverse of its verb is not that button reworded: it is the
other state. Six languages, made for labels of a few words. Pure.
"""

from __future__ import annotations

import re
from typing import Final

WORDS_MAX: Final = 8  # of a label; longer texts are no labels
SIGNS_MAX: Final = 14  # of one in a script without spaces
_WORD: Final = re.compile(r"[^\W_]+")
_PAIRS: Final[tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]] = (
    (("add", "save", "pin", "star", "mark"), ("remove", "delete", "clear", "unmark")),
    (("show", "reveal"), ("hide",)),
    (("enable", "activate", "allow"), ("disable", "deactivate", "block", "deny")),
    (("on",), ("off",)),
    (("hinzufügen", "aufnehmen", "merken"), ("entfernen", "löschen")),
    (("anzeigen", "einblenden"), ("ausblenden", "verbergen")),
    (("aktivieren", "einschalten", "anschalten"), ("deaktivieren", "ausschalten", "abschalten")),
    (("anheften", "schalten", "sperren"), ("lösen", "loslösen", "aufheben")),
    (("añadir", "agregar", "guardar", "fijar"), ("quitar", "eliminar", "borrar")),
    (("mostrar",), ("ocultar",)),
    (("activar",), ("desactivar",)),
    (("ajouter", "enregistrer"), ("retirer", "supprimer", "enlever")),
    (("afficher",), ("masquer",)),
    (("activer",), ("désactiver",)),
)  # fmt: skip
_SIGNS: Final[tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]] = (
    (("添加", "加入", "追加"), ("移除", "移出", "删除", "削除", "解除")),
    (("显示", "表示"), ("隐藏", "非表示")),
    (("开启", "打开", "启用", "有効"), ("关闭", "停用", "禁用", "無効")),
)  # fmt: skip
_UNDOING: Final = ("un", "dis", "de", "ent", "des", "dé", "désé")  # before a verb: the reverse of it
_UNDONE_SIGNS: Final = ("取消", "已", "解除", "不再")
_UNDONE_WORDS: Final = ("no longer", "stop", "not", "nicht mehr", "dejar de", "ne plus")
_DONE: Final = ("d", "ed", "ing", "ned", "ning", "ted", "ting", "red")  # "star" and "starred", "follow" and "following"


def reverses(one: str, other: str) -> bool:
    """Whether one of two labels does, or says that there was done, the reverse of what the other does."""
    if one == other or not one or not other:
        return False
    if any("぀" <= sign <= "鿿" for sign in one + other):
        return len(one) <= SIGNS_MAX and len(other) <= SIGNS_MAX and (_signs(one, other) or _signs(other, one))
    mine, theirs = _WORD.findall(one.casefold()), _WORD.findall(other.casefold())
    if not mine or not theirs or max(len(mine), len(theirs)) > WORDS_MAX:
        return False
    return _words(mine, theirs) or _words(theirs, mine)


def _words(does: list[str], undoes: list[str]) -> bool:
    alike = set(does) & set(undoes)
    short = len(does) == len(undoes) == 1
    for doing, undoing in _PAIRS:
        verbs = set(doing) & set(does), set(undoing) & set(undoes)
        if all(verbs) and (short or alike or _related(set(does) - verbs[0], set(undoes) - verbs[1])):
            return True
    first, reverse = does[0], undoes[0]
    if len(does) == len(undoes) and does[1:] == undoes[1:]:
        if any(reverse == f"{prefix}{first}" for prefix in _UNDOING):
            return True
        if any(reverse == f"{first}{ending}" for ending in _DONE):
            return True
    said = " ".join(undoes)
    rest = " ".join(does)
    return any(said in (f"{undone} {rest}", f"{rest} {undone}") for undone in _UNDONE_WORDS)


def _related(mine: set[str], theirs: set[str]) -> bool:
    """Whether what is left of two labels speaks of the same: "Favoriten" of "Zu Favoriten" and "Aus Favoriten"."""
    return any(a[:4] == b[:4] for a in mine for b in theirs if len(a) > 3 and len(b) > 3)


def _signs(does: str, undoes: str) -> bool:
    if any(undoes == f"{undone}{does}" for undone in _UNDONE_SIGNS):
        return True
    return any(
        any(one in does for one in doing) and any(one in undoes for one in undoing) and bool(set(does) & set(undoes))
        for doing, undoing in _SIGNS
    )
