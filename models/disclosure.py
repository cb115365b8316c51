"""Disclosure: what a picture owes to AI, and by what that is known.

`images.ai_disclosure` has it as two words, `MADE_HERE GENERATED`; NULL where nothing of the kind is known. What is known
(made here) or was read from the file when it came is never changed; what its owner declares is added where it says more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from models import counter
from models.database import fetch
from models.event import Kind, record_of_posts


class AiKind(Enum):
    """How much of a picture AI made."""

    GENERATED = "GENERATED"
    EDITED = "EDITED"


class AiBasis(Enum):
    """By what it is known that AI made a picture."""

    MADE_HERE = "MADE_HERE"
    READ = "READ"
    DECLARED = "DECLARED"


@dataclass(frozen=True, slots=True)
class Disclosure:
    """That AI made a picture, or changed one."""

    kind: AiKind
    basis: AiBasis

    @property
    def stored(self) -> str:
        """As it stands in the column."""
        return f"{self.basis.value} {self.kind.value}"


STORED: Mapping[str | None, Disclosure] = {
    found.stored: found for found in (Disclosure(kind, basis) for kind in AiKind for basis in AiBasis)
}
"""What stands in the column, by how it stands there; nothing for NULL."""

# IPTC's digital source types. Not those where no model was at work: `algorithmicMedia`, `algorithmicallyEnhanced`.
SOURCE_TYPES = {
    "trainedAlgorithmicMedia": AiKind.GENERATED,
    "compositeWithTrainedAlgorithmicMedia": AiKind.EDITED,
    "compositeSynthetic": AiKind.EDITED,
}

# Of a job's picture, as `generation.proof` signs it: changed where the job was given a picture to work on.
MADE_HERE = """CASE WHEN EXISTS (SELECT 1 FROM generation_inputs g WHERE g.job_id = {job} AND g.role = 'IMAGE')
    THEN 'MADE_HERE EDITED' ELSE 'MADE_HERE GENERATED' END"""


def read(source_types: Iterable[str | None]) -> str | None:
    """What a file says of itself with these source types, the weightiest first, as it is stored; None: nothing of AI."""
    kind = next((SOURCE_TYPES[word] for word in source_types if word in SOURCE_TYPES), None)
    return None if kind is None else Disclosure(kind, AiBasis.READ).stored


def added(before: str | None, kind: AiKind | None) -> str | None:
    """What is stored when the owner declares `kind`: that, where nothing else is known or it says more than they said before."""
    if kind is None or (before is not None and STORED[before].basis is not AiBasis.DECLARED):
        return before
    said = {kind} if before is None else {kind, STORED[before].kind}
    return Disclosure(AiKind.GENERATED if AiKind.GENERATED in said else AiKind.EDITED, AiBasis.DECLARED).stored


async def declare(owner_id: int, kinds: Mapping[int, AiKind]) -> None:
    """Add what the owner declares of pictures of theirs; others' are left alone. The caller holds the transaction."""
    for image_id, kind in sorted(kinds.items(), key=lambda item: item[0]):
        rows = await fetch(
            "SELECT ai_disclosure FROM images WHERE id = $1 AND owner_id = $2 FOR UPDATE", image_id, owner_id
        )
        for row in rows:
            said = added(row["ai_disclosure"], kind)
            if said != row["ai_disclosure"]:
                await fetch("UPDATE images SET ai_disclosure = $2 WHERE id = $1", image_id, said)
                await _tell(owner_id, image_id)


async def _tell(owner_id: int, image_id: int) -> None:
    """Posts that show the picture look different. Written anew, since what is kept of a post is kept by the stamp of its row."""
    shown = await fetch(
        """UPDATE posts SET edited_at = edited_at WHERE deleted_at IS NULL AND id IN
        (SELECT post_id FROM post_images WHERE image_id = $1) RETURNING id""",
        image_id,
    )
    if shown:
        numbers = sorted(row["id"] for row in shown)
        await counter.touch_posts(numbers)
        await record_of_posts(Kind.POST_COUNTED, numbers, owner_id)
