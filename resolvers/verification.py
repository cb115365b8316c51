"""What anybody may know of a picture that they hand in: was it made here, by which proof, and what does it say of itself.

A signature and a mark are in the picture itself: whoever has it may know that it was made here, whoever owns it. All else (when,
by what, the post, what it was made from, that something here looks alike) is told of what the viewer may see, and what they
may not see is answered like what was never here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from errors import BadInput
from models import likeness, origin, verification
from models.card import ImageRow, PostRow
from models.likeness import Neighbour
from provenance.reading import Found, Standing
from provenance.ticket import BadTicket
from resolvers.context import Info
from resolvers.examination import Findings

AI_SOURCE_TYPES = frozenset(
    {
        "trainedAlgorithmicMedia",
        "compositeWithTrainedAlgorithmicMedia",
        "algorithmicMedia",
        "compositeSynthetic",
    }
)
LOUDEST_MARK = 16.0
CHANGED = ("assertion.dataHash.mismatch", "assertion.bmffHash.mismatch", "assertion.boxesHash.mismatch")


class ImageVerdict(Enum):
    """What all proofs together say."""

    MADE_HERE = "MADE_HERE"
    PROBABLY_MADE_HERE = "PROBABLY_MADE_HERE"
    MADE_WITH_AI = "MADE_WITH_AI"
    LOOKS_ALIKE = "LOOKS_ALIKE"
    UNKNOWN = "UNKNOWN"


class ImageProofKind(Enum):
    """By what a picture is known again."""

    SIGNATURE = "SIGNATURE"
    MARK = "MARK"
    LIKENESS = "LIKENESS"


class ProofCertainty(Enum):
    """What a proof is worth."""

    CERTAIN = "CERTAIN"
    STRONG = "STRONG"
    WEAK = "WEAK"


class CredentialStanding(Enum):
    """What a signature is worth."""

    INVALID = "INVALID"
    VALID = "VALID"
    TRUSTED = "TRUSTED"


@dataclass(frozen=True, slots=True)
class ImageProofRow:
    """A proof that held."""

    kind: ImageProofKind
    certainty: ProofCertainty
    strength: float
    is_mirrored: bool = False


@dataclass(frozen=True, slots=True)
class ImageCredentialsRow:
    """Content Credentials that are in the file."""

    standing: CredentialStanding
    issued_here: bool
    changed_after_signing: bool
    generator: str
    signer: str
    source_types: Sequence[str]
    ancestor_count: int


@dataclass(frozen=True, slots=True)
class ImageMakingRow:
    """What made a picture."""

    engine: str
    model: str


@dataclass(frozen=True, slots=True)
class KnownImageRow:
    """A picture here that the viewer may see."""

    image: ImageRow
    made_at: datetime
    making: ImageMakingRow | None
    source: PostRow | None
    parents: Sequence[ImageRow]


@dataclass(frozen=True, slots=True)
class ImageVerificationRow:
    """The answer."""

    verdict: ImageVerdict
    proofs: Sequence[ImageProofRow]
    credentials: ImageCredentialsRow | None
    declared_source_type: str | None
    known: KnownImageRow | None


async def verify_image(info: Info, ticket: str) -> ImageVerificationRow:
    """What is known of the picture that the ticket was given for."""
    try:
        findings = info.context.house.examination.findings(ticket)
    except BadTicket as error:
        raise BadInput(
            "This ticket is not valid, or older than 15 minutes. Hand in the picture again.", ["ticket"]
        ) from error
    signed = await _signed(findings.found)
    marks = await origin.marked([sighting.number for sighting in findings.sightings])
    near = await likeness.near(findings.likenesses)
    known = [signed] if signed is not None else list(marks.values())
    visible = await verification.seen(info.context.viewer_id, [*known, *(one.image_id for one in near)])
    # Of what carries its own proof the picture is told apart; of the rest only what may be seen is looked at.
    near = [one for one in near if one.image_id in visible or one.image_id in known]
    subject = _subject(known, near)
    proofs = _proofs(findings, signed, marks, next((one for one in near if one.image_id == subject), None))
    credentials = _credentials(findings.found, issued_here=signed is not None)
    told = await _known(info, subject, visible[subject]) if subject is not None and subject in visible else None
    declared = findings.found.declared
    return ImageVerificationRow(_verdict(proofs, credentials, declared), proofs, credentials, declared, told)


async def _signed(found: Found) -> int | None:
    """The picture whose signature this is: one that holds, by an authority we believe, over a name that we gave."""
    name = found.facts.get("picture")
    if found.standing is not Standing.TRUSTED or not isinstance(name, str) or not name:
        return None
    return await origin.named(name)


def _subject(known: Sequence[int], near: Sequence[Neighbour]) -> int | None:
    """Which picture here it is: of those whose proofs it carries the one it looks most like, else what it looks most like."""
    if known:
        return next((one.image_id for one in near if one.image_id in known), known[0])
    return near[0].image_id if near else None


def _proofs(
    findings: Findings, signed: int | None, marks: dict[int, int], alike: Neighbour | None
) -> list[ImageProofRow]:
    proofs = []
    if signed is not None:
        proofs.append(ImageProofRow(ImageProofKind.SIGNATURE, ProofCertainty.CERTAIN, 1.0))
    sighting = next((one for one in findings.sightings if one.number in marks), None)
    if sighting is not None:
        strength = round(min(1.0, sighting.score / LOUDEST_MARK), 3)
        proofs.append(ImageProofRow(ImageProofKind.MARK, ProofCertainty.STRONG, strength, sighting.mirrored))
    if alike is not None:
        strength = round(1 - alike.bits / likeness.BITS, 3)
        proofs.append(ImageProofRow(ImageProofKind.LIKENESS, ProofCertainty.WEAK, strength))
    return proofs


def _credentials(found: Found, *, issued_here: bool) -> ImageCredentialsRow | None:
    if found.standing is Standing.ABSENT:
        return None
    return ImageCredentialsRow(
        CredentialStanding(found.standing.value),
        issued_here,
        any(code in CHANGED for code in found.failures),
        found.generator or "",
        found.signer or "",
        found.source_types,
        len(found.ancestors),
    )


def _verdict(
    proofs: Sequence[ImageProofRow], credentials: ImageCredentialsRow | None, declared: str | None
) -> ImageVerdict:
    kinds = {proof.kind for proof in proofs}
    if ImageProofKind.SIGNATURE in kinds or {ImageProofKind.MARK, ImageProofKind.LIKENESS} <= kinds:
        return ImageVerdict.MADE_HERE
    if ImageProofKind.MARK in kinds:  # a mark can be lifted from one picture and laid on another
        return ImageVerdict.PROBABLY_MADE_HERE
    said = {declared, *(credentials.source_types if credentials else ())}
    if said & AI_SOURCE_TYPES:
        return ImageVerdict.MADE_WITH_AI
    return ImageVerdict.LOOKS_ALIKE if kinds else ImageVerdict.UNKNOWN


async def _known(info: Info, image_id: int, made_at: datetime) -> KnownImageRow | None:
    """What may be told of a picture that this viewer may see."""
    context = info.context
    loaders = context.loaders
    image = await loaders.images.load(image_id)
    if image is None:  # hidden just now
        return None
    post_id = await verification.first_post(context.viewer_id, image_id)
    post = await loaders.posts.load(post_id) if post_id is not None else None
    recipe = await loaders.recipes.load((image_id, None))
    parents = await loaders.images.load_many(await verification.parents(image_id, references=recipe is not None))
    return KnownImageRow(
        image,
        made_at,
        ImageMakingRow(recipe.engine, recipe.model) if recipe is not None else None,
        post if isinstance(post, PostRow) else None,
        [parent for parent in parents if parent is not None],
    )
