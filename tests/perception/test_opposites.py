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
    ("Mark all as read", "Mark all as unread"), ("Set as read", "Set as unread"), ("Start timer", "Stop timer"),
    ("Join group", "Leave group"), ("Check in", "Check out"), ("Add to favorites", "In favorites"),
    ("Add to favorites", "Added to favorites"), ("Add to list", "In my list"), ("Connect", "Disconnect"),
    ("Subscribe", "Subscribed"), ("Pin note", "Pinned note"), ("Hide", "Hidden"), ("Select all", "Deselect all"),
    ("Abonnieren", "Abonniert"), ("Folgen", "Gefolgt"), ("Sperren", "Entsperren"), ("Chat sperren", "Chat entsperren"),
    ("Seguir", "Siguiendo"), ("Guardar", "Guardado"), ("Bloquear", "Desbloquear"), ("Suscribirse", "Suscrito"),
    ("Enregistrer", "Enregistré"), ("S'abonner", "Abonné"), ("Épingler", "Désépingler"), ("Suivre", "Suivi"),
    ("Añadir a favoritos", "En favoritos"), ("Ajouter aux favoris", "Dans les favoris"),
    ("添加到收藏", "从收藏移除"), ("显示密码", "隐藏密码"), ("お気に入りに追加", "お気に入りから削除"),
]  # fmt: skip
NOT_REVERSED = [
    ("Add contact", "New contact"), ("Add note", "Create note"), ("Delete note", "Remove note"),
    ("Save", "Save changes"),
    ("Add alarm", "Add an alarm"), ("Add account", "Remove card"), ("Send", "Send SMS"), ("Senden", "Abschicken"),
    ("Kontakt hinzufügen", "Kontakt anlegen"), ("", "Remove"), ("Add", "Add"), ("发送", "发送消息"),
    ("Park", "Parking"), ("Cook", "Cooking"), ("Train", "Training"), ("Bank", "Banking"), ("Chat", "Chatting"),
    ("Meet", "Meeting"), ("Set", "Setting"), ("Sort by name", "Sorted by name"), ("Play", "Display"),
    ("Count", "Discount"), ("Cover", "Discover"), ("Save", "Saving"), ("Connect", "Connecting"),
    ("Select", "Selecting"),
    ("Add to favorites", "Add to favourites"), ("Add to cart", "In stock"), ("Search in notes", "In notes"),
    ("Sort by name", "Sort by title"), ("Check in", "Check it"), ("Parar", "Parado"), ("Manger", "Mangé"),
    ("Mark all as read", "Set all as read"), ("Start timer", "Begin timer"), ("Join group", "Join chat"),
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
    assert not opposes(one, other)
    assert not opposes(other, one)
