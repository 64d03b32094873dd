"""A button that does the reverse the next time is told by its label, in six languages; another wording is not that."""

from __future__ import annotations

import pytest

from perception.meanings import opposes
from perception.opposites import reverses

REVERSED = [
    ("Add to favorites", "Remove from favorites"), ("Pin", "Unpin"), ("Show password", "Hide password"),
    ("Follow", "Following"), ("Enable alarm", "Disable alarm"), ("Zu Favoriten hinzufügen", "Aus Favoriten entfernen"),
    ("Benachrichtigungen anzeigen", "Benachrichtigungen ausblenden"), ("Aktivieren", "Deaktivieren"),
    ("Añadir a favoritos", "Quitar de favoritos"), ("Mostrar contraseña", "Ocultar contraseña"),
    ("Seguir", "Dejar de seguir"),
    ("Ajouter aux favoris", "Retirer des favoris"), ("Activer", "Désactiver"), ("收藏", "取消收藏"), ("关注", "已关注"),
    ("添加到收藏", "从收藏移除"), ("显示密码", "隐藏密码"), ("お気に入りに追加", "お気に入りから削除"),
]  # fmt: skip
NOT_REVERSED = [
    ("Add contact", "New contact"), ("Add note", "Create note"), ("Delete note", "Remove note"),
    ("Save", "Save changes"),
    ("Add alarm", "Add an alarm"), ("Add account", "Remove card"), ("Send", "Send SMS"), ("Senden", "Abschicken"),
    ("Kontakt hinzufügen", "Kontakt anlegen"), ("", "Remove"), ("Add", "Add"), ("发送", "发送消息"),
    ("添加联系人", "新建联系人"), ("Add " * 9, "Remove " * 9),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), REVERSED)
def test_a_label_with_the_reverse_of_the_verb_is_the_opposite_either_way(one: str, other: str) -> None:
    assert opposes(one, other)
    assert opposes(other, one)


@pytest.mark.parametrize(("one", "other"), NOT_REVERSED)
def test_another_wording_is_no_opposite(one: str, other: str) -> None:
    assert not reverses(one, other)
    assert not reverses(other, one)
