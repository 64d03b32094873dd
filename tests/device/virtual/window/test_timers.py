from __future__ import annotations

from device.virtual.window.timers import Timers


def test_what_is_due_runs_oldest_first_and_once() -> None:
    timers, ran = Timers(), []
    timers.call_at(2.0, lambda: ran.append("b"))
    timers.call_at(1.0, lambda: ran.append("a"))
    timers.call_at(3.0, lambda: ran.append("c"))

    assert timers.run_due(2.5)
    assert not timers.run_due(2.5)
    assert ran == ["a", "b"]


def test_a_timer_set_by_a_timer_waits_for_the_next_look() -> None:
    timers, ran = Timers(), []

    def again() -> None:
        ran.append(1)
        timers.call_at(0.0, again)

    timers.call_at(0.0, again)
    timers.run_due(1.0)
    timers.run_due(1.0)

    assert ran == [1, 1]


def test_what_is_cancelled_or_dropped_never_runs_even_by_a_timer_of_the_same_look() -> None:
    timers, ran = Timers(), []
    timers.call_at(1.0, lambda: timers.drop("app"))
    timers.call_at(2.0, lambda: ran.append("dropped"), owner="app")
    number = timers.call_at(2.0, lambda: ran.append("cancelled"))
    timers.cancel(number)

    timers.run_due(5.0)

    assert ran == []
