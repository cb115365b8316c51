"""Can two kinds of questions be told apart by how long their answers take? For whatever must not tell what there is.

assert await told_apart(lambda: log_in(known, wrong), lambda: log_in(unknown, wrong)) < ALIKE
"""

from __future__ import annotations

import gc
import random
import statistics
import time
from collections.abc import Awaitable, Callable

ROUNDS = 80
# How sure somebody is who guesses by the clock: 0.5 is a toss. Of two alike kinds 80 samples each give 0.5 ± 0.05.
ALIKE = 0.75
MOST_SECONDS = 0.003  # between the medians

Question = Callable[[], Awaitable[object]]
Clock = Callable[[], float]


async def told_apart(one: Question, other: Question, rounds: int = ROUNDS, clock: Clock = time.perf_counter) -> float:
    """How often the slower of two answers is of the same kind (the area under the curve, 0.5 to 1); 0.5 also where both medians
    are within `MOST_SECONDS`, since what is so near drowns on the way. The two kinds take turns, in an order that is drawn."""
    chance = random.Random(2)
    samples: dict[Question, list[float]] = {one: [], other: []}
    for question in (one, other):  # what is slow the first time
        await question()
    gc.collect()
    gc.disable()
    try:
        for _ in range(rounds):
            for question in chance.sample((one, other), 2):
                began = clock()
                await question()
                samples[question].append(clock() - began)
    finally:
        gc.enable()
    first, second = samples[one], samples[other]
    if abs(statistics.median(first) - statistics.median(second)) < MOST_SECONDS:
        return 0.5
    slower = sum((a > b) + 0.5 * (a == b) for a in first for b in second) / (len(first) * len(second))
    return max(slower, 1 - slower)
