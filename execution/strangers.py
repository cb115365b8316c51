"""Strangers: how many different subscriptions run for the signed-out of one network.

Subscriptions that give the same bytes are told together and cost one execution for each event. Every other document, and
every other set of variables that shape the answer, is one execution more, and who is not signed in may write any number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable

from errors import ErrorCode
from execution.rejection import Rejection, error_object

MOST_DIFFERENT = 40  # a client has about ten


class Strangers:
    """The different subscriptions of each network, by their keys. Those of signed-in people are not counted here."""

    def __init__(self, most: int = MOST_DIFFERENT) -> None:
        self.most = most
        self._running: dict[str, Counter[Hashable]] = {}

    def enter(self, network: str, key: Hashable) -> None:
        """One subscription more. Raises `Rejection` (QUOTA_EXCEEDED) when it is one kind too many."""
        kinds = self._running.get(network)
        if kinds is None:
            kinds = self._running[network] = Counter()
        if key not in kinds and len(kinds) >= self.most:
            sentence = f"{self.most} different subscriptions run from here without signing in, which is the most."
            raise Rejection([error_object(sentence, ErrorCode.QUOTA_EXCEEDED.value)])
        kinds[key] += 1

    def leave(self, network: str, key: Hashable) -> None:
        """One less. Matches one `enter`."""
        kinds = self._running[network]
        kinds[key] -= 1
        if not kinds[key]:
            del kinds[key]
            if not kinds:
                del self._running[network]

    def __len__(self) -> int:
        return sum(map(len, self._running.values()))
