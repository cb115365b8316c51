"""Who is asking, and the process-wide things a resolver may reach: one context per request, operation or delivered event."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeAlias

import strawberry

from errors import Forbidden, Unauthenticated
from execution.receipt import Receipt
from models.visibility import SIGNED_OUT
from realtime.hub import Hub
from realtime.views import Views
from realtime.wire import Wire
from resolvers.audience import Audience
from resolvers.examination import Examination
from resolvers.homes import Homes
from resolvers.loaders import Loaders
from safety.address import network_of
from safety.check import Checks
from safety.points import Points
from settings import Settings
from storage.bucket import Bucket


class Claims(Protocol):
    """What an outside provider says of somebody."""

    @property
    def subject(self) -> str:
        """Who they are there, for ever."""

    @property
    def email(self) -> str | None:
        """An address of theirs."""

    @property
    def email_verified(self) -> bool:
        """Whether the provider knows that it is theirs."""

    @property
    def name(self) -> str:
        """How they are called; may be empty."""

    @property
    def nickname(self) -> str:
        """A short name of theirs; may be empty."""


class Provider(Protocol):
    """Somebody outside with whom people may sign in."""

    issuer: str

    async def address(self, state: str, nonce: str, verifier: str) -> str:
        """Where a person goes to prove who they are. Raises Unauthenticated when it cannot be asked."""

    async def prove(self, code: str, nonce: str, verifier: str) -> Claims:
        """Who came back with this code. Raises Unauthenticated."""


Write = Callable[[str], Awaitable[str | None]]
"""Asks a text model to say more of a prompt: what it said, unlooked at, or None. Raises nothing for a model that fails."""


@dataclass(frozen=True, slots=True)
class House:
    """What the process shares."""

    settings: Settings
    hub: Hub
    wire: Wire
    audience: Audience
    bucket: Bucket
    points: Points
    homes: Homes
    examination: Examination
    views: Views
    write: Write | None = None  # where a text model is named
    checks: Checks | None = None  # what looks at uploads
    provider: Provider | None = None  # with whom people may sign in, where one is named
    push_key: str | None = None  # what browsers subscribe with, where anything is pushed


@dataclass(frozen=True, slots=True)
class Asker:
    """Who is asking: nobody signed in (`user_id` None), or the person and session whose secret was shown."""

    user_id: int | None = None
    session_id: int | None = None
    expires_at: datetime | None = None
    by_cookie: bool = False
    is_suspended: bool = False
    scopes: frozenset[str] | None = None  # of a token or an app; None: all that the person may do


NOBODY = Asker()


@dataclass(slots=True)
class Context:
    """One asking. `loaders` remember rows for as long as this context lives, never longer."""

    house: House
    asker: Asker = NOBODY
    device: str = ""
    secure: bool = False
    host: str = ""  # the address that asks
    browser: str = ""  # the name that a browser has in a cookie, if it has one
    response_headers: list[tuple[str, str]] = field(default_factory=list)
    receipt: Receipt | None = None
    asked_writer: bool = False  # once an operation, or one of many aliases would go on for minutes
    _loaders: Loaders | None = None

    @property
    def loaders(self) -> Loaders:
        """Rows by id, made when first asked for: most live events ask for none."""
        if self._loaders is None:
            self._loaders = Loaders(self.viewer_id)
        return self._loaders

    @property
    def viewer_id(self) -> int:
        """Who asks; `SIGNED_OUT` (0) when nobody is signed in."""
        return SIGNED_OUT if self.asker.user_id is None else self.asker.user_id

    @property
    def stranger(self) -> str | None:
        """The network that asks where nobody is signed in; None for a person."""
        return network_of(self.host) if self.asker.user_id is None else None

    def require_viewer(self) -> int:
        """Who asks. Raises Unauthenticated when nobody is signed in."""
        if self.asker.user_id is None:
            raise Unauthenticated("Sign in to do this.")
        return self.asker.user_id

    def require_writer(self) -> int:
        """Who asks, to change something. Raises Unauthenticated when nobody is signed in, Forbidden when they are suspended."""
        viewer_id = self.require_viewer()
        if self.asker.is_suspended:
            raise Forbidden("This account is suspended: it can read and change nothing.")
        return viewer_id

    def for_event(self) -> Context:
        """A context for one delivered event: the same asker, nothing remembered."""
        return Context(self.house, self.asker, self.device, self.secure, self.host, self.browser)

    def for_group(self) -> Context:
        """A context for an event that is rendered once for many: whatever asks who looks fails."""
        return Nobodys(self.house)

    def become(self, asker: Asker) -> None:
        """From here on, somebody else asks (after signing in or out within a request)."""
        self.asker = asker
        self.forget()

    def forget(self) -> None:
        """Remember no rows read so far."""
        self._loaders = None


class Nobodys(Context):
    """A context that nobody asks in: it has the house, and nothing that depends on a viewer."""

    __slots__ = ()

    def __init__(self, house: House) -> None:
        self.house = house  # all else is left unset, so that reading it fails
        self.receipt = None


Info: TypeAlias = strawberry.Info[Context, None]
