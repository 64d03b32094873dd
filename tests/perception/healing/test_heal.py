"""What healing finds again, and what it must never take for the recorded element."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from perception.element import Element
from perception.healing import Healed, Unhealed, heal, page_now
from perception.locate import Found, locate
from perception.screen import Screen, parse_hierarchy
from perception.selector import make_selector
from tests.perception.pages import frame, node
from tests.perception.pages import page as dump

BUTTON, FIELD = "android.widget.Button", "android.widget.EditText"
LIST, ROW = "androidx.recyclerview.widget.RecyclerView", "android.widget.LinearLayout"
SWITCH = "android.widget.Switch"
ENGLISH = ("New contact", "Name", "Phone number", "Save", "Cancel", "Delete")
GERMAN = ("Neuer Kontakt", "Name", "Telefonnummer", "Speichern", "Abbrechen", "Löschen")
IDS = ("title", "name_field", "phone_field", "save_button", "cancel_button", "delete_button")
NEW_IDS = ("a1", "b2", "c3", "d4", "e5", "f6")


def page(*inside: str, package: str = "com.app") -> Screen:
    return parse_hierarchy(dump(frame(*inside, package=package)), package=package)


def form(words: tuple[str, ...] = ENGLISH, ids: tuple[str, ...] = IDS, *, without: str = "", more: str = "") -> Screen:
    """A page to fill in: heading, two fields, three buttons."""
    buttons = [
        node(text=text, id=id_, cls=BUTTON, clickable=True, bounds=(at * 300, 900, at * 300 + 280, 1000))
        for at, (text, id_) in enumerate(zip(words[3:], ids[3:], strict=True))
        if text != without
    ]
    return page(
        node(text=words[0], id=ids[0], bounds=(0, 0, 1080, 100)),
        node(hint=words[1], id=ids[1], cls=FIELD, clickable=True, bounds=(0, 200, 1080, 300)),
        node(hint=words[2], id=ids[2], cls=FIELD, clickable=True, bounds=(0, 400, 1080, 500)),
        node(*buttons, *([more] if more else []), cls=ROW, bounds=(0, 900, 1080, 1000)),
    )


def said(screen: Screen, words: str) -> Element:
    return next(one for one in screen.elements if words in (one.text, one.description, one.hint))


def healed(then: Screen, words: str, now: Screen) -> Healed | Unhealed:
    """What healing says; strict locating must not have found it."""
    target = said(then, words)
    selector = make_selector(then, target)
    assert not isinstance(locate(now, selector), Found)
    return heal(then, target, now, selector=selector)


def found(answer: Healed | Unhealed) -> Element:
    assert isinstance(answer, Healed), answer
    return answer.element


def test_a_page_in_another_language_with_all_ids_renamed_is_healed_by_meaning() -> None:
    then, now = form(), form(GERMAN, NEW_IDS)

    answer = healed(then, "Save", now)

    assert found(answer).text == "Speichern"
    assert isinstance(answer, Healed)
    assert "meaning" in answer.by
    assert "'speichern' instead of 'save'" in answer.says


def test_each_button_of_that_page_becomes_itself_and_no_other() -> None:
    then, now = form(), form(GERMAN, NEW_IDS)

    for was, became in zip(ENGLISH[3:], GERMAN[3:], strict=True):
        assert found(heal(then, said(then, was), now)).text == became


def test_words_that_nobody_knows_are_healed_by_a_single_id() -> None:
    odd = ("Qwer", "Tzui", "Opas", "Dfgh", "Jklö", "Yxcv")

    then = form()

    answer = heal(then, said(then, "Save"), form(odd))

    assert found(answer).entry == "save_button"


def test_without_id_and_with_words_that_nobody_knows_one_of_equal_buttons_is_not_guessed() -> None:
    odd = ("Qwer", "Tzui", "Opas", "Dfgh", "Jklö", "Yxcv")

    assert isinstance(healed(form(), "Save", form(odd, NEW_IDS)), Unhealed)


@pytest.mark.parametrize("renamed", [False, True])
def test_what_was_removed_is_not_replaced_by_its_neighbour(renamed: bool) -> None:
    ids = NEW_IDS if renamed else IDS

    assert isinstance(healed(form(), "Save", form(ENGLISH, ids, without="Save")), Unhealed)
    assert isinstance(healed(form(), "Save", form(GERMAN, ids, without="Speichern")), Unhealed)


def test_a_look_alike_in_place_of_what_was_removed_is_not_taken() -> None:
    more = node(text="Save all", id="save_all_button", cls=BUTTON, clickable=True, bounds=(0, 900, 280, 1000))

    assert isinstance(healed(form(), "Save", form(without="Save", more=more)), Unhealed)


def test_a_word_more_is_another_thing_where_the_words_stayed_though_both_may_mean_the_same() -> None:
    def drawer(last: str) -> Screen:
        items = ("Weather", "Calculator", "Recorder", "Compass", "Notes", last)
        at = ((0, 200 + 150 * place, 1080, 340 + 150 * place) for place in range(len(items)))
        shown = (node(text=text, clickable=True, bounds=box) for text, box in zip(items, at, strict=True))
        return page(node(*shown, cls=LIST, id="apps", scrollable=True, bounds=(0, 200, 1080, 2000)))

    assert page_now(drawer("Clear"), drawer("Clear all")) is not None
    assert isinstance(healed(drawer("Clear"), "Clear", drawer("Clear all")), Unhealed)


def test_two_that_fit_are_not_chosen_between() -> None:
    more = node(text="Sichern", id="z9", cls=BUTTON, clickable=True, bounds=(900, 900, 1080, 1000))

    assert isinstance(healed(form(), "Save", form(GERMAN, NEW_IDS, more=more)), Unhealed)


def test_the_opposite_under_the_same_id_is_not_taken() -> None:
    then, swapped = form(), form((*ENGLISH[:3], "Discard", "Cancel", "Delete"))

    answer = heal(then, said(then, "Save"), swapped)

    assert isinstance(answer, Unhealed)
    assert "the opposite" in answer.why


def test_what_was_another_element_is_another_element_now() -> None:
    ids = (*IDS[:3], "cancel_button", "save_button", "delete_button")  # the ids changed places, the words did not
    then, now = form(), form(ENGLISH, ids)

    answer = heal(then, said(then, "Save"), now)

    assert isinstance(answer, Unhealed) or answer.element.text == "Save"


def rows(*names: str, ids: bool = True, header: str = "Contacts") -> Screen:
    made = [
        node(
            node(text=name, id="name" if ids else "", bounds=(100, at * 100, 1000, at * 100 + 90)),
            cls=ROW, clickable=True, bounds=(0, at * 100, 1080, at * 100 + 100),
        )
        for at, name in enumerate(names, 2)
    ]  # fmt: skip
    return page(
        node(text=header, id="header" if ids else "", bounds=(0, 0, 1080, 90)),
        node(*made, id="list" if ids else "", cls=LIST, scrollable=True, bounds=(0, 200, 1080, 1900)),
    )


def test_a_list_goes_by_what_it_says_and_never_by_place() -> None:
    then = rows("Anna", "Bert", "Cleo", "Dora")
    target = then.elements[said(then, "Bert").parent]

    answer = heal(then, target, rows("Anna", "Egon", "Cleo", "Dora", ids=False))

    assert isinstance(answer, Unhealed)


def test_the_value_of_a_slot_has_to_be_said_literally() -> None:
    then = rows("Anna", "Bert", "Cleo", "Dora")
    target = then.elements[said(then, "Bert").parent]
    selector = make_selector(then, target, {"contact": "Bert"})
    now = rows("Anna", "Cleo", "Dora", "Roberta", ids=False, header="People")

    for asked in ("Bert", "Robert"):
        assert isinstance(heal(then, target, now, selector=selector.fill({"contact": asked})), Unhealed)
    row = found(heal(then, target, now, selector=selector.fill({"contact": "Cleo"})))
    assert said(now, "Cleo").parent == row.index


def settings(*labels: str, ids: tuple[str, ...]) -> Screen:
    """Labels with a wordless switch each, every pair in a group of its own."""
    groups = [
        node(
            node(text=label, id=f"{id_}_label", bounds=(0, at * 200, 800, at * 200 + 100)),
            node(id=id_, cls=SWITCH, clickable=True, checkable=True, bounds=(900, at * 200, 1080, at * 200 + 100)),
            cls=ROW, bounds=(0, at * 200, 1080, at * 200 + 150),
        )
        for at, (label, id_) in enumerate(zip(labels, ids, strict=True))
    ]  # fmt: skip
    return page(*groups)


def test_what_says_nothing_is_healed_by_the_words_beside_it() -> None:
    then = settings("Wi-Fi", "Bluetooth", "Dark theme", ids=("w", "b", "d"))
    now = settings("蓝牙", "深色主题", "WLAN", ids=("x1", "x2", "x3"))
    target = next(one for one in then.elements if one.entry == "b")

    answer = heal(then, target, now)

    assert found(answer).entry == "x1"
    assert isinstance(answer, Healed)
    assert "neighbour" in answer.by


def test_a_page_built_alike_that_says_other_things_is_another_page() -> None:
    then = rows("Anna", "Bert", "Cleo", "Dora", header="Contacts of mine")
    now = rows("Egon", "Fred", "Gerd", "Hans", header="Blocked numbers")

    assert page_now(then, now).why_not
    answer = heal(then, said(then, "Contacts of mine"), now)
    assert isinstance(answer, Unhealed)
    assert answer.kind == "another page"


def test_another_app_is_another_page() -> None:
    then, now = form(), page(node(text="Save", cls=BUTTON, clickable=True, package="com.other"), package="com.other")

    answer = heal(then, said(then, "Save"), now)

    assert isinstance(answer, Unhealed)
    assert answer.kind == "another page"


def test_the_same_screens_give_the_same_answer_in_the_same_words() -> None:
    answers = [heal(then, said(then, "Save"), form(GERMAN, NEW_IDS)) for then in (form(), form())]

    assert answers[0] == answers[1]


def test_a_page_alone_is_told_to_be_the_same_after_an_update() -> None:
    world = page_now(form(), form(GERMAN, NEW_IDS))

    assert world.why_not == ""
    assert not world.words_kept
    assert not world.ids_kept


def test_bad_input_is_refused_with_the_reason() -> None:
    then = form()
    with pytest.raises(ValueError, match="of another screen"):
        heal(then, said(form(), "Save"), then)
    selector = make_selector(then, said(then, "Save"), {"what": "Save"})
    with pytest.raises(ValueError, match="still holds what"):
        heal(then, said(then, "Save"), then, selector=selector)


def test_every_dev_dump_heals_to_itself_or_stays_unhealed() -> None:
    """On an unchanged real page, healing never names another element."""
    home = os.environ.get("MOBIMEM_EVAL_DIR")
    if not home:
        pytest.skip("set MOBIMEM_EVAL_DIR to the folder of evaluation data")
    checked = 0
    for file in sorted((Path(home) / "dev" / "screens").glob("*.xml"))[:12]:
        one, other = (parse_hierarchy(file.read_bytes()) for _ in range(2))
        for element in [e for e in one.elements if e.visible and e.clickable][:4]:
            answer = heal(one, element, other)
            checked += 1
            assert isinstance(answer, Unhealed) or answer.element.index == element.index, (file.name, element.index)
    assert checked
