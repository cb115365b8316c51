"""The root of queries."""

from __future__ import annotations

import strawberry

from resolvers import authorization
from resolvers import external_login as external
from resolvers import hashtag as hashtags
from resolvers import job as jobs
from resolvers import limit as limits
from resolvers import node as nodes
from resolvers import preset as presets
from resolvers import report as reports
from resolvers import search as searches
from resolvers import site as sites
from resolvers import style_code as style_codes
from resolvers import timeline as timelines
from resolvers import trend as trending
from resolvers import user as users
from resolvers import verification as verifications
from resolvers.mark import ALONE
from schema.app import AuthorizationRequest
from schema.external_login import LoginProvider
from schema.job import Engine
from schema.limit import RateLimit
from schema.node import Node
from schema.nullability import FALLIBLE
from schema.post import Hashtag
from schema.preset import Preset
from schema.search import Search
from schema.site import Site
from schema.style_code import StyleCode
from schema.timeline import TimelineConnection
from schema.transparency import ModerationMonth
from schema.trend import Trends
from schema.user import User
from schema.verification import ImageVerification
from schema.viewer import Viewer


@strawberry.type(description="Everything that can be asked. Signed out, what is public.")
class Query:
    viewer = strawberry.field(
        resolver=users.viewer, graphql_type=Viewer | None, description="Whoever is signed in; null when nobody is."
    )
    site = strawberry.field(
        resolver=sites.site,
        graphql_type=Site,
        description="This place: who may open an account, and whether mail goes out.",
    )
    node = strawberry.field(
        resolver=nodes.node,
        graphql_type=Node | None,
        description="The thing with this id; null for garbage, for what is gone and for what the viewer may not see.",
    )
    nodes = strawberry.field(
        resolver=nodes.nodes,
        graphql_type=list[Node | None],
        description="The things with these ids (at most 100), in their order, null for what is missing.",
    )
    user = strawberry.field(
        resolver=users.user_by_handle,
        graphql_type=User | None,
        description="A person by handle, in any case; null when there is none.",
    )
    hashtag = strawberry.field(
        resolver=hashtags.hashtag_by_name,
        graphql_type=Hashtag | None,
        description="A hashtag by its name, in any case, used or not; null for what can be no hashtag.",
    )
    explore_timeline = strawberry.field(
        resolver=timelines.explore_timeline,
        graphql_type=TimelineConnection | None,
        directives=FALLIBLE,
        description="All public posts that are no replies to others, newest first, without people the viewer blocks or mutes.",
    )
    trends = strawberry.field(
        resolver=trending.trends,
        graphql_type=Trends | None,
        description="What more people than usual are at, in one language or in all; null, with an error, for what is no language that"
        " is told apart.",
    )
    search = strawberry.field(
        resolver=searches.search,
        graphql_type=Search,
        description="What a text finds among posts, people and hashtags; open to all.",
    )
    preset = strawberry.field(
        resolver=presets.preset_by_code,
        graphql_type=Preset | None,
        description="A preset by its code; null when there is none, and when it is another's who does not share it.",
    )
    style_code = strawberry.field(
        resolver=style_codes.style_code_by_code,
        graphql_type=StyleCode | None,
        description="A style code by its text; null when there is none, and when it is another's who does not share it.",
    )
    engines = strawberry.field(
        resolver=jobs.engines,
        graphql_type=list[Engine],
        description="The makers of pictures here, and what they can do.",
    )
    verify_image = strawberry.field(
        resolver=verifications.verify_image,
        graphql_type=ImageVerification | None,
        description="Whether a picture was made here, by which proofs, and what it says of itself; open to all. The picture is sent"
        " to `POST /verify` first (the file as the body; or nothing and `?image=` with the id of one that is here), which answers"
        " with a ticket, good for 15 minutes. It is not kept. Null with an error when the ticket is not valid any more.",
        metadata=ALONE,
    )
    authorization_request = strawberry.field(
        resolver=authorization.authorization_request,
        graphql_type=AuthorizationRequest,
        description="What an app asks for that sent somebody to `/authorize`; open to all, with a ticket for who is signed in.",
        metadata=ALONE,
    )
    login_provider = strawberry.field(
        resolver=external.login_provider,
        graphql_type=LoginProvider | None,
        description="With whom outside one may sign in here (`startExternalLogin`); null when there is nobody.",
    )
    rate_limit = strawberry.field(
        resolver=limits.rate_limit,
        graphql_type=RateLimit | None,
        description="The asker's budget of points after this operation; null where nothing is limited, and while points"
        " cannot be counted.",
    )
    transparency = strawberry.field(
        resolver=reports.months,
        graphql_type=list[ModerationMonth],
        description="What moderation had to do, by month, newest first; open to all.",
    )
