"""Finding an element again: where it is, and never another one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perception.element import Element
from perception.errors import SelectorMalformed, SlotUnfilled
from perception.locate import Ambiguous, Found, NotFound, locate
from perception.screen import Screen
from perception.selector import VERSION, Selector, make_selector
from tests.perception.pages import ALICE, BOB, CAROL, CHATS, chats, frame, node, one, page, row, screen


def found(answer: object) -> Element:
    assert isinstance(answer, Found), answer
    return answer.element


def in_row(shown: Screen, name: str, entry: str) -> Element:
    title = one(shown, text=name)
    (item,) = (above for above in shown.ancestors(title) if above.clickable)
    return next(part for part in shown.subtree(item) if part.entry == entry)


def test_every_element_is_found_on_its_own_screen() -> None:
    shown = screen(CHATS)
    for element in shown.visible_elements():
        assert found(locate(shown, make_selector(shown, element))) is element


def test_the_answer_says_which_evidence_agreed_and_how_far_behind_the_next_one_is() -> None:
    shown = screen(CHATS)

    answer = locate(shown, make_selector(shown, one(shown, entry="back")))

    assert isinstance(answer, Found)
    assert (answer.score, answer.margin) == (1.0, 1.0)
    assert {reason.piece: reason.verdict for reason in answer.reasons}["id"] == "agrees"


def test_an_element_is_followed_when_its_list_is_reordered() -> None:
    before, after = (
        screen(CHATS),
        screen(chats(row(0, "Carol", "On my way"), row(1, "Alice", "See you"), row(2, "Bob"))),
    )

    assert found(locate(after, make_selector(before, one(before, text="Alice")))) is one(after, text="Alice")


def test_the_same_button_in_every_row_is_told_apart_by_its_row() -> None:
    before, after = screen(CHATS), screen(chats(row(0, "Bob", "Thanks"), row(1, "Alice", "new message")))

    answer = locate(after, make_selector(before, in_row(before, "Alice", "more")))

    assert found(answer) is in_row(after, "Alice", "more")


def test_a_row_that_is_gone_is_not_found_although_another_took_its_place() -> None:
    before, after = screen(CHATS), screen(chats(row(0, "Bob", "Thanks"), row(1, "Carol", "On my way")))

    for element in (one(before, text="Alice"), in_row(before, "Alice", "more"), in_row(before, "Alice", "avatar")):
        answer = locate(after, make_selector(before, element))
        assert isinstance(answer, NotFound), answer
        assert answer.why


def test_two_rows_that_both_fit_are_ambiguous() -> None:
    before, after = screen(CHATS), screen(chats(ALICE, BOB, row(2, "Alice", "See you")))

    answer = locate(after, make_selector(before, one(before, text="Alice")))

    assert isinstance(answer, Ambiguous)
    assert len(answer.candidates) == 2


@pytest.mark.parametrize("other", [page(frame(node(text="Alice", id="title"))), CHATS.replace("com.app", "com.evil")])
def test_the_same_text_on_another_page_is_not_the_element(other: str) -> None:
    before = screen(CHATS)

    answer = locate(screen(other), make_selector(before, one(before, text="Alice")))

    assert isinstance(answer, NotFound)
    assert "another page" in answer.why
    assert answer.closest is not None and answer.closest.element.text == "Alice"


def test_a_reworded_button_is_found_by_its_single_id() -> None:
    before, after = screen(CHATS), screen(CHATS.replace('"Navigate up"', '"Go back"'))

    assert found(locate(after, make_selector(before, one(before, entry="back")))).description == "Go back"


def test_a_renamed_id_is_healed_when_the_rest_agrees() -> None:
    before, after = screen(CHATS), screen(CHATS.replace("com.app:id/", "com.app:id/v2_"))

    assert found(locate(after, make_selector(before, one(before, entry="search")))) is one(after, entry="v2_search")


def test_an_icon_without_text_is_not_replaced_by_its_neighbour() -> None:
    before = screen(CHATS)
    start = CHATS.index('<node index="0" text="" resource-id="com.app:id/search"')
    without = CHATS[:start] + CHATS[CHATS.index("/>", start) + 2 :]

    for after in (without, without.replace("com.app:id/", "com.app:id/v2_")):
        assert not isinstance(locate(screen(after), make_selector(before, one(before, entry="search"))), Found)


def icons(count: int, *labels: str) -> str:
    look: dict[str, Any] = {"cls": "android.widget.ImageView", "clickable": True}
    drawn = (node(bounds=(100 * place, 100, 100 * place + 90, 190), **look) for place in range(count))
    return page(
        frame(
            *drawn, *(node(text=label, bounds=(0, 600 + 100 * n, 500, 690 + 100 * n)) for n, label in enumerate(labels))
        )
    )


def test_icons_alike_are_found_by_rank_only_while_all_of_them_are_there() -> None:
    before = screen(icons(4, "One", "Two"))
    selector = make_selector(before, before.elements[2])

    assert selector.twins == 4
    assert found(locate(before, selector)).index == 2
    assert not isinstance(locate(screen(icons(3, "One", "Two")), selector), Found)
    assert not isinstance(locate(screen(icons(5, "One", "Two")), selector), Found)


def test_a_point_is_never_followed_where_the_element_is_another() -> None:
    button: dict[str, Any] = {"cls": "android.widget.Button", "bounds": (0, 900, 1080, 1000), "clickable": True}
    before = screen(page(frame(node(text="Cancel order"), node(text="Keep", **button))))
    after = screen(page(frame(node(text="Cancel order"), node(text="Delete", **button))))

    assert isinstance(locate(after, make_selector(before, one(before, text="Keep"))), NotFound)


def test_typed_text_and_switch_state_are_no_evidence() -> None:
    def form(typed: str, state: str) -> str:
        field = node(text=typed, cls="android.widget.EditText", id="subject", bounds=(0, 100, 1080, 200))
        switch = node(text=state, cls="android.widget.Switch", id="urgent", checked=state == "ON", checkable=True)
        return page(frame(node(text="Subject"), field, switch))

    before, after = screen(form("", "OFF")), screen(form("hello", "ON"))

    assert found(locate(after, make_selector(before, one(before, entry="subject")))).text == "hello"
    assert found(locate(after, make_selector(before, one(before, entry="urgent")))).text == "ON"


def test_what_was_typed_is_never_stored() -> None:
    shown = screen(page(frame(node(text="hunter2", cls="android.widget.EditText", id="pw", password=True))))

    assert "hunter2" not in json.dumps(make_selector(shown, one(shown, entry="pw")).to_data())


def test_an_invisible_element_is_not_found() -> None:
    before = screen(CHATS)
    after = screen(CHATS.replace('text="Calls"', 'text="Calls" visible-to-user="false"'))

    assert isinstance(locate(after, make_selector(before, one(before, text="Calls"))), NotFound)


def test_a_slot_finds_another_value_in_another_place() -> None:
    before, after = screen(CHATS), screen(chats(row(0, "Dora", "x"), row(1, "Emil", "y"), row(2, "Bob", "Thanks")))
    selector = make_selector(before, one(before, text="Alice"), {"contact": "Alice"})

    assert selector.slots == ("contact",)
    assert "Alice" not in json.dumps(selector.to_data())
    assert found(locate(after, selector.fill({"contact": "emil"}))) is one(after, text="Emil")
    assert isinstance(locate(after, selector.fill({"contact": "Em"})), NotFound)
    assert isinstance(locate(after, selector.fill({"contact": "Zoe"})), NotFound)


def test_a_slot_in_the_row_finds_the_rows_button() -> None:
    before, after = screen(CHATS), screen(chats(row(0, "Dora", "x"), row(1, "Emil", "y"), row(2, "Bob", "Thanks")))
    selector = make_selector(before, in_row(before, "Alice", "more"), {"contact": "Alice"})

    assert found(locate(after, selector.fill({"contact": "Emil"}))) is in_row(after, "Emil", "more")


def test_two_rows_with_the_slots_value_are_ambiguous() -> None:
    before, after = screen(CHATS), screen(chats(row(0, "Dora", "x"), row(1, "Emil", "y"), row(2, "Emil", "z")))
    selector = make_selector(before, one(before, text="Alice"), {"contact": "Alice"}).fill({"contact": "Emil"})

    assert isinstance(locate(after, selector), Ambiguous)


def test_a_slot_without_a_value_is_an_error_and_not_a_guess() -> None:
    shown = screen(CHATS)
    selector = make_selector(shown, one(shown, text="Alice"), {"contact": "Alice"})

    for use in (lambda: locate(shown, selector), lambda: selector.fill({}), lambda: selector.fill({"contact": " "})):
        with pytest.raises(SlotUnfilled, match="contact"):
            use()


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=10)


@given(TEXTS, TEXTS, st.integers(0, 3))
def test_a_selector_survives_json_and_still_finds_its_element(title: str, message: str, place: int) -> None:
    shown = screen(chats(row(0, title or "t", message), BOB, CAROL))
    element = shown.visible_elements()[place]
    selector = make_selector(shown, element, {"slot": title})
    again = Selector.from_data(json.loads(json.dumps(selector.to_data())))

    assert again == selector
    if not again.slots:
        assert found(locate(shown, again)) is element


@pytest.mark.parametrize("data", [{}, {"version": VERSION}, {"version": VERSION + 1}, {"version": VERSION, "size": 3}])
def test_data_that_is_no_selector_of_this_version_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(SelectorMalformed):
        Selector.from_data(data)


def test_an_element_of_another_screen_makes_no_selector() -> None:
    with pytest.raises(ValueError, match="another screen"):
        make_selector(screen(CHATS), screen(CHATS).elements[3])


def test_a_point_is_the_middle_of_what_is_left_of_an_element() -> None:
    shown = screen(CHATS)
    point = shown.point_on(one(shown, entry="back"))

    assert point is not None and (point.x_px, point.y_px, point.measured_on) == (59, 159, shown.size)


def test_a_button_that_now_says_the_opposite_is_not_it_though_its_id_is_the_same() -> None:
    def bar(said: str) -> Screen:
        return screen(chats(ALICE, BOB, extra=node(id="act", cls="android.widget.Button", text=said, clickable=True)))

    then = bar("Save")
    selector = make_selector(then, one(then, entry="act"))

    assert isinstance(locate(bar("Store"), selector), Found)
    assert isinstance(locate(bar("Discard"), selector), NotFound)


def test_a_nameless_part_of_a_list_is_not_found_by_its_place_once_the_list_says_other_things() -> None:
    def listed(*rows: str) -> Screen:
        sliver = node(cls="android.widget.LinearLayout", clickable=True, bounds=(0, 2090, 1080, 2100))
        return screen(chats(*rows, sliver))

    then = listed(ALICE, BOB)
    (sliver,) = (
        element for element in then.elements if element.short_cls == "LinearLayout" and element.bounds.top == 2090
    )
    selector = make_selector(then, sliver)

    assert found(locate(listed(ALICE, BOB), selector)).bounds.top == 2090
    assert isinstance(locate(listed(BOB, CAROL), selector), NotFound)
