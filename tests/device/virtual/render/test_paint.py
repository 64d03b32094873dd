import io
from dataclasses import replace

import pytest
from PIL import Image, ImageChops

from device.virtual.render.fonts import FontSet, TextMeasure
from device.virtual.render.icons import UnknownIcon
from device.virtual.render.paint import jpeg, paint, png
from device.virtual.render.palette import UnknownColour, colour
from device.virtual.render.words import caret_place
from device.virtual.window.frame import Frame, Rect
from device.virtual.window.view import (
    FILL,
    Style,
    View,
    checkbox,
    column,
    edges,
    edit,
    frame,
    image,
    radio,
    scroll,
    slider,
    styled,
    switch,
    text,
)
from tests.device.virtual.render.screens import SCREEN, find, screen, window


def page(*children: View, background: str = "background") -> View:
    return column(*children, width=FILL, height=FILL, style=Style(background=background))


def nothing(*_: object) -> None:
    pass


def ink(picture: Image.Image, rect: Rect) -> Rect | None:
    """Where within `rect` something differs from the colour of its upper left pixel."""
    part = picture.crop((rect.left, rect.top, rect.right, rect.bottom))
    ground = Image.new("RGB", part.size, part.getpixel((0, 0)))
    box = ImageChops.difference(part, ground).getbbox()
    return box and Rect(box[0] + rect.left, box[1] + rect.top, box[2] + rect.left, box[3] + rect.top)


def differ(one: Frame, other: Frame) -> Rect | None:
    box = ImageChops.difference(paint(one), paint(other)).getbbox()
    return box and Rect(*box)


def shown(view: View, **fields: object) -> Frame:
    return screen(window(page(view), **fields))  # type: ignore[arg-type]


def test_text_is_drawn_inside_the_bounds_that_the_tree_reports():
    seen = screen(window(page(text("Hello", id="t", margin=edges(40, 60, 0, 0)))))
    bounds = find(seen, "t").bounds

    drawn = ink(paint(seen), SCREEN)

    assert drawn is not None
    assert drawn.left >= bounds.left - 2 and drawn.right <= bounds.right + 2
    assert drawn.top >= bounds.top and drawn.bottom <= bounds.bottom
    assert drawn.width > bounds.width * 0.8


def test_text_is_anti_aliased_in_its_own_colour():
    seen = shown(text("Hello", style=Style(color="#ff0000", text_sp=30)))
    colours = {value for _, value in paint(seen).getcolors(1 << 16)}

    assert (255, 0, 0) in colours
    assert len(colours) > 10


@pytest.mark.parametrize(("align", "side"), [("start", "left"), ("end", "right")])
def test_text_stands_at_the_side_it_is_aligned_to(align: str, side: str):
    drawn = ink(paint(shown(text("x", width=FILL, style=Style(text_align=align)))), SCREEN)  # type: ignore[arg-type]

    assert drawn is not None
    assert drawn.right < 100 if side == "left" else drawn.left > 300


def test_centred_text_stands_in_the_middle_both_ways():
    drawn = ink(paint(shown(text("H", width=FILL, height=100, style=Style(text_align="center")))), SCREEN)

    assert drawn is not None
    assert abs(drawn.center[0] - 200) <= 2
    assert abs(drawn.center[1] - 100) <= 3


def test_text_outside_its_scrolling_ancestor_is_not_drawn():
    content = scroll(
        text("upper", id="upper", height=200), text("lower", id="lower", height=200), height=150, id="list"
    )
    seen = shown(frame(content, width=FILL, height=300))
    listed = find(seen, "list").visible

    drawn = ink(paint(seen), SCREEN)

    assert drawn is not None
    assert drawn.bottom <= listed.bottom


def test_the_same_tree_gives_the_same_picture_byte_for_byte():
    first, second = (shown(text("Hello 世界"), focus="") for _ in range(2))

    assert paint(first).tobytes() == paint(second).tobytes()
    assert png(first) == png(second)


def test_a_dark_theme_is_dark_and_a_light_one_light():
    tree = window(page(text("Hello")))

    assert paint(screen(tree)).getpixel((390, 790)) == colour("background", False)
    assert paint(screen(tree, dark=True)).getpixel((390, 790)) == colour("background", True)


def test_a_secure_window_is_black_and_the_bars_stay():
    bar = window(row_of_clock(), Rect(0, 0, 400, 40), kind="status_bar")
    secret = window(page(text("secret", style=Style(text_sp=40))), Rect(0, 40, 400, 800), secure=True)

    picture = paint(screen(secret, bar))

    assert picture.crop((0, 40, 400, 800)).getcolors() == [(400 * 760, (0, 0, 0))]
    assert ink(picture, Rect(0, 0, 400, 40)) is not None


def test_a_screen_that_is_off_is_black():
    assert paint(screen(window(page(text("x"))), on=False)).getcolors() == [(400 * 800, (0, 0, 0))]


def row_of_clock() -> View:
    return text("12:34", width=FILL, height=FILL, pad=edges(20, 0), style=Style(text_align="center"))


@pytest.mark.parametrize(("background", "light_ink"), [("#ffffff", False), ("#101010", True), ("wallpaper", True)])
def test_the_bars_take_ink_that_can_be_read_on_the_page(background: str, light_ink: bool):
    bar = window(row_of_clock(), Rect(0, 0, 400, 40), kind="status_bar")
    below = window(page(background=background), Rect(0, 40, 400, 800))
    strip = paint(screen(below, bar)).crop((0, 0, 400, 40)).convert("L")

    darkest, lightest = strip.getextrema()

    assert lightest > 200 if light_ink else darkest < 60


def test_a_coloured_bar_at_the_edge_of_the_page_is_drawn_on_behind_the_system_bar():
    bottom = frame(width=FILL, height=40, style=Style(background="#336699"))
    content = scroll(frame(width=FILL, height=2000, style=Style(background="#ff0000")), weight=1)
    picture = paint(screen(window(column(content, bottom, width=FILL, height=FILL), Rect(0, 40, 400, 700))))

    assert picture.getpixel((200, 790)) == (0x33, 0x66, 0x99)
    assert picture.getpixel((200, 10)) == colour("background", False)


def test_a_dialog_floats_on_a_rounded_sheet_and_dims_what_is_behind():
    behind = window(page(background="#ffffff"))
    dialog = window(
        column(text("Sure?"), width=FILL, height=FILL), Rect(50, 300, 350, 500), kind="dialog", dims_behind=True
    )

    picture = paint(screen(behind, dialog))

    assert picture.getpixel((5, 5)) == (140, 140, 140)
    assert picture.getpixel((200, 480)) == colour("surface_container_high", False)
    assert picture.getpixel((51, 301)) != colour("surface_container_high", False)
    shadow = sum(picture.getpixel((200, 506)))  # type: ignore[arg-type]
    assert shadow < 3 * 140


def test_a_toast_is_a_pill_in_the_colours_of_the_other_theme():
    toast = window(text("Saved", width=FILL, height=FILL), Rect(100, 600, 300, 680), kind="toast")
    picture = paint(screen(window(page()), toast))

    assert picture.getpixel((200, 676)) == colour("surface", True)
    assert picture.getpixel((101, 601)) != colour("surface", True)


def test_rounded_corners_let_the_ground_through_and_are_smooth():
    card = frame(width=100, height=60, id="card", style=Style(background="#ff0000", corner_dp=20))
    picture = paint(shown(card))

    assert picture.getpixel((0, 0)) == colour("background", False)
    assert picture.getpixel((100, 60)) == (255, 0, 0)
    corner = picture.crop((0, 0, 40, 40))
    assert len(corner.getcolors(4096)) > 10


@pytest.mark.parametrize("make", [switch, checkbox, radio])
def test_on_and_off_look_different(make: object):
    on, off = (shown(make(value, nothing)) for value in (True, False))  # type: ignore[operator]

    assert differ(on, off) is not None


@pytest.mark.parametrize(
    "view",
    [
        switch(True, nothing, id="v"),
        checkbox(True, nothing, id="v"),
        radio(True, nothing, id="v"),
        text("Words", id="v"),
        image("star", id="v"),
        slider(0.5, nothing, id="v"),
    ],
    ids=lambda view: view.kind,
)
def test_what_is_disabled_is_paler_than_what_is_not(view: View):
    enabled, disabled = (shown(replace(view, enabled=value)) for value in (True, False))

    assert _contrast(paint(disabled)) < _contrast(paint(enabled))


def _contrast(picture: Image.Image) -> float:
    ground = Image.new("RGB", picture.size, picture.getpixel((399, 799)))
    return sum(ImageChops.difference(picture, ground).convert("L").tobytes())


def test_the_knob_of_a_slider_stands_at_its_value():
    seen = shown(slider(0.75, nothing, id="s"))
    bounds = find(seen, "s").bounds
    column_of_ink = [x for x in range(400) if paint(seen).getpixel((x, bounds.center[1] - 14)) != (253, 251, 255)]

    middle = (column_of_ink[0] + column_of_ink[-1]) / 2
    assert middle == pytest.approx(32 + 0.75 * (400 - 64), abs=2)


def test_a_pressed_view_is_marked_within_its_bounds():
    view = text("Tap me", id="b", width=100, height=40, on_tap=nothing)
    changed = differ(shown(view), shown(view, pressed="b"))

    assert changed is not None
    assert changed == find(shown(view), "b").bounds


def test_a_password_shows_bullets_and_not_its_letters():
    lines = [shown(edit(word, nothing, id="f", input="password")) for word in ("secret", "WWWWWW", "secrets")]

    assert differ(lines[0], lines[1]) is None
    assert differ(lines[0], lines[2]) is not None


def test_an_empty_field_shows_its_hint_paler_than_text():
    hinted, typed = (shown(edit(words, nothing, hint="Name")) for words in ("", "Name"))

    assert differ(hinted, typed) is not None
    assert _contrast(paint(hinted)) < _contrast(paint(typed))


@pytest.mark.parametrize("kind", ["text", "multiline"])
def test_the_caret_stands_where_the_cursor_is(kind: str):
    measure = TextMeasure()
    for cursor in (0, 3, 6):
        view = edit("Hello ", nothing, id="f", input=kind, style=Style())
        picture = paint(shown(view, focus="f", cursor=cursor))
        columns = [x for x in range(400) if picture.getpixel((x, 45)) == colour("primary", False)]
        assert columns[0] == pytest.approx(24 + measure.width("Hello "[:cursor], 32, False), abs=1)
        assert len(columns) == 4


def test_the_caret_follows_the_text_over_broken_lines():
    lines = ("one two", "three", "", "four")
    typed = "one two three\n\nfour"

    assert caret_place(typed, lines, 7) == (0, "one two")
    assert caret_place(typed, lines, 10) == (1, "th")
    assert caret_place(typed, lines, 14) == (2, "")
    assert caret_place(typed, lines, len(typed)) == (3, "four")


def test_the_caret_of_a_long_text_stays_inside_the_field():
    view = edit("word " * 40, nothing, id="f")
    seen = shown(view, focus="f", cursor=200)
    bounds = find(seen, "f").bounds
    caret = colour("primary", False)
    picture = paint(seen)

    inside = [x for x in range(bounds.left + 8, bounds.right - 8) if picture.getpixel((x, bounds.center[1])) == caret]
    assert inside and inside[0] > bounds.right - 60


def test_a_focused_field_is_outlined_in_the_primary_colour():
    view = edit("", nothing, id="f")
    picture = paint(shown(view, focus="f"))

    assert picture.getpixel((200, 1)) == colour("primary", False)
    assert paint(shown(view)).getpixel((200, 0)) == colour("outline", False)


def test_a_pinched_image_is_drawn_larger():
    view = image("star", id="i", width=FILL, height=200)
    small, large = (ink(paint(shown(replace(view, scale=scale))), SCREEN) for scale in (1.0, 2.0))

    assert small is not None and large is not None
    assert large.width == pytest.approx(2 * small.width, abs=3)


def test_the_picture_can_be_painted_smaller():
    assert paint(shown(text("x")), scale=0.5).size == (200, 400)


@pytest.mark.parametrize(("encode", "form"), [(png, "PNG"), (jpeg, "JPEG")])
def test_the_picture_is_sent_at_the_size_of_the_screen(encode: object, form: str):
    with Image.open(io.BytesIO(encode(shown(text("x"))))) as picture:  # type: ignore[operator]
        assert (picture.format, picture.size) == (form, (400, 800))


def test_a_character_without_a_font_is_a_box_and_a_sign_with_an_icon_is_the_icon():
    bare = TextMeasure(FontSet(folders=()))
    pictures = {
        words: paint(shown(text(words)), measure=bare).tobytes() for words in ("\u6f22", "\u5b57", "\u232b", "\u21e7")
    }

    assert pictures["\u6f22"] == pictures["\u5b57"]
    assert len(set(pictures.values())) == 3


@pytest.mark.parametrize("measure", [TextMeasure(), TextMeasure(FontSet(folders=()))], ids=["installed", "bare"])
def test_bold_text_is_stronger_even_where_the_font_has_no_bold_cut(measure: TextMeasure):
    plain, bold = (
        _contrast(paint(shown(text("Save changes", style=Style(bold=value))), measure=measure))
        for value in (False, True)
    )

    assert bold > plain * 1.05


def test_a_font_scale_enlarges_the_letters():
    seen = shown(text("Hello", id="t"))
    normal, larger = (ink(paint(replace(seen, font_scale=scale)), SCREEN) for scale in (1.0, 1.3))

    assert normal is not None and larger is not None
    assert larger.height > normal.height


@pytest.mark.parametrize(
    ("view", "error"),
    [
        (styled(text("x"), color="pirmary"), UnknownColour),
        (styled(text("x"), background="no-such"), UnknownColour),
        (image("unicorn"), UnknownIcon),
    ],
)
def test_a_mistake_of_an_app_is_named_and_not_painted_over(view: View, error: type[Exception]):
    with pytest.raises(error):
        paint(shown(view))


def test_the_icon_of_a_text_is_drawn_before_its_words():
    look = Style(icon="star", icon_dp=24, color="#ff0000", text_align="center")
    frame = screen(window(column(text("Hi", id="chat", width=FILL, style=look), style=Style(background="white"))))
    box = find(frame, "chat")

    drawn = paint(frame).crop((box.bounds.left, box.bounds.top, box.bounds.right, box.bounds.bottom))
    ink = ImageChops.invert(drawn.getchannel("G")).getbbox()

    assert ink is not None
    assert abs((ink[0] + ink[2]) / 2 - box.bounds.width / 2) <= 3  # icon and words are centred together
    assert ink[2] - ink[0] > 2 * (24 + 8)
