from __future__ import annotations

from device.virtual.touchlog import TouchLog
from device.virtual.window.gestures import Contact


def test_followers_hear_of_each_contact_until_they_leave() -> None:
    log, heard = TouchLog(), []
    leave = log.subscribe(heard.append)
    first, second = Contact("down", 1, 2, 0, 0.0), Contact("up", 1, 2, 0, 0.1)

    log.add(first)
    leave()
    leave()
    log.add(second)

    assert heard == [first]
    assert log.contacts() == [first, second]


def test_the_oldest_contacts_are_dropped() -> None:
    log = TouchLog(capacity=2)
    for number in range(3):
        log.add(Contact("move", number, 0, 0, number))

    assert [contact.x_px for contact in log.contacts()] == [1, 2]
