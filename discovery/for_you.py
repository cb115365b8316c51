"""For you: candidates, judged by the table of signals, put in an order in which no author stands too close to themselves.

The order is kept as a list of ids (`models/ranked_list.py`); what is shown of it is asked when a page is read.
"""

from __future__ import annotations

import heapq
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from discovery.candidate import MOST_AGE_DAYS, Found, candidates
from discovery.past import Past, past
from discovery.signal import (
    HALF_LIFE_HOURS,
    LEAST_FACTOR,
    NEXT_FACTOR,
    OUT_OF_NETWORK_FACTOR,
    SEEN_FACTOR,
    WEIGHTS,
    Judged,
    Signal,
    judge,
)
from models import opinion, ranked_list
from models.opinion import OpinionRow
from models.ranked_list import Pick

HOME = 0
"""The feed id of the home in ranked lists."""
MOST_PICKS = 300
NEW_DAYS = 30


def id_at(seconds: float) -> int:
    """The least id that can be given at this moment of the epoch."""
    return max(0, int(seconds * 1_000)) << 16


def wished(post: Judged, opinions: Sequence[OpinionRow], now: datetime) -> float:
    """What the reader's opinions about a post, its author and its hashtags make of its score."""
    result = 1.0
    for one in opinions:
        if (
            one.post_id == post.post_id
            or one.user_id == post.author_id
            or (one.hashtag and one.hashtag in post.hashtags)
        ):
            result *= opinion.factor(one.wish, (now - one.created_at).total_seconds() / 86_400)
    return result


def ordered(scores: Mapping[int, float], authors: Mapping[int, int], limit: int) -> list[int]:
    """The best posts, each author's next one worth less: `NEXT_FACTOR · 0.5ᵏ + LEAST_FACTOR`. Of equals the newer is first."""
    heap = [(-score, -post) for post, score in scores.items() if score > 0]
    heapq.heapify(heap)
    stands: Counter[int] = Counter()
    found: list[int] = []
    while heap and len(found) < limit:
        _, negative = heapq.heappop(heap)
        post = -negative
        worth = scores[post] * (NEXT_FACTOR * 0.5 ** stands[authors[post]] + LEAST_FACTOR)
        if heap and -heap[0][0] > worth:
            heapq.heappush(heap, (-worth, negative))  # its turn comes again, unless it is worth less yet by then
            continue
        found.append(post)
        stands[authors[post]] += 1
    return found


def picked(found: Found, judged: Sequence[Judged], opinions: Sequence[OpinionRow], now: datetime) -> list[Pick]:
    """The picks in the order in which they are shown."""
    scores: dict[int, float] = {}
    for post in judged:
        score = post.score(WEIGHTS, HALF_LIFE_HOURS) * wished(post, opinions, now)
        if not post.known[Signal.FOLLOWED]:
            score *= OUT_OF_NETWORK_FACTOR
        scores[post.post_id] = score * SEEN_FACTOR if post.seen else score
    authors = {post.post_id: post.author_id for post in judged}
    return [found.picks[number] for number in ordered(scores, authors, MOST_PICKS)]


async def pick(reader_id: int, *, at: float | None = None, meaning: bool = True) -> list[Pick]:
    """What is picked for a reader now, or would have been at an earlier moment of the epoch (of what is still there): five
    statements, whoever it is. `meaning` says whether nearness is a source (it is, but for who compares)."""
    now = time.time() if at is None else at
    before = ranked_list.LATEST if at is None else id_at(at)
    known: Past = await past(reader_id, before)
    new_since = id_at(now - NEW_DAYS * 86_400)
    found = await candidates(reader_id, known, id_at(now - MOST_AGE_DAYS * 86_400), new_since, before, meaning=meaning)
    judged = await judge(
        reader_id,
        list(found.picks),
        new_since,
        known.affinity,
        found.friends,
        found.taste,
        known.hashtags,
        found.meaning,
    )
    return picked(found, judged, await opinion.all_of(reader_id), datetime.fromtimestamp(now, UTC))


async def list_for(reader_id: int) -> int:
    """The list that a reader begins to read now: a new one, unless one was made just now."""
    known = await ranked_list.newest(reader_id, HOME)
    return known if known is not None else await ranked_list.keep(reader_id, HOME, await pick(reader_id))
