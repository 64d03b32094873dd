"""The client's selectors against a small tree of nodes."""

from __future__ import annotations

from typing import Any

import pytest

from device.virtual.u2.errors import InvalidParams, JavaError
from device.virtual.u2.selector import find_all, parse
from tests.device.virtual.u2.nodes import FakeNode

BITS = {
    "text": 0x1, "textContains": 0x2, "textMatches": 0x4, "textStartsWith": 0x8, "className": 0x10,
    "classNameMatches": 0x20, "description": 0x40, "descriptionContains": 0x80, "descriptionMatches": 0x100,
    "descriptionStartsWith": 0x200, "checkable": 0x400, "checked": 0x800, "clickable": 0x1000,
    "longClickable": 0x2000, "scrollable": 0x4000, "enabled": 0x8000, "focusable": 0x10000, "focused": 0x20000,
    "selected": 0x40000, "packageName": 0x80000, "packageNameMatches": 0x100000, "resourceId": 0x200000,
    "resourceIdMatches": 0x400000, "index": 0x800000, "instance": 0x1000000,
}  # fmt: skip


def sel(*chain: tuple[str, dict[str, Any]], **fields: Any) -> dict[str, Any]:
    """A selector as uiautomator2 sends it: `sel(("child", sel(text="x")), resourceId="y")`."""
    return {
        "mask": sum(BITS[name] for name in fields),
        "childOrSibling": [relation for relation, _ in chain],
        "childOrSiblingSelector": [inner for _, inner in chain],
        **fields,
    }


def tree() -> FakeNode:
    """Two rows in a list, each a label and a switch, and a heading beside the list."""
    return FakeNode(
        children=[
            FakeNode("Settings", "android.widget.TextView", resource_id="org.app:id/title"),
            FakeNode(
                cls="android.widget.ListView",
                resource_id="android:id/list",
                scrollable=True,
                children=[
                    FakeNode(cls="Row", clickable=True, children=[
                        FakeNode("Wi-Fi", "android.widget.TextView"),
                        FakeNode("", "android.widget.Switch", "Use Wi-Fi", checkable=True, checked=True),
                    ]),
                    FakeNode(cls="Row", clickable=True, children=[
                        FakeNode("Bluetooth", "android.widget.TextView"),
                        FakeNode("", "android.widget.Switch", "Use Bluetooth", checkable=True),
                    ]),
                ],
            ),
        ]
    )  # fmt: skip


def found(selector: dict[str, Any], root: FakeNode | None = None) -> list[str]:
    """What the nodes that fit say of themselves."""
    nodes = list((root or tree()).walk())
    return [node.text or node.desc or node.resource_id or node.cls for node in find_all(parse(selector), nodes)]


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        (sel(text="Wi-Fi"), ["Wi-Fi"]),
        (sel(textContains="oo"), ["Bluetooth"]),
        (sel(textStartsWith="Set"), ["Settings"]),
        (sel(textMatches="Wi.*|Blue.*"), ["Wi-Fi", "Bluetooth"]),
        (sel(className="android.widget.Switch"), ["Use Wi-Fi", "Use Bluetooth"]),
        (sel(classNameMatches=r".*\.(ListView|GridView)"), ["android:id/list"]),
        (sel(description="Use Wi-Fi"), ["Use Wi-Fi"]),
        (sel(descriptionContains="Blue"), ["Use Bluetooth"]),
        (sel(descriptionStartsWith="Use "), ["Use Wi-Fi", "Use Bluetooth"]),
        (sel(descriptionMatches="Use .{5}"), ["Use Wi-Fi"]),
        (sel(resourceId="org.app:id/title"), ["Settings"]),
        (sel(resourceIdMatches="android:id/.*"), ["android:id/list"]),
        (sel(packageName="org.other"), []),
        (sel(packageNameMatches="org.*", scrollable=True), ["android:id/list"]),
        (sel(checked=True), ["Use Wi-Fi"]),
        (sel(checkable=True, checked=False), ["Use Bluetooth"]),
    ],
)
def test_each_field_finds_what_it_names(selector: dict[str, Any], expected: list[str]) -> None:
    assert found(selector) == expected


def test_a_regular_expression_has_to_fit_the_whole_text() -> None:
    assert found(sel(textMatches="Blue")) == []
    assert found(sel(textMatches=r"\QWi-Fi\E")) == ["Wi-Fi"]


def test_a_field_outside_the_mask_does_not_count() -> None:
    selector = sel(text="nowhere", className="android.widget.ListView")
    selector["mask"] &= ~BITS["text"]
    assert found(selector) == ["android:id/list"]


def test_an_empty_mask_fits_every_node() -> None:
    assert len(found(sel())) == len(list(tree().walk()))


def test_a_plain_selector_keeps_case_and_a_counting_one_ignores_it() -> None:
    assert found(sel(textContains="BLUE")) == []
    assert found(sel(textContains="BLUE", instance=0)) == ["Bluetooth"]
    assert found(sel(textStartsWith="wi", instance=0)) == ["Wi-Fi"]
    assert found(sel(text="wi-fi", instance=0)) == []


def test_an_absent_text_fits_a_pattern_only_for_a_plain_selector() -> None:
    assert found(sel(textMatches=".*", className="Row")) == ["Row", "Row"]
    assert found(sel(textMatches=".*", className="Row", instance=0)) == []


def test_an_instance_picks_one_of_those_that_fit() -> None:
    assert found(sel(className="android.widget.Switch", instance=1)) == ["Use Bluetooth"]
    assert found(sel(className="android.widget.Switch", instance=2)) == []


def test_an_index_is_the_place_among_the_siblings() -> None:
    assert found(sel(className="android.widget.TextView", index=0)) == ["Settings", "Wi-Fi", "Bluetooth"]
    assert found(sel(className="android.widget.TextView", index=1)) == []


def test_child_searches_everything_below() -> None:
    inner = sel(className="android.widget.TextView")
    assert found(sel(("child", inner), resourceId="android:id/list")) == ["Wi-Fi", "Bluetooth"]


def test_the_instance_of_the_last_selector_counts_over_the_whole_chain() -> None:
    inner = sel(className="android.widget.TextView", instance=1)
    assert found(sel(("child", inner), className="Row")) == ["Bluetooth"]


def test_sibling_searches_everything_below_the_parent() -> None:
    switch = sel(className="android.widget.Switch")
    assert found(sel(("sibling", switch), text="Bluetooth")) == ["Use Bluetooth"]


def test_a_chain_is_applied_from_left_to_right() -> None:
    chain = (("child", sel(text="Wi-Fi")), ("sibling", sel(checkable=True)))
    assert found(sel(*chain, resourceId="android:id/list")) == ["Use Wi-Fi"]


def test_a_chain_inside_a_chain_goes_on_from_its_own_node() -> None:
    inner = sel(("child", sel(text="Bluetooth")), className="Row")
    assert found(sel(("child", inner), resourceId="android:id/list")) == ["Bluetooth"]


def test_overlapping_starts_report_a_node_once() -> None:
    assert found(sel(("child", sel(text="Wi-Fi")))) == ["Wi-Fi"]


def test_nth_replaces_the_instance_of_the_last_selector() -> None:
    rows = parse(sel(("child", sel(className="Row", instance=7)), resourceId="android:id/list"))
    assert rows.nth(1) == parse(sel(("child", sel(className="Row", instance=1)), resourceId="android:id/list"))
    assert parse(sel(text="x")).nth(2) == parse(sel(text="x", instance=2))


def test_a_selector_prints_itself_as_uiselector_does() -> None:
    chain = (("child", sel(className="B", instance=2)), ("sibling", sel(checked=True)))
    shown = str(parse(sel(*chain, text="A")))
    assert shown == "UiSelector[TEXT=A, CHILD=UiSelector[CLASS=B, INSTANCE=2, PARENT=UiSelector[CHECKED=true]]]"


@pytest.mark.parametrize(
    "broken",
    [
        None,
        [],
        {"mask": "1"},
        {"mask": 1},
        {"mask": 1, "text": 5},
        {"mask": 0x400, "checkable": "yes"},
        {"mask": 0x1000000, "instance": -1},
        {"mask": 0, "childOrSibling": ["child"], "childOrSiblingSelector": []},
        {"mask": 0, "childOrSibling": ["cousin"], "childOrSiblingSelector": [{"mask": 0}]},
    ],
)
def test_a_selector_that_cannot_be_read_is_refused(broken: Any) -> None:
    with pytest.raises(InvalidParams):
        parse(broken)


def test_a_pattern_that_cannot_be_compiled_answers_with_javas_exception() -> None:
    with pytest.raises(JavaError, match="PatternSyntaxException"):
        found(sel(textMatches="(unclosed"))
