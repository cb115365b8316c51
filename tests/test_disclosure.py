"""What pictures owe to AI: known of what is made here, read from uploads, declared by owners; and how people want it shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from models import disclosure
from models.disclosure import AiKind
from provenance.credential import made_here
from provenance.seal import Sealer, SourceType, Story
from tests.gallery import painting
from tests.making import Brush
from tests.people import PATIENCE_SECONDS, Person, Town
from tests.selection import mutation

SAID = "aiDisclosure { kind basis }"
POST = f"query($id: ID!) {{ node(id: $id) {{ ... on Post {{ images {{ {SAID} }} }} }} }}"
IMAGE = f"query($id: ID!) {{ node(id: $id) {{ ... on Image {{ {SAID} }} }} }}"
FACE = f"query($id: ID!) {{ node(id: $id) {{ ... on User {{ avatar {{ {SAID} }} banner {{ {SAID} }} }} }} }}"
COMPLETE = f"""mutation($input: CompleteImageUploadInput!) {{ completeImageUpload(input: $input) {{ image {{ id {SAID} }}
    userErrors {{ code path }} }} }}"""
WISH = "{ viewer { viewing { aiPictures } } }"
PUBLISHED = f"subscription($id: ID!) {{ userTimeline(id: $id) {{ __typename cursor ... on PostPublished {{ edge {{ node {{ images {{ {SAID} }} }} }} }} }} }}"


def said(kind: str, basis: str) -> dict[str, str]:
    return {"kind": kind, "basis": basis}


async def uploaded(person: Person, data: bytes, **more: Any) -> dict[str, Any]:
    form = (await person.do("CreateImageUpload", mimeType="image/png", byteSize=len(data)))["upload"]
    fields = {field["name"]: field["value"] for field in form["fields"]}
    async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as browser:
        sent = await browser.post(form["url"], data=fields, files={"file": ("x.png", data, "image/png")})
        assert sent.is_success
    answer = await person.ask(COMPLETE, input={"uploadId": form["id"], **more})
    assert answer["completeImageUpload"]["userErrors"] == []
    image: dict[str, Any] = answer["completeImageUpload"]["image"]
    again = await person.ask(COMPLETE, input={"uploadId": form["id"], **more})
    assert again["completeImageUpload"]["image"] == image
    return image


async def shown(who: Person | Town, post: str) -> list[Any]:
    images: list[Any] = (await who.ask(POST, id=post))["node"]["images"]
    return [image["aiDisclosure"] for image in images]


async def test_what_is_made_here_says_so_to_everybody(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    brush = await Brush.new()
    image = await brush.paint(ada)
    edited = await brush.edit(ada, image)
    async with bob.live(PUBLISHED, id=ada.id) as feed:
        post = await ada.write("Look", images=[{"imageId": image}, {"imageId": edited, "madeWithAi": "GENERATED"}])
        event = await feed.until("PostPublished")
    expected = [said("GENERATED", "MADE_HERE"), said("EDITED", "MADE_HERE")]
    assert [one["aiDisclosure"] for one in event["edge"]["node"]["images"]] == expected
    for who in (ada, bob, town):
        assert await shown(who, post) == expected
    await ada.do(mutation("updateProfile"), avatarImageId=image, bannerImageId=edited)
    face = (await town.ask(FACE, id=ada.id))["node"]
    assert [face["avatar"]["aiDisclosure"], face["banner"]["aiDisclosure"]] == expected


async def test_what_an_upload_says_is_read_and_its_owner_adds_to_it(town: Town, tmp_path: Path) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    sealer = Sealer(made_here(tmp_path), "")
    photo = await uploaded(ada, painting(7100))
    assert photo["aiDisclosure"] is None
    story = Story("Image", "elsewhere", "one", SourceType.COMPOSITE_TRAINED)
    signed = await uploaded(ada, sealer.sealed(painting(7101), "image/png", story), madeWithAi="GENERATED")
    assert signed["aiDisclosure"] == said("EDITED", "READ")
    declared = await uploaded(ada, painting(7102), madeWithAi="EDITED")
    assert declared["aiDisclosure"] == said("EDITED", "DECLARED")
    post = await ada.write(
        "Three",
        images=[
            {"imageId": photo["id"]},
            {"imageId": signed["id"], "madeWithAi": None},
            {"imageId": declared["id"], "madeWithAi": "GENERATED"},
        ],
    )
    expected = [None, said("EDITED", "READ"), said("GENERATED", "DECLARED")]
    for who in (ada, bob, town):
        assert await shown(who, post) == expected
    refused = await bob.refusal("CreatePost", text="Mine", images=[{"imageId": photo["id"], "madeWithAi": "GENERATED"}])
    assert refused == ("NOT_FOUND", ["images", "0", "imageId"])
    assert (await ada.ask(IMAGE, id=photo["id"]))["node"]["aiDisclosure"] is None


async def test_what_is_declared_later_shows_in_homes(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    await bob.follow(ada)
    photo = await uploaded(ada, painting(7110))
    first = await ada.write("One", images=[{"imageId": photo["id"]}])
    home = f"{{ viewer {{ homeTimeline(first: 5) {{ edges {{ node {{ id version images {{ {SAID} }} }} }} }} }} }}"

    async def found() -> dict[str, Any]:
        edges = (await bob.ask(home))["viewer"]["homeTimeline"]["edges"]
        return {edge["node"]["id"]: edge["node"] for edge in edges}[first]  # type: ignore[no-any-return]

    for _ in range(3):  # it is kept by then
        before = await found()
    assert before["images"] == [{"aiDisclosure": None}]
    await ada.write("Two", images=[{"imageId": photo["id"], "madeWithAi": "GENERATED"}])
    after = await found()
    assert after["images"] == [{"aiDisclosure": said("GENERATED", "DECLARED")}]
    assert after["version"] > before["version"]


async def test_how_pictures_are_shown_is_each_persons_own(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    assert await ada.ask(WISH) == {"viewer": {"viewing": {"aiPictures": "SHOW"}}}
    for wish in ("HIDE", "BLUR"):
        answer = await ada.do(mutation("updateViewing", 2), aiPictures=wish)
        assert answer["viewer"]["viewing"]["aiPictures"] == wish
    await ada.do(mutation("updateViewing"))
    assert await ada.ask(WISH) == {"viewer": {"viewing": {"aiPictures": "BLUR"}}}
    assert await bob.ask(WISH) == {"viewer": {"viewing": {"aiPictures": "SHOW"}}}
    nobody = Person(town, "", "", None)
    assert await nobody.refusal(mutation("updateViewing"), aiPictures="HIDE") == ("UNAUTHENTICATED", None)


LISTS = """query($id: ID!, $tag: String!) { node(id: $id) { ... on User { posts(first: 9) { edges { node { id } } } } }
    viewer { homeTimeline(first: 3) { edges { node { id } } } } exploreTimeline(first: 3) { edges { node { id } } }
    hashtag(name: $tag) { posts(first: 3) { edges { node { id } } } } }"""
HOME = "subscription { homeTimeline { __typename cursor ... on PostPublished { edge { node { id } } } } }"


async def test_who_hides_such_pictures_has_full_lists_without_them(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    await bob.follow(ada)
    made = (await uploaded(ada, painting(7110), madeWithAi="GENERATED"))["id"]
    photo = (await uploaded(ada, painting(7111)))["id"]
    tag = f"t{ada.handle}"
    seen = [await ada.write(f"{n} #{tag}", images=[{"imageId": photo}] if n else []) for n in range(2)]
    seen.append(await ada.write(f"both #{tag}", images=[{"imageId": made}, {"imageId": photo}]))
    made_alone = [await ada.write(f"made #{tag}", images=[{"imageId": made}]) for _ in range(3)]
    own = await bob.write(
        "mine", images=[{"imageId": (await uploaded(bob, painting(7112), madeWithAi="EDITED"))["id"]}]
    )

    def ids(found: Any) -> list[str]:
        return [edge["node"]["id"] for edge in found["edges"]]

    async with bob.live(HOME) as feed:
        await bob.do(mutation("updateViewing", 2), aiPictures="HIDE")
        assert (await feed.until("Reset"))["__typename"] == "Reset"
        for _ in range(2):  # it is kept by then
            found = await bob.ask(LISTS, id=ada.id, tag=tag)
            assert ids(found["viewer"]["homeTimeline"]) == [own, seen[2], seen[1]]
        assert ids(found["hashtag"]["posts"]) == seen[::-1]
        assert ids(found["exploreTimeline"])[:3] == [own, seen[2], seen[1]]
        assert set(ids(found["node"]["posts"])) == {*seen, *made_alone}, "a page one goes to has them all"
        await ada.write("made, live", images=[{"imageId": made}])
        shown = await ada.write("a photo, live", images=[{"imageId": photo}])
        assert (await feed.until("PostPublished"))["edge"]["node"]["id"] == shown
        await bob.do(mutation("updateViewing", 2), aiPictures="LABEL")
        assert (await feed.until("Reset"))["__typename"] == "Reset"
    assert set(ids((await bob.ask(LISTS, id=ada.id, tag=tag))["hashtag"]["posts"])) == set(made_alone)


@pytest.mark.parametrize(
    ("before", "kind", "after"),
    [
        (None, None, None),
        (None, AiKind.EDITED, "DECLARED EDITED"),
        ("DECLARED EDITED", AiKind.GENERATED, "DECLARED GENERATED"),
        ("DECLARED GENERATED", AiKind.EDITED, "DECLARED GENERATED"),
        ("DECLARED GENERATED", None, "DECLARED GENERATED"),
        ("READ EDITED", AiKind.GENERATED, "READ EDITED"),
        ("MADE_HERE GENERATED", AiKind.EDITED, "MADE_HERE GENERATED"),
    ],
)
def test_a_declaration_adds_and_never_takes_away(before: str | None, kind: AiKind | None, after: str | None) -> None:
    assert disclosure.added(before, kind) == after


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ((), None),
        ((None,), None),
        (("digitalCapture", None), None),
        (("algorithmicMedia",), None),
        (("algorithmicallyEnhanced",), None),
        (("trainedAlgorithmicMedia",), "READ GENERATED"),
        (("compositeSynthetic",), "READ EDITED"),
        (("digitalCapture", "compositeWithTrainedAlgorithmicMedia"), "READ EDITED"),
    ],
)
def test_source_types_of_files(words: tuple[str | None, ...], found: str | None) -> None:
    assert disclosure.read(words) == found
