"""By what a picture can be known again, for whoever sees it."""

from __future__ import annotations

from dataclasses import dataclass

import strawberry

from models.card import ImageRow
from models.origin import ProofRow
from resolvers.context import Info
from resolvers.verification import CredentialStanding

NOTHING = ProofRow(
    generated=False, source_type=None, generator=None, standing=None, marked=False, hashed=False
)  # deleted just now


@dataclass(frozen=True, slots=True)
class KeptCredentialsRow:
    """Content Credentials as they were when the picture was made, or came."""

    generator: str
    standing: CredentialStanding
    issued_here: bool


async def provenance(parent: strawberry.Parent[ImageRow], info: Info) -> ProofRow:
    """What is kept of a picture's proofs."""
    return await info.context.loaders.proofs.load(parent.id) or NOTHING


def credentials(parent: strawberry.Parent[ProofRow]) -> KeptCredentialsRow | None:
    """What was signed; of a signature that did not hold not by whom, since anybody can have written that."""
    if parent.standing is None:
        return None
    standing = CredentialStanding(parent.standing)
    generator = "" if standing is CredentialStanding.INVALID else parent.generator or ""
    return KeptCredentialsRow(generator, standing, parent.generated)
