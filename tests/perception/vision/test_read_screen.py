from __future__ import annotations

from perception.element import Bounds
from perception.identity import identity, same_page
from perception.locate import Found, NotFound, locate
from perception.screen import Screen, parse_hierarchy
from perception.selector import make_selector
from perception.vision.read_screen import NOTE, ReadScreen, screen_from_ocr, silent_part
from perception.vision.reader import Line

GAME = """<hierarchy rotation="0"><node index="0" text="" resource-id="" class="android.widget.FrameLayout"
 package="org.game" content-desc="" bounds="[0,0][1080,2400]"><node index="0" text="" resource-id=""
 class="android.view.SurfaceView" package="org.game" content-desc="" bounds="[0,80][1080,2400]"/></node></hierarchy>"""
WORDS = ("New game", "Continue", "Options", "High scores", "Credits", "Quit")


def menu(words: tuple[str, ...] = WORDS, *, top: int = 500, sure: float = 0.95) -> tuple[Line, ...]:
    return tuple(Line(word, Bounds(300, top + 150 * n, 700, top + 60 + 150 * n), sure) for n, word in enumerate(words))


def read(lines: tuple[Line, ...]) -> ReadScreen:
    return screen_from_ocr(lines, parse_hierarchy(GAME, package="org.game"))


def test_a_canvas_that_says_nothing_is_the_silent_part() -> None:
    assert silent_part(parse_hierarchy(GAME)) == Bounds(0, 0, 1080, 2400)


def test_a_page_with_words_has_no_silent_part() -> None:
    spoken = GAME.replace(
        'text="" resource-id=""\n class="android.view.Surf', 'text="Play" resource-id=""\n class="android.view.Surf'
    )
    assert "Play" in spoken

    assert silent_part(parse_hierarchy(spoken)) is None


def test_each_line_becomes_an_element_that_can_be_tapped_in_its_middle() -> None:
    made = read(menu())
    options = made.screen.elements[3]

    assert options.text == "Options"
    assert options.clickable
    assert (point := made.screen.point_on(options)) is not None
    assert (point.x_px, point.y_px) == (499, 829)
    assert made.lines[options.index - 1] == menu()[2]


def test_what_was_read_with_little_confidence_is_left_out() -> None:
    assert len(read((*menu(), Line("O", Bounds(5, 5, 40, 40), 0.4))).lines) == len(WORDS)


def test_the_screen_says_that_it_was_read_and_may_be_incomplete() -> None:
    screen = read(menu()).screen

    assert NOTE in screen.notes
    assert screen.truncated
    assert screen.package == "org.game"


def test_a_word_is_located_again_on_a_later_reading_although_it_moved() -> None:
    then, now = read(menu()).screen, read(menu(top=420)).screen
    found = locate(now, make_selector(then, then.elements[2]))

    assert same_page(identity(then), identity(now))
    assert isinstance(found, Found)
    assert found.element.text == "Continue"


def test_a_word_that_is_gone_is_not_found() -> None:
    then, now = read(menu()).screen, read(menu(("New game", "Options", "High scores", "Credits", "Quit"))).screen

    assert isinstance(locate(now, make_selector(then, then.elements[2])), NotFound)


def test_nothing_read_is_a_screen_of_one_element() -> None:
    screen: Screen = read(()).screen

    assert len(screen.elements) == 1
