from __future__ import annotations

import json
from importlib import resources

import pytest

from perception.meanings import concepts, contradicts, means_same, opposes
from perception.words import normal

LEXICON = json.loads((resources.files("perception") / "meanings.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("one", "other"),
    [("Send", "Senden"), ("Send", "发送"), ("Envoyer", "送信"), ("Save", "Guardar"), ("Search…", "suchen")],
)  # fmt: skip
def test_common_words_for_one_thing_mean_the_same_in_every_language(one: str, other: str) -> None:
    assert means_same(one, other)
    assert not contradicts(one, other)


@pytest.mark.parametrize(
    ("one", "other"), [("Accept", "Ablehnen"), ("Yes", "No"), ("开启", "Off"), ("Save", "Discard")]
)
def test_opposites_are_known_across_languages(one: str, other: str) -> None:
    assert opposes(one, other)
    assert opposes(other, one)
    assert contradicts(one, other)


def test_what_is_no_common_word_means_nothing_and_contradicts_nothing() -> None:
    assert concepts("Quarterly synergy") == frozenset()
    assert not means_same("Quarterly synergy", "Quarterly synergy")
    assert not contradicts("Quarterly synergy", "Send")


def test_no_word_stands_for_two_opposites() -> None:
    for one, other in LEXICON["opposites"]:
        mine, theirs = ({normal(word) for word in LEXICON["concepts"][name]} for name in (one, other))
        assert not mine & theirs, (one, other)


def test_every_concept_of_an_opposite_is_in_the_lexicon_and_has_words() -> None:
    assert all(LEXICON["concepts"].values())
    assert {name for pair in LEXICON["opposites"] for name in pair} <= set(LEXICON["concepts"])
