from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import ClassVar

from device.virtual.app import App, Page
from device.virtual.window.hierarchy import dump, nodes
from device.virtual.window.view import FILL, View, button, column, edit, icon_button, image, row, text
from tests.device.virtual.window.kit import FORM, HOME, SHOP, Bench, Home

ODD = "com.example.odd"
ATTRIBUTES = re.findall(
    r"\S+",
    """
    index text resource-id class package content-desc checkable checked clickable enabled focusable focused scrollable
    long-clickable password selected visible-to-user bounds drawing-order hint display-id
    """,
)


class OddPage(Page):
    def view(self) -> View:
        return column(
            text('<b> "A" & \x07\x7f\n🙂', id="odd"),
            row(text("inside"), column(image("home")), id="plain"),
            icon_button("close", "", self.host.close, id="nameless"),
            row(text("named"), on_tap=self.host.close, id="named_row"),
            edit("secret", print, id="password", input="password"),
            button("Off", print, id="off", enabled=False),
            text("full", id="android:id/title"),
            text("gone", visible=False),
            width=FILL,
        )


class Odd(App):
    package = ODD
    pages: ClassVar = {".MainActivity": OddPage}
    strings: ClassVar = {"en": {"app_name": "Odd"}}


def odd() -> Bench:
    bench = Bench([Home, Odd])
    bench.page(ODD)
    return bench


def find(xml: str, name: str) -> ET.Element:
    found = ET.fromstring(xml.encode()).find(f".//node[@resource-id='{ODD}:id/{name}']")
    assert found is not None
    return found


def test_the_dump_has_uiautomators_head_and_attribute_order() -> None:
    xml = dump(odd().windows.frame())

    assert xml.startswith(
        "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\r\n<hierarchy rotation=\"0\">\r\n  <node index="
    )
    assert xml.endswith("\r\n</hierarchy>")
    first = re.search(r"<node([^>]*)>", xml)
    assert first is not None
    assert re.findall(r' ([\w-]+)="', first[1]) == ATTRIBUTES


def test_texts_are_escaped_and_control_characters_become_dots() -> None:
    xml = dump(odd().windows.frame())

    assert 'text="&lt;b&gt; &quot;A&quot; &amp; ..&#10;&#128578;"' in xml
    assert find(xml, "odd").get("text") == '<b> "A" & ..\n🙂'


def test_ids_are_full_names_and_only_where_the_view_has_one() -> None:
    xml = dump(odd().windows.frame())

    assert 'text="full" resource-id="android:id/title"' in xml
    assert 'text="inside" resource-id=""' in xml


def test_a_clickable_row_is_clickable_and_its_text_is_not() -> None:
    found = find(dump(odd().windows.frame()), "named_row")

    assert found.get("clickable") == "true"
    assert [child.get("clickable") for child in found] == ["false"]


def test_a_nameless_button_is_marked_and_one_with_named_content_is_not() -> None:
    xml = dump(odd().windows.frame())

    assert find(xml, "nameless").get("NAF") == "true"
    assert find(xml, "named_row").get("NAF") is None
    assert '<node NAF="true" index=' in xml


def test_passwords_are_bullets() -> None:
    found = find(dump(odd().windows.frame()), "password")

    assert (found.get("text"), found.get("password")) == ("••••••", "true")


def test_a_disabled_button_is_clickable_but_not_enabled() -> None:
    found = find(dump(odd().windows.frame()), "off")

    assert (found.get("clickable"), found.get("enabled")) == ("true", "false")


def test_what_is_not_seen_is_not_told_and_bounds_are_what_is_seen(bench: Bench) -> None:
    bench.page()
    frame = bench.windows.frame()
    rows = [node for node in nodes(frame) if node.resource_id == f"{SHOP}:id/item"]
    window = bench.window("app")
    assert window is not None

    assert 5 < len(rows) < 40
    assert rows[-1].bounds.bottom == window.bounds.bottom
    assert rows[-1].box.bounds.bottom >= window.bounds.bottom


def test_an_empty_field_says_its_hint(bench: Bench) -> None:
    bench.page(FORM)
    node = next(node for node in nodes(bench.windows.frame()) if node.resource_id == f"{FORM}:id/name")

    assert (node.text, node.hint) == ("Your name", "Your name")


def test_compressed_leaves_out_plain_layout_and_keeps_its_content() -> None:
    frame = odd().windows.frame()
    full, compressed = nodes(frame), nodes(frame, compressed=True)

    assert f"{ODD}:id/plain" in {node.resource_id for node in full}
    assert f"{ODD}:id/plain" not in {node.resource_id for node in compressed}
    assert {node.text for node in full} == {node.text for node in compressed}
    assert ET.fromstring(dump(frame, compressed=True).encode()).tag == "hierarchy"


def test_the_window_with_the_keys_comes_first_then_the_bars(bench: Bench) -> None:
    bench.page()
    packages = list(dict.fromkeys(node.package for node in nodes(bench.windows.frame())))

    assert packages == [SHOP, "com.android.systemui"]
    assert {node.package for node in nodes(bench.windows.frame(), active_only=True)} == {SHOP}


def test_a_modal_window_hides_the_page_behind_it_but_not_the_bars(bench: Bench) -> None:
    bench.page()
    bench.windows.trouble.crash(SHOP)

    assert {node.package for node in nodes(bench.windows.frame())} == {"android", "com.android.systemui"}


def test_a_secure_page_tells_nothing_of_itself(bench: Bench) -> None:
    bench.windows.start(SHOP, ".HiddenActivity")
    frame = bench.windows.frame()

    assert frame.secure
    assert {node.package for node in nodes(frame)} == {"com.android.systemui"}
    assert dump(frame, active_only=True) == (
        "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\r\n<hierarchy rotation=\"0\" />"
    )


def test_the_rotation_is_told(bench: Bench) -> None:
    bench.windows.rotate(1)

    assert '<hierarchy rotation="1">' in dump(bench.windows.frame())


def test_keys_of_the_keyboard_are_descriptions(bench: Bench) -> None:
    bench.page(FORM)
    bench.tap("name")
    keys = [node for node in nodes(bench.windows.frame()) if node.package == "com.android.inputmethod.latin"]

    assert {"q", "Shift", "Delete"} <= {node.desc for node in keys}
    assert {node.text for node in keys} == {""}


def test_the_depth_can_be_limited(bench: Bench) -> None:
    xml = dump(bench.windows.frame(), max_depth=2)

    assert max(len(line) - len(line.lstrip()) for line in xml.split("\r\n")) == 4


def test_parents_and_children_know_each_other(bench: Bench) -> None:
    bench.windows.frame()
    for node in nodes(bench.windows.frame()):
        assert all(child.parent is node for child in node.children)
        assert [child.index for child in node.children] == list(range(len(node.children)))


def test_a_page_stands_inside_androids_own_content_frame(bench: Bench) -> None:
    found = [
        node for node in nodes(bench.windows.frame(), active_only=True) if node.resource_id == "android:id/content"
    ]

    assert [node.package for node in found] == [HOME]
    assert found[0].parent is not None and found[0].parent.cls == "android.widget.FrameLayout"
