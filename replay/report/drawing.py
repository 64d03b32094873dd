"""A screen as a picture in SVG: the photograph where one was taken, else drawn from the element tree.

A drawing shows boxes, texts and switches at their places; it is no likeness of the app. The text of a password field is
never drawn. Pure but for `shrunk`, which needs Pillow. All texts are strangers' and escaped.
"""

from __future__ import annotations

import base64
import io
import unicodedata
from collections.abc import Iterable

from perception.element import Bounds, Element
from perception.screen import Screen
from replay.report.markup import text

WIDE_PX = 480  # photographs are made about this wide, never narrower
QUALITY = 68
_ELEMENTS_MAX = 1500  # of one screen; beyond, it is no screen a person could read
_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
_SMALL_PX = 24  # no smaller: what does not fit then is cut
_ICONS = ("ImageView", "ImageButton")


def symbol(name: str, screen: Screen) -> str:
    """The screen drawn, as an SVG symbol of this id."""
    size = screen.size
    shown = [one for one in screen.visible_elements() if one.bounds.area_px][:_ELEMENTS_MAX]
    parts = [f'<rect class="w-page" width="{size.width_px}" height="{size.height_px}"/>']
    for one in shown:
        parts += _box(screen, one)
    return _symbol(name, size.width_px, size.height_px, "".join(parts))


def photograph(name: str, data: bytes, width_px: int, height_px: int) -> str:
    """A photograph as an SVG symbol of this id. `data` is PNG or JPEG (`is_picture`)."""
    media = "image/png" if data.startswith(_PNG) else "image/jpeg"
    coded = base64.b64encode(data).decode("ascii")
    image = f'<image width="{width_px}" height="{height_px}" preserveAspectRatio="none" href="data:{media};base64,'
    return _symbol(name, width_px, height_px, f'{image}{coded}"/>')


def nothing(name: str, says: str) -> str:
    """The place of a screen that cannot be shown."""
    words = f'<text class="w-none" x="540" y="1200" text-anchor="middle">{text(says, 60)}</text>'
    return _symbol(name, 1080, 2400, f'<rect class="w-lost" width="1080" height="2400"/>{words}')


def mark(box: Bounds | None, point: tuple[int, int] | None) -> str:
    """What was acted on: its box, and where the finger went."""
    parts = []
    if box is not None:
        pad = 6
        parts.append(
            f'<rect class="m-box" x="{box.left - pad}" y="{box.top - pad}" width="{box.width_px + 2 * pad}" '
            f'height="{box.height_px + 2 * pad}" rx="18"/>'
        )
    if point is not None:
        parts.append(f'<circle class="m-ring" cx="{point[0]}" cy="{point[1]}" r="46"/>')
        parts.append(f'<circle class="m-dot" cx="{point[0]}" cy="{point[1]}" r="14"/>')
    return "".join(parts)


def is_picture(data: bytes) -> bool:
    """Whether these bytes begin as a PNG or a JPEG does."""
    return data.startswith((_PNG, _JPEG))


def shrunk(data: bytes) -> bytes:
    """A photograph about `WIDE_PX` wide, as JPEG; b"" if it is none. Pillow's own limits guard against bombs."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
            image.draft("RGB", (WIDE_PX, WIDE_PX))
            small = image.convert("RGB").reduce(max(1, image.width // WIDE_PX))  # whole pixels: four times as fast
            out = io.BytesIO()
            small.save(out, "JPEG", quality=QUALITY)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return b""
    return out.getvalue()


def _symbol(name: str, width_px: int, height_px: int, inside: str) -> str:
    return f'<symbol id="{name}" viewBox="0 0 {width_px} {height_px}">{inside}</symbol>'


def _box(screen: Screen, one: Element) -> Iterable[str]:
    box = one.bounds.meet(Bounds(0, 0, screen.size.width_px, screen.size.height_px))
    if not box.area_px:
        return
    whole = box.area_px > 0.9 * screen.size.width_px * screen.size.height_px
    kind = _kind(one)
    if one.parent < 0 and not whole:
        yield _rect("w-window", box, 0)
    if kind and not whole:
        yield _rect(kind, box, min(24, box.height_px // 4))
    if one.checkable:
        yield from _switch(one, box)
    if one.short_cls in _ICONS and not one.text:
        yield _icon(one, box)
    elif words := _words(one):
        yield _text(words, one, box, centred=_centred(one))


def _kind(one: Element) -> str:
    if one.editable:
        return "w-field w-focus" if one.focused else "w-field"
    if one.checkable:
        return ""
    if "Button" in one.short_cls:
        return "w-button" if one.enabled else "w-button w-off"
    return "w-row" if one.clickable or one.long_clickable else ""


def _words(one: Element) -> str:
    if one.password:
        return "•••••" if one.text else one.hint
    if one.text or (one.hint and one.editable):
        return one.text or one.hint
    return one.description if not one.children and one.clickable else ""


def _centred(one: Element) -> bool:
    return "Button" in one.short_cls or (one.clickable and not one.children and not one.editable)


def _rect(kind: str, box: Bounds, round_px: int) -> str:
    size = f'width="{box.width_px}" height="{box.height_px}"'
    return f'<rect class="{kind}" x="{box.left}" y="{box.top}" {size} rx="{round_px}"/>'


def _text(words: str, one: Element, box: Bounds, *, centred: bool) -> str:
    high = max(14, min(46, round(box.height_px * (0.62 if not one.children else 0.3))))
    pad = 28 if one.editable else 0
    space = max(1, box.width_px - 2 * pad)
    if (wide := _wide(words) * high) > space * max(1, box.height_px // round(high * 1.2)):
        high = max(_SMALL_PX, min(high, round(high * space / wide)))
    room = max(2, round(space / high + 0.5))
    lines = _wrapped(words, room, max(1, min(6, box.height_px // round(high * 1.2) or 1)))
    x = (box.left + box.right) // 2 if centred else box.left + pad
    top = (box.top + box.bottom) / 2 - (len(lines) - 1) * high * 0.6 + high * 0.35
    if one.cls.endswith("TextView") and len(lines) > 1:
        top = max(top, box.top + high)
    anchor = ' text-anchor="middle"' if centred else ""
    hint = " w-hint" if one.editable and (not one.text or one.text == one.hint) else ""
    return "".join(
        f'<text class="w-text{hint}" x="{x}" y="{round(top + number * high * 1.2)}" font-size="{high}"{anchor}>'
        f"{text(line)}</text>"
        for number, line in enumerate(lines)
    )


def _wide(words: str) -> float:
    """Width in em, roughly: letters of Latin script count half."""
    return sum(1.0 if unicodedata.east_asian_width(character) in "WF" else 0.52 for character in words[:400])


def _wrapped(words: str, room: float, lines_max: int) -> list[str]:
    """Lines of at most `room` em, broken between words where there are any."""
    lines: list[str] = []
    now, width = "", 0.0
    for character in " ".join(words.split())[:400]:
        wide = _wide(character)
        if width + wide > room and now:
            if len(lines) + 1 == lines_max:
                return [*lines, now[:-1] + "…"]
            head, blank, tail = now.rpartition(" ")
            lines.append(head if blank else now)
            now, width = (tail, _wide(tail)) if blank else ("", 0.0)
        now, width = now + character, width + wide
    return [*lines, now] if now else lines


def _switch(one: Element, box: Bounds) -> Iterable[str]:
    high = min(54, box.height_px)
    middle, right = (box.top + box.bottom) // 2, box.right - min(12, box.width_px // 8)
    on = " w-on" if one.checked else ""
    if one.short_cls in ("CheckBox", "RadioButton"):
        left = box.left + 8
        yield _rect(f"w-check{on}", Bounds(left, middle - high // 2, left + high, middle + high // 2), 12)
        return
    left = right - 2 * high
    yield _rect(f"w-check{on}", Bounds(left, middle - high // 2, right, middle + high // 2), high // 2)
    x = right - high // 2 if one.checked else left + high // 2
    yield f'<circle class="w-knob" cx="{x}" cy="{middle}" r="{max(1, high // 2 - 8)}"/>'


def _icon(one: Element, box: Bounds) -> str:
    side = min(box.width_px, box.height_px, 140)
    x, y = (box.left + box.right) // 2, (box.top + box.bottom) // 2
    said = one.description or one.entry.replace("_", " ")
    disc = f'<circle class="w-icon" cx="{x}" cy="{y}" r="{max(4, side * 0.36):.0f}"/>'
    letter = next((character for character in said if character.isalnum()), "")
    place = f'x="{x}" y="{y + side * 0.14:.0f}" font-size="{side * 0.4:.0f}"'
    name = f'<text class="w-letter" {place}>{text(letter.upper())}</text>' if letter else ""
    return f"<g><title>{text(said, 120)}</title>{disc}{name}</g>"
