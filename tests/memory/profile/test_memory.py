"""Profile memory as its owner meets it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from memory.embedding.lexical import LexicalEmbedder
from memory.errors import NoSuchPreset, NothingToRemember, NotRemembered
from memory.profile.memory import ProfileMemory, in_memory_vectors, time_of_day
from memory.profile.presets import PRESETS
from memory.profile.records import ANYTIME, Saying, Situation, Source
from memory.store.store import FILE, Store

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class Owner:
    """A memory on a clock that the test moves."""

    def __init__(self, folder: Path) -> None:
        self.at = START
        self.folder = folder
        self.open()

    def open(self) -> None:
        embedder = LexicalEmbedder()
        self.store = Store.open(self.folder)
        self.memory = ProfileMemory(
            self.store, embedder=embedder, vectors=in_memory_vectors(embedder), now=lambda: self.at
        )

    def says(self, *texts: str) -> list[str]:
        return [self.memory.remember(text).uid for text in texts]

    def recalls(self, question: str, **how: object) -> list[str]:
        return [one.fact.text for one in self.memory.recall(question, **how)]  # type: ignore[arg-type]

    def means(self, words: str, situation: Situation = ANYTIME) -> list[str]:
        return [one.value for one in self.memory.resolve(words, situation=situation)]

    def close(self) -> None:
        self.memory.close()
        self.store.close()


@pytest.fixture
def owner(tmp_path: Path) -> Iterator[Owner]:
    one = Owner(tmp_path)
    yield one
    one.close()


def test_what_was_said_is_recalled_at_once_and_after_a_restart(owner: Owner) -> None:
    owner.says("my mother is Maria", "I drink oat latte", "我住在上海")
    assert owner.recalls("what do I drink", k=1) == ["I drink oat latte"]

    owner.close()
    owner.open()

    assert owner.recalls("what do I drink", k=1) == ["I drink oat latte"]
    assert owner.recalls("上海", k=1) == ["我住在上海"]


@pytest.mark.parametrize("words", ["mum", "mom", "my mother", "mother", "妈妈", "my mum"])
def test_the_owners_words_for_somebody_are_resolved(owner: Owner, words: str) -> None:
    owner.says("my mother is Maria", "my doctor is Dr. Lee")

    assert owner.means(words) == ["Maria"]


def test_relations_of_relations_homes_and_ties_are_resolved(owner: Owner) -> None:
    owner.says(
        "my mother is Maria",
        "Maria's phone number is 555 123",
        "I live in Berlin",
        "my friend is Ann",
        "my friend is Ben",
    )

    assert owner.means("my mother's phone") == ["555 123"]
    assert owner.means("home") == ["Berlin"]
    assert sorted(owner.means("my friend")) == ["Ann", "Ben"]
    assert owner.means("my dentist") == []


def test_the_path_says_why_a_fact_was_recalled(owner: Owner) -> None:
    owner.says("my mother is Maria")
    (tulips,) = owner.says("Maria grows tulips in pots")

    why = owner.memory.explain("a present for mum", tulips)

    assert "named as" in why
    assert "about" in why
    with pytest.raises(NotRemembered):
        owner.memory.explain("mum", "no such id")


def test_a_correction_is_found_at_once_and_the_old_value_is_history(owner: Owner) -> None:
    (old,) = owner.says("my favourite colour is blue")
    owner.at += timedelta(days=1)

    new = owner.memory.remember("Actually, my favorite color is green")

    assert (new.outcome, new.closed) == ("replaced", (old,))
    assert owner.means("my favourite colour") == ["green"]
    assert owner.recalls("favourite colour", k=5) == ["Actually, my favorite color is green"]
    assert "my favourite colour is blue" in owner.recalls("favourite colour", k=5, history=True)
    assert [fact.value for fact in owner.memory.history(new.uid)] == ["green", "blue"]
    assert owner.memory.fact(old).valid_to == owner.at


@pytest.mark.parametrize(
    ("before", "after", "replaced"),
    [
        ("I drink oat latte", "I no longer drink oat latte", True),
        ("I drink oat latte", "I drink soy latte instead of oat latte", True),
        ("I like jazz", "I hate jazz", True),
        ("I live in Rome", "I live in Oslo", True),
        ("我喝咖啡", "我不喝咖啡", True),
        ("我住在上海", "我住在北京", True),
        ("I drink oat latte", "I drink green tea", False),
        ("my friend is Ann", "my friend is Ben", False),
        ("my usual coffee is a latte", "my usual tea is sencha", False),
    ],
)
def test_only_what_contradicts_closes_the_old(owner: Owner, before: str, after: str, replaced: bool) -> None:
    owner.says(before)

    assert (owner.memory.remember(after).outcome == "replaced") == replaced


def test_other_wordings_merge_and_keep_every_source(owner: Owner) -> None:
    first = owner.memory.remember("my mother is Maria", source=Source("said", "monday"))
    second = owner.memory.remember("My mum's name is Maria.", source=Source("said", "tuesday"))
    third = owner.memory.remember("Maria is my mom", source=Source("imported", "book"))

    assert (second.outcome, third.outcome) == ("merged", "merged")
    assert first.uid == second.uid == third.uid
    assert [source.ref for source in owner.memory.sources(first.uid)] == ["monday", "tuesday", "book"]
    assert owner.memory.fact(first.uid).count == 3


def test_who_is_no_longer_the_doctor_is_no_longer_called_so(owner: Owner) -> None:
    owner.says("my doctor is Ann Lee", "Ann Lee likes chess", "my doctor is Bo Park")

    assert owner.means("my doctor") == ["Bo Park"]
    assert "about" not in [step.by for one in owner.memory.recall("doctor", k=1) for step in one.path]
    assert owner.memory.forget_about("Ann Lee").uids


def test_what_recurs_in_a_situation_is_the_usual(owner: Owner) -> None:
    for day, drink in enumerate(["flat white", "flat white", "espresso", "flat white"]):
        at = START + timedelta(days=day)
        owner.memory.observe_run({"coffee": drink, "size": "large"}, app="Cafe", run=f"run {day}", at=at)
    owner.memory.observe_run({"coffee": "decaf"}, app="Cafe", run="late", at=START.replace(hour=20))

    (usual,) = owner.memory.resolve("my usual coffee", situation=Situation("morning", "", "Cafe"))

    assert usual.value == "flat white"
    assert usual.reasons == ("used in 3 of 4 runs (coffee; morning, Cafe)",)
    assert owner.memory.usual("size")[0].value == "large"
    assert owner.memory.usual("crust") == []
    owner.says("my usual coffee is a cortado")
    assert owner.means("my usual coffee") == ["cortado"]


def test_a_fact_of_another_situation_is_left_out(owner: Owner) -> None:
    owner.says("I drink espresso in the morning", "I drink chamomile tea at night", "I drink water")

    assert "I drink espresso in the morning" not in owner.recalls("what do I drink", situation=Situation("night"))
    assert owner.recalls("what do I drink at night", k=1) == ["I drink chamomile tea at night"]
    assert [time_of_day(START.replace(hour=hour)) for hour in (3, 9, 14, 19, 23)] == [
        "night", "morning", "afternoon", "evening", "night",
    ]  # fmt: skip


def test_use_freshens_and_time_fades(owner: Owner) -> None:
    walked, rode = owner.says("the short way to the lake is by foot", "the short way to the lake is by bike")
    owner.at += timedelta(days=400)
    owner.memory.used([rode])

    first, second = owner.memory.recall("the short way to the lake", k=2)

    assert (first.fact.uid, second.fact.uid) == (rode, walked)
    assert second.score < first.score * 0.8


def test_forgetting_is_proved_and_leaves_no_word_in_the_file(owner: Owner) -> None:
    owner.says("my mother is Maria", "Zanzibarina is where Maria hides the key", "I drink tea")
    owner.memory.flush()

    forgotten = owner.memory.forget_about("Maria")

    assert len(forgotten.uids) == 2
    assert forgotten.removed["sources"] == 2
    assert owner.memory.remains(forgotten) == []
    assert owner.recalls("where is the key", k=5, history=True) == ["I drink tea"]
    assert owner.means("mum") == []
    owner.close()
    left = b"".join(file.read_bytes() for file in owner.folder.glob(FILE + "*"))
    assert b"zanzibarina" not in left.lower()
    owner.open()
    assert owner.memory.remains(forgotten) == []


def test_the_proof_of_forgetting_notices_what_remains(owner: Owner) -> None:
    (uid,) = owner.says("I drink tea")
    forgotten = owner.memory.forget([uid])
    owner.says("I drink coffee")

    fact = owner.memory.facts()[0]
    assert fact.id not in forgotten.ids
    assert "facts" in owner.memory.remains(type(forgotten)((fact.uid,), (fact.id,), (), {}))
    with pytest.raises(NotRemembered):
        owner.memory.forget([uid])


def test_aliases_lead_to_whom_they_name(owner: Owner) -> None:
    owner.says("Robert's birthday is May 3")
    owner.memory.add_alias("Robert", "Bobby")

    assert owner.means("Bobby's birthday") == ["May 3"]
    assert owner.recalls("a cake for bobby", k=1) == ["Robert's birthday is May 3"]


@pytest.mark.parametrize("text", ["", "   ", "\x00\x01\x1b", "x" * 1_000_000])
def test_what_holds_no_words_or_far_too_many_is_refused(owner: Owner, text: str) -> None:
    with pytest.raises(NothingToRemember):
        owner.memory.remember(text)
    assert owner.memory.stats()["facts"] == 0


@pytest.mark.parametrize(
    "text",
    [
        "😀🎉",
        "'; DROP TABLE facts; --",
        '"NEAR(x" OR *',
        "мама любит чай",
        "mix 中文 and العربية",
        "a\x00b",
        "\ud83d broken",
    ],
)
def test_odd_texts_are_remembered_and_asked_about_without_harm(owner: Owner, text: str) -> None:
    uid = owner.memory.remember(text.encode("utf-8", "ignore").decode()).uid
    owner.memory.flush()

    for by in PRESETS:
        owner.memory.recall(text.encode("utf-8", "ignore").decode(), by=by)
    assert owner.memory.fact(uid).uid == uid
    assert owner.memory.recall("x" * 1_000_000) is not None


def test_one_bad_saying_keeps_its_whole_batch_out(owner: Owner) -> None:
    with pytest.raises(NothingToRemember):
        owner.memory.remember_all([Saying("I drink tea"), Saying("")])
    assert owner.memory.stats()["facts"] == 0


def test_an_unknown_preset_is_an_error_that_names_the_known(owner: Owner) -> None:
    with pytest.raises(NoSuchPreset, match="bm25"):
        owner.memory.recall("x", by="magic")


def test_what_follows_in_a_conversation_is_near(owner: Owner) -> None:
    talk = Source("said", "talk 1")
    owner.memory.remember_all(
        [
            Saying("Where did you put the spare ladder?", speaker="Ann", source=talk),
            Saying("Behind the green barn.", speaker="Ben", source=talk),
            *(Saying(f"Nothing of note happened on walk {number}", speaker="Ben") for number in range(9)),
        ]
    )

    assert "Behind the green barn." in owner.recalls("spare ladder", k=2)
    assert "Behind the green barn." not in owner.recalls("spare ladder", k=2, by="bm25")


def test_the_heavy_packages_are_loaded_only_by_what_needs_them(tmp_path: Path) -> None:
    import subprocess

    code = (
        "import sys; import memory.profile.memory, memory.embedding.choose, mobimem.evals.profile;"
        "heavy = ('chromadb', 'onnxruntime', 'tokenizers', 'onnx', 'httpx', 'openai');"
        "print([name for name in heavy if name in sys.modules])"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )
