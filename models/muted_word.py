"""Words and tags that somebody does not want to read: where they count, what they do, and for how long.

The table is made by SQL, and so is what is looked for (`fresque_folded`): in every script, whatever the case.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from asyncpg import Record

from errors import BadInput, NotFound, QuotaExceeded
from models import facet, node_id
from models.database import fetch, fetch_one, fetch_value
from models.event import Kind, record
from models.timeline import Window

MOST_WORDS = 200
LONGEST_WORD = 100
AT_ONCE = 500


class WordScope(Enum):
    """Where a muted word counts."""

    HOME = "HOME"
    NOTIFICATIONS = "NOTIFICATIONS"
    EVERYWHERE = "EVERYWHERE"


class WordAction(Enum):
    """What becomes of a post that says a muted word."""

    HIDE = "HIDE"
    WARN = "WARN"


@dataclass(frozen=True, slots=True)
class WordRow:
    """A word that its owner mutes."""

    id: int
    text: str
    whole_word: bool
    scope: WordScope
    action: WordAction
    expires_at: datetime | None
    created_at: datetime

    @property
    def gid(self) -> str:
        """The global id."""
        return node_id.encode("word", self.id)


def _row(row: Record) -> WordRow:
    return WordRow(
        row["id"],
        row["text"],
        row["whole_word"],
        WordScope(row["scope"]),
        WordAction.HIDE if row["hides"] else WordAction.WARN,
        row["expires_at"],
        row["created_at"],
    )


async def words(owner_id: int, window: Window) -> list[WordRow]:
    """What somebody mutes and is not over, newest first."""
    rows = await fetch(
        f"""SELECT * FROM muted_words WHERE owner_id = $1 AND id < $2 AND id > $3 AND (expires_at IS NULL OR expires_at > now())
        ORDER BY id {window.direction} LIMIT $4""",
        owner_id,
        window.older_than,
        window.newer_than,
        window.limit,
    )
    return sorted(map(_row, rows), key=lambda row: row.id, reverse=True)


async def word_of(owner_id: int, word_id: int) -> WordRow | None:
    """One of somebody's own muted words."""
    row = await fetch_one("SELECT * FROM muted_words WHERE id = $1 AND owner_id = $2", word_id, owner_id)
    return None if row is None else _row(row)


async def mute(
    owner_id: int, text: str, *, whole_word: bool, scope: WordScope, action: WordAction, expires_at: datetime | None
) -> int:
    """Mute a word, a phrase or a tag; muting it again changes how. Gives its id.

    Raises BadInput for what cannot be looked for, QuotaExceeded when there are `MOST_WORDS`. The caller holds the transaction.
    """
    kept = facet.kept(text, LONGEST_WORD, LONGEST_WORD * 12)
    if kept is None:
        raise BadInput(f"A muted word has at most {LONGEST_WORD} characters.", ["text"])
    folded = await fetch_value("SELECT fresque_folded($1)", kept)
    if not folded:
        raise BadInput("A muted word has letters, digits or pictures in it.", ["text"])
    await fetch("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"words:{owner_id}")
    needle = folded if whole_word else folded.strip(" ")
    row = await fetch_one(
        """INSERT INTO muted_words (owner_id, text, needle, whole_word, scope, hides, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (owner_id, md5(needle)) DO UPDATE
        SET text = excluded.text, scope = excluded.scope, hides = excluded.hides, expires_at = excluded.expires_at
        RETURNING id""",
        owner_id,
        " ".join(kept.split()),
        needle,
        whole_word,
        scope.value,
        action is WordAction.HIDE,
        expires_at,
    )
    if row is None:
        raise RuntimeError("A muted word was not stored.")
    if await fetch_value("SELECT count(*) FROM muted_words WHERE owner_id = $1", owner_id) > MOST_WORDS:
        raise QuotaExceeded(f"At most {MOST_WORDS} words can be muted.", ["text"])
    await _tell(owner_id)
    return int(row["id"])


async def unmute(owner_id: int, word_id: int) -> None:
    """Mute a word no longer. Raises NotFound when it is none of theirs."""
    if not await fetch("DELETE FROM muted_words WHERE id = $1 AND owner_id = $2 RETURNING id", word_id, owner_id):
        raise NotFound("There is no such word among yours.", ["wordId"])
    await _tell(owner_id)


async def forget_over() -> bool:
    """Take out what is over, and tell those who listen; whether there may be more. What is over acts no more before that."""
    rows = await fetch(
        "DELETE FROM muted_words WHERE id IN (SELECT id FROM muted_words WHERE expires_at <= now() LIMIT $1 FOR UPDATE SKIP LOCKED)"
        " RETURNING owner_id",
        AT_ONCE,
    )
    for owner_id in {row["owner_id"] for row in rows}:
        await _tell(owner_id)
    return len(rows) == AT_ONCE


async def _tell(owner_id: int) -> None:
    await record(Kind.FILTERS_CHANGED, [f"viewer:{owner_id}"], actor_id=owner_id)
