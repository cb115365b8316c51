"""Tiers: what somebody may do here in a month and at once. One table; an operator who wants other terms changes it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from models.database import fetch_value


class Tier(Enum):
    """What an account was given; everybody begins with FREE."""

    FREE = "FREE"
    PLUS = "PLUS"
    PRO = "PRO"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a tier means. `monthly_grant` and `most_kept` are credits, the others are jobs and pictures.

    `most_kept` bounds what monthly grants heap up: what is not used stays, and no grant lifts a balance above this.
    `queued_cap` counts jobs that wait or run, `running_cap` those that run, `picture_cap` the pictures of one job.
    """

    monthly_grant: int
    most_kept: int
    queued_cap: int
    running_cap: int
    picture_cap: int


TERMS = {
    Tier.FREE: Terms(monthly_grant=1_000, most_kept=3_000, queued_cap=20, running_cap=2, picture_cap=4),
    Tier.PLUS: Terms(monthly_grant=5_000, most_kept=15_000, queued_cap=40, running_cap=4, picture_cap=4),
    Tier.PRO: Terms(monthly_grant=20_000, most_kept=60_000, queued_cap=100, running_cap=8, picture_cap=4),
}


async def tier_of(owner_id: int) -> Tier:
    """A person's tier; FREE for whoever has no account of credits yet."""
    found = await fetch_value("SELECT tier FROM credit_accounts WHERE owner_id = $1", owner_id)
    return Tier(found) if found else Tier.FREE
