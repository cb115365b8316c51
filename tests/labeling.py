"""Labelers, for tests: who they are, what they say, and what it comes to."""

from __future__ import annotations

import itertools
from typing import Any

from tests.people import Person, Town
from tests.selection import mutation

DECLARE, CLOSE, PUT, REMOVE = [
    mutation(name, 3) for name in ("declareLabeler", "closeLabeler", "putLabel", "removeLabel")
]
SUBSCRIBE, UNSUBSCRIBE, CHOOSE = [
    mutation(name, 3) for name in ("subscribeToLabeler", "unsubscribeFromLabeler", "chooseLabel")
]
LISTS_OF_LABELS = {
    "Labeler.labels", "LabelDefinition.wordings", "Post.viewerLabels", "User.viewerLabels", "Image.viewerLabels", "Viewer.labelers",
    "Viewer.givenLabels", "Viewing.hiddenLabels", "PutLabelPayload.identifiers", "RemoveLabelPayload.identifiers",
}  # fmt: skip
SAID = "viewerLabels { labeler { id } definition { identifier severity blur viewerChoice wordings { language name } } }"
POST = f"query($id: ID!) {{ node(id: $id) {{ ... on Post {{ id {SAID} author {{ {SAID} }} images {{ {SAID} }} }} }} }}"
PERSON = f"""query($id: ID!) {{ node(id: $id) {{ ... on User {{ {SAID} labeler {{ description viewerIsSubscribed user {{ id }}
    labels {{ identifier defaultChoice viewerChoice }} }} }} }} }}"""


def label(identifier: str, choice: str = "WARN", **more: Any) -> dict[str, Any]:
    """A label as it is given."""
    return {
        "identifier": identifier,
        "wordings": [{"language": "EN", "name": identifier.title(), "description": "Means it."}],
        "defaultChoice": choice,
        **more,
    }


async def labeler(town: Town, *labels: dict[str, Any]) -> Person:
    """Somebody new who puts these labels on things."""
    found = await town.person("labeler")
    await found.do(DECLARE, description="Says what it sees", labels=list(labels))
    return found


async def said(who: Person | Town, post: str) -> list[tuple[str, str]]:
    """The labels of a post itself, each with what comes of it."""
    node = (await who.ask(POST, id=post))["node"]
    return [(one["definition"]["identifier"], one["definition"]["viewerChoice"]) for one in node["viewerLabels"]]


async def labeler_of(who: Person | Town, person: Person) -> dict[str, Any] | None:
    """The labeler that a person is to somebody."""
    found: dict[str, Any] | None = (await who.ask(PERSON, id=person.id))["node"]["labeler"]
    return found


async def heard(town: Town, who: Person, post: str, image: str) -> str:
    """A labeler that somebody listens to, with labels on a post, on its author and on a picture; its account."""
    found = await labeler(town, label("x"), label("y"))
    for identifier, subject in itertools.product("xy", ({"postId": post}, {"userId": who.id}, {"imageId": image})):
        await found.do(PUT, **subject, identifier=identifier)
    await who.do(SUBSCRIBE, userId=found.id)
    return found.id


def labeler_inputs(post: str, user: str) -> dict[str, dict[str, Any]]:
    """What each mutation of labelers is given where every one is tried once, in their order."""
    return {
        "declareLabeler": {"description": "x", "labels": [label("x")]},
        "putLabel": {"postId": post, "identifier": "x"},
        "removeLabel": {"postId": post, "identifier": "x"},
        "closeLabeler": {},
        "subscribeToLabeler": {"userId": user},
        "chooseLabel": {"userId": user, "identifier": "x", "choice": "SHOW"},
        "unsubscribeFromLabeler": {"userId": user},
    }
