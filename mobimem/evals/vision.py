"""`mobimem eval vision`: is a recorded sign found again on the picture alone, and never anywhere else?

A phone's page is drawn with signs drawn by lot (seeded, by the place in the page) in place of its own; one sign is cut
out, and sought on the picture of another phone that differs in theme, density, size or language. Which sign stands
where is read from the second phone's frame, never from the picture or our own answer. The rule:

- *solvable*: the sign's place shows it on the second picture, and nothing else whole on it does;
- *twins*: it is there more than once: finding its own place or asking is right, another place is wrong;
- *absent*: sought on another page, with other signs, that does not show it: any find is wrong;
- *elsewhere*: sought on another page that does show it: a find of it is right, of anything else wrong.

Speeds are of 1080 x 2400 px, median of TIMED_RUNS.
"""

from __future__ import annotations

import os
import random
import statistics
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from device.actions import Size
from device.protocol import Picture
from device.virtual.direct import DirectDevice
from device.virtual.phone import PhoneConfig, VirtualPhone
from device.virtual.render.icons import ICONS
from device.virtual.render.paint import paint
from device.virtual.window.frame import Box, Frame, Window
from mobimem.evals.about import about
from mobimem.evals.bounds import upper_bound
from perception.element import Bounds
from perception.vision.changes import changes, small
from perception.vision.errors import PackageMissing, PatchUnusable
from perception.vision.find import PatchAmbiguous, PatchFound, find_patch
from perception.vision.image import Image, decode
from perception.vision.patch import Patch, cut_patch
from perception.vision.rapid import RapidReader
from perception.vision.reader import Reader
from perception.vision.stable import StableWait
from perception.vision.tesseract import TesseractReader

PAGES: Final = (
    "com.android.contacts", "com.android.deskclock", "com.android.dialer", "com.android.launcher3",
    "com.android.messaging", "com.android.settings", "com.example.notes", "com.example.wallet",
)  # fmt: skip
PHONES: Final[Mapping[str, PhoneConfig]] = {
    "nothing changed": PhoneConfig(),
    "dark theme": PhoneConfig(dark=True),
    "other density": PhoneConfig(density_dpi=340),
    "larger screen": PhoneConfig(size=Size(1440, 3120), density_dpi=560),
    "smaller screen": PhoneConfig(size=Size(720, 1280), density_dpi=320),
    "other locale": PhoneConfig(locale="de"),
    "dark, smaller, other locale": PhoneConfig(dark=True, size=Size(720, 1600), density_dpi=280, locale="zh"),
}
OTHER_PAGE: Final = 0.3  # of the cases: sought where it does not belong
BARS: Final = ("status_bar", "navigation_bar")  # keep their own signs
TIMED_RUNS: Final = 9
LINE: Final = Bounds(0, 420, 1080, 560)  # a list item of the settings' first page, for reading a part
NAMES: Final = tuple(sorted(ICONS))
Answer = str


@dataclass(frozen=True, slots=True)
class Sign:
    """A whole sign on a page: where it hangs in the tree of windows, which one it is, its box in px."""

    path: tuple[str, ...]
    icon: str
    box: Bounds


class Pages:
    """Pages of phones, each laid out once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Frame] = {}

    def frame(self, page: str, phone: str, seed: int) -> Frame:
        """The page with signs drawn by lot; the same seed gives a place the same sign on every phone."""
        known = self._known.get((page, phone))
        if known is None:
            made = VirtualPhone(PHONES[phone])
            if page != "com.android.launcher3":
                made.windows.start(page, None)
            known = self._known[page, phone] = made.windows.frame()
        windows = (
            window if window.kind in BARS else replace(window, root=_redrawn(window.root, seed))
            for window in known.windows
        )
        return replace(known, windows=tuple(windows))


def _redrawn(box: Box, seed: int) -> Box:
    view = box.view
    if view.style.icon:
        drawn = NAMES[zlib.crc32(f"{seed}/{'/'.join(box.path)}".encode()) % len(NAMES)]
        view = replace(view, style=replace(view.style, icon=drawn))
    return replace(box, view=view, children=tuple(_redrawn(child, seed) for child in box.children))


def signs(frame: Frame) -> list[Sign]:
    """The images that show a sign and are whole: not cut off, not covered by another window."""

    def whole(window: Window, box: Box) -> bool:
        seen = box.visible == box.bounds and box.bounds.width > 0 and frame.window_at(*box.bounds.center) is window
        return seen and box.view.kind == "image" and bool(box.view.style.icon)

    return [
        Sign((window.kind, *box.path), box.view.style.icon, _bounds(box))
        for window in frame.windows
        for box in window.root.walk()
        if whole(window, box)
    ]


def _bounds(box: Box) -> Bounds:
    return Bounds(box.bounds.left, box.bounds.top, box.bounds.right, box.bounds.bottom)


def evaluate(cases: int, seed: int, *, timed: bool = True) -> dict[str, Any]:
    """The figures as JSON data: for each phone, kind of case -> answers with n; and speeds in ms.

    Raises:
        PackageMissing: the extra `vision` is not installed.
    """
    rng, pages = random.Random(seed), Pages()
    counts: dict[str, Counter[tuple[str, Answer]]] = {phone: Counter() for phone in PHONES}
    wrong: list[str] = []
    for number in range(cases):
        phone = list(PHONES)[number % len(PHONES)]
        kind, answer, told = _case(pages, phone, rng)
        counts[phone][kind, answer] += 1
        if answer == "wrong":
            wrong.append(f"case {number}, {phone}: {told}")
    total = sum(counts.values(), Counter[tuple[str, Answer]]())
    of_wrong = sum(n for (_, answer), n in total.items() if answer == "wrong")
    sought = sum(n for (_, answer), n in total.items() if answer != "unusable")
    return {
        "eval": "vision",
        **about(),
        "cases": cases,
        "seed": seed,
        "all": _table(total),
        "wrong": {"k": of_wrong, "n": sought, "upper_bound_95": upper_bound(of_wrong, sought), "which": wrong},
        "phones": {phone: _table(of_phone) for phone, of_phone in counts.items()},
        **({"ms": speeds()} if timed else {}),
    }


def _table(counts: Counter[tuple[str, Answer]]) -> dict[str, dict[str, Any]]:
    table: dict[str, dict[str, Any]] = {}
    for kind in sorted({kind for kind, _ in counts}):
        answers = {answer: n for (one, answer), n in sorted(counts.items()) if one == kind}
        n = sum(answers.values())
        table[kind] = {"n": n, **answers, "found_share": round(answers.get("found", 0) / n, 4)}
    return table


def _case(pages: Pages, phone: str, rng: random.Random) -> tuple[str, Answer, str]:
    """(kind, answer, in words) of one case drawn by lot."""
    page, seed = rng.choice(PAGES), rng.randrange(1_000_000)
    other = rng.choice([one for one in PAGES if one != page]) if rng.random() < OTHER_PAGE else page
    recorded = pages.frame(page, "nothing changed", seed)
    sign = rng.choice(signs(recorded))
    try:
        patch = cut_patch(Image.of_pillow(paint(recorded)), sign.box)
    except PatchUnusable:
        return "unusable", "unusable", sign.icon
    now = pages.frame(other, phone, seed if other == page else seed + 1)
    there = [one for one in signs(now) if one.icon == sign.icon]
    right = [one for one in there if other != page or one.path == sign.path]
    kind = _kind(same_page=other == page, there=len(there), right=len(right))
    answer = find_patch(Image.of_pillow(paint(now)), patch)
    told = f"{sign.icon} of {page} on {other}"
    if isinstance(answer, PatchAmbiguous):
        return kind, "ambiguous", told
    if not isinstance(answer, PatchFound):
        return kind, "not found", told
    ink = answer.place.ink
    middle = Bounds(x := (ink.left + ink.right) // 2, y := (ink.top + ink.bottom) // 2, x + 1, y + 1)
    hit = any(one.box.meet(middle).area_px for one in right)
    return kind, "found" if hit else "wrong", f"{told}: score {answer.place.score:.3f} at {tuple(ink)}"


def _kind(*, same_page: bool, there: int, right: int) -> str:
    if not there:
        return "absent"
    if not same_page or not right:  # its place scrolled out of sight, or is shown with another sign
        return "elsewhere"
    return "solvable" if there == 1 else "twins"


def speeds() -> dict[str, Any]:
    """Milliseconds on 1080 x 2400 px: median and best of TIMED_RUNS; of OCR engines that are there, of 3."""
    phone = VirtualPhone()
    device = DirectDevice(phone)
    phone.windows.start("com.android.settings", None)
    picture = device.picture()
    before = decode(picture)
    phone.windows.start("com.android.settings", "com.android.settings.Settings$DisplaySettingsActivity")
    after = decode(device.picture())
    caret = before.rgb.copy()
    caret[700:750, 300:305] = 0
    blinked = Image.of_array(caret)
    patch = _a_patch(before)
    rows: dict[str, Callable[[], object]] = {
        "decode PNG": partial(decode, picture),
        "changes, whole page, both new": lambda: changes(_fresh(before), _fresh(after)),
        "changes, a caret, both new": lambda: changes(_fresh(before), _fresh(blinked)),
        "changes, a caret, small form kept": lambda: changes(before, blinked),
        "small form of one picture": lambda: small(_fresh(before)),
        "stable wait, one reading": lambda: StableWait().fed(before, 0.0).fed(_fresh(blinked), 0.1),
        "find a sign, 9 scales": lambda: find_patch(before, patch),
        "find a sign, 1 scale": lambda: find_patch(before, patch, scales=(1.0,)),
        "find a sign, 1 scale, in a quarter": lambda: find_patch(
            before, patch, scales=(1.0,), within=Bounds(0, 0, 1080, 600)
        ),
    }
    return {**{name: _timed(work, TIMED_RUNS) for name, work in rows.items()}, **_reading(picture)}


def _a_patch(image: Image) -> Patch:
    sign = next(
        one for one in signs(Pages().frame("com.android.settings", "nothing changed", 1)) if "app" in one.path[0]
    )
    return cut_patch(image, sign.box)


def _fresh(image: Image) -> Image:
    return Image(image.rgb)


def _reading(picture: Picture) -> dict[str, Any]:
    image = decode(picture)
    readers: Iterable[Reader] = (RapidReader(), TesseractReader())
    figures: dict[str, Any] = {}
    for reader in readers:
        try:
            lines = reader.read(image, LINE)
        except PackageMissing as error:
            figures[f"{reader.name}"] = f"not measured: {error.cause}"
            continue
        figures[f"{reader.name}, a list item"] = {**_timed(partial(reader.read, image, LINE), 3), "lines": len(lines)}
        whole = reader.read(image)
        figures[f"{reader.name}, whole screen"] = {**_timed(partial(reader.read, image), 3), "lines": len(whole)}
        reader.release()
    return figures


def _timed(work: Callable[[], object], runs: int) -> dict[str, Any]:
    """Wall-clock median and best, and the mean time of all cores taken, programs that were started included."""
    work()
    took: list[float] = []
    before = sum(os.times()[:4])
    for _ in range(runs):
        start = time.perf_counter()
        work()
        took.append((time.perf_counter() - start) * 1e3)
    cpu = (sum(os.times()[:4]) - before) * 1e3 / runs
    return {"n": runs, "median": round(statistics.median(took), 1), "best": round(min(took), 1), "cpu": round(cpu, 1)}
