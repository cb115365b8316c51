"""OpenAI's Images API: each picture is a request of its own, streamed, and never asked for twice.

One request a picture, so that one that is withheld takes no other with it, and so that what a retry asks for is exactly what
is missing. docs/engines.md tells how it is turned on.
"""

from __future__ import annotations

import json
import logging
import math
from collections.abc import AsyncGenerator, AsyncIterator
from time import monotonic
from uuid import uuid4

import httpx2
from openai import APIConnectionError, APIError, APIStatusError, AsyncOpenAI
from openai.types import ImagesResponse

from generation.engine import Capabilities, EngineError, Picture, Progress, Request, Step
from generation.engines.encoded import from_base64, mime_type
from generation.engines.openai_request import Events, Offer, streamed, whole
from generation.engines.outputs import each_once
from generation.engines.preview import preview
from generation.engines.refusal import bad_answer, failed_midway, lost, refusal, said_in, told_to_operators, unreachable
from generation.engines.told import Told

BASE_URL = "https://api.openai.com/v1"
CONNECT_SECONDS = 10.0
WRITE_SECONDS = 60.0
TIMEOUT_SECONDS = 300.0  # between two signs of life
PARALLEL = 4
ASKED, UNDER_WAY = 0.05, 0.1  # fractions
USUAL = Capabilities(
    min_side=512,
    max_side=3840,
    side_step=16,
    max_count=4,
    supports_edits=True,
    supports_masks=True,
    max_references=15,  # sixteen pictures with the one to edit
    supports_transparent_background=True,
    max_partial_images=2,
    output_formats=("png", "webp", "jpeg"),
    qualities=("low", "medium", "high"),
    supports_variations=True,
    max_pixels=3840 * 2160,
    max_aspect=3,
    credits_per_picture=4,
)
log = logging.getLogger(__name__)


def engine(told: Told) -> OpenAIImages:
    """The engine that a table of the engines file describes. Raises BadEngines."""
    offers = []
    for each in told.tables("model"):
        model = each.model(USUAL)
        offers.append(Offer(model, each.text("upstream", model.name), each.mapping("parameters")))
        each.end()
    return OpenAIImages(
        told.text("name", "openai"),
        tuple(offers),
        key=told.key("key", needed=True),
        base_url=told.address("base_url", BASE_URL),
        timeout_seconds=told.seconds("timeout_seconds", TIMEOUT_SECONDS),
        parallel=told.number("parallel", PARALLEL),
    )


class OpenAIImages:
    """An engine that speaks OpenAI's Images API with its own client. It is not available while it was told to wait."""

    def __init__(
        self, name: str, offers: tuple[Offer, ...], *, key: str, base_url: str, timeout_seconds: float, parallel: int
    ) -> None:
        self.name = name
        self.models = tuple(offer.model for offer in offers)
        self._offers = {offer.model.name: offer for offer in offers}
        self._key = key
        self._base_url = base_url
        self._timeout = httpx2.Timeout(timeout_seconds, connect=CONNECT_SECONDS, write=WRITE_SECONDS)
        self._parallel = parallel
        self._client: AsyncOpenAI | None = None
        self._rests_until = -math.inf

    async def start(self) -> None:
        """Open the client. Nothing is asked yet."""
        # A connection is used once: one that the server closed meanwhile would look like a lost answer.
        http = httpx2.AsyncClient(
            timeout=self._timeout, limits=httpx2.Limits(max_keepalive_connections=0), follow_redirects=False
        )
        self._client = AsyncOpenAI(
            api_key=self._key, base_url=self._base_url, timeout=self._timeout, max_retries=0, http_client=http
        )

    async def close(self) -> None:
        """Close the client; what is under way ends."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def available(self) -> bool:
        """Whether it is started and did not ask to be left alone for now."""
        return self._client is not None and monotonic() >= self._rests_until

    async def generate(self, request: Request) -> AsyncGenerator[Step, None]:
        """The steps of a request. Raises EngineError; see `generation.engines.refusal` for its codes."""
        offer = self._offer(request)
        steps = each_once(request, lambda index: self._one(offer, request, index), most=self._parallel, paid=True)
        try:
            async for step in steps:
                yield step
        except EngineError as error:
            self._rests_until = max(self._rests_until, monotonic() + (error.retry_after or 0.0))
            raise
        finally:
            await steps.aclose()

    def _offer(self, request: Request) -> Offer:
        offer = self._offers.get(request.model)
        if offer is None:
            raise EngineError("bad_request", f"{self.name} has no model {request.model}.")
        if request.mask is not None and request.guide is not None:
            raise EngineError("bad_request", "A mask or a drawing bounds the edit, not both.")
        if request.mask is not None and mime_type(request.mask) != "image/png":
            raise EngineError("bad_request", "A mask must be a PNG picture.")
        return offer

    async def _one(self, offer: Offer, request: Request, index: int) -> AsyncIterator[Step]:
        """The steps of one output."""
        assert self._client is not None
        name = f"{request.job or uuid4()}.{index}.{uuid4().hex[:8]}"
        yield Progress(ASKED, "asking")
        partials = offer.model.capabilities.max_partial_images
        try:
            if partials:
                events = await streamed(self._client, offer, request, name)
                async for step in self._painted(events, request, index, partials, name):
                    yield step
            else:
                made = await whole(self._client, offer, request, name)
                if not isinstance(made, ImagesResponse) or not made.data:
                    raise bad_answer("it holds no picture")
                data = from_base64(made.data[0].b64_json)
                yield _picture(request, index, data, made, made._request_id, name)
        except APIStatusError as error:
            log.warning(
                "%s, %s: %d, request id %s: %s",
                self.name,
                name,
                error.status_code,
                error.request_id,
                told_to_operators(error.body, request.prompt),
            )
            raise refusal(error.status_code, error.body, error.response.headers) from error
        except APIConnectionError as error:
            # The cause says how far it came: these two are raised before a byte of the request was written.
            never_sent = isinstance(error.__cause__, httpx2.ConnectError | httpx2.ConnectTimeout)
            log.warning("%s, %s: %r by %r", self.name, name, error, error.__cause__)
            raise (unreachable() if never_sent else lost()) from error
        except APIError as error:  # told in the middle of a stream
            log.warning("%s, %s: %s", self.name, name, told_to_operators(error.body, request.prompt))
            raise failed_midway(said_in(error.body)) from error
        except ValueError as error:  # of JSON, of an answer's shape
            log.warning("%s, %s: %r", self.name, name, error)
            raise bad_answer("it is garbled") from error

    async def _painted(
        self, events: Events, request: Request, index: int, partials: int, name: str
    ) -> AsyncIterator[Step]:
        upstream = events.response.headers.get("x-request-id")
        yield Progress(UNDER_WAY, "painting")
        try:
            async for event in events:
                kind = str(getattr(event, "type", ""))
                if kind.endswith(".partial_image"):
                    seen = int(getattr(event, "partial_image_index", 0)) + 1
                    fraction = min(0.95, UNDER_WAY + (1 - UNDER_WAY) * seen / (partials + 1))
                    small = await preview(index, event.b64_json, fraction, "painting")
                    if small is not None:
                        yield small
                elif kind.endswith(".completed"):
                    yield Progress(1.0, "done")
                    yield _picture(request, index, from_base64(event.b64_json), event, upstream, name)
                    return
        finally:
            await events.close()
        raise lost()  # it ended in good order and said nothing


def _picture(request: Request, index: int, data: bytes, told: object, upstream: str | None, name: str) -> Picture:
    facts: dict[str, object] = {"engine": "openai", "client_request_id": name, "request_id": upstream}
    for key in ("size", "quality", "background", "output_format"):
        facts[key] = getattr(told, key, None)
    usage = getattr(told, "usage", None)
    if usage is not None:
        facts["usage"] = json.loads(usage.model_dump_json(exclude_none=True))
    size = str(facts["size"] or "").partition("x")
    width, height = (int(size[0]), int(size[2])) if size[0].isdecimal() and size[2].isdecimal() else (0, 0)
    return Picture(
        index,
        data,
        mime_type(data) or "application/octet-stream",
        width or request.width,
        height or request.height,
        request.seed,
        facts={key: value for key, value in facts.items() if value is not None},
        as_it_came=True,
    )
