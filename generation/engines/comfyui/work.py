"""What the outputs of a job are called at a ComfyUI server, so that they are found again and not handed in twice."""

from __future__ import annotations

import re
from uuid import UUID, uuid4, uuid5

from generation.engine import Request, Started

NO_JOB = UUID(int=0)
_WORK = re.compile(r"(\d{1,2})=([0-9a-f-]{1,40})")


class Works:
    """What the outputs of a job are called at the server, also by an earlier attempt."""

    def __init__(self, request: Request) -> None:
        self._job = UUID(request.job) if request.job else NO_JOB
        entries = (_WORK.fullmatch(word) for word in (request.upstream_id or "").split())
        self._names = {int(entry[1]): entry[2] for entry in entries if entry}

    def known(self, index: int) -> bool:
        """Whether an earlier attempt may have handed this output in."""
        return index in self._names

    def name(self, index: int) -> str:
        """The id of its work."""
        if index not in self._names:
            self._names[index] = str(uuid5(self._job, str(index)) if self._job != NO_JOB else uuid4())
        return self._names[index]

    def client(self, index: int) -> str:
        """Whom the server tells of it; the same at each attempt."""
        return uuid5(self._job, f"client {index} {self.name(index) if self._job == NO_JOB else ''}").hex

    def anew(self, index: int) -> None:
        """Take another id: under this one the work has failed."""
        self._names[index] = str(uuid4())

    def begun(self, index: int) -> Started:
        """Write down what it is called, before it is handed in."""
        self.name(index)
        return self._started()

    def called(self, index: int, name: str) -> Started:
        """Write down what the server calls it instead."""
        self._names[index] = name
        return self._started()

    def _started(self) -> Started:
        return Started(" ".join(f"{index}={name}" for index, name in sorted(self._names.items())))
