"""Ranked feeds: the newest posts of a custom feed, judged by the table of signals with the feed's own weights.

They are made as what is picked for somebody is (`discovery/for_you.py`), and kept as lists (`models/ranked_list.py`): pages stay.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from discovery import feed_timeline, for_you
from discovery.candidate import MOST_AGE_DAYS, candidates
from discovery.feed_plan import FeedPlan
from discovery.for_you import MOST_PICKS, NEW_DAYS, id_at
from discovery.past import past
from discovery.signal import SEEN_FACTOR, WEIGHTS, Judged, Signal, judge
from models import opinion, ranked_list
from models.opinion import OpinionRow
from models.ranked_list import Pick
from models.timeline import Window

MOST_JUDGED = 400  # the newest posts of a feed
MOST_SIGNALS = 3  # that are told of a post


def weights(plan: FeedPlan) -> Mapping[Signal, float]:
    """The table with the feed's weights."""
    times = {Signal(signal.value): weight for signal, weight in plan.rules.weights}
    return {signal: weight * times.get(signal, 1.0) for signal, weight in WEIGHTS.items()}


def strongest(post: Judged, table: Mapping[Signal, float]) -> list[str]:
    """The names of the signals that counted most for a post, the strongest first."""
    worth = {signal: weight * post.known.get(signal, 0.0) for signal, weight in table.items()}
    told = [signal for signal in worth if worth[signal] > 0 and signal is not Signal.PRESENCE]
    return [signal.value for signal in sorted(told, key=lambda signal: -worth[signal])[:MOST_SIGNALS]]


def picked(
    plan: FeedPlan, places: Mapping[int, int], judged: Sequence[Judged], opinions: Sequence[OpinionRow], now: datetime
) -> list[Pick]:
    """The posts in the order in which they are shown; `places` are the sources by post."""
    table = weights(plan)
    scores: dict[int, float] = {}
    for post in judged:
        score = post.score(table, plan.rules.half_life_hours) * for_you.wished(post, opinions, now)
        scores[post.post_id] = score * SEEN_FACTOR if post.seen else score
    known = {post.post_id: post for post in judged}
    authors = {post.post_id: post.author_id for post in judged}
    return [
        Pick(number, str(places[number]), signals=" ".join(strongest(known[number], table)))
        for number in for_you.ordered(scores, authors, MOST_PICKS)
    ]


async def pick(reader_id: int, plan: FeedPlan) -> list[Pick]:
    """What a ranked feed shows a reader now."""
    now = time.time()
    window = Window(MOST_JUDGED, newer_than=plan.newer_than(MOST_AGE_DAYS * 24))
    found = await feed_timeline.posts(reader_id, plan, window)
    if not found:
        return []
    known = await past(reader_id)
    new_since = id_at(now - NEW_DAYS * 86_400)
    near = await candidates(reader_id, known, id_at(now - MOST_AGE_DAYS * 86_400), new_since)
    judged = await judge(
        reader_id,
        [one.post_id for one in found],
        new_since,
        known.affinity,
        near.friends,
        near.taste,
        known.hashtags,
        near.meaning,
    )
    places = {one.post_id: one.place for one in found}
    return picked(plan, places, judged, await opinion.all_of(reader_id), datetime.fromtimestamp(now, UTC))


async def list_for(reader_id: int, feed_id: int, plan: FeedPlan) -> int:
    """The list of a feed that a reader begins to read now: a new one, unless one was made just now."""
    known = await ranked_list.newest(reader_id, feed_id)
    return known if known is not None else await ranked_list.keep(reader_id, feed_id, await pick(reader_id, plan))
