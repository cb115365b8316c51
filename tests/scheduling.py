"""Drafts and schedules as tests speak of them."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from asyncpg import Record

from models import node_id
from models.database import fetch, fetch_one
from models.engine import announce
from models.job import Failure
from models.job_end import Ending
from models.lease import Claimed, NewImage, claim, finish, keep_output
from models.schedule import fire_next, settle_next
from tests.people import Person
from tests.test_wish import LOOM

FIELDS = """id version state visibility replyToId publishAt inTheOpen altText job { id state }
  problem { kind errorCode message path } posts { text contentWarning quotedPostId
  images { altText madeWithAi image { id } } poll { options minutes multiple hidesResults } }
  wish { prompt settings { name value } priority references { id } }"""


def _mutation(name: str, what: str) -> str:
    kind = name[0].upper() + name[1:]
    return f"mutation($input: {kind}Input!) {{ {name}(input: $input) {{ {what} userErrors {{ code message path }} }} }}"


SAVE = _mutation("saveDraft", f"draft {{ {FIELDS} }}")
SCHEDULE = _mutation("schedulePost", f"draft {{ {FIELDS} }}")
UNSCHEDULE = _mutation("unscheduleDraft", f"draft {{ {FIELDS} }}")
PUBLISH = _mutation("publishDraft", f"post {{ id text }} draft {{ {FIELDS} }}")
DELETE = _mutation("deleteDraft", "deletedDraftId")
NODE = f"query($id: ID!) {{ node(id: $id) {{ ... on Draft {{ {FIELDS} }} }} }}"
LISTS = f"""query($first: Int, $after: String) {{ viewer {{
  drafts(first: $first, after: $after) {{ totalCount pageInfo {{ endCursor hasNextPage }} edges {{ node {{ {FIELDS} }} }} }}
  scheduledDrafts(first: 20) {{ totalCount edges {{ node {{ {FIELDS} }} }} }} }} }}"""
LIVE = """subscription($after: String) { draftsChanged(after: $after) { __typename cursor
  ... on DraftChanged { draft { id version state problem { kind } } } ... on DraftRemoved { draftId }
  ... on DraftPublished { draftId post { id text } } } }"""
HASH = "L00000fQfQfQfQfQfQfQfQfQfQfQ"


def content(text: str = "Later", *more: str, **said: Any) -> dict[str, Any]:
    """The input of a draft with these posts."""
    return {"posts": [{"text": one} for one in (text, *more)], **said}


def asking(*options: str, minutes: int = 60) -> dict[str, Any]:
    """The input of a draft that asks something."""
    return {"posts": [{"text": "Well?", "poll": {"options": list(options), "minutes": minutes}}]}


def quoting(post: str) -> dict[str, Any]:
    """The input of a draft that quotes a post."""
    return {"posts": [{"text": "Look", "quotedPostId": post}]}


def ahead(**time: float) -> str:
    """A moment so far from now, as it is sent."""
    return (datetime.now(UTC) + timedelta(**time)).isoformat()


def number_of(draft: dict[str, Any]) -> int:
    """The number of a draft."""
    return node_id.number_of("draft", draft["id"]) or 0


async def drafts(who: Person, **page: Any) -> list[dict[str, Any]]:
    """Somebody's drafts, last changed first."""
    found = (await who.ask(LISTS, **page))["viewer"]["drafts"]
    return [edge["node"] for edge in found["edges"]]


async def scheduled(who: Person) -> list[dict[str, Any]]:
    """What somebody has scheduled, soonest first."""
    found = (await who.ask(LISTS))["viewer"]["scheduledDrafts"]
    return [edge["node"] for edge in found["edges"]]


async def picture(owner: Person) -> str:
    """A picture of somebody's."""
    row = await fetch_one(
        """INSERT INTO images (owner_id, prefix, mime_type, byte_size, width, height, blurhash, alt_text, generated)
        VALUES ($1, 'p/x/', 'image/png', 9, 64, 64, $2, 'A fox', false) RETURNING id""",
        node_id.number_of("user", owner.id),
        HASH,
    )
    assert row is not None
    return node_id.encode("image", row["id"])


async def posts_of(who: Person) -> list[Record]:
    """The posts somebody has published, oldest first."""
    number = node_id.number_of("user", who.id)
    return list(await fetch("SELECT * FROM posts WHERE author_id = $1 AND deleted_at IS NULL ORDER BY id", number))


async def make_due(draft: dict[str, Any], seconds_ago: float = 1.0) -> None:
    """Let the time of a scheduled draft have come so long ago."""
    await fetch(
        "UPDATE drafts SET publish_at = now() - make_interval(secs => $2) WHERE id = $1", number_of(draft), seconds_ago
    )


async def tick() -> None:
    """Do all that a `work` process finds to do now."""
    while await fire_next() or await settle_next():
        pass


def draft_inputs(draft_id: str) -> dict[str, dict[str, Any]]:
    """Something to give to each mutation about drafts."""
    said = {"content": content()}
    by_id = {name: {"draftId": draft_id} for name in ("deleteDraft", "unscheduleDraft", "publishDraft")}
    return {"saveDraft": said, "schedulePost": said | {"publishAt": ahead(days=9)}, **by_id}


def draft_acts(who: Person) -> list[tuple[Callable[[], Awaitable[None]], str]]:
    """What makes each kind of event of somebody's drafts come."""

    async def save() -> None:
        await who.do(SAVE, content=content())

    async def publish() -> None:
        await who.do(PUBLISH, draftId=(await who.do(SAVE, content=content()))["draft"]["id"])

    async def delete() -> None:
        await who.do(DELETE, draftId=(await who.do(SAVE, content=content()))["draft"]["id"])

    return [(save, "DraftChanged"), (publish, "DraftPublished"), (delete, "DraftRemoved")]


_looms = itertools.count(1)


async def loom() -> str:
    """An engine of one test's own."""
    name = f"later_{next(_looms)}"
    await announce(name, [{"name": "one", "default_width": 64, "default_height": 64, "capabilities": LOOM}], True)
    return name


async def claimed(engine: str) -> Claimed:
    """Its next job, which must be there."""
    found = await claim([engine])
    assert found is not None
    return found


async def made(job: Claimed, *indexes: int, ending: Ending = Ending.DONE) -> None:
    """Keep these pictures of a job and end it."""
    for index in indexes:
        await keep_output(
            job.id, job.token, index, NewImage(f"p/{job.id}/{index}/", "image/png", 9, 64, 64, HASH, "Made")
        )
    await finish(job.id, job.token, ending, None if ending is Ending.DONE else Failure("no", "It did not work."))


async def due(who: Person, said: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Something scheduled, whose time has come just now."""
    draft: dict[str, Any] = (await who.do(SCHEDULE, content=said, publishAt=ahead(hours=1), **more))["draft"]
    await make_due(draft)
    return draft


async def problem(who: Person, draft: dict[str, Any], *path: str) -> tuple[str, str | None]:
    """Why it came back, and that what was refused is this part of its content."""
    found = (await who.ask(NODE, id=draft["id"]))["node"]
    assert found["state"] == "FAILED"
    assert found["problem"]["path"] == (["content", *path] if path else [])
    return found["problem"]["kind"], found["problem"]["errorCode"]
