from __future__ import annotations

import pytest

pytest.importorskip("cv2", reason="OpenCV comes with the extra `vision`")

from mobimem.evals.vision import PHONES, Pages, evaluate, signs


def test_a_place_shows_the_same_sign_on_every_phone_and_another_with_another_seed() -> None:
    pages = Pages()
    one, dark, other = (
        {sign.path: sign.icon for sign in signs(pages.frame("com.android.settings", phone, seed))}
        for phone, seed in (("nothing changed", 5), ("dark theme", 5), ("nothing changed", 6))
    )

    assert one == dark
    assert one != other


def test_a_small_sample_has_no_wrong_find_and_finds_most_of_the_solvable() -> None:
    result = evaluate(len(PHONES), seed=5, timed=False)

    assert result["wrong"]["k"] == 0
    assert sum(kind["n"] for kind in result["all"].values()) == len(PHONES)
    assert result["all"]["solvable"]["found_share"] >= 0.7


def test_the_same_seed_gives_the_same_figures() -> None:
    one, other = (evaluate(2, seed=9, timed=False) for _ in range(2))

    assert one["phones"] == other["phones"]
