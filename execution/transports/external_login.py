"""`/login/external/back`: where an outside provider sends people who prove who they are. What becomes of them is handed in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

PATH = "/login/external/back"
LONGEST_QUERY = 8_000
MAX_PARAMETERS = 30
FAILED = "/login?why=external_failed"
HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


class Back(Protocol):
    """Where the browser goes, and the headers that go with it."""

    @property
    def location(self) -> str:
        """A path of ours."""

    @property
    def cookies(self) -> Sequence[tuple[str, str]]:
        """`Set-Cookie` headers."""


Come = Callable[[Request, Mapping[str, str]], Awaitable[Back]]
"""What becomes of a browser that comes back with these parameters."""


class ExternalLogin:
    """The endpoint."""

    def __init__(self, come: Come) -> None:
        self._come = come

    @property
    def route(self) -> Route:
        """Where it is."""
        return Route(PATH, self.answer, methods=["GET"])

    async def answer(self, request: Request) -> Response:
        """Somebody comes back."""
        given = _parsed(request.scope["query_string"])
        if given is None:
            return Response(None, 303, {**HEADERS, "Location": FAILED})
        back = await self._come(request, given)
        answer = Response(None, 303, {**HEADERS, "Location": back.location})
        for name, value in back.cookies:
            answer.headers.append(name, value)
        return answer


def _parsed(query: bytes) -> dict[str, str] | None:
    """Each parameter once, or nothing."""
    try:
        if len(query) > LONGEST_QUERY:
            return None
        pairs = parse_qsl(query.decode("ascii"), errors="strict", max_num_fields=MAX_PARAMETERS)
    except ValueError:
        return None
    return dict(pairs) if len(dict(pairs)) == len(pairs) else None
