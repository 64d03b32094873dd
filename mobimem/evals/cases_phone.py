"""The virtual phone's pages as cases of `mobimem eval drift`: every page of an app that a person can act on.

Pages are found, not listed: every activity is started, and from each everything that can be tapped is tapped once, and
once more on what opens. A page is new if its set of views is. What is changed by the phone itself - an app's update
(`device.virtual.window.drift`), another locale, size, dark theme - is changed there, live, on the page that stands; the
views keep their keys, so the truth is the phone's. The rest is done to the tree (`cases_changes`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache, lru_cache
from random import Random
from typing import Final

from device.actions import Size
from device.clock import ManualClock
from device.virtual.app import App
from device.virtual.apps import INSTALLED
from device.virtual.phone import PhoneConfig, VirtualPhone
from device.virtual.window.drift import Drift
from device.virtual.window.hierarchy import Node as PhoneNode
from device.virtual.window.hierarchy import roots
from device.virtual.window.layout import FixedMeasure
from mobimem.evals.cases_changes import DARK
from mobimem.evals.cases_tree import SAME, TEXTS, Node, Tree, of_frame
from perception.words import normal

APPS: Final = tuple(app.package for app in INSTALLED)
LAUNCHER: Final = "com.android.launcher3"  # no update touches it: its ids, words and places are changed on the tree
UPDATES: Final = frozenset({"ids renamed", "reworded", "moved", "re-ordered list"})
SCREENS: Final = ((Size(720, 1280), 320), (Size(1440, 3120), 560), (Size(1080, 1920), 420), (Size(1200, 2000), 240))
LOCALES: Final = ("de", "zh")
DEPTH: Final = 2  # taps from an activity's first page
PAGES_MAX: Final = 60  # of an app
TAPS_MAX: Final = 16  # tried on one page
_NOTES: Final = ("Groceries", "Books to read", "Holiday plans", "Garden")
_READ_CONTACTS: Final = "android.permission.READ_CONTACTS"


@dataclass(frozen=True, slots=True)
class Route:
    """How a page is reached on a fresh phone: the activity, and the keys of what is tapped on the way."""

    package: str
    activity: str
    taps: tuple[str, ...] = ()

    def __str__(self) -> str:
        last = [tap.rsplit("/", 1)[-1] for tap in self.taps]
        return " > ".join([f"{self.package}{self.activity}", *last])


@dataclass(frozen=True, slots=True)
class Drifted:
    """A page before and after what the phone itself did to it. `applied`: each of the kinds asked for shows."""

    then: Tree
    now: Tree
    meanings: frozenset[tuple[str, str]]
    applied: bool


def is_live(kind: str, package: str) -> bool:
    """Whether the phone itself makes this change to this app."""
    return kind in ("other locale", "other size", DARK) or (kind in UPDATES and package != LAUNCHER)


@cache
def routes(package: str) -> tuple[Route, ...]:
    """All pages of the app that were found, in a fixed order."""
    app = next(app for app in INSTALLED if app.package == package)
    found: list[Route] = []
    known: set[frozenset[str]] = set()
    waiting = [Route(package, activity) for activity in _activities(app)]
    while waiting and len(found) < PAGES_MAX:
        route = waiting.pop(0)
        phone = _at(route)
        if phone is None:
            continue
        views = _views(phone, package)
        if not views or frozenset(views) in known:
            continue
        known.add(frozenset(views))
        found.append(route)
        if len(route.taps) < DEPTH:
            taps = [key for key, node in views.items() if node.clickable and node.enabled and SAME not in key]
            waiting += [Route(package, route.activity, (*route.taps, key)) for key in taps[:TAPS_MAX]]
    return tuple(found)


def _activities(app: type[App]) -> list[str]:
    return [app.main, *(activity for activity in app.pages if activity != app.main)]


def _at(route: Route) -> VirtualPhone | None:
    """A phone that shows the page; None where the route leads out of the app, or to a page that shows nothing."""
    phone = _furnished()
    if not phone.windows.start(route.package, route.activity):
        return None
    for tap in route.taps:
        node = _views(phone, route.package).get(tap)
        if node is None or not phone.windows.tap_box(node.window, node.box):
            return None
    package, _, _ = phone.windows.current()
    return phone if package == route.package and phone.windows.screen_on else None


def _views(phone: VirtualPhone, package: str) -> dict[str, PhoneNode]:
    """What the app's own windows show, by the keys of `cases_tree`."""
    frame = phone.windows.frame()
    if frame.secure:
        return {}
    shown = (node for top in roots(frame) if top.window.package == package for node in top.walk())
    return dict(zip((node.key for node in _tree(phone, package).walk() if node.package == package), shown, strict=True))


def _furnished() -> VirtualPhone:
    """A factory phone whose lists hold something."""
    phone = VirtualPhone(PhoneConfig(), clock=ManualClock(), measure=FixedMeasure())
    for package in APPS:
        phone.packages.grant(package, _READ_CONTACTS)
    for title in _NOTES:
        phone.store.table("notes").insert(title=title, body=f"about {title}", created_ms=1, edited_ms=1)
    for number, name, cents in (("+1 202 555 0110", "Alice", 1250), ("+1 202 555 0125", "Bob", 800)):
        phone.store.table("call_log").insert(number=number, name=name, type=2, date_ms=1, duration_s=3)
        phone.store.table("payments").insert(recipient=name, amount_cents=cents, note="lunch", at_ms=1)
    return phone


@lru_cache(maxsize=64)
def _standing(route: Route) -> VirtualPhone:
    phone = _at(route)
    if phone is None:
        raise AssertionError(f"{route} led to a page once and does no more")
    _as_before(phone)
    return phone


def _as_before(phone: VirtualPhone) -> None:
    phone.faults.drift(None)
    phone.windows.set_locale(phone.config.locale)
    phone.windows.resize(phone.config.size, phone.config.density_dpi)
    phone.windows.set_dark(phone.config.dark)


def drifted(route: Route, kinds: Collection[str], rng: Random) -> Drifted:
    """The page before and after these live changes. Afterwards the phone is as it was."""
    phone, windows = _standing(route), _standing(route).windows
    then = _tree(phone, route.package)
    if not UPDATES.isdisjoint(kinds):
        phone.faults.drift(_update(kinds, rng.randrange(10_000)))
    if "other locale" in kinds:
        windows.set_locale(rng.choice(LOCALES))
    if "other size" in kinds:
        windows.resize(*rng.choice(SCREENS))
    if DARK in kinds:
        windows.set_dark(True)
    now = _tree(phone, route.package)
    _as_before(phone)
    return Drifted(then, now, _meanings(then, now), all(_shows(kind, then, now) for kind in kinds))


def _update(kinds: Collection[str], seed: int) -> Drift:
    return Drift(
        rename_ids="ids renamed" in kinds,
        reword="reworded" in kinds,
        move="moved" in kinds,
        reorder_lists="re-ordered list" in kinds,
        seed=seed,
    )


def _tree(phone: VirtualPhone, package: str) -> Tree:
    windows = phone.windows
    return of_frame(windows.frame(), package, windows.current()[1], keyboard_shown=windows.keyboard_shown)


def _both(then: Tree, now: Tree) -> list[tuple[Node, Node]]:
    """The app's elements that are on both."""
    after = {node.key: node for node in now.walk()}
    return [(node, after[node.key]) for node in then.walk() if node.key in after and node.package == then.package]


def _meanings(then: Tree, now: Tree) -> frozenset[tuple[str, str]]:
    """What says something else now; nothing but words was replaced, so that is what was put in place of what."""
    said = {(getattr(one, name), getattr(other, name)) for one, other in _both(then, now) for name in TEXTS}
    return frozenset((normal(one), normal(other)) for one, other in said if one and other and one != other)


def _shows(kind: str, then: Tree, now: Tree) -> bool:
    both = _both(then, now)
    match kind:
        case "ids renamed":
            return any(one.resource_id != other.resource_id for one, other in both)
        case "reworded" | "other locale":
            return bool(_meanings(then, now))
        case "moved":
            return any(one.bounds != other.bounds for one, other in both)
        case "re-ordered list":
            return any(_order(one, other) != _order(other, one) for one, other in both)
        case "other size":
            return then.size != now.size
    return True


def _order(one: Node, other: Node) -> list[str]:
    shared = {child.key for child in other.children}
    return [child.key for child in one.children if child.key in shared]
