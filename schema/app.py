"""Apps of others that act for people, as their developers and those people see them."""

from __future__ import annotations

from datetime import datetime

import strawberry

from models.app import AppRow
from models.app_grant import GrantRow
from models.authorization import AuthorizationProblem
from resolvers import authorization as resolve
from schema.node import Node
from schema.scalar import publish
from schema.scope_enum import Scope
from schema.user import User

publish(
    AuthorizationProblem,
    "Why an app that asks to act for somebody can be told nothing, not even that it went wrong.",
    {
        AuthorizationProblem.BROKEN: "The request cannot be read, or says something twice.",
        AuthorizationProblem.UNKNOWN_APP: "There is no app with this `client_id`.",
        AuthorizationProblem.WRONG_REDIRECT: "The app never named the address at which it wants to be answered.",
    },
)


@strawberry.type(
    description="A program that may act for people who let it (an OAuth client). Only its developer sees it; what it does for whom is"
    " seen by nobody but them."
)
class App(Node):
    client_id: str = strawberry.field(description="What it calls itself by (`client_id`).")
    name: str = strawberry.field(description="What people are told it is called.")
    website: str = strawberry.field(description="Where people read more of it; may be empty.")
    redirect_uris: list[str] = strawberry.field(description="Where it may be answered, at most 10.")
    confidential: bool = strawberry.field(
        name="isConfidential", description="Whether it shows a secret when it fetches tokens."
    )
    created_at: datetime = strawberry.field(description="When it was made.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, AppRow)


@strawberry.type(description="An app that acts for the viewer, as far as they let it. Nobody else sees it.")
class ConnectedApp(Node):
    name: str = strawberry.field(description="What it is called, by its own account.")
    website: str = strawberry.field(description="Where one reads more of it; may be empty.")
    scopes: list[Scope] = strawberry.field(description="What it may do.")
    by_itself: bool = strawberry.field(
        name="isSelfRegistered", description="Whether it registered itself: nobody here stands for its name."
    )
    created_at: datetime = strawberry.field(description="When it was first allowed something.")
    last_used_on: datetime | None = strawberry.field(
        description="The day on which it last asked for something, as its beginning in UTC; null when it never did."
    )

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, GrantRow)


@strawberry.type(description="What an app asks for that sent somebody to `/authorize`.")
class AuthorizationRequest:
    problem: AuthorizationProblem | None = strawberry.field(
        description="Why it can be told nothing; all else is then null or empty. Null when it can."
    )
    app_name: str | None = strawberry.field(
        description="What the app is called, by its own account; null when there is a problem."
    )
    website: str | None = strawberry.field(description="Where one reads more of it; null when it does not say.")
    developer = strawberry.field(
        resolver=resolve.developer,
        graphql_type=User | None,
        description="Who made it; null when it registered itself, and nobody here stands for its name.",
    )
    destination: str | None = strawberry.field(
        description="Where the viewer is sent afterwards: the host, or the scheme of a program on their device. Null when"
        " there is a problem."
    )
    is_on_device: bool = strawberry.field(description="Whether that is a program on the viewer's own device.")
    scopes: list[Scope] = strawberry.field(description="What it wants to be allowed.")
    granted_scopes: list[Scope] = strawberry.field(description="What of that the viewer allowed it before.")
    is_remembered: bool = strawberry.field(
        description="Whether the viewer allowed all of it before and does not want to be asked."
    )
    refusal_uri: str | None = strawberry.field(
        description="Where the app is told that its request is wrong: it can only be sent there. Null when it is right."
    )
    ticket: str | None = strawberry.field(
        description="Shows, for 15 minutes, that the viewer was asked (`authorizeApp`); null when nobody is signed in."
    )
