"""Posts that a query finds, newest first, as far as the viewer may see and wants to see them.

Everything that words and operators ask of a post stands in one row of words (migration `words`), so that a query is one
`tsquery`, put together here out of parts that PostgreSQL quoted. Found posts are read in stretches, and of each stretch what the
rules let through is kept, until a page is full: that costs what the page costs, whatever else matches.

A prompt is looked at only of posts whose author tells it to the viewer, also where it is not to be found: what a hidden prompt
says changes no answer.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from asyncpg import QueryCanceledError

from discovery import stems
from discovery.query import (
    Either,
    Every,
    From,
    HasPart,
    Is,
    IsKind,
    Language,
    Leaf,
    MinLikes,
    Model,
    Node,
    Not,
    Phrase,
    Prompt,
    Since,
    Tag,
    To,
    Until,
    Word,
    leaves,
)
from errors import BadInput
from models import counter, visibility
from models.consent import tells_prompt_sql
from models.database import fetch
from models.timeline import NEWEST, Entry, Window
from models.transaction import transaction

STATEMENT_TIMEOUT_MS = 4_000
LONGEST_SECONDS = 4.0
LARGEST_STRETCH = 4_000  # posts
TOO_BROAD = "This search looks through too much. Add a word, a person or a day to it."


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked of posts. `words` and the prompts are texts of `tsquery`; bounds of time are ids."""

    words: str | None = None
    prompt: str | None = None
    no_prompt: str | None = None
    newer_than: int | None = None
    older_than: int | None = None
    min_likes: int | None = None
    below_likes: int | None = None
    followed: bool | None = None

    @property
    def is_for_all(self) -> bool:
        """Whether it asks of a post alone, and nothing of who asks."""
        return self.followed is None and self.prompt is None and self.no_prompt is None

    @property
    def asks_nothing(self) -> bool:
        """Whether every post would do."""
        return self == Plan()


def _lexeme(text: str) -> str:
    doubled = text.replace("\\", "\\\\").replace("'", "''")
    return f"'{doubled}'"


class _Parts:
    """The words of a tree as PostgreSQL reads them, and the people it names."""

    def __init__(self, viewer_id: int, spoken: Sequence[str]) -> None:
        self.viewer_id = viewer_id
        self.spoken = tuple(spoken)
        self.said: dict[tuple[str, bool, bool], str | None] = {}
        self.people: dict[str, int] = {}

    async def look(self, tree: Node) -> None:
        found = list(leaves(tree))
        for leaf in found:
            if isinstance(leaf, Word | Phrase | Prompt):
                self.said[self._key(leaf)] = None
        keys = list(self.said)
        if keys:
            rows = await fetch(
                """SELECT place, fresque_asked(said, string_to_array(languages, ' '), begins) AS asked
                FROM unnest($1::text[], $2::text[], $3::boolean[]) WITH ORDINALITY AS t (said, languages, begins, place)""",
                [text for text, _, _ in keys],
                ["" if phrase else " ".join(self.spoken or stems.languages(text)) for text, phrase, _ in keys],
                [begins for _, _, begins in keys],
            )
            self.said.update({keys[row["place"] - 1]: row["asked"] for row in rows})
        handles = {leaf.handle for leaf in found if isinstance(leaf, From | To)} - {"me"}
        if handles:
            rows = await fetch("SELECT id, handle FROM users WHERE handle = ANY($1::text[])", sorted(handles))
            self.people = {row["handle"]: row["id"] for row in rows}
        self.people["me"] = self.viewer_id

    @staticmethod
    def _key(leaf: Word | Phrase | Prompt) -> tuple[str, bool, bool]:
        phrase = leaf.phrase if isinstance(leaf, Prompt) else isinstance(leaf, Phrase)
        return (leaf.text, phrase, isinstance(leaf, Word) and leaf.begins)

    def asked(self, node: Node) -> str | None:
        """The text of a `tsquery`; None for what holds nothing that could be looked for."""
        if isinstance(node, Not):
            inner = self.asked(node.part)
            return None if inner is None else f"!{inner}"
        if isinstance(node, Every | Either):
            parts = [part for each in node.parts if (part := self.asked(each)) is not None]
            sign = " & " if isinstance(node, Every) else " | "
            return f"({sign.join(parts)})" if parts else None
        return self.leaf(node)

    def leaf(self, leaf: Leaf) -> str | None:
        if isinstance(leaf, Word | Phrase | Prompt):
            return self.said[self._key(leaf)]
        if isinstance(leaf, Tag):
            return _lexeme(f"tag:{leaf.name}")
        if isinstance(leaf, From | To):
            side = "from" if isinstance(leaf, From) else "to"
            return _lexeme(f"{side}:{self.people.get(leaf.handle, 0)}")
        if isinstance(leaf, HasPart):
            return _lexeme(f"has:{leaf.part.value}")
        if isinstance(leaf, IsKind):
            return _lexeme(f"is:{leaf.kind.value}")
        if isinstance(leaf, Language):
            return _lexeme(f"lang:{leaf.code}")
        if isinstance(leaf, Model):
            return f"{_lexeme(f'model:{leaf.name}')}:*"
        raise TypeError(f"{type(leaf).__name__} stands by itself.")


def _id_at(moment: datetime) -> int:
    """The smallest id of that moment."""
    return int(moment.timestamp() * 1000) << 16


async def plan(viewer_id: int, tree: Every, *, pictures: bool = False) -> Plan:
    """How a query is asked; with `pictures` only of posts that show some."""
    spoken = [part.code for part in tree.parts if isinstance(part, Language)]
    parts = _Parts(viewer_id, spoken)
    await parts.look(tree)
    asked = Plan()
    words: list[str] = []
    prompts: list[str] = []
    hidden: list[str] = []
    for part in tree.parts:
        negated = isinstance(part, Not)
        inner = part.part if isinstance(part, Not) else part
        if isinstance(inner, Prompt):
            said = parts.leaf(inner)
            if said is not None:
                (hidden if negated else prompts).append(said)
        elif isinstance(inner, Since | Until):
            asked = _timed(asked, _id_at(inner.at), newer=isinstance(inner, Since) != negated)
        elif isinstance(inner, MinLikes):
            if negated:
                asked = replace(asked, below_likes=min(inner.number, asked.below_likes or inner.number))
            else:
                asked = replace(asked, min_likes=max(inner.number, asked.min_likes or 0))
        elif isinstance(inner, IsKind) and inner.kind is Is.FOLLOWED:
            asked = replace(asked, followed=not negated)
        elif (said := parts.asked(part)) is not None:
            words.append(said)
    if pictures and (words or prompts or hidden or not asked.asks_nothing):
        words.append(_lexeme("has:image"))
    return replace(
        asked,
        words=" & ".join(words) or None,
        prompt=" & ".join(prompts) or None,
        no_prompt=" | ".join(hidden) or None,
    )


def _timed(asked: Plan, bound: int, *, newer: bool) -> Plan:
    if newer:
        return replace(asked, newer_than=max(bound - 1, asked.newer_than or 0))
    return replace(asked, older_than=min(bound, asked.older_than or bound))


_LIKES = f"EXISTS (SELECT 1 FROM {counter.POSTS.shown('w.post_id')} AS c WHERE c.likes >= {{}})"
_FOLLOWED = """EXISTS (SELECT 1 FROM posts q JOIN follows e ON e.followee_id = q.author_id AND e.follower_id = {viewer}
    WHERE q.id = w.post_id)"""
_TOLD = "EXISTS (SELECT 1 FROM posts q WHERE q.id = w.post_id AND {})"


def asked_sql(viewer: str, words: str, least: str, below: str, followed: str, prompt: str, no_prompt: str) -> str:
    """The condition that a plan finds the post whose row of words is under the alias `w`; all are SQL expressions."""
    told = _TOLD.format(tells_prompt_sql("q", viewer))
    return f"""({words} IS NULL OR w.words @@ {words}::tsquery)
    AND ({least} IS NULL OR {_LIKES.format(least)}) AND ({below} IS NULL OR NOT {_LIKES.format(below)})
    AND ({followed} IS NULL OR {followed} = {_FOLLOWED.format(viewer=viewer)})
    AND ({prompt} IS NULL OR (w.prompts @@ {prompt}::tsquery AND {told}))
    AND ({no_prompt} IS NULL OR w.prompts IS NULL OR NOT (w.prompts @@ {no_prompt}::tsquery AND {told}))"""


ASKED = asked_sql("$1", "$5::text", "$6::int", "$7::int", "$8::boolean", "$9::text", "$10::text")
STRETCH = {
    order: f"""WITH found AS MATERIALIZED (
    SELECT w.post_id FROM post_words w WHERE w.post_id < $2 AND w.post_id > $3 AND {ASKED}
    ORDER BY w.post_id {order} LIMIT $4
) SELECT p.id, {visibility.searched.sql()} AS allowed FROM found JOIN posts p ON p.id = found.post_id ORDER BY p.id {order}"""
    for order in ("ASC", "DESC")
}
"""A stretch of what a plan finds, and which of it the viewer gets."""
_ONE = f"""SELECT 1 FROM post_words w JOIN posts p ON p.id = w.post_id
    WHERE w.post_id = $4 AND w.post_id < $2 AND w.post_id > $3 AND {ASKED} AND {visibility.searched.sql()}"""


def arguments(asked: Plan) -> tuple[object, ...]:
    """What a plan hands to the statements, from $5 on."""
    return (asked.words, asked.min_likes, asked.below_likes, asked.followed, asked.prompt, asked.no_prompt)


async def finds(viewer_id: int, asked: Plan, post_id: int) -> bool:
    """Whether a plan finds this post for this viewer now."""
    older, newer = asked.older_than or NEWEST, asked.newer_than or 0
    return bool(await fetch(_ONE, viewer_id, older, newer, post_id, *arguments(asked)))


Matched = set[tuple[int, Plan, int | None]]
"""Posts, the plans that find them, and for whom where that matters."""


async def matching(post_ids: Sequence[int], plans: Sequence[Plan]) -> Matched:
    """Which of these plans, all of them for all, find which of these posts; who may see them is not asked."""
    if not post_ids or not plans:
        return set()
    rows = await fetch(
        f"""SELECT w.post_id, q.place FROM unnest($2::text[], $3::int[], $4::int[], $5::bigint[], $6::bigint[])
            WITH ORDINALITY AS q (words, least, below, older, newer, place) CROSS JOIN unnest($1::bigint[]) AS new (id)
        JOIN post_words w ON w.post_id = new.id WHERE (q.words IS NULL OR w.words @@ q.words::tsquery)
            AND (q.least IS NULL OR {_LIKES.format("q.least")}) AND (q.below IS NULL OR NOT {_LIKES.format("q.below")})
            AND (q.older IS NULL OR w.post_id < q.older) AND (q.newer IS NULL OR w.post_id > q.newer)""",
        list(post_ids),
        [each.words for each in plans],
        [each.min_likes for each in plans],
        [each.below_likes for each in plans],
        [each.older_than for each in plans],
        [each.newer_than for each in plans],
    )
    return {(row["post_id"], plans[row["place"] - 1], None) for row in rows}


async def posts(viewer_id: int, asked: Plan, window: Window) -> list[Entry]:
    """The posts of a window, newest first. Raises BadInput when looking for them takes too long."""
    if asked.asks_nothing:
        return []
    older = min(window.older_than, asked.older_than or window.older_than)
    newer = max(window.newer_than, asked.newer_than or 0)
    found: list[int] = []
    stretch = window.limit * 4
    until = time.monotonic() + LONGEST_SECONDS
    try:
        async with transaction():
            # What a query asks decides how it is best answered; a plan that is made for any would walk through all posts.
            await fetch(
                f"SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('statement_timeout', '{STATEMENT_TIMEOUT_MS}', true)"
            )
            while True:
                rows = await fetch(STRETCH[window.direction], viewer_id, older, newer, stretch, *arguments(asked))
                found += [row["id"] for row in rows if row["allowed"]]
                if len(found) >= window.limit or len(rows) < stretch:
                    break
                if time.monotonic() > until:
                    raise BadInput(TOO_BROAD, ["query"])
                if window.direction == "DESC":
                    older = rows[-1]["id"]
                else:
                    newer = rows[-1]["id"]
                stretch = min(stretch * 4, LARGEST_STRETCH)
    except QueryCanceledError:
        raise BadInput(TOO_BROAD, ["query"]) from None
    return [Entry(number, number) for number in sorted(found[: window.limit], reverse=True)]
