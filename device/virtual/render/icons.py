"""Icons drawn by code: anti-aliased shapes at any size, as masks to be filled with any colour.

Each icon is a function that moves a `Pen` over a 24 x 24 grid (Material's grid, 2 units of line). A mask is kept once
it is drawn. The shapes are our own.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial

from PIL import Image

from device.virtual.render.pen import Pen, polar

Drawer = Callable[[Pen], None]


class UnknownIcon(ValueError):
    """An app named an icon that does not exist. Fix the app, or draw the icon here."""


@lru_cache(maxsize=512)
def icon_mask(name: str, size_px: int) -> Image.Image:
    """The icon as a mask of `size_px` x `size_px`.

    Raises:
        UnknownIcon: there is none of that name.
    """
    if name not in ICONS:
        raise UnknownIcon(f"no icon {name!r}; there are {', '.join(sorted(ICONS))}")
    pen = Pen(max(1, size_px))
    ICONS[name](pen)
    return pen.mask()


def _back(pen: Pen) -> None:
    pen.line((20, 12), (4.5, 12))
    pen.line((12, 4.5), (4.5, 12), (12, 19.5))


def _menu(pen: Pen) -> None:
    for y in (6, 12, 18):
        pen.line((4, y), (20, y))


def _more(pen: Pen) -> None:
    for y in (6, 12, 18):
        pen.disc((12, y), 1.9)


def _search(pen: Pen) -> None:
    pen.ring((10, 10), 6)
    pen.line((14.5, 14.5), (20, 20), width=2.4)


def _add(pen: Pen) -> None:
    pen.line((12, 5), (12, 19))
    pen.line((5, 12), (19, 12))


def _close(pen: Pen) -> None:
    pen.line((6, 6), (18, 18))
    pen.line((18, 6), (6, 18))


def _check(pen: Pen) -> None:
    pen.line((5, 12.5), (9.7, 17.2), (19.5, 7), width=2.4)


def _edit(pen: Pen) -> None:
    pen.shape((3, 21), (3, 17.2), (14, 6.2), (17.8, 10), (6.8, 21))
    pen.shape((15.3, 4.9), (17, 3.2), (17.9, 3.2), (20.8, 6.1), (20.8, 7), (19.1, 8.7))


def _delete(pen: Pen) -> None:
    pen.line((7, 8), (7, 20), (17, 20), (17, 8))
    pen.box(4, 4.2, 20, 6.2, 0.8)
    pen.box(9, 2.6, 15, 5, 0.8)
    pen.line((10.3, 10.5), (10.3, 16.5), width=1.6)
    pen.line((13.7, 10.5), (13.7, 16.5), width=1.6)


def _send(pen: Pen) -> None:
    pen.shape((2.5, 20.5), (2.5, 13.6), (15.5, 12), (2.5, 10.4), (2.5, 3.5), (22.3, 12))


def _call(pen: Pen) -> None:
    pen.ring((20.6, 3.4), 14.4, width=3.6, start=104, end=166)
    for turn in (101, 169):
        pen.line(*polar((20.6, 3.4), (15.4, turn), (12.6, turn)), width=5)


def _sms(pen: Pen) -> None:
    pen.box(2, 3, 22, 18, 2.2)
    pen.shape((2, 10), (2, 22), (7.5, 16.5))
    for x in (7, 12, 17):
        pen.disc((x, 10.5), 1.4, ink=0)


def _person(pen: Pen) -> None:
    pen.disc((12, 8), 4)
    pen.box(4, 14, 20, 26, 6)
    pen.box(0, 20, 24, 24, ink=0)


def _people(pen: Pen) -> None:
    pen.disc((16.2, 8.4), 3)
    pen.box(12, 13.4, 23, 24, 5)
    pen.box(0.3, 12.2, 16.9, 25.2, 6.4, ink=0)
    pen.disc((8.6, 8), 4.9, ink=0)
    pen.disc((8.6, 8), 3.6)
    pen.box(1.5, 13.4, 15.7, 24, 5.2)
    pen.box(0, 19.5, 24, 24, ink=0)


def _settings(pen: Pen) -> None:
    for turn in range(0, 360, 45):
        pen.shape(*polar((12, 12), (10.4, turn - 11), (10.4, turn + 11), (6, turn + 24), (6, turn - 24)))
    pen.disc((12, 12), 7.8)
    pen.disc((12, 12), 3.5, ink=0)


def _wifi(pen: Pen) -> None:
    for radius in (14.6, 9.8, 5):
        pen.ring((12, 19.4), radius, width=2.3, start=228, end=312)
    pen.disc((12, 19), 1.9)


def _bluetooth(pen: Pen) -> None:
    pen.line((6.5, 7), (17, 16.8), (12, 21.2), (12, 2.8), (17, 7.2), (6.5, 17))


def _airplane(pen: Pen) -> None:
    pen.box(10.4, 2, 13.6, 20, 1.6)
    pen.shape((12, 8.2), (21.8, 14.4), (21.8, 16.6), (12, 13.6), (2.2, 16.6), (2.2, 14.4))
    pen.shape((12, 17), (16, 20.2), (16, 21.8), (12, 20.6), (8, 21.8), (8, 20.2))


def _battery(pen: Pen, pct: int = 100) -> None:
    pen.box(9.5, 2, 14.5, 6, 0.8)
    pen.box(6.5, 4, 17.5, 22, 1.8)
    if pct < 100:
        pen.box(8.3, 5.8, 15.7, 20.2 - 14.4 * pct / 100, ink=0)


def _bell(pen: Pen) -> None:
    pen.disc((12, 4), 1.8)
    pen.box(6, 4.6, 18, 20, 6)
    pen.box(0, 16, 24, 24, ink=0)
    pen.shape((6, 14.5), (18, 14.5), (20.3, 18.6), (3.7, 18.6))
    pen.pie((12, 19.6), 2.4, 0, 180)


def _clock(pen: Pen) -> None:
    pen.ring((12, 12), 9)
    pen.line((12, 7), (12, 12.4), (15.8, 14.8))


def _alarm(pen: Pen) -> None:
    pen.ring((12, 13), 8)
    pen.line((12, 8.8), (12, 13.3), (15, 15.2))
    pen.line((6, 3), (2.5, 6), width=2.2)
    pen.line((18, 3), (21.5, 6), width=2.2)


def _timer(pen: Pen) -> None:
    pen.ring((12, 13.5), 8)
    pen.line((12, 13.5), (12, 9))
    pen.line((9.5, 2), (14.5, 2))
    pen.line((18.3, 6.8), (19.6, 5.5))


def _note(pen: Pen) -> None:
    pen.box(3, 3, 21, 21, 2.2)
    pen.shape((14, 22), (22, 14), (22, 22), ink=0)
    pen.shape((14.8, 20.2), (14.8, 14.8), (20.2, 14.8))
    pen.line((7, 8), (17, 8), width=1.8, ink=0)
    pen.line((7, 12.3), (12, 12.3), width=1.8, ink=0)


def _star(pen: Pen) -> None:
    turns = [(10.2 if step % 2 == 0 else 4.3, -90 + 36 * step) for step in range(10)]
    pen.shape(*polar((12, 12.6), *turns))


def _heart(pen: Pen) -> None:
    pen.disc((7.4, 8.6), 5.4)
    pen.disc((16.6, 8.6), 5.4)
    pen.shape((3.4, 12.2), (12, 5.8), (20.6, 12.2), (12, 21.2))


def _mail(pen: Pen) -> None:
    pen.box(2, 4, 22, 20, 2)
    pen.line((4, 7.4), (12, 12.6), (20, 7.4), width=1.8, ink=0)


def _calendar(pen: Pen) -> None:
    pen.outline(4, 5, 20, 20)
    pen.box(3.5, 4.5, 20.5, 10, 1)
    pen.line((8, 2.5), (8, 6))
    pen.line((16, 2.5), (16, 6))
    pen.box(13, 13, 17, 17, 0.6)


def _cart(pen: Pen) -> None:
    pen.line((2, 3), (4.6, 3), (8.4, 13.8), (17.6, 13.8), (21, 6), (5.8, 6))
    pen.shape((5.8, 6), (21, 6), (17.6, 13.8), (8.4, 13.8))
    pen.disc((8.6, 19.6), 2)
    pen.disc((17.2, 19.6), 2)


def _food(pen: Pen) -> None:
    for x in (4.5, 7.5, 10.5):
        pen.line((x, 3), (x, 9), width=1.6)
    pen.pie((7.5, 8.6), 3.8, 0, 180)
    pen.line((7.5, 9), (7.5, 21), width=2.2)
    pen.pie((18.5, 9.5), 6.5, 180, 270)
    pen.box(12, 9, 18.5, 14, 1)
    pen.line((17.4, 4), (17.4, 21), width=2.2)


def _camera(pen: Pen) -> None:
    pen.box(2, 5.6, 22, 20, 2)
    pen.shape((7.2, 6), (9, 3.2), (15, 3.2), (16.8, 6))
    pen.disc((12, 12.8), 5, ink=0)
    pen.disc((12, 12.8), 3.2)


def _image(pen: Pen) -> None:
    pen.box(3, 3, 21, 21, 2.2)
    pen.shape((5, 18), (8.8, 13), (11.4, 16), (15, 11.2), (19, 18), ink=0)
    pen.disc((8.4, 8.2), 1.7, ink=0)


def _play(pen: Pen) -> None:
    pen.shape((7.4, 4.6), (20, 12), (7.4, 19.4))
    pen.line((8, 5.5), (19, 12), (8, 18.5), closed=True, width=1.6)


def _pause(pen: Pen) -> None:
    pen.box(6, 5, 10, 19, 0.8)
    pen.box(14, 5, 18, 19, 0.8)


def _home(pen: Pen) -> None:
    pen.shape((12, 2.8), (22.4, 12), (19, 12), (19, 20.4), (5, 20.4), (5, 12), (1.6, 12))
    pen.box(9.8, 14, 14.2, 21, ink=0)


def _lock(pen: Pen) -> None:
    pen.ring((12, 7), 4.4, start=180, end=360)
    pen.line((7.6, 7), (7.6, 11))
    pen.line((16.4, 7), (16.4, 11))
    pen.box(4.2, 9.4, 19.8, 22, 2.2)
    pen.disc((12, 15.6), 2, ink=0)


def _volume(pen: Pen) -> None:
    pen.shape((3, 9), (7, 9), (12.4, 3.8), (12.4, 20.2), (7, 15), (3, 15))
    pen.ring((12.2, 12), 4.2, start=-50, end=50)
    pen.ring((12.2, 12), 8, start=-55, end=55)


def _sun(pen: Pen) -> None:
    pen.disc((12, 12), 4.8)
    for turn in range(0, 360, 45):
        pen.line(*polar((12, 12), (8, turn), (10, turn)))


def _moon(pen: Pen) -> None:
    pen.disc((11.5, 12.5), 9)
    pen.disc((16, 8), 7.4, ink=0)


def _app(pen: Pen) -> None:
    for x in (4, 13.4):
        for y in (4, 13.4):
            pen.box(x, y, x + 6.6, y + 6.6, 1.6)


def _location(pen: Pen) -> None:
    pen.disc((12, 9), 7)
    pen.shape((5.6, 11.8), (18.4, 11.8), (12, 22))
    pen.disc((12, 9), 2.6, ink=0)


def _info(pen: Pen) -> None:
    pen.disc((12, 12), 10)
    pen.line((12, 11.4), (12, 16.8), ink=0)
    pen.disc((12, 7.6), 1.3, ink=0)


def _warning(pen: Pen) -> None:
    pen.shape((12, 2.6), (22.6, 21), (1.4, 21))
    pen.line((12, 9.6), (12, 14), ink=0)
    pen.disc((12, 17.5), 1.2, ink=0)


def _mic(pen: Pen) -> None:
    pen.box(8.9, 2, 15.1, 14.2, 3.1)
    pen.ring((12, 11), 6.2, width=1.8, start=0, end=180)
    pen.line((12, 17.6), (12, 21), width=1.8)


def _emoji(pen: Pen) -> None:
    pen.ring((12, 12), 9)
    pen.disc((8.6, 9.6), 1.5)
    pen.disc((15.4, 9.6), 1.5)
    pen.pie((12, 12.6), 5, 15, 165)


def _attach(pen: Pen) -> None:
    pen.line((16.6, 6.4), (16.6, 16.6), width=1.7)
    pen.ring((12.4, 17), 4.2, width=1.7, start=0, end=180)
    pen.line((8.2, 17), (8.2, 5.6), width=1.7)
    pen.ring((11, 5.6), 2.8, width=1.7, start=180, end=360)
    pen.line((13.8, 5.6), (13.8, 15.4), width=1.7)
    pen.ring((12.4, 15.4), 1.4, width=1.7, start=0, end=180)
    pen.line((11, 15.4), (11, 7.4), width=1.7)


def _share(pen: Pen) -> None:
    pen.line((17.6, 5.2), (6.4, 12), (17.6, 18.8), width=1.8)
    for spot in ((17.6, 5.2), (6.4, 12), (17.6, 18.8)):
        pen.disc(spot, 3)


def _refresh(pen: Pen) -> None:
    pen.ring((12, 12), 7, width=2.2, start=20, end=315)
    pen.shape((20, 3.6), (20, 10.8), (12.8, 10.8))


def _filter(pen: Pen) -> None:
    for y, half in ((7, 8), (12, 5), (17, 2)):
        pen.line((12 - half, y), (12 + half, y))


def _sort(pen: Pen) -> None:
    for y, right in ((7, 20), (12, 14), (17, 9)):
        pen.line((4, y), (right, y))


def _flag(pen: Pen) -> None:
    pen.line((6, 4), (6, 21))
    pen.shape((5.4, 4), (13.4, 4), (14, 6), (20, 6), (20, 16), (13, 16), (12.4, 14), (5.4, 14))


def _folder(pen: Pen) -> None:
    pen.box(2, 4, 12, 12, 2)
    pen.box(2, 6, 22, 20, 2)


def _file(pen: Pen) -> None:
    pen.box(4, 2, 20, 22, 2)
    pen.shape((13.4, 0), (24, 0), (24, 8.6), ink=0)
    pen.shape((13.4, 2), (13.4, 8.6), (20, 8.6))
    pen.line((13.2, 2.4), (13.2, 8.8), (19.6, 8.8), width=1.2, ink=0)


def _globe(pen: Pen) -> None:
    pen.ring((12, 12), 9)
    pen.line((3.6, 9), (20.4, 9), width=1.7)
    pen.line((3.6, 15), (20.4, 15), width=1.7)
    pen.ring((20.5, 12), 12.4, width=1.7, start=136, end=224)
    pen.ring((3.5, 12), 12.4, width=1.7, start=-44, end=44)


def _key(pen: Pen) -> None:
    pen.disc((7.4, 12), 5.4)
    pen.disc((7.4, 12), 2.1, ink=0)
    pen.box(11, 10, 22.4, 14, 0.8)
    pen.box(16.4, 12, 20.4, 17, 0.8)


def _recents(pen: Pen) -> None:
    pen.box(6, 6, 18, 18, 2.2)


def _circle(pen: Pen) -> None:
    pen.ring((12, 12), 6.6, width=2.2)


def _triangle(pen: Pen) -> None:
    pen.line((16.4, 5.6), (6, 12), (16.4, 18.4), closed=True, width=1.8)
    pen.shape((16.4, 5.6), (6, 12), (16.4, 18.4))


def _backspace(pen: Pen) -> None:
    pen.shape((2, 12), (8, 4.6), (8, 19.4))
    pen.box(7.4, 4.6, 22, 19.4, 1.8)
    pen.line((11.4, 9), (17.4, 15), width=1.9, ink=0)
    pen.line((17.4, 9), (11.4, 15), width=1.9, ink=0)


def _shift(pen: Pen) -> None:
    pen.line((12, 4), (20, 12.4), (16, 12.4), (16, 19.6), (8, 19.6), (8, 12.4), (4, 12.4), closed=True, width=1.9)


def _enter(pen: Pen) -> None:
    pen.line((19.4, 6.4), (19.4, 12.6), (5, 12.6))
    pen.line((9.4, 8.2), (5, 12.6), (9.4, 17))


def _next(pen: Pen) -> None:
    pen.line((9, 6), (15, 12), (9, 18))


def _down(pen: Pen) -> None:
    pen.line((6, 9), (12, 15), (18, 9))


def _up(pen: Pen) -> None:
    pen.line((6, 15), (12, 9), (18, 15))


def _forward(pen: Pen) -> None:
    pen.line((4, 12), (19.5, 12))
    pen.line((12, 4.5), (19.5, 12), (12, 19.5))


def _minus(pen: Pen) -> None:
    pen.line((5, 12), (19, 12))


def _signal(pen: Pen) -> None:
    pen.shape((21.4, 2.6), (21.4, 21.4), (2.6, 21.4))


def _hang_up(pen: Pen) -> None:
    pen.ring((12, 21), 10.4, width=4.4, start=228, end=312)
    pen.box(1.8, 11.4, 7.4, 16.4, 1.4)
    pen.box(16.6, 11.4, 22.2, 16.4, 1.4)


ICONS: dict[str, Drawer] = {
    "back": _back, "menu": _menu, "more": _more, "search": _search, "add": _add, "close": _close, "check": _check,
    "edit": _edit, "delete": _delete, "send": _send, "call": _call, "sms": _sms, "person": _person, "people": _people,
    "settings": _settings, "wifi": _wifi, "bluetooth": _bluetooth, "airplane": _airplane, "battery": _battery,
    "bell": _bell, "clock": _clock, "alarm": _alarm, "timer": _timer, "note": _note, "star": _star, "heart": _heart,
    "mail": _mail, "calendar": _calendar, "cart": _cart, "food": _food, "camera": _camera, "image": _image,
    "play": _play, "pause": _pause, "home": _home, "lock": _lock, "volume": _volume, "sun": _sun, "moon": _moon,
    "app": _app, "location": _location, "info": _info, "warning": _warning, "mic": _mic, "emoji": _emoji,
    "attach": _attach, "share": _share, "refresh": _refresh, "filter": _filter, "sort": _sort, "flag": _flag,
    "folder": _folder, "file": _file, "globe": _globe, "key": _key,
    "recents": _recents, "circle": _circle, "triangle": _triangle, "backspace": _backspace, "shift": _shift,
    "enter": _enter, "next": _next, "down": _down, "up": _up, "forward": _forward, "minus": _minus,
    "signal": _signal, "hang_up": _hang_up, **{f"battery_{n}": partial(_battery, pct=n) for n in range(0, 100, 20)},
}  # fmt: skip
