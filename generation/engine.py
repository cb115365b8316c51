"""What an engine is: the protocol every maker of pictures fills, and the table of those this process runs.

An engine is told a `Request` and answers with a stream of `Progress`, `Partial` and `Picture`, in any order, until one
`Picture` per wanted output has come (or `EngineError` is raised). Bytes are encoded pictures; nothing is stored here: the
worker does that. An engine never blocks the event loop: heavy work happens in a child process or in a thread.
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
    output_formats: tuple[str, ...] = ("png",)
    styles: tuple[str, ...] = ()


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

    `references` and `mask` are encoded pictures (edits); `image` is the picture to edit. `only` names the output indexes
    that are still wanted (a retry after a crash does not make again what is already kept).
    """

    prompt: str
    model: str
    width: int
    height: int
    count: int
    seed: int
    style: str | None = None
    background: str | None = None  # "opaque" or "transparent"
    quality: str | None = None
    output_format: str = "png"
    image: bytes | None = None
    mask: bytes | None = None
    references: Sequence[bytes] = ()
    only: Sequence[int] | None = None
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def wanted(self) -> tuple[int, ...]:
        """The output indexes to make, in order."""
        return tuple(range(self.count)) if self.only is None else tuple(self.only)


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
    """A finished output. `alt_text` is a proposal; `facts` says how it was made (engine's own words, JSON-able)."""

    index: int
    data: bytes
    mime_type: str
    width: int
    height: int
    seed: int
    alt_text: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)


Step = Progress | Partial | Picture


class EngineError(Exception):
    """The engine could not make it. `retryable`: another attempt may work. `code` is lower case with underscores."""

    def __init__(self, code: str, message: str, *, retryable: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.retryable = retryable


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
