"""Polls: a question in a post, two to four answers, until a moment.

A poll belongs to its post, and who sees the post may vote, once. What is asked anew (other answers) is another poll with another
id, so no vote for the old one counts. Votes are counted like likes: a delta for each, exact at every moment, and the post's
version rises. Nobody but the voter is told what they chose.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asyncpg import Record

from errors import BadInput, Conflict, Forbidden, NotFound
from models import counter, facet, node_id
from models.database import fetch, fetch_one
from models.event import Kind, record
from models.post import seen
from models.relation import THERE

FEWEST_OPTIONS, MOST_OPTIONS = 2, 4
LONGEST_OPTION = 50  # graphemes
SHORTEST_MINUTES, LONGEST_MINUTES = 5, 7 * 24 * 60
ENDS_TOLD_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class PollDraft:
    """A poll somebody wants to put into a post."""

    options: Sequence[str]
    minutes: int
    multiple: bool = False
    hides_results: bool = False


@dataclass(slots=True)
class PollOptionRow:
    """One answer; `vote_count` is None as long as the viewer is not shown results."""

    index: int
    text: str
    vote_count: int | None


@dataclass(slots=True)
class PollRow:
    """A poll as one viewer sees it."""

    id: int
    multiple: bool
    hides_results: bool
    ends_at: datetime
    has_ended: bool
    voter_count: int
    options: list[PollOptionRow]
    viewer_choices: list[int]
    viewer_can_vote: bool

    @property
    def gid(self) -> str:
        """The global id."""
        return node_id.encode("poll", self.id)


COLUMNS = f"""CASE WHEN p.poll_id IS NOT NULL THEN (
        SELECT json_build_object('id', q.id::text, 'options', q.options, 'multiple', q.multiple, 'hides_results', q.hides_results,
            'ends_at', q.ends_at, 'has_ended', q.ends_at <= now(), 'voters', n.voters,
            'counts', json_build_array(n.first, n.second, n.third, n.fourth))
        FROM polls q JOIN LATERAL {counter.POLLS.shown("q.id")} AS n ON true WHERE q.id = p.poll_id
    ) END AS poll,
    CASE WHEN p.poll_id IS NOT NULL AND $1::bigint <> 0 THEN (
        SELECT v.choices FROM poll_votes v WHERE v.poll_id = p.poll_id AND v.user_id = $1
    ) END AS choices"""
"""What `poll_of` reads, beside posts `p`; $1 is the viewer. Of a post without a poll nothing is looked up."""


def poll_of(row: Record | Mapping[str, Any], viewer_id: int, *, signed_in: bool) -> PollRow | None:
    """The poll of a row that has `COLUMNS`, as this viewer sees it; None where there is none."""
    found = row["poll"]
    if found is None:
        return None
    choices = list(row["choices"] or ())
    own = row["author_id"] == viewer_id
    shows = own or bool(choices) or found["has_ended"] or not found["hides_results"]
    return PollRow(
        int(found["id"]),
        found["multiple"],
        found["hides_results"],
        datetime.fromisoformat(found["ends_at"]),
        found["has_ended"],
        found["voters"],
        [
            PollOptionRow(index, text, found["counts"][index] if shows else None)
            for index, text in enumerate(found["options"])
        ],
        choices,
        signed_in and not own and not choices and not found["has_ended"],
    )


def checked(draft: PollDraft) -> PollDraft:
    """The poll as it is stored. Raises BadInput: too few or many answers, one that is empty, too long or there twice, a time out
    of bounds."""
    if not FEWEST_OPTIONS <= len(draft.options) <= MOST_OPTIONS:
        raise BadInput(f"A poll has {FEWEST_OPTIONS} to {MOST_OPTIONS} answers.", ["poll", "options"])
    options: list[str] = []
    for index, text in enumerate(draft.options):
        kept = facet.kept(text, LONGEST_OPTION, LONGEST_OPTION * 12)
        kept = kept if kept is None else " ".join(kept.split())
        if not kept:
            raise BadInput(f"An answer has 1 to {LONGEST_OPTION} characters.", ["poll", "options", str(index)])
        if facet.folded(kept) in map(facet.folded, options):
            raise BadInput("No two answers are the same.", ["poll", "options", str(index)])
        options.append(kept)
    if not SHORTEST_MINUTES <= draft.minutes <= LONGEST_MINUTES:
        raise BadInput(f"A poll is open for {SHORTEST_MINUTES} minutes to 7 days.", ["poll", "minutes"])
    return PollDraft(options, draft.minutes, draft.multiple, draft.hides_results)


async def begin(post_id: int, draft: PollDraft) -> int:
    """Put a checked poll into a post, open from now on; gives its id. The caller holds the transaction."""
    row = await fetch_one(
        """INSERT INTO polls (post_id, options, multiple, hides_results, ends_at)
        VALUES ($1, $2, $3, $4, now() + make_interval(mins => $5)) RETURNING id""",
        post_id,
        list(draft.options),
        draft.multiple,
        draft.hides_results,
        draft.minutes,
    )
    if row is None:
        raise RuntimeError("A poll was not stored.")
    await fetch("INSERT INTO poll_counts (subject_id) VALUES ($1)", row["id"])
    await fetch("UPDATE posts SET poll_id = $2 WHERE id = $1", post_id, row["id"])
    return int(row["id"])


async def forget(post_id: int) -> None:
    """Take every poll of a post out, with its votes. The caller holds the post in the transaction."""
    await fetch("UPDATE posts SET poll_id = NULL WHERE id = $1 AND poll_id IS NOT NULL", post_id)
    await fetch("DELETE FROM polls WHERE post_id = $1", post_id)


async def stored(poll_id: int | None) -> Record | None:
    """The row of a poll."""
    return None if poll_id is None else await fetch_one("SELECT * FROM polls WHERE id = $1", poll_id)


async def post_of(poll_id: int) -> int | None:
    """The post whose poll this is now."""
    row = await fetch_one(
        "SELECT id FROM posts WHERE id = (SELECT post_id FROM polls WHERE id = $1) AND poll_id = $1", poll_id
    )
    return None if row is None else int(row["id"])


async def votes(poll_ids: Sequence[int], viewer_ids: Sequence[int]) -> dict[tuple[int, int], tuple[int, ...]]:
    """What these people chose in these polls, by person and post."""
    rows = await fetch(
        """SELECT v.user_id, q.post_id, v.choices FROM poll_votes v JOIN polls q ON q.id = v.poll_id
        WHERE v.poll_id = ANY($1::bigint[]) AND v.user_id = ANY($2::bigint[])""",
        poll_ids,
        viewer_ids,
    )
    return {(row["user_id"], row["post_id"]): tuple(row["choices"]) for row in rows}


async def vote(viewer_id: int, poll_id: int, choices: Sequence[int]) -> int:
    """Vote; the id of the post. The same vote again changes nothing. The caller holds the transaction.

    Raises NotFound when the viewer does not see the post (or it asks something else now), Forbidden to its author, BadInput for
    choices that there are not, Conflict when it is over or the viewer chose otherwise before.
    """
    post_id = await post_of(poll_id)
    found = await stored(poll_id)
    try:
        post = await seen(viewer_id, post_id or 0, "pollId")
    except NotFound:
        post = None
    if post_id is None or post is None or found is None or post["poll_id"] != poll_id:
        raise NotFound("There is no such poll.", ["pollId"])
    if post["author_id"] == viewer_id:
        raise Forbidden("One does not vote in a poll of one's own.", ["pollId"])
    wanted = sorted(set(choices))
    if not wanted or len(wanted) != len(choices) or wanted[0] < 0 or wanted[-1] >= len(found["options"]):
        raise BadInput("Choose from the answers of the poll, each once.", ["choices"])
    if len(wanted) > 1 and not found["multiple"]:
        raise BadInput("One answer can be chosen in this poll.", ["choices"])
    done = await fetch(
        f"""WITH {THERE} INSERT INTO poll_votes (poll_id, user_id, choices) SELECT q.id, $1, $3 FROM polls q, there
        WHERE q.id = $2 AND q.ends_at > clock_timestamp() ON CONFLICT DO NOTHING RETURNING user_id""",
        viewer_id,
        poll_id,
        wanted,
    )
    if not done:
        before = await fetch_one(
            "SELECT choices FROM poll_votes WHERE poll_id = $1 AND user_id = $2", poll_id, viewer_id
        )
        if before is None:
            raise Conflict("This poll is over.", ["pollId"])
        if list(before["choices"]) != wanted:
            raise Conflict("You have voted in this poll already.", ["choices"])
        return post_id
    one, two, three, four = (int(index in wanted) for index in range(MOST_OPTIONS))
    await fetch(
        "INSERT INTO poll_count_deltas (subject_id, first, second, third, fourth, voters) VALUES ($1, $2, $3, $4, $5, 1)",
        poll_id,
        one,
        two,
        three,
        four,
    )
    await counter.count_post(post_id)
    await record(Kind.POST_COUNTED, [f"post:{post_id}"], post_id=post_id)  # by nobody: the log does not say who voted
    return post_id


async def turn_votes(user_id: int, sign: int) -> list[int]:
    """Take the votes of somebody who goes out of every count (-1), or put them back (1); the posts whose polls these are now."""
    rows = await fetch(
        """WITH cast_ AS (SELECT poll_id, choices FROM poll_votes WHERE user_id = $1), moved AS (
            INSERT INTO poll_count_deltas (subject_id, first, second, third, fourth, voters)
            SELECT poll_id, $2::int * (0 = ANY(choices))::int, $2 * (1 = ANY(choices))::int, $2 * (2 = ANY(choices))::int,
                $2 * (3 = ANY(choices))::int, $2 FROM cast_
        ) SELECT p.id FROM cast_ c JOIN posts p ON p.poll_id = c.poll_id ORDER BY p.id DESC""",
        user_id,
        sign,
    )
    return [row["id"] for row in rows]


async def tell_ends() -> int:
    """Tell of polls whose time is over, each once; how many. The caller holds the transaction.

    A poll is over by the clock alone: this is for those who have it on screen, and for what follows from its end.
    """
    rows = await fetch(
        """UPDATE polls SET end_told = true WHERE id IN (
            SELECT id FROM polls WHERE NOT end_told AND ends_at <= now() ORDER BY ends_at LIMIT $1 FOR UPDATE SKIP LOCKED
        ) RETURNING id, post_id""",
        ENDS_TOLD_AT_ONCE,
    )
    for row in rows:
        if await fetch("SELECT 1 FROM posts WHERE id = $1 AND poll_id = $2", row["post_id"], row["id"]):
            await counter.count_post(row["post_id"])
            await record(Kind.POLL_ENDED, [f"post:{row['post_id']}"], post_id=row["post_id"], subject_id=row["id"])
    return len(rows)
