"""A stretch of events, and what it means to the members it concerns: each feed is asked once for all of its own."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence

from execution.member import Group, Member
from realtime.level import Cursor, Event, Feed

log = logging.getLogger("fresque.delivery")

Work = list[tuple[Event, list[Member]]]
Told = list[tuple[object, Sequence[Member]]]


def add(
    found: dict[Cursor, tuple[Event, list[Member]]],
    latest: dict[tuple[Member, int], Cursor],
    event: Event,
    member: Member,
) -> None:
    """Note an event for a member, in place of an older one of the same subject."""
    subject = member.level.feed.subject(event)
    if subject is not None:
        older = latest.get((member, subject))
        if older is not None:
            found[older][1].remove(member)
        latest[member, subject] = event.cursor
    noted = found.get(event.cursor)
    if noted is None:
        noted = found[event.cursor] = (event, [])
    noted[1].append(member)


async def ask(work: Work) -> list[Told]:
    """What each event means to whom. A payload of None says that these members have to ask alone.

    Events of a kind that the feed does not know are asked of each member, one after the other.
    """
    meant: list[Told] = [[] for _ in work]
    asked: dict[Feed, list[tuple[int, list[Member]]]] = defaultdict(list)
    singles: dict[Member, list[int]] = defaultdict(list)
    for number, (event, members) in enumerate(work):
        for feed, some in _by_feed(members).items():
            if feed.knows(event):
                asked[feed].append((number, some))
            else:
                for member in some:
                    singles[member].append(number)

    async def together(feed: Feed, questions: list[tuple[int, list[Member]]]) -> None:
        try:
            answers = await feed.answers([(work[number][0], some) for number, some in questions])
        except Exception:  # each source finds out by itself, and tells its own subscriber
            log.exception("a feed could not say what %d events mean", len(questions))
            answers = [[(None, some)] for _, some in questions]
        for (number, _), answer in zip(questions, answers, strict=True):
            meant[number].extend(answer)  # type: ignore[arg-type]  # a feed gives back the listeners it was given

    async def single(member: Member, numbers: list[int]) -> None:
        failed = False
        for number in numbers:
            payload: object | None = None
            if not failed:
                try:
                    payload = await member.level.answer(work[number][0])
                except Exception as error:  # its source meets the same again, and tells
                    log.warning("a subscription goes on alone after %s", type(error).__name__)
                    failed = True
            if failed or payload is not None:
                meant[number].append((payload, [member]))

    await asyncio.gather(
        *(together(feed, questions) for feed, questions in asked.items()),
        *(single(member, numbers) for member, numbers in singles.items()),
    )
    return meant


def by_group(members: Iterable[Member]) -> dict[Group, list[Member]]:
    """The members of each group."""
    found: dict[Group, list[Member]] = {}
    for member in members:
        some = found.get(member.group)
        if some is None:
            some = found[member.group] = []
        some.append(member)
    return found


def _by_feed(members: Iterable[Member]) -> dict[Feed, list[Member]]:
    found: dict[Feed, list[Member]] = {}
    for member in members:
        feed = member.level.feed
        some = found.get(feed)
        if some is None:
            some = found[feed] = []
        some.append(member)
    return found
