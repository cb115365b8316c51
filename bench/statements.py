"""The statements of the product that a home takes, for those who answer it otherwise: peers and the bare loop."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from models import card, timeline

CONNECTION = {"jit": "off"}
"""What their connections are told, as ours are: compiling a statement costs more than a page."""

IDENTIFY = (
    "SELECT id, user_id, bearer, expires_at, last_used_at < now() - make_interval(secs => $2) AS stale"
    " FROM sessions WHERE token_hash = $1 AND expires_at > now() AND bearer = $3"
)


@functools.cache
def statements() -> Mapping[str, str]:
    """SQL by name. They carry the rules of visibility, so every server shows the same page."""
    quick, thorough = timeline.home_statements()
    return {
        "identify": IDENTIFY,
        "home": quick,
        "thorough": thorough,
        "posts": card.posts_sql(),
        "users": card.USERS_SQL,
    }
