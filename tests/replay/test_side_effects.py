"""Which labels name an act that cannot be undone, however long they are."""

from __future__ import annotations

import json
from importlib import resources

import pytest

from replay.side_effects import BUTTON_MAX, LABEL_MAX, side_effect_of

LONG_TAIL = ", and then some more words about it that no short button would ever have on its face"


@pytest.mark.parametrize(
    "label",
    [
        "Pay €12.50 to Alice Kim from Main account",
        "Send 12.50 EUR to Alice Kim now, from account 1",
        "Factory data reset, erases all data on this phone",
        "Place your bid",
        "Empty trash",
        "Withdraw",
        "→ Send 12.50 EUR to Alice Kim" + LONG_TAIL,
        "Jetzt kostenpflichtig bestellen",
        "メッセージを送信",
        "支払う",
        "購入手続きへ",
        "注文する",
        "削除",
        "発信",
        "予約する",
        "確認",
        "投稿する",
        "删除所有照片",
        "Resend", "Top up", "Redeem", "Close account",
        "Bestellung aufgeben", "Kauf abschließen", "Aufladen", "Konto schließen", "Gutschein einlösen",
        "Realizar pedido", "Tramitar el pedido", "Finalizar compra", "Hacer pedido", "Recargar", "Darse de baja",
        "Passer la commande", "Valider ma commande", "Finaliser l'achat", "Recharger", "Se désabonner", "Résilier",
        "转出", "注销账号", "提交", "退款", "立即开通",
        "チャージする", "再送する",
    ],
)  # fmt: skip
def test_a_label_that_names_an_act_is_irreversible_at_any_length(label: str) -> None:
    assert side_effect_of([label]) == "irreversible"


@pytest.mark.parametrize(
    "text",
    [
        "Hi Bob, yesterday I met Alice at the station and she said that we could pay her for the tickets next week",
        "昨天我在车站遇到了爱丽丝她说她下周会来看我们然后我们一起去吃饭聊天" * 3 + "到时候再支付车票的钱",
        "Start chat",
        "Mis pedidos",
        "Mes commandes",
        "Meine Bestellungen",
        "Comprobar",
        "Valider",
        "Aufgabe",
        "我的账号",
        "Display",
        "Sender",
        "",
    ],
)
def test_running_text_and_other_labels_are_not(text: str) -> None:
    assert side_effect_of([text]) == "reversible"


def test_how_much_of_a_text_counts_goes_by_its_length_and_by_whether_it_is_content() -> None:
    def named(length: int, *, content: bool) -> str:
        return side_effect_of([("a" * length)[: -len(" x y send z z")] + " x y send z z"], content=content)

    assert named(LABEL_MAX, content=True) == "irreversible"
    assert named(LABEL_MAX + 1, content=True) == "reversible"
    assert named(BUTTON_MAX, content=False) == "irreversible"
    assert named(BUTTON_MAX + 1, content=False) == "reversible"
    assert side_effect_of(["x y send " + "a" * BUTTON_MAX], content=True) == "irreversible"


@pytest.mark.parametrize(
    "row",
    [
        "Could you tell me when they send us the tickets?",
        "She asked whether we should order something for them",
        "You: ich wollte dich gestern noch anrufen, ging aber nicht",
        "The man said it was possible to book a table for two",
    ],
)
def test_a_row_of_a_list_that_mentions_an_act_deep_inside_is_not_asked_about(row: str) -> None:
    assert LABEL_MAX < len(row) <= BUTTON_MAX
    assert side_effect_of([row], content=True) == "reversible"
    assert side_effect_of([row]) == "irreversible"  # on a button


@pytest.mark.parametrize(
    "row",
    [
        "Factory data reset, erases all data on this phone",
        "This phone and all that is on it: delete everything at once",
        "Alle ausgewählten Fotos und Videos endgültig löschen",
        "すべての写真と動画とメッセージとファイルとアプリの履歴をこの端末と同期先から完全に削除",
        "Delete the conversation with Alice Kim and all of its media",
    ],
)
def test_a_row_of_a_list_that_names_its_act_first_or_last_is_asked_about(row: str) -> None:
    assert LABEL_MAX < len(row) <= BUTTON_MAX
    assert side_effect_of([row], content=True) == "irreversible"


@pytest.mark.parametrize(
    "entry",
    [
        "empty_view",
        "emptyView",
        "empty_state_image",
        "list_empty",
        "empty",
        "tv_empty",
        "emptyStateContainer",
        "is_empty",
    ],
)
def test_an_id_that_describes_something_empty_names_no_act(entry: str) -> None:
    assert side_effect_of([""], entry=entry) == "reversible"


@pytest.mark.parametrize("entry", ["empty_trash", "btn_empty", "emptyBin", "action_empty_cart", "empty_view_delete"])
def test_an_id_that_empties_something_still_does(entry: str) -> None:
    assert side_effect_of([""], entry=entry) == "irreversible"


@pytest.mark.parametrize("text", ["Your inbox is empty", "The list is empty for now"])
def test_a_text_that_says_that_something_is_empty_names_no_act(text: str) -> None:
    assert side_effect_of([text]) == "reversible"
    assert side_effect_of(["Empty"]) == side_effect_of(["Empty bin"]) == "irreversible"


def test_the_id_counts_too() -> None:
    assert side_effect_of([""], entry="btn_withdraw") == "irreversible"


def test_every_language_has_words_each_once() -> None:
    data = json.loads((resources.files("replay") / "side_effects.json").read_text(encoding="utf-8"))
    assert set(data) == {"en", "de", "es", "fr", "zh", "ja"}
    assert all(words and len(set(words)) == len(words) for words in data.values())
