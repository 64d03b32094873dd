"""A small seeded sample of the cases of `mobimem eval drift`, and that cases are what they say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from mobimem.errors import BadInput
from mobimem.evals import cases, cases_phone
from mobimem.evals.cases import Case, evaluate, judge, kinds, make, report
from mobimem.evals.cases_changes import CHANGES, DARK, TREE_CHANGES, Turn
from mobimem.evals.cases_dumps import dumps, page_of
from mobimem.evals.cases_phone import is_live, routes
from mobimem.evals.cases_rule import HELD_BACK, Page
from mobimem.evals.cases_tree import Tree, page
from mobimem.evals.cases_words import LANGUAGES, words
from perception.words import normal
from tests.perception.pages import CHATS

NOTES, WALLET = "com.example.notes", "com.example.wallet"
SEED = 3


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("screens")
    (made / "chats.xml").write_text(CHATS, encoding="utf-8")
    (made / "broken.xml").write_text("no hierarchy", encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def some(folder: Path) -> list[Case]:
    """One case of each kind that applies, of two apps and the page of the folder."""
    chats = next(name for name in cases._sources(folder) if name.startswith("dumped"))
    made = (make(source, kind, SEED, folder) for source in (NOTES, WALLET, chats) for kind in kinds())
    return [case for case in made if case is not None]


def changes(some: list[Case]) -> set[str]:
    return {name for case in some for name in case.kind}


def test_eleven_changes_singly_and_in_pairs_are_sixty_six_kinds_of_each_app() -> None:
    assert len(CHANGES) == 11
    assert len(kinds()) == len(set(kinds())) == 11 + 55


def test_the_sample_meets_every_change_and_nothing_is_found_wrong_by_strict_locating_alone(some: list[Case]) -> None:
    judged = [judge(case) for case in some]

    assert changes(some) == set(CHANGES)
    figures = report(judged)
    assert figures["strict_alone"]["n"] == len(some) > 100
    assert figures["strict_alone"]["wrong"] == 0, figures["wrong_cases"]
    assert figures["all"]["wrong"] == 0, figures["wrong_cases"]
    assert figures["all"]["healed"] > 0
    assert figures["all"]["without_picture"]["share"] >= 0.8


def test_a_judge_that_is_told_another_truth_sees_wrong_answers(some: list[Case]) -> None:
    located = [case for case in some if judge(case).strict == "located"]
    swapped = [replace(case, now=_renamed(case.now, case.key)) for case in located[:10]]

    assert len(swapped) == 10
    assert {judge(case).strict for case in swapped} == {"wrong"}


def _renamed(shown: Page, key: str) -> Page:
    """The same reading, on which another element is said to be the target."""
    return replace(shown, keys=tuple("other" if one == key else one for one in shown.keys))


def test_where_the_target_is_removed_no_case_is_solvable_and_its_key_is_gone(some: list[Case]) -> None:
    gone = [case for case in some if "element removed" in case.kind]

    assert gone
    assert all(case.by == () and case.key not in case.now.keys for case in gone)


def test_every_target_can_be_acted_on_and_every_key_is_single(some: list[Case]) -> None:
    for case in some:
        assert case.then.element(case.key) is not None
        assert len(set(case.then.keys)) == len(case.then.keys)
        assert len(set(case.now.keys)) == len(case.now.keys)


def test_changed_pages_keep_children_inside_their_parents(some: list[Case]) -> None:
    for case in some:
        for shown in (case.then, case.now):
            for element in shown.seen():
                above = shown.screen.parent(element)
                if above is not None and above.visible:
                    inside = element.bounds.meet(above.bounds).area_px
                    assert inside >= 0.9 * element.bounds.area_px, (case.where, case.kind, element)


def test_a_case_is_the_same_in_every_run(folder: Path) -> None:
    for kind in (("ids renamed", "moved"), ("reworded", "look-alike added")):
        one, other = make(NOTES, kind, SEED), make(NOTES, kind, SEED)
        assert one is not None
        assert other is not None
        assert (one.key, one.where, one.now.keys, one.now.screen.source) == (
            other.key, other.where, other.now.keys, other.now.screen.source,
        )  # fmt: skip


def test_processes_that_share_the_work_give_the_same_figures() -> None:
    one, two = (evaluate(1, sources=("com.example.u2testdemo",), jobs=jobs) for jobs in (1, 2))

    assert one["kinds"] > 10
    assert {**one, "at": "", "heal_ms": {}} == {**two, "at": "", "heal_ms": {}}


def test_renaming_gives_every_id_one_new_name_and_no_other_element_an_old_one(some: list[Case]) -> None:
    renamed = [case for case in some if case.kind == ("ids renamed",)]
    assert renamed
    for case in renamed:
        now = dict(zip(case.now.keys, case.now.screen.elements, strict=True))
        pairs = {
            (element.resource_id, now[key].resource_id)
            for key, element in zip(case.then.keys, case.then.screen.elements, strict=True)
            if key in now
        }
        assert len({one for one, _ in pairs}) == len(pairs) == len({other for _, other in pairs})
        assert all(not other for one, other in pairs if not one)


def test_no_word_of_the_table_stands_for_two_concepts_and_every_concept_has_another_word() -> None:
    table = words()

    assert len(table.concepts) > 100
    assert all(set(concept) <= set(LANGUAGES) and "en" in concept for concept in table.concepts)
    assert all(len(set(map(normal, concept["en"]))) > 1 for concept in table.concepts)
    assert table.other("save", Random(1)) in ("Keep changes", "Store")
    assert table.translated("Save", "de", Random(1)) in ("Speichern", "Sichern")
    assert table.other("no word of it", Random(1)) is None


def test_a_dump_speaks_words_of_the_table_and_keeps_its_structure(folder: Path) -> None:
    ((_, screen),) = next(iter(dumps(folder).values()))
    tree = page_of(screen, Random(SEED))

    nodes = list(tree.walk())
    assert [node.cls for node in nodes] == [element.cls for element in screen.elements]
    assert any(words().concept(node.text) is not None for node in nodes)


def test_a_look_alike_beside_a_target_that_goes_is_told_from_it(folder: Path) -> None:
    ((_, screen),) = next(iter(dumps(folder).values()))
    for seed in range(40):
        tree = page_of(screen, Random(seed))
        named = [key for key in cases.targets(page(tree), tree) if (node := tree.find(key)) and node.text]
        if named:
            _assert_told_apart(tree, named[seed % len(named)], seed)


def _assert_told_apart(tree: Tree, key: str, seed: int) -> None:
    turn = Turn(tree, key, Random(seed), goes=True)
    before = turn.target
    if not TREE_CHANGES["look-alike added"](turn):
        return
    made = [node for node in tree.walk() if node.key.startswith("new ")]
    assert all((node.text, node.cls, node.flags) != (before.text, before.cls, before.flags) for node in made)


def test_the_phone_makes_updates_itself_but_for_the_launcher() -> None:
    assert is_live("ids renamed", NOTES)
    assert not is_live("ids renamed", cases_phone.LAUNCHER)
    assert is_live(DARK, cases_phone.LAUNCHER)
    assert not is_live("element removed", NOTES)


def test_pages_behind_menus_and_questions_are_found() -> None:
    said = [str(route) for route in routes(NOTES)]

    assert f"{NOTES}.MainActivity" in said
    assert any(route.endswith("menu_delete") for route in said), said


def test_what_is_held_back_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[tuple[str, range]] = []

    def noted(work: cases.Work) -> list[cases.Judged]:
        ran.append((work[0], work[2]))
        return []

    monkeypatch.setattr(cases, "_run", noted)

    evaluate(2)
    assert HELD_BACK.app not in [name for name, _ in ran]
    assert {seeds for _, seeds in ran} == {range(0, 2)}
    ran.clear()
    evaluate(2, held_back=True)
    assert HELD_BACK.app in [name for name, _ in ran]
    assert {seeds for _, seeds in ran} == {range(HELD_BACK.seeds.start, HELD_BACK.seeds.start + 2)}
    ran.clear()
    evaluate(2, held_back=True, skip=3)
    assert {seeds for _, seeds in ran} == {range(HELD_BACK.seeds.start + 3, HELD_BACK.seeds.start + 5)}
    with pytest.raises(ValueError, match="are held back"):
        evaluate(len(HELD_BACK.seeds) - 2, held_back=True, skip=3)


def test_no_run_of_development_reaches_the_held_back_seeds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cases, "_run", lambda work: [])

    with pytest.raises(ValueError, match="held back"):
        evaluate(HELD_BACK.seeds.start + 1)
    with pytest.raises(ValueError, match="held back"):
        evaluate(1, skip=HELD_BACK.seeds.start)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"seeds": 0, "cases": 0}, "neither tasks nor cases"),
        ({"seeds": 1, "cases": 0, "held_back": True}, "are of cases"),
        ({"seeds": 1, "cases": 0, "skip": 1}, "are of cases"),
        ({"seeds": 0, "cases": 1, "screens": Path("/nowhere")}, "holds no"),
        ({"seeds": 0, "cases": 101, "held_back": True}, "there are 100 such seeds"),
        ({"seeds": 0, "cases": 98, "skip": 3, "held_back": True}, "there are 100 such seeds"),
    ],
)
def test_bad_options_of_the_command_are_refused_with_the_reason(given: dict[str, object], says: str) -> None:
    from mobimem.cli.show.evals import drift

    options = {"screens": None, "jobs": 1, "held_back": False, **given}
    seeds = options.pop("seeds")
    with pytest.raises(BadInput, match=says):
        drift(seeds, None, **options)  # type: ignore[arg-type]
