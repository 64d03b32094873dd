"""The two scripted hands name things alike: the one that acts through the device, and the one on the glass."""

from __future__ import annotations

import pytest

from device.clock import ManualClock
from device.virtual.direct import DirectDevice
from device.virtual.phone import VirtualPhone
from device.virtual.window.layout import FixedMeasure
from mobimem.errors import NotDone
from mobimem.service.finger import DirectGlass, Finger
from replay.demonstration import Demonstration, named
from replay.errors import ReplayError


@pytest.fixture
def phone() -> VirtualPhone:
    phone = VirtualPhone(clock=ManualClock(), measure=FixedMeasure())
    assert phone.windows.start("com.android.messaging")
    return phone


def finger(phone: VirtualPhone) -> Finger:
    return Finger(DirectDevice(phone), DirectGlass(phone), lambda count: None, clock=phone.clock)


def test_what_words_name_both_hands_touch(phone: VirtualPhone):
    hand = Demonstration(DirectDevice(phone), clock=phone.clock)
    (found,) = named(hand.screen, "Start chat")
    assert hand.find("start CHAT") == found

    hand.tap("Start chat")
    here = phone.windows.current()
    phone.windows.key("back")
    finger(phone).tap("Start chat")

    assert phone.windows.current() == here


def test_what_several_things_say_neither_hand_touches(phone: VirtualPhone):
    device = DirectDevice(phone)
    hand = Demonstration(device, clock=phone.clock)
    several = next(
        said for one in hand.screen.visible_elements() if (said := one.text) and len(named(hand.screen, said)) > 1
    )
    here = phone.windows.current()

    with pytest.raises(ReplayError, match="things say"):
        hand.tap(several)
    with pytest.raises(NotDone, match="things say"):
        finger(phone).tap(several)
    assert phone.windows.current() == here


def test_what_nothing_says_neither_hand_touches(phone: VirtualPhone):
    with pytest.raises(ReplayError, match="nothing says"):
        Demonstration(DirectDevice(phone), clock=phone.clock).tap("Nonsense")
    with pytest.raises(NotDone, match="does not see"):
        finger(phone).tap("Nonsense")
