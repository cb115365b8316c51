"""What `app.py` hands in: who is asking, and the context that resolvers see. Nothing here knows users or sessions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable
from datetime import datetime
from typing import Protocol, Self

from starlette.requests import HTTPConnection

from execution.receipt import Receipt


class Identity(Protocol):
    """Who is asking, as the authoriser found it; signed out is an identity too, with `user_id` None."""

    @property
    def user_id(self) -> Hashable | None:
        """The person, or None when signed out."""

    @property
    def session_id(self) -> Hashable | None:
        """The session, by which `Sockets.close_sessions` finds the sockets of a revoked one."""

    @property
    def expires_at(self) -> datetime | None:
        """When the credentials end (aware), or None when they do not."""

    @property
    def scopes(self) -> frozenset[str] | None:
        """What the credentials may be used for; None for all that the person may do."""

    @property
    def by_cookie(self) -> bool:
        """Whether a cookie spoke: the browser sends it by itself, so the page's origin is checked."""


class Context(Protocol):
    """What resolvers see as `info.context`: loaders and viewer of one operation or of one delivered event."""

    # What the operation cost; set by the transport before it runs, None for delivered events.
    receipt: Receipt | None

    @property
    def stranger(self) -> str | None:
        """The network that asks where nobody is signed in; None for a person."""

    @property
    def response_headers(self) -> list[tuple[str, str]]:
        """Headers that resolvers want on the HTTP answer (`Set-Cookie`); sockets ignore them."""

    def for_event(self) -> Self:
        """A fresh context (new loaders, rules asked again) for one delivered event of a subscription."""

    def for_group(self) -> Self:
        """A context for an event that is rendered once for many: whatever asks it for the viewer fails."""


# The second argument is the value of `Authorization`: of the header, or of a socket's `connection_init` payload. Raises
# `Refusal` (`Unauthenticated` for a bad token); no credentials at all is the signed-out identity.
Authenticate = Callable[[HTTPConnection, str | None], Awaitable[Identity]]

# Called once per HTTP request and once per operation on a socket.
MakeContext = Callable[[HTTPConnection, Identity], Context]
