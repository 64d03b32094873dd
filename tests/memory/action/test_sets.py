"""Self-written task sets with other phrasings: what is replayed is right, also where phrasings look alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from mobimem.evals import action
from mobimem.evals.systems import ActionSystem

DATA = Path(__file__).parent / "data"


@pytest.mark.parametrize(("name", "net"), [("music_zh", 0.80), ("rides_en", 0.90)])
def test_replays_are_right_and_most_steps_are_replayed(name: str, net: float) -> None:
    found = action.figures(ActionSystem, action.read_apps(DATA / f"{name}.jsonl"), "uniform", 1)
    assert found["correct_rate"]["mean"] >= 0.995
    assert found["net_replay"]["mean"] >= net
