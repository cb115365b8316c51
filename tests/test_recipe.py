"""Who may know how a picture was made: every relation, every choice of the author, every way to ask, against a small oracle."""

from __future__ import annotations

import itertools
import os
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import orjson
import pytest

from tests.making import Brush
from tests.people import Feed, Person, Town
from tests.selection import mutation
from tests.test_wish import picture

PROMPTS = ("EVERYONE", "FOLLOWERS", "NOBODY")
AUDIENCES = ("PUBLIC", "FOLLOWERS")
RELATIONS = ("author", "follower", "stranger", "blocked", "signed out")
RECIPE = "recipe { prompt seed negativePrompt references { id } referenceCount }"
IMAGES = f"images {{ id {RECIPE} remixed madeWith {{ engine }} generation {{ prompt seed }} }}"
STEP = f"promptChange {{ change text }} image {{ id {RECIPE} }} post {{ {IMAGES} }}"
POST = f"query($id: ID!) {{ node(id: $id) {{ ... on Post {{ {IMAGES} remixes {{ edges {{ node {{ {IMAGES} }} }} }} }} }} }}"
QUOTE = f"query($id: ID!) {{ node(id: $id) {{ ... on Post {{ quotedPost {{ ... on Post {{ {IMAGES} }} }} }} }} }}"
IMAGE = f"query($id: ID!) {{ node(id: $id) {{ ... on Image {{ {RECIPE} generation {{ prompt }} }} }} }}"
LINE = f"""query($id: ID!) {{ node(id: $id) {{ ... on Image {{ lineage {{ ancestors {{ {STEP} }} step {{ {STEP}
  remixes {{ edges {{ node {{ {STEP} }} }} }} }} }} remixedFrom {{ ... on RemixSource {{ image {{ {RECIPE} }} post {{ {IMAGES} }} }} }} }} }} }}"""
TIMELINES = f"""query($handle: String!) {{ user(handle: $handle) {{ posts {{ edges {{ node {{ {IMAGES} }} }} }}
  media {{ edges {{ node {{ {IMAGES} }} }} }} }} exploreTimeline(first: 20) {{ edges {{ node {{ {IMAGES} }} }} }}
  hashtag(name: "lute") {{ posts {{ edges {{ node {{ {IMAGES} }} }} }} }}
  viewer {{ homeTimeline {{ edges {{ node {{ {IMAGES} }} }} }} promptSuggestions(begun: "quokka")
    promptHistory {{ edges {{ node {{ text }} }} }} generationJobs {{ edges {{ node {{ prompt seed }} }} }} }} }}"""
CHANGED = f"subscription($ids: [ID!]!) {{ postsChanged(ids: $ids) {{ __typename cursor ... on PostChanged {{ post {{ {IMAGES} }} }} }} }}"
PUBLISHED = f"subscription($id: ID!) {{ userTimeline(id: $id) {{ __typename cursor ... on PostPublished {{ edge {{ node {{ {IMAGES} }} }} }} }} }}"

Cast = dict[str, Person]
_secrets = itertools.count(os.getpid() * 1_000)


@dataclass(frozen=True, slots=True)
class Secret:
    """Words and a seed that nobody else uses, nor could guess."""

    words: str
    seed: str

    @classmethod
    def new(cls) -> Secret:
        """Another one."""
        number = next(_secrets)
        return cls(f"quokka{number} with a lute", f"91827364{number}")


def may_see(relation: str, audience: str) -> bool:
    """The oracle of who sees a post."""
    return relation == "author" or relation == "follower" or (relation != "blocked" and audience == "PUBLIC")


def may_know(relation: str, audience: str, prompts: str) -> bool:
    """The oracle of who knows how its picture was made."""
    if relation == "author":
        return True
    return may_see(relation, audience) and (
        prompts == "EVERYONE" or (prompts == "FOLLOWERS" and relation == "follower")
    )


async def cast(town: Town) -> Cast:
    found = {name.partition(" ")[0]: await town.person(name[:4]) for name in RELATIONS if name != "signed out"}
    found["signed out"] = Person(town, "", "", None)
    await found["follower"].follow(found["author"])
    await found["author"].do("BlockUser", userId=found["blocked"].id)
    return found


@pytest.fixture
async def brush(town: Town) -> Brush:
    return await Brush.new()


async def painted(brush: Brush, author: Person, known: Secret) -> str:
    """A picture made by secret words, with a private picture to learn from."""
    reference = await picture(author)
    await author.do(
        mutation("generateImages"), prompt=known.words, seed=known.seed, negativePrompt=f"no {known.words}", engine=brush.name,
        referenceIds=[reference],
    )  # fmt: skip
    return (await brush.made(await brush.claimed(), int(known.seed)))[0]


@pytest.mark.parametrize(("audience", "prompts"), list(itertools.product(AUDIENCES, PROMPTS)))
async def test_every_way_to_ask_tells_what_the_author_lets_it(
    town: Town, brush: Brush, audience: str, prompts: str
) -> None:
    people = await cast(town)
    author = people["author"]
    known = Secret.new()
    image = await painted(brush, author, known)
    given = {"visibility": audience, "promptVisibility": prompts, "remixPolicy": "EVERYONE"}
    knows = {name: may_know(name, audience, prompts) for name in RELATIONS}
    sees = {name: may_see(name, audience) for name in RELATIONS}
    async with AsyncExitStack() as stack:
        pages: dict[str, Feed] = {
            name: await stack.enter_async_context(people[name].live(PUBLISHED, id=author.id)) for name in RELATIONS
        }
        post = await author.write("Look #lute", images=[{"imageId": image}], **given)
        for name in RELATIONS:
            if sees[name]:
                check(await pages[name].until("PostPublished"), known, name, knows[name], "as it is published")
    friend = await town.person("friend")
    await friend.follow(author)
    remix = await brush.remix(friend, (post, image), "a lyre bird", promptVisibility="EVERYONE")
    quote = await author.write("Again", quotedPostId=post) if audience == "PUBLIC" else None

    async def changed(who: Person) -> Any:
        async with who.live(CHANGED, ids=[post]) as feed:
            await author.do("LikePost", postId=post)
            await author.do("UnlikePost", postId=post)
            return await feed.until("PostChanged")

    ways: dict[str, Callable[[Person], Awaitable[Any]]] = {
        "the post": lambda who: who.ask(POST, id=post),
        "the picture": lambda who: who.ask(IMAGE, id=image),
        "its line": lambda who: who.ask(LINE, id=image),
        "its remix's line": lambda who: who.ask(LINE, id=remix[1]),
        "timelines": lambda who: who.ask(TIMELINES, handle=author.handle),
    }
    if quote is not None:
        ways["a quote"] = lambda who: who.ask(QUOTE, id=quote)
    for name in RELATIONS:
        for way, ask in ways.items():
            check(await ask(people[name]), known, name, knows[name], way)
        if sees[name]:
            check(await changed(people[name]), known, name, knows[name], "as it changes")


def check(answer: Any, known: Secret, relation: str, knows: bool, way: str) -> None:
    """The words are told to who may know, and neither words nor seed are anywhere in what others are told."""
    told = orjson.dumps(answer).decode()
    if knows:
        assert known.words in told, (relation, way)
        assert known.seed in told, (relation, way)
    else:
        assert known.words.partition(" ")[0] not in told, (relation, way)
        assert known.seed not in told, (relation, way)


async def test_the_choice_may_be_changed_later(town: Town, brush: Brush) -> None:
    people = await cast(town)
    author, stranger = people["author"], people["stranger"]
    known = Secret.new()
    image = await painted(brush, author, known)
    post = await author.write("Look", images=[{"imageId": image}])
    check(await stranger.ask(POST, id=post), known, "stranger", False, "at first")
    async with stranger.live(CHANGED, ids=[post]) as feed:
        for prompts in ("EVERYONE", "FOLLOWERS", "EVERYONE", "NOBODY"):
            await author.do(mutation("updatePromptVisibility"), postId=post, visibility=prompts)
            check(await feed.until("PostChanged"), known, "stranger", prompts == "EVERYONE", prompts)
    refusal = await stranger.refusal(mutation("updatePromptVisibility"), postId=post, visibility="EVERYONE")
    assert refusal == ("FORBIDDEN", ["postId"])
    assert (await people["blocked"].refusal(mutation("updatePromptVisibility"), postId=post, visibility="NOBODY"))[
        0
    ] == "NOT_FOUND"


async def test_a_picture_in_two_posts_tells_by_each_what_that_lets(town: Town, brush: Brush) -> None:
    people = await cast(town)
    author, stranger, fan = people["author"], people["stranger"], people["follower"]
    known = Secret.new()
    image = await painted(brush, author, known)
    closed = await author.write("Closed", images=[{"imageId": image}])
    hidden = await author.write(
        "Open to few", images=[{"imageId": image}], visibility="FOLLOWERS", promptVisibility="EVERYONE"
    )
    check(await stranger.ask(POST, id=closed), known, "stranger", False, "through the closed post")
    check(await stranger.ask(IMAGE, id=image), known, "stranger", False, "by itself: the open post is not for them")
    check(await fan.ask(POST, id=closed), known, "follower", False, "through the closed post")
    check(await fan.ask(POST, id=hidden), known, "follower", True, "through the open post")
    check(await fan.ask(IMAGE, id=image), known, "follower", True, "by itself")
    await author.do("DeletePost", postId=hidden)
    check(await fan.ask(IMAGE, id=image), known, "follower", False, "once the open post is gone")


async def test_pictures_to_learn_from_stay_their_owner_s(town: Town, brush: Brush) -> None:
    people = await cast(town)
    author, stranger = people["author"], people["stranger"]
    shown, private = await picture(author), await picture(author)
    image = await brush.paint(author, "x", referenceIds=[shown, private])
    await author.write("The reference", images=[{"imageId": shown}])
    post = await author.write("Look", images=[{"imageId": image}], promptVisibility="EVERYONE")
    for who, seen in ((stranger, [shown]), (author, [shown, private])):
        recipe = (await who.ask(POST, id=post))["node"]["images"][0]["recipe"]
        assert ([one["id"] for one in recipe["references"]], recipe["referenceCount"]) == (seen, 2)


async def test_created_in_the_open_nobody_hears_the_words(town: Town, brush: Brush) -> None:
    people = await cast(town)
    author, stranger = people["author"], people["stranger"]
    document = """mutation($input: GenerateImagesInput!) { generateImages(input: $input) { job { post { id } }
      userErrors { code path } } }"""
    known = Secret.new()
    for prompts in PROMPTS:
        payload = await author.do(
            document,
            prompt=known.words,
            seed=known.seed,
            engine=brush.name,
            publish={"text": "Soon", "promptVisibility": prompts},
        )
        post = payload["job"]["post"]["id"]
        async with stranger.live(CHANGED, ids=[post]) as feed:
            work = await brush.claimed()
            await brush.made(work, int(known.seed))
            event = await feed.until("PostChanged")
            while not event["post"]["images"]:
                check(event, known, "stranger", False, "on its way")
                event = await feed.until("PostChanged")
            check(event, known, "stranger", prompts == "EVERYONE", "when it is there")


async def test_as_an_avatar_a_picture_tells_nothing(town: Town, brush: Brush) -> None:
    people = await cast(town)
    author, stranger = people["author"], people["stranger"]
    known = Secret.new()
    image = await painted(brush, author, known)
    await author.do(mutation("updateProfile"), avatarImageId=image, bannerImageId=image)
    document = f"query($handle: String!) {{ user(handle: $handle) {{ avatar {{ {RECIPE} }} banner {{ {RECIPE} }} }} }}"
    check(await stranger.ask(document, handle=author.handle), known, "stranger", False, "avatar")
    check(await stranger.ask(IMAGE, id=image), known, "stranger", False, "avatar by itself")


async def test_uploads_have_no_recipe(town: Town, brush: Brush) -> None:
    people = await cast(town)
    upload = await picture(people["author"])
    post = await people["author"].write("x", images=[{"imageId": upload}], promptVisibility="EVERYONE")
    (found,) = (await people["author"].ask(POST, id=post))["node"]["images"]
    assert (found["recipe"], found["madeWith"], found["remixed"]) == (None, None, False)
