"""Engines as the API sees them: what workers wrote of themselves, with a heartbeat."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from asyncpg import Record
from tortoise import fields as columns
from tortoise.models import Model

from models.database import fetch

HEARTBEAT_SECONDS = 10
STALE_SECONDS = 45


class EngineRow(Model):
    """One engine, as the last worker that runs it described it. `models` is a list of descriptors."""

    name = columns.CharField(max_length=40, primary_key=True)
    models = columns.JSONField[list[dict[str, object]]](default=list)
    available = columns.BooleanField(default=False)
    heard_at = columns.DatetimeField(auto_now_add=True)

    class Meta:
        table = "engines"


@dataclass(frozen=True, slots=True)
class KnownCapabilities:
    """What a model can do, read from its descriptor. Sides are pixels; a side is a multiple of `side_step`."""

    min_side: int = 0
    max_side: int = 0
    side_step: int = 1
    max_count: int = 0
    supports_edits: bool = False
    supports_masks: bool = False
    max_references: int = 0
    supports_transparent_background: bool = False
    supports_seeds: bool = False
    max_partial_images: int = 0
    max_running: int = 0  # jobs at once, by all workers together; 0 is no bound
    lease_factor: float = 1.0
    output_formats: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    qualities: tuple[str, ...] = ()
    supports_generation: bool = True
    supports_variations: bool = False
    supports_guides: bool = False
    supports_style_codes: bool = False
    supports_negative_prompts: bool = False
    supports_background_removal: bool = False
    upscale_factors: tuple[int, ...] = ()
    max_pixels: int = 0  # of one picture; 0 is no bound but that of the sides
    max_aspect: float = 0  # longer side by shorter; 0 is no bound
    sizes: tuple[str, ...] = ()  # "WIDTHxHEIGHT", the only ones there are; empty: all within the bounds
    credits_per_picture: int = 1


@dataclass(frozen=True, slots=True)
class KnownModel:
    """One model of an engine. One that its engine no longer has can do nothing."""

    name: str
    capabilities: KnownCapabilities = KnownCapabilities()
    default_width: int = 0
    default_height: int = 0


@dataclass(frozen=True, slots=True)
class KnownEngine:
    """One engine that was ever heard of; the first of its models is its default.

    `reason` says why it is not available, None while it is; `rests_until` is when it is tried again, where that is known.
    """

    name: str
    available: bool
    models: tuple[KnownModel, ...]
    reason: str | None = None
    rests_until: datetime | None = None

    def model(self, name: str) -> KnownModel | None:
        """Its model of this name."""
        return next((model for model in self.models if model.name == name), None)


async def announce(name: str, models: Sequence[Mapping[str, object]], available: bool) -> None:
    """Write down what an engine can do and that it lives, by the database's clock.

    A descriptor has `name`, `default_width`, `default_height` and `capabilities` (the fields of `KnownCapabilities`).
    """
    await fetch(
        "INSERT INTO engines (name, models, available, heard_at) VALUES ($1, $2::jsonb, $3, now())"
        " ON CONFLICT (name) DO UPDATE SET models = excluded.models, available = excluded.available, heard_at = now()",
        name,
        list(models),
        available,
    )


async def known() -> Sequence[KnownEngine]:
    """Every engine ever heard of, by name; available only while a worker tells so and its circuit is not open."""
    rows = await fetch(
        """SELECT e.name, e.models, e.available, e.heard_at > now() - make_interval(secs => $1) AS heard,
            (SELECT c.opened_until FROM engine_circuits c WHERE c.engine = e.name AND c.state = 'OPEN'
                AND c.opened_until > now()) AS rests_until
        FROM engines e ORDER BY e.name""",
        float(STALE_SECONDS),
    )
    found = []
    for row in rows:
        reason = _reason(row)
        found.append(
            KnownEngine(row["name"], reason is None, tuple(map(_model, row["models"])), reason, row["rests_until"])
        )
    return found


def _reason(row: Record) -> str | None:
    if not row["heard"]:
        return "No worker runs this engine now."
    if row["rests_until"] is not None:
        return "This engine failed too often, or asked to be left alone. It is tried again in a while."
    return None if row["available"] else "This engine takes no work now."


def made_with(engines: Iterable[KnownEngine], engine: str, model: str) -> tuple[KnownEngine, KnownModel]:
    """The engine and model of a job as they are now; what is gone since is there by name and can do nothing."""
    found = next((known for known in engines if known.name == engine), KnownEngine(engine, False, ()))
    return found, found.model(model) or KnownModel(model)


_CAPABILITIES = {field.name: field.default for field in fields(KnownCapabilities)}


def _model(told: Mapping[str, Any]) -> KnownModel:
    """A descriptor as it was written, by a worker that may be older or newer than this process."""
    capabilities: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in told["capabilities"].items()
        if name in _CAPABILITIES
    }
    return KnownModel(
        told["name"], KnownCapabilities(**capabilities), int(told["default_width"]), int(told["default_height"])
    )
