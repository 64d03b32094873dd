"""The screens of one report: each drawn once as a symbol, and used as often as it is shown."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from perception.element import Bounds
from replay.report.drawing import is_picture, mark, nothing, photograph, shrunk, symbol
from replay.report.markup import text
from replay.timeline import Screens

_AS_TAKEN_MAX = 2 << 20  # photographs that are no more than this together are put in as they are


class Sheet:
    """Makes symbols when a screen is first used; `symbols()` gives all of them in the end."""

    def __init__(self, screens: Screens) -> None:
        self._screens = screens
        self._made: dict[str, str] = {}
        self._photographs = _photographs(screens)

    def symbols(self) -> str:
        """The definitions of all pictures that were used so far, each once."""
        return "".join(self._made.values())

    def use(self, number: int | None, box: Bounds | None, point: tuple[int, int] | None, *, small: bool = False) -> str:
        """A screen as an image, what was acted on marked."""
        name = f"s{number}" if isinstance(number, int) else "s-none"
        return self._used(name, self._screens, number, mark(box, point), small=small)

    def figure(self, caption: str, number: int | None, box: Bounds | None, point: tuple[int, int] | None) -> str:
        """A screen with its caption and the place in the app it shows, as HTML."""
        seen = self._screens.seen(number)
        where = "" if seen is None else f" · {text(seen.activity.rpartition('.')[2] or seen.package, 60)}"
        return f"<figure>{self.use(number, box, point)}<figcaption>{caption}{where}</figcaption></figure>"

    def foreign(self, name: str, screens: Screens, number: int | None, box: Bounds | None = None) -> str:
        """A screen of another trace."""
        return self._used(f"{name}-{number}", screens, number, mark(box, None)) if number is not None else ""

    def box_of(self, number: object, element: object) -> Bounds | None:
        """The box of an element of a screen, by its number; None if there is none."""
        screen = self._screens.get(number) if isinstance(number, int) else None
        if screen is None or not isinstance(element, int) or not 0 <= element < len(screen.elements):
            return None
        return screen.elements[element].bounds

    def _used(self, name: str, screens: Screens, number: int | None, marks: str, *, small: bool = False) -> str:
        seen = screens.seen(number)
        if name not in self._made:
            self._made[name] = self._make(name, screens, number)
        width, height = (seen.width_px, seen.height_px) if seen is not None else (1080, 2400)
        width, height = (width, height) if isinstance(width, int) and isinstance(height, int) else (1080, 2400)
        label = "screen not recorded" if seen is None else f"screen {number}"
        kind = "thumb" if small else "screen"
        return (
            f"<svg class='{kind}' viewBox='0 0 {width} {height}' role='img' aria-label='{label}'>"
            f"<use href='#{name}' width='{width}' height='{height}'/>{marks}</svg>"
        )

    def _make(self, name: str, screens: Screens, number: int | None) -> str:
        seen = screens.seen(number)
        if seen is None:
            return nothing(name, "not recorded")
        if screens is self._screens and (data := self._photographs.get(seen.picture)):
            return photograph(name, data, seen.width_px, seen.height_px)
        screen = screens.get(number)
        return nothing(name, "cannot be shown") if screen is None else symbol(name, screen)


def _photographs(screens: Screens) -> dict[str, bytes]:
    """The photographs by hash, small enough together."""
    taken = {name: data for name, data in screens.trace.pictures.items() if is_picture(data)}
    if sum(map(len, taken.values())) <= _AS_TAKEN_MAX:
        return taken
    with ThreadPoolExecutor() as pool:
        return {name: data for name, data in zip(taken, pool.map(shrunk, taken.values()), strict=True) if data}
