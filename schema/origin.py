"""By what a picture can be known again."""

from __future__ import annotations

import strawberry

from resolvers import origin as resolve
from resolvers.verification import CredentialStanding


@strawberry.type(
    description="Content Credentials (C2PA) of a picture, as they were when it was made here, or came here by an upload."
)
class KeptCredentials:
    generator: str = strawberry.field(
        description="The program that signed, as it calls itself; empty when it does not say, or where the signature was broken."
    )
    standing: CredentialStanding = strawberry.field(description="What the signature was worth then.")
    issued_here: bool = strawberry.field(
        description="Whether this place signed it, which is so of what is made here: then each size that is served is signed. Of an"
        " upload they were in the file that came, and are in none that is served."
    )


@strawberry.type(
    description="By what a picture can be known again: a summary of what is kept, not a check. Whoever sees the picture sees it, since"
    " the files say the same. To check a file, hand it in and ask `verifyImage`."
)
class ImageProvenance:
    credentials = strawberry.field(
        resolver=resolve.credentials,
        graphql_type=KeptCredentials | None,
        description="What is signed in it, or was in the file that was uploaded; null when nothing is, or was.",
    )
    source_type: str | None = strawberry.field(
        description="IPTC's digital source type, such as `trainedAlgorithmicMedia`, as the file says it; null when it says none."
    )
    marked: bool = strawberry.field(
        name="isMarked", description="Whether its pixels carry the invisible mark of this place."
    )
    hashed: bool = strawberry.field(
        name="isHashed",
        description="Whether its looks are kept (PDQ), so that copies are found. Plain pictures have no hash.",
    )
