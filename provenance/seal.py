"""Content Credentials: what a picture says of itself, signed into it (C2PA 2.x, by c2pa-python).

Every picture that is served is sealed, each size by itself, since any encoding anew drops the manifest. A thumbnail in the
claim is left out: it would make a file of 31 KB one of 778 KB.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from c2pa import Builder, C2paError, C2paSigningAlg, Context, Settings, Signer

from provenance import xmp
from provenance.credential import Credential

NAME = "Fresque"
FACTS_LABEL = "org.fresque.picture"
LARGEST_PARENT_BYTES = 24 * 2**20


class SourceType(Enum):
    """How a picture came to be, in IPTC's words (digital source types)."""

    TRAINED = "trainedAlgorithmicMedia"
    COMPOSITE_TRAINED = "compositeWithTrainedAlgorithmicMedia"
    COMPOSITE_SYNTHETIC = "compositeSynthetic"
    ALGORITHMIC = "algorithmicMedia"
    ENHANCED = "algorithmicallyEnhanced"


class Relation(Enum):
    """What a picture that went in was: the one that was worked on, or one to learn from."""

    PARENT = "parentOf"
    INPUT = "inputTo"


class SealFault(Exception):
    """The picture could not be signed."""


@dataclass(frozen=True, slots=True)
class Parent:
    """A picture that went in, as a file with whatever it says of itself. `title` is shown to people; `address` leads to its
    history where it does not carry it along."""

    data: bytes
    mime_type: str
    relation: Relation = Relation.PARENT
    title: str = "source"
    address: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """What is said of a picture made here. `facts` is kept under a name of our own (JSON, no secret: it is public)."""

    title: str
    engine: str
    model: str
    source_type: SourceType = SourceType.TRAINED
    version: str = "1"
    facts: Mapping[str, object] = field(default_factory=dict)


class Sealer:
    """Signs pictures with one credential. Methods block for milliseconds: call them in a thread."""

    def __init__(self, credential: Credential, address: str = "") -> None:
        self._credential = credential
        self._address = address
        self._context = Context(settings_for(credential.anchors))

    def sealed(self, picture: bytes, mime_type: str, story: Story, parents: Sequence[Parent] = ()) -> bytes:
        """The picture with its XMP and its signed manifest; pixels stay as they are. Raises SealFault."""
        try:
            told = xmp.put_in(picture, xmp.packet(story.source_type.value, f"{NAME} {story.engine}", NAME))
            signer = Signer.from_callback(self._credential.sign, C2paSigningAlg.ES256, self._credential.chain, None)
            with signer, Builder(_manifest(mime_type, story, parents, self._address), self._context) as builder:
                for index, parent in enumerate(parents):
                    builder.add_ingredient(
                        {"relationship": parent.relation.value, "title": parent.title, "label": _label(index)}
                        | ({"informational_URI": parent.address} if parent.address else {}),
                        parent.mime_type,
                        io.BytesIO(parent.data),
                    )
                target = io.BytesIO()
                builder.sign(signer, mime_type, io.BytesIO(told), target)
                return target.getvalue()
        except (C2paError, xmp.NoPlace, ValueError) as error:
            raise SealFault(f"The picture could not be signed: {error}") from error


def settings_for(anchors: str) -> Settings:
    """How the library is told what to believe, and to make no thumbnails. Without anchors nobody is trusted, and files are read
    all the same. Nothing is fetched from anywhere."""
    told: dict[str, Any] = {
        "version": 1,
        "verify": {"verify_trust": bool(anchors), "remote_manifest_fetch": False, "ocsp_fetch": False},
        "builder": {"thumbnail": {"enabled": False}},
    }
    return Settings.from_dict(told | ({"trust": {"trust_anchors": anchors}} if anchors else {}))


def _label(index: int) -> str:
    return f"source{index}"


def _manifest(mime_type: str, story: Story, parents: Sequence[Parent], address: str) -> dict[str, Any]:
    agent = {"name": story.engine, "version": story.version}
    source_type = xmp.SOURCE_TYPES + story.source_type.value
    own = [_label(index) for index, parent in enumerate(parents) if parent.relation is Relation.PARENT]
    others = [_label(index) for index, parent in enumerate(parents) if parent.relation is Relation.INPUT]
    if own:
        actions: list[dict[str, Any]] = [
            {"action": "c2pa.opened", "parameters": {"ingredientIds": own}},
            {"action": "c2pa.edited", "digitalSourceType": source_type, "softwareAgent": agent},
        ]
    else:
        actions = [{"action": "c2pa.created", "digitalSourceType": source_type, "softwareAgent": agent}]
    if others:
        actions[-1]["parameters"] = {"ingredientIds": others}
    generator = {"name": NAME, "version": story.version} | ({"operating_site": address} if address else {})
    return {
        "claim_generator_info": [generator],
        "format": mime_type,
        "title": story.title,
        "assertions": [
            {"label": "c2pa.actions.v2", "data": {"actions": actions}},
            {"label": FACTS_LABEL, "data": json.loads(json.dumps(dict(story.facts) | {"model": story.model}))},
        ],
    }
