"""Global ids: what goes in comes out, and everything else is no id at all."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.node_id import ALPHABET, KINDS, LARGEST, decode, encode, number_of
from tests.people import Town

NODES = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
NODE = "query($id: ID!) { node(id: $id) { id } }"
numbers = st.integers(1, LARGEST)
kinds = st.sampled_from(sorted(KINDS))


@given(kind=kinds, number=numbers)
def test_ids_come_back(kind: str, number: int) -> None:
    text = encode(kind, number)
    assert decode(text) == (kind, number)
    assert number_of(kind, text) == number
    assert number_of("nobody", text) is None
    assert text.isascii()
    assert not set(text) - set(ALPHABET + "_abcdefghijklmnopqrstuvwxyz")


@given(text=st.text() | st.from_regex(r"[a-z]{3,6}_[0-9a-z]{0,15}", fullmatch=True))
def test_every_thing_has_one_id(text: str) -> None:
    found = decode(text)
    assert found is None or encode(*found) == text


def test_what_is_no_id() -> None:
    for text in (
        "",
        "_",
        "post",
        "post_",
        "post_0",
        "post_01",
        "Post_1",
        "post_I",
        "post_1 ",
        "post_1\n",
        "post_\u0661",
    ):
        assert decode(text) is None, text
    assert decode(encode("post", LARGEST)) == ("post", LARGEST)
    assert decode("post_8000000000000") is None, "one more than fits"
    assert decode("post_" + "z" * 13) is None


async def test_garbage_foreign_and_hidden_ids_are_null(town: Town) -> None:
    ada, eve = await town.person("ada"), await town.person("eve")
    post, secret = await ada.write("Hello"), await ada.write("Secret", visibility="MENTIONED")
    gone = await ada.write("Gone")
    await ada.do("DeletePost", postId=gone)
    sessions = (await ada.ask("{ viewer { sessions(first: 1) { edges { node { id } } } } }"))["viewer"]["sessions"]
    session = sessions["edges"][0]["node"]["id"]
    asked = [
        post,
        "garbage",
        secret,
        ada.id,
        gone,
        session,
        encode("image", 5),
        encode("job", 5),
        encode("upload", 5),
        post,
        "",
    ]
    for reader, hidden, own in ((ada, secret, session), (eve, None, None), (town, None, None)):
        found = [node and node["id"] for node in (await reader.ask(NODES, ids=asked))["nodes"]]
        assert found == [post, None, hidden, ada.id, None, own, *[None] * 3, post, None]
        assert (await reader.ask(NODE, id=secret))["node"] == (hidden and {"id": hidden})


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(max_size=30) | st.builds(encode, kinds, numbers), max_size=20))
async def test_nothing_is_found_by_chance(town: Town, texts: list[str]) -> None:
    sound = [text.encode(errors="ignore").decode() for text in texts]
    answer = await town.ask(NODES, ids=sound)
    assert answer["nodes"] == [None] * len(sound)


async def test_a_hundred_at_once_and_no_more(town: Town) -> None:
    ada = await town.person("ada")
    assert len((await town.ask(NODES, ids=[ada.id] * 100))["nodes"]) == 100
    answer = await town.post(NODES, {"ids": [ada.id] * 101}, None, None)
    (error,) = answer["errors"]
    assert (error["extensions"]["code"], error["path"]) == ("BAD_USER_INPUT", ["nodes"])
