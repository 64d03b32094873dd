from __future__ import annotations

import threading
from typing import ClassVar

from device.actions import Size
from device.virtual.app import App, Page
from device.virtual.window.view import FILL, View, column, edit, scroll, text
from tests.device.virtual.window.kit import FORM, HOME, SHOP, Bench, Home


def test_the_frame_is_the_same_object_until_something_changes(bench: Bench) -> None:
    first = bench.windows.frame()
    bench.clock.advance(1)

    assert bench.windows.frame() is first
    bench.page()
    assert bench.windows.frame().number > first.number


def test_a_frame_that_looks_the_same_keeps_its_number(bench: Bench) -> None:
    bench.page()
    first = bench.windows.frame()

    bench.windows.invalidate()

    assert bench.windows.frame().number == first.number


def test_a_write_to_the_store_from_outside_is_seen_at_the_next_look(bench: Bench) -> None:
    bench.settings.put("secure", "ui_night_mode", "2")

    assert bench.windows.frame().dark


def test_turning_the_phone_lays_out_again_and_keeps_the_page(bench: Bench) -> None:
    page = bench.page()
    bench.tap("Buy")

    bench.windows.rotate(1)
    frame = bench.windows.frame()

    assert (frame.size, frame.rotation) == (Size(2400, 1080), 1)
    assert page.asking and bench.sees("Really?")
    bench.windows.freeze_rotation(False)
    assert bench.windows.frame().size == Size(1080, 2400)


def test_rotation_follows_androids_own_settings(bench: Bench) -> None:
    bench.settings.put("system", "user_rotation", "3")
    held = bench.windows.rotation
    bench.settings.put("system", "accelerometer_rotation", "1")

    assert (held, bench.windows.rotation) == (3, 0)


def test_frozen_rotation_keeps_what_it_is(bench: Bench) -> None:
    bench.windows.rotate(1)
    bench.windows.freeze_rotation(True)

    assert bench.windows.rotation == 1


def test_another_size_and_density_lay_out_again(bench: Bench) -> None:
    page = bench.page()

    bench.windows.resize(Size(720, 1280), 320)
    frame = bench.windows.frame()

    assert (frame.size, frame.density) == (Size(720, 1280), 2.0)
    assert bench.page() is page
    assert all(box.visible.right <= 720 for _, box in bench.boxes())


def test_larger_text_is_laid_out_larger_and_told_to_the_painter(bench: Bench) -> None:
    bench.page()
    before = bench.look("title").bounds.height
    bench.settings.put("system", "font_scale", "1.5")

    assert bench.windows.frame().font_scale == 1.5
    assert bench.look("title").bounds.height > before


def test_another_language_changes_the_words_and_keeps_the_page(bench: Bench) -> None:
    page = bench.page()

    bench.windows.set_locale("de-DE")

    assert bench.sees("Kaufen") and bench.sees("Zurück")
    assert bench.page() is page
    assert bench.windows.frame().locale == "de-DE"


def test_dark_is_the_settings_own_word_for_it(bench: Bench) -> None:
    bench.windows.set_dark(True)
    dark = bench.windows.frame().dark, bench.settings.get("secure", "ui_night_mode")
    bench.windows.set_dark(False)

    assert dark == (True, "2")
    assert not bench.windows.frame().dark


def test_a_slow_phone_shows_the_old_frame_until_its_time_has_come(bench: Bench) -> None:
    page = bench.page()
    bench.windows.frame()
    bench.windows.trouble.slow(3)

    bench.tap("Buy")
    at_once = bench.sees("Really?")
    bench.clock.advance(2)
    early = bench.sees("Really?")
    bench.clock.advance(1.1)

    assert page.asking
    assert (at_once, early) == (False, False)
    assert bench.sees("Really?")


def test_text_typed_into_a_slow_phone_is_not_lost(bench: Bench) -> None:
    page = bench.page(FORM)
    bench.tap("name")
    bench.windows.trouble.slow(5)

    for character in "abc":
        bench.windows.type_text(character)

    assert page.values["name"] == "abc"


def test_a_phone_made_quick_again_shows_all_at_once(bench: Bench) -> None:
    bench.page()
    bench.windows.trouble.slow(60)
    bench.tap("Buy")

    bench.windows.trouble.slow(0)

    assert bench.sees("Really?")


def test_every_app_window_can_be_made_secure(bench: Bench) -> None:
    bench.page()
    bench.windows.trouble.force_secure(True)
    secure = bench.windows.frame().secure
    bench.windows.trouble.force_secure(False)

    assert secure and not bench.windows.frame().secure


def test_the_screen_can_be_used_from_many_threads(bench: Bench) -> None:
    bench.page(FORM)
    bench.tap("name")
    page = bench.page(FORM)

    def type_some() -> None:
        for _ in range(20):
            bench.windows.type_text("x")
            bench.windows.frame()

    threads = [threading.Thread(target=type_some) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert page.values["name"] == "x" * 80


def test_a_phone_without_a_launcher_shows_its_bars() -> None:
    bench = Bench([])

    assert bench.windows.current() == ("", "", 0)
    assert {window.kind for window in bench.windows.frame().windows} == {"status_bar", "navigation_bar"}


def test_each_window_has_one_place_and_the_page_lies_between_the_bars(bench: Bench) -> None:
    bench.page(SHOP)
    windows = {window.kind: window.bounds for window in bench.windows.frame().windows}

    assert windows["status_bar"].bottom == windows["app"].top
    assert windows["app"].bottom == windows["navigation_bar"].top
    assert bench.windows.current()[0] != HOME


class ChatPage(Page):
    """A list that begins at its end, and a field below it."""

    def created(self) -> None:
        self.lines = 30
        self.words = ""

    def typed(self, words: str) -> None:
        self.words = words

    def view(self) -> View:
        rows = [text(f"line {number}", key=f"line{number}", height=100.0) for number in range(self.lines)]
        talk = scroll(*rows, id="talk", weight=1, justify="end")
        return column(talk, edit(self.words, self.typed, id="words"), width=FILL, height=FILL)


class Chat(App):
    package = "com.example.chat"
    pages: ClassVar = {".MainActivity": ChatPage}
    strings: ClassVar = {"en": {"app_name": "Chat"}}


def test_a_list_that_begins_at_its_end_stays_there_when_it_grows_or_the_keyboard_comes() -> None:
    bench = Bench((Home, Chat))
    page = bench.page(Chat.package)
    assert bench.sees("line 29")

    bench.tap("words")
    assert bench.window("keyboard") is not None
    assert bench.sees("line 29")

    page.lines = 31
    bench.windows.invalidate()
    assert bench.sees("line 30")


def test_a_list_that_begins_at_its_end_stays_where_a_person_scrolled_it() -> None:
    bench = Bench((Home, Chat))
    page = bench.page(Chat.package)
    bench.drag((500, 500), (500, 1300))
    before = bench.look("line 20").bounds

    page.lines = 31
    bench.windows.invalidate()

    assert not bench.sees("line 30")
    assert bench.look("line 20").bounds == before
