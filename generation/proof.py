"""What is signed into a picture made here: which engine and model made it, and out of which pictures; never the words.

Prompt, seed, references and owner are not in it: who may know them is for the author to say later, and a file cannot be taken
back. A reference is in it where it is what was remixed, since credit is everybody's to see.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from dataclasses import dataclass, replace

from generation.engine import EngineError, Picture, Request
from models import node_id
from models.job import InputRole
from models.lease import Claimed
from provenance.bare import bare
from provenance.credential import BadCredential, Credential, credential_of
from provenance.likeness import looked_at
from provenance.reading import Examiner, Standing
from provenance.seal import Parent, Relation, Sealer, SealFault, SourceType, Story
from provenance.watermark import key_of, number_for, tile_of
from settings import Settings
from storage.intake import Taken, derive
from storage.key import secret
from storage.picture import DERIVATIVE_MIME_TYPE, digest

TITLE = "Picture made with Fresque"
MOST_ANCESTORS = 10
"""Each picture that went in makes the file some 13 KB larger, with all that went into it: one whose line is longer than this
comes in without its own credentials, and with the address where its line is shown."""
SOUND = (Standing.VALID, Standing.TRUSTED)  # a broken statement is no proof, and no reason to lose the picture
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Traces:
    """By what a picture made here is known again: the name signed into it, the number of its mark, how it looks.

    `mark` is None where none is laid on, `likeness` (in hex) where there is too little to see, `source_type` (IPTC's) where
    nothing is signed.
    """

    name: str
    mark: int | None
    likeness: str | None
    source_type: str | None


def mark_key_of(told: Settings) -> bytes:
    """The key of the invisible marks of this installation."""
    return key_of(secret(told.watermark_key or told.secret_key))


class Proof:
    """Marks and signs what engines made. `of` gives one that signs nothing where no credential is named."""

    def __init__(self, credential: Credential | None, address: str, mark_key: bytes | None = None) -> None:
        self._mark_key = mark_key
        self._sealer = Sealer(credential, address) if credential else None
        self._examiner = Examiner(credential.anchors) if credential else None
        self._address = address

    @classmethod
    def of(cls, told: Settings) -> Proof:
        """As the settings say. A credential that cannot be used stops the process with a sentence."""
        try:
            credential = credential_of(told)
        except BadCredential as error:
            raise SystemExit(f"Pictures cannot be signed: {error}") from error
        if credential is None:
            log.warning("pictures are not signed: neither SIGNING_KEY_FILE nor SIGNING_FOLDER is set")
        return cls(credential, told.base_url, mark_key_of(told) if told.watermark else None)

    def tile(self, job_id: int, index: int) -> bytes:
        """The tile of the mark of an output, the same at each attempt; empty where none is laid on. Takes milliseconds."""
        number = self._number(job_id, index)
        return b"" if number is None or self._mark_key is None else tile_of(self._mark_key, number)

    async def derived(self, picture: Picture, job: Claimed, request: Request) -> Taken:
        """The picture's sizes, marked. What obeyed a mask has its mark already where it may have one. Raises as `derive` does."""
        masked = request.image is not None and request.mask is not None
        tile = b"" if masked else await asyncio.to_thread(self.tile, job.id, picture.index)
        return await derive(picture.data, tile=tile)

    def _number(self, job_id: int, index: int) -> int | None:
        return None if self._mark_key is None else number_for(self._mark_key, b"%d:%d" % (job_id, index))

    async def traces(self, taken: Taken, picture: Picture, job: Claimed, request: Request) -> Traces:
        """By what the picture will be known again."""
        luma = taken.luma
        kept = (await looked_at(luma.data, luma.width, luma.height)).kept
        number = self._number(job.id, picture.index)
        said = None if self._sealer is None else _source_type(picture, request).value
        return Traces(_name(picture, request), number, None if kept is None else kept.hex(), said)

    async def seal(self, taken: Taken, picture: Picture, job: Claimed, request: Request) -> tuple[Taken, bytes | None]:
        """The picture with credentials in each of its sizes, and a name for where it is kept (None: by its content).

        The same output of a job has the same name at each attempt. Raises EngineError when it cannot be signed.
        """
        if self._sealer is None:
            return taken, None
        try:
            sealed = await asyncio.to_thread(self._sealed, self._sealer, taken, picture, job, request)
        except SealFault as error:
            log.error("job %d: %s", job.id, error)
            raise EngineError("seal_failed", "The picture could not be signed.", retryable=True) from error
        return sealed, hashlib.sha256(b"%d:%d:" % (job.id, picture.index) + digest(taken)).digest()

    def _sealed(self, sealer: Sealer, taken: Taken, picture: Picture, job: Claimed, request: Request) -> Taken:
        parents = self._parents(picture, job, request)
        facts = {"picture": _name(picture, request)}
        story = Story(TITLE, job.engine, job.model, _source_type(picture, request), facts=facts)
        sizes = {
            size: sealer.sealed(data, DERIVATIVE_MIME_TYPE, story, parents if size == "large" else ())
            for size, data in taken.derivatives.items()
        }
        return replace(
            taken, original=sealer.sealed(taken.original, taken.mime_type, story, parents), derivatives=sizes
        )

    def _parents(self, picture: Picture, job: Claimed, request: Request) -> list[Parent]:
        """What went in: the engine's own file when its signature holds, the picture worked on, what was remixed by learning from it."""
        found: list[Parent] = []
        assert self._examiner is not None
        subject = next((given for given in job.given if given.role is InputRole.IMAGE), None)
        if request.image is not None and (mime_type := _mime_type(request.image)):
            source = Parent(request.image, mime_type)
            found.append(self._short(self._examiner, source, 0 if subject is None else subject.image_id))
        if self._examiner.read(picture.data, picture.mime_type).standing in SOUND:
            relation = Relation.INPUT if found else Relation.PARENT
            found.append(Parent(picture.data, picture.mime_type, relation, "as the engine made it"))
        references = [given for given in job.given if given.role is InputRole.REFERENCE]
        for given, data in zip(references, request.references, strict=True):
            if given.credited and (mime_type := _mime_type(data)):
                parent = Parent(data, mime_type, Relation.INPUT, "reference")
                found.append(self._short(self._examiner, parent, given.image_id))
        return found

    def _short(self, examiner: Examiner, parent: Parent, image_id: int) -> Parent:
        """The parent as it is, or without its credentials and with an address where its line is long."""
        if len(examiner.read(parent.data, parent.mime_type).ancestors) < MOST_ANCESTORS:
            return parent
        address = f"{self._address}/lineage/{node_id.encode('image', image_id)}" if self._address and image_id else ""
        return replace(parent, data=bare(parent.data), address=address)


def _name(picture: Picture, request: Request) -> str:
    """What links a file to us: only we can lead it back to a job."""
    return hashlib.sha256(f"{request.job}:{picture.index}".encode()).hexdigest()[:32] if request.job else ""


def _source_type(picture: Picture, request: Request) -> SourceType:
    """What the engine says of its work; else that a model made it, or worked on what was there."""
    told = picture.facts.get("digital_source_type")
    if isinstance(told, str) and told in {known.value for known in SourceType}:
        return SourceType(told)
    return SourceType.TRAINED if request.image is None else SourceType.COMPOSITE_TRAINED


def _mime_type(data: bytes) -> str | None:
    if data.startswith(b"\x89PNG"):
        return "image/png"
    if data.startswith(b"\xff\xd8"):
        return "image/jpeg"
    return "image/webp" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else None
