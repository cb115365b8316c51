"""Can two kinds of questions be told apart by how long their answers take? For whatever must not tell what there is.

assert await told_apart(lambda: log_in(known, wrong), lambda: log_in(unknown, wrong)) < ALIKE

What takes no time in tests tells nothing either: whoever hashes passwords cheaply sees no difference between one that is hashed and
one that is not. Give it a cost that shows (`DEAR`).
"""

from __future__ import annotations

import gc
import random
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping

ROUNDS = 80
# How sure somebody is who guesses by the clock: 0.5 is a toss. Of two alike kinds 80 samples each give 0.5 ± 0.05.
ALIKE = 0.75
MOST_SECONDS = 0.003  # between the medians

# Of one password: some 15 milliseconds, so that none that is left out is within `MOST_SECONDS`.
DEAR = {"argon2_memory_kib": 16_384, "argon2_time_cost": 1}

Question = Callable[[], Awaitable[object]]
Clock = Callable[[], float]


async def told_apart(one: Question, other: Question, rounds: int = ROUNDS, clock: Clock = time.perf_counter) -> float:
    """How often the slower of two answers is of the same kind (the area under the curve, 0.5 to 1); 0.5 also where both medians
    are within `MOST_SECONDS`, since what is so near drowns on the way. The two kinds take turns, in an order that is drawn."""
    return (await told_from(one, {"the other": other}, rounds, clock))["the other"]


async def told_from(
    one: Question, others: Mapping[str, Question], rounds: int = ROUNDS, clock: Clock = time.perf_counter
) -> dict[str, float]:
    """The same for each of several kinds, by its name, beside the one; all of them take turns."""
    chance = random.Random(2)
    questions = [one, *others.values()]
    samples: dict[Question, list[float]] = {question: [] for question in questions}
    for question in questions:  # what is slow the first time
        await question()
    gc.collect()
    gc.disable()
    try:
        for _ in range(rounds):
            for question in chance.sample(questions, len(questions)):
                began = clock()
                await question()
                samples[question].append(clock() - began)
    finally:
        gc.enable()
    return {name: _apart(samples[one], samples[other]) for name, other in others.items()}


def _apart(first: list[float], second: list[float]) -> float:
    if abs(statistics.median(first) - statistics.median(second)) < MOST_SECONDS:
        return 0.5
    slower = sum((a > b) + 0.5 * (a == b) for a in first for b in second) / (len(first) * len(second))
    return max(slower, 1 - slower)
