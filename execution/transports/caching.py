"""What caches may do with the answer at the address of a trusted document, and whether a client has it already."""

from __future__ import annotations

from hashlib import sha256

from starlette.requests import HTTPConnection

from execution.documents import Operation
from execution.identity import Context, Identity
from execution.rejection import ResultObject

PUBLIC_SECONDS = 30
PUBLIC = f"public, max-age={PUBLIC_SECONDS}"
PRIVATE = "private, no-store"
# Also on what is public: a shared cache must not give the answer of the signed-out to somebody signed in.
VARY = "Accept, Cookie, Authorization"


def is_public(operation: Operation, identity: Identity, context: Context, result: ResultObject) -> bool:
    """Whether everybody who is signed out gets this same answer: whole, without headers of its own."""
    alike = identity.user_id is None and not operation.personal
    return alike and "errors" not in result and not context.response_headers


def cache_headers(public: bool, tag: str) -> list[tuple[str, str]]:
    """The headers of an answer with this entity tag."""
    return [("vary", VARY), ("cache-control", PUBLIC if public else PRIVATE), ("etag", tag)]


def entity_tag(media: str, body: bytes) -> str:
    """The strong tag of a body of this media type."""
    return f'"{sha256(media.encode() + body).hexdigest()[:32]}"'


def has_it(connection: HTTPConnection, tag: str) -> bool:
    """Whether the client says in `If-None-Match` that it has the body of this tag."""
    given = ",".join(connection.headers.getlist("if-none-match"))
    known = [part.strip().removeprefix("W/") for part in given.split(",")]
    return tag in known or known == ["*"]
