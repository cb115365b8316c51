"""Notifications that are old are deleted, and not told anew."""

from __future__ import annotations

from models import notification_age
from models.database import fetch, fetch_value
from models.node_id import number_of
from tests.people import Town
from tests.selection import mutation
from tests.telling import caught_up, kinds, requests

DAYS = 180


async def test_what_is_older_than_it_is_kept_is_swept_and_not_told_again(town: Town) -> None:
    ada, bob, carl = [await town.person(name) for name in ("ada", "bob", "carl")]
    number = number_of("user", ada.id)
    post = await bob.write(f"@{ada.handle} long ago")
    await carl.write(f"@{ada.handle} psst", visibility="MENTIONED")
    await bob.follow(ada)
    await caught_up()
    long_ago = "now() - interval '181 days'"
    await fetch(
        f"UPDATE notification_groups SET opened_at = {long_ago} WHERE recipient_id = $1 AND kind = 'MENTION'", number
    )
    await fetch(f"UPDATE notification_items SET at = {long_ago} WHERE recipient_id = $1 AND kind = 'MENTION'", number)
    await fetch(f"UPDATE posts SET created_at = {long_ago} WHERE id = $1", number_of("post", post))
    assert not await notification_age.forget_old(0)
    assert len(await requests(ada)) == 1
    while await notification_age.forget_old(DAYS):
        pass
    assert await kinds(ada) == ["FOLLOW"]
    assert await requests(ada) == {}
    assert await fetch_value("SELECT count(*) FROM notification_items WHERE recipient_id = $1", number) == 1
    await bob.do(mutation("editPost"), postId=post, text=f"@{ada.handle} edited now")
    assert await kinds(ada) == ["FOLLOW"]
