"""The body of a POST, bounded in bytes and in time, read as GraphQL over HTTP has it."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qsl

from starlette.requests import HTTPConnection
from starlette.types import Receive

from execution.rejection import BAD_REQUEST, ErrorObject, error_object
from execution.request import MalformedRequest, Request, read_request
from execution.transports.negotiation import JSON
from execution.wire import Unreadable, decode

MAX_PARAMETERS = 20
DISCARDED_BYTES = 8 * 1024 * 1024


class HttpProblem(Exception):
    """The request is answered with this status and one error, before any document is looked at."""

    def __init__(
        self, status: int, message: str, code: str = BAD_REQUEST, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.error: ErrorObject = error_object(message, code)
        self.headers = headers or {}


class IllFormed(HttpProblem):
    """The body or the query string can be read, and is no GraphQL request."""

    def __init__(self, message: str) -> None:
        super().__init__(400, message)


class Gone(Exception):
    """The client went away before the body was whole."""


async def read_post(connection: HTTPConnection, receive: Receive, max_bytes: int, seconds: float) -> Request:
    """The request in a JSON body. Raises `HttpProblem` (400, 408, 413, 415) or `Gone`."""
    _check_type(connection)
    try:
        async with asyncio.timeout(seconds):
            raw = await _read(receive, max_bytes)
    except TimeoutError:
        headers = {"connection": "close"}
        raise HttpProblem(408, f"The body did not arrive within {seconds:g} seconds.", headers=headers) from None
    try:
        payload = decode(raw)
    except Unreadable:
        raise HttpProblem(400, "The body is not valid JSON.") from None
    if not isinstance(payload, dict):
        raise IllFormed("The body must be one JSON object; batches are not taken.")
    return _request(payload)


def read_get(connection: HTTPConnection, document_id: str | None = None) -> Request:
    """The request in the query string; `variables` and `extensions` are JSON there. Raises `HttpProblem` (400).

    `document_id` is what the path says, for addresses that stand for one document.
    """
    try:
        raw = connection.scope["query_string"].decode("ascii")
        pairs = parse_qsl(raw, keep_blank_values=True, errors="strict", max_num_fields=MAX_PARAMETERS)
    except ValueError:
        raise HttpProblem(400, "The query string cannot be read.") from None
    payload: dict[str, object] = dict(pairs)
    if document_id is not None:
        payload["documentId"] = document_id
    for key in ("variables", "extensions"):
        text = payload.pop(key, None)
        if isinstance(text, str) and text:
            try:
                payload[key] = decode(text)
            except Unreadable:
                raise IllFormed(f"The {key} are not valid JSON.") from None
    return _request(payload)


def _request(payload: dict[str, object]) -> Request:
    try:
        return read_request(payload)
    except MalformedRequest as error:
        raise IllFormed(str(error)) from None


def _check_type(connection: HTTPConnection) -> None:
    media, *parameters = (piece.strip().lower() for piece in connection.headers.get("content-type", "").split(";"))
    charsets = [parameter.partition("=")[2].strip('"') for parameter in parameters if parameter.startswith("charset=")]
    if media != JSON or any(charset not in ("utf-8", "utf8") for charset in charsets):
        raise HttpProblem(415, "The body must be application/json in UTF-8.", headers={"accept-post": JSON})
    if connection.headers.get("content-encoding", "identity").lower() != "identity":
        raise HttpProblem(415, "The body must not be compressed.", headers={"accept-encoding": "identity"})


async def _read(receive: Receive, max_bytes: int) -> bytes:
    # What is too much is read on for a while and thrown away: a connection closed with bytes unread is reset, and then
    # the client never sees the answer.
    chunks: list[bytes] = []
    size = 0
    more = True
    while more and size <= DISCARDED_BYTES:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        chunk: bytes = message.get("body", b"")
        size += len(chunk)
        if size <= max_bytes:
            chunks.append(chunk)
        more = message.get("more_body", False)
    if size > max_bytes:
        headers = {"connection": "close"} if more else {}
        raise HttpProblem(413, f"The body has more than {max_bytes} bytes.", headers=headers)
    return b"".join(chunks)
