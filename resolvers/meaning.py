"""What events mean to many listeners at once: the parts that feeds are made of.

A listener's seat has the viewer's sets (`relations`); who may see is asked of them for each viewer, by the table of rules.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from time import perf_counter
from typing import Protocol

from models import node_id, visibility
from models.card import PostRow, UserRow
from models.event import Event, Kind
from models.outlook import GRANT, STATE, Outlook, Parts, View
from models.visibility import Relations, Rule
from realtime.level import Asked, Listener, Told
from resolvers import page
from resolvers.live_row import EdgeRow, PostPublishedRow, PostRemovedRow
from resolvers.look import Looks

Answer = Sequence[tuple[object, Sequence[Listener]]]
"""Payloads, each with all who get that very object."""
Published = Sequence[tuple[PostPublishedRow, Sequence[Listener]]]
"""The same of posts that enter."""

LOOKS = Looks()
TURN_SECONDS = 0.004  # how long the loop is held at a stretch


class Sitting(Protocol):
    """What every seat has."""

    @property
    def relations(self) -> Relations:
        """The viewer's sets, as they are now."""


def viewer_of(listener: Listener) -> Relations:
    """The sets of the viewer who listens."""
    seat: Sitting = listener.seat
    return seat.relations


async def look(asked: Asked, people: Iterable[int] = ()) -> Outlook:
    """The posts of all these events, with the state of those who want to see theirs."""
    wanted: set[int] = set()
    for event, listeners in asked:
        if event.kind is not Kind.POST_DELETED:
            wanted.update([one.seat.relations.viewer_id for one in listeners if STATE in one.marks])
    return await LOOKS.take([event.post_id for event, _ in asked if event.post_id is not None], wanted, people)


async def told(asked: Asked, means: Callable[[Event, Sequence[Listener]], Answer]) -> Told:
    """What each event means by itself. Others have the loop in between when there are many."""
    found: list[Answer] = []
    since = perf_counter()
    for event, listeners in asked:
        found.append(means(event, listeners))
        if perf_counter() - since > TURN_SECONDS:
            await asyncio.sleep(0)
            since = perf_counter()
    return found


def sort(payloads: Iterable[tuple[Listener, object | None]]) -> Answer:
    """The listeners of each payload; those who get none are left out."""
    found: dict[int, tuple[object, list[Listener]]] = {}
    for listener, payload in payloads:
        if payload is not None:
            known = found.get(id(payload))
            if known is None:
                known = found[id(payload)] = (payload, [])
            known[1].append(listener)
    return list(found.values())


def rows(view: View, listeners: Sequence[Listener]) -> Iterable[tuple[PostRow, list[Listener]]]:
    """The rows of a view, each with those who see it so. This is done for every listener of every event, so it is plain."""
    kinds, everybody = view.kinds, view.everybody
    alike: dict[Parts, dict[object, list[Listener]]] = {}
    for listener in listeners:
        relations = listener.seat.relations
        if everybody is not None and STATE not in listener.marks and view.is_anybody(relations):
            kind = everybody
        else:
            kind = kinds.get(relations.viewer_id) or view.kind(relations)
        some = alike.get(listener.marks)
        if some is None:
            some = alike[listener.marks] = {}
        same = some.get(kind)
        if same is None:
            some[kind] = [listener]
        else:
            same.append(listener)
    found: dict[int, tuple[PostRow, list[Listener]]] = {}
    for parts, some in alike.items():
        for same in some.values():
            private = view.is_private and GRANT in parts
            for viewer, who in (
                [(one.seat.relations, [one]) for one in same] if private else [(same[0].seat.relations, same)]
            ):
                row = view.row(viewer, parts)
                if row is not None:
                    found.setdefault(id(row), (row, []))[1].extend(who)
    return found.values()


def published(event: Event, listeners: Sequence[Listener], known: Outlook, rule: Rule) -> Published:
    """A post enters, as itself, where `rule` holds."""
    edge = page.encode(event.post_id or 0)
    if len(listeners) == 1:
        (only,) = listeners
        row = known.sole(event.post_id or 0, viewer_of(only), only.marks, rule)
        return [] if row is None else [(PostPublishedRow(str(event.cursor), EdgeRow(edge, row)), listeners)]
    seen = rows(View(known, event.post_id or 0, rule), listeners)
    return [(PostPublishedRow(str(event.cursor), EdgeRow(edge, row)), some) for row, some in seen]


def entered(known: Outlook, rule: Rule, event: Event, listeners: Sequence[Listener]) -> Answer:
    """A new post, or the end of one."""
    if event.kind is Kind.POST_CREATED:
        return published(event, listeners, known, rule)
    return ended(event, listeners, known)


def people(
    known: Outlook, user_id: int, listeners: Sequence[Listener]
) -> Iterable[tuple[UserRow | None, list[Listener]]]:
    """A person as these listeners see them, each row with those who see it so."""
    found: dict[int, tuple[UserRow | None, list[Listener]]] = {}
    for listener in listeners:
        row = known.user(user_id, viewer_of(listener), listener.marks)
        found.setdefault(id(row), (row, []))[1].append(listener)
    return found.values()


def ended(event: Event, listeners: Sequence[Listener], known: Outlook) -> Answer:
    """The end of a post is told to those who could have seen it."""
    view = View(known, event.post_id or 0, visibility.shown)
    return [(removed(event), [listener for listener in listeners if view.holds(viewer_of(listener))])]


def removed(event: Event) -> PostRemovedRow:
    """The post left."""
    return PostRemovedRow(str(event.cursor), node_id.encode("post", event.post_id or 0))
