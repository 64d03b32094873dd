"""The changes that cases make to a page: what they change, what they keep, and when they do not apply."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from device.actions import Size
from mobimem.evals.cases_changes import SIZES, TREE_CHANGES, Turn
from mobimem.evals.cases_tree import Node, Tree, clip, fit, laid_again, page
from perception.element import CLICKABLE, SCROLLABLE, SELECTED, VISIBLE, Bounds

APP = "com.example.shop"


def node(key: str, box: tuple[int, int, int, int], *children: Node, flags: int = VISIBLE, **fields: str) -> Node:
    texts = {name: fields.get(name, "") for name in ("text", "description", "hint", "resource_id")}
    cls = fields.get("cls", "android.widget.TextView")
    return Node(key, **texts, cls=cls, package=APP, bounds=Bounds(*box), flags=flags, children=list(children))


def shop() -> Tree:
    """A bar with two buttons, and a list of four rows."""
    tapped = VISIBLE | CLICKABLE
    back = node("back", (0, 0, 100, 100), text="Back", resource_id=f"{APP}:id/nav_back", flags=tapped)
    save = node("save", (300, 0, 400, 100), text="Save", resource_id=f"{APP}:id/btn_save", flags=tapped)
    bar = node("bar", (0, 0, 400, 100), back, save)
    rows = [_row(place, name) for place, name in enumerate(("Music", "News", "Weather", "Calendar"))]
    listed = node("list", (0, 100, 400, 700), *rows, cls="android.widget.ListView", flags=VISIBLE | SCROLLABLE)
    return Tree([node("root", (0, 0, 400, 800), bar, listed)], Size(400, 800), APP)


def _row(place: int, name: str) -> Node:
    top = 100 + 150 * place
    title = node(f"name{place}", (0, top, 400, top + 80), text=name, resource_id="android:id/title")
    row = (0, top, 400, top + 150)
    return node(f"row{place}", row, title, cls="android.widget.LinearLayout", flags=VISIBLE | CLICKABLE)


def done(name: str, key: str, *, seed: int = 1, goes: bool = False) -> Turn:
    turn = Turn(shop(), key, Random(seed), goes)
    assert TREE_CHANGES[name](turn)
    return turn


def found(turn: Turn, key: str) -> Node:
    node = turn.tree.find(key)
    assert node is not None
    return node


def each(check: Callable[[Turn], None], name: str, key: str, *, goes: bool = False) -> None:
    for seed in range(20):
        check(done(name, key, seed=seed, goes=goes))


def test_renamed_ids_are_new_names_and_androids_own_stay() -> None:
    def check(turn: Turn) -> None:
        assert found(turn, "save").resource_id not in ("", f"{APP}:id/btn_save")
        assert found(turn, "save").resource_id.startswith(f"{APP}:id/")
        assert found(turn, "name0").resource_id == "android:id/title"

    each(check, "ids renamed", "save")


def test_reworded_says_the_same_in_other_words_and_tells_what_it_put_in_place() -> None:
    def check(turn: Turn) -> None:
        assert found(turn, "save").text in ("Keep changes", "Store")
        assert ("save", found(turn, "save").text.casefold()) in turn.meanings

    each(check, "reworded", "save")


def test_another_locale_is_one_language_for_the_whole_page() -> None:
    turn = done("other locale", "save", seed=4)

    assert found(turn, "save").text != "Save"
    assert {one for one, _ in turn.meanings} >= {"save", "back", "music", "news", "weather"}


def test_a_page_of_which_less_than_half_is_known_speaks_no_other_language() -> None:
    tree = shop()
    for place in range(4):
        row = tree.find(f"name{place}")
        assert row is not None
        row.text = f"a name of somebody {'abcd'[place]}"

    assert not TREE_CHANGES["other locale"](Turn(tree, "save", Random(1)))


def test_a_reordered_list_holds_the_same_rows_in_the_same_room() -> None:
    orders = set()
    for seed in range(12):
        turn = Turn(shop(), "row1", Random(seed))
        if TREE_CHANGES["re-ordered list"](turn):
            rows = found(turn, "list").children
            orders.add(tuple(row.key for row in rows))
            assert [row.bounds.top for row in rows] == [100, 250, 400, 550]
            assert all(row.children[0].bounds.top == row.bounds.top for row in rows)
    assert len(orders) > 3


def test_moving_keeps_everything_that_fits_and_changes_a_place() -> None:
    before = {one.key: one.bounds for one in shop().walk()}

    def check(turn: Turn) -> None:
        assert any(before.get(one.key, one.bounds) != one.bounds for one in turn.tree.walk())
        assert turn.tree.find("save") is not None

    each(check, "moved", "save")


def test_what_is_alike_in_everything_never_changes_places() -> None:
    for seed in range(12):
        dots = [node(f"dot{place}", (50 * place, 0, 50 * place + 40, 40), text="Page") for place in range(4)]
        dots[1].flags |= SELECTED  # a state, and another one at the next look
        tree = Tree([node("root", (0, 0, 400, 800), node("row", (0, 0, 200, 40), *dots))], Size(400, 800), APP)
        row = tree.find("row")
        TREE_CHANGES["moved"](Turn(tree, "dot1", Random(seed)))
        assert row is not None
        assert [one.key for one in row.children if one.key.startswith("dot")] == [dot.key for dot in dots]


def test_another_size_keeps_children_inside() -> None:
    def check(turn: Turn) -> None:
        assert turn.tree.size in SIZES
        parents = turn.tree.parents()
        for one in turn.tree.walk():
            if one.key in parents:
                assert one.bounds.meet(parents[one.key].bounds) == one.bounds

    each(check, "other size", "save")


def test_a_removed_row_leaves_no_gap_and_nothing_of_itself() -> None:
    turn = done("element removed", "row1", goes=True)

    assert turn.tree.find("row1") is None
    assert turn.tree.find("name1") is None
    assert [row.bounds.top for row in found(turn, "list").children] == [100, 250, 400]


def test_a_root_is_not_removed() -> None:
    assert not TREE_CHANGES["element removed"](Turn(shop(), "root", Random(1)))


def test_a_duplicate_label_is_on_something_else() -> None:
    def check(turn: Turn) -> None:
        saying = [one.key for one in turn.tree.walk() if one.text == "Save"]
        assert len(saying) == 2
        assert "save" in saying

    each(check, "duplicate labels", "save")


def test_beside_a_target_that_goes_no_other_of_its_kind_takes_its_words() -> None:
    def check(turn: Turn) -> None:
        (other,) = [one for one in turn.tree.walk() if one.text == "Save" and one.key != "save"]
        line = [other, *turn.tree.above(other.key)]
        assert all((one.cls, one.flags) != (turn.target.cls, turn.target.flags) for one in line)

    for seed in range(20):
        turn = Turn(shop(), "save", Random(seed), goes=True)
        if TREE_CHANGES["duplicate labels"](turn):
            check(turn)


def test_a_look_alike_shares_the_room_of_the_target() -> None:
    def check(turn: Turn) -> None:
        (made,) = [one for one in turn.tree.walk() if one.key.startswith("new ")]
        target = found(turn, "save")
        assert made.bounds.meet(target.bounds).area_px == 0
        assert "Save" in made.text or "save" in made.text.lower()
        assert page(turn.tree).element("save") is not None

    each(check, "look-alike added", "save")


def test_a_picture_is_replaced_only_where_there_is_one() -> None:
    assert not TREE_CHANGES["icon replaced"](Turn(shop(), "save", Random(1)))
    tree = shop()
    save = tree.find("save")
    assert save is not None
    save.icon = "disk"
    assert TREE_CHANGES["icon replaced"](Turn(tree, "save", Random(1)))
    assert save.icon not in ("disk", "")


@pytest.mark.parametrize("from_right", [False, True])
def test_a_row_laid_again_keeps_its_gaps(from_right: bool) -> None:
    one, other = node("one", (0, 0, 10, 10)), node("other", (30, 0, 90, 10))
    row = node("row", (0, 0, 90, 10), *((other, one) if from_right else (one, other)))

    laid_again(row, list(reversed(row.children)))

    assert sorted((one.bounds.left, one.bounds.right) for one in row.children) == [(0, 60), (80, 90)]


def test_what_leaves_its_box_is_cut_or_gone() -> None:
    inside, over, out = node("in", (0, 0, 9, 9)), node("over", (0, 5, 9, 15)), node("out", (0, 20, 9, 30))
    box = node("box", (0, 0, 9, 10), inside, over, out)

    clip(box, box.bounds)

    assert [one.key for one in box.children] == ["in", "over"]
    assert over.bounds == Bounds(0, 5, 9, 10)


def test_fitting_draws_all_that_stands_in_it() -> None:
    part = node("part", (50, 50, 100, 100))
    whole = node("whole", (0, 0, 100, 100), part)

    fit(whole, Bounds(100, 0, 150, 200))

    assert part.bounds == Bounds(125, 100, 150, 200)
