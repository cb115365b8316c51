"""`POST /verify`: a picture handed in to be checked, by anybody. It answers with a ticket for `verifyImage`, and keeps nothing.

The body is the file itself, at most as large as an upload; or it is empty, and `?image=` names a picture that is here. 200 with
`{"ticket": …}`; else an error as GraphQL has them, `{"errors": [{"message", "extensions": {"code"}}]}`: 400 for no picture,
404, 408, 413 for too many bytes, 429 with `Retry-After`. Who may hand in nothing now is told so before the body is read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import orjson
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from errors import BadInput, ErrorCode, RateLimited, Refusal

STATUS = {ErrorCode.NOT_FOUND: 404, ErrorCode.RATE_LIMITED: 429, ErrorCode.UNAUTHENTICATED: 401}
TOO_LARGE = 413
LONGEST_ID = 100
BODY_SECONDS = 60.0

Admit = Callable[[HTTPConnection], Awaitable[None]]
"""Whether one more picture is taken from there; counts it. Raises Refusal."""

Take = Callable[[HTTPConnection, bytes | str], Awaitable[str]]
"""Gives a ticket for a picture's bytes, or for the id of one that is here. Raises Refusal."""


class HandIn:
    """The endpoint: who is let in by `admit` has at most `most_bytes` of a picture go to `take`."""

    def __init__(self, most_bytes: int, admit: Admit, take: Take) -> None:
        self._most_bytes = most_bytes
        self._admit = admit
        self._take = take

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one picture."""
        request = Request(scope, receive)
        response = await self._answer(request)
        response.headers["Cache-Control"] = "no-store"
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        try:
            await self._admit(request)
            picture = request.query_params.get("image")
            ticket = await self._take(request, picture[:LONGEST_ID] if picture else await self._body(request))
        except TimeoutError:
            return _refusal(BadInput("The picture took too long to come."), 408)
        except ClientDisconnect:  # nobody is there to hear it
            return _refusal(BadInput("The picture did not come whole."), 400)
        except _TooLarge:
            return _refusal(BadInput(f"A picture has at most {self._most_bytes} bytes."), TOO_LARGE)
        except Refusal as refusal:
            return _refusal(refusal, STATUS.get(refusal.code, 400))
        return Response(orjson.dumps({"ticket": ticket}), 200, media_type="application/json")

    async def _body(self, request: Request) -> bytes:
        said = request.headers.get("content-length", "")
        if said.isdigit() and int(said) > self._most_bytes:
            raise _TooLarge
        body = bytearray()
        async with asyncio.timeout(BODY_SECONDS):
            async for part in request.stream():
                body += part
                if len(body) > self._most_bytes:
                    raise _TooLarge
        if not body:
            raise BadInput("Send the picture as the body, or name one of ours by `?image=`.")
        return bytes(body)


class _TooLarge(Exception):
    """More bytes than are taken."""


def _refusal(refusal: Refusal, status: int) -> Response:
    error = {"message": refusal.message, "extensions": {"code": refusal.code.value}}
    answer = Response(orjson.dumps({"errors": [error]}), status, media_type="application/json")
    if isinstance(refusal, RateLimited) and refusal.retry_after is not None:
        answer.headers["Retry-After"] = str(refusal.retry_after)
    return answer
