"""Engines as the API sees them: what workers wrote of themselves, with a heartbeat."""

from __future__ import annotations

from collections.abc import Sequence

from asyncpg import Record
from tortoise import fields
from tortoise.models import Model

from models.database import fetch

HEARTBEAT_SECONDS = 10
STALE_SECONDS = 45


class EngineRow(Model):
    """One engine, as the last worker that runs it described it. `models` is a list of descriptors."""

    name = fields.CharField(max_length=40, primary_key=True)
    models = fields.JSONField[list[dict[str, object]]](default=list)
    available = fields.BooleanField(default=False)
    heard_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "engines"


async def announce(name: str, models: Sequence[dict[str, object]], available: bool) -> None:
    """Write down what an engine can do and that it lives, by the database's clock."""
    await fetch(
        "INSERT INTO engines (name, models, available, heard_at) VALUES ($1, $2::jsonb, $3, now())"
        " ON CONFLICT (name) DO UPDATE SET models = excluded.models, available = excluded.available, heard_at = now()",
        name,
        list(models),
        available,
    )


async def known() -> Sequence[Record]:
    """Every engine ever heard of (name, models, available): available only while a worker tells so."""
    return await fetch(
        "SELECT name, models, available AND heard_at > now() - make_interval(secs => $1) AS available"
        " FROM engines ORDER BY name",
        float(STALE_SECONDS),
    )
