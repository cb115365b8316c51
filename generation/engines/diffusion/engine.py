"""Diffusers on model folders of this machine: each model has a child process that holds its weights while they are wanted.

Needs the extra `diffusers` (docs/engines.md). This process imports none of it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

from generation.engine import Capabilities, EngineError, Model, Partial, Picture, Progress, Request, Step
from generation.engines.atelier.frames import BadFrame, Header, packed, receive_from
from generation.engines.outputs import apart
from generation.engines.seed import seed_of
from generation.engines.size import closest
from generation.engines.told import Told

CHILD = "generation.engines.diffusion.child"
ROOT = Path(__file__).parents[3]  # where the package `generation` lies
START_SECONDS = 300.0
STEP_SECONDS = 300.0  # a child that says nothing for so long is given up
PIPE_BYTES = 1 << 24
USUAL = Capabilities(
    min_side=64,
    max_side=1024,
    side_step=8,
    max_count=4,
    supports_edits=True,
    supports_masks=True,
    supports_variations=True,
    supports_seeds=True,
    supports_negative_prompts=True,
    max_partial_images=3,
)
OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DISABLE_TELEMETRY": "1",
}


@dataclass(frozen=True, slots=True)
class Offer:
    """A model: its folder, and the steps and guidance it is asked with."""

    model: Model
    folder: Path
    steps: int
    guidance: float
    qualities: Mapping[str, int]


def engine(told: Told) -> Diffusion:
    """The engine that a table of the engines file describes. Raises BadEngines."""
    if find_spec("diffusers") is None:
        raise told.wrong("kind", "needs what is not installed: pip install '.[diffusers]'")
    offers = []
    for each in told.tables("model"):
        qualities = each.mapping("qualities")
        if not all(isinstance(steps, int) and steps > 0 for steps in qualities.values()):
            raise each.wrong("qualities", "must be a table of names and numbers of steps")
        folder = each.path("folder")
        if not (folder / "model_index.json").is_file():
            raise each.wrong("folder", "is no folder of a diffusers pipeline (it has no model_index.json)")
        model = each.model(USUAL)
        model = replace(model, capabilities=replace(model.capabilities, qualities=tuple(qualities)))
        offers.append(Offer(model, folder, each.number("steps", 25), each.seconds("guidance", 7.0), qualities))
        each.end()
    return Diffusion(told.text("name", "diffusers"), tuple(offers), told.text("device", "cpu"))


class Diffusion:
    """Local pipelines, one at work at a time: the child of the model asked for last stays, with its weights."""

    def __init__(self, name: str, offers: tuple[Offer, ...], device: str) -> None:
        self.name = name
        self.models = tuple(offer.model for offer in offers)
        self._offers = {offer.model.name: offer for offer in offers}
        self._device = device
        self._child: asyncio.subprocess.Process | None = None
        self._holds = ""
        self._turn = asyncio.Lock()
        self._open = False

    @property
    def child_pid(self) -> int | None:
        """The process id of the living child, if there is one."""
        return self._child.pid if self._child is not None and self._child.returncode is None else None

    async def start(self) -> None:
        """Be open; weights are loaded when a job wants them."""
        self._open = True

    async def close(self) -> None:
        """End the child. What is being made ends with EngineError."""
        self._open = False
        await self._end()

    async def available(self) -> bool:
        """Whether it is open."""
        return self._open

    async def generate(self, request: Request) -> AsyncGenerator[Step, None]:
        """The steps of a request, output after output; one that fails does not stop the others. Raises EngineError. Stopped early, it
        ends the child."""
        offer = self._offers.get(request.model)
        if (
            offer is None
            or request.references
            or request.guide is not None
            or request.kind not in ("GENERATE", "EDIT", "VARY")
        ):
            raise EngineError("bad_request", f"{self.name} does no such work with {request.model}.")
        async with self._turn:
            whole = False
            try:
                yield Progress(0.0, "loading")
                child = await self._ready(offer)
                faults: dict[int, EngineError] = {}
                for done, index in enumerate(request.wanted):
                    try:
                        async with contextlib.aclosing(self._one(child, offer, request, index)) as steps:
                            async for step in steps:
                                if isinstance(step, Progress | Partial):
                                    step = replace(step, fraction=(done + step.fraction) / len(request.wanted))
                                yield step
                    except EngineError as error:  # told by a child that goes on
                        faults[index] = error
                whole = True
                told, fault = apart(request, faults, made=len(faults) < len(request.wanted))
                for each in told:
                    yield each
                if fault is not None:
                    raise fault
            except (BadFrame, OSError, EOFError, TimeoutError) as error:
                raise EngineError("engine_failed", "The painter stopped.", retryable=True) from error
            finally:
                if not whole:
                    await self._end()

    async def _one(
        self, child: asyncio.subprocess.Process, offer: Offer, request: Request, index: int
    ) -> AsyncGenerator[Step, None]:
        assert child.stdin is not None
        assert child.stdout is not None
        width, height = closest(request.width, request.height, offer.model.capabilities)
        seed = seed_of(request.seed, index)
        image, mask = request.image or b"", request.mask or b""
        steps = offer.qualities.get(request.quality or "", offer.steps)
        order: Header = {
            "prompt": request.prompt,
            "negative_prompt": request.negative_prompt,
            "seed": seed,
            "width": width,
            "height": height,
            "steps": steps,
            "guidance": offer.guidance,
            "strength": request.strength,
            "image_bytes": len(image),
        }
        child.stdin.write(packed(order, image + mask))
        await child.stdin.drain()
        while True:
            async with asyncio.timeout(STEP_SECONDS):
                header, body = await receive_from(child.stdout)
            kind, share = header.get("kind"), header.get("share")
            if kind == "failed":
                raise EngineError("engine_failed", f"The painter failed: {str(header.get('message')).rstrip('.')}.")
            if kind == "done" and body:
                yield Progress(1.0, "done")
                facts: dict[str, object] = {
                    "engine": "diffusers",
                    "seed": str(seed),
                    "steps": steps,
                    "guidance": offer.guidance,
                }
                yield Picture(index, body, "image/png", width, height, seed, facts=facts)
                return
            if kind != "stage" or not isinstance(share, int | float):
                raise BadFrame(f"unknown frame {kind!r}")
            yield Progress(float(share), "painting")
            if body:
                yield Partial(index, body, "image/webp", float(share), "painting")

    async def _ready(self, offer: Offer) -> asyncio.subprocess.Process:
        """The child that holds this model, started if there is none."""
        if not self._open:
            raise EngineError("engine_closed", "The engine is closed.", retryable=True)
        if self._child is not None and self._child.returncode is None and self._holds == offer.model.name:
            return self._child
        await self._end()
        self._child = child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            CHILD,
            str(offer.folder.resolve()),
            self._device,
            cwd=ROOT,
            env=_environment(),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=PIPE_BYTES,
        )
        self._holds = offer.model.name
        assert child.stdout is not None
        async with asyncio.timeout(START_SECONDS):
            header, _ = await receive_from(child.stdout)
        if header.get("kind") != "ready":
            raise BadFrame("the first frame is not 'ready'")
        return child

    async def _end(self) -> None:
        """Kill the child, whatever it is doing, and wait for its end."""
        child, self._child = self._child, None
        if child is None:
            return
        if child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
        await asyncio.shield(child.communicate())


def _environment() -> dict[str, str]:
    """What the child is told: where its libraries are, and to stay offline. It knows no secret of ours."""
    kept = ("PATH", "LD_LIBRARY_PATH", "HOME", "CUDA_VISIBLE_DEVICES", "OMP_NUM_THREADS", "LANG")
    found = {name: value for name, value in os.environ.items() if name in kept or name.startswith("OPENBLAS")}
    return found | OFFLINE
