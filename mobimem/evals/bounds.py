"""How sure a count makes us: the exact (Clopper-Pearson) upper bound of a share, one-sided, 95 %."""

from __future__ import annotations

from math import comb

LEVEL = 0.95


def upper_bound(k: int, n: int) -> float | None:
    """The largest share that would still give at most `k` of `n` in 5 % of all samples; None for n = 0."""
    if n == 0:
        return None
    if k >= n:
        return 1.0
    low, high = k / n, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if sum(comb(n, i) * middle**i * (1 - middle) ** (n - i) for i in range(k + 1)) > 1 - LEVEL:
            low = middle
        else:
            high = middle
    return round(high, 6)
