"""`StableWait`: has the picture come to rest? A pure state machine, fed with pictures and the times they were taken.

Nobody sleeps here: who waits takes a picture when it likes, feeds it, and looks at `verdict`. Every picture is compared
with the first of the current rest, not with the one before it, so that a slow fade does not pass as many small
nothings. Time is any clock's seconds, as long as it does not run backwards.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from perception.element import Bounds
from perception.vision.changes import Changes, changes
from perception.vision.image import Image
from perception.vision.restless import Blinks

Verdict = Literal["waiting", "stable", "timed out"]

READINGS: Final = 2  # pictures alike; one says nothing
STILL_S: Final = 0.3  # Android's own transitions take 0.2 to 0.4 s and move in every frame
TIMEOUT_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class StableWait:
    """How far the waiting has come. A value: `fed` makes the next one.

    Stable is `readings` pictures in a row, over at least `still_s` seconds, with no change outside of `ignore` and of
    what was seen to blink. `last` says what changed when the current rest began.
    """

    readings: int = READINGS
    still_s: float = STILL_S
    timeout_s: float = TIMEOUT_S
    ignore: tuple[Bounds, ...] = ()
    verdict: Verdict = "waiting"
    alike: int = 0
    last: Changes | None = None
    _anchor: Image | None = field(default=None, repr=False)
    _blinks: Blinks = field(default_factory=Blinks, repr=False)
    _started_s: float = 0.0
    _rests_since_s: float = 0.0
    _at_s: float = 0.0

    def __post_init__(self) -> None:
        if self.readings < 2 or self.still_s < 0 or self.timeout_s <= 0:
            raise ValueError("a rest takes at least 2 readings, no negative time, and a time limit above 0")

    @property
    def blinking(self) -> tuple[Bounds, ...]:
        """The places that were found to blink while waiting."""
        return self._blinks.boxes

    def fed(self, image: Image, at_s: float) -> StableWait:
        """The state after a picture taken at `at_s`. A verdict once reached stays.

        Raises:
            ValueError: the picture is older than the one before.
            PackageMissing: OpenCV is not installed.
        """
        if self.verdict != "waiting":
            return self
        blinks = self._blinks.seen(image)
        if self._anchor is None:
            return self._resting(image, at_s, blinks, None, started_s=at_s)
        if at_s < self._at_s:
            raise ValueError(f"the picture at {at_s} s is older than the one before, at {self._at_s} s")
        moved = changes(self._anchor, image, ignore=(*self.ignore, *blinks.boxes))
        if moved:
            after = self._resting(image, at_s, blinks, moved, started_s=self._started_s)
        else:
            after = replace(self, alike=self.alike + 1, _blinks=blinks, _at_s=at_s)
        return after._judged()

    def _resting(
        self, image: Image, at_s: float, blinks: Blinks, moved: Changes | None, *, started_s: float
    ) -> StableWait:
        return replace(
            self,
            alike=1,
            last=moved,
            _anchor=image,
            _blinks=blinks,
            _started_s=started_s,
            _rests_since_s=at_s,
            _at_s=at_s,
        )

    def _judged(self) -> StableWait:
        if self.alike >= self.readings and self._at_s - self._rests_since_s >= self.still_s:
            return replace(self, verdict="stable")
        if self._at_s - self._started_s >= self.timeout_s:
            return replace(self, verdict="timed out")
        return self


def waiting(*, ignore: Iterable[Bounds] = (), readings: int = READINGS, still_s: float = STILL_S) -> StableWait:
    """A wait that has seen nothing yet, with the usual time limit."""
    return StableWait(readings=readings, still_s=still_s, ignore=tuple(ignore))
