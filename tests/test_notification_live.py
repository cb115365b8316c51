"""Notifications live: state and events are what a fresh fetch gives, on every device, after a break, with others hidden on the way."""

from __future__ import annotations

from typing import Any

from tests.people import Feed, Person, Town
from tests.selection import mutation
from tests.telling import ACCEPT, FILTERS, LIST, LIVE, READ, caught_up, page


class Screen:
    """A list of notifications as a client keeps it: a page, and every event put where it says."""

    def __init__(self, person: Person, shown: dict[str, Any], unread: int) -> None:
        self.person = person
        self.places = {edge["node"]["id"]: (edge["cursor"], edge["node"]) for edge in shown["edges"]}
        self.unread = unread
        self.cursor = shown["liveCursor"]

    async def take(self, feed: Feed) -> dict[str, Any]:
        """The next event, put in its place."""
        event = await feed.next()
        kind, self.cursor = event["__typename"], event["cursor"]
        self.unread = event.get("unreadNotificationCount", self.unread)
        if kind == "NotificationChanged":
            node = event["edge"]["node"]
            assert node["version"] >= self.places.get(node["id"], ("", {"version": 0}))[1]["version"]
            self.places[node["id"]] = (event["edge"]["cursor"], node)
        elif kind == "NotificationRemoved":
            self.places.pop(event["notificationId"], None)
        elif kind == "NotificationsRead":
            for _, node in self.places.values():
                node["isUnread"] = False
        return event

    async def settles(self, feed: Feed) -> None:
        """What comes until the screen shows what a fresh fetch does."""
        await caught_up()
        viewer = (await self.person.ask(LIST, first=100))["viewer"]
        wanted = [(edge["cursor"], edge["node"]) for edge in viewer["notifications"]["edges"]]
        while (self.shown(), self.unread) != (wanted, viewer["unreadNotificationCount"]):
            await self.take(feed)

    def shown(self) -> list[tuple[str, dict[str, Any]]]:
        """The list, newest first."""
        return sorted(self.places.values(), key=lambda one: (len(one[0]), one[0]), reverse=True)


async def screen_of(person: Person) -> Screen:
    shown = await page(person, first=100)
    return Screen(person, shown, (await person.ask(LIST))["viewer"]["unreadNotificationCount"])


async def test_state_and_events_are_what_a_fresh_fetch_gives(town: Town) -> None:
    ada, bob, carl = [await town.person(name) for name in ("ada", "bob", "carl")]
    post, other = await ada.write("One"), await ada.write("Two")
    await bob.do("LikePost", postId=post)
    screen = await screen_of(ada)
    async with ada.live(LIVE, after=screen.cursor) as feed:
        await carl.do("LikePost", postId=post)
        reply = await bob.write("Answering", replyToId=post)
        await screen.settles(feed)
        await bob.do("UnlikePost", postId=post)
        await carl.do("RepostPost", postId=other)
        await bob.do(mutation("editPost"), postId=reply, text="Answering better")
        await screen.settles(feed)
        await ada.do(READ, until=screen.shown()[0][0])
        await screen.settles(feed)
        assert screen.unread == 0
        await bob.do("DeletePost", postId=reply)
        await bob.follow(ada)
        await screen.settles(feed)
    await ada.do("DeletePost", postId=other)  # nobody listens
    await bob.do("LikePost", postId=post)
    await carl.write(f"@{ada.handle} you there?")
    await caught_up()
    async with ada.live(LIVE, after=screen.cursor) as feed:
        await screen.settles(feed)
        await ada.do("BlockUser", userId=carl.id)
        await screen.settles(feed)
        assert {actor["id"] for _, node in screen.shown() for actor in node["actors"]} == {bob.id}


async def test_what_a_person_hides_or_closes_leaves_open_screens(town: Town) -> None:
    ada, bob = [await town.person(name) for name in ("ada", "bob")]
    await bob.write(f"@{ada.handle} hello")
    screen = await screen_of(ada)
    async with ada.live(LIVE, after=screen.cursor) as feed:
        await bob.do(mutation("deactivateAccount"), password="correct horse battery staple")  # noqa: S106
        await screen.settles(feed)
        assert screen.shown() == []
        await ada.do(mutation("muteWord"), text="fish", scope="NOTIFICATIONS")
        assert (await feed.until("Reset"))["reason"] == "RULES_CHANGED"


async def test_other_devices_hear_what_was_read_and_who_waits(town: Town) -> None:
    ada, bob = [await town.person(name) for name in ("ada", "bob")]
    await ada.do(FILTERS, notFollowing="FILTER")
    async with ada.live(LIVE) as phone, ada.live(LIVE) as desk:
        await bob.write(f"@{ada.handle} let me in")
        await caught_up()
        assert (await phone.until("NotificationRequestsChanged"))["notificationRequestCount"] == 1
        await ada.do(ACCEPT, userId=bob.id)
        changed = await phone.until("NotificationChanged")
        assert changed["unreadNotificationCount"] == 1
        await ada.do(READ, until=changed["edge"]["cursor"])
        assert (await desk.until("NotificationsRead"))["unreadNotificationCount"] == 0


async def test_nobody_hears_what_others_are_told(town: Town) -> None:
    answer = await town.post(LIVE, {}, None, None)
    assert answer["errors"][0]["extensions"]["code"]
    ada, bob, carl = [await town.person(name) for name in ("ada", "bob", "carl")]
    async with bob.live(LIVE) as feed:
        await carl.follow(ada)
        await carl.follow(bob)
        await caught_up()
        event = await feed.next()
        assert event["edge"]["node"]["actors"] == [{"id": carl.id}]
        assert event["edge"]["node"]["kind"] == "FOLLOW"
