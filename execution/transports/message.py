"""The graphql-transport-ws protocol apart from wires: frames into messages, messages into frames, close codes.

Close codes are chosen by what the reference client does next: 4400, 4401, 4406, 4409 and 4429 end it for good; after 4403,
4408, 1012 and 1013 it connects again, later each time. So what time or signing in can mend (expiry, revocation, too many
sockets) is 4403, and what time alone mends (no room, too many messages) is 1013.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from execution.rejection import ErrorObject
from execution.request import MalformedRequest, Request, read_request
from execution.wire import Unreadable, decode, encode

SUBPROTOCOL = "graphql-transport-ws"
MALFORMED = 4400
UNAUTHORIZED = 4401
FORBIDDEN = 4403
WRONG_SUBPROTOCOL = 4406
INIT_TIMEOUT = 4408
DUPLICATE = 4409
TOO_MANY_INITS = 4429
RESTARTING = 1012
TRY_LATER = 1013
MAX_REASON_BYTES = 123
MAX_ID_CHARACTERS = 256

Payload = dict[str, object]


class Malformed(Exception):
    """The frame is no message of the protocol: the socket closes with 4400 and this reason."""


@dataclass(frozen=True, slots=True)
class ConnectionInit:
    """The first message; the payload carries `authorization`."""

    payload: Payload


@dataclass(frozen=True, slots=True)
class Ping:
    """Asks for a pong with the same payload."""

    payload: Payload | None


@dataclass(frozen=True, slots=True)
class Pong:
    """Answers a ping, or says unasked that the client lives."""


@dataclass(frozen=True, slots=True)
class Subscribe:
    """Starts an operation of any kind under an id of the client's."""

    id: str
    request: Request


@dataclass(frozen=True, slots=True)
class Complete:
    """The client wants no more of this operation."""

    id: str


Message = ConnectionInit | Ping | Pong | Subscribe | Complete


def read_message(frame: str | bytes | None) -> Message:
    """The message in a text frame; bytes stand for a binary frame or for text that is not UTF-8. Raises `Malformed`."""
    if not isinstance(frame, str):
        raise Malformed("Messages must be text frames in UTF-8.")
    try:
        value = decode(frame)
    except Unreadable:
        raise Malformed("Messages must be valid JSON.") from None
    if not isinstance(value, dict):
        raise Malformed("Messages must be JSON objects.")
    kind = value.get("type")
    if not isinstance(kind, str):
        raise Malformed("Messages must have a type, which is a string.")
    reader = READERS.get(kind)
    if reader is None:
        raise Malformed("Messages of this type are not known.")
    return reader(value)


def _read_init(value: Payload) -> Message:
    return ConnectionInit(_payload(value, "connection_init") or {})


def _read_ping(value: Payload) -> Message:
    return Ping(_payload(value, "ping"))


def _read_pong(value: Payload) -> Message:
    _payload(value, "pong")
    return Pong()


def _read_subscribe(value: Payload) -> Message:
    operation_id = _id(value, "subscribe")
    payload = value.get("payload")
    if not isinstance(payload, dict):
        raise Malformed("The payload of subscribe must be an object.")
    try:
        return Subscribe(operation_id, read_request(payload))
    except MalformedRequest as error:
        raise Malformed(str(error)) from None


def _read_complete(value: Payload) -> Message:
    return Complete(_id(value, "complete"))


READERS: dict[str, Callable[[Payload], Message]] = {
    "connection_init": _read_init,
    "ping": _read_ping,
    "pong": _read_pong,
    "subscribe": _read_subscribe,
    "complete": _read_complete,
}


def _payload(value: Payload, kind: str) -> Payload | None:
    payload = value.get("payload")
    if payload is not None and not isinstance(payload, dict):
        raise Malformed(f"The payload of {kind} must be an object or null.")
    return payload


def _id(value: Payload, kind: str) -> str:
    operation_id = value.get("id")
    if not isinstance(operation_id, str) or not 0 < len(operation_id) <= MAX_ID_CHARACTERS:
        raise Malformed(f"The id of {kind} must be a string of 1 to {MAX_ID_CHARACTERS} characters.")
    return operation_id


def ack_frame() -> str:
    """The answer to `connection_init`."""
    return '{"type":"connection_ack"}'


def pong_frame(payload: Payload | None) -> str:
    """The answer to a ping, echoing its payload."""
    return '{"type":"pong"}' if payload is None else encode({"type": "pong", "payload": payload}).decode()


def next_frame(operation_id: str, result: bytes) -> str:
    """A result, encoded already so that one encoding may serve many subscribers."""
    return f'{{"id":{encode(operation_id).decode()},"type":"next","payload":{result.decode()}}}'


def error_frame(operation_id: str, errors: list[ErrorObject]) -> str:
    """The end of an operation that was refused or broke; no complete follows."""
    return encode({"id": operation_id, "type": "error", "payload": errors}).decode()


def complete_frame(operation_id: str) -> str:
    """The end of an operation that ran to its end."""
    return encode({"id": operation_id, "type": "complete"}).decode()


def fit_reason(reason: str) -> str:
    """The reason cut to what a close frame can carry, never inside a character."""
    return reason.encode()[:MAX_REASON_BYTES].decode(errors="ignore")
