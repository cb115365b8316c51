"""What is asked of saved searches: the list as a screen shows it, and the log held against what is saved, to its end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from discovery.percolation import percolate, tell_savers
from models import notification_spread
from models.database import fetch_value
from tests.people import PATIENCE_SECONDS, Person
from tests.selection import mutation
from tests.telling import caught_up as told

SAVE = mutation("saveSearch")
RENAME = mutation("renameSavedSearch")
MOVE = mutation("moveSavedSearch")
SEEN = mutation("markSavedSearchSeen")
DELETE = mutation("deleteSavedSearch")
SEARCH = "id version name text byMeaning position newPostCount createdAt"
LIST = f"""query($first: Int, $after: String) {{ viewer {{ savedSearches(first: $first, after: $after) {{ liveCursor
    pageInfo {{ hasNextPage endCursor }} edges {{ cursor node {{ {SEARCH} }} }} }} }} }}"""
LIVE = f"""subscription($after: String) {{ savedSearches(after: $after) {{ __typename cursor
    ... on SavedSearchChanged {{ savedSearch {{ {SEARCH} }} }} ... on SavedSearchRemoved {{ savedSearchId }} ... on Reset {{ reason }} }} }}"""


async def percolated() -> None:
    """Everything that happened so far was held against what is saved, and told to those who want to hear of it."""
    newest = await fetch_value("SELECT (xid::text, id) FROM events ORDER BY xid DESC, id DESC LIMIT 1")
    xid, number = newest or ("0", 0)
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            while await percolate():
                pass
            if await fetch_value(
                "SELECT (xid, event_id) >= ($1::text::xid8, $2::bigint) FROM log_readers WHERE name = 'saved searches'",
                xid,
                number,
            ):
                break
            await asyncio.sleep(0.01)  # a transaction that is older than the last event is still open
        while await notification_spread.is_waiting(saved=True):
            await tell_savers()  # whoever else tells people at the same time holds the place
    await told()


async def save(person: Person, text: str, **more: Any) -> str:
    """Save a search; its id."""
    found: str = (await person.do(SAVE, text=text, **more))["savedSearch"]["id"]
    return found


async def saved(person: Person) -> list[dict[str, Any]]:
    """Somebody's saved searches, once everything was held against them."""
    await percolated()
    return [edge["node"] for edge in (await person.ask(LIST, first=100))["viewer"]["savedSearches"]["edges"]]


async def news(person: Person) -> list[int | None]:
    """How much is new in each, in their order."""
    return [one["newPostCount"] for one in await saved(person)]


def saved_inputs(gid: str) -> dict[str, dict[str, Any]]:
    """What the mutations about saved searches are given where each is tried once."""
    about = {"savedSearchId": gid}
    return {
        "saveSearch": {"text": "fox"},
        "renameSavedSearch": {**about, "name": "x"},
        "moveSavedSearch": {**about, "position": 0},
        "markSavedSearchSeen": about,
        "deleteSavedSearch": about,
    }


def saved_moves(person: Person) -> Iterator[tuple[Callable[[], Awaitable[object]], str]]:
    """What leads to each type of event in somebody's stream of saved searches."""
    kept: list[str] = []

    async def keep() -> None:
        kept.append(await save(person, "an owl"))

    async def delete() -> None:
        await person.do(DELETE, savedSearchId=kept[0])

    yield keep, "SavedSearchChanged"
    yield delete, "SavedSearchRemoved"
