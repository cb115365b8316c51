"""Views: what was counted on the way is written down."""

from __future__ import annotations

from datetime import timedelta

from models.view import store
from realtime.views import Views, today

POSTS_AT_ONCE = 500


async def write_views(views: Views) -> bool:
    """Write down some of the posts that were seen today and yesterday; True while there are more."""
    more = False
    for day in (today() - timedelta(days=1), today()):
        found = await views.counted(day, POSTS_AT_ONCE)
        if found is not None:
            await store(day, found.name, found.views)
            await views.settled(day, [post_id for post_id, _ in found.views])
            more = more or len(found.views) == POSTS_AT_ONCE
    return more
