"""The sources of a custom feed as somebody may use them: what is not there for them is left out, and nothing tells what it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from errors import NotFound
from models import board, user_list, visibility
from models.database import fetch
from models.feed_rules import FeedSourceKind, Rules, Source

NAMED = {
    FeedSourceKind.PEOPLE: ("people", "There is no such person."),
    FeedSourceKind.LIST: ("userListId", "There is no such list."),
    FeedSourceKind.BOARD: ("boardId", "There is no such board."),
    FeedSourceKind.REMIXES: ("remixesOfPostId", "There is no such post."),
}
"""Sources that name things, with the field of the input and what is said where there is none."""

# $1 who reads; whose feed it is stands beside each person. Nobody is named across a block, of the reader's or of the owner's.
_APART = """EXISTS (SELECT 1 FROM blocks e WHERE (e.blocker_id, e.blocked_id) IN
    ((u.id, $1), ($1, u.id), (u.id, asked.owner_id), (asked.owner_id, u.id)))"""
_THERE = f"""SELECT 'PEOPLE' AS kind, asked.owner_id AS of_id, u.id, u.id AS owner_id
        FROM unnest($2::bigint[], $3::bigint[]) AS asked (owner_id, id) JOIN users u ON u.id = asked.id WHERE NOT u.gone AND NOT {_APART}
    UNION ALL SELECT 'LIST', 0, l.id, l.owner_id FROM lists l WHERE l.id = ANY($4::bigint[]) AND {user_list.SEEN}
    UNION ALL SELECT 'BOARD', 0, b.id, b.owner_id FROM boards b WHERE b.id = ANY($5::bigint[]) AND {board.SEEN}
    UNION ALL SELECT 'REMIXES', 0, p.id, p.author_id FROM posts p WHERE p.id = ANY($6::bigint[]) AND {visibility.visible.sql()}"""


@dataclass(frozen=True, slots=True)
class Opened:
    """Sources as far as they are there for somebody, in their places (None where not), and whose lists, boards and posts these are."""

    sources: tuple[Source | None, ...]
    owners: frozenset[int] = frozenset()


Asked = tuple[int, tuple[Source, ...]]
"""Whose feed it is, and its sources."""


def _names(asked: Sequence[Asked], kind: FeedSourceKind) -> set[tuple[int, int]]:
    of_anybody = kind is not FeedSourceKind.PEOPLE
    return {
        (0 if of_anybody else owner_id, number)
        for owner_id, sources in asked
        for source in sources
        if source.kind is kind
        for number in source.ids
    }


async def opened(viewer_id: int, asked: Sequence[Asked]) -> list[Opened]:
    """The sources of these feeds as this viewer may use them: at most one statement."""
    people = sorted(_names(asked, FeedSourceKind.PEOPLE))
    others = [
        sorted(number for _, number in _names(asked, kind))
        for kind in (FeedSourceKind.LIST, FeedSourceKind.BOARD, FeedSourceKind.REMIXES)
    ]
    if not people and not any(others):
        return [Opened(sources) for _, sources in asked]
    rows = await fetch(
        _THERE, viewer_id, [owner_id for owner_id, _ in people], [number for _, number in people], *others
    )
    there = {(row["kind"], row["of_id"], row["id"]): row["owner_id"] for row in rows}
    return [_left(owner_id, sources, there) for owner_id, sources in asked]


def _left(owner_id: int, sources: Sequence[Source], there: Mapping[tuple[str, int, int], int]) -> Opened:
    owners: set[int] = set()
    found: list[Source | None] = []
    for source in sources:
        if source.kind not in NAMED:
            found.append(source)
            continue
        of_id = owner_id if source.kind is FeedSourceKind.PEOPLE else 0
        ids = tuple(number for number in source.ids if (source.kind.value, of_id, number) in there)
        owners.update(there[source.kind.value, of_id, number] for number in ids)
        found.append(Source(source.kind, ids) if ids else None)
    return Opened(tuple(found), frozenset(owners))


async def require(owner_id: int, rules: Rules, path: Sequence[str] = ("rules",)) -> None:
    """Raises NotFound, with its path, for the first thing that the rules name and that is not there for their owner."""
    (found,) = await opened(owner_id, [(owner_id, rules.sources)])
    for place, (source, left) in enumerate(zip(rules.sources, found.sources, strict=True)):
        if left != source:
            field, message = NAMED[source.kind]
            raise NotFound(message, [*path, "sources", str(place), field])
