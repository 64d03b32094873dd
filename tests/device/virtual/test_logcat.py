from __future__ import annotations

from device.clock import ManualClock
from device.virtual.logcat import Entry, Logcat


def test_the_ring_keeps_the_last_entries():
    log = Logcat(ManualClock(), capacity=2)
    for word in ("a", "b", "c"):
        log.write("TAG", word)

    assert [entry.message for entry in log.entries()] == ["b", "c"]
    log.clear()
    assert log.entries() == []


def test_a_follower_hears_each_line_until_it_leaves():
    log, heard = Logcat(ManualClock()), list[Entry]()
    leave = log.subscribe(heard.append)

    log.write("TAG", "one\ntwo", "W")
    log.tick()
    leave()
    leave()
    log.write("TAG", "three")

    assert [(entry.level, entry.message) for entry in heard[:2]] == [("W", "one"), ("W", "two")]
    assert len(heard) == 3
