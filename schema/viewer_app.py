"""What the viewer has to do with programs: their own tokens, the apps they made, and the apps that act for them."""

from __future__ import annotations

import strawberry

from resolvers import access_token as tokens
from resolvers import app as programs
from resolvers import external_login as external
from schema.access_token import AccessToken
from schema.app import App, ConnectedApp
from schema.external_login import ExternalIdentity


@strawberry.type
class AppsOfViewer:
    access_tokens = strawberry.field(
        resolver=tokens.access_tokens,
        graphql_type=list[AccessToken],
        description="The tokens of their own programs, at most 50, newest first.",
    )
    apps = strawberry.field(
        resolver=programs.apps,
        graphql_type=list[App],
        description="The apps they made, at most 20, oldest first.",
    )
    connected_apps = strawberry.field(
        resolver=programs.connected_apps,
        graphql_type=list[ConnectedApp],
        description="The apps that act for them, at most 201, the latest first.",
    )
    external_identities = strawberry.field(
        resolver=external.external_identities,
        graphql_type=list[ExternalIdentity],
        description="Who they are at outside providers, one for each.",
    )
