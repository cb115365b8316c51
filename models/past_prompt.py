"""Prompts that were used: each text once per person, the newest use first, to be found again and forgotten one by one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from errors import BadInput, NotFound
from models import facet, node_id
from models.database import fetch, fetch_one
from models.timeline import Window

LONGEST_QUERY = 200
MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class PastPromptRow:
    """A prompt its owner used; `last_job_id` is the newest job that did."""

    id: int
    text: str
    last_used_at: datetime
    use_count: int
    last_job_id: int

    @property
    def gid(self) -> str:
        """The global id."""
        return node_id.encode("prompt", self.id)


async def note(owner_id: int, job_id: int, text: str) -> None:
    """Remember that a job used this text. The caller holds the transaction."""
    await fetch(
        """INSERT INTO past_prompts (owner_id, digest, text, last_job_id) VALUES ($1, sha256(convert_to($2, 'UTF8')), $2, $3)
        ON CONFLICT (owner_id, digest) DO UPDATE SET uses = past_prompts.uses + 1, last_used_at = now(),
            last_job_id = greatest(past_prompts.last_job_id, excluded.last_job_id)""",
        owner_id,
        text,
        job_id,
    )


async def prompts_of(owner_id: int, query: str, window: Window) -> list[PastPromptRow]:
    """A person's prompts in a window over their newest use, newest first; those that have every word of the query.

    Raises BadInput for a query that is too long.
    """
    words = facet.clean(query[: LONGEST_QUERY + 1]).lower().split()
    if len(query) > LONGEST_QUERY or len(words) > MOST_WORDS:
        raise BadInput(f"A search has at most {MOST_WORDS} words and {LONGEST_QUERY} characters.", ["query"])
    found = " ".join(f"AND lower(text) LIKE ${number}" for number in range(5, 5 + len(words)))
    rows = await fetch(
        f"""SELECT * FROM past_prompts WHERE owner_id = $1 AND last_job_id < $2 AND last_job_id > $3 {found}
        ORDER BY last_job_id {window.direction} LIMIT $4""",
        owner_id,
        window.older_than,
        window.newer_than,
        window.limit,
        *(f"%{_plain(word)}%" for word in words),
    )
    prompts = [
        PastPromptRow(row["id"], row["text"], row["last_used_at"], row["uses"], row["last_job_id"]) for row in rows
    ]
    return sorted(prompts, key=lambda row: row.last_job_id, reverse=True)


def _plain(word: str) -> str:
    for sign in "\\%_":
        word = word.replace(sign, f"\\{sign}")
    return word


async def prompt_of(owner_id: int, prompt_id: int) -> PastPromptRow | None:
    """A prompt of this owner's."""
    row = await fetch_one("SELECT * FROM past_prompts WHERE id = $1 AND owner_id = $2", prompt_id, owner_id)
    if row is None:
        return None
    return PastPromptRow(row["id"], row["text"], row["last_used_at"], row["uses"], row["last_job_id"])


async def forget(owner_id: int, prompt_id: int) -> None:
    """Forget a prompt; the jobs that used it stay. Raises NotFound."""
    gone = await fetch_one("DELETE FROM past_prompts WHERE id = $1 AND owner_id = $2 RETURNING id", prompt_id, owner_id)
    if gone is None:
        raise NotFound("There is no such prompt of yours.", ["promptId"])
