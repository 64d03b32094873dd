"""How a model is led astray inside the task's own apps: to another page, or to a button nobody spoke of. Pure.

What was chosen from a list on the way here is what a page is of: before something is typed or changed there, the owner
has to have named it, or is asked. A button whose label says that it changes something ("Archive", "Mark all as read")
has to be spoken of, or is asked about; words that only lead on (Next, New) are not among those. Both are rules of
`mobimem.tasks.scope.doubt`, for what can be undone. What cannot be is asked about in any case; `unsaid` is for that:
something is sent, and nothing was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

from mobimem.tasks.grounding import SHORT, Said, stands_in
from perception.features import features
from perception.screen import Screen
from perception.words import contains, normal
from replay.distill import Done, Held, Tapped, Typed, spoken

LABEL_MAX: Final = 40  # characters: a longer text is no label of a button
STEM: Final = 5  # letters: "favorite" and "favorites" are one word
HALF: Final = 0.5  # of the words of a name: "Desk lamp" is spoken of by "a lamp", a long name by more than one word

# What changes something that is there, by language; scripts without spaces are sought as parts of the label.
_CHANGES: Final = (
    "archive unarchive star unstar favorite favorites favourite favourites mark mute unmute pin unpin hide unhide"
    " follow unfollow like dislike bookmark increase decrease enable disable allow deny decline reject install update"
    " restore log-out sign-out snooze join move copy duplicate rename replace forward spam unblock merge import sync"
    " archivieren markieren favorit favoriten stummschalten anheften ausblenden folgen erhöhen verringern aktivieren"
    " deaktivieren zulassen ablehnen installieren aktualisieren abmelden verschieben kopieren umbenennen ersetzen"
    " archivar marcar favorito favoritos silenciar fijar ocultar seguir aumentar reducir activar desactivar permitir"
    " rechazar instalar actualizar mover copiar duplicar renombrar reemplazar"
    " archiver marquer favori favoris épingler masquer suivre augmenter diminuer activer désactiver autoriser refuser"
    " installer déplacer copier dupliquer renommer remplacer"
    " أرشفة تمييز تثبيت إخفاء متابعة زيادة تفعيل تعطيل السماح رفض نقل نسخ"
)
_UNSPACED: Final = (
    "归档 星标 收藏 标为 标记 静音 置顶 隐藏 关注 点赞 增加 减少 启用 停用 允许 拒绝 安装 更新 移动 副本 复制 重命名"
    " 替换"
)
# What takes something up: it follows from the task where the thing it is done to was named.
_TAKES_UP: Final = "add save apply hinzufügen speichern guardar agregar añadir ajouter enregistrer إضافة حفظ"
_TAKES_UP_UNSPACED: Final = "添加 保存 加入"
_SENDS: Final = "send post publish submit comment senden absenden posten enviar publicar envoyer publier إرسال نشر"
_SENDS_UNSPACED: Final = "发送 发布 提交"
# What takes something away: of that, nothing goes out.
_DELETES: Final = (
    "delete remove discard clear erase löschen entfernen verwerfen eliminar borrar quitar descartar supprimer effacer"
    " retirer حذف إزالة مسح"
)
_DELETES_UNSPACED: Final = "删除 移除 清除 丢弃"
_WORD: Final = re.compile(r"[^\W_]+")


def last_chosen(way: Sequence[Done]) -> tuple[str, ...]:
    """What the last thing chosen from a list on the way here is called; () where nothing was chosen.

    Args:
        way: what led to where it stands now.
    """
    for one in reversed(way):
        if isinstance(one.did, Tapped | Held) and not one.did.element.checkable:
            derived, element = features(one.before), one.did.element
            if derived.in_flow(element):
                names = (spoken(one.before, element), element.text, element.description, *derived.row(element)[:1])
                return tuple(dict.fromkeys(filter(None, names)))
    return ()


def is_spoken_of(names: Iterable[str], said: Said) -> bool:
    """Whether one of these names stands in what the owner said, whole or at least half of its words."""
    return any(stands_in(name, said) or _share(name, said) >= HALF for name in names)


def changes(label: str) -> bool:
    """Whether a button of this label changes something that is there."""
    return _has(label, _changing())


def takes_up(label: str) -> bool:
    """Whether a button of this label takes something up: into a list, a cart, a form."""
    return _has(label, _taking_up())


def deletes(label: str) -> bool:
    """Whether a button of this label takes something away, and sends nothing."""
    return _has(label, _deleting())


def bare(label: str) -> bool:
    """Whether a label that takes something up says nothing else."""
    rest = _taking_up()[0].sub(" ", normal(label))
    for part in _taking_up()[1]:
        rest = rest.replace(part, " ")
    return _WORD.search(rest) is None


def unsaid(label: str, screen: Screen, way: Sequence[Done]) -> str:
    """What is doubtful of a step that sends something: nothing was typed on the way, and a field for it is empty."""
    if not _has(label, _sending()) or any(isinstance(one.did, Typed) for one in way):
        return ""
    fields = [one for one in screen.visible_elements() if one.editable and one.text in ("", one.hint)]
    name = spoken(screen, fields[-1]) if fields else ""
    return f"nothing was typed, and {name!r} is empty" if fields else ""


def is_meant(label: str, said: Said) -> bool:
    """Whether the owner's words speak of what a label says: one of its words, whatever its ending."""
    spoken_of = {_stem(word) for text in said.texts for word in _WORD.findall(text) if len(word) > SHORT}
    if any(_stem(word) in spoken_of for word in _WORD.findall(normal(label)) if len(word) > SHORT and word != "all"):
        return True
    return any(part in normal(label) and contains(text, part) for part in _UNSPACED.split() for text in said.texts)


def _share(name: str, said: Said) -> float:
    words = [word for word in _WORD.findall(normal(name)) if len(word) > SHORT]
    known = {word for text in said.texts for word in _WORD.findall(text)}
    return sum(word in known for word in words) / len(words) if words else 0.0


def _has(label: str, words: tuple[re.Pattern[str], tuple[str, ...]]) -> bool:
    spaced, unspaced = words
    text = normal(label)
    return len(text) <= LABEL_MAX and (spaced.search(text) is not None or any(part in text for part in unspaced))


def _stem(word: str) -> str:
    return word[:STEM]


@cache
def _changing() -> tuple[re.Pattern[str], tuple[str, ...]]:
    return _pattern(_CHANGES), tuple(_UNSPACED.split())


@cache
def _taking_up() -> tuple[re.Pattern[str], tuple[str, ...]]:
    return _pattern(_TAKES_UP), tuple(_TAKES_UP_UNSPACED.split())


@cache
def _deleting() -> tuple[re.Pattern[str], tuple[str, ...]]:
    return _pattern(_DELETES), tuple(_DELETES_UNSPACED.split())


@cache
def _sending() -> tuple[re.Pattern[str], tuple[str, ...]]:
    return _pattern(_SENDS), tuple(_SENDS_UNSPACED.split())


def _pattern(words: str) -> re.Pattern[str]:
    one_of = "|".join(re.escape(normal(word.replace("-", " "))) for word in words.split())
    return re.compile(rf"(?<!\w)(?:{one_of})(?!\w)")
