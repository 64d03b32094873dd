"""Words that point at somebody, and names that do not."""

from __future__ import annotations

import pytest

from memory.opening import Memory
from memory.profile.records import Situation, Source
from memory.profile.somebody import meant_by, points_at

WORDS = {
    "en": {
        "mother": ("mum", "Mum", "my mother", "My mom", "Mama"),
        "sister": ("my sister", "our sister", "sister"),
        "boss": ("the boss", "my boss", "boss"),
        "grandmother": ("granny", "Oma"),
        "plumber": ("my plumber",),
        "": ("his mother", "her boss", "the plumber", "the boss of Bob", "the friend from Rome", "his HR"),
        "hr": ("my HR",),
        "italian teacher": ("my Italian teacher",),
    },
    "de": {
        "mother": ("Mama", "meiner Mutter", "die Mutter"),
        "boss": ("dem Chef", "Chef", "meine Chefin"),
        "brother": ("meinem Bruder",),
        "klempner": ("mein Klempner",),
        "tante emma": ("meine Tante Emma",),
        "": ("seiner Mutter",),
    },
    "es": {
        "mother": ("mamá", "mi madre"),
        "sister": ("mi hermana",),
        "boss": ("la jefa", "jefe"),
        "": ("la hermana de Bob", "su madre"),
    },
    "fr": {
        "mother": ("maman", "ma mère"),
        "sister": ("ma sœur",),
        "boss": ("mon chef", "patron"),
        "uncle": ("l'oncle", "mon oncle"),
        "": ("sa mère",),
    },
    "zh": {
        "mother": ("妈妈", "我妈", "我的妈妈"),
        "sister": ("我姐", "姐姐"),
        "boss": ("老板", "我们的老板"),
        "": ("小红的妈妈", "她妈妈"),
    },
}
NAMES = {
    "en": ("Zoe", "zoe", "Uncle Joe", "uncle Joe", "Dr Smith", "The Rock", "Ma Baker", "Mari", "Chef", "home", "usual",
           "my mum Zoe", "my uncle Joe", "my best friend Zoe", "the plumber Joe Smith", "his friend Bob"),
    "de": ("Zoe", "Tante Emma", "der Zoe"),
    "es": ("Zoe", "Jefe", "Tía Juana", "mi hermana Ana"),
    "fr": ("Zoé", "Mari", "mon amie Zoé", "l'oncle Jean"),
    "zh": ("小红", "王老板", "张医生"),
}  # fmt: skip
USUAL = {
    "en": ("my usual", "the usual", "the usual contact", "my favourite"),
    "de": ("das Übliche", "wie immer"),
    "es": ("el de siempre", "lo de siempre"),
    "fr": ("comme d'habitude",),
    "zh": ("老样子",),
}


@pytest.mark.parametrize(
    ("language", "relation", "said"),
    [(language, relation, said) for language, by in WORDS.items() for relation, all_ in by.items() for said in all_],
)
def test_relations_and_roles_point_at_somebody(language: str, relation: str, said: str) -> None:
    pointing = points_at(said, language)

    assert pointing is not None
    assert (pointing.relation, pointing.usual) == (relation, False)


@pytest.mark.parametrize(("language", "said"), [(language, said) for language, all_ in NAMES.items() for said in all_])
def test_a_name_is_itself(language: str, said: str) -> None:
    assert points_at(said, language) is None


@pytest.mark.parametrize(("language", "said"), [(language, said) for language, all_ in USUAL.items() for said in all_])
def test_whoever_it_usually_is_has_no_relation(language: str, said: str) -> None:
    pointing = points_at(said, language)

    assert pointing is not None
    assert (pointing.relation, pointing.usual) == ("", True)


def test_a_word_of_one_language_is_not_read_as_another_languages() -> None:
    """A chef cooks in English, and is the boss in French."""
    chef = points_at("the chef", "en")
    assert chef is not None
    assert chef.relation == ""


@pytest.mark.parametrize("said", ["", " ", "'s", "的", "我", "the", "my", "l'", "\x00", "🙂", "my my my", "ma"])
def test_words_of_any_kind_are_read(said: str) -> None:
    points_at(said, "en")
    meant_by(said)


def test_answers_are_kept_by_whom_the_words_mean() -> None:
    assert len({meant_by(said) for said in ("mum", "my mum", "the mother", "我妈", "maman")}) == 1
    assert meant_by("his mother") not in {meant_by("mother"), meant_by("her mother")}
    assert meant_by("my uncle Joe") != meant_by("my uncle")


def test_an_answer_for_good_serves_the_same_person_in_other_words_and_nobody_else(memory: Memory) -> None:
    profile = memory.profile
    profile.settle("contact", "my sister", "Zoe", situation=Situation(), source=Source("said", "q"))

    for said in ("my sister", "sister", "the sister"):
        assert [one.value for one in profile.settled("contact", said)] == ["Zoe"], said
    assert profile.settled("contact", "his sister") == []
    assert profile.settled("contact", "my sister in law") == []


def test_another_name_leads_to_whoever_has_it_but_a_relation_to_no_relation(memory: Memory) -> None:
    profile = memory.profile
    profile.add_alias("Maria", "mum")
    profile.remember("my father is Jim")

    assert profile.goes_by("mum") == ["Maria"]
    assert profile.goes_by("Maria") == []
    assert profile.goes_by("Jim") == [], "that is the father, and no name of anybody else"
