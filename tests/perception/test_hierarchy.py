"""Reading dumps: everything parses, or is refused with the reason and what to do next."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.actions import Size
from perception.element import Bounds
from perception.errors import HierarchyEmpty, HierarchyRefused, HierarchyTooLarge, HierarchyUnsafe, NotAHierarchy
from perception.rows import read_plain, read_strict
from perception.screen import parse_hierarchy
from tests.perception.pages import CHATS, frame, node, one, page, screen


def test_elements_stand_in_document_order_with_parents_children_and_subtrees() -> None:
    shown = screen(page(frame(node(node(text="a"), node(text="b"), id="box"), node(text="c"))))

    root, box, a, b, c = shown.elements

    assert [element.parent for element in shown.elements] == [-1, 0, 1, 1, 0]
    assert shown.children(root) == (box, c)
    assert shown.subtree(box) == (box, a, b)
    assert list(shown.ancestors(a)) == [box, root]
    assert shown.parent(root) is None


def test_attributes_arrive_as_they_were_sent() -> None:
    shown = screen(
        page(node(text="Ünï & <x>\u200f", desc='say "hi"', id="send", hint="type", checkable=True, bounds=(1, 2, 3, 4)))
    )

    (element,) = shown.elements

    assert (element.text, element.description, element.hint) == ("Ünï & <x>\u200f", 'say "hi"', "type")
    assert (element.resource_id, element.entry) == ("com.app:id/send", "send")
    assert (element.checkable, element.checked, element.enabled, element.clickable) == (True, False, True, False)
    assert element.bounds == Bounds(1, 2, 3, 4)


@pytest.mark.parametrize("bounds", [(5, 5, 5, 9), (50, 50, 10, 10), (-90, -90, -10, -10), (2000, 0, 2100, 50)])
def test_what_has_no_area_on_the_screen_is_kept_but_not_visible(bounds: tuple[int, int, int, int]) -> None:
    shown = screen(page(frame(node(text="x", bounds=bounds))))

    assert one(shown, text="x").bounds == Bounds(*bounds)
    assert not one(shown, text="x").visible
    assert shown.point_on(one(shown, text="x")) is None


def test_missing_attributes_read_as_empty_and_enabled() -> None:
    (element,) = screen('<hierarchy><node text="x" bounds="[0,0][9,9]"/></hierarchy>').elements

    assert (element.description, element.resource_id, element.cls, element.package) == ("", "", "node", "")
    assert element.enabled and element.visible and not element.clickable


def test_appium_tags_are_the_class_names() -> None:
    source = (
        '<hierarchy index="0" class="hierarchy" rotation="1" width="1080" height="2340">'
        '<android.widget.Button index="0" text="OK" bounds="[0,0][90,90]" displayed="false"/></hierarchy>'
    )

    shown = screen(source)

    assert [element.cls for element in shown.elements] == ["android.widget.Button"]
    assert (shown.size, shown.rotation) == (Size(1080, 2340), 1)
    assert not shown.elements[0].visible


def test_several_windows_and_roots_are_read_side_by_side() -> None:
    shown = screen(page(frame(node(text="a")), frame(node(text="b"))) + page(frame(node(text="c"))))

    assert [shown.elements[root].parent for root in shown.roots] == [-1, -1, -1]
    assert "3 roots" in shown.notes


def test_log_lines_around_the_hierarchy_do_not_matter() -> None:
    noisy = f"WARNING: linker & co\n{CHATS}UI hierchary dumped to: /dev/tty\nERROR: null root node returned"

    assert len(screen(noisy).elements) == len(screen(CHATS).elements)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "utf-16-le", "utf-16-be", "utf-32"])
def test_any_unicode_encoding_is_read_whatever_the_declaration_says(encoding: str) -> None:
    data = page(frame(node(text="日本語 한국어"))).encode(encoding)

    assert one(parse_hierarchy(data), text="日本語 한국어")


@pytest.mark.parametrize(
    ("encoding", "text"),
    [("cp949", "안녕하세요 설정 확인"), ("gb18030", "设置 显示 网络连接"), ("shift_jis", "せってい カメラ です")],
)
def test_a_legacy_encoding_under_a_utf8_declaration_is_recognised_by_its_letters(encoding: str, text: str) -> None:
    assert one(parse_hierarchy(page(frame(node(text=text))).encode(encoding)), text=text)


def test_a_dump_cut_mid_tag_keeps_what_is_whole_and_says_so() -> None:
    shown = screen(CHATS[: CHATS.index("Carol") + 2])

    assert shown.truncated
    assert one(shown, text="Bob")
    assert any("cut off" in note for note in shown.notes)
    assert not screen(CHATS).truncated


@pytest.mark.parametrize(
    ("sent", "read"),
    [("a\x01b", "ab"), ("a&b", "a&b"), ("a<b", "a<b"), ("&#55357;&#56832;", "😀"), ("a&#0;b", "ab"), ("a\nb", "a b")],
)
def test_what_xml_forbids_in_a_text_is_repaired(sent: str, read: str) -> None:
    shown = screen(CHATS.replace("Alice", sent))

    assert one(shown, text=read)
    assert not shown.truncated


def test_depth_does_not_matter() -> None:
    deep = node(text="bottom")
    for _ in range(3000):
        deep = node(deep, cls="android.view.ViewGroup")

    assert one(screen(page(deep)), text="bottom").index == 3000


@pytest.mark.parametrize(
    ("data", "kind", "said"),
    [
        ("ERROR: null root node returned by UiTestAutomationBridge.", HierarchyEmpty, "null root node"),
        ("", HierarchyEmpty, "empty text"),
        ("<hierarchy rotation='0'/>", HierarchyEmpty, "no element"),
        ("adb: device offline", NotAHierarchy, "not XML"),
        ("<html><body>x</body></html>", NotAHierarchy, "no element hierarchy"),
        ("<!DOCTYPE html><html/>", HierarchyUnsafe, "doctype"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", NotAHierarchy, "not XML"),
    ],
)  # fmt: skip
def test_what_is_no_hierarchy_is_refused_with_the_reason(data: str | bytes, kind: type[Exception], said: str) -> None:
    with pytest.raises(kind, match=said) as caught:
        parse_hierarchy(data)

    assert isinstance(caught.value, HierarchyRefused)
    assert caught.value.next_step


@pytest.mark.parametrize(
    "attack",
    [
        '<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><hierarchy><node text="&c;"/></hierarchy>',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><hierarchy><node text="&x;" bounds=""/></hierarchy>',
        '<?xml version="1.0"?><!doctype a SYSTEM "http://127.0.0.1/x.dtd"><hierarchy><node bounds=""/></hierarchy>',
    ],
)
def test_entities_and_document_types_are_refused_and_never_expanded(attack: str) -> None:
    with pytest.raises(HierarchyUnsafe):
        parse_hierarchy(attack)


def test_an_unknown_entity_is_kept_as_it_was_written() -> None:
    assert one(screen(CHATS.replace("Alice", "&boom;")), text="&boom;")


@pytest.mark.parametrize("data", [b"<node bounds='[0,0][1,1]'>" * 2_000_000, b"<node bounds='' />" * 60_000])
def test_a_hierarchy_beyond_any_phone_is_refused_at_once(data: bytes) -> None:
    start = time.perf_counter()

    with pytest.raises(HierarchyTooLarge):
        parse_hierarchy(data)

    assert time.perf_counter() - start < 2


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(st.one_of(st.text(max_size=200), st.binary(max_size=200)))
def test_nothing_but_a_refusal_ever_comes_out_of_noise(data: str | bytes) -> None:
    try:
        parse_hierarchy(data)
    except HierarchyRefused as refused:
        assert refused.cause


@given(st.integers(0, len(CHATS)), st.integers(0, len(CHATS)), TEXTS)
def test_nothing_but_a_refusal_ever_comes_out_of_a_damaged_dump(start: int, end: int, noise: str) -> None:
    try:
        shown = parse_hierarchy(CHATS[:start] + noise + CHATS[end:])
    except HierarchyRefused:
        return
    for element in shown.elements:
        assert element.parent < element.index < element.end <= len(shown.elements)


@given(st.lists(TEXTS, min_size=1, max_size=4), TEXTS, st.booleans())
def test_the_fast_reader_accepts_only_what_it_reads_as_the_strict_one_does(
    texts: list[str], description: str, checked: bool
) -> None:
    body = frame(*(node(text=text, desc=description, checked=checked) for text in texts), hint=description)
    plain, (strict, fault) = read_plain(body), read_strict(body)

    if plain is not None and not fault:
        assert [tuple(column) for column in plain.columns] == [tuple(column) for column in strict.columns]
        assert (plain.flags, plain.parents) == (strict.flags, strict.parents)


def test_the_fast_reader_reads_an_ordinary_dump() -> None:
    assert read_plain(CHATS.split("?>", 1)[1]) is not None


@pytest.mark.parametrize(
    "cut", ['<hierarchy rotation="0', '<hierarchy rotation="0"><node text="Send', "<hierarchy rotation="]
)
def test_a_dump_cut_inside_a_value_is_refused_or_read_up_to_there(cut):
    try:
        screen = parse_hierarchy(cut)
    except HierarchyRefused as refused:
        assert refused.next_step
    else:
        assert screen.truncated
