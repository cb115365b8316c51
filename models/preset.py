"""Presets: settings and a prompt template under a name. Their owner's alone, or for whoever has the code; others never change
them, and one that is no longer shared is there for its owner only."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from asyncpg import Record

from errors import BadInput, NotFound, QuotaExceeded
from models import facet, naming, node_id
from models.database import fetch, fetch_one, fetch_value
from models.style_code import lost
from models.timeline import Window
from models.wish import LONGEST_PROMPT_BYTES, LONGEST_PROMPT_GRAPHEMES

MOST_PRESETS = 100
LONGEST_NAME = 60
LONGEST_VALUE = 1_000
CODE_CHARACTERS = 12  # 60 bits: nobody finds one by trying

STYLE = "(settings ->> 'STYLE')"
LOST = f"{lost('$2', STYLE)} AS lost"  # for viewer $2
USABLE = "(owner_id = $2 OR shared AND NOT EXISTS (SELECT 1 FROM users u WHERE u.id = owner_id AND u.gone))"


class PresetSettingName(Enum):
    """What a preset may settle: a field of what is asked for."""

    ENGINE = "ENGINE"
    MODEL = "MODEL"
    WIDTH = "WIDTH"
    HEIGHT = "HEIGHT"
    COUNT = "COUNT"
    SEED = "SEED"
    STYLE = "STYLE"
    BACKGROUND = "BACKGROUND"
    QUALITY = "QUALITY"
    OUTPUT_FORMAT = "OUTPUT_FORMAT"
    NEGATIVE_PROMPT = "NEGATIVE_PROMPT"
    STRENGTH = "STRENGTH"


Settings = Mapping[PresetSettingName, str]


@dataclass(frozen=True, slots=True)
class PresetSettingRow:
    """One thing that is settled."""

    name: PresetSettingName
    value: str


@dataclass(frozen=True, slots=True)
class PresetRow:
    """A preset as somebody sees it who may."""

    id: int
    code: str
    name: str
    template: str
    settings: Sequence[PresetSettingRow]
    is_shared: bool
    style_is_lost: bool
    viewer_can_edit: bool
    created_at: datetime

    @property
    def gid(self) -> str:
        """The global id."""
        return node_id.encode("preset", self.id)


def _row(row: Record, viewer_id: int) -> PresetRow:
    settled = [PresetSettingRow(PresetSettingName(name), value) for name, value in row["settings"].items()]
    own = row["owner_id"] == viewer_id
    return PresetRow(
        row["id"],
        row["code"],
        row["name"],
        row["template"],
        settled,
        row["shared"],
        row["lost"],
        own,
        row["created_at"],
    )


async def preset_of(viewer_id: int, preset_id: int) -> PresetRow | None:
    """A preset by its number, for whom it is there."""
    row = await fetch_one(f"SELECT *, {LOST} FROM presets WHERE id = $1 AND {USABLE}", preset_id, viewer_id)
    return None if row is None else _row(row, viewer_id)


async def preset_by(viewer_id: int, code: str) -> PresetRow | None:
    """A preset by its code, for whom it is there."""
    if len(code) != CODE_CHARACTERS or set(code) - set(node_id.ALPHABET):
        return None
    row = await fetch_one(f"SELECT *, {LOST} FROM presets WHERE code = $1 AND {USABLE}", code, viewer_id)
    return None if row is None else _row(row, viewer_id)


async def presets_of(owner_id: int, window: Window) -> list[PresetRow]:
    """A person's own presets in a window, newest first."""
    rows = await fetch(
        f"SELECT *, {lost('$1', STYLE)} AS lost FROM presets WHERE owner_id = $1 AND id < $2 AND id > $3 ORDER BY id {window.direction} LIMIT $4",
        owner_id,
        window.older_than,
        window.newer_than,
        window.limit,
    )
    return sorted((_row(row, owner_id) for row in rows), key=lambda row: row.id, reverse=True)


async def create(owner_id: int, name: str, template: str, settings: Settings, *, shared: bool) -> int:
    """Keep a preset; gives its id. The caller holds the transaction. Raises BadInput, QuotaExceeded."""
    # Two at once count each other only when the second counts after the first has committed.
    await fetch("SELECT pg_advisory_xact_lock(hashtextextended('presets of ' || $1::bigint, 0))", owner_id)
    if await fetch_value("SELECT count(*) FROM presets WHERE owner_id = $1", owner_id) >= MOST_PRESETS:
        raise QuotaExceeded(f"You have {MOST_PRESETS} presets; delete one to keep another.")
    number: int = await fetch_value(
        "INSERT INTO presets (owner_id, code, name, template, settings, shared) VALUES ($1, $2, $3, $4, $5::jsonb, $6)"
        " RETURNING id",
        owner_id,
        "".join(secrets.choice(node_id.ALPHABET) for _ in range(CODE_CHARACTERS)),
        naming.name(name, LONGEST_NAME),
        _template(template),
        _settings(settings),
        shared,
    )
    return number


async def change(
    owner_id: int,
    preset_id: int,
    *,
    name: str | None = None,
    template: str | None = None,
    settings: Settings | None = None,
    shared: bool | None = None,
) -> None:
    """Change one's own preset; None stays as it is. Raises NotFound, BadInput."""
    row = await fetch_one(
        """UPDATE presets SET name = coalesce($3, name), template = coalesce($4, template),
            settings = coalesce($5::jsonb, settings), shared = coalesce($6, shared)
        WHERE id = $1 AND owner_id = $2 RETURNING id""",
        preset_id,
        owner_id,
        None if name is None else naming.name(name, LONGEST_NAME),
        None if template is None else _template(template),
        None if settings is None else _settings(settings),
        shared,
    )
    if row is None:
        raise NotFound("There is no such preset of yours.", ["presetId"])


async def delete(owner_id: int, preset_id: int) -> None:
    """Delete one's own preset: nobody finds it any more. Raises NotFound."""
    row = await fetch_one("DELETE FROM presets WHERE id = $1 AND owner_id = $2 RETURNING id", preset_id, owner_id)
    if row is None:
        raise NotFound("There is no such preset of yours.", ["presetId"])


def _template(text: str) -> str:
    kept = facet.kept(text, LONGEST_PROMPT_GRAPHEMES, LONGEST_PROMPT_BYTES)
    if kept is None:
        raise BadInput(f"A template has at most {LONGEST_PROMPT_GRAPHEMES:,} characters.", ["template"])
    return kept


def _settings(settings: Settings) -> dict[str, str]:
    found = {}
    for name, value in settings.items():
        kept = facet.kept(value, LONGEST_VALUE, LONGEST_VALUE * 12)
        if not kept:
            raise BadInput(f"A value has 1 to {LONGEST_VALUE:,} characters.", ["settings"])
        found[name.value] = kept
    return found
