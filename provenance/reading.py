"""What a picture says of itself: Content Credentials and IPTC, read out of a file that may come from anybody.

What is found is a claim. `Standing.TRUSTED` alone says that an authority this installation believes vouches for the signer, and
that no byte changed since.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from c2pa import C2paError, Context, Reader

from provenance import xmp
from provenance.seal import FACTS_LABEL, settings_for

LONGEST_TEXT = 200
DEEPEST_LINEAGE = 50


class Standing(Enum):
    """What a signature is worth: none there, broken, whole but of somebody unknown, whole and vouched for."""

    ABSENT = "ABSENT"
    INVALID = "INVALID"
    VALID = "VALID"
    TRUSTED = "TRUSTED"


@dataclass(frozen=True, slots=True)
class Found:
    """What a file says. `source_types` are IPTC's words of the newest manifest; `declared` the one in XMP.

    `facts` is what Fresque wrote of the picture, empty in others' files; `ancestors` are the titles of the pictures that
    went in, nearest first, as far as the manifests tell. `failures` are C2PA's codes of what does not hold.
    """

    standing: Standing = Standing.ABSENT
    generator: str | None = None
    signer: str | None = None
    source_types: tuple[str, ...] = ()
    declared: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    ancestors: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()


_STANDINGS = {"Invalid": Standing.INVALID, "Valid": Standing.VALID, "Trusted": Standing.TRUSTED}


class Examiner:
    """Reads pictures, believing the roots it was given (PEM). Methods block for milliseconds: call them in a thread."""

    def __init__(self, anchors: str) -> None:
        self._context = Context(settings_for(anchors))

    def read(self, picture: bytes, mime_type: str) -> Found:
        """What the file says of itself; nothing found is a `Found` too. Never raises for what is in the bytes."""
        declared = xmp.source_type_of(picture)
        try:
            reader = Reader.try_create(mime_type, io.BytesIO(picture), context=self._context)
            if reader is None:
                return Found(declared=declared)
            with reader:
                told = json.loads(reader.json())
        except (C2paError, ValueError):
            return Found(Standing.INVALID, declared=declared, failures=("unreadable",))
        return _found(told, declared)


def _found(told: Mapping[str, Any], declared: str | None) -> Found:
    manifests: Mapping[str, Any] = told.get("manifests") or {}
    active = manifests.get(told.get("active_manifest") or "") or {}
    generator: Mapping[str, Any] = next(iter(active.get("claim_generator_info") or ()), {})
    signature = active.get("signature_info") or {}
    results = (told.get("validation_results") or {}).get("activeManifest") or {}
    facts: object = next((a["data"] for a in active.get("assertions") or () if a.get("label") == FACTS_LABEL), {})
    return Found(
        standing=_STANDINGS.get(told.get("validation_state") or "", Standing.INVALID),
        generator=_short(generator.get("name")),
        signer=_short(signature.get("issuer") or signature.get("common_name")),
        source_types=_source_types(active),
        declared=declared,
        facts=facts if isinstance(facts, dict) else {},
        ancestors=_ancestors(manifests, active),
        failures=tuple(str(failure.get("code")) for failure in results.get("failure") or ()),
    )


def _source_types(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    found: list[str] = []
    for assertion in manifest.get("assertions") or ():
        if not str(assertion.get("label", "")).startswith("c2pa.actions"):
            continue
        for action in (assertion.get("data") or {}).get("actions") or ():
            told = action.get("digitalSourceType")
            if isinstance(told, str) and told.startswith(xmp.SOURCE_TYPES):
                found.append(told.removeprefix(xmp.SOURCE_TYPES)[:LONGEST_TEXT])
    return tuple(dict.fromkeys(found))


def _ancestors(manifests: Mapping[str, Any], active: Mapping[str, Any]) -> tuple[str, ...]:
    """Titles of what went in, a generation after the other; bounded, since a file may name itself."""
    found: list[str] = []
    seen: set[str] = set()
    row = [active]
    while row and len(found) < DEEPEST_LINEAGE:
        following: list[Mapping[str, Any]] = []
        for manifest in row:
            for ingredient in manifest.get("ingredients") or ():
                found.append(_short(ingredient.get("title")) or "")
                label = ingredient.get("active_manifest")
                if isinstance(label, str) and label in manifests and label not in seen:
                    seen.add(label)
                    following.append(manifests[label])
        row = following
    return tuple(found[:DEEPEST_LINEAGE])


def _short(text: object) -> str | None:
    return text[:LONGEST_TEXT] if isinstance(text, str) else None
