"""Facets that a client gives: kept where they are true, refused with a path where they lie; and mentions without surprise."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from errors import BadInput
from models.facet import FacetKind, breaks, clean
from models.phrasing import Given, said
from tests.people import Person, Town
from tests.talking import POST

LINK = "https://example.org/a"


def span(text: str, part: str) -> dict[str, int]:
    """The bytes of a part of a text."""
    start = text.encode().index(part.encode())
    return {"start": start, "end": start + len(part.encode())}


async def told(who: Person, post_id: str) -> list[tuple[str, str]]:
    """What each facet shows, and what it is."""
    post = (await who.ask(POST, id=post_id))["node"]
    raw = post["text"].encode()
    found = []
    for facet in post["facets"]:
        feature = facet["feature"]
        what = feature.get("url") or (feature.get("user") or {}).get("handle") or feature["hashtag"]["name"]
        found.append((raw[facet["start"] : facet["end"]].decode(), what))
    return found


async def test_what_a_client_says_is_kept(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    text = f"  👩‍👩‍👧 my friend Bob, cafe\u0301 and #chats — see here, @{bob.handle} \r\n"
    facets = [
        {**span(text, "see here"), "feature": {"link": LINK}},
        {**span(text, "Bob"), "feature": {"mention": bob.id}},
        {**span(text, "#chats"), "feature": {"hashtag": "Chats"}},
        {**span(text, "👩‍👩‍👧"), "feature": {"link": "https://family.example/"}},
    ]
    post = await ada.write(text, facets=facets)
    assert await told(bob, post) == [
        ("👩‍👩‍👧", "https://family.example/"),
        ("Bob", bob.handle),
        ("#chats", "Chats"),
        ("see here", LINK),
    ]
    tagged = await ada.ask('{ hashtag(name: "chats") { posts(first: 5) { edges { node { id } } } } }')
    assert post in [edge["node"]["id"] for edge in tagged["hashtag"]["posts"]["edges"]]
    plain = await ada.write(f"@{bob.handle} #tag {LINK}", facets=[])
    assert await told(bob, plain) == [], "whoever says facets says all of them"
    found = await ada.write(f"@{bob.handle} #tag {LINK}", facets=None)
    assert len(await told(bob, found)) == 3


@pytest.mark.parametrize(
    ("text", "facets", "path"),
    [
        ("abc", [(0, 4, {"link": LINK})], "0.end"),
        ("abc", [(-1, 2, {"link": LINK})], "0.start"),
        ("abc", [(2, 2, {"link": LINK})], "0.end"),
        ("abc", [(2, 1, {"link": LINK})], "0.end"),
        ("aéb", [(0, 2, {"link": LINK})], "0.end"),
        ("👩‍👩‍👧", [(0, 4, {"link": LINK})], "0.end"),
        ("🇫🇷", [(4, 8, {"link": LINK})], "0.start"),
        ("abcdef", [(3, 6, {"link": LINK}), (0, 4, {"hashtag": "abcd"})], "0.start"),
        ("e\u0301", [(0, 1, {"link": LINK})], "0.end"),
        ("abc", [(0, 3, {"link": "javascript:alert(1)"})], "0.feature.link"),
        ("abc", [(0, 3, {"link": "https://bank.example@evil.example/"})], "0.feature.link"),
        ("abc", [(0, 3, {"link": "https://example.org/" + "x" * 2_000})], "0.feature.link"),
        ("abc", [(0, 3, {"hashtag": "abd"})], "0.feature.hashtag"),
        ("abc", [(0, 3, {"hashtag": "a b"})], "0.feature.hashtag"),
        ("abc", [(0, 3, {"mention": "user_zzzz"})], "0.feature.mention"),
        ("@nobody", [(0, 7, {"link": LINK})], "0.feature.link"),
        ("bank.example", [(0, 12, {"link": LINK})], "0.feature.link"),
        ("https://bank.example/a", [(0, 22, {"link": LINK})], "0.feature.link"),
        ("see bank.example now", [(0, 20, {"link": LINK})], "0.feature.link"),
        ("ｂａｎｋ．example", [(0, 22, {"link": LINK})], "0.feature.link"),
        ("www.bank.example", [(0, 16, {"link": LINK})], "0.feature.link"),
        ("docs.example.org", [(0, 16, {"link": LINK})], "0.feature.link"),
    ],
)
async def test_what_lies_is_refused(town: Town, text: str, facets: list[Any], path: str) -> None:
    ada = await town.person("ada")
    given = [{"start": start, "end": end, "feature": feature} for start, end, feature in facets]
    code, where = await ada.refusal("CreatePost", text=text, facets=given)
    assert code == ("NOT_FOUND" if path.endswith("mention") else "BAD_USER_INPUT")
    assert where == ["facets", *path.split(".")]


async def test_a_link_may_show_less_of_where_it_leads(town: Town) -> None:
    ada = await town.person("ada")
    for shown in ("example.org", "https://example.org/…", "www.Example.org", "read it here"):
        await ada.write(shown, facets=[{**span(shown, shown), "feature": {"link": "https://docs.example.org/a"}}])


async def test_a_mention_shows_the_handle_of_nobody_else(town: Town) -> None:
    ada, bob, eve = [await town.person(name) for name in ("ada", "bob", "eve")]
    text = f"@{bob.handle}"
    given = [{**span(text, text), "feature": {"mention": eve.id}}]
    assert await ada.refusal("CreatePost", text=text, facets=given) == (
        "BAD_USER_INPUT",
        ["facets", "0", "feature", "mention"],
    )
    await eve.do("BlockUser", userId=ada.id)
    given = [{**span(text, text), "feature": {"mention": eve.id}}]
    assert (await ada.refusal("CreatePost", text=text, facets=given))[0] == "NOT_FOUND", "who blocks is not there"


async def test_at_most_a_hundred(town: Town) -> None:
    ada = await town.person("ada")
    text = "ab" * 101
    given = [{"start": 2 * place, "end": 2 * place + 1, "feature": {"link": LINK}} for place in range(101)]
    assert await ada.refusal("CreatePost", text=text, facets=given) == ("BAD_USER_INPUT", ["facets"])
    await ada.write(text, facets=given[:100])


async def test_nobody_is_mentioned_by_surprise(town: Town) -> None:
    ada, bob, eve = [await town.person(name) for name in ("ada", "bob", "eve")]
    text = f"@{bob.handle} said that @{eve.handle} is wrong, @{ada.handle} too"
    refused = await ada.attempt("CreatePost", text=text, allowedMentionIds=[bob.id])
    (error,) = refused["userErrors"]
    assert (error["code"], error["path"]) == ("BAD_USER_INPUT", ["allowedMentionIds"])
    assert eve.handle in error["message"]
    assert bob.handle not in error["message"]
    assert await ada.refusal("CreatePost", text=text, allowedMentionIds=[]) == ("BAD_USER_INPUT", ["allowedMentionIds"])
    post = await ada.write(text, allowedMentionIds=[bob.id, eve.id])
    answer = await eve.write("No", replyToId=post, allowedMentionIds=[])  # whoever is answered is no surprise
    assert (await ada.ask(POST, id=answer))["node"]["text"] == "No"
    many = [bob.id] * 101
    assert (await ada.refusal("CreatePost", text="x", allowedMentionIds=many))[1] == ["allowedMentionIds"]


PIECES = st.sampled_from(
    [
        "a",
        " ",
        "é",
        "e\u0301",
        "👩\u200d👩\u200d👧",
        "🇫🇷",
        "中",
        "ש",
        "\u2067",
        "\u2069",
        "\r\n",
        "\u200b",
        "नि",
        "\n",
        "\u0301",
    ]
)


@settings(max_examples=200, deadline=None)
@given(pieces=st.lists(PIECES, max_size=14), cuts=st.tuples(st.integers(0, 60), st.integers(0, 60)))
async def test_whatever_is_taken_lies_between_characters_of_the_kept_text(
    pieces: list[str], cuts: tuple[int, int]
) -> None:
    raw = "".join(pieces)
    text = clean(raw)
    try:
        (facet,) = await said(1, raw, text, [Given(*cuts, link=LINK)])
    except BadInput:
        return
    assert facet.kind is FacetKind.LINK
    ends = {len(text[:place].encode()) for place in breaks(text)}
    assert facet.start < facet.end
    assert {facet.start, facet.end} <= ends
    shown = text.encode()[facet.start : facet.end].decode()
    meant = raw.encode()[cuts[0] : cuts[1]].decode()
    assert shown.strip() == clean(meant) or not clean(meant), "the same is shown as was meant"
