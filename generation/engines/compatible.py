"""Servers that speak OpenAI's Images API in their own way: stable-diffusion.cpp, LocalAI, vLLM-Omni, LiteLLM and others.

What each can do and how it wants to be told stands in the engines file (docs/engines.md). They answer with base64 or with an
address, stream nothing, and refuse in three shapes.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic

import aiohttp
import orjson

from generation.engine import Capabilities, EngineError, Model, Picture, Progress, Request, Step
from generation.engines.encoded import from_base64, mime_type, part, picture
from generation.engines.outputs import each_once
from generation.engines.refusal import bad_answer, lost, refusal, told_to_operators
from generation.engines.remote import Answer, Remote
from generation.engines.seed import seed_of
from generation.engines.size import closest
from generation.engines.told import Told

TIMEOUT_SECONDS = 600.0
LARGEST_SEED = 2**31 - 1  # what all of these take
USUAL = Capabilities(
    min_side=256, max_side=1024, side_step=64, max_count=4, output_formats=("png",), supports_generation=True
)
SEEDS = ("none", "field", "sd_cpp")
NEGATIVES = ("none", "field", "bar", "sd_cpp")
ANSWERS = ("either", "b64_json", "url")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a server wants to be told what the API has no word for.

    `seed`: `field` is a field of that name, `sd_cpp` goes into the prompt as stable-diffusion.cpp reads it. `negative`: as
    well, and `bar` is LocalAI's "words | unwanted". `answer`: what is asked for as `response_format` (either: nothing).
    """

    seed: str = "none"
    negative: str = "none"
    answer: str = "either"
    image_field: str = "image[]"
    generations: str = "/images/generations"
    edits: str = "/images/edits"
    parameters: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Offer:
    """A model as it is offered here, its name there, and how it is asked for."""

    model: Model
    upstream: str
    dialect: Dialect


def engine(told: Told) -> Compatible:
    """The engine that a table of the engines file describes. Raises BadEngines."""
    remote = Remote(
        told.address("base_url"),
        told.key("key", needed=False),
        told.seconds("timeout_seconds", TIMEOUT_SECONDS),
        told.texts("picture_hosts"),
    )
    offers = []
    for each in told.tables("model"):
        dialect = Dialect(
            each.choice("seed", SEEDS, "none"),
            each.choice("negative_prompt", NEGATIVES, "none"),
            each.choice("answer", ANSWERS, "either"),
            each.text("image_field", "image[]"),
            each.text("generations", "/images/generations"),
            each.text("edits", "/images/edits"),
            each.mapping("parameters"),
        )
        model = each.model(USUAL)
        can = model.capabilities
        if can.supports_seeds != (dialect.seed != "none"):
            raise each.wrong("seed", "and supports_seeds contradict each other")
        if can.supports_negative_prompts != (dialect.negative != "none"):
            raise each.wrong("negative_prompt", "and supports_negative_prompts contradict each other")
        offers.append(Offer(model, each.text("upstream", model.name), dialect))
        each.end()
    return Compatible(
        told.text("name"), tuple(offers), remote, parallel=told.number("parallel", 1), paid=told.flag("paid", True)
    )


class Compatible:
    """One such server. `paid`: a request whose answer was lost is not repeated. It rests while it was told to."""

    def __init__(self, name: str, offers: tuple[Offer, ...], remote: Remote, *, parallel: int, paid: bool) -> None:
        self.name = name
        self.models = tuple(offer.model for offer in offers)
        self._offers = {offer.model.name: offer for offer in offers}
        self._remote = remote
        self._parallel = parallel
        self._paid = paid
        self._rests_until = -math.inf

    async def start(self) -> None:
        """Open the client. Nothing is asked yet."""
        await self._remote.open()

    async def close(self) -> None:
        """Close the client; what is under way ends."""
        await self._remote.close()

    async def available(self) -> bool:
        """Whether it is started and did not ask to be left alone for now."""
        return self._remote.is_open and monotonic() >= self._rests_until

    async def generate(self, request: Request) -> AsyncGenerator[Step, None]:
        """The steps of a request. Raises EngineError; see `generation.engines.refusal` for its codes."""
        offer = self._offers.get(request.model)
        if offer is None:
            raise EngineError("bad_request", f"{self.name} has no model {request.model}.")
        steps = each_once(request, lambda index: self._one(offer, request, index), most=self._parallel, paid=self._paid)
        try:
            async for step in steps:
                yield step
        except EngineError as error:
            self._rests_until = max(self._rests_until, monotonic() + (error.retry_after or 0.0))
            raise
        finally:
            await steps.aclose()

    async def _one(self, offer: Offer, request: Request, index: int) -> AsyncIterator[Step]:
        yield Progress(0.05, "asking")
        with self._as_it_is_paid(worked=False):
            answer = await self._asked(offer, request, index)
        yield Progress(0.95, "fetching")
        with self._as_it_is_paid(worked=True):
            data = await self._picture(answer)
        yield Progress(1.0, "done")
        yield _made(request, index, data, answer, offer)

    @contextmanager
    def _as_it_is_paid(self, *, worked: bool) -> Iterator[None]:
        """What cost nothing may be tried again although its answer was lost; what was made and paid for may not at all."""
        try:
            yield
        except EngineError as error:
            if error.code == lost().code and not self._paid:
                raise EngineError("engine_failed", "The engine's answer was lost.", retryable=True) from error
            if error.retryable and worked and self._paid:
                raise lost() from error
            raise

    async def _asked(self, offer: Offer, request: Request, index: int) -> Answer:
        pictures = [*([request.image] if request.image is not None else []), *request.references]
        told = worded(offer, request, index)
        if pictures:
            form = aiohttp.FormData()
            for key, value in told.items():
                form.add_field(key, value if isinstance(value, str) else orjson.dumps(value).decode())
            named = [(offer.dialect.image_field, f"picture{number}", data) for number, data in enumerate(pictures)]
            if request.mask is not None:
                named.append(("mask", "mask", request.mask))
            for key, name, data in named:
                file_name, content, kind = part(name, data)
                form.add_field(key, content, filename=file_name, content_type=kind)
            answer = await self._remote.post(offer.dialect.edits, form)
        else:
            answer = await self._remote.post(offer.dialect.generations, told)
        if answer.status > 299:
            words = told_to_operators(answer.body, request.prompt, request.negative_prompt)
            log.warning("%s: %d: %s", self.name, answer.status, words)
            raise refusal(answer.status, answer.body, answer.headers)
        return answer

    async def _picture(self, answer: Answer) -> bytes:
        body = answer.body
        found = body.get("data") if isinstance(body, dict) else None
        first = found[0] if isinstance(found, list) and found else None
        if not isinstance(first, dict):
            raise bad_answer("it holds no picture")
        if first.get("b64_json"):
            return await asyncio.to_thread(from_base64, first["b64_json"])
        address = first.get("url")
        if not isinstance(address, str) or not address:
            raise bad_answer("it holds no picture")
        if address.startswith("data:"):
            return await asyncio.to_thread(from_base64, address.partition(",")[2])
        return picture(await self._remote.picture(address))


def worded(offer: Offer, request: Request, index: int) -> dict[str, object]:
    """What goes along besides the pictures, in the server's dialect."""
    dialect, can = offer.dialect, offer.model.capabilities
    width, height = closest(request.width, request.height, can)
    prompt, extra = request.prompt, dict[str, object]()
    found: dict[str, object] = {"model": offer.upstream, "n": 1, "size": f"{width}x{height}", **dialect.parameters}
    seed = seed_of(request.seed, index) % (LARGEST_SEED + 1)
    if dialect.seed == "field":
        found["seed"] = seed
    elif dialect.seed == "sd_cpp":
        extra["seed"] = seed
    if request.negative_prompt is not None:
        if dialect.negative == "field":
            found["negative_prompt"] = request.negative_prompt
        elif dialect.negative == "bar":
            prompt = f"{prompt.replace('|', ' ')}|{request.negative_prompt.replace('|', ' ')}"
        elif dialect.negative == "sd_cpp":
            extra["negative_prompt"] = request.negative_prompt
    if extra or dialect.seed == "sd_cpp":
        # What a person writes must not be read as an instruction of ours.
        prompt = prompt.replace("sd_cpp_extra_args", "sd cpp extra args")
        prompt += f"<sd_cpp_extra_args>{orjson.dumps(extra).decode()}</sd_cpp_extra_args>"
    if dialect.answer != "either":
        found["response_format"] = dialect.answer
    for key, value in (("quality", request.quality), ("background", request.background)):
        if value is not None:
            found[key] = value
    if len(can.output_formats) > 1 and request.output_format in can.output_formats:
        found["output_format"] = request.output_format
    return {"prompt": prompt, **found}


def _made(request: Request, index: int, data: bytes, answer: Answer, offer: Offer) -> Picture:
    width, height = closest(request.width, request.height, offer.model.capabilities)
    seeded = offer.dialect.seed != "none"
    facts: dict[str, object] = {"engine": "compatible", "upstream_model": offer.upstream}
    request_id = answer.headers.get("x-request-id")
    if request_id:
        facts["request_id"] = request_id[:200]
    if seeded:
        facts["seed"] = seed_of(request.seed, index) % (LARGEST_SEED + 1)
    return Picture(
        index,
        data,
        mime_type(data) or "application/octet-stream",
        width,
        height,
        seed_of(request.seed, index),
        facts=facts,
        as_it_came=True,
    )
