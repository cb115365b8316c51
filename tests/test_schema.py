"""The schema as clients read it: printed, described, with the contract in it, and true of the rows behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import orjson
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    OperationDefinitionNode,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    parse,
    specified_scalar_types,
)

from models import node_id, trend
from models.trend import TrendingTag
from realtime import topic
from realtime.wire import SIGNALS
from schema.print import PLACE, main
from tests.chatting import chat_moves
from tests.conftest import Serving
from tests.gatherings import gathering_inputs
from tests.inputs import inputs
from tests.labeling import LISTS_OF_LABELS
from tests.making import remix_rows
from tests.moderating import LISTS_AT_DESK, at_desk, desk_documents
from tests.people import OPERATIONS, Person, Town
from tests.rows import edited, make_rows, ticket_for
from tests.saving import saved_moves
from tests.scheduling import draft_acts
from tests.securing import SIGNING_LISTS
from tests.selection import SCHEMA, Seen, everything, halves, mutation, mutations, object_type, with_query
from tests.telling import happenings
from tests.tokens import connected

OWN = {
    name: kind
    for name, kind in SCHEMA.type_map.items()
    if not name.startswith("__") and kind not in specified_scalar_types.values()
}
# Lists that cannot grow: bounded by a rule of the house, or by the number of engines and their models.
BOUNDED_LISTS = SIGNING_LISTS | {
    "EditReport.did", "EditReport.undone", "Trends.hashtags", "Draft.posts", "DraftPost.images", "DraftPoll.options", "DraftProblem.path", "DraftWish.references", "DraftWish.settings",
    "CreateThreadPayload.posts", "Post.facets", "Post.images", "Query.nodes", "Query.engines", "Engine.models", "Capabilities.outputFormats",
    "Capabilities.styles", "Capabilities.qualities", "ImageCredentials.sourceTypes", "KnownImage.parents", "ImageVerification.proofs",
    "Capabilities.sizes", "Capabilities.upscaleFactors", "GenerationJob.outputs", "GenerationJob.inputs", "ImageUpload.fields", "UserError.path", "LogOutPayload.revokedSessionIds", "RevokeSessionPayload.revokedSessionIds", "ChangePasswordPayload.revokedSessionIds",
    "RevokeOtherSessionsPayload.revokedSessionIds", "NotificationSettings.pushSubscriptions", "Viewer.userSuggestions", "Viewer.webhooks",
    "Viewer.accessTokens", "AccessToken.scopes", "Viewer.apps", "Viewer.connectedApps", "App.redirectUris", "ConnectedApp.scopes", "AuthorizationRequest.scopes", "AuthorizationRequest.grantedScopes", "Viewer.externalIdentities", "Lineage.ancestors", "LineageStep.promptChange", "Recipe.references",
    "PromptEnhancement.additions", "Board.covers", "Board.members", "PostInsights.days", "Viewer.followSuggestions", "FollowSuggestion.followedBy", "FollowSuggestion.hashtags", "Preset.settings", "JobFailure.categories", "Viewer.promptSuggestions", "Webhook.events",
    "Invitation.invitees", "PostFilter.words", "Notification.actors", "NotificationSettings.switches", "Chat.members", "DirectMessage.facets", "DirectMessage.images", "DirectMessage.reactions", "MessageReaction.users", "FeedFilters.languages", "FeedFilters.models", "FeedFilters.withoutHashtags", "FeedFilters.withoutPeople", "FeedFilters.withoutWords",
    *LISTS_OF_LABELS, "FeedProblem.path", "FeedRules.sources", "FeedRules.weights", "FeedSource.people", "TimelineReason.signals", "Viewer.pinnedFeeds", *LISTS_AT_DESK, "Poll.options", "Poll.viewerChoices", "PostVersion.facets", "PostVersion.images", "PostVersionPoll.options",
}  # fmt: skip


def composites() -> Iterator[GraphQLObjectType | GraphQLInterfaceType]:
    """Every object type and interface of ours."""
    for kind in OWN.values():
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            yield kind


# -- as text


def test_the_printed_schema_is_what_the_code_says() -> None:
    assert main(["--check"]) == 0


def test_everything_is_described() -> None:
    bare: list[str] = []

    def look(name: str, described: Any) -> None:
        if not (described.description or "").strip():
            bare.append(name)

    for name, kind in OWN.items():
        look(name, kind)
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for label, field in kind.fields.items():
                look(f"{name}.{label}", field)
                for argument, given in field.args.items():
                    look(f"{name}.{label}({argument}:)", given)
        elif isinstance(kind, GraphQLInputObjectType):
            for label, given in kind.fields.items():
                look(f"{name}.{label}", given)
        elif isinstance(kind, GraphQLEnumType):
            for label, value in kind.values.items():
                look(f"{name}.{label}", value)
    assert bare == []


def test_no_default_is_null() -> None:
    assert re.findall(r".*= null.*", PLACE.read_text()) == []


def test_names_are_as_clients_expect() -> None:
    wrong = []
    for name, kind in OWN.items():
        if not re.fullmatch(r"[A-Z][A-Za-z0-9]*", name):
            wrong.append(name)
        if isinstance(kind, GraphQLEnumType):
            wrong += [f"{name}.{value}" for value in kind.values if not re.fullmatch(r"[A-Z][A-Z0-9_]*", value)]
        elif isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            wrong += [f"{name}.{field}" for field in kind.fields if not re.fullmatch(r"[a-z][A-Za-z0-9]*", field)]
            wrong += [f"{name}.{field}" for field in kind.fields if re.match(r"(get|list)[A-Z]", field)]
        elif isinstance(kind, GraphQLScalarType) and not kind.specified_by_url:
            wrong.append(f"{name}: @specifiedBy")
    assert wrong == []


def test_what_can_grow_is_paged() -> None:
    lists = set()
    for kind in composites():
        for label, field in kind.fields.items():
            inner = field.type.of_type if isinstance(field.type, GraphQLNonNull) else field.type
            if isinstance(inner, GraphQLList) and label not in ("edges", "userErrors"):
                lists.add(f"{kind.name}.{label}")
            if get_named_type(field.type).name.endswith("Connection"):
                assert not isinstance(field.type, GraphQLNonNull), f"{kind.name}.{label}: a bad page makes it null"
                assert {"first", "after"} <= set(field.args) or {"last", "before"} <= set(field.args)
    assert lists == BOUNDED_LISTS
    for name in OWN:
        if name.endswith("Connection"):
            fields = object_type(name).fields
            assert str(fields["pageInfo"].type) == "PageInfo!"
            assert re.fullmatch(r"\[\w+Edge!\]!", str(fields["edges"].type))


def test_every_mutation_has_one_input_and_one_payload() -> None:
    for name, field in mutations().items():
        capital = name[0].upper() + name[1:]
        assert {label: str(given.type) for label, given in field.args.items()} == {"input": f"{capital}Input!"}
        payload = get_named_type(field.type)
        assert isinstance(payload, GraphQLObjectType)
        assert str(field.type) == f"{capital}Payload!"
        assert str(payload.fields["query"].type) == "Query!"
        assert str(payload.fields["userErrors"].type) == "[UserError!]!"
        for label, one in payload.fields.items():
            if not is_leaf_type(get_named_type(one.type)) and label not in ("query", "userErrors"):
                assert not isinstance(one.type, GraphQLNonNull), f"{payload.name}.{label} is null when refused"


# -- the rows behind it


async def subscribed(person: Person, field: str, interface: str, depth: int, seen: Seen, act: Any, until: str) -> None:
    """Follow a feed with every field asked for, do something, and note what comes up to an event of type `until`."""
    async with person.live(f"subscription {{ {field} {everything(interface, depth)} }}") as feed:
        seen.note(feed.first)
        if feed.first["__typename"] != until:
            await act()
            while True:
                event = await feed.next()
                seen.note(event)
                if event["__typename"] == until:
                    break


async def test_every_field_of_every_type_is_answered(town: Town, running: Serving) -> None:
    """The link from a row to its type is made at run time: so every field is asked for once, of a real row."""
    ada, bob = await town.person("ada"), await town.person("bob")
    ids = await make_rows(town, ada, bob)
    ids["ticket"] = await ticket_for(running.application.state.house.examination.tickets, ids["image"])
    ids |= await remix_rows(ada, bob)
    await connected(ada)
    ids |= await at_desk(ada, bob, ids["chat"])
    await trend.keep([TrendingTag("", "tag", "tag", 3, 9.0)], [])
    seen = Seen()
    for document in (
        *(f"{{ __typename viewer {half} }}" for half in halves("Viewer", 4, 10, "followSuggestions")),
        *desk_documents(ids),
        f'{{ __typename verifyImage(ticket: "{ids["ticket"]}") {everything("ImageVerification", 3)} }}',
        f"{{ __typename rateLimit {everything('RateLimit')} engines {everything('Engine', 2)} exploreTimeline(first: 2) {everything('TimelineConnection', 3)} }}",
        f'{{ viewer {{ __typename userSuggestions(prefix: "ada") {everything("User", 0)} }} }}',
        f"{{ viewer {{ __typename generationQuote(input: {{}}) {everything('GenerationQuote')} }} }}",
        f"{{ viewer {{ __typename credits {everything('Credits', 4)} }} }}",
        f'{{ __typename user(handle: "{ada.handle}") {everything("User", 3)} hashtag(name: "tag") {everything("Hashtag", 3)} }}',
        f'{{ __typename authorizationRequest(parameters: "client_id=x") {everything("AuthorizationRequest")} }}',
        f"{{ __typename trends {everything('Trends', 2)} site {everything('Site')} loginProvider {everything('LoginProvider')} }}",
        f'{{ __typename search(text: "#tag") {everything("Search", 3)} wrong: search(text: "is:no") {everything("Search", 1)} }}',
        f'{{ search(text: "{ada.handle}") {{ __typename people(first: 1) {everything("UserConnection", 2)} }} }}',
        '{ __typename preset(code: "none") { id } styleCode(code: "none") { id } }',
        f'{{ node(id: "{ids["board"]}") {{ __typename ... on Board {{ __typename hasPost(postId: "{ids["post"]}") }} }} }}',
        f'{{ node(id: "{ids["list"]}") {{ __typename ... on UserList {{ __typename hasMember(userId: "{ids["user"]}") }} }} }}',
        f'{{ viewer {{ __typename givenLabels(id: "{ids["post"]}") feedPreview(rules: {{ sources: [{{ hashtag: "" }}] }}) {everything("FeedPreview")} }} }}',
        f'{{ node(id: "{ids["job"]}") {{ __typename ... on GenerationJob {{ timeline {everything("GenerationJobTimelineConnection", 4)} }} }} }}',
        f'{{ node(id: "{await edited(ada, ids["image"])}") {{ __typename ... on Post {{ poll {everything("Poll", 2)} edits {everything("PostVersionConnection", 4)} }} }} }}',
        *(
            f'{{ node(id: "{ids[name]}") {{ __typename ... on Post {half} }} }}'
            for name in ("first", "remix", "orphan", "post", "making")
            for half in halves("Post", 3)
        ),
        f'{{ node(id: "{ids["middle"]}") {{ __typename ... on Image {{ lineage {everything("Lineage", 2)} }} }} }}',
        f'{{ node(id: "{ids["picture"]}") {{ __typename ... on Image {{ lineage {{ step {{ remixes(first: 2) {everything("LineageConnection", 2)} }} }} }} }} }}',
        *(
            f'{{ __typename node(id: "{ids[kind]}") {{ __typename ... on {name} {everything(name, 3)} }} nodes(ids: ["{ids[kind]}"]) {{ __typename id }} }}'
            for kind, name in (
                ("user", "User"),
                ("image", "Image"),
                ("job", "GenerationJob"),
                ("webhook", "Webhook"),
                ("delivery", "WebhookDelivery"),
                ("edit", "GenerationJob"),
                ("open", "GenerationJob"),
                ("thread", "GenerationThread"),
                ("prompt", "PastPrompt"),
                ("preset", "Preset"),
                ("style", "StyleCode"),
                ("draft", "Draft"),
                ("chat", "Chat"),
                ("group", "Chat"),
                ("message", "DirectMessage"),
                ("board", "Board"),
                ("list", "UserList"),
                ("feed", "CustomFeed"),
            )
        ),
    ):
        seen.note(await ada.ask(document))
    await every_payload(town, ada, bob, ids, seen)
    await every_event(ada, bob, ids, seen, running)
    wanted = {
        (kind.name, field)
        for kind in composites()
        if isinstance(kind, GraphQLObjectType) and kind not in (SCHEMA.mutation_type, SCHEMA.subscription_type)
        for field in kind.fields
    }
    assert wanted - seen.fields == {("LoginProvider", "name")}  # none is named here: tests/test_external_login.py


async def every_payload(town: Town, ada: Person, bob: Person, ids: dict[str, str], seen: Seen) -> None:
    """Run each mutation with every field of its payload asked for; those that do something are given something to do."""
    more = {**inputs(ids, ada.handle, await ada.write("To go")), **gathering_inputs(ids, bob)}
    for name in sorted(mutations(), key="logOut".__eq__):
        kind = OWN[name[0].upper() + name[1:] + "Input"]
        assert isinstance(kind, GraphQLInputObjectType)
        given = (
            more[name] if name in more else ({"postId": ids["root"]} if "postId" in kind.fields else {"userId": bob.id})
        )
        who = bob if name in ("blockUser", "unblockUser") else ada
        values = {"userId": ada.id} if who is bob else given
        if name == "logOut":
            who = await town.person("leaving")
        seen.note({"__typename": "Mutation", **await who.ask(with_query(name), input=values)})


async def every_event(ada: Person, bob: Person, ids: dict[str, str], seen: Seen, running: Serving) -> None:
    """Follow each feed until each of its types has come."""
    post = await bob.write("To go")
    carl = await ada.town.person("carl")
    number = node_id.number_of("job", ids["job"]) or 0

    async def publish() -> None:
        await bob.write("Hello #tag")

    async def publish_mine() -> None:
        await ada.write("Hello")

    async def answer() -> None:
        await bob.write("And more", replyToId=post)

    async def delete() -> None:
        await bob.do("DeletePost", postId=post)

    async def like() -> None:
        await ada.do("LikePost", postId=post)

    async def block() -> None:
        await ada.do("BlockUser", userId=carl.id)

    async def follow() -> None:
        await ada.follow(bob)

    async def ask_again() -> None:
        await ada.do(mutation("acceptRemixRequest"), requestId=ids["request"])

    async def open_progress() -> None:
        word = {"topic": topic.job(node_id.number_of("job", ids["open"]) or 0), "fraction": 0.5}
        await running.application.state.house.wire.publish(SIGNALS, orjson.dumps(word))

    async def progress() -> None:
        word = {"topic": topic.job(number), "owner": node_id.number_of("user", ada.id), "fraction": 0.5, "phase": "x"}
        await running.application.state.house.wire.publish(SIGNALS, orjson.dumps(word))

    for drafted, until in draft_acts(ada):
        await subscribed(ada, "draftsChanged", "DraftsEvent", 1, seen, drafted, until)
    for saved, until in saved_moves(ada):
        await subscribed(ada, "savedSearches", "SavedSearchesEvent", 1, seen, saved, until)
    await subscribed(ada, "homeTimeline", "HomeTimelineEvent", 2, seen, follow, "Reset")
    await subscribed(ada, "homeTimeline", "HomeTimelineEvent", 2, seen, publish, "PostPublished")
    await subscribed(ada, f'userTimeline(id: "{bob.id}")', "UserTimelineEvent", 2, seen, publish, "PostPublished")

    async def rename() -> None:
        await ada.do(mutation("updateBoard"), boardId=ids["board"], name="Other")

    board = f'boardChanged(id: "{ids["board"]}")'
    await subscribed(ada, board, "BoardEvent", 2, seen, rename, "BoardChanged")
    people = f'userListTimeline(id: "{ids["list"]}")'
    await subscribed(ada, people, "UserListTimelineEvent", 2, seen, publish_mine, "PostPublished")
    custom = f'customFeedTimeline(id: "{ids["feed"]}")'
    await subscribed(ada, custom, "CustomFeedTimelineEvent", 2, seen, publish_mine, "PostPublished")
    await subscribed(ada, 'hashtagTimeline(name: "tag")', "HashtagTimelineEvent", 2, seen, publish, "PostPublished")
    await subscribed(ada, 'searchTimeline(text: "#tag")', "SearchTimelineEvent", 2, seen, publish, "PostPublished")
    talk = f'conversation(id: "{post}")'
    await subscribed(ada, talk, "ConversationEvent", 2, seen, answer, "ReplyPublished")
    await subscribed(ada, f'postsChanged(ids: ["{post}"])', "PostsChangedEvent", 1, seen, like, "PostChanged")
    await subscribed(ada, f'postsChanged(ids: ["{post}"])', "PostsChangedEvent", 1, seen, delete, "PostRemoved")
    making = f'postsChanged(ids: ["{ids["making"]}"])'
    await subscribed(ada, making, "PostsChangedEvent", 1, seen, open_progress, "PostProgressed")
    await subscribed(ada, "exploreTimeline", "ExploreTimelineEvent", 2, seen, block, "AuthorRemoved")
    await subscribed(ada, "remixRequests", "RemixRequestsEvent", 2, seen, ask_again, "RemixRequestChanged")
    job = f'generationJob(id: "{ids["job"]}")'
    await subscribed(ada, job, "GenerationJobEvent", 2, seen, progress, "JobChanged")
    for follow_up in await chat_moves(ada, bob):
        await subscribed(ada, *follow_up[:3], seen, *follow_up[3:])
    await ada.do(mutation("setAccountPrivacy"), isPrivate=True)

    async def ask() -> None:
        await carl.follow(ada)

    async def think_again() -> None:
        await carl.do(mutation("unfollowUser"), userId=ada.id)

    await ada.do(mutation("unblockUser"), userId=carl.id)
    await subscribed(ada, "followRequests", "FollowRequestsEvent", 2, seen, ask, "FollowRequestReceived")
    await subscribed(ada, "followRequests", "FollowRequestsEvent", 2, seen, think_again, "FollowRequestEnded")

    gina, hal = await ada.town.person("gina"), await ada.town.person("hal")
    for act, until in happenings(gina, hal):
        await subscribed(gina, "notifications", "NotificationsEvent", 2, seen, act, until)
    async with ada.live(f"subscription {{ {job} {everything('GenerationJobEvent', 1)} }}") as feed:
        await feed.next(heartbeats=True)
        await progress()
        event = await feed.until("JobProgressed")
        seen.note(event)
        assert event["fraction"] == 0.5


async def test_every_core_operation_runs_as_it_stands(town: Town) -> None:
    """Each by its name, with the variables it declares, on the document as a whole."""
    ada, bob = await town.person("ada"), await town.person("bob")
    ids = await make_rows(town, ada, bob)
    upload = (await ada.do("CreateImageUpload", mimeType="image/png", byteSize=9))["upload"]["id"]
    given: dict[str, dict[str, Any]] = {
        "Viewer": {}, "Home": {}, "UserPage": {"handle": ada.handle}, "Conversation": {"id": ids["post"]}, "Explore": {}, "Hashtag": {"name": "tag"},
        "Engines": {}, "GenerationJob": {"id": ids["job"]}, "LogOut": {},
        "CreatePost": {"input": {"text": "x"}}, "DeletePost": {"input": {"postId": await ada.write("To go")}},
        "GenerateImages": {"input": {"prompt": "x"}}, "CancelGeneration": {"input": {"jobId": ids["job"]}},
        "CreateImageUpload": {"input": {"mimeType": "image/png", "byteSize": 5}},
        "CompleteImageUpload": {"input": {"uploadId": upload}},
        "SignUp": {"input": {"handle": f"twin_of_{ada.handle}", "email": f"2{ada.handle}@example.org", "password": "long enough"}},
        "LogIn": {"input": {"login": ada.handle, "password": "wrong"}},
    }  # fmt: skip
    operations = [
        node.name.value
        for node in parse(OPERATIONS).definitions
        if isinstance(node, OperationDefinitionNode) and node.name
    ]
    live: dict[str, dict[str, Any]] = {
        "HomeLive": {},
        "ExploreLive": {},
        "UserLive": {"id": ids["user"]},
        "HashtagLive": {"name": "tag"},
        "ConversationLive": {"id": ids["post"]},
        "PostsLive": {"ids": [ids["post"]]},
        "JobLive": {"id": ids["job"]},
    }
    refused = {"LogIn", "CompleteImageUpload"}
    for name in sorted(operations, key="LogOut".__eq__):
        if name in live:
            async with ada.live(name, **live[name]) as feed:
                assert feed.first["cursor"]
            continue
        target = {"postId": ids["root"]} if name.endswith("Post") else {"userId": bob.id}
        (answer,) = (await ada.ask(name, **given.get(name, {"input": target}))).values()
        assert answer, name
        if isinstance(answer, dict) and "userErrors" in answer:
            assert bool(answer["userErrors"]) is (name in refused), (name, answer)


def test_the_selection_asks_for_everything() -> None:
    """What the test of all fields rests on: nothing but fields with required arguments is left out."""
    for kind in composites():
        if isinstance(kind, GraphQLObjectType):
            text = everything(kind.name, 1)
            for label, field in kind.fields.items():
                needs = any(is_required_argument(argument) for argument in field.args.values()) or label == "query"
                assert bool(re.search(rf"\b{label}\b", text)) is not needs or needs
