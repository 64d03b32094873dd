"""A scripted demonstration: what is named is touched, and scrolls in a row are replayed one by one."""

from __future__ import annotations

import pytest

from device.clock import ManualClock
from device.virtual.direct import DirectDevice
from device.virtual.phone import VirtualPhone
from device.virtual.window.layout import FixedMeasure
from replay.demonstration import Demonstration
from replay.distill import Held, Scrolled, Typed, distill
from replay.errors import ReplayError
from replay.recipe import ScrollIn
from replay.runner import Runner

CONTACTS, DEMOS = "com.android.contacts", "io.appium.android.apis"


class Yes:
    def decide(self, step: object, says: str, values: object) -> str:
        return "run"


def fresh(clock: ManualClock) -> DirectDevice:
    return DirectDevice(VirtualPhone(clock=clock, measure=FixedMeasure()))


def opened(package: str) -> Demonstration:
    clock = ManualClock()
    hand = Demonstration(fresh(clock), clock=clock)
    hand.open(package)
    return hand


def test_of_a_field_and_a_row_that_say_the_same_each_is_found_by_what_it_is_meant_for() -> None:
    hand = opened(CONTACTS)
    hand.type("Search contacts", "Bob")

    assert hand.find("Bob", field=True).editable
    assert not hand.find("Bob").editable


def test_a_filled_field_is_named_by_its_label_too() -> None:
    hand = opened(CONTACTS)
    for words in ("Bob", "Edit contact"):
        hand.tap(words)
    hand.type("Phone", "5550177")

    did = hand.done[-1].did
    assert isinstance(did, Typed) and did.element.entry == "phone_edit"


def test_a_held_finger_and_a_scroll_are_kept_as_what_they_are() -> None:
    hand = opened("com.android.messaging")
    hand.hold("Alice")
    assert isinstance(hand.done[-1].did, Held)
    assert hand.find("Delete")

    hand = opened("com.android.settings")
    hand.scroll()
    assert isinstance(hand.done[-1].did, Scrolled)


def test_where_nothing_scrolls_a_scroll_is_refused() -> None:
    hand = opened("com.example.u2testdemo")
    with pytest.raises(ReplayError, match="nothing on this screen scrolls"):
        hand.scroll()


def test_scrolls_in_a_row_are_all_done_before_what_they_lead_to() -> None:
    hand = opened(DEMOS)
    hand.tap("Views")
    scrolls = 0
    while "Visibility" not in {element.text for element in hand.screen.visible_elements()}:
        hand.scroll()
        scrolls += 1
    hand.tap("Visibility")
    recipe = distill(hand.done, recipe_id="far", name="far", task="far down", values={})
    clock = ManualClock()
    result = Runner(fresh(clock), Yes(), clock=clock).run(recipe, {})  # type: ignore[arg-type]

    assert result.outcome == "done", result.says
    scrolled = [line.result for line in result.progress if isinstance(line.step.move, ScrollIn)]
    assert scrolls > 1
    assert scrolled == ["done"] * scrolls
