"""Who shows a token in `Authorization`: a session of their own, or a token that may do only what it was given."""

from __future__ import annotations

from models import access_token, app_session, session
from models.scope import Scope
from models.token_text import TokenKind, kind_of
from resolvers.context import Asker

LONGEST_TOKEN = 200


async def asker_by(token: str, network: str = "") -> Asker | None:
    """Who asks by this token from this network, or None when it is nobody's, expired or revoked. What is no token costs no look."""
    if len(token) > LONGEST_TOKEN:
        return None
    kind = kind_of(token)
    if kind is None:
        own = await session.identify(token, bearer=True, network=network)
        return None if own is None else Asker(own.user_id, own.session_id, own.expires_at, False, own.suspended)
    if kind is TokenKind.PERSONAL:
        mine = await access_token.identify(token)
        return (
            None
            if mine is None
            else Asker(mine.user_id, mine.token_id, mine.expires_at, False, mine.suspended, mine.scopes)
        )
    if kind is TokenKind.ACCESS:
        theirs = await app_session.identify(token)
        if theirs is None:
            return None
        return Asker(theirs.user_id, theirs.session_id, theirs.expires_at, False, theirs.suspended, theirs.scopes)
    return None


def may_look(asker: Asker) -> bool:
    """Whether who asks may see with this person's eyes, where that is no operation of the schema."""
    return asker.scopes is None or Scope.READ.value in asker.scopes
