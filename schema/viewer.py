"""The viewer: what only they see of themselves."""

from __future__ import annotations

import strawberry

from resolvers import acquaintance as bonds
from resolvers import board as boards
from resolvers import chat as talks
from resolvers import credit as ledger
from resolvers import custom_feed as custom
from resolvers import direct_message as letters
from resolvers import email_address as addresses
from resolvers import for_you as picking
from resolvers import gate as gates
from resolvers import image as images
from resolvers import invitation as inviting
from resolvers import job as jobs
from resolvers import kept_draft as kept_drafts
from resolvers import labeler as labeling
from resolvers import muting, notification_setting
from resolvers import narrowing as narrowings
from resolvers import notification as told
from resolvers import permit as permits
from resolvers import preset as presets
from resolvers import prompt as prompts
from resolvers import reading_place as reading_places
from resolvers import remix as remixing
from resolvers import saved_search as searches
from resolvers import second_factor as factors
from resolvers import session as sessions
from resolvers import style_code as style_codes
from resolvers import suggestion as suggestions
from resolvers import thread as threads
from resolvers import timeline as timelines
from resolvers import user as users
from resolvers import user_list as lists
from resolvers import viewing as views
from resolvers import webhook as hooks
from schema.acquaintance import UserConnection
from schema.board import BoardConnection
from schema.chat import ChatConnection, ChatSettings, DirectMessageConnection
from schema.credit import Credits, GenerationQuote
from schema.custom_feed import CustomFeed, CustomFeedConnection, FeedPreview
from schema.email_address import Email
from schema.image import ImageConnection
from schema.interface_language import InterfaceLanguage
from schema.invitation import InvitationConnection
from schema.job import GenerationJobConnection
from schema.kept_draft import DraftConnection
from schema.labeler import Labeler
from schema.moderation_viewer import ModerationViewer
from schema.muting import MutedWordConnection
from schema.narrowing import PostNarrowing
from schema.notification import NotificationConnection, NotificationRequestConnection, NotificationSettings
from schema.nullability import FALLIBLE
from schema.opinion import OpinionConnection
from schema.preset import PresetConnection
from schema.prompt import PastPromptConnection
from schema.reading_place import ReadingPlace
from schema.remix import RemixRequestConnection, Sharing
from schema.saved_search import SavedSearchConnection
from schema.second_factor import AccountSecurity
from schema.session import SessionConnection
from schema.style_code import StyleCodeConnection
from schema.suggestion import FollowSuggestion
from schema.thread import GenerationThreadConnection
from schema.timeline import TimelineConnection
from schema.user import User
from schema.user_list import UserListConnection
from schema.viewer_app import AppsOfViewer
from schema.viewing import Viewing
from schema.webhook import Webhook


@strawberry.type(description="Whoever is signed in, and what only they see.")
class Viewer(AppsOfViewer, ModerationViewer):
    user = strawberry.field(resolver=users.viewer_user, graphql_type=User, description="The viewer as others see them.")
    unread_notification_count = strawberry.field(
        resolver=told.unread_notification_count,
        description="How many notifications have something they have not read; 1,000 stands for more, too.",
    )
    notifications = strawberry.field(
        resolver=told.notifications,
        graphql_type=NotificationConnection | None,
        directives=FALLIBLE,
        description="What they are told of, the latest first; of these kinds (at most 20), or of all when left out or empty.",
    )
    notification_requests = strawberry.field(
        resolver=told.notification_requests,
        graphql_type=NotificationRequestConnection | None,
        directives=FALLIBLE,
        description="People whose doings their filters hold back, the latest first.",
    )
    notification_request_count = strawberry.field(
        resolver=told.notification_request_count,
        description="How many people their filters hold back; 100 stands for more, too.",
    )
    notification_settings = strawberry.field(
        resolver=notification_setting.notification_settings,
        graphql_type=NotificationSettings,
        description="How they want to be told.",
    )
    unread_chat_count = strawberry.field(
        resolver=talks.unread_chat_count,
        description="In how many chats something waits to be read that they take part in and have not muted; 100 stands for more, too.",
    )
    chat_request_count = strawberry.field(
        resolver=talks.chat_request_count,
        description="How many chats they are asked into; 100 stands for more, too.",
    )
    chats = strawberry.field(
        resolver=talks.chats,
        graphql_type=ChatConnection | None,
        directives=FALLIBLE,
        description="Their chats, or those they are asked into, the one first in which something was said last.",
    )
    message_search = strawberry.field(
        resolver=letters.message_search,
        graphql_type=DirectMessageConnection | None,
        directives=FALLIBLE,
        description="The messages they may see, of all chats or of one, that have all these words (the last as a beginning, too),"
        " newest first.",
    )
    chat_settings = strawberry.field(
        resolver=talks.chat_settings, graphql_type=ChatSettings, description="What they settled about messages."
    )
    shows_sensitive = strawberry.field(
        resolver=gates.shows_sensitive,
        description="Whether they want pictures marked as sensitive shown at once (`updatePreferences`).",
    )
    language = strawberry.field(
        resolver=gates.viewer_language,
        graphql_type=InterfaceLanguage,
        description="The language in which they are written to (`updatePreferences`): English until they say one.",
    )
    home_timeline = strawberry.field(
        resolver=timelines.home_timeline,
        graphql_type=TimelineConnection | None,
        directives=FALLIBLE,
        description="Their own posts, and posts and reposts of those they follow, newest first. Where several bring a post it stands"
        " there once, for the first of them; a repost that comes 12 hours or more after any other reason brings it up again, as"
        " another edge with the same node: tell edges apart by `cursor`.",
    )
    home_place = strawberry.field(
        resolver=reading_places.home_place,
        graphql_type=ReadingPlace | None,
        description="How far they have read at home, on whichever device (`keepHomePlace`); null when that was never kept.",
    )
    for_you_timeline = strawberry.field(
        resolver=picking.for_you_timeline,
        graphql_type=TimelineConnection | None,
        description="Posts picked for them out of the last 14 days, each with its `reason`: of those they follow, of whom these like,"
        " of people with their taste, under hashtags they care for, of what trends, and of newcomers; ranked by a table that is"
        " published with the source, with no author close to themselves. The order is kept for 24 hours: a cursor leads on in the"
        " very list it is of, and what the viewer may no longer see leaves no hole. Without a cursor a new list begins. Null when"
        " they turned it off (`Viewing.forYou`), and for a cursor of a list that is over.",
    )
    opinions = strawberry.field(
        resolver=picking.opinions,
        graphql_type=OpinionConnection | None,
        directives=FALLIBLE,
        description="What they want to see more or less of in what is picked for them, newest first, at most 500.",
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
    boards = strawberry.field(
        resolver=boards.viewer_boards,
        graphql_type=BoardConnection | None,
        directives=FALLIBLE,
        description="Their own boards, and those that others share with them, newest first.",
    )
    lists = strawberry.field(
        resolver=lists.viewer_lists,
        graphql_type=UserListConnection | None,
        directives=FALLIBLE,
        description="Their own lists of people, newest first.",
    )
    feeds = strawberry.field(
        resolver=custom.viewer_feeds,
        graphql_type=CustomFeedConnection | None,
        directives=FALLIBLE,
        description="Their own custom feeds, newest first.",
    )
    pinned_feeds = strawberry.field(
        resolver=custom.pinned_feeds,
        graphql_type=list[CustomFeed],
        description="The feeds among the tabs of their home, at most 10, in the order in which they were put there (`pinFeed`); one that"
        " is there for them no longer takes no place.",
    )
    feed_preview = strawberry.field(
        resolver=custom.feed_preview,
        graphql_type=FeedPreview,
        description="What rules would show them; nothing is kept.",
    )
    follow_suggestions = strawberry.field(
        resolver=suggestions.follow_suggestions,
        graphql_type=list[FollowSuggestion],
        description="Whom they might follow, the likeliest first: nobody they follow or asked to, mute or dismissed, no private"
        " account, and nobody from whom a block parts them.",
    )
    saved_searches = strawberry.field(
        resolver=searches.saved_searches,
        graphql_type=SavedSearchConnection | None,
        directives=FALLIBLE,
        description="The searches they saved, in their own order; at most 25.",
    )
    labelers = strawberry.field(
        resolver=labeling.viewer_labelers,
        graphql_type=list[Labeler],
        description="The labelers they listen to and that are there, at most 20, the latest first.",
    )
    is_labeler = strawberry.field(
        resolver=labeling.viewer_is_labeler, description="Whether they put labels on things themselves."
    )
    given_labels = strawberry.field(
        resolver=labeling.given_labels,
        graphql_type=list[str],
        description="Which of their own labels, by their identifiers, stand on a post, an account or a picture; at most 20.",
    )
    sessions = strawberry.field(
        resolver=sessions.sessions,
        graphql_type=SessionConnection | None,
        directives=FALLIBLE,
        description="Where they are signed in, newest first.",
    )
    security = strawberry.field(
        resolver=factors.security,
        graphql_type=AccountSecurity,
        description="What their account asks for when they sign in.",
    )
    email = strawberry.field(
        resolver=addresses.email, graphql_type=Email, description="Where they are written to; nobody else sees it."
    )
    invitations = strawberry.field(
        resolver=inviting.invitations,
        graphql_type=InvitationConnection | None,
        directives=FALLIBLE,
        description="The invitations they gave, newest first.",
    )
    invitation_places_left = strawberry.field(
        resolver=inviting.invitation_places_left,
        description="To how many more people they may give invitations in these 30 days.",
    )
    invited_by = strawberry.field(
        resolver=inviting.invited_by,
        graphql_type=User | None,
        description="Who invited them; null when they came by themselves, and when that person is gone. Nobody else sees it but the"
        " two, and whoever runs this place.",
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
    drafts = strawberry.field(
        resolver=kept_drafts.drafts,
        graphql_type=DraftConnection | None,
        directives=FALLIBLE,
        description="What they have begun to say, last changed first; without what is scheduled, with what could not be published.",
    )
    scheduled_drafts = strawberry.field(
        resolver=kept_drafts.scheduled_drafts,
        graphql_type=DraftConnection | None,
        directives=FALLIBLE,
        description="What is to be published at a time, or when its pictures are made; soonest first.",
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
