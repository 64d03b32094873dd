from __future__ import annotations

import pytest

from tests.device.virtual.window.kit import FORM, Bench

ADB_KEYBOARD = "com.github.uiautomator/.AdbKeyboard"


def test_typing_without_a_focused_field_is_refused(bench: Bench) -> None:
    bench.page(FORM)

    assert not bench.windows.type_text("hello")
    assert bench.windows.focused() is None


def test_a_tap_gives_a_field_the_focus_and_brings_up_the_keyboard(bench: Bench) -> None:
    page = bench.page(FORM)

    bench.tap("name")

    assert bench.windows.keyboard_shown
    assert bench.windows.type_text("Zoë 你好 🙂")
    assert page.values["name"] == "Zoë 你好 🙂"
    focused = bench.windows.focused()
    assert focused is not None and focused.cursor == len("Zoë 你好 🙂")


def test_text_goes_in_at_the_caret_and_delete_takes_what_is_before_it(bench: Bench) -> None:
    page = bench.page(FORM)
    bench.tap("name")
    bench.windows.type_text("ac")

    bench.windows.key("dpad_left")
    bench.windows.key("b")
    middle = page.values["name"]
    bench.windows.key("del")
    bench.windows.key("move_end")
    bench.windows.key("KEYCODE_DEL")

    assert middle == "abc"
    assert page.values["name"] == "a"


def test_a_tap_before_the_middle_of_a_text_puts_the_caret_there(bench: Bench) -> None:
    page = bench.page(FORM)
    bench.tap("name")
    bench.windows.type_text("abcdef")
    bounds = bench.look("name").bounds
    characters_px = 3 * 42 * 0.5

    bench.touch(bounds.left + 12 * 420 / 160 + characters_px, bounds.center[1])
    bench.windows.type_text("|")

    assert page.values["name"] == "abc|def"


def test_enter_runs_the_fields_action_and_breaks_a_line_where_there_are_many(bench: Bench) -> None:
    page = bench.page(FORM)
    bench.tap("name")
    bench.windows.type_text("Ann")
    bench.windows.key("enter")
    bench.tap("story")
    bench.windows.type_text("one\ntwo")
    bench.windows.key_code(66)

    assert page.sent == ["Ann"]
    assert page.values["story"] == "one\ntwo\n"


def test_set_text_focuses_and_replaces(bench: Bench) -> None:
    page = bench.page(FORM)
    bench.tap("name")
    bench.windows.type_text("old")
    window = bench.window("app")
    assert window is not None

    assert bench.windows.set_text(bench.look("name").path, window.name, "new")
    assert not bench.windows.set_text(("nowhere",), window.name, "new")

    assert page.values["name"] == "new"
    assert bench.windows.clear_text()
    assert page.values["name"] == ""


def test_a_number_field_takes_digits_only(bench: Bench) -> None:
    page = bench.page(FORM)
    bench.tap("age")

    bench.windows.type_text("4two2")

    assert page.values["age"] == "42"


def test_tab_goes_to_the_next_field(bench: Bench) -> None:
    page = bench.page(FORM)
    bench.tap("name")

    bench.windows.key("tab")
    bench.windows.type_text("7")

    assert page.values == {"age": "7"}


def test_the_keyboard_types_what_is_tapped(bench: Bench) -> None:
    page = bench.page(FORM)
    bench.tap("name")

    for key in ("Shift", "H", "i", "Space", "Symbols", "4", "Letters", "x", "Delete"):
        bench.tap(key, "keyboard")

    assert page.values["name"] == "Hi 4"


def test_a_number_field_gets_a_number_pad(bench: Bench) -> None:
    page = bench.page(FORM)
    bench.tap("age")

    for key in "305":
        bench.tap(key, "keyboard")

    assert page.values["age"] == "305"
    assert all(box.view.desc != "q" for _, box in bench.boxes("keyboard"))


@pytest.mark.parametrize(("locale", "first_row"), [("en", "qwertyuiop"), ("de", "qwertzuiopü"), ("zh", "qwertyuiop")])
def test_the_keys_follow_the_phones_language(locale: str, first_row: str) -> None:
    bench = Bench(locale=locale)
    bench.page(FORM)
    bench.tap("name")

    said = "".join(box.view.desc for _, box in bench.boxes("keyboard"))

    assert said.startswith(first_row)


def test_the_page_shrinks_above_the_keyboard_and_a_low_field_is_scrolled_into_sight(bench: Bench) -> None:
    bench.page(FORM)
    window = bench.window("app")
    assert window is not None
    before = window.bounds.bottom
    bench.drag((500, 2000), (500, 300))
    bench.tap("last")

    keyboard, after = bench.window("keyboard"), bench.window("app")
    assert keyboard is not None and after is not None
    assert after.bounds.bottom == keyboard.bounds.top < before
    field = bench.look("last")
    assert field.visible == field.bounds


def test_back_hides_the_keyboard_first(bench: Bench) -> None:
    bench.page(FORM)
    bench.tap("name")

    bench.windows.back()
    hidden, where = bench.windows.keyboard_shown, bench.windows.current()[0]
    bench.windows.back()

    assert (hidden, where) == (False, FORM)
    assert bench.windows.current()[0] != FORM


def test_the_field_keeps_the_focus_when_its_keyboard_is_hidden(bench: Bench) -> None:
    page = bench.page(FORM)
    bench.tap("name")
    bench.windows.back()

    assert bench.windows.type_text("still here")
    assert page.values["name"] == "still here"


def test_uiautomators_keyboard_shows_nothing_but_types(bench: Bench) -> None:
    page = bench.page(FORM)
    bench.settings.put("secure", "default_input_method", ADB_KEYBOARD)

    bench.tap("name")

    assert bench.windows.keyboard == ADB_KEYBOARD
    assert not bench.windows.keyboard_shown
    assert bench.windows.type_text("abc")
    assert page.values["name"] == "abc"


def test_the_keyboard_goes_when_another_window_takes_the_keys(bench: Bench) -> None:
    bench.page(FORM)
    bench.tap("name")

    bench.windows.open_shade()

    assert not bench.windows.keyboard_shown
    assert bench.windows.focused() is None


def test_an_app_can_give_a_field_the_focus_by_its_id(bench: Bench) -> None:
    page = bench.page(FORM)

    page.host.focus("last")
    bench.windows.frame()

    assert bench.windows.keyboard_shown
    assert bench.look("last").focused
    assert not bench.look("last").visible.empty


def test_copy_cut_and_paste_go_through_the_clipboard(bench: Bench) -> None:
    page = bench.page(FORM)
    bench.tap("name")
    bench.windows.type_text("word")

    bench.windows.key("cut")
    cut = page.values["name"]
    bench.windows.paste()
    bench.windows.key("paste")

    assert (cut, bench.windows.clipboard, page.values["name"]) == ("", "word", "wordword")


def test_unknown_keys_are_said_to_be_unknown(bench: Bench) -> None:
    assert not bench.windows.key("KEYCODE_NOPE")
    assert not bench.windows.key_code(9999)
    assert bench.windows.key("VOLUME_UP")
