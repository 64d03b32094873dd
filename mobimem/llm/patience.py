"""When to ask again and when to leave a model alone. Pure: time comes in as numbers, chance as a function.

`pause_before` is exponential back-off with full jitter (each waits a random time up to the bound, so that many clients
do not come back at once); an endpoint that says how long to wait is believed. `Breaker` stops asking an endpoint that
failed several times in a row, and lets a single request through when the pause is over.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

ATTEMPTS_MAX: Final = 3
FIRST_PAUSE_S: Final = 0.5
LONGEST_PAUSE_S: Final = 20.0  # longer than this nobody waits before a screen: the caller is told instead
FAILURES_MAX: Final = 4
FIRST_REST_S: Final = 15.0
LONGEST_REST_S: Final = 300.0


def pause_before(attempt: int, asked_s: float | None, chance: Callable[[], float]) -> float | None:
    """Seconds to wait before the attempt (the first is 1), or None: do not try again.

    Args:
        asked_s: how long the endpoint asked to wait; None if it did not say.
        chance: a random number in 0..1.
    """
    if attempt > ATTEMPTS_MAX:
        return None
    if asked_s is not None:
        return asked_s + 0.1 * chance() * asked_s if asked_s <= LONGEST_PAUSE_S else None
    return float(min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** (attempt - 1)) * chance())


@dataclass(slots=True)
class Breaker:
    """Closed while things go well; open (resting) after `FAILURES_MAX` failures in a row; then one trial at a time."""

    failures: int = 0
    rests: int = 0
    until_s: float = 0.0
    trying: bool = False

    def rests_for(self, now_s: float) -> float:
        """Seconds until a request may be made; 0 if it may be made now. Asking counts as making it, after a rest."""
        if self.failures < FAILURES_MAX:
            return 0.0
        if now_s < self.until_s:
            return self.until_s - now_s
        if self.trying:
            return FIRST_REST_S
        self.trying = True
        return 0.0

    def went_well(self) -> None:
        """A request was answered: closed again."""
        self.failures = self.rests = 0
        self.trying = False

    def failed(self, now_s: float) -> None:
        """A request failed; after `FAILURES_MAX` in a row it rests, each time longer, up to `LONGEST_REST_S`."""
        self.failures += 1
        self.trying = False
        if self.failures >= FAILURES_MAX:
            self.until_s = now_s + min(LONGEST_REST_S, FIRST_REST_S * 2**self.rests)
            self.rests += 1

    def let_go(self) -> None:
        """The trial ended without telling anything of the endpoint: cancelled."""
        self.trying = False
