"""A real SIGKILL while the memory is written: what was said to be done is done, and the indexes follow the truth."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
ROUNDS, SEED = 12, 5


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_killed_writer_loses_nothing_and_the_next_opening_mends_the_indexes(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.memory.killing", str(tmp_path), str(ROUNDS), str(SEED)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    assert told["wrong"] == []
    assert told["rounds"] == ROUNDS and told["said"] >= ROUNDS
