"""Webhooks as their owners see them, and nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from models import node_id
from models.database import fetch, fetch_value
from models.delivery_move import MOST_ASKED_A_MINUTE
from models.webhook import MOST_WEBHOOKS
from tests.people import Person, Town
from tests.selection import mutation

URL = "https://hooks.example.org/fresque"
CREATE, UPDATE, DELETE = mutation("createWebhook"), mutation("updateWebhook"), mutation("deleteWebhook")
ROTATE, TEST, AGAIN = mutation("rotateWebhookSecret"), mutation("testWebhook"), mutation("redeliverWebhook")
HOOKS = "{ viewer { webhooks { id url events isEnabled disabledReason disabledCode deliveries { edges { node { id state event body } } } } } }"
LOG = """query($id: ID!) { node(id: $id) { ... on WebhookDelivery { state tries nextTryAt sequence job { id }
    attempts(first: 1) { edges { node { id at status milliseconds answer failure } } pageInfo { hasNextPage } } } } }"""


async def hook_of(person: Person, **more: Any) -> dict[str, Any]:
    """A new webhook, with its secret."""
    return await person.do(CREATE, url=URL, **more)


async def hooks(person: Person) -> list[dict[str, Any]]:
    """Somebody's webhooks."""
    found: list[dict[str, Any]] = (await person.ask(HOOKS))["viewer"]["webhooks"]
    return found


async def test_made_changed_and_forgotten(town: Town) -> None:
    ada = await town.person("ada")
    made = await hook_of(ada)
    assert made["secret"].startswith("whsec_")
    (seen,) = await hooks(ada)
    assert (seen["id"], seen["url"], seen["isEnabled"]) == (made["webhook"]["id"], URL, True)
    assert len(seen["events"]) == 8
    assert "secret" not in str(seen)
    changed = await ada.do(UPDATE, webhookId=seen["id"], url=f"{URL}/2", events=["GENERATION_FAILED"], isEnabled=False)
    assert changed["webhook"]["events"] == ["GENERATION_FAILED"]
    assert changed["webhook"]["disabledReason"] == "Its owner turned it off."
    assert await ada.refusal(TEST, webhookId=seen["id"]) == ("CONFLICT", None)
    changed = await ada.do(UPDATE, webhookId=seen["id"], isEnabled=True)
    assert (changed["webhook"]["url"], changed["webhook"]["disabledReason"]) == (f"{URL}/2", None)
    assert (await ada.do(DELETE, webhookId=seen["id"]))["deletedWebhookId"] == seen["id"]
    assert await hooks(ada) == []
    assert await ada.refusal(DELETE, webhookId=seen["id"]) == ("NOT_FOUND", ["webhookId"])


async def test_the_secret_is_told_once_and_again_only_to_the_same_call(town: Town) -> None:
    ada = await town.person("ada")
    made = await hook_of(ada, idempotencyKey="one")
    assert (await hook_of(ada, idempotencyKey="one"))["secret"] == made["secret"]
    assert len(await hooks(ada)) == 1
    newer = await ada.do(ROTATE, webhookId=made["webhook"]["id"])
    assert newer["secret"] not in (None, made["secret"])
    assert (await hook_of(ada, idempotencyKey="one"))["secret"] is None, "it is no longer the one that counts"


async def test_other_people_s_hooks_are_not_there(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    hook = (await hook_of(ada))["webhook"]["id"]
    told = (await ada.do(TEST, webhookId=hook))["delivery"]["id"]
    assert await hooks(bob) == []
    assert (await town.ask(HOOKS))["viewer"] is None
    for who in (bob, town):
        for thing in (hook, told):
            assert (await who.ask("query($id: ID!) { node(id: $id) { id } }", id=thing))["node"] is None
    for deed in (UPDATE, DELETE, ROTATE, TEST):
        assert await bob.refusal(deed, webhookId=hook) == ("NOT_FOUND", ["webhookId"])
    assert await bob.refusal(AGAIN, deliveryId=told) == ("NOT_FOUND", ["deliveryId"])
    for deed, given in ((CREATE, {"url": URL}), (TEST, {"webhookId": hook}), (AGAIN, {"deliveryId": told})):
        (payload,) = (await town.ask(deed, input=given)).values()
        assert [error["code"] for error in payload["userErrors"]] == ["UNAUTHENTICATED"]
    assert len(await hooks(ada)) == 1


@pytest.mark.parametrize(
    "url",
    [
        "", "hooks.example.org", "http://hooks.example.org/", "ftp://hooks.example.org/", "https://", "https://localhost/",
        "https://localhost:8000/", "https://127.0.0.1/", "https://127.1/", "https://0x7f.1/", "https://0x7f000001/",
        "https://2130706433/", "https://[::1]/", "https://169.254.169.254/", "https://user@hooks.example.org/",
        "https://user:secret@hooks.example.org/", "https://hooks.example.org:8443/", "https://hooks.example.org:99999/",
        "https://hooks.example.org:x/", "https://hööks.example.org/", "https://hooks example.org/", "https://hooks.example.org/\n",
        "https://hooks.example.org\\@127.0.0.1/", "https://-hooks.example.org/", "https://hooks..example.org/",
        "https://hooks.example.org/" + "x" * 2_000, "javascript:alert(1)//a.b",
    ],
)  # fmt: skip
async def test_what_can_be_no_webhook(town: Town, url: str) -> None:
    ada = await town.person("ada")
    if url.endswith("\n"):
        assert (await ada.do(CREATE, url=url))["webhook"]["url"] == url.strip(), "blanks around it are no matter"
        return
    assert await ada.refusal(CREATE, url=url) == ("BAD_USER_INPUT", ["url"])
    hook = (await hook_of(ada))["webhook"]["id"]
    assert await ada.refusal(UPDATE, webhookId=hook, url=url) == ("BAD_USER_INPUT", ["url"])


async def test_bounds(town: Town) -> None:
    ada = await town.person("ada")
    assert await ada.refusal(CREATE, url=URL, events=["TEST"]) == ("BAD_USER_INPUT", ["events"])
    hook = (await hook_of(ada, events=["GENERATION_FAILED", "GENERATION_FAILED"]))["webhook"]
    assert hook["events"] == ["GENERATION_FAILED"]
    assert await ada.refusal(UPDATE, webhookId=hook["id"], events=[]) == ("BAD_USER_INPUT", ["events"])
    for _ in range(MOST_WEBHOOKS - 1):
        await hook_of(ada)
    assert await ada.refusal(CREATE, url=URL) == ("QUOTA_EXCEEDED", None)
    assert len(await hooks(ada)) == MOST_WEBHOOKS


async def test_a_test_is_a_message_and_may_be_sent_again(town: Town) -> None:
    ada = await town.person("ada")
    hook = (await hook_of(ada))["webhook"]["id"]
    told = (await ada.do(TEST, webhookId=hook))["delivery"]
    assert (told["event"], told["state"], told["tries"]) == ("TEST", "PENDING", 0)
    assert f'"webhookId":"{hook}"' in told["body"]
    number = node_id.number_of("delivery", told["id"])
    await fetch("UPDATE webhook_deliveries SET state = 'FAILED', next_try_at = NULL, tries = 10 WHERE id = $1", number)
    await fetch(
        "INSERT INTO webhook_attempts (delivery_id, status, milliseconds, answer) VALUES ($1, 500, 12, 'no'), ($1, 502, 13, 'no')",
        number,
    )
    again = (await ada.do(AGAIN, deliveryId=told["id"]))["delivery"]
    assert (again["id"], again["state"], again["tries"], again["body"]) == (told["id"], "PENDING", 0, told["body"])
    log = (await ada.ask(LOG, id=told["id"]))["node"]
    assert (log["sequence"], log["job"], log["attempts"]["pageInfo"]["hasNextPage"]) == (1, None, True)
    (edge,) = log["attempts"]["edges"]
    assert edge["node"]["status"] in (500, 502)
    assert (edge["node"]["answer"], edge["node"]["failure"]) == ("no", None)
    document = "query($id: ID!) { node(id: $id) { __typename id } }"
    found = (await ada.ask(document, id=edge["node"]["id"]))["node"]
    assert found == {"__typename": "WebhookAttempt", "id": edge["node"]["id"]}
    assert (await (await town.person("bob")).ask(document, id=edge["node"]["id"]))["node"] is None


async def test_no_more_than_some_by_hand_a_minute(town: Town) -> None:
    ada = await town.person("ada")
    hook = (await hook_of(ada))["webhook"]["id"]
    told = (await ada.do(TEST, webhookId=hook))["delivery"]["id"]
    for _ in range(MOST_ASKED_A_MINUTE - 1):
        await ada.do(TEST, webhookId=hook)
    for deed, given in ((TEST, {"webhookId": hook}), (AGAIN, {"deliveryId": told})):
        (error,) = (await ada.attempt(deed, **given))["userErrors"]
        assert (error["code"], error["retryAfter"]) == ("RATE_LIMITED", 60)
    await fetch("UPDATE webhook_deliveries SET asked_at = asked_at - interval '2 minutes'")
    await ada.do(AGAIN, deliveryId=told)
    counted = await fetch_value(
        "SELECT count(*) FROM webhook_deliveries WHERE webhook_id = $1", node_id.number_of("webhook", hook)
    )
    assert counted == MOST_ASKED_A_MINUTE


async def test_one_message_is_not_sent_again_and_again(town: Town) -> None:
    ada = await town.person("ada")
    hook = (await hook_of(ada))["webhook"]["id"]
    told = (await ada.do(TEST, webhookId=hook))["delivery"]["id"]
    number = node_id.number_of("delivery", told)
    for _ in range(MOST_ASKED_A_MINUTE):  # as a sender does
        await ada.do(AGAIN, deliveryId=told)
        await fetch("UPDATE webhook_deliveries SET state = 'DELIVERED', next_try_at = NULL WHERE id = $1", number)
        await fetch("INSERT INTO webhook_attempts (delivery_id, status, milliseconds) VALUES ($1, 200, 9)", number)
    assert (await ada.refusal(AGAIN, deliveryId=told))[0] == "RATE_LIMITED"
