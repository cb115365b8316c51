"""What is asked of notifications: the log read to its end, the list as a screen shows it, what a test expects of a line."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from models.database import fetch_value
from models.notification_news import tell_people
from tests.people import PATIENCE_SECONDS, Person
from tests.selection import mutation

READ = mutation("markNotificationsRead")
FILTERS = mutation("updateNotificationFilters")
SWITCH = mutation("updateNotificationSwitch")
ACCEPT = mutation("acceptNotificationRequest")
DISMISS = mutation("dismissNotificationRequest")
LINE = "id version kind count isUnread oldestAt latestAt actors { id } post { id } job { id state } remixRequest { id state }"
LIST = f"""query($first: Int, $after: String, $kinds: [NotificationKind!]) {{ viewer {{ unreadNotificationCount notificationRequestCount
    notifications(first: $first, after: $after, kinds: $kinds) {{ liveCursor pageInfo {{ hasNextPage endCursor }}
        edges {{ cursor node {{ {LINE} }} }} }} }} }}"""
REQUESTS = """{ viewer { notificationRequestCount notificationRequests { edges { cursor notificationCount latestAt latestPost { id }
    node { id } } } } }"""
LIVE = f"""subscription($after: String) {{ notifications(after: $after) {{ __typename cursor
    ... on NotificationChanged {{ unreadNotificationCount edge {{ cursor node {{ {LINE} }} }} }}
    ... on NotificationRemoved {{ unreadNotificationCount notificationId }}
    ... on NotificationsRead {{ unreadNotificationCount }}
    ... on NotificationRequestsChanged {{ notificationRequestCount }}
    ... on Reset {{ reason }} }} }}"""


async def caught_up() -> None:
    """Everything that happened so far was told."""
    last = await fetch_value("SELECT (xid::text, id) FROM events ORDER BY xid DESC, id DESC LIMIT 1")
    if last is None:
        return  # nothing happened yet
    xid, number = last
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            while await tell_people():
                pass
            if await fetch_value(
                "SELECT (xid, event_id) >= ($1::text::xid8, $2::bigint) FROM log_readers WHERE name = 'notifications'",
                xid,
                number,
            ):
                return
            await asyncio.sleep(0.01)  # a transaction that is older than the last event is still open


async def page(person: Person, **asked: Any) -> dict[str, Any]:
    """One page of somebody's notifications, once everything was told."""
    await caught_up()
    found: dict[str, Any] = (await person.ask(LIST, **asked))["viewer"]["notifications"]
    return found


async def lines(person: Person, *kinds: str) -> list[dict[str, Any]]:
    """Somebody's notifications, newest first, all pages of them."""
    await caught_up()
    found: list[dict[str, Any]] = []
    after: str | None = None
    while True:
        shown = (await person.ask(LIST, first=3, after=after, kinds=list(kinds) or None))["viewer"]["notifications"]
        found += [edge["node"] for edge in shown["edges"]]
        after = shown["pageInfo"]["endCursor"]
        if not shown["pageInfo"]["hasNextPage"]:
            return found


async def kinds(person: Person) -> list[str]:
    """What somebody is told of, newest first."""
    return [line["kind"] for line in await lines(person)]


async def unread(person: Person) -> int:
    """How many of somebody's notifications are unread; as many as the list says."""
    shown = sum(line["isUnread"] for line in await lines(person))
    counted: int = (await person.ask(LIST))["viewer"]["unreadNotificationCount"]
    assert counted == shown
    return counted


async def requests(person: Person) -> dict[str, int]:
    """Whose doings wait, and how many of each."""
    await caught_up()
    viewer = (await person.ask(REQUESTS))["viewer"]
    found = {edge["node"]["id"]: edge["notificationCount"] for edge in viewer["notificationRequests"]["edges"]}
    assert viewer["notificationRequestCount"] == len(found)
    return found


def happenings(person: Person, other: Person) -> Iterator[tuple[Callable[[], Awaitable[object]], str]]:
    """What leads to each type of event in somebody's stream of notifications, in an order in which it does."""
    said: list[str] = []

    async def name_them() -> None:
        said.append(await other.write(f"@{person.handle} hello"))
        await caught_up()

    async def take_back() -> None:
        await other.do("DeletePost", postId=said[0])
        await caught_up()

    async def read() -> None:
        await person.do(READ, until="kzzzzzzzzzzz")

    async def write_to_them() -> None:
        await other.write(f"@{person.handle} psst", visibility="MENTIONED")
        await caught_up()

    yield name_them, "NotificationChanged"
    yield read, "NotificationsRead"
    yield take_back, "NotificationRemoved"
    yield write_to_them, "NotificationRequestsChanged"
