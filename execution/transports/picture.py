"""`/media/{image}/{size}` and `/media/{image}/vector`: where a picture is, and the drawing that it was painted from.

A picture's address is stable: it leads to the bucket for a minute, for those who may see it. What is hidden answers as what never
was: 404. A drawing is to be kept and never shown from here, since an SVG could run what it holds.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from errors import RateLimited

VECTOR = "vector"
VECTOR_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-site",
    "Cache-Control": "private, no-store",
}
AWAY_SECONDS = 10

Lead = Callable[[str, str, str | None], Awaitable[str | None]]
"""The address, good for a while, of a picture by its id, size and grant (who holds one may see what its maker may); None where there is none to be seen."""
Draw = Callable[[HTTPConnection, str, str | None], Awaitable[bytes | None]]
"""The drawing of a picture by its id and grant; None where there is none to be seen. Raises RateLimited, Away."""


class Away(Exception):
    """Nobody can draw just now."""


class Pictures:
    """The endpoints. What `lead` gives is good for `seconds`."""

    def __init__(self, lead: Lead, seconds: int, draw: Draw) -> None:
        self._lead = lead
        self._seconds = seconds
        self._draw = draw

    @property
    def routes(self) -> list[Route]:
        """Where they are."""
        return [Route(f"/media/{{image}}/{VECTOR}", self._drawing), Route("/media/{image}/{size}", self._place)]

    async def _place(self, request: Request) -> Response:
        grant = request.query_params.get("grant")
        address = await self._lead(request.path_params["image"], request.path_params["size"], grant)
        if address is None:
            raise HTTPException(404)
        kept = f"{'private' if grant else 'public'}, max-age={self._seconds // 2}"
        return RedirectResponse(address, 302, {"Cache-Control": kept})

    async def _drawing(self, request: Request) -> Response:
        image = request.path_params["image"]
        try:
            drawing = await self._draw(request, image, request.query_params.get("grant"))
        except RateLimited as error:
            wait = {"Retry-After": str(error.retry_after)} if error.retry_after is not None else {}
            return PlainTextResponse("too many requests\n", 429, wait)
        except Away:
            return PlainTextResponse("it cannot be drawn just now\n", 503, {"Retry-After": str(AWAY_SECONDS)})
        if drawing is None:
            raise HTTPException(404)
        headers = VECTOR_HEADERS | {"Content-Disposition": f'attachment; filename="{image}.svg"'}
        return Response(drawing, 200, headers, "image/svg+xml")
