"""The viewer: what only they see of themselves."""

from __future__ import annotations

from datetime import datetime

import strawberry

from resolvers import acquaintance as bonds
from resolvers import credit as ledger
from resolvers import gate as gates
from resolvers import image as images
from resolvers import job as jobs
from resolvers import muting
from resolvers import narrowing as narrowings
from resolvers import permit as permits
from resolvers import preset as presets
from resolvers import prompt as prompts
from resolvers import remix as remixing
from resolvers import session as sessions
from resolvers import style_code as style_codes
from resolvers import thread as threads
from resolvers import timeline as timelines
from resolvers import user as users
from resolvers import viewer as resolve
from resolvers import viewing as views
from resolvers import webhook as hooks
from schema.acquaintance import UserConnection
from schema.credit import Credits, GenerationQuote
from schema.image import ImageConnection
from schema.job import GenerationJobConnection
from schema.muting import MutedWordConnection
from schema.narrowing import PostNarrowing
from schema.node import Node, PageInfo
from schema.nullability import FALLIBLE
from schema.preset import PresetConnection
from schema.prompt import PastPromptConnection
from schema.remix import RemixRequestConnection, Sharing
from schema.style_code import StyleCodeConnection
from schema.thread import GenerationThreadConnection
from schema.timeline import TimelineConnection
from schema.user import User
from schema.viewing import Viewing
from schema.webhook import Webhook


@strawberry.type(description="A device or program that is signed in as the viewer; nobody else sees it.")
class Session(Node):
    device: str = strawberry.field(
        description="What signed in, in a few words such as Firefox on Linux; empty when it did not say."
    )
    bearer: bool = strawberry.field(
        description="Whether it is a program with a bearer token rather than a browser with a cookie."
    )
    created_at: datetime = strawberry.field(description="When it signed in.")
    last_used_at: datetime = strawberry.field(description="When it was last heard of, to a few minutes.")
    expires_at: datetime = strawberry.field(description="When it ends by itself.")
    is_current: bool = strawberry.field(description="Whether it is the one that asks.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, sessions.SessionRow)


@strawberry.type(description="A session in the viewer's list.")
class SessionEdge:
    cursor: str = strawberry.field(description="Its place, for paging.")
    node: Session = strawberry.field(description="The session.")


@strawberry.type(description="The viewer's sessions, newest first.")
class SessionConnection:
    edges: list[SessionEdge] = strawberry.field(description="The sessions of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")


@strawberry.type(description="Whoever is signed in, and what only they see.")
class Viewer:
    user = strawberry.field(resolver=users.viewer_user, graphql_type=User, description="The viewer as others see them.")
    unread_notification_count = strawberry.field(
        resolver=resolve.unread_notification_count, description="How many notifications they have not read."
    )
    shows_sensitive = strawberry.field(
        resolver=gates.shows_sensitive,
        description="Whether they want pictures marked as sensitive shown at once (`updatePreferences`).",
    )
    home_timeline = strawberry.field(
        resolver=timelines.home_timeline,
        graphql_type=TimelineConnection | None,
        directives=FALLIBLE,
        description="Their own posts, and posts and reposts of those they follow, newest first. A post stands there once, for its first reason.",
    )
    bookmarks = strawberry.field(
        resolver=timelines.bookmarks,
        graphql_type=TimelineConnection | None,
        directives=FALLIBLE,
        description="What they keep, last kept first.",
    )
    follow_requests = strawberry.field(
        resolver=bonds.follow_requests,
        graphql_type=UserConnection | None,
        directives=FALLIBLE,
        description="Who asked to follow them and waits for an answer, the newest first.",
    )
    follow_request_count = strawberry.field(
        resolver=bonds.follow_request_count, description="How many wait for an answer; 100 stands for more, too."
    )
    blocked_users = strawberry.field(
        resolver=bonds.blocked_users,
        graphql_type=UserConnection | None,
        directives=FALLIBLE,
        description="Whom they block, the newest first.",
    )
    muted_users = strawberry.field(
        resolver=bonds.muted_users,
        graphql_type=UserConnection | None,
        directives=FALLIBLE,
        description="Whom they mute, the newest first; `viewerMute` says until when.",
    )
    muted_words = strawberry.field(
        resolver=muting.muted_words,
        graphql_type=MutedWordConnection | None,
        directives=FALLIBLE,
        description="The words they mute, at most 200, newest first.",
    )
    sessions = strawberry.field(
        resolver=sessions.sessions,
        graphql_type=SessionConnection | None,
        directives=FALLIBLE,
        description="Where they are signed in, newest first.",
    )
    images = strawberry.field(
        resolver=images.images,
        graphql_type=ImageConnection | None,
        directives=FALLIBLE,
        description="Their own pictures, uploaded or made here, newest first: to choose from.",
    )
    user_suggestions = strawberry.field(
        resolver=users.user_suggestions,
        graphql_type=list[User],
        description="At most 8 people whose handle begins so, those the viewer follows first: to complete a mention. People"
        " the viewer blocks are left out.",
    )
    generation_threads = strawberry.field(
        resolver=threads.generation_threads,
        graphql_type=GenerationThreadConnection | None,
        directives=FALLIBLE,
        description="Their threads of jobs, the one with the newest turn first.",
    )
    presets = strawberry.field(
        resolver=presets.presets,
        graphql_type=PresetConnection | None,
        directives=FALLIBLE,
        description="Their own presets, newest first.",
    )
    style_codes = strawberry.field(
        resolver=style_codes.style_codes,
        graphql_type=StyleCodeConnection | None,
        directives=FALLIBLE,
        description="Their own style codes, newest first.",
    )
    prompt_history = strawberry.field(
        resolver=prompts.prompt_history,
        graphql_type=PastPromptConnection | None,
        directives=FALLIBLE,
        description="What they asked for, each text once, the newest use first.",
    )
    prompt_suggestions = strawberry.field(
        resolver=prompts.prompt_suggestions,
        graphql_type=list[str],
        description="At most 8 prompts that have what was begun: their own, then ideas of the house.",
    )
    remix_requests = strawberry.field(
        resolver=permits.remix_requests,
        graphql_type=RemixRequestConnection | None,
        directives=FALLIBLE,
        description="Who asks to remix their posts, newest first; in one state, or in all.",
    )
    sent_remix_requests = strawberry.field(
        resolver=permits.sent_remix_requests,
        graphql_type=RemixRequestConnection | None,
        directives=FALLIBLE,
        description="What they asked to remix, newest first; in one state, or in all.",
    )
    sharing = strawberry.field(
        resolver=remixing.viewer_sharing, graphql_type=Sharing, description="What their new posts begin with."
    )
    viewing = strawberry.field(
        resolver=views.viewer_viewing, graphql_type=Viewing, description="How they want to be shown what others post."
    )
    generation_jobs = strawberry.field(
        resolver=jobs.generation_jobs,
        graphql_type=GenerationJobConnection | None,
        directives=FALLIBLE,
        description="Their jobs, newest first.",
    )
    credits = strawberry.field(
        resolver=ledger.viewer_credits,
        graphql_type=Credits,
        description="What they have for making pictures, and where it went.",
    )
    generation_quote = strawberry.field(
        resolver=ledger.generation_quote,
        graphql_type=GenerationQuote | None,
        description="What a job would cost, before it is asked for; null when no engine here can make it (an error then says why) or there is no such picture of theirs.",
    )
    post_narrowing = strawberry.field(
        resolver=narrowings.viewer_narrowing,
        graphql_type=PostNarrowing | None,
        description="How far it is that their old posts are made for fewer people, as they asked last; null when they never did.",
    )
    webhooks = strawberry.field(
        resolver=hooks.webhooks,
        graphql_type=list[Webhook],
        description="The addresses that are told what becomes of their jobs, at most 10, oldest first.",
    )
