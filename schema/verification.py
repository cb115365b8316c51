"""What is known of a picture that somebody hands in."""

from __future__ import annotations

from datetime import datetime

import strawberry

from resolvers.mark import ALONE
from resolvers.verification import CredentialStanding, ImageProofKind, ImageVerdict, ProofCertainty
from schema.image import Image
from schema.post import Post
from schema.scalar import _publish as publish


@strawberry.type(description="A proof that held.")
class ImageProof:
    kind: ImageProofKind = strawberry.field(description="By what the picture was known.")
    certainty: ProofCertainty = strawberry.field(description="What that is worth.")
    strength: float = strawberry.field(
        description="How well it held, 0 to 1: of a mark how far it stands out of the noise, of a likeness the share of bits that are alike."
    )
    is_mirrored: bool = strawberry.field(
        description="Of a mark: whether the picture is mirrored. False for other proofs."
    )


@strawberry.type(
    description="Content Credentials (C2PA) that are in the file: what whoever signed it says, and what that is worth."
)
class ImageCredentials:
    standing: CredentialStanding = strawberry.field(description="What the signature is worth.")
    issued_here: bool = strawberry.field(
        description="Whether this place signed it, for a picture that it made and still has."
    )
    changed_after_signing: bool = strawberry.field(description="Whether the file was changed since.")
    generator: str = strawberry.field(
        description="The program that signed, as it calls itself; empty when it does not say."
    )
    signer: str = strawberry.field(description="Whose certificate it is; empty when it does not say.")
    source_types: list[str] = strawberry.field(
        description="IPTC's digital source types that are signed, such as `trainedAlgorithmicMedia`."
    )
    ancestor_count: int = strawberry.field(
        description="How many pictures it says that it was made from, and they from; at most 50."
    )


@strawberry.type(description="What made a picture.")
class ImageMaking:
    engine: str = strawberry.field(description="The engine.")
    model: str = strawberry.field(description="Its model.")


@strawberry.type(
    description="A picture here that the viewer may see, and that is the one handed in as far as the proofs go."
)
class KnownImage:
    image: Image = strawberry.field(description="The picture.")
    made_at: datetime = strawberry.field(description="When it was made here, or came.")
    making: ImageMaking | None = strawberry.field(
        description="What made it. Null but for those who may see how it was made.", metadata=ALONE
    )
    source: Post | None = strawberry.field(
        description="The first post that it is in, of those that the viewer sees; null when there is none.",
        metadata=ALONE,
    )
    parents: list[Image] = strawberry.field(
        description="The pictures here that it was made from, as far as the viewer may see them.", metadata=ALONE
    )


@strawberry.type(
    description="What is known of a picture that was handed in. What is told of a picture here is what the viewer may see anyway: one"
    " that they may not see is answered like none, but for the proofs that the picture handed in carries itself."
)
class ImageVerification:
    verdict: ImageVerdict = strawberry.field(description="What all proofs together say.")
    proofs: list[ImageProof] = strawberry.field(description="The proofs that held, the surest first.")
    credentials: ImageCredentials | None = strawberry.field(description="What is signed in it; null when nothing is.")
    declared_source_type: str | None = strawberry.field(
        description="IPTC's digital source type in its XMP, which anybody can write; null when there is none."
    )
    known: KnownImage | None = strawberry.field(
        description="Which picture here it is; null where none was found that the viewer may see.", metadata=ALONE
    )


publish(
    ImageVerdict,
    "What all proofs together say of a picture. A likeness alone never says that it was made here.",
    {
        ImageVerdict.MADE_HERE: "Made here: its signature holds, or its mark leads to a picture that it looks like, too.",
        ImageVerdict.PROBABLY_MADE_HERE: "Its mark is one of ours, and nothing else speaks for it: cropped or worked on since.",
        ImageVerdict.MADE_WITH_AI: "Not known here; it says itself that a model made it or had a part in it.",
        ImageVerdict.LOOKS_ALIKE: "Without a proof; a picture here that the viewer may see looks the same.",
        ImageVerdict.UNKNOWN: "Nothing is known of it, or nothing that the viewer may know.",
    },
)
publish(
    ImageProofKind,
    "By what a picture is known again.",
    {
        ImageProofKind.SIGNATURE: "Content Credentials (C2PA) that this place signed, and no byte changed since.",
        ImageProofKind.MARK: "The invisible mark in its pixels, which survives copies.",
        ImageProofKind.LIKENESS: "It looks the same as a picture here (PDQ).",
    },
)
publish(
    ProofCertainty,
    "What a proof is worth.",
    {
        ProofCertainty.CERTAIN: "Nobody else could have made it.",
        ProofCertainty.STRONG: "Next to never there by chance; who knows how can lay it on another picture.",
        ProofCertainty.WEAK: "A hint: other pictures may look the same.",
    },
)
publish(
    CredentialStanding,
    "What the signature of Content Credentials is worth.",
    {
        CredentialStanding.INVALID: "Broken: changed since, or not as it must be.",
        CredentialStanding.VALID: "Whole, of a signer for whom nobody vouches that is believed here.",
        CredentialStanding.TRUSTED: "Whole, and an authority that is believed here vouches for the signer.",
    },
)
