"""The addresses of OAuth: `/oauth/token`, `/oauth/revoke`, `/oauth/register`, and what `/.well-known/` says of them.

What is sent is a form (for registering, JSON) in the body, never in the address, each parameter once. Every answer is JSON and kept by
nobody; pages of any origin may ask, since no cookie speaks here. What the answers are is handed in.
"""

from __future__ import annotations

import asyncio
import binascii
from base64 import b64decode
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from errors import RateLimited

MAX_BODY_BYTES = 16 * 1024
BODY_SECONDS = 10.0
MAX_PARAMETERS = 30
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
HEADERS = {"Cache-Control": "no-store", "Pragma": "no-cache", "Access-Control-Allow-Origin": "*"}
PREFLIGHT = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "authorization, content-type, mcp-protocol-version",
    "Access-Control-Max-Age": "7200",
}
PUBLIC_SECONDS = 300

Answer = tuple[int, dict[str, Any]]
Ask = Callable[[Mapping[str, str], tuple[str, str] | None, str], Awaitable[Answer]]
"""Answers a form, what `Authorization: Basic` said, and the address that asks. Raises RateLimited."""
Register = Callable[[bytes, str], Awaitable[Answer]]
"""Answers a JSON body from an address. Raises RateLimited."""


class Malformed(Exception):
    """What came is no request; the sentence says why."""

    def __init__(self, why: str, status: int = 400) -> None:
        super().__init__(why)
        self.status = status


@dataclass(frozen=True, slots=True)
class OAuth:
    """The endpoints, and who answers."""

    token: Ask
    revoke: Ask
    register: Register
    published: Mapping[str, dict[str, Any]]  # path → what is found there

    @property
    def routes(self) -> list[Route]:
        """Where they are."""
        asked = {"/oauth/token": self.token, "/oauth/revoke": self.revoke}
        return [
            *(Route(path, self._form(ask), methods=["POST", "OPTIONS"]) for path, ask in asked.items()),
            Route("/oauth/register", self._register, methods=["POST", "OPTIONS"]),
            *(
                Route(path, _published(told), methods=["GET", "HEAD", "OPTIONS"])
                for path, told in self.published.items()
            ),
        ]

    def _form(self, ask: Ask) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            async def asked() -> Answer:
                form = read_form(await _body(request, FORM))
                return await ask(form, read_basic(request.headers.get("authorization")), _host(request))

            return await self._answer(request, asked)

        return answer

    async def _register(self, request: Request) -> Response:
        async def asked() -> Answer:
            return await self.register(await _body(request, JSON), _host(request))

        return await self._answer(request, asked)

    async def _answer(self, request: Request, asked: Callable[[], Awaitable[Answer]]) -> Response:
        if request.method == "OPTIONS":
            return Response(None, 204, PREFLIGHT)
        try:
            status, told = await asked()
        except Malformed as problem:
            return _json({"error": "invalid_request", "error_description": str(problem)}, problem.status)
        except RateLimited as refusal:
            answer = _json({"error": "slow_down", "error_description": refusal.message}, 429)
            answer.headers["Retry-After"] = str(refusal.retry_after or 5)
            return answer
        except TimeoutError:
            return _json({"error": "invalid_request", "error_description": "The body took too long."}, 408)
        except ClientDisconnect:  # nobody is there to hear it
            return _json({"error": "invalid_request", "error_description": "The body did not come whole."}, 400)
        found = _json(told, status)
        if status == 401:
            found.headers["WWW-Authenticate"] = 'Basic realm="Fresque"'
        return found


def read_form(body: bytes) -> dict[str, str]:
    """The parameters of a form, each once; those without a value are left out. Raises Malformed."""
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MAX_PARAMETERS)
    except ValueError:
        raise Malformed("The body is no form.") from None
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed("A parameter stands there twice.")
    if not all(value.isprintable() for value in found.values()):
        raise Malformed("A parameter has characters that do not show.")
    return {name: value for name, value in found.items() if value}


def read_basic(authorization: str | None) -> tuple[str, str] | None:
    """Name and secret of a client (RFC 6749 §2.3.1); None when it says nothing. Raises Malformed."""
    if authorization is None:
        return None
    scheme, _, told = authorization.partition(" ")
    try:
        if scheme.lower() != "basic":
            raise ValueError
        name, found, secret = b64decode(told.strip(), validate=True).decode("ascii").partition(":")
    except (ValueError, binascii.Error):
        raise Malformed("Authorization is Basic with a client's id and secret, or nothing.") from None
    if not found:
        raise Malformed("Authorization names no secret.")
    return unquote_plus(name), unquote_plus(secret)


def _host(request: Request) -> str:
    return request.client.host if request.client else ""


async def _body(request: Request, media: str) -> bytes:
    if request.scope["query_string"]:
        raise Malformed("Nothing is taken from the address: addresses are kept in logs.")
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != media:
        raise Malformed(f"The body is {media}.", 415)
    body = bytearray()
    async with asyncio.timeout(BODY_SECONDS):
        async for part in request.stream():
            body += part
            if len(body) > MAX_BODY_BYTES:
                raise Malformed("The body is too long.", 413)
    return bytes(body)


def _published(told: dict[str, Any]) -> Callable[[Request], Awaitable[Response]]:
    body = orjson.dumps(told)
    headers = {"Access-Control-Allow-Origin": "*", "Cache-Control": f"public, max-age={PUBLIC_SECONDS}"}

    async def answer(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(None, 204, PREFLIGHT)
        return Response(body, 200, headers, JSON)

    return answer


def _json(told: dict[str, Any], status: int) -> Response:
    return Response(orjson.dumps(told), status, HEADERS, JSON)
