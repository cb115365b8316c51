"""ComfyUI: an operator's workflows make the pictures, one at a time, under names that a later attempt finds again.

The work's id at the server is made out of the job's, so a worker that takes over asks for what is already under way instead
of handing it in again. What the socket tells makes it lively; what is true is asked for.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from time import monotonic

from generation.engine import Capabilities, EngineError, Model, Partial, Picture, Progress, Request, Step
from generation.engines.comfyui.listening import Ear, Message
from generation.engines.comfyui.progress import NodeProgress
from generation.engines.comfyui.server import ComfyServer, Standing, State, failed
from generation.engines.comfyui.work import Works
from generation.engines.comfyui.workflow import Workflow, workflow
from generation.engines.encoded import mime_type
from generation.engines.outputs import apart
from generation.engines.preview import preview
from generation.engines.refusal import lost
from generation.engines.remote import Remote
from generation.engines.seed import seed_of
from generation.engines.size import closest
from generation.engines.told import Told

TIMEOUT_SECONDS = 120.0  # of one request; the work itself takes as long as the job may
HEALTH_EVERY_SECONDS = 10.0
LOOK_SECONDS = 5.0  # while the socket tells
POLL_SECONDS = 1.0  # while it does not
SOON_SECONDS = 0.2  # after the socket told of an end
SECONDS_BETWEEN_PREVIEWS = 0.5
PATIENCE_SECONDS = 60.0  # with a server that is away, once it has work of ours
PREVIEWS = 20
KINDS = {
    "generate": "GENERATE",
    "edit": "EDIT",
    "vary": "VARY",
    "upscale": "UPSCALE",
    "remove_background": "REMOVE_BACKGROUND",
}
USUAL = Capabilities(min_side=256, max_side=2048, side_step=8, max_count=4, max_pixels=2048 * 2048)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Offer:
    """A model: its workflows by the kind of job, and the steps of each quality."""

    model: Model
    workflows: Mapping[str, Workflow]
    steps: Mapping[str, int]


def engine(told: Told) -> ComfyUI:
    """The engine that a table of the engines file describes. Raises BadEngines."""
    remote = Remote(
        told.address("base_url"), told.key("key", needed=False), told.seconds("timeout_seconds", TIMEOUT_SECONDS)
    )
    previews = told.flag("previews", True)
    return ComfyUI(told.text("name", "comfyui"), tuple(_offer(each, previews) for each in told.tables("model")), remote)


def _offer(told: Told, previews: bool) -> Offer:
    flows = {kind: workflow(table) for key, kind in KINDS.items() if (table := told.table(key)) is not None}
    if not flows:
        raise told.wrong("generate", f"is missing: a model has at least one of {', '.join(KINDS)}")
    steps = told.mapping("qualities")
    if not all(isinstance(number, int) and number > 0 for number in steps.values()):
        raise told.wrong("qualities", "must be a table of names and numbers of steps")
    factors = told.numbers("upscale_factors")
    model = told.model(USUAL)
    told.end()
    can = replace(
        model.capabilities,
        supports_generation="GENERATE" in flows,
        supports_edits="EDIT" in flows,
        supports_masks="EDIT" in flows and "mask" in flows["EDIT"].places,
        supports_variations="VARY" in flows,
        supports_background_removal="REMOVE_BACKGROUND" in flows,
        upscale_factors=(factors or (2,)) if "UPSCALE" in flows else (),
        supports_seeds=all(
            "seed" in flow.places for kind, flow in flows.items() if kind in ("GENERATE", "EDIT", "VARY")
        ),
        supports_negative_prompts="GENERATE" in flows and "negative_prompt" in flows["GENERATE"].places,
        supports_guides=False,
        max_references=0,
        max_partial_images=PREVIEWS if previews else 0,
        qualities=tuple(steps),
    )
    return Offer(replace(model, capabilities=can), flows, steps)


class ComfyUI:
    """A ComfyUI server with workflows. It is available while it answers."""

    def __init__(self, name: str, offers: tuple[Offer, ...], remote: Remote) -> None:
        self.name = name
        self.models = tuple(offer.model for offer in offers)
        self._offers = {offer.model.name: offer for offer in offers}
        self._remote = remote
        self._server = ComfyServer(remote)
        self._healthy = False
        self._looking: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Open the client and look whether the server is there, now and from time to time. It need not be."""
        await self._remote.open()
        self._healthy = await self._server.healthy()
        self._looking = asyncio.create_task(self._look(), name=f"look after {self.name}")

    async def close(self) -> None:
        """Close the client; what is under way ends."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.wait((self._looking,))
        self._healthy = False
        await self._remote.close()

    async def available(self) -> bool:
        """Whether the server answered when it was last looked at."""
        return self._healthy

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(HEALTH_EVERY_SECONDS)
            self._healthy = await self._server.healthy()

    async def generate(self, request: Request) -> AsyncGenerator[Step, None]:
        """The steps of a request, output after output; one that fails for good does not stop the others. Raises EngineError."""
        offer = self._offers.get(request.model)
        flow = offer.workflows.get(request.kind) if offer is not None else None
        if offer is None or flow is None:
            raise EngineError("bad_request", f"{self.name} does no such work with {request.model}.")
        works = Works(request)
        faults: dict[int, EngineError] = {}
        made = False
        for done, index in enumerate(request.wanted):
            async with aclosing(self._one(offer, flow, request, index, works)) as steps:
                try:
                    async for step in steps:
                        if isinstance(step, Progress | Partial):
                            step = replace(step, fraction=(done + step.fraction) / len(request.wanted))
                        made = made or isinstance(step, Picture)
                        yield step
                except EngineError as error:
                    faults[index] = error
                    if error.code == lost().code:
                        # Whatever became of it, another attempt finds it under its name.
                        faults[index] = EngineError("engine_failed", "The engine's answer was lost.", retryable=True)
            if index in faults and faults[index].retryable:
                break  # what ails it now would ail the others, too
        told, fault = apart(request, faults, made=made)
        for each in told:
            yield each
        if fault is not None:
            raise fault

    async def _one(
        self, offer: Offer, flow: Workflow, request: Request, index: int, works: Works
    ) -> AsyncGenerator[Step, None]:
        state = await self._server.state(works.name(index)) if works.known(index) else None
        if state is not None and state.standing in (Standing.FAILED, Standing.CANCELLED):
            works.anew(index)
            state = None
        yield works.begun(index)
        yield Progress(0.0, "waiting")
        client = works.client(index)
        over = state is not None and state.standing is Standing.DONE
        try:
            async with Ear(self._remote, client) as ear:
                if state is None:
                    graph = flow.filled(await self._values(offer, request, index))
                    given = await self._server.submit(graph, works.name(index), client)
                    if given != works.name(index):
                        yield works.called(index, given)
                if not over:
                    nodes = NodeProgress(tuple(flow.graph))
                    async with aclosing(self._waited(ear, works.name(index), index, nodes)) as steps:
                        async for step in steps:
                            if isinstance(step, State):
                                state = step
                            else:
                                yield step
            over = True
        except EngineError:
            over = True  # it has ended there too, or is not there at all
            raise
        finally:
            if not over:
                await self._server.cancel(works.name(index), client)
        assert state is not None
        yield Progress(1.0, "fetching")
        data = await self._server.picture(state.outputs, flow.output)
        yield self._picture(request, index, data, works.name(index), offer)

    async def _waited(
        self, ear: Ear, name: str, index: int, nodes: NodeProgress
    ) -> AsyncGenerator[Progress | Partial | State, None]:
        """Steps until the work is over, then its state. Raises EngineError when it failed, or is not known any more."""
        phase, shown_at, asked_at, heard_at = "waiting", -SECONDS_BETWEEN_PREVIEWS, monotonic(), monotonic()
        wait, unknown = LOOK_SECONDS, 0
        while True:
            pause = min(wait, LOOK_SECONDS if ear.hears else POLL_SECONDS)
            heard = ear.hears
            message = await ear.next(max(0.01, asked_at + pause - monotonic()))
            if ear.hears != heard:  # what was said meanwhile was not heard
                asked_at = -math.inf
            if message is not None and message.told.get("prompt_id", name) == name:
                if message.kind == "preview":
                    if monotonic() - shown_at >= SECONDS_BETWEEN_PREVIEWS:
                        small = await preview(index, message.data, nodes.fraction, phase)
                        shown_at = monotonic()
                        if small is not None:
                            yield small
                elif nodes.hear(message.kind, message.told):
                    phase = "painting"
                    yield Progress(nodes.fraction, phase)
                wait = _wait_after(message, wait)
            if monotonic() < asked_at + min(wait, LOOK_SECONDS if ear.hears else POLL_SECONDS):
                continue
            asked_at = monotonic()
            try:
                state = await self._server.state(name)
                heard_at = monotonic()
            except EngineError as error:
                if monotonic() - heard_at < PATIENCE_SECONDS:
                    continue
                raise EngineError("engine_gone", "The engine went away with the work.", retryable=True) from error
            unknown = unknown + 1 if state is None else 0
            if unknown > 1:  # once may be the moment between queue and history
                raise EngineError("engine_forgot", "The engine was started anew and forgot the work.", retryable=True)
            if state is None or state.standing is Standing.PENDING:
                continue
            if state.standing is Standing.FAILED:
                raise failed(state.error)
            if state.standing is Standing.CANCELLED:
                raise EngineError("engine_interrupted", "Somebody stopped the work at the engine.", retryable=True)
            if state.standing is Standing.DONE:
                yield state
                return

    async def _values(self, offer: Offer, request: Request, index: int) -> dict[str, object]:
        """What goes into the workflow's places; pictures are put into the server's input folder first."""
        width, height = closest(request.width, request.height, offer.model.capabilities)
        return {
            "prompt": request.prompt,
            "negative_prompt": request.negative_prompt or "",
            "seed": seed_of(request.seed, index),
            "width": width,
            "height": height,
            "steps": offer.steps.get(request.quality or ""),
            "strength": request.strength,
            "scale": request.scale,
            "image": None if request.image is None else await self._server.upload(request.image),
            "mask": None if request.mask is None else await self._server.upload(request.mask),
        }

    def _picture(self, request: Request, index: int, data: bytes, name: str, offer: Offer) -> Picture:
        width, height = closest(request.width, request.height, offer.model.capabilities)
        seed = seed_of(request.seed, index)
        facts: dict[str, object] = {"engine": "comfyui", "prompt_id": name, "seed": str(seed)}
        return Picture(index, data, mime_type(data) or "application/octet-stream", width, height, seed, facts=facts)


def _wait_after(message: Message, wait: float) -> float:
    """How long to go on before the server is asked: not long once it told of an end."""
    ended = message.kind in ("execution_success", "execution_error", "execution_interrupted")
    return SOON_SECONDS if ended or (message.kind == "executing" and message.told.get("node") is None) else wait
