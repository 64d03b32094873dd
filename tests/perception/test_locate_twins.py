"""What is alike is told apart by what is said with it, in it and around it; by its place only while nothing moved."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from perception.element import Element
from perception.locate import Ambiguous, Found, NotFound, locate
from perception.screen import Screen
from perception.selector import READABLE, VERSION, Selector, make_selector
from tests.perception.pages import chats, frame, node, one, page, row, screen

NAMES = ("Alice", "Bob", "Carol", "Dora", "Emil")
ORDERS = st.lists(st.sampled_from(NAMES), min_size=1, unique=True)


def found(answer: object) -> Element:
    assert isinstance(answer, Found), answer
    return answer.element


def switches(names: Sequence[str]) -> Screen:
    """A list of names, each with a switch that has neither words nor an id."""

    def item(place: int, name: str) -> str:
        y = 300 + 150 * place
        return node(
            node(text=name, bounds=(20, y, 700, y + 150)),
            node(cls="android.widget.Switch", checkable=True, clickable=True, bounds=(800, y, 1060, y + 150)),
            cls="android.widget.LinearLayout", bounds=(0, y, 1080, y + 150),
        )  # fmt: skip

    return screen(chats(*(item(place, name) for place, name in enumerate(names))))


def switch_of(shown: Screen, name: str) -> Element:
    item = shown.elements[one(shown, text=name).parent]
    return next(part for part in shown.subtree(item) if part.checkable)


@given(ORDERS, st.sampled_from(NAMES))
def test_a_nameless_element_of_a_reordered_list_is_found_only_with_its_rows_words(now: list[str], name: str) -> None:
    then, after = switches(NAMES), switches(now)

    answer = locate(after, make_selector(then, switch_of(then, name)))

    if isinstance(answer, Found):
        assert answer.element is switch_of(after, name)
    assert name in now or not isinstance(answer, Found)


def test_a_nameless_element_of_a_reordered_list_is_found_again() -> None:
    then, after = switches(NAMES), switches(NAMES[::-1])

    assert found(locate(after, make_selector(then, switch_of(then, "Bob")))) is switch_of(after, "Bob")


# -- beside what they stand


def line(*saids: str) -> Screen:
    """A row of equal things with a description each, as page indicators are."""
    dots = (
        node(
            cls="android.widget.ImageView", desc=said, clickable=True, bounds=(60 * place, 2000, 60 * place + 50, 2050)
        )
        for place, said in enumerate(saids)
    )
    group = node(*dots, cls="android.widget.LinearLayout", bounds=(0, 2000, 1080, 2050))
    return screen(page(frame(node(text="Weather"), node(text="Clock"), group)))


def dots(shown: Screen, said: str) -> list[Element]:
    return [element for element in shown.elements if element.description == said]


LINE = ("Home", "Page", "Second", "Page", "Last", "Page")


@given(st.permutations(LINE), st.integers(0, 2))
def test_twins_in_one_row_are_never_mixed_up_by_what_stands_beside_them(now: list[str], twin: int) -> None:
    then, after = line(*LINE), line(*now)  # nobody could see that two of them changed places: their order is the truth

    answer = locate(after, make_selector(then, dots(then, "Page")[twin]))

    if isinstance(answer, Found):
        assert answer.element is dots(after, "Page")[twin]


def test_twins_in_one_row_are_found_where_nothing_moved_and_are_several_where_it_did() -> None:
    then = line(*LINE)
    selector = make_selector(then, dots(then, "Page")[1])

    assert found(locate(then, selector)) is dots(then, "Page")[1]
    assert isinstance(locate(line("Second", "Page", "Home", "Page", "Last", "Page"), selector), Ambiguous)


def cards(*titles: str) -> Screen:
    """Cards that stand still, each with a title and a button that is the same in all of them."""

    def card(place: int, title: str) -> str:
        y = 300 + 300 * place
        return node(
            node(text=title, bounds=(0, y, 1080, y + 100)),
            node(text="Open", cls="android.widget.Button", clickable=True, bounds=(0, y + 100, 1080, y + 200)),
            cls="android.widget.LinearLayout", bounds=(0, y, 1080, y + 200),
        )  # fmt: skip

    return screen(page(frame(*(card(place, title) for place, title in enumerate(titles)))))


def button_of(shown: Screen, title: str) -> Element:
    item = shown.elements[one(shown, text=title).parent]
    return next(part for part in shown.subtree(item) if part.clickable)


@given(st.permutations(("Rent", "Savings", "Travel", "Phone")), st.sampled_from(("Rent", "Savings", "Travel", "Phone")))
def test_a_twin_that_stands_alone_with_its_title_is_followed(now: list[str], title: str) -> None:
    then, after = cards("Rent", "Savings", "Travel", "Phone"), cards(*now)

    assert found(locate(after, make_selector(then, button_of(then, title)))) is button_of(after, title)


# -- what they hold


def offers(*inside: str) -> Screen:
    """Things that all say the same of themselves and hold a text each."""

    def offer(place: int, said: str) -> str:
        y = 300 + 200 * place
        return node(
            node(text=said, bounds=(20, y + 20, 900, y + 180)),
            desc="From 9.99", cls="android.view.View", clickable=True, bounds=(0, y, 1080, y + 200),
        )  # fmt: skip

    return screen(chats(*(offer(place, said) for place, said in enumerate(inside))))


def offer_with(shown: Screen, said: str) -> Element:
    return shown.elements[one(shown, text=said).parent]


@given(ORDERS, st.sampled_from(NAMES))
def test_things_that_say_the_same_are_told_apart_by_what_they_hold(now: list[str], said: str) -> None:
    then, after = offers(*NAMES), offers(*now)

    answer = locate(after, make_selector(then, offer_with(then, said)))

    if len(now) == len(NAMES):
        assert found(answer) is offer_with(after, said)
    elif isinstance(answer, Found):
        assert said in now and answer.element is offer_with(after, said)


def field(inside: str) -> Screen:
    """A field without words or an id of its own, its hint in a text in it, between two icons."""
    icon: dict[str, Any] = {"cls": "android.widget.ImageView", "clickable": True}
    box = node(
        node(text=inside, bounds=(150, 100, 500, 200)),
        cls="android.widget.EditText", clickable=True, bounds=(150, 100, 900, 200),
    )  # fmt: skip
    said = (node(text=text, bounds=(0, 400 + 60 * n, 900, 450 + 60 * n)) for n, text in enumerate(NAMES))
    bar = (node(desc="Back", bounds=(0, 100, 140, 200), **icon), box, node(desc="Scan", bounds=(920, 100, 1060, 200)))
    return screen(page(frame(*bar, *said)))


def test_a_nameless_field_that_holds_other_words_is_another_one() -> None:
    then = field("Search")
    selector = make_selector(then, next(element for element in then.elements if element.editable))

    assert found(locate(field("Search"), selector)).editable
    answer = locate(field("Search for everyone"), selector)
    assert isinstance(answer, NotFound)
    assert "what stands in it" in answer.why


# -- a name that moved


def test_a_name_that_another_row_says_now_does_not_make_it_that_row() -> None:
    then = screen(chats(row(0, "Alice", "See you"), row(1, "Bob", "Thanks"), row(2, "Carol", "On my way")))
    after = screen(chats(row(0, "Carol", "On my way"), row(1, "Alice", "Thanks")))

    answer = locate(after, make_selector(then, one(then, text="Alice")))

    assert isinstance(answer, NotFound)
    assert "was said with another element" in answer.why


def test_a_row_with_news_is_the_row_it_was() -> None:
    then = screen(chats(row(0, "Alice", "See you"), row(1, "Bob", "Thanks")))
    after = screen(chats(row(0, "Bob", "Thanks"), row(1, "Alice", "Call me back")))

    assert found(locate(after, make_selector(then, one(then, text="Alice")))) is one(after, text="Alice")


def test_a_state_that_several_rows_are_in_tells_nothing_about_one_of_them() -> None:
    then = screen(chats(row(0, "Bluetooth", "Connected"), row(1, "Hotspot", "Off"), row(2, "Printing", "Off")))
    after = screen(chats(row(0, "Bluetooth", "Off"), row(1, "Hotspot", "Off"), row(2, "Printing", "Off")))

    assert found(locate(after, make_selector(then, one(then, text="Bluetooth")))) is one(after, text="Bluetooth")


def test_a_name_that_is_said_twice_now_is_not_followed_away_from_where_it_stood_by_a_state() -> None:
    then = screen(chats(row(0, "Dark theme", "Off"), row(1, "Rotate", "Off"), row(2, "Sounds", "Off")))
    after = screen(chats(row(0, "Dark theme", "On"), row(1, "Rotate", "Off"), row(2, "Dark theme", "Off")))
    item = then.elements[one(then, text="Dark theme").parent]

    assert isinstance(locate(after, make_selector(then, item)), Ambiguous)


# -- what was recorded before


def old(selector: Selector) -> Selector:
    """As the first version wrote it: without what stands in the element and without its rank."""
    data = selector.to_data() | {"version": min(READABLE)}
    assert data.pop("rank") >= 0 and isinstance(data.pop("within"), int) and min(READABLE) < VERSION
    return Selector.from_data(data)


def test_an_older_selector_is_read_and_finds_what_it_found() -> None:
    then = line(*LINE)

    for element in then.visible_elements():
        assert found(locate(then, old(make_selector(then, element)))) is element


def test_an_older_selector_is_not_followed_to_another_place_either() -> None:
    then = line(*LINE)
    selector = old(make_selector(then, dots(then, "Page")[1]))

    for now in itertools.islice(itertools.permutations(LINE), 60):
        answer = locate(line(*now), selector)
        at = dots(then, "Page")[1].bounds
        assert not isinstance(answer, Found) or answer.element.bounds == at


@given(st.lists(st.sampled_from(("Off", "On")), min_size=3, max_size=3))
def test_equal_rows_are_not_told_apart_by_rank_after_one_is_gone(states: list[str]) -> None:
    assume(states.count("Off") > 1)
    then = offers(*states)
    first = next(element for element in then.elements if element.description == "From 9.99")
    gone = offers(*states[1:])

    answer = locate(gone, make_selector(then, first))

    if isinstance(answer, Found):
        assert states.count(states[0]) == 1
