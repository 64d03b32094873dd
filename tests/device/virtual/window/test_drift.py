from __future__ import annotations

import pytest

from device.virtual.window.drift import Drift, drifted
from device.virtual.window.drift_words import synonym
from device.virtual.window.view import FILL, View, button, column, edit, list_view, row, text
from tests.device.virtual.window.kit import FORM, HOME, SHOP, Bench

LABELS = frozenset({"Save", "Buy it", "Name", "OK"})
ALL = Drift(rename_ids=True, reword=True, move=True, reorder_lists=True, lookalike=True, seed=3)


def page(tapped: list[str] | None = None) -> View:
    calls = [] if tapped is None else tapped
    rows = [
        row(text(name), id="row", key=name, on_tap=lambda name=name: calls.append(name))
        for name in ("Ann", "Bob", "Cem", "Dora", "Save")
    ]
    return column(
        row(button("Save", lambda: calls.append("save"), id="save_button"), button("OK", print, id="ok"), id="bar"),
        edit("Save", print, id="field", hint="Name"),
        text("Buy it", desc="OK"),
        list_view(rows),
        width=FILL,
        height=FILL,
    )


def flat(view: View) -> list[View]:
    return [view, *(one for child in view.children for one in flat(child))]


def texts(view: View) -> list[str]:
    return [one.text for one in flat(view) if one.text]


def test_nothing_drifts_unless_it_is_asked_for() -> None:
    assert texts(drifted(page(), Drift(), LABELS, "en")) == texts(page())


def test_the_same_seed_gives_the_same_drift() -> None:
    assert drifted(page(), ALL, LABELS, "en") == drifted(page(), ALL, LABELS, "en")


def test_an_apps_own_ids_are_renamed_and_androids_stay() -> None:
    view = drifted(page(), Drift(rename_ids=True), LABELS, "en")
    ids = {one.id for one in flat(view) if one.id}

    assert "android:id/list" in ids
    assert not ids & {"save_button", "ok", "field", "bar", "row"}


def test_labels_are_reworded_by_table_or_by_case_and_what_a_user_wrote_never_is() -> None:
    view = drifted(page(), Drift(reword=True), LABELS, "en")

    assert texts(view)[:4] == ["Done", "Got it", "Save", "BUY IT"]
    assert next(one for one in flat(view) if one.kind == "edit").hint == "Full name"
    assert {"Ann", "Bob", "Cem", "Dora"} <= set(texts(view))


def test_a_list_stands_in_another_order_that_does_not_depend_on_the_old_one() -> None:
    drift = Drift(reorder_lists=True, seed=1)
    view = drifted(page(), drift, LABELS, "en")
    backwards = page()
    inner = backwards.children[3]
    shuffled = column(list_view(list(reversed(inner.children))))

    names = [name for name in texts(view) if name in ("Ann", "Bob", "Cem", "Dora")]
    assert sorted(names) == ["Ann", "Bob", "Cem", "Dora"] != names
    assert [name for name in texts(drifted(shuffled, drift, LABELS, "en")) if name in names] == names


def test_things_move_and_news_stand_above() -> None:
    moved = [drifted(page(), Drift(move=True, seed=seed), LABELS, "en") for seed in range(8)]

    assert any([one.text for one in view.children[0].children] == ["OK", "Save"] for view in moved)
    assert all(len(view.children) == len(page().children) + 1 for view in moved)


def test_a_lookalike_stands_beside_the_target_and_does_nothing() -> None:
    view = drifted(page(), Drift(lookalike=True, seed=0), LABELS, "en")
    doubles = [one for one in flat(view) if one.key.endswith("lookalike")]

    assert len(doubles) == 1
    assert doubles[0].on_tap is None and not doubles[0].is_clickable
    words = {one.text for one in flat(doubles[0]) if one.text}
    assert words and all(texts(view).count(one) >= 2 for one in words)


def test_a_duplicate_can_be_tapped_and_neither_does_anything_nor_reaches_what_it_copies() -> None:
    tapped: list[str] = []
    view = drifted(page(tapped), Drift(duplicate=True, beside=frozenset({"Bob"})), LABELS, "en")
    (double,) = (one for one in flat(view) if one.key.endswith("duplicate"))

    assert double.is_clickable and double.id == "" and texts(double) == ["Bob"]
    assert double.on_tap is not None
    double.on_tap()
    assert tapped == []


def test_a_copy_stands_beside_what_was_named_or_nowhere() -> None:
    for words, wanted in (("Save", "Save"), ("Cem", "Cem")):
        drift = Drift(lookalike=True, beside=frozenset({words}))
        (double,) = (one for one in flat(drifted(page(), drift, LABELS, "en")) if one.key.endswith("lookalike"))
        assert texts(double) == [wanted]
    nobody = Drift(lookalike=True, duplicate=True, beside=frozenset({"Nobody"}))
    assert texts(drifted(page(), nobody, LABELS, "en")) == texts(page())


@pytest.mark.parametrize(
    ("words", "language", "other"),
    [
        ("Start chat", "en", "Begin talk"),
        ("Text message", "en", "Write here"),
        ("Delete conversation", "en", "Remove thread"),
        ("Wecker hinzufügen", "de", "Weckzeit anlegen"),
        ("Zzz", "en", "Zzz"),
        ("保存", "zh", "完成"),
    ],
)
def test_a_label_has_other_words_as_a_whole_or_word_by_word(words: str, language: str, other: str) -> None:
    assert synonym(words, language) == other


def test_handlers_stay_with_their_views() -> None:
    tapped: list[str] = []
    view = drifted(page(tapped), ALL, LABELS, "en")

    for one in flat(view):
        if one.on_tap is not None and one.children and one.children[0].text:
            one.on_tap()
            assert tapped[-1].casefold() in (one.children[0].text.casefold(), "save")


@pytest.mark.parametrize(("locale", "words"), [("en", "Buy"), ("de", "Kaufen"), ("zh", "买")])
def test_a_drifted_app_still_works(locale: str, words: str) -> None:
    bench = Bench(locale=locale)
    shop = bench.page()
    bench.windows.trouble.drift(ALL)

    bench.tap(next(one for one in bench.words() if one.casefold() == words.casefold()))

    assert shop.asking


def test_drift_keeps_to_its_packages_and_off_the_launcher(bench: Bench) -> None:
    bench.windows.trouble.drift(Drift(rename_ids=True, packages=frozenset({FORM})))
    bench.page(SHOP)
    spared = bench.look("title").view.id
    bench.page(FORM)
    struck = [box.view.id for _, box in bench.boxes("app")]
    bench.windows.home()

    assert spared == "title"
    assert "name" not in struck
    assert bench.windows.current()[0] == HOME


def test_a_drift_can_be_taken_back(bench: Bench) -> None:
    bench.page(SHOP)
    bench.windows.trouble.drift(ALL)
    bench.windows.trouble.drift(None)

    assert bench.look("title").view.text == "Shop"
