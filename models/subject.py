"""What can be reported and acted about."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class ReportSubjectKind(Enum):
    """What sort of thing it is."""

    POST = "POST"
    USER = "USER"
    IMAGE = "IMAGE"
    MESSAGE = "MESSAGE"


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing."""

    kind: ReportSubjectKind
    id: int
