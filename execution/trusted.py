"""Which text a request stands for: free text, a trusted document by its id, or a text named by its hash (APQ).

Manifests are read as the tools write them: Relay's persisted queries and the codegen client preset's (`{id: text}`), and
Apollo's `generate-persisted-query-manifest`. Every trusted document is also found by the SHA-256 of its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from execution.rejection import BAD_REQUEST, Rejection, rejected
from execution.request import Request
from execution.wire import Unreadable, decode

NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND"
NOT_SUPPORTED = "PERSISTED_QUERY_NOT_SUPPORTED"
HASH_MISMATCH = "PERSISTED_QUERY_HASH_MISMATCH"
ID_REQUIRED = "PERSISTED_QUERY_ID_REQUIRED"
APOLLO_FORMAT = "apollo-persisted-query-manifest"
HASH_PREFIX = "sha256:"
HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)


class BadManifest(ValueError):
    """The file is no manifest that we know; the message says in a sentence what is wrong."""


def digest(text: str) -> bytes:
    """The SHA-256 by which a document is known."""
    return sha256(text.encode("utf-8", "surrogatepass")).digest()


class Trusted:
    """The trusted documents of this deployment, by id; with `only`, nothing else is run."""

    def __init__(self, texts: Mapping[str, str] | None = None, only: bool = False) -> None:
        self.only = only
        self.keys = frozenset(map(digest, (texts or {}).values()))
        self.texts = {digest(text).hex(): text for text in (texts or {}).values()}
        self.texts.update({_bare(document_id): text for document_id, text in (texts or {}).items()})

    def __contains__(self, document_id: str) -> bool:
        return _bare(document_id) in self.texts

    def __len__(self) -> int:
        return len(self.keys)

    def has(self, key: bytes) -> bool:
        """Whether the text with this hash is trusted."""
        return key in self.keys

    def choose(self, request: Request) -> str | bytes:
        """The text to run, or the hash under which the store may know it. Raises `Rejection`."""
        hashed = _hash_of(request)
        if request.document_id is not None:
            if request.query:
                raise rejected("Give a query or a documentId, not both.", BAD_REQUEST)
            text = self.texts.get(_bare(request.document_id))
            if text is None:
                raise rejected(
                    "No trusted document has this documentId. Its manifest is to be deployed before the client is.",
                    NOT_FOUND,
                )
            return text
        if hashed is None or request.query:
            return self._free(request.query, hashed)
        return self.texts.get(hashed) or bytes.fromhex(hashed)

    def _free(self, text: str, hashed: str | None) -> str:
        if self.only:
            raise rejected("Only trusted documents are run here: send a documentId and no query.", ID_REQUIRED)
        if hashed is not None and digest(text).hex() != hashed:
            raise rejected("The sha256Hash is not that of the query.", HASH_MISMATCH)
        return text


def unknown_hash() -> Rejection:
    """What makes clients of automatic persisted queries send the text; they know it by this very message."""
    return rejected("PersistedQueryNotFound", NOT_FOUND)


def _hash_of(request: Request) -> str | None:
    given = request.extensions.get("persistedQuery")
    if given is None:
        return None
    hashed = given.get("sha256Hash") if isinstance(given, dict) else None
    if not isinstance(hashed, str) or not isinstance(given, dict):
        raise rejected("The persistedQuery must be an object with version and sha256Hash.", BAD_REQUEST)
    if given.get("version") != 1:
        raise rejected("PersistedQueryNotSupported", NOT_SUPPORTED)
    hashed = _bare(hashed).lower()
    if HASH.fullmatch(hashed) is None:
        raise rejected("The sha256Hash must be 64 hexadecimal digits.", BAD_REQUEST)
    return hashed


def _bare(document_id: str) -> str:
    return document_id.removeprefix(HASH_PREFIX)


def load(places: str, only: bool) -> Trusted:
    """The documents of all manifests: files, and folders of `*.json`, comma separated.

    What cannot be read, and an id that stands for two texts, stops the process with a sentence that names it.
    """
    texts: dict[str, str] = {}
    for path in _files(places):
        try:
            found = read_manifest(path.read_bytes())
        except (OSError, BadManifest) as error:
            raise SystemExit(f"TRUSTED_DOCUMENTS: {path} cannot be read ({error}).") from error
        for document_id, text in found.items():
            if texts.setdefault(_bare(document_id), text) != text:
                raise SystemExit(f"TRUSTED_DOCUMENTS: {document_id} of {path} stands for another text elsewhere.")
    if only and not texts:
        raise SystemExit("TRUSTED_ONLY needs TRUSTED_DOCUMENTS: without any, nothing could be asked.")
    return Trusted(texts, only)


def _files(places: str) -> Iterator[Path]:
    for place in filter(None, map(str.strip, places.split(","))):
        path = Path(place)
        yield from sorted(path.glob("*.json")) if path.is_dir() else [path]


def read_manifest(raw: bytes) -> dict[str, str]:
    """Id → text of one manifest, whichever tool wrote it. Raises `BadManifest`."""
    try:
        found = decode(raw)
    except Unreadable as error:
        raise BadManifest(str(error)) from None
    if not isinstance(found, dict):
        raise BadManifest("It must be a JSON object.")
    texts: dict[str, str] = {}
    for document_id, text in (_operations(found) if "operations" in found or "format" in found else found).items():
        if not document_id or not isinstance(text, str):
            raise BadManifest(f"The document {document_id!r} has no text.")
        if document_id.startswith(HASH_PREFIX) and _bare(document_id) != digest(text).hex():
            raise BadManifest(f"The text of {document_id} has another hash.")
        texts[document_id] = text
    return texts


def _operations(manifest: Mapping[str, object]) -> dict[str, object]:
    if (manifest.get("format"), manifest.get("version")) != (APOLLO_FORMAT, 1):
        raise BadManifest(f"Of the manifests with a format, {APOLLO_FORMAT} version 1 is the only one we know.")
    operations = manifest.get("operations")
    texts: dict[str, object] = {}
    for operation in operations if isinstance(operations, list) else [None]:
        if not isinstance(operation, dict) or not isinstance(operation.get("id"), str):
            raise BadManifest("Its operations must be a list of objects with id and body.")
        if texts.setdefault(operation["id"], operation.get("body")) != operation.get("body"):
            raise BadManifest(f"The id {operation['id']} stands for two texts.")
    return texts
