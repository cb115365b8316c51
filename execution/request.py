"""What a client asks: one document, the operation in it, its variables. The same checks for every transport."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class MalformedRequest(ValueError):
    """The request is not of the form GraphQL over HTTP gives it; the message says in a sentence what is wrong."""


@dataclass(frozen=True, slots=True)
class Request:
    """A well-formed request: `query` is the text of the document, `operation_name` is never empty.

    `query` may be empty when `document_id` names a trusted document or `extensions` the hash of a known text.
    """

    query: str
    operation_name: str | None = None
    variables: dict[str, Any] = field(default_factory=dict)
    extensions: dict[str, Any] = field(default_factory=dict)
    document_id: str | None = None


def read_request(payload: Mapping[str, object]) -> Request:
    """The request in a decoded JSON object; keys it does not know are passed over. Raises `MalformedRequest`."""
    query, document_id = payload.get("query"), payload.get("documentId")
    extensions = _map(payload, "extensions")
    if query is None and document_id is None and extensions.get("persistedQuery") is None:
        raise MalformedRequest("The request has no query and no documentId. Send one of them.")
    if document_id is not None and not isinstance(document_id, str):
        raise MalformedRequest("The documentId must be a string or null.")
    if query is not None and not isinstance(query, str):
        raise MalformedRequest("The query must be a string.")
    name = payload.get("operationName")
    if name is not None and not isinstance(name, str):
        raise MalformedRequest("The operationName must be a string or null.")
    return Request(query or "", name or None, _map(payload, "variables"), extensions, document_id)


def _map(payload: Mapping[str, object], key: str) -> dict[str, Any]:
    value = payload.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise MalformedRequest(f"The {key} must be an object or null.")
    return value
