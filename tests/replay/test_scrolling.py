"""Looking through a list: down to its end, up to the other, and no further."""

from __future__ import annotations

from device.actions import Direction, Size
from device.fake import node, tree
from perception.screen import Screen, parse_hierarchy
from replay.scrolling import Search, content, scroll_on

SIZE = Size(1000, 2000)


def listing(first: int, *, clock: str = "12:00", cls: str = "androidx.recyclerview.widget.RecyclerView") -> Screen:
    rows = "".join(node(f"row {first + i}", bounds=(0, 200 + 100 * i, 1000, 300 + 100 * i)) for i in range(10))
    lister = node(bounds=(0, 200, 1000, 1900), scrollable="true", _class=cls).replace(" />", f">{rows}</node>")
    whole = node(bounds=(0, 0, 1000, 2000)).replace(" />", f">{lister}</node>")
    bar = node(clock, bounds=(0, 0, 1000, 80), package="com.android.systemui")
    return parse_hierarchy(tree(whole, bar), size=SIZE, package="com.example.fake")


def searched(positions: int, start: int, most: int = 50) -> list[Direction]:
    """The scrolls over a list of so many positions, begun at one of them, until the search ends."""
    at, search, done = start, Search(), list[Direction]()
    while (on := scroll_on(search, listing(at * 10), most=most)) is not None:
        search, scroll = on
        done.append(scroll.direction)
        at = min(positions - 1, at + 1) if scroll.direction == "down" else max(0, at - 1)
    return done


def test_both_ends_are_seen_and_the_search_ends() -> None:
    assert searched(3, start=1) == ["down"] * 2 + ["up"] * 3
    assert searched(1, start=0) == ["down", "up"]


def test_a_list_without_end_is_given_up_after_a_limit() -> None:
    assert len(searched(10_000, start=0, most=40)) == 40


def test_a_page_that_does_not_scroll_is_not_searched() -> None:
    still = parse_hierarchy(tree(node("page", bounds=(0, 0, 1000, 2000))), size=SIZE)
    assert scroll_on(Search(), still, most=40) is None
    assert scroll_on(Search(), listing(0, cls="android.widget.HorizontalScrollView"), most=40) is None


def test_the_clock_in_the_status_bar_is_no_content() -> None:
    assert content(listing(0, clock="12:00")) == content(listing(0, clock="12:01"))
    assert content(listing(0)) != content(listing(10))
