"""How long is waited before something is tried again."""

from __future__ import annotations

import random
from collections.abc import Sequence

JITTER = 0.2  # a pause is so much longer or shorter, by chance
LONGEST_RETRY_AFTER_SECONDS = 3_600


def pause_after(tries: int, pauses_seconds: Sequence[float], asked_seconds: float | None = None) -> float:
    """Seconds to wait after so many tries (1 for the first): at least what was asked for, within an hour.

    After more tries than there are pauses the last of them holds.
    """
    usual = pauses_seconds[min(max(tries, 1), len(pauses_seconds)) - 1] * random.uniform(1 - JITTER, 1 + JITTER)
    return max(usual, min(asked_seconds or 0.0, LONGEST_RETRY_AFTER_SECONDS))
