"""Addresses with a slash too many at their end lead to those without, by a path alone: nothing of it is taken from what the client calls us."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Match

TEMPORARY = 307  # keeps the method and the body


def without_slash(request: Request, routes: Iterable[BaseRoute]) -> RedirectResponse | None:
    """The way to the same address without slashes at its end; None where nothing lies there either."""
    path: str = request.scope["path"]
    bare = path.rstrip("/")
    if not bare or bare == path or path.startswith(("//", "/\\")):  # to a browser the last two name another host
        return None
    scope = {**request.scope, "path": bare}
    if not any(route.matches(scope)[0] is Match.FULL for route in routes):
        return None
    query = request.scope["query_string"].decode("latin-1")
    return RedirectResponse(quote(bare) + (f"?{query}" if query else ""), TEMPORARY)
