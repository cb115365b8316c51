"""How often operations ran compiled and how often not: what tests hold on to and operators may watch."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

MAX_NAMES = 500  # names are the clients' own, so those beyond are counted together
OTHERS = "(others)"
NAMELESS = "(nameless)"


@dataclass(slots=True)
class Tally:
    """Counts by operation name; for a subscription each delivered event counts.

    `compiled`: the compiled form answered. `surprised`: it did too, and handed a part to graphql-core. `handed_over`: it
    handed over the whole. `uncompiled`: there is no compiled form. Each run is counted once.
    """

    compiled: Counter[str] = field(default_factory=Counter)
    surprised: Counter[str] = field(default_factory=Counter)
    handed_over: Counter[str] = field(default_factory=Counter)
    uncompiled: Counter[str] = field(default_factory=Counter)

    def count(self, kind: Counter[str], name: str | None) -> None:
        """One run more of that kind."""
        key = name or NAMELESS
        if key not in kind and len(kind) >= MAX_NAMES:
            key = OTHERS
        kind[key] += 1
