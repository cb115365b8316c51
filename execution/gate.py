"""The gate before every operation: what it costs is taken from a budget that `app.py` knows, or it is not run."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable

from starlette.requests import HTTPConnection

from errors import ErrorCode, RateLimited
from execution.documents import Operation
from execution.identity import Identity
from execution.receipt import Headers, Receipt, Standing, rate_headers
from execution.rejection import TOO_COMPLEX, Rejection, error_object
from execution.scope import permit

LEAST_POINTS = 1  # for what is refused after work was done on it: a bad document, a bad token
UNKNOWN_RETRY_SECONDS = 5

# Takes points from the budget of who asks (None: of whoever connects). None when nothing is limited, or cannot be counted and
# goes on all the same; raises `RateLimited` when it cannot be counted and may not.
Gate = Callable[[HTTPConnection, Identity | None, int], Awaitable[Standing | None]]


async def no_gate(connection: HTTPConnection, identity: Identity | None, points: int) -> Standing | None:
    """The gate that is always open."""
    return None


class Throttled(Rejection):
    """The budget does not hold the points; `headers` say when it will."""

    def __init__(self, message: str, standing: Standing | None = None) -> None:
        error = error_object(message, ErrorCode.RATE_LIMITED.value)
        seconds = UNKNOWN_RETRY_SECONDS if standing is None else max(1, math.ceil(standing.retry_after))
        error["extensions"]["retryAfter"] = seconds
        if standing is not None:
            error["extensions"] |= {"limit": standing.limit, "remaining": standing.remaining}
        super().__init__([error])
        self.headers: Headers = [("retry-after", str(seconds)), *rate_headers(standing)]


async def admit(gate: Gate, connection: HTTPConnection, identity: Identity, operation: Operation) -> Receipt:
    """Take what the operation costs. Raises `Throttled` when it is not there, `Rejection` when it never can be or the token may not
    (`MissingScope`), which costs the least there is.
    """
    try:
        permit(identity, operation.needs)
    except Rejection:
        await charge_least(gate, connection, identity)
        raise
    standing = await _take(gate, connection, identity, LEAST_POINTS if operation.dry else operation.points)
    return Receipt(operation.points, operation.nodes, operation.dry, standing)


async def charge_least(gate: Gate, connection: HTTPConnection, identity: Identity | None) -> Headers:
    """Take the least there is for something that is refused anyway; the headers of the refusal. Raises `Throttled`."""
    return rate_headers(await _take(gate, connection, identity, LEAST_POINTS))


async def _take(gate: Gate, connection: HTTPConnection, identity: Identity | None, points: int) -> Standing | None:
    try:
        standing = await gate(connection, identity, points)
    except RateLimited as refusal:
        raise Throttled(refusal.message) from refusal
    if standing is None or standing.allowed:
        return standing
    if points > standing.limit:
        sentence = f"The operation costs {points} points; a budget holds {standing.limit}. Ask for less at once."
        raise Rejection([error_object(sentence, TOO_COMPLEX)])
    seconds = max(1, math.ceil(standing.retry_after))
    cost, left = (f"{number} point{'' if number == 1 else 's'}" for number in (points, standing.remaining))
    sentence = (
        f"This costs {cost}, and {left} remain{'s' if standing.remaining == 1 else ''}. Try again in {seconds} s."
    )
    raise Throttled(sentence, standing)
