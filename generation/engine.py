"""What an engine is: the protocol every maker of pictures fills, and the table of those this process runs.

An engine is told a `Request` and answers with a stream of `Started`, `Progress`, `Partial` and, in any order, one `Picture`,
`Refused` or `Failed` per wanted output (or `EngineError` is raised, which speaks for all that have not come yet). Bytes are
encoded pictures; nothing is stored here: the worker does that. An engine never blocks the event loop: heavy work happens in
a child process or in a thread.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a model can do; the API and the studio obey it. Sides are pixels; a side is a multiple of `side_step`."""

    min_side: int
    max_side: int
    side_step: int
    max_count: int
    supports_edits: bool = False
    supports_masks: bool = False
    max_references: int = 0
    supports_transparent_background: bool = False
    supports_seeds: bool = False
    max_partial_images: int = 0
    max_running: int = 0  # jobs of this model at once, by all workers together; 0 is no bound
    lease_factor: float = 1.0  # how long a megapixel takes, compared with others: a slow model is waited for longer
    output_formats: tuple[str, ...] = ("png",)
    styles: tuple[str, ...] = ()
    qualities: tuple[str, ...] = ()
    supports_generation: bool = True
    supports_variations: bool = False
    supports_guides: bool = False
    supports_style_codes: bool = False  # `style` may be one: see `generation/engines/atelier/manner.py`
    supports_negative_prompts: bool = False
    supports_background_removal: bool = False
    upscale_factors: tuple[int, ...] = ()
    max_pixels: int = 0  # of one picture; 0 is no bound but that of the sides
    max_aspect: float = 0  # longer side by shorter; 0 is no bound
    sizes: tuple[str, ...] = ()  # "WIDTHxHEIGHT", the only ones there are; empty: all within the bounds
    credits_per_picture: int = 1


@dataclass(frozen=True, slots=True)
class Model:
    """One model of an engine. The first model of an engine is its default."""

    name: str
    capabilities: Capabilities
    default_width: int = 1024
    default_height: int = 1024


@dataclass(frozen=True, slots=True)
class Request:
    """One job as an engine sees it. `seed` is 0 … 2**63-1 and decides everything random; output i uses (seed, i).

    `kind` is a value of `models.job.JobKind`. `image` is the picture to work on, `mask` is as large and transparent where
    it may change, `guide` is a transparent picture drawn over it, `references` are pictures to learn from: all encoded.
    `facts` says how `image` was made, in the words of the engine that made it (`Picture.facts`); empty for uploads. `strength`
    0 keeps the image, 1 forgets it; `scale` is how many times as wide and high an upscaled picture is. `only` names the
    output indexes that are still wanted (a retry after a crash does not make again what is already kept). `job` is this
    job's UUID-like name for outside engines, the same at each attempt; `person` names its owner to outside engines without
    telling who it is; `upstream_id` is what `Started` told at an earlier attempt.
    """

    prompt: str
    model: str
    width: int
    height: int
    count: int
    seed: int
    kind: str = "GENERATE"
    style: str | None = None
    background: str | None = None  # "opaque" or "transparent"
    quality: str | None = None
    output_format: str = "png"
    negative_prompt: str | None = None
    strength: float | None = None
    scale: int | None = None
    image: bytes | None = None
    mask: bytes | None = None
    guide: bytes | None = None
    references: Sequence[bytes] = ()
    facts: Mapping[str, object] = field(default_factory=dict)
    job: str = ""
    person: str = ""
    upstream_id: str | None = None
    only: Sequence[int] | None = None
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def wanted(self) -> tuple[int, ...]:
        """The output indexes to make, in order."""
        return tuple(range(self.count)) if self.only is None else tuple(self.only)


@dataclass(frozen=True, slots=True)
class Started:
    """An outside engine may have taken the work: said before waiting for it, with a name to find it by at a later attempt.

    `resumable`: a later attempt that is given this `upstream_id` asks for the work and does not start it again. Where that is
    False and the worker is lost, the job ends: nobody knows whether the work was done, and nothing is paid for twice.
    """

    upstream_id: str
    resumable: bool = True


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the whole request is: `fraction` 0 … 1 (never falling), `phase` one lower-case word."""

    fraction: float
    phase: str


@dataclass(frozen=True, slots=True)
class Partial:
    """A preview of output `index`: a small encoded picture (WebP, longest side at most 512 px)."""

    index: int
    data: bytes
    mime_type: str
    fraction: float
    phase: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A finished output. `alt_text` is a proposal; `facts` says how it was made (engine's own words, JSON-able).

    `as_it_came`: the bytes may carry a signed statement of the engine's (C2PA), so they are kept beside what is shown.
    """

    index: int
    data: bytes
    mime_type: str
    width: int
    height: int
    seed: int
    alt_text: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)
    as_it_came: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """Output `index` is not made because of what it shows or asks for; the others may be. It costs its owner nothing.

    `code` and `message` as in `EngineError`; `stage` is "input" or "output" where the engine tells, `categories` its own words.
    """

    index: int
    code: str = "content_blocked"
    message: str = "The engine refused to make this picture."
    stage: str | None = None
    categories: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Failed:
    """Output `index` could not be made; the others may be. `retryable`: another attempt at the job makes it again."""

    index: int
    code: str
    message: str
    retryable: bool = False


BLOCKED_CODES = frozenset({"content_blocked", "moderation_blocked"})
"""Codes by which an engine, or its safety check, refuses what is shown or asked for."""

Step = Started | Progress | Partial | Picture | Refused | Failed


class EngineError(Exception):
    """The engine could not make it. `code` is lower case with underscores, `message` a sentence for the job's owner.

    `retryable`: another attempt may work, and costs nothing twice. `retry_after`: seconds before which none will. `stage`
    ("input" or "output") and `categories` say what was found objectionable, where an engine tells.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        retryable: bool = False,
        retry_after: float | None = None,
        stage: str | None = None,
        categories: Sequence[str] = (),
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.retryable = retryable
        self.retry_after = retry_after
        self.stage = stage
        self.categories = tuple(categories)


class Engine(Protocol):
    """A maker of pictures. `generate` may be cancelled at any await and then stops working at once."""

    name: str
    models: tuple[Model, ...]

    async def start(self) -> None:
        """Make ready (load weights, open clients). Called once."""

    async def close(self) -> None:
        """Let go of everything, children included."""

    async def available(self) -> bool:
        """Whether a job would be taken now."""

    def generate(self, request: Request) -> AsyncIterator[Step]:
        """Make the wanted pictures, telling how it goes."""
