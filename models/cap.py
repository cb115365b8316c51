"""How much of the engines one person may have: the bounds of the queue, by person."""

from __future__ import annotations

from dataclasses import dataclass

from models.tier import TERMS, tier_of
from settings import settings


@dataclass(frozen=True, slots=True)
class Caps:
    """How many jobs of a person may wait or run (`queued`), and how many of them may run at once (`running`)."""

    queued: int
    running: int


async def caps_of(owner_id: int) -> Caps:
    """The bounds of this person: those of their tier, unless the operator has set one for all."""
    told, terms = settings(), TERMS[await tier_of(owner_id)]
    return Caps(told.job_queued_cap or terms.queued_cap, told.job_running_cap or terms.running_cap)
