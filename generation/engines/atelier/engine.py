"""Atelier as an engine: it keeps one warm child process and turns what the child tells into steps."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path

from generation.engine import Capabilities, EngineError, Model, Partial, Picture, Progress, Request, Step
from generation.engines.atelier.frames import BadFrame, Header, packed, receive_from
from generation.engines.atelier.manner import CODE
from generation.engines.atelier.style import STYLES
from generation.engines.seed import seed_of

CHILD = "generation.engines.atelier.child"
ROOT = Path(__file__).parents[3]  # where the package `generation` lies
START_SECONDS = 60.0  # a child that is not ready by then is given up
STAGE_SECONDS = 60.0  # and one that says nothing for so long while it works
PIPE_BYTES = 1 << 24
MIME_TYPES = {"png": "image/png", "webp": "image/webp", "jpeg": "image/jpeg"}
CAPABILITIES = Capabilities(
    min_side=256,
    max_side=1536,
    side_step=64,
    max_count=4,
    supports_edits=True,
    supports_masks=True,
    supports_guides=True,
    supports_style_codes=True,
    supports_variations=True,
    max_references=16,
    supports_transparent_background=True,
    supports_seeds=True,
    max_partial_images=3,
    output_formats=("png", "webp", "jpeg"),
    styles=tuple(STYLES),
)
WORKSHOP = Capabilities(
    min_side=1,
    max_side=4096,
    side_step=1,
    max_count=1,
    supports_generation=False,
    supports_transparent_background=True,
    supports_background_removal=True,
    upscale_factors=(2, 4),
    output_formats=("png", "webp", "jpeg"),
)
DRAWING, WORKING = "atelier-1", "workshop-1"
CAPABLE = {DRAWING: CAPABILITIES, WORKING: WORKSHOP}
KINDS = {DRAWING: ("GENERATE", "EDIT", "VARY"), WORKING: ("UPSCALE", "REMOVE_BACKGROUND")}
LONGEST_SIDE = 4096  # pixels of a picture that is worked on


class Atelier:
    """The built-in engine: no key, no GPU, no download. Requests wait for each other; cancelling one stops its work."""

    name = "atelier"
    models: tuple[Model, ...] = (Model(DRAWING, CAPABILITIES), Model(WORKING, WORKSHOP))

    def __init__(self) -> None:
        self._child: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()
        self._closed = False
        self._busy = False  # the child was given an order and has not said its last word on it

    @property
    def child_pid(self) -> int | None:
        """The process id of the living child, if there is one."""
        return self._child.pid if self._child is not None and self._child.returncode is None else None

    async def start(self) -> None:
        """Start the child and wait until it is warm. Raises EngineError("engine_failed") if it does not come up."""
        self._closed = False
        async with self._turn:
            await self._ready()

    async def close(self) -> None:
        """End the child. What is being made ends with EngineError."""
        self._closed = True
        await self._end()

    async def available(self) -> bool:
        """Whether a job would be taken now: always, unless closed (a dead child is replaced by the next job)."""
        return not self._closed

    async def generate(self, request: Request) -> AsyncGenerator[Step, None]:
        """The steps of a request, output after output. Raises EngineError: "engine_failed" (retryable) when the child died
        or talked nonsense, "bad_request" when the request is beyond the capabilities."""
        check(request)
        steps: asyncio.Queue[Step | EngineError | None] = asyncio.Queue()
        # The work has a task of its own, so that a reader who stops reading without closing cannot hold up the others.
        work = asyncio.create_task(self._work(request, steps))
        try:
            while (step := await steps.get()) is not None:
                if isinstance(step, EngineError):
                    raise step
                yield step
            await work
        finally:
            work.cancel()
            await asyncio.wait((work,))

    async def _work(self, request: Request, steps: asyncio.Queue[Step | EngineError | None]) -> None:
        """Put the steps of a request into the queue, its error if there is one, then None. Cancelled, it kills a child at work."""
        try:
            async with self._turn:
                try:
                    steps.put_nowait(Progress(0.0, "starting"))
                    child = await self._ready()
                    for done, index in enumerate(request.wanted):
                        async for step in self._one(child, request, index, done, len(request.wanted)):
                            steps.put_nowait(step)
                finally:
                    # Left early (cancelled, failed): the child is in the middle of something and is replaced.
                    if self._busy:
                        await self._end()
        except EngineError as error:
            steps.put_nowait(error)
        except (BadFrame, OSError, EOFError, TimeoutError) as error:
            reason = f"The painter stopped: {error or type(error).__name__}"
            steps.put_nowait(EngineError("engine_failed", reason, retryable=True))
        finally:
            steps.put_nowait(None)

    async def _one(
        self, child: asyncio.subprocess.Process, request: Request, index: int, done: int, total: int
    ) -> AsyncIterator[Step]:
        """The steps of one output."""
        assert child.stdin is not None
        assert child.stdout is not None
        seed = seed_of(request.seed, index)
        pictures = pictures_of(request)
        order: Header = {
            "kind": request.kind,
            "prompt": request.prompt.encode("utf-8", "replace").decode("utf-8"),
            "seed": seed,
            "width": request.width,
            "height": request.height,
            "style": request.style,
            "background": request.background,
            "output_format": request.output_format,
            "previews": CAPABILITIES.max_partial_images,
            "strength": request.strength,
            "scale": request.scale or 1,
            "facts": dict(request.facts),
            "pictures": list(pictures),
        }
        self._busy = True
        child.stdin.write(packed(order))
        for data in pictures.values():
            child.stdin.write(packed({}, data))
            await child.stdin.drain()
        await child.stdin.drain()
        while True:
            async with asyncio.timeout(STAGE_SECONDS):
                header, body = await receive_from(child.stdout)
            kind, phase, share = header.get("kind"), header.get("phase"), header.get("share")
            self._busy = kind == "stage"
            if kind == "refused":
                raise EngineError("bad_input", str(header.get("message")))
            if kind == "failed":
                raise EngineError("engine_failed", f"The painter failed: {header.get('message')}", retryable=True)
            if kind not in ("stage", "done") or not isinstance(phase, str) or not isinstance(share, (int, float)):
                raise BadFrame(f"unknown frame {kind!r}")
            fraction = min(1.0, (done + float(share)) / total)
            if kind == "stage":
                yield Progress(fraction, phase)
                if body:
                    yield Partial(index, body, "image/webp", fraction, phase)
                continue
            alt_text, facts = header.get("alt_text"), header.get("facts")
            if not body or not isinstance(alt_text, str) or not isinstance(facts, dict):
                raise BadFrame("a picture without its words")
            yield Progress(fraction, phase)
            yield Picture(
                index=index,
                data=body,
                mime_type=MIME_TYPES[request.output_format],
                width=request.width,
                height=request.height,
                seed=seed,
                alt_text=alt_text,
                facts=facts,
            )
            return

    async def _ready(self) -> asyncio.subprocess.Process:
        """The warm child, started if there is none."""
        if self._closed:
            raise EngineError("engine_closed", "The engine is closed", retryable=True)
        if self._child is not None and self._child.returncode is None:
            return self._child
        try:
            self._child = child = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                CHILD,
                cwd=ROOT,
                env={name: os.environ[name] for name in ("LD_LIBRARY_PATH", "PATH") if name in os.environ},
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                limit=PIPE_BYTES,
            )
            assert child.stdout is not None
            async with asyncio.timeout(START_SECONDS):
                header, _ = await receive_from(child.stdout)
            if header.get("kind") != "ready":
                raise BadFrame("the first frame is not 'ready'")
        except BaseException as error:
            await self._end()
            if isinstance(error, (BadFrame, OSError, EOFError, TimeoutError)):
                raise EngineError("engine_failed", f"The painter did not start: {error}", retryable=True) from error
            raise
        return child

    async def _end(self) -> None:
        """Kill the child, whatever it is doing, and wait for its end."""
        child, self._child, self._busy = self._child, None, False
        if child is None:
            return
        if child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
        # Draining what it still wrote lets the transport close; the wait ends at once, since it was killed.
        await asyncio.shield(child.communicate())


def pictures_of(request: Request) -> dict[str, bytes]:
    """The encoded pictures of a request by what they are for."""
    single = {"image": request.image, "mask": request.mask, "guide": request.guide}
    found = {name: data for name, data in single.items() if data is not None}
    return found | {f"reference{at}": data for at, data in enumerate(request.references)}


def check(request: Request) -> None:
    """Refuse what lies beyond the capabilities, with EngineError("bad_request")."""
    can = CAPABLE.get(request.model)
    if can is None or request.kind not in KINDS[request.model]:
        raise EngineError("bad_request", f"{request.model} does no such work")
    sides = (request.width, request.height)
    if request.kind == "GENERATE":
        fit = all(can.min_side <= side <= can.max_side and side % can.side_step == 0 for side in sides)
    else:
        fit = all(1 <= side <= LONGEST_SIDE for side in sides)
    if not fit:
        raise EngineError(
            "bad_request", f"Sides are {can.min_side} to {can.max_side} pixels in steps of {can.side_step}"
        )
    if request.output_format not in can.output_formats:
        raise EngineError("bad_request", f"Formats are {', '.join(can.output_formats)}")
    if request.style is not None and request.style not in can.styles and not CODE.fullmatch(request.style):
        raise EngineError("bad_request", f"Styles are {', '.join(can.styles)}, or a style code")
    if not 1 <= request.count <= can.max_count or any(not 0 <= index < request.count for index in request.wanted):
        raise EngineError("bad_request", f"Between 1 and {can.max_count} pictures can be made at once")
    if (request.image is None) != (request.kind == "GENERATE"):
        raise EngineError(
            "bad_request", "A picture is worked on exactly when it is edited, varied, enlarged or cut out"
        )
    if len(request.references) > can.max_references:
        raise EngineError("bad_request", f"At most {can.max_references} references are taken")
    if request.strength is not None and not 0 <= request.strength <= 1:
        raise EngineError("bad_request", "A strength lies between 0 and 1")
    if request.kind == "UPSCALE" and request.scale not in can.upscale_factors:
        raise EngineError("bad_request", "A picture becomes 2 or 4 times as wide and high")
