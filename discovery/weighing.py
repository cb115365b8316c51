"""How much of a crowd is behind something: distinct accounts, each weighed by how long it is here and whom it reaches.

An account counts once for each thing, with the most it did about it: `age × reach × worth × half-life`.

- *age*: 0 on the day it is opened, growing evenly to 1 after `GROWN_DAYS`;
- *reach*: `log2(1 + f) / log2(1 + FULL_REACH)`, at most 1, where f are its followers who are established (here for
  `GROWN_DAYS`, not gone) and are not themselves in the crowd, times the share that these are of all its established
  followers: who only follows each other reaches nobody, and one more who follows all of them changes little;
- *worth*: of what it did (a hashtag used: 1; acts on posts have a table of their own);
- *half-life*: halved each so many hours since it did so.

So a hundred fresh accounts weigh nothing, and neither do a hundred old ones that follow one another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log2

GROWN_DAYS = 30
FULL_REACH = 16  # followers
MOST_LOOKED_AT = 100  # accounts of one crowd, the weightiest: how they hang together is taken for all of it


@dataclass(frozen=True, slots=True)
class Voice:
    """One account in a crowd, and what is known of it."""

    account_id: int
    age_weight: float
    established: int
    worth: float
    hours: float

    def weight(self, half_life_hours: float, insiders: int = 0) -> float:
        """What it weighs; `insiders` are those of its followers who are in the crowd."""
        outside = max(0, self.established - insiders)
        reach = min(1.0, log2(1 + outside) / log2(1 + FULL_REACH)) * outside / max(1, self.established)
        return self.age_weight * reach * self.worth * 2 ** (-max(0.0, self.hours) / half_life_hours)


def strongest(voices: Iterable[Voice], half_life_hours: float) -> list[Voice]:
    """The weightiest of a crowd, at most `MOST_LOOKED_AT`: whose ties to each other are looked up."""
    return sorted(voices, key=lambda one: (-one.weight(half_life_hours), one.account_id))[:MOST_LOOKED_AT]


def weight_of(voices: Iterable[Voice], half_life_hours: float, insiders: Mapping[int, int]) -> float:
    """What a crowd weighs. `insiders` of the strongest say how much of them is a ring; the rest is taken to be alike."""
    crowd = list(voices)
    some = strongest(crowd, half_life_hours)
    plain = sum(one.weight(half_life_hours) for one in some)
    if plain <= 0:
        return 0.0
    honest = sum(one.weight(half_life_hours, insiders.get(one.account_id, 0)) for one in some)
    return sum(one.weight(half_life_hours) for one in crowd) * honest / plain
