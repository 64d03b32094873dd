"""Tokens keep their place, words mean what the lists say, values are found and normalised."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.text.lexicon import language_of, lexicons, parse
from memory.text.normal import normalise
from memory.text.reading import read
from memory.text.tokens import levelled, search_terms, tokenize
from memory.text.values import find_values, kind_of

TODAY = date(2026, 11, 22)


@given(st.text(max_size=200))
def test_every_token_stands_where_it_says(text: str) -> None:
    for token in tokenize(text):
        assert text[token.start : token.end].strip()
    assert len(levelled(text)) == len(text)


def test_chinese_is_found_by_characters_and_bigrams() -> None:
    assert search_terms("打开 Wi-Fi") == ("打", "开", "打开", "wi", "fi")


@pytest.mark.parametrize(
    ("text", "code"),
    [("Turn on the lamp", "en"), ("打开蓝牙", "zh"), ("Schalte das Licht ein", "de"), ("", "en"), ("😀", "en")],
)
def test_the_language_is_told_by_its_commonest_words(text: str, code: str) -> None:
    assert language_of(text) == code


def test_a_separated_phrase_is_one_effect() -> None:
    acts = [term for term in read("turn bluetooth off", lexicons()["en"]).terms if term.act]
    assert [set(term.ideas) for term in acts] == [{"act:turn_off"}]


def test_opposites_are_known_and_share_no_idea() -> None:
    for lexicon in lexicons().values():
        for pair in lexicon.opposed:
            ideas = tuple(pair)
            if len(ideas) == 2 and all(idea.startswith("act:") for idea in ideas):
                shared = [
                    keys
                    for keys, entry in lexicon.entries.items()
                    if set(ideas) <= entry.ideas and keys not in {("terminate",)}
                ]
                assert not shared, (lexicon.language, ideas, shared)


def test_a_line_without_a_colon_is_refused_by_its_number() -> None:
    with pytest.raises(ValueError, match="line 2"):
        parse("xx", "# words\nact create make")


@pytest.mark.parametrize(
    ("language", "text", "kind", "normal"),
    [
        ("en", "9:15pm", "time", "21:15"),
        ("en", "6 am", "time", "06:00"),
        ("en", "13h", "time", "13:00"),
        ("en", "7 o'clock", "time", "07:00"),
        ("zh", "下午三点半", "time", "15:30"),
        ("de", "6:30 Uhr", "time", "06:30"),
        ("en", "October 24 2023", "date", "2023-10-24"),
        ("en", "2023-10-24", "date", "2023-10-24"),
        ("en", "tomorrow", "date", "2026-11-23"),
        ("zh", "5月1日", "date", "2027-05-01"),
        ("de", "14.11.2026", "date", "2026-11-14"),
        ("en", "45 mins", "duration", "PT45M"),
        ("zh", "30分钟", "duration", "PT30M"),
        ("en", "twenty", "number", "20"),
        ("en", "+1 565 977 8727", "phone", "+15659778727"),
        ("en", "Ann@Example.org", "email", "ann@example.org"),
        ("en", "https://example.org/a?b=1", "url", "https://example.org/a?b=1"),
        ("en", "report_2.pdf", "file", "report_2.pdf"),
        ("en", "$12.50", "amount", "12.50 USD"),
        ("zh", "35元", "amount", "35 CNY"),
    ],
)
def test_values_have_a_type_and_one_normal_form(language: str, text: str, kind: str, normal: str) -> None:
    lexicon = lexicons()[language]
    found = kind_of(text, lexicon)
    assert found == kind
    assert normalise(text, found, lexicon, today=TODAY) == normal


def test_a_value_that_cannot_be_read_comes_back_as_it_was_written() -> None:
    assert normalise(" the long weekend ", "date", lexicons()["en"], today=TODAY) == "the long weekend"


@given(st.text(max_size=120))
def test_finding_and_normalising_never_fails(text: str) -> None:
    for lexicon in lexicons().values():
        for value in find_values(text, lexicon):
            assert normalise(text[value.start : value.end], value.kind, lexicon, today=TODAY)
