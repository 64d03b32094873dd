"""When a case is solvable: by which of id, meaning, picture and neighbour, and when by none."""

from __future__ import annotations

from dataclasses import dataclass

from mobimem.evals.cases_rule import HELD_BACK, Meanings, Page, evidence
from perception.screen import parse_hierarchy


@dataclass(frozen=True, slots=True)
class One:
    """An element of a small page: a button, unless `cls` says otherwise, in the group of this name."""

    key: str
    text: str = ""
    entry: str = ""
    icon: str = ""
    group: str = "a"
    cls: str = "Button"
    clickable: bool = True
    seen: bool = True


def page(*elements: One) -> Page:
    """The elements in their groups; groups in order of their names."""
    keys, icons, parts = ["root"], [""], []
    for group in sorted({one.group for one in elements}):
        keys.append(f"group {group}")
        icons.append("")
        parts.append('<node class="android.view.ViewGroup" bounds="[0,0][900,900]">')
        for place, one in enumerate(part for part in elements if part.group == group):
            keys.append(one.key)
            icons.append(one.icon)
            parts.append(
                f'<node class="android.widget.{one.cls}" text="{one.text}" clickable="{str(one.clickable).lower()}"'
                f' resource-id="{f"app:id/{one.entry}" if one.entry else ""}" visible-to-user="{str(one.seen).lower()}"'
                f' bounds="[0,{place * 90}][90,{place * 90 + 80}]" />'
            )
        parts.append("</node>")
    root = '<node class="android.widget.FrameLayout" bounds="[0,0][900,900]">'
    screen = parse_hierarchy(f"<hierarchy>{root}{''.join(parts)}</node></hierarchy>")
    assert len(screen.elements) == len(keys)
    return Page(screen, tuple(keys), tuple(icons))


def held(then: Page, now: Page, *meanings: tuple[str, str]) -> tuple[str, ...]:
    made: Meanings = frozenset(meanings)
    return evidence(then, now, "target", made)


OTHER = One("other", "Cancel", "cancel", group="b")


def test_an_unchanged_single_element_is_named_by_id_meaning_and_picture() -> None:
    shown = page(One("target", "Save", "save", "disk"), OTHER)
    assert held(shown, shown) == ("id", "meaning", "picture")


def test_an_element_that_is_gone_or_not_seen_is_not_solvable() -> None:
    then = page(One("target", "Save", "save", "disk"), OTHER)
    assert held(then, page(OTHER)) == ()
    assert held(then, page(One("target", "Save", "save", "disk", seen=False), OTHER)) == ()


def test_an_id_counts_only_if_nothing_else_has_it_before_and_after() -> None:
    then = page(One("target", entry="row"), OTHER)
    assert held(then, page(One("target", entry="row"), OTHER)) == ("id",)
    twice = page(One("target", entry="row"), One("second", entry="row"), OTHER)
    assert held(then, twice) == ()
    assert held(twice, then) == ()
    assert held(then, page(One("target", entry="line"), OTHER)) == ()


def test_meaning_is_the_same_words_in_any_case_or_what_was_put_in_their_place() -> None:
    then = page(One("target", "Save"), OTHER)
    assert held(then, page(One("target", "SAVE"), OTHER)) == ("meaning",)
    now = page(One("target", "Keep"), OTHER)
    assert held(then, now) == ()
    assert held(then, now, ("save", "keep")) == ("meaning",)


def test_meaning_fails_where_something_else_says_or_means_it() -> None:
    then = page(One("target", "Save"), OTHER)
    twin = One("label", "Save", cls="TextView", clickable=False, group="c")
    assert held(then, page(One("target", "Save"), OTHER, twin)) == ()
    assert held(then, page(One("target", "Keep"), OTHER, twin), ("save", "keep")) == ()
    assert held(page(One("target", "Save"), twin), then) == ()


def test_a_picture_counts_only_while_it_is_the_same_and_shown_once() -> None:
    then = page(One("target", icon="disk"), OTHER)
    assert held(then, then) == ("picture",)
    assert held(then, page(One("target", icon="cloud"), OTHER)) == ()
    assert held(then, page(One("target", icon="disk"), One("second", icon="disk"), OTHER)) == ()


def test_a_neighbour_names_the_only_one_of_its_kind_beside_it() -> None:
    label = One("label", "Volume", cls="TextView", clickable=False)
    bar = One("target", cls="SeekBar")
    assert held(page(label, bar, OTHER), page(label, bar, OTHER)) == ("neighbour",)
    louder = One("label", "Loudness", cls="TextView", clickable=False)
    assert held(page(label, bar, OTHER), page(louder, bar, OTHER)) == ()
    assert held(page(label, bar, OTHER), page(louder, bar, OTHER), ("volume", "loudness")) == ("neighbour",)


def test_a_neighbour_is_no_reason_beside_two_of_a_kind_or_where_its_words_stand_twice() -> None:
    label = One("label", "Volume", cls="TextView", clickable=False)
    bar = One("target", cls="SeekBar")
    then = page(label, bar, OTHER)
    assert held(then, page(label, bar, One("second", cls="SeekBar"), OTHER)) == ()
    assert held(then, page(label, bar, One("again", "Volume", cls="TextView", clickable=False, group="b"))) == ()


def test_place_alone_is_no_reason() -> None:
    many = page(*(One(f"other {number}") for number in range(3)), One("target"))
    assert held(many, many) == ()


def test_the_held_back_seeds_are_none_that_a_run_starts_with() -> None:
    assert 0 not in HELD_BACK.seeds
    assert len(HELD_BACK.seeds) >= 50
