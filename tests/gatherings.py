"""What the mutations about boards, lists, feeds and views are given by tests that call every mutation there is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.feeds import EVERYBODY, PREVIEW, feed_inputs, wrong_rules
from tests.people import Person
from tests.selection import mutation

GATHERED = {
    "rules": PREVIEW.replace("$rules", "$v"),
    "userId": "query($v: ID!) { viewer { lists { edges { node { hasMember(userId: $v) } } } } }",
    "postId": "query($v: ID!) { viewer { boards { edges { node { hasPost(postId: $v) } } } } }",
    "count": "query($v: Int!) { viewer { followSuggestions(count: $v) { reason } } }",
}
"""Documents that give each of these arguments `$v`, by its name."""


def gathering_inputs(ids: Mapping[str, str], other: Person) -> dict[str, dict[str, Any]]:
    """An input for each by its name, of the rows that `tests.rows` makes."""
    board, people = {"boardId": ids["board"]}, {"userListId": ids["list"]}
    return {
        "createBoard": {"name": "x"},
        "updateBoard": board,
        "deleteBoard": {"boardId": "garbage"},
        "addToBoard": {**board, "postId": ids["root"]},
        "moveOnBoard": {**board, "postId": ids["post"]},
        "removeFromBoard": {**board, "postId": ids["root"]},
        "shareBoard": {**board, "userId": other.id},
        "unshareBoard": {**board, "userId": other.id},
        "createList": {"name": "x"},
        "updateList": people,
        "deleteList": {"userListId": "garbage"},
        "addToList": {**people, "userId": other.id},
        "removeFromList": {**people, "userId": other.id},
        "recordViews": {"postIds": [ids["root"]]},
        **feed_inputs(ids["feed"]),
    }


async def gathering_input(name: str, owner: Person, other: Person, post: str) -> dict[str, Any] | None:
    """The input of one of them, about a board, a list and a feed that are made for it; None for any other mutation."""
    if name not in gathering_inputs(dict.fromkeys(("board", "list", "root", "post", "feed"), "garbage"), other):
        return None
    board = (await owner.do(mutation("createBoard"), name="x"))["board"]["id"]
    people = (await owner.do(mutation("createList"), name="x"))["list"]["id"]
    feed = (await owner.do(mutation("createFeed"), name="x", rules=EVERYBODY))["feed"]["id"]
    ids = {"board": board, "list": people, "root": post, "post": post, "feed": feed}
    return gathering_inputs(ids, other)[name]


def wrongly_given(texts: list[Any], ids: list[Any], numbers: list[Any]) -> dict[str, list[Any]]:
    """What these arguments are given that may be wrong; others are ids."""
    return {"count": numbers, "rules": wrong_rules(texts, ids, numbers)}
