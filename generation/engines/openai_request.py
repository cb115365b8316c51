"""How one picture is asked for at OpenAI's Images API: generations from words, edits from pictures, streamed or whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openai import AsyncOpenAI, AsyncStream, omit
from openai.types import ImageEditStreamEvent, ImageGenStreamEvent, ImagesResponse

from generation.engine import Model, Request
from generation.engines.encoded import part
from generation.engines.size import closest

VARIATION = "Make a variation of this picture: the same subject and manner, composed anew."
SEE_THROUGH_FORMATS = ("png", "webp")
REQUEST_NAME = "X-Client-Request-Id"
Events = AsyncStream[ImageGenStreamEvent] | AsyncStream[ImageEditStreamEvent]
Part = tuple[str, bytes, str]


@dataclass(frozen=True, slots=True)
class Offer:
    """A model as it is offered here, and as it is asked for there: its name, and parameters that always go along."""

    model: Model
    upstream: str
    parameters: Mapping[str, object]


async def streamed(client: AsyncOpenAI, offer: Offer, request: Request, name: str) -> Events:
    """Ask for one picture with its partials; `name` is ours for this request."""
    pictures, partials = given(request), offer.model.capabilities.max_partial_images
    if not pictures:
        return await client.images.generate(
            prompt=request.prompt,
            model=offer.upstream,
            n=1,
            stream=True,
            partial_images=partials,
            extra_body=parameters(offer, request),
            extra_headers={REQUEST_NAME: name},
        )
    return await client.images.edit(
        prompt=request.prompt or VARIATION,
        model=offer.upstream,
        n=1,
        image=pictures,
        mask=_overlay("mask", request.mask) or omit,
        markup=_overlay("markup", request.guide) or omit,
        stream=True,
        partial_images=partials,
        extra_body=parameters(offer, request),
        extra_headers={REQUEST_NAME: name},
    )


async def whole(client: AsyncOpenAI, offer: Offer, request: Request, name: str) -> ImagesResponse:
    """Ask for one picture and wait for it."""
    pictures = given(request)
    if not pictures:
        return await client.images.generate(
            prompt=request.prompt,
            model=offer.upstream,
            n=1,
            extra_body=parameters(offer, request),
            extra_headers={REQUEST_NAME: name},
        )
    return await client.images.edit(
        prompt=request.prompt or VARIATION,
        model=offer.upstream,
        n=1,
        image=pictures,
        mask=_overlay("mask", request.mask) or omit,
        markup=_overlay("markup", request.guide) or omit,
        extra_body=parameters(offer, request),
        extra_headers={REQUEST_NAME: name},
    )


def parameters(offer: Offer, request: Request) -> dict[str, object]:
    """What goes along besides prompt, model and pictures. The person is named by a keyed hash, never by an id of ours."""
    can = offer.model.capabilities
    width, height = closest(request.width, request.height, can)
    found: dict[str, object] = {"size": f"{width}x{height}", **offer.parameters}
    kind = request.output_format
    if request.background is not None:
        found["background"] = request.background
        if request.background == "transparent" and kind not in SEE_THROUGH_FORMATS:
            kind = SEE_THROUGH_FORMATS[0]
    if kind in can.output_formats:
        found["output_format"] = kind
    if request.quality is not None:
        found["quality"] = request.quality
    if request.person:
        found["safety_identifier"] = request.person
    return found


def given(request: Request) -> list[Part]:
    """The pictures of an edit: first the one to work on."""
    pictures = [*([request.image] if request.image is not None else []), *request.references]
    return [part(f"picture{number}", data) for number, data in enumerate(pictures)]


def _overlay(name: str, data: bytes | None) -> Part | None:
    return None if data is None else part(name, data)
