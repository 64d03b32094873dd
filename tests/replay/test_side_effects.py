"""Which labels name an act that cannot be undone, however long they are."""

from __future__ import annotations

import json
from importlib import resources

import pytest

from replay.side_effects import LABEL_MAX, side_effect_of

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
    ],
)
def test_a_label_that_names_an_act_is_irreversible_at_any_length(label: str) -> None:
    assert side_effect_of([label]) == "irreversible"


@pytest.mark.parametrize(
    "text",
    [
        "Hi Bob, yesterday I met Alice at the station and she said that we could pay her for the tickets next week",
        "昨天我在车站遇到了爱丽丝她说她下周会来看我们然后我们一起去吃饭聊天" * 3 + "到时候再支付车票的钱",
        "Start chat",
        "Display",
        "Sender",
        "",
    ],
)
def test_running_text_and_other_labels_are_not(text: str) -> None:
    assert side_effect_of([text]) == "reversible"


def test_a_word_counts_anywhere_up_to_the_length_of_a_label_and_only_at_the_head_beyond() -> None:
    label = "a" * (LABEL_MAX - len(" x y send")) + " x y send"
    assert side_effect_of([label]) == "irreversible"
    assert side_effect_of(["a" + label]) == "reversible"
    assert side_effect_of(["x y send " + label.replace("send", "")]) == "irreversible"


def test_the_id_counts_too() -> None:
    assert side_effect_of([""], entry="btn_withdraw") == "irreversible"


def test_every_language_has_words_each_once() -> None:
    data = json.loads((resources.files("replay") / "side_effects.json").read_text(encoding="utf-8"))
    assert set(data) == {"en", "de", "es", "fr", "zh", "ja"}
    assert all(words and len(set(words)) == len(words) for words in data.values())
