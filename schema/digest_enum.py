"""How often a digest comes, each value described."""

from __future__ import annotations

from models.digest import DigestFrequency
from schema.scalar import publish

__all__ = ["DigestFrequency"]

publish(
    DigestFrequency,
    "How often somebody gets mail about what they have not read.",
    {
        DigestFrequency.NEVER: "Not at all, as at first.",
        DigestFrequency.DAILY: "Once a day at most.",
        DigestFrequency.WEEKLY: "Once a week at most.",
    },
)
