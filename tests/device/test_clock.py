from datetime import UTC, datetime

import pytest

from device.clock import ManualClock, SystemClock


def test_a_manual_clock_moves_only_when_told_or_slept_on():
    clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))

    assert clock.now() == clock.now()
    clock.advance(60)
    clock.sleep(1.5)

    assert clock.monotonic_s() == 61.5
    assert clock.now() == datetime(2026, 1, 1, 0, 1, 1, 500000, tzinfo=UTC)


def test_a_manual_clock_never_goes_back():
    with pytest.raises(ValueError, match="does not go back"):
        ManualClock().advance(-1)


def test_a_start_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        ManualClock(datetime(2026, 1, 1))


def test_the_system_clock_is_aware_utc_and_monotonic():
    clock = SystemClock()

    assert clock.now().tzinfo is UTC
    assert clock.monotonic_s() <= clock.monotonic_s()
