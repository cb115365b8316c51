"""Every refusal a client may see, with its code.

A refusal is something a person can cause: bad input, no permission, not found, quota, conflict. It is raised anywhere
and rendered in one place (`resolvers/payload.py` for mutations, `execution/` for everything else). Anything that is no
`Refusal` is a fault of ours: it is logged, and the client sees `INTERNAL_SERVER_ERROR` with a request id.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum


class ErrorCode(Enum):
    """The published codes. Programs read these; people read the message."""

    BAD_USER_INPUT = "BAD_USER_INPUT"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    NOT_FOUND = "NOT_FOUND"
    CONFLICT = "CONFLICT"
    RATE_LIMITED = "RATE_LIMITED"
    QUOTA_EXCEEDED = "QUOTA_EXCEEDED"
    CONTENT_BLOCKED = "CONTENT_BLOCKED"
    TAKEN_BACK = "TAKEN_BACK"
    REAUTHENTICATION_REQUIRED = "REAUTHENTICATION_REQUIRED"


class Refusal(Exception):
    """Something a client may be told: a code for programs, a full sentence for people, a path into the input."""

    code: ErrorCode = ErrorCode.BAD_USER_INPUT

    def __init__(self, message: str, path: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.path = tuple(path)


class BadInput(Refusal):
    """The input is malformed or breaks a bound; `path` names the field of the input."""

    code = ErrorCode.BAD_USER_INPUT


class Unauthenticated(Refusal):
    """Nobody is signed in, or the credentials are wrong, expired or revoked."""

    code = ErrorCode.UNAUTHENTICATED


class ReauthenticationRequired(Unauthenticated):
    """Somebody is signed in, and has to prove again who they are before this; the same call succeeds then."""

    code = ErrorCode.REAUTHENTICATION_REQUIRED


class Forbidden(Refusal):
    """The thing is visible to the viewer, who may still not do this with it."""

    code = ErrorCode.FORBIDDEN


class NotFound(Refusal):
    """There is no such thing, or the viewer may not see it: the two are never told apart."""

    code = ErrorCode.NOT_FOUND


class Conflict(Refusal):
    """The thing is taken, has changed meanwhile, or an idempotency key came back with another input."""

    code = ErrorCode.CONFLICT


class RateLimited(Refusal):
    """Asked too often; the same call succeeds later: after `retry_after` seconds, where that is known."""

    code = ErrorCode.RATE_LIMITED

    def __init__(self, message: str, path: Sequence[str] = (), retry_after: int | None = None) -> None:
        super().__init__(message, path)
        self.retry_after = retry_after


class QuotaExceeded(Refusal):
    """A standing bound of this person is reached (queued jobs, sessions, …)."""

    code = ErrorCode.QUOTA_EXCEEDED


class ContentBlocked(Refusal):
    """The text or picture was refused by a safety check."""

    code = ErrorCode.CONTENT_BLOCKED


class TakenBack(Refusal):
    """Whoever had the code could use it once; its owner does not share it any more."""

    code = ErrorCode.TAKEN_BACK
