"""What became of each output at an outside engine, kept with the job (`Started`), so that nothing is asked for twice.

Such an engine has no names for its work and bills for what it did, whether or not the answer arrived. So before a picture is
asked for, that is written down; a later attempt that finds it written does not ask again.
"""

from __future__ import annotations

import re

from generation.engine import EngineError, Started
from generation.engines.refusal import lost

ASKED = "asked"
_ENTRY = re.compile(r"(\d{1,2})=([a-z_]{1,40})")


class Ledger:
    """Output index → `ASKED`, or the code of a failure that another attempt would not mend."""

    def __init__(self, upstream_id: str | None) -> None:
        entries = (_ENTRY.fullmatch(word) for word in (upstream_id or "").split())
        self._words = {int(entry[1]): entry[2] for entry in entries if entry}

    def closed(self, index: int, *, paid: bool) -> EngineError | None:
        """Why an output may not be asked for (again); None when it may. What costs nothing may be asked for again."""
        word = self._words.get(index)
        if word is None or (word == ASKED and not paid):
            return None
        if word == ASKED:
            return lost()
        return EngineError(word, "The engine refused this picture at an earlier attempt.")

    def asked(self, *indexes: int) -> Started:
        """Write down that these are about to be asked for."""
        self._words |= dict.fromkeys(indexes, ASKED)
        return self._started()

    def ended(self, faults: dict[int, EngineError]) -> Started:
        """Write down how those ended that were not made: what may be tried again is as if it had not been asked for."""
        for index, fault in faults.items():
            if fault.retryable:
                self._words.pop(index, None)
            elif fault.code != lost().code:
                self._words[index] = fault.code
        return self._started()

    def _started(self) -> Started:
        return Started(" ".join(f"{index}={word}" for index, word in sorted(self._words.items())) or "none")
