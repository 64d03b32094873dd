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
_ADDS: Final = tuple(pair for pair in _PAIRS if {"add", "hinzufügen", "añadir", "ajouter"} & set(pair[0]))
_SIGNS: Final[tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]] = (
    (("添加", "加入", "追加"), ("移除", "移出", "删除", "削除", "解除")),
    (("显示", "表示"), ("隐藏", "非表示")),
    (("开启", "打开", "启用", "有効"), ("关闭", "停用", "禁用", "無効")),
)  # fmt: skip
_OPPOSITE_WORDS: Final = {("in", "out"), ("up", "down")}  # where all else of the two labels is the same
# What is done and undone at one button. Only of these does an ending or a syllable in front say that it is the other
# state: "cook" and "cooking" are one, and "play" and "display" have nothing to do with each other.
_TOGGLES: Final = (
    "follow like star pin save subscribe mute mark connect block lock archive install check select favorite favourite"
    " bookmark join enable activate allow link pair register hide add download request invite read seen"
    " folgen abonnieren speichern sperren blockieren archivieren installieren aktivieren markieren registrieren koppeln"
    " guardar fijar silenciar bloquear archivar instalar activar habilitar conectar marcar seleccionar vincular ocultar"
    " agregar"
    " abonner enregistrer épingler bloquer verrouiller archiver installer activer connecter cocher marquer sélectionner"
    " ajouter masquer aimer lier"
)
_UNDOING: Final = ("un", "dis", "de", "ent", "des", "dé", "dés")  # before a verb: the reverse of it
_ENDINGS: Final = (  # of a verb, and of what there is once it is done
    ("", ("d", "ed", "ned", "red")), ("ieren", ("iert",)), ("ar", ("ado", "ada")), ("er", ("é", "ée")),
)  # fmt: skip
_DONE: Final = {
    "follow": ("following",), "hide": ("hidden",),
    "folgen": ("gefolgt",), "speichern": ("gespeichert",), "merken": ("gemerkt",), "sperren": ("gesperrt",),
    "anheften": ("angeheftet",), "stummschalten": ("stummgeschaltet",), "verbinden": ("verbunden",),
    "koppeln": ("gekoppelt",), "beitreten": ("beigetreten",), "ausblenden": ("ausgeblendet",),
    "hinzufügen": ("hinzugefügt",), "auswählen": ("ausgewählt",),
    "seguir": ("siguiendo",), "suscribirse": ("suscrito", "suscrita"), "añadir": ("añadido", "añadida"),
    "unirse": ("unido", "unida"), "ocultar": ("oculto", "oculta"),
    "suivre": ("suivi", "suivie", "abonné", "abonnée"), "rejoindre": ("rejoint",),
}  # fmt: skip
_INSIDE: Final = frozenset(("in", "im", "en", "dans"))  # "In favorites": it was added
_SMALL_WORDS: Final = "the my den der die meinen el la los las mis le les mes s se"
_KNOWN: Final = frozenset(_TOGGLES.split())
_SMALL: Final = frozenset(_SMALL_WORDS.split())
_UNDONE_SIGNS: Final = ("取消", "已", "解除", "不再")
_UNDONE_WORDS: Final = ("no longer", "stop", "not", "nicht mehr", "dejar de", "ne plus")


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


def only_change(one: str, other: str) -> tuple[str, str] | None:
    """The one word in which two normalised labels of several words differ, as either has it; None if there is none."""
    mine, theirs = _WORD.findall(one), _WORD.findall(other)
    return _change(mine, theirs) if 1 < len(mine) <= WORDS_MAX else None


def _words(does: list[str], undoes: list[str]) -> bool:
    alike = set(does) & set(undoes)
    short = len(does) == len(undoes) == 1
    for doing, undoing in _PAIRS:
        verbs = set(doing) & set(does), set(undoing) & set(undoes)
        if all(verbs) and (short or alike or _related(set(does) - verbs[0], set(undoes) - verbs[1])):
            return True
    changed = _change(*([word for word in words if word not in _SMALL] for words in (does, undoes)))
    if (changed is not None and _undoes(*changed)) or _is_inside(does, undoes):
        return True
    said = " ".join(undoes)
    rest = " ".join(does)
    return any(said in (f"{undone} {rest}", f"{rest} {undone}") for undone in _UNDONE_WORDS)


def _change(mine: list[str], theirs: list[str]) -> tuple[str, str] | None:
    if len(mine) != len(theirs):
        return None
    changed = [pair for pair in zip(mine, theirs, strict=True) if pair[0] != pair[1]]
    return changed[0] if len(changed) == 1 else None


def _undoes(verb: str, other: str) -> bool:
    """Whether the other word is the reverse of the verb, or says that it was done."""
    if (verb, other) in _OPPOSITE_WORDS or other in _DONE.get(verb, ()):
        return True
    if verb not in _KNOWN:
        return False
    if any(other == f"{prefix}{verb}" for prefix in _UNDOING):
        return True
    return any(
        verb.endswith(ending) and other == f"{verb.removesuffix(ending)}{done}"
        for ending, all_done in _ENDINGS
        for done in all_done
    )


def _is_inside(does: list[str], undoes: list[str]) -> bool:
    """Whether one adds to what the other says it is in: "Add to favorites" and "In favorites"."""
    what = set(undoes[1:]) - _SMALL
    return undoes[0] in _INSIDE and bool(what) and what <= set(does) and any(set(does) & set(pair[0]) for pair in _ADDS)


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
