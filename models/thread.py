"""Threads: jobs that go on from each other, as turns of a conversation. Every job is a turn of one thread, its owner's alone.

A turn has a parent, the turn (and the picture of it) that it goes on from: so the turns of a thread are a tree. A job that
works on a picture made here goes on from the job that made it; any other begins a thread.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from asyncpg import Record

from errors import BadInput, NotFound
from models import naming, node_id
from models.database import fetch, fetch_one, fetch_value
from models.engine import KnownEngine, KnownModel
from models.job import JobKind
from models.timeline import Window
from models.wish import Wish, able

LONGEST_TITLE = 80
MOST_MERGED = 50
UNTITLED = "…"


@dataclass(frozen=True, slots=True)
class ThreadRow:
    """A thread as its owner sees it; `cover_id` is its newest picture."""

    id: int
    title: str
    created_at: datetime
    last_turn_at: datetime
    last_job_id: int
    turn_count: int
    is_archived: bool
    cover_id: int | None

    @property
    def gid(self) -> str:
        """The global id."""
        return node_id.encode("thread", self.id)


_THREADS = """SELECT t.*, (SELECT o.image_id FROM generation_jobs j JOIN generation_outputs o ON o.job_id = j.id
    WHERE j.thread_id = t.id AND o.image_id IS NOT NULL ORDER BY j.id DESC, o.index LIMIT 1) AS cover_id
FROM generation_threads t"""


def _row(row: Record) -> ThreadRow:
    return ThreadRow(
        row["id"],
        row["title"],
        row["created_at"],
        row["last_turn_at"],
        row["last_job_id"],
        row["turns"],
        row["archived"],
        row["cover_id"],
    )


async def threads(viewer_id: int, ids: Iterable[int]) -> dict[int, ThreadRow]:
    """Those of the threads that are this viewer's own, by id."""
    rows = await fetch(f"{_THREADS} WHERE t.id = ANY($1::bigint[]) AND t.owner_id = $2", list(ids), viewer_id)
    return {row["id"]: _row(row) for row in rows}


async def threads_of(viewer_id: int, archived: bool, window: Window) -> list[ThreadRow]:
    """A person's threads in a window over their newest turns, the newest first; those put away or the others."""
    rows = await fetch(
        f"""{_THREADS} WHERE t.owner_id = $1 AND t.archived = $2 AND t.last_job_id < $3 AND t.last_job_id > $4
        ORDER BY t.last_job_id {window.direction} LIMIT $5""",
        viewer_id,
        archived,
        window.older_than,
        window.newer_than,
        window.limit,
    )
    return sorted(map(_row, rows), key=lambda row: row.last_job_id, reverse=True)


async def turn_ids(thread_id: int, window: Window) -> list[int]:
    """The jobs of a thread in a window, oldest first."""
    rows = await fetch(
        f"SELECT id FROM generation_jobs WHERE thread_id = $1 AND id < $2 AND id > $3 ORDER BY id {window.direction} LIMIT $4",
        thread_id,
        window.older_than,
        window.newer_than,
        window.limit,
    )
    return sorted(row["id"] for row in rows)


async def join(job_id: int, owner_id: int, wish: Wish, prompt: str) -> None:
    """Make a new job a turn of the thread it goes on with, else of one of its own. The caller holds the transaction."""
    parent_id, index, thread_id = wish.parent_id, wish.parent_index, None
    if parent_id is None and wish.image is not None:
        made = await fetch_one(
            "SELECT o.job_id, o.index FROM generation_outputs o JOIN generation_jobs j ON j.id = o.job_id"
            " WHERE o.image_id = $1 AND j.owner_id = $2 ORDER BY o.id LIMIT 1",
            wish.image,
            owner_id,
        )
        parent_id, index = (made["job_id"], made["index"]) if made else (None, None)
    if parent_id is not None:
        thread_id = await fetch_value(
            "SELECT thread_id FROM generation_jobs WHERE id = $1 AND owner_id = $2", parent_id, owner_id
        )
    if thread_id is None:
        thread_id = await fetch_value(
            "INSERT INTO generation_threads (owner_id, title) VALUES ($1, $2) RETURNING id",
            owner_id,
            _title(prompt) or UNTITLED,
        )
    await fetch(
        "UPDATE generation_threads SET last_job_id = greatest(last_job_id, $2), last_turn_at = now(), turns = turns + 1,"
        " archived = false WHERE id = $1",
        thread_id,
        job_id,
    )
    await fetch(
        "UPDATE generation_jobs SET thread_id = $2, parent_id = $3, parent_index = $4, instruction = $5 WHERE id = $1",
        job_id,
        thread_id,
        parent_id,
        index,
        wish.instruction,
    )


def _title(prompt: str) -> str:
    line = prompt.replace("\n", " ")
    return line if len(line) <= LONGEST_TITLE else line[: LONGEST_TITLE - 1].rstrip() + UNTITLED


async def continued(
    owner_id: int, thread_id: int, wish: Wish, from_image: int | None, engines: Iterable[KnownEngine]
) -> Wish:
    """What to ask for, to go on with a thread as `wish.prompt` says.

    It goes on from the picture `from_image` of the thread, or from the newest there is. Where the engine can edit it is
    edited; otherwise a picture is made anew out of what was said from the first turn on, with the same seed. What the wish
    leaves open is as it was. Raises NotFound for a thread that is not the owner's, or a picture that is not in it.
    """
    if await fetch_value("SELECT owner_id FROM generation_threads WHERE id = $1", thread_id) != owner_id:
        raise NotFound("There is no such thread of yours.", ["threadId"])
    source = await fetch_one(
        """SELECT j.id, o.index, o.image_id FROM generation_jobs j JOIN generation_outputs o ON o.job_id = j.id
        WHERE j.thread_id = $1 AND o.image_id IS NOT NULL AND ($2::bigint IS NULL OR o.image_id = $2)
        ORDER BY j.id DESC, o.index LIMIT 1""",
        thread_id,
        from_image,
    )
    if source is None and from_image is not None:
        raise NotFound("There is no such picture in this thread.", ["fromImageId"])
    parent = await fetch_one(
        "SELECT * FROM generation_jobs WHERE thread_id = $1 AND ($2::bigint IS NULL OR id = $2) ORDER BY id DESC LIMIT 1",
        thread_id,
        source["id"] if source else None,
    )
    if parent is None:
        raise BadInput("There is nothing in this thread to go on from.", ["threadId"])
    wish = replace(
        wish,
        engine=wish.engine or parent["engine"],
        model=wish.model or (parent["model"] if wish.engine in (None, parent["engine"]) else None),
        parent_id=parent["id"],
        parent_index=source["index"] if source else None,
        instruction=wish.prompt,
    )
    model = _model(wish, engines)
    same = model is not None and (wish.engine, model.name) == (parent["engine"], parent["model"])
    if same:
        wish = _as_before(wish, parent)
    if source is not None and model is not None and able(model, JobKind.EDIT):
        return replace(wish, kind=JobKind.EDIT, image=source["image_id"])
    told = await _told(parent["id"])
    return replace(
        wish,
        prompt=", ".join([*(one.rstrip(" .,;") for one in told), wish.prompt]),
        width=parent["width"] if same else None,
        height=parent["height"] if same else None,
        seed=wish.seed or (str(parent["seed"]) if model and model.capabilities.supports_seeds else None),
    )


def _model(wish: Wish, engines: Iterable[KnownEngine]) -> KnownModel | None:
    engine = next((one for one in engines if one.name == wish.engine), None)
    if engine is None:
        return None
    if wish.model is not None:
        return engine.model(wish.model)
    return next((one for one in engine.models if able(one, JobKind.EDIT)), next(iter(engine.models), None))


def _as_before(wish: Wish, parent: Record) -> Wish:
    return replace(
        wish,
        style=wish.style or parent["style"],
        background=wish.background or parent["background"],
        quality=wish.quality or parent["quality"],
        output_format=wish.output_format or parent["output_format"],
        negative_prompt=wish.negative_prompt or parent["negative_prompt"],
    )


async def _told(job_id: int) -> list[str]:
    """What was said from the first turn to this one, each turn's own words."""
    rows = await fetch(
        """WITH RECURSIVE line AS (
            SELECT id, parent_id, coalesce(instruction, prompt) AS said, 1 AS depth FROM generation_jobs WHERE id = $1
            UNION ALL
            SELECT j.id, j.parent_id, coalesce(j.instruction, j.prompt), line.depth + 1
            FROM line JOIN generation_jobs j ON j.id = line.parent_id WHERE line.depth < $2
        ) SELECT said FROM line WHERE said <> '' ORDER BY depth DESC""",
        job_id,
        MOST_MERGED,
    )
    return [row["said"] for row in rows]


async def rename(owner_id: int, thread_id: int, title: str) -> None:
    """Give a thread another title. Raises NotFound, BadInput."""
    kept = naming.name(title, LONGEST_TITLE, "title", "A title")
    await _own(
        "UPDATE generation_threads SET title = $3 WHERE id = $1 AND owner_id = $2 RETURNING id",
        thread_id,
        owner_id,
        kept,
    )


async def put_away(owner_id: int, thread_id: int, archived: bool) -> None:
    """Put a thread among those that are put away, or back. Raises NotFound."""
    await _own(
        "UPDATE generation_threads SET archived = $3 WHERE id = $1 AND owner_id = $2 RETURNING id",
        thread_id,
        owner_id,
        archived,
    )


async def delete(owner_id: int, thread_id: int) -> None:
    """Forget a thread; its jobs and pictures stay, and belong to none. Raises NotFound."""
    await _own("DELETE FROM generation_threads WHERE id = $1 AND owner_id = $2 RETURNING id", thread_id, owner_id)


async def _own(statement: str, thread_id: int, owner_id: int, *more: object) -> None:
    if await fetch_one(statement, thread_id, owner_id, *more) is None:
        raise NotFound("There is no such thread of yours.", ["threadId"])
