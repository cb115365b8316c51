"""What is found in a picture that somebody hands in: its statements, its mark, how it looks. The picture is not kept."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from provenance.examining import ExaminingFault, as_json, examined, from_json
from provenance.likeness import looked_at
from provenance.reading import Found, Standing
from provenance.sighting import Sighting, sightings
from provenance.ticket import Tickets
from storage.intake import Luma, look

SIGHTINGS_AT_ONCE = 1  # a second of one processor each
MOST_SIGHTINGS = 4


@dataclass(frozen=True, slots=True)
class Findings:
    """What is in a picture, before anybody asks whose it is. `likenesses` are those of it and its flips; empty: too plain."""

    found: Found
    sightings: tuple[Sighting, ...]
    likenesses: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Examination:
    """Looks at pictures: `anchors` (PEM) are believed, `mark_key` reads the marks of this installation."""

    anchors: str
    mark_key: bytes
    tickets: Tickets
    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(SIGHTINGS_AT_ONCE))

    async def ticket(self, picture: bytes) -> str:
        """A ticket for what is found. Raises BadInput, RateLimited, IntakeFault as `storage.intake.look` does."""
        seen = await look(picture)
        found, marks = await asyncio.gather(self._examined(picture, seen.mime_type), self._marks(seen.luma))
        likeness = await looked_at(seen.luma.data, seen.luma.width, seen.luma.height)
        return self.tickets.seal(
            {
                "found": as_json(found),
                "sightings": [[one.number, one.score, one.scale, one.mirrored] for one in marks[:MOST_SIGHTINGS]],
                "likenesses": [told.hex() for told in likeness.sought],
            }
        )

    async def said_and_alike(self, picture: bytes, mime_type: str, luma: Luma) -> tuple[Found, bytes | None]:
        """What an upload says of itself, and how it looks (None: too plain to say)."""
        looking = looked_at(luma.data, luma.width, luma.height)
        found, likeness = await asyncio.gather(self._examined(picture, mime_type), looking)
        return found, likeness.kept

    def findings(self, ticket: str) -> Findings:
        """What a ticket is for. Raises BadTicket."""
        told: Any = self.tickets.open(ticket)
        return Findings(
            from_json(told["found"]),
            tuple(Sighting(*one) for one in told["sightings"]),
            tuple(bytes.fromhex(one) for one in told["likenesses"]),
        )

    async def _examined(self, picture: bytes, mime_type: str) -> Found:
        try:
            return await examined(picture, mime_type, self.anchors)
        except ExaminingFault:
            return Found(Standing.INVALID, failures=("unreadable",))

    async def _marks(self, luma: Luma) -> list[Sighting]:
        async with self.places:
            return await asyncio.to_thread(sightings, self.mark_key, luma.data, luma.width, luma.height)
