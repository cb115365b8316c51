"""`@defer` over HTTP: a multipart answer of JSON parts, in the format that the client's `Accept` names.

`incrementalSpec=v0.2` is graphql-js 17's: `pending` announces fragments by ids, `incremental` brings them, `completed` ends them.
`deferSpec=20220824` is the one before it: every fragment comes with its `path` and `label`, and has all its fields.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from starlette.types import Receive, Scope, Send

from execution.incremental import Deferred
from execution.masking import present
from execution.receipt import Headers
from execution.rejection import INTERNAL, TOO_COMPLEX, ErrorObject, Rejection, ResultObject, error_object
from execution.transports.message import RESTARTING
from execution.transports.multipart import BOUNDARY, DELIMITER, SERVER_RESTARTING, part
from execution.transports.negotiation import DEFER_2022, INCREMENTAL, MULTIPART
from execution.transports.stream import Stream, StreamBounds, stream_headers

SLOW_READER = "The answer was read too slowly to be sent whole. Ask for less at a time."
# The parameter by which a client and the answer name the format.
SPECS = {DEFER_2022: "deferSpec=20220824", INCREMENTAL: "incrementalSpec=v0.2"}


class Parts:
    """The framing of one answer; it knows which fragments have been announced and have not come yet."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.announced: dict[str, ResultObject] = {}  # by id: path and label
        self.brought: set[str] = set()

    @property
    def content_type(self) -> str:
        """The media type, with the boundary and the format."""
        return f'{MULTIPART};boundary="{BOUNDARY.decode()}";{SPECS[self.kind]}'

    def opening(self) -> bytes:
        """The first delimiter."""
        return DELIMITER

    def heartbeat(self) -> bytes:
        """Nothing: an answer has seconds only."""
        return b""

    def result(self, result: ResultObject) -> bytes:
        """One part; a whole result is the only part. Raises TypeError for what is no JSON."""
        later = {one["id"]: one for one in result.get("pending", ())}
        self.announced |= later
        self.brought |= {one["id"] for one in result.get("incremental", ())}
        piece = part(self._as_in_2022(result) if self.kind == DEFER_2022 else {"hasNext": False, **result})
        for one in result.get("completed", ()):  # only now, since what cannot be written has not come
            del self.announced[one["id"]]
        return piece

    def complete(self) -> bytes:
        """What turns the last delimiter into the end."""
        return b"--\r\n"

    def closed(self, code: int, reason: str) -> bytes:
        """The server stops: what has not come yet has failed."""
        return self.failed([error_object(reason, SERVER_RESTARTING if code == RESTARTING else INTERNAL)])

    def failed(self, errors: list[ErrorObject]) -> bytes:
        """The last part, for all that has not come yet, and the end."""
        lost = [{"id": one, "errors": errors} for one in self.announced]
        return self.result({"completed": lost, "hasNext": False}) + self.complete()

    def _as_in_2022(self, result: ResultObject) -> ResultObject:
        shown: ResultObject = {name: result[name] for name in ("data", "errors", "extensions") if name in result}
        pieces: list[dict[str, Any]] = []
        for one in result.get("incremental", ()):
            place = self.announced[one["id"]]
            errors = {"errors": one["errors"]} if "errors" in one else {}
            path = [*place["path"], *one.get("subPath", ())]
            pieces.append({"data": one["data"], "path": path, **_label(place), **errors})
        for one in result.get("completed", ()):
            place = self.announced[one["id"]]
            if "errors" in one:
                pieces.append({"data": None, "path": place["path"], **_label(place), "errors": one["errors"]})
            elif one["id"] not in self.brought:  # its fields came with another fragment
                pieces.append({"data": {}, "path": place["path"], **_label(place)})
        if pieces:
            shown["incremental"] = pieces
        shown["hasNext"] = result.get("hasNext", False)
        return shown


def _label(place: ResultObject) -> ResultObject:
    return {"label": place["label"]} if "label" in place else {}


@dataclass(frozen=True, slots=True)
class Delivery:
    """An answer in parts: an ASGI application for that one request. When it ends early, so does what was deferred."""

    deferred: Deferred
    parts: Parts
    first: bytes  # the first part, written
    bounds: StreamBounds
    headers: Headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """From the first part to the end."""
        stream = Stream(scope, receive, send, self.parts, self.bounds)

        async def work() -> None:
            await stream.say(self.first)
            try:
                async with asyncio.timeout(self.bounds.parts_seconds), aclosing(self.deferred.rest()) as rest:
                    async for one in rest:
                        await stream.say(self.parts.result(one))
                last = self.parts.complete()
            except TimeoutError:
                last = self.parts.failed([error_object(SLOW_READER, TOO_COMPLEX)])
            except Rejection as rejection:
                last = self.parts.failed(rejection.errors)
            except TypeError as error:  # a scalar let something through that is no JSON
                last = self.parts.failed([present(error, self.deferred.request_id)])
            await stream.say(last)

        async with aclosing(self.deferred.steps):
            await stream.run(work, [*stream_headers(self.deferred.request_id), *self.headers])
