"""What a client asks: one document, the operation in it, its variables. The same checks for every transport."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class MalformedRequest(ValueError):
    """The request is not of the form GraphQL over HTTP gives it; the message says in a sentence what is wrong."""


@dataclass(frozen=True, slots=True)
class Request:
    """A well-formed request: `query` is the text of the document, `operation_name` is never empty."""

    query: str
    operation_name: str | None = None
    variables: dict[str, Any] = field(default_factory=dict)
    extensions: dict[str, Any] = field(default_factory=dict)


def read_request(payload: Mapping[str, object]) -> Request:
    """The request in a decoded JSON object; keys it does not know are passed over. Raises `MalformedRequest`."""
    query = payload.get("query")
    if query is None:
        raise MalformedRequest("The request has no query.")
    if not isinstance(query, str):
        raise MalformedRequest("The query must be a string.")
    name = payload.get("operationName")
    if name is not None and not isinstance(name, str):
        raise MalformedRequest("The operationName must be a string or null.")
    return Request(query, name or None, _map(payload, "variables"), _map(payload, "extensions"))


def _map(payload: Mapping[str, object], key: str) -> dict[str, Any]:
    value = payload.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise MalformedRequest(f"The {key} must be an object or null.")
    return value
