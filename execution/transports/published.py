"""A text that everybody may read and keep, served with an entity tag: the schema, and what is made of it."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from execution.transports.caching import entity_tag, has_it

KEPT = "public, max-age=60"


class Published:
    """An endpoint for a text that stays the same as long as the process lives. It is made when first asked for."""

    def __init__(self, make: Callable[[], str], media_type: str) -> None:
        self.make = make
        self.media_type = media_type
        self.body = b""
        self.tag = ""

    async def answer(self, request: Request) -> Response:
        """200 with the text, or 304 for who has it."""
        if not self.tag:
            self.body = self.make().encode()
            self.tag = entity_tag(self.media_type, self.body)
        known = has_it(request, self.tag)
        headers = {"ETag": self.tag, "Cache-Control": KEPT}
        return Response(None if known else self.body, 304 if known else 200, headers, self.media_type)
