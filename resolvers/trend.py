"""Trends: what more people than usual are at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import strawberry

from models import language as languages
from models import trend
from models.card import HashtagRow
from models.trend import TrendingTag
from resolvers import page
from resolvers.context import Info
from resolvers.timeline import TimelineRow, connection, entry_key, log_cursor

ALL = ""


@dataclass(frozen=True, slots=True)
class TrendsRow:
    """Trends of one language, or of all together."""

    language: str | None
    worked_out_at: datetime | None


@dataclass(frozen=True, slots=True)
class TrendingTagRow:
    """A hashtag that trends."""

    hashtag: HashtagRow
    account_count: int


async def trends(info: Info, language: str | None = strawberry.UNSET) -> TrendsRow:
    """What trends. Raises BadInput for a language that is not told apart."""
    asked = languages.known(language, ["language"]) if isinstance(language, str) else None
    return TrendsRow(asked, await trend.worked_out_at())


async def trending_hashtags(parent: strawberry.Parent[TrendsRow], info: Info) -> Sequence[TrendingTagRow]:
    """The hashtags that trend, strongest first."""
    found: list[TrendingTag] = await trend.tags(info.context.viewer_id, parent.language or ALL)
    return [TrendingTagRow(HashtagRow(tag.name), tag.accounts) for tag in found]


async def trending_posts(
    parent: strawberry.Parent[TrendsRow],
    info: Info,
    first: int | None = strawberry.UNSET,
    after: str | None = strawberry.UNSET,
    last: int | None = strawberry.UNSET,
    before: str | None = strawberry.UNSET,
) -> TimelineRow:
    """The posts that trend, strongest first."""
    question = page.asked(first, after, last, before)
    live_cursor = await log_cursor()
    window = question.window(newest_first=True)
    entries = await trend.posts(info.context.viewer_id, parent.language or ALL, window)
    return await connection(info.context, page.page_of(question, entries, entry_key), live_cursor)
